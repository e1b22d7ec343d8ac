package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/contract"
)

// A def is what may be pointed to: something that stands earlier.
type def struct {
	what   string   // question, decision, ...
	each   string   // the list of which it stands once per item
	values []string // what a condition can ask for; nil: it is no choice
	list   bool     // alone in a value it is a list
	flag   bool     // alone in a value it is yes or no
	number bool
}

// checker walks the catalogue once, in order. What it has seen may be pointed to.
type checker struct {
	*reader
	cat       *Catalog
	seen      map[string]def
	used      map[string]bool // IDs that something reads
	cited     map[string]bool
	supported map[string]bool // controls, by some decision
	// Of steps and holds: where each stands in the plan, "P3 210", and whose a number is.
	places, numbers map[string]string
}

// check reports every inconsistency: it is the both-ways test of the data with itself.
func (c *Catalog) check(r *reader) {
	k := &checker{reader: r, cat: c, seen: map[string]def{}, used: map[string]bool{}, cited: map[string]bool{}, supported: map[string]bool{}, places: map[string]string{}, numbers: map[string]string{}}
	k.phases()
	for _, t := range c.Topics {
		k.steps(t)
	}
	for _, t := range c.Topics {
		k.topic(t)
	}
	for id, c := range k.cat.Citations {
		if c.Binds != nil {
			k.cond(id, "", *c.Binds, true)
		}
	}
	k.speaks()
	k.controls()
	k.endpoints()
	k.unused()
}

// controls: each has a source, and a decision that supports it or a word on why there is none.
func (k *checker) controls() {
	for _, id := range slices.Sorted(maps.Keys(k.cat.Controls)) {
		c := k.cat.Controls[id]
		bad := func(text string) { k.bad(place{file: "controls.yaml"}, "%s: %s", id, text) }
		key := k.cat.SourceOf(id)
		if key == "" {
			bad("no source in citations.yaml says that its controls begin like this")
		}
		k.cited[key] = true
		if c.Asks == "" {
			bad("a control says what it asks for")
		}
		if c.Left == "" && !k.supported[id] {
			bad("no decision supports it: say under left why, and who meets it")
		}
	}
}

func (k *checker) phases() {
	for i, p := range k.cat.Phases {
		k.define(p.ID, regexp.MustCompile(`^P[0-9]$`), def{what: "phase"})
		if i > 0 && p.ID <= k.cat.Phases[i-1].ID {
			k.bad(k.at(p.ID), "%s stands after %s", p.ID, k.cat.Phases[i-1].ID)
		}
		k.filled(p.ID, map[string]string{"title": p.Title, "about": p.About, "back": p.Back})
		k.cite(p.ID, p.Cite)
		for _, other := range p.With {
			if !slices.ContainsFunc(k.cat.Phases, func(q Phase) bool { return q.ID == other }) {
				k.bad(k.at(p.ID, "with"), "%s: with: no phase is called %q", p.ID, other)
			}
		}
	}
	for id, l := range k.cat.Lists {
		if l.About == "" || len(l.Values) == 0 || len(l.Cite) == 0 {
			k.bad(place{file: "lists.yaml"}, "%s: a list has about, values and a source", id)
		}
		for _, s := range l.Cite {
			k.cited[s] = true
		}
	}
	for id := range k.cat.Citations {
		c := k.cat.Citations[id]
		if c.Title == "" || c.Publisher == "" || c.Version == "" {
			k.bad(place{file: "citations.yaml"}, "%s: a source has a title, a publisher and a version", id)
		}
		if _, err := date(c.Read); err != nil {
			k.bad(place{file: "citations.yaml"}, "%s: the day it was read: %v", id, err)
		}
	}
}

func (k *checker) topic(t Topic) {
	if t.ID == "" || t.Title == "" {
		k.bad(place{file: t.file}, "a topic has an id and a title")
	}
	k.cond(t.ID, "", t.When, true)
	for _, q := range t.Questions {
		k.question(q)
	}
	for _, d := range t.Decisions {
		k.decision(d)
	}
	for _, d := range t.Derived {
		k.each(d.ID, d.Each)
		k.reads(d.ID, d.Reads)
		k.filled(d.ID, map[string]string{"about": d.About})
		k.define(d.ID, questionID, def{what: "derived value", each: d.Each, list: d.List})
	}
	for _, rule := range t.Rules {
		k.rule(rule)
	}
	for _, w := range t.Watches {
		k.watch(w)
	}
	for _, s := range t.Strays {
		k.stray(s)
	}
	for _, o := range t.Objects {
		k.object(o)
	}
	for _, rec := range t.Records {
		k.record(rec)
	}
	for _, h := range t.Holds {
		k.hold(h)
	}
	for _, x := range t.Tests {
		k.test(x)
	}
	for _, f := range t.Flows {
		k.flow(f)
	}
	for _, x := range t.Certificates {
		k.certificate(x)
	}
	for _, x := range t.Tables {
		k.table(x)
	}
}

