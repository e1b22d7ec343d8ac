package wizard

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// sheet is a few fields on one screen, filled in one after the other. Nothing counts before
// the last is done.
type sheet struct {
	head   string
	about  []string
	fields []entry
	at     int
	err    error
	done   func(m *Model, s *sheet) (tea.Cmd, error)
}

// entry is one field of a sheet.
type entry struct {
	label    string
	help     string
	question catalog.Question // which kind it is
	field    editor
	before   []string // what it held when the sheet opened
}

func newEntry(label, help string, q catalog.Question, texts []string) entry {
	q.Optional = true
	e := edit(q, texts)
	return entry{label, help, q, e, e.texts()}
}

func newLine(label, help, text string) entry {
	var texts []string
	if text != "" {
		texts = []string{text}
	}
	return newEntry(label, help, catalog.Question{Kind: catalog.Text}, texts)
}

// typed says that something stands in the sheet that did not when it opened.
func (s *sheet) typed() bool {
	return slices.ContainsFunc(s.fields, func(e entry) bool { return !slices.Equal(e.field.texts(), e.before) })
}

// text returns what stands in a field of one line.
func (s *sheet) text(i int) string { return strings.Join(s.fields[i].field.texts(), " ") }

func (s *sheet) enter(*Model)          { s.focus(s.at) }
func (s *sheet) title(*Model) string   { return s.head }
func (s *sheet) beside() bool          { return true }
func (s *sheet) now() *editor          { return &s.fields[s.at].field }
func (s *sheet) acts(k string) bool    { return s.moves(k) }
func (s *sheet) moves(k string) bool   { return k == "tab" || k == "enter" && !s.now().lines }
func (s *sheet) last() bool            { return s.at == len(s.fields)-1 }
func (s *sheet) fail(i int, err error) { s.focus(i); s.err = err }

func (s *sheet) focus(at int) {
	s.at = at
	for i := range s.fields {
		s.fields[i].field.focus(i == at)
	}
}

func (s *sheet) keys(*Model) []Hint {
	next := Hint{"enter", "next"}
	if s.now().lines {
		next.What = "tab"
	}
	if s.last() {
		next.For = "done"
	}
	return []Hint{next, {"shift+tab", "field before"}, {"esc", "back, as it was"}}
}

func (s *sheet) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return s.now().update(msg)
	}
	s.err = nil
	switch name := k.String(); {
	case name == "esc":
		m.pop()
	case name == "shift+tab":
		s.focus(max(s.at-1, 0))
	case s.moves(name) && !s.last():
		s.focus(s.at + 1)
	case s.moves(name):
		cmd, err := s.done(m, s)
		s.err = err
		return cmd
	default:
		return s.now().update(msg)
	}
	return nil
}

func (s *sheet) body(m *Model, w, h int) []string {
	prose := min(w, readable)
	var parts []part
	if m.w >= broad {
		parts = append(parts, part{lines: []string{faint.Render(s.head)}, last: 1})
	}
	var about []string
	for _, t := range s.about {
		about = append(about, wrap(t, prose)...)
	}
	parts = append(parts, part{lines: about, last: 3})
	if s.err != nil {
		parts = append(parts, part{lines: styled(bad, signError+" "+s.err.Error(), prose), last: 2})
	}
	used := len(s.fields) // their labels
	for _, p := range parts {
		used += len(p.lines)
	}
	for i := range s.fields {
		parts = append(parts, part{lines: s.entry(i, prose, h-used)})
	}
	return fit(parts, h)
}

// entry draws a field in its share of the room. Where that is scarce, the one that is filled
// in has more of it than those that wait.
func (s *sheet) entry(i, w, room int) []string {
	e := &s.fields[i]
	mark, style := "  ", plain
	others := 0
	for j := range s.fields {
		if j != i {
			others += s.fields[j].field.wants(s.fields[j].question, w-2)
		}
	}
	n := e.field.wants(e.question, w-2)
	if i == s.at {
		mark, style = here.Render(signHere)+" ", here
		n = min(n, max(room-len(s.fields)+1, 1))
	} else if n+others > room {
		n = 1
	}
	lines := []string{cell(mark+style.Render(e.label)+"   "+faint.Render(e.help), w)}
	for _, l := range e.field.view(w-2, n) {
		lines = append(lines, "  "+l)
	}
	return lines
}

// newUndecide asks who owes an answer. What the field holds is what is assumed meanwhile.
func newUndecide(q *question) *sheet {
	var owner, due string
	if u := q.asked.Answer.Undecided; u != nil {
		owner, due = u.Owner, u.Due
	}
	a := q.asked.Question
	return &sheet{
		head:  "Undecided",
		about: []string{q.asked.Title(), "Somebody owes the answer. With an assumption the plan goes on; without one, the steps that need it are held."},
		fields: []entry{
			newLine("Owner", "who will decide", owner),
			newLine("Due", "a day such as 2026-11-25, or empty", due),
			newEntry("Assumed meanwhile", "nothing, if it is empty", a, q.field.texts()),
		},
		done: func(m *Model, s *sheet) (tea.Cmd, error) {
			err := m.o.Session.Undecide(q.ref, s.text(0), s.text(1), s.fields[2].field.texts()...)
			if err != nil {
				s.fail(s.culprit(a), err)
				return nil, err
			}
			m.screens = m.screens[:len(m.screens)-1]
			return q.taken(m), nil
		},
	}
}

// culprit returns the field that an undecided answer fails on.
func (s *sheet) culprit(q catalog.Question) int {
	if s.text(0) == "" {
		return 0
	}
	q.Optional = true
	if _, err := q.Parse(s.fields[2].field.texts()...); err != nil {
		return 2
	}
	return 1
}

// newAcknowledge asks who takes a warning on. Who did so last is proposed.
func newAcknowledge(m *Model, f design.Finding, then func(*Model) tea.Cmd) *sheet {
	var by, role string
	if past := m.o.Session.Profile().Acknowledged; len(past) > 0 {
		by, role = past[len(past)-1].By, past[len(past)-1].Role
	}
	return &sheet{
		head:  "Acknowledge " + f.At(),
		about: []string{f.Rule.Summary, "Kept in the profile and printed in the document. It lapses when the answers that it rests on change."},
		fields: []entry{
			newLine("Name", "who takes it on", by),
			newLine("Role", "in which role", role),
			newLine("Reason", "why it is acceptable here", ""),
		},
		done: func(m *Model, s *sheet) (tea.Cmd, error) {
			a := profiles.Acknowledgement{By: s.text(0), Role: s.text(1), Reason: s.text(2), Date: m.o.Today}
			if err := m.o.Session.Acknowledge(f.Rule, f.Scope, a); err != nil {
				s.fail(s.empty(), err)
				return nil, err
			}
			m.screens = m.screens[:len(m.screens)-1]
			return tea.Batch(m.changed(), then(m)), nil
		},
	}
}

// empty returns the first field with nothing in it.
func (s *sheet) empty() int {
	for i := range s.fields {
		if s.text(i) == "" {
			return i
		}
	}
	return s.at
}
