package templates

import (
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestSight: the lock-down waits for the overlap and for the live MX, whoever acknowledges it, and
// goes by a person's word alone where no name server can be asked.
func TestSight(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		y := newPlay(t, p, mode, "new")
		zone := map[string][]string{}
		for _, r := range p.Records {
			if r.Type == "MX" && r.Phase == "P5" {
				zone["MX "+r.Name] = r.Values
			}
		}
		const at = "MX harbours.example"
		good := zone[at]
		if len(good) == 0 {
			t.Fatalf("the plan has no %s: %v", at, zone)
		}
		serves := func(values ...string) {
			y.edit(rehearsal.Edit{Zone: map[string][]string{at: values}})
		}
		for _, phase := range []string{"P1", "P3", "P4", "P5"} {
			y.run(p, "apply", 0, "Phase", phase, "Acknowledge", p.named(phase, isHold))
		}
		lock := func(exit int, texts ...string) *scene {
			return y.run(p, "apply", exit, "Phase", "P7", "Acknowledge", p.named("P7", isHold)).says(texts...)
		}
		lock(22, "No acknowledgement stands against what can be seen: HOLD-510 was passed on", "and 7 days must have gone by").Soon = true
		y.edit(rehearsal.Edit{Options: &rehearsal.Options{Resolves: true}}, rehearsal.Edit{Zone: zone})
		serves("10 old.harbours.example")
		y.run(p, "apply", 2, "Phase", "P7", "WhatIf", true).says(`Waiting   HOLD-710  MX of harbours.example is "10 old.harbours.example", not "` + good[0])
		serves(append([]string{"30 old.harbours.example"}, good...)...)
		lock(22, "30 old.harbours.example")
		serves()
		lock(22, "MX of harbours.example is not set")
		serves(good...)
		lock(0, "Passed    HOLD-710")
		y.run(p, "rollback", 30, "Phase", "P7")
		y.edit(rehearsal.Edit{Options: &rehearsal.Options{}})
		lock(0, "(no name server could be asked for REC-020/harbours.example")
		y.perform(e)
	})
}

// TestSightOfSigning: a domain's policy is not made stricter while its selectors are not published
// or its signing is not valid.
func TestSightOfSigning(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, with(t, profilestest.Example(t, "cloud"), "dkim.keys-today=long"))
	hold := p.find(t, func(s design.Step) bool { return s.Phase == "P8" && len(s.Looks) > 0 })
	domain := hold.Looks[0].Name
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.tenant.Objects = p.tried.Made()
	zone := map[string][]string{}
	for _, r := range p.Records {
		if r.Type == "TXT" && r.Phase == "P1" {
			zone["TXT "+r.Name] = append(zone["TXT "+r.Name], r.Values...)
		}
	}
	y.edit(append(published(p), rehearsal.Edit{Options: &rehearsal.Options{Resolves: true}}, rehearsal.Edit{Zone: zone})...)
	y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
	y.edit(rehearsal.Edit{DNS: map[string]string{"selector1._domainkey." + domain: "elsewhere.example"}})
	y.run(p, "apply", 22, "Phase", "P2", "Acknowledge", p.named("P2", isHold)).says("CNAME of selector1._domainkey." + domain + ` is "elsewhere.example"`).writes = true
	y.edit(published(p)...)
	y.run(p, "apply", 0, "Phase", "P2", "Acknowledge", p.named("P2", isHold))
	y.edit(rehearsal.Edit{Unpublish: domain})
	y.run(p, "apply", 22, "Phase", "P8", "Acknowledge", p.named("P8", isHold)).says(`Status is "CnameMissing", not "Valid"`)
	y.edit(published(p)...)
	y.run(p, "apply", 0, "Phase", "P8", "Acknowledge", p.named("P8", isHold)).writes = false
	y.perform(e)
}
