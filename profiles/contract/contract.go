// Package contract knows which cmdlets a plan may use: what each takes, what it returns,
// and how the things in the tenant ("nouns") are read and written with them.
//
// It holds facts only. It never runs a cmdlet, never quotes a value and knows no plan;
// a value that [Contract.CheckValue] accepts is one that the cmdlet's documentation allows.
package contract

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Kind says how the values of a property compare.
type Kind string

// The kinds of a property.
const (
	Flag   Kind = "flag"   // yes, no, or never set, which is a state of its own
	Number Kind = "number" // a whole number
	Word   Kind = "word"   // a name or an enumeration: case does not count
	Words  Kind = "words"  // a list of these: neither case nor order counts
	Text   Kind = "text"   // as typed
	Texts  Kind = "texts"  // a list of these: order does not count, case does
	Order  Kind = "order"  // a list in order, which may be followed by others
	Size   Kind = "size"   // a number of bytes, however it is written
	Span   Kind = "span"   // a length of time, however it is written
	Shown  Kind = "shown"  // what no cmdlet takes: it can only be looked at
)

// Online is the scope of a noun that lives in Exchange Online.
const Online = "exchange-online"

// Noun is a kind of thing in the tenant.
type Noun struct {
	Name      string `yaml:"-"`
	Called    string `yaml:"called"` // its name in a sentence, for people
	Scope     string `yaml:"scope"`
	Key       string `yaml:"key"`       // the property of the read object that names it; empty for a singleton
	Parameter string `yaml:"parameter"` // the parameter of the New cmdlet that takes the name
	Adopt     bool   `yaml:"adopt"`     // what a plan did not make is changed only by name
	Asked     string `yaml:"asked"`     // the parameter by which Get answers for one name at a time; empty: it lists all

	Get    []string `yaml:"get"`
	New    []string `yaml:"new"`
	Set    []string `yaml:"set"`
	Remove []string `yaml:"remove"`

	Properties map[string]Kind `yaml:"properties"` // set before and after creation
	Creation   map[string]Kind `yaml:"creation"`   // given at creation only
	ReadOnly   map[string]Kind `yaml:"readonly"`   // made by the service

	// By names the parameter that sets a property, where it has another name.
	By map[string]string `yaml:"by"`
	// Stays says why nothing that was written can be taken back; empty: all can.
	Stays string `yaml:"stays"`
	// From names what Get returns and a property is read from, where it has another name.
	From map[string]string `yaml:"from"`

	// Says is what properties are, in words that go on behind their names.
	Says map[string]string `yaml:"says"`

	// Bits are numbers that Get shows as text.
	Bits map[string]Bits `yaml:"bits"`
	// Together names properties that one call must give together, all as soon as one differs.
	Together [][]string `yaml:"together"`
	// Merges names lists whose members are added and taken away, where one may not replace another.
	Merges []string `yaml:"merges"`
	// Apart names what Get returns and says nothing of what the object does. Where it names anything,
	// an object that a plan makes is compared in all the rest.
	Apart []string `yaml:"apart"`
	// Unset is what a property of the rest shows while nobody has set it, where that is not nothing;
	// the same value clears it.
	Unset map[string]string `yaml:"unset"`
	// Adds is what the service sets by itself beside what was asked for.
	Adds map[string]string `yaml:"adds"`
	// Undocumented names parameters that the cmdlet's page does not explain: a plan uses them all
	// the same, for what they do is known from elsewhere.
	Undocumented []string `yaml:"undocumented"`
}

// Bits is a number that Get shows as a text under another name.
type Bits struct {
	Shown string         `yaml:"shown"` // the property that shows it
	Parts map[string]int `yaml:"parts"` // what a line of the text that says True adds
	Apart []string       `yaml:"apart"` // of which never two say so
}

// Number returns the number that a text shows, in which each part stands as in "Name: True".
func (b Bits) Number(text string) int {
	n := 0
	for name, part := range b.Parts {
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `: True\b`).MatchString(text) {
			n += part
		}
	}
	return n
}

// Names returns the parts, the greatest first: the order in which the text has them.
func (b Bits) Names() []string {
	return slices.SortedFunc(maps.Keys(b.Parts), func(x, y string) int { return b.Parts[y] - b.Parts[x] })
}

