package design

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// set is an example with some answers changed.
func set(t *testing.T, example string, assignments ...string) *profiles.Session {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, profilestest.Example(t, example))
	if err := s.Set(assignments); err != nil {
		t.Fatal(err)
	}
	return s
}

// fired returns the finding of a rule, and fails where it does not fire.
func (d *Design) fired(t *testing.T, rule string) Finding {
	t.Helper()
	i := slices.IndexFunc(d.Findings, func(f Finding) bool { return f.Rule.ID == rule })
	if i < 0 {
		t.Fatalf("%s does not fire", rule)
	}
	return d.Findings[i]
}

func (d *Design) entry(t *testing.T, id string) Step {
	t.Helper()
	i := slices.IndexFunc(d.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("there is no %s", id)
	}
	return d.Steps[i]
}

// TestLockdownNamesWhoWritesToTheInitialDomain: a lock-down refuses mail to the initial domain too.
// Who writes there is named where the step waits; a message tries it; nothing is excepted.
func TestLockdownNamesWhoWritesToTheInitialDomain(t *testing.T) {
	const alarms = "Alarms of the building, to ops"
	s := set(t, "protected", "gateway.lockdown=address", "gateway.shared-addresses=no", "initial-domain.senders="+alarms)
	d := Resolve(s.State(), s.Presets())
	if hold := d.entry(t, "HOLD-716"); !strings.Contains(hold.Text, alarms) || !slices.Contains(d.entry(t, "STEP-725").Needs, hold.ID) {
		t.Errorf("the lock-down does not wait for %q: %+v", alarms, hold)
	}
	if !slices.ContainsFunc(d.Tests, func(x Test) bool { return x.ID == "TEST-722" && strings.HasPrefix(x.Expect, "Refused") }) {
		t.Error("no message tries it")
	}
	for _, step := range d.Steps {
		for _, values := range []map[string]any{step.New, step.Given, step.Set, step.Add} {
			if _, ok := values["AssociatedAcceptedDomains"]; ok {
				t.Errorf("%s leaves a way round the gateway", step.ID)
			}
		}
	}
}

// TestRedirectOfSPF: beside -all nobody follows a redirect. Whom it let send is named, and stays by
// an include or leaves by choice.
func TestRedirectOfSPF(t *testing.T) {
	for choice, rule := range map[string]string{"kept": "AUTH-56", "dropped": "AUTH-53"} {
		s := set(t, "cloud", "domain.spf-today/mariners-welfare.example=v=spf1 redirect=_spf.parent.example", "domain.spf-senders/mariners-welfare.example="+choice)
		d := Resolve(s.State(), s.Presets())
		if f := d.fired(t, rule); !strings.Contains(f.Detail, "include:_spf.parent.example") {
			t.Errorf("%s: the lost senders are not named: %s", choice, f.Detail)
		}
		for _, r := range d.Records {
			if r.ID != "REC-030/mariners-welfare.example" {
				continue
			}
			text := strings.Join(r.Values, " ")
			included := strings.Contains(text, "include:_spf.parent.example")
			if strings.Contains(text, "redirect=") || !strings.HasSuffix(text, " -all") || included != (choice == "kept" && r.Phase == "P2") {
				t.Errorf("%s, %s: %s", choice, r.When(), text)
			}
		}
	}
}

// TestReportAddressesAreAddresses: what stands before and behind a report address is no part of it,
// and the name that has to consent is that of its domain.
func TestReportAddressesAreAddresses(t *testing.T) {
	s := set(t, "third-party", "dmarc.reports-to=dmarc@reports.harbour.example!10m", "dmarc.reports-to=mailto:b@canal-trust.example")
	d := Resolve(s.State(), s.Presets())
	if f := d.fired(t, "AUTH-07"); !strings.Contains(f.Detail, "to reports.harbour.example, which") {
		t.Errorf("%s", f.Detail)
	}
	for _, r := range d.Records {
		if text := strings.Join(r.Values, " "); r.Tag == "v=DMARC1" && !strings.HasSuffix(text, "rua=mailto:dmarc@reports.harbour.example,mailto:b@canal-trust.example") {
			t.Errorf("%s: %s", r.ID, text)
		}
	}
}

