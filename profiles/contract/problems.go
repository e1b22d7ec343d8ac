package contract

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// session are the cmdlets that no noun needs: they say which tenant this is.
var session = []string{"Get-ConnectionInformation"}

// problems holds nouns and cmdlets against each other, both ways.
func (c *Contract) problems() []error {
	var out []error
	used := map[string]bool{}
	for _, name := range session {
		used[name] = true
		out = append(out, c.known(name, "a session")...)
	}
	for _, name := range c.Nouns() {
		n := c.nouns[name]
		for _, cmdlet := range n.Cmdlets() {
			used[cmdlet] = true
		}
		out = append(out, c.nounProblems(n)...)
	}
	for _, name := range c.Cmdlets() {
		if !used[name] {
			out = append(out, fmt.Errorf("%s: no noun uses it", name))
		}
	}
	return append(out, c.formatProblems()...)
}

func (c *Contract) nounProblems(n Noun) []error {
	var out []error
	for _, cmdlet := range n.Cmdlets() {
		out = append(out, c.known(cmdlet, n.Name)...)
	}
	out = append(out, c.verbProblems(n)...)
	out = append(out, c.keyProblems(n)...)
	if len(out) > 0 {
		return out // the properties of a noun without its cmdlets would only repeat this
	}
	for _, p := range slices.Sorted(maps.Keys(n.Properties)) {
		out = append(out, c.settable(n, p)...)
	}
	for _, p := range slices.Sorted(maps.Keys(n.Creation)) {
		out = append(out, c.creation(n, p)...)
	}
	for _, p := range slices.Sorted(maps.Keys(n.ReadOnly)) {
		out = append(out, c.readonly(n, p)...)
	}
	for _, p := range slices.Sorted(maps.Keys(n.From)) {
		if _, ok := n.Kind(p); !ok {
			out = append(out, fmt.Errorf("%s.%s: is read from %s, and is no property", n.Name, p, n.From[p]))
		}
	}
	for _, p := range slices.Sorted(maps.Keys(n.By)) {
		if _, ok := n.Properties[p]; !ok {
			out = append(out, fmt.Errorf("%s.%s: is set by %s, and is no property", n.Name, p, n.By[p]))
		}
	}
	for _, p := range n.Merges {
		if n.Properties[p] != Words || c.cmdlets[n.Set[0]].Parameters[p].Type != "MultiValuedProperty" {
			out = append(out, fmt.Errorf("%s.%s: merges, and is no list that takes members and gives them up", n.Name, p))
		}
	}
	for _, p := range n.Undocumented {
		if _, ok := n.Properties[p]; !ok {
			out = append(out, fmt.Errorf("%s.%s: is undocumented and nothing that a plan sets", n.Name, p))
		}
	}
	out = append(out, bitProblems(n)...)
	out = append(out, c.wholeProblems(n)...)
	return append(out, wordProblems(n)...)
}

// wholeProblems: what stands apart is returned; what is unset or added is a value that Set takes.
func (c *Contract) wholeProblems(n Noun) []error {
	var out []error
	for _, p := range n.Apart {
		if _, ok := c.cmdlets[n.Get[0]].Returns[p]; !ok {
			out = append(out, fmt.Errorf("%s.%s: stands apart, and %s does not return it", n.Name, p, n.Get[0]))
		}
	}
	whole := c.Whole(n.Name)
	for _, values := range []map[string]string{n.Unset, n.Adds} {
		for _, p := range slices.Sorted(maps.Keys(values)) {
			if kind, ok := whole[p]; !ok || kind == Shown {
				out = append(out, fmt.Errorf("%s.%s: is unset or added, and nothing that is compared and set", n.Name, p))
				continue
			}
			if err := checkAccepted(n.Name+"."+p, c.parameter(n, p), values[p]); err != nil {
				out = append(out, err)
			}
		}
	}
	return out
}

// bitProblems: a number that is shown as text is one that can be set, and no two parts of it overlap.
func bitProblems(n Noun) []error {
	var out []error
	for _, p := range slices.Sorted(maps.Keys(n.Bits)) {
		b, where := n.Bits[p], n.Name+"."+p
		if n.Properties[p] != Number || b.Shown == "" || len(b.Parts) == 0 {
			out = append(out, fmt.Errorf("%s: bits are of a number that is set, and say where it is shown and what its parts are", where))
		}
		all := 0
		for _, name := range b.Names() {
			if part := b.Parts[name]; part <= 0 || all&part != 0 {
				out = append(out, fmt.Errorf("%s: %s is %d, which another part has too, or nothing", where, name, part))
			}
			all |= b.Parts[name]
		}
		for _, name := range b.Apart {
			if b.Parts[name] == 0 {
				out = append(out, fmt.Errorf("%s: %s stands apart and is no part", where, name))
			}
		}
	}
	return out
}

