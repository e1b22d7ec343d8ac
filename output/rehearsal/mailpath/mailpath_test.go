package mailpath

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// tenant is a state by hand. Rules come in the order of their priority.
type tenant map[string][]rehearsal.Object

func (t tenant) Objects(noun string) []rehearsal.Object { return t[noun] }

// values are written as a script writes them.
type values = map[string]any

// with is the tenant with one more object. What the service would add is added.
func (t tenant) with(noun, name string, v values) tenant {
	defaults := map[string]values{
		"AcceptedDomain":    {"DomainName": name, "DomainType": "Authoritative"},
		"RemoteDomain":      {"DomainName": name},
		"InboundConnector":  {"ConnectorType": "Partner", "Enabled": true, "RequireTls": false, "SenderDomains": []any{"*"}},
		"OutboundConnector": {"ConnectorType": "Partner", "Enabled": true, "UseMxRecord": false, "SmartHosts": []any{name + ".host.example"}},
		"TransportRule":     {"State": "Enabled", "Mode": "Enforce", "RuleErrorAction": "Ignore", "CreatedBy": "Administrator", "SenderAddressLocation": "Header"},
	}
	all := values{}
	maps.Copy(all, defaults[noun])
	maps.Copy(all, v)
	out := maps.Clone(t)
	out[noun] = append(slices.Clone(t[noun]), rehearsal.Object{Noun: noun, Name: name, Values: all})
	return out
}

func (t tenant) rule(name string, v values) tenant { return t.with("TransportRule", name, v) }
func (t tenant) out(name string, v values) tenant  { return t.with("OutboundConnector", name, v) }
func (t tenant) in(name string, v values) tenant   { return t.with("InboundConnector", name, v) }

// agency has a domain of its own, one that it shares with its servers, and one of a sister.
func agency() tenant {
	return tenant{}.with("AcceptedDomain", "agency.example", nil).
		with("AcceptedDomain", "shared.example", values{"DomainType": "InternalRelay", "MatchSubDomains": true}).
		with("RemoteDomain", "Default", values{"DomainName": "*"}).with("RemoteDomain", "sister", values{"DomainName": "sister.example", "IsInternal": true}).
		with("IRMConfiguration", "", values{"AzureRMSLicensingEnabled": true})
}

// to is a message from inside.
func to(recipients ...string) Message {
	return Message{Name: "test", From: "officer@agency.example", To: recipients, Subject: "Minutes"}
}

// absent is one to a recipient who has no mailbox in the tenant.
func absent(recipient string) Message {
	m := to(recipient)
	m.Absent = m.To
	return m
}

func (m Message) header(name, value string) Message {
	m.Headers = map[string]string{name: value}
	return m
}

func (m Message) subject(s string) Message {
	m.Subject = s
	return m
}

// from is a message from outside to an officer, over TLS and with a certificate unless it is empty.
func from(sender, address, certificate string) Message {
	return Message{
		Name: "test", From: sender, To: []string{"officer@agency.example"}, Subject: "Minutes",
		Arrival: &Arrival{Address: netip.MustParseAddr(address), TLS: certificate != "", Certificate: certificate},
	}
}

func marked(m Message) Message {
	return m.header("X-Protective-Marking", "VER=2025.1, NS=gov.au, SEC=PROTECTED")
}

// told writes the answers, each with the readings under which it holds.
func told(answers []Answer) []string {
	var out []string
	for _, a := range answers {
		var fates []string
		for _, f := range a.Fates {
			s := f.String()
			if f.Encrypted {
				s += ", encrypted"
			}
			if f.SeesPast {
				s += ", sees past"
			}
			fates = append(fates, s)
		}
		s := strings.Join(fates, "; ")
		if a.Under != (Under{}) {
			s = a.Under.String() + ": " + s
		}
		out = append(out, s)
	}
	return out
}

type question struct {
	name string
	t    tenant
	m    Message
	want []string
}

