package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/store"
	"github.com/exoplan/exoplan/wizard"
)

type sessionFlags struct {
	name, dir  string
	presets    []string
	accessible bool // plain prompts
}

// session makes the command without a name: the guided session.
func session(root *cobra.Command, env environment) {
	var f sessionFlags
	flags := root.Flags()
	flags.StringVar(&f.name, "name", "", "name of a new profile: letters, digits and hyphens (default plan-DATE)")
	flags.StringArrayVar(&f.presets, "preset", nil, "preset of a new profile; a later one overrides (see list presets)")
	flags.StringVarP(&f.dir, "output", "o", "", "folder for the pack (default NAME-rREVISION)")
	flags.BoolVar(&f.accessible, "accessible", false, "ask in plain lines, for screen readers; may read a pipe (TERM=dumb does the same in a terminal)")
	completes(root, "preset", completePreset)
	completes(root, "output", completeFolder)
	completes(root, "name", cobra.NoFileCompletions)
	root.ValidArgsFunction = completeSession
	root.RunE = func(cmd *cobra.Command, args []string) error {
		c, ps, err := knowledge()
		if err != nil {
			return err
		}
		for _, id := range f.presets {
			if _, ok := ps.Find(id); !ok {
				return &failure{code: exitUsage, err: fmt.Errorf("no preset is called %q", id), hint: "exoplan list presets names them"}
			}
		}
		run, err := frontEnd(env, f)
		if err != nil {
			return err
		}
		file, p, err := begin(env, args, f, c, ps)
		if err != nil {
			return &failure{code: exitUsage, err: err, hint: wayIn(err)}
		}
		s := profiles.NewSession(c, ps, p)
		o := options(env, s, file, f)
		if len(args) == 0 {
			o.Others = others(filepath.Dir(file.Path()), c, ps)
		}
		result, err := run(cmd.Context(), o)
		return errors.Join(ended(env, result, err, file), file.Release())
	}
}

// wayIn says what to do when a profile cannot be opened for a session.
func wayIn(err error) string {
	switch _, held := errors.AsType[*store.HeldError](err); {
	case held:
		return "go on there, or end that session; one that was killed holds nothing"
	case errors.Is(err, fs.ErrPermission):
		return "a session saves every answer beside its profile: copy the profile to a folder that you can write to; render and check only read it"
	}
	return ""
}

// frontEnd returns what leads the session: screens on a terminal, plain lines where those are
// wanted or the terminal can do no more.
func frontEnd(env environment, f sessionFlags) (func(context.Context, wizard.Options) (wizard.Result, error), error) {
	lines := func(ctx context.Context, o wizard.Options) (wizard.Result, error) {
		return wizard.RunPlain(ctx, o, env.in, env.out)
	}
	if f.accessible {
		return lines, nil
	}
	in, inOK := env.in.(*os.File)
	out, outOK := env.out.(*os.File)
	switch {
	case !inOK || !outOK || !term.IsTerminal(in.Fd()) || !term.IsTerminal(out.Fd()):
		return nil, &failure{
			code: exitUsage, err: errors.New("the guided session needs a terminal"),
			hint: "without one: exoplan --accessible, which reads lines; or exoplan render PROFILE -o DIR, exoplan check PROFILE, and --set id=value for answers",
		}
	case env.getenv("TERM") == "dumb":
		return lines, nil
	}
	return func(ctx context.Context, o wizard.Options) (wizard.Result, error) {
		return wizard.Run(ctx, o, in, out)
	}, nil
}

// begin opens the profile that is named, or begins a new one in the user's folder.
func begin(env environment, args []string, f sessionFlags, c *catalog.Catalog, ps profiles.Presets) (*store.File, *profiles.Profile, error) {
	if len(args) == 1 {
		if f.name != "" || len(f.presets) > 0 {
			return nil, nil, errors.New("--name and --preset are for a new profile")
		}
		return find(store.Open, args[0], c, ps)
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return nil, nil, err
	}
	path := func(name string) string { return store.Path(config, name) }
	name := f.name
	switch {
	case name == "":
		name = unused("plan-"+env.today, path)
	case exists(path(name)):
		return nil, nil, fmt.Errorf("a profile is called %s already: exoplan %s goes on with it", name, name)
	}
	p, err := store.New(name, env.today, f.presets, c, ps)
	return store.Create(path(name), c, ps), p, err
}

// unused returns the first of stem, stem-2, stem-3 whose file is not there.
func unused(stem string, path func(name string) string) string {
	name := stem
	for i := 2; exists(path(name)); i++ {
		name = fmt.Sprintf("%s-%d", stem, i)
	}
	return name
}

