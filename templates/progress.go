package templates

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/exoplan/exoplan/output/journal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
	"github.com/exoplan/exoplan/profiles/design"
)

// Records is what a report tells beside its plan.
type Records struct {
	Log      string           // the folder of the records, as it was named
	Standing journal.Standing // where the plan stands
	Notes    []string         // what one should know before one reads
	// Rehearsal is one of the same plan; nil: none is filed with it.
	Rehearsal *trial.Record
}

// Progress sets what was carried out of a plan against what was planned, in Markdown. The design has
// the plan of the pack.
func Progress(d *design.Design, r Records, generator string) ([]byte, error) {
	s, err := load()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	x := progress{Page: page{Design: d, Plan: r.Standing.Plan, Generator: generator}, Done: r.Standing, Log: r.Log, Notes: r.Notes, Trial: r.Rehearsal}
	if err := s.ExecuteTemplate(&b, "reports/progress.md.tmpl", x); err != nil {
		return nil, fmt.Errorf("progress: %w", err)
	}
	return tidy(b.Bytes()), nil
}

// progress is what the template of a report sees.
type progress struct {
	Page  page
	Done  journal.Standing
	Log   string
	Notes []string
	Trial *trial.Record
}

// Title returns that of a phase.
func (p progress) Title(phase string) string {
	for _, x := range p.Page.Phases {
		if x.ID == phase {
			return x.Title
		}
	}
	return ""
}

// Running counts the entries of a phase that no open question holds.
func (progress) Running(x journal.Phase) int { return len(x.Entries) - x.Count(journal.Held) }

// At writes a time to the minute, with the zone of the machine that wrote it down.
func (progress) At(t time.Time) string { return at(t, "2006-01-02 15:04 -07:00") }

// AtSecond writes it to the second.
func (progress) AtSecond(t time.Time) string { return at(t, "2006-01-02 15:04:05 -07:00") }

func at(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(layout)
}

// Next returns what comes next; nil when nothing does.
func (p progress) Next() *journal.Entry {
	if e, more := p.Done.Next(); more {
		return &e
	}
	return nil
}

// Verified returns the last verification; nil when none is journalled.
func (p progress) Verified() *journal.Verified {
	if v, ran := p.Done.Verified(); ran {
		return &v
	}
	return nil
}

// Lines returns those of apply and rollback that were no dry run.
func (p progress) Lines() []journal.Line {
	return only(p.Done.Lines, journal.Line.Real)
}

// departure is something that is other than the plan says.
type departure struct {
	ID, What, By, Detail string
	When                 time.Time
}

// inWords says of the states that are no end of a step what is so.
var inWords = map[journal.State]string{
	journal.Waiting: "a run stopped at the hold", journal.Stopped: "a run stopped at the step", journal.TakenBack: "taken back",
	journal.Kept:    "a rollback left it: a person must release it",
	journal.Unclear: "recorded before a change of which the journal knows no end",
}

// Departures returns what is other than planned: what has no good end, and what scripts did that no
// entry of the plan says.
func (p progress) Departures() []departure {
	var out []departure
	known := []string{journal.Run}
	for _, phase := range p.Done.Phases {
		for _, e := range phase.Entries {
			known = append(known, e.ID)
			if what := inWords[e.State]; what != "" {
				out = append(out, departure{e.ID, what, e.By, e.Detail, e.Since})
			}
		}
	}
	for _, l := range p.Lines() {
		if !slices.Contains(known, l.ID) {
			out = append(out, departure{l.ID, "not of this plan: " + l.Outcome, l.By, l.Detail, l.Time})
		}
	}
	return out
}
