package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles/catalog"
)

func load2(t testing.TB) (*catalog.Catalog, Presets) {
	t.Helper()
	c, ps, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c, ps
}

func example(t testing.TB, name string) *Profile {
	t.Helper()
	p, err := Example(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestExamples: every example is complete, and every preset has one that uses it.
func TestExamples(t *testing.T) {
	c, ps := load2(t)
	used := map[string]bool{}
	for _, n := range Examples() {
		p := example(t, n)
		for _, m := range Evaluate(c, ps, p).Missing() {
			t.Errorf("%s: %s is not answered", n, m.Ref())
		}
		for _, id := range p.Presets {
			used[id] = true
		}
	}
	for _, p := range ps {
		if !used[p.ID] {
			t.Errorf("no example uses the preset %s", p.ID)
		}
	}
}

// TestRoundTrip: what Encode writes, Decode reads back as it was, and Encode writes again to the
// same bytes.
func TestRoundTrip(t *testing.T) {
	c, ps := load2(t)
	hostile := example(t, "protected")
	for _, s := range []string{"010", "on", "yes", "null", "2026-11-25", "3.10", "~", "# no comment", "a: b", "'", `"`, "O’Brien", "- x", "*a", "&b", "!t", "{x}", "[y]", "%z", "@q", "`r", "trailing ", "é", "1e3", "0x1F", ".inf", "=", "|", ">"} {
		for _, q := range []string{"engagement.system", "engagement.organisation"} {
			p := hostile.Clone()
			p.Answers[Ref{Question: q}] = Answer{Value: strings.TrimSpace(s)}
			roundTrip(t, p, c, ps)
		}
	}
	for _, n := range Examples() {
		roundTrip(t, example(t, n), c, ps)
	}
}

func roundTrip(t *testing.T, p *Profile, c *catalog.Catalog, ps Presets) {
	t.Helper()
	text, err := Encode(p, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode("profile.yaml", text, c, ps)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !reflect.DeepEqual(got, p) {
		t.Errorf("read back otherwise:\n%s", text)
	}
	if again, _ := Encode(got, c, ps); !bytes.Equal(again, text) {
		t.Errorf("written otherwise:\n%s\n%s", text, again)
	}
}

// Head is how a profile begins.
const Head = "exoplan: 1\nid: x-1\nname: x\nrevision: 1\n"

// BadProfiles are no profiles, and all that is said of each.
var BadProfiles = []struct {
	Name, Text string
	Want       []string // "line: text"
	Beyond     string   // why no schema can say so; empty: one can
}{
	{"nothing", " \n", []string{"the file is empty"}, ""},
	{"an unknown key", Head + "anwsers: {}\n", []string{`5: unknown key "anwsers"`}, ""},
	{"a newer version", "exoplan: 7\nfuture: true\n", []string{"1: the profile has format 7 and was written by a newer exoplan"}, ""},
	{"no version", "id: x-1\nname: x\nrevision: 1\n", []string{"1: a profile begins with the line exoplan: 1"}, ""},
	{"an unknown question", Head + "answers:\n  gateway.inbond: gateway\n", []string{`6: no question is called "gateway.inbond"; did you mean "gateway.inbound"?`}, ""},
	{"an option that is none", Head + "answers:\n  gateway.inbound: gatway\n", []string{`6: gateway.inbound: "gatway" is not one of: direct, gateway, on-premises`}, ""},
	{"a list for one answer", Head + "answers:\n  gateway.inbound: [direct]\n", []string{"6: gateway.inbound: one answer is expected here, not a list"}, ""},
	{"a mapping for one answer", Head + "answers:\n  gateway.inbound: {a: b}\n", []string{"6: gateway.inbound: a text is expected here, not a mapping"}, ""},
	{"two domains the same", Head + "answers:\n  domains: [a.example, A.example]\n", []string{`6: domains: "A.example" stands in the list twice`}, "capitals"},
	{"a domain that is none", Head + "answers:\n  domains: [agency]\n", []string{`6: domains: "agency" is not a domain name`}, ""},
	{"an item that is not there", Head + "answers:\n  domains: [a.example]\n  domain.role: {b.example: mail}\n", []string{`7: domain.role: "b.example" is not among domains`}, "other answers"},
	{"nobody owns it", Head + "answers:\n  gateway.inbound: {undecided: {due: 2026-12-01}}\n", []string{"6: gateway.inbound: undecided: somebody owns the question"}, ""},
	{"a date that is none", Head + "answers:\n  gateway.inbound: {undecided: {owner: A, due: soon}}\n", []string{`6: gateway.inbound: "soon" is not a date`}, ""},
	{"an unknown preset", Head + "presets: [asd-cloud-nativ]\n", []string{`presets: no preset is called "asd-cloud-nativ"`}, ""},
	{"a wrong type", "exoplan: 1\nid: x\nname: x\nrevision: first\n", []string{`4: a whole number is expected here, not "first"`, "revision: a whole number from 1"}, ""},
	{"a name with capitals", "exoplan: 1\nid: x\nname: Big Name\nrevision: 1\n", []string{`name: "Big Name" is not a name`}, ""},
	{"a key said twice", Head + "revision: 2\n", []string{`5: "revision" stands here a second time; line 4 has it already`}, "no YAML"},
	{"no YAML", Head + "answers: [\n", []string{"did not find expected"}, "no YAML"},
	{"an acknowledgement by nobody", Head + "acknowledged: [{rule: GW-20, role: CISO, reason: x}]\n", []string{"an acknowledgement names a rule, and who acknowledges it"}, ""},
	{"an acknowledgement of no rule", Head + "acknowledged: [{rule: GW-21x, by: A, role: CISO, reason: x}]\n", []string{`no rule is called "GW-21x"; did you mean "GW-21"?`}, ""},
	{
		"several at once", Head + "answers:\n  gateway.inbound: no\n  domains: [a]\n  classification.report-to: nobody\n",
		[]string{"6: gateway.inbound", "7: domains", "8: classification.report-to"},
		"",
	},
}

// TestBadProfiles: each fault has one clear message with its line, all of them at once.
func TestBadProfiles(t *testing.T) {
	c, ps := load2(t)
	for _, tt := range BadProfiles {
		t.Run(tt.Name, func(t *testing.T) {
			_, err := Decode("p.yaml", []byte(tt.Text), c, ps)
			var problems catalog.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("read all the same: %v", err)
			}
			for _, w := range tt.Want {
				if !slices.ContainsFunc(problems, func(p catalog.Problem) bool { return strings.Contains(fmt.Sprintf("%d: %s", p.Line, p.Message), w) }) {
					t.Errorf("nothing says %q:\n%v", w, err)
				}
			}
		})
	}
}

// TestLayers: an answer of the profile stands over that of a preset, that over the default; a
// later preset stands over an earlier one.
func TestLayers(t *testing.T) {
	c, ps := load2(t)
	p := &Profile{ID: "x", Name: "x", Revision: 1, Answers: map[Ref]Answer{}}
	origin := func() (any, Origin) {
		for _, a := range Evaluate(c, ps, p).Asked {
			if a.Question.ID == "dkim.placement" {
				return a.Answer.Value, a.Origin
			}
		}
		return nil, "not asked"
	}
	check := func(value any, from Origin) {
		t.Helper()
		if v, o := origin(); v != value || o != from {
			t.Errorf("%v from %q, want %v from %q", v, o, value, from)
		}
	}
	check(nil, None)
	p.Presets = []string{"asd-cloud-native"}
	check("exchange-online", "asd-cloud-native")
	p.Presets = []string{"asd-cloud-native", "asd-protected-gateway"}
	check("gateway", "asd-protected-gateway")
	p.Answers[Ref{Question: "dkim.placement"}] = Answer{Value: "both"}
	check("both", You)
}

// TestHiddenAnswersStay: an answer to a question that is not asked just now reaches nothing, and
// is there again when the question is.
func TestHiddenAnswersStay(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "protected"))
	must(t, s.Answer(Ref{Question: "gateway.inbound"}, "direct"))
	if w := s.State().Words(Scope{})("gateway.mx"); w != nil {
		t.Errorf("gateway.mx reaches the plan: %v", w)
	}
	must(t, s.Answer(Ref{Question: "gateway.inbound"}, "gateway"))
	if w := s.State().Words(Scope{})("gateway.mx"); len(w) != 2 {
		t.Errorf("gateway.mx is lost: %v", w)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestItems: an item keeps its key and its answers when the list changes; what is said of an
// item that is gone is kept apart, on disk too, and comes back with it.
func TestItems(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "protected"))
	role := Ref{"domain.role", "notices.harbours.example"}
	must(t, s.Answer(Ref{Question: "domains"}, "harbours.example"))
	text, err := Encode(s.Profile(), c, ps)
	must(t, err)
	if !strings.Contains(string(text), "unused:") {
		t.Errorf("nothing is kept apart:\n%s", text)
	}
	p, err := Decode("p.yaml", text, c, ps)
	must(t, err)
	s = NewSession(c, ps, p)
	must(t, s.Answer(Ref{Question: "domains"}, "harbours.example", "notices.harbours.example"))
	if a := s.Profile().Answers[role]; a.Value != "send-only" {
		t.Errorf("%s is %v", role, a.Value)
	}
	s.Update(func(p *Profile) {
		p.Answers[Ref{Question: "domains"}] = Answer{Value: []catalog.Item{{Key: "notices.harbours.example", Value: "bulletins.harbours.example"}}}
	})
	v, err := s.State().Value(Scope{Each: "domains", Item: catalog.Item{Key: "notices.harbours.example"}}, "domain")
	if err != nil || v != "bulletins.harbours.example" || s.State().Words(s.State().Scopes("domains")[0])("domain.role")[0] != "send-only" {
		t.Errorf("renamed: %v, %v", v, err)
	}
	roundTrip(t, s.Profile(), c, ps)
}

