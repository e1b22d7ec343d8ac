package templates

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/journal"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// A line of a journal: script, phase, ID, outcome, detail.
type journalled struct{ script, phase, id, outcome, detail string }

// progressed renders the report of an example for these lines.
func progressed(t *testing.T, lines []journalled) (*design.Design, string) {
	t.Helper()
	d := resolve(t, profilestest.Example(t, "cloud"))
	text, plan, err := d.Plan()
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	for _, l := range lines {
		line, err := json.Marshal(map[string]any{
			"Time": "2026-11-25T18:30:00+11:00", "Script": l.script, "Plan": plan, "Phase": l.phase, "DryRun": l.script == "verify",
			"Id": l.id, "Outcome": l.outcome, "Detail": l.detail,
		})
		if err != nil {
			t.Fatal(err)
		}
		file.Write(append(line, '\n'))
	}
	j, err := journal.Parse("journal.jsonl", []byte(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	p, err := design.ReadPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	report, err := Progress(d, Records{Log: "records", Standing: journal.Stand(plan, p, j, nil), Notes: []string{"A | note."}}, "exoplan test")
	if err != nil {
		t.Fatal(err)
	}
	return d, string(report)
}

// TestProgress: every entry of the plan stands in the report with what became of it, and whatever
// a script did besides stands apart.
func TestProgress(t *testing.T) {
	d, text := progressed(t, []journalled{
		{"apply", "P1", journal.Run, "Started", "ann@x.example"},
		{"apply", "P1", "HOLD-140", "Passed", "Priya R; counted"},
		{"apply", "P1", "STEP-141", "NoChange", "TransportConfig"},
		{"apply", "P1", "STEP-142", "Changed", "set TransportConfig: AllowLegacyTLSClients yes -> no"},
		{"apply", "P1", "STEP-150", "Stopped", "the session was lost"},
		{"apply", "P1", "InboundConnector/old", "Retired", "Bo; gone"},
		{"rollback", "P1", journal.Run, "Started", "bo@x.example"},
		{"rollback", "P1", "STEP-142", "Undone", "restore TransportConfig: AllowLegacyTLSClients no -> yes"},
		{"verify", "P1", journal.Run, "Started", "cy@x.example"},
		{"verify", "P1", "STEP-141", "Pass", ""},
		{"verify", "P1", "STEP-142", "Fail", "AllowLegacyTLSClients is yes, not no"},
	})
	checkTables(t, "report", text)
	planned := section(t, text, "## 2. ")
	at := "2026-11-25 18:30 +11:00"
	for _, s := range d.Steps {
		i := slices.IndexFunc(planned, func(row []string) bool { return row[0] == s.ID })
		if i < 0 {
			t.Errorf("%s is not in the report", s.ID)
			continue
		}
		want := map[string][]string{
			"HOLD-140": {"open", at, "bo@x.example", "passed before the phase went the other way"},
			"STEP-141": {"done", at, "ann@x.example", "nothing to change"},
			"STEP-142": {"taken back", at, "bo@x.example", "restore TransportConfig: AllowLegacyTLSClients no -> yes"},
			"STEP-150": {"stopped", at, "ann@x.example", "the session was lost"},
		}[s.ID]
		switch {
		case s.Held():
			want = []string{"held", "", "", "open question: " + strings.Join(s.Open, ", ")}
		case want == nil:
			want = []string{"open", "", "", ""}
		}
		if got := planned[i]; got[2] != s.Title || !slices.Equal(got[4:], want) {
			t.Errorf("%s is %q, want %q", s.ID, got, want)
		}
	}
	other := section(t, text, "## 3. ")
	for _, want := range [][]string{
		{"STEP-142", "taken back", at, "bo@x.example"},
		{"STEP-150", "a run stopped at the step", at, "ann@x.example"},
		{"InboundConnector/old", "not of this plan: Retired", at, "ann@x.example", "Bo; gone"},
	} {
		if !hasRow(other, want...) {
			t.Errorf("%q is not told apart: %q", want, other)
		}
	}
	if len(other) != 4 {
		t.Errorf("apart are told %q", other)
	}
	if !strings.Contains(text, "On "+at+", after P1. Steps as planned: 1; not as planned: 1.") || !hasRow(section(t, text, "## 4. "), "STEP-142", "AllowLegacyTLSClients is yes, not no") {
		t.Error("the verification is not told")
	}
	if got := section(t, text, "## 5. "); len(got) != 9 {
		t.Errorf("%d rows of the journal", len(got))
	}
	_, none := progressed(t, nil)
	for _, want := range []string{"Nothing: whatever a script did", "None is journalled", "\nNone.\n", "Next comes HOLD-105"} {
		if !strings.Contains(none, want) {
			t.Errorf("a report of nothing does not say %q", want)
		}
	}
}

// Whatever stands in a journal comes out of the report as text, and in the cell that it belongs to.
func TestProgressOfHostileJournal(t *testing.T) {
	lines := []journalled{{"apply", "P1", journal.Run, "Started", "<b>ann</b>|`x"}}
	texts := append(slices.Clone(markup), hostile...)
	for _, text := range texts {
		lines = append(lines, journalled{"apply", "P1", "STEP-142", "Changed", text}, journalled{"apply", "P1", "x" + text, "Retired", text})
	}
	_, report := progressed(t, lines)
	rows := checkTables(t, "report", report)
	for reader, m := range readers {
		page := toHTML(t, m, report)
		if found := rowsOf(page); len(found) != rows {
			t.Errorf("%s finds %d rows of %d", reader, len(found), rows)
		}
		for _, no := range []string{"<script", "<a ", "<img", "<b>", "<br"} {
			if strings.Contains(page, no) {
				t.Errorf("%s makes %s of it", reader, no)
			}
		}
	}
	told := section(t, report, "## 5. ")
	for i, text := range texts {
		want := strings.TrimSpace(plainly(text))
		for _, row := range told[2+2*i : 4+2*i] {
			if got := strings.TrimSpace(row[6]); got != want {
				t.Errorf("%q comes out as %q", text, got)
			}
		}
	}
}

// plainly is a text without what a journal takes out.
func plainly(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029", r) || r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
