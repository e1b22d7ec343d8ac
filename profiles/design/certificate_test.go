package design

import (
	"maps"
	"slices"
	"testing"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Each certificate that a plan depends on stands in its table, with the names that the answers give
// it, and no other does.
func TestCertificatesFollowThePlan(t *testing.T) {
	hybrid := catalog.Example{
		"domains": []any{"agency.example", "labs.example"}, "domain.role": "mail", "deployment.type": "hybrid", "gateway.inbound": "direct", "gateway.outbound": "direct",
		"hybrid.certificate-name": "agency.example", "hybrid.transport-host": "edge.agency.example", "hybrid.ews-host": "mail.agency.example", "hybrid.certificate-expires": "2027-11-30",
	}
	cloud := catalog.Example{"domains": []any{"agency.example"}, "deployment.type": "cloud", "gateway.inbound": "direct", "gateway.outbound": "direct"}
	for _, tt := range []struct {
		name           string
		base, answers  catalog.Example
		id             string
		subject, names []string
		none           []string
	}{
		{"services of a hybrid", hybrid, nil, "CERT-130", []string{"agency.example"}, []string{"autodiscover.agency.example", "autodiscover.labs.example", "edge.agency.example", "mail.agency.example"}, []string{"CERT-110", "CERT-131", "CERT-310"}},
		{"the federation trust", hybrid, nil, "CERT-120", nil, nil, nil},
		{"servers that are there", hybrid, nil, "CERT-140", nil, nil, nil},
		{"another forest", hybrid, catalog.Example{"hybrid.forests": "own-names", "hybrid.forest-names": []any{"labs.example"}}, "CERT-131", []string{"labs.example"}, nil, nil},
		{"AD FS", hybrid, catalog.Example{"hybrid.sign-in": "federation", "hybrid.federation-host": "sts.agency.example", "hybrid.federation-certificate": true}, "CERT-110", []string{"sts.agency.example"}, nil, nil},
		{"a gateway as a sender", cloud, catalog.Example{"gateway.inbound": "gateway", "gateway.lockdown": "certificate", "gateway.certificate": "relay.gw.example"}, "CERT-310", []string{"relay.gw.example"}, nil, []string{"CERT-320", "CERT-130"}},
		{"a gateway by its addresses", cloud, catalog.Example{"gateway.inbound": "gateway", "gateway.lockdown": "address", "gateway.mx": []any{"20 mx.gw.example"}}, "CERT-510", []string{"mx.gw.example"}, nil, []string{"CERT-310"}},
		{"a gateway as a receiver", cloud, catalog.Example{"gateway.outbound": "gateway", "gateway.smarthost-certificate": "smtp.gw.example"}, "CERT-320", []string{"smtp.gw.example"}, nil, []string{"CERT-310"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answers := maps.Clone(tt.base)
			maps.Copy(answers, tt.answers)
			d := resolved(t, answered(t, answers))
			i := slices.IndexFunc(d.Certificates, func(x Certificate) bool { return x.ID == tt.id })
			if i < 0 {
				t.Fatalf("%s is missing", tt.id)
			}
			if x := d.Certificates[i]; !slices.Equal(x.Subject, tt.subject) || !slices.Equal(x.Names, tt.names) {
				t.Errorf("%s bears %v and %v", tt.id, x.Subject, x.Names)
			}
			for _, id := range tt.none {
				if slices.ContainsFunc(d.Certificates, func(x Certificate) bool { return x.ID == id }) {
					t.Errorf("%s has no business here", id)
				}
			}
		})
	}
}
