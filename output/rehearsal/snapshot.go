package rehearsal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/contract"
)

// ReadSnapshot reads what snapshot.ps1 of a pack saw of a tenant, in its form for machines: for each
// noun its objects, as a tenant keeps them. Properties that the simulation does not know are left out.
// An error names what is no snapshot.
func ReadSnapshot(text []byte) (map[string][]Object, error) {
	c, err := contract.Load()
	if err != nil {
		return nil, err
	}
	m, err := newModel(c, tenantYAML)
	if err != nil {
		return nil, err
	}
	return m.readSnapshot(text)
}

func (m *model) readSnapshot(text []byte) (map[string][]Object, error) {
	var nouns map[string]json.RawMessage
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\uFEFF")), &nouns); err != nil {
		return nil, fmt.Errorf("this is no snapshot of a tenant: %w", err)
	}
	if len(nouns) == 0 {
		return nil, errors.New("this is no snapshot of a tenant: it holds no kind of object")
	}
	out := map[string][]Object{}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(nouns)) {
		n, ok := m.nouns[m.read(name)]
		if !ok {
			problems = append(problems, fmt.Errorf("this is no snapshot of a tenant: it holds %q, which is no kind of object", name))
			continue
		}
		objects, err := n.readObjects(nouns[name])
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		out[n.name] = append(out[n.name], objects...)
	}
	return out, errors.Join(problems...)
}

// read is the noun that the Get cmdlet of a noun of plans is for, which may have several.
func (m *model) read(name string) string {
	if n, ok := m.contract.Noun(name); ok {
		return strings.TrimPrefix(n.Get[0], "Get-")
	}
	return name
}

// readObjects reads the objects of a noun, those that have a priority in its order.
func (n *noun) readObjects(text json.RawMessage) ([]Object, error) {
	var all []map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		// Windows PowerShell writes a list that came from elsewhere as its members and their number.
		var counted struct {
			Value []map[string]any `json:"value"`
			Count *int
		}
		if json.Unmarshal(text, &counted) != nil || counted.Count == nil {
			return nil, errors.New("these are no objects")
		}
		all = counted.Value
	}
	out := []Object{}
	var problems []error
	for i, seen := range all {
		o := Object{Noun: n.name, Values: map[string]any{}}
		for _, p := range n.properties {
			v, shown := seen[p.name]
			if kept, ok := p.kept(v); shown && ok && p.from == p.name && !slices.Contains(n.behaviour.Hidden, p.name) {
				o.Values[p.name] = kept
			}
		}
		if name, _ := o.Values[n.key].(string); name == "" && !n.singleton {
			problems = append(problems, fmt.Errorf("object %d has no %s", i+1, n.key))
		}
		out = append(out, o)
	}
	if n.behaviour.Ordered {
		slices.SortStableFunc(out, func(a, b Object) int {
			x, _ := a.Values["Priority"].(int)
			y, _ := b.Values["Priority"].(int)
			return x - y
		})
		for i := range out {
			out[i].Values["Priority"] = i
		}
	}
	return out, errors.Join(problems...)
}

// kept is a value as the tenant keeps it, from the one that the server shows: without the form of its
// members, and not joined. What is no value of the simulation is left to the service.
func (p property) kept(shown any) (any, bool) {
	if counted, is := shown.(map[string]any); is { // as Windows PowerShell writes a list
		shown = counted["value"]
		if shown == nil {
			return nil, false
		}
	}
	list, many := shown.([]any)
	switch {
	case p.date:
		return nil, false
	case p.bits.Shown != "":
		text, _ := shown.(string)
		return p.bits.Number(text), true
	case p.joined != "" && !many:
		text, _ := shown.(string)
		return members(strings.Split(text, p.joined)), true
	case p.list && shown == nil:
		return nil, false
	case p.list && !many:
		list, many = []any{shown}, true
	}
	if !many {
		v := whole(shown)
		_, fraction := v.(float64)
		_, text := v.(string)
		_, flag := v.(bool)
		_, number := v.(int)
		return v, v == nil || text || flag || number && !fraction
	}
	form := p.unform()
	out := []any{}
	for _, v := range list {
		text, is := v.(string)
		if !is {
			return nil, false
		}
		if text = form.ReplaceAllString(text, "$1"); strings.Contains(p.form, "{spaced}") {
			text = strings.ReplaceAll(text, "; ", ";")
		}
		out = append(out, text)
	}
	return out, true
}

func members(texts []string) []any {
	out := []any{}
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

var digits = regexp.MustCompile(`[0-9]+`)

// unform finds the member in the form that the server gives it, whatever number stands there.
func (p property) unform() *regexp.Regexp {
	before, behind, _ := strings.Cut(strings.Replace(p.form, "{spaced}", "{0}", 1), "{0}")
	numbered := func(s string) string { return digits.ReplaceAllString(regexp.QuoteMeta(s), `[0-9]+`) }
	return regexp.MustCompile("^" + numbered(before) + "(.*)" + numbered(behind) + "$")
}
