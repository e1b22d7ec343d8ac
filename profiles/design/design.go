// Package design turns the state of a profile into everything that a template or an encoder
// may say: decisions, findings, the steps of the change, the DNS records, and what is still
// open. It is pure: the same state gives the same design.
package design

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Design is a plan in full. Everything in it is filled in, and in a fixed order.
type Design struct {
	Profile      *profiles.Profile
	Presets      []profiles.Preset // the layers, the first lowest
	Cover        Cover
	Sections     []Section // every answer, by topic
	Decided      []Decision
	Disputes     []Dispute
	Tables       []Table
	Findings     []Finding
	Steps        []Step // steps and holds, in the order of apply
	Records      []Record
	Strays       []Stray       // what does not go with the plan, should it stand in the tenant
	Tests        []Test        // messages to send, in the order of their phases
	Flows        []Flow        // traffic to let through, in the order of the phases that need it
	Certificates []Certificate // those that mail flow depends on
	// Endpoints is what was read of Microsoft's endpoint sets, to look for what is so today.
	Endpoints Endpoints
	Phases    []catalog.Phase // those in which something happens, and those that lead up to them
	Missing   []Open          // neither answered nor owned: nothing can be rendered
	Open      []Open          // owned by somebody
	Sources   []Source
	Controls  []Control // what binds the organisation, sorted
	// Faults are contradictions in what would be rendered, such as two owners of one record. There
	// are none while questions are open on which the shape of the plan hangs.
	Faults []error
}

// Cover is what the pack says of itself.
type Cover struct {
	Organisation, System, Marking, ChangeOwner string
	TenantID, TenantDomain                     string
	Signs                                      []string // the roles that approve, as the sources want it that bind the organisation
}

// The questions of which the cover is made; a test holds that they exist.
const (
	askOrganisation = "engagement.organisation"
	askSystem       = "engagement.system"
	askMarking      = "engagement.marking"
	askChangeOwner  = "engagement.change-owner"
	askTenantID     = "tenant.id"
	askTenantPrefix = "tenant.prefix"
)

// Section is the answers of one topic.
type Section struct {
	Title   string
	Answers []Answer
}

// Answer is one answer in words for people.
type Answer struct {
	Ref    string
	Asking string
	Values []string
	Origin string // this profile, default, or the title of a preset
	Open   *Open
}

// Decision is one row of the design document.
type Decision struct {
	ID        string // DD-020/agency.example
	Title     string
	Text, Why string
	Controls  []string // that bind the organisation and that the decision helps to meet
	Misses    []string // those that it bears on and does not meet
	Cite      []string
	By        []string // steps, records, flows and certificates that carry it out
	Tried     []string // tests that show whether it works
	Headline  bool     // it says in a line what the plan is, and every question that it rests on is answered
}

// Control is a requirement that binds the organisation, and what the plan makes of it. That the
// organisation complies is for an assessor to say.
type Control struct {
	ID, Asks  string
	Decisions []string // that support it
	By        []string // the steps, records, flows and certificates that carry these out
	Missed    []string // decisions that bear on it and do not meet it
	Left      string   // what a plan leaves open of it, and to whom
}

// Table is knowledge that the decisions rest on, for readers.
type Table struct {
	Title, About, Corner string
	Facts                []Statement // what each cell says, where it says several things
	Columns              []string
	Rows                 []Row
	Cite                 []string
}

// Row is a line of a Table; each cell has a text for each fact, or one.
type Row struct {
	Label string
	Cells [][]string
}

// Dispute is a question or a decision on which what sources say is contradicted or outlived.
type Dispute struct {
	ID            string // of the question or decision, without an item
	Title         string
	Says, Differs Statement
	Chose         string
}

// Statement is what a source says, with the place and the edition.
type Statement struct {
	Source   Source
	At, Text string
}

func (s Statement) String() string {
	return fmt.Sprintf("%s, %s (%s; read %s): %s", s.Source.Title, s.At, s.Source.Version, s.Source.Read, s.Text)
}

// Open is a question without an answer.
type Open struct {
	Ref      string
	Asking   string
	Owner    string
	Due      string
	Assumed  []string // what counts meanwhile, in words
	Blocking bool     // the shape of the plan hangs on it and nothing is assumed
	Holds    []string // steps and records that wait for it
}

// Source is a citation under its key.
type Source struct {
	Key string
	catalog.Citation
}

