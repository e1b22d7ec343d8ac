package wizard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

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

// subject is what a preview is of: a question, where its answer stands, what is in its field.
type subject struct {
	asked profiles.Asked
	scope profiles.Scope
	texts []string
	adds  bool // to the list that is asked for
}

// puts returns what works out, from the answers as they are now, what an answer puts in the pack
// and what another one would change.
func (k *work) puts(of subject) func() []put {
	is, state, p, presets := k.design, k.o.Session.State(), k.o.Session.Profile(), k.o.Session.Presets()
	another := of.another()
	return func() []put {
		lines := []put{{text: "What each puts in the pack stands here while the cursor is on it. Type one to see what it would add."}}
		if !of.adds {
			lines = stands(is, of.asked.Question, of.scope, state.Catalog.Leads(of.asked.Question))
		}
		s := profiles.NewSession(state.Catalog, presets, p)
		if !another || of.answer(s) != nil {
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

// another says that what is in the field is not the answer that stands.
func (of subject) another() bool {
	if of.adds {
		return len(of.texts) > 0
	}
	stored := edit(of.asked.Question, of.asked.Question.Format(of.asked.Answer.Value))
	return !slices.Equal(of.texts, stored.texts())
}

// answer puts what is in the field into a session.
func (of subject) answer(s *profiles.Session) error {
	if of.adds {
		_, err := s.AddItems(of.asked.Question.ID, of.texts...)
		return err
	}
	return s.Answer(of.asked.Ref(), of.texts...)
}

// stands says what the pack holds of all that an answer leads to.
func stands(d *design.Design, q catalog.Question, scope profiles.Scope, leads catalog.Leads) []put {
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
	if q.Cover {
		lines = append([]put{{text: "It is printed on the cover of the pack."}}, lines...)
	}
	if len(lines) == 0 {
		lines = append(lines, put{text: "Nothing of its own."})
	}
	if len(leads.Rules) > 0 {
		lines = append(lines, headed("Judged by", []put{{text: strings.Join(leads.Rules, ", ")}})...)
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
		lines = []put{{text: "No decision, no script, no record."}}
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
