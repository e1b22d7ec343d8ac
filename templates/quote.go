package templates

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ps renders v as one PowerShell expression, in ASCII: nil, a bool, an int, a string, a list of
// strings. What is not ASCII is written by its number, for PowerShell takes curly quotes for
// quotes and Windows PowerShell reads a file in the code page of the machine. A character that
// a script cannot carry is an error.
func ps(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "$null", nil
	case bool:
		return fmt.Sprintf("$%t", v), nil
	case int:
		return strconv.Itoa(v), nil
	case string:
		return psString(v)
	case []string:
		return ps(anys(v))
	case []any:
		out := make([]string, len(v))
		for i, e := range v {
			if _, nested := e.([]any); nested { // PowerShell would flatten it
				return "", errors.New("no PowerShell expression for a list in a list")
			}
			var err error
			if out[i], err = ps(e); err != nil {
				return "", err
			}
		}
		return "@(" + strings.Join(out, ", ") + ")", nil
	}
	return "", fmt.Errorf("no PowerShell expression for a %T", v)
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

func psString(s string) (string, error) {
	bare := s != "--%" // even quoted, it ends the parsing of a command line
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f || r > 0xffff || r == 0xfffd:
			return "", fmt.Errorf("%q has a character that a script cannot carry", s)
		case r == '\'':
			b.WriteString("''")
		case r > 0x7e:
			fmt.Fprintf(&b, "' + [char] 0x%04X + '", r)
			bare = false
		default:
			b.WriteRune(r)
		}
	}
	if bare {
		return "'" + b.String() + "'", nil
	}
	return "('" + b.String() + "')", nil
}

// width is the longest line that a reviewer reads without scrolling.
const width = 110

// psWrapped is ps for a value in a block that is indented: a long list stands one member a
// line, a long text is put together from pieces.
func psWrapped(indent int, v any) (string, error) {
	line, err := ps(v)
	if err != nil || indent+len(line) < width-20 {
		return line, err
	}
	if list, ok := v.([]string); ok {
		v = anys(list)
	}
	margin := "\n" + strings.Repeat(" ", indent+4)
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			if parts[i], err = ps(e); err != nil {
				return "", err
			}
		}
		return "@(" + margin + strings.Join(parts, margin) + "\n" + strings.Repeat(" ", indent) + ")", nil
	case string:
		var parts []string
		for _, piece := range pieces80(v) {
			p, err := ps(piece)
			if err != nil {
				return "", err
			}
			parts = append(parts, p)
		}
		return "@(" + margin + strings.Join(parts, margin) + "\n" + strings.Repeat(" ", indent) + ") -join ''", nil
	}
	return line, nil
}

// pieces80 cuts a text behind blanks into pieces of some 80 characters.
func pieces80(s string) []string {
	var out []string
	for len(s) > 80 {
		cut := strings.LastIndexByte(s[:80], ' ') + 1
		if cut == 0 {
			break
		}
		out, s = append(out, s[:cut]), s[cut:]
	}
	return append(out, s)
}

var psWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

// psName passes the name of a property or a parameter, and nothing else.
func psName(s string) (string, error) {
	if !psWord.MatchString(s) {
		return "", fmt.Errorf("%q is not the name of a property", s)
	}
	return s, nil
}

// psComment makes a text fit for a comment: ASCII, one line, and never its end.
func psComment(v any) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("\u2018\u2019\u201a\u201b", r):
			return '\''
		case r < ' ' || r > 0x7e || r == '#':
			return '?'
		}
		return r
	}, fmt.Sprint(v))
}

var mdEscape = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "#", `\#`,
	"~", `\~`, "\n", " ", "\r", " ",
)

// md makes a text fit for a line or a cell of Markdown.
func md(v any) string { return mdEscape.Replace(fmt.Sprint(v)) }
