package templates

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// with answers questions of a profile anew, as --set does.
func with(t testing.TB, p *profiles.Profile, assignments ...string) *profiles.Profile {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, p)
	if err := s.Set(assignments); err != nil {
		t.Fatal(err)
	}
	return s.Profile()
}

func resolve(t testing.TB, p *profiles.Profile) *design.Design {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	return design.Resolve(profiles.Evaluate(c, ps, p), ps)
}

func render(t testing.TB, p *profiles.Profile) (*design.Design, []output.File) {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	text, err := profiles.EncodeUsed(profiles.Evaluate(c, ps, p))
	if err != nil {
		t.Fatal(err)
	}
	d := resolve(t, p)
	files, err := Render(d, Options{Generator: "exoplan test", Profile: text})
	if err != nil {
		t.Fatal(err)
	}
	return d, files
}

// A pack on disk.
type pack struct {
	*design.Design
	dir, plan string
	tried     trial.Pack
}

func write(t testing.TB, p *profiles.Profile) pack {
	t.Helper()
	d, files := render(t, p)
	return onDisk(t, d, files)
}

// onDisk writes the files of a design.
func onDisk(t testing.TB, d *design.Design, files []output.File) pack {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	if _, err := output.Write(dir, files, output.Options{}); err != nil {
		t.Fatal(err)
	}
	text, fingerprint, err := d.Plan()
	if err != nil {
		t.Fatal(err)
	}
	plan, err := design.ReadPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	return pack{d, dir, fingerprint, trial.Pack{Plan: plan, Dir: dir, Fingerprint: fingerprint}}
}

func (p pack) script(name string) string { return p.tried.Script(name) }
func (p pack) phases() []string          { return p.tried.Phases() }
func (p pack) has(phase string) bool     { return slices.Contains(p.phases(), phase) }
func (p pack) named(phase string, wanted func(design.Step) bool) []string {
	return p.tried.Named(phase, wanted)
}

// domains returns those that the customer named: the tenant has them before anything is run.
func (p pack) domains() []string {
	var names []string
	for _, item := range p.Profile.Answers[profiles.Ref{Question: "domains"}].Value.([]catalog.Item) {
		names = append(names, item.Value)
	}
	return names
}

func isHold(s design.Step) bool    { return trial.IsHold(s) }
func isKept(s design.Step) bool    { return trial.IsKept(s) }
func holdsBack(s design.Step) bool { return trial.HoldsBack(s) }
func isRunStep(s design.Step) bool { return s.Kind == design.KindStep && !s.Held() }

// A scene is an action and what shall come of it.
type scene struct {
	rehearsal.Action
	pack   pack
	script string
	exits  []int
	writes bool // whether it may change the tenant
	check  func(t *testing.T, o rehearsal.Outcome)
}

// A play is a tenant, a log folder and the scenes so far.
type play struct {
	t      *testing.T
	tenant rehearsal.Tenant
	log    string
	mode   string
	scenes []scene
}

func newPlay(t *testing.T, p pack, mode, start string) *play {
	t.Helper()
	tenant := p.tried.Tenant(start)
	tenant.Domains = p.domains()
	return &play{t: t, mode: mode, log: filepath.Join(t.TempDir(), "records"), tenant: tenant}
}

// of directs a pack in this play.
func (y *play) of(p pack) trial.Director {
	return trial.Director{Pack: p.tried, Log: y.log, Mode: y.mode}
}

// run adds a scene: a script of a pack, its arguments in pairs, the exit code.
func (y *play) run(p pack, script string, exit int, args ...any) *scene {
	y.take(p, y.of(p).Run(script, exit, args...))
	return &y.scenes[len(y.scenes)-1]
}

// take adds scenes of a trial with a pack.
func (y *play) take(p pack, scenes ...trial.Scene) {
	for _, s := range scenes {
		added := scene{Action: s.Action, pack: p, script: strings.TrimSuffix(filepath.Base(s.Script), ".ps1"), exits: s.Exits, writes: s.Writes}
		if s.Check != nil {
			added.check = func(t *testing.T, o rehearsal.Outcome) {
				if err := s.Check(o); err != nil {
					t.Errorf("%s: %v", o.Name, err)
				}
			}
		}
		y.scenes = append(y.scenes, added)
	}
}

// edit adds changes by hand.
func (y *play) edit(edits ...rehearsal.Edit) {
	y.scenes = append(y.scenes, scene{Action: rehearsal.Action{Name: "by hand", Set: edits}})
}

// perform plays all scenes in one PowerShell, and checks what holds for every script and that no
// write of it protects mail less. It returns the outcomes.
func (y *play) perform(e pwsh.Engine) []rehearsal.Outcome {
	y.t.Helper()
	outcomes := y.act(e)
	leaks := y.leaks(outcomes)
	for _, l := range leaks[:min(len(leaks), 10)] {
		y.t.Error(l)
	}
	if len(leaks) > 10 {
		y.t.Errorf("and %d leaks more", len(leaks)-10)
	}
	return outcomes
}

