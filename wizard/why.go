package wizard

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// why says why a question is asked: plainly for the client, exactly for the consultant.
type why struct {
	text   func(m *Model, w int) []string
	scroll scroll
	page   int
}

func (y *why) enter(*Model)        {}
func (y *why) title(*Model) string { return "Why we ask" }
func (y *why) beside() bool        { return true }
func (y *why) acts(string) bool    { return false }
func (y *why) keys(*Model) []Hint {
	return []Hint{{"↑↓", "scroll"}, {"esc", "back"}}
}

func (y *why) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch name := k.String(); name {
	case "esc", "shift+tab", "f1", "?", "enter":
		m.pop()
	default:
		if !y.scroll.press(name, y.page) {
			m.about(name)
		}
	}
	return nil
}

func (y *why) body(m *Model, w, h int) []string {
	y.page = max(h-4, 1)
	return y.scroll.window(y.text(m, min(w, readable+16)), h)
}

// why is all that is known of the question, with the answer as it stands.
func (q *question) why(m *Model, w int) []string {
	a, _ := m.asked(q.ref)
	c := m.o.Session.State().Catalog
	lines := styled(bold, a.Title(), w)
	add := func(more []string) {
		if len(more) > 0 {
			lines = append(append(lines, ""), more...)
		}
	}
	add(wrap(a.Question.Help, w))
	add(labelled("For the consultant", a.Question.Note, w))
	add(brings(a.Question, w))
	add(m.plans(a, w))
	add(sources(c, a.Question.Cite, w))
	add(leadsTo(leadsOf(c, a.Question), w))
	add(styled(faint, "The question is "+q.ref.String()+" where it is set by a flag or a file.", w))
	return lines
}

// column is how far the right of a labelled text stands from the left.
const column = 22

func labelled(label, text string, w int) []string {
	if text == "" {
		return nil
	}
	lines := hang(strings.Repeat(" ", column), text, w)
	lines[0] = bold.Render(cell(label, column)) + strings.TrimLeft(lines[0], " ")
	return lines
}

func brings(q catalog.Question, w int) []string {
	var lines []string
	label := "What each brings"
	for _, o := range q.Options {
		lines = append(lines, labelled(label, o.Label+": "+o.Why, w)...)
		label = ""
	}
	return lines
}

// plans says what exoplan makes of the answer as it stands.
func (m *Model) plans(a profiles.Asked, w int) []string {
	ids := leadsOf(m.o.Session.State().Catalog, a.Question).ids
	var lines []string
	label := "What exoplan plans"
	for _, d := range m.design.Decided {
		ref := profiles.ParseRef(d.ID)
		if !ids[ref.Question] || a.Scope.Each != "" && ref.Key != a.Scope.Item.Key {
			continue
		}
		lines = append(lines, labelled(label, d.ID+" "+d.Title+": "+d.Text+". "+d.Why, w)...)
		label = ""
	}
	return lines
}

// sources names what the question rests on: which edition, and when it was read.
func sources(c *catalog.Catalog, keys []string, w int) []string {
	var lines []string
	label := "Source"
	for _, k := range keys {
		s := c.Citations[k]
		text := s.Title + ". " + s.Publisher + ", " + s.Version + ". Read " + s.Read + "."
		if s.Note != "" {
			text += " " + s.Note
		}
		lines = append(lines, labelled(label, text, w)...)
		label = ""
	}
	return lines
}

func leadsTo(l leads, w int) []string {
	var lines []string
	label := "Leads to"
	for _, g := range []struct {
		name string
		ids  []string
	}{
		{"decisions", l.Decisions},
		{"steps and holds", l.Steps},
		{"DNS records", l.Records},
		{"rules", l.Rules},
		{"controls", l.Controls},
		{"questions", l.Questions},
	} {
		if len(g.ids) > 0 {
			lines = append(lines, labelled(label, g.name+": "+strings.Join(g.ids, ", "), w)...)
			label = ""
		}
	}
	return lines
}
