package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
)

// Result is what came of a rehearsal.
type Result struct {
	Passed      bool     `json:"passed"`
	Problems    []string `json:"problems"` // why it did not pass
	Runs        []Run    `json:"runs"`
	Steps       []Step   `json:"steps"`
	Totals      Totals   `json:"totals"`
	Differences []string `json:"differences"` // between the tenant before and after, but for what cannot be taken back: lines that went and that came
}

// Run is one run of a script.
type Run struct {
	Name     string   `json:"name"` // apply -Phase P1 -WhatIf
	Part     string   `json:"part"` // of the rehearsal, in words
	Phase    string   `json:"phase,omitempty"`
	Exit     int      `json:"exit"`
	Due      []int    `json:"due"` // exit codes that are right here
	Reads    int      `json:"reads"`
	Writes   int      `json:"writes"`
	Seconds  float64  `json:"seconds"`
	Problems []string `json:"problems,omitempty"`
	Said     string   `json:"said,omitempty"` // what the script said, where it did not do what it must
	Rows     []Row    `json:"-"`
}

// Row is what a run said of one entry.
type Row struct {
	Run     int    `json:"run"` // its place among the runs, from 1
	ID      string `json:"-"`
	Outcome string `json:"outcome"`
	Detail  string `json:"-"`
}

// Step is an entry of the plan, and its outcome in each run that spoke of it.
type Step struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Phase    string `json:"phase"`
	Title    string `json:"title"`
	Outcomes []Row  `json:"outcomes"`
}

// Totals is what a rehearsal consists of.
type Totals struct {
	Runs         int     `json:"runs"`
	Steps        int     `json:"steps"` // that some run carried out, found done, or took back
	Objects      int     `json:"objects"`
	Calls        int     `json:"calls"` // of cmdlets of the tenant
	Reads        int     `json:"reads"`
	Writes       int     `json:"writes"`
	SecondWrites int     `json:"secondWrites"` // of the second apply
	Differences  int     `json:"differences"`
	Cmdlets      int     `json:"cmdlets"`
	Parameters   int     `json:"parameters"` // of cmdlets that wrote
	Seconds      float64 `json:"seconds"`
}

// Seer is shown what happens.
type Seer interface {
	// Begin is a scene that begins, the n-th of all.
	Begin(n int, s Scene)
	// End is what came of it; by hand there is nothing to tell.
	End(n int, r Run)
}

// errStopped ends a rehearsal at the first scene that did not come out as it must: what follows would
// follow from it.
var errStopped = errors.New("stopped")

// Play carries out the scenes in one tenant, up to the first that does not come out as it must. The
// error says that the rehearsal itself could not be carried out.
func Play(ctx context.Context, e pwsh.Engine, t rehearsal.Tenant, p Pack, scenes []Scene, now func() time.Time, seer Seer) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	actions := make([]rehearsal.Action, len(scenes))
	for i, s := range scenes {
		actions[i] = s.Action
	}
	a := &account{plan: p, scenes: scenes, cmdlets: map[string]bool{}, parameters: map[string]bool{}, objects: map[string]bool{}}
	begun := now()
	seer.Begin(0, scenes[0])
	last := begun
	outcomes, err := rehearsal.Watch(ctx, e, t, actions, func(o rehearsal.Outcome) {
		if a.failed() {
			return
		}
		n := a.seen
		run := a.take(o, now().Sub(last))
		last = now()
		seer.End(n, run)
		switch {
		case a.failed():
			cancel(errStopped)
		case n+1 < len(scenes):
			seer.Begin(n+1, scenes[n+1])
		}
	})
	if err != nil && !errors.Is(err, errStopped) {
		return Result{}, err
	}
	return a.result(outcomes, now().Sub(begun)), nil
}

// account gathers what is told of a rehearsal.
type account struct {
	Result

	plan       Pack
	scenes     []Scene
	seen       int
	objects    map[string]bool
	cmdlets    map[string]bool
	parameters map[string]bool
}

func (a *account) failed() bool { return len(a.Problems) > 0 }

