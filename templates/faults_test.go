package templates

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// both runs a test in both language modes.
func both(t *testing.T, f func(t *testing.T, mode string)) {
	t.Helper()
	for _, mode := range []string{rehearsal.Full, rehearsal.Constrained} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			f(t, mode)
		})
	}
}

// strict runs a test in Constrained Language Mode alone: it looks at what the scripts decide. That they
// run in both modes, the lifecycles show.
func strict(t *testing.T, f func(t *testing.T, mode string)) {
	t.Helper()
	t.Parallel()
	f(t, rehearsal.Constrained)
}

// says checks that a scene said what it should.
func (s *scene) says(texts ...string) *scene {
	before := s.check
	s.check = func(t *testing.T, o rehearsal.Outcome) {
		t.Helper()
		if before != nil {
			before(t, o)
		}
		for _, text := range texts {
			if !strings.Contains(o.Output, text) {
				t.Errorf("%s does not say %q:\n%s", o.Name, text, o.Output)
			}
		}
	}
	return s
}

// find returns the first step that a test is looking for.
func (p pack) find(t *testing.T, wanted func(design.Step) bool) design.Step {
	t.Helper()
	i := slices.IndexFunc(p.Steps, wanted)
	if i < 0 {
		t.Fatal("the plan has no such step")
	}
	return p.Steps[i]
}

var scripts = []string{"preflight", "snapshot", "apply", "verify", "rollback"}

// TestEditedScript: whatever a script says other than the plan, it stops with 12 before it
// reads anything of the tenant.
func TestEditedScript(t *testing.T) {
	e := pwshtest.Engine(t)
	block := regexp.MustCompile(`(?s)    # STEP-\d+[^\r]*\r\n(?:    #[^\r]*\r\n)+    @\{\r\n.*?\r\n    \}\r\n`)
	edits := []struct {
		name string
		edit func(string) string
	}{
		{"a value changed", func(s string) string { return strings.Replace(s, "RequireTls = $false", "RequireTls = $true", 1) }},
		{"a text changed in case alone", func(s string) string { return strings.Replace(s, `\[SEC=PROTECTED`, `\[SEC=protected`, 1) }},
		{"a name changed", func(s string) string {
			return strings.Replace(s, "Name = 'Inbound-connector-from-TIDEGATE'", "Name = 'Inbound-connector-from-tidegate2'", 1)
		}},
		{"a noun changed", func(s string) string { return strings.Replace(s, "Noun = 'ArcConfig'", "Noun = 'TransportConfig'", 1) }},
		{"a property added", func(s string) string {
			return strings.Replace(s, "RequireTls = $false", "RequireTls = $false\r\n            Comment = 'x'", 1)
		}},
		{"an expectation dropped", func(s string) string { return strings.Replace(s, "Expect = @{", "Given = @{", 1) }},
		{"a step deleted", func(s string) string { return block.ReplaceAllLiteralString(s, "") }},
		{"two steps swapped", func(s string) string {
			at := block.FindAllStringIndex(s, 2)
			a, b := s[at[0][0]:at[0][1]], s[at[1][0]:at[1][1]]
			return s[:at[0][0]] + b + s[at[0][1]:at[1][0]] + a + s[at[1][1]:]
		}},
		{"a step said twice", func(s string) string {
			at := block.FindStringIndex(s)
			return s[:at[1]] + s[at[0]:at[1]] + s[at[1]:]
		}},
		{"a keep dropped", func(s string) string { return regexp.MustCompile(`        Keep = [^\r]*\r\n`).ReplaceAllString(s, "") }},
		{"a hold's text changed", func(s string) string { return strings.Replace(s, "At least 7 days", "At least 1 day", 1) }},
		{"a phase changed", func(s string) string { return strings.Replace(s, "Phase = 'P7'", "Phase = 'P3'", 1) }},
		{"another plan named", func(s string) string { return regexp.MustCompile(`Plan = '..`).ReplaceAllString(s, "Plan = 'ff") }},
	}
	both(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		y := newPlay(t, p, mode, "new")
		for _, script := range scripts {
			text, err := os.ReadFile(p.script(script))
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range edits {
				if script != "apply" && i%3 != 0 { // the comparison is the same in all of them
					continue
				}
				edited := x.edit(string(text))
				if edited == string(text) {
					t.Fatalf("%s: %s: the edit found nothing", script, x.name)
				}
				name := fmt.Sprintf("%s-%d", script, i)
				if err := os.WriteFile(p.script(name), []byte(edited), 0o600); err != nil {
					t.Fatal(err)
				}
				var args []any
				if script == "apply" || script == "rollback" {
					args = []any{"Phase", "P1"}
				}
				s := y.run(p, script, 12, args...)
				s.Script, s.Name = p.script(name), script+": "+x.name
				s.check = func(t *testing.T, o rehearsal.Outcome) {
					if len(o.Reads) > 0 {
						t.Errorf("%s: the tenant was read: %v", o.Name, o.Reads)
					}
				}
			}
		}
		y.perform(e)
	})
}

