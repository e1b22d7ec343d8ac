package wizard

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// The sizes at which the screen changes.
const (
	leastWidth, leastHeight = 60, 16
	broad                   = 100 // cells from which the sections stand beside the question
	besideWidth             = 34  // of the sections
	broadest                = 120 // cells from which what the answer puts in the pack stands there too
	leastQuestion           = 46  // cells of a question that something stands on both sides of
	readable                = 78  // no line of prose is longer
)

// View draws the screen on top. While letters are collected it is the one before: Bubble Tea
// asks for it at every key, and a long text that is pasted has thousands.
func (m *Model) View() tea.View {
	if m.pause.text == "" || m.drawn.w != m.w || m.drawn.h != m.h {
		m.drawn = drawn{m.draw(), m.w, m.h}
	}
	return m.drawn.view
}

// drawn is a screen as it was drawn, and at which size.
type drawn struct {
	view tea.View
	w, h int
}

func (m *Model) draw() tea.View {
	var lines []string
	switch {
	case m.w == 0:
	case m.w < leastWidth || m.h < leastHeight:
		lines = m.tooSmall()
	default:
		lines = m.frame()
	}
	v := tea.NewView("")
	v.Cursor = takeCursor(lines)
	v.Content = strings.Join(lines, "\n")
	v.AltScreen = true
	v.WindowTitle = "exoplan"
	return v
}

func (m *Model) tooSmall() []string {
	text := fmt.Sprintf("exoplan needs a window of %d by %d; this one has %d by %d. Please enlarge it. Nothing is lost.", leastWidth, leastHeight, m.w, m.h)
	return box(wrap(text, m.w), m.w, m.h)
}

// frame puts head, screen and keys together: m.h lines of m.w cells.
func (m *Model) frame() []string {
	head, foot := m.head(), m.foot()
	h := m.h - len(head) - len(foot)
	var body []string
	if m.top().beside() && m.w >= broad {
		body = m.columns(h)
	} else {
		for _, l := range m.top().body(m, m.w-2, h) {
			body = append(body, " "+l)
		}
	}
	return box(append(append(head, box(body, m.w, h)...), foot...), m.w, m.h)
}

func (m *Model) columns(h int) []string {
	const rule = 3
	side := besideWidth - 4
	columns := [][]string{m.sections(side)}
	widths := []int{side, m.w - side - rule - 2}
	if _, previewed := m.subject(); previewed && m.w >= broadest {
		all := widths[1] - rule
		widths[1] = max(leastQuestion, min(readable, all*52/100))
		widths = append(widths, all-widths[1])
	}
	columns = append(columns, m.top().body(m, widths[1], h))
	if len(widths) > 2 {
		columns = append(columns, m.preview.beside(widths[2], h))
	}
	lines := make([]string, h)
	for i, c := range columns {
		for y, l := range box(c, widths[i], h) {
			if i > 0 {
				l = faint.Render(" │ ") + l
			}
			lines[y] += l
		}
	}
	for y := range lines {
		lines[y] = " " + lines[y]
	}
	return lines
}

// head says whose plan this is, how it is marked and whether it is saved; below it stands
// where one is.
func (m *Model) head() []string {
	left := here.Render(" exoplan") + "   " + bold.Render(m.design.Cover.Organisation)
	right := m.state() + " "
	room := m.w - ansi.StringWidth(left) - ansi.StringWidth(right) - ansi.StringWidth(m.design.Cover.Marking) - 10
	if titles := m.presets(); m.w >= broad && titles != "" && room > 12 {
		right = faint.Render(ansi.Truncate(titles, room, "…")) + "   " + right
	}
	if m.design.Cover.Marking != "" {
		right = bold.Render(m.design.Cover.Marking) + "   " + right
	}
	lines := []string{sides(left, right, m.w)}
	if m.save.err != nil {
		lines = append(lines, bad.Render(cell(" "+signError+" Not saved: "+oneLine(m.save.err.Error()), m.w)))
	}
	if m.top().beside() && m.w >= broad {
		return append(lines, m.rule("", ""))
	}
	return append(lines, m.rule(m.top().title(m), m.overall()), "")
}

// rule is a line across, with something written into it.
func (m *Model) rule(left, right string) string {
	if left != "" {
		left = " " + left + " "
	}
	if right != "" {
		right = " " + right + " "
	}
	left = ansi.Truncate(left, m.w-ansi.StringWidth(right)-2, "… ")
	n := m.w - ansi.StringWidth(left) - ansi.StringWidth(right)
	return bold.Render(left) + faint.Render(strings.Repeat("─", max(n, 0))) + right
}

