package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/journal"
	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
)

// tried is the program, a pack that it rendered, and the folder for what the scripts write down.
type tried struct {
	planned
	t       *testing.T
	program string
	in      string // the folder to run it in; that of the test when empty
	log     string
}

// try builds the program and renders the cloud example with it.
func try(t *testing.T) tried {
	t.Helper()
	dir := t.TempDir()
	y := tried{t: t, program: built(t)}
	y.run("render", "example:cloud", "-o", filepath.Join(dir, "pack"))
	p, err := readPlanned(filepath.Join(dir, "pack"))
	if err != nil {
		t.Fatal(err)
	}
	y.planned, y.log = p, filepath.Join(dir, besidePacks, p.plan.Tenant.ID)
	return y
}

// perform has PowerShell run scripts of the pack: each a name, its exit code and its arguments.
func (y tried) perform(e pwsh.Engine, runs ...[]any) {
	y.t.Helper()
	t, p := y.t, y.planned
	tenant := rehearsal.Tenant{TenantID: p.plan.Tenant.ID, Prefix: strings.TrimSuffix(p.plan.Tenant.Domain, ".onmicrosoft.com")}
	for _, s := range p.plan.Steps {
		if s.Noun == "AcceptedDomain" {
			tenant.Domains = append(tenant.Domains, s.Name)
		}
	}
	var actions []rehearsal.Action
	for _, r := range runs {
		script := r[0].(string)
		arguments := map[string]any{}
		if script == "apply" || script == "rollback" {
			arguments["ApprovedPlan"], arguments["Confirm"] = p.fingerprint, false
		}
		for i := 2; i+1 < len(r); i += 2 {
			arguments[r[i].(string)] = r[i+1]
		}
		actions = append(actions, rehearsal.Action{Name: script, Script: filepath.Join(p.Dir, "exchange-online", script+".ps1"), Arguments: arguments})
	}
	outcomes, err := rehearsal.Run(t.Context(), e, tenant, actions)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		if err := o.Clean(runs[i][1].(int)); err != nil {
			t.Fatal(err)
		}
	}
}

// run runs the program and returns what it printed.
func (y tried) run(args ...string) string {
	y.t.Helper()
	cmd := exec.CommandContext(y.t.Context(), y.program, args...)
	cmd.Dir = y.in
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		y.t.Fatalf("%v: %v\n%s%s", args, err, out, said.String())
	}
	return string(out)
}

// named are the holds of a phase, acknowledged.
func (p planned) named(phase string) []string {
	var out []string
	for _, s := range p.plan.Steps {
		if s.Phase == phase && s.Kind == "hold" && !s.Held() {
			out = append(out, s.ID+"=Priya R; seen with my own eyes")
		}
	}
	return out
}

