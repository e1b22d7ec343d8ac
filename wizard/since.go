package wizard

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
)

// since says what differs from the earlier revision; known is false where there is none.
func (k *work) since() (x design.Changes, known bool) {
	if k.o.Before == nil {
		return x, false
	}
	c, presets := k.o.Session.State().Catalog, k.o.Session.Presets()
	if k.before == nil {
		k.before = design.Resolve(profiles.Evaluate(c, presets, k.o.Before), presets)
	}
	x, err := design.Compare(k.before, k.design, c.Contract)
	return x, err == nil
}

// sinceHead names the earlier revision and counts what differs.
func sinceHead(x design.Changes) string {
	return fmt.Sprintf("Since revision %d · %s", x.Was.Revision, x.Sum())
}

// revise begins the next revision; the one before is what is compared with from now on.
func (k *work) revise() {
	k.o.Before, k.before = k.o.Session.Profile(), nil
	k.o.Session.Update(func(p *profiles.Profile) { p.Revision, p.Date = p.Revision+1, k.o.Today })
}

// nextRevision says what the next revision is for.
func (k *work) nextRevision() string {
	n := k.o.Session.Profile().Revision
	return fmt.Sprintf("keeps revision %d as it is and begins revision %d: for changes after a pack may have been approved", n, n+1)
}

// since shows what differs from the earlier revision, and begins the next. An answer that is
// still asked for can be opened.
func (r *review) since(m *Model) []row {
	next := action(keyRevise, "Next revision", m.nextRevision(), func() tea.Cmd { return r.askRevise(m) })
	x, known := m.since()
	if !known {
		return append(heading(fmt.Sprintf("Revision %d", m.o.Session.Profile().Revision)), next)
	}
	rows := heading(sinceHead(x))
	show := func(list []design.Change, pick func(design.Change) func() tea.Cmd) {
		for _, c := range list {
			text := c.Line()
			rows = append(rows, row{
				key: "since " + c.ID, find: "Since revision\n" + text + "\n" + c.ID,
				draw: func(w int) string { return "  " + cell(text, w-2) }, pick: pick(c),
			})
		}
	}
	nothing := func(design.Change) func() tea.Cmd { return nil }
	show(x.Answers, func(c design.Change) func() tea.Cmd {
		if c.What == design.Removed {
			return nil
		}
		return func() tea.Cmd { m.push(m.screenOf(profiles.ParseRef(c.ID), toReview)); return nil }
	})
	show(x.Objects, nothing)
	show(x.Records, nothing)
	return append(rows, next)
}

// askRevise asks before the next revision begins.
func (r *review) askRevise(m *Model) tea.Cmd {
	m.push(newConfirmation("Begin the next revision?", []string{capital(m.nextRevision()) + "."},
		choice{"Begin it", "The revision before is kept beside the profile.", func(m *Model) tea.Cmd {
			m.revise()
			cmd := m.changed()
			m.pop()
			return cmd
		}},
		choice{"Back", "Nothing changes.", func(m *Model) tea.Cmd { m.pop(); return nil }},
	))
	return nil
}

// since reads what differs from the earlier revision.
func (p *prompts) since() {
	x, known := p.work.since()
	if !known {
		p.say("No earlier revision is kept.")
		return
	}
	p.say(sinceHead(x) + ".")
	for _, list := range [][]design.Change{x.Answers, x.Decisions, x.Objects, x.Steps, x.Records} {
		for _, c := range list {
			p.say(c.Line() + ".")
		}
	}
}

// next begins the next revision.
func (p *prompts) next() {
	p.revise()
	p.changed()
	p.say(fmt.Sprintf("Revision %d begins. The one before is kept beside the profile.", p.o.Session.Profile().Revision))
}
