package rehearsal

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles/contract"
)

//go:embed tenant.yaml
var tenantYAML []byte

// behaviour is a noun of tenant.yaml; its comment explains the keys.
type behaviour struct {
	Defaults   map[string]any               `yaml:"defaults"`
	Copies     map[string]string            `yaml:"copies"`
	Forms      map[string]string            `yaml:"forms"`
	Joined     map[string]string            `yaml:"joined"`
	Nested     map[string]string            `yaml:"nested"`
	Also       []string                     `yaml:"also"`
	Dates      []string                     `yaml:"dates"`
	Hidden     []string                     `yaml:"hidden"`
	Nullable   []string                     `yaml:"nullable"`
	Parameters map[string][]string          `yaml:"parameters"`
	Switch     string                       `yaml:"switch"`
	Ordered    bool                         `yaml:"ordered"`
	Filters    []filter                     `yaml:"filters"`
	Needs      []need                       `yaml:"needs"`
	Adds       map[string]map[string]string `yaml:"adds"`
	Pairs      [][]string                   `yaml:"pairs"`
	Wildcards  []string                     `yaml:"wildcards"`
	Addresses  []string                     `yaml:"addresses"`
	Alike      []string                     `yaml:"alike"`
	Filled     []string                     `yaml:"filled"`
	Names      map[string]string            `yaml:"names"`
	Sole       string                       `yaml:"sole"`
	Disabled   bool                         `yaml:"disabled"`
	Made       map[string]string            `yaml:"made"`
	Published  map[string]string            `yaml:"published"`
	Status     string                       `yaml:"status"`
}

type filter struct {
	Parameter string `yaml:"parameter"`
	Property  string `yaml:"property"`
	Default   any    `yaml:"default"`
}

type need struct {
	When  string `yaml:"when"`
	Is    any    `yaml:"is"`
	Needs string `yaml:"needs"`
	To    any    `yaml:"to"`
	Says  string `yaml:"says"`
}

// pausing are the cmdlets beside Remove- whose page says that they have a built-in pause.
var pausing = []string{"Disable-TransportRule"}

// connection reads no object of the tenant; it is about the session.
const connection = "ConnectionInformation"

// model is what the engine is told of the tenant: from the contract what each cmdlet
// takes and returns, from tenant.yaml how the service behaves.
type model struct {
	contract *contract.Contract
	nouns    map[string]*noun
}

type noun struct {
	name       string
	key        string
	singleton  bool
	get        contract.Cmdlet
	behaviour  behaviour
	properties []property
}

type property struct {
	name, from, form, joined string
	nested                   string
	unshown                  bool // Get is asked for it, and does not return it
	kind                     contract.Kind
	list, date               bool
	bits                     contract.Bits // a number that is shown as text
	unset, standard          any
}

// newModel also checks the data: a property without a known first value, or a behaviour
// of no property, is an error.
func newModel(c *contract.Contract, text []byte) (*model, error) {
	var data map[string]behaviour
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&data); err != nil {
		return nil, fmt.Errorf("tenant.yaml: %w", err)
	}
	m := &model{contract: c, nouns: map[string]*noun{}}
	var problems []error
	for _, cmdlet := range c.Cmdlets() {
		name, ok := strings.CutPrefix(cmdlet, "Get-")
		if !ok || name == connection {
			continue
		}
		x, _ := c.Cmdlet(cmdlet)
		n := &noun{name: name, get: x, behaviour: data[name], key: "Name", singleton: true}
		if known, ok := c.Noun(name); ok {
			n.singleton = known.Singleton()
			if known.Key != "" {
				n.key = known.Key
			}
		}
		delete(data, name)
		problems = append(problems, n.build(c)...)
		m.nouns[name] = n
	}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		problems = append(problems, fmt.Errorf("%s: no Get cmdlet reads it", name))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("tenant.yaml: %w", err)
	}
	return m, nil
}

