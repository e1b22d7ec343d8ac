// Package templates renders a design into the files of a change pack.
//
// The folder tree is laid out as the pack: tree/docs/runsheet.md.tmpl becomes docs/runsheet.md,
// and a file without the suffix .tmpl is copied. What several templates share stands under
// partials, named by its path. Templates say what the design holds and decide nothing; every
// value goes through the quoting function of its format, last in its pipeline. Scripts are
// ASCII with CRLF. Formats for machines come from encoders, not from templates.
package templates

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/Masterminds/sprig/v3"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/templates/dns"
)

//go:embed all:tree all:partials all:reports
var embedded embed.FS

// Options is what a pack says beside its design.
type Options struct {
	Generator string // name and version of the program
	Profile   []byte // the profile as a file: profile.yaml of the pack
	// Draft leaves out scripts and records, and marks every document: for a design that is not
	// ready.
	Draft bool
}

// ErrNotReady says that a design has missing answers, blocking findings or faults. Only a
// draft can be rendered of it.
var ErrNotReady = errors.New("the design is not ready to be rendered")

// Render returns the sealed files of a pack. The same design and options give the same bytes.
func Render(d *design.Design, o Options) ([]output.File, error) {
	if !o.Draft && !d.Ready() {
		return nil, errors.Join(append([]error{ErrNotReady}, d.Faults...)...)
	}
	text, fingerprint, err := d.Plan()
	if err != nil {
		return nil, err
	}
	if o.Draft {
		fingerprint = ""
	}
	files := []output.File{
		{Path: "plan.json", Data: text, Role: "change list"},
		{Path: "profile.yaml", Data: o.Profile, Role: "answers"},
	}
	rendered, err := tree(page{Design: d, Plan: fingerprint, Generator: o.Generator, Draft: o.Draft})
	if err != nil {
		return nil, err
	}
	files = append(files, rendered...)
	if !o.Draft {
		records, err := dns.Encode(d)
		if err != nil {
			return nil, err
		}
		files = append(files, records...)
	}
	for _, sheet := range []func(*design.Design) ([]output.File, error){matrix, firewall} {
		some, err := sheet(d)
		if err != nil {
			return nil, fmt.Errorf("sheets: %w", err)
		}
		files = append(files, some...)
	}
	return output.Seal(files, meta(d, o, fingerprint))
}

func meta(d *design.Design, o Options, fingerprint string) output.Meta {
	m := output.Meta{
		Title: "Change pack: Exchange Online mail flow", Organisation: d.Cover.Organisation, Marking: d.Cover.Marking,
		Profile: d.Profile.Name, Revision: d.Profile.Revision, Date: d.Profile.Date, Generator: o.Generator, Plan: fingerprint, Draft: o.Draft,
	}
	for _, p := range d.Presets {
		m.Presets = append(m.Presets, p.ID)
	}
	return m
}

// page is what a template sees: the design, and what is said of the pack.
type page struct {
	*design.Design
	Plan      string // the fingerprint; empty in a draft
	Generator string
	Draft     bool
	kept      map[string]*string
}

// Once is a place for a text that several files hold, by a name of its own: include keeps it there.
func (p page) Once(name string) *string {
	if p.kept[name] == nil {
		p.kept[name] = new(string)
	}
	return p.kept[name]
}

// FactsAsOf says on which days the sources of the plan were read, the first and the last of them.
func (p page) FactsAsOf() string {
	var days []string
	for _, s := range p.Sources {
		days = append(days, s.Read)
	}
	if len(days) == 0 {
		return ""
	}
	first, last := slices.Min(days), slices.Max(days)
	if first == last {
		return first
	}
	return first + " to " + last
}

// Backwards returns the steps in the order of rollback.
func (p page) Backwards() []design.Step {
	steps := slices.Clone(p.Steps)
	slices.Reverse(steps)
	return steps
}

// only returns the members that are wanted.
func only[T any](all []T, wanted func(T) bool) []T {
	var some []T
	for _, one := range all {
		if wanted(one) {
			some = append(some, one)
		}
	}
	return some
}

// In returns the steps of a phase.
func (p page) In(phase string) []design.Step {
	return only(p.Steps, func(s design.Step) bool { return s.Phase == phase })
}

// RecordsIn returns the records that change in a phase.
func (p page) RecordsIn(phase string) []design.Record {
	return only(p.Records, func(r design.Record) bool { return r.Phase == phase })
}

