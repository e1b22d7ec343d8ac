package design

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// Every pair of the oldest version and the version of a hybrid server that is there, with the
// rules that speak of it.
var pairs = map[string]map[string]string{
	"se":   {"se": "", "2019": "HYB-03 HYB-05", "2016": "HYB-03 HYB-05", "2013": "HYB-03 HYB-04", "2010": "HYB-03 HYB-04"},
	"2019": {"se": "", "2019": "HYB-05", "2016": "HYB-03 HYB-05", "2013": "HYB-03 HYB-04", "2010": "HYB-03 HYB-04"},
	"2016": {"se": "", "2019": "HYB-05", "2016": "HYB-05", "2013": "HYB-03 HYB-04", "2010": "HYB-03 HYB-04"},
	"2013": {"se": "HYB-21", "2019": "HYB-05", "2016": "HYB-05", "2013": "HYB-04", "2010": "HYB-03 HYB-04"},
	"2010": {"se": "HYB-03", "2019": "HYB-03 HYB-05", "2016": "HYB-05", "2013": "HYB-04", "2010": "HYB-04"},
}

// A hybrid server is let pass in silence only where both the source and today allow it.
func TestHybridServers(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	table, ok := c.Table("hybrid-servers")
	if !ok {
		t.Fatal("no table of hybrid servers")
	}
	for _, row := range table.Rows {
		for _, column := range table.Columns {
			d := resolved(t, answered(t, catalog.Example{
				"deployment.type": "hybrid", "hybrid.oldest": row.ID, "hybrid.version": column.ID,
				"hybrid.server": "existing", "hybrid.se-update": "rtm-cu1",
			}))
			var got []string
			for _, f := range d.Findings {
				if slices.Contains([]string{"HYB-03", "HYB-04", "HYB-05", "HYB-06", "HYB-21"}, f.Rule.ID) {
					got = append(got, f.Rule.ID)
				}
			}
			slices.Sort(got)
			want, known := pairs[row.ID][column.ID]
			if !known || strings.Join(got, " ") != want {
				t.Errorf("oldest %s, hybrid server %s: %v, want %q", row.ID, column.ID, got, want)
			}
			if cell := table.Cell(row.ID, column.ID); len(cell) != 2 {
				t.Errorf("oldest %s, hybrid server %s: %v is not two facts", row.ID, column.ID, cell)
			}
		}
	}
	if len(table.Rows) != len(pairs) {
		t.Errorf("%d rows, not %d", len(table.Rows), len(pairs))
	}
}

// A version that is installed new has support.
func TestNewHybridServer(t *testing.T) {
	for version, want := range map[string]bool{"se": false, "2019": true, "2016": true} {
		d := resolved(t, answered(t, catalog.Example{"deployment.type": "hybrid", "hybrid.oldest": "2016", "hybrid.version": version, "hybrid.server": "new"}))
		if got := slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Rule.ID == "HYB-06" }); got != want {
			t.Errorf("%s: HYB-06 fires: %t", version, got)
		}
	}
}

// The first fact of a cell is what the table of the source says, where it lies beside the
// repository.
func TestTableOfTheSource(t *testing.T) {
	text, err := os.ReadFile("../../../shared/seeds/003_28091fade09ef742.txt")
	if err != nil {
		t.Skip("no source beside the repository")
	}
	c, _ := profilestest.Knowledge(t)
	table, _ := c.Table("hybrid-servers")
	versions := []string{"2019", "2016", "2013", "2010"}
	for _, row := range versions {
		line := []string{"\nExchange " + row}
		for _, column := range versions {
			line = append(line, table.Words[table.Cell(row, column)[0]])
		}
		if !strings.Contains(strings.ToLower(string(text)), strings.ToLower(strings.Join(line, ""))+"\n") {
			t.Errorf("the source has no line %q", line)
		}
	}
}

// Centralised mail transport is the way out through on-premises and nothing else, and the check
// of the connector says the same.
func TestCentralisedMailTransport(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for path, on := range map[string]bool{"on-premises": true, "gateway": false, "direct": false} {
		session := profiles.NewSession(c, ps, profilestest.Example(t, "hybrid"))
		if err := session.Set([]string{"gateway.outbound=" + path}); err != nil {
			t.Fatal(err)
		}
		d := resolved(t, session.Profile())
		i := slices.IndexFunc(d.Steps, func(s Step) bool { _, has := s.Expect["RouteAllMessagesViaOnPremises"]; return has })
		if i < 0 || d.Steps[i].Expect["RouteAllMessagesViaOnPremises"] != on || d.Steps[i].Owner == "" {
			t.Errorf("path out %s: %d of %+v", path, i, d.Steps)
		}
	}
}

