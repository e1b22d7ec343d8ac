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

// Other is a saved profile. A new one can take over what was chosen in it.
type Other struct {
	Name string
	Read func() (*profiles.Profile, error)
}

// opened is such a profile once it was read: whose it is, in words, or why it cannot be read.
type opened struct {
	profile *profiles.Profile
	about   string
}

// open reads another profile.
func (k *work) open(o Other) opened {
	p, err := o.Read()
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return opened{about: "It cannot be read: " + first}
	}
	presets := k.o.Session.Presets()
	d := design.Resolve(profiles.Evaluate(k.state.Catalog, presets, p), presets)
	whose := d.Cover.Organisation
	if whose == "" {
		whose = "No organisation is named"
	}
	return opened{p, fmt.Sprintf("%s, revision %d.", whose, p.Revision)}
}

// whichOther asks for one of the saved profiles.
func whichOther(all []Other) catalog.Question {
	q := catalog.Question{
		Kind:  catalog.Select,
		Title: "From which profile?",
		Help:  "The new profile gets what was chosen there, and nothing that tells its tenant. For one that lies elsewhere there is exoplan profile new NAME --from FILE.",
	}
	for _, o := range all {
		q.Options = append(q.Options, catalog.Option{Value: o.Name, Label: o.Name})
	}
	return q
}

// reused works out what another profile gives, and the questions that the new one then has to
// answer.
func (k *work) reused(from *profiles.Profile) (r profiles.Reused, missing []profiles.Asked) {
	presets := k.o.Session.Presets()
	r = profiles.Reuse(from, k.state.Catalog, presets)
	p := k.o.Session.Profile()
	p.Presets, p.Answers = from.Presets, r.Answers
	return r, profiles.Evaluate(k.state.Catalog, presets, p).Missing()
}

// reuse takes over what another profile gives.
func (k *work) reuse(from *profiles.Profile, r profiles.Reused) {
	k.o.Session.Update(func(p *profiles.Profile) { p.Presets, p.Answers = slices.Clone(from.Presets), r.Answers })
	k.state = k.o.Session.State() // all of it is asked for the first time
}

// becomes says what becomes of the answers of another profile.
func (k *work) becomes(from *profiles.Profile) []fact {
	c := k.state.Catalog
	r, missing := k.reused(from)
	var layers, kept, emptied, dropped, due []string
	for _, id := range from.Presets {
		if p, found := k.o.Session.Presets().Find(id); found {
			layers = append(layers, p.Title)
		}
	}
	for _, a := range r.KeptAnswers(c) {
		kept = append(kept, a.Question.Asking()+": "+short(a.Shown()))
	}
	for _, e := range r.EmptiedQuestions(c) {
		text := c.AskingOfEach(e.Question)
		if e.Answers > 1 {
			text += fmt.Sprintf(" (%d answers)", e.Answers)
		}
		emptied = append(emptied, text)
	}
	for _, a := range r.Dropped {
		dropped = append(dropped, "The acknowledgement of "+profiles.Ref{Question: a.Rule, Key: a.Item}.String())
	}
	for _, a := range missing {
		due = append(due, a.Asking())
	}
	return slices.Concat(under("Presets", layers...), under("Kept, look at each", kept...), under("Emptied", emptied...), under("Not passed on", dropped...), under("To answer now", due...))
}

// others asks which profile a new one is made from.
type others struct {
	all      []Other
	opened   map[string]opened
	question catalog.Question
	field    editor
}

func newOthers(all []Other) *others {
	q := whichOther(all)
	return &others{all, map[string]opened{}, q, edit(q, []string{q.Options[0].Value})}
}

func (s *others) enter(*Model)        {}
func (s *others) title(*Model) string { return "Start · another tenant's profile" }
func (s *others) beside() bool        { return true }
func (s *others) acts(k string) bool  { return k == "tab" || k == "enter" }

func (s *others) keys(*Model) []Hint {
	return append([]Hint{{"enter", "look at it"}, {"esc", "back"}}, s.field.keys()...)
}

