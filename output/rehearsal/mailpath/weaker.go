package mailpath

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Grade says how well a fate protects a message: more is better.
type Grade func(m Message, f Fate) int

// Loss is a message that one state protects less than the state before it.
type Loss struct {
	Message   Message
	From, To  Fate
	Under     Under // the readings under which it does
	BelowBoth bool  // less than the floor too
}

func (l Loss) String() string {
	s := fmt.Sprintf("%s, to %s: %s, and now %s", l.Message.Name, l.To.Recipient, l.From, l.To)
	if l.Under != (Under{}) {
		s += fmt.Sprintf(" [%s]", l.Under)
	}
	return s
}

// Judge asks the same messages of one state after the other.
type Judge struct {
	messages []Message
	grade    Grade
	known    map[string]*judged

	// What it did so far.
	States, Asked, Walks int
}

// judged is a state with the answers to all messages, in their order.
type judged struct{ answers [][]Answer }

// NewJudge returns a judge of these messages.
func NewJudge(messages []Message, grade Grade) *Judge {
	return &Judge{messages: messages, grade: grade, known: map[string]*judged{}}
}

// Losses compares a state with the one after it, under every combination of readings. With a
// floor, a loss says whether the message is now protected less than there.
func (j *Judge) Losses(before, after, floor State) ([]Loss, error) {
	a, err := j.answers(before)
	if err != nil {
		return nil, err
	}
	b, err := j.answers(after)
	if err != nil || a == b {
		return nil, err
	}
	low := a
	if floor != nil {
		if low, err = j.answers(floor); err != nil {
			return nil, err
		}
	}
	var out []Loss
	for i, m := range j.messages {
		out = append(out, j.compare(m, a.answers[i], b.answers[i], low.answers[i])...)
	}
	return out, nil
}

func (j *Judge) compare(m Message, before, after, floor []Answer) []Loss {
	var out []Loss
	for _, b := range before {
		for _, a := range after {
			under, ok := b.Under.with(a.Under)
			if !ok {
				continue
			}
			for i := range m.To {
				if j.grade(m, a.Fates[i]) < j.grade(m, b.Fates[i]) {
					out = append(out, Loss{Message: m, From: b.Fates[i], To: a.Fates[i], Under: under, BelowBoth: j.below(m, i, a.Fates[i], under, floor)})
				}
			}
		}
	}
	return out
}

// below reports whether a fate is worse than one of a state, under readings that can hold
// together.
func (j *Judge) below(m Message, i int, f Fate, under Under, floor []Answer) bool {
	return slices.ContainsFunc(floor, func(x Answer) bool {
		_, ok := under.with(x.Under)
		return ok && j.grade(m, f) < j.grade(m, x.Fates[i])
	})
}

// answers asks all messages, once for each state that differs in what decides on their path.
func (j *Judge) answers(s State) (*judged, error) {
	key, err := fingerprint(s)
	if err != nil {
		return nil, err
	}
	if known, ok := j.known[key]; ok {
		return known, nil
	}
	t, err := New(s)
	if err != nil {
		return nil, err
	}
	out := &judged{}
	for _, m := range j.messages {
		list := t.Ask(m)
		out.answers = append(out.answers, list)
		j.Walks += len(list)
	}
	j.known[key] = out
	j.States++
	j.Asked += len(j.messages)
	return out, nil
}

// fingerprint is the text of what decides on the path of mail.
func fingerprint(s State) (string, error) {
	var all []any
	for _, noun := range Nouns {
		all = append(all, noun)
		for _, o := range s.Objects(noun) {
			all = append(all, o.Name, o.Values)
		}
	}
	text, err := json.Marshal(all)
	return string(text), err
}
