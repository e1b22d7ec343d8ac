package wizard

import (
	"slices"
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
func (y *why) keys(m *Model) []Hint {
	hints := []Hint{{"↑↓", "scroll"}, {"esc", "back"}}
	if _, found := m.subject(); found {
		hints = append(hints, Hint{"ctrl+t", "what it puts in the pack"})
	}
	return hints
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
	lines := styled(bold, a.Title(), w)
	if help := wrap(a.Question.Help, w); len(help) > 0 {
		lines = append(append(lines, ""), help...)
	}
	lines = append(lines, listed(m.known(a), w)...)
	return append(append(lines, ""), styled(faint, setBy(a), w)...)
}

// setBy says by which name the question is answered without a screen.
func setBy(a profiles.Asked) string {
	return "The question is " + a.Ref().String() + " where it is set by a flag or a file."
}

// fact is something to know, under a name; without one it goes on with what stands before it.
type fact struct{ name, text string }

// under puts texts under one name.
func under(name string, texts ...string) []fact {
	var facts []fact
	for _, t := range texts {
		if t != "" {
			facts = append(facts, fact{name, t})
			name = ""
		}
	}
	return facts
}

// listed writes facts in two columns, with a blank line before each name.
func listed(facts []fact, w int) []string {
	var lines []string
	for _, f := range facts {
		if f.name != "" {
			lines = append(lines, "")
		}
		lines = append(lines, labelled(f.name, f.text, w)...)
	}
	return lines
}

// column is how far the right of a labelled text stands from the left.
const column = 22

func labelled(label, text string, w int) []string {
	lines := hang(strings.Repeat(" ", column), text, w)
	lines[0] = bold.Render(cell(label, column)) + strings.TrimLeft(lines[0], " ")
	return lines
}

// known is what there is to know of a question beside its help.
func (k *work) known(a profiles.Asked) []fact {
	s := k.o.Session.State()
	c := s.Catalog
	leads := c.Leads(a.Question)
	leads.Controls = s.Binding(leads.Controls)
	return slices.Concat(
		under("For the consultant", a.Question.Note), under("Form", a.Question.Form), brings(a.Question), k.plans(a, leads.Decisions), k.disputes(a, leads.Decisions),
		sources(c, s.Cited(a.Question.Cite)), leadsTo(leads))
}

func brings(q catalog.Question) []fact {
	var texts []string
	for _, o := range q.Options {
		texts = append(texts, o.Label+": "+o.Why)
	}
	return under("What each brings", texts...)
}

// plans says what exoplan makes of the answer as it stands.
func (k *work) plans(a profiles.Asked, decisions []string) []fact {
	var texts []string
	for _, d := range k.design.Decided {
		ref := profiles.ParseRef(d.ID)
		if slices.Contains(decisions, ref.Question) && (a.Scope.Each == "" || ref.Key == a.Scope.Item.Key) {
			texts = append(texts, d.ID+" "+d.Title+": "+d.Text+". "+d.Why)
		}
	}
	return under("What exoplan plans", texts...)
}

// disputes says where the sources behind the question, or behind what it decides, differ.
func (k *work) disputes(a profiles.Asked, decisions []string) []fact {
	var facts []fact
	for _, d := range k.design.Disputes {
		if d.ID == a.Question.ID || slices.Contains(decisions, d.ID) {
			facts = append(facts, fact{"Sources differ", d.Says.String()}, fact{"Against it", d.Differs.String()}, fact{"exoplan chose", d.Chose})
		}
	}
	return facts
}

// sources names what something rests on: which edition, and when it was read.
func sources(c *catalog.Catalog, keys []string) []fact {
	var texts []string
	for _, k := range keys {
		texts = append(texts, c.Citations[k].Words())
	}
	return under("Source", texts...)
}

func leadsTo(l catalog.Leads) []fact {
	var texts []string
	for _, g := range []struct {
		name string
		ids  []string
	}{
		{"decisions", l.Decisions},
		{"steps and holds", l.Steps},
		{"DNS records", l.Records},
		{"test messages", l.Tests},
		{"rules", l.Rules},
		{"controls", l.Controls},
		{"questions", l.Questions},
		{"rows of the firewall sheet", l.Flows},
		{"certificates", l.Certificates},
	} {
		if len(g.ids) > 0 {
			texts = append(texts, g.name+": "+strings.Join(g.ids, ", "))
		}
	}
	return under("Leads to", texts...)
}
