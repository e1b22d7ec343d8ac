// Package profiles holds what was answered: presets, which are answers and nothing else; the
// profile of one customer; and the session in which a wizard, flags or plain prompts change
// it. It says which questions are asked and what the decisions are, and needs no terminal.
//
// Answers come in layers: the defaults of the questions, the presets in their order, the
// profile. An answer to a question that is not asked just now is kept, and reaches nothing.
package profiles

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Format is the version of the profile format that this package reads and writes.
const Format = 1

// Profile is the answers of one customer, over all revisions of the plan.
type Profile struct {
	ID           string // the same over all revisions; what the tenant's records know the profile by
	Name         string // letters, digits and hyphens: names file and pack
	Revision     int    // from 1
	Date         string // YYYY-MM-DD, the date that the pack bears
	Presets      []string
	Answers      map[Ref]Answer
	Acknowledged []Acknowledgement
}

// Ref names an answer: a question, and the key of the item where it is asked per item.
type Ref struct {
	Question, Key string
}

// String returns question or question/key, as flags and messages write it.
func (r Ref) String() string {
	if r.Key == "" {
		return r.Question
	}
	return r.Question + "/" + r.Key
}

// ParseRef is the inverse of Ref.String.
func ParseRef(s string) Ref {
	question, key, _ := strings.Cut(s, "/")
	return Ref{question, key}
}

// Answer is what was answered: a value as catalog.Question.Parse returns it, or, while
// Undecided is set, what is assumed meanwhile.
type Answer struct {
	Value     any
	Undecided *Undecided
}

// Undecided is an answer too: somebody owes it.
type Undecided struct {
	Owner string
	Due   string // YYYY-MM-DD, or empty
	// Assumed says that the answer's Value is an assumption; without it the question is open.
	Assumed bool
}

// Acknowledgement is a person's word that a warning is known and taken on. It lapses when the
// answers that the warning rests on change, and never passes to another tenant: Basis says
// what it rested on.
type Acknowledgement struct {
	Rule   string
	Item   string // the item's key, where the rule speaks of one
	By     string
	Role   string
	Reason string
	Date   string // YYYY-MM-DD
	Basis  string
}

// Clone returns a copy that shares nothing that a session changes.
func (p *Profile) Clone() *Profile {
	q := *p
	q.Presets = slices.Clone(p.Presets)
	q.Acknowledged = slices.Clone(p.Acknowledged)
	q.Answers = make(map[Ref]Answer, len(p.Answers))
	maps.Copy(q.Answers, p.Answers)
	return &q
}

// Open says that the question has neither a value nor an assumption.
func (a Answer) Open() bool { return a.Undecided != nil && !a.Undecided.Assumed }

// suggest names what was probably meant, or nothing.
func suggest(word string, known []string) string {
	if best, near := catalog.Nearest(word, known); near {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return ""
}

func questionIDs(c *catalog.Catalog) []string {
	var ids []string
	for _, q := range c.Questions {
		ids = append(ids, q.ID)
	}
	return ids
}

func ruleIDs(c *catalog.Catalog) []string { return slices.Sorted(maps.Keys(severities(c))) }

// severities maps every rule that an answer can break to how severe that is.
func severities(c *catalog.Catalog) map[string]catalog.Severity {
	all := map[string]catalog.Severity{}
	for _, t := range c.Topics {
		for _, r := range t.Rules {
			all[r.ID] = r.Severity
		}
	}
	return all
}