// take judges an outcome.
func (a *account) take(o rehearsal.Outcome, took time.Duration) Run {
	s := a.scenes[a.seen]
	a.seen++
	r := Run{Name: s.Name, Part: s.Part, Phase: s.Phase, Exit: o.ExitCode, Due: s.Exits, Writes: len(o.Writes), Seconds: seconds(took), Problems: s.Judge(o)}
	if s.Script == "" {
		return r
	}
	for cmdlet, n := range o.Reads {
		r.Reads += n
		a.cmdlets[cmdlet] = true
	}
	for _, w := range o.Writes {
		a.objects[w.Noun+"/"+w.Name], a.cmdlets[w.Cmdlet] = true, true
		for name := range w.Parameters {
			a.parameters[w.Cmdlet+" -"+name] = true
		}
	}
	r.Rows = a.rows(o.Output)
	if len(r.Problems) > 0 {
		r.Said = o.Output
		for _, p := range r.Problems {
			a.Problems = append(a.Problems, s.Name+": "+p)
		}
	}
	a.Runs = append(a.Runs, r)
	a.Totals.Reads += r.Reads
	a.Totals.Writes += r.Writes
	if s.Part == second {
		a.Totals.SecondWrites += r.Writes
	}
	return r
}

var row = regexp.MustCompile(`^(\S+) +(\S+)  (.*)$`)

// rows reads what a script said of entries of the plan.
func (a *account) rows(output string) []Row {
	var out []Row
	for line := range strings.Lines(output) {
		m := row.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil || !slices.ContainsFunc(a.plan.Steps, func(s design.Step) bool { return s.ID == m[2] }) {
			continue
		}
		out = append(out, Row{Run: len(a.Runs) + 1, ID: m[2], Outcome: m[1], Detail: m[3]})
	}
	return out
}

// carried are the outcomes by which a step counts as carried out.
var carried = []string{"Changed", "NoChange", "Undone"}

// result is all that is told, after the last outcome.
func (a *account) result(outcomes []rehearsal.Outcome, took time.Duration) Result {
	r := a.Result
	r.Differences = []string{}
	if n := len(outcomes); n == len(a.scenes) {
		r.Differences = append(r.Differences, outcomes[0].State.NotBack(outcomes[n-1].State)...)
	}
	if n := len(r.Differences); n > 0 {
		r.Problems = append(r.Problems, fmt.Sprintf("after the way back the tenant is not as it was: %d lines differ", n))
	}
	for _, s := range a.plan.Steps {
		step := Step{ID: s.ID, Kind: s.Kind, Phase: s.Phase, Title: s.Title, Outcomes: []Row{}}
		done := false
		for _, run := range r.Runs {
			for _, row := range run.Rows {
				if row.ID == s.ID {
					step.Outcomes = append(step.Outcomes, row)
					done = done || slices.Contains(carried, row.Outcome)
				}
			}
		}
		if done && s.Kind == design.KindStep {
			r.Totals.Steps++
		}
		r.Steps = append(r.Steps, step)
	}
	r.Passed = len(r.Problems) == 0
	r.Problems = append([]string{}, r.Problems...)
	t := &r.Totals
	t.Runs, t.Objects, t.Calls, t.Differences = len(r.Runs), len(a.objects), t.Reads+t.Writes, len(r.Differences)
	t.Cmdlets, t.Parameters, t.Seconds = len(slices.Collect(maps.Keys(a.cmdlets))), len(a.parameters), seconds(took)
	return r
}

// seconds rounds to a tenth.
func seconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Millisecond)) / float64(time.Second)
}

// Record is a rehearsal as it is filed: of which plan it is, where it began, and what came of it.
type Record struct {
	Plan       string   `json:"plan"` // the fingerprint
	Profile    string   `json:"profile"`
	Revision   int      `json:"revision"`
	Date       string   `json:"date"` // on which it was played
	Generator  string   `json:"generator"`
	PowerShell string   `json:"powershell"`
	From       string   `json:"from"`            // what the tenant is a simulation of, in words
	Until      string   `json:"until"`           // the last phase
	Whole      bool     `json:"whole"`           // that is the last of the plan
	Fault      string   `json:"fault,omitempty"` // that befell it
	After      string   `json:"after,omitempty"` // what the tenant is after the fault, in words
	Assumed    []string `json:"assumed"`         // objects that were put into the tenant because the plan builds on them
	Adopted    []string `json:"adopted"`         // names of objects that were there and that the plan may change
	Result
}
