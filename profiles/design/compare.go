package design

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/contract"
)

// Changes is what differs between two designs, each part in the order of the later one, with
// what is gone behind it.
type Changes struct {
	Was       Version  `json:"was"`
	Is        Version  `json:"is"`
	Notes     []string `json:"notes,omitempty"`
	Answers   []Change `json:"answers"`
	Decisions []Change `json:"decisions"`
	Findings  []Change `json:"findings"`
	Objects   []Change `json:"objects"` // as the last phase leaves them
	Steps     []Change `json:"steps"`
	Records   []Change `json:"records"`
}

// Version says which design one side of a comparison is.
type Version struct {
	Read         string   `json:"read,omitempty"` // where it was read, as it was named
	Profile      string   `json:"profile"`        // its name
	ID           string   `json:"id"`
	Revision     int      `json:"revision"`
	Date         string   `json:"date,omitempty"`
	Presets      []string `json:"presets,omitempty"`
	Organisation string   `json:"organisation,omitempty"`
	Marking      string   `json:"marking,omitempty"`
	Tenant       string   `json:"tenant,omitempty"`
	Plan         string   `json:"plan,omitempty"` // the fingerprint; empty while no pack can be rendered
}

// String names the version in a sentence.
func (v Version) String() string { return fmt.Sprintf("%s revision %d", v.Profile, v.Revision) }

// What says what has become of a thing, or of a part of it.
type What string

// What can become of a thing.
const (
	Added   What = "added"
	Removed What = "removed"
	Changed What = "changed"
)

// Change is one thing that differs. Only what is Changed, and a decision, a record or an answer
// that is Added or Removed, is told part by part.
type Change struct {
	ID    string `json:"id"` // of a question, decision, finding, step or record; an object's noun and name
	What  What   `json:"what"`
	Title string `json:"title"`
	Parts []Part `json:"parts,omitempty"`
}

// Part is one thing about it that differs: a property, a text, the value in a phase.
type Part struct {
	Name string `json:"name"`
	What What   `json:"what"`           // Added: it was not spoken of; Removed: it is not any more
	When string `json:"when,omitempty"` // of a property: until its own step, at creation only
	Says string `json:"says,omitempty"` // of a property: what it is, in plain words
	// Literal says that the values are as scripts and zones have them, and no words for people.
	Literal bool     `json:"-"`
	Was     []string `json:"was,omitempty"`
	Is      []string `json:"is,omitempty"`
	// Gains and Loses tell lists that have more in common than not.
	Gains []string `json:"gains,omitempty"`
	Loses []string `json:"loses,omitempty"`
}

// Line says in a line what has become of a thing: what it is and was, or which parts of it change.
func (c Change) Line() string {
	var names []string
	for _, p := range c.Parts {
		names = append(names, p.Name)
	}
	switch {
	case c.What == Added && len(c.Parts) == 1:
		return "new: " + c.Title + ": " + inLine(c.Parts[0].Is)
	case c.What == Added:
		return "new: " + c.Title
	case c.What == Removed:
		return "gone: " + c.Title
	case len(c.Parts) == 1 && names[0] == partAnswer:
		return c.Title + ": " + inLine(c.Parts[0].Is) + ", was " + inLine(c.Parts[0].Was)
	case len(c.Parts) == 1:
		return c.Title + ": " + names[0] + " " + inLine(c.Parts[0].Is) + ", was " + inLine(c.Parts[0].Was)
	}
	return c.Title + ": other " + strings.Join(names, ", ")
}

func inLine(values []string) string { return cmp.Or(strings.Join(values, ", "), "nothing") }