// table checks that every cell is there and says something, and that every word is used.
func (k *checker) table(t Table) {
	k.define(t.ID, objectID, def{what: "table"})
	k.filled(t.ID, map[string]string{"title": t.Title, "about": t.About, "corner": t.Corner})
	k.cond(t.ID, "", t.When, false)
	k.cite(t.ID, t.Cite)
	if len(t.Cite) == 0 || len(t.Rows) == 0 {
		k.bad(k.at(t.ID), "%s: a table has rows and a source", t.ID)
	}
	for _, f := range t.Facts {
		k.filled(t.ID, map[string]string{"facts: text": f.Text, "facts: at": f.At})
		k.cite(t.ID, []string{f.Cite})
	}
	said := map[string]bool{}
	for _, row := range t.Rows {
		if len(row.Cells) != len(t.Columns) {
			k.bad(k.at(t.ID, "rows"), "%s: %s has %d cells; there are %d columns", t.ID, row.ID, len(row.Cells), len(t.Columns))
		}
		for _, cell := range row.Cells {
			if len(cell) != max(1, len(t.Facts)) {
				k.bad(k.at(t.ID, "rows"), "%s: %s: %v is not one key for each fact", t.ID, row.ID, cell)
			}
			for _, key := range cell {
				said[key] = true
				if t.Words[key] == "" {
					k.bad(k.at(t.ID, "rows"), "%s: %s: %q has no words", t.ID, row.ID, key)
				}
			}
		}
	}
	for _, word := range slices.Sorted(maps.Keys(t.Words)) {
		if !said[word] {
			k.bad(k.at(t.ID, "words"), "%s: %q stands in no cell", t.ID, word)
		}
	}
}

// define makes an ID known, once.
func (k *checker) define(id string, form *regexp.Regexp, d def) {
	if !form.MatchString(id) {
		k.bad(k.at(id), "%q is not the ID of a %s", id, d.what)
	}
	if old, twice := k.seen[id]; twice {
		k.bad(k.at(id), "%s is defined twice, as %s and as %s", id, old.what, d.what)
	}
	k.seen[id] = d
}

func (k *checker) filled(id string, texts map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if strings.TrimSpace(texts[key]) == "" {
			k.bad(k.at(id), "%s: %s is missing", id, key)
		}
	}
}

func (k *checker) cite(id string, sources []string) {
	for _, s := range sources {
		if _, ok := k.cat.Citations[s]; !ok {
			k.bad(k.at(id, "cite"), "%s: cite: no source is called %q", id, s)
		}
		k.cited[s] = true
	}
}

// disputed checks that both sides are told, each with its source.
func (k *checker) disputed(id, each string, disputes []Dispute) {
	for _, d := range disputes {
		k.cond(id, each, d.When, true)
		for _, said := range []Said{d.Says, d.Differs} {
			if said.Text == "" || said.At == "" || said.Cite == "" {
				k.bad(k.at(id, "disputed"), "%s: disputed: says and differs have text, at (the place where it stands) and cite", id)
				continue
			}
			k.cite(id, []string{said.Cite})
		}
		if d.Chose == "" {
			k.bad(k.at(id, "disputed"), "%s: disputed: chose is missing", id)
		}
	}
}

// each checks that the list of which something stands once per item is asked earlier.
func (k *checker) each(id, list string) {
	if list == "" {
		return
	}
	q, _ := k.cat.Question(list)
	if _, earlier := k.seen[list]; !earlier || q.Kind != Items {
		k.bad(k.at(id, "each"), "%s: each: no earlier question of kind items is called %q", id, list)
	}
	k.used[list] = true
}

// point checks a reference backwards and returns what it points to. Inside an item, an ID of
// another list cannot be pointed to.
func (k *checker) point(id, each, to string, keys ...string) (def, bool) {
	d, ok := k.seen[to]
	k.used[to] = true
	if !ok {
		k.bad(k.at(id, keys...), "%s: nothing earlier is called %q", id, to)
	}
	if ok && d.each != "" && d.each != each && each != "" {
		k.bad(k.at(id, keys...), "%s: %s belongs to an item of %s", id, to, d.each)
	}
	return d, ok
}