// Resolve computes the design of a state, finished or not. Whether it can be rendered is said
// by Missing, Blocking and Faults.
func Resolve(s *profiles.State, presets profiles.Presets) *Design {
	r := &resolver{State: s, d: &Design{Profile: s.Profile}, objects: map[profiles.Ref]object{}, steering: s.Catalog.Steering()}
	for _, t := range s.Catalog.Topics {
		if t.When.Holds(r.Words(profiles.Scope{})) {
			r.topics = append(r.topics, t)
		}
	}
	for _, id := range s.Profile.Presets {
		if p, ok := presets.Find(id); ok {
			r.d.Presets = append(r.d.Presets, p)
		}
	}
	r.cover()
	r.answers()
	r.open()
	for _, t := range r.topics {
		r.rules(t)
		r.records(t)
		r.holds(t)
		r.objectsOf(t)
		r.strays(t)
	}
	r.order()
	r.holdWhatWaits()
	r.tests()
	r.flows()
	r.endpoints()
	r.certificates()
	r.decisions()
	r.controls()
	r.disputes()
	r.tables()
	r.phases()
	r.sources()
	if len(r.d.Missing) > 0 || len(r.d.BlockingOpen()) > 0 {
		r.d.Faults = nil // the shape of the plan is not known: what contradicts itself is the guess
	}
	return r.d
}

// Blocking returns the findings that stop the pack: errors, and warnings that nobody took on.
func (d *Design) Blocking() []Finding {
	return slices.DeleteFunc(slices.Clone(d.Findings), func(f Finding) bool { return !f.Blocks() })
}

// BlockingOpen returns the open questions on which the shape of the plan hangs.
func (d *Design) BlockingOpen() []Open {
	return slices.DeleteFunc(slices.Clone(d.Open), func(o Open) bool { return !o.Blocking })
}

// Ready says that a pack can be rendered.
func (d *Design) Ready() bool {
	return len(d.Missing) == 0 && len(d.BlockingOpen()) == 0 && len(d.Blocking()) == 0 && len(d.Faults) == 0
}

// Size is how much a pack holds.
type Size struct {
	Steps, Holds, Records int
	Held                  int // steps, holds and records that wait for an open question
}

// Size counts what the pack of the design holds.
func (d *Design) Size() Size {
	var n Size
	for _, s := range d.Steps {
		switch {
		case s.Held():
			n.Held++
		case s.Kind == KindHold:
			n.Holds++
		default:
			n.Steps++
		}
	}
	for _, r := range d.Records {
		if r.Held() {
			n.Held++
		} else {
			n.Records++
		}
	}
	return n
}

// resolver builds a design; objects holds what was made so far.
type resolver struct {
	*profiles.State
	d        *Design
	topics   []catalog.Topic // the subjects that are for this plan
	objects  map[profiles.Ref]object
	steering map[string]bool          // the questions on which the shape of the plan hangs
	decided  map[profiles.Scope][]int // places of the decisions; nil: not looked up yet
}

// object is the name under which others refer to what was made, and whether it is held.
type object struct {
	name string
	each string
	open []string
}

func (r *resolver) fault(format string, args ...any) {
	r.d.Faults = append(r.d.Faults, fmt.Errorf(format, args...))
}

func (r *resolver) cover() {
	word := func(id string) string { return strings.Join(r.Words(profiles.Scope{})(id), " ") }
	r.d.Cover = Cover{
		Organisation: word(askOrganisation), System: word(askSystem), Marking: word(askMarking), ChangeOwner: word(askChangeOwner),
		TenantID: word(askTenantID),
	}
	if prefix := word(askTenantPrefix); prefix != "" {
		r.d.Cover.TenantDomain = prefix + ".onmicrosoft.com"
	}
	for _, key := range r.Cited(slices.Sorted(maps.Keys(r.Catalog.Citations))) {
		r.d.Cover.Signs = append(r.d.Cover.Signs, r.Catalog.Citations[key].Signs...)
	}
}

func (r *resolver) answers() {
	for _, a := range r.Asked {
		if n := len(r.d.Sections); n == 0 || r.d.Sections[n-1].Title != a.Topic.Title {
			r.d.Sections = append(r.d.Sections, Section{Title: a.Topic.Title})
		}
		row := Answer{Ref: a.Ref().String(), Asking: a.Asking(), Values: a.Shown(), Origin: r.origin(a.Origin)}
		if a.Answer.Undecided != nil {
			o := r.openQuestion(a)
			row.Open = &o
		}
		section := &r.d.Sections[len(r.d.Sections)-1]
		section.Answers = append(section.Answers, row)
	}
}

