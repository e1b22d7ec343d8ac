package dns

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/templates/sheet"
)

// columns of handover.csv. The marking stands first, for a sheet that is taken apart from its
// folder; and a file that begins with ID is not a CSV file to Excel.
var columns = []string{
	"Marking", "Record ID", "Phase", "Round", "Action", "View", "Zone", "Name", "Relative name", "Type", "TTL", "Preference", "Value", "Altered",
	"Length", "In place of", "Reason", "Decisions", "Held by", "Check (dig)", "Check (PowerShell)", "Back-out",
}

// handover writes the sheet for a DNS team: one row for each value.
func handover(d *design.Design) ([]byte, error) {
	var rows []sheet.Row
	for _, r := range d.Records {
		if r.Held() {
			rows = append(rows, heldRow(d, r))
			continue
		}
		for _, v := range r.Values {
			rows = append(rows, row(d, r, v))
		}
	}
	return sheet.Encode(columns, rows)
}

// common is what a row says of a record whatever its state. What is no name, value or number is
// free text.
func common(d *design.Design, r design.Record) sheet.Row {
	c := sheet.Row{
		"Marking": sheet.Free(d.Cover.Marking), "Record ID": r.ID, "Phase": r.Phase, "View": r.View, "Zone": r.Zone, "Name": r.Name,
		"Type": r.Type, "TTL": strconv.Itoa(r.TTL), "Reason": sheet.Free(r.Reason), "Decisions": strings.Join(r.Decisions, " "),
	}
	if r.Round > 0 {
		c["Round"] = strconv.Itoa(r.Round)
	}
	switch {
	case r.Name == "": // still open
	case Apex(r):
		c["Relative name"] = "(zone)"
	default:
		c["Relative name"] = Relative(r)
	}
	return c
}

func row(d *design.Design, r design.Record, v string) sheet.Row {
	c := common(d, r)
	c["Action"] = d.Change(r)
	c["Preference"] = Preference(r, v)
	c["Value"], c["Altered"] = cell(Target(r, v))
	c["Length"] = strconv.Itoa(len(Target(r, v)))
	c["In place of"] = sheet.Free(Replaces(d, r))
	c["Check (dig)"] = Dig(r, "@SERVER")
	c["Check (PowerShell)"] = Resolve(r, "SERVER")
	c["Back-out"] = sheet.Free(BackOut(d, r))
	return c
}

func heldRow(d *design.Design, r design.Record) sheet.Row {
	c := common(d, r)
	c["Action"] = "held: publish nothing yet"
	c["Held by"] = sheet.Free(HeldBy(d, r.Open))
	return c
}

// HeldBy names the questions that are open, who owes an answer and by when.
func HeldBy(d *design.Design, open []string) string {
	var out []string
	for _, ref := range open {
		i := slices.IndexFunc(d.Open, func(o design.Open) bool { return o.Ref == ref })
		if i < 0 {
			out = append(out, ref)
			continue
		}
		o := d.Open[i]
		text := fmt.Sprintf("%s (%s), owed by %s", o.Asking, ref, o.Owner)
		if o.Due != "" {
			text += ", due " + o.Due
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

// cell leaves a value as it is, or says how it was altered. A value that would be a formula
// stands in quotes, as in a zone file: nobody pastes them by accident without seeing them.
func cell(v string) (value, altered string) {
	if !sheet.Formula(v) {
		return v, ""
	}
	return quote(v), `Quoted as in a zone file, for a spreadsheet would calculate it: the value is what stands between the quotes, with \" for " and \\ for \`
}
