// Package catalog holds what exoplan knows, as data: the questions it asks, the decisions
// they lead to, the rules that connect them, the objects in the tenant and the DNS records
// that carry them out, and the sources of it all.
//
// One YAML file under topics is one subject. Order is meaning: files are read by name, and
// within a file questions come before decisions, derived values, rules, objects, records, holds,
// tests, flows and certificates. A condition or a placeholder points backwards only, so a form never changes under
// the user's hands. Load reads strictly and reports every problem at once, with file and line.
//
// The package knows nothing of a single customer: answers belong to package profiles.
package catalog

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/exoplan/exoplan/profiles/contract"
)

// Catalog is all topics, in the order in which the wizard walks them.
type Catalog struct {
	Topics    []Topic
	Phases    []Phase
	Citations map[string]Citation
	Controls  map[string]Control
	Lists     map[string]List
	Endpoints Endpoints
	Contract  *contract.Contract
}

// A Topic is one subject: one file, one section of the wizard.
type Topic struct {
	ID           string        `yaml:"id"`
	Title        string        `yaml:"title"`
	When         Cond          `yaml:"when"` // for other plans nothing in it is asked, decided or made
	Questions    []Question    `yaml:"questions"`
	Decisions    []Decision    `yaml:"decisions"`
	Derived      []Derived     `yaml:"derived"`
	Rules        []Rule        `yaml:"rules"`
	Objects      []Object      `yaml:"objects"`
	Holds        []Hold        `yaml:"holds"`
	Records      []Record      `yaml:"records"`
	Tests        []Test        `yaml:"tests"`
	Flows        []Flow        `yaml:"flows"`
	Certificates []Certificate `yaml:"certificates"`
	Tables       []Table       `yaml:"tables"`
	Watches      []Watch       `yaml:"watches"`
	Strays       []Stray       `yaml:"strays"`

	file string
}

// Question is one thing that exoplan asks.
type Question struct {
	ID    string `yaml:"id"`
	Kind  Kind   `yaml:"kind"`
	Of    Kind   `yaml:"of"`    // kind items: what an item's value is
	Item  string `yaml:"item"`  // kind items: the placeholder that stands for an item's value
	Title string `yaml:"title"` // the question itself, in plain words
	Short string `yaml:"short"` // its name in a list, without a question mark
	Help  string `yaml:"help"`  // why we ask, for the client
	Note  string `yaml:"note"`  // what the consultant should know
	// Options are the choices of a select or multi question.
	Options []Option `yaml:"options"`
	// Default is the answer that is proposed; nil: there is none.
	Default any `yaml:"default"`
	// Optional says that an empty answer is an answer.
	Optional bool   `yaml:"optional"`
	Pattern  string `yaml:"pattern"` // what a text must match, whole
	Example  string `yaml:"example"` // how an answer looks, named when Pattern refuses
	Form     string `yaml:"form"`    // what Pattern asks for and why, in words; named with the length of what it refuses
	When     Cond   `yaml:"when"`
	Each     string `yaml:"each"` // the list question whose items are asked one by one
	// Cover says that the answer is printed on the cover of the pack: nothing else need read it.
	Cover bool `yaml:"cover"`
	// Tenant says that a choice states what is there, and not what is wanted: like what is typed,
	// it does not pass to the profile of another tenant.
	Tenant bool `yaml:"tenant"`
	// Identity says that the answer tells tenants apart: nothing that was acknowledged outlives a
	// change of it.
	Identity bool      `yaml:"identity"`
	Disputed []Dispute `yaml:"disputed"`
	Cite     []string  `yaml:"cite"`
}

// Option is one choice of a Question.
type Option struct {
	Value string `yaml:"value"`
	Label string `yaml:"label"`
	Why   string `yaml:"why"`  // what it adds or removes
	When  Cond   `yaml:"when"` // when it fails, the choice is not offered and cannot be answered
}