func (r *resolver) origin(o profiles.Origin) string {
	for _, p := range r.d.Presets {
		if string(o) == p.ID {
			return p.Title
		}
	}
	if o == profiles.You {
		return "this profile"
	}
	return string(o)
}

func (r *resolver) openQuestion(a profiles.Asked) Open {
	o := Open{Ref: a.Ref().String(), Asking: a.Asking()}
	if u := a.Answer.Undecided; u != nil {
		o.Owner, o.Due = u.Owner, u.Due
		o.Blocking = !u.Assumed && r.steering[a.Question.ID]
		if u.Assumed {
			o.Assumed = a.Shown()
		}
	}
	return o
}

func (r *resolver) open() {
	for _, a := range r.State.Missing() {
		r.d.Missing = append(r.d.Missing, r.openQuestion(a))
	}
	for _, a := range r.Undecided() {
		r.d.Open = append(r.d.Open, r.openQuestion(a))
	}
}

// get returns what an ID stands for in a scope: an answer, a decision, a derived value or the
// name of an object. What a held object is called is known, but it does not stand yet.
func (r *resolver) get(scope profiles.Scope) func(string) (any, error) {
	return func(id string) (any, error) {
		for _, t := range r.Catalog.Topics {
			for _, v := range t.Derived {
				if v.ID == id {
					return r.derived(v, scope)
				}
			}
		}
		for _, key := range []string{scope.Item.Key, ""} {
			o, ok := r.objects[profiles.Ref{Question: id, Key: key}]
			switch {
			case ok && len(o.open) > 0:
				return nil, heldError{o}
			case ok:
				return o.name, nil
			}
		}
		return r.Value(scope, id)
	}
}

// heldError says that a value names an object which is held. It is an AbsentError in a list:
// what the other members do shall not wait for it.
type heldError struct{ object }

func (e heldError) Error() string { return e.name + " is held" }

// As makes a held object absent where a list is filled, and open everywhere else.
func (e heldError) As(target any) bool {
	switch t := target.(type) {
	case *catalog.AbsentError:
		t.ID = e.name
	case *catalog.OpenError:
		t.Question = e.open[0]
	default:
		return false
	}
	return true
}

// derived computes a named value, unless something it is made from is open.
func (r *resolver) derived(v catalog.Derived, scope profiles.Scope) (any, error) {
	for _, id := range v.Reads {
		if _, err := r.Value(scope, id); isOpen(err) != "" {
			return nil, err
		}
	}
	return derivations[v.ID](r.State, scope), nil
}

// prose fills placeholders in a text for readers: lists in one line, what is open by name.
func (r *resolver) prose(scope profiles.Scope, text string) string {
	filled, _ := catalog.Fill("\u00a0"+text, func(id string) (any, error) {
		v, err := r.get(scope)(id)
		words := catalog.WordsOf(v)
		switch {
		case isOpen(err) != "":
			return "[open: " + isOpen(err) + "]", nil
		case err != nil, len(words) == 0:
			return "none", nil
		}
		return catalog.Line(words), nil
	})
	return strings.TrimPrefix(fmt.Sprint(filled), "\u00a0")
}

// in appends the key of a scope to an ID.
func in(id string, scope profiles.Scope) string {
	return profiles.Ref{Question: id, Key: scope.Item.Key}.String()
}

// decisions makes the rows of the document, with what carries each out.
func (r *resolver) decisions() {
	by := map[string][]string{}
	for _, s := range r.d.Steps {
		for _, id := range s.Decisions {
			by[id] = append(by[id], s.ID)
		}
	}
	for _, rec := range r.d.Records {
		for _, id := range rec.Decisions {
			if !slices.Contains(by[id], rec.ID) {
				by[id] = append(by[id], rec.ID)
			}
		}
	}
	for _, f := range r.d.Flows {
		for _, id := range f.Decisions {
			by[id] = append(by[id], f.ID)
		}
	}
	for _, c := range r.d.Certificates {
		for _, id := range c.Decisions {
			by[id] = append(by[id], c.ID)
		}
	}
	tried := map[string][]string{}
	for _, t := range r.d.Tests {
		for _, id := range t.Decisions {
			tried[id] = append(tried[id], t.ID)
		}
	}
	for _, x := range r.Decided {
		id := in(x.Decision.ID, x.Scope)
		r.d.Decided = append(r.d.Decided, Decision{
			ID: id, Title: r.prose(x.Scope, x.Decision.Title), Text: r.prose(x.Scope, x.Outcome.Text), Why: r.prose(x.Scope, x.Outcome.Why),
			Controls: r.met(x), Misses: r.Binding(x.Outcome.Misses), Cite: r.Cited(x.Decision.Cite), By: by[id], Tried: tried[id],
			Headline: x.Decision.Headline && r.answered(x.Decision),
		})
	}
	slices.SortStableFunc(r.d.Decided, func(a, b Decision) int {
		return cmp.Compare(profiles.ParseRef(a.ID).Question, profiles.ParseRef(b.ID).Question)
	})
}

