package templates

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// added is what somebody may do to a rule: one more condition, exception and action of each kind.
func added() map[string]any {
	return map[string]any{
		"SenderDomainIs": []string{"ships.example", "harbour.example"}, "ExceptIfSubjectOrBodyMatchesPatterns": []string{`(?i)\bexempt\b`},
		"AttachmentHasExecutableContent": true, "MessageSizeOver": "10 MB (10,485,760 bytes)", "PrependSubject": "[Seen]",
		"ActivationDate": "2027-01-31T00:00:00", "SenderAddressLocation": "Envelope",
	}
}

// widened lets a scene write what was added to a rule, too.
func (s *scene) widened() *scene {
	s.Allow["TransportRule"] = slices.AppendSeq(append(s.Allow["TransportRule"], "ExceptIfSenderIpRanges"), maps.Keys(added()))
	return s
}

// TestRuleIsWhole: what a person adds to a rule of the plan is a difference, whichever condition,
// exception or action it is. It is refused until the rule is named, and then cleared.
func TestRuleIsWhole(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		rule := p.find(t, func(s design.Step) bool { return strings.HasPrefix(s.Name, "exoplan-30") }).Name
		theirs := rehearsal.Object{Noun: "TransportRule", Values: added()}
		theirs.Values["Name"] = rule
		y := past(t, p, mode)
		inbound := y.tenant.Names["inbound"]
		y.tenant.Objects = append(y.tenant.Objects, theirs)
		y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
		// Of another's rule what it has more is cleared with the rest, and comes back.
		y.run(p, "apply", 0, "Phase", "P3", "Adopt", []string{inbound, rule}).widened().says(`SenderDomainIs "harbour.example, ships.example" -> not set`, "ActivationDate")
		y.run(p, "verify", 0, "Phase", "P3")

		byHand := func(values map[string]any) {
			y.edit(rehearsal.Edit{Noun: "TransportRule", Name: rule, Values: values})
		}
		byHand(map[string]any{"HasSenderOverride": true})
		y.run(p, "apply", 20, "Phase", "P3", "OnlyStep", []string{"STEP-344"}, "Adopt", []string{rule}).says("no cmdlet clears HasSenderOverride")
		byHand(map[string]any{"HasSenderOverride": false})
		more := added()
		more["ExceptIfSenderIpRanges"] = []string{"192.0.2.1"}
		byHand(more)
		differs := y.run(p, "verify", 21, "Phase", "P3")
		for property := range added() {
			differs.says(property + " is ")
		}
		y.run(p, "apply", 20, "Phase", "P3", "OnlyStep", []string{"STEP-344"}).says("no revision of this profile has set ActivationDate, AttachmentHasExecutableContent", "-Adopt '"+rule+"'")
		y.run(p, "apply", 20, "Phase", "P6", "OnlyStep", []string{"STEP-620"}).says("is not as expected", "SenderDomainIs")
		y.run(p, "rollback", 20, "Phase", "P3", "WhatIf", true, "Release", p.named("P3", isKept)).says("Refused   STEP-344", "was changed since: ExceptIfSenderIpRanges")
		y.run(p, "apply", 0, "Phase", "P3", "OnlyStep", []string{"STEP-344"}, "Adopt", []string{rule}).widened().says("MessageSizeOver")
		y.run(p, "verify", 0, "Phase", "P3")
		byHand(map[string]any{"SetSCL": 0})
		y.run(p, "verify", 21, "Phase", "P3").says("SetSCL is ")
		byHand(map[string]any{"SetSCL": nil})
		y.run(p, "rollback", 30, "Phase", "P3", "Release", p.named("P3", isKept)).widened()
		y.run(p, "rollback", 30, "Phase", "P1", "Acknowledge", p.named("P1", holdsBack), "Release", p.named("P1", isKept))
		o := y.act(e) // not every condition that is added here is one whose effect on mail is known
		restored(t, o[0], o[len(o)-1])
	})
}

// TestEarlierRevisionIsCleared: what an earlier revision set on a rule and this one does not is
// cleared in the step that sets the rest, without a question; what a person added is not.
func TestEarlierRevisionIsCleared(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	r7 := with(t, profilestest.Example(t, "protected"), "unmarked.outgoing=hold")
	a, b := write(t, r7), write(t, next(t, r7, "unmarked.outgoing=reject"))
	rule := b.find(t, func(s design.Step) bool { return strings.HasPrefix(s.Name, "exoplan-60") }).Name
	y := newPlay(t, a, rehearsal.Constrained, "new")
	y.edit()
	y.applyAll(a)
	seven := len(y.scenes) - 1
	y.edit(rehearsal.Edit{Noun: "TransportRule", Name: rule, Values: map[string]any{"ExceptIfSenderDomainIs": []string{"ships.example"}}})
	y.run(b, "apply", 20, "Phase", "P3").says("no revision of this profile has set ExceptIfSenderDomainIs.")
	y.edit(rehearsal.Edit{Noun: "TransportRule", Name: rule, Values: map[string]any{"ExceptIfSenderDomainIs": nil}})
	s := y.run(b, "apply", 0, "Phase", "P3")
	s.Allow["TransportRule"] = append(s.Allow["TransportRule"], "Quarantine")
	s.says("Quarantine yes -> no").check = func(t *testing.T, o rehearsal.Outcome) {
		if got := wrote([]rehearsal.Outcome{o}); len(got) != 1 || !strings.Contains(got[0], "Quarantine,RejectMessageReasonText") {
			t.Errorf("one call changes the rule: %v", got)
		}
	}
	y.run(b, "verify", 0, "Phase", "P3")
	s = y.run(b, "rollback", 30, "Phase", "P3", "Release", b.named("P3", isKept))
	s.Allow["TransportRule"] = append(s.Allow["TransportRule"], "Quarantine")
	o := y.perform(e)
	restored(t, o[seven], o[len(o)-1])
	if i := slices.IndexFunc(b.Steps, func(s design.Step) bool { _, ok := s.Set["Quarantine"]; return ok && s.Name == rule }); i >= 0 {
		t.Errorf("%s names what it should be silent about", b.Steps[i].ID)
	}
}
