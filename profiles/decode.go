package profiles

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// onDisk is a profile as it is read.
type onDisk struct {
	Exoplan      whole            `yaml:"exoplan"`
	ID           string           `yaml:"id"`
	Name         string           `yaml:"name"`
	Revision     whole            `yaml:"revision"`
	Date         string           `yaml:"date,omitempty"`
	Presets      []string         `yaml:"presets,omitempty,flow"`
	Answers      yaml.Node        `yaml:"answers"`
	Unused       yaml.Node        `yaml:"unused,omitempty"` // answers to what is not asked now; they come back with the question
	Acknowledged []acknowledgment `yaml:"acknowledged,omitempty"`
}

// whole is a number as people count: YAML would take 010 for eight and 1.5 for one.
type whole int

var counted = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)

// UnmarshalYAML takes decimal digits and nothing else.
func (w *whole) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Style == 0 && counted.MatchString(n.Value) {
		return n.Decode((*int)(w))
	}
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: cannot unmarshal %s `%s` into int", n.Line, n.ShortTag(), n.Value)}}
}

type acknowledgment struct {
	Rule   string `yaml:"rule"`
	Item   string `yaml:"item,omitempty"`
	By     string `yaml:"by"`
	Role   string `yaml:"role"`
	Reason string `yaml:"reason"`
	Date   string `yaml:"date,omitempty"`
	Basis  string `yaml:"basis,omitempty"`
}

var profileName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Decode reads a profile. The error is catalog.Problems and holds everything that is wrong,
// with file and line; file is only named in it. Answers are checked against their questions.
func Decode(file string, data []byte, c *catalog.Catalog, presets Presets) (*Profile, error) {
	data, err := plainText(file, data)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, catalog.Problems{{File: file, Message: "the file is empty"}}
	}
	var newer struct{ Exoplan int }
	if yaml.Unmarshal(data, &newer) == nil && newer.Exoplan > Format {
		return nil, catalog.Problems{{File: file, Line: 1, Message: fmt.Sprintf(
			"the profile has format %d and was written by a newer exoplan; this one reads format %d", newer.Exoplan, Format)}}
	}
	var raw onDisk
	d := decoder{file: file, cat: c, problems: catalog.DecodeStrict(file, data, &raw)}
	if raw.Exoplan != Format && len(d.problems) == 0 {
		d.bad(1, "a profile begins with the line exoplan: %d", Format)
	}
	p := &Profile{ID: raw.ID, Name: raw.Name, Revision: int(raw.Revision), Date: raw.Date, Presets: raw.Presets}
	d.head(p, presets)
	p.Answers = d.answers(&raw.Answers)
	d.keys(&raw.Answers, p.Answers)
	apart := decoder{file: file, cat: c} // what cannot be read there reaches nothing, and waits
	for ref, a := range apart.answers(&raw.Unused) {
		if _, used := p.Answers[ref]; !used {
			p.Answers[ref] = a
		}
	}
	for _, a := range raw.Acknowledged {
		p.Acknowledged = append(p.Acknowledged, Acknowledgement(a))
		d.acknowledgement(p.Acknowledged)
	}
	return p, d.problems.Err()
}

// acknowledgement checks the last of several.
func (d *decoder) acknowledgement(all []Acknowledgement) {
	a := all[len(all)-1]
	if a.Rule == "" || a.By == "" || a.Role == "" || a.Reason == "" {
		d.bad(0, "an acknowledgement names a rule, and who acknowledges it, in which role, for which reason")
		return
	}
	severity, known := severities(d.cat)[a.Rule]
	switch {
	case !known:
		d.bad(0, "acknowledged: no rule is called %q%s", a.Rule, suggest(a.Rule, ruleIDs(d.cat)))
	case severity != catalog.Warning:
		d.bad(0, "acknowledged: %s is of severity %s; a warning alone can be acknowledged", a.Rule, severity)
	}
	if a.Date != "" {
		if _, err := (catalog.Question{Kind: catalog.Date}).Parse(a.Date); err != nil {
			d.bad(0, "acknowledged: %s: %v", a.Rule, err)
		}
	}
	if slices.ContainsFunc(all[:len(all)-1], func(b Acknowledgement) bool { return a.Rule == b.Rule && a.Item == b.Item }) {
		d.bad(0, "acknowledged: %s is acknowledged twice", Ref{a.Rule, a.Item})
	}
}