// check reports why no text shows a number.
func (b Bits) check(where string, v any) error {
	n, ok := v.(int)
	if !ok {
		return nil // the kind has told
	}
	all, apart := 0, 0
	for name, part := range b.Parts {
		all |= part
		if n&part != 0 && slices.Contains(b.Apart, name) {
			apart++
		}
	}
	switch {
	case n&^all != 0:
		return fmt.Errorf("%s is a sum of parts that it has, up to %d, not %d", where, all, n)
	case apart > 1:
		return fmt.Errorf("%s holds one of %s at most, not %d", where, strings.Join(b.Apart, " and "), n)
	}
	return nil
}

// Singleton reports whether the organisation has exactly one of these.
func (n Noun) Singleton() bool { return n.Key == "" }

// Kind returns the kind of a property, settable or not.
func (n Noun) Kind(property string) (Kind, bool) {
	for _, m := range []map[string]Kind{n.Properties, n.Creation, n.ReadOnly} {
		if k, ok := m[property]; ok {
			return k, true
		}
	}
	return "", false
}

// Cmdlets returns the names of all cmdlets of the noun, those that read first.
func (n Noun) Cmdlets() []string { return slices.Concat(n.Get, n.New, n.Set, n.Remove) }

// Parameter is what a cmdlet takes under one name.
type Parameter struct {
	Type       string   `json:"type"`
	Required   bool     `json:"required,omitempty"` // in every parameter set
	Position   int      `json:"position,omitempty"` // from 1; 0 is by name only
	Accepted   []string `json:"accepted,omitempty"`
	Open       bool     `json:"open,omitempty"` // Accepted is not the whole list
	MaxLen     int      `json:"max_len,omitempty"`
	Range      []int    `json:"range,omitempty"`
	Default    string   `json:"default,omitempty"`
	Flags      []string `json:"flags,omitempty"`
	Applicable []string `json:"applicable,omitempty"` // empty: as the cmdlet
}

// List reports whether the parameter takes several values.
func (p Parameter) List() bool {
	return p.Type == "MultiValuedProperty" || strings.HasSuffix(p.Type, "[]")
}

// Boolean reports whether the parameter takes $true and $false; a switch does not.
func (p Parameter) Boolean() bool { return p.Type == "Boolean" || p.Type == "System.Boolean" }

// Integer reports whether the parameter takes a whole number.
func (p Parameter) Integer() bool {
	return slices.Contains([]string{"Int32", "UInt16", "UInt32"}, p.Type)
}

// Kind returns how values of the parameter compare, as far as its type says.
func (p Parameter) Kind() Kind {
	switch {
	case p.Boolean():
		return Flag
	case p.Integer():
		return Number
	case p.Type == "Pattern[]":
		return Texts
	case p.List():
		return Words
	case p.Type == "ByteQuantifiedSize":
		return Size
	case p.Type == "EnhancedTimeSpan":
		return Span
	case slices.Contains([]string{"String", "DisclaimerText", "EventLogText", "HeaderValue", "RejectText", "SubjectPrefix"}, p.Type):
		return Text
	default:
		return Word
	}
}

// Flagged reports whether the reference marks the parameter with this flag.
func (p Parameter) Flagged(flag string) bool { return slices.Contains(p.Flags, flag) }

// Cmdlet is what one cmdlet takes and returns.
type Cmdlet struct {
	Name          string
	ShouldProcess bool // it has -WhatIf and -Confirm
	Applicable    []string
	Parameters    map[string]Parameter
	Returns       map[string]any // per property a sample of what a Get cmdlet gave; nil where only the name is known
}

// Takes reports whether the parameter exists for callers in Exchange Online.
func (c Cmdlet) Takes(parameter string) bool {
	p, ok := c.Parameters[parameter]
	if !ok || p.Flagged("reserved") {
		return false
	}
	if len(p.Applicable) == 0 {
		return slices.Contains(c.Applicable, online)
	}
	return slices.Contains(p.Applicable, online)
}

// Property finds a returned property without regard to case, as PowerShell does, and
// gives its name as the tenant spells it.
func (c Cmdlet) Property(name string) (string, bool) {
	for k := range c.Returns {
		if strings.EqualFold(k, name) {
			return k, true
		}
	}
	return "", false
}

