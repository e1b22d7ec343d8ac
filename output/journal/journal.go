// Package journal reads what the scripts of packs wrote down while they ran, and says where a plan
// stands.
//
// The journal is one file for a tenant and all revisions: a line of JSON for every run of a script
// and every step of it. A run that is killed tears the line that it was writing, so a line that
// breaks off is no fault: scripts pass over it, and so does this package. Anything else that is no
// line of a journal is an error: nothing is said of a file that somebody else wrote.
package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// File is the name of the journal in the folder of the records.
const File = "journal.jsonl"

// The scripts that change the tenant.
const (
	apply    = "apply"
	rollback = "rollback"
	verify   = "verify"
)

var scripts = []string{"preflight", "snapshot", apply, verify, rollback}

// Run is the ID of the lines that are about a whole run.
const Run = "RUN"

// Line is one line of the journal.
type Line struct {
	Number  int       `json:"line"` // in the file, from 1
	Time    time.Time `json:"time"` // in the zone of the machine that wrote it
	Script  string    `json:"script"`
	Plan    string    `json:"-"` // the fingerprint
	Phase   string    `json:"phase,omitempty"`
	DryRun  bool      `json:"-"`
	ID      string    `json:"id"` // of a step or a hold, Run, or what a script speaks of else
	Outcome string    `json:"outcome"`
	Detail  string    `json:"detail,omitempty"`
	By      string    `json:"by,omitempty"` // the account of the run
}

// Real says that the line tells of a change, or of what stood in its way: apply and rollback, and
// no dry run.
func (l Line) Real() bool { return !l.DryRun && (l.Script == apply || l.Script == rollback) }

// Begins says that the line is the first of a run. Its detail is the account.
func (l Line) Begins() bool { return l.ID == Run && l.Outcome == "Started" }

// Journal is what a file holds.
type Journal struct {
	Lines []Line
	Torn  []int // the numbers of lines that break off
}

// Of returns the lines of one plan.
func (j Journal) Of(plan string) []Line {
	return slices.DeleteFunc(slices.Clone(j.Lines), func(l Line) bool { return l.Plan != plan })
}

// Plans returns the fingerprints of the plans of which a line tells a change, in the order of
// their first ones.
func (j Journal) Plans() []string {
	var plans []string
	for _, l := range j.Lines {
		if l.Real() && !slices.Contains(plans, l.Plan) {
			plans = append(plans, l.Plan)
		}
	}
	return plans
}

// most is how many faults of a file are told: one that is no journal has as many as lines.
const most = 5

// Parse reads a journal. The error names the file and every line that is none, the first few.
func Parse(name string, data []byte) (Journal, error) {
	var j Journal
	var problems []error
	data = bytes.TrimPrefix(data, []byte("\uFEFF")) // Windows PowerShell begins a file with it
	number, account := 0, ""
	for text := range bytes.Lines(data) {
		number++
		text = bytes.TrimSpace(text)
		if len(text) == 0 {
			continue
		}
		l, err := parse(text)
		switch {
		case errors.Is(err, errTorn):
			j.Torn = append(j.Torn, number)
		case err != nil:
			problems = append(problems, fmt.Errorf("%s:%d: %w", name, number, err))
		default:
			if l.Begins() {
				account = l.Detail
			}
			l.Number, l.By = number, account
			j.Lines = append(j.Lines, l)
		}
	}
	if n := len(problems); n > most {
		problems = append(problems[:most], fmt.Errorf("%s: and %d more", name, n-most))
	}
	return j, errors.Join(problems...)
}

var errTorn = errors.New("the line breaks off")

// written is a line as scripts write it.
type written struct {
	Time, Script, Plan, Phase, ID, Outcome, Detail *string
	DryRun                                         *bool
}

func parse(text []byte) (Line, error) {
	if !utf8.Valid(text) {
		return Line{}, errors.New("the line is not UTF-8")
	}
	w, err := decode(text)
	if err != nil {
		if torn(text, err) {
			return Line{}, errTorn
		}
		return Line{}, fmt.Errorf("this is no line of a journal: %w", err)
	}
	return w.line()
}

func decode(text []byte) (written, error) {
	var w written
	read := json.NewDecoder(bytes.NewReader(text))
	if err := read.Decode(&w); err != nil {
		return w, err
	}
	if _, err := read.Token(); !errors.Is(err, io.EOF) {
		return w, errors.New("something stands behind its end")
	}
	return w, nil
}

// torn tells a line that a killed run left, alone or with the next run's first line behind it, from
// one that is none.
func torn(text []byte, err error) bool {
	if text[0] != '{' {
		return false
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	begin := []byte(`{"`) // a text can end in a brace, so the last one need not be a line's
	for end, tries := len(text), 0; tries < 8; tries++ {
		if end = bytes.LastIndex(text[:end], begin); end <= 0 {
			return false
		}
		if w, err := decode(text[end:]); err == nil {
			_, err = w.line()
			return err == nil
		}
	}
	return false
}

var (
	fingerprint = regexp.MustCompile(`^[0-9a-f]{64}$`)
	phase       = regexp.MustCompile(`^(P[0-9])?$`)
)

// line checks what a script wrote.
func (w written) line() (Line, error) {
	for _, field := range []struct {
		name    string
		missing bool
	}{
		{"Time", w.Time == nil},
		{"Script", w.Script == nil},
		{"Plan", w.Plan == nil},
		{"Phase", w.Phase == nil},
		{"DryRun", w.DryRun == nil},
		{"Id", w.ID == nil},
		{"Outcome", w.Outcome == nil},
		{"Detail", w.Detail == nil},
	} {
		if field.missing {
			return Line{}, fmt.Errorf("this is no line of a journal: it has no %s", field.name)
		}
	}
	at, err := time.Parse(time.RFC3339, *w.Time)
	switch {
	case err != nil:
		return Line{}, fmt.Errorf("%q is no time", *w.Time)
	case !slices.Contains(scripts, *w.Script):
		return Line{}, fmt.Errorf("no pack has a script %q", *w.Script)
	case !fingerprint.MatchString(*w.Plan):
		return Line{}, fmt.Errorf("%q is no fingerprint of a plan", *w.Plan)
	case !phase.MatchString(*w.Phase):
		return Line{}, fmt.Errorf("%q is no phase", *w.Phase)
	case *w.ID == "" || *w.Outcome == "":
		return Line{}, errors.New("the line says of nothing that it came out")
	}
	return Line{
		Time: at, Script: *w.Script, Plan: *w.Plan, Phase: *w.Phase, DryRun: *w.DryRun,
		ID: plain(*w.ID), Outcome: plain(*w.Outcome), Detail: plain(*w.Detail),
	}, nil
}

// plain takes out what a terminal would obey, and what makes a text look other than it is: values of
// a tenant stand in the journal, and anybody may have given those.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}
