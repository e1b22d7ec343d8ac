package templates

import (
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestSharedCarrier carries out the form in which one connector takes all mail, PROTECTED
// included, over a tenant with a past. The rejecting rules get their exception after everything
// else, and lose it before anything else.
func TestSharedCarrier(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, standing(t, with(t, profilestest.Example(t, "protected"), "protected.carrier=shared")))
	for _, s := range p.Steps {
		if s.Set["RouteMessageOutboundConnector"] != nil {
			t.Errorf("%s leads mail to a connector", s.ID)
		}
	}
	y := newPlay(t, p, rehearsal.Constrained, "past")
	y.tenant.Objects = p.tried.Made()
	y.edit(published(p)...)
	y.applyAll(p)
	there := len(y.scenes)
	y.rollbackAll(p)
	o := y.perform(e)
	restored(t, o[0], o[len(o)-1])

	exception := func(w string) bool {
		return strings.HasPrefix(w, "Set-TransportRule exoplan-3") && strings.Contains(w, "ExceptIf")
	}
	connector := func(w string) bool {
		return strings.HasPrefix(w, "Set-OutboundConnector outbound-connector-to-TIDEGATE")
	}
	forth, back := wrote(o[:there]), wrote(o[there:])
	if c, x := slices.IndexFunc(forth, connector), slices.IndexFunc(forth, exception); c < 0 || x < c {
		t.Errorf("an exception is set before the connector carries mail: %q", forth)
	}
	c := slices.IndexFunc(back, connector)
	if before := slices.DeleteFunc(slices.Clone(back[:max(c, 0)]), func(w string) bool { return !exception(w) }); len(before) != 2 {
		t.Errorf("the exceptions are not taken back before the connector: %q", back)
	}
}

// TestOwnGateway carries out two gateways, one for the Internet and one for GovLINK, recognised
// by their addresses.
func TestOwnGateway(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, with(t, profilestest.Example(t, "protected"),
		"govlink.gateway=own", "govlink.host=smtp.govgate.example", "govlink.host-certificate=smtp.govgate.example", "govlink.to-exchange=203.0.113.80",
		"gateway.lockdown=address", "gateway.shared-addresses=no"))
	for _, s := range p.Steps {
		addresses := append(words(s.Set["EFSkipIPs"]), words(s.Set["SenderIPAddresses"])...)
		if len(addresses) > 0 && !slices.Contains(addresses, "203.0.113.80") {
			t.Errorf("%s does not know the second gateway: %v", s.ID, addresses)
		}
	}
	lifecycle(t, e, p, rehearsal.Full, "new")
}

// TestOtherMarkings carries out what no example has: rules that read the subject alone, and mail
// without a marking held on the way out and rejected on the way in.
func TestOtherMarkings(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := taken(t, with(t, profilestest.Example(t, "protected"), "routing.key=subject", "unmarked.outgoing=hold", "unmarked.incoming=reject"))
	var made []string
	for _, s := range resolve(t, p).Steps {
		if s.Noun != "TransportRule" || !s.Creates {
			continue
		}
		made = append(made, s.Name)
		if s.Set["HeaderMatchesPatterns"] != nil {
			t.Errorf("%s reads a header", s.ID)
		}
	}
	want := []string{
		"exoplan-41 Sensitive over TLS (subject)", "exoplan-11 Marking above this system (subject)", "exoplan-21 PROTECTED via GovLINK (subject)",
		"exoplan-31 PROTECTED elsewhere (subject)", "exoplan-60 Unmarked mail to the outside", "exoplan-61 Unmarked mail from outside",
	}
	if !slices.Equal(made, want) {
		t.Errorf("made are %q, want %q", made, want)
	}
	lifecycle(t, e, write(t, p), rehearsal.Constrained, "new")
}

// taken takes every warning on.
func taken(t *testing.T, p *profiles.Profile) *profiles.Profile {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, p)
	for _, f := range resolve(t, p).Findings {
		if f.Rule.Severity == catalog.Warning && f.Acknowledged == nil {
			if err := s.Acknowledge(f.Rule, f.Scope, profiles.Acknowledgement{By: "Priya R", Role: "authorising officer", Reason: "rehearsed", Date: "2026-11-25"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s.Profile()
}
