package templates

import (
	"slices"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// Whatever a profile answers, a step on what somebody else makes writes nothing, and no other
// step touches the same object.
func TestOwnedIsNeverWritten(t *testing.T) {
	t.Parallel()
	looked := 0
	profilestest.Flips(t, func(flip string, p *profiles.Profile) {
		d := resolve(t, p)
		for _, s := range d.Steps {
			if s.Owner == "" {
				continue
			}
			looked++
			if s.Creates || len(s.Set)+len(s.Add)+len(s.New)+len(s.Given) > 0 {
				t.Errorf("%s: %s writes what %s makes", flip, s.ID, s.Owner)
			}
			if slices.ContainsFunc(d.Steps, func(o design.Step) bool { return o.Noun == s.Noun && o.Name == s.Name && o.Owner == "" }) {
				t.Errorf("%s: another step touches %s %s", flip, s.Noun, s.Name)
			}
		}
	})
	if looked == 0 {
		t.Error("no example has an object with an owner")
	}
}

// The connectors of the hybrid wizard stop the change while they are missing or otherwise than
// planned. Nothing of apply and rollback writes them, and after the end of the hybrid they may be
// gone.
func TestHybridConnectors(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "hybrid"))
		y := newPlay(t, p, mode, "new")
		isOwned := func(noun string) func(design.Step) bool {
			return func(s design.Step) bool { return s.Owner != "" && s.Noun == noun }
		}
		in, out := p.find(t, isOwned("InboundConnector")), p.find(t, isOwned("OutboundConnector"))
		by := func(s design.Step, values map[string]any) rehearsal.Edit {
			return rehearsal.Edit{Noun: s.Noun, Name: s.Name, Values: values}
		}
		passed := func(phase string) []any { return []any{"Phase", phase, "Acknowledge", p.named(phase, isHold)} }

		y.run(p, "apply", 0, passed("P1")...)
		y.run(p, "preflight", 0).says("Absent    " + in.ID)
		y.run(p, "apply", 20, passed("P3")...).says(in.Name+" does not exist", "It is for the hybrid wizard to put right")
		for _, o := range trial.Owned(p.Steps) {
			y.edit(rehearsal.Edit{Add: &o})
		}
		y.edit(by(out, map[string]any{"SmartHosts": []any{"elsewhere.example"}}))
		y.run(p, "apply", 20, passed("P3")...).says(`SmartHosts is "elsewhere.example", not "edge.lighthouses.example"`)
		y.edit(by(out, map[string]any{"SmartHosts": out.Expect["SmartHosts"], "RecipientDomains": []any{"lighthouses.example", "sister.example"}}))
		y.run(p, "apply", 20, passed("P3")...).says("RecipientDomains lacks tides.lighthouses.example")
		y.edit(by(out, map[string]any{"RecipientDomains": []any{"tides.lighthouses.example", "lighthouses.example", "sister.example"}}))
		y.run(p, "preflight", 0).says("Present   " + in.ID)
		before := len(y.scenes)
		y.run(p, "apply", 2, append(passed("P3"), "WhatIf", true)...)
		y.run(p, "apply", 0, passed("P3")...).says("NoChange  "+in.ID, "NoChange  "+out.ID)
		y.run(p, "verify", 0, "Phase", "P3")
		y.edit(by(in, map[string]any{"Enabled": false}))
		y.run(p, "verify", 21, "Phase", "P3").says("Fail      "+in.ID, "Enabled is no, not yes")
		y.edit(by(in, map[string]any{"Enabled": true}))
		y.run(p, "rollback", 30, "Phase", "P3", "Release", p.named("P3", isKept))
		after := len(y.scenes) - 1
		y.run(p, "rollback", 30, "Phase", "P1", "Acknowledge", p.named("P1", holdsBack), "Release", p.named("P1", isKept))
		y.applyAll(p)
		y.edit(rehearsal.Edit{Noun: in.Noun, Name: in.Name, Remove: true}, rehearsal.Edit{Noun: out.Noun, Name: out.Name, Remove: true})
		y.run(p, "verify", 0)

		outcomes := y.perform(e)
		restored(t, outcomes[before], outcomes[after])
	})
}

// Where mail passes Exchange on-premises both ways, the pack is carried out and taken back like any
// other: centralised mail transport is looked at and not set.
func TestByWayOfOnPremises(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := with(t, profilestest.Example(t, "hybrid"), "gateway.inbound=on-premises", "gateway.outbound=on-premises")
	p = with(
		t, p, "gateway.behind-on-premises=yes", "hybrid.on-premises-reason=compliance", "hybrid.returns-through-filter=no",
	)
	pack := write(t, p)
	central := pack.find(t, func(s design.Step) bool { return s.Expect["RouteAllMessagesViaOnPremises"] == true })
	for _, s := range pack.Steps {
		if _, sets := s.Set["RouteAllMessagesViaOnPremises"]; sets || s.ID != central.ID && s.Noun == "OutboundConnector" {
			t.Errorf("%s leads mail on-premises beside the hybrid wizard", s.ID)
		}
	}
	lifecycle(t, e, pack, rehearsal.Constrained, "new")
}
