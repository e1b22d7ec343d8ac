package templates

import (
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestPartners carries the connectors of two partners and the rule beside them through the tenant:
// one proves a name and the other a public certificate, the rule excepts both, and nothing is in
// use before its phase.
func TestPartners(t *testing.T) {
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "cloud"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	enabled := func(want bool) func(*testing.T, rehearsal.Outcome) {
		return func(t *testing.T, o rehearsal.Outcome) {
			t.Helper()
			for _, c := range []struct{ noun, name, property, value string }{
				{"OutboundConnector", "TLS-to-legal-aid.example", "TlsSettings", "DomainValidation"},
				{"OutboundConnector", "TLS-to-legal-aid.example", "TlsDomain", "mx.legal-aid.example"},
				{"OutboundConnector", "TLS-to-pilots-union.example", "TlsSettings", "CertificateValidation"},
				{"InboundConnector", "TLS-from-legal-aid.example", "TlsSenderCertificateName", "*.out.legal-aid.example"},
			} {
				object, there := o.State.Object(c.noun, c.name)
				if v, _ := object.Value(c.property); v != c.value {
					t.Errorf("%s (there: %t): %s is %v, not %s", c.name, there, c.property, v, c.value)
				}
				if v, _ := object.Value("Enabled"); v != want {
					t.Errorf("%s: Enabled is %v, not %t", c.name, v, want)
				}
			}
		}
	}
	y.run(p, "apply", 0, "Phase", "P3", "Acknowledge", p.named("P3", isHold)).check = enabled(false)
	y.run(p, "apply", 22, "Phase", "P6").writes = true // the rules for markings come before the first hold
	y.run(p, "apply", 0, "Phase", "P6", "Acknowledge", p.named("P6", isHold)).check = func(t *testing.T, o rehearsal.Outcome) {
		enabled(true)(t, o)
		rule, _ := o.State.Object("TransportRule", "exoplan-50 Forced TLS")
		if v, _ := rule.Value("ExceptIfRecipientDomainIs"); !slices.Equal(v.([]any), []any{"legal-aid.example", "pilots-union.example"}) {
			t.Errorf("the rule excepts %v", v)
		}
	}
	y.run(p, "rollback", 30, "Phase", "P6", "Acknowledge", p.named("P6", holdsBack), "Release", p.named("P6", isKept)).check = enabled(false)
	y.run(p, "rollback", 30, "Phase", "P3", "Release", p.named("P3", isKept))
	o := y.perform(e)
	restored(t, o[0], o[len(o)-1])
}

// TestPartnersBehindAGateway: what a partner proves is proved to the gateway. Its owner gets an
// instruction that names the certificate, and Exchange Online no connector.
func TestPartnersBehindAGateway(t *testing.T) {
	p := write(t, profilestest.Example(t, "protected"))
	for _, s := range p.Steps {
		if strings.HasPrefix(s.Name, "TLS-") {
			t.Errorf("%s makes %s", s.ID, s.Name)
		}
	}
	for id, name := range map[string]string{
		"HOLD-678/naval-architects.example": "mx.naval-architects.example", "HOLD-679/naval-architects.example": "out.naval-architects.example",
	} {
		if s := p.find(t, func(s design.Step) bool { return s.ID == id }); !strings.Contains(s.Text, name) {
			t.Errorf("%s does not name %s: %s", id, name, s.Text)
		}
	}
	// Elsewhere the same answers are refused, each way.
	for _, tt := range []struct{ example, answer, rule string }{
		{"protected", "partner.outbound/naval-architects.example=connector", "GW-24"},
		{"protected", "partner.inbound/naval-architects.example=certificate", "GW-25"},
		{"cloud", "partner.outbound/legal-aid.example=gateway", "TLS-72"},
		{"cloud", "partner.inbound/legal-aid.example=gateway", "TLS-72"},
	} {
		d := resolve(t, with(t, profilestest.Example(t, tt.example), tt.answer))
		if !slices.ContainsFunc(d.Blocking(), func(f design.Finding) bool { return f.Rule.ID == tt.rule }) {
			t.Errorf("%s with %s: %s does not stop it", tt.example, tt.answer, tt.rule)
		}
	}
}
