package templates

import (
	"strings"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/templates/dns"
	"github.com/exoplan/exoplan/templates/sheet"
)

// matrixColumns are the columns of docs/test-matrix.csv. The last three are for whoever sends
// the messages.
var matrixColumns = []string{
	"Marking of this sheet", "Test ID", "Phase", "After", "For", "What", "From", "To", "Marking of the message", "Path", "Connector", "Expected", "Headers",
	"Decisions", "Held by", "Time", "By", "Result",
}

// matrix is the test matrix for a spreadsheet; none for a plan without tests.
func matrix(d *design.Design) ([]output.File, error) {
	if len(d.Tests) == 0 {
		return nil, nil
	}
	var rows []sheet.Row
	for _, t := range d.Tests {
		row := sheet.Row{
			"Marking of this sheet": d.Cover.Marking, "Test ID": t.ID, "Phase": t.Phase, "After": t.After, "For": t.Hold, "What": t.Title, "From": t.From, "To": t.To,
			"Marking of the message": t.Marking, "Path": t.Path, "Connector": t.Connector, "Expected": t.Expect, "Headers": strings.Join(t.Headers, "; "),
			"Decisions": strings.Join(t.Decisions, " "), "Held by": dns.HeldBy(d, t.Open),
		}
		for name, text := range row {
			row[name] = sheet.Free(text)
		}
		rows = append(rows, row)
	}
	data, err := sheet.Encode(matrixColumns, rows)
	return []output.File{{Path: "docs/test-matrix.csv", Data: data, Role: "document"}}, err
}

// Trying returns the tests of a phase.
func (p page) Trying(phase string) []design.Test {
	return only(p.Tests, func(t design.Test) bool { return t.Phase == phase })
}

// TestsIn returns the tests of a phase that no hold waits for.
func (p page) TestsIn(phase string) []string {
	return p.testIDs(func(t design.Test) bool { return t.Phase == phase && t.Hold == "" })
}

// TestsOf returns the tests for which a hold waits.
func (p page) TestsOf(hold string) []string {
	return p.testIDs(func(t design.Test) bool { return t.Hold == hold })
}

func (p page) testIDs(wanted func(design.Test) bool) []string {
	var ids []string
	for _, t := range p.Tests {
		if wanted(t) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
