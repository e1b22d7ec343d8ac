package wizard

import (
	"errors"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// A wroteMsg says that a pack was written, or tried.
type wroteMsg struct {
	written Written
	dry     bool
	err     error
}

// wrote shows what was written. After an error the review is where it was.
func (m *Model) wrote(msg wroteMsg) tea.Cmd {
	m.writing = ""
	if msg.err != nil {
		m.notice = notice{text: "Not written: " + msg.err.Error(), bad: true}
		var way interface{ Hint() string }
		if errors.As(msg.err, &way) {
			m.notice.then = "The way on: " + way.Hint()
		}
	} else {
		if !msg.dry {
			m.written = &msg.written
		}
		m.push(&written{Written: msg.written, dry: msg.dry})
	}
	if m.leaving {
		return m.leave(m.end)
	}
	return nil
}

// written shows what a pack holds and what comes next.
type written struct {
	Written
	dry    bool
	scroll scroll
	page   int
}

func (p *written) enter(*Model) {}

func (p *written) title(*Model) string {
	if p.dry {
		return "Dry run · nothing was written"
	}
	return "Written"
}

func (p *written) beside() bool       { return false }
func (p *written) acts(k string) bool { return k == "enter" }

func (p *written) keys(*Model) []Hint {
	if p.dry {
		return []Hint{{"enter", "review"}, {"↑↓", "scroll"}, {"esc", "review"}}
	}
	return []Hint{{"enter", "done"}, {"↑↓", "scroll"}, {"esc", "review"}}
}

func (p *written) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch name := k.String(); {
	case name == "esc", name == "shift+tab", name == "enter" && p.dry:
		m.pop()
	case name == "enter":
		return m.leave(Finished)
	default:
		p.scroll.press(name, p.page)
	}
	return nil
}

func (p *written) body(_ *Model, w, h int) []string {
	p.page = max(h-4, 1)
	return p.scroll.window(p.text(w), h)
}

func (p *written) text(w int) []string {
	verb := "Written to "
	if p.dry {
		verb = "Would be written to "
	}
	lines := []string{good.Render(signDone) + " " + bold.Render(verb+p.Dir), ""}
	lines = append(lines, "  "+sizeInWords(p.Size))
	lines = append(lines, hang("  Plan  ", p.Plan, w)...)
	add := func(title string, hints []Hint) {
		if len(hints) > 0 {
			lines = append(append(lines, "", bold.Render(title)), table(hints, w)...)
		}
	}
	add("To look at", p.Look)
	add("Next", p.Next)
	lines = append(lines, "", bold.Render(catalog.Count(len(p.Files), "file", "files")))
	for _, f := range p.Files {
		lines = append(lines, "  "+filepath.ToSlash(f))
	}
	return lines
}

// table writes hints in two columns.
func table(hints []Hint, w int) []string {
	n := 0
	for _, h := range hints {
		n = max(n, len([]rune(h.What)))
	}
	n = min(n, w*6/10)
	var lines []string
	for _, h := range hints {
		lines = append(lines, hang("  "+cell(h.What, n)+"   ", h.For+" ", w)...)
	}
	return lines
}