// cond checks a condition. Of decisions only, where questions is false.
func (k *checker) cond(id, each string, c Cond, questions bool) {
	for _, name := range c.IDs() {
		d, ok := k.point(id, each, name, "when")
		switch {
		case !ok:
		case d.values == nil:
			k.bad(k.at(id, "when"), "%s: when: %s is no choice, so no condition can ask for it", id, name)
		case !questions && d.what == "question":
			k.bad(k.at(id, "when"), "%s: when: %s is a question; only decisions lead to objects, holds and records", id, name)
		}
		for _, a := range c {
			for _, w := range a[name] {
				if d.values != nil && !slices.Contains(d.values, w) {
					k.bad(k.at(id, "when"), "%s: when: %s is never %q", id, name, w)
				}
			}
		}
	}
}

func (k *checker) reads(id string, ids []string) {
	if len(ids) == 0 {
		k.bad(k.at(id), "%s: reads: name the answers it rests on", id)
	}
	for _, to := range ids {
		if _, ok := k.seen[to]; !ok {
			k.bad(k.at(id, "reads"), "%s: nothing earlier is called %q", id, to)
		}
		k.used[to] = true
	}
}

// placeholders checks everything that a value names.
func (k *checker) placeholders(id, each string, v any, keys ...string) {
	for _, to := range Placeholders(v) {
		d, ok := k.point(id, each, to, keys...)
		if ok && d.each != "" && each == "" {
			k.bad(k.at(id, keys...), "%s: %s has a value per item of %s; a derived value can draw them together", id, to, d.each)
		}
	}
}

func (k *checker) question(q Question) {
	if _, known := elements[q.Kind]; !known {
		k.bad(k.at(q.ID, "kind"), "%s: %q is no kind of question", q.ID, q.Kind)
		return
	}
	k.filled(q.ID, map[string]string{"title": q.Title, "help": q.Help})
	k.each(q.ID, q.Each)
	k.cond(q.ID, q.Each, q.When, true)
	k.cite(q.ID, q.Cite)
	k.disputed(q.ID, q.Each, q.Disputed)
	choice := q.Kind == Select || q.Kind == Multi
	if choice != (len(q.Options) > 0) {
		k.bad(k.at(q.ID, "kind"), "%s: options and kind %s do not go together", q.ID, q.Kind)
	}
	for _, o := range q.Options {
		if o.Value == "" || o.Label == "" {
			k.bad(k.at(q.ID, "options"), "%s: an option has a value and a label", q.ID)
		}
		k.cond(q.ID, q.Each, o.When, true)
	}
	if (q.Kind == Items) != (q.Of != "" && q.Item != "") {
		k.bad(k.at(q.ID, "kind"), "%s: of and item belong to kind items", q.ID)
	}
	if q.Kind == Items && (elements[q.Of] == nil || q.Of.List() || q.Each != "") {
		k.bad(k.at(q.ID, "kind"), "%s: items are single values, listed once", q.ID)
	}
	if q.Form != "" && q.Pattern == "" {
		k.bad(k.at(q.ID, "form"), "%s: form says in words what pattern asks for", q.ID)
	}
	if (q.Pattern == "") != (q.Example == "") {
		k.bad(k.at(q.ID, "kind"), "%s: pattern and example belong together", q.ID)
	}
	if q.Tenant && (len(q.Values()) == 0 || q.Each != "") {
		k.bad(k.at(q.ID, "tenant"), "%s: tenant: what is typed or said of an item never passes to another tenant; leave it out", q.ID)
	}
	if q.Default != nil {
		if _, err := q.Parse(WordsOf(q.Default)...); err != nil {
			k.bad(k.at(q.ID, "default"), "%s: default: %v", q.ID, err)
		}
	}
	if q.Cover {
		k.used[q.ID] = true
	}
	k.define(q.ID, questionID, def{what: "question", each: q.Each, values: q.Values(), list: q.Kind.List(), flag: q.Kind == Confirm})
	if q.Item != "" {
		k.define(q.Item, questionID, def{what: "item", each: q.ID})
		k.used[q.Item] = true
	}
}

