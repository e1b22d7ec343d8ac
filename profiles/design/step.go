package design

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Step is one entry of the change list: a step, which changes one object in one phase, or a
// hold, at which a person says that the change may go on.
type Step struct {
	ID        string         `json:"id"` // STEP-210/agency.example
	Kind      string         `json:"kind"`
	Phase     string         `json:"phase"`
	Title     string         `json:"title"`
	Decisions []string       `json:"decisions"`
	Noun      string         `json:"noun,omitempty"`
	Name      string         `json:"name,omitempty"`  // empty: one object for the organisation
	Owner     string         `json:"owner,omitempty"` // who makes the object: the step looks and never writes
	Ends      string         `json:"ends,omitempty"`  // the hold after which such an object may be gone
	Creates   bool           `json:"creates,omitempty"`
	Given     map[string]any `json:"given,omitempty"` // for creation alone
	New       map[string]any `json:"new,omitempty"`   // until a later stage sets it
	Set       map[string]any `json:"set,omitempty"`
	Add       map[string]any `json:"add,omitempty"` // members of a list
	Expect    map[string]any `json:"expect,omitempty"`
	Includes  map[string]any `json:"includes,omitempty"` // members of a list
	Needs     []string       `json:"needs,omitempty"`
	Keep      string         `json:"keep,omitempty"`
	Tell      []Told         `json:"tell,omitempty"`
	Text      string         `json:"text,omitempty"` // of a hold
	Back      string         `json:"back,omitempty"`
	Records   []string       `json:"records,omitempty"` // that a hold waits for
	Looks     []Look         `json:"looks,omitempty"`   // what a hold wants to see in the tenant
	Since     *Since         `json:"since,omitempty"`   // what a hold wants to be so long ago
	Rule      string         `json:"rule,omitempty"`
	Round     int            `json:"round,omitempty"` // records of this round of the phase are published after it
	Open      []string       `json:"open,omitempty"`  // questions that hold it: no script runs it
	Cite      []string       `json:"-"`
}

// The kinds of entry.
const (
	KindStep = "step"
	KindHold = "hold"
)

// Told is a property that the service makes, and the question that it answers.
type Told struct {
	Property string `json:"property"`
	Answers  string `json:"answers"`
}

// Look is an object that must stand in the tenant before a hold is passed, and what it must be.
type Look struct {
	Noun   string         `json:"noun"`
	Name   string         `json:"name,omitempty"` // empty: one object for the organisation
	Expect map[string]any `json:"expect,omitempty"`
}

// String says what must be seen, for people.
func (l Look) String() string {
	parts := make([]string, 0, len(l.Expect))
	for _, p := range slices.Sorted(maps.Keys(l.Expect)) {
		parts = append(parts, p+" is "+strings.Join(inWords(l.Expect[p]), ", "))
	}
	if len(parts) == 0 {
		parts = []string{"is there"}
	}
	return strings.TrimSpace(l.Noun+" "+l.Name) + ": " + strings.Join(parts, "; ")
}

// Since is a hold that must have been passed, and the days that must have gone by since.
type Since struct {
	Hold string `json:"hold"`
	Days int    `json:"days"`
}

// String says what must be how long ago, for people.
func (s Since) String() string {
	return fmt.Sprintf("%s was passed at least %d days ago", s.Hold, s.Days)
}

// Held says that an open question holds the entry.
func (s Step) Held() bool { return len(s.Open) > 0 }

func isOpen(err error) string {
	if open, ok := errors.AsType[catalog.OpenError](err); ok {
		return open.Question
	}
	return ""
}

func (r *resolver) objectsOf(t catalog.Topic) {
	for _, o := range t.Objects {
		for _, scope := range r.standing(o.Each, o.When) {
			r.object(o, scope)
		}
	}
}

// standing returns the scopes of a list in which something stands whose condition is when.
func (r *resolver) standing(each string, when catalog.Cond) []profiles.Scope {
	return slices.DeleteFunc(r.Scopes(each), func(s profiles.Scope) bool { return !when.Holds(r.Words(s)) })
}

