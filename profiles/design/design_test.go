package design

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// answered makes a profile of answers as a rule's example states them.
func answered(t testing.TB, e catalog.Example) *profiles.Profile {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	text, err := yaml.Marshal(map[string]any{"exoplan": profiles.Format, "id": "x-1", "name": "x", "revision": 1, "answers": e})
	if err != nil {
		t.Fatal(err)
	}
	p, err := profiles.Decode("example", text, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func resolved(t testing.TB, p *profiles.Profile) *Design {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	return Resolve(profiles.Evaluate(c, ps, p), ps)
}

// TestRuleExamples resolves every example of every rule like a profile: those under fires fire,
// those under quiet do not. An example whose answers are not asked proves nothing.
func TestRuleExamples(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, topic := range c.Topics {
		for _, r := range topic.Rules {
			for want, examples := range map[bool][]catalog.Example{true: r.Fires, false: r.Quiet} {
				for i, e := range examples {
					s := profiles.Evaluate(c, ps, answered(t, e))
					fired := slices.ContainsFunc(s.Scopes(r.Each), func(scope profiles.Scope) bool { return Fires(s, r, scope) })
					if fired != want {
						t.Errorf("%s: example %d of %v fires: %t", r.ID, i+1, e, fired)
					}
					for id := range e {
						if !slices.ContainsFunc(s.Asked, func(a profiles.Asked) bool { return a.Question.ID == id }) {
							t.Errorf("%s: example %d answers %s, which is not asked then", r.ID, i+1, id)
						}
					}
				}
			}
		}
	}
}

// firstOwn is the number from which the rules of a family are ours and not the reference's.
const firstOwn = "51"

// proved are rules whose fault no answer can bring about: a test holds each over every example with
// every single choice changed.
var proved = map[string]func(*testing.T){
	"CLS-09": TestProtectedIsRejected,
	"GW-18":  TestConnectorsHandOver,
	"TLS-01": TestConnectorsHandOver,
}

// TestRulesOfTheReference compares rules with the list they come from, where it lies beside the
// repository. Each rule stands under its ID: with the severity of the list, as a rule, a look at DNS or
// at the tenant, or a hold that carries it out; or a test proves that its fault cannot happen.
func TestRulesOfTheReference(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	rules, live, held := map[string]string{}, map[string]string{}, map[string]string{} // ID -> severity; a hold has none
	for _, topic := range c.Topics {
		for _, h := range topic.Holds {
			if h.Rule != "" {
				held[h.Rule] = ""
			}
		}
		for _, r := range topic.Rules {
			rules[r.ID] = string(r.Severity)
		}
		for _, w := range topic.Watches {
			live[w.ID] = string(w.Severity)
		}
		for _, s := range topic.Strays {
			live[s.ID] = string(s.Severity)
		}
	}
	text, err := os.ReadFile("../../../shared/reference/rules.json")
	if err != nil {
		t.Skip("no list of rules beside the repository")
	}
	var list struct {
		Rules []struct{ ID, Severity, Kind string }
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, r := range list.Rules {
		listed[r.ID] = true
		_, isHeld := held[r.ID]
		severity, stands := rules[r.ID], isHeld
		switch r.Kind {
		case "answers":
			stands = severity != "" || isHeld || proved[r.ID] != nil
		case "live":
			severity = live[r.ID]
			stands = severity != "" || isHeld
		case "invariant": // a test of packs speaks of it
			stands = severity == ""
		}
		if !stands || severity != "" && severity != r.Severity {
			t.Errorf("%s, %s of kind %s in the list, does not stand like that: %q", r.ID, r.Severity, r.Kind, severity)
		}
		if proved[r.ID] != nil && severity != "" {
			t.Errorf("%s stands and cannot happen", r.ID)
		}
	}
	for _, of := range []map[string]string{rules, live, held} {
		for id := range of {
			if _, number, _ := strings.Cut(id, "-"); !listed[id] && number < firstOwn {
				t.Errorf("%s is not in the list; rules of our own begin at %s", id, firstOwn)
			}
		}
	}
}

// TestNamedFunctions compares the names of checks and derived values in the catalogue with the
// functions, both ways.
func TestNamedFunctions(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	var wantChecks, wantDerived []string
	for _, topic := range c.Topics {
		for _, r := range topic.Rules {
			if r.Check != "" {
				wantChecks = append(wantChecks, r.Check)
			}
		}
		for _, d := range topic.Derived {
			wantDerived = append(wantDerived, d.ID)
		}
	}
	slices.Sort(wantChecks)
	slices.Sort(wantDerived)
	if got := slices.Sorted(maps.Keys(checks)); !slices.Equal(got, wantChecks) {
		t.Errorf("checks are %v, rules name %v", got, wantChecks)
	}
	if got := slices.Sorted(maps.Keys(derivations)); !slices.Equal(got, wantDerived) {
		t.Errorf("derivations are %v, the catalogue names %v", got, wantDerived)
	}
	for _, id := range []string{askOrganisation, askSystem, askMarking, askChangeOwner, askTenantID, askTenantPrefix} {
		if q, ok := c.Question(id); !ok || !q.Cover {
			t.Errorf("%s is printed on the cover and is no cover question", id)
		}
	}
}

// TestReads: a check sees the answers that its rule says it reads, and no others; an
// acknowledgement rests on them.
func TestReads(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	for name, list := range c.Lists {
		if len(list.Values) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	for _, topic := range c.Topics {
		for _, r := range topic.Rules {
			for _, id := range r.Reads {
				if _, ok := c.Question(id); !ok {
					t.Errorf("%s reads %s, which is no question", r.ID, id)
				}
			}
		}
	}
}

// TestOneFlip resolves every example with every single choice changed: no value is left
// unfilled, no record has two owners, no step refers to what is not there. Every flow and
// every certificate stands in some of these plans.
func TestOneFlip(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	idle := map[string]bool{}
	for _, topic := range c.Topics {
		for _, f := range topic.Flows {
			idle[f.ID] = true
		}
		for _, x := range topic.Certificates {
			idle[x.ID] = true
		}
	}
	profilestest.Flips(t, func(flip string, p *profiles.Profile) {
		d := resolved(t, p)
		if len(d.Faults) > 0 {
			t.Errorf("%s: %v", flip, errors.Join(d.Faults...))
		}
		consistent(t, flip, d)
		for _, f := range d.Flows {
			delete(idle, profiles.ParseRef(f.ID).Question)
		}
		for _, x := range d.Certificates {
			delete(idle, profiles.ParseRef(x.ID).Question)
		}
	})
	for id := range idle {
		t.Errorf("no plan has %s", id)
	}
}

// consistent checks what holds in every design: references point to what is there, and nothing
// is both held and not.
func consistent(t *testing.T, name string, d *Design) {
	t.Helper()
	ids := map[string]bool{}
	for _, s := range d.Steps {
		if ids[s.ID] {
			t.Errorf("%s: %s stands twice", name, s.ID)
		}
		for _, need := range s.Needs {
			if !ids[need] {
				t.Errorf("%s: %s needs %s, which does not stand before it", name, s.ID, need)
			}
		}
		ids[s.ID] = true
		for _, v := range []map[string]any{s.Given, s.New, s.Set, s.Add, s.Expect} {
			for p, x := range v {
				if len(catalog.Placeholders(x)) > 0 {
					t.Errorf("%s: %s: %s is %v", name, s.ID, p, x)
				}
			}
		}
		if len(s.Decisions) == 0 {
			t.Errorf("%s: %s rests on no decision", name, s.ID)
		}
	}
	decided := map[string]bool{}
	for _, x := range d.Decided {
		decided[x.ID] = true
	}
	for _, r := range d.Records {
		if len(r.Decisions) == 0 {
			t.Errorf("%s: %s rests on no decision", name, r.ID)
		}
		if len(r.Values) == 0 && len(r.Open) == 0 && len(d.BlockingOpen()) == 0 {
			t.Errorf("%s: %s has no value and waits for nothing", name, r.ID)
		}
	}
	for _, f := range d.Flows {
		if len(f.Decisions) == 0 || slices.ContainsFunc(f.Decisions, func(id string) bool { return !decided[id] }) {
			t.Errorf("%s: %s rests on %v, which are not all decided", name, f.ID, f.Decisions)
		}
		if f.Before != "" && !ids[f.Before] {
			t.Errorf("%s: %s is needed before %s, which does not stand", name, f.ID, f.Before)
		}
		for _, text := range slices.Concat([]string{f.Opens, f.From.Is, f.To.Is, f.TLS, f.Between, f.Reason, f.Confirm}, f.From.At, f.To.At, f.Virtual) {
			if len(catalog.Placeholders(text)) > 0 {
				t.Errorf("%s: %s says %q", name, f.ID, text)
			}
		}
	}
	for _, x := range d.Certificates {
		if len(x.Decisions) == 0 || slices.ContainsFunc(x.Decisions, func(id string) bool { return !decided[id] }) {
			t.Errorf("%s: %s rests on %v, which are not all decided", name, x.ID, x.Decisions)
		}
		for _, text := range slices.Concat([]string{x.Purpose, x.Issuer, x.Bound, x.Keeper, x.Confirm}, x.Subject, x.Names, x.Expires) {
			if len(catalog.Placeholders(text)) > 0 {
				t.Errorf("%s: %s says %q", name, x.ID, text)
			}
		}
	}
	for _, s := range d.Steps {
		for _, id := range s.Decisions {
			if !decided[id] {
				t.Errorf("%s: %s rests on %s, which is not decided", name, s.ID, id)
			}
		}
	}
}

// TestDisputes: a plan names what is disputed about what it asks and decides, once for all
// items, with both sources; and nothing that is disputed elsewhere.
func TestDisputes(t *testing.T) {
	said := func(d *Design) []string {
		var places []string
		for _, x := range d.Disputes {
			places = append(places, x.ID+" "+x.Says.At)
			for _, s := range []Statement{x.Says, x.Differs} {
				if !slices.ContainsFunc(d.Sources, func(source Source) bool { return source.Key == s.Source.Key && source.Title != "" }) {
					t.Errorf("%s: %s is no source of the plan", x.ID, s.Source.Key)
				}
			}
		}
		if sorted := slices.Sorted(slices.Values(places)); len(slices.Compact(sorted)) != len(places) {
			t.Errorf("a dispute stands twice: %v", places)
		}
		return places
	}
	cloud, gateway := said(resolved(t, profilestest.Example(t, "cloud"))), said(resolved(t, profilestest.Example(t, "protected")))
	for _, tt := range []struct {
		dispute            string
		inCloud, inGateway bool
	}{
		{"DD-040 table of mail connectors", true, true},
		{"DD-040 MX record of a cloud tenant", true, false},
		{"DD-040 line 112", false, true},
		{"DD-041 line 117", false, true},
		{"gateway.smarthost-certificate lines 113 and 119", false, true},
		{"DD-041 line 25", false, false}, // of another jurisdiction
	} {
		if slices.Contains(cloud, tt.dispute) != tt.inCloud || slices.Contains(gateway, tt.dispute) != tt.inGateway {
			t.Errorf("%s: in %v, in %v", tt.dispute, cloud, gateway)
		}
	}
}

// TestProtectedIsRejected holds rule CLS-09 over every change of one answer: what is marked
// PROTECTED, wherever the marking is read, is rejected unless a later step lets it go, and every
// such step waits for all rejecting rules.
func TestProtectedIsRejected(t *testing.T) {
	plans := 0
	profilestest.Flips(t, func(flip string, p *profiles.Profile) {
		d := resolved(t, p)
		if !slices.ContainsFunc(d.Decided, func(x Decision) bool { return x.ID == "DD-051" }) {
			return
		}
		plans++
		read := 2 // the header and the subject
		switch {
		case p.Answers[profiles.Ref{Question: "routing.key"}].Value == "subject":
			read = 1
		case p.Answers[profiles.Ref{Question: "routing.key"}].Value == "label" && p.Answers[profiles.Ref{Question: "labels.deployed"}].Value == true:
			read = 3
		}
		held := false        // whether a rule that rejects waits for an answer
		var rejects []string // the steps that enable a rule that rejects
		for _, s := range d.Steps {
			switch {
			case strings.HasPrefix(s.Name, "exoplan-3") && s.Creates:
				held = held || s.Held()
				if s.Held() && !strings.HasSuffix(s.Name, "(label)") || s.Set["SentToScope"] != "NotInOrganization" || s.Set["RecipientDomainIs"] != nil || s.Set["ExceptIfRecipientDomainIs"] != nil || s.Set["RejectMessageReasonText"] == nil {
					t.Errorf("CLS-09: %s: %s lets PROTECTED pass", flip, s.ID)
				}
			case strings.HasPrefix(s.Name, "exoplan-3") && s.Set["Enabled"] == true:
				rejects = append(rejects, s.ID)
			case strings.HasPrefix(s.Name, "exoplan-2") && s.Set["Enabled"] == true, strings.HasPrefix(s.Name, "exoplan-3"):
				for _, id := range rejects {
					if !slices.Contains(s.Needs, id) {
						t.Errorf("CLS-09: %s: %s does not wait for %s", flip, s.ID, id)
					}
				}
				if held && !s.Held() {
					t.Errorf("CLS-09: %s: %s does not wait for what is open", flip, s.ID)
				}
				if len(rejects) != read {
					t.Errorf("CLS-09: %s: before %s only %v reject", flip, s.ID, rejects)
				}
			}
		}
	})
	if plans < 50 {
		t.Errorf("only %d plans", plans)
	}
}

// TestConnectorsHandOver holds rules GW-18 and TLS-01 over every change of one answer: a connector that
// does not ask the MX names a host in the same step, one that does names none, where mail leaves
// through the gateway one hands all of it over, and a connector that names a certificate proves the name.
func TestConnectorsHandOver(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	connectors, plans, named := 0, 0, 0
	profilestest.Flips(t, func(flip string, p *profiles.Profile) {
		handsOver := false
		for _, s := range resolved(t, p).Steps {
			if s.Noun != "OutboundConnector" || s.Owner != "" {
				continue
			}
			connectors++
			asks, says := given(s, "UseMXRecord")
			hosts, _ := given(s, "SmartHosts")
			has := len(catalog.WordsOf(hosts)) > 0
			if s.Creates && !says || says && (asks == true && has || asks == false && !has && !s.Held()) {
				t.Errorf("GW-18: %s: %s: UseMXRecord %v, SmartHosts %v", flip, s.ID, asks, hosts)
			}
			handsOver = handsOver || asks == false && reflect.DeepEqual(s.Set["RecipientDomains"], []any{"*"})
			if certificate, says := given(s, "TlsDomain"); says && (certificate != nil || s.Held()) {
				named++
				if settings, _ := given(s, "TlsSettings"); settings != "DomainValidation" {
					t.Errorf("TLS-01: %s: %s names the certificate %v, and TlsSettings is %v", flip, s.ID, certificate, settings)
				}
			}
		}
		if slices.Contains(profiles.Evaluate(c, ps, p).Words(profiles.Scope{})("DD-041"), "gateway") {
			plans++
			if !handsOver {
				t.Errorf("GW-18: %s: mail leaves through the gateway, and no connector hands it over", flip)
			}
		}
	})
	if connectors < 100 || plans < 50 || named < 100 {
		t.Errorf("only %d connectors, %d plans with a gateway, %d names of certificates", connectors, plans, named)
	}
}

// given returns what a step gives a property, if it gives it anything.
func given(s Step, property string) (any, bool) {
	for _, part := range []map[string]any{s.Set, s.New, s.Given} {
		if v, ok := part[property]; ok {
			return v, true
		}
	}
	return nil, false
}

// TestPlanIsStable: the same answers give the same bytes, and neither date nor revision change
// the fingerprint.
func TestPlanIsStable(t *testing.T) {
	p := profilestest.Example(t, "protected")
	_, first, err := resolved(t, p).Plan()
	if err != nil {
		t.Fatal(err)
	}
	p.Date, p.Revision = "2031-01-01", 99
	text, again, err := resolved(t, p).Plan()
	if err != nil || again != first {
		t.Errorf("%s, then %s, %v", first, again, err)
	}
	if i := strings.IndexFunc(string(text), func(r rune) bool { return r > 0x7e }); i >= 0 {
		t.Errorf("not ASCII at %d", i)
	}
	p.Answers[profiles.Ref{Question: "gateway.certificate"}] = profiles.Answer{Value: "other.tidegate.example"}
	if _, other, _ := resolved(t, p).Plan(); other == first {
		t.Error("another certificate, the same fingerprint")
	}
}

// TestHeld: an open value holds the steps that need it and what rests on them, and nothing else.
func TestHeld(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, tt := range []struct {
		example, question string
		held, free        []string
	}{
		{"protected", "gateway.certificate", []string{"STEP-720"}, []string{"STEP-310", "STEP-520", "STEP-660"}},
		{"protected", "govlink.approved", []string{"STEP-342", "STEP-343", "STEP-660", "STEP-661"}, []string{"STEP-389", "STEP-620", "STEP-621", "STEP-330"}},
		{"protected", "gateway.smarthost", []string{"STEP-320", "STEP-330", "STEP-342", "STEP-640", "STEP-660"}, []string{"STEP-310", "STEP-389", "STEP-620"}},
		{"protected", "govlink.approved-keeper", nil, []string{"STEP-342", "STEP-660"}},
		{"protected", "gateway.name", []string{"STEP-310", "STEP-520", "STEP-720", "STEP-320"}, []string{"STEP-141", "STEP-340"}},
		{"cloud", "dkim.selector1/mariners-welfare.example", []string{"HOLD-220/mariners-welfare.example", "STEP-230/mariners-welfare.example"}, []string{"STEP-210/mariners-welfare.example"}},
	} {
		s := profiles.NewSession(c, ps, profilestest.Example(t, tt.example))
		if err := s.Undecide(profiles.ParseRef(tt.question), "Somebody", ""); err != nil {
			t.Fatal(err)
		}
		d := Resolve(s.State(), ps)
		for _, step := range d.Steps {
			if slices.Contains(tt.held, step.ID) && !slices.Contains(step.Open, tt.question) {
				t.Errorf("%s open: %s is held by %v", tt.question, step.ID, step.Open)
			}
			if slices.Contains(tt.free, step.ID) && step.Held() {
				t.Errorf("%s open: %s is held", tt.question, step.ID)
			}
		}
		o := d.Open[slices.IndexFunc(d.Open, func(o Open) bool { return o.Ref == tt.question })]
		for _, id := range tt.held {
			if !slices.Contains(o.Holds, id) {
				t.Errorf("%s is not said to hold %s, only %v", tt.question, id, o.Holds)
			}
		}
		if o.Blocking {
			t.Errorf("%s blocks", tt.question)
		}
	}
}

// TestChange: what a stage changes is the latest stage before it that is published; one that is
// held has published nothing.
func TestChange(t *testing.T) {
	d := &Design{Records: []Record{
		{ID: "REC-1", Phase: "P2", Values: []string{"a"}},
		{ID: "REC-1", Phase: "P5", Values: []string{"b"}, Open: []string{"domain.mx"}},
		{ID: "REC-1", Phase: "P8", Values: []string{"c"}},
		{ID: "REC-2", Phase: "P2", Open: []string{"domain.mx"}},
		{ID: "REC-2", Phase: "P8", Values: []string{"d"}},
	}}
	for i, want := range []struct{ change, before string }{{"add", ""}, {"change", "P2"}, {"change", "P2"}, {"add", ""}, {"add", ""}} {
		r := d.Records[i]
		before, found := d.Before(r)
		if d.Change(r) != want.change || before.Phase != want.before || found != (want.before != "") {
			t.Errorf("%s in %s: %s, after %q", r.ID, r.Phase, d.Change(r), before.Phase)
		}
	}
}

// TestUndecided: what the shape of the plan hangs on blocks while it is open, and counts as its
// assumption when one is made.
func TestUndecided(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, profilestest.Example(t, "protected"))
	ref := profiles.Ref{Question: "gateway.lockdown"}
	if err := s.Undecide(ref, "Priya", "2026-12-01"); err != nil {
		t.Fatal(err)
	}
	if d := Resolve(s.State(), ps); d.Ready() || len(d.BlockingOpen()) != 1 {
		t.Errorf("open, and ready %t", d.Ready())
	}
	if err := s.Undecide(ref, "Priya", "2026-12-01", "none"); err != nil {
		t.Fatal(err)
	}
	d := Resolve(s.State(), ps)
	if len(d.BlockingOpen()) != 0 {
		t.Error("it blocks in spite of the assumption")
	}
	if !slices.ContainsFunc(d.Blocking(), func(f Finding) bool { return f.Rule.ID == "GW-03" }) {
		t.Error("no rule fires on the assumption")
	}
}

// TestPutBack: what an earlier revision may have set and no stage sets any more goes back to
// what it was, in the object's last stage.
func TestPutBack(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, profilestest.Example(t, "protected"))
	if err := s.Set([]string{"gateway.lockdown=address", "gateway.shared-addresses=no"}); err != nil {
		t.Fatal(err)
	}
	for _, step := range Resolve(s.State(), ps).Steps {
		if step.ID != "STEP-725" {
			continue
		}
		if v, ok := step.Set["TlsSenderCertificateName"]; !ok || v != nil || step.Set["RestrictDomainsToCertificate"] != false {
			t.Errorf("%v", step.Set)
		}
		return
	}
	t.Error("no STEP-725")
}

// TestAcknowledgement: a warning that a person took on blocks no longer, until the answers it
// rests on change or the tenant is another.
func TestAcknowledgement(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	start := func() *profiles.Session {
		s := profiles.NewSession(c, ps, profilestest.Example(t, "protected"))
		if err := s.Set([]string{"gateway.admits-tenant-only=no"}); err != nil {
			t.Fatal(err)
		}
		return s
	}
	find := func(s *profiles.Session) Finding {
		d := Resolve(s.State(), ps)
		i := slices.IndexFunc(d.Findings, func(f Finding) bool { return f.Rule.ID == "GW-20" })
		if i < 0 {
			t.Fatal("GW-20 does not fire")
		}
		return d.Findings[i]
	}
	acknowledge := func(s *profiles.Session) {
		f := find(s)
		if !f.Blocks() {
			t.Fatal("it does not block before")
		}
		if err := s.Acknowledge(f.Rule, f.Scope, profiles.Acknowledgement{By: "R Osei", Role: "CISO", Reason: "The provider checks from March"}); err != nil {
			t.Fatal(err)
		}
		if find(s).Blocks() {
			t.Fatal("it blocks all the same")
		}
	}
	s := start()
	acknowledge(s)
	if err := s.Set([]string{"gateway.name=OTHER"}); err != nil {
		t.Fatal(err)
	}
	if f := find(s); f.Blocks() || f.Lapsed {
		t.Error("it lapses for an answer that it does not rest on")
	}
	if err := s.Set([]string{"tenant.id=99999999-8888-7777-6666-555555555555"}); err != nil {
		t.Fatal(err)
	}
	if f := find(s); !f.Blocks() || !f.Lapsed {
		t.Error("it passes to another tenant")
	}
	if err := start().Acknowledge(find(start()).Rule, profiles.Scope{}, profiles.Acknowledgement{By: "R Osei", Role: " ", Reason: "x"}); err == nil {
		t.Error("acknowledged without a role")
	}
}

// TestToday: what somebody says to stand under a name is what the first stage changes; it gets a
// short time to live before, unless it has one or stays; and while nobody has said what it is, the
// lowering is held and the rest is not.
func TestToday(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	rec := catalog.Record{
		ID: "REC-990", Each: "domains", Zone: "<domain>", Name: "@", Type: "MX", Reason: "reason",
		Today:  &catalog.RecordToday{Value: "<gateway.mx>", TTL: "<gateway.name>", Lower: "P4", Reason: "lowered"},
		Stages: []catalog.RecordStage{{Phase: "P5", TTL: 300, Preference: 10, Value: "mx.new.example"}},
	}
	for _, tt := range []struct {
		name   string
		today  profiles.Answer
		ttl    string
		want   []string // phase, values and time to live of each record
		before string
		held   bool
	}{
		{"another host", profiles.Answer{Value: []string{"5 mx.old.example", "mx.older.example"}}, "3600", []string{"P4 5 mx.old.example,10 mx.older.example 300", "P5 10 mx.new.example 300"}, "P4", false},
		{"nobody knows the time to live", profiles.Answer{Value: []string{"5 mx.old.example"}}, "", []string{"P4 5 mx.old.example 300", "P5 10 mx.new.example 300"}, "P4", false},
		{"short already", profiles.Answer{Value: []string{"5 mx.old.example"}}, "300", []string{"P5 10 mx.new.example 300"}, "", false},
		{"the host that is planned", profiles.Answer{Value: []string{"10 mx.new.example"}}, "3600", []string{"P5 10 mx.new.example 300"}, "", false},
		{"the host that is planned, at another preference", profiles.Answer{Value: []string{"20 mx.new.example"}}, "3600", []string{"P4 20 mx.new.example 300", "P5 10 mx.new.example 300"}, "P4", false},
		{"nothing", profiles.Answer{Value: []string{catalog.None}}, "", []string{"P5 10 mx.new.example 300"}, "nothing", false},
		{"not known yet", profiles.Answer{Undecided: &profiles.Undecided{Owner: "Jo"}}, "", []string{"P4  300", "P5 10 mx.new.example 300"}, "nothing", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := profilestest.Example(t, "protected")
			p.Answers[profiles.Ref{Question: "domains"}] = profiles.Answer{Value: catalog.NewItems([]string{"agency.example"}, nil)}
			p.Answers[profiles.Ref{Question: "gateway.mx"}] = tt.today
			p.Answers[profiles.Ref{Question: "gateway.name"}] = profiles.Answer{Value: tt.ttl}
			r := &resolver{State: profiles.Evaluate(c, ps, p), d: &Design{Profile: p}, objects: map[profiles.Ref]object{}}
			r.records(catalog.Topic{Records: []catalog.Record{rec}})
			var got []string
			for _, x := range r.d.Records {
				got = append(got, fmt.Sprintf("%s %s %d", x.Phase, strings.Join(x.Values, ","), x.TTL))
			}
			if !slices.Equal(got, tt.want) {
				t.Fatalf("%q, not %q", got, tt.want)
			}
			last := r.d.Records[len(r.d.Records)-1]
			before, found := r.d.Before(last)
			if found != (tt.before != "nothing") || before.Phase != strings.TrimSuffix(tt.before, "nothing") {
				t.Errorf("before: %+v, %t", before, found)
			}
			if r.d.Records[0].Held() != tt.held || last.Held() {
				t.Errorf("held: %+v", r.d.Records)
			}
			if len(got) == 2 && r.d.Records[0].Reason != "lowered" {
				t.Errorf("the reason of the lowering is %q", r.d.Records[0].Reason)
			}
		})
	}
}

// TestPolicyHosts: until the cutover a policy lists the hosts of today beside the new ones, each
// once and none that is no host; in the end the new ones alone. What is enforced stays enforced.
func TestPolicyHosts(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, tt := range []struct {
		name         string
		set          []string
		first, final string // mode, hosts, seconds
	}{
		{"enforced today", nil, "enforce mail.mariners-welfare.example marinerswelfare-example0d.mail.protection.outlook.com 1209600", "enforce marinerswelfare-example0d.mail.protection.outlook.com 1209600"},
		{"nothing today", []string{"mta-sts.today/mariners-welfare.example=none"}, "testing mail.mariners-welfare.example marinerswelfare-example0d.mail.protection.outlook.com 86400", "enforce marinerswelfare-example0d.mail.protection.outlook.com 1209600"},
		{"tested only", []string{"mta-sts.mode=testing", "mta-sts.today/mariners-welfare.example=none"}, "testing mail.mariners-welfare.example marinerswelfare-example0d.mail.protection.outlook.com 86400", "testing marinerswelfare-example0d.mail.protection.outlook.com 86400"},
		{"enforced today, to be tested only", []string{"mta-sts.mode=testing"}, "enforce mail.mariners-welfare.example marinerswelfare-example0d.mail.protection.outlook.com 1209600", "enforce marinerswelfare-example0d.mail.protection.outlook.com 1209600"},
		{"no MX today", []string{"domain.mx-today/mariners-welfare.example=none"}, "enforce marinerswelfare-example0d.mail.protection.outlook.com 1209600", ""},
		{"a null MX today", []string{"domain.mx-today/mariners-welfare.example=0 ."}, "enforce marinerswelfare-example0d.mail.protection.outlook.com 1209600", ""},
		{"the new host stands there already", []string{"domain.mx-today/mariners-welfare.example=0 marinerswelfare-example0d.mail.protection.outlook.com"}, "enforce marinerswelfare-example0d.mail.protection.outlook.com 1209600", ""},
		{"a gateway", []string{"gateway.inbound=gateway", "gateway.mx=10 mx1.tidegate.example", "gateway.mx=20 mx2.tidegate.example"}, "enforce mail.mariners-welfare.example mx1.tidegate.example mx2.tidegate.example 1209600", "enforce mx1.tidegate.example mx2.tidegate.example 1209600"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := profiles.NewSession(c, ps, profilestest.Example(t, "cloud"))
			if err := s.Set(tt.set); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range Resolve(s.State(), ps).Records {
				if r.ID != "REC-061/mariners-welfare.example" {
					continue
				}
				text := strings.NewReplacer("version: STSv1\r\n", "", "mode: ", "", "mx: ", "", "max_age: ", "", "\r\n", " ").Replace(r.Serves.Text)
				got = append(got, strings.TrimSpace(text))
			}
			want := []string{tt.first, tt.final}
			if tt.final == "" {
				want = want[:1] // nothing changes in the end
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q\nnot\n%q", got, want)
			}
		})
	}
}