func (n *noun) build(c *contract.Contract) []error {
	problems := n.dangling()
	for _, name := range slices.Sorted(maps.Keys(n.get.Returns)) {
		p, err := n.property(c, name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		n.properties = append(n.properties, p)
	}
	if _, returned := n.get.Returns[n.key]; !returned && !n.singleton {
		n.properties = append(n.properties, property{name: n.key, from: n.key, kind: contract.Word, unshown: true})
	}
	return problems
}

// dangling: whatever tenant.yaml says of a property, Get must return that property.
func (n *noun) dangling() []error {
	b := n.behaviour
	names := slices.Concat(
		slices.Collect(maps.Keys(b.Defaults)), slices.Collect(maps.Keys(b.Copies)), slices.Collect(maps.Values(b.Copies)),
		slices.Collect(maps.Keys(b.Forms)), slices.Collect(maps.Keys(b.Joined)), slices.Collect(maps.Keys(b.Nested)), b.Dates, b.Hidden, b.Nullable, b.Wildcards,
		b.Addresses, b.Alike, b.Filled, slices.Collect(maps.Keys(b.Names)), slices.Collect(maps.Keys(b.Made)), slices.Collect(maps.Keys(b.Published)))
	for _, list := range b.Parameters {
		names = append(names, list...)
	}
	for _, f := range b.Filters {
		names = append(names, f.Property)
	}
	for _, x := range b.Needs {
		names = append(names, x.When, x.Needs)
	}
	for p, added := range b.Adds {
		names = slices.AppendSeq(append(names, p), maps.Keys(added))
	}
	for _, pair := range b.Pairs {
		names = append(names, pair...)
	}
	for _, one := range []string{b.Switch, b.Status, b.Sole} {
		if one != "" {
			names = append(names, one)
		}
	}
	slices.Sort(names)
	var problems []error
	for _, name := range slices.Compact(names) {
		if _, ok := n.get.Returns[name]; !ok {
			problems = append(problems, fmt.Errorf("%s: %s does not return %s", n.name, n.get.Name, name))
		}
	}
	return problems
}

func (n *noun) property(c *contract.Contract, name string) (property, error) {
	p := property{name: name, from: name, form: n.behaviour.Forms[name], joined: n.behaviour.Joined[name], nested: n.behaviour.Nested[name], date: slices.Contains(n.behaviour.Dates, name)}
	if from, ok := n.behaviour.Copies[name]; ok {
		p.from = from
	}
	parameter, settable := n.parameter(c, name)
	p.list = settable && parameter.List()
	p.kind = n.kind(c, name, parameter, settable)
	if known, ok := c.Noun(n.name); ok {
		for _, b := range known.Bits {
			if b.Shown == name {
				p.bits, p.kind = b, contract.Number
			}
		}
	}
	sample := version(n.get.Returns[name])
	_, many := sample.([]any)
	p.list = p.list || many
	standard, known := n.standard(name, parameter, sample)
	if !known && p.from == p.name && name != n.key && name != "Guid" {
		return p, fmt.Errorf("%s: %s has no default", n.name, name)
	}
	p.standard, p.unset = standard, n.unset(name, sample, standard, p.list)
	if p.list && p.standard == nil {
		p.standard = p.unset
	}
	return p, nil
}

// parameter is the one that sets the property: of New, else of Set.
func (n *noun) parameter(c *contract.Contract, property string) (contract.Parameter, bool) {
	for _, verb := range []string{"New-", "Set-"} {
		x, _ := c.Cmdlet(verb + n.name)
		for name, p := range x.Parameters {
			if x.Takes(name) && strings.EqualFold(name, property) {
				return p, true
			}
		}
	}
	return contract.Parameter{}, false
}

// kind: what plans use has one in the contract; of the rest the type says enough.
func (n *noun) kind(c *contract.Contract, name string, p contract.Parameter, settable bool) contract.Kind {
	if known, ok := c.Noun(n.name); ok {
		for _, m := range []map[string]contract.Kind{known.Properties, known.Creation, known.ReadOnly} {
			for k, kind := range m {
				if strings.EqualFold(k, name) {
					return kind
				}
			}
		}
	}
	if !settable {
		return contract.Text
	}
	return p.Kind()
}

// standard is what a property is when nobody set it. The sample is of a real tenant, so of
// a thing there are many of, only what is plainly nothing counts.
func (n *noun) standard(name string, p contract.Parameter, sample any) (any, bool) {
	if v, ok := n.behaviour.Defaults[name]; ok {
		return v, true
	}
	if n.singleton {
		return sample, sample != nil || n.sampled()
	}
	if sample == nil && n.sampled() {
		return nil, true // the page's default then belongs to an action that nobody asked for
	}
	switch p.Default {
	case "$true":
		return true, true
	case "$false":
		return false, true
	case "":
	case "$null":
		return nil, true
	default:
		return p.Default, true
	}
	switch v := sample.(type) {
	case nil:
		return nil, n.sampled()
	case bool:
		return false, true
	case string:
		return "", v == ""
	case int:
		return 0, v == 0
	case []any:
		return []any{}, true
	}
	return nil, false
}

// sampled: of some cmdlets only the names of what they return are known.
func (n *noun) sampled() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(n.get.Returns)), func(v any) bool { return v != nil })
}

