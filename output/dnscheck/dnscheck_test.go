package dnscheck

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/exoplan/exoplan/output/dnscheck/dnstest"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// subject is the domain of the examples.
const subject = "agency.example"

// serve answers with a zone, and asks it.
func serve(t *testing.T, zone string) Server {
	t.Helper()
	s, err := At(dnstest.Serve(t, subject, zone))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// web serves a policy, or leads to another address, under the name that senders ask for. It returns a
// client that trusts it.
func web(t *testing.T, server Server, policy string) *http.Client {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mta-sts"}, DNSNames: []string{"mta-sts." + subject}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/mta-sts.txt" {
			http.NotFound(w, r)
			return
		}
		if strings.HasPrefix(policy, "https:") {
			http.Redirect(w, r, policy, http.StatusFound)
			return
		}
		fmt.Fprint(w, strings.ReplaceAll(policy, "\n", "\r\n"))
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.StartTLS()
	t.Cleanup(s.Close)
	client := browser(server)
	transport := client.Transport.(*http.Transport)
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	transport.TLSClientConfig.RootCAs.AddCert(leaf)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(address)
		_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
		return dial(ctx, network, net.JoinHostPort(host, port))
	}
	return client
}

// TestWatches asks a name server with the zone of each example. Every look has a rule, and every
// rule a look.
func TestWatches(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	used := map[string]bool{}
	for _, topic := range c.Topics {
		for _, w := range topic.Watches {
			used[w.Look] = true
			if looks[w.Look] == nil {
				t.Errorf("%s: there is no look %q", w.ID, w.Look)
				continue
			}
			for i, seen := range slices.Concat(w.Fires, w.Quiet) {
				wanted := i < len(w.Fires)
				zone := seen.Zone
				if seen.Policy != "" {
					zone += "\nmta-sts A 127.0.0.1"
				}
				server := serve(t, zone)
				fires, _, err := looks[w.Look](t.Context(), look{server, web(t, server, seen.Policy), c.Lists}, subject)
				if err != nil || fires != wanted {
					t.Errorf("%s, example %d: fires %t, should %t; %v", w.ID, i+1, fires, wanted, err)
				}
			}
		}
	}
	for name := range looks {
		if !used[name] {
			t.Errorf("no rule looks at %q", name)
		}
	}
}

// TestLooksFail: a server that fails is an error for every look, and nothing fires.
func TestLooksFail(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	server, err := At(dnstest.Refuse(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(looks)) {
		fires, _, err := looks[name](t.Context(), look{server, browser(server), c.Lists}, subject)
		if fires || err == nil || !strings.Contains(err.Error(), "REFUSED") {
			t.Errorf("%s: fires %t, %v", name, fires, err)
		}
	}
}

// TestPolicyOfAnother: a policy under a certificate for another name, or that leads elsewhere, is no
// policy.
func TestPolicyOfAnother(t *testing.T) {
	server := serve(t, "mta-sts A 127.0.0.1\nmta-sts.below A 127.0.0.1")
	l := look{server, web(t, server, "mode: enforce\n"), nil}
	if policy, err := l.policy(t.Context(), subject); err != nil || !slices.Equal(policy["mode"], []string{"enforce"}) {
		t.Errorf("%v, %v", policy, err)
	}
	if _, err := l.policy(t.Context(), "below."+subject); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate for another name is taken: %v", err)
	}
	moved := look{server, web(t, server, "https://elsewhere.example/"), nil}
	if _, err := moved.policy(t.Context(), subject); err == nil || !strings.Contains(err.Error(), "302") {
		t.Errorf("a redirect is followed: %v", err)
	}
}

// published is what stands in DNS once the phases of a plan up to one are done, or before any.
func published(d *design.Design, through string) string {
	last := map[string]design.Record{}
	for _, r := range d.Records {
		if r.View != "external" || r.Held() {
			continue
		}
		if r.Phase <= through {
			last[r.ID] = r
		} else if _, done := last[r.ID]; !done && r.Today != nil {
			r.Values = r.Today.Values
			last[r.ID] = r
		}
	}
	var b bytes.Buffer
	for _, id := range slices.Sorted(maps.Keys(last)) {
		r := last[id]
		for _, v := range r.Values {
			switch r.Type {
			case "TXT":
				v = dnstest.Text(v)
			case "MX", "CNAME":
				v = strings.TrimSuffix(v, ".") + "."
			}
			fmt.Fprintf(&b, "%s. 300 IN %s %s\n", r.Name, r.Type, v)
		}
	}
	return b.String()
}