// object makes the steps of one object. What holds its first stage holds all of it.
func (r *resolver) object(o catalog.Object, scope profiles.Scope) {
	made := object{each: o.Each}
	name, err := catalog.Fill(o.Name, r.get(scope))
	made.name = strings.Join(catalog.WordsOf(name), "")
	if q := isOpen(err); q != "" {
		made.open, made.name = []string{q}, r.prose(scope, o.Name)
	} else if made.name != "" {
		r.check(in(o.ID, scope), o.Noun, "Name", made.name)
	}
	stages := slices.DeleteFunc(slices.Clone(o.Stages), func(s catalog.Stage) bool { return !s.When.Holds(r.Words(scope)) })
	stages = putBack(o, stages)
	for i, s := range stages {
		step := r.step(o, s, scope, made)
		if i == 0 {
			noun, _ := r.Catalog.Contract.Noun(o.Noun)
			step.Creates = o.Owner == "" && len(noun.New) > 0
			step.New = r.fill(&step, scope, o.Noun, o.New)
			step.Given = r.fill(&step, scope, o.Noun, o.Given)
			made.open = union(made.open, step.Open)
			step.Decisions = union(step.Decisions, r.because(scope, nil, o.New))
		}
		r.d.Steps = append(r.d.Steps, step)
	}
	r.objects[profiles.Ref{Question: o.ID, Key: scope.Item.Key}] = made
}

// putBack gives the last stage the properties under new that no stage sets: what an earlier
// revision made of them goes back to what it was.
func putBack(o catalog.Object, stages []catalog.Stage) []catalog.Stage {
	last := &stages[len(stages)-1]
	owned := func(p string) bool {
		return slices.ContainsFunc(stages, func(s catalog.Stage) bool {
			_, sets := s.Set[p]
			_, adds := s.Add[p]
			return sets || adds
		})
	}
	set := maps.Clone(last.Set)
	for p, v := range o.New {
		if !owned(p) && len(stages) > 1 {
			if set == nil {
				set = map[string]any{}
			}
			set[p] = v
		}
	}
	last.Set = set
	return stages
}

func (r *resolver) step(o catalog.Object, s catalog.Stage, scope profiles.Scope, made object) Step {
	step := Step{
		ID: in(s.ID, scope), Kind: KindStep, Phase: s.Phase, Title: r.prose(scope, s.Title), Noun: o.Noun, Name: made.name, Keep: s.Keep,
		Decisions: r.because(scope, []catalog.Cond{o.When, s.When}, map[string]any{"name": o.Name}, s.Set, s.Add),
		Needs:     s.Needs, Open: slices.Clone(made.open), Owner: o.Owner,
	}
	if o.Owner != "" {
		step.Ends = o.Ends
		step.Decisions = union(step.Decisions, r.because(scope, nil, s.Expect, s.Includes))
	}
	step.Set = r.fill(&step, scope, o.Noun, s.Set)
	step.Add = r.fill(&step, scope, o.Noun, s.Add)
	step.Expect = r.fill(&step, scope, o.Noun, s.Expect)
	step.Includes = r.fill(&step, scope, o.Noun, s.Includes)
	for _, question := range slices.Sorted(maps.Keys(s.Tell)) {
		step.Tell = append(step.Tell, Told{s.Tell[question], in(question, scope)})
	}
	return step
}

// fill fills the values of one part of a step. What is open holds the step.
func (r *resolver) fill(step *Step, scope profiles.Scope, noun string, values map[string]any) map[string]any {
	if len(values) == 0 {
		return nil
	}
	out := make(map[string]any, len(values))
	for _, p := range slices.Sorted(maps.Keys(values)) {
		v, err := catalog.Fill(values[p], r.get(scope))
		switch q := isOpen(err); {
		case q != "":
			step.Open = union(step.Open, []string{q})
		case err != nil:
			r.fault("%s: %s: %w", step.ID, p, err)
		default:
			r.check(step.ID, noun, p, v)
		}
		out[p] = v
	}
	return out
}

