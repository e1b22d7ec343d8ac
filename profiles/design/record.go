package design

import (
	"cmp"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Record is a DNS record set from one phase on. A record that changes stands once per phase.
type Record struct {
	ID         string   `json:"id"` // REC-020/agency.example
	Phase      string   `json:"phase"`
	Zone       string   `json:"zone"`
	Name       string   `json:"name"` // in full, without the final dot; empty while what it is made from is open
	Type       string   `json:"type"`
	Tag        string   `json:"tag,omitempty"`
	View       string   `json:"view"`
	TTL        int      `json:"ttl"` // seconds
	Preference int      `json:"preference,omitempty"`
	Values     []string `json:"values"` // a name has no final dot; the root is "."
	Reason     string   `json:"reason"`
	Decisions  []string `json:"decisions"`
	Open       []string `json:"open,omitempty"` // questions that hold the record
	Cite       []string `json:"-"`
}

// external is the view that the Internet has of a zone.
const external = "external"

// Held says that an open question holds the record: nothing of it is published yet.
func (r Record) Held() bool { return len(r.Open) > 0 }

// Before returns what an earlier phase of the plan publishes of the record, the latest: records
// stand in the order of their phases. A stage that is held has published nothing.
func (d *Design) Before(r Record) (Record, bool) {
	var last Record
	for _, other := range d.Records {
		if other.ID == r.ID && other.Phase < r.Phase && !other.Held() {
			last = other
		}
	}
	return last, last.ID != ""
}

// Change says what a DNS team does with the record in its phase: add, or change what an
// earlier phase of the plan published.
func (d *Design) Change(r Record) string {
	if _, published := d.Before(r); published {
		return "change"
	}
	return "add"
}

func (r *resolver) records(t catalog.Topic) {
	for _, rec := range t.Records {
		for _, scope := range r.standing(rec.Each, rec.When) {
			r.recordsIn(rec, scope)
		}
	}
	slices.SortStableFunc(r.d.Records, func(a, b Record) int { return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(a.Zone, b.Zone)) })
}

func (r *resolver) recordsIn(rec catalog.Record, scope profiles.Scope) {
	for _, stage := range rec.Stages {
		if stage.When.Holds(r.Words(scope)) {
			r.record(rec, stage, scope)
		}
	}
}

func (r *resolver) record(rec catalog.Record, stage catalog.RecordStage, scope profiles.Scope) {
	out := Record{
		ID: in(rec.ID, scope), Phase: stage.Phase, Type: rec.Type, Tag: rec.Tag, View: cmp.Or(rec.View, external), TTL: stage.TTL, Preference: stage.Preference,
		Reason: r.prose(scope, rec.Reason), Cite: rec.Cite,
		Decisions: r.because(scope, []catalog.Cond{rec.When, stage.When}, map[string]any{"value": stage.Value}),
	}
	fill := func(v any) any {
		filled, err := catalog.Fill(v, r.get(scope))
		if q := isOpen(err); q != "" && !slices.Contains(out.Open, q) {
			out.Open = append(out.Open, q)
		} else if err != nil && q == "" {
			r.fault("%s: %w", out.ID, err)
		}
		return filled
	}
	out.Zone = strings.Join(catalog.WordsOf(fill(rec.Zone)), "")
	switch name := strings.Join(catalog.WordsOf(fill(rec.Name)), ""); {
	case name == "@":
		out.Name = out.Zone
	case name != "" && out.Zone != "":
		out.Name = name + "." + out.Zone
	}
	value := fill(stage.Value)
	list, isList := value.([]any)
	if !isList && value != nil {
		list = []any{value}
	}
	for _, v := range list {
		text := strings.Join(catalog.WordsOf(v), " ")
		out.Values = append(out.Values, strings.Join(strings.Fields(text), " "))
	}
	r.claim(out)
	r.d.Records = append(r.d.Records, out)
}

// claim refuses a second owner of a name, type and tag, and a CNAME beside other data.
func (r *resolver) claim(rec Record) {
	for _, other := range r.d.Records {
		if other.ID == rec.ID || rec.Name == "" || other.Name != rec.Name || other.View != rec.View {
			continue
		}
		if other.Type == rec.Type && other.Tag == rec.Tag || other.Type == "CNAME" || rec.Type == "CNAME" {
			r.fault("%s and %s both speak of %s %s", other.ID, rec.ID, rec.Name, rec.Type)
		}
	}
}