// TestSet: assignments are applied in the order of the catalogue, whatever their own; what
// cannot be applied is said, all of it.
func TestSet(t *testing.T) {
	c, ps := load2(t)
	for _, tt := range []struct {
		name string
		set  []string
		want string // of the error
	}{
		{"a later answer first", []string{"gateway.certificate=a.example", "gateway.lockdown=certificate", "gateway.inbound=gateway"}, ""},
		{"a list", []string{"gateway.inbound=gateway", "gateway.mx=a.example", "gateway.mx=b.example"}, ""},
		{"of an item", []string{"domain.role/mwa-appeal.example=mail"}, ""},
		{"not asked", []string{"gateway.mx=a.example"}, "gateway.mx is not asked here; it needs engagement.scope = mail and gateway.inbound = gateway or on-premises"},
		{"unknown", []string{"gateway.xm=a"}, `no question is called "gateway.xm"; did you mean "gateway.mx"?`},
		{"no item", []string{"domain.role=mail"}, "domain.role is asked for each of domains"},
		{"another item", []string{"domain.role/b.example=mail"}, `"b.example" is not among domains`},
		{"no value", []string{"gateway.inbound"}, "has no ="},
		{"no option", []string{"gateway.inbound=x"}, `gateway.inbound: "x" is not one of`},
		{"two faults", []string{"smtp-auth=x", "gateway.inbound=y"}, "gateway.inbound: \"y\" is not one of: direct, gateway, on-premises\nsmtp-auth"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSession(c, ps, example(t, "cloud"))
			before := s.Profile()
			err := s.Set(tt.set)
			if tt.want == "" {
				must(t, err)
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if len(tt.set) == 1 && !reflect.DeepEqual(before, s.Profile()) {
				t.Error("it changed the profile all the same")
			}
		})
	}
}

