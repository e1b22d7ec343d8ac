package design

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// threatSettings returns what the steps of an example, with answers changed, set or expect of each
// setting that a threat policy can have.
func threatSettings(t *testing.T, example string, answers ...string) map[string]any {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	session := profiles.NewSession(c, ps, profilestest.Example(t, example))
	if err := session.Set(answers); err != nil {
		t.Fatal(err)
	}
	table, _ := c.Table("threat-values")
	settings := map[string]any{}
	for _, s := range resolved(t, session.Profile()).Steps {
		known := slices.ContainsFunc(table.Rows, func(r catalog.Row) bool { return strings.HasPrefix(r.ID, s.Noun+".") })
		for _, part := range []map[string]any{s.Set, s.Expect} {
			for p, v := range part {
				if known {
					settings[s.Noun+"."+p] = v
				}
			}
		}
	}
	return settings
}

// The table of threat policies says what the scripts set, both ways.
func TestThreatTable(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	table, _ := c.Table("threat-values")
	compare := func(column string, set map[string]any) {
		for _, id := range slices.Sorted(maps.Keys(set)) {
			cell := table.Cell(id, column)
			value := fmt.Sprint(set[id])
			if set[id] == nil {
				value = "none"
			}
			if len(cell) == 0 {
				t.Errorf("%s is set and stands in no row", id)
			} else if cell[0] != value && cell[0] != "asked" {
				t.Errorf("%s: %s is set to %s, the table has %s", column, id, value, cell[0])
			}
		}
	}
	asd := threatSettings(t, "cloud")
	compare("plan", asd)
	for _, row := range table.Rows {
		if _, set := asd[row.ID]; !set {
			t.Errorf("%s stands in the table, and no step sets it", row.ID)
		}
	}
	for _, layer := range []string{"standard", "strict"} {
		set := threatSettings(t, "third-party", "threat.layer="+layer)
		for _, id := range slices.Sorted(maps.Keys(set)) {
			if !strings.HasPrefix(id, "HostedOutboundSpamFilterPolicy.") {
				delete(set, id) // the preset holds it
			}
		}
		if len(set) != 5 {
			t.Errorf("%s: outbound mail has %d settings", layer, len(set))
		}
		compare(layer, set)
	}
}

// Without Defender the anti-phishing policy is the same, less what needs the licence.
func TestAntiPhishingWithoutDefender(t *testing.T) {
	with, without := threatSettings(t, "cloud"), threatSettings(t, "cloud", "threat.defender=no")
	count := 0
	for id, v := range without {
		if strings.HasPrefix(id, "AntiPhishPolicy.") {
			count++
			if fmt.Sprint(v) != fmt.Sprint(with[id]) {
				t.Errorf("%s is %v without Defender, %v with it", id, v, with[id])
			}
		}
		if strings.HasPrefix(id, "Safe") || strings.HasPrefix(id, "Atp") {
			t.Errorf("%s is set without Defender", id)
		}
	}
	if count != 9 {
		t.Errorf("%d settings of the anti-phishing policy", count)
	}
}

// The policies are for every domain in which somebody has an address, and for no parked one.
func TestThreatRecipients(t *testing.T) {
	want := "[mariners-welfare.example grants.mariners-welfare.example marinerswelfare.onmicrosoft.com]"
	rules := 0
	for _, s := range resolved(t, profilestest.Example(t, "cloud")).Steps {
		if got, is := s.Set["RecipientDomainIs"]; is && s.New != nil && strings.HasPrefix(s.Name, "ASD - ") {
			rules++
			if fmt.Sprint(got) != want {
				t.Errorf("%s is for %v, want %s", s.ID, got, want)
			}
		}
	}
	if rules != 5 {
		t.Errorf("%d rules", rules)
	}
}
