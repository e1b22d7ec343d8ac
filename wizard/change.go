package wizard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// told says what a change made of answers beside the one that was given, a sentence for each
// kind of it.
func told(c *catalog.Catalog, ch profiles.Change) []string {
	var out []string
	for _, kind := range []struct {
		what  string
		asked []profiles.Asked
	}{
		{"Newly asked: ", ch.New},
		{"Asked again, and answered from before: ", ch.Back},
		{"No longer asked: ", ch.Gone},
		{"No longer asked; the answers are kept apart and come back with the question: ", ch.Kept},
	} {
		if len(kind.asked) > 0 {
			out = append(out, kind.what+named(c, ch, kind.asked)+".")
		}
	}
	for _, a := range ch.Lapsed {
		at := profiles.Ref{Question: a.Rule, Key: a.Item}
		out = append(out, "No longer valid: the acknowledgement of "+at.String()+" by "+a.By+", which rested on other answers.")
	}
	return out
}

// named names questions. Those about an item that came or went are named by it, and one that is
// asked for several items is named once.
func named(c *catalog.Catalog, ch profiles.Change, asked []profiles.Asked) string {
	ofItem, ofQuestion := map[profiles.Scope]int{}, map[string]int{}
	for _, a := range asked {
		ofItem[a.Scope]++
		ofQuestion[a.Question.ID]++
	}
	var names []string
	for _, a := range asked {
		name, n := a.Asking(), ofQuestion[a.Question.ID]
		switch {
		case slices.Contains(ch.Items, a.Scope):
			name = catalog.Count(ofItem[a.Scope], "question", "questions") + " about " + a.Scope.Item.Value
		case n > 1:
			name = fmt.Sprintf("%s (%d)", forEach(c, a.Question).Asking(), n)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// forEach is a question as it is asked about every item of its list.
func forEach(c *catalog.Catalog, q catalog.Question) profiles.Asked {
	list, _ := c.Question(q.Each)
	return profiles.Asked{Question: q, Scope: profiles.Scope{Each: q.Each, Item: catalog.Item{Value: "each " + list.Item}}}
}
