package wizard

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
)

// jump lists sections and questions. Typing narrows the list.
type jump struct {
	list list
}

func (j *jump) enter(m *Model) {
	if j.list.all == nil {
		j.list = newList()
		j.list.filter.Placeholder = "type to find a question"
		j.list.typing = true
		j.list.filter.Focus()
		if q, is := m.screens[0].(asker); is {
			j.list.key = q.asks().String()
		}
	}
	j.list.all = j.rows(m)
}

func (j *jump) rows(m *Model) []row {
	var rows []row
	topic := ""
	for _, a := range m.o.Session.State().Asked {
		pick := func() tea.Cmd { m.goTo(a.Ref()); return nil }
		if a.Topic.ID != topic {
			topic = a.Topic.ID
			rows = append(rows, row{
				key: "section " + topic, head: true, find: a.Topic.Title, pick: pick,
				draw: func(int) string {
					return bold.Render(a.Topic.Title) + faint.Render("   "+m.progress(a.Topic.ID).String())
				},
			})
		}
		rows = append(rows, row{
			key: a.Ref().String(), pick: pick,
			find: findable(a),
			draw: func(w int) string { return inList(a, w) },
		})
	}
	return rows
}

// findable is what a question is found by: its topic, what it is called, its ID.
func findable(a profiles.Asked) string {
	return strings.Join([]string{a.Topic.Title, a.Asking(), a.Title(), a.Ref().String()}, "\n")
}

// inList is a question and its answer in one line of a list.
func inList(a profiles.Asked, w int) string {
	n := min(w/2, 44)
	return "  " + mark(a) + " " + cell(asking(a, n), n) + "  " + faint.Render(cell(value(a), w-n-6))
}

// mark is the sign of an answer in a list.
func mark(a profiles.Asked) string {
	switch {
	case a.Locked:
		return signLocked
	case a.Answer.Undecided != nil:
		return warned.Render(signOpen)
	case !a.Answered():
		return bad.Render(signError)
	case a.Answer.Value == nil:
		return " "
	}
	return good.Render(signDone)
}

// value is an answer in one line of a list.
func value(a profiles.Asked) string {
	switch {
	case a.Answer.Undecided != nil:
		return undecided(a)
	case !a.Answered():
		return "not answered"
	}
	return short(a.Shown())
}

func (j *jump) title(*Model) string { return "Jump" }
func (j *jump) beside() bool        { return false }
func (j *jump) acts(k string) bool  { return k == "enter" }

func (j *jump) keys(*Model) []Hint {
	return []Hint{{"↑↓", "move"}, {"enter", "go there"}, {"esc", "back"}, {"ctrl+r", "review"}}
}

func (j *jump) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return j.list.search(msg)
	}
	switch name := k.String(); {
	case name == "esc" && j.list.filter.Value() != "":
		j.list.clear()
	case name == "esc", name == "shift+tab", name == "ctrl+g", name == "f3":
		m.pop()
	case name == "enter":
		return j.list.pick()
	case name == "ctrl+r", name == "f5":
		m.review()
	case j.list.press(name):
	default:
		return j.list.search(msg)
	}
	return nil
}

func (j *jump) body(_ *Model, w, h int) []string { return j.list.view(w, h) }
