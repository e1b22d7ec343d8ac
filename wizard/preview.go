package wizard

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"github.com/exoplan/exoplan/profiles"
)

// preview says what an answer puts in the pack: beside the question where there is room, else on
// a screen of its own. It is worked out beside the screen, one at a time, the latest wins.
type preview struct {
	shown   string // what the lines are of
	lines   []put
	running bool

	drawn []string // the lines, in cells
	cells int
}

// A previewMsg says what an answer puts in the pack.
type previewMsg struct {
	of    string
	lines []put
}

// subject returns that of the question on top, or under a screen that tells of it.
func (m *Model) subject() (subject, bool) {
	for _, s := range slices.Backward(m.screens) {
		switch s := s.(type) {
		case *why, *ahead:
		case *question:
			return subject{s.asked, s.asked.Scope, s.field.texts(), false}, true
		case *items:
			if s.adding() {
				return subject{s.asked, s.asked.Scope, s.add.texts(), true}, true
			}
			return subject{s.asked, profiles.Scope{Each: s.ref.Question, Item: s.list[s.at]}, s.before, false}, true
		default:
			return subject{}, false
		}
	}
	return subject{}, false
}

// look works out the preview of what is asked now, unless it stands already or nobody sees it.
func (m *Model) look() tea.Cmd {
	_, open := m.top().(*ahead)
	if m.preview.running || m.pause.text != "" || m.w < broadest && !open {
		return nil
	}
	of, found := m.subject()
	if !found {
		return nil
	}
	key := fmt.Sprintf("%q", append([]string{of.asked.Ref().String(), of.scope.Item.Key, fmt.Sprint(of.adds, m.save.version)}, of.texts...))
	if key == m.preview.shown {
		return nil
	}
	m.preview.running = true
	puts := m.puts(of)
	return func() tea.Msg { return previewMsg{key, puts()} }
}

// looked takes a preview. Where something changed meanwhile, the next one is worked out.
func (m *Model) looked(msg previewMsg) {
	m.preview = preview{shown: msg.of, lines: msg.lines}
}

var signStyles = map[string]lipgloss.Style{signGains: good, signLoses: bad, signWarn: warned}

// in writes the lines in w cells. They are drawn once: of a long list there may be thousands.
func (p *preview) in(w int) []string {
	if p.cells == w {
		return p.drawn
	}
	var lines []string
	for _, l := range p.lines {
		style := plain
		switch {
		case l.head:
			style = bold
		case l.sign != "":
			style = signStyles[l.sign]
		}
		label := strings.Repeat(" ", l.indent)
		if !l.head {
			label = cell(l.sign, 2) + label
		}
		for _, text := range hang(label, oneLine(l.text), w) {
			lines = append(lines, style.Render(text))
		}
		if l.text == "" {
			lines = append(lines, "")
		}
	}
	p.drawn, p.cells = lines, w
	return lines
}

// beside writes as much of the preview as there is room for beside the question.
func (p *preview) beside(w, h int) []string {
	lines := append([]string{faint.Render("What it puts in the pack"), ""}, p.in(w)...)
	if len(lines) <= h {
		return lines
	}
	return append(lines[:h-1], faint.Render(fmt.Sprintf("  ↓ %d more: ctrl+t", len(lines)-h+1)))
}

// ahead shows the preview on a screen of its own.
type ahead struct {
	scroll scroll
	page   int
}

func (*ahead) enter(*Model)        {}
func (*ahead) title(*Model) string { return "What it puts in the pack" }
func (*ahead) beside() bool        { return true }
func (*ahead) acts(string) bool    { return false }
func (*ahead) keys(*Model) []Hint  { return []Hint{{"↑↓", "scroll"}, {"esc", "back"}} }

func (s *ahead) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch name := k.String(); name {
	case "esc", "shift+tab", "ctrl+t", "f9", "enter":
		m.pop()
	default:
		if !s.scroll.press(name, s.page) {
			m.about(name)
		}
	}
	return nil
}

func (s *ahead) body(m *Model, w, h int) []string {
	s.page = max(h-4, 1)
	of, _ := m.subject()
	top := append(styled(bold, of.asked.Title(), min(w, readable)), "")
	return append(top, s.scroll.window(m.preview.in(min(w, readable)), h-len(top))...)
}
