package design

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// subjects are how many each document has.
var subjects = map[string]int{"A": 15, "U": 12}

// A subject of a guidance document and what exoplan makes of it.
type subject struct {
	Says, Source                           string
	Asks, Decides, Judges, Carries, Tables []string
	Examples                               []string // in which all of it can be seen
}

// TestGuidance: every subject of both documents is asked, decided with a source, judged, carried
// out, and seen in an example. Where one of these vanishes, the subject is named.
func TestGuidance(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	text, err := os.ReadFile("testdata/guidance.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]subject
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&all); err != nil {
		t.Fatal(err)
	}
	entries := map[string]catalog.Entry{}
	for _, e := range c.Entries() {
		entries[e.ID] = e
	}
	for document, n := range subjects {
		for i := range n {
			id := document + strconv.Itoa(i+1)
			s, told := all[id]
			delete(all, id)
			if !told {
				t.Errorf("%s is told nowhere", id)
				continue
			}
			t.Run(id, func(t *testing.T) { s.check(t, c, entries) })
		}
	}
	for id := range all {
		t.Errorf("no document has a subject %s", id)
	}
}

func (s subject) check(t *testing.T, c *catalog.Catalog, entries map[string]catalog.Entry) {
	if s.Says == "" || len(s.Asks) == 0 || len(s.Decides) == 0 || len(s.Carries) == 0 {
		t.Fatal("a subject says what it is, and is asked, decided and carried out")
	}
	s.known(t, entries)
	sourced := func(id string) bool { return slices.Contains(entries[id].Cite, s.Source) }
	if !slices.ContainsFunc(slices.Concat(s.Asks, s.Decides, s.Carries), sourced) {
		t.Errorf("nothing of it cites %s", s.Source)
	}
	for _, id := range s.Asks {
		q, _ := c.Question(id)
		if l := c.Leads(q); !slices.ContainsFunc(slices.Concat(l.Decisions, l.Steps, l.Records, l.Rules, l.Flows, l.Certificates), func(led string) bool {
			return slices.Contains(slices.Concat(s.Decides, s.Carries, s.Judges), led)
		}) {
			t.Errorf("the answer to %s leads to nothing of it", id)
		}
	}
	s.seen(t)
}

// known checks that everything stands in the catalogue, as what it is said to be.
func (s subject) known(t *testing.T, entries map[string]catalog.Entry) {
	for _, part := range []struct {
		ids   []string
		kinds []catalog.EntryKind
	}{
		{s.Asks, []catalog.EntryKind{catalog.QuestionEntry}},
		{s.Decides, []catalog.EntryKind{catalog.DecisionEntry}},
		{s.Judges, []catalog.EntryKind{catalog.RuleEntry, catalog.WatchEntry, catalog.StrayEntry}},
		{s.Carries, []catalog.EntryKind{catalog.StepEntry, catalog.HoldEntry, catalog.RecordEntry, catalog.TestEntry, catalog.FlowEntry, catalog.CertificateEntry}},
		{s.Tables, []catalog.EntryKind{catalog.TableEntry}},
	} {
		for _, id := range part.ids {
			if e, is := entries[id]; !is || !slices.Contains(part.kinds, e.Kind) {
				t.Errorf("%s is no %s", id, part.kinds[0])
			}
		}
	}
}

// seen checks that the examples show all of it: the questions answered, the decisions made, the plan
// with what carries them out.
func (s subject) seen(t *testing.T) {
	seen := map[string]bool{}
	see := func(id string) { seen[profiles.ParseRef(id).Question] = true }
	for _, name := range s.Examples {
		session := set(t, name)
		for _, a := range session.State().Asked {
			if a.Answered() {
				see(a.Question.ID)
			}
		}
		d := Resolve(session.State(), session.Presets())
		for _, x := range d.Decided {
			see(x.ID)
		}
		for _, x := range d.Steps {
			see(x.ID)
		}
		for _, x := range d.Records {
			see(x.ID)
		}
		for _, x := range d.Tests {
			see(x.ID)
		}
		for _, x := range d.Flows {
			see(x.ID)
		}
		for _, x := range d.Certificates {
			see(x.ID)
		}
	}
	for _, id := range slices.Concat(s.Asks, s.Decides, s.Carries) {
		if !seen[id] {
			t.Errorf("%s is not to be seen in %v", id, s.Examples)
		}
	}
}
