package catalog

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "make catalog.json anew")

// sources are the files from which the catalogue is made.
var sources = os.DirFS(".")

// TestBuilt: what is built in is what the files say, and these hold together.
func TestBuilt(t *testing.T) {
	c, err := LoadFS(sources)
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.encode()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("catalog.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(built) != string(text) {
		t.Fatal("catalog.json is not made from the files beside it: go generate ./...")
	}
	got, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Topics {
		c.Topics[i].file = ""
	}
	if !reflect.DeepEqual(got, c) {
		t.Error("what is read from catalog.json is not what was read from the files")
	}
}

// BenchmarkLoad reads the catalogue from its files, and as it is built in.
func BenchmarkLoad(b *testing.B) {
	for name, read := range map[string]func() (*Catalog, error){"files": func() (*Catalog, error) { return LoadFS(sources) }, "built": load} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// seeded returns the files of the catalogue, with one text replaced.
func seeded(t *testing.T, name, from, to string) fs.FS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := fs.ReadFile(sources, path)
		m[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if from != "" && !strings.Contains(string(m[name].Data), from) {
		t.Fatalf("%s does not hold %q", name, from)
	}
	if from == "" {
		m[name] = &fstest.MapFile{Data: []byte(to)}
		return m
	}
	m[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(m[name].Data), from, to, 1))}
	return m
}

