package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
)

type rehearseFlags struct {
	from, fault, phase string
	asJSON             bool
}

func rehearseCommand(env environment) *cobra.Command {
	var f rehearseFlags
	cmd := &cobra.Command{
		Use:   "rehearse PACK",
		Short: "Carry out a pack in a simulated tenant, and take it back",
		Long: `rehearse runs the scripts of a pack, as they stand there, in a PowerShell of this machine against a
simulated tenant: preflight, snapshot, every phase (dry run, apply up to the first hold, apply with
its holds named, verify), all of it a second time, which must write nothing, and the way back, which
must leave the tenant as it was. It stops at the first run that does not come out as it must. No
network and no real tenant is touched; records go to a folder that is removed. The simulation
behaves as Microsoft documents the service: that a pack comes through here does not replace a try in
a test tenant.

The tenant is new, unless --from names a snapshot that snapshot.ps1 wrote: then it has what the
snapshot saw, and what the plan would change there is adopted by name. What a snapshot lacks is as
the service makes it. In a new tenant stands what the plan builds on: what others make, and signing
that a first revision prepared.

--phase carries out the phases up to that one, itself included, and takes them back.

--fault lets something befall the change. The scripts must stop with the documented exit code, and
leave the tenant as it should be:

` + faultHelp() + `
Exit codes: 0 the pack came through, or stopped at the fault as it must; 3 it did not; 1 it could
not be rehearsed, for want of a PowerShell above all; 2 the pack, the snapshot or a flag cannot be
used.`,
		Example: "  exoplan rehearse agency-r2\n  exoplan rehearse agency-r2 --from exoplan-records/.../snapshot-20261125-140453-780.tenant.json\n" +
			"  exoplan rehearse agency-r2 --fault session-lost --json",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completePack,
		RunE: func(cmd *cobra.Command, args []string) error {
			return rehearse(cmd.Context(), env, args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "snapshot (.tenant.json) that the tenant begins as")
	flags.StringVar(&f.fault, "fault", "", "what befalls the change on its way")
	flags.StringVar(&f.phase, "phase", "", "the last phase to carry out, P1 to P9 (default: all)")
	flags.BoolVar(&f.asJSON, "json", false, "print one JSON document; what happens is shown beside it on a terminal")
	completes(cmd, "fault", completeFault)
	completes(cmd, "phase", cobra.NoFileCompletions)
	completes(cmd, "from", completeJSON)
	return cmd
}

// faultHelp lists what can befall a change, a line or two each.
func faultHelp() string {
	var b strings.Builder
	for _, x := range trial.Faults {
		fmt.Fprintf(&b, "  %-20s %s\n", x.Name, x.What)
		stops := fmt.Sprintf("stops with %d", x.Exit)
		if x.Exit == trial.ExitDone {
			stops = "comes through"
		}
		fmt.Fprintf(&b, "  %-20s %s; the tenant is %s\n", "", stops, x.After)
	}
	return b.String()
}

// completeFault completes the name of a fault.
func completeFault(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []cobra.Completion
	for _, x := range trial.Faults {
		names = append(names, cobra.CompletionWithDesc(x.Name, x.What))
	}
	return beginning(typed, names), cobra.ShellCompDirectiveNoFileComp
}

// completeJSON completes a file.
func completeJSON(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return []cobra.Completion{"json"}, cobra.ShellCompDirectiveFilterFileExt
}

// rehearse carries out a rehearsal, shows it and says what came of it.
func rehearse(ctx context.Context, env environment, dir string, f rehearseFlags) error {
	p, err := readPlanned(dir)
	if err != nil {
		return err
	}
	if err := p.runnable(); err != nil {
		return err
	}
	staged, err := stage(p, f)
	if err != nil {
		return err
	}
	e, err := pwsh.Find(env.getenv, exec.LookPath)
	if err != nil {
		return &failure{code: exitFailed, err: err, hint: "a rehearsal runs the scripts: install PowerShell 7, or name one with " + pwsh.Variable}
	}
	if err := staged.play(ctx, env, e, f); err != nil {
		return err
	}
	if f.asJSON {
		err = printJSON(env.out, staged.Record)
	}
	if err == nil && !staged.Passed {
		err = &failure{code: exitBlocked}
		if f.asJSON {
			err = &failure{code: exitBlocked, err: errors.New(staged.verdict())}
		}
	}
	return err
}

// runnable refuses a pack whose scripts are not those that were rendered: this machine runs them.
func (p planned) runnable() error {
	var wrong []string
	for _, path := range slices.Concat(p.Edited, p.Missing) {
		if strings.HasPrefix(path, "exchange-online/") {
			wrong = append(wrong, path)
		}
	}
	switch {
	case len(p.plan.Steps) == 0:
		return &failure{code: exitUsage, err: fmt.Errorf("%s: there is nothing to rehearse", p.Dir), hint: "the change is in DNS alone, and the pack holds no script"}
	case len(wrong) == 0:
		return nil
	}
	return &failure{
		code: exitUsage, err: fmt.Errorf("%s: not as rendered: %s", p.Dir, strings.Join(wrong, ", ")),
		hint: "only scripts that stand in SHA256SUMS are run; render the pack again",
	}
}

// staged is a rehearsal that is ready to be played.
type staged struct {
	trial.Record
	pack   trial.Pack
	tenant rehearsal.Tenant
	scenes func(log string) ([]trial.Scene, error)
}

// stage prepares the tenant and the scenes.
func stage(p planned, f rehearseFlags) (*staged, error) {
	abs, err := filepath.Abs(p.Dir)
	if err != nil {
		return nil, err
	}
	s := &staged{pack: trial.Pack{Plan: p.plan, Dir: abs, Fingerprint: p.fingerprint}}
	s.Record = trial.Record{Plan: p.fingerprint, Profile: p.Meta.Profile, Revision: p.Meta.Revision, Generator: generator(), Assumed: []string{}, Adopted: []string{}}
	phases := s.pack.Phases()
	if len(phases) == 0 {
		return nil, &failure{code: exitUsage, err: fmt.Errorf("%s: no script of this plan has anything to do", p.Dir)}
	}
	if f.phase != "" {
		if !slices.Contains(phases, f.phase) {
			return nil, &failure{code: exitUsage, err: fmt.Errorf("--phase: no script has anything to do in %q: there are %s", f.phase, strings.Join(phases, ", "))}
		}
		phases = s.pack.Until(f.phase)
	}
	s.Until = phases[len(phases)-1]
	s.Whole = len(phases) == len(s.pack.Phases())
	s.tenant = s.pack.Tenant("new")
	if err := s.begin(f.from); err != nil {
		return nil, err
	}
	before := trial.Published(slices.Concat(s.tenant.Objects, s.tenant.Seen["DkimSigningConfig"]))
	s.scenes = func(log string) ([]trial.Scene, error) {
		d := trial.Director{Pack: s.pack, Log: log, Mode: rehearsal.Full, Adopt: s.Adopted}
		return d.Lifecycle(phases, before...), nil
	}
	if f.fault == "" {
		return s, nil
	}
	x, err := trial.Named(f.fault)
	if err != nil {
		return nil, &failure{code: exitUsage, err: fmt.Errorf("--fault: %w", err)}
	}
	if f.phase != "" {
		return nil, &failure{code: exitUsage, err: errors.New("--phase and --fault exclude each other: a fault has its place in the plan")}
	}
	s.Fault, s.After = x.Name, x.After
	d := trial.Director{Pack: s.pack, Mode: rehearsal.Full, Adopt: s.Adopted}
	if _, err := x.Befall(d, &s.tenant); err != nil {
		return nil, &failure{code: exitUsage, err: fmt.Errorf("--fault: %w", err)}
	}
	s.scenes = func(log string) ([]trial.Scene, error) {
		d.Log = log
		none := s.tenant // what it changes there, it has changed already
		return x.Befall(d, &none, before...)
	}
	return s, nil
}

// begin says where the tenant begins: new, with what the plan builds on, or as a snapshot saw one.
func (s *staged) begin(from string) error {
	if from == "" {
		s.From = "a new tenant"
		s.tenant.Objects = s.pack.Made()
		for _, o := range s.tenant.Objects {
			s.Assumed = append(s.Assumed, o.Label())
		}
		return nil
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return &failure{code: exitUsage, err: fmt.Errorf("--from: %w", err)}
	}
	seen, err := rehearsal.ReadSnapshot(text)
	if err != nil {
		return &failure{code: exitUsage, err: prefixed(from+": ", err), hint: "snapshot.ps1 writes snapshot-<time>.tenant.json into the records"}
	}
	s.From, s.tenant.Seen = "the tenant of "+filepath.Base(from), seen
	if domains, is := seen["AcceptedDomain"]; is {
		s.tenant.Domains = nil
		for _, o := range domains {
			s.tenant.Domains = append(s.tenant.Domains, o.Label())
		}
	}
	for _, step := range s.pack.Steps {
		there := slices.ContainsFunc(seen[step.Noun], func(o rehearsal.Object) bool { return step.Name != "" && strings.EqualFold(o.Label(), step.Name) })
		if there && step.Owner == "" && !slices.Contains(s.Adopted, step.Name) {
			s.Adopted = append(s.Adopted, step.Name)
		}
	}
	return nil
}

// play carries out the rehearsal in a folder of its own.
func (s *staged) play(ctx context.Context, env environment, e pwsh.Engine, f rehearseFlags) (err error) {
	s.Date = env.today
	if s.PowerShell, err = e.Version(ctx); err != nil {
		return s.broken(ctx, err)
	}
	dir, err := os.MkdirTemp("", "exoplan-records-")
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	scenes, err := s.scenes(dir)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	w := env.out
	if f.asJSON {
		w = io.Discard
		if terminal(env.err, env.getenv) {
			w = env.err
		}
	}
	shown := newScreen(w, env.getenv, len(scenes))
	shown.head(s)
	s.Result, err = trial.Play(ctx, e, s.tenant, s.pack, scenes, time.Now, shown)
	shown.close()
	if err != nil {
		return s.broken(ctx, err)
	}
	shown.foot(s)
	return nil
}

// broken says why the rehearsal itself came to nothing.
func (s *staged) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errStopped
	}
	return &failure{code: exitFailed, err: fmt.Errorf("the rehearsal could not be carried out: %w", err)}
}

// verdict says in a line what came of it.
func (s *staged) verdict() string {
	switch {
	case !s.Passed && s.Fault != "":
		return s.Fault + ": the pack did not stop as it must"
	case !s.Passed:
		return "the pack did not come through"
	case s.Fault != "":
		return fmt.Sprintf("%s: the scripts did as they must, and the tenant is %s.", s.Fault, s.After)
	case !s.Whole:
		return fmt.Sprintf("The pack came through up to %s.", s.Until)
	}
	return "The pack came through."
}
