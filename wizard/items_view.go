package wizard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

func (s *items) body(m *Model, w, h int) []string {
	prose := min(w, readable)
	a := s.asked
	parts := []part{
		{lines: styled(bold, a.Title(), prose), last: 1},
		{lines: wrap(a.Question.Help, prose), last: 5},
		{},
		{lines: s.line(prose)},
		{lines: s.fault(prose), last: 2},
		{lines: faintly(s.facts(m), prose), last: 3},
	}
	if m.w >= broad {
		parts = append([]part{{lines: []string{faint.Render(s.title(m))}, last: 2}}, parts...)
	}
	i := slices.IndexFunc(parts, func(p part) bool { return p.last == 0 })
	parts[i].lines = s.rows(prose, room(parts, len(s.list), h))
	return fit(parts, h)
}

// rows draws the items, each with what became of the questions about it, around the cursor.
func (s *items) rows(w, h int) []string {
	const narrow = 64 // where names need the room
	last := 0
	state := map[string]string{}
	for key, p := range s.progress {
		state[key] = p.String()
		if w < narrow { // what is undecided has its mark
			state[key] = fmt.Sprintf("%d/%d", p.answered, p.asked)
		}
		last = max(last, len(state[key]))
	}
	var rows []string
	for i, it := range s.list {
		cursor, style := "  ", plain
		if i == s.at {
			cursor, style = here.Render(signHere)+" ", here
		}
		n := w - last - 7
		rows = append(rows, cursor+s.progress[it.Key].mark()+" "+style.Render(cell(middle(it.Value, n, 2), n))+"   "+faint.Render(state[it.Key]))
	}
	at := max(min(s.at, len(s.list)-1), 0)
	return s.scroll.view(rows, at, at, h)
}

// line draws the field in which an item is added.
func (s *items) line(w int) []string {
	cursor, style := "  ", faint
	if s.adding() {
		cursor, style = here.Render(signHere)+" ", here
	}
	const label = "Add  "
	field := s.add.Field.(*lines)
	out := draw(field.WithWidth(w-len(label)-2), w-len(label)-2, max(min(field.area.LineCount(), 5), 1))
	for i, l := range out {
		if i == 0 {
			out[i] = cursor + style.Render(label) + l
			continue
		}
		out[i] = strings.Repeat(" ", len(label)+2) + l
	}
	return out
}

// facts says who gave the list, and how one is typed.
func (s *items) facts(m *Model) []string {
	a := s.asked
	var facts []string
	switch {
	case a.Answer.Undecided != nil:
		facts = append(facts, signOpen+" "+undecided(a))
	case len(s.list) == 0 && a.Question.Optional:
		facts = append(facts, "may stay empty")
	case a.Origin != profiles.None && a.Origin != profiles.You:
		facts = append(facts, m.origin(a.Origin))
	}
	if len(s.add.texts()) > 0 {
		facts = append(facts, "not added yet")
	}
	return append(append(facts, s.ways(m)...), "type one, or paste a list; enter adds, tab goes on")
}
