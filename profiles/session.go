package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Session is a profile while it is being answered. Wizard, flags and plain prompts change it
// through the same few methods; it keeps the state that follows.
type Session struct {
	cat     *catalog.Catalog
	presets Presets
	profile *Profile
	state   *State
}

// NewSession starts from a profile, which it leaves untouched.
func NewSession(c *catalog.Catalog, presets Presets, p *Profile) *Session {
	s := &Session{cat: c, presets: presets, profile: p.Clone()}
	s.evaluate()
	return s
}

func (s *Session) evaluate() { s.state = Evaluate(s.cat, s.presets, s.profile) }

// State returns what follows from the answers as they are now.
func (s *Session) State() *State { return s.state }

// Presets returns all presets there are.
func (s *Session) Presets() Presets { return s.presets }

// Profile returns a copy of the profile as it is now, to be saved or rendered.
func (s *Session) Profile() *Profile { return s.profile.Clone() }

// Update changes what a profile holds beside answers: its name, date, presets.
func (s *Session) Update(change func(*Profile)) {
	change(s.profile)
	s.evaluate()
}

// asked finds a question as it is asked now. The error says why it is not.
func (s *Session) asked(ref Ref) (Asked, error) {
	i := slices.IndexFunc(s.state.Asked, func(a Asked) bool { return a.Ref() == ref })
	if i >= 0 {
		if a := s.state.Asked[i]; !a.Locked {
			return a, nil
		}
		return Asked{}, fmt.Errorf("%s: the preset %s locks this answer", ref, s.state.Asked[i].Origin)
	}
	q, ok := s.cat.Question(ref.Question)
	switch {
	case !ok:
		return Asked{}, fmt.Errorf("no question is called %q%s", ref.Question, suggest(ref.Question, questionIDs(s.cat)))
	case q.Each != "" && ref.Key == "":
		return Asked{}, fmt.Errorf("%s is asked for each of %s: write %s/KEY", q.ID, q.Each, q.ID)
	case q.Each != "" && !slices.ContainsFunc(s.state.items[q.Each], func(it catalog.Item) bool { return it.Key == ref.Key }):
		return Asked{}, fmt.Errorf("%s: %q is not among %s", ref, ref.Key, q.Each)
	}
	return Asked{}, fmt.Errorf("%s is not asked here; it needs %s", ref, q.When.Words())
}

// Answer takes what somebody typed. It changes nothing and says what is expected when that is
// no answer, or when the question is not asked now.
func (s *Session) Answer(ref Ref, texts ...string) error {
	a, err := s.asked(ref)
	if err != nil {
		return err
	}
	v, err := s.parse(a, texts)
	if err != nil {
		return err
	}
	s.put(ref, Answer{Value: v})
	return nil
}

// parse reads an answer. Items that are there already keep their keys.
func (s *Session) parse(a Asked, texts []string) (any, error) {
	v, err := a.Question.Parse(texts...)
	if items, ok := v.([]catalog.Item); ok && err == nil {
		v = catalog.NewItems(a.Question.Format(items), s.state.items[a.Question.ID])
	}
	return v, err
}

// Undecide records that somebody owes the answer; assume is what counts meanwhile, if anything.
func (s *Session) Undecide(ref Ref, owner, due string, assume ...string) error {
	a, err := s.asked(ref)
	if err != nil {
		return err
	}
	u := &Undecided{Owner: strings.TrimSpace(owner), Due: strings.TrimSpace(due), Assumed: len(assume) > 0}
	if u.Owner == "" {
		return errors.New("somebody owns an open question: name the owner")
	}
	if u.Due != "" {
		if _, err := (catalog.Question{Kind: catalog.Date}).Parse(u.Due); err != nil {
			return err
		}
	}
	answer := Answer{Undecided: u}
	if u.Assumed {
		if answer.Value, err = s.parse(a, assume); err != nil {
			return err
		}
	}
	s.put(ref, answer)
	return nil
}

// Clear takes an answer back: what preset or default say holds again.
func (s *Session) Clear(ref Ref) {
	delete(s.profile.Answers, ref)
	s.evaluate()
}

func (s *Session) put(ref Ref, a Answer) {
	if q, _ := s.cat.Question(ref.Question); q.Kind == catalog.Items {
		now, _ := a.Value.([]catalog.Item)
		s.setAside(ref.Question, now)
	}
	if every, ok := s.profile.Answers[Ref{Question: ref.Question}]; ok && ref.Key != "" {
		s.spread(ref.Question, every) // one item now differs from what was said of all
	}
	s.profile.Answers[ref] = a
	s.evaluate()
}

func (s *Session) spread(question string, a Answer) {
	delete(s.profile.Answers, Ref{Question: question})
	for _, it := range s.state.items[s.state.each[question]] {
		s.profile.Answers[Ref{question, it.Key}] = a
	}
}

// Acknowledge records that a person takes a warning on. The basis is filled in.
func (s *Session) Acknowledge(r catalog.Rule, scope Scope, a Acknowledgement) error {
	if r.Severity != catalog.Warning {
		return fmt.Errorf("%s is of severity %s; a warning alone can be acknowledged", r.ID, r.Severity)
	}
	if strings.TrimSpace(a.By) == "" || strings.TrimSpace(a.Role) == "" || strings.TrimSpace(a.Reason) == "" {
		return errors.New("a name, a role and a reason are needed")
	}
	a.Rule, a.Item, a.Basis = r.ID, scope.Item.Key, s.state.Basis(r, scope)
	s.Withdraw(r.ID, scope.Item.Key)
	s.profile.Acknowledged = append(s.profile.Acknowledged, a)
	s.evaluate()
	return nil
}

// Withdraw takes an acknowledgement back.
func (s *Session) Withdraw(rule, item string) {
	s.profile.Acknowledged = slices.DeleteFunc(s.profile.Acknowledged, func(a Acknowledgement) bool {
		return a.Rule == rule && a.Item == item
	})
	s.evaluate()
}

// Set applies assignments of the form id=value or id/key=value, in the order of the
// catalogue, so that an answer may make a later question asked. Several for one question make
// a list; id/key of a list of items renames that item. The error joins all that cannot be
// applied.
func (s *Session) Set(assignments []string) error {
	values := map[Ref][]string{}
	var refs []Ref
	var errs []error
	for _, a := range assignments {
		name, value, ok := strings.Cut(a, "=")
		ref := ParseRef(name)
		if !ok {
			errs = append(errs, fmt.Errorf("%q has no =; write id=value", a))
			continue
		}
		if _, again := values[ref]; !again {
			refs = append(refs, ref)
		}
		values[ref] = append(values[ref], value)
	}
	order := questionIDs(s.cat)
	slices.SortStableFunc(refs, func(a, b Ref) int { return slices.Index(order, a.Question) - slices.Index(order, b.Question) })
	for _, ref := range refs {
		for _, err := range unjoin(s.assign(ref, values[ref])) {
			if err != nil && !strings.Contains(err.Error(), ref.Question) {
				err = fmt.Errorf("%s: %w", ref, err)
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// assign answers a question, or renames an item of the list that it asks for.
func (s *Session) assign(ref Ref, texts []string) error {
	q, _ := s.cat.Question(ref.Question)
	if q.Kind != catalog.Items || ref.Key == "" {
		return s.Answer(ref, texts...)
	}
	if len(texts) > 1 {
		return fmt.Errorf("%s: one name is expected, not %d", ref, len(texts))
	}
	return s.RenameItem(ref.Question, ref.Key, texts[0])
}
