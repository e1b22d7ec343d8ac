package mailpath

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

const (
	partner    = "Partner"
	onPremises = "OnPremises"
)

// inbound is an enabled connector for mail that arrives. Others do nothing.
type inbound struct {
	name          string
	onPremises    bool
	domains       []string
	addresses     []netip.Prefix
	certificate   string
	needTLS       bool
	byCertificate bool
	byAddress     bool
	trusts        bool // its mail counts as mail of the organisation
	skipLast      bool
	skip          []span
	users         []string // for whom the filter looks past; none: everybody
}

// span is a range of addresses, both ends included.
type span struct{ from, to netip.Addr }

func (t *Tenant) readInbound(s State) []error {
	var problems []error
	for _, o := range s.Objects("InboundConnector") {
		p := properties{o}
		if !p.flag("Enabled") {
			continue
		}
		problems = append(problems, p.unused("AssociatedAcceptedDomains", "ClientHostNames", "EFTestMode", "EFSkipMailGateway", "ScanAndDropRecipients", "TrustedOrganizations")...)
		c := inbound{
			name: o.Name, onPremises: p.text("ConnectorType") == onPremises, domains: p.words("SenderDomains"), certificate: p.text("TlsSenderCertificateName"),
			needTLS: p.flag("RequireTls"), byCertificate: p.flag("RestrictDomainsToCertificate"), byAddress: p.flag("RestrictDomainsToIPAddresses"),
			trusts: p.flag("CloudServicesMailEnabled") || p.flag("TreatMessagesAsInternal"), skipLast: p.flag("EFSkipLastIP"), users: p.words("EFUsers"),
		}
		if kind := p.text("ConnectorType"); kind != partner && kind != onPremises {
			problems = append(problems, p.problem("ConnectorType %q", kind))
		}
		for _, a := range p.words("SenderIPAddresses") {
			prefix, err := prefix(a)
			if err != nil {
				problems = append(problems, p.problem("SenderIPAddresses: %v", err))
			}
			c.addresses = append(c.addresses, prefix)
		}
		for _, a := range p.words("EFSkipIPs") {
			x, err := parseSpan(a)
			if err != nil {
				problems = append(problems, p.problem("EFSkipIPs: %v", err))
			}
			c.skip = append(c.skip, x)
		}
		t.inbound = append(t.inbound, c)
	}
	return problems
}

func prefix(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		p, err := netip.ParsePrefix(text)
		return p.Masked(), err
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return a.Prefix(a.BitLen())
}

// parseSpan reads an address, a network, or two addresses with a hyphen between them.
func parseSpan(text string) (span, error) {
	from, to, two := strings.Cut(text, "-")
	if !two {
		p, err := prefix(text)
		return span{p.Addr(), last(p)}, err
	}
	a, err := netip.ParseAddr(strings.TrimSpace(from))
	if err != nil {
		return span{}, err
	}
	b, err := netip.ParseAddr(strings.TrimSpace(to))
	return span{a, b}, err
}