// TestValidationOfAConnectorIsForPeople: its test message comes from the initial domain, which the
// other side hears of beforehand; that it worked is for a person to say, and no script says it.
func TestValidationOfAConnectorIsForPeople(t *testing.T) {
	for _, name := range []string{"protected", "third-party", "hybrid"} {
		s := set(t, name)
		d := Resolve(s.State(), s.Presets())
		before, after := d.entry(t, "HOLD-630"), d.entry(t, "HOLD-645")
		if !strings.Contains(before.Text, d.Cover.TenantDomain) || !slices.Contains(d.entry(t, "STEP-640").Needs, before.ID) {
			t.Errorf("%s: the other side does not hear of the sender beforehand: %s", name, before.Text)
		}
		if !strings.Contains(after.Text, "speaks of that sender alone") {
			t.Errorf("%s: a refusal is not told apart: %s", name, after.Text)
		}
		for _, step := range d.Steps {
			for _, values := range []map[string]any{step.New, step.Given, step.Set, step.Add} {
				if _, ok := values["IsValidated"]; ok {
					t.Errorf("%s: %s says that a test succeeded", name, step.ID)
				}
			}
		}
	}
}

// TestNamesThatDoNotFit: a name that would be too long for Exchange Online is refused where it is
// asked for, with its length, the limit and whose it is.
func TestNamesThatDoNotFit(t *testing.T) {
	for ref, most := range map[string]int{"gateway.name": 41, "direct-senders": 44} {
		s := set(t, "hybrid")
		err := s.Answer(profiles.Ref{Question: ref}, strings.Repeat("N", most+1))
		said := fmt.Sprint(err)
		for _, part := range []string{fmt.Sprintf("has %d characters", most+1), fmt.Sprintf("%d ", most), "Exchange Online has 64"} {
			if !strings.Contains(said, part) {
				t.Errorf("%s: %q is not in: %s", ref, part, said)
			}
		}
		if err := s.Answer(profiles.Ref{Question: ref}, strings.Repeat("N", most)); err != nil {
			t.Errorf("%s: %v", ref, err)
		}
	}
}

// TestSignerThatMailDoesNotPass: what was chosen for a gateway stands in the way, by name, once mail
// no longer leaves through it. What only the gateway was asked is kept apart and used for nothing.
func TestSignerThatMailDoesNotPass(t *testing.T) {
	s := set(t, "hybrid", "gateway.outbound=direct")
	d := Resolve(s.State(), s.Presets())
	if f := d.fired(t, "AUTH-57"); !f.Blocks() {
		t.Error("nothing stands in the way of unsigned mail")
	}
	if err := s.Set([]string{"dkim.gateway-selector=fs2026"}); err == nil || !strings.Contains(err.Error(), "is not asked here") {
		t.Errorf("a flag answers what is not asked: %v", err)
	}
	if err := s.Set([]string{"dkim.placement=exchange-online"}); err != nil {
		t.Fatal(err)
	}
	never := s.Profile()
	for _, ref := range s.State().Unused() {
		delete(never.Answers, ref)
	}
	if len(never.Answers) == len(s.Profile().Answers) {
		t.Fatal("nothing is kept apart")
	}
	_, with, _ := Resolve(s.State(), s.Presets()).Plan()
	_, without, _ := Resolve(profiles.Evaluate(s.State().Catalog, s.Presets(), never), s.Presets()).Plan()
	if with != without {
		t.Error("answers to questions that are not asked change the plan")
	}
	if strings.Contains(fmt.Sprint(Resolve(s.State(), s.Presets()).Records), "fs2026") {
		t.Error("a record is made of an answer to a question that is not asked")
	}
}

// TestSendOnlyDomainsKeepTheirMX: bounces come back to it, so no plan gives it a null MX.
func TestSendOnlyDomainsKeepTheirMX(t *testing.T) {
	seen := 0
	for _, name := range profiles.Examples() {
		s := set(t, name)
		for _, scope := range s.State().Scopes("domains") {
			if err := s.Set([]string{"domain.role/" + scope.Item.Key + "=send-only"}); err != nil {
				continue // a preset locks it
			}
			seen++
			for _, r := range Resolve(s.State(), s.Presets()).Records {
				if r.Type == "MX" && r.Zone == scope.Item.Value {
					t.Errorf("%s: %s", name, r.ID)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no domain was tried")
	}
}