// TestSeededFaults: whatever is wrong with the data is found when it is loaded, with file, line
// and words that say what.
func TestSeededFaults(t *testing.T) {
	gateway, govlink, auth, domains, today, connectivity := "topics/40-gateway.yaml", "topics/50-govlink.yaml", "topics/60-authentication.yaml", "topics/20-domains.yaml", "topics/25-dns-today.yaml", "topics/38-connectivity.yaml"
	for _, tt := range []struct{ name, file, from, to, want string }{
		{"an unknown key", gateway, "        phase: P5", "        phrase: P5", `unknown key "phrase"`},
		{"a key said twice", gateway, "        phase: P5", "        phase: P5\n        phase: P6", "stands here a second time"},
		{"a list for a text", gateway, "    title: Where does mail to the Internet leave?", "    title: [Where]", "a text is expected here, not a list"},
		{"no YAML", gateway, "id: gateway", "id: [gateway", "did not find expected"},
		{"a stray file", "topics/notes.txt", "", "x", "a topic is a .yaml file"},
		{"an unknown kind", gateway, "kind: mx", "kind: hostnames", `"hostnames" is no kind of question`},
		{"options on a text", gateway, "    kind: mx", "    kind: mx\n    options: [{value: a, label: b}]", "options and kind mx do not go together"},
		{"a default that is no option", auth, "    default: reject", "    default: off", `"off" is not one of: none, quarantine, reject`},
		{"a condition on an unknown question", gateway, "when: {gateway.lockdown: certificate}", "when: {gateway.lokdown: certificate}", `nothing earlier is called "gateway.lokdown"`},
		{"a condition on a value that is never", gateway, "when: {gateway.lockdown: certificate}", "when: {gateway.lockdown: cert}", `gateway.lockdown is never "cert"`},
		{"a condition on a later question", gateway, "when: {gateway.inbound: [gateway, on-premises]}\n    title: Which hosts", "when: {dkim.placement: gateway}\n    title: Which hosts", `nothing earlier is called "dkim.placement"`},
		{"a condition on free text", gateway, "when: {gateway.lockdown: certificate}", "when: {gateway.name: certificate}", "is no choice"},
		{"an object that hangs on a question", gateway, "    when: {DD-040: gateway, DD-042: [skip-list, 'off']}\n    # What", "    when: {gateway.inbound: gateway}\n    # What", "only decisions lead to objects"},
		{"a decision without a way out", gateway, "      - {is: direct, text: Straight to Exchange Online", "      - {when: {gateway.inbound: direct}, is: direct, text: Straight to Exchange Online", "the last outcome, and only it"},
		{"a decision that nobody uses", auth, "    title: DKIM signer\n    document: true", "    title: DKIM signer", "DD-061: nothing reads this decision"},
		{"a question that nobody reads", govlink, " Kept by: <govlink.approved-keeper>", "", "govlink.approved-keeper: nothing reads this question"},
		{"a decision defined twice", gateway, "- id: DD-045", "- id: DD-044", "DD-044 is defined twice"},
		{"a rule without examples", gateway, "    fires: [{gateway.inbound: gateway}]\n", "", "a rule has an example that fires"},
		{"a rule with neither condition nor check", gateway, "    check: addresses-not-to-be-skipped\n", "", "a rule has a condition or a check"},
		{"an example of no question", gateway, "fires: [{gateway.inbound: gateway}]", "fires: [{gateway.inbond: gateway}]", `no question is called "gateway.inbond"`},
		{"one side of a dispute", gateway, "        differs: {text: The name is that of the mail server of the organisation., at: connectors of a hybrid tenant, cite: asd-connectors}\n", "", "says and differs have text, at"},
		{"a dispute without a choice", gateway, "        chose: The name is asked, as the provider writes it. Neither form is assumed.\n", "", "gateway.smarthost-certificate: disputed: chose is missing"},
		{"a side of a dispute without a source", gateway, "at: connectors of a hybrid tenant, cite: asd-connectors", "at: connectors of a hybrid tenant, cite: asd-connector", `no source is called "asd-connector"`},
		{"a text for a side of a dispute", gateway, "says: {text: All mail uses the connector to the gateway., at: line 117, cite: asd-connectivity}", "says: All mail uses the connector to the gateway.", "a mapping is expected here"},
		{"a dispute on a later question", gateway, "when: {engagement.jurisdiction: au, gateway.outbound: gateway}", "when: {dkim.placement: gateway}", `nothing earlier is called "dkim.placement"`},
		{"an unknown source", gateway, "cite: [cesg-email-2015, microsoft-endpoints]", "cite: [cesg]", `no source is called "cesg"`},
		{"a source that nobody cites", "citations.yaml", "rfc7505:", "rfc7506:", "rfc7506: nothing cites this source"},
		{"a day that is none", "citations.yaml", "read: 2026-11-22", "read: 22 November", "the day it was read"},
		{"a control that nobody knows", gateway, "controls: [ISM-0571]", "controls: [ISM-0572, ISM-9571]", "controls.yaml has no ISM-9571"},
		{"an outcome that misses what is not at stake", gateway, "misses: [ISM-0571]", "misses: [ISM-0572]", "DD-044: an outcome misses ISM-0572"},
		{"a control that asks for nothing", "controls.yaml", "  asks: Mail passes a central gateway.", "  left: Nothing.", "ISM-0569: a control says what it asks for"},
		{"a control of no source", "controls.yaml", "ISM-0264:", "NIST-0264:", "NIST-0264: no source in citations.yaml"},
		{"a control that nothing supports", "controls.yaml", "  left: A rule for people. The organisation writes it.\n", "", "ISM-0264: no decision supports it"},
		{"an unknown noun", gateway, "noun: ArcConfig", "noun: ArcConfiguration", `the contract knows no noun "ArcConfiguration"`},
		{"an unknown property", gateway, "EFSkipLastIP: false", "EFSkipLastIPs: false", "knows no property EFSkipLastIPs"},
		{"a value outside its set", gateway, "ConnectorType: Partner", "ConnectorType: Partnership", "Partner or OnPremises"},
		{"a text for a flag", gateway, "EFSkipLastIP: false", "EFSkipLastIP: 'no'", "EFSkipLastIP"},
		{"a list placeholder for a word", gateway, "TlsSenderCertificateName: <gateway.certificate>", "TlsSenderCertificateName: <gateway.mx>", "is a word; <gateway.mx> is not"},
		{"a word placeholder for a list", gateway, "EFSkipIPs: <gateway.skipped>", "EFSkipIPs: <gateway.certificate>", "is a words; <gateway.certificate> is not"},
		{"a misspelt placeholder", gateway, "name: Inbound-connector-from-<gateway.name>", "name: Inbound-connector-from-<gateway.nam>", `nothing earlier is called "gateway.nam"`},
		{"a value per item outside the item", gateway, "name: Inbound-connector-from-<gateway.name>", "name: Inbound-connector-from-<domain>", "has a value per item"},
		{"a property set by two stages", gateway, "set: {EFUsers: null}", "set: {EFUsers: null, Enabled: true}", "is set by STEP-310 too, and both can apply"},
		{"a later property without a value until then", gateway, "      RequireTls: false\n      RestrictDomainsToCertificate: false\n      RestrictDomainsToIPAddresses: false\n      TlsSender", "      RestrictDomainsToCertificate: false\n      RestrictDomainsToIPAddresses: false\n      TlsSender", "RequireTls has no value under new"},
		{"a creation value that would be imposed", auth, "given: {Enabled: false, KeySize: 2048}", "new: {Enabled: false, KeySize: 2048}", "KeySize of a DkimSigningConfig cannot be set there"},
		{"a step without a stage's phase", gateway, "        phase: P5", "        phase: P10", `no phase is called "P10"`},
		{"stages out of order", gateway, "      - id: STEP-520\n        phase: P5", "      - id: STEP-220\n        phase: P2", "stands before STEP-310 in the plan"},
		{"a number of two steps", gateway, "id: STEP-315", "id: STEP-330", "has the number of"},
		{"a number of another phase", gateway, "- id: HOLD-710", "- id: HOLD-610", "HOLD-610 is of phase P7"},
		{"a hold with the number of a step", govlink, "id: HOLD-650", "id: HOLD-640", "steps and holds share one numbering"},
		{"a need of nothing", gateway, "needs: [HOLD-510]", "needs: [HOLD-999]", `no step or hold is called "HOLD-999"`},
		{"a need of what comes later", gateway, "needs: [HOLD-510]", "needs: [HOLD-710]", "HOLD-710 comes later"},
		{"a look at nothing that is known", auth, "{noun: DkimSigningConfig, name: <domain>, when", "{noun: Mailbox, name: <domain>, when", `HOLD-810: the contract knows no noun "Mailbox"`},
		{"a look at an object without a name", auth, "{noun: DkimSigningConfig, name: <domain>, when", "{noun: DkimSigningConfig, when", "HOLD-810: a look at DkimSigningConfig says which"},
		{"a look at a property that is none", auth, "Enabled: true, Status: Valid}", "Enabled: true, Mood: Valid}", "no property Mood of a DkimSigningConfig"},
		{"a time since a later hold", gateway, "since: {hold: HOLD-510, days: 7}", "since: {hold: HOLD-710, days: 7}", "HOLD-710: since names an earlier hold"},
		{"a time since a step", gateway, "since: {hold: HOLD-510, days: 7}", "since: {hold: STEP-520, days: 7}", "HOLD-710: since names an earlier hold"},
		{"no time since a hold", gateway, "since: {hold: HOLD-510, days: 7}", "since: {hold: HOLD-510}", "at least one day"},
		{"a hold that rests on no record", "topics/65-transport-security.yaml", "rests: [REC-061]", "rests: [REC-961]", `no record is called "REC-961"`},
		{"a hold for no record", auth, "records: [REC-031, REC-032]", "records: [REC-031, REC-932]", `no record is called "REC-932"`},
		{"a read-only property that is none", auth, "dkim.selector1: Selector1CNAME", "dkim.selector1: Selector1Name", "has no read-only property Selector1Name"},
		{"a text that is said to be a tenant's own", gateway, "id: gateway.certificate\n", "id: gateway.certificate\n    tenant: true\n", "never passes to another tenant"},
		{"a test for no hold", govlink, "hold: HOLD-650", "hold: HOLD-653", `hold: no such thing is called "HOLD-653"`},
		{"a test after a hold", govlink, "after: STEP-661", "after: HOLD-650", `after: no such thing is called "HOLD-650"`},
		{"a test for a hold of another phase", govlink, "hold: HOLD-650", "hold: HOLD-710", "HOLD-710 stands in another phase"},
		{"a test that expects nothing", govlink, "    expect: Delivered by this connector and no other\n", "", "TEST-670: expect is missing"},
		{"a flow of another phase", gateway, "- id: FLOW-310", "- id: FLOW-610", "FLOW-610 is of phase P3"},
		{"a flow twice", gateway, "- id: FLOW-511", "- id: FLOW-510", "FLOW-510 is defined twice"},
		{"a flow from nowhere", gateway, "from: {is: Any host of the Internet, at: [any]}", "from: {at: [any]}", "FLOW-510: from: is is missing"},
		{"a flow in no direction", gateway, "direction: out", "direction: both", "the direction is in or out"},
		{"a flow of no decision", connectivity, "between: 'DNS at each location: <DD-341>'", "between: DNS", "FLOW-120: no decision asks for it"},
		{"a flow on a question", gateway, "before: STEP-310\n    when: {DD-040: gateway}", "before: STEP-310\n    when: {gateway.inbound: gateway}", "FLOW-310: when: gateway.inbound is a question"},
		{"a flow before nothing", gateway, "before: STEP-310", "before: STEP-319", `FLOW-310: before: no such thing is called "STEP-319"`},
		{"a flow before a later phase", gateway, "before: STEP-310", "before: STEP-520", "FLOW-310: before: STEP-520 stands in another phase"},
		{"a protocol that no sheet holds", connectivity, "protocol: UDP", "protocol: GRE", "the protocol is TCP or UDP"},
		{"a port that is none", connectivity, "ports: [53]", "ports: [70000]", "FLOW-120: ports are numbers from 1 to 65535"},
		{"ports in disorder", connectivity, "ports: [80, 443]", "ports: [443, 80]", "FLOW-110: ports are numbers"},
		{"a port that its set has not", connectivity, "ports: [80, 443]", "ports: [80, 8443]", "FLOW-110: endpoint set 1 has no port TCP 8443"},
		{"a set that there is not", connectivity, "set: '9'", "set: '19'", "FLOW-113: endpoint set 19 has no port TCP 443"},
		{"a set that no flow names", "endpoints.yaml", "number: '9'", "number: '19'", "set 19: no flow names it"},
		{"a set with the addresses of no list", "endpoints.yaml", "addresses: microsoft-365-smtp", "addresses: microsoft-365", `set 10: no list is called "microsoft-365"`},
		{"endpoints of no day", "endpoints.yaml", "version: 'Names", "verse: 'Names", `unknown key "verse"`},
		{"endpoints that nobody verifies", "endpoints.yaml", "verify: 'Verify against the web service before opening: https://endpoints.office.com/endpoints/worldwide, with ServiceAreas=Exchange'\n", "", "version, verify, beside and cite say"},
		{"ports that nobody knows", "topics/45-hybrid.yaml", "    confirm: 'Names and ports are those of the agent''s own page. They were not read.'\n", "", "FLOW-304: a flow has ports"},
		{"a name that nobody is asked for", gateway, "at: [<gateway.mx-hosts>]", "at: [<gateway.mx-host>]", `nothing earlier is called "gateway.mx-host"`},
		{"a certificate for nobody", gateway, "    keeper: Whoever runs these hosts\n", "", "CERT-510: keeper is missing"},
		{"a certificate without a name", gateway, "    subject: [<gateway.mx-hosts>]\n", "", "CERT-510: a certificate has a subject"},
		{"a certificate of an unknown name", gateway, "subject: [<gateway.mx-hosts>]", "subject: [<gateway.mx-host>]", `nothing earlier is called "gateway.mx-host"`},
		{"a certificate on a question", gateway, "when: {DD-040: gateway, DD-044: certificate}", "when: {gateway.inbound: gateway, DD-044: certificate}", "CERT-310: when: gateway.inbound is a question"},
		{"a certificate twice", gateway, "- id: CERT-311", "- id: CERT-310", "CERT-310 is defined twice"},
		{"a record without a tag", today, "    tag: v=spf1\n", "", "a TXT record, and only it, has a tag"},
		{"a type that no plan holds", today, "type: MX", "type: NAPTR", `"NAPTR" is not a type of record`},
		{"a condition in a record on a question", today, "when: {DD-020: parked}", "when: {domain.role: parked}", "only decisions lead to"},
		{"each of no list", domains, "each: domains", "each: domain", `no earlier question of kind items is called "domain"`},
		{"two stages of a record in one phase", today, "- {phase: P2, ttl: 3600, value: .}", "- {phase: P2, ttl: 3600, value: .}\n      - {phase: P2, ttl: 300, value: .}", "two stages stand in P2, and both can apply"},
		{"rounds out of order", today, "- {phase: P2, ttl: 3600, value: .}", "- {phase: P2, round: 2, ttl: 3600, value: .}\n      - {phase: P2, round: 1, ttl: 300, value: .}", "in the order of their phases and rounds"},
		{"a time to live that is lowered too late", today, "    today: {value: <domain.mx-today>}\n", "    today: {value: <domain>, lower: P2, reason: soon}\n", "a time to live is lowered before P2"},
		{"a lowering without a reason", today, "    today: {value: <domain.mx-today>}\n", "    today: {value: <domain>, lower: P1}\n", "lower and reason belong together"},
		{"a present without a value", today, "    today: {value: <domain.mx-today>}\n", "    today: {ttl: <domain>}\n", "today: value is missing"},
		{"a present that nobody is asked for", today, "    today: {value: <domain.mx-today>}\n", "    today: {value: <domain.mx-then>}\n", `nothing earlier is called "domain.mx-then"`},
		{"a member added to what is no list", gateway, "add: {ArcTrustedSealers: [<gateway.arc-domain>]}", "add: {ArcTrustedSealer: [<gateway.arc-domain>]}", "knows no property ArcTrustedSealer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadFS(seeded(t, tt.file, tt.from, tt.to))
			var ps Problems
			if !errors.As(err, &ps) {
				t.Fatalf("loads all the same: %v", err)
			}
			if !slices.ContainsFunc(ps, func(p Problem) bool { return strings.Contains(p.Message, tt.want) && p.File != "" }) {
				t.Errorf("none of these says %q:\n%v", tt.want, err)
			}
		})
	}
}