// TestPath asks questions with known answers, and sees that every reading is met by one of them.
func TestPath(t *testing.T) {
	met := map[string]bool{}
	for name, questions := range map[string][]question{"out": waysOut(), "rules": throughRules(), "in": waysIn()} {
		for _, q := range questions {
			t.Run(name+"/"+q.name, func(t *testing.T) {
				x, err := New(q.t)
				if err != nil {
					t.Fatal(err)
				}
				answers := x.Ask(q.m)
				if got := told(answers); !slices.Equal(got, q.want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(q.want, "\n"))
				}
				for _, a := range answers {
					met[a.Under.String()] = true
				}
			})
		}
	}
	all, err := Readings()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		for _, o := range r.Options {
			if r.Says[o] == "" || !met[r.ID+"="+o] {
				t.Errorf("%s=%s says %q; a question meets it alone: %t", r.ID, o, r.Says[o], met[r.ID+"="+o])
			}
		}
	}
}

const mx = "leaves by MX, TLS if offered"

func waysOut() []question {
	a := agency()
	all := values{"RecipientDomains": []any{"*"}, "TlsSettings": "DomainValidation"}
	exact := values{"RecipientDomains": []any{"partner.example"}, "TlsSettings": "EncryptionOnly"}
	gate := a.out("gate", all)
	gated := "leaves to gate.host.example, TLS with the right name (gate)"
	with := func(v values, k string, x any) values {
		out := maps.Clone(v)
		out[k] = x
		return out
	}
	central := a.out("central", values{"RouteAllMessagesViaOnPremises": true, "ConnectorType": "OnPremises"})
	accepted := a.out("servers", values{"AllAcceptedDomains": true, "ConnectorType": "OnPremises"}).out("gate", all)
	return []question{
		{"a mailbox", gate, to("clerk@agency.example"), []string{"delivered"}},
		{"no connector", a, to("x@partner.example"), []string{mx}},
		{"for all domains", gate, to("x@partner.example"), []string{gated}},
		{"disabled", a.out("gate", with(all, "Enabled", false)), to("x@partner.example"), []string{mx}},
		{"scoped to rules", a.out("gate", with(all, "IsTransportRuleScoped", true)), to("x@partner.example"), []string{mx}},
		{"for no domain", a.out("gate", nil), to("x@partner.example"), []string{mx}},
		{"the exact domain first", gate.out("p", exact), to("x@partner.example"), []string{"leaves to p.host.example, TLS (p)"}},
		{"not what lies below it", gate.out("p", exact), to("x@desk.partner.example"), []string{gated}},
		{"what lies below an asterisk", a.out("p", with(exact, "RecipientDomains", []any{"*.partner.example"})), to("x@desk.partner.example"), []string{"leaves to p.host.example, TLS (p)"}},
		{"and not the domain itself", a.out("p", with(exact, "RecipientDomains", []any{"*.partner.example"})), to("x@partner.example"), []string{mx}},
		{"a trusted certificate", a.out("gate", with(all, "TlsSettings", "CertificateValidation")), to("x@partner.example"), []string{"leaves to gate.host.example, TLS with a trusted certificate (gate)"}},
		{"by MX with a connector", a.out("p", with(exact, "UseMxRecord", true)), to("x@partner.example"), []string{"leaves by MX, TLS (p)"}},
		{"DANE", a.out("p", values{"RecipientDomains": []any{"partner.example"}, "UseMxRecord": true, "SmtpDaneMode": "Mandatory"}), to("x@partner.example"), []string{"leaves by MX, TLS with the right name (p)"}},
		{"two that match", gate.out("p", with(all, "RecipientDomains", []any{"*.example"})), to("x@partner.example"), []string{
			"outbound-choice=longest: leaves to p.host.example, TLS with the right name (p)", "outbound-choice=first: " + gated,
			"outbound-choice=last: leaves to p.host.example, TLS with the right name (p)",
		}},
		{"in test mode", a.out("gate", with(all, "TestMode", true)), to("x@partner.example"), []string{"test-mode=idle: " + mx, "test-mode=takes: " + gated}},
		{"no mailbox", a, absent("x@agency.example"), []string{"rejected (no mailbox)"}},
		{"a mailbox in a relayed domain", a, to("x@shared.example"), []string{"delivered"}},
		{"and none below it", a, absent("x@desk.shared.example"), []string{mx}},
		{"all accepted domains", accepted, absent("x@shared.example"), []string{"leaves to servers.host.example, TLS if offered (servers)"}},
		{"and no other", accepted, to("x@partner.example"), []string{gated}},
		{"by way of on-premises", central, to("x@partner.example"), []string{"leaves to central.host.example, TLS if offered (central)"}},
		{"or by the exact domain", central.out("p", exact), to("x@partner.example"), []string{
			"central=exact: leaves to p.host.example, TLS (p)", "central=central: leaves to central.host.example, TLS if offered (central)",
		}},
	}
}