// tables lists those whose condition holds.
func (r *resolver) tables() {
	for _, t := range r.topics {
		for _, x := range t.Tables {
			if x.Apart || !x.When.Holds(r.Words(profiles.Scope{})) {
				continue
			}
			out := Table{Title: x.Title, About: x.About, Corner: x.Corner, Cite: r.Cited(x.Cite)}
			for _, h := range x.Columns {
				out.Columns = append(out.Columns, h.Label)
			}
			told := make([]bool, max(1, len(x.Facts))) // which of the things that a cell says are told here
			for i := range told {
				told[i] = len(x.Facts) == 0 || len(r.Cited([]string{x.Facts[i].Cite})) > 0
				if told[i] && len(x.Facts) > 0 {
					out.Facts = append(out.Facts, r.statement(x.Facts[i]))
				}
			}
			for _, row := range x.Rows {
				cells := make([][]string, len(row.Cells))
				for i, cell := range row.Cells {
					for j, key := range cell {
						if told[j] {
							cells[i] = append(cells[i], x.Words[key])
						}
					}
				}
				out.Rows = append(out.Rows, Row{row.Label, cells})
			}
			r.d.Tables = append(r.d.Tables, out)
		}
	}
}

// met returns the controls that bind the organisation and that a decision helps to meet.
func (r *resolver) met(x profiles.Decided) []string {
	return slices.DeleteFunc(r.Binding(x.Decision.Controls), func(c string) bool { return slices.Contains(x.Outcome.Misses, c) })
}

// controls follows each control that binds the organisation to what the plan makes of it.
func (r *resolver) controls() {
	for _, id := range r.Binding(slices.Sorted(maps.Keys(r.Catalog.Controls))) {
		known := r.Catalog.Controls[id]
		c := Control{ID: id, Asks: known.Asks, Left: known.Left}
		for _, d := range r.d.Decided {
			if slices.Contains(d.Misses, id) {
				c.Missed = append(c.Missed, d.ID)
			}
			if !slices.Contains(d.Controls, id) {
				continue
			}
			c.Decisions = append(c.Decisions, d.ID)
			for _, by := range d.By {
				if !slices.Contains(c.By, by) {
					c.By = append(c.By, by)
				}
			}
		}
		r.d.Controls = append(r.d.Controls, c)
	}
}

// answered says that no question which decides the outcome lacks its answer.
func (r *resolver) answered(d catalog.Decision) bool {
	open := append(slices.Clone(r.d.Missing), r.d.BlockingOpen()...)
	for _, o := range d.Outcomes {
		for _, id := range o.When.IDs() {
			if slices.ContainsFunc(open, func(q Open) bool { return profiles.ParseRef(q.Ref).Question == id }) {
				return false
			}
		}
	}
	return true
}

// Headlines are the decisions that say in a line what the plan is, as far as they can be made.
func (d *Design) Headlines() []Decision {
	return slices.DeleteFunc(slices.Clone(d.Decided), func(x Decision) bool { return !x.Headline })
}

// disputes lists what is disputed about the questions that are asked and the decisions that
// are made, by sources that speak for the organisation, each once however many items it stands for.
func (r *resolver) disputes() {
	for _, a := range r.Asked {
		r.disputed(a.Question.ID, a.Question.Asking(), a.Scope, a.Question.Disputed)
	}
	for _, x := range r.Decided {
		r.disputed(x.Decision.ID, x.Decision.Title, x.Scope, x.Decision.Disputed)
	}
}

