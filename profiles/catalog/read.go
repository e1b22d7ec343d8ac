package catalog

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one fault in a data file. Line is 0 where the whole file is meant.
type Problem struct {
	File    string
	Line    int
	Message string
}

func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// Problems is everything that is wrong with a set of files, in the order of file and line.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns p, sorted, or nil when nothing is wrong.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return slices.CompactFunc(p, func(a, b Problem) bool { return a == b })
}

// DecodeStrict decodes YAML into a value and refuses what the value has no place for. It
// returns every problem with its line; file is only named in them.
func DecodeStrict(file string, data []byte, into any) Problems {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	err := d.Decode(into)
	var types *yaml.TypeError
	switch {
	case err == nil:
		var second yaml.Node
		if errors.Is(d.Decode(&second), io.EOF) {
			return nil
		}
		return Problems{{file, max(second.Line, 1), "a second document begins here; a file holds one"}}
	case errors.Is(err, io.EOF):
		return Problems{{File: file, Message: "the file is empty"}}
	case errors.As(err, &types):
		var ps Problems
		for _, text := range types.Errors {
			ps = append(ps, located(file, text))
		}
		return ps
	}
	return Problems{located(file, strings.TrimPrefix(err.Error(), "yaml: "))}
}

var (
	atLine       = regexp.MustCompile(`^line (\d+): (.*)$`)
	unknownField = regexp.MustCompile(`^field (.+) not found in type .*$`)
	wrongType    = regexp.MustCompile("^cannot unmarshal !!(\\w+)(?: `(.*)`)? into (.*)$")
	duplicateKey = regexp.MustCompile(`^mapping key "(.*)" already defined at line (\d+)$`)
)

// located turns an error of the YAML library into words for people.
func located(file, text string) Problem {
	p := Problem{File: file, Message: text}
	if m := atLine.FindStringSubmatch(text); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		p.Message = m[2]
	}
	if m := unknownField.FindStringSubmatch(p.Message); m != nil {
		p.Message = fmt.Sprintf("unknown key %q", m[1])
	}
	if m := wrongType.FindStringSubmatch(p.Message); m != nil {
		p.Message = fmt.Sprintf("%s is expected here, not %s", expected(m[3]), found(m[1], m[2]))
	}
	if m := duplicateKey.FindStringSubmatch(p.Message); m != nil {
		p.Message = fmt.Sprintf("%q stands here a second time; line %s has it already", m[1], m[2])
	}
	return p
}

func expected(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "int":
		return "a whole number"
	case goType == "bool":
		return "true or false"
	case slices.Contains([]string{"string", "catalog.Kind", "catalog.Severity"}, goType):
		return "a text"
	}
	return "a mapping"
}

func found(tag, text string) string {
	switch {
	case tag == "seq":
		return "a list"
	case tag == "map":
		return "a mapping"
	}
	return strconv.Quote(text)
}

// place is where something is written.
type place struct {
	file string
	line int
	node *yaml.Node
}

// reader reads the files of a catalogue and collects what is wrong with them.
type reader struct {
	texts    []text
	lines    map[string]place // by ID: where it is defined; made when somebody asks
	problems Problems
}

// A text is a file that was read.
type text struct {
	file string
	data []byte
	bad  Problems
}

// decode reads a file into a value.
func decode(fsys fs.FS, name string, into any) text {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return text{name, nil, Problems{{File: name, Message: err.Error()}}}
	}
	return text{name, data, DecodeStrict(name, data, into)}
}

func (r *reader) add(t text) {
	r.texts = append(r.texts, t)
	r.problems = append(r.problems, t.bad...)
}

// index remembers the line of everything that has an ID, and of the keys of the top level.
func (r *reader) index(file string, n *yaml.Node) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "id" {
			id := n.Content[i+1].Value
			if _, again := r.lines[id]; !again {
				r.lines[id] = place{file, n.Content[i+1].Line, n}
			}
		}
	}
	for _, child := range n.Content {
		r.index(file, child)
	}
}

// at returns the place of what has the ID, or of the keys below it.
func (r *reader) at(id string, keys ...string) place {
	if r.lines == nil {
		r.lines = map[string]place{}
		for _, t := range r.texts {
			var doc yaml.Node
			if yaml.Unmarshal(t.data, &doc) == nil {
				r.index(t.file, &doc)
			}
		}
	}
	p := r.lines[id]
	n := p.node
	for _, key := range keys {
		line, value := child(n, key)
		if value == nil {
			break
		}
		p.line, n = line, value
	}
	return p
}

// child returns the line of a key and the value under it.
func child(n *yaml.Node, key string) (int, *yaml.Node) {
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i].Line, n.Content[i+1]
		}
	}
	return 0, nil
}

func (r *reader) bad(at place, format string, args ...any) {
	r.problems = append(r.problems, Problem{at.file, at.line, fmt.Sprintf(format, args...)})
}

func (r *reader) err() error { return r.problems.Err() }