func (m *Model) presets() string {
	var titles []string
	for _, p := range m.design.Presets {
		titles = append(titles, p.Title)
	}
	return strings.Join(titles, ", ")
}

// state is the revision, and whether it is on disk as it stands here.
func (m *Model) state() string {
	revision := fmt.Sprintf("r%d", m.design.Profile.Revision)
	switch {
	case m.save.err != nil:
		return bad.Render(revision + " not saved")
	case !m.save.clean():
		return revision + " saving"
	case m.save.version > 0:
		return revision + " saved"
	}
	return revision
}

// sections lists the topics with their progress.
func (m *Model) sections(w int) []string {
	var lines []string
	now := m.now()
	for _, t := range m.o.Session.State().Catalog.Topics {
		p := m.progress(t.ID)
		if p.asked == 0 {
			continue
		}
		mark, style, done := p.mark(), plain, fmt.Sprintf("%d/%d", p.answered, p.asked)
		switch {
		case t.ID == now:
			mark, style = signHere, here
		case p.answered+p.undecided == 0:
			style = faint
		}
		lines = append(lines, mark+" "+style.Render(cell(t.Title, w-3-len(done)))+" "+style.Render(done))
	}
	return append(append(lines, ""), m.overallBeside()...)
}

func (m *Model) overallBeside() []string {
	p := m.progress("")
	lines := []string{fmt.Sprintf("  %d of %d answered", p.answered, p.asked)}
	errors, warnings := m.stops()
	if errors > 0 {
		lines = append(lines, bad.Render(signError+" "+catalog.Count(errors, "error", "errors")))
	}
	if warnings > 0 {
		lines = append(lines, warned.Render(signWarn+" "+catalog.Count(warnings, "warning", "warnings")))
	}
	if p.undecided > 0 {
		lines = append(lines, warned.Render(fmt.Sprintf("%s %d undecided", signOpen, p.undecided)))
	}
	return lines
}

// now is the topic of the question that is asked.
func (m *Model) now() string {
	for _, s := range slices.Backward(m.screens) {
		if q, is := s.(asker); is {
			a, _ := m.asked(q.asks())
			return a.Topic.ID
		}
	}
	return ""
}

// foot says what there is to say and which keys there are.
func (m *Model) foot() []string {
	var lines []string
	if m.writing != "" {
		lines = append(lines, " "+m.writing)
	}
	lines = append(lines, m.notice.lines(m.w-4, m.h/3)...)
	if m.w >= broad {
		lines = append(lines, m.rule("", ""))
	}
	return append(lines, m.hints())
}

// hints are the keys that count here, as many as there is room for; leaving is always one.
func (m *Model) hints() string {
	between, last := "  ", Hint{"ctrl+c", "save, quit"}
	if m.w >= broad {
		between = "   "
	}
	one := func(h Hint) string { return bold.Render(h.What) + " " + h.For }
	line, end := " ", one(last)
	for _, h := range m.top().keys(m) {
		next := line + one(h) + between
		if ansi.StringWidth(next)+ansi.StringWidth(end) > m.w {
			break
		}
		line = next
	}
	return line + end
}

// lines draws what there is to say in h lines at most. A long text gives way to what follows it.
func (n notice) lines(w, h int) []string {
	text := n.text
	if n.path != "" {
		text += middle(n.path, w-ansi.StringWidth(text)-1, 2) + "."
	}
	first, then := wrap(text, w), wrap(n.then, w)
	then = then[:min(len(then), max(h-1, 0))]
	if room := h - len(then); len(first) > room && room > 0 {
		first = first[:room]
		first[room-1] = ansi.Truncate(first[room-1], max(w-2, 0), "") + " …"
	}
	style, mark := good, " "
	if n.bad {
		style, mark = bad, signError
	}
	var lines []string
	for _, l := range append(first, then...) {
		lines = append(lines, " "+style.Render(mark+" "+l))
		mark = " "
	}
	return lines
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// sign is the mark of a severity.
func sign(s catalog.Severity) string {
	switch s {
	case catalog.Error:
		return bad.Render(signError)
	case catalog.Warning:
		return warned.Render(signWarn)
	case catalog.Info:
		return signInfo
	}
	return " "
}
