package templates

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
)

// hostile are texts that a script can carry and that break out of a careless literal.
var hostile = []string{
	"", " ", "plain", "it's", "'", "''", "'''", "\u2018", "\u2019s", "\u201a\u201b", "\u201c\u201d\u201e", `"`, `""`, "`", "`n", "`'", "``",
	"$x", "$(1)", "${env:PATH}", "$($(exit 9))", "@{}", "@(1)", "@'", "'@", "#", "#>", "<#", "# '", ";exit 9", "| exit 9", "&exit 9", "a,b", "(1)", "{1}", "{0}",
	"--%", "--% x", "-Text", "-", "--", "\u2013Text", "\u2014", "\u2015", "%PATH%", `\`, `a\`, `\'`, "1", "0x10", "$true", "$null", "true",
	"Caf\u00e9", "M\u0101ori", "\u00a0", "\u00ad", "\u0085", "\u200b", "\u202e", "\u2028", "\u2029", "\ufeff", "\uffff", "\u65e5\u672c",
	"' + [char] 0x41 + '", "[char] 0x41",
	strings.Repeat("x", 300), strings.Repeat("'", 300), strings.Repeat("\u2019", 300),
	strings.Repeat("word's ", 86), // 600 characters in pieces
	strings.Repeat("Caf\u00e9 \u2019 $(1) ` #> ", 40),
	strings.Repeat("\u00e9", 79) + " " + strings.Repeat("'", 79) + " --%",
	strings.Repeat("--% ", 60) + "--%",
	strings.Repeat("z", 600),
}

// runScript runs a script as it would stand in a pack, and returns the lines that it prints.
func runScript(t *testing.T, e pwsh.Engine, script string) []string {
	t.Helper()
	for i, r := range script {
		if r > '~' || r < ' ' && r != '\n' {
			t.Fatalf("the script is not ASCII: %q", script[max(0, i-40):i+1])
		}
	}
	file := filepath.Join(t.TempDir(), "script.ps1")
	if err := os.WriteFile(file, lineEnds(file, []byte(script)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := e.Run(ctx, pwsh.Call{Args: []string{"-File", file}})
	if err != nil || r.ExitCode != 0 || r.Stderr != "" {
		t.Fatalf("exit %d, %v\n%s\n%s", r.ExitCode, err, r.Stderr, r.Stdout)
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(r.Stdout, "\r\n", "\n"), "\n"), "\n")
}

// numbers writes a text by the numbers of its characters, as the scripts below do.
func numbers(s string) string {
	var out []string
	for _, r := range s {
		out = append(out, strconv.Itoa(int(r)))
	}
	return "<" + strings.Join(out, ",") + ">"
}

func must(t *testing.T) func(string, error) string {
	return func(s string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// What goes into a literal comes out of it, character by character, wherever it stands.
func TestPowerShellReadsWhatWasWritten(t *testing.T) {
	e := pwshtest.Engine(t)
	var values []any
	for _, s := range hostile {
		values = append(values, s)
	}
	places := []struct {
		name  string
		write func(b *strings.Builder)
	}{
		{"list", func(b *strings.Builder) {
			fmt.Fprintf(b, "foreach ($text in %s) { Show-Text $text }\n", must(t)(ps(values)))
		}},
		{"list of texts", func(b *strings.Builder) {
			fmt.Fprintf(b, "foreach ($text in %s) { Show-Text $text }\n", must(t)(ps(hostile)))
		}},
		{"wrapped list", func(b *strings.Builder) {
			fmt.Fprintf(b, "$map = @{\n    V = %s\n}\nforeach ($text in $map.V) { Show-Text $text }\n", must(t)(psWrapped(4, values)))
		}},
		{"table", func(b *strings.Builder) {
			b.WriteString("$map = @{\n")
			for i, s := range hostile {
				fmt.Fprintf(b, "    V%d = %s\n", i, must(t)(ps(s)))
			}
			fmt.Fprintf(b, "}\nforeach ($i in 0..%d) { Show-Text $map[('V{0}' -f $i)] }\n", len(hostile)-1)
		}},
		{"wrapped in a table", func(b *strings.Builder) {
			b.WriteString("$map = @{\n")
			for i, s := range hostile {
				fmt.Fprintf(b, "        V%d = %s\n", i, must(t)(psWrapped(8, s)))
			}
			fmt.Fprintf(b, "}\nforeach ($i in 0..%d) { Show-Text $map[('V{0}' -f $i)] }\n", len(hostile)-1)
		}},
		{"argument", func(b *strings.Builder) {
			for _, s := range hostile {
				fmt.Fprintf(b, "Show-Text %s\n", must(t)(ps(s)))
			}
		}},
		{"named argument, with another behind it", func(b *strings.Builder) {
			for _, s := range hostile {
				fmt.Fprintf(b, "Show-Text -Text %s -Again:$false\n", must(t)(ps(s)))
			}
		}},
	}
	var b strings.Builder
	b.WriteString(showText)
	for _, place := range places {
		place.write(&b)
	}
	got := runScript(t, e, b.String())
	if len(got) != len(hostile)*len(places) {
		t.Fatalf("%d texts came back, not %d times %d", len(got), len(places), len(hostile))
	}
	for i, place := range places {
		for j, s := range hostile {
			if back := got[i*len(hostile)+j]; back != numbers(s) {
				t.Errorf("%s: %q came back as %s", place.name, s, back)
			}
		}
	}
}

const showText = `Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
function Show-Text {
    param ([Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Text, [switch] $Again)
    if ($Again) { throw 'the next argument was swallowed' }
    '<' + [string]::Join(',', @($Text.ToCharArray() | ForEach-Object { [string] [int] $_ })) + '>'
}
`

// A comment stays one, in a line and in a block.
func TestPowerShellComments(t *testing.T) {
	e := pwshtest.Engine(t)
	var b strings.Builder
	for _, s := range append([]string{"x\n'broken out'", "x\r'broken out'", "x\u2028'broken out'", "#> 'broken out' <#", "\x00\x1b[31m", "\U0001f600"}, hostile...) {
		fmt.Fprintf(&b, "# %s\n<# %s #>\n<#\n%s\n#>\n", psComment(s), psComment(s), psComment(s))
	}
	b.WriteString("'the end'\n")
	if got := runScript(t, e, b.String()); len(got) != 1 || got[0] != "the end" {
		t.Errorf("the comments did something: %q", got)
	}
}

func TestPowerShellTypes(t *testing.T) {
	e := pwshtest.Engine(t)
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"nothing", nil, "null"},
		{"yes", true, "Boolean True"},
		{"no", false, "Boolean False"},
		{"number", -42, "Int32 -42"},
		{"number as a text", "42", "String 42"},
		{"empty list", []any{}, "Object[] 0:"},
		{"list of one", []string{"a"}, "Object[] 1: String a"},
		{"list of several types", []any{"a", 1, true, nil}, "Object[] 4: String a Int32 1 Boolean True null"},
	}
	var script strings.Builder
	script.WriteString(`function Show-Value {
    param ($Value)
    if ($null -eq $Value) { return 'null' }
    if ($Value -isnot [array]) { return '{0} {1}' -f $Value.GetType().Name, $Value }
    $all = foreach ($member in $Value) { Show-Value -Value $member }
    return (('Object[] {0}: {1}' -f $Value.Count, (@($all) -join ' ')).Trim())
}
`)
	for _, tt := range tests {
		fmt.Fprintf(&script, "$map = @{ V = %s }\nShow-Value -Value $map.V\n", must(t)(ps(tt.in)))
	}
	got := runScript(t, e, script.String())
	for i, tt := range tests {
		if i >= len(got) || got[i] != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got[min(i, len(got)-1)], tt.want)
		}
	}
}

