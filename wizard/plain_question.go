package wizard

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// beginning asks a new profile which preset it starts from.
func (p *prompts) beginning() (place, error) {
	q := whichPreset(p.o)
	p.asking = q.Title
	p.say(q.Title)
	p.say(q.Help)
	p.options(q, nil)
	p.say("Enter takes: " + q.Options[0].Label + ".")
	for {
		r, err := p.ask(expects(q), wordWhy, wordReview, wordJump)
		if err != nil {
			return place{}, err
		}
		switch r.word {
		case wordWhy.name:
			p.facts(brings(q))
			continue
		case "":
		default:
			if to, moved, err := p.about(r); moved || err != nil {
				return to, err
			}
			continue
		}
		chosen := q.Options[0].Value
		if r.text != "" {
			chosen = pick(q, r.text)
		}
		if _, err := q.Parse(chosen); err != nil {
			p.sayAll(err)
			continue
		}
		if chosen == fromOther {
			taken, err := p.other()
			if !taken || err != nil {
				return place{kind: atBeginning}, err
			}
			return p.resume(), nil
		}
		if p.startFrom(chosen) {
			p.changed()
		}
		return p.resume(), nil
	}
}

// question asks one question until it is settled or left.
func (p *prompts) question(at place) (place, error) {
	a, found := p.asked(at.ref)
	if !found { // another answer took it away
		return place{kind: atReview}, nil
	}
	p.introduce(a)
	for {
		a, _ = p.asked(at.ref)
		r, err := p.ask(expects(a.Question), p.wordsFor(a)...)
		if err != nil {
			return place{}, err
		}
		settled, err := false, error(nil)
		switch r.word {
		case "":
			settled, err = p.answer(a, r.text)
		case wordBack.name:
			if to, moved := p.before(at); moved {
				return to, nil
			}
			p.say("This is the first question.")
		case wordSkip.name:
			return p.after(at), nil
		case wordWhy.name:
			p.why(a)
		case wordAhead.name:
			err = p.preview(a, r.text)
		case wordOwed.name:
			settled, err = p.undecide(a)
		case wordSettle.name:
			settled, err = true, p.take(a, a.Question.Format(a.Answer.Value))
		case wordNone.name:
			settled, err = true, p.take(a, nil)
		case wordClear.name:
			p.clear(a)
		case wordRemove.name, wordRename.name, wordMove.name, wordList.name:
			err = p.edit(a, r)
		default:
			to, moved, err := p.about(r)
			if moved || err != nil {
				return to, err
			}
		}
		var ended *EndOfInputError
		switch {
		case errors.As(err, &ended), errors.As(err, new(leftError)):
			return place{}, err
		case err != nil:
			p.sayAll(err)
		case settled:
			return p.settled(at)
		}
	}
}

// introduce says everything that one sees of a question on a screen.
func (p *prompts) introduce(a profiles.Asked) {
	p.asking, p.heard = a.Title()+" ("+a.Ref().String()+")", ""
	n, of := p.position(a)
	p.say("")
	p.say(fmt.Sprintf("%s, question %d of %d.", a.Topic.Title, n, of))
	p.say(a.Title())
	p.say(a.Question.Help)
	if text := exampleOf(a.Question); text != "" {
		p.say("An answer looks like this: " + text)
	}
	texts := a.Question.Format(a.Answer.Value)
	p.options(a.Question, texts)
	if a.Question.Kind.List() && a.Question.Kind != catalog.Multi {
		p.list(a)
	}
	p.say(p.keeps(a))
}

// options numbers what there is to choose from.
func (p *prompts) options(q catalog.Question, chosen []string) {
	for i, v := range q.Values() {
		mark := ""
		if q.Kind == catalog.Multi && slices.Contains(chosen, v) {
			mark = " (chosen)"
		}
		p.say(fmt.Sprintf("%d. %s%s", i+1, q.Label(v), mark))
	}
}

// list reads a list that is answered so far.
func (p *prompts) list(a profiles.Asked) {
	texts := a.Question.Format(a.Answer.Value)
	if len(texts) == 0 {
		p.say("The list is empty.")
	}
	for i, t := range texts {
		p.say(fmt.Sprintf("%d. %s", i+1, t))
	}
}

