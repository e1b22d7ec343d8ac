// Package mailpath says what becomes of a message in a simulated tenant: whether it is
// rejected or held, delivered, or leaves, and by which connector.
//
// It knows how Exchange Online attributes a connection, works out transport rules and chooses
// a connector, as far as that is documented, and no plan, rule or name of ours: it reads the
// tenant and nothing else. Where the documents are silent it takes each of several readings
// in turn (readings.yaml). What it does not understand in a tenant is an error, never nothing.
//
// Whether the service sees a header or a label that is stamped in the same pass needs no
// reading: a message that lacks it is another message, to be asked about by itself.
package mailpath

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/output/rehearsal"
)

// State is a tenant at one moment. rehearsal.State is one.
type State interface {
	Objects(noun string) []rehearsal.Object
}

// Nouns are those that decide on the path of a message.
var Nouns = []string{"AcceptedDomain", "RemoteDomain", "OrganizationConfig", "IRMConfiguration", "InboundConnector", "OutboundConnector", "TransportRule"}

// Message is a message on its way.
type Message struct {
	Name        string // for people
	From        string // in the header and in the envelope
	To          []string
	Absent      []string // of these, who has no mailbox here
	Subject     string
	Headers     map[string]string // unfolded
	Body        string
	Attachments []Attachment
	SMIME       *SMIME   // nil: neither signed nor encrypted so
	Arrival     *Arrival // nil: sent from a mailbox of the organisation
}

// SMIME is what a user did to a message: it is signed, or encrypted.
type SMIME struct{ Encrypted bool }

// Attachment is a file in a message, as a rule sees it.
type Attachment struct {
	Text        string
	Executable  bool
	Unsupported bool // nobody can look into it
	Locked      bool // by a password
	Endless     bool // too much to look through
}

// Arrival is how a message from outside reaches the tenant.
type Arrival struct {
	Address     netip.Addr
	TLS         bool
	Certificate string // the name in it; empty: none
}

// Kind is what becomes of a message.
type Kind int

// From the least to the most that is done with it.
const (
	Rejected    Kind = iota // the sender hears of it; or deleted, and nobody does
	Quarantined             // held where nobody but an administrator frees it
	Waits                   // in the queue, and comes back in the end
	Delivered               // to a mailbox of the organisation
	Leaves                  // the tenant
)

func (k Kind) String() string {
	return [...]string{"rejected", "quarantined", "waits", "delivered", "leaves"}[k]
}

// TLS is what a path out of the tenant demands of the other side.
type TLS int

// Each demands what the one before it does, and more.
const (
	Opportunistic TLS = iota // what the other side offers, nothing if need be
	Encrypted                // any certificate
	Trusted                  // a certificate of a known authority
	Named                    // with the name that is expected
)

func (t TLS) String() string {
	return [...]string{"TLS if offered", "TLS", "TLS with a trusted certificate", "TLS with the right name"}[t]
}

// Fate is what becomes of a message for one recipient.
type Fate struct {
	Recipient string
	Kind      Kind
	By        string   // the rule or connector that decided; empty where none did
	Hosts     []string // to which it leaves; none: by MX
	TLS       TLS      // on the way out
	Encrypted bool     // the message itself, by a rule
	SeesPast  bool     // filtering looks past the host that delivered it, to the one before
}

func (f Fate) String() string {
	s := f.Kind.String()
	if f.Kind == Leaves {
		how := "by MX"
		if len(f.Hosts) > 0 {
			how = "to " + strings.Join(f.Hosts, ", ")
		}
		s = fmt.Sprintf("leaves %s, %s", how, f.TLS)
	}
	if f.By != "" {
		s += " (" + f.By + ")"
	}
	return s
}

// Answer is what becomes of a message under one combination of readings.
type Answer struct {
	Under Under
	Fates []Fate // one for each recipient, in their order
}

// Tenant is a state, read for the path of mail.
type Tenant struct {
	readings []Reading
	domains  []domain
	internal []string // remote domains that count as internal
	noDirect bool     // unauthenticated mail in the organisation's name is rejected
	rights   bool     // messages can be encrypted by rules
	inbound  []inbound
	outbound []outbound
	rules    []rule
}

type domain struct {
	name  string
	relay bool // recipients may be elsewhere
	below bool // with every domain below it
}

// New reads a state. All that it holds and New does not understand is in the error.
func New(s State) (*Tenant, error) {
	all, err := readings()
	if err != nil {
		return nil, err
	}
	t := &Tenant{readings: all}
	problems := slices.Concat(t.readDomains(s), t.readInbound(s), t.readOutbound(s), t.readRules(s))
	return t, errors.Join(problems...)
}

