package wizard

import (
	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// items asks for a list of things that are asked about one by one. Each is added, renamed,
// moved and removed by itself, so that none loses its answers.
type items struct {
	*question
	list     []catalog.Item
	progress map[string]progress // of the questions about each, by its key
	add      editor
	at       int // an item, or the line in which one is added, after the last
	scroll   scroll
}

func (s *items) enter(m *Model) {
	s.question.enter(m)
	s.before = s.asked.Question.Format(s.asked.Answer.Value)
	s.field = edit(s.asked.Question, s.before) // what an assumption starts from
	s.add = edit(s.asked.Question, m.drafts[s.ref])
	s.list, _ = s.asked.Answer.Value.([]catalog.Item)
	s.progress = map[string]progress{}
	for _, a := range m.o.Session.State().Asked {
		if a.Scope.Each == s.ref.Question {
			s.progress[a.Scope.Item.Key] = s.progress[a.Scope.Item.Key].with(a)
		}
	}
	if s.at < 0 {
		s.at = len(s.list)
	}
	s.goTo(s.at)
}

// goTo puts the cursor on an item, or after the last on the line in which one is added.
func (s *items) goTo(at int) {
	s.at = max(min(at, len(s.list)), 0)
	s.add.focus(s.adding())
}

func (s *items) adding() bool { return s.at == len(s.list) }

func (s *items) acts(k string) bool {
	switch k {
	case "tab", "enter":
		return true
	case "f2", "delete", "shift+up", "shift+down":
		return !s.adding()
	}
	return false
}

func (s *items) keys(*Model) []Hint {
	review, rest := Hint{"ctrl+r", "review"}, []Hint{{"F4", "undecided"}, {"ctrl+t", "preview"}, {"ctrl+g", "jump"}, {"ctrl+s", "save"}}
	if !s.adding() {
		return append([]Hint{{"enter", "open"}, {"esc", "back"}, review, {"F1", "why"}, {"F2", "rename"}, {"del", "remove"}, {"shift+↑↓", "move"}, {"tab", "next"}}, rest...)
	}
	hints := []Hint{{"enter", "add"}, {"esc", "back"}, review, {"tab", "next"}, {"F1", "why"}}
	if len(s.list) > 0 {
		hints = append(hints, Hint{"↑", "the list"})
	}
	return append(hints, rest...)
}

func (s *items) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		s.goTo(len(s.list)) // what is pasted is to be added
		return s.typed(m, msg)
	}
	switch name := k.String(); {
	case name == "esc", name == "shift+tab":
		s.goBack(m)
	case name == "f1", name == "?" && !s.adding():
		m.push(&why{text: s.why})
	case m.about(name):
	case name == "tab", name == "enter" && s.adding() && len(s.add.texts()) == 0:
		return s.leave(m)
	case name == "f4":
		cmd, err := s.keep(m)
		if err == nil {
			m.push(newUndecide(s.question))
		}
		return cmd
	case name == "f6":
		return s.settle(m)
	case name == "f8":
		return s.drop(m)
	case s.adding():
		return s.inLine(m, k)
	default:
		return s.onItem(m, k)
	}
	return nil
}

// inLine takes a key in the line in which an item is added.
func (s *items) inLine(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "enter":
		cmd, _ := s.keep(m) // the screen shows the error
		return cmd
	case "up":
		if first := s.add.Field.(*lines).first(); first && len(s.list) > 0 {
			s.goTo(s.at - 1)
			return nil
		}
	}
	s.err = nil
	return s.typed(m, k)
}

// typed lets the line in which an item is added have a message, and remembers what it holds.
func (s *items) typed(m *Model, msg tea.Msg) tea.Cmd {
	cmd := s.add.update(msg)
	delete(m.drafts, s.ref)
	if texts := s.add.texts(); len(texts) > 0 {
		m.drafts[s.ref] = texts
	}
	return cmd
}

// onItem takes a key on an item. A letter begins another one.
func (s *items) onItem(m *Model, k tea.KeyPressMsg) tea.Cmd {
	it := s.list[s.at]
	switch k.String() {
	case "enter":
		m.push(&item{from: s, key: it.Key})
	case "f2":
		m.push(newRename(s, it))
	case "delete":
		return s.remove(m, it)
	case "shift+up":
		return s.move(m, it, -1)
	case "shift+down":
		return s.move(m, it, +1)
	case "up", "ctrl+p":
		s.goTo(s.at - 1)
	case "down", "ctrl+n":
		s.goTo(s.at + 1)
	case "pgup":
		s.goTo(s.at - 10)
	case "pgdown":
		s.goTo(s.at + 10)
	case "home":
		s.goTo(0)
	case "end":
		s.goTo(len(s.list))
	default:
		if k.Text != "" {
			s.goTo(len(s.list))
			return s.typed(m, k)
		}
	}
	return nil
}
