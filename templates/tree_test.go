package templates

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	ast "text/template/parse"
)

// quoting names the functions that may print a value, by format. A block of code in Markdown
// holds commands, and has those of scripts.
var quoting = map[string][]string{
	".ps1":   {"ps", "psComment", "psName", "psWrapped"},
	".md":    {"md", "code", "codeCell", "link"},
	"fenced": {"ps", "psName", "fenced"},
}

// walker follows the text that a template prints, so far as it is known without values, and
// notes what is wrong with the values in it. Partials are looked at where they are called.
type walker struct {
	set    *set
	name   string // of the template that is looked at
	format string
	depth  int
	line   string // what stands on the line so far; a value is a NUL
	fenced bool   // inside a block of code
	faults []string
}

// faults returns what is wrong with the values of a template and of the partials it calls.
func faults(s *set, name string) []string {
	w := &walker{set: s, name: name, format: format(name)}
	if quoting[w.format] == nil {
		return []string{name + ": nobody knows how to quote in this format"}
	}
	w.list(s.Lookup(name).Root)
	if w.fenced {
		w.fault(s.Lookup(name).Root, "a block of code is not closed")
	}
	return w.faults
}

func format(name string) string { return path.Ext(strings.TrimSuffix(name, ".tmpl")) }

func (w *walker) fault(n ast.Node, format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf("%s: %s: %s", w.name, n, fmt.Sprintf(format, args...)))
}

func (w *walker) list(l *ast.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *ast.TextNode:
			w.text(string(n.Text))
		case *ast.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				w.action(n)
			}
		case *ast.TemplateNode:
			w.call(n, n.Name)
		case *ast.IfNode:
			w.branch(n, &n.BranchNode)
		case *ast.RangeNode:
			w.branch(n, &n.BranchNode)
		case *ast.WithNode:
			w.branch(n, &n.BranchNode)
		default:
			w.fault(n, "a node of this kind is not known here")
		}
	}
}

func (w *walker) text(s string) {
	for i, part := range strings.Split(s, "\n") {
		if i > 0 {
			w.line = ""
		}
		if w.format == ".md" && w.line == "" && strings.HasPrefix(part, "```") {
			w.fenced = !w.fenced
		}
		w.line += part
	}
}

// branch looks at both ways from the same place. Both lead out of a block of code, or none.
func (w *walker) branch(n ast.Node, b *ast.BranchNode) {
	line, fenced := w.line, w.fenced
	w.list(b.ElseList)
	otherwise := w.fenced
	w.line, w.fenced = line, fenced
	w.list(b.List)
	if w.fenced != otherwise {
		w.fault(n, "a block of code begins or ends in one branch alone")
	}
}

// call looks at a partial where it stands.
func (w *walker) call(n ast.Node, name string) {
	t := w.set.Lookup(name)
	switch {
	case t == nil:
		w.fault(n, "there is no %q", name)
	case format(name) != w.format:
		w.fault(n, "%q has another format", name)
	case w.depth > 10:
		w.fault(n, "partials call each other in a circle")
	default:
		caller := w.name
		w.name, w.depth = name, w.depth+1
		w.list(t.Root)
		w.name, w.depth = caller, w.depth-1
	}
}

// What makes a list or a quotation of the value behind it.
var lineStart = regexp.MustCompile(`^\s*((?:[-*+>]|\d+[.)])\s+)*$`)

func (w *walker) action(n *ast.ActionNode) {
	last := n.Pipe.Cmds[len(n.Pipe.Cmds)-1]
	name := last.Args[0].String()
	if name == "include" {
		if partial, literal := last.Args[1].(*ast.StringNode); literal && len(n.Pipe.Cmds) == 1 {
			w.call(n, partial.Text)
		} else {
			w.fault(n, "include takes the name of a partial")
		}
		w.line += "\x00"
		return
	}
	known := quoting[w.format]
	if w.fenced {
		known = quoting["fenced"]
	}
	row := strings.HasPrefix(w.line, "|")
	switch {
	case last.Args[0].Type() != ast.NodeIdentifier || !slices.Contains(known, name):
		w.fault(n, "must end in one of %v", known)
	case strings.HasSuffix(w.line, "'"), strings.HasSuffix(w.line, `"`), strings.HasSuffix(w.line, "`"):
		w.fault(n, "stands behind a quote, and %s quotes", name)
	case name == "code" && row, name == "codeCell" && !row:
		w.fault(n, "codeCell is for the cells of tables, code for everything else")
	case name == "md" && lineStart.MatchString(w.line):
		w.fault(n, "may begin a list or a rule: begin the line with a word")
	}
	w.line += "\x00"
}