// Decision is one row of the design document: the first outcome whose condition holds.
// Objects, holds and records condition on decisions and never on questions, so that the
// document and the scripts cannot disagree.
type Decision struct {
	ID       string    `yaml:"id"`
	Title    string    `yaml:"title"`
	Each     string    `yaml:"each"`
	When     Cond      `yaml:"when"` // when it fails, nothing is decided or printed
	Outcomes []Outcome `yaml:"outcomes"`
	Controls []string  `yaml:"controls"` // what of controls.yaml the decision helps to meet
	Disputed []Dispute `yaml:"disputed"`
	Cite     []string  `yaml:"cite"`
	// Document says that the decision is for readers: no object, hold, record or condition uses it.
	Document bool `yaml:"document"`
	// Headline says that the review names the decision: it says in a line what the plan is.
	Headline bool `yaml:"headline"`
}

// Outcome is one way in which a Decision can fall.
type Outcome struct {
	When Cond   `yaml:"when"`
	Is   any    `yaml:"is"` // one word, yes or no, or a placeholder
	Text string `yaml:"text"`
	Why  string `yaml:"why"`
	// Misses names those of the decision's controls that this outcome does not meet.
	Misses []string `yaml:"misses"`
}

// Control is what a source requires, in our words.
type Control struct {
	Asks string `yaml:"asks"`
	// Left is what a plan leaves open of it, and to whom. Where no decision supports the control
	// it says why.
	Left string `yaml:"left"`
}

// Dispute is what a source says and something else contradicts: another place of it, another
// source, or what has changed since. Readers see the two apart, and what exoplan made of them.
type Dispute struct {
	When    Cond   `yaml:"when"`
	Says    Said   `yaml:"says"`
	Differs Said   `yaml:"differs"` // what stands against it
	Chose   string `yaml:"chose"`   // what exoplan does, and which answer changes that
}

// Said is what one source says in one place. The words are ours.
type Said struct {
	Text string `yaml:"text"`
	At   string `yaml:"at"` // the line, table or section
	Cite string `yaml:"cite"`
}

// Derived is a value that Go computes from answers: a list drawn from items, a form that a
// record needs. Package design holds the function under the same ID.
type Derived struct {
	ID    string   `yaml:"id"`
	Each  string   `yaml:"each"`
	List  bool     `yaml:"list"` // the value is a list of texts, else one text
	About string   `yaml:"about"`
	Reads []string `yaml:"reads"` // the answers it is made from; one that is open leaves it open
}

// Severity says what a finding does: an error blocks the pack, a warning needs a recorded
// acknowledgement, an info is printed.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Rule raises a finding when its condition and its named check hold, as far as it has them.
type Rule struct {
	ID       string   `yaml:"id"`
	Severity Severity `yaml:"severity"`
	Summary  string   `yaml:"summary"` // fixed text, the same each time
	Detail   string   `yaml:"detail"`  // what is wrong and why it matters
	Remedy   string   `yaml:"remedy"`  // what to do
	Each     string   `yaml:"each"`
	When     Cond     `yaml:"when"`
	// Check names a Go check, for what a condition cannot say; Reads are the answers that it rests on.
	Check string   `yaml:"check"`
	Reads []string `yaml:"reads"`
	// Fires and Quiet are examples, resolved like a profile with defaults filled in.
	Fires []Example `yaml:"fires"`
	Quiet []Example `yaml:"quiet"`
	Cite  []string  `yaml:"cite"`
}

// Rests returns the questions and decisions that the rule rests on.
func (r Rule) Rests() []string { return slices.Concat(r.When.IDs(), r.Reads) }

// Watch is a rule that no answer decides: whether it fires is seen in DNS as the Internet has it.
type Watch struct {
	ID       string   `yaml:"id"`
	Severity Severity `yaml:"severity"`
	Summary  string   `yaml:"summary"` // fixed text, the same each time
	Detail   string   `yaml:"detail"`  // what is wrong and why it matters
	Remedy   string   `yaml:"remedy"`  // what to do
	When     Cond     `yaml:"when"`    // of which domains it is asked
	Look     string   `yaml:"look"`    // names what package dnscheck looks at, domain by domain
	// Fires and Quiet are examples: what DNS holds of the domain agency.example.
	Fires []Seen   `yaml:"fires"`
	Quiet []Seen   `yaml:"quiet"`
	Cite  []string `yaml:"cite"`
}