// TestSession: a script runs in a session of Exchange Online, and only the approved plan. What else
// can be wrong with a session is among the faults.
func TestSession(t *testing.T) {
	e := pwshtest.Engine(t)
	both(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		y := newPlay(t, p, mode, "new")
		y.edit(rehearsal.Edit{Options: &rehearsal.Options{Connections: []rehearsal.Connection{{Eop: true}}}})
		y.run(p, "preflight", 10).says("One connection")
		y.edit(rehearsal.Edit{Options: &rehearsal.Options{}})
		y.run(p, "apply", 12, "Phase", "P1", "ApprovedPlan", strings.Repeat("0", 64)).says(p.plan)
		y.run(p, "apply", 10, "Phase", "P0").says("no step in phase P0")
		y.run(p, "apply", 10, "Phase", "P3", "OnlyStep", []string{"STEP-720"}).says("no step STEP-720")
		y.run(p, "apply", 10, "Phase", "P3", "Adopt", []string{"Nobody"}).says("names no object 'Nobody'")
		y.run(p, "apply", 10, "Phase", "P5", "Acknowledge", []string{"HOLD-510"}).says("'ID=name; reason'")
		y.run(p, "apply", 10, "Phase", "P5", "Acknowledge", []string{"HOLD-999=A; b"}).says("no HOLD-999")
		inside := y.run(p, "apply", 10, "Phase", "P1")
		inside.Arguments["LogDirectory"] = filepath.Join(p.dir, "logs")
		inside.says("may not lie inside a pack")
		y.perform(e)
	})
}

// TestByHand: a value that a person changed is found by verify, and rollback does not overwrite
// it.
func TestByHand(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		connector := p.find(t, func(s design.Step) bool { return s.Noun == "InboundConnector" && s.Phase == "P7" })
		y := newPlay(t, p, mode, "new")
		y.edit()
		y.applyAll(p)
		byHand := func(property string, value any) {
			y.edit(rehearsal.Edit{Noun: connector.Noun, Name: connector.Name, Values: map[string]any{property: value}})
		}
		byHand("TlsSenderCertificateName", "relay.someone.example")
		y.run(p, "verify", 21).says("STEP-720", `TlsSenderCertificateName is "relay.someone.example", not "relay.harbours.tidegate.example"`)
		y.run(p, "rollback", 31, "Phase", "P7").says("was changed since", "relay.someone.example").writes = true // what was made after it went first
		y.run(p, "rollback", 20, "Phase", "P7", "WhatIf", true).says("Refused")
		byHand("TlsSenderCertificateName", "relay.harbours.tidegate.example")
		y.run(p, "rollback", 31, "Phase", "P3", "Release", p.named("P3", isKept)).says("take it back first")
		s := y.run(p, "rollback", 31, "Phase", "P7")
		s.Arguments["LogDirectory"] = filepath.Join(t.TempDir(), "elsewhere")
		s.says("no apply of this plan is journalled in", "elsewhere")
		y.run(p, "rollback", 30, "Phase", "P7")
		y.run(p, "rollback", 0, "Phase", "P7").says("this plan changed nothing")
		y.edit(rehearsal.Edit{Noun: connector.Noun, Name: connector.Name, Remove: true})
		y.run(p, "verify", 21, "Phase", "P5").says("does not exist")
		y.run(p, "rollback", 31, "Phase", "P5").says("is gone")
		y.perform(e)
	})
}

