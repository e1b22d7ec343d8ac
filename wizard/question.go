package wizard

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// question asks one question.
type question struct {
	ref    profiles.Ref
	back   string // where it returns to; empty: the next question follows
	asked  profiles.Asked
	field  editor
	before []string // what the field held when it opened: the answer as it stands
	own    bool     // the profile itself answers
	lower  string   // what preset or default say below it
	err    error
}

// screenOf returns the screen that asks a question; back says where it returns to, and is empty
// where the next question follows.
func (m *Model) screenOf(ref profiles.Ref, back string) screen {
	q := &question{ref: ref, back: back}
	if a, found := m.asked(ref); found && a.Question.Kind == catalog.Items && !a.Locked {
		return &items{question: q, at: -1}
	}
	return q
}

// enter rebuilds the field from the session, or from what was typed here before.
func (q *question) enter(m *Model) {
	a, found := m.asked(q.ref)
	if !found {
		return
	}
	q.asked, q.err = a, nil
	stored := a.Question.Format(a.Answer.Value)
	q.field = edit(a.Question, stored)
	q.before = q.field.texts()
	_, q.own = m.o.Session.Profile().Answers[q.ref]
	q.lower = ""
	if b, found := m.below(q.ref); q.own && found {
		q.lower = short(b.Shown()) + " (" + m.origin(b.Origin) + ")"
	}
	switch draft, typed := m.drafts[q.ref]; {
	case slices.Equal(draft, q.before): // another preset says the same
		delete(m.drafts, q.ref)
	case typed:
		q.field = edit(a.Question, draft)
	}
}

func (q *question) asks() profiles.Ref { return q.ref }

func (q *question) title(m *Model) string {
	at, of := m.position(q.asked)
	return fmt.Sprintf("%s · %d of %d", q.asked.Topic.Title, at, of)
}

func (q *question) beside() bool { return true }

func (q *question) acts(k string) bool { return q.moves(k) }

// moves says that a key goes on to the next question.
func (q *question) moves(k string) bool { return k == "tab" || k == q.onward() }

// onward is the key that goes on.
func (q *question) onward() string {
	if q.field.lines {
		return "tab"
	}
	return "enter"
}

func (q *question) keys(*Model) []Hint {
	next, back := Hint{q.onward(), "next"}, Hint{"esc", "back"}
	if q.back != "" {
		next.For, back.For = "take it", q.back
	}
	hints := []Hint{next, back, {"ctrl+r", "review"}, {"F1", "why"}, {"F4", "undecided"}}
	if q.back == toReview { // there esc is the way to it
		hints = slices.Delete(hints, 2, 3)
	}
	at := slices.Index(hints, Hint{"F1", "why"})
	if q.field.kind == catalog.Select { // arrows go without saying
		at = len(hints)
	}
	hints = slices.Insert(hints, at, q.field.keys()...)
	return append(hints, Hint{"ctrl+t", "preview"}, Hint{"ctrl+g", "jump"}, Hint{"ctrl+s", "save"})
}

func (q *question) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return q.hand(m, msg)
	}
	name := k.String()
	switch {
	case name == "esc", name == "shift+tab":
		q.goBack(m)
	case q.moves(name):
		return q.take(m)
	case name == "f1", name == "?" && !q.field.types:
		m.push(&why{text: q.why})
	case m.about(name):
	case q.asked.Locked:
	case name == "f4":
		m.push(newUndecide(q))
	case name == "f6":
		return q.settle(m)
	case name == "f8":
		return q.takeBack(m)
	default:
		return q.hand(m, msg)
	}
	return nil
}

// hand lets the field have a message, and remembers what it holds.
func (q *question) hand(m *Model, msg tea.Msg) tea.Cmd {
	cmd := q.field.update(msg)
	if _, isKey := msg.(tea.KeyPressMsg); isKey {
		q.err = nil
	}
	texts := q.field.texts()
	if slices.Equal(texts, q.before) {
		delete(m.drafts, q.ref)
	} else {
		m.drafts[q.ref] = texts
	}
	return cmd
}