// wordProblems compares what a noun can be set to with the words for people, both ways.
func wordProblems(n Noun) []error {
	var out []error
	if n.Called == "" {
		out = append(out, fmt.Errorf("%s: called is missing: its name in a sentence", n.Name))
	}
	for _, properties := range []map[string]Kind{n.Properties, n.Creation} {
		for _, p := range slices.Sorted(maps.Keys(properties)) {
			if n.Says[p] == "" {
				out = append(out, fmt.Errorf("%s.%s: says is missing: what it is, in plain words", n.Name, p))
			}
		}
	}
	for _, p := range slices.Sorted(maps.Keys(n.Says)) {
		if _, has := n.Kind(p); !has {
			out = append(out, fmt.Errorf("%s says what %s is, and has no such property", n.Name, p))
		}
	}
	return out
}

func (c *Contract) known(cmdlet, by string) []error {
	x, ok := c.cmdlets[cmdlet]
	switch {
	case !ok:
		return []error{fmt.Errorf("%s: no such cmdlet: %s", by, cmdlet)}
	case !slices.Contains(x.Applicable, online):
		return []error{fmt.Errorf("%s: %s is not for Exchange Online", by, cmdlet)}
	case strings.HasPrefix(cmdlet, "Get-") != (x.Returns != nil):
		return []error{fmt.Errorf("%s: %s: a Get cmdlet, and no other, says what it returns", by, cmdlet)}
	}
	return nil
}

func (c *Contract) verbProblems(n Noun) []error {
	var out []error
	if n.Scope != Online {
		out = append(out, fmt.Errorf("%s: unknown scope %q", n.Name, n.Scope))
	}
	if len(n.Get) == 0 || len(n.Set) == 0 {
		out = append(out, fmt.Errorf("%s: needs a cmdlet to read and one to set", n.Name))
	}
	verbs := []struct {
		list []string
		want []string
	}{
		{n.Get, []string{"Get"}},
		{n.New[:min(1, len(n.New))], []string{"New"}},
		{n.New[min(1, len(n.New)):], []string{"Set"}},
		{n.Set, []string{"Set", "Enable", "Disable", "Rotate"}},
		{n.Remove, []string{"Remove"}},
	}
	for _, v := range verbs {
		for _, cmdlet := range v.list {
			if verb, _, _ := strings.Cut(cmdlet, "-"); !slices.Contains(v.want, verb) {
				out = append(out, fmt.Errorf("%s: %s stands where %s is wanted", n.Name, cmdlet, strings.Join(v.want, ", ")))
			}
		}
	}
	return out
}

func (c *Contract) keyProblems(n Noun) []error {
	if n.Singleton() {
		if n.Parameter != "" || n.Adopt || len(n.New) > 0 || len(n.Remove) > 0 {
			return []error{fmt.Errorf("%s: has no key, so nothing makes, removes or adopts it", n.Name)}
		}
		return nil
	}
	var out []error
	if len(n.New) > 0 && !c.cmdlets[n.New[0]].Takes(n.Parameter) {
		out = append(out, fmt.Errorf("%s: %s takes no %s", n.Name, n.New[0], n.Parameter))
	}
	for _, cmdlet := range n.Get {
		_, lists := c.cmdlets[cmdlet].Property(n.Key)
		switch {
		case n.Asked == "" && !lists:
			out = append(out, fmt.Errorf("%s: %s returns no %s", n.Name, cmdlet, n.Key))
		case n.Asked != "" && !c.cmdlets[cmdlet].Takes(n.Asked):
			out = append(out, fmt.Errorf("%s: %s takes no %s", n.Name, cmdlet, n.Asked))
		}
	}
	return out
}

// settable: a parameter of New, or of what sets the rest at once, and of Set; and returned, so that it
// can be compared.
func (c *Contract) settable(n Noun, property string) []error {
	out := c.once(n, property)
	if len(n.New) == 1 {
		out = append(out, c.takes(n, n.New[0], property, n.Properties[property])...)
	}
	out = append(out, c.setter(n, property)...)
	return append(out, c.returned(n, property)...)
}

// setter: two properties are set by other means than a parameter of their name. A state
// has cmdlets of its own, and an order is a priority given to each in turn.
func (c *Contract) setter(n Noun, property string) []error {
	if n.switched(property) {
		return nil
	}
	if n.Properties[property] == Order {
		return c.takes(n, n.Set[0], "Priority", Number)
	}
	return c.takes(n, n.Set[0], n.by(property), n.Properties[property])
}

// by is the parameter that sets a property.
func (n Noun) by(property string) string { return cmp.Or(n.By[property], property) }

