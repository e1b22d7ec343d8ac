package templates

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
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
}

func write(t testing.TB, p *profiles.Profile) pack {
	t.Helper()
	d, files := render(t, p)
	dir := filepath.Join(t.TempDir(), "pack")
	if _, err := output.Write(dir, files, output.Options{}); err != nil {
		t.Fatal(err)
	}
	_, plan, err := d.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return pack{d, dir, plan}
}

func (p pack) script(name string) string {
	return filepath.Join(p.dir, "exchange-online", name+".ps1")
}

// phases returns those in which a script has something to do.
func (p pack) phases() []string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, s.Phase)
	}
	return slices.Compact(out)
}

// named returns 'ID=name; reason' for the entries of a phase that want it.
func (p pack) named(phase string, wanted func(design.Step) bool) []string {
	var out []string
	for _, s := range p.Steps {
		if s.Phase == phase && !s.Held() && wanted(s) {
			out = append(out, s.ID+"=Priya R; tried in the rehearsal")
		}
	}
	return out
}

// domains returns those of the plan: the tenant has them before anything is run.
func (p pack) domains() []string {
	var names []string
	for _, item := range p.Profile.Answers[profiles.Ref{Question: "domains"}].Value.([]catalog.Item) {
		names = append(names, item.Value)
	}
	return names
}

func isHold(s design.Step) bool      { return s.Kind == design.KindHold }
func isKept(s design.Step) bool      { return s.Keep != "" }
func holdsBack(s design.Step) bool   { return s.Kind == design.KindHold && s.Back != "" }
func isRunStep(s design.Step) bool   { return s.Kind == design.KindStep && !s.Held() }
func (p pack) has(phase string) bool { return slices.Contains(p.phases(), phase) }

// allow names what the plan lets be written. The order of rules is written as their priority.
func (p pack) allow() map[string][]string {
	m := map[string][]string{}
	for _, s := range p.Steps {
		noun := s.Noun
		if noun == "TransportRuleOrder" {
			m["TransportRule"] = append(m["TransportRule"], "Priority")
			continue
		}
		for _, part := range []map[string]any{s.Given, s.New, s.Set, s.Add} {
			m[noun] = append(m[noun], slices.Collect(maps.Keys(part))...)
		}
	}
	return m
}

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
	return &play{
		t: t, mode: mode, log: filepath.Join(t.TempDir(), "records"),
		tenant: rehearsal.Tenant{
			Start: start, TenantID: p.Cover.TenantID, Prefix: strings.TrimSuffix(p.Cover.TenantDomain, ".onmicrosoft.com"), Names: map[string]string{},
			Domains: p.domains(),
		},
	}
}