func throughRules() []question {
	a := agency()
	header := values{"HeaderMatchesMessageHeader": "X-Protective-Marking", "HeaderMatchesPatterns": []any{"SEC=PROTECTED"}}
	plus := func(v values, pairs ...any) values {
		out := maps.Clone(v)
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i].(string)] = pairs[i+1]
		}
		return out
	}
	outside := plus(header, "SentToScope", "NotInOrganization")
	reject := plus(outside, "RejectMessageReasonText", "no")
	route := plus(outside, "RecipientDomainIs", []any{"treasury.example"}, "RouteMessageOutboundConnector", "govlink", "StopRuleProcessing", true)
	scoped := a.out("govlink", values{"IsTransportRuleScoped": true, "TlsSettings": "DomainValidation"})
	led := "leaves to govlink.host.example, TLS with the right name (govlink)"
	approved, other, both := marked(to("x@treasury.example")), marked(to("x@other.example")), marked(to("x@treasury.example", "x@other.example"))
	plan := scoped.rule("20", route).rule("30", reject)
	excepts := a.rule("30", plus(reject, "ExceptIfRecipientDomainIs", []any{"treasury.example"}))
	tls := values{"RouteMessageOutboundRequireTls": true}
	file := to("x@other.example")
	file.Attachments = []Attachment{{Text: "card 4111", Executable: true}}
	signed, sealed := to("x@other.example"), from("x@other.example", "203.0.113.1", "")
	signed.SMIME, sealed.SMIME = &SMIME{}, &SMIME{Encrypted: true}
	disclaims := values{"ApplyHtmlDisclaimerText": "no duty", "ExceptIfMessageTypeMatches": "Signed", "Quarantine": true}
	encrypts := values{"SubjectOrBodyMatchesPatterns": []any{"Minutes"}, "ApplyRightsProtectionTemplate": "Encrypt"}
	unlicensed := maps.Clone(a)
	delete(unlicensed, "IRMConfiguration")
	return []question{
		{"rejected by its header", a.rule("30", reject), other, []string{"rejected (30)"}},
		{"in any case of the name", a.rule("30", reject), to("x@other.example").header("x-protective-marking", "sec=protected"), []string{"rejected (30)"}},
		{"not by its subject", a.rule("30", reject), to("x@other.example").subject("Minutes [SEC=PROTECTED]"), []string{mx}},
		{"nor by another header", a.rule("30", reject), to("x@other.example").header("X-Other", "SEC=PROTECTED"), []string{mx}},
		{"nor to a colleague", a.rule("30", reject), marked(to("clerk@agency.example")), []string{"delivered"}},
		{"by its subject", a.rule("31", values{"SubjectMatchesPatterns": []any{`\[SEC=PROTECTED`}, "RejectMessageReasonText": "no"}), to("x@other.example").subject("Minutes [SEC=PROTECTED]"), []string{"rejected (31)"}},
		{"a disabled rule", a.rule("30", plus(reject, "State", "Disabled")), other, []string{mx}},
		{"an audited rule", a.rule("30", plus(reject, "Mode", "Audit")), other, []string{mx}},
		{"an audited rule that stops", a.rule("1", plus(header, "Mode", "Audit", "StopRuleProcessing", true)).rule("30", reject), other, []string{"audit-stops=no: rejected (30)", "audit-stops=yes: " + mx}},
		{"a rule in front that stops", a.rule("1", values{"StopRuleProcessing": true, "SetAuditSeverity": "Low"}).rule("30", reject), other, []string{mx}},
		{"a rule behind", a.rule("30", reject).rule("1", values{"StopRuleProcessing": true}), other, []string{"rejected (30)"}},
		{"led to its connector", plan, approved, []string{led}},
		{"and below the domain", plan, marked(to("x@desk.treasury.example")), []string{led}},
		{"and not beside it", plan, marked(to("x@nottreasury.example")), []string{"rejected (30)"}},
		{"and nobody else", plan, other, []string{"rejected (30)"}},
		{"and no other marking", plan, to("x@treasury.example").header("X-Protective-Marking", "SEC=OFFICIAL"), []string{mx}},
		{"both at once", plan, both, []string{
			"recipients=split: " + led + "; rejected (30)", "recipients=whole: " + led + "; " + led, "recipients=all: rejected (30); rejected (30)",
		}},
		{"both, with an exception", excepts, both, []string{
			"exceptions=split: " + mx + "; rejected (30)", "exceptions=whole: " + mx + "; " + mx, "exceptions=all: rejected (30); rejected (30)",
		}},
		{"a colleague and another", a.rule("30", reject), marked(to("clerk@agency.example", "x@other.example")), []string{
			"recipients=split: delivered; rejected (30)", "recipients=whole: rejected (30); rejected (30)", "recipients=all: delivered; " + mx,
		}},
		{"its connector is disabled", a.out("govlink", values{"IsTransportRuleScoped": true, "Enabled": false}).rule("20", route), approved, []string{
			"disabled-route=ordinary: " + mx, "disabled-route=waits: waits (govlink)",
		}},
		{"its connector is gone", a.rule("20", route), approved, []string{"disabled-route=ordinary: " + mx, "disabled-route=waits: waits (govlink)"}},
		{"its connector is not scoped", a.out("govlink", values{"TlsSettings": "DomainValidation"}).rule("20", route), approved, []string{
			"unscoped-route=taken: " + led, "unscoped-route=ordinary: " + mx,
		}},
		{"two that lead", scoped.out("b", values{"IsTransportRuleScoped": true}).rule("1", values{"RouteMessageOutboundConnector": "b"}).rule("20", route), approved, []string{
			"two-routes=last: " + led, "two-routes=first: leaves to b.host.example, TLS if offered (b)",
		}},
		{"TLS demanded", a.rule("40", tls), to("x@other.example"), []string{"leaves by MX, TLS"}},
		{"TLS demanded of a connector", a.out("b", values{"IsTransportRuleScoped": true}).rule("40", tls).rule("1", values{"RouteMessageOutboundConnector": "b"}), to("x@other.example"), []string{
			"routed-tls=holds: leaves to b.host.example, TLS (b)", "routed-tls=lost: leaves to b.host.example, TLS if offered (b)",
		}},
		{"held", a.rule("60", values{"SentToScope": "NotInOrganization", "Quarantine": true, "ExceptIfSubjectMatchesPatterns": []any{`\[SEC=`}}), to("x@other.example"), []string{"quarantined (60)"}},
		{"and not when it is marked", a.rule("60", values{"Quarantine": true, "ExceptIfSubjectMatchesPatterns": []any{`\[SEC=`}}), to("x@other.example").subject("[SEC=OFFICIAL]"), []string{mx}},
		{"held by its file", a.rule("70", values{"AttachmentHasExecutableContent": true, "Quarantine": true}), file, []string{"quarantined (70)"}},
		{"not held by another's", a.rule("70", values{"AttachmentIsPasswordProtected": true, "AttachmentIsUnsupported": true, "AttachmentProcessingLimitExceeded": true, "Quarantine": true}), file, []string{mx}},
		{"encrypted by its file", a.rule("71", values{"AttachmentMatchesPatterns": []any{`\d{4}`}, "ApplyRightsProtectionTemplate": "Encrypt"}), file, []string{mx + ", encrypted"}},
		{"encrypted twice", a.rule("71", encrypts).rule("72", encrypts), to("x@other.example"), []string{mx + ", encrypted"}},
		{"encrypted without rights", unlicensed.rule("71", encrypts), to("x@other.example"), []string{"no-rights=waits: waits (71)", "no-rights=plain: " + mx}},
		{"signed by its sender", a.rule("70", disclaims), signed, []string{"message-type=smime: " + mx, "message-type=other: quarantined (70)"}},
		{"and another is not", a.rule("70", disclaims), to("x@other.example"), []string{"quarantined (70)"}},
		{"encrypted by its sender", a.rule("16", values{"MessageTypeMatches": "Encrypted", "Quarantine": true}), sealed, []string{"message-type=smime: quarantined (16)", "message-type=other: delivered"}},
		{"to a list, by its header", a.rule("65", values{"Quarantine": true, "ExceptIfAnyOfToCcHeader": []any{"list@agency.example"}}), to("clerk@agency.example", "list@agency.example"), []string{"delivered; delivered"}},
		{"to no list", a.rule("65", values{"Quarantine": true, "ExceptIfAnyOfToCcHeader": []any{"list@agency.example"}}), to("clerk@agency.example"), []string{"quarantined (65)"}},
		{"a header that a rule sets", a.rule("1", values{"SetHeaderName": "X-Protective-Marking", "SetHeaderValue": "SEC=PROTECTED"}).rule("30", reject), to("x@other.example"), []string{"rejected (30)"}},
		{"a header that a rule removes", a.rule("1", values{"RemoveHeader": "x-protective-marking"}).rule("30", reject), other, []string{mx}},
		{"from outside, and not", a.rule("1", values{"FromScope": "NotInOrganization", "Quarantine": true}), to("clerk@agency.example"), []string{"delivered"}},
		{"from outside", a.rule("1", values{"FromScope": "NotInOrganization", "Quarantine": true}), from("x@other.example", "203.0.113.1", ""), []string{"quarantined (1)"}},
		{"from inside, forged", a.rule("1", values{"FromScope": "InOrganization", "Quarantine": true}), from("boss@agency.example", "203.0.113.1", ""), []string{"delivered"}},
		{"not from known addresses", a.rule("1", values{
			"Quarantine": true, "ExceptIfHeaderContainsMessageHeader": authAs, "ExceptIfHeaderContainsWords": []any{"Internal"}, "ExceptIfSenderIpRanges": []any{"192.0.2.0/24"},
		}), from("x@other.example", "203.0.113.1", ""), []string{"quarantined (1)"}},
		{"from known addresses", a.rule("1", values{"Quarantine": true, "ExceptIfSenderIpRanges": []any{"192.0.2.1-192.0.2.9"}}), from("x@other.example", "192.0.2.9", ""), []string{"delivered"}},
		{"sent inside", a.rule("1", values{"Quarantine": true, "ExceptIfHeaderContainsMessageHeader": authAs, "ExceptIfHeaderContainsWords": []any{"Internal"}}), to("clerk@agency.example"), []string{"delivered"}},
		{"a relayed domain", a.rule("30", reject), marked(absent("x@shared.example")), []string{"relay-scope=inside: " + mx, "relay-scope=outside: rejected (30)"}},
		{"an internal remote domain", a.rule("30", reject), marked(to("x@sister.example")), []string{"remote-scope=outside: rejected (30)", "remote-scope=inside: " + mx}},
	}
}

