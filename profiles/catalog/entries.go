package catalog

import (
	"slices"
	"strings"
)

// Entry is one thing of the catalogue that has an ID, and the IDs of the entries that it uses.
type Entry struct {
	Kind  EntryKind
	ID    string
	Title string
	Topic string // its title
	Uses  []string
	Cite  []string
	// Of is the thing itself: a Question, Decision, Derived, Rule, Watch, Stray, Object, Step, Hold,
	// Record, Test, Flow, Certificate or Table.
	Of any
}

// Step is a stage with the object that it belongs to.
type Step struct {
	Object
	Stage Stage
}

// EntryKind says what an Entry is.
type EntryKind string

// The kinds of entry.
const (
	QuestionEntry    EntryKind = "question"
	DecisionEntry    EntryKind = "decision"
	DerivedEntry     EntryKind = "derived value"
	RuleEntry        EntryKind = "rule"
	WatchEntry       EntryKind = "live rule"
	StrayEntry       EntryKind = "rule of the tenant"
	ObjectEntry      EntryKind = "object"
	StepEntry        EntryKind = "step"
	HoldEntry        EntryKind = "hold"
	RecordEntry      EntryKind = "record"
	TestEntry        EntryKind = "test"
	FlowEntry        EntryKind = "flow"
	CertificateEntry EntryKind = "certificate"
	TableEntry       EntryKind = "table"
)

// Entries returns everything that has an ID, in the order of the catalogue. What an entry uses is
// an entry too: the item of a list stands for the question that asks for the list.
func (c *Catalog) Entries() []Entry {
	var all []Entry
	items := map[string]string{}
	for _, t := range c.Topics {
		add := func(kind EntryKind, id, title string, cite, uses []string, of any) {
			for i, u := range uses {
				if list, is := items[u]; is {
					uses[i] = list
				}
			}
			slices.Sort(uses)
			all = append(all, Entry{kind, id, title, t.Title, slices.Compact(uses), cite, of})
		}
		for _, q := range t.Questions {
			if q.Kind == Items {
				items[q.Item] = q.ID
			}
			add(QuestionEntry, q.ID, q.Title, q.Cite, q.Uses(), q)
		}
		for _, d := range t.Decisions {
			add(DecisionEntry, d.ID, d.Title, d.Cite, d.Uses(), d)
		}
		for _, d := range t.Derived {
			add(DerivedEntry, d.ID, d.About, nil, append(uses(d.Each, nil), d.Reads...), d)
		}
		for _, r := range t.Rules {
			add(RuleEntry, r.ID, r.Summary, r.Cite, r.Uses(), r)
		}
		for _, w := range t.Watches {
			add(WatchEntry, w.ID, w.Summary, w.Cite, w.Uses(), w)
		}
		for _, s := range t.Strays {
			add(StrayEntry, s.ID, s.Summary, s.Cite, s.When.IDs(), s)
		}
		for _, o := range t.Objects {
			add(ObjectEntry, o.ID, strings.TrimSpace(o.Noun+" "+o.Name), nil, o.Uses(), o)
			for _, s := range o.Stages {
				add(StepEntry, s.ID, s.Title, nil, slices.Concat([]string{o.ID}, s.Uses(), s.Needs), Step{o, s})
			}
		}
		for _, h := range t.Holds {
			add(HoldEntry, h.ID, h.Title, h.Cite, h.Uses(), h)
		}
		for _, r := range t.Records {
			add(RecordEntry, r.ID, r.Reason, r.Cite, r.Uses(), r)
		}
		for _, x := range t.Tests {
			add(TestEntry, x.ID, x.Title, x.Cite, x.Uses(), x)
		}
		for _, f := range t.Flows {
			add(FlowEntry, f.ID, f.Reason, f.Cite, f.Uses(), f)
		}
		for _, x := range t.Certificates {
			add(CertificateEntry, x.ID, x.Purpose, x.Cite, x.Uses(), x)
		}
		for _, x := range t.Tables {
			add(TableEntry, x.ID, x.Title, x.Cite, x.When.IDs(), x)
		}
	}
	return all
}

// Uses returns the IDs that the test is made from, with the step that it follows and the hold
// that waits for it.
func (t Test) Uses() []string {
	ids := uses(t.Each, []Cond{t.When}, t.Title, t.From, t.To, t.Marking, t.Path, t.Connector, t.Expect, strings.Join(t.Headers, " "))
	for _, id := range []string{t.After, t.Hold} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Words writes the condition as a person reads it; the empty one is no words.
func (c Cond) Words() string {
	var alternatives []string
	for _, a := range c {
		var all []string
		for _, id := range (Cond{a}).IDs() {
			all = append(all, id+" = "+strings.Join(a[id], " or "))
		}
		alternatives = append(alternatives, strings.Join(all, " and "))
	}
	return strings.Join(alternatives, ", or ")
}

// Nearest returns the word among those known that differs from one in the fewest letters, if it is
// so near that it may have been meant.
func Nearest(word string, known []string) (string, bool) {
	best, least := "", 3
	for _, k := range known {
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best, best != ""
}

// distance counts the letters to insert, delete or replace (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
