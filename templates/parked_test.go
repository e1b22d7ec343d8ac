package templates

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestParkedDomains: names that are not used for mail are protected in DNS alone. Nothing is asked
// of a tenant and nothing made there, and each name refuses mail in both directions.
func TestParkedDomains(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	p := profilestest.Example(t, "parked")
	d, files := render(t, p)
	for _, f := range files {
		if strings.HasPrefix(f.Path, "exchange-online/") || strings.HasPrefix(f.Path, "docs/test-matrix") {
			t.Errorf("the pack holds %s", f.Path)
		}
	}
	if len(d.Steps)+len(d.Tests) > 0 {
		t.Errorf("%d steps, %d messages", len(d.Steps), len(d.Tests))
	}
	subjects := map[string]bool{}
	for _, a := range profiles.Evaluate(c, ps, p).Asked {
		subjects[a.Topic.ID] = true
	}
	if got := slices.Sorted(maps.Keys(subjects)); !slices.Equal(got, []string{"dns-today", "domains", "engagement", "reports"}) {
		t.Errorf("asked is about %v", got)
	}
	holds(t, d, "weir-regatta.example", map[string]string{
		"MX": "0 .", "v=spf1": "v=spf1 -all", "v=DKIM1": "v=DKIM1; p=",
		"v=DMARC1": "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s; fo=1; rua=mailto:dmarc@weir-council.example",
	})
	elsewhere := with(t, p, "engagement.jurisdiction=none", "engagement.marking=INTERNAL", "parked.dkim=no")
	d, _ = render(t, elsewhere)
	holds(t, d, "weir-regatta.example", map[string]string{
		"MX": "0 .", "v=spf1": "v=spf1 -all", "v=DMARC1": "v=DMARC1; p=reject; sp=reject; np=reject; rua=mailto:dmarc@weir-council.example",
	})
	unsure := resolve(t, with(t, p, "domain.unused/weir-regatta.example=no"))
	if blocking := unsure.Blocking(); len(blocking) != 1 || blocking[0].At() != "AUTH-58/weir-regatta.example" {
		t.Errorf("a domain that may be in use is blocked by %v", blocking)
	}
}

// TestParkedBesideMail: a domain that is not used gets the same records beside those that are.
func TestParkedBesideMail(t *testing.T) {
	d := resolve(t, profilestest.Example(t, "cloud"))
	holds(t, d, "mwa-appeal.example", map[string]string{
		"MX": "0 .", "v=spf1": "v=spf1 -all", "v=DMARC1": "v=DMARC1; p=reject; sp=reject; np=reject; rua=mailto:dmarc-reports@mariners-welfare.example",
	})
}

// holds checks the records of a zone: each by its tag, or by its type where it has none.
func holds(t *testing.T, d *design.Design, zone string, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for _, r := range d.Records {
		if r.Zone != zone {
			continue
		}
		key := r.Tag
		if key == "" {
			key = r.Type
		}
		got[key] = strings.Join(r.Values, " ")
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s holds %q, not %q", zone, got, want)
	}
}