// TestKept: what blocks and rejects stays on the way back until a person releases it, and what
// it rests on stays with it.
func TestKept(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		y := newPlay(t, p, mode, "new")
		y.edit()
		y.applyAll(p)
		y.run(p, "rollback", 30, "Phase", "P7")
		y.run(p, "rollback", 22, "Phase", "P6").says("HOLD-670")
		// What rejects is not taken away under what lets through, released or not.
		y.run(p, "rollback", 31, "Phase", "P6", "OnlyStep", []string{"STEP-620"}, "Release", p.named("P6", isKept), "Acknowledge", p.named("P6", holdsBack)).says("rests on STEP-620")
		enabled := func(t *testing.T, o rehearsal.Outcome, want string) {
			t.Helper()
			var names []string
			for _, r := range o.State.Objects("TransportRule") {
				if v, _ := r.Value("State"); v == "Enabled" {
					names = append(names, r.Name[:len("exoplan-10")])
				}
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("enabled are %q, want %q", got, want)
			}
		}
		y.run(p, "rollback", 30, "Phase", "P6", "Acknowledge", p.named("P6", holdsBack)).says("Kept", "STEP-620").check = func(t *testing.T, o rehearsal.Outcome) {
			enabled(t, o, "exoplan-10 exoplan-11 exoplan-30 exoplan-31")
		}
		y.run(p, "rollback", 31, "Phase", "P6", "Acknowledge", p.named("P6", holdsBack)).says("-Release 'STEP-620=name; reason'")
		y.run(p, "rollback", 30, "Phase", "P6", "Release", []string{"STEP-621=R Osei; no PROTECTED left"}).check = func(t *testing.T, o rehearsal.Outcome) {
			enabled(t, o, "exoplan-10 exoplan-11 exoplan-30")
		}
		// What rests on a kept step is kept with it; the rest of the phase goes.
		y.run(p, "rollback", 30, "Phase", "P5")
		y.run(p, "rollback", 30, "Phase", "P3").says("Kept      STEP-344  STEP-620 on the same object is kept", "Undone    STEP-330", "Undone    STEP-310").check = func(t *testing.T, o rehearsal.Outcome) {
			enabled(t, o, "exoplan-10 exoplan-11 exoplan-30")
		}
		y.perform(e)
	})
}

// past is a tenant in which others were before: rules on top, a connector of the name that the
// plan would give its own.
func past(t *testing.T, p pack, mode string) *play {
	t.Helper()
	y := newPlay(t, p, mode, "past")
	y.tenant.Names = map[string]string{"inbound": p.find(t, func(s design.Step) bool { return s.Noun == "InboundConnector" }).Name}
	y.tenant.Objects = p.tried.Made()
	y.edit(published(p)...)
	return y
}