// Until somebody knows the ID of the connectors, the checks of them are held with their question,
// and all else goes on.
func TestConnectorsNotYetKnown(t *testing.T) {
	p := profilestest.Example(t, "hybrid")
	others := map[string]bool{} // held by another question
	for _, s := range resolved(t, p).Steps {
		others[s.ID] = s.Held()
	}
	ref := profiles.Ref{Question: "hybrid.connectors"}
	p.Answers[ref] = profiles.Answer{Undecided: &profiles.Undecided{Owner: "Jo Citizen", Due: "2026-12-24"}}
	d := resolved(t, p)
	if !d.Ready() {
		t.Fatalf("the plan is not ready: %v", d.Missing)
	}
	held := map[string]bool{}
	for _, s := range d.Steps {
		if s.Held() && !others[s.ID] {
			held[s.Noun] = true
			if s.Owner == "" || !slices.Equal(s.Open, []string{ref.String()}) {
				t.Errorf("%s is held by %v", s.ID, s.Open)
			}
		}
	}
	if want := map[string]bool{"InboundConnector": true, "OutboundConnector": true}; !maps.Equal(held, want) {
		t.Errorf("held are steps on %v, not %v", held, want)
	}
}

// Before the hybrid wizard synchronisation and sign-in have been tried, what is published is reached
// from outside, and clients can open a mailbox that has moved.
func TestBeforeTheHybridWizard(t *testing.T) {
	for _, tt := range []struct {
		name       string
		answers    catalog.Example
		want, none []string
	}{
		{"classic", catalog.Example{"deployment.type": "hybrid", "hybrid.agent": "classic"}, []string{"HOLD-130", "HOLD-138", "HOLD-298", "HOLD-300"}, nil},
		{"agent", catalog.Example{"deployment.type": "hybrid", "hybrid.agent": "modern"}, []string{"HOLD-130", "HOLD-138", "HOLD-300"}, []string{"HOLD-298"}},
		{"old clients", catalog.Example{"deployment.type": "hybrid", "hybrid.clients-supported": false}, []string{"HOLD-138"}, nil},
		{"cloud", catalog.Example{"deployment.type": "cloud"}, nil, []string{"HOLD-130", "HOLD-138", "HOLD-298", "HOLD-300"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := resolved(t, answered(t, tt.answers))
			at := func(id string) int { return slices.IndexFunc(d.Steps, func(s Step) bool { return s.ID == id }) }
			for i, id := range tt.want {
				if at(id) < 0 || i > 0 && at(id) <= at(tt.want[i-1]) {
					t.Errorf("%s stands at %d of the plan", id, at(id))
				}
			}
			for _, id := range tt.none {
				if at(id) >= 0 {
					t.Errorf("%s has no business here", id)
				}
			}
			if i := at("HOLD-300"); i >= 0 && (d.Steps[i].Since == nil || d.Steps[i].Since.Hold != "HOLD-130") {
				t.Error("the hybrid wizard does not wait for synchronisation and sign-in")
			}
		})
	}
}

// Whom servers on-premises take mail from is asked, and tried from outside where it is restricted.
func TestReachOfMailOnPremises(t *testing.T) {
	base := catalog.Example{"deployment.type": "hybrid", "gateway.inbound": "direct", "gateway.outbound": "direct"}
	for reach, tried := range map[string]bool{"exchange-online": true, "gateway": true, "anybody": false} {
		answers := maps.Clone(base)
		answers["hybrid.smtp-reach"] = reach
		d := resolved(t, answered(t, answers))
		if got := slices.ContainsFunc(d.Tests, func(x Test) bool { return x.ID == "TEST-308" }); got != tried {
			t.Errorf("%s: tried from outside: %t", reach, got)
		}
		if got := slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Rule.ID == "GW-58" }); got == tried {
			t.Errorf("%s: GW-58 fires: %t", reach, got)
		}
	}
}