// What a script cannot carry is refused, wherever it stands in a value.
func TestPowerShellRefuses(t *testing.T) {
	refused := []string{"\U0001f600", "\U0010ffff", "\x7f", "\xff", "\xed\xa0\x80", "\ufffd"}
	for r := range rune(' ') {
		refused = append(refused, string(r))
	}
	long := strings.Repeat("word ", 60)
	for _, s := range refused {
		for name, v := range map[string]any{"alone": s, "inside": "a" + s + "b", "in a list": []any{"a", s}, "in a list of texts": []string{s}, "in a long text": long + s} {
			if got, err := ps(v); err == nil {
				t.Errorf("%s: %q was taken, as %s", name, s, got)
			}
			if got, err := psWrapped(8, v); err == nil {
				t.Errorf("%s: %q was taken, wrapped as %s", name, s, got)
			}
		}
	}
	for _, v := range []any{1.5, int64(1), map[string]any{}, []int{1}, struct{}{}} {
		if got, err := ps(v); err == nil {
			t.Errorf("a %T was taken, as %s", v, got)
		}
	}
}

func TestNamesInScripts(t *testing.T) {
	for _, s := range []string{"Name", "P3", "TlsDomain"} {
		if got, err := psName(s); err != nil || got != s {
			t.Errorf("psName(%q) = %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "a b", "a-b", "3P", "a'", "a;b", "a\n", "\u00e9", "$a", "a.b"} {
		if got, err := psName(s); err == nil {
			t.Errorf("psName(%q) = %q", s, got)
		}
	}
}

// Long values are wrapped where they can be: a reviewer reads without scrolling.
func TestWrappedLinesAreShort(t *testing.T) {
	for _, v := range []any{
		strings.Repeat("word ", 120),
		strings.Repeat("it's ", 120),
		[]any{strings.Repeat("a", 60), strings.Repeat("b", 60), strings.Repeat("c", 60)},
	} {
		for line := range strings.SplitSeq("        Name = "+must(t)(psWrapped(8, v)), "\n") {
			if len(line) > 115 {
				t.Errorf("%d characters: %s", len(line), line)
			}
		}
	}
}