func last(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for i := p.Bits(); i < len(bytes)*8; i++ {
		bytes[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(bytes)
	return a
}

func (s span) contains(a netip.Addr) bool { return s.from.Compare(a) <= 0 && a.Compare(s.to) <= 0 }

func within(a netip.Addr, list []netip.Prefix) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}

// entry is how a message came into the tenant.
type entry struct {
	refused  string // by what; empty: it is in
	inside   bool   // it counts as sent by the organisation
	relays   bool   // it may go on to others
	seesPast bool
}

// enter attributes a message. A certificate or an address of a connector of the type
// OnPremises comes first; else the connectors of the type Partner may refuse it.
func (t *Tenant) enter(m Message, c *course) entry {
	if m.Arrival == nil {
		return entry{inside: true, relays: true}
	}
	sender := domainOf(m.From)
	if i := slices.IndexFunc(t.inbound, func(x inbound) bool { return x.onPremises && t.owns(x, m) }); i >= 0 {
		x := t.inbound[i]
		return entry{inside: x.trusts, relays: true, seesPast: x.past(m)}
	}
	var met []inbound
	for _, x := range t.inbound {
		if !x.onPremises && slices.ContainsFunc(x.domains, func(d string) bool {
			return matches(sender, d) || isBelow(sender, lower(d)) && c.reads("sender-subdomains", "below")
		}) {
			met = append(met, x)
		}
	}
	e := entry{refused: refusal(met, m, c)}
	if _, ours := t.accepted(sender); e.refused == "" && t.noDirect && ours && !knows(met, m, c) {
		e.refused = "RejectDirectSend"
	}
	e.seesPast = slices.ContainsFunc(met, func(x inbound) bool { return x.past(m) })
	return e
}

// owns reports whether a connection belongs to a connector of the organisation's own servers.
func (t *Tenant) owns(x inbound, m Message) bool {
	_, from := t.accepted(domainOf(m.From))
	if x.proves(m) {
		name := strings.TrimPrefix(lower(x.certificate), "*.")
		named := slices.ContainsFunc(t.domains, func(d domain) bool { return name == d.name || isBelow(name, d.name) })
		return named || from || !slices.ContainsFunc(m.To, func(r string) bool { _, ours := t.accepted(domainOf(r)); return !ours })
	}
	return from && within(m.Arrival.Address, x.addresses)
}

// proves reports whether the sender presents the certificate that the connector names.
func (x inbound) proves(m Message) bool {
	return x.certificate != "" && m.Arrival.TLS && m.Arrival.Certificate != "" && matches(m.Arrival.Certificate, x.certificate)
}

// refuses reports whether a connector of the type Partner does not take the message.
func (x inbound) refuses(m Message) bool {
	return x.needTLS && !m.Arrival.TLS || x.byCertificate && !x.proves(m) || x.byAddress && !within(m.Arrival.Address, x.addresses)
}

func refusal(met []inbound, m Message, c *course) string {
	var refusing []inbound
	for _, x := range met {
		if x.refuses(m) {
			refusing = append(refusing, x)
		}
	}
	if len(refusing) == 0 {
		return ""
	}
	if len(refusing) < len(met) {
		switch c.option("inbound-choice") {
		case "lax":
			return ""
		case "specific":
			x := slices.MaxFunc(met, func(a, b inbound) int { return cmp.Compare(a.length(domainOf(m.From)), b.length(domainOf(m.From))) })
			if !x.refuses(m) {
				return ""
			}
			return x.name
		}
	}
	return refusing[0].name
}

// length is that of the sender domain by which a connector matches.
func (x inbound) length(sender string) int {
	n := 0
	for _, d := range x.domains {
		if matches(sender, d) || isBelow(sender, lower(d)) {
			n = max(n, len(d))
		}
	}
	return n
}

// knows reports whether a connector recognises who delivers.
func knows(met []inbound, m Message, c *course) bool {
	return slices.ContainsFunc(met, func(x inbound) bool {
		switch {
		case x.byCertificate:
			return x.proves(m)
		case x.byAddress:
			return within(m.Arrival.Address, x.addresses)
		}
		return c.reads("open-connector", "counts")
	})
}

// past reports whether filtering looks past the host that delivered the message.
func (x inbound) past(m Message) bool {
	skips := x.skipLast || slices.ContainsFunc(x.skip, func(s span) bool { return s.contains(m.Arrival.Address) })
	everybody := len(x.users) == 0 || !slices.ContainsFunc(m.To, func(r string) bool {
		return !slices.ContainsFunc(x.users, func(u string) bool { return strings.EqualFold(u, r) })
	})
	return skips && everybody
}

// outbound is an enabled connector for mail that leaves. Others do nothing.
type outbound struct {
	name        string
	scoped      bool
	test        bool
	domains     []string
	allAccepted bool
	central     bool
	hosts       []string // none: by MX
	tls         TLS
}

func (t *Tenant) readOutbound(s State) []error {
	var problems []error
	for _, o := range s.Objects("OutboundConnector") {
		p := properties{o}
		if !p.flag("Enabled") {
			continue
		}
		c := outbound{
			name: o.Name, scoped: p.flag("IsTransportRuleScoped"), test: p.flag("TestMode"),
			domains: p.words("RecipientDomains"), allAccepted: p.flag("AllAcceptedDomains"), central: p.flag("RouteAllMessagesViaOnPremises"),
		}
		if !p.flag("UseMxRecord") {
			c.hosts = p.words("SmartHosts")
			if len(c.hosts) == 0 {
				problems = append(problems, p.problem("SmartHosts: there are none, and MX records are not used"))
			}
		}
		var known bool
		if c.tls, known = map[string]TLS{"": Opportunistic, "EncryptionOnly": Encrypted, "CertificateValidation": Trusted, "DomainValidation": Named}[p.text("TlsSettings")]; !known {
			problems = append(problems, p.problem("TlsSettings %q", p.text("TlsSettings")))
		}
		if p.text("SmtpDaneMode") == "Mandatory" {
			c.tls = Named // the key is proved through DNSSEC
		}
		t.outbound = append(t.outbound, c)
	}
	return problems
}

// deliver ends the way of a letter that no rule holds back.
func (t *Tenant) deliver(l letter, c *course) []Fate {
	out := make([]Fate, 0, len(l.To))
	for _, r := range l.To {
		f := Fate{Kind: Delivered, SeesPast: l.entry.seesPast}
		d, ours := t.accepted(domainOf(r))
		switch absent := contains(l.Absent, r); {
		case ours && absent && !d.relay:
			f = Fate{Kind: Rejected, By: "no mailbox"}
		case !ours || absent:
			f = t.leave(l, domainOf(r), c)
		}
		f.Recipient, f.Encrypted = r, l.encrypted
		out = append(out, f)
	}
	return out
}

// leave finds the way out for one recipient: the connector that a rule names, the one that
// matches best, or MX.
func (t *Tenant) leave(l letter, domain string, c *course) Fate {
	if l.route != "" {
		i := slices.IndexFunc(t.outbound, func(x outbound) bool { return strings.EqualFold(x.name, l.route) })
		switch {
		case i < 0: // disabled or gone
			if c.reads("disabled-route", "waits") {
				return Fate{Kind: Waits, By: l.route}
			}
		case t.outbound[i].test && c.reads("test-mode", "idle"):
		case !t.outbound[i].scoped && c.reads("unscoped-route", "ordinary"):
		default:
			x := t.outbound[i]
			if l.tls && x.tls < Encrypted && c.reads("routed-tls", "holds") {
				x.tls = Encrypted
			}
			return x.fate()
		}
	}
	f := Fate{Kind: Leaves}
	if x, ok := t.choose(domain, c); ok {
		f = x.fate()
	}
	if l.tls {
		f.TLS = max(f.TLS, Encrypted)
	}
	return f
}

func (x outbound) fate() Fate { return Fate{Kind: Leaves, By: x.name, Hosts: x.hosts, TLS: x.tls} }

// choose finds the connector for a recipient domain: the exact domain, then all accepted
// domains, then a wildcard.
func (t *Tenant) choose(domain string, c *course) (outbound, bool) {
	usable := slices.DeleteFunc(slices.Clone(t.outbound), func(x outbound) bool { return x.scoped || x.test && c.reads("test-mode", "idle") })
	central := filter(usable, func(x outbound) bool { return x.central })
	exact := filter(usable, func(x outbound) bool { return x.length(domain, true) > 0 })
	if len(central) > 0 && (len(exact) == 0 || c.reads("central", "central")) {
		return pick(central, domain, c), true
	}
	if len(exact) > 0 {
		return pick(exact, domain, c), true
	}
	if _, ours := t.accepted(domain); ours {
		if whole := filter(usable, func(x outbound) bool { return x.allAccepted }); len(whole) > 0 {
			return pick(whole, domain, c), true
		}
	}
	if wild := filter(usable, func(x outbound) bool { return x.length(domain, false) > 0 }); len(wild) > 0 {
		return pick(wild, domain, c), true
	}
	return outbound{}, false
}

func filter(list []outbound, keep func(outbound) bool) []outbound {
	return slices.DeleteFunc(slices.Clone(list), func(x outbound) bool { return !keep(x) })
}

// length is that of the longest recipient domain by which a connector matches; 0: none.
func (x outbound) length(domain string, exact bool) int {
	n := 0
	for _, d := range x.domains {
		if strings.HasPrefix(d, "*") != exact && matches(domain, d) {
			n = max(n, len(d))
		}
	}
	return n
}

func pick(list []outbound, domain string, c *course) outbound {
	if len(list) == 1 {
		return list[0]
	}
	slices.SortStableFunc(list, func(a, b outbound) int { return strings.Compare(lower(a.name), lower(b.name)) })
	switch c.option("outbound-choice") {
	case "first":
		return list[0]
	case "last":
		return list[len(list)-1]
	}
	return slices.MaxFunc(list, func(a, b outbound) int {
		return cmp.Compare(max(a.length(domain, true), a.length(domain, false)), max(b.length(domain, true), b.length(domain, false)))
	})
}
