package wizard

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// line asks for one line of a few that belong together. Enter keeps what stands there; /none
// empties it; ok is false where somebody gave the whole up.
func (p *prompts) line(asking, keep string) (text string, ok bool, err error) {
	words := []word{wordBack}
	if keep != "" {
		asking += " Enter keeps: " + keep + "."
		words = append(words, wordNone)
	}
	r, err := p.ask(asking, words...)
	switch {
	case err != nil || r.word == wordBack.name:
		return "", false, err
	case r.word == wordNone.name:
		return "", true, nil
	case r.text == "":
		return keep, true, nil
	}
	return r.text, true, nil
}

// valid asks for one line until it is an answer to a question.
func (p *prompts) valid(q catalog.Question, asking, keep string) (text string, ok bool, err error) {
	for {
		text, ok, err = p.line(asking, keep)
		if err != nil || !ok {
			return "", false, err
		}
		if _, wrong := q.Parse(text); wrong == nil {
			return text, true, nil
		} else if p.sayAll(wrong); keep == text {
			keep = ""
		}
	}
}

// undecide asks who owes an answer, until when, and what is assumed meanwhile.
func (p *prompts) undecide(a profiles.Asked) (settled bool, err error) {
	var owner, due string
	if u := a.Answer.Undecided; u != nil {
		owner, due = u.Owner, u.Due
	}
	p.say("Somebody owes the answer. With an assumption the plan goes on; without one, the steps that need it are held.")
	owner, ok, err := p.valid(catalog.Question{Kind: catalog.Text}, "Who will decide?", owner)
	if err != nil || !ok {
		return false, err
	}
	due, ok, err = p.valid(catalog.Question{Kind: catalog.Date, Optional: true}, "By which day, such as 2026-11-25? Enter for none.", due)
	if err != nil || !ok {
		return false, err
	}
	assumed, ok, err := p.assume(a)
	if err != nil || !ok {
		return false, err
	}
	if err := p.o.Session.Undecide(a.Ref(), owner, due, assumed...); err != nil {
		return false, err
	}
	p.changed()
	return true, nil
}

