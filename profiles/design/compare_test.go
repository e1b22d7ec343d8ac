package design

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

func compared(t testing.TB, was, is *Design) Changes {
	t.Helper()
	c, _ := profilestest.Knowledge(t)
	x, err := Compare(was, is, c.Contract)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// lists are all that a comparison speaks of, by name.
func (c Changes) lists() map[string][]Change {
	return map[string][]Change{
		"answers": c.Answers, "decisions": c.Decisions, "findings": c.Findings, "objects": c.Objects, "steps": c.Steps, "records": c.Records,
	}
}

// Nothing that differs goes unsaid, and nothing is said of what is the same: over every example
// with one answer changed, and over every pair of examples, from both sides.
func TestCompareSaysWhatDiffers(t *testing.T) {
	base, plans := map[string]*Design{}, map[string]*Design{}
	for _, name := range profiles.Examples() {
		base[name] = resolved(t, profilestest.Example(t, name))
		plans[name] = planOf(t, base[name])
	}
	for a, was := range base {
		for b, is := range base {
			there, back := compared(t, was, is), compared(t, is, was)
			complete(t, a+" and "+b, there, plans[a], plans[b])
			for list, changes := range there.lists() {
				if got, want := turned(back.lists()[list]), toldOf(t, changes); !maps.Equal(got, want) {
					t.Errorf("%s and %s: %s: there %v, back %v", a, b, list, want, got)
				}
			}
		}
	}
	profilestest.Flips(t, func(flip string, p *profiles.Profile) {
		name, _, _ := strings.Cut(flip, " ")
		is := resolved(t, p)
		complete(t, flip, compared(t, base[name], is), plans[name], planOf(t, is))
	})
}

// complete checks that what differs between two plans, and no more, is said.
func complete(t *testing.T, name string, said Changes, was, is *Design) {
	t.Helper()
	differ := func(what string, a, b any, said bool) {
		t.Helper()
		if same := reflect.DeepEqual(a, b); same == said {
			t.Errorf("%s: %s are the same: %t; said to differ: %t", name, what, same, said)
		}
	}
	differ("steps", was.Steps, is.Steps, len(said.Steps) > 0)
	differ("records", was.Records, is.Records, len(said.Records) > 0)
	differ("decisions", wordsOf(was.Decided), wordsOf(is.Decided), len(said.Decisions) > 0)
	if len(said.Objects) > 0 && len(said.Steps) == 0 {
		t.Errorf("%s: objects differ and no step does", name)
	}
	for _, changes := range said.lists() {
		toldOf(t, changes)
	}
}

// planOf is a design whose values have the types of plan.json, without what only readers see.
func planOf(t *testing.T, d *Design) *Design {
	t.Helper()
	out, _, err := d.asPlanned()
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := d.Plan()
	if err != nil {
		t.Fatal(err)
	}
	if again, _, err := out.Plan(); err != nil || !bytes.Equal(again, text) {
		t.Errorf("plan.json that was read is written otherwise: %v", err)
	}
	return out
}

func wordsOf(decided []Decision) []string {
	var out []string
	for _, d := range decided {
		out = append(out, d.ID, d.Text, d.Why)
	}
	return out
}

// toldOf are changes by what has become of them.
func toldOf(t *testing.T, changes []Change) map[string]What {
	t.Helper()
	out := map[string]What{}
	for _, c := range changes {
		if _, twice := out[c.ID]; twice {
			t.Errorf("%s is told twice", c.ID)
		}
		if c.What == Changed && len(c.Parts) == 0 {
			t.Errorf("%s changes, and nothing of it does", c.ID)
		}
		out[c.ID] = c.What
	}
	return out
}

// turned are changes as they look from the other side.
func turned(changes []Change) map[string]What {
	out := map[string]What{}
	for _, c := range changes {
		out[c.ID] = map[What]What{Added: Removed, Removed: Added, Changed: Changed}[c.What]
	}
	return out
}

func TestCompareTellsTheParts(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, profilestest.Example(t, "protected"))
	was := Resolve(s.State(), ps)
	for _, set := range []string{"gateway.lockdown=address", "gateway.shared-addresses=no", "dmarc.target/harbours.example=quarantine"} {
		if err := s.Set([]string{set}); err != nil {
			t.Fatal(err)
		}
	}
	x := compared(t, was, Resolve(s.State(), ps))
	for _, want := range []string{
		"answers: gateway.lockdown changed: answer changed [By its certificate name] [By its addresses]",
		"answers: gateway.shared-addresses added: answer added [] [No]",
		"answers: gateway.certificate removed: answer removed [relay.harbours.tidegate.example] []",
		"objects: InboundConnector Inbound-connector-from-TIDEGATE changed: RestrictDomainsToCertificate changed [true] [false]",
		"objects: InboundConnector Inbound-connector-from-TIDEGATE changed: TlsSenderCertificateName changed [relay.harbours.tidegate.example] []",
		"steps: STEP-720 removed: phase removed [P7] []",
		"steps: STEP-725 added: phase added [] [P7]",
	} {
		if got := x.flat(); !slices.Contains(got, want) {
			t.Errorf("not said: %s\nsaid:\n%s", want, strings.Join(got, "\n"))
		}
	}
	for name, list := range map[string][]Change{"DD-044": x.Decisions, "REC-040/harbours.example": x.Records} {
		if !slices.ContainsFunc(list, func(c Change) bool { return c.ID == name && c.What == Changed }) {
			t.Errorf("%s is not said to change", name)
		}
	}
	if x.Sum() == "nothing" || x.None() {
		t.Errorf("the sum is %q", x.Sum())
	}
}