// TestUnknownHost: while nobody knows who serves the policy file, or where, the records of MTA-STS
// wait and no other, and with them the holds that speak of the file.
func TestUnknownHost(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for question, want := range map[string][]string{
		"mta-sts.host": {
			"HOLD-240/grants.mariners-welfare.example", "HOLD-240/mariners-welfare.example", "HOLD-420/mariners-welfare.example",
			"HOLD-815/grants.mariners-welfare.example", "HOLD-815/mariners-welfare.example",
			"REC-061/grants.mariners-welfare.example", "REC-061/mariners-welfare.example",
		},
		"mta-sts.target/mariners-welfare.example": {
			"HOLD-240/mariners-welfare.example", "HOLD-420/mariners-welfare.example", "HOLD-815/mariners-welfare.example",
			"REC-060/mariners-welfare.example", "REC-061/mariners-welfare.example",
		},
	} {
		s := profiles.NewSession(c, ps, profilestest.Example(t, "cloud"))
		if err := s.Undecide(profiles.ParseRef(question), "Jo Citizen", ""); err != nil {
			t.Fatal(err)
		}
		d := Resolve(s.State(), ps)
		i := slices.IndexFunc(d.Open, func(o Open) bool { return o.Ref == question })
		slices.Sort(d.Open[i].Holds)
		if !slices.Equal(d.Open[i].Holds, want) || d.Open[i].Blocking {
			t.Errorf("%s holds %v, not %v; it blocks: %t", question, d.Open[i].Holds, want, d.Open[i].Blocking)
		}
	}
}

// TestHoldsLook: a hold that wants to see in the tenant what a held step brings about is held with it.
func TestHoldsLook(t *testing.T) {
	d := resolved(t, profilestest.Example(t, "cloud"))
	open := map[string][]string{}
	for _, s := range d.Steps {
		if strings.HasPrefix(s.ID, "HOLD-810/") && len(s.Looks) > 0 {
			open[s.ID] = s.Open
		}
	}
	want := map[string][]string{
		"HOLD-810/mariners-welfare.example":        nil,
		"HOLD-810/grants.mariners-welfare.example": {"dkim.selector1/grants.mariners-welfare.example", "dkim.selector2/grants.mariners-welfare.example"},
	}
	if !maps.EqualFunc(open, want, slices.Equal) {
		t.Errorf("held are %v, want %v", open, want)
	}
}