// Each is the list for whose items a Watch stands.
func (Watch) Each() string { return watched }

// watched is the question that asks for the domains of the plan.
const watched = "domains"

// Seen is what stands in DNS: a zone as RFC 1035 writes it, and the MTA-STS policy that is served,
// empty for none.
type Seen struct {
	Zone   string `yaml:"zone"`
	Policy string `yaml:"policy"`
}

// Stray is a rule of the tenant: it fires on an object that is not of the plan and does not go with
// it. The preflight looks for such objects.
type Stray struct {
	ID       string         `yaml:"id"`
	Severity Severity       `yaml:"severity"`
	Summary  string         `yaml:"summary"` // fixed text, the same each time
	Detail   string         `yaml:"detail"`  // what is wrong and why it matters
	Remedy   string         `yaml:"remedy"`  // what to do
	When     Cond           `yaml:"when"`    // for which plans it is looked for
	Noun     string         `yaml:"noun"`
	Like     map[string]any `yaml:"like"` // the values that it has
	Has      map[string]any `yaml:"has"`  // members that its lists have
	// Fires and Quiet are examples: the values of an object.
	Fires []map[string]any `yaml:"fires"`
	Quiet []map[string]any `yaml:"quiet"`
	Cite  []string         `yaml:"cite"`
}

// Example is a set of answers as a profile states them.
type Example = map[string]any

// Object is one thing in the tenant and the stages in which it comes to be what it shall be.
type Object struct {
	ID   string `yaml:"id"`
	Noun string `yaml:"noun"`
	Name string `yaml:"name"` // empty: one object for the organisation
	Each string `yaml:"each"`
	When Cond   `yaml:"when"`
	// Owner is what makes the object and keeps it, where the plan does not: its stages say what
	// it must be, and no script writes it.
	Owner string `yaml:"owner"`
	Ends  string `yaml:"ends"` // the hold after which an object with an owner may be gone
	// New are values that hold from creation until the stage that owns the property has run; on
	// what exists already they are set as well.
	New map[string]any `yaml:"new"`
	// Given are values for creation alone: on what exists already they are not imposed.
	Given  map[string]any `yaml:"given"`
	Stages []Stage        `yaml:"stages"`
}

// Stage is one step of the plan. A property is set by exactly one stage that can apply.
type Stage struct {
	ID     string         `yaml:"id"`
	Phase  string         `yaml:"phase"`
	Title  string         `yaml:"title"`
	When   Cond           `yaml:"when"`
	Set    map[string]any `yaml:"set"`
	Add    map[string]any `yaml:"add"`    // members of a list, compared as contained
	Expect map[string]any `yaml:"expect"` // what must hold before anything is changed
	// Includes are members that a list of an object with an owner must have.
	Includes map[string]any `yaml:"includes"`
	Needs    []string       `yaml:"needs"` // steps and holds
	Keep     string         `yaml:"keep"`  // why rollback leaves it until a person releases it
	// Tell names properties that the service makes, by the question they answer.
	Tell map[string]string `yaml:"tell"`
}

// Hold is a point of a phase that waits for a person.
type Hold struct {
	ID      string   `yaml:"id"`
	Phase   string   `yaml:"phase"`
	Title   string   `yaml:"title"`
	Text    string   `yaml:"text"` // what to do and what to see before it is acknowledged
	Back    string   `yaml:"back"` // the same on the way back; empty: nothing to wait for there
	Each    string   `yaml:"each"`
	When    Cond     `yaml:"when"`
	Records []string `yaml:"records"` // records that must be visible; a held record holds the hold
	Rests   []string `yaml:"rests"`   // records of whose content up to its phase it speaks; held there, they hold it
	Looks   []Look   `yaml:"looks"`   // what the tenant must show, whoever acknowledges the hold
	Since   *Since   `yaml:"since"`   // how long ago an earlier hold must have been passed
	Rule    string   `yaml:"rule"`    // the phase rule that the hold carries out
	Round   int      `yaml:"round"`   // 2: records of the second round of its phase are published after it
	Cite    []string `yaml:"cite"`
}

