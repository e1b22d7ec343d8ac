package dnscheck

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"github.com/exoplan/exoplan/profiles/design"
)

// Stand is what DNS holds of a record, beside the plan.
type Stand string

// The stands of a record.
const (
	Planned Stand = "as planned"         // what stands there is that of a phase
	Today   Stand = "as today"           // what stands there is what the profile says of today
	Absent  Stand = "not there yet"      // nothing stands there, and nobody said that anything does
	Other   Stand = "other than said"    // neither what the profile says of today nor what is planned
	Unsaid  Stand = "not what is coming" // something that the profile does not speak of: the plan replaces it
	Held    Stand = "held"               // an open question holds all of it: nothing is asked
	Unasked Stand = "not asked"          // it belongs to a view for which no server was named
	Failed  Stand = "no answer"          // the server did not answer
)

// Standing is one record of a plan and what DNS holds of it.
type Standing struct {
	Record string   `json:"record"` // REC-020/agency.example
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	View   string   `json:"view"`
	Stands Stand    `json:"stands"`
	Phase  string   `json:"phase,omitempty"` // as planned: the phase from which on it is
	Has    []string `json:"has"`
	Wants  []string `json:"wants"` // what it will be at the end
	Said   []string `json:"said,omitempty"`
	Error  string   `json:"error,omitempty"`
}

// Views maps a view of DNS to the server that is asked for it: external, internal.
type Views map[string]Server

// atOnce is how many questions are under way: few enough for a small server.
const atOnce = 8

// Standings asks for every record of a design. A server that does not answer stands in the row of
// the record; the error is that of a context that ended.
func Standings(ctx context.Context, views Views, d *design.Design) ([]Standing, error) {
	stages := map[string][]design.Record{}
	var ids []string
	for _, r := range d.Records {
		if stages[r.ID] == nil {
			ids = append(ids, r.ID)
		}
		stages[r.ID] = append(stages[r.ID], r)
	}
	out := make([]Standing, len(ids))
	var all errgroup.Group
	all.SetLimit(atOnce)
	for i, id := range ids {
		all.Go(func() error {
			out[i] = standing(ctx, views, stages[id])
			return ctx.Err()
		})
	}
	return out, all.Wait()
}

// standing compares one record, given with all its stages in their order.
func standing(ctx context.Context, views Views, stages []design.Record) Standing {
	last := stages[len(stages)-1]
	s := Standing{Record: last.ID, Name: last.Name, Type: last.Type, View: last.View, Stands: Held, Has: []string{}, Wants: append([]string{}, last.Values...)}
	if last.Today != nil {
		s.Said = last.Today.Values
	}
	stages = slices.DeleteFunc(slices.Clone(stages), design.Record.Held)
	if len(stages) == 0 {
		return s
	}
	server, named := views[last.View]
	if !named {
		s.Stands = Unasked
		return s
	}
	has, err := values(ctx, server, last)
	if err != nil {
		s.Stands, s.Error = Failed, err.Error()
		return s
	}
	s.Has = append(s.Has, has...)
	s.Stands, s.Phase = compare(has, last.Today, stages)
	return s
}

// compare says of what stands in DNS which part of the plan it is, with the phase from which on. Of
// values that come a second time the latest count. A stage that changes the time to live alone is
// none here: a resolver counts that down.
func compare(has []string, today *design.Today, stages []design.Record) (Stand, string) {
	is := func(r design.Record) bool { return same(r.Type, has, r.Values) }
	asToday := today != nil && same(stages[0].Type, has, today.Values)
	phase := ""
	for _, stage := range slices.Backward(stages) {
		if !is(stage) && phase != "" {
			return Planned, phase
		}
		if is(stage) {
			phase = stage.When()
		}
	}
	switch {
	case asToday:
		return Today, ""
	case phase != "":
		return Planned, phase
	case today != nil:
		return Other, ""
	case len(has) == 0:
		return Absent, ""
	}
	return Unsaid, ""
}

// same compares two sets of values as DNS means them: in any order, names and addresses in any
// spelling, texts to the letter.
func same(kind string, a, b []string) bool {
	form := func(values []string) []string {
		var out []string
		for _, v := range values {
			if kind != "TXT" {
				v = bare(v)
			}
			if address, err := netip.ParseAddr(v); err == nil {
				v = address.String()
			}
			out = append(out, v)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(form(a), form(b))
}

// values asks for a record set and writes it as a design does. Of the texts of a name only those
// with the tag of the record are its own.
func values(ctx context.Context, server Server, r design.Record) ([]string, error) {
	found, err := server.records(ctx, r.Name, dns.StringToType[r.Type])
	if err != nil {
		return nil, err
	}
	var out []string
	for _, rr := range found {
		v := written(rr)
		if r.Type == "TXT" && !tagged(v, r.Tag) {
			continue
		}
		out = append(out, v)
	}
	return out, nil
}

// tagged says that a text is one of those that begin with a tag; SPF and DMARC take it in any case
// (RFC 7208, 4.5; RFC 9989, 4.7).
func tagged(text, tag string) bool {
	return len(text) >= len(tag) && strings.EqualFold(text[:len(tag)], tag)
}

// written writes the data of a record as a design does.
func written(rr dns.RR) string {
	switch rr := rr.(type) {
	case *dns.MX:
		host := bare(rr.Mx)
		if host == "" {
			host = "."
		}
		return strconv.Itoa(int(rr.Preference)) + " " + host
	case *dns.CNAME:
		return bare(rr.Target)
	case *dns.TXT:
		return plain(strings.Join(rr.Txt, ""))
	}
	return strings.TrimPrefix(rr.String(), rr.Header().String())
}
