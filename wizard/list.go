package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// row is one line of a list.
type row struct {
	key  string // tells the row from others; empty: it cannot be chosen
	find string // what a filter looks at; empty: it is there under any filter
	draw func(w int) string
	pick func() tea.Cmd
	head bool // it stays as long as a row below it does, up to the next head
}

// list is rows of which one is chosen, with a filter. The choice stays with its row when the
// rows change.
type list struct {
	all    []row
	key    string
	scroll scroll
	page   int
	filter textinput.Model
	typing bool
}

func newList() list {
	f := textinput.New()
	f.Prompt = "/ "
	st := f.Styles()
	st.Focused = textinput.StyleState{Text: plain, Placeholder: faint, Prompt: here}
	st.Blurred, st.Cursor.Color = st.Focused, nil
	f.SetStyles(st)
	return list{filter: f}
}

// shown returns the rows that the filter lets through.
func (l *list) shown() []row {
	want := strings.ToLower(strings.TrimSpace(l.filter.Value()))
	if want == "" {
		return l.all
	}
	var out []row
	var head *row
	for i, r := range l.all {
		switch {
		case r.head:
			head = &l.all[i]
		case r.find == "", !strings.Contains(strings.ToLower(r.find), want):
			if r.find == "" && r.key != "" {
				out = append(out, r)
			}
		default:
			if head != nil {
				out, head = append(out, *head), nil
			}
			out = append(out, r)
		}
	}
	return out
}

// at returns the place of the row that is chosen, else of the first that can be; -1: none can.
func (l *list) at(rows []row) int {
	if i := slices.IndexFunc(rows, func(r row) bool { return r.key != "" && r.key == l.key }); i >= 0 {
		return i
	}
	return slices.IndexFunc(rows, func(r row) bool { return r.key != "" && !r.head })
}

// move goes by n rows that can be chosen, and stays at the ends.
func (l *list) move(n int) {
	rows := slices.DeleteFunc(slices.Clone(l.shown()), func(r row) bool { return r.key == "" })
	i := l.at(rows)
	if i < 0 {
		return
	}
	l.key = rows[max(min(i+n, len(rows)-1), 0)].key
}

// press moves by the keys that do so.
func (l *list) press(k string) bool {
	switch k {
	case "up", "ctrl+p":
		l.move(-1)
	case "down", "ctrl+n":
		l.move(1)
	case "pgup":
		l.move(-l.page)
	case "pgdown":
		l.move(l.page)
	case "home":
		l.move(-len(l.all))
	case "end":
		l.move(len(l.all))
	default:
		return false
	}
	return true
}

// pick does what the chosen row does.
func (l *list) pick() tea.Cmd {
	rows := l.shown()
	if i := l.at(rows); i >= 0 && rows[i].pick != nil {
		l.key = rows[i].key
		return rows[i].pick()
	}
	return nil
}

// clear takes the filter away. What was chosen under it stays so.
func (l *list) clear() {
	if rows := l.shown(); l.at(rows) >= 0 {
		l.key = rows[l.at(rows)].key
	}
	l.filter.SetValue("")
}

// search types into the filter, and chooses the first row that is left.
func (l *list) search(msg tea.Msg) tea.Cmd {
	before := l.filter.Value()
	var cmd tea.Cmd
	l.filter, cmd = l.filter.Update(msg)
	if l.filter.Value() != before {
		l.key = ""
		l.scroll.top = 0
	}
	return steady(msg, cmd)
}

// view draws the list: the filter while there is one, and the rows around the chosen one.
func (l *list) view(w, h int) []string {
	var lines []string
	if l.typing || l.filter.Value() != "" {
		l.filter.SetWidth(w - 4)
		lines = append(lines, l.filter.View(), "")
		h -= 2
	}
	rows := l.shown()
	at := l.at(rows)
	first := at
	for first > 0 && rows[first-1].key == "" {
		first-- // a heading is seen with the row below it
	}
	l.page = max(h-4, 1)
	var drawn []string
	for i, r := range rows {
		mark := "  "
		if i == at {
			mark = here.Render(signHere) + " "
		}
		if r.key == "" {
			mark = ""
		}
		drawn = append(drawn, cell(mark+r.draw(w-2), w))
	}
	if len(rows) == 0 {
		drawn = []string{faint.Render("  Nothing here has these letters.")}
	}
	return append(lines, l.scroll.view(drawn, max(first, 0), max(at, 0), h)...)
}