// TestProblemsHaveLines: the line is that of the fault, not that of the file.
func TestProblemsHaveLines(t *testing.T) {
	_, err := LoadFS(seeded(t, "topics/40-gateway.yaml", "EFSkipLastIP: false", "EFSkipLastIPs: false"))
	var ps Problems
	if !errors.As(err, &ps) || len(ps) != 1 {
		t.Fatal(err)
	}
	data, err := fs.ReadFile(sources, "topics/40-gateway.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if line := strings.Split(string(data), "\n")[ps[0].Line-1]; !strings.Contains(line, "EFSkipLastIP") {
		t.Errorf("%v points at %q", ps[0], line)
	}
}

// TestAllProblemsAtOnce: nobody mends a file one run per fault.
func TestAllProblemsAtOnce(t *testing.T) {
	m, ok := seeded(t, "topics/40-gateway.yaml", "EFSkipLastIP: false", "EFSkipLastIPs: false").(fstest.MapFS)
	if !ok {
		t.Fatal("not a map")
	}
	auth := m["topics/60-authentication.yaml"]
	auth.Data = []byte(strings.Replace(string(auth.Data), "needs: [HOLD-220]", "needs: [HOLD-221]", 1))
	_, err := LoadFS(m)
	var ps Problems
	if !errors.As(err, &ps) || len(ps) != 2 || ps[0].File == ps[1].File {
		t.Errorf("want one problem in each of two files: %v", err)
	}
}

