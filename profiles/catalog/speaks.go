package catalog

import "slices"

// speaks checks that whatever is cited can be cited by everybody for whom it stands: a source that
// speaks for one jurisdiction alone needs another beside it, unless what cites it stands there
// alone.
func (k *checker) speaks() {
	h := homes{questions: map[string]Question{}, decisions: map[string]Decision{}}
	for _, t := range k.cat.Topics {
		for _, q := range t.Questions {
			h.questions[q.ID] = q
		}
		for _, d := range t.Decisions {
			h.decisions[d.ID] = d
		}
	}
	for _, e := range k.cat.Entries() {
		if home := k.homeOf(e.Cite); home != nil && !h.within(e.Of, home) {
			k.bad(k.at(e.ID, "cite"), "%s: cite: it stands for more than %s, and no source of it speaks for the others", e.ID, home.Words())
		}
	}
	for _, p := range k.cat.Phases {
		if k.homeOf(p.Cite) != nil {
			k.bad(k.at(p.ID, "cite"), "%s: cite: a phase has a source that speaks for everybody", p.ID)
		}
	}
}

// homeOf returns for whom the sources speak; nil when one of them speaks for everybody.
func (k *checker) homeOf(sources []string) Cond {
	var all Cond
	for _, s := range sources {
		c, known := k.cat.Citations[s]
		if !known || c.Binds == nil {
			return nil
		}
		all = append(all, *c.Binds...)
	}
	return all
}

// homes follows conditions back to what they rest on.
type homes struct {
	questions map[string]Question
	decisions map[string]Decision
}

// within says that an entry stands nowhere but where the condition home holds.
func (h homes) within(of any, home Cond) bool {
	switch x := of.(type) {
	case Question:
		return h.implies(x.When, home)
	case Decision:
		return h.implies(x.When, home)
	case Rule:
		return h.implies(x.When, home) || slices.ContainsFunc(x.Reads, func(id string) bool { return h.answered(id, nil, home) })
	case Record:
		return h.implies(x.When, home)
	case Hold:
		return h.implies(x.When, home)
	case Test:
		return h.implies(x.When, home)
	case Flow:
		return h.implies(x.When, home)
	case Certificate:
		return h.implies(x.When, home)
	case Table:
		return h.implies(x.When, home)
	}
	return true
}

// implies says that home holds wherever c does, as far as conditions show it.
func (h homes) implies(c, home Cond) bool {
	if len(c) == 0 {
		return false
	}
	for _, a := range c {
		if !h.alternative(a, home) {
			return false
		}
	}
	return true
}

func (h homes) alternative(a Alternative, home Cond) bool {
	for _, b := range home {
		if !slices.ContainsFunc(Cond{b}.IDs(), func(id string) bool { return !covers(b[id], a[id]) }) {
			return true
		}
	}
	for id, words := range a {
		if h.answered(id, words, home) {
			return true
		}
	}
	return false
}

// covers says that some values are asked for and that all of them are among others.
func covers(others, asked Words) bool {
	return len(asked) > 0 && !slices.ContainsFunc(asked, func(w string) bool { return !slices.Contains(others, w) })
}

// answered says that home holds wherever a question or a decision has one of the values, or any
// where none is named.
func (h homes) answered(id string, words Words, home Cond) bool {
	if q, is := h.questions[id]; is {
		offers := slices.DeleteFunc(slices.Clone(q.Options), func(o Option) bool { return !slices.Contains(words, o.Value) })
		some := len(offers) > 0 && !slices.ContainsFunc(offers, func(o Option) bool { return !h.implies(o.When, home) })
		return some || h.implies(q.When, home)
	}
	d, is := h.decisions[id]
	if !is {
		return false
	}
	if h.implies(d.When, home) {
		return true
	}
	if len(words) == 0 {
		return false
	}
	for _, o := range d.Outcomes {
		can := len(Placeholders(o.Is)) > 0 || slices.ContainsFunc(WordsOf(o.Is), func(w string) bool { return slices.Contains(words, w) })
		if can && !h.implies(o.When, home) {
			return false
		}
	}
	return true
}