// Contract is all of it. It is read only.
type Contract struct {
	nouns   map[string]Noun
	cmdlets map[string]Cmdlet
	formats map[string]map[string]string
}

// Noun returns the noun of that name.
func (c *Contract) Noun(name string) (Noun, bool) {
	n, ok := c.nouns[name]
	return n, ok
}

// Nouns returns the names of all nouns, sorted.
func (c *Contract) Nouns() []string { return slices.Sorted(maps.Keys(c.nouns)) }

// Cmdlet returns the cmdlet of that name.
func (c *Contract) Cmdlet(name string) (Cmdlet, bool) {
	x, ok := c.cmdlets[name]
	return x, ok
}

// Cmdlets returns the names of all cmdlets, sorted.
func (c *Contract) Cmdlets() []string { return slices.Sorted(maps.Keys(c.cmdlets)) }

// Whole returns the kind of every property in which an object of the noun is compared when a plan
// makes it; nothing of a noun that is compared in what the plan names alone.
func (c *Contract) Whole(noun string) map[string]Kind {
	n := c.nouns[noun]
	out := map[string]Kind{}
	if len(n.Apart) == 0 {
		return out
	}
	for property := range c.cmdlets[n.Get[0]].Returns {
		if slices.Contains(n.Apart, property) {
			continue
		}
		out[property] = Shown
		if set := c.cmdlets[n.Set[0]]; set.Takes(property) && !set.Parameters[property].Flagged("edge_only") {
			out[property] = set.Parameters[property].Kind()
		}
	}
	return out
}

const online = "EXO" // how the reference writes Exchange Online

var (
	//go:embed nouns.yaml
	nounsYAML []byte
	//go:embed cmdlets.json
	cmdletsJSON []byte
	//go:embed formats.yaml
	formatsYAML []byte

	load = sync.OnceValues(func() (*Contract, error) { return parse(nounsYAML, cmdletsJSON, formatsYAML) })
)

// Load returns the embedded contract. An error means that the embedded files contradict
// each other, and lists every contradiction.
func Load() (*Contract, error) { return load() }

// parse decodes strictly: what it does not know is an error, not a silence.
func parse(nouns, cmdlets, formats []byte) (*Contract, error) {
	c := &Contract{}
	var err error
	if c.nouns, err = parseNouns(nouns); err != nil {
		return nil, err
	}
	if c.cmdlets, err = parseCmdlets(cmdlets); err != nil {
		return nil, err
	}
	if err := strictYAML(formats, &c.formats); err != nil {
		return nil, fmt.Errorf("formats.yaml: %w", err)
	}
	if err := errors.Join(c.problems()...); err != nil {
		return nil, err
	}
	return c, nil
}

func parseNouns(text []byte) (map[string]Noun, error) {
	var m map[string]Noun
	if err := strictYAML(text, &m); err != nil {
		return nil, fmt.Errorf("nouns.yaml: %w", err)
	}
	for name, n := range m {
		n.Name = name
		m[name] = n
	}
	return m, nil
}

// file is cmdlets.json. The source fields are for its readers; the returned properties
// say of each Get cmdlet where its list comes from.
type file struct {
	Source       string                `json:"source"`
	SourceCommit string                `json:"source_commit"`
	SourceDate   string                `json:"source_date"`
	Returned     string                `json:"returned"`
	Cmdlets      map[string]fileCmdlet `json:"cmdlets"`
}

type fileCmdlet struct {
	ShouldProcess bool                 `json:"supports_should_process"`
	Applicable    []string             `json:"applicable"`
	Parameters    map[string]Parameter `json:"parameters"`
	ReturnsFrom   string               `json:"returns_from,omitempty"`
	ReturnsAdded  []string             `json:"returns_added,omitempty"`
	Returns       map[string]any       `json:"returns,omitempty"`
}

func parseCmdlets(text []byte) (map[string]Cmdlet, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var f file
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("cmdlets.json: %w", err)
	}
	m := make(map[string]Cmdlet, len(f.Cmdlets))
	for name, c := range f.Cmdlets {
		m[name] = Cmdlet{Name: name, ShouldProcess: c.ShouldProcess, Applicable: c.Applicable, Parameters: c.Parameters, Returns: c.Returns}
	}
	return m, nil
}

func strictYAML(text []byte, to any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	return d.Decode(to)
}
