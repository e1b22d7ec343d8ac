package journal

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles/design"
)

var ours, theirs = strings.Repeat("a", 64), strings.Repeat("b", 64)

// entry writes a line as a script does.
func entry(script, phase, id, outcome, detail string) string {
	return fmt.Sprintf(`{"Time":"2026-11-25T09:00:00+11:00","Outcome":%q,"Script":%q,"DryRun":%t,"Detail":%q,"Phase":%q,"Plan":%q,"Id":%q}`,
		outcome, script, script == verify, detail, phase, ours, id)
}

func TestParse(t *testing.T) {
	good := entry(apply, "P1", "STEP-1", "Changed", "set X: a \"b\" -> \"c\"")
	tests := []struct {
		name, text string
		lines      int
		torn       []int
		problems   []string
	}{
		{name: "empty"},
		{name: "one", text: good + "\n", lines: 1},
		{name: "no line end", text: good, lines: 1},
		{name: "as Windows PowerShell begins a file", text: "\uFEFF" + good + "\r\n" + good + "\r\n", lines: 2},
		{name: "blank lines", text: "\n" + good + "\n\n", lines: 1},
		{name: "more than is known", text: strings.Replace(good, "{", `{"Account":"x",`, 1), lines: 1},
		{name: "torn at the end", text: good + "\n" + good[:40], lines: 1, torn: []int{2}},
		{name: "torn in a text", text: good[:len(good)-3], torn: []int{1}},
		{name: "torn, and the next run's first line behind it", text: good[:40] + good + "\n" + good, lines: 1, torn: []int{1}},
		{name: "a brace alone", text: "{", torn: []int{1}},
		{name: "two lines in one, which no script can read either", text: good + good, torn: []int{1}},
		{name: "something else behind a line", text: good + " hello", problems: []string{"j:1: this is no line of a journal: something stands behind its end"}},
		{name: "no JSON", text: good + "\nhello\n", problems: []string{"j:2: this is no line"}},
		{name: "no object", text: "[1]\n3\nnull\n", problems: []string{"j:1: ", "j:2: ", "j:3: this is no line of a journal: it has no Time"}},
		{name: "broken and nothing behind", text: `{"Time": x}`, problems: []string{"j:1: "}},
		{name: "an embedded line is no next line", text: `{"Time": ` + strings.ReplaceAll(good, `"`, `\"`), problems: []string{"j:1: "}},
		{name: "a field is missing", text: strings.Replace(good, `"Id"`, `"It"`, 1), problems: []string{"j:1: this is no line of a journal: it has no Id"}},
		{name: "a field of another type", text: strings.Replace(good, `"DryRun":false`, `"DryRun":"no"`, 1), problems: []string{"j:1: "}},
		{name: "an unknown script", text: strings.Replace(good, `"apply"`, `"deploy"`, 1), problems: []string{`no pack has a script "deploy"`}},
		{name: "a plan that is none", text: strings.Replace(good, ours, "../../x", 1), problems: []string{`"../../x" is no fingerprint`}},
		{name: "a phase that is none", text: strings.Replace(good, `"P1"`, `"P99"`, 1), problems: []string{`"P99" is no phase`}},
		{name: "a time that is none", text: strings.Replace(good, "2026-11-25T", "yesterday ", 1), problems: []string{"is no time"}},
		{name: "not UTF-8", text: "{\xff}", problems: []string{"j:1: the line is not UTF-8"}},
		{name: "an XML file", text: strings.Repeat("<x/>\n", 9), problems: []string{"j:1: ", "j:5: ", "j: and 4 more"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j, err := Parse("j", []byte(tt.text))
			said := fmt.Sprint(err)
			for _, p := range tt.problems {
				if !strings.Contains(said, p) {
					t.Errorf("the error does not say %q: %v", p, err)
				}
			}
			if err != nil && len(tt.problems) == 0 || err == nil && len(tt.problems) > 0 {
				t.Errorf("error %v, want %q", err, tt.problems)
			}
			if err == nil && (len(j.Lines) != tt.lines || !slices.Equal(j.Torn, tt.torn)) {
				t.Errorf("%d lines, torn %v; want %d, %v", len(j.Lines), j.Torn, tt.lines, tt.torn)
			}
		})
	}
}

