package templates

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/templates/dns"
	"github.com/exoplan/exoplan/templates/sheet"
)

// firewallColumns are the columns of docs/firewall.csv. The last three are for whoever opens what
// is named.
var firewallColumns = []string{
	"Marking of this sheet", "Row ID", "Phase", "Before", "Opened by", "Direction", "Source", "Source names and addresses", "Destination",
	"Destination names and addresses", "Virtual IP", "Protocol", "Ports", "TLS", "On the way", "Reason", "Decisions", "To be settled", "Verify",
	"Time", "By", "Result",
}

// firewall is the firewall sheet for a spreadsheet; none for a plan that needs nothing open.
func firewall(d *design.Design) ([]output.File, error) {
	if len(d.Flows) == 0 {
		return nil, nil
	}
	var rows []sheet.Row
	for _, f := range d.Flows {
		row := sheet.Row{
			"Marking of this sheet": d.Cover.Marking, "Row ID": f.ID, "Phase": f.Phase, "Before": f.Before, "Opened by": f.Opens, "Direction": f.Direction,
			"Source": whatIs(f.From), "Source names and addresses": listed(f.From.At), "Destination": whatIs(f.To),
			"Destination names and addresses": listed(f.To.At), "Virtual IP": strings.Join(f.Virtual, " "), "Protocol": f.Protocol, "Ports": design.Ports(f.Ports),
			"TLS": f.TLS, "On the way": f.Between, "Reason": f.Reason, "Decisions": strings.Join(f.Decisions, " "), "To be settled": unsettled(d, f.Confirm, f.Open),
		}
		if f.From.Set+f.To.Set != "" {
			row["Verify"] = d.Endpoints.Verify + ". " + d.Endpoints.Version
		}
		for name, text := range row {
			row[name] = sheet.Free(text)
		}
		rows = append(rows, row)
	}
	data, err := sheet.Encode(firewallColumns, rows)
	return []output.File{{Path: "docs/firewall.csv", Data: data, Role: "document"}}, err
}

func whatIs(e design.End) string {
	if e.Set == "" {
		return e.Is
	}
	return fmt.Sprintf("%s (endpoint set %s)", e.Is, e.Set)
}

func listed(places []string) string { return cmp.Or(strings.Join(places, " "), design.ToBeNamed) }

// unsettled says what has to be asked before a row is complete: what nobody could confirm, and who
// owes the answers that it waits for.
func unsettled(d *design.Design, confirm string, open []string) string {
	if len(open) > 0 {
		confirm += " Open: " + dns.HeldBy(d, open)
	}
	return strings.TrimSpace(confirm)
}

// Passing returns the flows that a phase is the first to need.
func (p page) Passing(phase string) []design.Flow {
	return only(p.Flows, func(f design.Flow) bool { return f.Phase == phase })
}

// Ports lists the ports of a flow in words.
func (p page) Ports(f design.Flow) string { return design.Ports(f.Ports) }

// Unsettled says what has to be asked before a row is complete.
func (p page) Unsettled(confirm string, open []string) string {
	return unsettled(p.Design, confirm, open)
}

// PassingIDs returns the IDs of the flows that a phase is the first to need.
func (p page) PassingIDs(phase string) []string {
	var ids []string
	for _, f := range p.Passing(phase) {
		ids = append(ids, f.ID)
	}
	return ids
}