func (r *resolver) check(id, noun, property string, v any) {
	if err := r.Catalog.Contract.CheckValue(noun, property, v); err != nil {
		r.fault("%s: %w", id, err)
	}
}

func (r *resolver) holds(t catalog.Topic) {
	for _, h := range t.Holds {
		for _, scope := range r.standing(h.Each, h.When) {
			r.hold(h, scope)
		}
	}
}

func (r *resolver) hold(h catalog.Hold, scope profiles.Scope) {
	step := Step{
		ID: in(h.ID, scope), Kind: KindHold, Phase: h.Phase, Title: r.prose(scope, h.Title), Text: r.prose(scope, h.Text), Back: r.prose(scope, h.Back),
		Rule: h.Rule, Round: h.Round, Decisions: r.because(scope, []catalog.Cond{h.When}), Cite: r.Cited(h.Cite),
	}
	for _, rec := range r.d.Records {
		ref := profiles.ParseRef(rec.ID)
		if scope.Each != "" && ref.Key != scope.Item.Key {
			continue
		}
		if slices.Contains(h.Records, ref.Question) {
			step.Records = union(step.Records, []string{rec.ID})
			step.Open = union(step.Open, rec.Open)
		}
		if slices.Contains(h.Rests, ref.Question) && rec.Phase <= h.Phase {
			step.Open = union(step.Open, rec.Open)
		}
	}
	for _, l := range h.Looks {
		if l.When.Holds(r.Words(scope)) {
			step.Looks = append(step.Looks, Look{l.Noun, r.prose(scope, l.Name), r.fill(&step, scope, l.Noun, l.Expect)})
		}
	}
	if h.Since != nil {
		step.Since = &Since{r.beside(h.Since.Hold, scope), h.Since.Days}
	}
	r.d.Steps = append(r.d.Steps, step)
}

// beside returns the ID under which an earlier hold stands in a scope: that of the same item where it
// stands once for each.
func (r *resolver) beside(hold string, scope profiles.Scope) string {
	id := in(hold, scope)
	if slices.ContainsFunc(r.d.Steps, func(s Step) bool { return s.ID == id }) {
		return id
	}
	return hold
}

// order puts the entries in the order of apply: phase, number, item.
func (r *resolver) order() {
	at := map[string]int{}
	for i, it := range r.items() {
		at[it] = i
	}
	number := func(s Step) string {
		_, n, _ := strings.Cut(profiles.ParseRef(s.ID).Question, "-")
		return n
	}
	slices.SortStableFunc(r.d.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(number(a), number(b)), cmp.Compare(at[profiles.ParseRef(a.ID).Key], at[profiles.ParseRef(b.ID).Key]))
	})
	for i := range r.d.Steps {
		r.d.Steps[i].Needs = r.needs(r.d.Steps[i])
	}
}

// items returns the keys of all items, in the order of their lists.
func (r *resolver) items() []string {
	var keys []string
	for _, q := range r.Catalog.Questions {
		for _, scope := range r.Scopes(q.ID) {
			keys = append(keys, scope.Item.Key)
		}
	}
	return keys
}

// needs names the entries of this plan that a step waits for: of its own item, or of all.
func (r *resolver) needs(s Step) []string {
	key := profiles.ParseRef(s.ID).Key
	var out []string
	for _, other := range r.d.Steps {
		ref := profiles.ParseRef(other.ID)
		if slices.Contains(s.Needs, ref.Question) && (ref.Key == key || ref.Key == "" || key == "") {
			out = append(out, other.ID)
		}
	}
	return out
}