// flat is every part in a line.
func (c Changes) flat() []string {
	var out []string
	for name, list := range c.lists() {
		for _, x := range list {
			for _, p := range x.Parts {
				out = append(out, fmt.Sprintf("%s: %s %s: %s %s %v %v", name, x.ID, x.What, p.Name, p.What, p.Was, p.Is))
			}
		}
	}
	return out
}

// What is one to the service is not told as a difference.
func TestCompareSeesNoDifferenceInSpelling(t *testing.T) {
	step := func(noun, property string, v any) *Design {
		return &Design{
			Profile: &profiles.Profile{}, Missing: []Open{{Ref: "x"}},
			Steps: []Step{{ID: "STEP-310", Kind: KindStep, Phase: "P3", Noun: noun, Name: "a", Set: map[string]any{property: v}}},
		}
	}
	for _, tt := range []struct {
		name, noun, property string
		was, is              any
		same                 bool
	}{
		{"order of addresses", "InboundConnector", "EFSkipIPs", []any{"192.0.2.1", "192.0.2.2"}, []any{"192.0.2.2", "192.0.2.1"}, true},
		{"case of a certificate name", "InboundConnector", "TlsSenderCertificateName", "Relay.Example", "relay.example", true},
		{"an address more", "InboundConnector", "EFSkipIPs", []any{"192.0.2.1"}, []any{"192.0.2.1", "192.0.2.2"}, false},
		{"case of a text", "TransportRule", "RejectMessageReasonText", "Refused", "refused", false},
		{"order of rules", "TransportRuleOrder", "Order", []any{"a", "b"}, []any{"b", "a"}, false},
		{"never set is not off", "InboundConnector", "RequireTls", nil, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := compared(t, step(tt.noun, tt.property, tt.was), step(tt.noun, tt.property, tt.is))
			if x.None() != tt.same {
				t.Errorf("said: %v", x.flat())
			}
		})
	}
}

// A record is called by its view where that is not the Internet's, and one that is held is told by
// what holds it.
func TestCompareTellsRecords(t *testing.T) {
	was := &Design{Profile: &profiles.Profile{}, Missing: []Open{{Ref: "x"}}}
	is := &Design{Profile: &profiles.Profile{}, Missing: []Open{{Ref: "x"}}, Records: []Record{
		{ID: "REC-050", Phase: "P5", Type: "CNAME", Name: "autodiscover.a.example", View: "internal", Open: []string{"host"}},
		{ID: "REC-020", Phase: "P5", Type: "MX", Name: "a.example", View: "external", Values: []string{"10 mx.example"}},
	}}
	got := compared(t, was, is).Records
	if len(got) != 2 || got[0].Line() != "new: CNAME autodiscover.a.example, internal view: held until host is answered" || got[1].Line() != "new: MX a.example: 10 mx.example" {
		t.Errorf("%+v", got)
	}
}

