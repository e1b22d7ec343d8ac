package templates

import (
	"bytes"
	"errors"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/output/outputtest"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestGolden compares the whole pack of every example with what a person has read.
func TestGolden(t *testing.T) {
	for _, name := range profiles.Examples() {
		t.Run(name, func(t *testing.T) {
			_, files := render(t, profilestest.Example(t, name))
			outputtest.Tree(t, filepath.Join("testdata", "golden", name), files)
		})
	}
}

// TestSameBytes: the same profile gives the same pack, and so does the profile that the pack
// carries.
func TestSameBytes(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, name := range profiles.Examples() {
		_, first := render(t, profilestest.Example(t, name))
		i := slices.IndexFunc(first, func(f output.File) bool { return f.Path == "profile.yaml" })
		p, err := profiles.Decode("profile.yaml", first[i].Data, c, ps)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			_, again := render(t, p)
			if !slices.EqualFunc(first, again, func(a, b output.File) bool { return a.Path == b.Path && bytes.Equal(a.Data, b.Data) }) {
				t.Fatalf("%s renders otherwise", name)
			}
		}
	}
}

// TestOneFlip renders every example with every single choice changed, so that no branch of a script
// or of a document waits for a customer to be run first. What is not ready is rendered as a draft.
func TestOneFlip(t *testing.T) {
	t.Parallel()
	c, ps := profilestest.Knowledge(t)
	finished := 0
	profilestest.Flips(t, func(flip string, p *profiles.Profile) {
		s := profiles.Evaluate(c, ps, p)
		text, err := profiles.EncodeUsed(s)
		if err != nil {
			t.Fatal(err)
		}
		d := design.Resolve(s, ps)
		o := Options{Generator: "exoplan test", Profile: text}
		files, err := Render(d, o)
		if !d.Ready() {
			if !errors.Is(err, ErrNotReady) {
				t.Errorf("%s is not ready and renders: %v", flip, err)
			}
			o.Draft = true
			files, err = Render(d, o)
		} else {
			finished++
		}
		if err != nil {
			t.Errorf("%s: %v", flip, err)
			return
		}
		scriptsAreClean(t, files)
		ofOneJurisdiction(t, flip, s, files)
		pack := papers{d, textsOf(files)}
		for doc, text := range pack.documents() {
			checkTables(t, flip+": "+doc, text)
		}
		checkIDs(t, flip, pack)
	})
	if finished < 60 {
		t.Errorf("only %d finished packs", finished)
	}
}

// scriptsAreClean checks what holds for every script: ASCII, CRLF, no tab, no trailing blank,
// no placeholder left over, and no line that needs scrolling.
func scriptsAreClean(t *testing.T, files []output.File) {
	t.Helper()
	for _, f := range files {
		if ext := path.Ext(f.Path); ext != ".ps1" && ext != ".psm1" && ext != ".psd1" {
			continue
		}
		lines := strings.Split(string(f.Data), "\n")
		for i, l := range lines {
			body, crlf := strings.CutSuffix(l, "\r")
			if i < len(lines)-1 && !crlf || strings.TrimRight(body, " ") != body || strings.ContainsFunc(body, func(r rune) bool { return r < ' ' || r > '~' }) || len(body) > 120 {
				t.Errorf("%s:%d: %q", f.Path, i+1, l)
			}
		}
	}
}

// TestInvariants holds the rules that speak of what exoplan itself renders, under their IDs,
// over every pack.
func TestInvariants(t *testing.T) {
	for _, name := range profiles.Examples() {
		d, files := render(t, profilestest.Example(t, name))
		text := map[string]string{}
		for _, f := range files {
			text[f.Path] = string(f.Data)
		}
		everywhere := func(id, pattern string) {
			for p, s := range text {
				if m := regexp.MustCompile(pattern).FindString(s); m != "" {
					t.Errorf("%s: %s: %s holds %q", id, name, p, m)
				}
			}
		}
		for _, s := range d.Steps {
			restricts := s.Set["RestrictDomainsToCertificate"] == true || s.Set["RestrictDomainsToIPAddresses"] == true
			if restricts && !slices.ContainsFunc(d.Steps, func(o design.Step) bool { return o.Name == s.Name && o.Set["ConnectorType"] == "Partner" }) {
				t.Errorf("GW-05: %s restricts what is no Partner connector", s.ID)
			}
			if _, sets := s.Set["ArcTrustedSealers"]; sets {
				t.Errorf("GW-22: %s replaces the list of sealers", s.ID)
			}
			if s.Noun == "TransportRule" && strings.Contains(s.Name, "above this system") && s.Creates {
				if s.Set["GenerateIncidentReport"] == nil || s.Set["SetAuditSeverity"] == nil {
					t.Errorf("CLS-12: %s neither logs nor reports", s.ID)
				}
				both := []any{s.Set["HeaderMatchesPatterns"], s.Set["SubjectMatchesPatterns"]}
				if !strings.Contains(strings.ReplaceAll(sprint(both), "[- ]", "-"), "TOP-SECRET") {
					t.Errorf("CLS-12: %s misses TOP-SECRET: %v", s.ID, both)
				}
			}
			for p := range s.Set {
				text, _ := s.Set[p].(string)
				if strings.HasPrefix(p, "ApplyClassification") || p == "SetHeaderName" || p == "PrependSubject" && strings.Contains(text, "SEC=") {
					t.Errorf("CLS-14: %s stamps a marking", s.ID)
				}
			}
			if s.Set["RouteMessageOutboundConnector"] != nil && (s.Set["StopRuleProcessing"] != true || s.Set["RuleErrorAction"] != "Defer") {
				t.Errorf("%s: a rule that routes stops processing and defers on error", s.ID)
			}
		}
		selectors := map[string]int{}
		for _, r := range d.Records {
			joined := strings.Join(r.Values, " ")
			if r.Tag == "v=DMARC1" && regexp.MustCompile(`\b(pct|rf|ri)=`).MatchString(joined) {
				t.Errorf("AUTH-05: %s: %s", r.ID, joined)
			}
			if strings.Contains(r.Name, "._domainkey.") && r.Type == "CNAME" {
				selectors[r.Zone]++
			}
			if strings.Contains(joined, "*.mx.microsoft") {
				t.Errorf("DNS-02: %s", r.ID)
			}
		}
		for zone, n := range selectors {
			if n != 2 {
				t.Errorf("AUTH-24: %s has %d selectors", zone, n)
			}
		}
		everywhere("OPS-01", `<(gateway|domain|engagement|tenant|govlink|dkim|dmarc|classification|hybrid|autodiscover)[a-z.-]*>|<DD-`)
		everywhere("OPS-02", `Get-MessageTrace\b|-Credential\b|-UseRPSSession`)
		if slices.ContainsFunc(d.Decided, func(x design.Decision) bool { return strings.Contains(x.Text, "management tools stay") }) {
			everywhere("HYB-24", `(?i)\bis uninstalled|\buninstall (it|the)\b`)
		}
		everywhere("AUTH-27", `(?i)DMARC is configured at the gateway|rejected? if (they fail )?SPF or DKIM`)
	}
}

func sprint(v []any) string {
	var b strings.Builder
	for _, x := range v {
		if list, ok := x.([]any); ok {
			b.WriteString(sprint(list))
		} else if s, ok := x.(string); ok {
			b.WriteString(s + "\n")
		}
	}
	return b.String()
}
