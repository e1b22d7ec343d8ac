package design

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Each path that a plan chooses has its rows in the firewall sheet, and no other has.
func TestFlowsFollowThePlan(t *testing.T) {
	cloud := catalog.Example{"domains": []any{"agency.example"}, "deployment.type": "cloud"}
	hybrid := catalog.Example{"domains": []any{"agency.example"}, "deployment.type": "hybrid", "gateway.inbound": "direct", "gateway.outbound": "direct"}
	for _, tt := range []struct {
		name       string
		base       catalog.Example
		answers    catalog.Example
		want, none []string
	}{
		{"clients of everybody", cloud, catalog.Example{"gateway.inbound": "direct", "gateway.outbound": "direct"}, []string{"FLOW-110", "FLOW-111", "FLOW-112", "FLOW-113", "FLOW-120", "FLOW-121"}, []string{"FLOW-310", "FLOW-510", "FLOW-630", "FLOW-300"}},
		{"a gateway on the way in", cloud, catalog.Example{"gateway.inbound": "gateway", "gateway.outbound": "direct"}, []string{"FLOW-310", "FLOW-510"}, []string{"FLOW-630", "FLOW-631", "FLOW-311"}},
		{"a gateway on the way out", cloud, catalog.Example{"gateway.inbound": "direct", "gateway.outbound": "gateway"}, []string{"FLOW-630", "FLOW-631"}, []string{"FLOW-310", "FLOW-632"}},
		{"on-premises both ways", hybrid, catalog.Example{"gateway.inbound": "on-premises", "gateway.outbound": "on-premises"}, []string{"FLOW-311", "FLOW-511", "FLOW-632", "FLOW-300", "FLOW-301"}, []string{"FLOW-310", "FLOW-630"}},
		{"a classic hybrid", hybrid, catalog.Example{"hybrid.agent": "classic", "hybrid.coexistence": true}, []string{"FLOW-300", "FLOW-301", "FLOW-298", "FLOW-303"}, []string{"FLOW-304", "FLOW-305"}},
		{"the agent of the hybrid", hybrid, catalog.Example{"hybrid.agent": "modern", "hybrid.coexistence": false}, []string{"FLOW-300", "FLOW-301", "FLOW-304"}, []string{"FLOW-298", "FLOW-303"}},
		{"Edge Transport", hybrid, catalog.Example{"hybrid.edge": true}, []string{"FLOW-305", "FLOW-306"}, nil},
		{"AD FS", hybrid, catalog.Example{"hybrid.directory-sync": "connect", "hybrid.sign-in": "federation"}, []string{"FLOW-130", "FLOW-131"}, nil},
		{"password hashes", hybrid, catalog.Example{"hybrid.directory-sync": "connect", "hybrid.sign-in": "password-hash"}, []string{"FLOW-130"}, []string{"FLOW-131"}},
		{"Autodiscover on-premises", hybrid, catalog.Example{"domain.role": "mail", "autodiscover.outside": "on-premises", "hybrid.mailboxes-on-premises": true}, []string{"FLOW-114/agency.example"}, nil},
		{"MTA-STS", cloud, catalog.Example{"domain.role": "mail", "mta-sts.mode": "enforce"}, []string{"FLOW-240/agency.example"}, nil},
		{"a device by its address", cloud, catalog.Example{"direct-senders": []any{"Printers"}, "direct-sender.kind": "own", "direct-sender.way": "address"}, []string{"FLOW-412/printers"}, []string{"FLOW-411/printers"}},
		{"a service of others", cloud, catalog.Example{"direct-senders": []any{"Payroll"}, "direct-sender.kind": "service", "direct-sender.way": "certificate"}, nil, []string{"FLOW-411/payroll", "FLOW-412/payroll"}},
		{"named mailboxes that sign in", cloud, catalog.Example{"smtp-auth": "excepted"}, []string{"FLOW-140"}, []string{"FLOW-141"}},
		{"no SMTP AUTH", cloud, catalog.Example{"smtp-auth": "blocked"}, nil, []string{"FLOW-140", "FLOW-141"}},
		{"TLS straight to GovLINK", cloud, catalog.Example{"engagement.jurisdiction": "au", "classification.level": "protected", "govlink.path": "direct-tls"}, []string{"FLOW-651", "FLOW-652"}, []string{"FLOW-650", "FLOW-653"}},
		{"GovLINK by a gateway of its own", cloud, catalog.Example{"engagement.jurisdiction": "au", "classification.level": "protected", "govlink.path": "gateway", "govlink.gateway": "own"}, []string{"FLOW-312", "FLOW-653"}, []string{"FLOW-650", "FLOW-651"}},
		{"GovLINK by the one gateway", cloud, catalog.Example{"engagement.jurisdiction": "au", "classification.level": "protected", "govlink.path": "gateway", "govlink.gateway": "same", "protected.carrier": "own"}, []string{"FLOW-650"}, []string{"FLOW-312", "FLOW-653"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answers := maps.Clone(tt.base)
			maps.Copy(answers, tt.answers)
			var got []string
			for _, f := range resolved(t, answered(t, answers)).Flows {
				got = append(got, f.ID)
			}
			for _, id := range tt.want {
				if !slices.Contains(got, id) {
					t.Errorf("%s is missing; there are %v", id, got)
				}
			}
			for _, id := range tt.none {
				if slices.Contains(got, id) {
					t.Errorf("%s has no business here", id)
				}
			}
		})
	}
}