func (k *checker) decision(d Decision) {
	k.filled(d.ID, map[string]string{"title": d.Title})
	k.each(d.ID, d.Each)
	k.cond(d.ID, d.Each, d.When, true)
	k.cite(d.ID, d.Cite)
	k.disputed(d.ID, d.Each, d.Disputed)
	if len(d.Cite) == 0 {
		k.bad(k.at(d.ID), "%s: a decision has a source", d.ID)
	}
	for _, c := range d.Controls {
		if _, ok := k.cat.Controls[c]; !ok {
			k.bad(k.at(d.ID, "controls"), "%s: controls: controls.yaml has no %s", d.ID, c)
		}
		k.supported[c] = true
	}
	out := def{what: "decision", each: d.Each, flag: true, number: true}
	for i, o := range d.Outcomes {
		for _, c := range o.Misses {
			if !slices.Contains(d.Controls, c) {
				k.bad(k.at(d.ID, "outcomes"), "%s: an outcome misses %s, which is not among its controls", d.ID, c)
			}
		}
		k.cond(d.ID, d.Each, o.When, true)
		k.placeholders(d.ID, d.Each, o.Text, "outcomes")
		k.placeholders(d.ID, d.Each, o.Why, "outcomes")
		if last := i == len(d.Outcomes)-1; last != (len(o.When) == 0) {
			k.bad(k.at(d.ID, "outcomes"), "%s: the last outcome, and only it, has no condition", d.ID)
		}
		if o.Text == "" || o.Why == "" || o.Is == nil {
			k.bad(k.at(d.ID, "outcomes"), "%s: an outcome has is, text and why", d.ID)
		}
		k.outcome(&out, d, o)
	}
	if len(d.Outcomes) == 0 {
		k.bad(k.at(d.ID), "%s: a decision has outcomes", d.ID)
	}
	if d.Document {
		k.used[d.ID] = true
	}
	k.define(d.ID, decisionID, out)
}

// outcome adds to what is known of a decision the values that one outcome can have.
func (k *checker) outcome(out *def, d Decision, o Outcome) {
	_, isFlag := o.Is.(bool)
	_, isNumber := o.Is.(int)
	if id, alone := Alone(o.Is); alone {
		from, _ := k.point(d.ID, d.Each, id, "outcomes")
		out.values = append(out.values, from.values...)
		out.list, isFlag, isNumber = from.list, from.flag, from.number
	} else {
		k.placeholders(d.ID, d.Each, o.Is, "outcomes")
		out.values = append(out.values, WordsOf(o.Is)...)
	}
	out.flag, out.number = out.flag && isFlag, out.number && isNumber
}

func (k *checker) rule(r Rule) {
	k.judges(r.ID, r.Severity, r.Summary, r.Detail, r.Remedy, r.Cite, len(r.Fires), len(r.Quiet))
	if r.Check == "" && len(r.When) == 0 {
		k.bad(k.at(r.ID), "%s: a rule has a condition or a check", r.ID)
	}
	if r.Check != "" {
		k.reads(r.ID, r.Reads)
	} else if len(r.Reads) > 0 {
		k.bad(k.at(r.ID, "reads"), "%s: reads belongs to a check; a condition names what it reads", r.ID)
	}
	k.each(r.ID, r.Each)
	k.cond(r.ID, r.Each, r.When, true)
	k.placeholders(r.ID, r.Each, r.Detail, "detail")
	for _, e := range slices.Concat(r.Fires, r.Quiet) {
		for id := range e {
			if _, ok := k.cat.Question(id); !ok {
				k.bad(k.at(r.ID), "%s: example: no question is called %q", r.ID, id)
			}
		}
	}
	k.define(r.ID, ruleID, def{what: "rule", each: r.Each})
}

// judges checks what every rule has, whatever it looks at.
func (k *checker) judges(id string, severity Severity, summary, detail, remedy string, cite []string, fires, quiet int) {
	k.filled(id, map[string]string{"summary": summary, "detail": detail, "remedy": remedy})
	if !slices.Contains([]Severity{Error, Warning, Info}, severity) {
		k.bad(k.at(id, "severity"), "%s: severity is error, warning or info, not %q", id, severity)
	}
	if fires == 0 || quiet == 0 {
		k.bad(k.at(id), "%s: a rule has an example that fires and one that stays quiet", id)
	}
	if len(cite) == 0 {
		k.bad(k.at(id), "%s: a rule has a source", id)
	}
	k.cite(id, cite)
}

// watch checks a rule that looks at DNS. That its look is known and its examples do what they say
// is for package dnscheck.
func (k *checker) watch(w Watch) {
	k.judges(w.ID, w.Severity, w.Summary, w.Detail, w.Remedy, w.Cite, len(w.Fires), len(w.Quiet))
	k.filled(w.ID, map[string]string{"look": w.Look})
	k.each(w.ID, w.Each())
	k.cond(w.ID, w.Each(), w.When, true)
	k.placeholders(w.ID, w.Each(), w.Detail, "detail")
	k.define(w.ID, ruleID, def{what: "live rule", each: w.Each()})
}

