package profiles

import (
	"slices"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Change is what a change of a profile made of other answers.
type Change struct {
	New    []Asked           // asked now
	Back   []Asked           // asked again: the answer that was kept apart counts
	Gone   []Asked           // no longer asked
	Kept   []Asked           // no longer asked: the answer is kept apart
	Items  []Scope           // that came on a list or went off it
	Lapsed []Acknowledgement // what they rested on is another now
}

// Changed compares what followed from a profile with what follows from it now. A question that
// a preset locks is shown and not asked.
func Changed(before, after *State) Change {
	var ch Change
	for _, a := range notAmong(after.Asked, before.Asked) {
		if a.Origin == You {
			ch.Back = append(ch.Back, a)
		} else {
			ch.New = append(ch.New, a)
		}
	}
	for _, a := range notAmong(before.Asked, after.Asked) {
		if after.keeps(a) {
			ch.Kept = append(ch.Kept, a)
		} else {
			ch.Gone = append(ch.Gone, a)
		}
	}
	ch.Items = append(before.without(after), after.without(before)...)
	for _, a := range after.Profile.Acknowledged {
		if holds, stands := after.holds(a); stands && !holds {
			if held, _ := before.holds(a); held {
				ch.Lapsed = append(ch.Lapsed, a)
			}
		}
	}
	return ch
}

// notAmong returns what is asked in one state and not in another.
func notAmong(asked, others []Asked) []Asked {
	there := map[Ref]bool{}
	for _, a := range others {
		if !a.Locked {
			there[a.Ref()] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(asked), func(a Asked) bool { return a.Locked || there[a.Ref()] })
}

// keeps says that the profile answers a question, whose item may have gone.
func (s *State) keeps(a Asked) bool {
	_, own := s.Profile.Answers[a.Ref()]
	if a.Scope.Each == "" || own {
		return own
	}
	_, aside := s.Profile.Answers[Ref{a.Question.ID, catalog.ItemKey(a.Scope.Item.Value)}]
	return aside
}

// without returns the items of all lists that another state does not have.
func (s *State) without(other *State) []Scope {
	var scopes []Scope
	for _, q := range s.Catalog.Questions {
		for _, scope := range s.Scopes(q.ID) {
			if !slices.ContainsFunc(other.items[q.ID], func(it catalog.Item) bool { return it.Key == scope.Item.Key }) {
				scopes = append(scopes, scope)
			}
		}
	}
	return scopes
}

// holds says whether what an acknowledgement rested on is as it was. Nothing stands for it where
// its item is on no list.
func (s *State) holds(a Acknowledgement) (holds, stands bool) {
	rule, scope, stands := s.of(a)
	return stands && s.Basis(rule, scope) == a.Basis, stands
}

// of finds the rule that an acknowledgement is of, and where it speaks.
func (s *State) of(a Acknowledgement) (catalog.Rule, Scope, bool) {
	for _, t := range s.Catalog.Topics {
		for _, r := range t.Rules {
			if r.ID != a.Rule {
				continue
			}
			for _, scope := range s.Scopes(r.Each) {
				if scope.Item.Key == a.Item {
					return r, scope, true
				}
			}
		}
	}
	return catalog.Rule{}, Scope{}, false
}
