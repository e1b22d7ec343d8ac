package profiles

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Scope is where something stands once: the whole plan, or one item of a list.
type Scope struct {
	Each string // the items question; empty for the whole
	Item catalog.Item
}

// Apart says that two scopes are different items of one list.
func (s Scope) Apart(other Scope) bool {
	return s.Each != "" && s.Each == other.Each && s.Item.Key != other.Item.Key
}

// Origin says where an answer comes from.
type Origin string

// The origins. A preset's answer has the preset's ID.
const (
	You     Origin = "you"
	Default Origin = "default"
	None    Origin = "" // not answered
)

// Asked is one question as it is asked now, and what is answered to it.
type Asked struct {
	Topic    catalog.Topic
	Question catalog.Question
	Scope    Scope
	Answer   Answer
	Origin   Origin
	Locked   bool // a preset answers it; it is shown and not asked
}

// Ref names the answer.
func (a Asked) Ref() Ref { return Ref{a.Question.ID, a.Scope.Item.Key} }

// Answered says that the question needs nothing more: it has an answer, or it is optional.
func (a Asked) Answered() bool {
	return a.Answer.Undecided != nil || a.Answer.Value != nil || a.Question.Optional
}

// Title is the question with its item's value in place of the item's placeholder.
func (a Asked) Title() string { return a.inScope(a.Question.Title) }

// Asking is the question's short name, with its item.
func (a Asked) Asking() string { return a.inScope(a.Question.Asking()) }

func (a Asked) inScope(s string) string {
	if a.Scope.Each == "" {
		return s
	}
	filled, _ := catalog.Fill(s, func(string) (any, error) { return a.Scope.Item.Value, nil })
	return fmt.Sprint(filled)
}

// Shown returns the answer in words for people, one for each element.
func (a Asked) Shown() []string {
	var words []string
	for _, t := range a.Question.Format(a.Answer.Value) {
		words = append(words, a.Question.Label(t))
	}
	return words
}

// Decided is one decision and the outcome on which it fell.
type Decided struct {
	Decision catalog.Decision
	Scope    Scope
	Outcome  catalog.Outcome
	Is       any
	Open     string // the open question that Is waits for
}

// State is what follows from a profile: what is asked, what is answered, what is decided. It
// is computed in one pass over the catalogue, for a condition points backwards only.
type State struct {
	Catalog *catalog.Catalog
	Profile *Profile
	Asked   []Asked
	Decided []Decided

	facts map[Ref]fact
	each  map[string]string // ID -> the list of which it stands once per item
	items map[string][]catalog.Item
	// Sources that do not speak for this organisation, and how the controls begin that they set.
	silent  map[string]bool
	unbound []string
}

// A fact is the value of a question, a decision or an item; open names the question it waits for.
type fact struct {
	value any
	open  string
}

// Evaluate computes the state of a profile over its presets.
func Evaluate(c *catalog.Catalog, presets Presets, p *Profile) *State {
	s := &State{Catalog: c, Profile: p, facts: map[Ref]fact{}, each: map[string]string{}, items: map[string][]catalog.Item{}}
	layers := slices.DeleteFunc(slices.Clone(presets), func(x Preset) bool { return !slices.Contains(p.Presets, x.ID) })
	slices.SortFunc(layers, func(a, b Preset) int { // the last layer is looked at first
		return slices.Index(p.Presets, b.ID) - slices.Index(p.Presets, a.ID)
	})
	for _, t := range c.Topics {
		s.questions(t, layers)
		for _, d := range t.Decisions {
			s.each[d.ID] = d.Each
			for _, scope := range s.Scopes(d.Each) {
				s.decide(d, scope)
			}
		}
	}
	s.listen()
	return s
}

// listen finds the sources that do not speak for this organisation.
func (s *State) listen() {
	s.silent = map[string]bool{}
	for key, source := range s.Catalog.Citations {
		if source.Binds == nil || source.Binds.Holds(s.Words(Scope{})) {
			continue
		}
		s.silent[key] = true
		if source.Controls != "" {
			s.unbound = append(s.unbound, source.Controls)
		}
	}
}

// Cited leaves out sources that do not speak for this organisation.
func (s *State) Cited(sources []string) []string {
	return slices.DeleteFunc(slices.Clone(sources), func(key string) bool { return s.silent[key] })
}