// TestStandings follows every example from the first day to the last: before the change all stands
// as today or not at all, after it as planned, and in between the phase is named.
func TestStandings(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, name := range profiles.Examples() {
		d := design.Resolve(profiles.Evaluate(c, ps, profilestest.Example(t, name)), ps)
		for through, wanted := range map[string][]Stand{
			"":   {Today, Absent, Held, Unasked},
			"P9": {Planned, Today, Held, Unasked}, // or stays as it was
		} {
			server, err := At(dnstest.Serve(t, "example", published(d, through)))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := Standings(t.Context(), Views{"external": server}, d)
			if err != nil || len(rows) == 0 {
				t.Fatalf("%s: %d rows, %v", name, len(rows), err)
			}
			for _, r := range rows {
				if !slices.Contains(wanted, r.Stands) || (r.Stands == Unasked) != (r.View != "external") {
					t.Errorf("%s, after %q: %+v", name, through, r)
				}
				if through == "P9" && !slices.Contains([]Stand{Held, Unasked}, r.Stands) && !same(r.Type, r.Has, r.Wants) {
					t.Errorf("%s: %+v", name, r)
				}
			}
		}
	}
}

// TestStands tells apart what can stand under the name of a record.
func TestStands(t *testing.T) {
	stage := func(phase string, values ...string) design.Record {
		return design.Record{ID: "REC-1", Phase: phase, Name: subject, Type: "TXT", Tag: "v=spf1", View: "external", Values: values}
	}
	today := func(r design.Record, values ...string) design.Record {
		r.Today = &design.Today{Values: values}
		return r
	}
	mx := func(values ...string) design.Record {
		return design.Record{ID: "REC-1", Phase: "P5", Name: subject, Type: "MX", View: "external", Values: values}
	}
	held := stage("P2")
	held.Open = []string{"dkim.selector1"}
	for _, tt := range []struct {
		name, zone string
		stages     []design.Record
		stands     Stand
		phase      string
	}{
		{"the last phase", `@ TXT "v=spf1 -all"`, []design.Record{stage("P2", "v=spf1 mx -all"), stage("P8", "v=spf1 -all")}, Planned, "P8"},
		{"an earlier phase", `@ TXT "v=spf1 mx -all"`, []design.Record{stage("P2", "v=spf1 mx -all"), stage("P8", "v=spf1 -all")}, Planned, "P2"},
		{"one that stays", `@ TXT "v=spf1 mx -all"`, []design.Record{stage("P1", "v=spf1 a -all"), stage("P2", "v=spf1 mx -all"), stage("P8", "v=spf1 mx -all")}, Planned, "P2"},
		{"only the time to live changes", `@ TXT "v=spf1 a -all"`, []design.Record{stage("P4", "v=spf1 a -all"), today(stage("P5", "v=spf1 mx -all"), "v=spf1 a -all")}, Today, ""},
		{"back to what it was", `@ TXT "v=spf1 a -all"`, []design.Record{stage("P4", "v=spf1 mx -all"), today(stage("P5", "v=spf1 a -all"), "v=spf1 a -all")}, Planned, "P5"},
		{"in two strings", `@ TXT "v=spf1 " "mx -all"`, []design.Record{stage("P2", "v=spf1 mx -all")}, Planned, "P2"},
		{"other texts beside it", "@ TXT \"v=spf1 -all\"\n@ TXT \"MS=ms1\"", []design.Record{stage("P2", "v=spf1 -all")}, Planned, "P2"},
		{"a quote and a backslash", `@ TXT "v=spf1 exp=a\"b\\c -all"`, []design.Record{stage("P2", `v=spf1 exp=a"b\c -all`)}, Planned, "P2"},
		{"as today", `@ TXT "v=spf1 a -all"`, []design.Record{today(stage("P2", "v=spf1 mx -all"), "v=spf1 a -all")}, Today, ""},
		{"none today", ``, []design.Record{today(stage("P2", "v=spf1 mx -all"))}, Today, ""},
		{"not what was said of today", `@ TXT "v=spf1 a:x.agency.example -all"`, []design.Record{today(stage("P2", "v=spf1 mx -all"), "v=spf1 a -all")}, Other, ""},
		{"one too many", "@ TXT \"v=spf1 -all\"\n@ TXT \"v=SPF1 mx -all\"", []design.Record{stage("P2", "v=spf1 -all")}, Unsaid, ""},
		{"nothing, and nobody said", ``, []design.Record{stage("P2", "v=spf1 mx -all")}, Absent, ""},
		{"held", ``, []design.Record{held}, Held, ""},
		{"any order, any case", "@ MX 20 B.tidegate.example.\n@ MX 10 a.tidegate.example.", []design.Record{mx("10 a.tidegate.example", "20 b.tidegate.example")}, Planned, "P5"},
		{"another preference", "@ MX 20 a.tidegate.example.", []design.Record{mx("10 a.tidegate.example")}, Unsaid, ""},
		{"null MX", "@ MX 0 .", []design.Record{mx("0 .")}, Planned, "P5"},
	} {
		got := standing(t.Context(), Views{"external": serve(t, tt.zone)}, tt.stages)
		if got.Stands != tt.stands || got.Phase != tt.phase {
			t.Errorf("%s: %q %q, want %q %q: %+v", tt.name, got.Stands, got.Phase, tt.stands, tt.phase, got)
		}
	}
	silent := standing(t.Context(), Views{"external": {dnstest.Refuse(t)}}, []design.Record{mx("10 a.example")})
	if silent.Stands != Failed || !strings.Contains(silent.Error, "REFUSED") {
		t.Errorf("%+v", silent)
	}
	if r := standing(t.Context(), Views{}, []design.Record{mx("10 a.example")}); r.Stands != Unasked {
		t.Errorf("%+v", r)
	}
}