func (r *resolver) disputed(id, title string, scope profiles.Scope, disputes []catalog.Dispute) {
	for _, c := range disputes {
		sides := []string{c.Says.Cite, c.Differs.Cite}
		if !c.When.Holds(r.Words(scope)) || len(r.Cited(sides)) < len(sides) {
			continue
		}
		d := Dispute{ID: id, Title: title, Says: r.statement(c.Says), Differs: r.statement(c.Differs), Chose: c.Chose}
		told := func(o Dispute) bool { return o.ID == d.ID && o.Says.At == d.Says.At && o.Says.Text == d.Says.Text }
		if !slices.ContainsFunc(r.d.Disputes, told) {
			r.d.Disputes = append(r.d.Disputes, d)
		}
	}
}

func (r *resolver) statement(s catalog.Said) Statement {
	return Statement{Source: Source{s.Cite, r.Catalog.Citations[s.Cite]}, At: s.At, Text: s.Text}
}

// because names the decisions that conditions and values rest on, and those that only put into
// words what the values say.
func (r *resolver) because(scope profiles.Scope, conds []catalog.Cond, values ...map[string]any) []string {
	var ids []string
	for _, c := range conds {
		ids = append(ids, c.IDs()...)
	}
	for _, m := range values {
		for _, p := range slices.Sorted(maps.Keys(m)) {
			ids = append(ids, r.spelledOut(catalog.Placeholders(m[p]))...)
		}
	}
	var out []string
	for _, i := range r.decidedIn(scope) {
		x := r.Decided[i]
		said := x.Decision.Document && slices.ContainsFunc(catalog.Placeholders(x.Outcome.Text), func(id string) bool { return slices.Contains(ids, id) })
		if said || slices.Contains(ids, x.Decision.ID) {
			out = append(out, in(x.Decision.ID, x.Scope))
		}
	}
	return out
}

// decidedIn returns the places of the decisions that stand for all and in a scope, in order.
func (r *resolver) decidedIn(scope profiles.Scope) []int {
	if r.decided == nil {
		r.decided = map[profiles.Scope][]int{}
		for i, x := range r.Decided {
			r.decided[x.Scope] = append(r.decided[x.Scope], i)
		}
	}
	if scope.Each == "" {
		return r.decided[scope]
	}
	return slices.Sorted(slices.Values(append(slices.Clone(r.decided[profiles.Scope{}]), r.decided[scope]...)))
}

// spelledOut adds to IDs what derived values among them are made from.
func (r *resolver) spelledOut(ids []string) []string {
	for _, t := range r.Catalog.Topics {
		for _, v := range t.Derived {
			if slices.Contains(ids, v.ID) {
				ids = append(ids, v.Reads...)
			}
		}
	}
	return ids
}

func (r *resolver) phases() {
	used := map[string]bool{}
	for _, s := range r.d.Steps {
		used[s.Phase] = true
	}
	for _, rec := range r.d.Records {
		used[rec.Phase] = true
	}
	for _, x := range r.d.Tests {
		used[x.Phase] = true
	}
	for _, f := range r.d.Flows {
		used[f.Phase] = true
	}
	for _, p := range r.Catalog.Phases {
		if used[p.ID] || slices.ContainsFunc(p.With, func(other string) bool { return used[other] }) {
			p.Cite = r.Cited(p.Cite)
			r.d.Phases = append(r.d.Phases, p)
		}
	}
}

// sources lists what the design rests on.
func (r *resolver) sources() {
	used := map[string]bool{}
	add := func(keys []string) {
		for _, k := range keys {
			used[k] = true
		}
	}
	for _, d := range r.d.Decided {
		add(d.Cite)
	}
	for _, d := range r.d.Disputes {
		add([]string{d.Says.Source.Key, d.Differs.Source.Key})
	}
	for _, x := range r.d.Tables {
		add(x.Cite)
		for _, f := range x.Facts {
			add([]string{f.Source.Key})
		}
	}
	for _, f := range r.d.Findings {
		add(f.Rule.Cite)
	}
	for _, p := range r.d.Phases {
		add(p.Cite)
	}
	for _, rec := range r.d.Records {
		add(rec.Cite)
	}
	for _, s := range r.d.Steps {
		add(s.Cite)
	}
	for _, x := range r.d.Tests {
		add(x.Cite)
	}
	for _, f := range r.d.Flows {
		add(f.Cite)
	}
	for _, c := range r.d.Certificates {
		add(c.Cite)
	}
	if len(r.d.Flows) > 0 {
		add(r.d.Endpoints.Cite)
	}
	for _, k := range slices.Sorted(maps.Keys(used)) {
		r.d.Sources = append(r.d.Sources, Source{k, r.Catalog.Citations[k]})
	}
}