// stray checks a rule that looks for objects beside the plan. Its values are literal, and every
// example can be one of its noun.
func (k *checker) stray(s Stray) {
	k.judges(s.ID, s.Severity, s.Summary, s.Detail, s.Remedy, s.Cite, len(s.Fires), len(s.Quiet))
	k.cond(s.ID, "", s.When, false)
	k.define(s.ID, ruleID, def{what: "rule of the tenant"})
	noun, ok := k.cat.Contract.Noun(s.Noun)
	if !ok || noun.Singleton() {
		k.bad(k.at(s.ID, "noun"), "%s: %q is no noun of which there are several", s.ID, s.Noun)
		return
	}
	if len(s.Like)+len(s.Has) == 0 {
		k.bad(k.at(s.ID), "%s: say under like or has which objects are meant", s.ID)
	}
	for _, values := range slices.Concat([]map[string]any{s.Like, s.Has}, s.Fires, s.Quiet) {
		for property, v := range values {
			if _, whole := k.cat.Contract.Whole(s.Noun)[property]; whole {
				continue // it is compared, and no plan sets it
			}
			if err := k.cat.Contract.CheckValue(s.Noun, property, v); err != nil {
				k.bad(k.at(s.ID), "%s: %v", s.ID, err)
			}
		}
	}
}

// steps gives every step and hold its place, so that needs can point to other topics.
func (k *checker) steps(t Topic) {
	add := func(id, phase string) {
		_, number, _ := strings.Cut(id, "-")
		if other := k.numbers[number]; other != "" {
			k.bad(k.at(id), "%s has the number of %s: steps and holds share one numbering", id, other)
		}
		if !strings.HasPrefix("P"+number, phase) {
			k.bad(k.at(id), "%s is of phase %s: the first digit of a number is that of its phase", id, phase)
		}
		k.numbers[number] = id
		k.places[id] = phase + " " + number
	}
	for _, o := range t.Objects {
		for _, s := range o.Stages {
			add(s.ID, s.Phase)
		}
	}
	for _, h := range t.Holds {
		add(h.ID, h.Phase)
	}
}

func (k *checker) phase(id, phase string) {
	if k.seen[phase].what != "phase" {
		k.bad(k.at(id, "phase"), "%s: no phase is called %q", id, phase)
	}
}

func (k *checker) object(o Object) {
	k.each(o.ID, o.Each)
	k.cond(o.ID, o.Each, o.When, false)
	k.placeholders(o.ID, o.Each, o.Name, "name")
	noun, ok := k.cat.Contract.Noun(o.Noun)
	if !ok {
		k.bad(k.at(o.ID, "noun"), "%s: the contract knows no noun %q", o.ID, o.Noun)
		return
	}
	if noun.Singleton() != (o.Name == "") {
		k.bad(k.at(o.ID, "name"), "%s: a %s %s", o.ID, o.Noun, map[bool]string{true: "has no name", false: "has a name"}[noun.Singleton()])
	}
	if len(o.Stages) == 0 {
		k.bad(k.at(o.ID), "%s: an object has a stage", o.ID)
		return
	}
	k.owned(o)
	k.owners(o, noun)
	k.values(o, o.ID, noun, "new", o.New)
	k.values(o, o.ID, noun, "given", o.Given)
	for i, s := range o.Stages {
		k.stage(o, s, noun)
		if i > 0 && k.places[s.ID] <= k.places[o.Stages[i-1].ID] {
			k.bad(k.at(s.ID), "%s stands before %s in the plan, but after it here", s.ID, o.Stages[i-1].ID)
		}
	}
	if len(o.Stages[0].When) > 0 {
		k.bad(k.at(o.Stages[0].ID, "when"), "%s: the first stage creates, so it has no condition of its own", o.Stages[0].ID)
	}
	k.define(o.ID, objectID, def{what: "object", each: o.Each})
	k.used[o.ID] = true
}