func (t *Tenant) readDomains(s State) []error {
	var problems []error
	for _, o := range s.Objects("AcceptedDomain") {
		p := properties{o}
		problems = append(problems, p.unused("SendingFromDomainDisabled", "SendingToDomainDisabled", "OutboundOnly", "CatchAllRecipientID")...)
		kind := p.text("DomainType")
		if kind != "Authoritative" && kind != "InternalRelay" {
			problems = append(problems, p.problem("DomainType %q", kind))
		}
		t.domains = append(t.domains, domain{name: lower(p.text("DomainName")), relay: kind == "InternalRelay", below: p.flag("MatchSubDomains")})
	}
	for _, o := range s.Objects("RemoteDomain") {
		p := properties{o}
		problems = append(problems, p.unused("TargetDeliveryDomain", "TrustedMailInboundEnabled", "TrustedMailOutboundEnabled")...)
		if p.flag("IsInternal") {
			t.internal = append(t.internal, lower(p.text("DomainName")))
		}
	}
	for _, o := range s.Objects("OrganizationConfig") {
		t.noDirect = properties{o}.flag("RejectDirectSend")
	}
	for _, o := range s.Objects("IRMConfiguration") {
		t.rights = properties{o}.flag("AzureRMSLicensingEnabled")
	}
	return problems
}

// accepted returns the accepted domain that a name belongs to.
func (t *Tenant) accepted(name string) (domain, bool) {
	for _, d := range t.domains {
		if d.name == name || d.below && isBelow(name, d.name) {
			return d, true
		}
	}
	return domain{}, false
}

// Ask returns what becomes of a message, under every combination of the readings that it meets.
func (t *Tenant) Ask(m Message) []Answer {
	var out []Answer
	script, more := []uint8{}, true
	for more {
		c := &course{all: t.readings, script: script}
		fates := t.walk(m, c)
		slices.SortStableFunc(fates, func(a, b Fate) int { return slices.Index(m.To, a.Recipient) - slices.Index(m.To, b.Recipient) })
		out = append(out, Answer{Under: c.under, Fates: fates})
		script, more = c.next()
	}
	return out
}

// walk takes a message from the door through the rules to its ways out.
func (t *Tenant) walk(m Message, c *course) []Fate {
	e := t.enter(m, c)
	if e.refused != "" {
		return all(m.To, Fate{Kind: Rejected, By: e.refused})
	}
	first := letter{Message: m, entry: e, addressed: m.To}
	if m.Arrival != nil && !e.relays {
		strangers := first.without(func(r string) bool { _, ours := t.accepted(domainOf(r)); return ours })
		first = first.without(func(r string) bool { return slices.Contains(strangers.To, r) })
		return append(all(strangers.To, Fate{Kind: Rejected, By: "no relay"}), t.through(first, 0, c)...)
	}
	return t.through(first, 0, c)
}

func all(recipients []string, f Fate) []Fate {
	out := make([]Fate, len(recipients))
	for i, r := range recipients {
		f.Recipient = r
		out[i] = f
	}
	return out
}

// letter is a message, or the copy of it for some recipients, with what rules made of it.
type letter struct {
	Message
	addressed []string // whom its header names, whoever gets this copy
	entry     entry
	route     string
	tls       bool
	encrypted bool
}

// without is the copy for the recipients that a test does not take.
func (l letter) without(taken func(string) bool) letter {
	l.To = slices.DeleteFunc(slices.Clone(l.To), taken)
	return l
}

// properties reads an object of the tenant. What is absent was never set.
type properties struct{ rehearsal.Object }

func (p properties) text(name string) string {
	v, _ := p.Value(name)
	s, _ := v.(string)
	return s
}

func (p properties) flag(name string) bool {
	v, _ := p.Value(name)
	return v == true
}

// words are the members of a list. A list of one empty text is among the forms in which the
// service returns nothing.
func (p properties) words(name string) []string {
	v, _ := p.Value(name)
	var out []string
	switch v := v.(type) {
	case string:
		out = []string{v}
	case []string:
		out = slices.Clone(v)
	case []any:
		for _, x := range v {
			out = append(out, fmt.Sprint(x))
		}
	}
	return slices.DeleteFunc(out, func(w string) bool { return w == "" })
}

// set reports whether a property says anything.
func (p properties) set(name string) bool {
	v, _ := p.Value(name)
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case int:
		return v != 0
	case []any, []string:
		return len(p.words(name)) > 0
	}
	return true
}

func (p properties) problem(format string, args ...any) error {
	return fmt.Errorf("%s %s: not understood: %s", p.Noun, p.Name, fmt.Sprintf(format, args...))
}

// unused reports those of the properties that say something: they bear on mail, and what they
// do is not known here.
func (p properties) unused(names ...string) []error {
	var problems []error
	for _, n := range names {
		if p.set(n) {
			problems = append(problems, p.problem("%s", n))
		}
	}
	return problems
}

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func domainOf(address string) string { return lower(address[strings.LastIndex(address, "@")+1:]) }

func isBelow(name, domain string) bool { return strings.HasSuffix(name, "."+domain) }

// matches compares a name with one that may begin with an asterisk, or be nothing else.
func matches(name, pattern string) bool {
	pattern = lower(pattern)
	if rest, wild := strings.CutPrefix(pattern, "*."); wild {
		return isBelow(lower(name), rest)
	}
	return pattern == "*" || lower(name) == pattern
}
