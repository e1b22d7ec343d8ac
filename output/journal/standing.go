package journal

import (
	"slices"
	"strings"
	"time"

	"github.com/exoplan/exoplan/profiles/design"
)

// State is how an entry of a plan stands.
type State string

// How an entry can stand.
const (
	Open      State = "open"       // nothing has become of it
	Done      State = "done"       // the tenant has what the step sets
	Passed    State = "passed"     // a person said that what the hold waits for has come
	Waiting   State = "waiting"    // a run stopped at the hold
	Stopped   State = "stopped"    // a run stopped at the step
	Unclear   State = "unclear"    // recorded before a change of which the journal knows no end
	TakenBack State = "taken back" // by rollback
	Kept      State = "kept"       // done, and left by a rollback until a person releases it
	Held      State = "held"       // by an open question: no script of this plan runs it
)

// Standing says that the entry is carried out.
func (s State) Standing() bool { return s == Done || s == Passed || s == Kept }

// Entry is a step or a hold, and how it stands.
type Entry struct {
	design.Step
	State  State
	Script string    // that had the last word
	Word   string    // of it: the outcome as the script wrote it
	By     string    // the account of that run
	Since  time.Time // since when it stands so; zero where nothing has become of it
	Detail string    // what the script wrote: the change from what to what, who passed a hold and why
}

// Phase is one phase of a plan.
type Phase struct {
	ID      string
	Entries []Entry
	Records int // DNS records that belong to it, of which no journal knows
}

// Standing is where a plan stands.
type Standing struct {
	Plan   string
	Phases []Phase // those that the plan has something for, in order
	Lines  []Line  // what runs of this plan wrote, in order
}

// Stand says where a plan stands, from the lines of a journal that are about it. Recorded names the
// entries for which the records hold what was there before, as scripts name them in file names.
func Stand(fingerprint string, p design.Plan, j Journal, recorded []string) Standing {
	s := Standing{Plan: fingerprint, Lines: j.Of(fingerprint)}
	for _, step := range p.Steps {
		e := stand(step, s.Lines)
		if slices.Contains(recorded, RecordName(step.ID)) && (e.State == Open || e.State == TakenBack) {
			e.State = Unclear
		}
		at := s.phase(step.Phase)
		at.Entries = append(at.Entries, e)
	}
	for _, r := range p.Records {
		if !r.Held() {
			s.phase(r.Phase).Records++
		}
	}
	slices.SortStableFunc(s.Phases, func(a, b Phase) int { return strings.Compare(a.ID, b.ID) })
	return s
}

// RecordName is an ID as it stands in the name of a file.
func RecordName(id string) string { return strings.ReplaceAll(id, "/", "_") }

func (s *Standing) phase(id string) *Phase {
	i := slices.IndexFunc(s.Phases, func(p Phase) bool { return p.ID == id })
	if i < 0 {
		i = len(s.Phases)
		s.Phases = append(s.Phases, Phase{ID: id})
	}
	return &s.Phases[i]
}

// stand follows one entry through the lines of its plan.
func stand(step design.Step, lines []Line) Entry {
	e := Entry{Step: step, State: Open}
	if step.Held() {
		e.State = Held
		return e
	}
	for _, l := range lines {
		switch {
		case !l.Real():
		case l.ID == step.ID:
			e.take(l)
		case e.lapses(l):
			e.become(Open, l, lapsed)
		}
	}
	return e
}

// lapsed is the detail of a hold that must be passed again.
const lapsed = "passed before the phase went the other way"

func (e *Entry) become(s State, l Line, detail string) {
	e.State, e.Script, e.Word, e.By, e.Since, e.Detail = s, l.Script, l.Outcome, l.By, l.Time, detail
}

// lapses: scripts do not take for passed what was passed before the phase went the other way.
func (e *Entry) lapses(l Line) bool {
	written := l.Outcome == "Changed" || l.Outcome == "Undone"
	named := e.State == Passed || e.State == Waiting
	return named && written && l.Phase == e.Phase && l.Script != e.Script
}

// take is what a line says of the entry.
func (e *Entry) take(l Line) {
	hold := e.Kind == design.KindHold
	switch l.Outcome {
	case "Passed":
		if l.Script == apply {
			e.become(Passed, l, l.Detail)
		} else if e.State == Waiting {
			e.become(Open, l, "")
		}
	case "Changed":
		e.become(Done, l, l.Detail)
	case "Undone":
		e.become(TakenBack, l, l.Detail)
	case "Kept":
		e.become(Kept, l, l.Detail)
	case "NoChange":
		e.unchanged(l, hold)
	case "Stopped":
		switch {
		case hold && e.State == Waiting && e.Script == l.Script: // since the first time
		case hold:
			e.become(Waiting, l, e.Text)
			if l.Script == rollback {
				e.Detail = e.Back
			}
		default:
			e.become(Stopped, l, l.Detail)
		}
	}
}