func (q *question) goBack(m *Model) {
	if q.back != "" {
		m.pop()
		return
	}
	before, found := m.walk(q.ref, -1)
	switch {
	case found:
		m.goTo(before)
	case m.first != nil && len(m.o.Session.Profile().Answers) == 0:
		m.screens = []screen{m.first}
		m.first.enter(m)
	default:
		m.say("This is the first question.")
	}
}

// take goes on, with the answer if there is a new one. What presets and defaults say stays
// theirs while nobody changes it, and what is undecided stays so.
func (q *question) take(m *Model) tea.Cmd {
	texts := q.field.texts()
	if q.asked.Locked || slices.Equal(texts, q.before) && q.stands(texts) {
		return q.goOn(m)
	}
	cmd, err := q.answer(m)
	if err != nil {
		return nil
	}
	return tea.Batch(cmd, q.goOn(m))
}

// keep takes the answer as take does where the field holds another one, and stays.
func (q *question) keep(m *Model) (tea.Cmd, error) {
	if _, typed := m.draft(q.asked); !typed {
		return nil, nil
	}
	cmd, err := q.answer(m)
	if err == nil {
		q.enter(m)
	}
	return cmd, err
}

// answer hands to the session what the field holds.
func (q *question) answer(m *Model) (tea.Cmd, error) {
	if q.err = m.o.Session.Answer(q.ref, q.field.texts()...); q.err != nil {
		return nil, q.err
	}
	delete(m.drafts, q.ref)
	return m.changed(), nil
}

// stands says that there is an answer which holds without another word.
func (q *question) stands(texts []string) bool {
	if q.asked.Answer.Undecided != nil {
		return true
	}
	_, err := q.asked.Question.Parse(texts...)
	return err == nil
}

// taken is called when the session has a new answer.
func (q *question) taken(m *Model) tea.Cmd {
	delete(m.drafts, q.ref)
	return tea.Batch(m.changed(), q.goOn(m))
}

// goOn shows the findings that the answer leads to, and then the next question.
func (q *question) goOn(m *Model) tea.Cmd {
	q.enter(m)
	if ids := m.arisen(q.asked); len(ids) > 0 {
		m.push(&finding{queue: ids, from: q})
		return nil
	}
	q.next(m)
	return nil
}

func (q *question) next(m *Model) {
	if q.back != "" {
		m.pop()
		return
	}
	after, found := m.walk(q.ref, +1)
	if !found {
		m.review()
		return
	}
	m.goTo(after)
}

// settle makes an assumption the answer.
func (q *question) settle(m *Model) tea.Cmd {
	if !q.assumed() {
		return nil
	}
	if err := m.o.Session.Answer(q.ref, q.before...); err != nil {
		q.err = err
		return nil
	}
	return q.taken(m)
}

func (q *question) assumed() bool {
	return q.asked.Answer.Undecided != nil && q.asked.Answer.Undecided.Assumed
}

// takeBack drops what is typed; where nothing is, it lets hold again what preset or default say.
func (q *question) takeBack(m *Model) tea.Cmd {
	if _, typed := m.drafts[q.ref]; typed {
		delete(m.drafts, q.ref)
		q.enter(m)
		return nil
	}
	if !q.own {
		return nil
	}
	m.o.Session.Clear(q.ref)
	cmd := m.changed()
	q.enter(m)
	return cmd
}

func (q *question) body(m *Model, w, h int) []string {
	prose := min(w, readable)
	a := q.asked
	parts := []part{
		{lines: styled(bold, a.Title(), prose), last: 1},
		{lines: wrap(a.Question.Help, prose), last: 5},
		{},
		{lines: whyUnder(a.Question, q.field.under(), prose), last: 4},
		{lines: q.fault(prose), last: 2},
		{lines: faintly(q.facts(m), prose), last: 3},
	}
	if m.w >= broad {
		parts = append([]part{{lines: []string{faint.Render(q.title(m))}, last: 2}}, parts...)
	}
	i := slices.IndexFunc(parts, func(p part) bool { return p.last == 0 })
	if a.Locked {
		parts[i].lines = a.Shown()
		return fit(parts, h)
	}
	want := q.field.wants(a.Question, prose)
	parts[i].lines = q.field.view(prose, room(parts, want, h))
	return fit(parts, h)
}