// A tenant's values stand in the journal: nothing of them reaches a terminal as an order.
func TestHostile(t *testing.T) {
	text, err := os.ReadFile("testdata/hostile.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	j, err := Parse("hostile.jsonl", text)
	if err != nil || len(j.Lines) < 5 {
		t.Fatal(len(j.Lines), err)
	}
	for _, l := range j.Lines {
		for _, s := range []string{l.ID, l.Outcome, l.Detail} {
			if i := strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x9b || r == 0x202e || r == 0x2028 }); i >= 0 {
				t.Errorf("line %d holds %q", l.Number, s)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/hostile.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(entry(apply, "P1", "STEP-1", "Changed", "")[:30] + "\n{"))
	plan := design.Plan{Steps: steps}
	f.Fuzz(func(t *testing.T, text []byte) {
		j, err := Parse("j", text)
		if err != nil {
			return
		}
		for i, l := range j.Lines {
			if l.ID == "" || l.Outcome == "" || l.Time.IsZero() && !strings.Contains(string(text), "0001") || i > 0 && l.Number <= j.Lines[i-1].Number {
				t.Errorf("%+v", l)
			}
		}
		if got := len(Stand(ours, plan, j, nil).With(Open, Done, Passed, Waiting, Stopped, Unclear, TakenBack, Kept, Held)); got != len(steps) {
			t.Errorf("%d entries", got)
		}
	})
}

// steps are a small plan: two phases, a hold in each, and one entry that an open question holds.
var steps = []design.Step{
	{ID: "HOLD-10", Kind: design.KindHold, Phase: "P1", Text: "wait", Back: "wait back"},
	{ID: "STEP-11", Kind: design.KindStep, Phase: "P1"},
	{ID: "STEP-12/a.example", Kind: design.KindStep, Phase: "P1"},
	{ID: "HOLD-20", Kind: design.KindHold, Phase: "P2"},
	{ID: "STEP-21", Kind: design.KindStep, Phase: "P2"},
	{ID: "STEP-22", Kind: design.KindStep, Phase: "P2", Open: []string{"who"}},
}

func TestStand(t *testing.T) {
	first := []string{
		entry(apply, "P1", "HOLD-10", "Passed", "Ann; seen"), entry(apply, "P1", "STEP-11", "Changed", "set"), entry(apply, "P1", "STEP-12/a.example", "NoChange", "X"),
	}
	tests := []struct {
		name     string
		lines    []string
		recorded []string
		want     string // of HOLD-10, STEP-11, STEP-12, HOLD-20, STEP-21
		phases   string
		next     string
	}{
		{"nothing", nil, nil, "open open open open open", "open open", "HOLD-10"},
		{"a dry run is nothing", []string{strings.Replace(first[1], "false", "true", 1)}, nil, "open open open open open", "open open", "HOLD-10"},
		{"another plan is nothing", []string{strings.Replace(first[1], ours, theirs, 1)}, nil, "open open open open open", "open open", "HOLD-10"},
		{"stopped at the hold", []string{entry(apply, "P1", "HOLD-10", "Stopped", "")}, nil, "waiting open open open open", "begun open", "HOLD-10"},
		{"a phase", first, nil, "passed done done open open", "done open", "HOLD-20"},
		{"passed before", append(first[:3:3], entry(apply, "P1", "HOLD-10", "NoChange", "passed before: Ann; seen")), nil, "passed done done open open", "done open", "HOLD-20"},
		{"stopped at a step", append(first[:1:1], entry(apply, "P1", "STEP-11", "Stopped", "lost")), nil, "passed stopped open open open", "begun open", "STEP-11"},
		{"and resumed", append(first[:1:1], entry(apply, "P1", "STEP-11", "Stopped", "lost"), first[1], first[2]), nil, "passed done done open open", "done open", "HOLD-20"},
		{"killed behind the record", first[:1], []string{"STEP-11", "STEP-12_a.example"}, "passed unclear unclear open open", "begun open", "STEP-11"},
		{"a record of what is done says nothing", first, []string{"STEP-11"}, "passed done done open open", "done open", "HOLD-20"},
		{
			"taken back: what was passed must be passed again",
			append(first[:3:3], entry(rollback, "P1", "STEP-12/a.example", "NoChange", ""), entry(rollback, "P1", "STEP-11", "Undone", ""), entry(rollback, "P1", "HOLD-10", "NoChange", "")),
			nil, "open taken back taken back open open", "taken back open", "HOLD-10",
		},
		{
			"another phase taken back leaves the hold passed",
			append(first[:3:3], entry(rollback, "P2", "STEP-21", "Undone", "")), nil, "passed done done open taken back", "done taken back", "HOLD-20",
		},
		{"kept", append(first[:3:3], entry(rollback, "P1", "STEP-11", "Kept", "why")), nil, "passed kept done open open", "done open", "HOLD-20"},
		{"a rollback waits at the hold", append(first[:3:3], entry(rollback, "P1", "HOLD-10", "Stopped", "")), nil, "waiting done done open open", "begun open", "HOLD-10"},
		{
			"a hold of a rollback is passed for it alone",
			append(first[:3:3], entry(rollback, "P1", "HOLD-10", "Stopped", ""), entry(rollback, "P1", "HOLD-10", "Passed", "Bo; yes")), nil, "open done done open open", "begun open", "HOLD-10",
		},
		{"verify changes nothing", append(first[:1:1], entry(verify, "P1", "STEP-11", "Pass", "")), nil, "passed open open open open", "begun open", "STEP-11"},
		{"all", append(first[:3:3], entry(apply, "P2", "HOLD-20", "Passed", ""), entry(apply, "P2", "STEP-21", "Changed", "")), nil, "passed done done passed done", "done done", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j, err := Parse("j", []byte(strings.Join(tt.lines, "\n")))
			if err != nil {
				t.Fatal(err)
			}
			s := Stand(ours, design.Plan{Steps: steps, Records: []design.Record{{ID: "REC-1", Phase: "P5"}, {ID: "REC-2", Phase: "P6", Open: []string{"who"}}}}, j, tt.recorded)
			var states, phases []string
			for _, p := range s.Phases {
				for _, e := range p.Entries {
					states = append(states, string(e.State))
				}
				phases = append(phases, string(p.State()))
			}
			if got := strings.Join(states, " "); got != tt.want+" held" {
				t.Errorf("entries are %s, want %s held", got, tt.want)
			}
			if got := strings.Join(phases, " "); got != tt.phases+" DNS only" {
				t.Errorf("phases are %s, want %s DNS only", got, tt.phases)
			}
			if e, more := s.Next(); e.ID != tt.next || more != (tt.next != "") {
				t.Errorf("next is %q", e.ID)
			}
		})
	}
}