func waysIn() []question {
	a := agency()
	lock := values{"RequireTls": true, "RestrictDomainsToCertificate": true, "TlsSenderCertificateName": "*.gate.example", "EFSkipIPs": []any{"192.0.2.0/28"}}
	locked, open := a.in("gate", lock), a.in("gate", values{"EFSkipIPs": []any{"192.0.2.0/28"}, "EFUsers": []any{"pilot@agency.example"}})
	gate, stranger := from("x@other.example", "192.0.2.5", "a.gate.example"), from("x@other.example", "203.0.113.1", "mail.other.example")
	plain := from("x@other.example", "203.0.113.1", "")
	byAddress := a.in("gate", values{"RestrictDomainsToIPAddresses": true, "SenderIPAddresses": []any{"192.0.2.0/28"}})
	servers := a.in("servers", values{"ConnectorType": "OnPremises", "TlsSenderCertificateName": "mail.agency.example", "SenderIPAddresses": []any{"198.51.100.7"}})
	direct := a.with("OrganizationConfig", "", values{"RejectDirectSend": true})
	forged := from("boss@agency.example", "203.0.113.1", "")
	relay := func(m Message, to string) Message { m.To = []string{to}; return m }
	pilot := relay(gate, "pilot@agency.example")
	two := gate
	two.To = []string{"pilot@agency.example", "officer@agency.example"}
	return []question{
		{"no connector", a, stranger, []string{"delivered"}},
		{"without TLS", a, plain, []string{"delivered"}},
		{"the gateway", locked, gate, []string{"delivered, sees past"}},
		{"another certificate", locked, stranger, []string{"rejected (gate)"}},
		{"no TLS", locked, plain, []string{"rejected (gate)"}},
		{"disabled", a.in("gate", values{"Enabled": false, "RequireTls": true}), plain, []string{"delivered"}},
		{"TLS alone is asked", a.in("gate", values{"RequireTls": true}), plain, []string{"rejected (gate)"}},
		{"and is there", a.in("gate", values{"RequireTls": true}), stranger, []string{"delivered"}},
		{"its address", byAddress, gate, []string{"delivered"}},
		{"another address", byAddress, stranger, []string{"rejected (gate)"}},
		{"for another sender", a.in("p", values{"SenderDomains": []any{"partner.example"}, "RequireTls": true}), plain, []string{"delivered"}},
		{"for this sender", a.in("p", values{"SenderDomains": []any{"*.example"}, "RequireTls": true}), plain, []string{"rejected (p)"}},
		{"for a sender below", a.in("p", values{"SenderDomains": []any{"other.example"}, "RequireTls": true}), from("x@desk.other.example", "203.0.113.1", ""), []string{
			"sender-subdomains=exact: delivered", "sender-subdomains=below: rejected (p)",
		}},
		{"two that match", locked.in("p", values{"SenderDomains": []any{"other.example"}}), stranger, []string{
			"inbound-choice=specific: delivered", "inbound-choice=strict: rejected (gate)", "inbound-choice=lax: delivered",
		}},
		{"filtering looks past for a pilot", open, pilot, []string{"delivered, sees past"}},
		{"and nobody else", open, gate, []string{"delivered"}},
		{"only when all are listed", open, two, []string{"delivered; delivered"}},
		{"nor past another address", open, relay(stranger, "pilot@agency.example"), []string{"delivered"}},
		{"the last hop, whoever it is", a.in("gate", values{"EFSkipLastIP": true}), stranger, []string{"delivered, sees past"}},
		{"no relay", a, relay(stranger, "x@partner.example"), []string{"rejected (no relay)"}},
		{"own servers relay by certificate", servers, relay(from("x@other.example", "203.0.113.1", "mail.agency.example"), "x@partner.example"), []string{mx}},
		{"and by address, for their own domains", servers, relay(from("x@agency.example", "198.51.100.7", ""), "x@partner.example"), []string{mx}},
		{"and for no other", servers, relay(from("x@other.example", "198.51.100.7", ""), "x@partner.example"), []string{"rejected (no relay)"}},
		{"a foreign certificate name", a.in("servers", values{"ConnectorType": "OnPremises", "TlsSenderCertificateName": "mail.cloud.example"}), relay(from("x@other.example", "203.0.113.1", "mail.cloud.example"), "x@partner.example"), []string{"rejected (no relay)"}},
		{"own servers pass the lock", locked.in("servers", values{"ConnectorType": "OnPremises", "TlsSenderCertificateName": "mail.agency.example"}), from("x@other.example", "203.0.113.1", "mail.agency.example"), []string{"delivered"}},
		{"direct send", direct, forged, []string{"rejected (RejectDirectSend)"}},
		{"direct send below a domain that matches", direct, from("boss@desk.shared.example", "203.0.113.1", ""), []string{"rejected (RejectDirectSend)"}},
		{"and below one that does not", direct, from("boss@desk.agency.example", "203.0.113.1", ""), []string{"delivered"}},
		{"in nobody's name", direct, plain, []string{"delivered"}},
		{"through the gateway", direct.in("gate", lock), from("boss@agency.example", "192.0.2.5", "a.gate.example"), []string{"delivered, sees past"}},
		{"past a connector that restricts nobody", direct.in("gate", nil), forged, []string{"open-connector=none: rejected (RejectDirectSend)", "open-connector=counts: delivered"}},
	}
}

