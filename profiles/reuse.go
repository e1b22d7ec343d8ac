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

// order compares answers as the catalogue asks for them.
func order(c *catalog.Catalog) func(a, b Ref) int {
	ids := questionIDs(c)
	return func(a, b Ref) int {
		return cmp.Or(slices.Index(ids, a.Question)-slices.Index(ids, b.Question), cmp.Compare(a.Key, b.Key))
	}
}