// assume asks what counts meanwhile: the answer that there is, another one, or nothing.
func (p *prompts) assume(a profiles.Asked) (texts []string, ok bool, err error) {
	q := a.Question
	q.Optional = true
	now := q.Format(a.Answer.Value)
	asking, words := "What is assumed meanwhile?", []word{wordBack}
	if len(now) > 0 {
		asking += " Enter assumes: " + short(a.Shown()) + ";"
		words = append(words, wordNone)
	} else {
		asking += " Enter assumes nothing;"
	}
	for {
		r, err := p.ask(asking+" "+lower(expects(q)), words...)
		if err != nil || r.word == wordBack.name {
			return nil, false, err
		}
		if r.word == wordNone.name {
			return nil, true, nil
		}
		if r.text == "" && len(texts) == 0 {
			return now, true, nil
		}
		if r.text == "" {
			return texts, true, nil
		}
		more := []string{pick(q, r.text)}
		if q.Kind.List() {
			more = elements(q, r.text)
		}
		next := slices.Concat(texts, more)
		if _, err := q.Parse(next...); err != nil {
			p.sayAll(err)
			continue
		}
		if texts = next; !q.Kind.List() {
			return texts, true, nil
		}
		asking = "Assumed so far: " + catalog.Line(texts) + "."
	}
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// settle reads a finding and asks what to do about it. moved says that somebody went elsewhere;
// from is the question that led to it, or the review.
func (p *prompts) settle(id string, from place) (to place, moved bool, err error) {
	for {
		f, stands := p.finding(id)
		if !stands {
			return from, false, nil
		}
		p.tell(f)
		ways := p.ways(f, from.ref)
		for i, w := range ways {
			p.say(strings.TrimSpace(fmt.Sprintf("%d. %s. %s", i+1, w.label, w.why)))
		}
		r, err := p.ask(fmt.Sprintf("Answer 1 to %d.", len(ways)), wordBack, wordReview, wordJump)
		if err != nil {
			return place{}, false, err
		}
		switch r.word {
		case "":
			i, numbered := nth(r.text, len(ways))
			if !numbered {
				p.sayAll(fmt.Errorf("%q is not 1 to %d", r.text, len(ways)))
				continue
			}
			if ways[i].does == changeIt {
				return p.change(ways[i].ref, from), true, nil
			}
			if done, err := p.goes(ways[i], f); done || err != nil {
				return from, false, err
			}
		case wordBack.name:
			return from, true, nil
		default:
			if to, moved, err := p.about(r); moved || err != nil {
				return to, moved, err
			}
		}
	}
}

// tell reads a finding.
func (p *prompts) tell(f design.Finding) {
	p.asking = "what to do about " + f.At()
	p.say("")
	p.say(headline(f))
	p.say(f.Detail)
	p.say("To do: " + f.Rule.Remedy)
	if a := f.Acknowledged; a != nil {
		p.say(fmt.Sprintf("Taken on by %s, %s, %s: %s", a.By, a.Role, a.Date, a.Reason))
	}
	if f.Lapsed {
		p.say("An acknowledgement lapsed, for the answers that it rested on have changed.")
	}
	p.facts(sources(p.o.Session.State().Catalog, f.Rule.Cite))
}

// headline is a finding in one line: how severe it is, what has become of it, what it says.
func headline(f design.Finding) string {
	text := capital(string(f.Rule.Severity)) + " " + f.At()
	if f.Rule.Severity != catalog.Info {
		text += ", " + standing(f)
	}
	return text + ": " + f.Rule.Summary + "."
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// change is where an answer is changed that a finding rests on; it comes back to where the
// finding was opened.
func (p *prompts) change(ref profiles.Ref, from place) place {
	if ref == from.ref {
		return from
	}
	return place{ref: ref, back: from.back || from.kind == atReview}
}

// goes goes a way that stays here. done says that nothing more need be done about the finding.
func (p *prompts) goes(w way, f design.Finding) (done bool, err error) {
	switch w.does {
	case acknowledgeIt:
		return p.acknowledge(f)
	case withdrawIt:
		p.o.Session.Withdraw(f.Rule.ID, f.Scope.Item.Key)
		p.changed()
	case leaveIt, changeIt:
	}
	return true, nil
}

// acknowledge asks who takes a warning on. Who did so last is proposed.
func (p *prompts) acknowledge(f design.Finding) (done bool, err error) {
	var by, role string
	if past := p.o.Session.Profile().Acknowledged; len(past) > 0 {
		by, role = past[len(past)-1].By, past[len(past)-1].Role
	}
	q := catalog.Question{Kind: catalog.Text}
	a := profiles.Acknowledgement{Date: p.o.Today}
	for _, l := range []struct {
		asking, keep string
		into         *string
	}{
		{"Who takes it on?", by, &a.By},
		{"In which role?", role, &a.Role},
		{"Why is it acceptable here?", "", &a.Reason},
	} {
		var ok bool
		if *l.into, ok, err = p.valid(q, l.asking, l.keep); err != nil || !ok {
			return false, err
		}
	}
	if err := p.o.Session.Acknowledge(f.Rule, f.Scope, a); err != nil {
		return false, err
	}
	p.changed()
	p.say("Acknowledged.")
	return true, nil
}

// review reads where the plan stands, and is the only place from which a pack is written.
func (p *prompts) review() (place, error) {
	p.asking = "the review"
	rows := p.openings()
	p.summary(rows)
	for {
		r, err := p.ask(numbered(len(rows)), wordWrite, wordDryRun, wordAll, wordDiffer, wordSince, wordRevise, wordJump, wordBack)
		if err != nil {
			return place{}, err
		}
		switch r.word {
		case wordWrite.name, wordDryRun.name:
			if err := p.write(r.word == wordDryRun.name); err != nil {
				return place{}, err
			}
		case wordAll.name, wordDiffer.name:
			p.answers(r.word == wordDiffer.name)
		case wordSince.name:
			p.since()
		case wordRevise.name:
			p.next()
		case wordBack.name:
			if to, found := p.last(); found {
				return to, nil
			}
			p.say("No question is asked.")
		case wordJump.name:
			if to, moved, err := p.jump(r.text); moved || err != nil {
				return to, err
			}
		default:
			i, one := nth(r.text, len(rows))
			if !one {
				p.say("Error: " + strconv.Quote(r.text) + " is nothing that the review has numbered.")
				continue
			}
			return rows[i].open()
		}
	}
}

func numbered(n int) string {
	if n == 0 {
		return "Type a word."
	}
	return fmt.Sprintf("Answer 1 to %d to open one.", n)
}

// opening is one thing in the review that can be opened.
type opening struct {
	text string
	open func() (place, error)
}

// openings lists what the review numbers: what is not answered, findings, what somebody owes.
func (p *prompts) openings() []opening {
	var rows []opening
	question := func(text, ref string) {
		rows = append(rows, opening{text, func() (place, error) { return place{ref: profiles.ParseRef(ref), back: true}, nil }})
	}
	for _, o := range p.design.Missing {
		question("Not answered: "+o.Asking+".", o.Ref)
	}
	for _, f := range p.design.Findings {
		rows = append(rows, opening{
			headline(f) + " To do: " + f.Rule.Remedy,
			func() (place, error) {
				to, _, err := p.settle(f.At(), place{kind: atReview})
				return to, err
			},
		})
	}
	for _, o := range p.design.Open {
		question("Undecided: "+o.Asking+": "+owed(o)+".", o.Ref)
	}
	return rows
}

func (p *prompts) summary(rows []opening) {
	p.say("")
	p.say("Review. " + p.progress("").String() + ".")
	if stops := p.inTheWay(); len(stops) > 0 {
		p.say("No pack yet: " + inWords(stops) + ".")
	} else {
		p.say("Nothing stops the pack.")
	}
	for _, d := range p.design.Headlines() {
		p.say(d.Title + ": " + d.Text + ".")
	}
	if len(p.design.Findings) > 0 {
		p.say("Findings: " + tally(p.design.Findings) + ".")
	}
	for i, r := range rows {
		p.say(fmt.Sprintf("%d. %s", i+1, r.text))
	}
	for _, err := range p.design.Faults {
		p.say("Contradiction: " + err.Error())
	}
	p.say("The pack has " + sizeInWords(p.design.Size()) + ", and goes to " + p.o.Folder(p.o.Session.Profile()) + ".")
}

// answers reads every answer, or those that are not as preset and default say.
func (p *prompts) answers(differs bool) {
	topic, n := "", 0
	for _, a := range p.o.Session.State().Asked {
		usual, differ := p.usual(a)
		if differs && !differ {
			continue
		}
		if n++; a.Topic.ID != topic {
			topic = a.Topic.ID
			p.say(a.Topic.Title + ":")
		}
		text := a.Asking() + ": " + value(a)
		switch {
		case a.Answer.Undecided != nil || a.Origin == profiles.None:
		case differs && usual != "":
			text += ", not " + usual
		case a.Locked:
			text += ", locked by " + p.origin(a.Origin)
		default:
			text += ", " + p.origin(a.Origin)
		}
		p.say(text + ".")
	}
	if n == 0 {
		p.say("Every answer is as preset and default say.")
	}
}

// last is the last question that is asked.
func (p *prompts) last() (place, bool) {
	for _, a := range slices.Backward(p.o.Session.State().Asked) {
		if unlocked(a) {
			return place{ref: a.Ref()}, true
		}
	}
	return place{}, false
}

// write writes the pack, or says what would be written. Once it is written the user is done,
// unless the session goes on.
func (p *prompts) write(dry bool) error {
	if stops := p.inTheWay(); len(stops) > 0 {
		p.say("Error: no pack yet: " + inWords(stops) + ".")
		return nil
	}
	act := p.o.Write
	if dry {
		act = p.o.DryRun
	}
	w, err := act(p.o.Session.Profile())
	if err != nil {
		p.say("Error: not written: " + err.Error())
		var way interface{ Hint() string }
		if errors.As(err, &way) && way.Hint() != "" {
			p.say("The way on: " + way.Hint() + ".")
		}
		return nil
	}
	if dry {
		p.say("Nothing was written. It would be written to " + w.Dir + ":")
	} else {
		p.result.Written = &w
		p.say("Written to " + w.Dir + ".")
	}
	p.say(sizeInWords(w.Size) + "; " + catalog.Count(len(w.Files), "file", "files") + ".")
	p.say("Plan " + w.Plan + ".")
	p.hints("To look at:", w.Look)
	p.hints("Next:", w.Next)
	if dry {
		return nil
	}
	return p.written()
}

func (p *prompts) hints(head string, hints []Hint) {
	if len(hints) == 0 {
		return
	}
	p.say(head)
	for _, h := range hints {
		p.say(h.What + ": " + h.For)
	}
}

// written asks whether there is more to do. The end of the input is an answer here.
func (p *prompts) written() error {
	r, err := p.ask("Enter ends the session.", wordReview)
	if errors.As(err, new(*EndOfInputError)) || err == nil && r.word == "" {
		return leftError{Finished}
	}
	return err
}
