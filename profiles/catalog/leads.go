package catalog

import (
	"maps"
	"slices"
)

// Leads is what an answer leads to: everything in the catalogue that uses the question, by
// itself or by way of a decision, a derived value or the name of an object; a hold also by way of
// its records, a test by way of the step or the hold that it tries, a flow by way of what waits for it.
type Leads struct {
	Questions, Decisions, Rules, Steps, Records, Tests, Flows, Certificates []string
	Controls                                                                []string

	ids map[string]bool // what stands for the answer so far
}

// Leads follows an answer through the catalogue. One pass does, for what uses something stands
// later than what is used.
func (c *Catalog) Leads(q Question) Leads {
	l := Leads{ids: map[string]bool{q.ID: true}}
	if q.Kind == Items {
		l.ids[q.Item] = true
	}
	for _, t := range c.Topics {
		for _, later := range t.Questions {
			if l.reach(later.Uses()) {
				l.Questions = append(l.Questions, later.ID)
			}
		}
		for _, d := range t.Decisions {
			l.decision(d)
		}
		for _, v := range t.Derived {
			if l.reach(v.Reads) {
				l.ids[v.ID] = true
			}
		}
		for _, r := range t.Rules {
			if l.reach(r.Uses()) {
				l.Rules = append(l.Rules, r.ID)
			}
		}
		for _, w := range t.Watches {
			if l.reach(w.Uses()) {
				l.Rules = append(l.Rules, w.ID)
			}
		}
		for _, s := range t.Strays {
			if l.reach(s.When.IDs()) {
				l.Rules = append(l.Rules, s.ID)
			}
		}
		for _, o := range t.Objects {
			l.object(o)
		}
		for _, r := range t.Records {
			if l.reach(r.Uses()) {
				l.ids[r.ID] = true
				l.Records = append(l.Records, r.ID)
			}
		}
		for _, h := range t.Holds {
			if l.reach(h.Uses()) {
				l.step(h.ID)
			}
		}
		for _, x := range t.Tests {
			if l.reach(x.Uses()) {
				l.Tests = append(l.Tests, x.ID)
			}
		}
		for _, f := range t.Flows {
			if l.reach(f.Uses()) {
				l.Flows = append(l.Flows, f.ID)
			}
		}
		for _, x := range t.Certificates {
			if l.reach(x.Uses()) {
				l.Certificates = append(l.Certificates, x.ID)
			}
		}
	}
	slices.Sort(l.Steps)
	slices.Sort(l.Controls)
	l.Controls = slices.Compact(l.Controls)
	return l
}

// reach says that something which uses these IDs hangs on the answer.
func (l *Leads) reach(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return l.ids[id] })
}

func (l *Leads) decision(d Decision) {
	if l.reach(d.Uses()) {
		l.ids[d.ID] = true
		l.Decisions = append(l.Decisions, d.ID)
		l.Controls = append(l.Controls, d.Controls...)
	}
}

// step lists a step or a hold, for the messages that try it.
func (l *Leads) step(id string) {
	l.ids[id] = true
	l.Steps = append(l.Steps, id)
}

// object lists the stages that use the answer; what stands for the object as a whole reaches
// all of them.
func (l *Leads) object(o Object) {
	whole := l.reach(o.Uses())
	for _, s := range o.Stages {
		if whole || l.reach(s.Uses()) {
			l.step(s.ID)
		}
	}
	if l.reach(Placeholders(o.Name)) {
		l.ids[o.ID] = true
	}
}

// Uses returns the IDs on which it hangs whether and how the question is asked, and what is offered.
func (q Question) Uses() []string {
	conds := []Cond{q.When}
	for _, o := range q.Options {
		conds = append(conds, o.When)
	}
	return uses(q.Each, conds, q.Title)
}

// Uses returns the IDs from which the decision falls.
func (d Decision) Uses() []string {
	conds := []Cond{d.When}
	var values []any
	for _, o := range d.Outcomes {
		conds = append(conds, o.When)
		values = append(values, o.Is, o.Text)
	}
	return uses(d.Each, conds, values...)
}

// Uses returns what the rule rests on, with the list for whose items it stands.
func (r Rule) Uses() []string { return append(uses(r.Each, nil), r.Rests()...) }

// Uses returns the IDs that say of which domains it is asked.
func (w Watch) Uses() []string { return uses(w.Each(), []Cond{w.When}) }

// Uses returns the IDs on which the object as a whole hangs.
func (o Object) Uses() []string {
	return append(uses(o.Each, []Cond{o.When}, o.Name), slices.Concat(inValues(o.New), inValues(o.Given))...)
}

// Uses returns the IDs that this stage of an object is made from.
func (s Stage) Uses() []string {
	return slices.Concat(s.When.IDs(), inValues(s.Set), inValues(s.Add), inValues(s.Expect), inValues(s.Includes))
}

// Uses returns the IDs on which it hangs whether the hold stands, what it says, what it waits for and
// what it looks at.
func (h Hold) Uses() []string {
	ids := append(uses(h.Each, []Cond{h.When}, h.Title, h.Text, h.Back), slices.Concat(h.Records, h.Rests)...)
	for _, l := range h.Looks {
		ids = append(ids, slices.Concat(uses("", []Cond{l.When}, l.Name), inValues(l.Expect))...)
	}
	return ids
}

// sinceHold is the hold that must have been passed before, none when there is no such time.
func (h Hold) sinceHold() string {
	if h.Since == nil {
		return ""
	}
	return h.Since.Hold
}

// Uses returns the IDs that the record is made from.
func (r Record) Uses() []string {
	conds, values := []Cond{r.When}, []any{r.Zone, r.Name}
	if r.Today != nil {
		values = append(values, r.Today.Value, r.Today.TTL)
	}
	for _, s := range r.Stages {
		conds = append(conds, s.When)
		values = append(values, s.Value)
		if s.Serves != nil {
			values = append(values, s.Serves.URL, s.Serves.Text)
		}
	}
	return uses(r.Each, conds, values...)
}

// uses collects the IDs of a list, of conditions and of placeholders.
func uses(each string, conds []Cond, values ...any) []string {
	var ids []string
	if each != "" {
		ids = append(ids, each)
	}
	for _, c := range conds {
		ids = append(ids, c.IDs()...)
	}
	for _, v := range values {
		ids = append(ids, Placeholders(v)...)
	}
	return ids
}

func inValues(values map[string]any) []string {
	var ids []string
	for _, k := range slices.Sorted(maps.Keys(values)) {
		ids = append(ids, Placeholders(values[k])...)
	}
	return ids
}