type decoder struct {
	file     string
	cat      *catalog.Catalog
	problems catalog.Problems
}

func (d *decoder) bad(line int, format string, args ...any) {
	d.problems = append(d.problems, catalog.Problem{File: d.file, Line: line, Message: fmt.Sprintf(format, args...)})
}

func (d *decoder) head(p *Profile, presets Presets) {
	if !profileName.MatchString(p.Name) {
		d.bad(0, "name: %q is not a name of lower-case letters, digits and hyphens", p.Name)
	}
	if p.ID == "" {
		d.bad(0, "id: a profile has an ID that stays the same over all its revisions, such as %s", "coastal-works-7c21")
	}
	if p.Revision < 1 {
		d.bad(0, "revision: a whole number from 1 is expected")
	}
	if p.Date != "" {
		if _, err := (catalog.Question{Kind: catalog.Date}).Parse(p.Date); err != nil {
			d.bad(0, "date: %v", err)
		}
	}
	for i, id := range p.Presets {
		preset, ok := presets.Find(id)
		if !ok {
			d.bad(0, "presets: no preset is called %q%s", id, suggest(id, presets.IDs()))
		}
		for _, other := range p.Presets[:i] {
			under, _ := presets.Find(other)
			if question := preset.clashes(under); question != "" {
				d.bad(0, "presets: %s and %s lock %s to different answers; take one of the two", other, id, question)
			}
		}
	}
}

// answers reads the mapping from questions to answers.
func (d *decoder) answers(n *yaml.Node) map[Ref]Answer {
	out := map[Ref]Answer{}
	if n.Kind != yaml.MappingNode {
		if n.Kind != 0 && n.Tag != "!!null" {
			d.bad(n.Line, "a mapping from questions to answers is expected here")
		}
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		q, ok := d.cat.Question(key.Value)
		if !ok {
			d.bad(key.Line, "no question is called %q%s", key.Value, suggest(key.Value, questionIDs(d.cat)))
			continue
		}
		if perItem(q, value) {
			for j := 0; j+1 < len(value.Content); j += 2 {
				ref := Ref{q.ID, value.Content[j].Value}
				d.answer(out, ref, q, value.Content[j+1])
			}
			continue
		}
		d.answer(out, Ref{Question: q.ID}, q, value)
	}
	return out
}

// keys checks that every item that an answer speaks of is there.
func (d *decoder) keys(n *yaml.Node, answers map[Ref]Answer) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		q, ok := d.cat.Question(n.Content[i].Value)
		if !ok || q.Each == "" || !perItem(q, n.Content[i+1]) {
			continue
		}
		items, _ := answers[Ref{Question: q.Each}].Value.([]catalog.Item)
		for j := 0; j+1 < len(n.Content[i+1].Content); j += 2 {
			key := n.Content[i+1].Content[j]
			if !slices.ContainsFunc(items, func(it catalog.Item) bool { return it.Key == key.Value }) {
				d.bad(key.Line, "%s: %q is not among %s", q.ID, key.Value, q.Each)
			}
		}
	}
}

func perItem(q catalog.Question, n *yaml.Node) bool {
	return q.Each != "" && n.Kind == yaml.MappingNode && !isUndecided(n)
}

func isUndecided(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[0].Value == "undecided"
}

func (d *decoder) answer(out map[Ref]Answer, ref Ref, q catalog.Question, n *yaml.Node) {
	a, err := decodeAnswer(q, n)
	if err != nil {
		for _, one := range unjoin(err) {
			d.bad(n.Line, "%s: %v", ref, one)
		}
		return
	}
	out[ref] = a
}

func decodeAnswer(q catalog.Question, n *yaml.Node) (Answer, error) {
	if isUndecided(n) {
		return decodeUndecided(q, n.Content[1])
	}
	if q.Kind == catalog.Items {
		items, err := decodeItems(q, n)
		return Answer{Value: items}, err
	}
	texts, err := scalars(q, n)
	if err != nil {
		return Answer{}, err
	}
	v, err := q.Parse(texts...)
	return Answer{Value: v}, err
}

