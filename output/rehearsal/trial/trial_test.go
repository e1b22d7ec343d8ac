package trial

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
)

// A scene that comes out other than it must is never taken for one that does not.
func TestJudge(t *testing.T) {
	scene := Scene{Action: rehearsal.Action{Script: "/x", Mode: rehearsal.Full}, Exits: []int{0, 2}}
	good := rehearsal.Outcome{HasExit: true, ExitCode: 2, ModuleMode: rehearsal.Full}
	if wrong := scene.Judge(good); len(wrong) > 0 {
		t.Errorf("what is right is %q", wrong)
	}
	checked := scene
	checked.Check = func(rehearsal.Outcome) error { return errors.New("not so") }
	writing := scene
	writing.Writes = true
	for _, tt := range []struct {
		name  string
		scene Scene
		spoil func(*rehearsal.Outcome)
		want  string
	}{
		{"exit code", scene, func(o *rehearsal.Outcome) { o.ExitCode = 20 }, "exit 20, and not [0 2]"},
		{"fault", scene, func(o *rehearsal.Outcome) { o.Faults = []string{"wrote under -WhatIf"} }, "wrote under -WhatIf"},
		{"error", scene, func(o *rehearsal.Outcome) { o.Errors = []string{"oh"} }, "oh"},
		{"leak", scene, func(o *rehearsal.Outcome) { o.Leaked = []string{"an object"} }, "an object"},
		{"thrown", scene, func(o *rehearsal.Outcome) { o.Thrown = true }, "ended with an error"},
		{"write", scene, func(o *rehearsal.Outcome) { o.Writes = make([]rehearsal.Write, 1) }, "1 writes, and none is due"},
		{"language mode", scene, func(o *rehearsal.Outcome) { o.ModuleMode = rehearsal.Constrained }, "ran in"},
		{"check", checked, func(*rehearsal.Outcome) {}, "not so"},
	} {
		o := good
		tt.spoil(&o)
		if got := strings.Join(tt.scene.Judge(o), "; "); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	if wrong := writing.Judge(rehearsal.Outcome{HasExit: true, ModuleMode: rehearsal.Full, Writes: make([]rehearsal.Write, 1)}); len(wrong) > 0 {
		t.Errorf("a write that is due is %q", wrong)
	}
}

// small is a plan of two phases.
var small = Pack{Dir: "/pack", Fingerprint: "f", Plan: design.Plan{Tenant: design.Tenant{ID: "id", Domain: "x.onmicrosoft.com"}, Steps: []design.Step{
	{ID: "HOLD-10", Kind: design.KindHold, Phase: "P1"},
	{ID: "STEP-11", Kind: design.KindStep, Phase: "P1", Noun: "TransportRule", Name: "a", Creates: true, Set: map[string]any{"StopRuleProcessing": true}},
	{ID: "STEP-21", Kind: design.KindStep, Phase: "P2", Noun: "TransportRule", Name: "a", Set: map[string]any{"Enabled": true}, Keep: "why"},
	{ID: "STEP-22", Kind: design.KindStep, Phase: "P2", Noun: "X", Name: "held", Open: []string{"who"}},
}}}

// The course of a rehearsal: there, again, and back in the reverse order.
func TestLifecycle(t *testing.T) {
	var names []string
	for _, s := range (Director{Pack: small, Adopt: []string{"a"}}).Lifecycle(small.Phases()) {
		names = append(names, strings.TrimSpace(s.Phase+" "+s.Part))
	}
	want := "by hand, preflight, snapshot, P1 dry run, P1 up to the hold, P1 apply, P1 verify, P2 dry run, P2 apply, P2 verify, P2 verify, all, " +
		"P1 second apply, P2 second apply, preflight, P2 dry run of the rollback, P2 rollback, P1 dry run of the rollback, P1 rollback"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("the course is\n%s\nand not\n%s", got, want)
	}
	apply := Director{Pack: small, Adopt: []string{"a", "other"}}.Apply("P2")[1]
	if names := apply.Arguments["Adopt"]; !slices.Equal(names.([]string), []string{"a"}) {
		t.Errorf("adopted are %v", names)
	}
	back := Director{Pack: small}.Back("P2")[1]
	if got := back.Arguments["Release"].([]string); len(got) != 1 || !strings.HasPrefix(got[0], "STEP-21=") {
		t.Errorf("released are %v", got)
	}
}

// What is announced and not done, or done and not announced, is told; what a run says is counted by
// the entry that it says it of.
func TestAccount(t *testing.T) {
	scenes := Director{Pack: small, Mode: rehearsal.Full}.Apply("P1")
	outcome := func(exit int, output string, writes int) rehearsal.Outcome {
		return rehearsal.Outcome{
			HasExit: true, ExitCode: exit, Output: output, ModuleMode: rehearsal.Full, Reads: map[string]int{"Get-TransportRule": 2},
			Writes: slices.Repeat([]rehearsal.Write{{Cmdlet: "New-TransportRule", Noun: "TransportRule", Name: "a", Parameters: map[string]any{"Name": "a"}}}, writes),
		}
	}
	a := &account{plan: small, scenes: scenes, cmdlets: map[string]bool{}, parameters: map[string]bool{}, objects: map[string]bool{}}
	a.take(outcome(2, "Waiting   HOLD-10  wait\nPending   STEP-11  create\nPending   STEP-99  not of the plan\nWARNING: STEP-11", 0), time.Second)
	a.take(outcome(22, "Stopped   HOLD-10  wait", 0), time.Second)
	if a.failed() {
		t.Fatal(a.Problems)
	}
	a.take(outcome(0, "Passed    HOLD-10  x\r\nNoChange  STEP-11  a", 0), time.Second)
	if got := strings.Join(a.Problems, "; "); got != "apply -Phase P1: changes announced: true; made: false" {
		t.Errorf("problems are %q", got)
	}
	r := a.result(nil, 3*time.Second)
	if r.Passed || r.Totals.Runs != 3 || r.Totals.Reads != 6 || r.Totals.Steps != 1 || r.Runs[2].Said == "" {
		t.Errorf("%+v", r.Totals)
	}
	var got []string
	for _, o := range r.Steps[1].Outcomes {
		got = append(got, o.Outcome)
	}
	if strings.Join(got, " ") != "Pending NoChange" || r.Steps[1].Outcomes[1].Run != 3 {
		t.Errorf("outcomes of %s are %+v", r.Steps[1].ID, r.Steps[1].Outcomes)
	}
}

// Every fault says what befalls, and a plan that has nothing for it says so.
func TestFaults(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Faults {
		if f.Name == "" || f.What == "" || f.After == "" || seen[f.Name] {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
		if got, err := Named(f.Name); err != nil || got.Name != f.Name {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if _, err := Named("rain"); err == nil || !strings.Contains(err.Error(), "session-lost") {
		t.Errorf("no fault of that name: %v", err)
	}
	for _, name := range []string{"dns-not-visible", "connectors-disabled", "session-lost"} {
		f, _ := Named(name)
		if _, err := f.Befall(Director{Pack: small}, &rehearsal.Tenant{}); !errors.Is(err, errNothing) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