// switched: Enable- and Disable- cmdlets set it, and State shows it.
func (n Noun) switched(property string) bool {
	has := func(verb string) bool {
		return slices.ContainsFunc(n.Set, func(s string) bool { return strings.HasPrefix(s, verb) })
	}
	return property == "Enabled" && has("Enable-") && has("Disable-")
}

func (c *Contract) creation(n Noun, property string) []error {
	out := c.once(n, property)
	for _, cmdlet := range n.New {
		out = append(out, c.takes(n, cmdlet, property, n.Creation[property])...)
	}
	if len(n.New) == 0 {
		out = append(out, fmt.Errorf("%s.%s: nothing creates a %s", n.Name, property, n.Name))
	}
	for _, cmdlet := range n.Set {
		if _, ok := c.cmdlets[cmdlet].Parameters[property]; ok {
			out = append(out, fmt.Errorf("%s.%s: %s takes it, so it is not for creation only", n.Name, property, cmdlet))
		}
	}
	return out
}

func (c *Contract) readonly(n Noun, property string) []error {
	out := append(c.once(n, property), c.returned(n, property)...)
	for _, cmdlet := range slices.Concat(n.New, n.Set) {
		if c.cmdlets[cmdlet].Takes(property) {
			out = append(out, fmt.Errorf("%s.%s: %s takes it, so it is not read only", n.Name, property, cmdlet))
		}
	}
	return out
}

func (c *Contract) once(n Noun, property string) []error {
	count := 0
	for _, m := range []map[string]Kind{n.Properties, n.Creation, n.ReadOnly} {
		if _, ok := m[property]; ok {
			count++
		}
	}
	if count > 1 {
		return []error{fmt.Errorf("%s.%s: stands more than once", n.Name, property)}
	}
	return nil
}

func (c *Contract) takes(n Noun, cmdlet, parameter string, kind Kind) []error {
	x := c.cmdlets[cmdlet]
	if !x.Takes(parameter) {
		return []error{fmt.Errorf("%s.%s: %s does not take it", n.Name, parameter, cmdlet)}
	}
	p := x.Parameters[parameter]
	var out []error
	known := slices.Contains(n.Undocumented, parameter)
	for flag, refused := range map[string]bool{"deprecated": true, "undocumented": !known} {
		if p.Flagged(flag) && refused {
			out = append(out, fmt.Errorf("%s.%s: %s of %s is %s", n.Name, parameter, parameter, cmdlet, flag))
		}
	}
	if known && !p.Flagged("undocumented") {
		out = append(out, fmt.Errorf("%s.%s: %s of %s is documented", n.Name, parameter, parameter, cmdlet))
	}
	if !fits(kind, p) {
		out = append(out, fmt.Errorf("%s.%s: is a %s, but %s takes %s", n.Name, parameter, kind, cmdlet, p.Type))
	}
	return out
}

func (c *Contract) returned(n Noun, property string) []error {
	shown, renamed := n.From[property]
	switch {
	case renamed:
	case n.switched(property):
		shown = "State"
	case n.Properties[property] == Order:
		shown = "Priority"
	case n.Bits[property].Shown != "":
		shown = n.Bits[property].Shown
	default:
		shown = property
	}
	var out []error
	for _, cmdlet := range n.Get {
		if _, ok := c.cmdlets[cmdlet].Property(shown); !ok {
			out = append(out, fmt.Errorf("%s.%s: %s does not return %s", n.Name, property, cmdlet, shown))
		}
	}
	return out
}

func fits(kind Kind, p Parameter) bool {
	switch kind {
	case Flag:
		return p.Boolean()
	case Number:
		return p.Integer()
	case Words, Texts, Order:
		return p.List()
	case Size, Span:
		return p.Kind() == kind
	case Word, Text:
		return !p.Boolean() && !p.Integer() && !p.List()
	default:
		return false
	}
}

func (c *Contract) formatProblems() []error {
	var out []error
	for _, noun := range slices.Sorted(maps.Keys(c.formats)) {
		for _, property := range slices.Sorted(maps.Keys(c.formats[noun])) {
			kind, _ := c.nouns[noun].Kind(property)
			format := c.formats[noun][property]
			_, counted := longest(format)
			switch {
			case counted && kind != Text && kind != Words:
				out = append(out, fmt.Errorf("formats.yaml: %s.%s is no text and no list of words", noun, property))
			case !counted && kind != Words:
				out = append(out, fmt.Errorf("formats.yaml: %s.%s is no list of words", noun, property))
			case !counted && formats[format].check == nil:
				out = append(out, fmt.Errorf("formats.yaml: %s.%s: unknown format %q", noun, property, format))
			}
		}
	}
	return out
}