// TestSpread: what was said of every item stands for the others when one is answered by itself.
func TestSpread(t *testing.T) {
	c, ps := load2(t)
	p := example(t, "cloud")
	p.Answers[Ref{Question: "dmarc.target"}] = Answer{Value: "quarantine"}
	s := NewSession(c, ps, p)
	must(t, s.Answer(Ref{"dmarc.target", "grants.mariners-welfare.example"}, "none"))
	if w := s.State().Words(s.State().Scopes("domains")[0])("dmarc.target"); len(w) != 1 || w[0] != "quarantine" {
		t.Errorf("the other domain has %v", w)
	}
}

// TestConditionsPointBackwards: one pass over the catalogue finds what is asked, for every
// answer that a choice can have.
func TestConditionsPointBackwards(t *testing.T) {
	c, ps := load2(t)
	base := example(t, "protected")
	for _, a := range Evaluate(c, ps, base).Asked {
		for _, v := range a.Question.Values() {
			p := base.Clone()
			value, _ := a.Question.Parse(v)
			p.Answers[a.Ref()] = Answer{Value: value}
			s := Evaluate(c, ps, p)
			for _, b := range s.Asked {
				if !b.Question.When.Holds(s.Words(b.Scope)) {
					t.Errorf("%s=%s: %s is asked, and its condition does not hold in the end", a.Ref(), v, b.Ref())
				}
			}
		}
	}
}