// unset is what the server shows of a property that was cleared.
func (n *noun) unset(name string, sample, standard any, list bool) any {
	switch {
	case slices.Contains(n.behaviour.Nullable, name):
		return nil
	case list:
		if v, ok := n.behaviour.Defaults[name]; ok {
			sample = v
		}
		if _, ok := sample.([]any); ok {
			return []any{}
		}
		return nil
	case sample == "", standard == "":
		return ""
	}
	return nil
}

// version writes a version, which the sample holds in parts, and makes numbers whole.
func version(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return fmt.Sprintf("%v.%v.%v.%v", v["Major"], v["Minor"], v["Build"], v["Revision"])
	case float64:
		return int(v)
	}
	return v
}

// input is the model as the engine reads it.
func (m *model) input() map[string]any {
	nouns, cmdlets := map[string]any{}, map[string]any{}
	for name, n := range m.nouns {
		nouns[name] = n.input()
	}
	for _, name := range m.contract.Cmdlets() {
		x, _ := m.contract.Cmdlet(name)
		verb, of, _ := strings.Cut(name, "-")
		kept, naming := m.kept(of), m.naming(x)
		parameters := map[string]any{}
		for k, p := range x.Parameters {
			if x.Takes(k) {
				parameters[k] = m.parameterInput(kept, k, p, naming)
			}
		}
		cmdlets[name] = map[string]any{
			"Noun": kept, "Of": of, "Names": naming, "Verb": verb, "Parameters": parameters,
			"Pauses": x.ShouldProcess && verb == "Remove" || slices.Contains(pausing, name),
		}
	}
	return map[string]any{"Nouns": nouns, "Cmdlets": cmdlets}
}

// kept is the noun whose objects a cmdlet of a noun changes: its own, or one that shows what it sets.
func (m *model) kept(of string) string {
	for name, n := range m.nouns {
		if slices.Contains(n.behaviour.Also, of) {
			return name
		}
	}
	return of
}

// naming is the parameter that says which object a cmdlet is for.
func (m *model) naming(x contract.Cmdlet) string {
	verb, of, _ := strings.Cut(x.Name, "-")
	n, known := m.nouns[m.kept(of)]
	if _, identity := x.Parameters["Identity"]; known && !n.singleton && !identity && verb != "New" && x.Takes(n.key) {
		return n.key
	}
	return "Identity"
}