// Compare says what differs between two designs, finished or not. Values of the tenant that are
// one to the service do not differ, however they are written.
func Compare(was, is *Design, c *contract.Contract) (Changes, error) {
	before, first, err := was.asPlanned()
	if err != nil {
		return Changes{}, err
	}
	after, second, err := is.asPlanned()
	if err != nil {
		return Changes{}, err
	}
	k := comparison{c}
	return Changes{
		Was: before.version(first), Is: after.version(second),
		Answers:   compare(before.answered(), after.answered(), answerRef, answerTitle, answerParts),
		Decisions: compare(before.Decided, after.Decided, decisionID, decisionTitle, decisionParts),
		Findings:  compare(before.Findings, after.Findings, Finding.At, findingTitle, findingParts),
		Objects:   compare(objectsOf(before.Steps), objectsOf(after.Steps), planned.id, k.called, k.objectParts),
		Steps:     compare(before.Steps, after.Steps, stepID, stepTitle, k.stepParts),
		Records:   compare(before.courses(), after.courses(), course.id, course.title, courseParts),
	}, nil
}

// None says that nothing differs that the comparison speaks of.
func (c Changes) None() bool {
	return len(c.Answers)+len(c.Decisions)+len(c.Findings)+len(c.Objects)+len(c.Steps)+len(c.Records) == 0
}

