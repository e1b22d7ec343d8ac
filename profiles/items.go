package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// AddItems puts items at the end of a list and returns them, all or none. What was answered
// about an item of that name before it was removed counts again.
func (s *Session) AddItems(question string, texts ...string) ([]catalog.Item, error) {
	a, items, err := s.listed(question)
	if err != nil {
		return nil, err
	}
	a.Question.Optional = false // nothing is no item
	added, err := a.Question.Parse(texts...)
	if err != nil {
		return nil, err
	}
	values := make([]string, 0, len(items)+len(texts))
	for _, it := range items {
		values = append(values, it.Value)
	}
	for _, it := range added.([]catalog.Item) {
		if listsName(items, it.Value) {
			err = errors.Join(err, fmt.Errorf("%q stands in the list already", it.Value))
		}
		values = append(values, it.Value)
	}
	if err != nil {
		return nil, err
	}
	all := catalog.NewItems(values, items)
	s.setItems(a, all)
	return all[len(items):], nil
}

// RenameItem gives an item another value. It keeps its key, and with it its answers.
func (s *Session) RenameItem(question, key, text string) error {
	a, items, at, err := s.item(question, key)
	if err != nil {
		return err
	}
	a.Question.Optional = false
	renamed, err := a.Question.Parse(text)
	if err != nil {
		return err
	}
	value := renamed.([]catalog.Item)[0].Value
	if listsName(slices.Delete(slices.Clone(items), at, at+1), value) {
		return fmt.Errorf("%q stands in the list already", value)
	}
	items[at].Value = value
	s.setItems(a, items)
	return nil
}

// RemoveItem takes an item off its list. What was answered about it is kept apart, and counts
// again when an item of its name is added.
func (s *Session) RemoveItem(question, key string) error {
	a, items, at, err := s.item(question, key)
	if err != nil {
		return err
	}
	s.setItems(a, slices.Delete(items, at, at+1))
	return nil
}

// MoveItem moves an item by some places, at most to an end of its list.
func (s *Session) MoveItem(question, key string, by int) error {
	a, items, at, err := s.item(question, key)
	if err != nil {
		return err
	}
	it := items[at]
	items = slices.Delete(items, at, at+1)
	s.setItems(a, slices.Insert(items, max(min(at+by, len(items)), 0), it))
	return nil
}

// About returns what the profile itself answers about one item, in the order of the catalogue.
func (s *Session) About(question, key string) []Ref {
	var refs []Ref
	for _, q := range s.cat.Questions {
		ref := Ref{q.ID, key}
		if _, answered := s.profile.Answers[ref]; answered && q.Each == question {
			refs = append(refs, ref)
		}
	}
	return refs
}

// listed finds an items question as it is asked now, and a copy of its items.
func (s *Session) listed(question string) (Asked, []catalog.Item, error) {
	a, err := s.asked(Ref{Question: question})
	if err == nil && a.Question.Kind != catalog.Items {
		err = fmt.Errorf("%s is no list of items", question)
	}
	return a, slices.Clone(s.state.items[question]), err
}

func (s *Session) item(question, key string) (a Asked, items []catalog.Item, at int, err error) {
	a, items, err = s.listed(question)
	if err != nil {
		return a, items, 0, err
	}
	at = slices.IndexFunc(items, func(it catalog.Item) bool { return it.Key == key })
	if at < 0 {
		err = fmt.Errorf("%q is not among %s", key, question)
	}
	return a, items, at, err
}

func listsName(items []catalog.Item, name string) bool {
	return slices.ContainsFunc(items, func(it catalog.Item) bool { return strings.EqualFold(it.Value, name) })
}

// setItems answers with a list that was changed. While somebody owes the answer it stays an
// assumption. An empty list is an answer where the question is optional.
func (s *Session) setItems(a Asked, items []catalog.Item) {
	answer := Answer{Value: items}
	if len(items) == 0 {
		answer.Value = nil
	}
	if a.Answer.Undecided != nil {
		u := *a.Answer.Undecided
		u.Assumed = len(items) > 0
		answer.Undecided = &u
	}
	if answer.Value == nil && answer.Undecided == nil && !a.Question.Optional {
		s.setAside(a.Question.ID, nil)
		s.Clear(a.Ref())
		return
	}
	s.put(a.Ref(), answer)
}

// setAside moves what was answered and acknowledged about items that are not in a list any more
// to the key that an item of that name gets when it is added again.
func (s *Session) setAside(question string, now []catalog.Item) {
	has := func(key string) bool {
		return slices.ContainsFunc(now, func(it catalog.Item) bool { return it.Key == key })
	}
	for _, it := range s.state.items[question] {
		name := catalog.ItemKey(it.Value)
		if has(it.Key) || name == it.Key || has(name) {
			continue
		}
		for _, ref := range s.About(question, it.Key) {
			s.profile.Answers[Ref{ref.Question, name}] = s.profile.Answers[ref]
			delete(s.profile.Answers, ref)
		}
		for i, a := range s.profile.Acknowledged {
			if rule, scope, stands := s.state.of(a); stands && rule.Each == question && scope.Item.Key == it.Key {
				s.profile.Acknowledged[i].Item = name
			}
		}
	}
}
