package wizard

import (
	"maps"
	"slices"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// leads is what an answer leads to: everything in the catalogue that reads the question, by
// itself or by way of a decision, a derived value or the name of an object.
type leads struct {
	Questions, Decisions, Rules, Steps, Records []string
	Controls                                    []string

	ids map[string]bool // what stands for the answer so far
}

// leadsOf follows an answer through the catalogue. One pass does, for what reads stands later
// than what is read.
func leadsOf(c *catalog.Catalog, q catalog.Question) leads {
	l := leads{ids: map[string]bool{q.ID: true}}
	if q.Kind == catalog.Items {
		l.ids[q.Item] = true
	}
	for _, t := range c.Topics {
		for _, later := range t.Questions {
			if l.reads(later.When.IDs(), catalog.Placeholders(later.Title)) || l.ids[later.Each] {
				l.Questions = append(l.Questions, later.ID)
			}
		}
		for _, d := range t.Decisions {
			l.decision(d)
		}
		for _, v := range t.Derived {
			if l.reads(v.Reads) {
				l.ids[v.ID] = true
			}
		}
		for _, r := range t.Rules {
			if l.reads(r.Rests()) || l.ids[r.Each] {
				l.Rules = append(l.Rules, r.ID)
			}
		}
		for _, o := range t.Objects {
			l.object(o)
		}
		for _, h := range t.Holds {
			if l.reads(h.When.IDs()) || l.ids[h.Each] {
				l.Steps = append(l.Steps, h.ID)
			}
		}
		for _, r := range t.Records {
			l.record(r)
		}
	}
	slices.Sort(l.Steps)
	slices.Sort(l.Controls)
	l.Controls = slices.Compact(l.Controls)
	return l
}

func (l *leads) reads(ids ...[]string) bool {
	return slices.ContainsFunc(slices.Concat(ids...), func(id string) bool { return l.ids[id] })
}

func (l *leads) decision(d catalog.Decision) {
	ids := d.When.IDs()
	for _, o := range d.Outcomes {
		ids = slices.Concat(ids, o.When.IDs(), catalog.Placeholders(o.Is), catalog.Placeholders(o.Text))
	}
	if l.reads(ids) || l.ids[d.Each] {
		l.ids[d.ID] = true
		l.Decisions = append(l.Decisions, d.ID)
		l.Controls = append(l.Controls, d.Controls...)
	}
}

// object lists the stages that read the answer; what stands for the object as a whole reaches
// all of them.
func (l *leads) object(o catalog.Object) {
	whole := l.reads(o.When.IDs(), catalog.Placeholders(o.Name), placeholders(o.New), placeholders(o.Given)) || l.ids[o.Each]
	for _, s := range o.Stages {
		if whole || l.reads(s.When.IDs(), placeholders(s.Set), placeholders(s.Add), placeholders(s.Expect)) {
			l.Steps = append(l.Steps, s.ID)
		}
	}
	if l.reads(catalog.Placeholders(o.Name)) {
		l.ids[o.ID] = true
	}
}

func (l *leads) record(r catalog.Record) {
	found := l.reads(r.When.IDs(), catalog.Placeholders(r.Zone), catalog.Placeholders(r.Name)) || l.ids[r.Each]
	for _, s := range r.Stages {
		found = found || l.reads(s.When.IDs(), catalog.Placeholders(s.Value))
	}
	if found {
		l.Records = append(l.Records, r.ID)
	}
}

func placeholders(values map[string]any) []string {
	var ids []string
	for _, k := range slices.Sorted(maps.Keys(values)) {
		ids = append(ids, catalog.Placeholders(values[k])...)
	}
	return ids
}

// restsOn returns the answers that a rule rests on in a scope, in the order of the questions.
func restsOn(s *profiles.State, rule catalog.Rule, scope profiles.Scope) []profiles.Ref {
	var refs []profiles.Ref
	rests := map[string]bool{}
	for _, a := range s.Asked {
		id := a.Question.ID
		if _, known := rests[id]; !known {
			rests[id] = slices.Contains(leadsOf(s.Catalog, a.Question).Rules, rule.ID)
		}
		if rests[id] && !a.Scope.Apart(scope) {
			refs = append(refs, a.Ref())
		}
	}
	return refs
}
