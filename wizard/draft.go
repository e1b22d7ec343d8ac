package wizard

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// draft returns what is typed for a question and not taken, unless it is the answer already.
func (m *Model) draft(a profiles.Asked) ([]string, bool) {
	texts, typed := m.drafts[a.Ref()]
	if !typed {
		return nil, false
	}
	stored := edit(a.Question, a.Question.Format(a.Answer.Value))
	return texts, !slices.Equal(texts, stored.texts())
}

// untaken lists the questions for which something is typed and not taken.
func (m *Model) untaken() []profiles.Asked {
	var found []profiles.Asked
	for _, a := range m.o.Session.State().Asked {
		if _, typed := m.draft(a); typed {
			found = append(found, a)
		}
	}
	return found
}

// asker is a screen that asks a question. keep takes what is typed there, and stays.
type asker interface {
	asks() profiles.Ref
	keep(m *Model) (tea.Cmd, error)
}

// takeField takes what is typed on the screen, or just under the why of it. What is no answer
// stays typed, and the question says why. Findings that follow are left to the review.
func (m *Model) takeField() tea.Cmd {
	i := len(m.screens) - 1
	if _, is := m.screens[i].(*why); is {
		i--
	}
	q, is := m.screens[i].(asker)
	if !is {
		return nil
	}
	cmd, _ := q.keep(m) // the question shows the error
	return cmd
}

// takeAll takes all that is typed and is an answer. It is for the time when nobody can be asked
// any more.
func (m *Model) takeAll() {
	m.pour(m.pause.poured())
	for _, a := range m.untaken() {
		s := m.screenOf(a.Ref(), "")
		s.enter(m)
		if q, is := s.(asker); is {
			_, _ = q.keep(m) // what is no answer is not kept
		}
	}
}

// notTaken says what is typed and not taken, and why if it is one answer that cannot be; empty:
// nothing is.
func (m *Model) notTaken() string {
	if s, is := m.top().(*sheet); is && s.typed() {
		return s.head + ": what is typed here is not taken yet."
	}
	left := m.untaken()
	if len(left) == 0 {
		return ""
	}
	if len(left) == 1 {
		texts, _ := m.draft(left[0])
		if _, err := left[0].Question.Parse(texts...); err != nil {
			return left[0].Asking() + " is not taken: " + strings.ReplaceAll(err.Error(), "\n", "; ") + "."
		}
	}
	return typedAndNotTaken(left) + "."
}

// typedAndNotTaken counts and names answers, as many as one reads at a glance.
func typedAndNotTaken(left []profiles.Asked) string {
	const glance = 3
	var names []string
	for _, a := range left[:min(len(left), glance)] {
		names = append(names, a.Asking())
	}
	text := catalog.Count(len(left), "answer is", "answers are") + " typed and not taken: " + strings.Join(names, ", ")
	if len(left) > glance {
		text += ", …"
	}
	return text
}

// quit leaves with what is typed taken. What cannot be taken, or was set aside, keeps a person
// here until the same key says it again.
func (m *Model) quit(key string, end End) tea.Cmd {
	cmd := m.takeField()
	if text := m.notTaken(); text != "" && m.sure != key && m.writing == "" {
		m.sure = key
		m.complain(text + " " + key + " again gives it up.")
		return cmd
	}
	return tea.Batch(cmd, m.leave(end))
}
