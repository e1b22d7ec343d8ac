package templates

import (
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// relaying is the cloud example beside another mail system, which knows some of the recipients.
func relaying(t *testing.T) *profiles.Profile {
	t.Helper()
	p := with(t, profilestest.Example(t, "cloud"), "accepted.other-system=yes")
	return with(
		t, p,
		"domain.accepted-type/mariners-welfare.example=internal-relay", "domain.recipients/mariners-welfare.example=some",
		"domain.relayed/mariners-welfare.example=yes", "domain.relay-subdomains/mariners-welfare.example=yes",
		"domain.accepted-type/grants.mariners-welfare.example=authoritative", "domain.recipients/grants.mariners-welfare.example=all",
	)
}

// TestAcceptedDomain: a domain becomes what the plan says and goes back to what it was.
func TestAcceptedDomain(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	lifecycle(t, e, write(t, relaying(t)), rehearsal.Constrained, "new")
}

// TestUnverifiedDomain: no script makes a domain. Where one of the plan is not there, it says so,
// in a dry run too.
func TestUnverifiedDomain(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, relaying(t))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.tenant.Domains = p.domains()[1:]
	y.edit()
	missing := "AcceptedDomain mariners-welfare.example does not exist, and no cmdlet makes it"
	y.run(p, "preflight", 0).says("Absent    STEP-121/mariners-welfare.example")
	y.run(p, "apply", 20, "Phase", "P1", "WhatIf", true).says("Refused   STEP-121/mariners-welfare.example", missing)
	y.run(p, "apply", 20, "Phase", "P1", "Acknowledge", p.named("P1", isHold)).says(missing)
	y.perform(e)
}