// TestNotUnderstood: what the oracle does not know in an object that works is an error; in one that
// does not work it is nothing.
func TestNotUnderstood(t *testing.T) {
	for _, tt := range []struct {
		noun string
		v    values
		want string
	}{
		{"TransportRule", values{"FromMemberOf": []any{"staff"}, "Quarantine": true}, "FromMemberOf"},
		{"TransportRule", values{"ExceptIfSCLOver": 5, "Quarantine": true}, "ExceptIfSCLOver"},
		{"TransportRule", values{"RedirectMessageTo": []any{"x@other.example"}}, "RedirectMessageTo"},
		{"TransportRule", values{"SentToScope": "ExternalPartner", "Quarantine": true}, `SentToScope: "ExternalPartner"`},
		{"TransportRule", values{"MessageTypeMatches": "Voicemail", "Quarantine": true}, `MessageTypeMatches: "Voicemail"`},
		{"TransportRule", values{"SubjectMatchesPatterns": []any{"(?=x)"}, "Quarantine": true}, "SubjectMatchesPatterns"},
		{"TransportRule", values{"GenerateIncidentReport": "x@agency.example", "IncidentReportContent": []any{"AttachOriginalMail"}}, "IncidentReportContent"},
		{"InboundConnector", values{"TrustedOrganizations": []any{"other.example"}}, "TrustedOrganizations"},
		{"InboundConnector", values{"ConnectorType": "Other"}, "ConnectorType"},
		{"InboundConnector", values{"SenderIPAddresses": []any{"somewhere"}}, "SenderIPAddresses"},
		{"InboundConnector", values{"EFSkipIPs": []any{"192.0.2.1-somewhere"}}, "EFSkipIPs"},
		{"OutboundConnector", values{"TlsSettings": "Perhaps"}, "TlsSettings"},
		{"OutboundConnector", values{"SmartHosts": []any{}}, "SmartHosts"},
		{"AcceptedDomain", values{"DomainType": "ExternalRelay"}, "DomainType"},
		{"AcceptedDomain", values{"SendingToDomainDisabled": true}, "SendingToDomainDisabled"},
		{"RemoteDomain", values{"TrustedMailOutboundEnabled": true}, "TrustedMailOutboundEnabled"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			if _, err := New(agency().with(tt.noun, "thing", tt.v)); err == nil || !strings.Contains(err.Error(), tt.noun+" thing: not understood: "+tt.want) {
				t.Errorf("got %v", err)
			}
			off := map[string]values{"TransportRule": {"State": "Disabled"}, "InboundConnector": {"Enabled": false}, "OutboundConnector": {"Enabled": false}}[tt.noun]
			if off == nil {
				return
			}
			maps.Copy(off, tt.v)
			if _, err := New(agency().with(tt.noun, "thing", off)); err != nil {
				t.Errorf("it does nothing, and yet: %v", err)
			}
		})
	}
}

