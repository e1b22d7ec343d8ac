package catalog

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Flow is traffic that somebody has to let through: one row of the firewall sheet. Its texts are
// for readers and take placeholders.
type Flow struct {
	ID        string   `yaml:"id"`
	Phase     string   `yaml:"phase"`  // in which it is first needed
	Before    string   `yaml:"before"` // the step or hold of that phase that waits for it; empty: it is needed all through
	Each      string   `yaml:"each"`
	When      Cond     `yaml:"when"`
	Opens     string   `yaml:"opens"`     // whose firewall it passes
	Direction string   `yaml:"direction"` // in or out, as they see it
	From      End      `yaml:"from"`
	To        End      `yaml:"to"`
	Virtual   []any    `yaml:"virtual"`  // the virtual addresses at which it arrives
	Protocol  string   `yaml:"protocol"` // TCP or UDP
	Ports     []int    `yaml:"ports"`
	TLS       string   `yaml:"tls"`     // what is encrypted, and by whose wish; empty: nothing
	Between   string   `yaml:"between"` // what may stand on the way and open it; empty: nothing is said of it
	Reason    string   `yaml:"reason"`
	Confirm   string   `yaml:"confirm"` // what nobody could confirm, and who can; empty: nothing
	Cite      []string `yaml:"cite"`
}

// End is where a Flow begins or ends.
type End struct {
	Is  string `yaml:"is"`  // what stands there
	At  []any  `yaml:"at"`  // its names and addresses, as far as somebody is asked
	Set string `yaml:"set"` // the endpoint set of Microsoft that it is; empty: none
}

// Endpoints is what Microsoft publishes of the places where Exchange Online is reached. It changes
// often: what is kept here tells a reader what to look for, and never what is so today.
type Endpoints struct {
	Version string        `yaml:"version"` // of which list, and of which day
	Verify  string        `yaml:"verify"`  // what has to be done before anything is opened
	Beside  string        `yaml:"beside"`  // what is needed as well and stands in no set kept here
	Sets    []EndpointSet `yaml:"sets"`
	Cite    []string      `yaml:"cite"`
}

// EndpointSet is names and ports that belong together, under the number that Microsoft gives them.
// A set with two protocols stands twice.
type EndpointSet struct {
	Number    string   `yaml:"number"`
	Category  string   `yaml:"category"` // how much it matters to Microsoft, in its word
	Required  bool     `yaml:"required"`
	Protocol  string   `yaml:"protocol"`
	Ports     []int    `yaml:"ports"`
	Names     []string `yaml:"names"`
	Addresses string   `yaml:"addresses"` // the list that holds its addresses; empty: they are not kept
	Purpose   string   `yaml:"purpose"`
}

// Places returns the names of a set, and its addresses as far as they are kept.
func (c *Catalog) Places(number string) []string {
	for _, s := range c.Endpoints.Sets {
		if s.Number == number {
			return slices.Concat(s.Names, c.Lists[s.Addresses].Values)
		}
	}
	return nil
}

// Uses returns the IDs that the flow is made from, with the step or hold that waits for it.
func (f Flow) Uses() []string {
	ids := uses(f.Each, []Cond{f.When}, f.Values()...)
	if f.Before != "" {
		ids = append(ids, f.Before)
	}
	return ids
}

// Values returns all that takes placeholders.
func (f Flow) Values() []any {
	texts := []any{f.Opens, f.From.Is, f.To.Is, f.TLS, f.Between, f.Reason, f.Confirm}
	return slices.Concat(texts, f.From.At, f.To.At, f.Virtual)
}

var flowID = regexp.MustCompile(`^FLOW-\d{3}$`)