// keeps says what Enter alone does.
func (p *prompts) keeps(a profiles.Asked) string {
	enter := "Enter"
	if a.Question.Kind.List() {
		enter = "An empty line"
	}
	switch {
	case a.Answer.Undecided != nil:
		return enter + " leaves it " + undecided(a) + "."
	case a.Origin == profiles.None && a.Question.Optional:
		return enter + " answers that there is none."
	case a.Origin == profiles.None:
		return "There is no answer yet."
	}
	return enter + " keeps: " + short(a.Shown()) + " (" + p.origin(a.Origin) + ")."
}

// expects says what a prompt takes.
func expects(q catalog.Question) string {
	n := len(q.Values())
	switch {
	case q.Kind == catalog.Multi:
		return fmt.Sprintf("Add by number, 1 to %d, or by value, one in each line; an empty line ends.", n)
	case q.Kind.List():
		return "Add one in each line; an empty line ends."
	case n > 0:
		return fmt.Sprintf("Answer 1 to %d, or a value.", n)
	}
	return "Answer in a line."
}

// wordsFor are the words that do something at a question as it stands.
func (p *prompts) wordsFor(a profiles.Asked) []word {
	words := []word{wordBack, wordWhy, wordAhead, wordOwed}
	if a.Answer.Undecided != nil && a.Answer.Undecided.Assumed {
		words = append(words, wordSettle)
	}
	words = append(words, wordSkip)
	if _, own := p.o.Session.Profile().Answers[a.Ref()]; own {
		words = append(words, wordClear)
	}
	if a.Question.Optional {
		words = append(words, wordNone)
	}
	if a.Question.Kind.List() {
		words = append(words, wordRemove)
		if a.Question.Kind != catalog.Multi {
			words = append(words, wordRename, wordMove)
		}
		words = append(words, wordList)
	}
	return append(words, wordReview, wordJump)
}

// answer takes a line. A list is settled by an empty one, everything else by an answer.
func (p *prompts) answer(a profiles.Asked, text string) (settled bool, err error) {
	if text == "" {
		if !a.Answered() {
			_, err = a.Question.Parse()
		}
		return err == nil, err
	}
	if !a.Question.Kind.List() {
		return true, p.take(a, []string{pick(a.Question, text)})
	}
	return false, p.add(a, text)
}

// take hands an answer to the session.
func (p *prompts) take(a profiles.Asked, texts []string) error {
	if err := p.o.Session.Answer(a.Ref(), texts...); err != nil {
		return err
	}
	p.changed()
	return nil
}

// add puts what a line holds at the end of a list.
func (p *prompts) add(a profiles.Asked, text string) error {
	texts := elements(a.Question, text)
	if a.Question.Kind == catalog.Items {
		if _, err := p.o.Session.AddItems(a.Question.ID, texts...); err != nil {
			return err
		}
		p.changed()
	} else if err := p.take(a, append(a.Question.Format(a.Answer.Value), texts...)); err != nil {
		return err
	}
	p.say("Added: " + catalog.Line(texts) + ". " + p.inList(a.Ref()))
	return nil
}

// elements are what a line puts into a list.
func elements(q catalog.Question, text string) []string {
	texts := apart(q)(text)
	for i, t := range texts {
		texts[i] = pick(q, t)
	}
	return texts
}

// preview says what an answer puts in the pack, and, where another is named, what that would
// change.
func (p *prompts) preview(a profiles.Asked, text string) error {
	of := subject{asked: a, scope: a.Scope, texts: a.Question.Format(a.Answer.Value)}
	switch q := a.Question; {
	case text == "":
	case q.Kind == catalog.Items:
		of.texts, of.adds = elements(q, text), true
	case q.Kind.List():
		of.texts = append(of.texts, elements(q, text)...)
	default:
		of.texts = []string{pick(q, text)}
	}
	if _, err := a.Question.Parse(of.texts...); text != "" && err != nil {
		return err
	}
	for _, l := range p.puts(of)() {
		if l.text != "" {
			p.say(l.spoken())
		}
	}
	return nil
}