// whyUnder says what the option under the cursor brings. It takes as many lines as the
// longest would, so that nothing below it jumps.
func whyUnder(q catalog.Question, under string, w int) []string {
	var lines []string
	n := 0
	for _, o := range q.Options {
		n = max(n, len(wrap(o.Why, w)))
		if o.Value == under {
			lines = wrap(o.Why, w)
		}
	}
	for len(lines) < n {
		lines = append(lines, "")
	}
	return lines
}

func (q *question) fault(w int) []string {
	if q.err == nil {
		return nil
	}
	return styled(bad, signError+" "+strings.ReplaceAll(q.err.Error(), "\n", "\n  "), w)
}

// faintly writes what need not be read to answer.
func faintly(texts []string, w int) []string {
	var lines []string
	for _, t := range texts {
		lines = append(lines, styled(faint, t, w)...)
	}
	return lines
}

// facts says who gave the answer, and what it is where the field holds something else.
func (q *question) facts(m *Model) []string {
	a := q.asked
	if a.Locked {
		return []string{signLocked + " locked by " + m.origin(a.Origin) + ": shown, not asked"}
	}
	var facts []string
	_, typed := m.drafts[q.ref]
	switch {
	case a.Answer.Undecided != nil:
		facts = append(facts, signOpen+" "+undecided(a))
	case a.Origin == profiles.None && a.Question.Optional:
		facts = append(facts, "may stay empty")
	case typed && a.Origin != profiles.None:
		facts = append(facts, "not taken yet; now: "+short(a.Shown())+" ("+m.origin(a.Origin)+")")
	case a.Origin != profiles.None:
		facts = append(facts, m.origin(a.Origin))
	}
	facts = append(facts, q.ways(m)...)
	if q.field.lines {
		facts = append(facts, "one in each line: enter makes a new line, tab goes on")
	}
	return facts
}

// ways says which keys lead away from what is typed or assumed here.
func (q *question) ways(m *Model) []string {
	var ways []string
	if q.assumed() {
		ways = append(ways, "  F6 makes the assumption the answer; "+q.onward()+" leaves it undecided")
	}
	if _, typed := m.drafts[q.ref]; typed {
		return append(ways, "F8 drops what is typed")
	}
	if q.lower != "" {
		ways = append(ways, "F8 goes back to "+q.lower)
	}
	return ways
}

// undecided says who owes an answer, by when, and what counts meanwhile.
func undecided(a profiles.Asked) string {
	u := a.Answer.Undecided
	text := "undecided: " + u.Owner
	if u.Due != "" {
		text += ", by " + u.Due
	}
	if u.Assumed {
		return text + "; assumed meanwhile: " + short(a.Shown())
	}
	return text
}

// short writes an answer in one line.
func short(values []string) string {
	if len(values) == 0 {
		return "none"
	}
	return catalog.Line(values)
}

// A part is a paragraph of a screen. When there is no room for all, the last one by number
// loses lines first.
type part struct {
	lines []string
	last  int
}

// room returns how many lines are left for a field that wants some.
func room(parts []part, want, h int) int {
	used := 0
	for _, p := range parts {
		if len(p.lines) > 0 {
			used += len(p.lines) + 1
		}
	}
	return max(min(want, h-used), min(want, 4))
}

// fit puts parts below each other with a blank line between them; where there is no room,
// blank lines go first, then lines of parts.
func fit(parts []part, h int) []string {
	blanks := -1
	total := 0
	for _, p := range parts {
		if len(p.lines) > 0 {
			blanks++
			total += len(p.lines)
		}
	}
	spare := max(h-total, 0)
	for total > h {
		i := longest(parts)
		if i < 0 {
			break
		}
		parts[i].lines = parts[i].lines[:len(parts[i].lines)-1]
		total--
	}
	var out []string
	for _, p := range parts {
		if len(p.lines) == 0 {
			continue
		}
		if len(out) > 0 && spare > 0 {
			out = append(out, "")
			spare--
		}
		out = append(out, p.lines...)
	}
	return out
}

// longest returns the part that gives up a line next.
func longest(parts []part) int {
	found := -1
	for i, p := range parts {
		if p.last > 0 && len(p.lines) > 0 && (found < 0 || p.last > parts[found].last) {
			found = i
		}
	}
	return found
}