// Look is an object that must stand in the tenant, and what it must be.
type Look struct {
	Noun   string         `yaml:"noun"`
	Name   string         `yaml:"name"` // empty: one object for the organisation
	When   Cond           `yaml:"when"`
	Expect map[string]any `yaml:"expect"`
}

// Since is a time that must have passed since a hold was.
type Since struct {
	Hold string `yaml:"hold"`
	Days int    `yaml:"days"`
}

// Record is one DNS record set and the stages of its value.
type Record struct {
	ID     string        `yaml:"id"`
	Zone   string        `yaml:"zone"`
	Name   string        `yaml:"name"` // relative to the zone, @ for the zone itself
	Type   string        `yaml:"type"`
	Tag    string        `yaml:"tag"`  // of a TXT record: which of several of one name it is
	View   string        `yaml:"view"` // external, internal; empty is external
	Reason string        `yaml:"reason"`
	Each   string        `yaml:"each"`
	When   Cond          `yaml:"when"`
	Today  *RecordToday  `yaml:"today"` // nil: nobody is asked what stands there
	Stages []RecordStage `yaml:"stages"`
	Cite   []string      `yaml:"cite"`
}

// RecordToday is what stands under the name of a record before the plan, as far as somebody said.
type RecordToday struct {
	Value any    `yaml:"value"` // as that of a stage
	TTL   string `yaml:"ttl"`   // seconds; empty: nobody is asked
	// Lower is the phase in which what stands there gets the time to live of the first stage; empty:
	// it is not lowered. Reason says why that is done.
	Lower  string `yaml:"lower"`
	Reason string `yaml:"reason"`
}

// RecordStage is the value that a record has from a phase on.
type RecordStage struct {
	Phase      string `yaml:"phase"`
	Round      int    `yaml:"round"` // 2: what changes a second time in its phase, after the holds of that round
	When       Cond   `yaml:"when"`
	TTL        int    `yaml:"ttl"`        // seconds
	Preference int    `yaml:"preference"` // of an MX record, where a value names none
	Value      any    `yaml:"value"`      // a text, or a list: one record of the set for each member
	// Serves is what must lie on the web before the record is published; nil: nothing.
	Serves *Served `yaml:"serves"`
}

// Served is a text that a web server answers with.
type Served struct {
	URL  string `yaml:"url"`
	Text string `yaml:"text"`
}

// Test is a message that somebody sends, and what must come of it: one row of the test matrix.
// Its texts are for readers and take placeholders.
type Test struct {
	ID        string   `yaml:"id"`
	Phase     string   `yaml:"phase"`
	After     string   `yaml:"after"` // the step after which it is sent; empty: any time in the phase
	Hold      string   `yaml:"hold"`  // the hold that waits for it; empty: it belongs to the checks of the phase
	Title     string   `yaml:"title"`
	Each      string   `yaml:"each"`
	When      Cond     `yaml:"when"`
	From      string   `yaml:"from"`
	To        string   `yaml:"to"`
	Marking   string   `yaml:"marking"`   // what the message bears, and where; empty: nothing
	Path      string   `yaml:"path"`      // which way it goes
	Connector string   `yaml:"connector"` // the connector that takes it, as a trace shows; empty: none
	Expect    string   `yaml:"expect"`    // what becomes of it
	Headers   []string `yaml:"headers"`   // what the message shows where it arrives
	Cite      []string `yaml:"cite"`
}

