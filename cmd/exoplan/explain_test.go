package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
	"github.com/exoplan/exoplan/templates"
)

// TestReferenceIsInStep: the page of all IDs is what the program makes of what it knows.
func TestReferenceIsInStep(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	want, err := templates.Reference(reference(c, ps))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(house + "/profiles/REFERENCE.md")
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.ReplaceAll(string(got), "\r\n", "\n"); text != string(want) {
		t.Error("profiles/REFERENCE.md is out of date: go generate ./...")
	}
	for _, id := range explainable(c) {
		if !strings.Contains(string(want), "| `"+id+"` |") {
			t.Errorf("%s is not on the page", id)
		}
	}
}

// TestEverythingIsExplained: every ID says more than its title; what reads something is read by
// it; a rule has its remedy; what is cited has its edition.
func TestEverythingIsExplained(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	read := map[string][]string{}
	for _, id := range explainable(c) {
		x := explain(c, id)
		if x.ID != id || x.Kind == "" || x.Title == "" || len(x.Facts) == 0 && x.Kind != string(catalog.DerivedEntry) {
			t.Errorf("%s is explained by %+v", id, x)
		}
		if x.Kind == string(catalog.RuleEntry) && !slices.ContainsFunc(x.Facts, func(f named) bool { return f.Name == "To do" }) {
			t.Errorf("%s has no remedy", id)
		}
		for _, s := range x.Sources {
			if s.Title == "" || s.Publisher == "" || s.Version == "" || s.Read == "" {
				t.Errorf("%s cites %+v", id, s)
			}
		}
		read[id] = x.Reads
	}
	for id := range read {
		for _, by := range explain(c, id).ReadBy {
			cites := slices.ContainsFunc(explain(c, by).Sources, func(s source) bool { return s.ID == id })
			_, isControl := supported(c)[id]
			_, isPhaseRule := carriedOut(c)[id]
			if !slices.Contains(read[by], id) && !cites && !isControl && !isPhaseRule {
				t.Errorf("%s is read by %s, which does not read it", id, by)
			}
		}
	}
}

// TestPhaseRulesAreExplained: every rule that a hold names says which holds carry it out, when, what
// they wait for and on which source they rest.
func TestPhaseRulesAreExplained(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	seen := 0
	for _, topic := range c.Topics {
		for _, h := range topic.Holds {
			if h.Rule == "" {
				continue
			}
			seen++
			ref, err := known(c, h.Rule)
			if err != nil {
				t.Errorf("%s of %s: %v", h.Rule, h.ID, err)
				continue
			}
			x := explain(c, ref.Question)
			for _, want := range facts("Carried out by", h.ID+" "+h.Title, "Phase", inPhase(c, h.Phase), "What to do", h.Text, "Stands when", h.When.Words()) {
				if !slices.Contains(x.Facts, want) {
					t.Errorf("%s lacks %q: %+v", h.Rule, want, x.Facts)
				}
			}
			for _, key := range h.Cite {
				if !slices.ContainsFunc(x.Sources, func(s source) bool { return s.ID == key }) {
					t.Errorf("%s does not rest on %s", h.Rule, key)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no hold names a rule")
	}
}

// TestPlanIsExplained: every ID that a pack names can be explained, and says what it is there.
func TestPlanIsExplained(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, name := range profiles.Examples() {
		s := profiles.NewSession(c, ps, profilestest.Example(t, name))
		d := resolve(s)
		var ids []string
		for _, x := range d.Decided {
			ids = append(append(ids, x.ID), x.Controls...)
		}
		for _, x := range d.Steps {
			ids = append(ids, x.ID)
			if x.Rule != "" {
				ids = append(ids, x.Rule)
			}
		}
		for _, x := range d.Records {
			ids = append(ids, x.ID)
		}
		for _, x := range d.Tests {
			ids = append(ids, x.ID)
		}
		for _, x := range d.Flows {
			ids = append(ids, x.ID)
		}
		for _, x := range d.Certificates {
			ids = append(ids, x.ID)
		}
		for _, x := range d.Findings {
			ids = append(ids, x.At())
		}
		for _, x := range d.Sources {
			ids = append(ids, x.Key)
		}
		for _, a := range s.State().Asked {
			ids = append(ids, a.Ref().String())
		}
		for _, id := range ids {
			ref, err := known(c, id)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			x := explain(c, ref.Question)
			facts := here{s.State(), d}.facts(x, ref.Key)
			if len(facts) == 0 || facts[0].Name == "Here" || strings.TrimSpace(facts[0].Text) == "" {
				t.Errorf("%s: %s is %+v", name, id, facts)
			}
		}
	}
}
