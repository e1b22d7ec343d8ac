package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/templates"
)

type renderFlags struct {
	dir, date            string
	set                  []string
	draft, force, dryRun bool
	asJSON               bool
}

func renderCommand(env environment) *cobra.Command {
	var f renderFlags
	cmd := &cobra.Command{
		Use:   "render PROFILE|example:NAME... -o DIR",
		Short: "Render a change pack from a profile",
		Long: `render resolves a profile and writes the change pack into DIR; several profiles fill one folder
each in it. A pack is written whole or not at all. A file that somebody has edited since the last
run stops the write. --set and --date land in the profile.yaml of the pack, which renders to the
same pack.`,
		Example: "  exoplan render example:protected -o pack\n  exoplan render agency.yaml -o pack --set gateway.lockdown=address --dry-run",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if f.dir == "" {
				return &failure{code: exitUsage, err: errors.New("-o DIR is needed: the folder for the pack")}
			}
			return renderAll(env, args, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.dir, "output", "o", "", "folder to write to")
	flags.StringVar(&f.date, "date", "", "date that the pack bears, YYYY-MM-DD (default: that of the profile)")
	flags.StringArrayVar(&f.set, "set", nil, "answer a question: id=value or id/item=value (repeat for lists)")
	flags.BoolVar(&f.draft, "draft", false, "write documents and plan only, marked DRAFT, while findings are open")
	flags.BoolVar(&f.force, "force", false, "replace files that were edited since the last run")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would change and write nothing")
	flags.BoolVar(&f.asJSON, "json", false, "print one JSON document")
	return cmd
}

// rendered is a pack that is ready to be written.
type rendered struct {
	name  string
	dir   string
	d     *design.Design
	files []output.File
	plan  string // the fingerprint; empty in a draft
	keep  []string
	was   string // the plan of a finished pack of the same revision that this one replaces
}

// renderAll renders every profile before it writes any.
func renderAll(env environment, names []string, f renderFlags) error {
	var packs []rendered
	taken := map[string]string{}
	for _, name := range names {
		s, err := open(name, f.date, f.set)
		if err != nil {
			return err
		}
		p := s.Profile()
		dir := f.dir
		if len(names) > 1 {
			dir = filepath.Join(f.dir, folder(p))
		}
		if other, twice := taken[dir]; twice {
			return &failure{code: exitUsage, err: fmt.Errorf("%s and %s would both fill %s", other, name, dir)}
		}
		taken[dir] = name
		pack, err := renderOne(s, dir, f.draft)
		if err != nil {
			return notReady(env, name, err, f.asJSON)
		}
		pack.name = name
		pack.keep = kept(name, dir)
		packs = append(packs, pack)
	}
	for _, p := range packs {
		if err := writePack(env, p, f); err != nil {
			return err
		}
	}
	return nil
}

// folder is the name of a pack among others.
func folder(p *profiles.Profile) string { return fmt.Sprintf("%s-r%d", p.Name, p.Revision) }

// kept: the profile that is being rendered may be the edited one of the pack.
func kept(name, dir string) []string {
	own, err1 := os.Stat(filepath.Join(dir, "profile.yaml"))
	read, err2 := os.Stat(name)
	if err1 == nil && err2 == nil && os.SameFile(own, read) {
		return []string{"profile.yaml"}
	}
	return nil
}

// unready is a design of which no pack can be rendered.
type unready struct{ *design.Design }

func (unready) Error() string { return templates.ErrNotReady.Error() }

// renderOne renders the pack of a session.
func renderOne(s *profiles.Session, dir string, draft bool) (rendered, error) {
	p := s.Profile()
	if p.Date == "" {
		return rendered{}, &failure{code: exitUsage, err: errors.New("the pack bears a date, and the profile has none"), hint: "add --date YYYY-MM-DD"}
	}
	d := resolve(s)
	if !draft && !d.Ready() {
		return rendered{}, unready{d}
	}
	text, err := profiles.EncodeUsed(s.State())
	if err != nil {
		return rendered{}, &failure{code: exitFailed, err: err}
	}
	files, err := templates.Render(d, templates.Options{Generator: generator(), Profile: text, Draft: draft})
	if err != nil {
		return rendered{}, &failure{code: exitFailed, err: err}
	}
	_, plan, err := d.Plan()
	if draft {
		plan = ""
	}
	return rendered{dir: dir, d: d, files: files, plan: plan}, err
}

// notReady prints what stands in the way.
func notReady(env environment, name string, err error, asJSON bool) error {
	var u unready
	if !errors.As(err, &u) {
		return err
	}
	blocking := slices.DeleteFunc(findings(u.Design), func(r finding) bool { return !r.blocks })
	if asJSON {
		if err := printJSON(env.out, report{blocking}); err != nil {
			return err
		}
	} else {
		printFindings(env.err, blocking)
	}
	v := verdict(u.Design)
	var f *failure
	if errors.As(v, &f) && f.err == nil {
		f.err = fmt.Errorf("%s: %s in the way; nothing is written", name, catalog.Count(len(blocking), "thing stands", "things stand"))
		f.hint = "answer or acknowledge them, or render a draft with --draft"
	}
	return v
}

func writePack(env environment, p rendered, f renderFlags) error {
	report, err := p.write(output.Options{Force: f.force, DryRun: f.dryRun, Keep: p.keep})
	if err != nil {
		return err
	}
	if f.asJSON {
		return printJSON(env.out, written{Dir: p.dir, Plan: p.plan, Draft: f.draft, DryRun: f.dryRun, Added: report.Added, Changed: report.Changed, Unchanged: report.Unchanged, Removed: report.Removed})
	}
	tell(env, p, report, f)
	return nil
}

// write writes the pack. A draft does not replace a finished one; of a finished one that is of
// the same profile and revision and of another plan it notes which, for somebody may have
// approved it.
func (p *rendered) write(o output.Options) (output.Report, error) {
	old, err := output.Read(p.dir)
	finished := err == nil && !old.Meta.Draft
	switch same := old.Meta.Profile == p.d.Profile.Name && old.Meta.Revision == p.d.Profile.Revision; {
	case finished && p.plan == "":
		return output.Report{}, &failure{code: exitFailed, err: fmt.Errorf("%s holds a finished pack; a draft does not replace it", p.dir), hint: "give the draft a folder of its own"}
	case finished && same && old.Meta.Plan != p.plan:
		p.was = old.Meta.Plan
	}
	report, err := output.Write(p.dir, p.files, o)
	if err != nil {
		return output.Report{}, writeFailure(err)
	}
	return report, nil
}

// supersedes says what to do about it.
func (p rendered) supersedes() string {
	return fmt.Sprintf("it was plan %.12s, revision %d too; if that one was approved, give this one another revision and folder", p.was, p.d.Profile.Revision)
}

func writeFailure(err error) *failure {
	f := &failure{code: exitFailed, err: err}
	if _, ok := errors.AsType[*output.EditedError](err); ok {
		f.hint = "move them aside, choose another folder, or replace them with --force"
	}
	return f
}

// written is what render says for machines.
type written struct {
	Dir       string   `json:"dir"`
	Plan      string   `json:"plan,omitempty"`
	Draft     bool     `json:"draft,omitempty"`
	DryRun    bool     `json:"dryRun,omitempty"`
	Added     []string `json:"added"`
	Changed   []string `json:"changed"`
	Unchanged []string `json:"unchanged"`
	Removed   []string `json:"removed"`
}

// tell says what was written and what to look at first.
func tell(env environment, p rendered, r output.Report, f renderFlags) {
	w := env.out
	if f.dryRun {
		for _, list := range []struct {
			what  string
			paths []string
		}{{"add", r.Added}, {"change", r.Changed}, {"remove", r.Removed}} {
			for _, path := range list.paths {
				fmt.Fprintf(w, "%-7s %s\n", list.what, path)
			}
		}
		fmt.Fprintf(w, "Nothing written: %d files as they are, in %s\n", len(r.Unchanged), p.dir)
		return
	}
	what := "Written"
	if len(r.Added)+len(r.Changed)+len(r.Removed) == 0 {
		what = "Unchanged"
	}
	fmt.Fprintf(w, "%s: %s   %d files", what, p.dir, len(p.files))
	if p.plan != "" {
		fmt.Fprintf(w, "   plan %s", p.plan)
	}
	fmt.Fprintln(w)
	for _, l := range lookAt(p) {
		fmt.Fprintf(w, "  %-32s %s\n", l[0], l[1])
	}
	if p.was != "" {
		fmt.Fprintln(w, "  note: "+p.supersedes())
	}
	for _, o := range p.d.Open {
		fmt.Fprintf(w, "  open: %s (%s)\n", o.Ref, owes(o))
	}
}

// lookAt names the files to look at first, and for whom they are.
func lookAt(p rendered) [][2]string {
	all := [][2]string{
		{"README.md", "what is in the pack"},
		{"docs/design-decisions.md", "for the authorising officer"},
		{"docs/runsheet.md", "for the change window"},
		{"exchange-online/apply.ps1", "the change, step by step"},
		{"dns/handover.md", "for the DNS team"},
	}
	var out [][2]string
	for _, l := range all {
		for _, f := range p.files {
			if f.Path == l[0] {
				out = append(out, l)
			}
		}
	}
	return out
}