// Binding leaves out controls that do not bind this organisation.
func (s *State) Binding(controls []string) []string {
	return slices.DeleteFunc(slices.Clone(controls), func(c string) bool {
		return slices.ContainsFunc(s.unbound, func(prefix string) bool { return strings.HasPrefix(c, prefix) })
	})
}

// questions asks the questions of a topic; those that follow each other and stand once per
// item are asked item by item.
func (s *State) questions(t catalog.Topic, layers []Preset) {
	for rest := t.Questions; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Each == rest[0].Each {
			n++
		}
		for _, scope := range s.Scopes(rest[0].Each) {
			for _, q := range rest[:n] {
				s.ask(t, q, scope, layers)
			}
		}
		for _, q := range rest[:n] {
			s.each[q.ID] = q.Each
		}
		rest = rest[n:]
	}
}

func (s *State) ask(t catalog.Topic, q catalog.Question, scope Scope, layers []Preset) {
	s.each[q.ID] = q.Each
	if !q.When.Holds(s.Words(scope)) {
		return
	}
	q.Options = s.offered(q, scope)
	a := Asked{Topic: t, Question: q, Scope: scope}
	a.Answer, a.Origin, a.Locked = s.answer(q, a.Ref(), layers)
	s.Asked = append(s.Asked, a)
	if q.Kind == catalog.Items {
		s.list(q, a.Answer)
	}
	f := fact{value: a.Answer.Value}
	if a.Answer.Open() || !a.Answered() {
		f.open = a.Ref().String()
	}
	s.facts[a.Ref()] = f
}

// offered returns the options whose condition holds.
func (s *State) offered(q catalog.Question, scope Scope) []catalog.Option {
	withheld := func(o catalog.Option) bool { return !o.When.Holds(s.Words(scope)) }
	if !slices.ContainsFunc(q.Options, withheld) {
		return q.Options
	}
	return slices.DeleteFunc(slices.Clone(q.Options), withheld)
}

func (s *State) list(q catalog.Question, a Answer) {
	items, _ := a.Value.([]catalog.Item)
	s.items[q.ID] = items
	s.each[q.Item] = q.ID
	for _, it := range items {
		s.facts[Ref{q.Item, it.Key}] = fact{value: it.Value}
	}
}

// answer looks for an answer: in the profile for the item, in the profile for every item, in
// the presets, then in the question itself. A choice that is not offered is passed over.
func (s *State) answer(q catalog.Question, ref Ref, layers []Preset) (Answer, Origin, bool) {
	var preset *Preset
	for i := range layers {
		if v, ok := layers[i].Answers[q.ID]; ok && preset == nil && offers(q, v) {
			preset = &layers[i]
		}
	}
	locked := preset != nil && slices.Contains(preset.Locked, q.ID)
	for _, r := range []Ref{ref, {Question: q.ID}} {
		if a, ok := s.Profile.Answers[r]; ok && !locked && offers(q, a.Value) {
			return a, You, false
		}
	}
	if preset != nil {
		return Answer{Value: preset.Answers[q.ID]}, Origin(preset.ID), locked
	}
	if q.Default != nil {
		v, err := q.Parse(catalog.WordsOf(q.Default)...) // checked when the catalogue was loaded
		if err == nil {
			return Answer{Value: v}, Default, false
		} // else it is not offered here
	}
	return Answer{}, None, false
}

// offers says that an answer holds no choice that the question does not offer.
func offers(q catalog.Question, answer any) bool {
	return len(q.Options) == 0 || !slices.ContainsFunc(catalog.WordsOf(answer), func(w string) bool { return !slices.Contains(q.Values(), w) })
}

func (s *State) decide(d catalog.Decision, scope Scope) {
	words := s.Words(scope)
	if !d.When.Holds(words) {
		return
	}
	i := slices.IndexFunc(d.Outcomes, func(o catalog.Outcome) bool { return o.When.Holds(words) })
	out := Decided{Decision: d, Scope: scope, Outcome: d.Outcomes[i], Is: d.Outcomes[i].Is}
	is, err := catalog.Fill(out.Is, func(id string) (any, error) { return s.Value(scope, id) })
	out.Is = is
	if open, isOpen := err.(catalog.OpenError); isOpen { //nolint:errorlint // Value returns it bare
		out.Open = open.Question
	}
	s.Decided = append(s.Decided, out)
	s.facts[Ref{d.ID, scope.Item.Key}] = fact{value: out.Is, open: out.Open}
}

