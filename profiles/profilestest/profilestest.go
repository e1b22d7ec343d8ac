// Package profilestest gives tests what is built in: the catalogue, the presets, the example
// profiles and every variant of them by one answer.
package profilestest

import (
	"slices"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Knowledge returns the catalogue and the presets.
func Knowledge(t testing.TB) (*catalog.Catalog, profiles.Presets) {
	t.Helper()
	c, ps, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c, ps
}

// Example returns an example profile.
func Example(t testing.TB, name string) *profiles.Profile {
	t.Helper()
	p, err := profiles.Example(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Flips calls f for every example with every single choice changed to every one of its values,
// and with every single question left to an owner, with words that say which.
func Flips(t testing.TB, f func(flip string, p *profiles.Profile)) {
	t.Helper()
	c, ps := Knowledge(t)
	flips := 0
	for _, name := range profiles.Examples() {
		base := Example(t, name)
		flip := func(a profiles.Asked, what string, answer profiles.Answer) {
			p := base.Clone()
			p.Answers[a.Ref()] = answer
			f(name+" with "+a.Ref().String()+what, p)
			flips++
		}
		for _, a := range profiles.Evaluate(c, ps, base).Asked {
			for _, v := range a.Question.Values() {
				answer, err := a.Question.Parse(v)
				if err != nil {
					t.Fatal(err)
				}
				if slices.Equal(a.Question.Format(answer), a.Question.Format(a.Answer.Value)) {
					continue // it is the answer of the example
				}
				flip(a, "="+v, profiles.Answer{Value: answer})
			}
			flip(a, " undecided", profiles.Answer{Undecided: &profiles.Undecided{Owner: "Jo Citizen", Due: "2026-12-24"}})
		}
	}
	if flips < 100 {
		t.Errorf("only %d flips", flips)
	}
}