func TestParse(t *testing.T) {
	q := func(k Kind) Question { return Question{Kind: k} }
	choice := Question{Kind: Select, Options: []Option{{Value: "a"}, {Value: "b"}}}
	multi := Question{Kind: Multi, Options: choice.Options}
	for _, tt := range []struct {
		name string
		q    Question
		in   []string
		want any
		err  string
	}{
		{"one option", choice, []string{" a "}, "a", ""},
		{"no option", choice, []string{"c"}, nil, `"c" is not one of: a, b`},
		{"two where one is due", choice, []string{"a", "b"}, nil, "one answer is expected, not 2"},
		{"nothing", choice, nil, nil, "an answer is needed here"},
		{"blanks are nothing", choice, []string{"  "}, nil, "an answer is needed here"},
		{"nothing, where that is an answer", Question{Kind: Text, Optional: true}, []string{""}, nil, ""},
		{"several options", multi, []string{"b", "a"}, []string{"b", "a"}, ""},
		{"the same twice", multi, []string{"a", "a"}, nil, `"a" stands in the list twice`},
		{"yes in capitals", q(Confirm), []string{"YES"}, true, ""},
		{"true for yes", q(Confirm), []string{"true"}, true, ""},
		{"neither", q(Confirm), []string{"maybe"}, nil, `"maybe" is not yes or no`},
		{"text as typed", q(Text), []string{"O’Brien & Söhne"}, "O’Brien & Söhne", ""},
		{"a line break in a text", q(Text), []string{"a\nb"}, nil, "control character"},
		{"a text that turns about", q(Text), []string{"a\u202eb"}, nil, "U+202E"},
		{"a character beyond", q(Text), []string{"a😀"}, nil, "cannot carry"},
		{"a domain", q(Domain), []string{"Agency.Example"}, "agency.example", ""},
		{"a domain with a final dot", q(Domain), []string{"Agency.Example."}, "agency.example", ""},
		{"a domain pasted as a web address", q(Domain), []string{"https://Agency.Example:443/about?x=1"}, "agency.example", ""},
		{"a web address with a password", q(Domain), []string{"https://a:b@agency.example/"}, nil, "is a mail address"},
		{"a mail address for a domain", q(Domain), []string{"it@agency.example"}, nil, "is a mail address"},
		{"a path without a web address", q(Domain), []string{"agency.example/about"}, nil, "not a label"},
		{"one label", q(Domain), []string{"agency"}, nil, "not a domain name such as"},
		{"a domain that is an address", q(Domain), []string{"192.0.2.1"}, nil, "not a domain name such as"},
		{"a domain in letters of its own", q(Domain), []string{"Bücher.example"}, "xn--bcher-kva.example", ""},
		{"the same in its other form", q(Domain), []string{"XN--bcher-kva.example."}, "xn--bcher-kva.example", ""},
		{"both forms of one domain", q(Domains), []string{"bücher.example", "xn--bcher-kva.example"}, nil, "stands in the list twice"},
		{"letters that no name has", q(Domain), []string{"xn--a.example"}, nil, "is spelt so"},
		{"a name with a mark that turns it about", q(Domain), []string{"agen\u202ecy.example"}, nil, "is spelt so"},
		{"a domain with an underscore", q(Domain), []string{"_dmarc.agency.example"}, "_dmarc.agency.example", ""},
		{"a domain with a blank", q(Domain), []string{"a b.example"}, nil, "not a label"},
		{"a long label", q(Domain), []string{strings.Repeat("a", 64) + ".example"}, nil, "not a label"},
		{"two domains the same", q(Domains), []string{"a.example", "A.example"}, nil, `"A.example" stands in the list twice`},
		{"two domains wrong, both said", q(Domains), []string{"a b", "c d"}, nil, "\"a b\" is not a domain name such as agency.example\n\"c d\""},
		{"a host that is an address", q(Host), []string{"192.0.2.1"}, nil, "the name of the host is needed"},
		{"addresses and networks", q(Addresses), []string{"192.0.2.1", "2001:db8::/48"}, []string{"192.0.2.1", "2001:db8::/48"}, ""},
		{"a host that is an address of the other family", q(Host), []string{"2001:db8::25"}, nil, "the name of the host is needed"},
		{"a host that is the address of a web page", q(Host), []string{"http://192.0.2.1/"}, nil, "the name of the host is needed"},
		{"an address in capitals and in full", q(Addresses), []string{"2001:0DB8:0::1"}, []string{"2001:db8::1"}, ""},
		{"an address inside another", q(Addresses), []string{"::ffff:192.0.2.1"}, nil, "not an IP address"},
		{"an address of one link", q(Addresses), []string{"fe80::1%eth0"}, nil, "not an IP address"},
		{"a range with a dash", q(Addresses), []string{"192.0.2.1-192.0.2.9"}, nil, "not an IP address"},
		{"bits beside the network", q(Addresses), []string{"192.0.2.1/24"}, nil, "did you mean 192.0.2.0/24?"},
		{"no address", q(Addresses), []string{"192.0.2.256"}, nil, "not an IP address"},
		{"a mail address", q(Email), []string{"A.B@Agency.example"}, "a.b@agency.example", ""},
		{"a mail address in letters of its own", q(Email), []string{"it@bücher.example"}, "it@xn--bcher-kva.example", ""},
		{"a mail address with a name", q(Email), []string{"A <a@b.example>"}, nil, "not a mail address"},
		{"a report address with its scheme and a size", q(Emails), []string{"dmarc@reports.harbour.example!10m", "mailto:b.c@coastalworks.example"}, []string{"dmarc@reports.harbour.example", "b.c@coastalworks.example"}, ""},
		{"a report address twice, once with its scheme", q(Emails), []string{"a@b.example", "MAILTO:a@b.example"}, nil, "twice"},
		{"two schemes", q(Email), []string{"mailto:mailto:a@b.example"}, nil, "not a mail address"},
		{"a comma in a mail address", q(Email), []string{"b,c@coastalworks.example"}, nil, "not a mail address"},
		{"MX as people write it", q(MX), []string{"MX1.Gateway.example"}, []string{"mx1.gateway.example"}, ""},
		{"MX as dig +short prints it", q(MX), []string{"10 mx1.gateway.example.", "020  mx2.gateway.example."}, []string{"10 mx1.gateway.example", "20 mx2.gateway.example"}, ""},
		{"no MX at all", q(MX), []string{"None"}, []string{"none"}, ""},
		{"a null MX", q(MX), []string{"0 ."}, []string{"0 ."}, ""},
		{"a null MX without its preference", q(MX), []string{"."}, []string{"0 ."}, ""},
		{"a null MX with another preference", q(MX), []string{"10 ."}, nil, "is no null MX"},
		{"MX that is an address", q(MX), []string{"10 192.0.2.1"}, nil, "the name of the host is needed"},
		{"MX with a preference too high", q(MX), []string{"65536 mx.example.net"}, nil, "between 0 and 65535"},
		{"MX of two words", q(MX), []string{"low mx.example.net"}, nil, "is not a label"},
		{"a record text", q(TXT), []string{"v=spf1  mx -all"}, "v=spf1  mx -all", ""},
		{"a record text as dig +short prints it", q(TXT), []string{`"v=spf1 include:a.example " "-all"`}, "v=spf1 include:a.example -all", ""},
		{"strings without a blank between", q(TXT), []string{`"v=spf1 ip4:192.0.2.1 -""all"`}, "v=spf1 ip4:192.0.2.1 -all", ""},
		{"a word cut by the end of a string", q(TXT), []string{`"v=spf1 include:spf.pro" "tection.example -all"`}, "v=spf1 include:spf.protection.example -all", ""},
		{"a whole answer of dig", q(TXT), []string{"agency.example.\t3600\tIN\tTXT\t\"v=spf1 mx -all\""}, "v=spf1 mx -all", ""},
		{"escapes of a zone file", q(TXT), []string{`"v=DKIM1\; k=rsa\059 p=AB"`}, "v=DKIM1; k=rsa; p=AB", ""},
		{"a key with the semicolons of a zone file and no quotes", q(TXT), []string{`v=DKIM1\; k=rsa\; p=AB`}, "v=DKIM1; k=rsa; p=AB", ""},
		{"half a record text", q(TXT), []string{`"v=spf1 include:a.example "  "-all`}, nil, "a quote is not closed"},
		{"a record text that lost its first quote", q(TXT), []string{`v=spf1 mx" "-all"`}, nil, "a quote or a backslash inside"},
		{"something beside the quotes", q(TXT), []string{`"v=spf1 mx" -all`}, nil, "something stands beside the quotes"},
		{"a backslash at the end of a string", q(TXT), []string{`"v=spf1 mx\`}, nil, "a quote is not closed"},
		{"an empty string", q(TXT), []string{`""`}, nil, "holds no text"},
		{"letters that no record holds", q(TXT), []string{"v=spf1 include:bücher.example -all"}, nil, "cannot hold"},
		{"a selector", q(Selector), []string{"GW2026"}, "gw2026", ""},
		{"a selector typed with its whole name", q(Selector), []string{"hm2026._domainkey.coastalworks.example"}, "hm2026", ""},
		{"the same with a final dot", q(Selector), []string{"HM2026._DomainKey.coastalworks.example."}, "hm2026", ""},
		{"a selector with its fixed part", q(Selector), []string{"hm2026._domainkey"}, "hm2026", ""},
		{"a selector with dots", q(Selector), []string{"hm2026.coastalworks.example"}, nil, "one label without dots"},
		{"a selector of two labels", q(Selector), []string{"a.b._domainkey.coastalworks.example"}, nil, "one label without dots"},
		{"the fixed part alone", q(Selector), []string{"_domainkey.coastalworks.example"}, nil, "what stands before ._domainkey"},
		{"a tenant ID", q(GUID), []string{"6F1D2C34-58AB-4E07-9C1E-2B7A90D4E3F5"}, "6f1d2c34-58ab-4e07-9c1e-2b7a90d4e3f5", ""},
		{"a tenant ID in braces", q(GUID), []string{"{6f1d2c34-58ab-4e07-9c1e-2b7a90d4e3f5}"}, "6f1d2c34-58ab-4e07-9c1e-2b7a90d4e3f5", ""},
		{"a text that is no UTF-8", q(Text), []string{"S\xf8n"}, nil, "was lost on its way here"},
		{"half an ID", q(GUID), []string{"6f1d2c34"}, nil, "not an ID such as"},
		{"a date", q(Date), []string{"2026-02-29"}, nil, "not a date"},
		{"a pattern", Question{Kind: Text, Pattern: "[a-z]+", Example: "abc"}, []string{"ab1"}, nil, "such as abc"},
		{"items", Question{Kind: Items, Of: Domain}, []string{"B.example"}, []Item{{"b.example", "b.example"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.q.Parse(tt.in...)
			if fmt.Sprint(err) != "<nil>" && tt.err == "" || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if tt.err == "" && fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", tt.want) {
				t.Errorf("%#v, want %#v", got, tt.want)
			}
		})
	}
}

// TestFormat: Format is the inverse of Parse for every kind.
func TestFormat(t *testing.T) {
	for kind, texts := range map[Kind][]string{
		Select: {"a"}, Multi: {"a", "b"}, Confirm: {"no"}, Text: {"x y"}, Texts: {"x", "y"}, Domain: {"a.example"}, Domains: {"a.example", "b.example"},
		Host: {"h.example"}, Hosts: {"h.example"}, MX: {"10 h.example", "h.example", "0 ."}, TXT: {"v=x y"}, Selector: {"s1"}, Addresses: {"192.0.2.0/24"}, Email: {"a@b.example"}, Emails: {"a@b.example"},
		GUID: {"6f1d2c34-58ab-4e07-9c1e-2b7a90d4e3f5"}, Date: {"2026-11-25"}, Items: {"a.example"},
	} {
		q := Question{Kind: kind, Of: Domain, Options: []Option{{Value: "a"}, {Value: "b"}}}
		v, err := q.Parse(texts...)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if got := q.Format(v); !slices.Equal(got, texts) {
			t.Errorf("%s: %q, want %q", kind, got, texts)
		}
	}
	if len(Kinds()) != 18 {
		t.Errorf("a kind was added: give it a row above")
	}
}

func TestCond(t *testing.T) {
	for _, tt := range []struct {
		cond string
		want bool
	}{
		{`{}`, true},
		{`{a: x}`, true},
		{`{a: y}`, false},
		{`{a: [y, x]}`, true},
		{`{a: x, b: z}`, false},
		{`{list: two}`, true},
		{`{absent: x}`, false},
		{`[{a: y}, {flag: yes}]`, true},
		{`{flag: true}`, true},
	} {
		var c Cond
		if err := yaml.Unmarshal([]byte(tt.cond), &c); err != nil {
			t.Fatal(err)
		}
		words := map[string][]string{"a": {"x"}, "b": {"y"}, "list": {"one", "two"}, "flag": {"yes"}}
		if got := c.Holds(func(id string) []string { return words[id] }); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.cond, got, tt.want)
		}
	}
}

func TestFill(t *testing.T) {
	values := map[string]any{"word": "w", "flag": true, "number": 3, "list": []string{"a", "b"}, "empty": nil}
	get := func(id string) (any, error) {
		switch id {
		case "open":
			return nil, OpenError{"open"}
		case "absent":
			return nil, AbsentError{"absent"}
		}
		return values[id], nil
	}
	for _, tt := range []struct {
		in, want any
		err      error
	}{
		{"<word>", "w", nil},
		{"<flag>", true, nil},
		{"<number>", 3, nil},
		{"<list>", []any{"a", "b"}, nil},
		{"<empty>", nil, nil},
		{"x <word> <list> <flag>", "x w a b yes", nil},
		{[]any{"<word>", "<list>", "z"}, []any{"w", "a", "b", "z"}, nil},
		{[]any{"<absent>", "z"}, []any{"z"}, nil},
		{[]any{"<open>"}, nil, OpenError{"open"}},
		{"<open>", nil, OpenError{"open"}},
		{"x <absent>", nil, AbsentError{"absent"}},
		{"<NotAPlaceholder> a<b>c", "<NotAPlaceholder> ac", nil},
		{"<<word>> <word", "<w> <word", nil},
		{"<word> <", "w <", nil},
		{"<DD-02> <DD-02x> <DD-020> <DD-0201>", "<DD-02> <DD-02x>  <DD-0201>", nil},
		{"<9word> <wo_rd> <>", "<9word> <wo_rd> <>", nil},
		{false, false, nil},
	} {
		got, err := Fill(tt.in, get)
		if fmt.Sprintf("%#v %v", got, err) != fmt.Sprintf("%#v %v", tt.want, tt.err) {
			t.Errorf("%v: %#v, %v; want %#v, %v", tt.in, got, err, tt.want, tt.err)
		}
	}
}
