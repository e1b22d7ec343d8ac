package wizard

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// beginning asks a new profile which preset it starts from, or which other profile. It looks like
// a question and is none: a preset is a layer under the answers, and nothing depends on which one
// it is.
type beginning struct {
	presets  profiles.Presets
	question catalog.Question
	field    editor
}

// noPreset is the choice of none. A preset is called like its file, and no file like this.
const noPreset = "no preset"

// fromOther is the choice of another tenant's profile. No file can be called like this either.
const fromOther = "another profile"

func newBeginning(o Options) *beginning {
	presets := o.Session.Presets()
	q := whichPreset(o)
	return &beginning{presets, q, edit(q, []string{q.Options[0].Value})}
}

// whichPreset asks a new profile for its preset, the first one proposed. Where other profiles are
// saved, one of them can be chosen in place of a preset.
func whichPreset(o Options) catalog.Question {
	q := catalog.Question{
		Kind:  catalog.Select,
		Title: "Which preset does the plan start from?",
		Help:  "A preset is answers that belong together. They are proposed in its name, and you change those that differ here.",
	}
	for _, p := range o.Session.Presets() {
		q.Options = append(q.Options, catalog.Option{Value: p.ID, Label: p.Title, Why: p.About})
	}
	q.Options = append(q.Options, catalog.Option{
		Value: noPreset, Label: "None: every question is asked", Why: "Where a question has a default, that is proposed.",
	})
	if len(o.Others) > 0 {
		q.Options = append(q.Options, catalog.Option{Value: fromOther, Label: "Another tenant's profile", Why: "Its presets and what was chosen there are kept. What tells that tenant is emptied, and listed first."})
	}
	return q
}

// startFrom puts the chosen preset under the answers, in place of the one that was chosen before,
// and says whether that is another one.
func (k *work) startFrom(choice string) bool {
	var ids []string
	if choice != noPreset {
		ids = []string{choice}
	}
	if slices.Equal(ids, k.o.Session.Profile().Presets) {
		return false
	}
	k.o.Session.Update(func(p *profiles.Profile) { p.Presets = ids })
	k.state = k.o.Session.State() // all of it is asked for the first time
	return true
}

func (b *beginning) enter(*Model)        {}
func (b *beginning) title(*Model) string { return "Start" }
func (b *beginning) beside() bool        { return true }
func (b *beginning) acts(k string) bool  { return k == "tab" || k == "enter" }

func (b *beginning) keys(*Model) []Hint {
	hints := append([]Hint{{"enter", "next"}}, b.field.keys()...)
	return append(hints, Hint{"F1", "why"}, Hint{"ctrl+r", "review"}, Hint{"ctrl+g", "jump"}, Hint{"ctrl+s", "save"})
}

func (b *beginning) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return b.field.update(msg)
	}
	switch name := k.String(); {
	case name == "esc", name == "shift+tab":
		m.say("This is the beginning.")
	case b.acts(name):
		return b.take(m)
	case name == "f1", name == "?":
		m.push(&why{text: b.why})
	case m.about(name):
	default:
		return b.field.update(msg)
	}
	return nil
}

// take puts the preset under the answers, in place of the one that was chosen before.
func (b *beginning) take(m *Model) tea.Cmd {
	if b.field.under() == fromOther {
		m.push(newOthers(m.o.Others))
		return nil
	}
	var cmd tea.Cmd
	if m.startFrom(b.field.under()) {
		cmd = m.changed()
	}
	m.resume()
	return cmd
}

func (b *beginning) body(m *Model, w, h int) []string {
	prose := min(w, readable)
	parts := []part{
		{},
		{lines: styled(bold, b.question.Title, prose), last: 1},
		{lines: wrap(b.question.Help, prose), last: 5},
		{lines: whyUnder(b.question, b.field.under(), prose), last: 4},
	}
	if m.w >= broad {
		parts[0] = part{lines: []string{faint.Render(b.title(m))}, last: 2}
	}
	field := part{lines: b.field.view(prose, room(parts, b.field.wants(b.question, prose), h))}
	return fit(slices.Insert(parts, 3, field), h)
}

// why says what the preset under the cursor answers, and what it rests on.
func (b *beginning) why(m *Model, w int) []string {
	p, found := b.presets.Find(b.field.under())
	if !found {
		return append(styled(bold, b.question.Title, w), append([]string{""}, wrap(b.question.Help, w)...)...)
	}
	c := m.o.Session.State().Catalog
	lines := append(styled(bold, p.Title, w), "")
	lines = append(lines, wrap(p.About, w)...)
	var answers []string
	for _, q := range c.Questions {
		if v, found := p.Answers[q.ID]; found {
			a := forEach(c, q)
			a.Answer.Value = v
			answers = append(answers, a.Asking()+": "+short(a.Shown()))
		}
	}
	return append(lines, listed(slices.Concat(under("What it answers", answers...), sources(c, p.Cite)), w)...)
}
