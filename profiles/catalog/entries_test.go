package catalog

import (
	"slices"
	"testing"
)

// What an entry uses is an entry that stands before it, or a step, hold or record.
func TestEntries(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	all := c.Entries()
	kinds := map[EntryKind]int{}
	for i, e := range all {
		kinds[e.Kind]++
		if e.Title == "" || e.Topic == "" {
			t.Errorf("%s has no title or topic", e.ID)
		}
		if slices.ContainsFunc(all[:i], func(o Entry) bool { return o.ID == e.ID }) {
			t.Errorf("%s stands twice", e.ID)
		}
		for _, id := range e.Uses {
			if !slices.ContainsFunc(all, func(o Entry) bool { return o.ID == id }) {
				t.Errorf("%s uses %s, which is no entry", e.ID, id)
			}
		}
	}
	for _, k := range []EntryKind{QuestionEntry, DecisionEntry, DerivedEntry, RuleEntry, ObjectEntry, StepEntry, HoldEntry, RecordEntry, TestEntry, FlowEntry, CertificateEntry, TableEntry} {
		if kinds[k] == 0 {
			t.Errorf("no entry is a %s", k)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"gateway.inbound", "gateway.outbound", "domains"}
	for word, want := range map[string]string{"gateway.inbond": "gateway.inbound", "domain": "domains", "gatewey.outbund": "gateway.outbound", "spf": ""} {
		if got, _ := Nearest(word, known); got != want {
			t.Errorf("%s is near %q, not %q", word, got, want)
		}
	}
}