// scalars returns the texts as they stand in the file: 010 stays 010, and on stays on.
func scalars(q catalog.Question, n *yaml.Node) ([]string, error) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return nil, nil
	case n.Kind == yaml.SequenceNode && q.Kind.List():
		var texts []string
		var errs []error
		for _, e := range n.Content {
			text, err := scalar(e)
			texts, errs = append(texts, text), append(errs, err)
		}
		return texts, errors.Join(errs...)
	case n.Kind == yaml.SequenceNode:
		return nil, errors.New("one answer is expected here, not a list")
	}
	text, err := scalar(n)
	return []string{text}, err
}

// scalar returns a text as it was typed, or says why that cannot be known.
func scalar(n *yaml.Node) (string, error) {
	switch {
	case n.Kind == yaml.AliasNode:
		return "", fmt.Errorf("*%s refers to another place; write the value out", n.Value)
	case n.Kind == yaml.SequenceNode:
		return "", errors.New("a text is expected here, not a list")
	case n.Kind != yaml.ScalarNode:
		return "", errors.New("a text is expected here, not a mapping")
	case n.Tag == "!!null":
		return "", fmt.Errorf("%q means nothing at all; leave it out, or put it in quotes if it is meant as text", n.Value)
	case n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!str":
		return "", fmt.Errorf("the tag %s would change the text; leave it out", n.Tag)
	}
	return n.Value, nil
}

// decodeItems reads a list of values, or of mappings with key and value where the value has
// changed since the item was made.
func decodeItems(q catalog.Question, n *yaml.Node) ([]catalog.Item, error) {
	if n.Kind != yaml.SequenceNode {
		return nil, errors.New("a list is expected here")
	}
	var texts []string
	keys := map[string]string{}
	for _, e := range n.Content {
		var renamed struct{ Key, Value string }
		switch {
		case e.Kind == yaml.ScalarNode, e.Kind == yaml.AliasNode:
			text, err := scalar(e)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", e.Line, err)
			}
			texts = append(texts, text)
		case e.Decode(&renamed) == nil && renamed.Key == catalog.ItemKey(renamed.Key) && renamed.Key != "" && renamed.Value != "":
			texts = append(texts, renamed.Value)
			keys[strings.ToLower(renamed.Value)] = renamed.Key
		default:
			return nil, fmt.Errorf("line %d: an item is a text, or a mapping with key and value", e.Line)
		}
	}
	v, err := q.Parse(texts...)
	items, _ := v.([]catalog.Item)
	seen := map[string]bool{}
	for i, it := range items {
		if key, ok := keys[strings.ToLower(it.Value)]; ok {
			items[i].Key = key
		}
		if seen[items[i].Key] {
			err = errors.Join(err, fmt.Errorf("two items have the key %q", items[i].Key))
		}
		seen[items[i].Key] = true
	}
	return items, err
}

func decodeUndecided(q catalog.Question, n *yaml.Node) (Answer, error) {
	u := &Undecided{}
	a := Answer{Undecided: u}
	if n.Kind != yaml.MappingNode {
		return a, errors.New("undecided: a mapping with owner, due and assume is expected here")
	}
	var errs []error
	for i := 0; i+1 < len(n.Content); i += 2 {
		value := n.Content[i+1]
		switch key := n.Content[i].Value; key {
		case "owner":
			owner, err := scalar(value)
			u.Owner = owner
			errs = append(errs, err)
		case "due":
			due, err := scalar(value)
			if err == nil {
				_, err = catalog.Question{Kind: catalog.Date}.Parse(due)
			}
			u.Due = due
			errs = append(errs, err)
		case "assume":
			assumed, err := decodeAnswer(q, value)
			a.Value, u.Assumed = assumed.Value, true
			errs = append(errs, err)
		default:
			errs = append(errs, fmt.Errorf("undecided: unknown key %q; owner, due and assume are known", key))
		}
	}
	if u.Owner == "" {
		errs = append(errs, errors.New("undecided: somebody owns the question; name an owner"))
	}
	return a, errors.Join(errs...)
}

func unjoin(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	return []error{err}
}
