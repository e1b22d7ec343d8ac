package design

import (
	"cmp"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Test is a message that somebody sends in a phase, and what must come of it: one row of the
// test matrix. Its texts are for readers.
type Test struct {
	ID        string // TEST-610, TEST-520/agency.example
	Phase     string
	After     string // the step after which it is sent; empty: any time in the phase
	Hold      string // the hold that waits for it; empty: a check of the phase
	Title     string
	From, To  string
	Marking   string // empty: the message bears none
	Path      string
	Connector string // empty: none
	Expect    string
	Headers   []string
	Decisions []string
	Open      []string // questions that hold what it tries
	Cite      []string
}

// Held says that what the test tries waits for an open question.
func (t Test) Held() bool { return len(t.Open) > 0 }

// tests makes the tests, in the order of their phases and numbers. What they try is held or not
// by now.
func (r *resolver) tests() {
	for _, t := range r.topics {
		for _, x := range t.Tests {
			for _, scope := range r.standing(x.Each, x.When) {
				r.test(x, scope)
			}
		}
	}
	slices.SortStableFunc(r.d.Tests, func(a, b Test) int {
		return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(profiles.ParseRef(a.ID).Question, profiles.ParseRef(b.ID).Question))
	})
}

func (r *resolver) test(x catalog.Test, scope profiles.Scope) {
	out := Test{
		ID: in(x.ID, scope), Phase: x.Phase, Title: r.prose(scope, x.Title), From: r.prose(scope, x.From), To: r.prose(scope, x.To),
		Marking: r.prose(scope, x.Marking), Path: r.prose(scope, x.Path), Connector: r.prose(scope, x.Connector), Expect: r.prose(scope, x.Expect),
		Decisions: r.because(scope, []catalog.Cond{x.When}), Cite: r.Cited(x.Cite),
	}
	for _, h := range x.Headers {
		out.Headers = append(out.Headers, r.prose(scope, h))
	}
	out.After = r.standsFor(x.After, scope, &out)
	out.Hold = r.standsFor(x.Hold, scope, &out)
	for _, id := range catalog.Placeholders(strings.Join(append([]string{x.From, x.To, x.Path, x.Connector}, x.Headers...), " ")) {
		_, err := r.get(scope)(id)
		if open := isOpen(err); open != "" {
			out.Open = union(out.Open, []string{open})
		}
	}
	r.d.Tests = append(r.d.Tests, out)
}

// standsFor finds the step or hold of the plan that a test names, and lets what holds it hold
// the test.
func (r *resolver) standsFor(id string, scope profiles.Scope, t *Test) string {
	s := r.entry(id, scope)
	t.Open = union(t.Open, s.Open)
	return s.ID
}

// entry finds the step or hold that is meant by an ID in a scope; an empty one if it does not stand
// in the plan.
func (r *resolver) entry(id string, scope profiles.Scope) Step {
	for _, s := range r.d.Steps {
		if ref := profiles.ParseRef(s.ID); ref.Question == id && (ref.Key == "" || ref.Key == scope.Item.Key) {
			return s
		}
	}
	return Step{}
}
