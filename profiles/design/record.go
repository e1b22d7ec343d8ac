package design

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Record is a DNS record set from one phase on. A record that changes stands once per phase, or
// once per round of a phase.
type Record struct {
	ID        string   `json:"id"` // REC-020/agency.example
	Phase     string   `json:"phase"`
	Round     int      `json:"round,omitempty"` // 2: what changes a second time in its phase
	Zone      string   `json:"zone"`
	Name      string   `json:"name"` // in full, without the final dot; empty while what it is made from is open
	Type      string   `json:"type"`
	Tag       string   `json:"tag,omitempty"`
	View      string   `json:"view"`
	TTL       int      `json:"ttl"`             // seconds
	Values    []string `json:"values"`          // of an MX record preference and host; a name has no final dot, the root is "."
	Today     *Today   `json:"today,omitempty"` // nil: nobody said what is there before the plan
	Serves    *Served  `json:"serves,omitempty"`
	Reason    string   `json:"reason"`
	Decisions []string `json:"decisions"`
	Open      []string `json:"open,omitempty"` // questions that hold the record
	Cite      []string `json:"-"`
}

// Today is what stands under the name of a record before the plan. Without values, nothing does.
type Today struct {
	TTL    int      `json:"ttl,omitempty"` // seconds; 0: nobody said
	Values []string `json:"values"`
}

// external is the view that the Internet has of a zone.
const external = "external"

// Served is a file that a web server must answer with before the record is published.
type Served struct {
	URL  string `json:"url"`
	Text string `json:"text"`
}

// Held says that an open question holds the record: nothing of it is published yet.
func (r Record) Held() bool { return len(r.Open) > 0 }

// When says in words at which point of the plan the record has its values.
func (r Record) When() string {
	if r.Round == 0 {
		return r.Phase
	}
	return fmt.Sprintf("%s, round %d", r.Phase, r.Round)
}

// Moment is the round in which the record is published: the first unless it is of a later one.
func (r Record) Moment() int { return max(r.Round, 1) }

// Before returns what stands there before the record is published: the latest stage before it, or
// what is there today. Records stand in the order of their phases. A stage that is held has
// published nothing.
func (d *Design) Before(r Record) (Record, bool) {
	var last Record
	for _, other := range d.Records {
		if other.ID == r.ID && !other.Held() && before(other, r) < 0 {
			last = other
		}
	}
	if last.ID == "" && r.Today != nil && len(r.Today.Values) > 0 {
		last = r
		last.Phase, last.Round, last.Values, last.TTL = "", 0, r.Today.Values, r.Today.TTL
	}
	return last, last.ID != ""
}

// before orders records by the moment at which they are published.
func before(a, b Record) int {
	return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(a.Moment(), b.Moment()))
}

// Change says what a DNS team does with the record in its phase: add, or change what stands there.
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
	slices.SortStableFunc(r.d.Records, func(a, b Record) int { return cmp.Or(before(a, b), cmp.Compare(a.Zone, b.Zone)) })
}

func (r *resolver) recordsIn(rec catalog.Record, scope profiles.Scope) {
	stages := slices.DeleteFunc(slices.Clone(rec.Stages), func(s catalog.RecordStage) bool { return !s.When.Holds(r.Words(scope)) })
	today := r.today(rec, scope)
	if len(stages) > 0 && r.lowers(rec, stages[0], today, scope) {
		r.record(rec, lowered(rec, stages[0]), today, scope)
	}
	for _, stage := range stages {
		r.record(rec, stage, today, scope)
	}
}

// today returns what is said to stand under the name of a record, nil if nobody is asked or the
// answer is open.
func (r *resolver) today(rec catalog.Record, scope profiles.Scope) *Today {
	if rec.Today == nil {
		return nil
	}
	value, err := catalog.Fill(rec.Today.Value, r.get(scope))
	if err != nil {
		return nil
	}
	seconds, _ := catalog.Fill(rec.Today.TTL, r.get(scope))
	ttl, _ := strconv.Atoi(strings.Join(catalog.WordsOf(seconds), "")) // what is open or absent is not known
	return &Today{TTL: ttl, Values: append([]string{}, valuesOf(rec, value, rec.Stages[0].Preference)...)}
}

// lowers says that what stands there today shall get a short time to live: it will be replaced, and
// is not said to be that short. While nobody has said what it is, the record is held.
func (r *resolver) lowers(rec catalog.Record, first catalog.RecordStage, today *Today, scope profiles.Scope) bool {
	if rec.Today == nil || rec.Today.Lower == "" {
		return false
	}
	if today == nil {
		_, err := catalog.Fill(rec.Today.Value, r.get(scope))
		return isOpen(err) != ""
	}
	planned, err := catalog.Fill(first.Value, r.get(scope))
	same := err == nil && slices.Equal(valuesOf(rec, planned, first.Preference), today.Values)
	return len(today.Values) > 0 && !same && (today.TTL == 0 || today.TTL > first.TTL)
}

// lowered is what stands there today, with the time to live that the first stage will have.
func lowered(rec catalog.Record, first catalog.RecordStage) catalog.RecordStage {
	return catalog.RecordStage{Phase: rec.Today.Lower, TTL: first.TTL, Preference: first.Preference, Value: rec.Today.Value}
}

func (r *resolver) record(rec catalog.Record, stage catalog.RecordStage, today *Today, scope profiles.Scope) {
	out := Record{
		ID: in(rec.ID, scope), Phase: stage.Phase, Round: stage.Round, Type: rec.Type, Tag: rec.Tag, View: cmp.Or(rec.View, external), TTL: stage.TTL,
		Today: today, Reason: r.prose(scope, rec.Reason), Cite: r.Cited(rec.Cite),
		Decisions: r.because(scope, []catalog.Cond{rec.When, stage.When}, map[string]any{"value": stage.Value}),
	}
	if rec.Today != nil && stage.Phase == rec.Today.Lower {
		out.Reason = r.prose(scope, rec.Today.Reason)
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
	out.Values = valuesOf(rec, fill(stage.Value), stage.Preference)
	if s := stage.Serves; s != nil {
		url, text := fill(s.URL), fill(s.Text)
		out.Serves = &Served{strings.Join(catalog.WordsOf(url), ""), strings.Join(catalog.WordsOf(text), "")}
	}
	if last := len(r.d.Records) - 1; last >= 0 && out.repeats(r.d.Records[last]) {
		return
	}
	r.claim(out)
	r.d.Records = append(r.d.Records, out)
}

// repeats says that a stage changes nothing of the stage before it: it is none.
func (r Record) repeats(last Record) bool {
	return r.ID == last.ID && !r.Held() && !last.Held() && r.TTL == last.TTL && slices.Equal(r.Values, last.Values)
}

// preferred is a host after its preference.
var preferred = regexp.MustCompile(`^[0-9]+ `)

// valuesOf makes the values of a record of a filled one: single blanks, and a preference before
// every host of an MX record. What is none has no value.
func valuesOf(rec catalog.Record, value any, preference int) []string {
	list, isList := value.([]any)
	if !isList && value != nil {
		list = []any{value}
	}
	var out []string
	for _, v := range list {
		text := strings.Join(strings.Fields(strings.Join(catalog.WordsOf(v), " ")), " ")
		if text == catalog.None {
			continue
		}
		if rec.Type == "MX" && !preferred.MatchString(text) {
			text = fmt.Sprintf("%d %s", preference, text)
		}
		out = append(out, text)
	}
	return out
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