// Sum counts what differs, in words.
func (c Changes) Sum() string {
	var words []string
	for _, list := range []struct {
		of        []Change
		one, many string
	}{
		{c.Answers, "answer", "answers"},
		{c.Decisions, "decision", "decisions"},
		{c.Findings, "finding", "findings"},
		{c.Objects, "object", "objects"},
		{c.Steps, "step or hold", "steps and holds"},
		{c.Records, "DNS record", "DNS records"},
	} {
		if n := len(list.of); n > 0 {
			words = append(words, catalog.Count(n, list.one, list.many))
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// Planned returns the design with the change list that plan.json holds in place of its own.
func (d *Design) Planned(text []byte) (*Design, error) {
	p, err := ReadPlan(text)
	if err != nil {
		return nil, err
	}
	out := *d
	out.Steps, out.Records = p.Steps, p.Records
	return &out, nil
}

// asPlanned gives the values of steps and records the types that they have in plan.json, whose
// fingerprint it returns.
func (d *Design) asPlanned() (planned *Design, fingerprint string, err error) {
	text, fingerprint, err := d.Plan()
	if err != nil {
		return nil, "", err
	}
	planned, err = d.Planned(text)
	return planned, fingerprint, err
}

func (d *Design) version(fingerprint string) Version {
	v := Version{
		Profile: d.Profile.Name, ID: d.Profile.ID, Revision: d.Profile.Revision, Date: d.Profile.Date, Presets: d.Profile.Presets,
		Organisation: d.Cover.Organisation, Marking: d.Cover.Marking, Tenant: d.Cover.TenantDomain,
	}
	if d.Ready() {
		v.Plan = fingerprint
	}
	return v
}

// compare tells what differs between two lists whose members have IDs. A zero member stands for
// one that is not there; without parts, what stands on both sides is the same.
func compare[T any](was, is []T, id, title func(T) string, parts func(a, b T) []Part) []Change {
	out := []Change{}
	var none T
	before, after := byID(was, id), byID(is, id)
	for _, b := range is {
		if a, there := before[id(b)]; !there {
			out = append(out, Change{id(b), Added, title(b), all(Added, parts(none, b))})
		} else if ps := parts(a, b); len(ps) > 0 {
			out = append(out, Change{id(b), Changed, title(b), ps})
		}
	}
	for _, a := range was {
		if _, there := after[id(a)]; !there {
			out = append(out, Change{id(a), Removed, title(a), all(Removed, parts(a, none))})
		}
	}
	return out
}

func byID[T any](list []T, id func(T) string) map[string]T {
	out := make(map[string]T, len(list))
	for _, x := range list {
		out[id(x)] = x
	}
	return out
}

// all says of every part what has become of the whole.
func all(what What, parts []Part) []Part {
	for i := range parts {
		parts[i].What = what
	}
	return parts
}

// differ appends a part where two texts differ.
func differ(parts []Part, name string, was, is []string) []Part {
	if slices.Equal(was, is) {
		return parts
	}
	p := Part{Name: name, What: Changed, Was: was, Is: is}
	if gains, loses := without(is, was), without(was, is); len(gains)+len(loses) < len(is) && len(gains)+len(loses) > 0 {
		p.Gains, p.Loses = gains, loses
	}
	return append(parts, p)
}

// without returns what is in a and not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// one is a text as a list: none where it is empty.
func one(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func (d *Design) answered() []Answer {
	var out []Answer
	for _, s := range d.Sections {
		out = append(out, s.Answers...)
	}
	return out
}

func answerRef(a Answer) string   { return a.Ref }
func answerTitle(a Answer) string { return a.Asking }

// partAnswer is the one part of an answer.
const partAnswer = "answer"

func answerParts(a, b Answer) []Part {
	return differ(nil, partAnswer, a.words(), b.words())
}

// words are an answer as a comparison tells it: what is assumed, by whom it is owed.
func (a Answer) words() []string {
	if a.Open == nil {
		return a.Values
	}
	text := "undecided, owed by " + a.Open.Owner
	if a.Open.Due != "" {
		text += " by " + a.Open.Due
	}
	if len(a.Open.Assumed) > 0 {
		text += "; assumed meanwhile: " + strings.Join(a.Open.Assumed, ", ")
	}
	return []string{text}
}

func decisionID(d Decision) string    { return d.ID }
func decisionTitle(d Decision) string { return d.Title }

func decisionParts(a, b Decision) []Part {
	parts := differ(nil, "decision", one(a.Text), one(b.Text))
	return differ(parts, "reason", one(a.Why), one(b.Why))
}

func findingTitle(f Finding) string { return f.Rule.Summary }

func findingParts(a, b Finding) []Part {
	return differ(nil, "person who takes it on", one(a.taken()), one(b.taken()))
}

// taken says who took a warning on.
func (f Finding) taken() string {
	if f.Acknowledged == nil {
		return ""
	}
	return fmt.Sprintf("%s, %s: %s", f.Acknowledged.By, f.Acknowledged.Role, f.Acknowledged.Reason)
}

// planned is a thing in the tenant as the last phase of a plan leaves it.
type planned struct {
	noun, name string
	given      map[string]any // for creation alone
	holds      map[string]any
	contains   map[string]any // members of lists
	open       []string       // questions that hold any of its steps
}

func (o planned) id() string { return strings.TrimSpace(o.noun + " " + o.name) }

// objectsOf puts the steps of every object together, in the order of the first.
func objectsOf(steps []Step) []planned {
	var out []planned
	at := map[[2]string]int{}
	for _, s := range steps {
		if s.Kind != KindStep {
			continue
		}
		i, there := at[[2]string{s.Noun, s.Name}]
		if !there {
			i = len(out)
			at[[2]string{s.Noun, s.Name}] = i
			out = append(out, planned{noun: s.Noun, name: s.Name, given: map[string]any{}, holds: map[string]any{}, contains: map[string]any{}})
		}
		o := &out[i]
		maps.Copy(o.given, s.Given)
		maps.Copy(o.holds, s.New)
		maps.Copy(o.holds, s.Set)
		maps.Copy(o.contains, s.Add)
		o.open = union(o.open, s.Open)
	}
	return out
}

// comparison knows how values of the tenant compare.
type comparison struct{ *contract.Contract }

// called is what an object is called in a sentence.
func (k comparison) called(o planned) string {
	n, _ := k.Noun(o.noun)
	return strings.TrimSpace(n.Called + " " + o.name)
}

func (k comparison) objectParts(a, b planned) []Part {
	if a.noun == "" || b.noun == "" {
		return nil
	}
	parts := k.values("", b.noun, a.holds, b.holds)
	parts = append(parts, k.values("beside what others put there", b.noun, a.contains, b.contains)...)
	parts = append(parts, k.values("at creation only", b.noun, a.given, b.given)...)
	return differ(parts, "open questions that hold it", a.open, b.open)
}

// values tells the properties that differ, and when they have their values.
func (k comparison) values(when, noun string, was, is map[string]any) []Part {
	n, _ := k.Noun(noun)
	var parts []Part
	for _, property := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(is)))))) {
		kind, _ := n.Kind(property)
		a, before := was[property]
		b, after := is[property]
		switch {
		case !before:
			parts = append(parts, Part{Name: property, What: Added, Is: inWords(b)})
		case !after:
			parts = append(parts, Part{Name: property, What: Removed, Was: inWords(a)})
		case !kind.Same(a, b):
			parts = differ(parts, property, inWords(a), inWords(b))
		}
	}
	for i := range parts {
		parts[i].When, parts[i].Says = when, n.Says[parts[i].Name]
	}
	return literal(parts)
}

