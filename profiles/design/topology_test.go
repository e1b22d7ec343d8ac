package design

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// mix is answers on which the topology hangs.
type mix struct {
	deployment, edge, in, out, path, gateway, carrier string
}

// mixes is every combination that can be answered.
func mixes() []mix {
	ways := []string{"direct", "gateway", "on-premises"}
	var all []mix
	for _, kind := range [][2]string{{"cloud", ""}, {"hybrid", "no"}, {"hybrid", "yes"}} {
		for _, in := range ways {
			for _, out := range ways {
				for _, govlink := range [][3]string{{"none"}, {"gateway", "same", "own"}, {"gateway", "same", "shared"}, {"gateway", "own"}, {"direct-tls"}} {
					all = append(all, mix{kind[0], kind[1], in, out, govlink[0], govlink[1], govlink[2]})
				}
			}
		}
	}
	return all
}

// label is the matrix of topologies, row by row.
func (m mix) label() string {
	way := m.in + " " + m.out
	toGateway := m.out == "gateway" || m.out == "direct" && (m.carrier == "own" || m.gateway == "own")
	switch {
	case m.deployment == "hybrid" && way == "gateway gateway":
		return "hybrid-gateway"
	case m.deployment == "hybrid" && m.edge == "yes" && m.in != "gateway":
		return "hybrid-edge"
	case m.deployment == "hybrid" && slices.Contains([]string{"on-premises direct", "on-premises on-premises"}, way):
		return "hybrid-on-premises"
	case m.deployment == "hybrid" && slices.Contains([]string{"direct direct", "direct on-premises"}, way):
		return "hybrid-cloud"
	case m.deployment == "hybrid":
		return "mixed"
	case m.in == "gateway" && toGateway && m.path == "gateway":
		return "cloud-govlink-gateway"
	case way == "direct direct" && m.path == "direct-tls":
		return "cloud-govlink-direct"
	case way == "gateway gateway":
		return "cloud-gateway"
	case way == "direct gateway":
		return "cloud-gateway-out"
	case way == "direct direct":
		return "cloud-native"
	}
	return "mixed"
}

// possible says that such a plan can be carried out: only a hybrid has an on-premises side.
func (m mix) possible() bool {
	return m.deployment == "hybrid" || m.in != "on-premises" && m.out != "on-premises"
}

func (m mix) profile() *profiles.Profile {
	p := &profiles.Profile{ID: "mix-0000", Name: "mix", Revision: 1, Date: "2026-11-25", Answers: map[profiles.Ref]profiles.Answer{}}
	for id, v := range map[string]any{
		"engagement.jurisdiction": "au", "classification.level": "protected", "deployment.type": m.deployment,
		"gateway.inbound": m.in, "gateway.outbound": m.out, "govlink.path": m.path, "govlink.gateway": m.gateway, "protected.carrier": m.carrier,
		"hybrid.edge": m.edge == "yes",
	} {
		if v != "" {
			p.Answers[profiles.Ref{Question: id}] = profiles.Answer{Value: v}
		}
	}
	return p
}

// TestTopology holds the label against the matrix for every combination: each has one, each
// label is reached, and what cannot be is an error.
func TestTopology(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	reached := map[any]bool{}
	for _, m := range mixes() {
		s := profiles.Evaluate(c, ps, m.profile())
		i := slices.IndexFunc(s.Decided, func(x profiles.Decided) bool { return x.Decision.ID == "DD-012" })
		got := s.Decided[i].Outcome.Is
		if reached[got] = true; got != m.label() {
			t.Errorf("%+v is %v, want %s", m, got, m.label())
		}
		d := Resolve(s, ps)
		refused := slices.ContainsFunc(d.Findings, func(f Finding) bool {
			return f.Rule.Severity == catalog.Error && slices.Contains([]string{"HYB-51", "DOM-06"}, f.Rule.ID)
		})
		if refused == m.possible() {
			t.Errorf("%+v: possible %t, an error says it is not %t", m, m.possible(), refused)
		}
		if len(d.Headlines()) != 1 {
			t.Errorf("%+v: the review says %d things", m, len(d.Headlines()))
		}
		for _, s := range d.Steps {
			if slices.Contains(s.Decisions, "DD-012") {
				t.Errorf("%s hangs on a label", s.ID)
			}
		}
	}
	for _, topic := range c.Topics {
		for _, x := range topic.Decisions {
			for _, o := range x.Outcomes {
				if x.ID == "DD-012" && !reached[o.Is] {
					t.Errorf("nothing is %v", o.Is)
				}
			}
		}
	}
	p := mixes()[0].profile()
	delete(p.Answers, profiles.Ref{Question: "gateway.outbound"})
	if lines := Resolve(profiles.Evaluate(c, ps, p), ps).Headlines(); len(lines) > 0 {
		t.Errorf("nobody has said how mail leaves, and it is %q", lines[0].Text)
	}
}

// TestTopologiesAreTabled: the table has a column for each topology that has a name, and says the
// same of connectors and enhanced filtering as a plan of it does.
func TestTopologiesAreTabled(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	table, ok := c.Table("topology-settings")
	if !ok {
		t.Fatal("there is no such table")
	}
	var columns []string
	for _, h := range table.Columns {
		columns = append(columns, h.ID)
	}
	named := map[string]bool{}
	for _, m := range mixes() {
		if m.possible() && m.label() != "mixed" {
			named[m.label()] = true
		}
	}
	if want := slices.Sorted(maps.Keys(named)); !slices.Equal(slices.Sorted(slices.Values(columns)), want) {
		t.Errorf("columns %q, topologies %q", columns, want)
	}
	seen, mail := 0, 0
	for _, name := range profiles.Examples() {
		d := Resolve(profiles.Evaluate(c, ps, profilestest.Example(t, name)), ps)
		i := slices.IndexFunc(d.Decided, func(x Decision) bool { return x.ID == "DD-012" })
		if i < 0 { // no mail flows
			continue
		}
		mail++
		column := ""
		for _, h := range table.Columns {
			if h.Label == d.Decided[i].Text {
				column = h.ID
			}
		}
		if column == "" {
			t.Errorf("%s: no column is headed %q", name, d.Decided[i].Text)
			continue
		}
		seen++
		for row, made := range map[string]func(Step) bool{
			"inbound":   func(s Step) bool { return s.Noun == "InboundConnector" && strings.Contains(s.Name, "connector-from-") },
			"outbound":  func(s Step) bool { return s.Noun == "OutboundConnector" && strings.Contains(s.Name, "utbound-") },
			"filtering": func(s Step) bool { return s.Noun == "InboundConnector" && s.Set["EFSkipIPs"] != nil },
		} {
			says := !slices.Contains([]string{"none", "off", "wizard-in", "wizard-out"}, table.Cell(row, column)[0])
			if does := slices.ContainsFunc(d.Steps, made); does != says {
				t.Errorf("%s: %s of %s: the table says %q, the plan does %t", name, row, column, table.Cell(row, column)[0], does)
			}
		}
	}
	if seen != mail || mail < 5 {
		t.Errorf("%d examples were looked at", seen)
	}
}
