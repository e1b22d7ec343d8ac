package wizard

import (
	"fmt"
	"slices"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// work is what the screens and the plain prompts stand on: the session, and what follows from
// the answers.
type work struct {
	o      Options
	state  *profiles.State // from which the design follows
	design *design.Design
	before *design.Design  // of the earlier revision, once it was looked at
	shown  map[string]bool // findings that were on the screen and still stand
}

func newWork(o Options) work {
	k := work{o: o, state: o.Session.State()}
	k.resolve()
	return k
}

// resolve works out what follows from the answers as they are now, and says what their change
// made of others.
func (k *work) resolve() []string {
	now := k.o.Session.State()
	change := profiles.Changed(k.state, now)
	k.state = now
	k.design = design.Resolve(k.o.Session.State(), k.o.Session.Presets())
	standing := map[string]bool{}
	for _, f := range k.design.Blocking() {
		standing[f.At()] = k.shown[f.At()]
	}
	k.shown = standing
	return told(now.Catalog, change)
}

// isNew says that nothing was said in the profile yet, not even from which preset it starts.
func (k *work) isNew() bool {
	p := k.o.Session.Profile()
	return len(p.Presets)+len(p.Answers) == 0 && len(k.o.Session.Presets()) > 0
}

// unanswered returns the first question that somebody must answer.
func (k *work) unanswered() (profiles.Ref, bool) {
	missing := k.o.Session.State().Missing()
	if i := slices.IndexFunc(missing, unlocked); i >= 0 {
		return missing[i].Ref(), true
	}
	return profiles.Ref{}, false
}

// asked finds a question as it is asked now.
func (k *work) asked(ref profiles.Ref) (profiles.Asked, bool) {
	all := k.o.Session.State().Asked
	if i := k.place(ref); i >= 0 {
		return all[i], true
	}
	return profiles.Asked{}, false
}

func (k *work) place(ref profiles.Ref) int {
	return slices.IndexFunc(k.o.Session.State().Asked, func(a profiles.Asked) bool { return a.Ref() == ref })
}

// position says which of its topic's questions one is, and of how many.
func (k *work) position(q profiles.Asked) (at, of int) {
	for _, a := range k.o.Session.State().Asked {
		if a.Topic.ID == q.Topic.ID {
			of++
			if a.Ref() == q.Ref() {
				at = of
			}
		}
	}
	return at, of
}

// walk returns the next question in a direction that is asked and not locked.
func (k *work) walk(from profiles.Ref, by int) (profiles.Ref, bool) {
	all := k.o.Session.State().Asked
	for i := k.place(from) + by; i >= 0 && i < len(all); i += by {
		if !all[i].Locked {
			return all[i].Ref(), true
		}
	}
	return profiles.Ref{}, false
}

// arisen returns the findings that rest on an answer, stop the pack and were not shown yet,
// and remembers that they are shown now.
func (k *work) arisen(a profiles.Asked) []string {
	rules := k.o.Session.State().Catalog.Leads(a.Question).Rules
	var ids []string
	for _, f := range k.design.Blocking() {
		if slices.Contains(rules, f.Rule.ID) && !a.Scope.Apart(f.Scope) && !k.shown[f.At()] {
			k.shown[f.At()] = true
			ids = append(ids, f.At())
		}
	}
	return ids
}

func (k *work) finding(at string) (design.Finding, bool) {
	i := slices.IndexFunc(k.design.Findings, func(f design.Finding) bool { return f.At() == at })
	if i < 0 {
		return design.Finding{}, false
	}
	return k.design.Findings[i], true
}

// progress is how many questions there are, and what has become of them.
type progress struct{ answered, undecided, asked int }

// progress counts the answers of a topic, or of all with an empty ID.
func (k *work) progress(topic string) progress {
	var p progress
	for _, a := range k.o.Session.State().Asked {
		if topic == "" || a.Topic.ID == topic {
			p = p.with(a)
		}
	}
	return p
}

// with counts one more question.
func (p progress) with(a profiles.Asked) progress {
	p.asked++
	switch {
	case a.Answer.Undecided != nil:
		p.undecided++
	case a.Answered():
		p.answered++
	}
	return p
}

// mark is the sign of what has become of the questions; blank: somebody must be asked.
func (p progress) mark() string {
	switch {
	case p.answered == p.asked:
		return good.Render(signDone)
	case p.done():
		return warned.Render(signOpen)
	}
	return " "
}

// done says that nobody need be asked any more: what is open, somebody owes.
func (p progress) done() bool { return p.answered+p.undecided == p.asked }

func (p progress) String() string {
	text := fmt.Sprintf("%d of %d answered", p.answered, p.asked)
	if p.undecided == 0 {
		return text
	}
	if p.done() {
		text = fmt.Sprintf("%d answered", p.answered)
	}
	return fmt.Sprintf("%s, %d undecided", text, p.undecided)
}

// stops counts the findings that stop the pack.
func (k *work) stops() (errors, warnings int) {
	for _, f := range k.design.Blocking() {
		if f.Rule.Severity == catalog.Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// origin says where an answer comes from, in words for people.
func (k *work) origin(o profiles.Origin) string {
	if p, isPreset := k.o.Session.Presets().Find(string(o)); isPreset {
		return "preset: " + p.Title
	}
	if o == profiles.You {
		return "your answer"
	}
	return string(o)
}

// below returns the answer that holds when the profile's own is taken back.
func (k *work) below(ref profiles.Ref) (profiles.Asked, bool) {
	p := k.o.Session.Profile()
	delete(p.Answers, ref)
	s := profiles.Evaluate(k.o.Session.State().Catalog, k.o.Session.Presets(), p)
	i := slices.IndexFunc(s.Asked, func(a profiles.Asked) bool { return a.Ref() == ref })
	if i < 0 || s.Asked[i].Origin == profiles.None {
		return profiles.Asked{}, false
	}
	return s.Asked[i], true
}

// overall is the progress in one line.
func (k *work) overall() string {
	text := k.progress("").String()
	errors, warnings := k.stops()
	if errors > 0 {
		text += " · " + catalog.Count(errors, "error", "errors")
	}
	if warnings > 0 {
		text += " · " + catalog.Count(warnings, "warning", "warnings")
	}
	return text
}