// A list that gains a member is told by the member.
func TestCompareTellsLongListsByWhatChanges(t *testing.T) {
	was, is := []string{"a", "b", "c", "d"}, []string{"a", "b", "d", "e"}
	if p := differ(nil, "x", was, is)[0]; !slices.Equal(p.Gains, []string{"e"}) || !slices.Equal(p.Loses, []string{"c"}) {
		t.Errorf("%+v", p)
	}
	for _, other := range [][]string{{"x"}, {"d", "c", "b", "a"}, nil} {
		if p := differ(nil, "x", was, other)[0]; p.Gains != nil || p.Loses != nil {
			t.Errorf("%v: %+v", other, p)
		}
	}
}

func TestPlannedRefuses(t *testing.T) {
	d := resolved(t, profilestest.Example(t, "cloud"))
	for name, text := range map[string]string{
		"no JSON": "x", "a newer format": `{"format": 2}`, "a field that is not known": `{"format": 1, "approved": true}`,
	} {
		if _, err := d.Planned([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Whatever stands in plan.json of a step or a record is compared: each field is changed alone.
func TestCompareSeesEveryFieldOfThePlan(t *testing.T) {
	other := func(v reflect.Value) {
		switch v.Interface().(type) {
		case string:
			v.SetString("STEP-999")
		case bool:
			v.SetBool(!v.Bool())
		case int:
			v.SetInt(v.Int() + 1)
		case []string:
			v.Set(reflect.ValueOf([]string{"other"}))
		case *Today:
			v.Set(reflect.ValueOf(&Today{Values: []string{"other"}}))
		case *Served:
			v.Set(reflect.ValueOf(&Served{"https://mta-sts.a.example/x", "other"}))
		case []Look:
			v.Set(reflect.ValueOf([]Look{{"DkimSigningConfig", "a.example", map[string]any{"Status": "Valid"}}}))
		case *Since:
			v.Set(reflect.ValueOf(&Since{"HOLD-510", 7}))
		case []Told:
			v.Set(reflect.ValueOf([]Told{{"Status", "other"}}))
		case map[string]any:
			v.Set(reflect.ValueOf(map[string]any{"RequireTls": true}))
		default:
			t.Fatalf("teach the test to change a %s", v.Type())
		}
	}
	step := Step{ID: "STEP-310", Kind: KindStep, Phase: "P3", Noun: "InboundConnector", Name: "a"}
	record := Record{ID: "REC-010", Phase: "P3", Zone: "a.example", Name: "a.example", Type: "MX", TTL: 300, Values: []string{"10 mx.example"}}
	design := func(s Step, r Record) *Design {
		return &Design{Profile: &profiles.Profile{}, Missing: []Open{{Ref: "x"}}, Steps: []Step{s}, Records: []Record{r}}
	}
	fields := func(of any) []string {
		var names []string
		for f := range reflect.TypeOf(of).Fields() {
			if f.Tag.Get("json") != "-" {
				names = append(names, f.Name)
			}
		}
		return names
	}
	for _, field := range fields(step) {
		changed := step
		other(reflect.ValueOf(&changed).Elem().FieldByName(field))
		if x := compared(t, design(step, record), design(changed, record)); len(x.Steps) == 0 {
			t.Errorf("a step with another %s is taken for the same", field)
		}
	}
	for _, field := range fields(record) {
		changed := record
		other(reflect.ValueOf(&changed).Elem().FieldByName(field))
		if x := compared(t, design(step, record), design(step, changed)); len(x.Records) == 0 {
			t.Errorf("a record with another %s is taken for the same", field)
		}
	}
}
