package templates

import (
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestReady: what would break a change half-way is found before its first write: a tenant that must
// be prepared, rules beyond what it takes, a name that two objects bear. What takes all mail beside
// the plan is named.
func TestReady(t *testing.T) {
	e := pwshtest.Engine(t)
	both(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		y := newPlay(t, p, mode, "new")
		y.edit()
		config := func(noun string, values map[string]any) {
			y.edit(rehearsal.Edit{Noun: noun, Values: values})
		}
		stops := func(text string) {
			y.run(p, "preflight", 10).says(text)
			y.run(p, "apply", 10, "Phase", "P3").says(text, "Nothing was changed")
		}
		config("OrganizationConfig", map[string]any{"IsDehydrated": true})
		stops("The organisation is dehydrated. Run Enable-OrganizationCustomization once")
		config("OrganizationConfig", map[string]any{"IsDehydrated": false})
		config("TransportConfig", map[string]any{"TransportRuleLimit": 7})
		stops("Refused   TransportRule  8 rules; the tenant takes 7")
		config("TransportConfig", map[string]any{"TransportRuleLimit": 8, "TransportRuleCollectionRegexCharsLimit": "50 B (50 bytes)"})
		stops("characters in the patterns of all rules; the tenant takes 50")
		config("TransportConfig", map[string]any{"TransportRuleCollectionRegexCharsLimit": "20 KB (20,480 bytes)", "TransportRuleSizeLimit": "100 B (100 bytes)"})
		stops("characters in the longest rule; the tenant takes 100")
		config("TransportConfig", map[string]any{"TransportRuleSizeLimit": "8 KB (8,192 bytes)"})
		theirs := rehearsal.Object{Noun: "OutboundConnector", Values: map[string]any{
			"Name": "By hand", "ConnectorType": "OnPremises", "Enabled": true, "AllAcceptedDomains": true, "RecipientDomains": []string{"*"}, "UseMxRecord": false, "SmartHosts": []string{"mail.harbours.example"},
		}}
		y.edit(rehearsal.Edit{Add: &theirs})
		y.run(p, "preflight", 0).says("Look      OutboundConnector/By hand  GW-15: Another outbound connector takes mail to every domain")
		name := p.find(t, func(s design.Step) bool { return s.Noun == "InboundConnector" }).Name
		twice := rehearsal.Object{Noun: "InboundConnector", Values: map[string]any{"Name": name, "SenderDomains": []string{"*"}}}
		y.edit(rehearsal.Edit{Add: &twice}, rehearsal.Edit{Add: &twice, Twice: true})
		y.run(p, "preflight", 20).says("2 objects of type InboundConnector are called " + name)
		y.run(p, "apply", 20, "Phase", "P3", "Adopt", []string{name}).says("2 objects of type InboundConnector")
		y.perform(e)
	})
}

// TestBusy: a service that is too busy is asked again, so long and no longer; a session that is lost
// at a read stops the run. What was not done yet is done by the next run, and once.
func TestBusy(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit(rehearsal.Edit{Options: &rehearsal.Options{BusyAt: 3, BusyFor: 4}})
	y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold)).says("again in 10 seconds", "again in 120 seconds", "This request is throttled")
	y.edit(rehearsal.Edit{Options: &rehearsal.Options{BusyAt: 12, BusyFor: 5}})
	y.run(p, "apply", 20, "Phase", "P3").says("Stopped", "This request is throttled").writes = true
	y.edit(rehearsal.Edit{Options: &rehearsal.Options{FailRead: 8}})
	y.run(p, "apply", 20, "Phase", "P3").says("The session was lost").writes = true
	y.edit(rehearsal.Edit{Options: &rehearsal.Options{}})
	y.run(p, "apply", 0, "Phase", "P3")
	y.run(p, "verify", 0, "Phase", "P3")
	y.run(p, "rollback", 30, "Phase", "P3", "Release", p.named("P3", isKept))
	y.run(p, "rollback", 30, "Phase", "P1", "Acknowledge", p.named("P1", holdsBack), "Release", p.named("P1", isKept))
	o := y.perform(e)
	restored(t, o[0], o[len(o)-1])
}

// TestTwoRuns: two runs that change something do not work over one log folder; what a run left that
// was killed is taken over.
func TestTwoRuns(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	lock := func(text string) {
		path := strings.ReplaceAll(y.log, "'", "''")
		y.scenes = append(y.scenes, scene{Action: rehearsal.Action{Name: "a lock", Inline: `$null = New-Item -Path '` + path + `' -ItemType Directory -Force
Set-Content -LiteralPath '` + path + `/run.lock' -Value ` + text}})
	}
	apply := func(exit int) *scene {
		return y.run(p, "apply", exit, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
	}
	lock(`"$PID on:$env:COMPUTERNAME since 2026-11-25 09:00"`)
	apply(10).says("Another run is at work over this log folder", "since 2026-11-25 09:00", "run.lock")
	y.run(p, "apply", 2, "Phase", "P1", "WhatIf", true)
	lock(`'4711 on:elsewhere since 2026-11-25 09:00'`)
	apply(10).says("process 4711 on:elsewhere")
	lock(`"999999999 on:$env:COMPUTERNAME since 2026-11-25 09:00"`)
	apply(0).says("a run that did not end: process 999999999")
	apply(0).writes = false
	y.perform(e)
}
