package rehearsal

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles/contract"
)

// State is the tenant at one moment: every object and every property, without what the
// service or the clock makes anew each time (identifiers, dates). It is read only.
type State struct {
	model   *model
	objects map[string][]record // per noun, in the order of the tenant
}

type record struct {
	id     string
	values map[string]any
}

// Objects returns the objects of a noun. Rules come in the order of their priority and
// have it under Priority; all others come by name.
func (s State) Objects(noun string) []Object {
	n, ok := s.model.nouns[noun]
	if !ok {
		return nil
	}
	out := make([]Object, 0, len(s.objects[noun]))
	for i, r := range s.objects[noun] {
		o := Object{Noun: noun, Values: maps.Clone(r.values)}
		if name, ok := r.values[n.key]; ok { // what the organisation has one of may have no name
			o.Name = fmt.Sprint(name)
		}
		if n.behaviour.Ordered {
			o.Values["Priority"] = i
		}
		out = append(out, o)
	}
	if !n.behaviour.Ordered {
		sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	}
	return out
}

// Object returns one object; of a noun that the organisation has one of, any name does.
func (s State) Object(noun, name string) (Object, bool) {
	n, ok := s.model.nouns[noun]
	for _, o := range s.Objects(noun) {
		if strings.EqualFold(o.Name, name) || ok && n.singleton {
			return o, true
		}
	}
	return Object{}, false
}

// Value returns a property by its name in any case, as the tenant keeps it: nil, bool,
// int, string or []any of strings.
func (o Object) Value(property string) (any, bool) {
	for k, v := range o.Values {
		if strings.EqualFold(k, property) {
			return v, true
		}
	}
	return nil, false
}

// String is the canonical text: one line per property, sorted, in which null, the empty
// text and the empty list differ. Two tenants with the same text are the same.
//
//	InboundConnector/Gateway inbound/RequireTls = true
func (s State) String() string {
	var b strings.Builder
	for _, noun := range slices.Sorted(maps.Keys(s.objects)) {
		objects := s.Objects(noun)
		sort.SliceStable(objects, func(i, j int) bool { return objects[i].Name < objects[j].Name })
		for _, o := range objects {
			s.write(&b, o)
		}
	}
	return b.String()
}

func (s State) write(b *strings.Builder, o Object) {
	n := s.model.nouns[o.Noun]
	fmt.Fprintf(b, "%s/%s\n", o.Noun, o.Name)
	for _, p := range n.properties {
		if v, ok := o.Values[p.name]; ok {
			fmt.Fprintf(b, "%s/%s/%s = %s\n", o.Noun, o.Name, p.name, canonical(p.kind, v))
		}
	}
}

func canonical(kind contract.Kind, v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case []any:
		words := make([]string, 0, len(v))
		for _, e := range v {
			words = append(words, canonical(kind, e))
		}
		if kind == contract.Words || kind == contract.Texts {
			slices.Sort(words)
		}
		return "[" + strings.Join(words, ", ") + "]"
	default:
		return fmt.Sprint(v)
	}
}

// Difference lists the lines in which two states differ: those that went with "-", those
// that came with "+".
func (s State) Difference(to State) []string {
	before, after := strings.Split(strings.TrimSpace(s.String()), "\n"), strings.Split(strings.TrimSpace(to.String()), "\n")
	var out []string
	for _, line := range before {
		if !slices.Contains(after, line) {
			out = append(out, "- "+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			out = append(out, "+ "+line)
		}
	}
	return out
}

// NotBack lists the lines in which a state differs from one that it should be again, but for what the
// service cannot take back.
func (s State) NotBack(after State) []string {
	stays := map[string]bool{} // noun/property
	for _, name := range s.model.contract.Nouns() {
		if n, _ := s.model.contract.Noun(name); n.Stays != "" {
			_, of, _ := strings.Cut(n.Get[0], "-")
			for _, property := range n.From {
				stays[of+"/"+property] = true
			}
		}
	}
	return slices.DeleteFunc(s.Difference(after), func(line string) bool {
		path, _, _ := strings.Cut(line[2:], " = ")
		of, rest, _ := strings.Cut(path, "/")
		return stays[of+"/"+rest[strings.LastIndexByte(rest, '/')+1:]]
	})
}

// change is what the engine reports of one object: how it now is, nil when it is gone, and
// the order of its kind.
type change struct {
	Noun   string
	ID     string `json:"Id"`
	Values map[string]any
	Order  []string
}

// apply gives the state after a change; the one before stays as it is.
func (s State) apply(c change) State {
	byID := map[string]record{}
	for _, r := range s.objects[c.Noun] {
		byID[r.id] = r
	}
	if c.Values != nil {
		byID[c.ID] = s.model.record(c.Noun, c.Values)
	}
	next := State{model: s.model, objects: maps.Clone(s.objects)}
	next.objects[c.Noun] = make([]record, 0, len(c.Order))
	for _, id := range c.Order {
		next.objects[c.Noun] = append(next.objects[c.Noun], byID[id])
	}
	return next
}

// record keeps what counts of an object as the engine stores it.
func (m *model) record(noun string, stored map[string]any) record {
	n := m.nouns[noun]
	r := record{id: fmt.Sprint(stored["Guid"]), values: map[string]any{}}
	for _, p := range n.properties {
		if v, ok := stored[p.name]; ok && !slices.Contains(n.behaviour.Hidden, p.name) {
			r.values[p.name] = whole(v)
		}
	}
	return r
}

func (m *model) state(dump map[string][]map[string]any) State {
	s := State{model: m, objects: map[string][]record{}}
	for noun := range m.nouns {
		s.objects[noun] = nil
		for _, stored := range dump[noun] {
			s.objects[noun] = append(s.objects[noun], m.record(noun, stored))
		}
	}
	return s
}

func wholes(m map[string]any) map[string]any {
	for k, v := range m {
		m[k] = whole(v)
	}
	return m
}

// whole makes the numbers of JSON whole again: the tenant has no others.
func whole(v any) any {
	if f, ok := v.(float64); ok {
		return int(f)
	}
	return v
}
