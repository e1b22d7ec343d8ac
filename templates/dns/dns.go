// Package dns encodes the records of a design into the files that DNS teams take: records.json,
// which holds every record in full, a zone fragment for each phase and zone, and handover.csv for
// a team with a ticket form. It also has the words that these files and dns/handover.md share.
//
// Names in a design are in full, without the final dot. An encoder is strict: what DNS forbids is
// an error, for a name server may drop it without a word. A record that an open question holds
// stands in records.json and handover.csv with its question, and in no zone.
//
// The package reads no DNS: what is published today is for the DNS team to look up.
package dns

import (
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles/design"
)

// role is what the manifest says of the files.
const role = "DNS records"

// Encode returns the DNS files of a pack; none for a plan without records. The error holds
// everything that DNS forbids, record by record.
func Encode(d *design.Design) ([]output.File, error) {
	if len(d.Records) == 0 {
		return nil, nil
	}
	if err := check(d.Records); err != nil {
		return nil, fmt.Errorf("DNS records: %w", err)
	}
	list, err := recordsJSON(d)
	if err != nil {
		return nil, fmt.Errorf("records.json: %w", err)
	}
	sheet, err := handover(d)
	if err != nil {
		return nil, fmt.Errorf("handover.csv: %w", err)
	}
	files := []output.File{
		{Path: "dns/records.json", Data: list, Role: role},
		{Path: "dns/handover.csv", Data: sheet, Role: role},
	}
	served, err := served(d)
	if err != nil {
		return nil, err
	}
	return slices.Concat(files, zones(d), served), nil
}

// Preference returns that of a value of an MX record; other records have none.
func Preference(r design.Record, v string) string {
	if r.Type != "MX" {
		return ""
	}
	preference, _, _ := strings.Cut(v, " ")
	return preference
}

// Target returns a value without the preference that one of an MX record begins with.
func Target(r design.Record, v string) string {
	if r.Type != "MX" {
		return v
	}
	_, host, _ := strings.Cut(v, " ")
	return host
}

// Apex says that the record stands at the name of its zone.
func Apex(r design.Record) bool { return r.Name == r.Zone }

// document is records.json: from it everything else could be made.
type document struct {
	Format   int      `json:"format"`
	Marking  string   `json:"marking"`
	Profile  string   `json:"profile"`
	Revision int      `json:"revision"`
	Date     string   `json:"date"`
	Records  []record `json:"records"`
}

// record is a record of the design and what is to be done with it.
type record struct {
	design.Record
	Action string `json:"action"` // add or change
}

func recordsJSON(d *design.Design) ([]byte, error) {
	doc := document{
		Format: 1, Marking: d.Cover.Marking, Profile: d.Profile.ID, Revision: d.Profile.Revision, Date: d.Profile.Date, Records: []record{},
	}
	for _, r := range d.Records {
		r.Values = append([]string{}, r.Values...) // an empty list is [], not null
		r.Decisions = append([]string{}, r.Decisions...)
		doc.Records = append(doc.Records, record{r, d.Change(r)})
	}
	return output.JSON(doc)
}