// inList counts what a list holds now.
func (p *prompts) inList(ref profiles.Ref) string {
	a, _ := p.asked(ref)
	return catalog.Count(len(a.Shown()), "is", "are") + " in the list."
}

// nth is the place, from zero, for which a number stands that was read out, 1 to n.
func nth(text string, n int) (int, bool) {
	i, err := strconv.Atoi(text)
	return i - 1, err == nil && i >= 1 && i <= n
}

// pick returns the value for which a number, a value or a label stands. What is none of them
// comes back as it is: the decoder refuses it and says what there is.
func pick(q catalog.Question, text string) string {
	values := q.Values()
	if slices.Contains(values, text) {
		return text
	}
	if i, numbered := nth(text, len(values)); numbered {
		return values[i]
	}
	for _, v := range values {
		if strings.EqualFold(v, text) || strings.EqualFold(q.Label(v), text) || q.Kind == catalog.Confirm && strings.EqualFold(v[:1], text) {
			return v
		}
	}
	return text
}

// edit changes a list that is there.
func (p *prompts) edit(a profiles.Asked, r reply) error {
	if r.word == wordList.name {
		p.options(a.Question, a.Question.Format(a.Answer.Value))
		if a.Question.Kind != catalog.Multi {
			p.list(a)
		}
		return nil
	}
	texts := a.Question.Format(a.Answer.Value)
	which, rest, _ := strings.Cut(r.text, " ")
	i := member(a.Question, texts, which)
	if i < 0 {
		return fmt.Errorf("%q is nothing in the list: write its number or its value, as in %s", which, exampleUse(r.word))
	}
	var err error
	switch r.word {
	case wordRemove.name:
		err = p.remove(a, texts, i)
	case wordRename.name:
		err = p.rename(a, texts, i, rest)
	case wordMove.name:
		err = p.move(a, texts, i, rest)
	}
	if err != nil {
		return err
	}
	p.changed()
	if now, _ := p.asked(a.Ref()); now.Question.Kind != catalog.Multi {
		p.list(now)
	} else {
		p.say(p.inList(a.Ref()))
	}
	return nil
}

func exampleUse(name string) string {
	for _, w := range []word{wordRemove, wordRename, wordMove} {
		if w.name == name {
			_, use, _ := strings.Cut(w.does, ": ")
			return use
		}
	}
	return name
}

// member finds what a number or a value stands for in a list; -1: nothing. The numbers are those
// that were read out: of the options, or of the list.
func member(q catalog.Question, texts []string, which string) int {
	if q.Kind == catalog.Multi {
		return slices.Index(texts, pick(q, which))
	}
	if i, numbered := nth(which, len(texts)); numbered {
		return i
	}
	return slices.IndexFunc(texts, func(t string) bool { return strings.EqualFold(t, which) })
}

func (p *prompts) remove(a profiles.Asked, texts []string, i int) error {
	if items, are := a.Answer.Value.([]catalog.Item); are {
		return p.o.Session.RemoveItem(a.Question.ID, items[i].Key)
	}
	return p.o.Session.Answer(a.Ref(), slices.Delete(texts, i, i+1)...)
}

func (p *prompts) rename(a profiles.Asked, texts []string, i int, to string) error {
	if to == "" {
		return errors.New("the new value is missing, as in " + exampleUse(wordRename.name))
	}
	if items, are := a.Answer.Value.([]catalog.Item); are {
		return p.o.Session.RenameItem(a.Question.ID, items[i].Key, to)
	}
	texts[i] = to
	return p.o.Session.Answer(a.Ref(), texts...)
}

func (p *prompts) move(a profiles.Asked, texts []string, i int, to string) error {
	at, numbered := nth(to, len(texts))
	if !numbered {
		return fmt.Errorf("%q is no place in the list, as in %s", to, exampleUse(wordMove.name))
	}
	if items, are := a.Answer.Value.([]catalog.Item); are {
		return p.o.Session.MoveItem(a.Question.ID, items[i].Key, at-i)
	}
	moved := texts[i]
	return p.o.Session.Answer(a.Ref(), slices.Insert(slices.Delete(texts, i, i+1), at, moved)...)
}