// unchanged: apply found what the step sets, or rollback nothing to take back.
func (e *Entry) unchanged(l Line, hold bool) {
	switch {
	case hold: // passed before, or nothing to wait for
	case l.Script == apply && !e.State.Standing():
		e.become(Done, l, l.Detail)
	case l.Script == rollback && e.State != Open && e.State != TakenBack:
		e.become(TakenBack, l, l.Detail)
	}
}

// How a phase can stand, beside the states of an entry that all of its entries have.
const (
	Begun   State = "begun"    // some of it is carried out
	DNSOnly State = "DNS only" // no script runs in it
)

// State says how the phase stands: what open questions hold does not count.
func (p Phase) State() State {
	running := slices.DeleteFunc(slices.Clone(p.Entries), func(e Entry) bool { return e.State == Held })
	if len(running) == 0 {
		if len(p.Entries) > 0 {
			return Held
		}
		return DNSOnly
	}
	all := func(wanted func(State) bool) bool {
		return !slices.ContainsFunc(running, func(e Entry) bool { return !wanted(e.State) })
	}
	switch {
	case all(State.Standing):
		return Done
	case all(func(s State) bool { return s == Open }):
		return Open
	case all(func(s State) bool { return s == Open || s == TakenBack }):
		return TakenBack
	}
	return Begun
}

// Count returns how many entries of the phase stand as one of the states says.
func (p Phase) Count(states ...State) int {
	n := 0
	for _, e := range p.Entries {
		if slices.Contains(states, e.State) {
			n++
		}
	}
	return n
}

// Since is when the last entry of the phase came to stand as it does; zero where none has.
func (p Phase) Since() time.Time {
	var last time.Time
	for _, e := range p.Entries {
		if e.Since.After(last) {
			last = e.Since
		}
	}
	return last
}

// Next returns the entry that comes next: the first that is not carried out. Nothing comes next
// where all is, but for what open questions hold.
func (s Standing) Next() (Entry, bool) {
	for _, p := range s.Phases {
		for _, e := range p.Entries {
			if !e.State.Standing() && e.State != Held {
				return e, true
			}
		}
	}
	return Entry{}, false
}

// With returns the entries that stand so, in the order of the plan.
func (s Standing) With(states ...State) []Entry {
	var out []Entry
	for _, p := range s.Phases {
		for _, e := range p.Entries {
			if slices.Contains(states, e.State) {
				out = append(out, e)
			}
		}
	}
	return out
}

// Course is what the last run of one phase of a plan was.
type Course struct {
	Phase   string    `json:"phase"`
	Script  string    `json:"script"`
	Time    time.Time `json:"time"`
	Wrote   bool      `json:"wrote"`   // it changed something, or a run before it by the same script did
	Stopped bool      `json:"stopped"` // on its way
}

// Courses returns the last real run of every phase of a plan, in the order of the phases: all that
// can be said of a plan whose pack is not at hand.
func (j Journal) Courses(plan string) []Course {
	var out []Course
	for _, l := range j.Of(plan) {
		if !l.Real() || l.Phase == "" {
			continue
		}
		i := slices.IndexFunc(out, func(c Course) bool { return c.Phase == l.Phase })
		if i < 0 {
			i = len(out)
			out = append(out, Course{Phase: l.Phase, Script: l.Script})
		}
		c := &out[i]
		if c.Script != l.Script {
			c.Script, c.Wrote = l.Script, false
		}
		c.Time = l.Time
		c.Stopped = l.Outcome == "Stopped"
		c.Wrote = c.Wrote || l.Outcome == "Changed" || l.Outcome == "Undone"
	}
	slices.SortFunc(out, func(a, b Course) int { return strings.Compare(a.Phase, b.Phase) })
	return out
}

// Verified is the last verification of a plan.
type Verified struct {
	Time         time.Time
	Phase        string // after which the tenant was looked at; empty: after all
	Pass, Failed int
	Wrong        []Line // what was not as planned
}

// Verified returns what the last verify of the plan said; false where none ran.
func (s Standing) Verified() (Verified, bool) {
	last := -1
	for i, l := range s.Lines {
		if l.Script == verify && l.Begins() {
			last = i
		}
	}
	if last < 0 {
		return Verified{}, false
	}
	v := Verified{Time: s.Lines[last].Time, Phase: s.Lines[last].Phase}
	for _, l := range s.Lines[last+1:] {
		switch {
		case l.Script != verify:
		case l.Outcome == "Pass":
			v.Pass++
		case l.Outcome == "Fail" || l.Outcome == "Stopped":
			v.Failed++
			v.Wrong = append(v.Wrong, l)
		}
	}
	return v, true
}