// A hold is open since the first run that stopped at it, and a step bears the account of its run.
func TestSince(t *testing.T) {
	at := func(hour int, line string) string { return strings.Replace(line, "T09", fmt.Sprintf("T%02d", hour), 1) }
	text := strings.Join([]string{
		at(7, entry(apply, "P1", Run, "Started", "ann@x.example")), at(7, entry(apply, "P1", "HOLD-10", "Stopped", "")),
		at(8, entry(apply, "P1", Run, "Started", "bo@x.example")), at(8, entry(apply, "P1", "HOLD-10", "Stopped", "")),
		at(9, entry(verify, "P1", Run, "Started", "cy@x.example")), at(9, entry(verify, "P1", "STEP-11", "Fail", "is no")), at(9, entry(verify, "P1", "STEP-12/a.example", "Pass", "")),
	}, "\n")
	j, err := Parse("j", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := Stand(ours, design.Plan{Steps: steps}, j, nil)
	e := s.With(Waiting)[0]
	if e.Since.Hour() != 7 || e.By != "ann@x.example" || e.Detail != "wait" {
		t.Errorf("%+v", e)
	}
	v, ran := s.Verified()
	if !ran || v.Time.Hour() != 9 || v.Pass != 1 || v.Failed != 1 || v.Wrong[0].ID != "STEP-11" {
		t.Errorf("%t %+v", ran, v)
	}
	c := j.Courses(ours)
	if len(c) != 1 || c[0].Phase != "P1" || !c[0].Stopped || c[0].Wrote || c[0].Time.Hour() != 8 {
		t.Errorf("%+v", c)
	}
}
