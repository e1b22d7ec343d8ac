package wizard

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
)

// finding shows what is wrong and asks what to do about it: one finding after the other, and
// then on with the question that led to them, or back to the review.
type finding struct {
	queue []string
	from  *question // nil: opened from the review
	rests *question // what it rests on; nil: no question that is asked
	now   design.Finding
	menu  menu
}

// enter shows the finding as it stands now; one that is settled meanwhile can only be left.
func (f *finding) enter(m *Model) {
	now, stands := m.finding(f.queue[0])
	if !stands {
		f.menu, f.rests = newMenu([]choice{{"Go on", "It no longer stands.", f.done}}), nil
		return
	}
	f.now = now
	f.menu = newMenu(f.offer(m))
}

// offer lists what can be done.
func (f *finding) offer(m *Model) []choice {
	var from profiles.Ref
	if f.rests = f.from; f.from != nil {
		from = f.from.ref
	}
	var cs []choice
	for _, w := range m.ways(f.now, from) {
		if w.does == changeIt && f.rests == nil {
			f.rests = &question{ref: w.ref}
		}
		cs = append(cs, choice{w.label, w.why, func(m *Model) tea.Cmd { return f.take(m, w) }})
	}
	return cs
}

// take goes one of the ways.
func (f *finding) take(m *Model, w way) tea.Cmd {
	switch w.does {
	case changeIt:
		return f.change(m, w.ref)
	case acknowledgeIt:
		m.push(newAcknowledge(m, f.now, f.done))
		return nil
	case withdrawIt:
		m.o.Session.Withdraw(f.now.Rule.ID, f.now.Scope.Item.Key)
		return tea.Batch(m.changed(), f.done(m))
	case leaveIt:
	}
	return f.done(m)
}

// change opens an answer that the finding rests on, and comes back to where this one was opened.
func (f *finding) change(m *Model, ref profiles.Ref) tea.Cmd {
	if f.from != nil && f.from.ref == ref {
		m.pop()
		return nil
	}
	if f.from != nil && f.from.back == "" {
		m.goTo(ref)
		return nil
	}
	m.review()
	m.push(m.screenOf(ref, toReview))
	return nil
}

// done goes on to the next finding that still stands.
func (f *finding) done(m *Model) tea.Cmd {
	for f.queue = f.queue[1:]; len(f.queue) > 0; f.queue = f.queue[1:] {
		if _, stands := m.finding(f.queue[0]); stands {
			f.enter(m)
			return nil
		}
	}
	if f.from == nil {
		m.pop()
		return nil
	}
	m.screens = m.screens[:len(m.screens)-1]
	f.from.next(m)
	return nil
}

func (f *finding) title(*Model) string {
	if len(f.queue) > 1 {
		return fmt.Sprintf("Finding, %d to go", len(f.queue))
	}
	return "Finding"
}

func (f *finding) beside() bool       { return true }
func (f *finding) acts(k string) bool { return k == "enter" }

func (f *finding) keys(*Model) []Hint {
	back := "review"
	if f.from != nil {
		back = "change the answer"
	}
	hints := []Hint{{"↑↓", "choose"}, {"enter", "do it"}, {"esc", back}}
	if f.rests != nil {
		hints = append(hints, Hint{"F1", "why"})
	}
	return append(hints, Hint{"ctrl+r", "review"})
}

func (f *finding) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch name := k.String(); {
	case name == "esc", name == "shift+tab":
		m.pop()
	case name == "enter":
		return f.menu.chosen().do(m)
	case (name == "f1" || name == "?") && f.rests != nil:
		m.push(&why{text: f.rests.why})
	case m.about(name):
	default:
		f.menu.move(msg)
	}
	return nil
}

func (f *finding) body(m *Model, w, h int) []string {
	prose := min(w, readable)
	var parts []part
	if m.w >= broad {
		parts = append(parts, part{lines: []string{faint.Render(f.title(m))}, last: 4})
	}
	r := f.now.Rule
	parts = append(parts,
		part{lines: hang(sign(r.Severity)+" "+f.now.At()+"   ", bold.Render(r.Summary), prose), last: 1},
		part{lines: indented(f.now.Detail, prose), last: 2},
		part{lines: f.facts(m, prose), last: 3})
	return fit(f.menu.parts(parts, prose, h), h)
}

func indented(s string, w int) []string { return hang("  ", s, w) }

func (f *finding) facts(m *Model, w int) []string {
	lines := hang("  To do    ", f.now.Rule.Remedy, w)
	var titles []string
	for _, key := range f.now.Rule.Cite {
		titles = append(titles, m.o.Session.State().Catalog.Citations[key].Title)
	}
	lines = append(lines, hang("  Source   ", strings.Join(titles, "; "), w)...)
	if a := f.now.Acknowledged; a != nil {
		lines = append(lines, hang("  Taken on ", fmt.Sprintf("by %s, %s, %s: %s", a.By, a.Role, a.Date, a.Reason), w)...)
	}
	if f.now.Lapsed {
		lines = append(lines, hang("  Before   ", "an acknowledgement lapsed, for the answers that it rested on have changed", w)...)
	}
	return lines
}