// TestRealRuns: what scripts write down is what status and report say, and where a rehearsal begins.
func TestRealRuns(t *testing.T) {
	e := pwshtest.Engine(t)
	y := try(t)
	status := func(args ...string) standing {
		t.Helper()
		var s standing
		if err := json.Unmarshal([]byte(y.run(append([]string{"status", y.Dir, "--json"}, args...)...)), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := status(); s.Next == nil || s.Next.Phase != "P1" || len(s.Notes) != 2 || !strings.Contains(s.Notes[1], y.log) {
		t.Errorf("before anything: %+v", s)
	}
	y.perform(e,
		[]any{"preflight", 0}, []any{"snapshot", 0},
		[]any{"apply", 22, "Phase", "P1"},
		[]any{"apply", 0, "Phase", "P1", "Acknowledge", y.named("P1")},
		[]any{"verify", 0, "Phase", "P1"},
		[]any{"apply", 22, "Phase", "P7"},
	)
	s := status()
	phases := map[string]phaseStanding{}
	for _, p := range s.Phases {
		phases[p.ID] = p
	}
	if p := phases["P1"]; p.State != journal.Done || p.Done != p.Of || p.Of == 0 || p.Since == "" {
		t.Errorf("P1 is %+v", p)
	}
	if p := phases["P2"]; p.State != journal.Open {
		t.Errorf("P2 is %+v", p)
	}
	if len(s.Holds) != 1 || s.Holds[0].Phase != "P7" || s.Holds[0].By != "admin@marinerswelfare.onmicrosoft.com" || s.Holds[0].Since == "" {
		t.Errorf("open holds are %+v", s.Holds)
	}
	if s.Next == nil || s.Next.Phase != "P2" || !strings.Contains(s.Next.Command, y.fingerprint) {
		t.Errorf("next is %+v", s.Next)
	}
	for _, p := range phases["P1"].Entries {
		if p.Kind == "hold" && !strings.HasPrefix(p.Detail, "Priya R; seen with my own eyes") || p.State == journal.Done && p.By == "" {
			t.Errorf("%+v", p)
		}
	}

	report := y.run("report", y.Dir)
	for _, want := range []string{
		"| passed | " + phases["P1"].Entries[0].Since + " | admin@marinerswelfare.onmicrosoft.com | Priya R; seen with my own eyes (no name server could be asked for ",
		"| TransportConfig | done | ", "set TransportConfig: AllowLegacyTLSClients not set -&gt; no |", "a run stopped at the hold", ", after P1. Steps as planned: ",
	} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q", want)
		}
	}

	// Without a pack the plan at work last is found beside the records.
	y.in = filepath.Dir(y.Dir)
	if text := y.run("status"); !strings.Contains(text, "mariners-welfare revision") || !strings.Contains(text, s.Holds[0].ID+"  since "+s.Holds[0].Since) {
		t.Errorf("without a pack:\n%s", text)
	}
	// A run that was killed tears its line.
	path := filepath.Join(y.log, journal.File)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text[:len(text)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	if s := status(); len(s.Holds) != 0 || len(s.Notes) != 1 || !strings.Contains(s.Notes[0], "breaks off") {
		t.Errorf("torn: %+v", s)
	}
	// A rehearsal begins as the snapshot saw the tenant.
	found, err := filepath.Glob(filepath.Join(y.log, "snapshot-*.tenant.json"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	y.rehearse(e, found[0])
}

// rehearse rehearses the first phase of the pack, in a tenant as a snapshot saw one, and in one that
// lacks a domain.
func (y tried) rehearse(e pwsh.Engine, snapshot string) {
	t := y.t
	t.Helper()
	t.Setenv(pwsh.Variable, e.Path)
	var r trial.Record
	text := y.run("rehearse", y.Dir, "--phase", "P1", "--from", snapshot, "--json")
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if x := r.Totals; !r.Passed || r.Whole || r.Plan != y.fingerprint || x.Writes == 0 || x.Reads < x.Runs || x.SecondWrites != 0 || x.Differences != 0 || x.Calls != x.Reads+x.Writes {
		t.Errorf("%+v", r)
	}
	i := slices.IndexFunc(r.Steps, func(s trial.Step) bool { return s.ID == "STEP-142" })
	var outcomes []string
	for _, o := range r.Steps[i].Outcomes {
		outcomes = append(outcomes, o.Outcome)
	}
	if got := strings.Join(outcomes, " "); got != "Pending Changed Pass Pass NoChange Pending Undone" {
		t.Errorf("STEP-142 came out as %s", got)
	}

	file := filepath.Join(t.TempDir(), "rehearsal.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	report := y.run("report", y.Dir, "--rehearsal", file)
	for _, want := range []string{"\n## 6. Rehearsal\n", "The pack came through (up to P1, not further).", "| Writes of the second apply | 0 |", "a simulation of the tenant of snapshot-"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q", want)
		}
	}

	// A pack that does not come through: exit 3, what was not as it must be, what the script said.
	lacking := filepath.Join(t.TempDir(), "lacking.json")
	if err := os.WriteFile(lacking, []byte(`{"AcceptedDomain": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), y.program, "rehearse", y.Dir, "--phase", "P1", "--from", lacking)
	out, _ := cmd.CombinedOutput() // its exit code says it
	if code := cmd.ProcessState.ExitCode(); code != exitBlocked {
		t.Errorf("exit %d", code)
	}
	for _, want := range []string{"✗ P1  dry run", "apply -Phase P1 -WhatIf: exit 20, and not [2 0]", "does not exist, and no cmdlet makes it"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("nobody says %q:\n%s", want, out)
		}
	}
}