// owned checks that what somebody else makes is looked at and never written.
func (k *checker) owned(o Object) {
	written := len(o.New) + len(o.Given)
	for _, s := range o.Stages {
		written += len(s.Set) + len(s.Add) + len(s.Keep) + len(s.Tell)
		if (o.Owner == "") && len(s.Includes) > 0 {
			k.bad(k.at(s.ID, "includes"), "%s: includes belongs to an object with an owner", s.ID)
		}
	}
	if o.Owner != "" && written > 0 {
		k.bad(k.at(o.ID, "owner"), "%s: %s makes it, so its stages have expect and includes and write nothing", o.ID, o.Owner)
	}
	if o.Ends == "" {
		return
	}
	place, ok := k.places[o.Ends]
	if last := k.places[o.Stages[len(o.Stages)-1].ID]; o.Owner == "" || !ok || !holdID.MatchString(o.Ends) || place <= last {
		k.bad(k.at(o.ID, "ends"), "%s: ends names a later hold, after which an object with an owner may be gone", o.ID)
	}
}

// owners checks that each property is set by one stage at most that can apply, and that one
// which a later stage sets has a value until then.
func (k *checker) owners(o Object, noun contract.Noun) {
	for i, s := range o.Stages {
		for _, p := range slices.Sorted(maps.Keys(s.Set)) {
			_, under := o.New[p]
			_, given := o.Given[p]
			switch {
			case i > 0 && !noun.Singleton() && !under && !given:
				k.bad(k.at(s.ID, "set"), "%s: %s has no value under new: what is it until then?", s.ID, p)
			case i == 0 && (under || given):
				k.bad(k.at(s.ID, "set"), "%s: %s stands under new too, but the first stage sets it", s.ID, p)
			}
			for _, later := range o.Stages[i+1:] {
				_, sets := later.Set[p]
				_, adds := later.Add[p]
				if (sets || adds) && !s.When.excludes(later.When) {
					k.bad(k.at(later.ID, "set"), "%s: %s is set by %s too, and both can apply", later.ID, p, s.ID)
				}
			}
		}
	}
}

func (k *checker) stage(o Object, s Stage, noun contract.Noun) {
	k.define(s.ID, stepID, def{what: "step", each: o.Each})
	k.used[s.ID] = true
	k.filled(s.ID, map[string]string{"title": s.Title})
	k.phase(s.ID, s.Phase)
	k.cond(s.ID, o.Each, s.When, false)
	k.placeholders(s.ID, o.Each, s.Title, "title")
	k.values(o, s.ID, noun, "set", s.Set)
	k.values(o, s.ID, noun, "add", s.Add)
	k.values(o, s.ID, noun, "expect", s.Expect)
	k.values(o, s.ID, noun, "includes", s.Includes)
	if o.Owner != "" && len(s.Expect)+len(s.Includes) == 0 {
		k.bad(k.at(s.ID), "%s: says nothing that the object must be", s.ID)
	}
	if o.Owner == "" && len(s.Set)+len(s.Add) == 0 && (s.ID != o.Stages[0].ID || len(o.New)+len(o.Given) == 0) {
		k.bad(k.at(s.ID), "%s: a stage sets or adds something", s.ID)
	}
	for _, to := range s.Needs {
		switch at, ok := k.places[to]; {
		case !ok:
			k.bad(k.at(s.ID, "needs"), "%s: needs: no step or hold is called %q", s.ID, to)
		case at >= k.places[s.ID]:
			k.bad(k.at(s.ID, "needs"), "%s: needs: %s comes later", s.ID, to)
		}
	}
	for question, property := range s.Tell {
		k.point(s.ID, o.Each, question, "tell")
		if _, ok := noun.ReadOnly[property]; !ok {
			k.bad(k.at(s.ID, "tell"), "%s: tell: %s has no read-only property %s", s.ID, o.Noun, property)
		}
	}
}

// values checks the properties of one part of an object against the contract.
func (k *checker) values(o Object, id string, noun contract.Noun, part string, values map[string]any) {
	for _, p := range slices.Sorted(maps.Keys(values)) {
		v := values[p]
		kind, ok := noun.Kind(p)
		_, settable := noun.Properties[p]
		_, creation := noun.Creation[p]
		switch {
		case !ok:
			k.bad(k.at(id, part, p), "%s: the contract knows no property %s of a %s", id, p, noun.Name)
			continue
		case creation && part == "given":
		case part != "expect" && part != "includes" && !settable:
			k.bad(k.at(id, part, p), "%s: %s of a %s cannot be set there", id, p, noun.Name)
		case (part == "add" || part == "includes") && kind != contract.Words && kind != contract.Texts:
			k.bad(k.at(id, part, p), "%s: %s is not a list of members", id, p)
		}
		k.placeholders(id, o.Each, v, part, p)
		if err := k.fits(noun, p, kind, v); err != nil {
			k.bad(k.at(id, part, p), "%s: %v", id, err)
		}
	}
}