// literal marks parts whose values are as scripts and zones have them.
func literal(parts []Part) []Part {
	for i := range parts {
		parts[i].Literal = true
	}
	return parts
}

// inWords writes a value of plan.json as texts: none where it is emptied.
func inWords(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, fmt.Sprint(e))
		}
		return out
	}
	return []string{fmt.Sprint(v)}
}

func stepID(s Step) string    { return s.ID }
func stepTitle(s Step) string { return s.Title }

func (k comparison) stepParts(a, b Step) []Part {
	if a.ID == "" || b.ID == "" {
		return differ(nil, "phase", one(a.Phase), one(b.Phase))
	}
	parts := differ(nil, "phase", one(a.Phase), one(b.Phase))
	parts = differ(parts, "title", one(a.Title), one(b.Title))
	parts = differ(parts, "kind of entry", one(a.Kind), one(b.Kind))
	parts = differ(parts, "object", one(strings.TrimSpace(a.Noun+" "+a.Name)), one(strings.TrimSpace(b.Noun+" "+b.Name)))
	for _, v := range []struct {
		when    string
		was, is map[string]any
	}{
		{"", a.Set, b.Set},
		{"beside what others put there", a.Add, b.Add},
		{"until its own step", a.New, b.New},
		{"at creation only", a.Given, b.Given},
		{"as it is expected before", a.Expect, b.Expect},
		{"as it is expected in the list", a.Includes, b.Includes},
	} {
		parts = append(parts, k.values(v.when, b.Noun, v.was, v.is)...)
	}
	for _, text := range []struct{ name, was, is string }{
		{"instruction", a.Text, b.Text},
		{"instruction on the way back", a.Back, b.Back},
		{"reason why rollback leaves it", a.Keep, b.Keep},
		{"owner of the object", a.Owner, b.Owner},
		{"hold after which it may be gone", a.Ends, b.Ends},
		{"rule", a.Rule, b.Rule},
		{"round of the records that follow it", strconv.Itoa(a.Round), strconv.Itoa(b.Round)},
	} {
		parts = differ(parts, text.name, one(text.was), one(text.is))
	}
	if a.Creates != b.Creates {
		parts = append(parts, Part{Name: "creation of the object", What: Changed, Was: yesOrNo(a.Creates), Is: yesOrNo(b.Creates)})
	}
	for _, list := range []struct {
		name    string
		was, is []string
	}{
		{"steps that it needs", a.Needs, b.Needs},
		{"records that it waits for", a.Records, b.Records},
		{"what it wants to see in the tenant", a.looks(), b.looks()},
		{"how long ago an earlier hold must be", a.since(), b.since()},
		{"decisions", a.Decisions, b.Decisions},
		{"questions that it answers", told(a), told(b)},
		{"open questions that hold it", a.Open, b.Open},
	} {
		parts = differ(parts, list.name, list.was, list.is)
	}
	return parts
}

func yesOrNo(b bool) []string { return []string{map[bool]string{true: "yes", false: "no"}[b]} }

func (s Step) looks() []string {
	var out []string
	for _, l := range s.Looks {
		out = append(out, l.String())
	}
	return out
}