// Phase is one part of the cutover, P0 to P9.
type Phase struct {
	ID     string   `yaml:"id"`
	Title  string   `yaml:"title"`
	When   string   `yaml:"when"`  // how long before or after the inbound cutover
	About  string   `yaml:"about"` // what is done in it
	Checks []string `yaml:"checks"`
	Gate   string   `yaml:"gate"`
	Back   string   `yaml:"back"`
	With   []string `yaml:"with"` // phases that need this one, though nothing happens in it
	Cite   []string `yaml:"cite"`
}

// Citation is a source.
type Citation struct {
	Title     string `yaml:"title" json:"title"`
	Publisher string `yaml:"publisher" json:"publisher"`
	Version   string `yaml:"version" json:"version"` // edition, commit or date of the text that was read
	Read      string `yaml:"read" json:"read"`       // the day it was read
	URL       string `yaml:"url" json:"url,omitempty"`
	Note      string `yaml:"note" json:"note,omitempty"` // what has become of it
	// Controls is how the controls that it sets begin.
	Controls string `yaml:"controls" json:"controls,omitempty"`
	// Binds says for whom it speaks, everybody when it is missing. For anybody else a plan neither
	// cites it nor claims to support its controls.
	Binds *Cond `yaml:"binds" json:"binds,omitempty"`
	// Signs are the roles that it wants to approve a design.
	Signs []string `yaml:"signs" json:"signs,omitempty"`
}

// Words names the source as readers cite it: title, publisher, edition and the day it was read,
// and what has become of it.
func (s Citation) Words() string {
	text := s.Title + ". " + s.Publisher + ", " + s.Version + ". Read " + s.Read + "."
	if s.Note != "" {
		text += " " + s.Note
	}
	return text
}

// List is values that a check reads: knowledge that is not an answer.
type List struct {
	About  string   `yaml:"about"`
	Cite   []string `yaml:"cite"`
	Values []string `yaml:"values"`
}

// LoadFS reads a catalogue from fsys and checks it: topics/*.yaml, phases.yaml, lists.yaml,
// endpoints.yaml, controls.yaml and citations.yaml. The error is Problems and holds everything that
// is wrong.
func LoadFS(fsys fs.FS) (*Catalog, error) {
	con, err := contract.Load()
	if err != nil {
		return nil, err
	}
	c := &Catalog{Contract: con}
	r := reader{}
	r.add(decode(fsys, "citations.yaml", &c.Citations))
	r.add(decode(fsys, "controls.yaml", &c.Controls))
	r.add(decode(fsys, "phases.yaml", &c.Phases))
	r.add(decode(fsys, "lists.yaml", &c.Lists))
	r.add(decode(fsys, "endpoints.yaml", &c.Endpoints))
	names, err := fs.Glob(fsys, "topics/*")
	if err != nil {
		return nil, err
	}
	c.Topics = make([]Topic, len(names))
	texts := make([]text, len(names))
	var all sync.WaitGroup
	for i, name := range names {
		if path.Ext(name) != ".yaml" {
			r.bad(place{file: name}, "a topic is a .yaml file: remove it or rename it")
			continue
		}
		all.Go(func() {
			c.Topics[i].file = name
			texts[i] = decode(fsys, name, &c.Topics[i])
		})
	}
	all.Wait()
	for i, t := range texts {
		r.add(t)
		c.Topics[i].narrow()
	}
	if len(r.problems) == 0 {
		c.check(&r)
	}
	return c, r.err()
}

// narrow puts the condition of the subject on its questions, decisions and rules. Whatever else is
// in it may read decisions alone, so a design looks at the condition itself.
func (t *Topic) narrow() {
	for i := range t.Questions {
		t.Questions[i].When = t.When.and(t.Questions[i].When)
	}
	for i := range t.Decisions {
		t.Decisions[i].When = t.When.and(t.Decisions[i].When)
	}
	for i, r := range t.Rules {
		if len(r.When) > 0 || r.Check != "" { // a rule has one of its own
			t.Rules[i].When = t.When.and(r.When)
		}
	}
}

// Question returns the question with the given ID.
func (c *Catalog) Question(id string) (Question, bool) {
	for _, t := range c.Topics {
		if i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.ID == id }); i >= 0 {
			return t.Questions[i], true
		}
	}
	return Question{}, false
}