// clear takes the profile's own answer back, and says what counts now.
func (p *prompts) clear(a profiles.Asked) {
	p.o.Session.Clear(a.Ref())
	p.changed()
	now, _ := p.asked(a.Ref())
	p.say("Taken back. " + p.keeps(now))
}

// why says all that is known of a question, with the answer as it stands.
func (p *prompts) why(a profiles.Asked) {
	p.say(a.Title())
	p.say(a.Question.Help)
	p.facts(p.known(a))
	p.say(setBy(a))
}

func (p *prompts) facts(facts []fact) {
	for _, f := range facts {
		if f.name != "" {
			p.say(f.name + ":")
		}
		p.say(f.text)
	}
}

// about goes where words lead that hold wherever one can leave at any time.
func (p *prompts) about(r reply) (to place, moved bool, err error) {
	if r.word == wordReview.name {
		return place{kind: atReview}, true, nil
	}
	return p.jump(r.text)
}

// before is the question before one, the review where that opened it, or the choice of a preset.
func (p *prompts) before(at place) (place, bool) {
	if at.back {
		return place{kind: atReview}, true
	}
	if ref, found := p.walk(at.ref, -1); found {
		return place{ref: ref}, true
	}
	if len(p.o.Session.Profile().Answers) == 0 && len(p.o.Session.Presets()) > 0 {
		return place{kind: atBeginning}, true
	}
	return at, false
}

// after is the question after one, or the review.
func (p *prompts) after(at place) place {
	if ref, found := p.walk(at.ref, +1); found && !at.back {
		return place{ref: ref}
	}
	return place{kind: atReview}
}

// settled reads the findings that an answer leads to, and then goes on.
func (p *prompts) settled(at place) (place, error) {
	a, _ := p.asked(at.ref)
	for _, id := range p.arisen(a) {
		if _, stands := p.finding(id); !stands {
			continue
		}
		to, moved, err := p.settle(id, at)
		if moved || err != nil {
			return to, err
		}
	}
	return p.after(at), nil
}

// jump goes to the question that words name, or reads what there is to go to.
func (p *prompts) jump(text string) (to place, moved bool, err error) {
	found := p.search(text)
	if text == "" {
		found = p.sections()
	}
	for {
		switch {
		case len(found) == 0:
			p.say("Error: no question has the words " + strconv.Quote(text) + ".")
			return place{}, false, nil
		case len(found) == 1 && text != "":
			return place{ref: found[0].Ref()}, true, nil
		}
		for i, a := range found {
			p.say(fmt.Sprintf("%d. %s: %s, %s", i+1, a.Topic.Title, a.Asking(), value(a)))
		}
		r, err := p.ask(fmt.Sprintf("Where to? Answer 1 to %d, or words of a question.", len(found)), wordBack)
		if err != nil || r.word != "" || r.text == "" {
			return place{}, false, err
		}
		if i, numbered := nth(r.text, len(found)); numbered {
			return place{ref: found[i].Ref()}, true, nil
		}
		text = r.text
		found = p.search(text)
	}
}

// search returns the questions that have words in their ID or in what they are called; an ID in
// full finds that question alone.
func (p *prompts) search(text string) []profiles.Asked {
	if a, found := p.asked(profiles.ParseRef(text)); found && unlocked(a) {
		return []profiles.Asked{a}
	}
	var found []profiles.Asked
	for _, a := range p.o.Session.State().Asked {
		if unlocked(a) && strings.Contains(strings.ToLower(findable(a)), strings.ToLower(text)) {
			found = append(found, a)
		}
	}
	return found
}

// sections returns the first question of every topic.
func (p *prompts) sections() []profiles.Asked {
	var firsts []profiles.Asked
	for _, a := range p.o.Session.State().Asked {
		if n := len(firsts); unlocked(a) && (n == 0 || firsts[n-1].Topic.ID != a.Topic.ID) {
			firsts = append(firsts, a)
		}
	}
	return firsts
}