func (s Step) since() []string {
	if s.Since == nil {
		return nil
	}
	return []string{s.Since.String()}
}

func told(s Step) []string {
	var out []string
	for _, t := range s.Tell {
		out = append(out, t.Answers+" by "+t.Property)
	}
	return out
}

// course is a record over its phases.
type course []Record

func (c course) id() string { return c[0].ID }

// title is what a record is called: inside the network another may stand under its name.
func (c course) title() string {
	title := strings.TrimSpace(c[0].Type + " " + c[0].Name)
	if c[0].View != external {
		title += ", " + c[0].View + " view"
	}
	return title
}

func (d *Design) courses() []course {
	var out []course
	at := map[string]int{}
	for _, r := range d.Records {
		if i, there := at[r.ID]; there {
			out[i] = append(out[i], r)
		} else {
			at[r.ID] = len(out)
			out = append(out, course{r})
		}
	}
	return out
}

// courseParts tells a record phase by phase.
func courseParts(a, b course) []Part {
	var parts []Part
	if len(a) > 0 && len(b) > 0 {
		parts = differ(parts, "name", one(a.title()), one(b.title()))
		for _, text := range []struct{ name, was, is string }{
			{"zone", a[0].Zone, b[0].Zone}, {"view", a[0].View, b[0].View}, {"tag", a[0].Tag, b[0].Tag}, {"reason", a[0].Reason, b[0].Reason},
		} {
			parts = differ(parts, text.name, one(text.was), one(text.is))
		}
		parts = differ(parts, "what stands there today", a[0].Today.said(), b[0].Today.said())
	}
	for _, phase := range slices.Compact(slices.Sorted(slices.Values(append(a.phases(), b.phases()...)))) {
		was, before := a.in(phase)
		is, after := b.in(phase)
		switch {
		case !before:
			parts = append(parts, Part{Name: phase, What: Added, Is: is.stated()})
		case !after:
			parts = append(parts, Part{Name: phase, What: Removed, Was: was.stated()})
		default:
			parts = differ(parts, "value from "+phase+" on", was.published(), is.published())
			parts = differ(parts, "time to live from "+phase+" on, in seconds,", one(strconv.Itoa(was.TTL)), one(strconv.Itoa(is.TTL)))
			parts = differ(parts, "file to serve from "+phase+" on", was.Serves.said(), is.Serves.said())
			parts = differ(parts, "open question behind the value from "+phase+" on", was.Open, is.Open)
			parts = differ(parts, "decisions behind the value from "+phase+" on", was.Decisions, is.Decisions)
		}
	}
	return literal(parts)
}

func (c course) phases() []string {
	var out []string
	for _, r := range c {
		out = append(out, r.When())
	}
	return out
}

func (c course) in(phase string) (Record, bool) {
	i := slices.IndexFunc(c, func(r Record) bool { return r.When() == phase })
	if i < 0 {
		return Record{}, false
	}
	return c[i], true
}

// stated are the values of a stage, or what holds it.
func (r Record) stated() []string {
	if r.Held() {
		return []string{"held until " + strings.Join(r.Open, ", ") + " is answered"}
	}
	return r.published()
}

// published are the values of a stage as a zone file has them: none while it is held.
func (r Record) published() []string {
	if r.Held() {
		return nil
	}
	return r.Values
}

// said is a file line by line, after its address.
func (s *Served) said() []string {
	if s == nil {
		return nil
	}
	return append([]string{s.URL}, strings.Split(strings.TrimSpace(s.Text), "\r\n")...)
}

// said is what somebody said of the present.
func (t *Today) said() []string {
	switch {
	case t == nil:
		return nil
	case len(t.Values) == 0:
		return []string{catalog.None}
	case t.TTL == 0:
		return t.Values
	}
	return append(slices.Clone(t.Values), fmt.Sprintf("time to live %d seconds", t.TTL))
}