// under opens the profile under the cursor.
func (s *others) under(m *Model) opened {
	name := s.field.under()
	x, known := s.opened[name]
	if i := slices.IndexFunc(s.all, func(o Other) bool { return o.Name == name }); !known && i >= 0 {
		x = m.open(s.all[i])
		s.opened[name] = x
	}
	return x
}

func (s *others) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return s.field.update(msg)
	}
	switch name := k.String(); {
	case name == "esc", name == "shift+tab":
		m.pop()
	case s.acts(name):
		x := s.under(m)
		if x.profile == nil {
			m.complain(x.about)
			return nil
		}
		m.push(&taking{from: x.profile, name: s.field.under()})
	default:
		return s.field.update(msg)
	}
	return nil
}

func (s *others) body(m *Model, w, h int) []string {
	prose := min(w, readable)
	parts := []part{
		{lines: styled(bold, s.question.Title, prose), last: 1},
		{lines: wrap(s.question.Help, prose), last: 5},
		{lines: wrap(s.under(m).about, prose), last: 4},
	}
	if m.w >= broad {
		parts = slices.Insert(parts, 0, part{lines: []string{faint.Render(s.title(m))}, last: 2})
	}
	field := part{lines: s.field.view(prose, room(parts, s.field.wants(s.question, prose), h))}
	return fit(slices.Insert(parts, len(parts)-1, field), h)
}

// taking shows what another profile gives and what it does not, before any of it is taken.
type taking struct {
	from   *profiles.Profile
	name   string
	scroll scroll
	page   int
}

func (y *taking) enter(*Model)        {}
func (y *taking) title(*Model) string { return "From " + y.name }
func (y *taking) beside() bool        { return true }
func (y *taking) acts(k string) bool  { return k == "enter" }

func (y *taking) keys(*Model) []Hint {
	return []Hint{{"enter", "take it over"}, {"esc", "back"}, {"↑↓", "scroll"}}
}

func (y *taking) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch name := k.String(); name {
	case "esc", "shift+tab":
		m.pop()
	case "enter":
		r, _ := m.reused(y.from)
		m.reuse(y.from, r)
		cmd := m.changed()
		m.screens = []screen{&question{}}
		m.resume()
		return cmd
	default:
		y.scroll.press(name, y.page)
	}
	return nil
}

func (y *taking) body(m *Model, w, h int) []string {
	y.page = max(h-4, 1)
	prose := min(w, readable+16)
	lines := append(styled(bold, y.title(m), prose), listed(m.becomes(y.from), prose)...)
	return y.scroll.window(lines, h)
}

// other asks for another profile, says what becomes of its answers, and takes over what it gives;
// taken is false where somebody went back.
func (p *prompts) other() (taken bool, err error) {
	q := whichOther(p.o.Others)
	for i, o := range p.o.Others {
		q.Options[i].Label += ": " + p.open(o).about
	}
	for {
		p.asking = q.Title
		p.say(q.Title)
		p.say(q.Help)
		p.options(q, nil)
		r, err := p.ask(expects(q), wordBack)
		if err != nil || r.word == wordBack.name {
			return false, err
		}
		i := slices.IndexFunc(p.o.Others, func(o Other) bool { return o.Name == pick(q, r.text) })
		if i < 0 {
			p.sayAll(fmt.Errorf("%q is none of these profiles", r.text))
			continue
		}
		x := p.open(p.o.Others[i])
		if x.profile == nil {
			p.sayAll(fmt.Errorf("%s", x.about))
			continue
		}
		if taken, err = p.taking(x.profile); taken || err != nil {
			return taken, err
		}
	}
}

// taking says what becomes of the answers of another profile, and takes over what it gives once
// somebody agrees.
func (p *prompts) taking(from *profiles.Profile) (taken bool, err error) {
	p.facts(p.becomes(from))
	for {
		r, err := p.ask("An empty line takes over what is kept.", wordBack)
		switch {
		case err != nil || r.word == wordBack.name:
			return false, err
		case r.text != "":
			p.sayAll(fmt.Errorf("%q is neither an empty line nor one of the words", r.text))
		default:
			reused, _ := p.reused(from)
			p.reuse(from, reused)
			p.changed()
			return true, nil
		}
	}
}