func options(env environment, s *profiles.Session, file *store.File, f sessionFlags) wizard.Options {
	c, ps := s.State().Catalog, s.Presets()
	into := func(p *profiles.Profile) string { return cmp.Or(f.dir, folder(p)) }
	write := func(dryRun bool) func(*profiles.Profile) (wizard.Written, error) {
		return func(p *profiles.Profile) (wizard.Written, error) {
			pack, err := renderOne(profiles.NewSession(c, ps, p), into(p), false)
			if err != nil {
				return wizard.Written{}, err
			}
			report, err := pack.write(output.Options{DryRun: dryRun})
			if err != nil {
				return wizard.Written{}, err
			}
			return summary(pack, report), nil
		}
	}
	return wizard.Options{
		Session: s, Save: keep(file, c, ps), SavedTo: file.Path(), Write: write(false), DryRun: write(true), Folder: into, Today: env.today,
		Before: before(file.Path(), s.Profile(), c, ps),
	}
}

// others are the profiles of a folder that a new one can be made from. One that cannot be read
// says so when it is looked at.
func others(dir string, c *catalog.Catalog, ps profiles.Presets) []wizard.Other {
	files, err := profilesIn(dir)
	if err != nil {
		return nil // what stands in the way of the folder is said by the first save
	}
	var out []wizard.Other
	for _, file := range files {
		out = append(out, wizard.Other{Name: nameOf(file), Read: func() (*profiles.Profile, error) {
			_, p, err := store.Load(file, c, ps)
			return p, err
		}})
	}
	return out
}

// before is the latest earlier revision that is kept of a profile; nil where none can be read.
func before(path string, p *profiles.Profile, c *catalog.Catalog, ps profiles.Presets) *profiles.Profile {
	r, err := keptRevision(path, func(n int) bool { return n < p.Revision })
	if err != nil {
		return nil
	}
	_, earlier, err := store.Load(r.Path, c, ps)
	if err != nil {
		return nil // the session is about the profile: what is wrong with its past is said by profile diff
	}
	return earlier
}

// keep saves a profile in its file, which the session holds from then on. Where somebody else
// has written that file meanwhile, theirs stays and the answers go to a copy beside it, which the
// error names.
func keep(file *store.File, c *catalog.Catalog, ps profiles.Presets) func(*profiles.Profile) error {
	var aside *store.File
	return func(p *profiles.Profile) error {
		err := file.Hold()
		if err == nil {
			err = file.Save(p)
		}
		if !taken(err) {
			return err
		}
		if aside == nil {
			stem := strings.TrimSuffix(file.Path(), filepath.Ext(file.Path()))
			path := func(name string) string { return name + ".yaml" }
			aside = store.Create(path(unused(stem+"-kept", path)), c, ps)
		}
		if copied := aside.Save(p); copied != nil {
			return errors.Join(err, copied)
		}
		return fmt.Errorf("%w; your answers are kept in %s", err, aside.Path())
	}
}

// taken says that a file is somebody else's: it was changed, or another session began or has it.
func taken(err error) bool {
	_, changed := errors.AsType[*store.ChangedError](err)
	_, held := errors.AsType[*store.HeldError](err)
	return changed || held || errors.Is(err, fs.ErrExist)
}

// exists says that there is something at a path, as far as one may look.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// summary is what the wizard shows of a pack.
func summary(p rendered, r output.Report) wizard.Written {
	w := wizard.Written{Dir: p.dir, Files: p.paths, Plan: p.plan, Size: p.d.Size()}
	for _, l := range lookAt(p) {
		w.Look = append(w.Look, wizard.Hint{What: filepath.Join(r.Dir, l[0]), For: l[1]})
	}
	if len(p.d.Steps) > 0 {
		w.Next = []wizard.Hint{{What: `.\exchange-online\preflight.ps1`, For: "in Exchange Online PowerShell: can the change be carried out?"}}
	}
	return w
}

// ended says how the session ended, in words and as an exit code.
func ended(env environment, r wizard.Result, err error, file *store.File) error {
	saved := "nothing was answered, so nothing is saved"
	if exists(file.Path()) {
		saved = "the profile is saved to " + file.Path()
	}
	if _, early := err.(*wizard.EndOfInputError); early { //nolint:errorlint // joined with another error, not all is saved
		return &failure{code: exitUsage, err: err, hint: saved}
	}
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	if r.Written != nil {
		fmt.Fprintf(env.out, "Written: %s   plan %s\n", r.Written.Dir, r.Written.Plan)
	}
	switch r.End {
	case wizard.Interrupted:
		return &failure{code: exitInterrupted, err: errors.New("interrupted; " + saved)}
	case wizard.Terminated:
		return &failure{code: exitTerminated, err: errors.New("terminated; " + saved)}
	case wizard.Finished:
		fmt.Fprintln(env.out, "exoplan: "+saved)
	}
	return nil
}
