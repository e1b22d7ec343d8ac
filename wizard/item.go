package wizard

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// item shows one item of a list: what is asked about it, what is answered, and what can be
// done with it.
type item struct {
	from *items
	key  string
	it   catalog.Item
	at   int // its place in the list
	rows list
}

func (s *item) enter(m *Model) {
	s.from.enter(m)
	s.at = slices.IndexFunc(s.from.list, func(it catalog.Item) bool { return it.Key == s.key })
	if s.at < 0 { // it was removed elsewhere
		m.pop()
		return
	}
	s.it = s.from.list[s.at]
	if s.rows.all == nil {
		s.rows = newList()
	}
	s.rows.all = nil
	for _, a := range m.o.Session.State().Asked {
		if a.Scope.Each == s.from.ref.Question && a.Scope.Item.Key == s.key {
			s.rows.all = append(s.rows.all, row{
				key: a.Ref().String(), draw: func(w int) string { return inList(a, w) },
				pick: func() tea.Cmd { m.push(m.screenOf(a.Ref(), s.it.Value)); return nil },
			})
		}
	}
	if len(s.rows.all) == 0 {
		s.rows.all = []row{{draw: func(int) string { return faint.Render("Nothing is asked about it by itself.") }}}
	}
	s.rows.all = append(s.rows.all, s.actions(m)...)
}

func (s *item) actions(m *Model) []row {
	action := func(label, about string, pick func() tea.Cmd) row {
		return row{key: label, pick: pick, draw: func(int) string { return bold.Render(cell(label, 12)) + faint.Render(about) }}
	}
	return []row{
		{draw: func(int) string { return "" }},
		action("Rename", "what is answered stays", func() tea.Cmd { m.push(newRename(s.from, s.it)); return nil }),
		action("Move up", "it is asked about earlier, and stands earlier in the documents", func() tea.Cmd { return s.move(m, -1) }),
		action("Move down", "", func() tea.Cmd { return s.move(m, +1) }),
		action("Remove", "what is answered is kept apart", func() tea.Cmd { return s.from.remove(m, s.it) }),
	}
}

func (s *item) move(m *Model, by int) tea.Cmd {
	cmd := s.from.move(m, s.it, by)
	s.enter(m)
	return cmd
}

func (s *item) title(*Model) string {
	return fmt.Sprintf("%s · %d of %d", s.from.asked.Asking(), s.at+1, len(s.from.list))
}

func (s *item) beside() bool       { return true }
func (s *item) acts(k string) bool { return k == "enter" }
func (s *item) keys(*Model) []Hint {
	return []Hint{{"↑↓", "move"}, {"enter", "open"}, {"esc", "the list"}, {"ctrl+r", "review"}, {"ctrl+g", "jump"}}
}

func (s *item) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch name := k.String(); {
	case name == "esc", name == "shift+tab":
		m.pop()
	case name == "enter":
		return s.rows.pick()
	case s.rows.press(name):
	default:
		m.about(name)
	}
	return nil
}

func (s *item) body(m *Model, w, h int) []string {
	var top []string
	if m.w >= broad {
		top = []string{faint.Render(s.title(m)), ""}
	}
	top = append(top, cell(bold.Render(s.it.Value), w), "")
	return append(top, s.rows.view(w, h-len(top))...)
}
