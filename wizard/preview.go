package wizard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// preview says what an answer puts in the pack: beside the question where there is room, else on
// a screen of its own. It is worked out beside the screen, one at a time, the latest wins.
type preview struct {
	shown   string // what the lines are of
	lines   []put
	running bool
}

// A put is one line of a preview.
type put struct {
	sign   string // signGains, signLoses, signWarn; empty: it stays as it is
	text   string
	indent int
	head   bool
}

// The signs of what an answer changes.
const (
	signGains = "+"
	signLoses = "-"
)

// A previewMsg says what an answer puts in the pack.
type previewMsg struct {
	of    string
	lines []put
}

// subject is what a preview is of: a question, where its answer stands, what is in its field.
type subject struct {
	asked profiles.Asked
	scope profiles.Scope
	texts []string
	adds  bool // to the list that is asked for
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

// puts returns what works out, from the answers as they are now, what an answer puts in the pack
// and what another one would change.
func (k *work) puts(of subject) func() []put {
	is, state, p, presets := k.design, k.o.Session.State(), k.o.Session.Profile(), k.o.Session.Presets()
	return func() []put {
		lines := []put{{text: "What each puts in the pack stands here while the cursor is on it. Type one to see what it would add."}}
		if !of.adds {
			lines = stands(is, state.Catalog.Leads(of.asked.Question), of.scope)
		}
		s := profiles.NewSession(state.Catalog, presets, p)
		if !of.answers(s) {
			return lines
		}
		then := design.Resolve(s.State(), presets)
		changes, err := design.Compare(is, then, state.Catalog.Contract)
		if err != nil {
			return lines
		}
		words := told(state.Catalog, profiles.Changed(state, s.State()))
		return append(differs(changes, then, words), lines...)
	}
}

// answers puts what is in the field into a session, if it is another answer.
func (of subject) answers(s *profiles.Session) bool {
	stored := edit(of.asked.Question, of.asked.Question.Format(of.asked.Answer.Value))
	switch {
	case of.adds && len(of.texts) > 0:
		_, err := s.AddItems(of.asked.Question.ID, of.texts...)
		return err == nil
	case of.adds, slices.Equal(of.texts, stored.texts()):
		return false
	}
	return s.Answer(of.asked.Ref(), of.texts...) == nil
}

// stands says what the pack holds of all that an answer leads to.
func stands(d *design.Design, leads catalog.Leads, scope profiles.Scope) []put {
	led := func(ids []string, id string) bool {
		ref := profiles.ParseRef(id)
		return slices.Contains(ids, ref.Question) && (scope.Each == "" || ref.Key == "" || ref.Key == scope.Item.Key)
	}
	var decisions, steps, records []put
	for _, x := range d.Decided {
		if led(leads.Decisions, x.ID) {
			decisions = append(decisions, put{text: x.ID + " " + x.Title}, put{text: x.Text, indent: 2})
		}
	}
	for _, s := range d.Steps {
		if led(leads.Steps, s.ID) {
			steps = append(steps, put{text: s.Phase + " " + s.ID + " " + s.Title})
			steps = append(steps, sets(s)...)
		}
	}
	for _, r := range d.Records {
		if led(leads.Records, r.ID) {
			text := fmt.Sprintf("%s %s %s %s: %s", r.Phase, r.ID, r.Type, r.Name, strings.Join(r.Values, ", "))
			if r.Held() {
				text = fmt.Sprintf("%s %s %s %s is held", r.Phase, r.ID, r.Type, r.Name)
			}
			records = append(records, put{text: text})
		}
	}
	lines := slices.Concat(headed("Decisions", decisions), headed("Script", steps), headed("DNS", records))
	if len(lines) == 0 {
		return []put{{text: "Nothing of its own. It is read where other answers are judged, or printed."}}
	}
	return lines
}

// sets writes what a step sets, property by property.
func sets(s design.Step) []put {
	var lines []put
	if s.Noun != "" {
		lines = append(lines, put{text: strings.TrimSpace(s.Noun + " " + s.Name), indent: 2})
	}
	for _, values := range []map[string]any{s.New, s.Set, s.Add} {
		for _, p := range slices.Sorted(maps.Keys(values)) {
			lines = append(lines, put{text: p + " = " + inScript(values[p]), indent: 4})
		}
	}
	return lines
}

// inScript is a value much as a script has it.
func inScript(v any) string {
	switch v := v.(type) {
	case nil:
		return "empty"
	case []any:
		words := make([]string, len(v))
		for i, e := range v {
			words[i] = fmt.Sprint(e)
		}
		return strings.Join(words, ", ")
	}
	return fmt.Sprint(v)
}

func headed(head string, lines []put) []put {
	if len(lines) == 0 {
		return nil
	}
	return append([]put{{text: head, head: true}}, lines...)
}

// differs says what another answer, which leads to a design, would change.
func differs(c design.Changes, then *design.Design, words []string) []put {
	var lines []put
	for _, w := range words {
		lines = append(lines, put{text: w})
	}
	lines = slices.Concat(lines,
		headed("Findings", findings(c.Findings)),
		headed("Decisions", changed(c.Decisions, func(c design.Change) []put { return parted(c.Parts[:min(len(c.Parts), 1)], false) })),
		headed("Script", scripted(c.Steps, then)),
		headed("DNS", changed(c.Records, func(c design.Change) []put { return parted(c.Parts, true) })))
	if len(lines) == 0 {
		lines = []put{{text: "Nothing else."}}
	}
	return append(headed("What it would change", lines), put{}, put{text: "As it stands", head: true})
}

// findings names those that would arise, and those that would not stand any more.
func findings(changes []design.Change) []put {
	var lines []put
	for _, f := range changes {
		if sign := (map[design.What]string{design.Added: signWarn, design.Removed: signLoses}[f.What]); sign != "" {
			lines = append(lines, put{sign: sign, text: f.ID + " " + f.Title})
		}
	}
	return lines
}

// scripted says which steps and holds come and go, and which of their values are others. A step
// that only waits for others than before is as it was.
func scripted(changes []design.Change, then *design.Design) []put {
	var lines []put
	for _, c := range changes {
		c.Parts = slices.DeleteFunc(slices.Clone(c.Parts), func(p design.Part) bool { return !p.Literal })
		if c.What == design.Changed && len(c.Parts) == 0 {
			continue
		}
		lines = append(lines, changed([]design.Change{c}, func(c design.Change) []put { return parted(c.Parts, true) })...)
		i := slices.IndexFunc(then.Steps, func(s design.Step) bool { return s.ID == c.ID })
		if c.What == design.Added && i >= 0 {
			for _, l := range sets(then.Steps[i]) {
				l.sign = signGains
				lines = append(lines, l)
			}
		}
	}
	return lines
}

func changed(changes []design.Change, parts func(design.Change) []put) []put {
	var lines []put
	for _, c := range changes {
		sign := map[design.What]string{design.Added: signGains, design.Removed: signLoses}[c.What]
		lines = append(append(lines, put{sign: sign, text: c.ID + " " + c.Title}), parts(c)...)
	}
	return lines
}

// parted writes what differs, a part after the other: its name, what it loses, what it gains.
func parted(parts []design.Part, named bool) []put {
	var lines []put
	for _, p := range parts {
		if named {
			lines = append(lines, put{text: p.Name, indent: 2})
		}
		loses, gains := p.Loses, p.Gains
		if len(loses)+len(gains) == 0 {
			loses, gains = p.Was, p.Is
		}
		for _, text := range loses {
			lines = append(lines, put{sign: signLoses, text: text, indent: 2})
		}
		for _, text := range gains {
			lines = append(lines, put{sign: signGains, text: text, indent: 2})
		}
	}
	return lines
}

var signStyles = map[string]lipgloss.Style{signGains: good, signLoses: bad, signWarn: warned}

// drawn writes the lines in w cells.
func (p *preview) drawn(w int) []string {
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
	return lines
}

// spoken writes a line for somebody who hears it.
func (l put) spoken() string {
	switch {
	case l.head:
		return l.text + ":"
	case l.sign == "":
		return l.text
	}
	return map[string]string{signGains: "Added: ", signLoses: "Removed: ", signWarn: "Finding: "}[l.sign] + l.text
}

// beside writes as much of the preview as there is room for beside the question.
func (p *preview) beside(w, h int) []string {
	lines := append([]string{faint.Render("What it puts in the pack"), ""}, p.drawn(w)...)
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
	return append(top, s.scroll.window(m.preview.drawn(min(w, readable)), h-len(top))...)
}
