// Package sheet encodes tables for spreadsheets and ticket forms: CSV in the form of RFC 4180,
// in which no cell is a formula.
package sheet

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// Row is the cells of a row by the names of their columns. A cell that is not there is empty.
type Row map[string]string

// Encode writes a header and rows, with CRLF. There is no byte order mark, which a strict
// reader takes for part of the header. The first column should not be called ID: a file that
// begins so is not a CSV file to Excel.
func Encode(columns []string, rows []Row) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	lines := [][]string{columns}
	for _, r := range rows {
		line := make([]string, len(columns))
		for i, name := range columns {
			line[i] = r[name]
		}
		lines = append(lines, line)
	}
	err := w.WriteAll(lines)
	return b.Bytes(), err
}

// Formula tells a cell that a spreadsheet would calculate instead of showing it.
// Some take the wide forms of East Asian type for the plain ones.
func Formula(s string) bool { return strings.IndexAny(s, "=+-@\uff1d\uff0b\uff0d\uff20") == 0 }

// Free makes a text for readers harmless, in one line; an apostrophe in front of it does no
// harm there.
func Free(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if Formula(s) {
		return "'" + s
	}
	return s
}
