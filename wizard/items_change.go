package wizard

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// keep adds what is typed, and stays.
func (s *items) keep(m *Model) (tea.Cmd, error) {
	texts := s.add.texts()
	if len(texts) == 0 {
		return nil, nil
	}
	if _, err := m.o.Session.AddItems(s.ref.Question, texts...); err != nil {
		s.err = err
		return nil, err
	}
	delete(m.drafts, s.ref)
	s.at = -1
	cmd := m.changed()
	s.enter(m)
	return cmd, nil
}

// leave goes on, with what is typed added.
func (s *items) leave(m *Model) tea.Cmd {
	cmd, err := s.keep(m)
	if err != nil {
		return cmd
	}
	if s.err = nil; !s.stands(s.before) {
		_, s.err = s.asked.Question.Parse(s.before...)
		return cmd
	}
	return tea.Batch(cmd, s.goOn(m))
}

// drop forgets what is typed; where nothing is, preset or default hold again, if there are any.
func (s *items) drop(m *Model) tea.Cmd {
	if _, typed := m.drafts[s.ref]; !typed && s.lower == "" {
		return nil
	}
	cmd := s.takeBack(m)
	s.at = -1
	s.enter(m)
	return cmd
}

func (s *items) move(m *Model, it catalog.Item, by int) tea.Cmd {
	if err := m.o.Session.MoveItem(s.ref.Question, it.Key, by); err != nil {
		s.err = err
		return nil
	}
	cmd := m.changed()
	s.at = max(min(s.at+by, len(s.list)-1), 0)
	s.enter(m)
	return cmd
}

// remove takes an item off the list, and asks before where answers go with it.
func (s *items) remove(m *Model, it catalog.Item) tea.Cmd {
	about := m.o.Session.About(s.ref.Question, it.Key)
	if len(about) == 0 {
		return s.removed(m, it)
	}
	m.push(newConfirmation("Remove "+it.Value+"?",
		[]string{catalog.Count(len(about), "answer goes", "answers go") + " with it: " + strings.Join(m.called(about, it), ", ") + "."},
		choice{"Keep it", "Nothing changes.", func(m *Model) tea.Cmd { m.pop(); return nil }},
		choice{"Remove it", "Its answers are kept apart, and count again when it is added again.", func(m *Model) tea.Cmd {
			return s.removed(m, it)
		}},
	))
	return nil
}

// removed removes an item and goes back to the list.
func (s *items) removed(m *Model, it catalog.Item) tea.Cmd {
	if err := m.o.Session.RemoveItem(s.ref.Question, it.Key); err != nil {
		m.complain(err.Error())
		return nil
	}
	cmd := m.changed()
	m.screens = m.screens[:slices.Index(m.screens, screen(s))+1]
	s.enter(m)
	return cmd
}

// called names answers about an item, also where the item is gone.
func (m *Model) called(refs []profiles.Ref, it catalog.Item) []string {
	var names []string
	for _, ref := range refs {
		q, _ := m.o.Session.State().Catalog.Question(ref.Question)
		names = append(names, profiles.Asked{Question: q, Scope: profiles.Scope{Each: q.Each, Item: it}}.Asking())
	}
	return names
}

// newRename asks for another name of an item.
func newRename(s *items, it catalog.Item) *sheet {
	one := catalog.Question{Kind: s.asked.Question.Of, Pattern: s.asked.Question.Pattern, Example: s.asked.Question.Example, Form: s.asked.Question.Form}
	return &sheet{
		head:   "Rename",
		about:  []string{"What was answered about " + it.Value + " stays as it is. In files and flags its key remains " + it.Key + "."},
		fields: []entry{newEntry("New name", "", one, []string{it.Value})},
		done: func(m *Model, sh *sheet) (tea.Cmd, error) {
			if err := m.o.Session.RenameItem(s.ref.Question, it.Key, sh.text(0)); err != nil {
				return nil, err
			}
			cmd := m.changed()
			m.pop()
			return cmd, nil
		},
	}
}
