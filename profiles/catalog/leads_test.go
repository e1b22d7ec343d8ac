package catalog

import (
	"slices"
	"testing"
)

// What an answer leads to is found by way of decisions, derived values and names.
func TestLeads(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		question string
		want     func(l Leads) []string
		holds    []string
	}{
		{"gateway.inbound", func(l Leads) []string { return l.Decisions }, []string{"DD-040", "DD-042"}},
		{"gateway.inbound", func(l Leads) []string { return l.Steps }, []string{"STEP-310", "HOLD-510"}}, // by way of DD-040
		{"gateway.inbound", func(l Leads) []string { return l.Questions }, []string{"gateway.mx", "gateway.lockdown"}},
		{"gateway.to-internet", func(l Leads) []string { return l.Records }, []string{"REC-030"}}, // by way of spf.gateway
		{"gateway.name", func(l Leads) []string { return l.Steps }, []string{"STEP-310", "STEP-320"}},
		{"gateway.name", func(l Leads) []string { return l.Steps }, []string{"STEP-342"}}, // it names a connector, and that a rule
		{"gateway.to-exchange", func(l Leads) []string { return l.Rules }, []string{"GW-07", "GW-12"}},
		{"mta-sts.host", func(l Leads) []string { return l.Steps }, []string{"HOLD-240", "HOLD-815"}}, // by way of the record that they rest on
		{"domain.verification", func(l Leads) []string { return l.Steps }, []string{"HOLD-105"}},      // it waits for the record
		{"govlink.host", func(l Leads) []string { return l.Steps }, []string{"STEP-330"}},
		{"smtp-auth.mailboxes", func(l Leads) []string { return l.Steps }, []string{"HOLD-140"}}, // which names them
		{"gateway.lockdown", func(l Leads) []string { return l.Tests }, []string{"TEST-720", "TEST-721"}},
		{"gateway.outbound", func(l Leads) []string { return l.Tests }, []string{"TEST-640", "TEST-641"}}, // by way of the step that it tries, and by way of a decision
		{"gateway.vip", func(l Leads) []string { return l.Flows }, []string{"FLOW-630", "FLOW-650"}},
		{"mta-sts.target", func(l Leads) []string { return l.Flows }, []string{"FLOW-240"}}, // it names the host, and the hold that waits for it
		{"hybrid.ews-host", func(l Leads) []string { return l.Certificates }, []string{"CERT-130"}},
		{"connectivity.bypass", func(l Leads) []string { return l.Flows }, []string{"FLOW-110"}}, // by way of a decision
		{"gateway.lockdown", func(l Leads) []string { return l.Controls }, []string{"ISM-0571"}},
		{"domains", func(l Leads) []string { return l.Records }, []string{"REC-011"}}, // once for each domain
	}
	for _, tt := range tests {
		q, _ := c.Question(tt.question)
		got := tt.want(c.Leads(q))
		for _, id := range tt.holds {
			if !slices.Contains(got, id) {
				t.Errorf("%s does not lead to %s, only to %v", tt.question, id, got)
			}
		}
	}
	q, _ := c.Question("engagement.system")
	if l := c.Leads(q); len(l.Steps)+len(l.Records)+len(l.Rules) > 0 {
		t.Errorf("a name on the cover leads to %+v", l)
	}
}

// Every rule can be shown where it arises: some question leads to it.
func TestEveryRuleIsLedTo(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	led := map[string]bool{}
	c.Questions(func(_ Topic, q Question) bool {
		for _, id := range c.Leads(q).Rules {
			led[id] = true
		}
		return true
	})
	for _, topic := range c.Topics {
		for _, r := range topic.Rules {
			if !led[r.ID] {
				t.Errorf("no question leads to %s", r.ID)
			}
		}
	}
}
