package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

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
each in it, none before all are ready. A pack is written whole or not at all. A file that somebody
has edited since the last run stops the write, and so does a finished pack of the same revision
with another plan: that one may have been approved, and a revision has one plan (exoplan profile
revise begins the next). --set and --date land in the profile.yaml of the pack, which renders to
the same pack.`,
		Example: "  exoplan render example:protected -o pack\n  exoplan render agency.yaml -o pack --set gateway.lockdown=address --dry-run",
		Args:    cobra.MinimumNArgs(1),

		ValidArgsFunction: completeProfiles,
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
	flags.BoolVar(&f.force, "force", false, "replace edited files, and another plan of the same revision")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would change and write nothing")
	flags.BoolVar(&f.asJSON, "json", false, "print one JSON document")
	completes(cmd, "set", completeSet)
	completes(cmd, "date", cobra.NoFileCompletions)
	completes(cmd, "output", completeFolder)
	return cmd
}

// rendered is a pack that is ready to be written.
type rendered struct {
	name  string
	dir   string
	d     *design.Design
	text  []byte // the profile as a file
	draft bool
	files []output.File
	paths []string
	plan  string // the fingerprint; empty in a draft
	keep  []string
}

// renderAll renders and writes packs, several at once, after every profile was looked at: what
// stands in the way is said of all of them, in their order, and nothing is written.
func renderAll(env environment, names []string, f renderFlags) error {
	packs := make([]rendered, len(names))
	errs := inParallel(runtime.GOMAXPROCS(0), len(names), func(i int) (err error) {
		packs[i], err = prepare(names[i], f, len(names) > 1)
		return err
	})
	taken := map[string]string{}
	for i, p := range packs {
		if other, twice := taken[p.dir]; twice && errs[i] == nil {
			errs[i] = &failure{code: exitUsage, err: fmt.Errorf("%s and %s would both fill %s", other, p.name, p.dir)}
		}
		taken[p.dir] = p.name
	}
	if err := inTheWay(env, errs, f.asJSON); err != nil {
		return err
	}
	reports := make([]output.Report, len(packs))
	errs = inParallel(2*runtime.GOMAXPROCS(0), len(packs), func(i int) error { // one renders while another waits for the disk
		p := &packs[i]
		err := p.render()
		if err == nil {
			reports[i], err = p.write(output.Options{Force: f.force, DryRun: f.dryRun, Keep: p.keep})
		}
		p.files = nil // a thousand packs are too much to keep
		return err
	})
	var done []written
	for i, p := range packs {
		switch {
		case errs[i] != nil:
		case f.asJSON:
			done = append(done, p.written(reports[i], f))
		default:
			tell(env, p, reports[i], f)
		}
	}
	if f.asJSON && len(done) > 0 {
		errs = append(errs, printOne(env, done, len(names) > 1))
	}
	return joined(errs)
}

// inParallel calls f for 0 to n-1, some at once.
func inParallel(atOnce, n int, f func(i int) error) []error {
	errs := make([]error, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, atOnce) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = f(i)
			}
		})
	}
	all.Wait()
	return errs
}

// prepare opens a profile and resolves it for its pack: in the folder itself, or, among others,
// in one of its own there.
func prepare(name string, f renderFlags, among bool) (rendered, error) {
	s, err := open(name, f.date, f.set)
	if err != nil {
		return rendered{name: name}, ofProfile(name, err, among)
	}
	dir := f.dir
	if among {
		dir = filepath.Join(f.dir, folder(s.Profile()))
	}
	pack, err := ready(s, dir, f.draft)
	pack.name, pack.dir, pack.keep = name, dir, kept(name, dir)
	if u, is := errors.AsType[unready](err); is {
		u.name = name
		return pack, u
	}
	return pack, ofProfile(name, err, among)
}

// ofProfile puts the name of a profile that is one of several before an error that does not say it.
func ofProfile(name string, err error, among bool) error {
	f, is := errors.AsType[*failure](err)
	if !among || !is || strings.Contains(f.Error(), name) {
		return err
	}
	return &failure{code: f.code, err: prefixed(name+": ", f.err), hint: f.hint}
}

// inTheWay prints what stands in the way of packs, and returns what is to be said last.
func inTheWay(env environment, errs []error, asJSON bool) error {
	blocking := []finding{}
	for i, err := range errs {
		if u, is := errors.AsType[unready](err); is {
			rows := u.blocking()
			if len(errs) > 1 {
				for r := range rows {
					rows[r].Profile = u.name
				}
			}
			if !asJSON {
				printFindings(env.err, rows)
			}
			blocking = append(blocking, rows...)
			errs[i] = u.verdict()
		}
	}
	if asJSON && len(blocking) > 0 {
		errs = append(errs, printJSON(env.out, report{Findings: blocking}))
	}
	return joined(errs)
}

// joined makes one failure of several: with all that they say, each hint once, and the code of
// the gravest. One alone stays as it is.
func joined(errs []error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) < 2 {
		return errors.Join(errs...)
	}
	all := &failure{code: exitBlocked}
	var said []error
	var hints []string
	for _, err := range errs {
		f, ok := errors.AsType[*failure](err)
		if !ok {
			f = &failure{code: exitFailed, err: err}
		}
		all.code = min(all.code, f.code)
		said = append(said, f.err)
		if f.hint != "" && !slices.Contains(hints, f.hint) {
			hints = append(hints, f.hint)
		}
	}
	all.err, all.hint = errors.Join(said...), strings.Join(hints, "; ")
	return all
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

// unready is a design of which no pack can be rendered, and the profile it is of.
type unready struct {
	*design.Design
	name string
}

func (unready) Error() string { return templates.ErrNotReady.Error() }

// blocking lists what stands in the way.
func (u unready) blocking() []finding {
	return slices.DeleteFunc(findings(u.Design), func(r finding) bool { return !r.blocks })
}

// verdict says so in one line.
func (u unready) verdict() error {
	f, is := errors.AsType[*failure](verdict(u.Design))
	if is && f.err == nil {
		f.err = fmt.Errorf("%s: %s in the way; nothing is written", u.name, catalog.Count(len(u.blocking()), "thing stands", "things stand"))
		f.hint = "answer or acknowledge them, or render a draft with --draft"
	}
	return f
}

// renderOne renders the pack of a session.
func renderOne(s *profiles.Session, dir string, draft bool) (rendered, error) {
	p, err := ready(s, dir, draft)
	if err != nil {
		return rendered{}, err
	}
	return p, p.render()
}

// ready resolves a session for its pack, or says why there can be none.
func ready(s *profiles.Session, dir string, draft bool) (rendered, error) {
	if s.State().Profile.Date == "" {
		return rendered{}, &failure{code: exitUsage, err: errors.New("the pack bears a date, and the profile has none"), hint: "add --date YYYY-MM-DD"}
	}
	d := resolve(s)
	if !draft && !d.Ready() {
		return rendered{}, unready{Design: d}
	}
	text, err := profiles.EncodeUsed(s.State())
	if err != nil {
		return rendered{}, &failure{code: exitFailed, err: err}
	}
	return rendered{dir: dir, d: d, text: text, draft: draft}, nil
}

// render makes the files of the pack.
func (p *rendered) render() error {
	files, err := templates.Render(p.d, templates.Options{Generator: generator(), Profile: p.text, Draft: p.draft})
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	p.files = files
	for _, f := range files {
		p.paths = append(p.paths, f.Path)
	}
	if !p.draft {
		_, p.plan, err = p.d.Plan()
	}
	return err
}

// write writes the pack. Neither a draft nor another plan of the same revision takes the place
// of a finished one: somebody may have approved it. Force replaces it all the same.
func (p *rendered) write(o output.Options) (output.Report, error) {
	old, err := output.Read(p.dir)
	finished := err == nil && !old.Meta.Draft
	switch same := old.Meta.Profile == p.d.Profile.Name && old.Meta.Revision == p.d.Profile.Revision; {
	case finished && p.plan == "":
		return output.Report{}, &failure{code: exitFailed, err: fmt.Errorf("%s holds a finished pack; a draft does not replace it", p.dir), hint: "give the draft a folder of its own"}
	case finished && same && old.Meta.Plan != p.plan && !o.Force:
		o.DryRun = true
		_, edited := output.Write(p.dir, p.files, o) // what else stands in the way is said too
		return output.Report{}, p.another(old, edited)
	}
	report, err := output.Write(p.dir, p.files, o)
	if err != nil {
		return output.Report{}, writeFailure(err)
	}
	return report, nil
}

// another says that a revision would come to have two plans, and what else is wrong.
func (p *rendered) another(old output.Pack, also error) *failure {
	err := fmt.Errorf("%s holds plan %.12s of revision %d, and this one is another: if that was approved, nobody could tell them apart", p.dir, old.Meta.Plan, old.Meta.Revision)
	return &failure{
		code: exitFailed,
		err:  errors.Join(err, also),
		hint: "begin the next revision: exoplan profile revise, or Next revision in the review of the guided session; if nobody has that pack yet, replace it with --force",
	}
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

// written is what render says of a pack for machines.
func (p rendered) written(r output.Report, f renderFlags) written {
	return written{Dir: p.dir, Plan: p.plan, Draft: f.draft, DryRun: f.dryRun, Added: r.Added, Changed: r.Changed, Unchanged: r.Unchanged, Removed: r.Removed}
}

// printOne prints one JSON document: an object of one pack, an array of several.
func printOne(env environment, done []written, several bool) error {
	if several {
		return printJSON(env.out, done)
	}
	return printJSON(env.out, done[0])
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
	fmt.Fprintf(w, "%s: %s   %d files", what, p.dir, len(p.paths))
	if p.plan != "" {
		fmt.Fprintf(w, "   plan %s", p.plan)
	}
	fmt.Fprintln(w)
	for _, l := range lookAt(p) {
		fmt.Fprintf(w, "  %-32s %s\n", l[0], l[1])
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
		if slices.Contains(p.paths, l[0]) {
			out = append(out, l)
		}
	}
	return out
}
