package profiles

import (
	"cmp"
	"maps"
	"slices"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Reused is what a profile gives another tenant, and what it does not.
type Reused struct {
	Answers map[Ref]Answer
	Kept    []Ref // in the order of the catalogue, as Emptied
	Emptied []Ref
	// Dropped are the acknowledgements: nobody takes a risk on for another tenant.
	Dropped []Acknowledgement
}

// Reuse takes over what was chosen in a profile, and nothing that tells its tenant: no text,
// name, address or list, nothing that was said of an item, no answer that somebody owes, none
// of the choices that state what is there, none that is not asked.
func Reuse(from *Profile, c *catalog.Catalog, presets Presets) Reused {
	out := Reused{Answers: map[Ref]Answer{}, Dropped: slices.Clone(from.Acknowledged)}
	unused := Evaluate(c, presets, from).Unused()
	for _, ref := range slices.SortedFunc(maps.Keys(from.Answers), order(c)) {
		q, _ := c.Question(ref.Question)
		if a := from.Answers[ref]; q.Chosen() && a.Undecided == nil && !slices.Contains(unused, ref) {
			out.Kept = append(out.Kept, ref)
			out.Answers[ref] = a
		} else {
			out.Emptied = append(out.Emptied, ref)
		}
	}
	return out
}

// EmptiedQuestion is a question whose answers do not pass to another tenant, and how many there
// were. What they were is not said: that is the other tenant's.
type EmptiedQuestion struct {
	Question catalog.Question
	Answers  int
}

// KeptAnswers returns what was kept, with the question that each answers.
func (r Reused) KeptAnswers(c *catalog.Catalog) []Asked {
	var out []Asked
	for _, ref := range r.Kept {
		q, _ := c.Question(ref.Question)
		out = append(out, Asked{Question: q, Answer: r.Answers[ref]})
	}
	return out
}

// EmptiedQuestions returns the questions of which answers were emptied, each once.
func (r Reused) EmptiedQuestions(c *catalog.Catalog) []EmptiedQuestion {
	var out []EmptiedQuestion
	for _, ref := range r.Emptied {
		if n := len(out); n > 0 && out[n-1].Question.ID == ref.Question {
			out[n-1].Answers++
			continue
		}
		q, _ := c.Question(ref.Question)
		out = append(out, EmptiedQuestion{q, 1})
	}
	return out
}

// order compares answers as the catalogue asks for them.
func order(c *catalog.Catalog) func(a, b Ref) int {
	ids := questionIDs(c)
	return func(a, b Ref) int {
		return cmp.Or(slices.Index(ids, a.Question)-slices.Index(ids, b.Question), cmp.Compare(a.Key, b.Key))
	}
}