func (k *checker) flow(f Flow) {
	k.each(f.ID, f.Each)
	k.cond(f.ID, f.Each, f.When, false)
	k.phase(f.ID, f.Phase)
	k.cite(f.ID, f.Cite)
	k.filled(f.ID, map[string]string{"opens": f.Opens, "from: is": f.From.Is, "to: is": f.To.Is, "reason": f.Reason})
	k.placeholders(f.ID, f.Each, f.Values())
	if !strings.HasPrefix(f.ID, "FLOW-"+strings.TrimPrefix(f.Phase, "P")) {
		k.bad(k.at(f.ID), "%s is of phase %s: the first digit of a number is that of its phase", f.ID, f.Phase)
	}
	if f.Direction != "in" && f.Direction != "out" {
		k.bad(k.at(f.ID, "direction"), "%s: the direction is in or out, as whoever opens it sees it", f.ID)
	}
	if !slices.ContainsFunc(f.Uses(), decisionID.MatchString) {
		k.bad(k.at(f.ID), "%s: no decision asks for it: name one under when or in a text", f.ID)
	}
	if len(f.Cite) == 0 {
		k.bad(k.at(f.ID), "%s: a flow has a source", f.ID)
	}
	if len(f.Ports) == 0 && f.Confirm == "" {
		k.bad(k.at(f.ID), "%s: a flow has ports, or says under confirm who knows them", f.ID)
	}
	k.ports(f.ID, f.Protocol, f.Ports)
	k.beside(f.ID, f.Phase, "before", f.Before, stepID, holdID)
	for _, e := range []End{f.From, f.To} {
		k.ofSet(f, e.Set)
	}
	k.define(f.ID, flowID, def{what: "flow", each: f.Each})
}

func (k *checker) ports(id, protocol string, ports []int) {
	if protocol != "TCP" && protocol != "UDP" {
		k.bad(k.at(id, "protocol"), "%s: the protocol is TCP or UDP, not %q", id, protocol)
	}
	for i, p := range ports {
		if p < 1 || p > 65535 || i > 0 && p <= ports[i-1] {
			k.bad(k.at(id, "ports"), "%s: ports are numbers from 1 to 65535, the lowest first", id)
		}
	}
}

// ofSet checks that the endpoint set which a flow names has its ports, and notes that it is used.
func (k *checker) ofSet(f Flow, number string) {
	if number == "" {
		return
	}
	k.used[setKey(number)] = true
	offers := func(port int) bool {
		return slices.ContainsFunc(k.cat.Endpoints.Sets, func(s EndpointSet) bool {
			return s.Number == number && s.Protocol == f.Protocol && slices.Contains(s.Ports, port)
		})
	}
	if i := slices.IndexFunc(f.Ports, func(p int) bool { return !offers(p) }); i >= 0 {
		k.bad(k.at(f.ID), "%s: endpoint set %s has no port %s %d", f.ID, number, f.Protocol, f.Ports[i])
	}
}

// setKey is how a set is remembered beside what has an ID of its own.
func setKey(number string) string { return "endpoint set " + number }

// endpoints checks the sets, and that every one is named by some flow.
func (k *checker) endpoints() {
	e := k.cat.Endpoints
	bad := func(format string, args ...any) { k.bad(place{file: "endpoints.yaml"}, format, args...) }
	if e.Version == "" || e.Verify == "" || e.Beside == "" || len(e.Cite) == 0 {
		bad("version, verify, beside and cite say what the list is and is not")
	}
	k.cite("endpoints", e.Cite)
	for _, s := range e.Sets {
		if s.Category == "" || s.Purpose == "" || len(s.Names) == 0 || len(s.Ports) == 0 {
			bad("set %s has a category, a purpose, names and ports", s.Number)
		}
		if _, known := k.cat.Lists[s.Addresses]; s.Addresses != "" && !known {
			bad("set %s: no list is called %q; there are %s", s.Number, s.Addresses, strings.Join(slices.Sorted(maps.Keys(k.cat.Lists)), ", "))
		}
		if !k.used[setKey(s.Number)] {
			bad("set %s: no flow names it", s.Number)
		}
	}
}
