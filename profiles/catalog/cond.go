package catalog

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Cond is a condition: it holds when one of its alternatives holds. An alternative is all-of
// over IDs of questions and decisions, any-of over values. There are no operators: what a
// Cond cannot say is a named check. The empty condition always holds.
type Cond []Alternative

// Alternative maps the ID of a question or decision to the values of which it must have one.
type Alternative map[string]Words

// Words are values as conditions name them: words, with yes and no for the two truths.
type Words []string

const (
	yes = "yes"
	no  = "no"
)

// Holds says whether the condition holds, where words returns the values that an ID has: none
// for what is not asked or not answered, several for a list.
func (c Cond) Holds(words func(id string) []string) bool {
	return len(c) == 0 || slices.ContainsFunc(c, func(a Alternative) bool {
		for id, want := range a {
			if !slices.ContainsFunc(words(id), func(w string) bool { return slices.Contains(want, w) }) {
				return false
			}
		}
		return true
	})
}

// and returns what holds where both conditions do. They read different IDs.
func (c Cond) and(o Cond) Cond {
	if len(c) == 0 {
		return o
	}
	if len(o) == 0 {
		return c
	}
	var both Cond
	for _, a := range c {
		for _, b := range o {
			one := maps.Clone(a)
			maps.Copy(one, b)
			both = append(both, one)
		}
	}
	return both
}

// IDs returns what the condition reads, sorted.
func (c Cond) IDs() []string {
	var ids []string
	for _, a := range c {
		for id := range a {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// excludes says that c and o cannot hold together, as far as conditions show it: in every
// pair of alternatives some ID is asked for different values.
func (c Cond) excludes(o Cond) bool {
	if len(c) == 0 || len(o) == 0 {
		return false
	}
	for _, a := range c {
		for _, b := range o {
			if !a.excludes(b) {
				return false
			}
		}
	}
	return true
}

func (a Alternative) excludes(b Alternative) bool {
	for id, ws := range a {
		other, both := b[id]
		if both && !slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(other, w) }) {
			return true
		}
	}
	return false
}

// UnmarshalYAML reads one alternative or a list of them.
func (c *Cond) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		*c = make(Cond, 1)
		return n.Decode(&(*c)[0])
	}
	return n.Decode((*[]Alternative)(c))
}

// UnmarshalYAML reads one word or a list of them.
func (w *Words) UnmarshalYAML(n *yaml.Node) error {
	var list []string
	if n.Kind == yaml.ScalarNode {
		list = []string{n.Value}
	} else if err := n.Decode(&list); err != nil {
		return err
	}
	for _, s := range list {
		*w = append(*w, canonical(s))
	}
	return nil
}

func canonical(word string) string {
	switch word {
	case "true":
		return yes
	case "false":
		return no
	}
	return word
}