// TestPast carries the plan out in a tenant with a past: nothing foreign is touched but what is
// adopted by name, and the way back leads to the state of the start, the order of the foreign
// rules included.
func TestPast(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		p := write(t, standing(t, profilestest.Example(t, "protected")))
		y := past(t, p, mode)
		name := y.tenant.Names["inbound"]
		y.run(p, "preflight", 0).says("Adopt?    STEP-310  InboundConnector/" + name)
		y.run(p, "apply", 20, "Phase", "P3", "WhatIf", true).says("Refused   STEP-310", "-Adopt '"+name+"'", "Pending   STEP-389")
		s := y.run(p, "apply", 20, "Phase", "P3")
		s.says("no revision of this profile made it")
		y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
		// Once for all its stages.
		y.run(p, "apply", 0, "Phase", "P3", "Adopt", []string{name}).check = func(t *testing.T, o rehearsal.Outcome) {
			c, _ := o.State.Object("InboundConnector", name)
			for property, want := range map[string]any{"RequireTls": false, "RestrictDomainsToCertificate": false, "Comment": "set up by hand in 2021"} {
				if v, _ := c.Value(property); v != want {
					t.Errorf("%s is %v, want %v", property, v, want)
				}
			}
			arc, _ := o.State.Object("ArcConfig", "")
			if v, _ := arc.Value("ArcTrustedSealers"); fmt.Sprint(v) != "[lists.sealer.example gateway.sealer.example tidegate.example]" {
				t.Errorf("the sealers that were there: %v", v)
			}
			first := o.State.Objects("TransportRule")[0].Name
			if !strings.HasPrefix(first, "exoplan-10") {
				t.Errorf("%s stands first", first)
			}
		}
		y.run(p, "verify", 0, "Phase", "P3")
		for _, phase := range []string{"P4", "P5", "P6", "P7", "P8"} {
			if p.has(phase) {
				y.run(p, "apply", 0, "Phase", phase, "Acknowledge", p.named(phase, isHold))
			}
		}
		y.run(p, "verify", 0)
		y.rollbackAll(p)
		o := y.perform(e)
		restored(t, o[0], o[len(o)-1])
	})
}

// TestExpectation: an object that was changed between two phases is refused where a step builds
// on what it was, even where the step itself has nothing to change.
func TestExpectation(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	connector := p.find(t, func(s design.Step) bool { return s.Noun == "InboundConnector" })
	y.run(p, "apply", 0, "Phase", "P3")
	y.edit(rehearsal.Edit{Noun: connector.Noun, Name: connector.Name, Values: map[string]any{"RequireTls": true, "EFUsers": nil}})
	y.run(p, "verify", 21, "Phase", "P3").says("RequireTls is yes, not no")
	y.run(p, "apply", 20, "Phase", "P5", "Acknowledge", p.named("P5", isHold)).says("not as expected", "RequireTls is yes, not no")
	y.run(p, "apply", 20, "Phase", "P5", "WhatIf", true).says("Refused   STEP-520")
	y.run(p, "verify", 21, "Phase", "P5").says("RequireTls is yes, not no")
	y.perform(e)
}

// TestNeeds: a step waits for what it rests on, looked up in the tenant or in the journal.
func TestNeeds(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
	y.run(p, "apply", 20, "Phase", "P5", "Acknowledge", p.named("P5", isHold)).says("does not exist; the step that creates it comes first")
	y.run(p, "apply", 0, "Phase", "P3")
	order := p.find(t, func(s design.Step) bool { return s.Noun == "TransportRuleOrder" })
	foreign := rehearsal.Object{Noun: "TransportRule", Values: map[string]any{"Name": "Stop here", "StopRuleProcessing": true}}
	y.edit(rehearsal.Edit{Add: &foreign}, rehearsal.Edit{Noun: "TransportRule", Name: "Stop here", Values: map[string]any{"Priority": 0}})
	y.run(p, "verify", 21, "Phase", "P3").says(order.ID)
	y.run(p, "apply", 20, "Phase", "P6", "Acknowledge", p.named("P6", isHold)).says(order.ID + " comes first")
	y.run(p, "apply", 22, "Phase", "P7", "OnlyStep", []string{"STEP-720"}).says("HOLD-710")
	y.run(p, "apply", 20, "Phase", "P7", "Acknowledge", p.named("P7", isHold)).says("STEP-413/payroll-service comes first")
	y.run(p, "apply", 0, "Phase", "P4", "Acknowledge", p.named("P4", isHold))
	y.run(p, "apply", 20, "Phase", "P7", "Acknowledge", p.named("P7", isHold)).says("STEP-520 does not hold")
	y.run(p, "apply", 0, "Phase", "P5", "Acknowledge", p.named("P5", isHold))
	y.run(p, "apply", 0, "Phase", "P7", "OnlyStep", []string{"STEP-720", "STEP-740"}, "Acknowledge", p.named("P7", isHold))
	y.run(p, "rollback", 31, "Phase", "P4").says("rests on STEP-413/payroll-service")
	y.run(p, "apply", 22, "Phase", "P7").says("passed before: Rehearsal", "HOLD-745/payroll-service")
	y.run(p, "apply", 0, "Phase", "P7", "Acknowledge", p.named("P7", isHold)).writes = false
	y.perform(e)
}

