package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// A field is one key of a profile's file.
type field struct {
	key   string
	title string // of the topic, which stands above its first question
	// said is what the value means, and value how it is written; where below is set the value is
	// a mapping of its own.
	said  any
	value *yaml.Node
	below []field
	id    string // names the field wherever it stands; an answer has its Ref
}

// Encode writes a profile, in the order of the catalogue, each topic under its title. Answers
// that reach nothing stand apart, under unused. Decode reads it back as it was.
func Encode(p *Profile, c *catalog.Catalog, presets Presets) ([]byte, error) {
	return encode(p.Name, fields(Evaluate(c, presets, p), true))
}

// EncodeUsed writes a profile without the answers that reach nothing: two profiles that plan
// the same give the same bytes. It is what a pack holds.
func EncodeUsed(s *State) ([]byte, error) { return encode(s.Profile.Name, fields(s, false)) }

func encode(name string, all []field) ([]byte, error) {
	text, err := written(mapping(all))
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", name, err)
	}
	return text, nil
}

func written(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	err := errors.Join(e.Encode(n), e.Close())
	return b.Bytes(), err
}

// fields are the keys of a profile in their order; with apart those are among them that hold
// what reaches nothing.
func fields(s *State, apart bool) []field {
	p := s.Profile
	out := []field{
		whole(Format).field("exoplan"), textField("id", p.ID), textField("name", p.Name), whole(p.Revision).field("revision"),
	}
	if p.Date != "" {
		out = append(out, textField("date", p.Date))
	}
	if len(p.Presets) > 0 {
		out = append(out, field{key: "presets", id: "presets", said: p.Presets, value: texts(p.Presets)})
	}
	unused := s.Unused()
	used, rest := map[Ref]Answer{}, map[Ref]Answer{}
	for ref, a := range p.Answers {
		if slices.Contains(unused, ref) {
			rest[ref] = a
		} else {
			used[ref] = a
		}
	}
	out = append(out, field{key: "answers", below: answerFields(s.Catalog, used, s.items)})
	if apart && len(rest) > 0 {
		out = append(out, field{key: "unused", below: answerFields(s.Catalog, rest, nil)})
	}
	said := p.Acknowledged
	if !apart {
		said = slices.DeleteFunc(slices.Clone(said), func(a Acknowledgement) bool { _, _, stands := s.of(a); return !stands })
	}
	if len(said) > 0 {
		out = append(out, field{key: "acknowledged", id: "acknowledged", said: said, value: acknowledgements(said)})
	}
	return out
}

func (w whole) field(key string) field {
	return field{key: key, id: key, said: int(w), value: &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(int(w))}}
}

func textField(key, value string) field {
	return field{key: key, id: key, said: value, value: text(value)}
}

// answerFields writes answers by question: one answer, or a mapping by item. What was said of
// every item stands at each of the items that has no answer of its own, once another has.
func answerFields(c *catalog.Catalog, answers map[Ref]Answer, items map[string][]catalog.Item) []field {
	var out []field
	times := map[string]int{}
	for ref := range answers {
		times[ref.Question]++
	}
	for t, q := range c.Questions {
		f := field{key: q.ID, id: q.ID, title: t.Title}
		switch every, said := answers[Ref{Question: q.ID}]; {
		case times[q.ID] == 0:
			continue
		case said && times[q.ID] == 1:
			f.said, f.value = every, encodeAnswer(q, every)
		default:
			f.below = itemFields(q, answers, items[q.Each])
		}
		out = append(out, f)
	}
	return out
}

func itemFields(q catalog.Question, answers map[Ref]Answer, items []catalog.Item) []field {
	own := map[string]Answer{}
	if every, ok := answers[Ref{Question: q.ID}]; ok {
		for _, it := range items {
			own[it.Key] = every
		}
	}
	for r, a := range answers {
		if r.Question == q.ID && r.Key != "" {
			own[r.Key] = a
		}
	}
	var out []field
	for _, key := range slices.Sorted(maps.Keys(own)) {
		out = append(out, field{key: key, id: Ref{q.ID, key}.String(), said: own[key], value: encodeAnswer(q, own[key])})
	}
	return out
}

// mapping makes one node of fields.
func mapping(all []field) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	title := ""
	for _, f := range all {
		key := text(f.key)
		if f.title != title {
			title = f.title
			key.HeadComment = f.title
		}
		value := f.value
		if value == nil {
			value = mapping(f.below)
		}
		n.Content = append(n.Content, key, value)
	}
	return n
}

func encodeAnswer(q catalog.Question, a Answer) *yaml.Node {
	if a.Undecided == nil {
		return encodeValue(q, a.Value)
	}
	inner := &yaml.Node{Kind: yaml.MappingNode}
	put := func(key string, value *yaml.Node) { inner.Content = append(inner.Content, text(key), value) }
	put("owner", text(a.Undecided.Owner))
	if a.Undecided.Due != "" {
		put("due", text(a.Undecided.Due))
	}
	if a.Undecided.Assumed {
		put("assume", encodeValue(q, a.Value))
	}
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{text("undecided"), inner}}
}

func encodeValue(q catalog.Question, v any) *yaml.Node {
	said := q.Format(v)
	if !q.Kind.List() {
		if len(said) == 0 {
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
		}
		return text(said[0])
	}
	n := texts(said)
	items, _ := v.([]catalog.Item)
	for i, it := range items {
		if it.Key != catalog.ItemKey(it.Value) {
			n.Content[i] = &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{text("key"), text(it.Key), text("value"), text(it.Value)}}
		}
	}
	return n
}

func acknowledgements(all []Acknowledgement) *yaml.Node {
	out := &yaml.Node{Kind: yaml.SequenceNode}
	for _, a := range all {
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, f := range [][2]string{
			{"rule", a.Rule}, {"item", a.Item}, {"by", a.By}, {"role", a.Role}, {"reason", a.Reason}, {"date", a.Date}, {"basis", a.Basis},
		} {
			if f[1] != "" {
				n.Content = append(n.Content, text(f[0]), text(f[1]))
			}
		}
		out.Content = append(out.Content, n)
	}
	return out
}

func texts(all []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range all {
		n.Content = append(n.Content, text(s))
	}
	return n
}

// text is a scalar that is read back as it stands: the library quotes what would be read as
// something else.
func text(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}
