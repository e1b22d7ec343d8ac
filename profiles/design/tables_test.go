package design

import (
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestLicencesAreWhatTheRulesTake: what the table says needs no licence of Defender can be had without,
// and what it says needs one is refused without.
func TestLicencesAreWhatTheRulesTake(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	table, ok := c.Table("licence-features")
	if !ok {
		t.Fatal("there is no table of licences")
	}
	defended := []string{"links", "attachments", "imitation"}
	for _, row := range table.Rows {
		if needs := table.Cell(row.ID, "needs")[0] == "plan-1"; needs != slices.Contains(defended, row.ID) {
			t.Errorf("%s needs %s", row.ID, table.Cell(row.ID, "needs")[0])
		}
	}
	for licence, refused := range map[string]bool{"none": true, "plan-1": false} {
		if got := fires(t, "cloud", "POL-01", "licence.defender="+licence, "threat.defender=yes"); got != refused {
			t.Errorf("with %s what needs plan 1 is refused: %t", licence, got)
		}
	}
}

// TestHandlingIsWhatThePlanMakes: what the table says a plan makes of a level is what one makes.
func TestHandlingIsWhatThePlanMakes(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	table, ok := c.Table("handling-by-level")
	if !ok {
		t.Fatal("there is no table of handling")
	}
	d := Resolve(profiles.Evaluate(c, ps, profilestest.Example(t, "protected")), ps)
	does := map[string]bool{
		"blocks":  slices.ContainsFunc(d.Steps, func(s Step) bool { return strings.HasPrefix(s.Name, "exoplan-10") && s.Creates }),
		"rule":    slices.ContainsFunc(d.Steps, func(s Step) bool { return strings.HasPrefix(s.Name, "exoplan-40") && s.Creates }),
		"refuses": fires(t, "protected", "CLS-01", "govlink.path=none"),
		"asked":   slices.ContainsFunc(d.Disputes, func(x Dispute) bool { return x.ID == "DD-041" && strings.HasPrefix(x.Says.Text, "All mail uses") }),
	}
	for _, row := range table.Rows {
		if made := table.Cell(row.ID, "plan")[0]; !does[made] {
			t.Errorf("%s: no plan does what %q says", row.Label, table.Words[made])
		}
	}
	if shown := func(d *Design) bool {
		return slices.ContainsFunc(d.Tables, func(x Table) bool { return x.Title == table.Title })
	}; !shown(d) || shown(Resolve(profiles.Evaluate(c, ps, profilestest.Example(t, "united-kingdom")), ps)) {
		t.Error("it is shown to others than those whose levels it has")
	}
}

// fires says whether a rule fires on an example with some answers changed.
func fires(t *testing.T, example, rule string, assignments ...string) bool {
	t.Helper()
	s := set(t, example, assignments...)
	return slices.ContainsFunc(Resolve(s.State(), s.Presets()).Findings, func(f Finding) bool { return f.Rule.ID == rule })
}