// holdWhatWaits holds the steps that need a held one, and notes for each open question what
// waits for it.
func (r *resolver) holdWhatWaits() {
	open := map[string][]string{}
	for i := range r.d.Steps { // a step needs earlier ones only
		s := &r.d.Steps[i]
		for _, id := range s.Needs {
			s.Open = union(s.Open, open[id])
		}
		for _, l := range s.Looks {
			s.Open = union(s.Open, r.openOf(l))
		}
		open[s.ID] = s.Open
	}
	for i := range r.d.Open {
		o := &r.d.Open[i]
		for _, s := range r.d.Steps {
			if slices.Contains(s.Open, o.Ref) {
				o.Holds = append(o.Holds, s.ID)
			}
		}
		for _, rec := range r.d.Records {
			if slices.Contains(rec.Open, o.Ref) {
				o.Holds = union(o.Holds, []string{rec.ID})
			}
		}
	}
}

// openOf returns the open questions that hold the steps which bring about what a look wants to see.
func (r *resolver) openOf(l Look) []string {
	var open []string
	for _, s := range r.d.Steps {
		brings := s.Noun == l.Noun && s.Name == l.Name && slices.ContainsFunc(slices.Collect(maps.Keys(l.Expect)), func(p string) bool { _, ok := s.Set[p]; return ok })
		if brings {
			open = union(open, s.Open)
		}
	}
	return open
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// planFormat is the version of the layout of plan.json.
const planFormat = 1

// Plan is plan.json: what is signed. It has no version and no date, so that the same change
// always has the same fingerprint.
type Plan struct {
	Format  int      `json:"format"`
	Profile string   `json:"profile"`
	Tenant  Tenant   `json:"tenant"`
	Steps   []Step   `json:"steps"`
	Records []Record `json:"records"`
	Strays  []Stray  `json:"strays"`
}

// Stray is what the preflight looks for in the tenant beside the plan: objects of a noun that have
// these values, and these members in their lists.
type Stray struct {
	ID   string         `json:"id"` // of the rule
	Noun string         `json:"noun"`
	Text string         `json:"text"` // what is wrong with them, and what to do
	Like map[string]any `json:"like,omitempty"`
	Has  map[string]any `json:"has,omitempty"`
}

// Tenant is the one that a plan is for, and no other.
type Tenant struct {
	ID     string `json:"id"`
	Domain string `json:"domain"`
}

// ReadPlan reads plan.json as a pack holds it. A layout that this version does not know is an error.
func ReadPlan(text []byte) (Plan, error) {
	var p Plan
	read := json.NewDecoder(bytes.NewReader(text))
	read.DisallowUnknownFields()
	read.UseNumber()
	if err := read.Decode(&p); err != nil {
		return Plan{}, fmt.Errorf("plan: %w", err)
	}
	if p.Format != planFormat {
		return Plan{}, fmt.Errorf("plan: format %d is not known here, a newer version may know it", p.Format)
	}
	return p, nil
}

// Plan returns the canonical change list, in ASCII, and the SHA-256 of its bytes: the
// fingerprint that a change board approves.
func (d *Design) Plan() (text []byte, fingerprint string, err error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	p := Plan{Format: planFormat, Profile: d.Profile.ID, Tenant: Tenant{d.Cover.TenantID, d.Cover.TenantDomain}, Steps: d.Steps, Records: d.Records, Strays: d.Strays}
	if err := e.Encode(p); err != nil {
		return nil, "", fmt.Errorf("plan: %w", err)
	}
	text = ascii(b.Bytes())
	return text, fmt.Sprintf("%x", sha256.Sum256(text)), nil
}

// ascii writes what is not ASCII by its number, for Windows PowerShell reads a file without a
// byte order mark in the code page of the machine.
func ascii(b []byte) []byte {
	if !bytes.ContainsFunc(b, func(r rune) bool { return r > 0x7f }) {
		return b
	}
	var out bytes.Buffer
	for _, r := range string(b) {
		switch {
		case r < 0x80:
			out.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, hi, lo)
		}
	}
	return out.Bytes()
}