// TestService: what the service does and a script must live with.
func TestService(t *testing.T) {
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	for name, tt := range map[string]struct {
		options rehearsal.Options
		says    string
	}{
		"scoped connectors show":         {rehearsal.Options{ShowsScoped: true}, "Changed"},
		"no object while nothing is set": {rehearsal.Options{ArcNothing: true}, "Changed   STEP-315"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			y := newPlay(t, p, rehearsal.Constrained, "new")
			y.edit()
			y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
			y.edit(rehearsal.Edit{Options: &tt.options})
			y.run(p, "apply", 0, "Phase", "P3").says(tt.says)
			y.edit(rehearsal.Edit{Options: &rehearsal.Options{}})
			y.run(p, "apply", 0, "Phase", "P3")
			y.run(p, "verify", 0, "Phase", "P3")
			y.run(p, "preflight", 0).says("Ours      STEP-310")
			y.run(p, "apply", 0, "Phase", "P5", "Acknowledge", p.named("P5", isHold))
			y.run(p, "rollback", 30, "Phase", "P5")
			y.run(p, "rollback", 30, "Phase", "P3", "Release", p.named("P3", isKept))
			y.run(p, "rollback", 30, "Phase", "P1", "Acknowledge", p.named("P1", holdsBack), "Release", p.named("P1", isKept))
			o := y.perform(e)
			restored(t, o[0], o[len(o)-1])
		})
	}
}

// TestFaults: whatever befalls a change, it stops with the code that is said of it, can be repeated,
// and leaves the tenant as it was.
func TestFaults(t *testing.T) {
	e := pwshtest.Engine(t)
	for _, fault := range trial.Faults {
		t.Run(fault.Name, func(t *testing.T) {
			t.Parallel()
			p := write(t, profilestest.Example(t, "protected"))
			y := newPlay(t, p, rehearsal.Constrained, "new")
			scenes, err := fault.Befall(y.of(p), &y.tenant)
			if err != nil { // its domains are signed by the gateway
				p = write(t, profilestest.Example(t, "cloud"))
				y = newPlay(t, p, rehearsal.Constrained, "new")
				y.tenant.Objects = p.tried.Made()
				if scenes, err = fault.Befall(y.of(p), &y.tenant, published(p)...); err != nil {
					t.Fatal(err)
				}
			}
			befell := slices.ContainsFunc(scenes, func(s trial.Scene) bool { return slices.Contains(s.Exits, fault.Exit) })
			if !befell {
				t.Errorf("no run stops with %d", fault.Exit)
			}
			y.take(p, scenes...)
			o := y.perform(e)
			restored(t, o[0], o[len(o)-1])
		})
	}
}

// TestAsked: each change is asked for unless -Confirm:$false was given; a no stops the run.
func TestAsked(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	ask := func(exit int, answers ...string) *scene {
		s := y.run(p, "apply", exit, "Phase", "P3")
		delete(s.Arguments, "Confirm")
		s.Answers, s.writes = answers, true
		return s
	}
	ask(20, "y", "n").says("Changed   STEP-310", "Declined")
	steps := slices.DeleteFunc(p.In("P3"), func(s design.Step) bool { return !isRunStep(s) })
	ask(0, slices.Repeat([]string{"y"}, len(steps)-1)...)
	y.perform(e)
}