// TestReadingsAreSourced: each names a page of the catalogue.
func TestReadingsAreSourced(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	all, err := Readings()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if _, ok := c.Citations[r.Cite]; !ok {
			t.Errorf("%s cites %s, which there is not", r.ID, r.Cite)
		}
	}
	for name, text := range map[string]string{
		"no page":    "a: {about: x, options: {b: x, c: x}, silent: x}",
		"one option": "a: {about: x, options: {b: x}, silent: x, cite: y}",
		"a key more": "a: {about: x, options: {b: x, c: x}, silent: x, cite: y, sources: z}",
		"too many": strings.Join(slices.Collect(func(yield func(string) bool) {
			for i := range len(Under{}) + 1 {
				yield(fmt.Sprintf("r%d: {about: x, options: {b: x, c: x}, silent: x, cite: y}", i))
			}
		}), "\n"),
	} {
		if _, err := decodeReadings([]byte(text)); err == nil {
			t.Errorf("%s: loads", name)
		}
	}
}

func TestLosses(t *testing.T) {
	a := agency()
	reject := values{"SentToScope": "NotInOrganization", "SubjectMatchesPatterns": []any{"SEC=PROTECTED"}, "RejectMessageReasonText": "no"}
	protects := a.rule("30", reject)
	grade := func(_ Message, f Fate) int { return map[bool]int{true: 1}[f.Kind != Leaves] }
	m := []Message{to("x@other.example").subject("[SEC=PROTECTED]"), to("x@other.example"), to("clerk@agency.example", "x@other.example").subject("[SEC=PROTECTED]")}
	j := NewJudge(m, grade)
	losses := func(before, after, floor State) []string {
		list, err := j.Losses(before, after, floor)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, l := range list {
			out = append(out, fmt.Sprintf("%s%t", strings.TrimPrefix(l.String(), "test, to "), l.BelowBoth))
		}
		return out
	}
	for name, tt := range map[string]struct {
		before, after, floor State
		want                 []string
	}{
		"nothing changes":  {protects, protects, nil, nil},
		"one more":         {a, protects, nil, nil},
		"what has no part": {protects, protects.rule("1", values{"State": "Disabled"}), nil, nil},
		"one less": {protects, a, nil, []string{
			"x@other.example: rejected (30), and now leaves by MX, TLS if offered" + "true",
			"x@other.example: rejected (30), and now leaves by MX, TLS if offered [recipients=split]true",
			"x@other.example: rejected (30), and now leaves by MX, TLS if offered [recipients=whole]true",
		}},
		"one less, as at the beginning": {protects, a, a, []string{
			"x@other.example: rejected (30), and now leaves by MX, TLS if offered" + "false",
			"x@other.example: rejected (30), and now leaves by MX, TLS if offered [recipients=split]false",
			"x@other.example: rejected (30), and now leaves by MX, TLS if offered [recipients=whole]false",
		}},
	} {
		if got := losses(tt.before, tt.after, tt.floor); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
	if _, err := j.Losses(a, a.rule("1", values{"RedirectMessageTo": []any{"x@other.example"}}), nil); err == nil {
		t.Error("a rule that is not understood is passed over")
	}
}
