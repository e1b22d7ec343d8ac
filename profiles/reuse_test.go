package profiles_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// Nothing that was typed for one tenant reaches the profile of another, whatever was answered:
// over every example with one answer changed or left to an owner.
func TestReuseTellsNothingOfTheOtherTenant(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	profilestest.Flips(t, func(flip string, p *profiles.Profile) {
		p.Acknowledged = append(p.Acknowledged, profiles.Acknowledgement{Rule: "GW-20", By: "Priya Secret", Role: "CISO", Reason: "known"})
		r := profiles.Reuse(p, c, ps)
		if len(r.Kept)+len(r.Emptied) != len(p.Answers) || len(r.Answers) != len(r.Kept) || len(r.Dropped) != len(p.Acknowledged) {
			t.Errorf("%s: of %d answers %d are kept and %d emptied", flip, len(p.Answers), len(r.Kept), len(r.Emptied))
		}
		text, err := profiles.Encode(&profiles.Profile{ID: "other-1", Name: "other", Revision: 1, Presets: p.Presets, Answers: r.Answers}, c, ps)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range secrets(c, p) {
			if strings.Contains(string(text), word) {
				t.Errorf("%s: %q is told", flip, word)
			}
		}
	})
}

// secrets are the texts in a profile that tell its tenant: what was typed, and who owes.
func secrets(c *catalog.Catalog, p *profiles.Profile) []string {
	out := []string{p.ID, p.Name, "Priya Secret"}
	for ref, a := range p.Answers {
		q, _ := c.Question(ref.Question)
		if a.Undecided != nil {
			out = append(out, a.Undecided.Owner)
		}
		if q.Values() == nil {
			out = append(out, q.Format(a.Value)...)
		}
		if ref.Key != "" {
			out = append(out, ref.Key)
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return len(s) < 4 || s == catalog.None })
}

func TestReuseKeepsWhatWasChosen(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, name := range profiles.Examples() {
		p := &profiles.Profile{ID: "other-1", Name: "other", Revision: 1, Answers: profiles.Reuse(profilestest.Example(t, name), c, ps).Answers}
		text, err := profiles.Encode(p, c, ps)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := profiles.Decode(name, text, c, ps); err != nil {
			t.Error(err)
		}
	}
	p := profilestest.Example(t, "protected")
	s := profiles.NewSession(c, ps, p)
	if err := s.Set([]string{"smtp-auth=allowed", "gateway.lockdown=certificate"}); err != nil {
		t.Fatal(err)
	}
	r := profiles.Reuse(s.Profile(), c, ps)
	has := func(refs []profiles.Ref, id string) bool {
		return slices.ContainsFunc(refs, func(r profiles.Ref) bool { return r.String() == id })
	}
	for _, id := range []string{"smtp-auth", "gateway.lockdown"} {
		if !has(r.Kept, id) {
			t.Errorf("%s is not kept", id)
		}
	}
	for _, id := range []string{
		"engagement.organisation", "engagement.marking", "tenant.id", "domains", "domain.role/notices.harbours.example", "gateway.mx", "gateway.to-exchange",
		"gateway.pilot", "licence.defender", "dmarc.today/harbours.example", "dkim.gateway-key/notices.harbours.example",
	} {
		if !has(r.Emptied, id) {
			t.Errorf("%s is not emptied", id)
		}
	}
}