// fits checks a value before its placeholders are filled in: literals wholly, a placeholder
// alone by the type of what it stands for.
func (k *checker) fits(noun contract.Noun, property string, kind contract.Kind, v any) error {
	lists := kind == contract.Words || kind == contract.Texts || kind == contract.Order
	if id, alone := Alone(v); alone {
		d := k.seen[id]
		fits := map[bool]bool{true: d.list, false: !d.list}[lists]
		fits = fits && (kind == contract.Flag) == d.flag && (kind == contract.Number) == d.number
		if !fits {
			return fmt.Errorf("%s is a %s; <%s> is not", property, kind, id)
		}
		return nil
	}
	if len(Placeholders(v)) == 0 {
		return k.cat.Contract.CheckValue(noun.Name, property, v)
	}
	if _, isList := v.([]any); isList != lists {
		return fmt.Errorf("%s is a %s, not %s", property, kind, show(v))
	}
	return nil
}

func (k *checker) record(r Record) {
	k.each(r.ID, r.Each)
	k.cond(r.ID, r.Each, r.When, false)
	k.cite(r.ID, r.Cite)
	k.filled(r.ID, map[string]string{"zone": r.Zone, "name": r.Name, "reason": r.Reason})
	for key, v := range map[string]any{"zone": r.Zone, "name": r.Name, "reason": r.Reason} {
		k.placeholders(r.ID, r.Each, v, key)
	}
	if !slices.Contains([]string{"A", "AAAA", "CNAME", "MX", "TXT"}, r.Type) {
		k.bad(k.at(r.ID, "type"), "%s: %q is not a type of record that a plan holds", r.ID, r.Type)
	}
	if (r.Type == "TXT") != (r.Tag != "") {
		k.bad(k.at(r.ID, "tag"), "%s: a TXT record, and only it, has a tag", r.ID)
	}
	if !slices.Contains([]string{"", "external", "internal"}, r.View) {
		k.bad(k.at(r.ID, "view"), "%s: the view is external or internal", r.ID)
	}
	k.today(r)
	for _, s := range r.Stages {
		k.phase(r.ID, s.Phase)
		k.cond(r.ID, r.Each, s.When, false)
		k.placeholders(r.ID, r.Each, s.Value, "stages")
		if s.Serves != nil {
			k.filled(r.ID, map[string]string{"url": s.Serves.URL, "text": s.Serves.Text})
			k.placeholders(r.ID, r.Each, s.Serves.URL, "stages")
			k.placeholders(r.ID, r.Each, s.Serves.Text, "stages")
		}
		if s.TTL <= 0 || s.Value == nil {
			k.bad(k.at(r.ID, "stages"), "%s: a stage has a ttl in seconds and a value", r.ID)
		}
		if r.Type != "MX" && s.Preference != 0 {
			k.bad(k.at(r.ID, "stages"), "%s: only an MX record has a preference", r.ID)
		}
	}
	order := func(a, b RecordStage) int {
		return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(a.Round, b.Round))
	}
	if !slices.IsSortedFunc(r.Stages, order) || len(r.Stages) == 0 {
		k.bad(k.at(r.ID, "stages"), "%s: a record has stages, in the order of their phases and rounds", r.ID)
	}
	for i, s := range r.Stages {
		for _, later := range r.Stages[i+1:] {
			if order(s, later) == 0 && !s.When.excludes(later.When) {
				k.bad(k.at(r.ID, "stages"), "%s: two stages stand in %s, and both can apply", r.ID, s.Phase)
			}
		}
	}
	k.define(r.ID, recordID, def{what: "record", each: r.Each})
	k.used[r.ID] = true
}

// today checks what a record says of the present: answers, and a phase before its first stage.
func (k *checker) today(r Record) {
	if r.Today == nil {
		return
	}
	k.placeholders(r.ID, r.Each, r.Today.Value, "today")
	k.placeholders(r.ID, r.Each, r.Today.TTL, "today")
	if r.Today.Value == nil {
		k.bad(k.at(r.ID, "today"), "%s: today: value is missing", r.ID)
	}
	if (r.Today.Lower == "") != (r.Today.Reason == "") {
		k.bad(k.at(r.ID, "today"), "%s: today: lower and reason belong together", r.ID)
	}
	if r.Today.Lower == "" {
		return
	}
	k.phase(r.ID, r.Today.Lower)
	if len(r.Stages) > 0 && r.Today.Lower >= r.Stages[0].Phase {
		k.bad(k.at(r.ID, "today"), "%s: today: a time to live is lowered before %s", r.ID, r.Stages[0].Phase)
	}
}