// loaded returns the embedded templates.
func loaded(t *testing.T) *set {
	t.Helper()
	s, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Everything that a template prints goes through a quoting function of its format, and no
// template quotes by hand.
func TestQuoting(t *testing.T) {
	s := loaded(t)
	if len(s.names) == 0 {
		t.Fatal("no templates")
	}
	for _, x := range s.Templates() {
		if strings.HasPrefix(x.Name(), "tree/") || strings.HasPrefix(x.Name(), "reports/") {
			for _, f := range faults(s, x.Name()) {
				t.Error(f)
			}
		}
	}
}

func TestQuotingSeesFaults(t *testing.T) {
	const fence = "```"
	for _, tt := range []struct {
		name, file, text, want string
	}{
		{"plain value", "x.md", "a {{.Plan}}", "must end in one of"},
		{"value that is quoted and then changed", "x.md", "a {{.Plan | md | trunc 3}}", "must end in one of"},
		{"quoting function of another format", "x.md", "a {{.Plan | ps}}", "must end in one of"},
		{"prose in a script", "x.ps1", "# {{.Plan | md}}", "must end in one of"},
		{"variable", "x.md", "a {{$x := .Plan}}{{$x}}", "must end in one of"},
		{"value in brackets", "x.md", "a {{(.Plan | md)}}", "must end in one of"},
		{"value in a branch", "x.md", "{{if .Plan}}{{else}}a {{.Plan}}{{end}}", "must end in one of"},
		{"value in a loop", "x.md", "{{range .Steps}}a {{.ID}}{{end}}", "must end in one of"},
		{"prose in a block of code", "x.md", fence + "sh\n$ {{.Plan | md}}\n" + fence + "\n", "must end in one of"},
		{"script behind a block of code", "x.md", fence + "\nx\n" + fence + "\na {{.Plan | ps}}", "must end in one of"},
		{"value in a partial", "x.md", `a {{template "partials/bad.md.tmpl" .}}`, "partials/bad.md.tmpl: {{.Plan}}: must end"},
		{"value in an included partial", "x.md", `a {{include "partials/bad.md.tmpl" .}}`, "partials/bad.md.tmpl: {{.Plan}}: must end"},
		{"quotes by hand in a script", "x.ps1", "$x = '{{.Plan | ps}}'", "behind a quote"},
		{"double quotes by hand in a script", "x.ps1", `$x = "{{.Plan | psName}}"`, "behind a quote"},
		{"code span by hand", "x.md", "a `{{.Plan | md}}`", "behind a quote"},
		{"quotes by hand in a block of code", "x.md", fence + "\nx '{{.Plan | ps}}'\n" + fence + "\n", "behind a quote"},
		{"code in a cell", "x.md", "| {{.Plan | code}} |", "codeCell is for the cells"},
		{"cell outside a table", "x.md", "a {{.Plan | codeCell}}", "codeCell is for the cells"},
		{"value at the start of a line", "x.md", "a\n{{.Plan | md}}", "may begin a list"},
		{"value at the start of an item", "x.md", "- {{.Plan | md}}", "may begin a list"},
		{"value at the start of a quotation", "x.md", "> 1. {{.Plan | md}}", "may begin a list"},
		{"unknown format", "x.csv", "{{.Plan | md}}", "nobody knows how to quote"},
		{"partial of another format", "x.md", `a {{template "partials/other.ps1.tmpl" .}}`, "has another format"},
		{"no such partial", "x.md", `a {{template "partials/none.md.tmpl" .}}`, "there is no"},
		{"no such include", "x.md", `a {{include "partials/none.md.tmpl" .}}`, "there is no"},
		{"computed include", "x.md", `a {{include .Plan .}}`, "takes the name of a partial"},
		{"circle", "x.md", `a {{template "partials/circle.md.tmpl" .}}`, "in a circle"},
		{"open block of code", "x.md", fence + "\nx\n", "is not closed"},
		{"block of code in one branch", "x.md", "{{if .Plan}}\n" + fence + "\n{{end}}\n" + fence + "\n", "in one branch alone"},

		{"prose", "x.md", "a {{.Plan | md}} {{code .Plan}}\n\n| {{.Plan | codeCell}} | {{.Plan | md}} |\n", ""},
		{"heading", "x.md", "# {{.Plan | md}}\n", ""},
		{"commands", "x.md", fence + "powershell\nx -y {{.Plan | ps}} {{.Plan | psName}}\n" + fence + "\n", ""},
		{"script", "x.ps1", "# {{.Plan | psComment}}\n$x = {{psWrapped 4 .Plan}}\n{{.Plan | psName}}", ""},
		{"cell in a partial that stands in a table", "x.md", `| {{template "partials/cell.md.tmpl" .}} |`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := "tree/" + tt.file + ".tmpl"
			s, err := parseFiles(map[string]string{
				file:                      tt.text,
				"partials/bad.md.tmpl":    "b {{.Plan}}",
				"partials/cell.md.tmpl":   "{{.Plan | codeCell}}",
				"partials/circle.md.tmpl": `{{template "partials/circle.md.tmpl" .}}`,
				"partials/other.ps1.tmpl": "x",
			})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(faults(s, file), "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func parseFiles(files map[string]string) (*set, error) {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return parse(fsys)
}

// nodes calls f for every node of a template.
func nodes(n ast.Node, f func(ast.Node)) {
	branch := func(b *ast.BranchNode) {
		nodes(b.Pipe, f)
		nodes(b.List, f)
		if b.ElseList != nil {
			nodes(b.ElseList, f)
		}
	}
	f(n)
	switch n := n.(type) {
	case *ast.ListNode:
		for _, c := range n.Nodes {
			nodes(c, f)
		}
	case *ast.ActionNode:
		nodes(n.Pipe, f)
	case *ast.TemplateNode:
		if n.Pipe != nil {
			nodes(n.Pipe, f)
		}
	case *ast.PipeNode:
		for _, c := range n.Cmds {
			nodes(c, f)
		}
	case *ast.CommandNode:
		for _, a := range n.Args {
			nodes(a, f)
		}
	case *ast.IfNode:
		branch(&n.BranchNode)
	case *ast.RangeNode:
		branch(&n.BranchNode)
	case *ast.WithNode:
		branch(&n.BranchNode)
	}
}

// Every partial that is named exists, and every one that exists is named.
func TestPartials(t *testing.T) {
	s := loaded(t)
	unused := map[string]bool{}
	for _, x := range s.Templates() {
		if strings.HasPrefix(x.Name(), "partials/") {
			unused[x.Name()] = true
		}
	}
	named := func(by, name string) {
		if s.Lookup(name) == nil {
			t.Errorf("%s: there is no %q", by, name)
		}
		if by != name {
			delete(unused, name)
		}
	}
	for _, x := range s.Templates() {
		if x.Tree == nil {
			continue
		}
		nodes(x.Root, func(n ast.Node) {
			switch n := n.(type) {
			case *ast.TemplateNode:
				named(x.Name(), n.Name)
			case *ast.CommandNode:
				if n.Args[0].String() != "include" {
					return
				}
				if name, literal := n.Args[1].(*ast.StringNode); literal {
					named(x.Name(), name.Text)
				} else {
					t.Errorf("%s: %s: include takes the name of a partial", x.Name(), n)
				}
			}
		})
	}
	for name := range unused {
		t.Errorf("%s: no template uses it", name)
	}
}

// idLike is what looks like the ID of a decision, step, hold, record, rule or control.
var idLike = regexp.MustCompile(`\b[A-Z]{2,5}-\d{2,4}(/[a-z0-9.-]*[a-z0-9])?|\bMS\.[A-Z]+\.\d+\.\d+v\d+|\bGOVUK\.[A-Z]+(-[A-Z]+)*`)

// An algorithm, and no ID of a plan.
var noIDs = []string{"SHA-256"}

// Documents range over what the design holds. One that names a decision could miss another.
func TestNoDecisionIsNamed(t *testing.T) {
	for _, x := range loaded(t).Templates() {
		if x.Tree == nil || format(x.Name()) != ".md" {
			continue
		}
		nodes(x.Root, func(n ast.Node) {
			text := ""
			switch n := n.(type) {
			case *ast.TextNode:
				text = string(n.Text)
			case *ast.StringNode:
				text = n.Text
			}
			for _, id := range idLike.FindAllString(text, -1) {
				if !slices.Contains(noIDs, id) {
					t.Errorf("%s names %s", x.Name(), id)
				}
			}
		})
	}
}
