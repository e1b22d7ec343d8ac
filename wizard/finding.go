package wizard

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
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

// offer lists what can be done, the answer that led here first. An error cannot be acknowledged.
func (f *finding) offer(m *Model) []choice {
	now, cs := f.now, []choice(nil)
	refs := slices.DeleteFunc(m.o.Session.State().RestsOn(now.Rule, now.Scope), func(ref profiles.Ref) bool {
		a, _ := m.asked(ref)
		return a.Locked || f.from != nil && f.from.ref == ref
	})
	f.rests = f.from
	switch n := len(refs); {
	case f.from != nil:
		cs = append(cs, choice{"Change the answer", "Back to the question.", func(m *Model) tea.Cmd { m.pop(); return nil }})
	case n > 0: // with the last one it arises where one answers in order
		a, _ := m.asked(refs[n-1])
		f.rests, refs = &question{ref: a.Ref()}, refs[:n-1]
		cs = append(cs, choice{"Change the answer", a.Asking() + ", now: " + short(a.Shown()), func(m *Model) tea.Cmd { return f.change(m, a.Ref()) }})
	}
	switch {
	case now.Acknowledged != nil:
		cs = append(cs, choice{"Leave it acknowledged", "", f.done})
		cs = append(cs, choice{"Withdraw the acknowledgement", "The pack cannot be written until it is settled.", func(m *Model) tea.Cmd {
			m.o.Session.Withdraw(now.Rule.ID, now.Scope.Item.Key)
			return tea.Batch(m.changed(), f.done(m))
		}})
	case now.Rule.Severity == catalog.Warning:
		cs = append(cs, choice{"Acknowledge", "Name, role and reason are kept in the profile and printed in the document.", func(m *Model) tea.Cmd {
			m.push(newAcknowledge(m, now, f.done))
			return nil
		}})
		cs = append(cs, choice{"Leave open", "The pack cannot be written until it is settled.", f.done})
	case now.Rule.Severity == catalog.Error:
		cs = append(cs, choice{"Leave open", "The pack cannot be written until it is settled.", f.done})
	default:
		cs = append(cs, choice{"Close", "It is printed in the document. Nothing need be done.", f.done})
	}
	for _, ref := range refs {
		a, _ := m.asked(ref)
		cs = append(cs, choice{"Change: " + a.Asking(), "Now: " + short(a.Shown()), func(m *Model) tea.Cmd { return f.change(m, ref) }})
	}
	return cs
}

// change opens another answer that the finding rests on, and comes back to where this one was
// opened.
func (f *finding) change(m *Model, ref profiles.Ref) tea.Cmd {
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