func (k *checker) hold(h Hold) {
	k.each(h.ID, h.Each)
	k.cond(h.ID, h.Each, h.When, false)
	k.phase(h.ID, h.Phase)
	k.cite(h.ID, h.Cite)
	k.filled(h.ID, map[string]string{"title": h.Title, "text": h.Text})
	k.placeholders(h.ID, h.Each, h.Title, "title")
	k.placeholders(h.ID, h.Each, h.Text, "text")
	k.recordsOf(h, "records", h.Records)
	k.recordsOf(h, "rests", h.Rests)
	for _, l := range h.Looks {
		k.look(h, l)
	}
	if at, ok := k.places[h.sinceHold()]; h.Since != nil && (!ok || !holdID.MatchString(h.Since.Hold) || at >= k.places[h.ID] || h.Since.Days < 1) {
		k.bad(k.at(h.ID, "since"), "%s: since names an earlier hold, and at least one day", h.ID)
	}
	if h.Rule != "" && !ruleID.MatchString(h.Rule) {
		k.bad(k.at(h.ID, "rule"), "%s: %q is not the ID of a rule", h.ID, h.Rule)
	}
	k.define(h.ID, holdID, def{what: "hold", each: h.Each})
	k.used[h.ID] = true
}

// recordsOf checks the records that a hold names under a key.
func (k *checker) recordsOf(h Hold, key string, records []string) {
	for _, to := range records {
		if k.seen[to].what != "record" {
			k.bad(k.at(h.ID, key), "%s: no record is called %q", h.ID, to)
		} else if k.seen[to].each != h.Each && h.Each != "" {
			k.bad(k.at(h.ID, key), "%s: %s does not stand once per item of %s", h.ID, to, h.Each)
		}
	}
}

// look checks what a hold wants to see in the tenant, like an expectation of a step.
func (k *checker) look(h Hold, l Look) {
	noun, ok := k.cat.Contract.Noun(l.Noun)
	if !ok {
		k.bad(k.at(h.ID, "looks"), "%s: the contract knows no noun %q", h.ID, l.Noun)
		return
	}
	if noun.Singleton() != (l.Name == "") || noun.Singleton() && len(l.Expect) == 0 {
		k.bad(k.at(h.ID, "looks"), "%s: a look at %s says which, and what it must be where there is but one", h.ID, l.Noun)
	}
	k.cond(h.ID, h.Each, l.When, false)
	k.placeholders(h.ID, h.Each, l.Name, "looks")
	k.values(Object{Each: h.Each}, h.ID, noun, "expect", l.Expect)
}

func (k *checker) test(x Test) {
	k.each(x.ID, x.Each)
	k.cond(x.ID, x.Each, x.When, false)
	k.phase(x.ID, x.Phase)
	k.cite(x.ID, x.Cite)
	texts := map[string]string{"title": x.Title, "from": x.From, "to": x.To, "path": x.Path, "expect": x.Expect}
	k.filled(x.ID, texts)
	texts["marking"], texts["connector"], texts["headers"] = x.Marking, x.Connector, strings.Join(x.Headers, " ")
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		k.placeholders(x.ID, x.Each, texts[key], key)
	}
	k.beside(x.ID, x.Phase, "after", x.After, stepID)
	k.beside(x.ID, x.Phase, "hold", x.Hold, holdID)
	k.define(x.ID, testID, def{what: "test", each: x.Each})
}

// beside checks the step or hold of its phase that something names, if it names one.
func (k *checker) beside(id, phase, key, to string, forms ...*regexp.Regexp) {
	switch at, ok := k.places[to]; {
	case to == "":
	case !ok || !slices.ContainsFunc(forms, func(f *regexp.Regexp) bool { return f.MatchString(to) }):
		k.bad(k.at(id, key), "%s: %s: no such thing is called %q", id, key, to)
	case !strings.HasPrefix(at, phase+" "):
		k.bad(k.at(id, key), "%s: %s: %s stands in another phase", id, key, to)
	}
}

// unused reports what nobody reads: a question that changes nothing should not be asked, a
// source that backs nothing should not be listed.
func (k *checker) unused() {
	for _, id := range slices.Sorted(maps.Keys(k.seen)) {
		d := k.seen[id]
		if !k.used[id] && (d.what == "question" || d.what == "decision" || d.what == "derived value") {
			k.bad(k.at(id), "%s: nothing reads this %s", id, d.what)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(k.cat.Citations)) {
		if !k.cited[id] {
			k.bad(place{file: "citations.yaml"}, "%s: nothing cites this source", id)
		}
	}
}