// Questions yields all questions in order, each with its topic.
func (c *Catalog) Questions(yield func(Topic, Question) bool) {
	for _, t := range c.Topics {
		for _, q := range t.Questions {
			if !yield(t, q) {
				return
			}
		}
	}
}

// Asking says how the question is named where there is no room for it.
func (q Question) Asking() string {
	if q.Short != "" {
		return q.Short
	}
	return strings.TrimSuffix(q.Title, "?")
}

// AskingOfEach is how the question is named where no single item of its list is meant.
func (c *Catalog) AskingOfEach(q Question) string {
	list, _ := c.Question(q.Each)
	if list.Item == "" {
		return q.Asking()
	}
	return strings.ReplaceAll(q.Asking(), "<"+list.Item+">", "each "+list.Item)
}

// Label returns the words that stand for a value of the question on a screen and in a
// document: an option's label, Yes or No, the value itself, with an internationalised name
// also as people write it.
func (q Question) Label(value string) string {
	for _, o := range q.Options {
		if o.Value == value {
			return o.Label
		}
	}
	if q.Kind == Confirm {
		return map[string]string{yes: "Yes", no: "No"}[value]
	}
	if strings.Contains(value, "xn--") {
		return spelt(value)
	}
	return value
}

// Chosen says that an answer to the question is a choice that can be right for another tenant
// too: it is neither typed, nor said of an item, nor does it state what is there.
func (q Question) Chosen() bool { return len(q.Values()) > 0 && q.Each == "" && !q.Tenant }

// Values returns every value that a condition can name: the options, or yes and no. Other
// kinds have none.
func (q Question) Values() []string {
	if q.Kind == Confirm {
		return []string{yes, no}
	}
	var vs []string
	for _, o := range q.Options {
		vs = append(vs, o.Value)
	}
	return vs
}

// Steering returns the IDs of the questions on which the shape of the plan hangs: those that a
// condition of a question, decision, object, stage, hold, test, flow, certificate or record reads, directly or by
// way of a decision. Left open without an assumption, they block.
func (c *Catalog) Steering() map[string]bool {
	through := map[string][]string{} // decision -> what its outcomes take over
	ids := map[string]bool{}
	add := func(conds ...Cond) {
		for _, cond := range conds {
			for _, id := range cond.IDs() {
				ids[id] = true
			}
		}
	}
	for _, t := range c.Topics {
		for _, q := range t.Questions {
			add(q.When)
			for _, o := range q.Options {
				add(o.When)
			}
		}
		for _, d := range t.Decisions {
			add(d.When)
			for _, o := range d.Outcomes {
				add(o.When)
				through[d.ID] = append(through[d.ID], Placeholders(o.Is)...)
			}
		}
		for _, o := range t.Objects {
			add(o.When)
			for _, s := range o.Stages {
				add(s.When)
			}
		}
		for _, h := range t.Holds {
			add(h.When)
		}
		for _, x := range t.Tests {
			add(x.When)
		}
		for _, f := range t.Flows {
			add(f.When)
		}
		for _, x := range t.Certificates {
			add(x.When)
		}
		for _, r := range t.Records {
			add(r.When)
			for _, s := range r.Stages {
				add(s.When)
			}
		}
	}
	for d, from := range through {
		for _, id := range from {
			ids[id] = ids[id] || ids[d]
		}
	}
	return ids
}

var (
	questionID = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)+$|^[a-z]+$`)
	objectID   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
	decisionID = regexp.MustCompile(`^DD-\d{3}$`)
	ruleID     = regexp.MustCompile(`^[A-Z]{2,4}-\d{2}$`)
	stepID     = regexp.MustCompile(`^STEP-\d{3}$`)
	holdID     = regexp.MustCompile(`^HOLD-\d{3}$`)
	recordID   = regexp.MustCompile(`^REC-\d{3}$`)
	testID     = regexp.MustCompile(`^TEST-\d{3}$`)
)