// SomePhase returns a phase with steps, for examples in the help of scripts.
func (p page) SomePhase() string {
	for _, s := range p.Steps {
		if !s.Held() {
			return s.Phase
		}
	}
	return "P1"
}

// leavesOut says that a pack goes without a file: a draft without what is run or published, a plan
// without steps without scripts.
func (p page) leavesOut(name string) bool {
	script := strings.HasPrefix(name, "exchange-online/")
	return script && (p.Draft || len(p.Steps) == 0) || p.Draft && strings.HasPrefix(name, "dns/")
}

// set is all templates, parsed once, and the files that are copied.
type set struct {
	*template.Template
	names  []string // of those that become files
	copies []output.File
}

var load = sync.OnceValues(func() (*set, error) { return parse(embedded) })

func parse(fsys fs.FS) (*set, error) {
	s := &set{Template: template.New("").Option("missingkey=error")}
	s.Funcs(funcs(s))
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		return s.add(name, data)
	})
	return s, err
}

func (s *set) add(name string, data []byte) error {
	out, isTree := strings.CutPrefix(name, "tree/")
	target, isTemplate := strings.CutSuffix(out, ".tmpl")
	switch {
	case !isTemplate && !isTree:
		return fmt.Errorf("%s: a partial is a template", name)
	case !isTemplate:
		s.copies = append(s.copies, output.File{Path: out, Data: lineEnds(out, data), Role: role(out)})
		return nil
	case isTree:
		s.names = append(s.names, name)
	}
	_, err := s.New(name).Parse(string(data))
	if err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	return nil
}

// tree executes every template. One that yields only white space yields no file.
func tree(p page) ([]output.File, error) {
	s, err := load()
	if err != nil {
		return nil, err
	}
	var files []output.File
	for _, f := range s.copies {
		if !p.leavesOut(f.Path) {
			files = append(files, f)
		}
	}
	p.kept = map[string]*string{}
	for _, name := range s.names {
		target := strings.TrimSuffix(strings.TrimPrefix(name, "tree/"), ".tmpl")
		if p.leavesOut(target) {
			continue
		}
		var b bytes.Buffer
		if err := s.ExecuteTemplate(&b, name, p); err != nil {
			return nil, fmt.Errorf("render: %w", err)
		}
		if data := tidy(b.Bytes()); len(data) > 0 {
			files = append(files, output.File{Path: target, Data: lineEnds(target, data), Role: role(target)})
		}
	}
	return files, nil
}

// include executes a partial, once where the place to keep its text is the same.
func (s *set) include(name string, data any, kept ...*string) (string, error) {
	if len(kept) > 0 && *kept[0] != "" {
		return *kept[0], nil
	}
	var b strings.Builder
	err := s.ExecuteTemplate(&b, name, data)
	text := strings.TrimRight(b.String(), "\n")
	for _, k := range kept {
		*k = text
	}
	return text, err
}

// role says what a file is for, in the manifest.
func role(name string) string {
	switch path.Ext(name) {
	case ".ps1":
		return "change script"
	case ".psm1":
		return "module of the change scripts"
	case ".psd1":
		return "settings for script analysis"
	}
	if strings.HasPrefix(name, "dns/") {
		return "DNS records"
	}
	return "document"
}

// tidy removes trailing blanks and folds blank lines, so that templates need not be clever
// about white space.
func tidy(b []byte) []byte {
	out := make([]byte, 0, len(b))
	blank := false
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		if line = bytes.TrimRight(line, " \t"); len(line) == 0 {
			blank = len(out) > 0
			continue
		}
		if blank {
			out = append(out, '\n')
			blank = false
		}
		out = append(append(out, line...), '\n')
	}
	return out
}

// lineEnds gives scripts CRLF: a signature needs it, and Windows expects it.
func lineEnds(name string, b []byte) []byte {
	if slices.Contains([]string{".ps1", ".psm1", ".psd1"}, path.Ext(name)) {
		return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
	}
	return b
}

// borrowed names the functions of sprig that templates may use. The rest of sprig, also what
// it calls hermetic, holds random, slow and clock-reading functions.
var borrowed = []string{"add", "dict", "join", "trunc"}

func funcs(s *set) template.FuncMap {
	m := template.FuncMap{
		"ps": ps, "psComment": psComment, "psName": psName, "psWrapped": psWrapped, "md": md,
		"code":     code,
		"codeCell": codeCell,
		"fenced":   fenced,
		"link":     link,
		"include":  s.include,
	}
	all := sprig.HermeticTxtFuncMap()
	for _, name := range borrowed {
		m[name] = all[name]
	}
	return m
}