// TestLongAnswers: what does not fit into a datagram is asked for again.
func TestLongAnswers(t *testing.T) {
	var zone strings.Builder
	for i := range 60 {
		fmt.Fprintf(&zone, "@ TXT \"text %d %s\"\n", i, strings.Repeat("x", 60))
	}
	texts, err := serve(t, zone.String()).texts(t.Context(), subject)
	if err != nil || len(texts) != 60 {
		t.Errorf("%d texts, %v", len(texts), err)
	}
}

// TestAt reads how people name a server.
func TestAt(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.53": "192.0.2.53", "192.0.2.53:5353": "192.0.2.53:5353", "2001:db8::53": "[2001:db8::53]", "[2001:db8::53]": "[2001:db8::53]",
		"[2001:db8::53]:5353": "[2001:db8::53]:5353", "ns1.agency.example": "ns1.agency.example", "ns1.agency.example:53": "ns1.agency.example",
	} {
		if s, err := At(in); err != nil || s.String() != want {
			t.Errorf("%q: %s, %v", in, s, err)
		}
	}
	for _, in := range []string{"", ":53", "192.0.2.53:x", "192.0.2.53:0", "192.0.2.53:70000", "a b", "https://dns.example/", strings.Repeat("a", 64)} {
		if s, err := At(in); err == nil {
			t.Errorf("%q is taken as %s", in, s)
		}
	}
	if _, err := os.Stat(resolvConf); err == nil {
		if s, err := System(); err != nil || s.String() == "" {
			t.Errorf("%v, %v", s, err)
		}
	}
}

// TestNobodyAnswers: a server that is not there is named, once its time is over.
func TestNobodyAnswers(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	gone := dnstest.Silent(t)
	if _, err := (Server{gone}).ask(ctx, subject, dns.TypeMX); err == nil || !strings.Contains(err.Error(), gone+", asked for "+subject+" MX") {
		t.Errorf("%v", err)
	}
}
