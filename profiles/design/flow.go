package design

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Flow is traffic that somebody has to let through: one row of the firewall sheet. Its texts are
// for readers.
type Flow struct {
	ID        string // FLOW-310, FLOW-411/print-services
	Phase     string // in which it is first needed
	Before    string // the step or hold that waits for it; empty: it is needed all through the phase
	Opens     string // whose firewall it passes
	Direction string // in or out, as they see it
	From, To  End
	Virtual   []string // the virtual addresses at which it arrives
	Protocol  string
	Ports     []int // none: Confirm says who knows them
	TLS       string
	Between   string // what may stand on the way and open it
	Reason    string
	Confirm   string // what nobody could confirm, and who can
	Decisions []string
	Open      []string // questions without whose answer it is not complete
	Cite      []string
}

// ToBeNamed stands where there is no name, address or port: nobody is asked for it.
const ToBeNamed = "to be named"

// Ports lists ports in words.
func Ports(ports []int) string {
	texts := make([]string, len(ports))
	for i, p := range ports {
		texts[i] = strconv.Itoa(p)
	}
	return cmp.Or(strings.Join(texts, ", "), ToBeNamed)
}

// End is where a flow begins or ends. What is asked and open stands in it by the name of the
// question; nothing stands for what nobody is asked.
type End struct {
	Is  string
	At  []string // names and addresses
	Set string   // the endpoint set of Microsoft that it is; At is then what was kept of it
}

// Endpoints is what was read of the endpoint sets of Microsoft. It is never what is so today.
type Endpoints struct {
	Version, Verify, Beside string
	Sets                    []EndpointSet
	Cite                    []string
}

// EndpointSet is a set with all that was kept of it.
type EndpointSet struct {
	catalog.EndpointSet
	At []string // names, and addresses
}

// endpoints takes over what the catalogue keeps of the endpoint sets.
func (r *resolver) endpoints() {
	e := r.Catalog.Endpoints
	r.d.Endpoints = Endpoints{Version: e.Version, Verify: e.Verify, Beside: e.Beside, Cite: r.Cited(e.Cite)}
	for _, s := range e.Sets {
		r.d.Endpoints.Sets = append(r.d.Endpoints.Sets, EndpointSet{s, r.Catalog.Places(s.Number)})
	}
}

// Held says that the row waits for an open question.
func (f Flow) Held() bool { return len(f.Open) > 0 }

// flows makes the rows of the firewall sheet, in the order of their phases and numbers.
func (r *resolver) flows() {
	for _, t := range r.topics {
		for _, f := range t.Flows {
			for _, scope := range r.standing(f.Each, f.When) {
				r.d.Flows = append(r.d.Flows, r.flow(f, scope))
			}
		}
	}
	slices.SortStableFunc(r.d.Flows, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(profiles.ParseRef(a.ID).Question, profiles.ParseRef(b.ID).Question))
	})
}

func (r *resolver) flow(f catalog.Flow, scope profiles.Scope) Flow {
	out := Flow{
		ID: in(f.ID, scope), Phase: f.Phase, Before: r.entry(f.Before, scope).ID, Opens: r.prose(scope, f.Opens), Direction: f.Direction, Protocol: f.Protocol, Ports: f.Ports,
		TLS: r.prose(scope, f.TLS), Between: r.prose(scope, f.Between), Reason: r.prose(scope, f.Reason), Confirm: r.prose(scope, f.Confirm),
		Decisions: r.because(scope, []catalog.Cond{f.When}, map[string]any{"row": f.Values()}), Cite: r.Cited(f.Cite),
	}
	slices.Sort(out.Decisions)
	out.From, out.To, out.Virtual = r.end(f.From, scope, &out.Open), r.end(f.To, scope, &out.Open), r.places(f.Virtual, scope, &out.Open)
	return out
}

func (r *resolver) end(e catalog.End, scope profiles.Scope, waits *[]string) End {
	out := End{Is: r.prose(scope, e.Is), Set: e.Set, At: r.places(e.At, scope, waits)}
	if e.Set != "" {
		out.At = r.Catalog.Places(e.Set)
	}
	return out
}

// places fills in names and addresses one by one, so that what is open hides nothing else, and adds
// to what a row waits for.
func (r *resolver) places(values []any, scope profiles.Scope, waits *[]string) []string {
	var out []string
	for _, v := range values {
		filled, err := catalog.Fill([]any{v}, r.get(scope))
		if open := isOpen(err); open != "" {
			*waits = union(*waits, []string{open})
			out = append(out, "[open: "+open+"]")
		}
		members, _ := filled.([]any)
		for _, m := range members {
			out = append(out, catalog.WordsOf(m)...)
		}
	}
	return out
}