// Scopes returns the items of a list, or the whole for the empty list.
func (s *State) Scopes(each string) []Scope {
	if each == "" {
		return []Scope{{}}
	}
	var scopes []Scope
	for _, it := range s.items[each] {
		scopes = append(scopes, Scope{each, it})
	}
	return scopes
}

// Words returns how a condition in a scope sees an ID: its own answer inside an item, else
// the one of the whole; from outside, what any of the items has. What is open has no words.
func (s *State) Words(scope Scope) func(id string) []string {
	return func(id string) []string {
		list := s.each[id]
		if list == "" || list == scope.Each {
			key := ""
			if list != "" {
				key = scope.Item.Key
			}
			return s.words(Ref{id, key})
		}
		var all []string
		for _, it := range s.items[list] {
			all = append(all, s.words(Ref{id, it.Key})...)
		}
		return all
	}
}

func (s *State) words(r Ref) []string { return catalog.WordsOf(s.facts[r].value) }

// Value returns what an ID stands for in a scope: bool, int, string, []string, or nil for an
// empty answer. It is an OpenError for what is not answered or decided yet, and an AbsentError
// for what is not asked or decided here.
func (s *State) Value(scope Scope, id string) (any, error) {
	key := ""
	if s.each[id] != "" {
		key = scope.Item.Key
	}
	f, ok := s.facts[Ref{id, key}]
	switch {
	case !ok:
		return nil, catalog.AbsentError{ID: id}
	case f.open != "":
		return nil, catalog.OpenError{Question: f.open}
	}
	if items, isItems := f.value.([]catalog.Item); isItems {
		values := make([]string, len(items))
		for i, it := range items {
			values[i] = it.Value
		}
		return values, nil
	}
	return f.value, nil
}

// Missing returns the questions that have neither an answer nor an owner.
func (s *State) Missing() []Asked {
	return slices.DeleteFunc(slices.Clone(s.Asked), Asked.Answered)
}

// Undecided returns the questions that somebody owes an answer to.
func (s *State) Undecided() []Asked {
	return slices.DeleteFunc(slices.Clone(s.Asked), func(a Asked) bool { return a.Answer.Undecided == nil })
}

// Unused returns the answers of the profile that nobody asks for now, in the order of the
// catalogue: the question is not asked here or does not offer the choice, its item is gone, or a
// preset locks it. They are kept, reach nothing, and count again when they are asked for.
func (s *State) Unused() []Ref {
	used := map[Ref]bool{}
	for _, a := range s.Asked {
		every := Ref{Question: a.Question.ID} // said of every item
		used[a.Ref()] = a.Origin == You
		used[every] = used[every] || a.Origin == You
	}
	var refs []Ref
	for r := range s.Profile.Answers {
		if !used[r] {
			refs = append(refs, r)
		}
	}
	slices.SortFunc(refs, order(s.Catalog))
	return refs
}

// Basis returns a short fingerprint of the answers that a rule rests on in a scope, of what its
// item is called, and of what tells the tenant apart: an acknowledgement holds while it stays
// the same. It is the same under another key, so that it outlives an item that goes and comes.
func (s *State) Basis(r catalog.Rule, scope Scope) string {
	var b strings.Builder
	fmt.Fprintln(&b, s.Profile.ID, r.ID, scope.Item.Value)
	ids := r.Rests()
	for _, q := range s.Catalog.Questions {
		if q.Identity {
			ids = append(ids, q.ID)
		}
	}
	for _, id := range ids {
		fmt.Fprintln(&b, id, s.Words(scope)(id))
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(b.String())))[:16]
}

// RestsOn returns the answers that a rule rests on in a scope, in the order of the questions.
func (s *State) RestsOn(rule catalog.Rule, scope Scope) []Ref {
	var refs []Ref
	rests := map[string]bool{}
	for _, a := range s.Asked {
		id := a.Question.ID
		if _, known := rests[id]; !known {
			rests[id] = slices.Contains(s.Catalog.Leads(a.Question).Rules, rule.ID)
		}
		if rests[id] && !a.Scope.Apart(scope) {
			refs = append(refs, a.Ref())
		}
	}
	return refs
}