// act plays all scenes and checks what holds for every script: its exit code, no fault, no write
// where none is due.
func (y *play) act(e pwsh.Engine) []rehearsal.Outcome {
	y.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	actions := make([]rehearsal.Action, len(y.scenes))
	for i, s := range y.scenes {
		actions[i] = s.Action
	}
	outcomes, err := rehearsal.Run(ctx, e, y.tenant, actions)
	if err != nil {
		y.t.Fatal(err)
	}
	for i, o := range outcomes {
		s := y.scenes[i]
		if s.Script == "" {
			continue
		}
		for _, wrong := range (trial.Scene{Action: s.Action, Exits: s.exits, Writes: s.writes}).Judge(o) {
			y.t.Errorf("scene %d, %s: %s\n%s", i, o.Name, wrong, o.Output)
		}
		if s.check != nil {
			s.check(y.t, o)
		}
		if y.t.Failed() {
			y.t.Fatalf("stopped at scene %d", i) // what follows follows from it
		}
	}
	return outcomes
}

// applyAll adds what a change window does: for each phase a look, the change, a check.
func (y *play) applyAll(p pack) { y.take(p, y.of(p).ApplyAll(p.phases())...) }

// either lets the last scene end with another exit code too.
func (y *play) either(exit int) {
	s := &y.scenes[len(y.scenes)-1]
	s.exits = append(s.exits, exit)
}

func (p pack) In(phase string) []design.Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s design.Step) bool { return s.Phase != phase })
}

// rollbackAll adds the way back, phase by phase in reverse. Where apply changed nothing there
// is nothing to take back.
func (y *play) rollbackAll(p pack) { y.take(p, y.of(p).BackAll(p.phases())...) }

// TestLifecycle carries out every example in both language modes, once from a new tenant and once
// from one with a past: there, again, and back to the state of the start. What a mode refuses and
// what a start holds have nothing to do with each other, so each stands in one of the two.
func TestLifecycle(t *testing.T) {
	e := pwshtest.Engine(t)
	for _, name := range profiles.Examples() {
		if len(resolve(t, profilestest.Example(t, name)).Steps) == 0 { // it has no script
			continue
		}
		for mode, start := range map[string]string{rehearsal.Full: "new", rehearsal.Constrained: "past"} {
			t.Run(name+"/"+mode+"/"+start, func(t *testing.T) {
				t.Parallel()
				p := profilestest.Example(t, name)
				if start == "past" {
					p = standing(t, p)
				}
				lifecycle(t, e, write(t, p), mode, start)
			})
		}
	}
}

// standing answers for a tenant with a past, which has a connector that refuses all but its own
// gateway. Where that cannot be, the connector is cleared before.
func standing(t *testing.T, p *profiles.Profile) *profiles.Profile {
	t.Helper()
	stays := taken(t, with(t, p, "tenant.stays=restricts-everybody"))
	if len(resolve(t, stays).Blocking()) > 0 {
		return p
	}
	return stays
}

func lifecycle(t *testing.T, e pwsh.Engine, p pack, mode, start string) {
	t.Helper()
	y := newPlay(t, p, mode, start)
	y.tenant.Objects = p.tried.Made()
	y.take(p, y.of(p).Lifecycle(p.phases(), published(p)...)...)
	outcomes := y.perform(e)
	restored(t, outcomes[0], outcomes[len(outcomes)-1])
}

// restored checks that the tenant is what it was, but for what cannot be taken back.
func restored(t *testing.T, before, after rehearsal.Outcome) {
	t.Helper()
	if lines := before.State.NotBack(after.State); len(lines) > 0 {
		t.Errorf("after the way back the tenant differs:\n%s", strings.Join(lines, "\n"))
	}
}

// published is what the DNS team does between two revisions.
func published(p pack) []rehearsal.Edit { return trial.Published(p.tried.Made()) }

// TestDomainsOfThePlan: a rehearsal that knows the plan alone gives the tenant domains that the
// customer named, and each of which some step needs.
func TestDomainsOfThePlan(t *testing.T) {
	for _, name := range profiles.Examples() {
		p := write(t, profilestest.Example(t, name))
		got := p.tried.Domains()
		for _, d := range got {
			if !slices.Contains(p.domains(), d) {
				t.Errorf("%s: nobody named %s", name, d)
			}
		}
		for _, s := range p.Steps {
			if s.Noun == "DkimSigningConfig" && !s.Held() && !slices.Contains(got, s.Name) {
				t.Errorf("%s: %s is not verified, and %s needs it", name, s.Name, s.ID)
			}
		}
	}
}
