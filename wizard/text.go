package wizard

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// wrap breaks a text into lines of at most w cells.
func wrap(s string, w int) []string {
	if s == "" {
		return nil
	}
	return strings.Split(ansi.Wrap(s, max(w, 1), ""), "\n")
}

// styled wraps a text and styles each line by itself.
func styled(style lipgloss.Style, s string, w int) []string {
	lines := wrap(s, w)
	for i, l := range lines {
		lines[i] = style.Render(l)
	}
	return lines
}

// hang writes a text under a label: the label stands before the first line, and what follows
// is indented as far.
func hang(label, s string, w int) []string {
	n := ansi.StringWidth(label)
	lines := wrap(s, w-n)
	for i, l := range lines {
		if i == 0 {
			lines[i] = label + l
			continue
		}
		lines[i] = strings.Repeat(" ", n) + l
	}
	return lines
}

// cell cuts or fills a text to exactly w cells.
func cell(s string, w int) string {
	w = max(w, 0)
	n := ansi.StringWidth(s)
	if n > w {
		s = ansi.Truncate(s, w, "…")
		n = ansi.StringWidth(s)
	}
	return s + strings.Repeat(" ", max(w-n, 0))
}

// middle cuts a text to at most w cells and keeps both of its ends, the last of them in a share
// of one by part.
func middle(s string, w, part int) string {
	n := ansi.StringWidth(s)
	if n <= w {
		return s
	}
	if w < 1 {
		return ""
	}
	last := w / part
	tail := ansi.TruncateLeft(s, n-last, "")
	if ansi.StringWidth(tail) > last { // a letter of two cells stood across the cut
		tail = ansi.TruncateLeft(s, n-last+1, "")
	}
	return ansi.Truncate(s, w-1-ansi.StringWidth(tail), "") + "…" + tail
}

// sides puts one text at the left and one at the right of a line; the left one gives way.
func sides(left, right string, w int) string {
	n := ansi.StringWidth(right)
	if n == 0 {
		return cell(left, w)
	}
	return cell(left, w-n-1) + " " + right
}

// box cuts or fills lines to exactly w by h cells.
func box(lines []string, w, h int) []string {
	out := make([]string, h)
	for i := range out {
		if i < len(lines) {
			out[i] = cell(lines[i], w)
			continue
		}
		out[i] = strings.Repeat(" ", w)
	}
	return out
}

// reversed starts the cell that a text field shows as its cursor. Huh keeps its text inputs to
// itself, so this is the one way to learn where the cursor is, and it counts in cells, where
// the input's own method counts letters.
const reversed = "\x1b[7m"

// takeCursor finds the cursor of the text field on a screen and puts the terminal's own in its
// place, so that input methods open where one types.
func takeCursor(lines []string) *tea.Cursor {
	for y, l := range lines {
		before, after, found := strings.Cut(l, reversed)
		if !found {
			continue
		}
		under, rest, _ := strings.Cut(after, "\x1b[m")
		lines[y] = before + under + rest
		return tea.NewCursor(ansi.StringWidth(before), y)
	}
	return nil
}

// scroll is how far a list or a text is scrolled.
type scroll struct{ top int }

// show moves the window of h lines as little as it takes to have lines first to last in it.
func (s *scroll) show(first, last, h, total int) {
	s.top = min(s.top, first)
	s.top = max(s.top, last-h+1)
	s.top = max(min(s.top, total-h), 0)
}

// view returns h lines of a text with lines first to last among them. Where there is more than
// that, a line above and a line below say how much.
func (s *scroll) view(lines []string, first, last, h int) []string {
	if len(lines) <= h {
		s.top = 0
		return lines
	}
	h = max(h-2, 1)
	s.show(max(first, last-h+1), last, h, len(lines))
	out := append([]string{more("↑", s.top)}, lines[s.top:s.top+h]...)
	return append(out, more("↓", len(lines)-s.top-h))
}

// window is view for a text without a cursor.
func (s *scroll) window(lines []string, h int) []string {
	s.top = max(min(s.top, len(lines)-max(h-2, 1)), 0)
	return s.view(lines, s.top, s.top, h)
}

func more(arrow string, n int) string {
	if n == 0 {
		return ""
	}
	return faint.Render(fmt.Sprintf("  %s %d more", arrow, n))
}

// press scrolls by the keys that do so and says whether it was one.
func (s *scroll) press(k string, page int) bool {
	switch k {
	case "up", "k":
		s.top--
	case "down", "j":
		s.top++
	case "pgup":
		s.top -= page
	case "pgdown", "space":
		s.top += page
	case "home":
		s.top = 0
	case "end":
		s.top = 1 << 20
	default:
		return false
	}
	s.top = max(s.top, 0)
	return true
}
