package design

import (
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Finding is a rule that fires, for the whole plan or for one item.
type Finding struct {
	Rule   catalog.Rule
	Scope  profiles.Scope
	Detail string
	// Acknowledged is the person who took a warning on; Lapsed says that somebody did, for
	// answers that have changed since.
	Acknowledged *profiles.Acknowledgement
	Lapsed       bool
	// Basis is what an acknowledgement written by hand must bear.
	Basis string
}

// At names the finding: the rule, and the item where it speaks of one.
func (f Finding) At() string { return in(f.Rule.ID, f.Scope) }

// Open says that the finding is a warning that nobody has taken on.
func (f Finding) Open() bool { return f.Rule.Severity == catalog.Warning && f.Acknowledged == nil }

// Blocks says that the finding stops the pack.
func (f Finding) Blocks() bool { return f.Rule.Severity == catalog.Error || f.Open() }

func (r *resolver) rules(t catalog.Topic) {
	for _, rule := range t.Rules {
		for _, scope := range r.Scopes(rule.Each) {
			if Fires(r.State, rule, scope) {
				r.d.Findings = append(r.d.Findings, r.finding(rule, scope))
			}
		}
	}
}

func (r *resolver) strays(t catalog.Topic) {
	for _, s := range t.Strays {
		if s.When.Holds(r.Words(profiles.Scope{})) {
			r.d.Strays = append(r.d.Strays, Stray{s.ID, s.Noun, s.Summary + ". " + s.Remedy, s.Like, s.Has})
		}
	}
}

// Fires says whether a rule fires in a scope.
func Fires(s *profiles.State, rule catalog.Rule, scope profiles.Scope) bool {
	return rule.When.Holds(s.Words(scope)) && (rule.Check == "" || checks[rule.Check](s, scope))
}

func (r *resolver) finding(rule catalog.Rule, scope profiles.Scope) Finding {
	rule.Cite = r.Cited(rule.Cite)
	f := Finding{Rule: rule, Scope: scope, Detail: r.prose(scope, rule.Detail), Basis: r.Basis(rule, scope)}
	for i, a := range r.Profile.Acknowledged {
		switch {
		case a.Rule != rule.ID || a.Item != scope.Item.Key:
		case a.Basis == f.Basis:
			f.Acknowledged, f.Lapsed = &r.Profile.Acknowledged[i], false
		default:
			f.Lapsed = f.Acknowledged == nil
		}
	}
	return f
}