// run adds a scene: a script of a pack, its arguments in pairs, the exit code.
func (y *play) run(p pack, script string, exit int, args ...any) *scene {
	name := script
	m := map[string]any{"LogDirectory": y.log}
	if script == "apply" || script == "rollback" {
		m["ApprovedPlan"], m["Confirm"] = p.plan, false
	}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
		if args[i] == "Phase" || args[i] == "WhatIf" {
			name = fmt.Sprintf("%s -%v %v", name, args[i], args[i+1])
		}
	}
	if m["WhatIf"] == true {
		delete(m, "Confirm")
	}
	y.scenes = append(y.scenes, scene{
		Action: rehearsal.Action{Name: name, Script: p.script(script), Arguments: m, Mode: y.mode, Allow: p.allow()},
		pack:   p, script: script, exits: []int{exit}, writes: exit == 0 && script == "apply" || exit == 30,
	})
	return &y.scenes[len(y.scenes)-1]
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
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
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
		bad := func(format string, args ...any) {
			y.t.Errorf("scene %d, %s: %s\n%s", i, o.Name, fmt.Sprintf(format, args...), o.Output)
		}
		if !slices.Contains(s.exits, o.ExitCode) {
			bad("exit %d, want %d", o.ExitCode, s.exits)
		}
		if len(o.Faults) > 0 || len(o.Errors) > 0 || len(o.Leaked) > 0 || o.Thrown {
			bad("faults %q, errors %q, leaked %q", o.Faults, o.Errors, o.Leaked)
		}
		if !s.writes && len(o.Writes) > 0 {
			bad("%d writes, none is due", len(o.Writes))
		}
		if o.ModuleMode != y.mode {
			bad("the module ran in %q", o.ModuleMode)
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
func (y *play) applyAll(p pack) {
	for _, phase := range p.phases() {
		y.applyPhase(p, phase)
	}
}

func (y *play) applyPhase(p pack, phase string) {
	wrote := false // what a dry run announces comes true, and nothing else
	pending := false
	y.run(p, "apply", 2, "Phase", phase, "WhatIf", true).check = func(_ *testing.T, o rehearsal.Outcome) { pending = o.ExitCode == 2 }
	y.either(0)
	if holds := p.named(phase, isHold); len(holds) > 0 {
		s := y.run(p, "apply", 22, "Phase", phase)
		s.writes = true // what stands before the hold is done
		s.check = func(_ *testing.T, o rehearsal.Outcome) { wrote = len(o.Writes) > 0 }
	}
	y.run(p, "apply", 0, "Phase", phase, "Acknowledge", p.named(phase, isHold)).check = func(t *testing.T, o rehearsal.Outcome) {
		if wrote = wrote || len(o.Writes) > 0; wrote != pending {
			t.Errorf("phase %s: announced %t, written %t", phase, pending, wrote)
		}
	}
	y.run(p, "verify", 0, "Phase", phase)
}

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
func (y *play) rollbackAll(p pack) {
	for _, phase := range slices.Backward(p.phases()) {
		named := []any{"Phase", phase, "Acknowledge", p.named(phase, holdsBack), "Release", p.named(phase, isKept)}
		pending := false
		y.run(p, "rollback", 2, append(named, "WhatIf", true)...).check = func(_ *testing.T, o rehearsal.Outcome) { pending = o.ExitCode == 2 }
		y.either(0)
		y.run(p, "rollback", 30, named...).check = func(t *testing.T, o rehearsal.Outcome) {
			if pending != (o.ExitCode == 30) || pending != (len(o.Writes) > 0) {
				t.Errorf("phase %s: announced %t, exit %d, %d writes", phase, pending, o.ExitCode, len(o.Writes))
			}
		}
		y.either(0)
	}
}

// TestLifecycle carries out every example in both language modes, once from a new tenant and once
// from one with a past: there, again, and back to the state of the start. What a mode refuses and
// what a start holds have nothing to do with each other, so each stands in one of the two.
func TestLifecycle(t *testing.T) {
	e := pwshtest.Engine(t)
	for _, name := range profiles.Examples() {
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
	y.tenant.Objects = made(p)
	y.edit(published(p)...)
	y.run(p, "preflight", 0)
	y.run(p, "snapshot", 0)
	y.applyAll(p)
	y.run(p, "verify", 0)
	for _, phase := range p.phases() {
		s := y.run(p, "apply", 0, "Phase", phase)
		s.writes = false
	}
	y.run(p, "preflight", 0)
	y.rollbackAll(p)
	outcomes := y.perform(e)
	restored(t, outcomes[0], outcomes[len(outcomes)-1])
}

// restored checks that the tenant is what it was.
func restored(t *testing.T, before, after rehearsal.Outcome) {
	t.Helper()
	if before.State.String() != after.State.String() {
		t.Errorf("after the way back the tenant differs:\n%s", strings.Join(before.State.Difference(after.State), "\n"))
	}
}

// made is what a first revision left in the tenant: signing is prepared for the domains whose
// selectors the profile knows. What somebody else makes is there as well.
func made(p pack) []rehearsal.Object {
	out := owned(p.Steps)
	for _, s := range p.Steps {
		if s.Noun == "DkimSigningConfig" && len(s.Expect) > 0 && !s.Held() {
			out = append(out, rehearsal.Object{Noun: s.Noun, Values: map[string]any{
				"Domain": s.Name, "Enabled": false, "Selector1KeySize": 2048, "Selector2KeySize": 2048,
				"Selector1CNAME": s.Expect["Selector1CNAME"], "Selector2CNAME": s.Expect["Selector2CNAME"],
			}})
		}
	}
	return out
}

// owned is what the steps say that somebody else makes, as it should be in the end.
func owned(steps []design.Step) []rehearsal.Object {
	var out []rehearsal.Object
	for _, s := range steps {
		if s.Owner == "" || s.Held() {
			continue
		}
		key := map[bool]string{true: "DomainName", false: "Name"}[s.Noun == "AcceptedDomain"]
		i := slices.IndexFunc(out, func(o rehearsal.Object) bool { return o.Noun == s.Noun && o.Values[key] == s.Name })
		if i < 0 {
			i = len(out)
			out = append(out, rehearsal.Object{Noun: s.Noun, Values: map[string]any{key: s.Name}})
		}
		maps.Copy(out[i].Values, s.Expect)
		maps.Copy(out[i].Values, s.Includes)
	}
	return out
}

// published is what the DNS team does between two revisions.
func published(p pack) []rehearsal.Edit {
	var out []rehearsal.Edit
	for _, o := range made(p) {
		if domain, signs := o.Values["Domain"].(string); signs {
			out = append(out, rehearsal.Edit{Publish: domain})
		}
	}
	return out
}