func (n *noun) input() map[string]any {
	b := n.behaviour
	properties := make([]map[string]any, 0, len(n.properties))
	for _, p := range n.properties {
		properties = append(properties, map[string]any{
			"Name": p.name, "From": p.from, "Form": p.form, "Joined": p.joined, "Kind": string(p.kind),
			"Nested": p.nested, "Unshown": p.unshown, "Plain": !p.list && !p.date && p.joined == "" && p.bits.Shown == "", "Date": p.date, "Unset": p.unset, "Bits": p.bitsInput(),
		})
	}
	defaults := map[string]any{}
	for _, p := range n.properties {
		if p.from == p.name && p.name != "Guid" && (p.name != "Priority" || !b.Ordered) {
			defaults[p.name] = p.standard
		}
	}
	filters := make([]map[string]any, 0, len(b.Filters))
	for _, f := range b.Filters {
		filters = append(filters, map[string]any{"Parameter": f.Parameter, "Property": f.Property, "Default": f.Default})
	}
	needs := make([]map[string]any, 0, len(b.Needs))
	for _, x := range b.Needs {
		needs = append(needs, map[string]any{"When": x.When, "Is": x.Is, "Needs": x.Needs, "To": x.To, "Says": x.Says})
	}
	adds := map[string]any{}
	for p, added := range b.Adds {
		adds[p] = added
	}
	pairs := make([]any, 0, len(b.Pairs))
	for _, p := range b.Pairs {
		pairs = append(pairs, p)
	}
	return map[string]any{
		"Key": n.key, "Singleton": n.singleton, "Properties": properties, "Defaults": defaults, "Filters": filters, "Needs": needs, "Adds": adds, "Pairs": pairs,
		"Wildcards": b.Wildcards, "Addresses": b.Addresses, "Filled": b.Filled, "Names": b.Names, "Sole": b.Sole, "Disabled": b.Disabled,
		"Made": b.Made, "Published": b.Published, "Status": b.Status, "Switch": b.Switch, "Ordered": b.Ordered,
		"Joined": first(slices.Sorted(maps.Keys(b.Joined))),
	}
}

// bitsInput names the parts of a number that is shown as text, in the order of the text.
func (p property) bitsInput() []any {
	out := []any{}
	for _, name := range p.bits.Names() {
		out = append(out, map[string]any{"Name": name, "Part": p.bits.Parts[name]})
	}
	return out
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func (m *model) parameterInput(of, name string, p contract.Parameter, naming string) map[string]any {
	out := map[string]any{
		"Type": p.Type, "List": p.List(), "Accepted": []string{}, "Open": p.Open, "MaxLen": p.MaxLen, "Range": []any{},
		"Null": true, "Split": "", "Properties": []string{}, "Key": false, "Alike": false,
		"Ignored": name == naming || name == "Identity" || p.Type == "SwitchParameter",
	}
	n, ok := m.nouns[of]
	if !ok {
		return out
	}
	targets := n.targets(name)
	out["Properties"] = targets
	out["Accepted"] = slices.DeleteFunc(slices.Clone(p.Accepted), func(s string) bool { return s == "$null" })
	if len(p.Range) == 2 {
		out["Range"] = []any{p.Range[0], p.Range[1]}
	}
	for _, t := range targets {
		i := slices.IndexFunc(n.properties, func(x property) bool { return x.name == t })
		born := n.properties[i].standard == nil || n.properties[i].standard == ""
		out["Null"] = len(p.Accepted) == 0 || born || slices.Contains(p.Accepted, "$null")
		out["Split"] = n.properties[i].joined
		out["Key"] = t == n.key
		out["Alike"] = slices.Contains(n.behaviour.Alike, t)
	}
	return out
}

// targets are the properties that a parameter sets, as Get spells them.
func (n *noun) targets(parameter string) []string {
	if list, ok := n.behaviour.Parameters[parameter]; ok {
		return list
	}
	if name, ok := n.get.Property(parameter); ok {
		return []string{name}
	}
	return []string{}
}