// TestReads: each noun is read once a run, and once more after each write of it.
func TestReads(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	count := func(t *testing.T, o rehearsal.Outcome) {
		t.Helper()
		writes := map[string]int{}
		for _, w := range o.Writes {
			writes[w.Noun]++
		}
		for cmdlet, n := range o.Reads {
			noun := strings.TrimPrefix(cmdlet, "Get-")
			most := 1 + writes[noun]
			if noun == "OutboundConnector" {
				most *= 3 // three looks see all of them
			}
			if n > most {
				t.Errorf("%s: %s was called %d times for %d writes", o.Name, cmdlet, n, writes[noun])
			}
		}
	}
	y.run(p, "preflight", 0).check = count
	y.run(p, "snapshot", 0).check = count
	for _, phase := range []string{"P1", "P3", "P4", "P5", "P6", "P7"} {
		y.run(p, "apply", 0, "Phase", phase, "Acknowledge", p.named(phase, isHold)).check = count
	}
	y.run(p, "verify", 0).check = count
	y.perform(e)
}

// TestProtectedAlready: a plan that is carried out once more from another folder, whose records
// know nothing, finds a tenant that protects, and takes none of it back on its way.
func TestProtectedAlready(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	y.applyAll(p)
	applied := len(y.scenes) - 1
	y.log = filepath.Join(t.TempDir(), "elsewhere")
	for _, phase := range p.phases() {
		var names []string
		for _, s := range p.In(phase) {
			if s.Name != "" {
				names = append(names, s.Name)
			}
		}
		args := []any{"Phase", phase, "Acknowledge", p.named(phase, isHold)}
		if len(names) > 0 {
			args = append(args, "Adopt", names)
		}
		y.run(p, "apply", 0, args...).writes = false
	}
	y.run(p, "rollback", 31, "Phase", "P7").says("does not say who set it")
	o := y.perform(e)
	restored(t, o[applied], o[len(o)-1])
}

// TestDrift: a step does not build on what somebody has changed since an earlier step.
func TestDrift(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	y.run(p, "apply", 0, "Phase", "P3")
	rule := p.find(t, func(s design.Step) bool { return strings.HasPrefix(s.Name, "exoplan-30") })
	y.edit(rehearsal.Edit{Noun: "TransportRule", Name: rule.Name, Values: map[string]any{"Mode": "Audit"}})
	s := y.run(p, "apply", 20, "Phase", "P6", "Acknowledge", p.named("P6", isHold))
	s.says("STEP-344 does not hold", `Mode is "Audit", not "Enforce"`)
	s.writes = true
	y.perform(e)
}

// TestHoldLapses: a hold that was passed is met again when the phase has gone the other way since.
func TestHoldLapses(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	y.applyAll(p)
	y.run(p, "apply", 0, "Phase", "P7").says("passed before").writes = false
	y.run(p, "rollback", 30, "Phase", "P7")
	y.run(p, "apply", 22, "Phase", "P7").says("HOLD-710")
	y.run(p, "apply", 0, "Phase", "P7", "Acknowledge", p.named("P7", isHold))
	y.perform(e)
}

// TestNeverMade: the record of a creation that the service refused does not make ours what a
// person created since; adopted, it is restored by rollback and not removed.
func TestNeverMade(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	connector := p.find(t, func(s design.Step) bool { return s.Noun == "InboundConnector" })
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.tenant.Options = rehearsal.Options{FailWrite: 1}
	y.edit()
	y.run(p, "apply", 20, "Phase", "P3")
	theirs := rehearsal.Object{Noun: connector.Noun, Values: map[string]any{"Name": connector.Name, "SenderDomains": []string{"partner.example"}}}
	y.edit(rehearsal.Edit{Options: &rehearsal.Options{}}, rehearsal.Edit{Add: &theirs})
	before := len(y.scenes) - 1
	y.run(p, "preflight", 0).says("Adopt?    STEP-310")
	y.run(p, "apply", 20, "Phase", "P3").says("no revision of this profile made it")
	y.run(p, "apply", 0, "Phase", "P3", "Adopt", []string{connector.Name})
	y.run(p, "rollback", 30, "Phase", "P3", "Release", p.named("P3", isKept))
	o := y.perform(e)
	restored(t, o[before], o[len(o)-1])
}
