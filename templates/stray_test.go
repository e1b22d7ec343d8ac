package templates

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestStrays: the preflight names an object beside the plan on which a rule of the tenant fires, and
// none on which it stays quiet. What the plan itself makes is none.
func TestStrays(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	c, _ := profilestest.Knowledge(t)
	p := write(t, profilestest.Example(t, "third-party"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	said := map[string]bool{} // row of the preflight -> whether it shall be there
	for _, topic := range c.Topics {
		for _, s := range topic.Strays {
			for i, values := range slices.Concat(s.Fires, s.Quiet) {
				name := fmt.Sprintf("%s %d", s.ID, i)
				noun, _ := c.Contract.Noun(s.Noun)
				object := maps.Clone(values)
				object[noun.Key] = name
				if enabled, said := object["Enabled"]; said && slices.Contains(noun.Set, "Enable-"+s.Noun) {
					delete(object, "Enabled") // what is enabled by a cmdlet of its own shows its state as a word
					object["State"] = map[any]string{true: "Enabled", false: "Disabled"}[enabled]
				}
				y.tenant.Objects = append(y.tenant.Objects, rehearsal.Object{Noun: s.Noun, Values: object})
				said[fmt.Sprintf("Look      %s/%s  %s: %s. ", s.Noun, name, s.ID, s.Summary)] = i < len(s.Fires)
			}
		}
	}
	fires := 0
	for _, wanted := range said {
		if wanted {
			fires++
		}
	}
	seen := func(t *testing.T, o rehearsal.Outcome) {
		for row, wanted := range said {
			if strings.Contains(o.Output, row) != wanted {
				t.Errorf("%q: wanted %t\n%s", row, wanted, o.Output)
			}
		}
		if got := strings.Count(o.Output, "Look "); got != fires || fires == 0 {
			t.Errorf("%d rows\n%s", got, o.Output)
		}
	}
	y.run(p, "preflight", 0).check = seen
	y.run(p, "apply", 0, "Phase", "P3", "Acknowledge", p.named("P3", isHold))
	y.run(p, "preflight", 0).check = seen
	y.act(e)
}