// What is open stands by the name of its question, and hides nothing beside it.
func TestFlowsInventNothing(t *testing.T) {
	d := resolved(t, answered(t, catalog.Example{
		"gateway.inbound": "direct", "gateway.outbound": "gateway", "gateway.name": "GW",
		"gateway.smarthost": map[string]any{"undecided": map[string]any{"owner": "Provider"}}, "gateway.vip": []any{"203.0.113.80"},
	}))
	i := slices.IndexFunc(d.Flows, func(f Flow) bool { return f.ID == "FLOW-630" })
	if i < 0 {
		t.Fatal("no row for the gateway")
	}
	f := d.Flows[i]
	if !f.Held() || !slices.Equal(f.To.At, []string{"[open: gateway.smarthost]"}) || !slices.Equal(f.Virtual, []string{"203.0.113.80"}) || !slices.Contains(f.Open, "gateway.smarthost") {
		t.Errorf("%+v", f)
	}
}

// The two sets of connectivity decisions differ as the source says, and what it contradicts itself
// is asked and shown.
func TestConnectivitySets(t *testing.T) {
	base := catalog.Example{"engagement.jurisdiction": "au", "domains": []any{"agency.example"}, "deployment.type": "cloud"}
	for _, tt := range []struct {
		set              string
		bypass, regional bool
		decided          map[string]string
		disputed, quiet  []string
		way, on          string
	}{
		{set: "security", bypass: false, decided: map[string]string{"DD-340": "By VPN", "DD-341": "Not configured", "DD-342": "Not configured", "DD-343": "They stay", "DD-344": "Not configured"}, disputed: []string{"connectivity.bypass"}, quiet: []string{"DD-340", "connectivity.regional"}, way: "by the central gateway", on: "Proxies and inspection"},
		{set: "experience", bypass: true, regional: true, decided: map[string]string{"DD-340": "Straight to the Internet", "DD-341": "Configured", "DD-342": "Configured", "DD-343": "Bypassed", "DD-344": "Configured; Always On VPN"}, disputed: []string{"connectivity.bypass", "connectivity.regional", "DD-340"}, way: "straight to the Internet", on: "Nothing"},
	} {
		t.Run(tt.set, func(t *testing.T) {
			answers := catalog.Example{"connectivity.set": tt.set, "connectivity.bypass": tt.bypass, "connectivity.regional": tt.regional}
			maps.Copy(answers, base)
			d := resolved(t, answered(t, answers))
			for id, text := range tt.decided {
				if !slices.ContainsFunc(d.Decided, func(x Decision) bool { return x.ID == id && strings.HasPrefix(x.Text, text) }) {
					t.Errorf("%s does not say %q", id, text)
				}
			}
			isDisputed := func(id string) bool {
				return slices.ContainsFunc(d.Disputes, func(x Dispute) bool { return x.ID == id })
			}
			for _, id := range tt.disputed {
				if !isDisputed(id) {
					t.Errorf("the contradiction at %s is not shown", id)
				}
			}
			for _, id := range tt.quiet {
				if isDisputed(id) {
					t.Errorf("%s is shown as contradicted, which this set is not", id)
				}
			}
			if !slices.ContainsFunc(d.Tables, func(x Table) bool { return x.Title == "The two sets of connectivity decisions" && len(x.Rows) == 5 }) {
				t.Error("the two sets are not printed beside each other")
			}
			if !slices.ContainsFunc(d.Flows, func(f Flow) bool {
				return f.ID == "FLOW-110" && strings.HasSuffix(f.From.Is, tt.way) && strings.HasPrefix(f.Between, tt.on)
			}) {
				t.Error("the firewall sheet does not follow the set")
			}
		})
	}
	d := resolved(t, answered(t, catalog.Example{"engagement.jurisdiction": "none"}))
	for _, section := range d.Sections {
		for _, a := range section.Answers {
			if strings.HasPrefix(a.Ref, "connectivity.") {
				t.Errorf("%s is asked of an organisation that ASD does not advise", a.Ref)
			}
		}
	}
}
