package mailpath

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// rule is an enabled transport rule that acts, or keeps others from acting. Others do nothing.
type rule struct {
	name       string
	audit      bool // it only records
	stops      bool
	content    []content // all of them must hold
	recipients []scope   // all of them must hold
	spared     []content // one is enough
	exceptions []scope   // one is enough
	actions    []action
}

// content is a condition on the message, the same for all recipients.
type content func(t *Tenant, l letter, c *course) bool

// scope is a condition on one recipient.
type scope func(t *Tenant, recipient string, c *course) bool

// action is what a rule does to a letter; a fate ends its way.
type action func(t *Tenant, l *letter, c *course) *Fate

const exceptIf = "ExceptIf"

// silent are the properties that say nothing of the path of a message: what a rule is called,
// who made it, whom it tells, and how it is worked out.
var silent = []string{
	"Name", "Identity", "Guid", "ImmutableId", "Priority", "State", "Mode", "Comments", "Description", "CreatedBy", "LastModifiedBy", "ManuallyModified",
	"Actions", "Conditions", "Exceptions", "DlpPolicyId", "RuleSubType", "RuleVersion", "Size", "RegexSize", "IsRuleConfigurationSupported",
	"RecipientAddressType", "RuleErrorAction", "SetAuditSeverity", "SetSCL", "ApplyHtmlDisclaimerText", "ApplyHtmlDisclaimerLocation",
	"ApplyHtmlDisclaimerFallbackAction", "GenerateIncidentReport", "GenerateNotification", "LogEventText", "StopRuleProcessing",
}

func (t *Tenant) readRules(s State) []error {
	var problems []error
	for _, o := range s.Objects("TransportRule") {
		p := properties{o}
		if p.text("State") == "Disabled" {
			continue
		}
		r := rule{name: o.Name, audit: p.text("Mode") == "Audit" || p.text("Mode") == "AuditAndNotify", stops: p.flag("StopRuleProcessing")}
		if r.audit && !r.stops {
			continue
		}
		problems = append(problems, r.read(p)...)
		t.rules = append(t.rules, r)
	}
	return problems
}

// read takes in every property that says anything, or reports it.
func (r *rule) read(p properties) []error {
	problems := r.conditions(p)
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		if p.set(name) {
			r.actions = append(r.actions, actions[name](p))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Values)) {
		if p.set(name) && !understood(name) {
			problems = append(problems, p.problem("%s", name))
		}
	}
	if slices.ContainsFunc(p.words("IncidentReportContent"), func(w string) bool { return strings.HasPrefix(w, "Attach") }) {
		problems = append(problems, p.problem("IncidentReportContent sends the message itself"))
	}
	return problems
}

func understood(name string) bool {
	base := strings.TrimPrefix(name, exceptIf)
	_, isContent := contents[base]
	_, isScope := scopes[base]
	_, isAction := actions[name]
	return isContent || isScope || isAction || slices.Contains(parts, base) || slices.Contains(silent, name)
}

// parts belong to another property, which reads them.
var parts = []string{"HeaderMatchesMessageHeader", "HeaderContainsMessageHeader", "SetHeaderValue", "IncidentReportContent", "SenderAddressLocation"}

func (r *rule) conditions(p properties) []error {
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(p.Values)) {
		if !p.set(name) {
			continue
		}
		base, except := strings.CutPrefix(name, exceptIf)
		prefix := name[:len(name)-len(base)]
		if read, ok := contents[base]; ok {
			f, err := read(p, prefix)
			if err != nil {
				problems = append(problems, p.problem("%s: %v", name, err))
				continue
			}
			r.content, r.spared = add(except, f, r.content, r.spared)
		}
		if read, ok := scopes[base]; ok {
			f, err := read(p.words(name))
			if err != nil {
				problems = append(problems, p.problem("%s: %v", name, err))
				continue
			}
			r.recipients, r.exceptions = add(except, f, r.recipients, r.exceptions)
		}
	}
	return problems
}

func add[T any](except bool, x T, conditions, exceptions []T) ([]T, []T) {
	if except {
		return conditions, append(exceptions, x)
	}
	return append(conditions, x), exceptions
}

// contents reads a condition on the message from a rule; the prefix makes it an exception.
var contents = map[string]func(p properties, prefix string) (content, error){
	"FromScope": func(p properties, prefix string) (content, error) {
		switch v := p.text(prefix + "FromScope"); v {
		case "InOrganization":
			return func(t *Tenant, l letter, _ *course) bool { return l.entry.inside && t.ours(l.From) }, nil
		case "NotInOrganization":
			return func(t *Tenant, l letter, _ *course) bool { return !t.ours(l.From) }, nil
		default:
			return nil, fmt.Errorf("%q", v)
		}
	},
	"SenderDomainIs": func(p properties, prefix string) (content, error) {
		list := p.words(prefix + "SenderDomainIs")
		return func(_ *Tenant, l letter, _ *course) bool { return atOrBelow(domainOf(l.From), list) }, nil
	},
	"From": func(p properties, prefix string) (content, error) {
		list := p.words(prefix + "From")
		return func(_ *Tenant, l letter, _ *course) bool { return contains(list, l.From) }, nil
	},
	"SenderIpRanges": func(p properties, prefix string) (content, error) {
		var list []span
		for _, w := range p.words(prefix + "SenderIpRanges") {
			s, err := parseSpan(w)
			if err != nil {
				return nil, err
			}
			list = append(list, s)
		}
		return func(_ *Tenant, l letter, _ *course) bool {
			return l.Arrival != nil && slices.ContainsFunc(list, func(s span) bool { return s.contains(l.Arrival.Address) })
		}, nil
	},
	"HeaderMatchesPatterns": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"HeaderMatchesPatterns", patterns, header(p.text(prefix+"HeaderMatchesMessageHeader")))
	},
	"HeaderContainsWords": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"HeaderContainsWords", wordPatterns, header(p.text(prefix+"HeaderContainsMessageHeader")))
	},
	"SubjectMatchesPatterns": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"SubjectMatchesPatterns", patterns, subject)
	},
	"SubjectContainsWords": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"SubjectContainsWords", wordPatterns, subject)
	},
	"SubjectOrBodyMatchesPatterns": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"SubjectOrBodyMatchesPatterns", patterns, subjectAndBody)
	},
	"SubjectOrBodyContainsWords": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"SubjectOrBodyContainsWords", wordPatterns, subjectAndBody)
	},
	"AttachmentMatchesPatterns": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"AttachmentMatchesPatterns", patterns, attached)
	},
	"AttachmentContainsWords": func(p properties, prefix string) (content, error) {
		return textual(p, prefix+"AttachmentContainsWords", wordPatterns, attached)
	},
	"AnyOfToCcHeader": func(p properties, prefix string) (content, error) {
		list := p.words(prefix + "AnyOfToCcHeader")
		return func(_ *Tenant, l letter, _ *course) bool {
			return slices.ContainsFunc(l.addressed, func(to string) bool { return contains(list, to) })
		}, nil
	},
	"MessageTypeMatches": func(p properties, prefix string) (content, error) {
		kind := p.text(prefix + "MessageTypeMatches")
		if kind != "Signed" && kind != "Encrypted" {
			return nil, fmt.Errorf("%q", kind)
		}
		return func(_ *Tenant, l letter, c *course) bool {
			return l.SMIME != nil && (kind == "Encrypted") == l.SMIME.Encrypted && c.reads("message-type", "smime")
		}, nil
	},
	"AttachmentHasExecutableContent":    anyAttachment(func(a Attachment) bool { return a.Executable }),
	"AttachmentProcessingLimitExceeded": anyAttachment(func(a Attachment) bool { return a.Endless }),
	"AttachmentIsUnsupported":           anyAttachment(func(a Attachment) bool { return a.Unsupported }),
	"AttachmentIsPasswordProtected":     anyAttachment(func(a Attachment) bool { return a.Locked }),
}

func anyAttachment(is func(Attachment) bool) func(properties, string) (content, error) {
	return func(properties, string) (content, error) {
		return func(_ *Tenant, l letter, _ *course) bool { return slices.ContainsFunc(l.Attachments, is) }, nil
	}
}

// authAs is the header that says whether the service takes the sender for one of the organisation.
const authAs = "X-MS-Exchange-Organization-AuthAs"

// header returns the reader of a header of that name, in any case.
func header(name string) func(l letter) []string {
	return func(l letter) []string {
		if strings.EqualFold(name, authAs) {
			if l.entry.inside {
				return []string{"Internal"}
			}
			return []string{"Anonymous"}
		}
		for k, v := range l.Headers {
			if strings.EqualFold(k, name) {
				return []string{v}
			}
		}
		return nil
	}
}

func subject(l letter) []string { return []string{l.Subject} }

func subjectAndBody(l letter) []string { return []string{l.Subject, l.Body} }

func attached(l letter) []string {
	var out []string
	for _, a := range l.Attachments {
		out = append(out, a.Text)
	}
	return out
}

func textual(p properties, name string, compile func([]string) ([]*pattern, error), read func(letter) []string) (content, error) {
	list, err := compile(p.words(name))
	return func(_ *Tenant, l letter, _ *course) bool {
		return slices.ContainsFunc(read(l), func(text string) bool {
			return slices.ContainsFunc(list, func(x *pattern) bool { return x.matches(text) })
		})
	}, err
}

// pattern is a regular expression that remembers its answers: the same few texts come again
// and again.
type pattern struct {
	*regexp.Regexp
	known sync.Map // text to bool
}

func (x *pattern) matches(text string) bool {
	if v, ok := x.known.Load(text); ok {
		return v.(bool)
	}
	v := x.MatchString(text)
	x.known.Store(text, v)
	return v
}

var compiled sync.Map // text of a pattern to *pattern

// patterns compiles those of rules, which heed no case.
func patterns(list []string) ([]*pattern, error) {
	out := make([]*pattern, 0, len(list))
	for _, text := range list {
		if x, ok := compiled.Load(text); ok {
			out = append(out, x.(*pattern))
			continue
		}
		re, err := regexp.Compile("(?i)" + text)
		if err != nil {
			return nil, err
		}
		x, _ := compiled.LoadOrStore(text, &pattern{Regexp: re})
		out = append(out, x.(*pattern))
	}
	return out, nil
}

// wordPatterns finds whole words.
func wordPatterns(list []string) ([]*pattern, error) {
	quoted := make([]string, len(list))
	for i, w := range list {
		quoted[i] = `(?:^|\W)` + regexp.QuoteMeta(w) + `(?:\W|$)`
	}
	return patterns(quoted)
}

// scopes reads a condition on recipients.
var scopes = map[string]func(values []string) (scope, error){
	"SentToScope": func(values []string) (scope, error) {
		switch values[0] {
		case "InOrganization":
			return func(t *Tenant, r string, c *course) bool { return t.inside(domainOf(r), c) }, nil
		case "NotInOrganization":
			return func(t *Tenant, r string, c *course) bool { return !t.inside(domainOf(r), c) }, nil
		}
		return nil, fmt.Errorf("%q", values[0])
	},
	"RecipientDomainIs": func(values []string) (scope, error) {
		return func(_ *Tenant, r string, _ *course) bool { return atOrBelow(domainOf(r), values) }, nil
	},
	"SentTo": func(values []string) (scope, error) {
		return func(_ *Tenant, r string, _ *course) bool { return contains(values, r) }, nil
	},
	"RecipientAddressMatchesPatterns": func(values []string) (scope, error) {
		list, err := patterns(values)
		return func(_ *Tenant, r string, _ *course) bool {
			return slices.ContainsFunc(list, func(x *pattern) bool { return x.matches(r) })
		}, err
	},
}

func (t *Tenant) ours(address string) bool {
	_, ours := t.accepted(domainOf(address))
	return ours
}

// inside reports whether a recipient domain counts as that of the organisation.
func (t *Tenant) inside(name string, c *course) bool {
	if d, ours := t.accepted(name); ours {
		return !d.relay || c.reads("relay-scope", "inside")
	}
	return slices.ContainsFunc(t.internal, func(d string) bool { return matches(name, d) }) && c.reads("remote-scope", "inside")
}

// atOrBelow: a rule that names a domain means every domain below it too.
func atOrBelow(name string, list []string) bool {
	return slices.ContainsFunc(list, func(d string) bool { return name == lower(d) || isBelow(name, lower(d)) })
}

func contains(list []string, address string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, address) })
}

// actions reads what a rule does; each property is one.
var actions = map[string]func(p properties) action{
	"RejectMessageReasonText":         ends(Rejected),
	"RejectMessageEnhancedStatusCode": ends(Rejected),
	"DeleteMessage":                   ends(Rejected),
	"Quarantine":                      ends(Quarantined),
	"RouteMessageOutboundConnector": func(p properties) action {
		to := p.text("RouteMessageOutboundConnector")
		return func(_ *Tenant, l *letter, c *course) *Fate {
			if l.route == "" || strings.EqualFold(l.route, to) || c.reads("two-routes", "last") {
				l.route = to
			}
			return nil
		}
	},
	"RouteMessageOutboundRequireTls": func(properties) action {
		return func(_ *Tenant, l *letter, _ *course) *Fate { l.tls = true; return nil }
	},
	"ApplyRightsProtectionTemplate": encrypts,
	"ApplyOME":                      encrypts,
	"PrependSubject": func(p properties) action {
		text := p.text("PrependSubject")
		return func(_ *Tenant, l *letter, _ *course) *Fate { l.Subject = text + l.Subject; return nil }
	},
	"SetHeaderName": func(p properties) action {
		name, value := p.text("SetHeaderName"), p.text("SetHeaderValue")
		return func(_ *Tenant, l *letter, _ *course) *Fate { l.setHeader(name, value, true); return nil }
	},
	"RemoveHeader": func(p properties) action {
		name := p.text("RemoveHeader")
		return func(_ *Tenant, l *letter, _ *course) *Fate { l.setHeader(name, "", false); return nil }
	},
}

func ends(kind Kind) func(p properties) action {
	return func(p properties) action {
		return func(*Tenant, *letter, *course) *Fate { return &Fate{Kind: kind, By: p.Name} }
	}
}

// encrypts needs the service of rights; without it the rule cannot do what it says.
func encrypts(p properties) action {
	return func(t *Tenant, l *letter, c *course) *Fate {
		if !t.rights && c.reads("no-rights", "waits") {
			return &Fate{Kind: Waits, By: p.Name}
		}
		l.encrypted = l.encrypted || t.rights
		return nil
	}
}

func (l *letter) setHeader(name, value string, there bool) {
	headers := map[string]string{}
	for k, v := range l.Headers {
		if !strings.EqualFold(k, name) {
			headers[k] = v
		}
	}
	if there {
		headers[name] = value
	}
	l.Headers = headers
}

// through takes a letter through the rules from the n-th on. Where a rule applies to some
// recipients only, each part goes its own way from there.
func (t *Tenant) through(l letter, n int, c *course) []Fate {
	for ; n < len(t.rules) && len(l.To) > 0; n++ {
		r := t.rules[n]
		hit := r.recipientsOf(t, l, c)
		if len(hit) == 0 {
			continue
		}
		if len(hit) < len(l.To) {
			isHit := func(x string) bool { return slices.Contains(hit, x) }
			rest := t.through(l.without(isHit), n+1, c)
			return append(rest, t.apply(r, l.without(func(x string) bool { return !isHit(x) }), n, c)...)
		}
		return t.apply(r, l, n, c)
	}
	return t.deliver(l, c)
}

// apply lets a rule act on a letter, which then goes on to the next rule, if any is to follow.
func (t *Tenant) apply(r rule, l letter, n int, c *course) []Fate {
	if r.audit {
		if r.stops && c.reads("audit-stops", "yes") {
			return t.deliver(l, c)
		}
		return t.through(l, n+1, c)
	}
	for _, act := range r.actions {
		if f := act(t, &l, c); f != nil {
			return all(l.To, *f)
		}
	}
	if r.stops {
		return t.deliver(l, c)
	}
	return t.through(l, n+1, c)
}

// recipientsOf returns those recipients of a letter to whom a rule applies.
func (r rule) recipientsOf(t *Tenant, l letter, c *course) []string {
	if slices.ContainsFunc(r.content, func(f content) bool { return !f(t, l, c) }) || slices.ContainsFunc(r.spared, func(f content) bool { return f(t, l, c) }) {
		return nil
	}
	hit := l.To
	for _, f := range r.recipients {
		met := those(l.To, f, t, c)
		switch {
		case len(met) == len(l.To) || len(met) > 0 && c.reads("recipients", "whole"):
		case len(met) == 0 || c.reads("recipients", "all"):
			return nil
		default:
			hit = slices.DeleteFunc(slices.Clone(hit), func(x string) bool { return !slices.Contains(met, x) })
		}
	}
	for _, f := range r.exceptions {
		met := those(l.To, f, t, c)
		switch {
		case len(met) == len(l.To) || len(met) > 0 && c.reads("exceptions", "whole"):
			return nil
		case len(met) == 0 || c.reads("exceptions", "all"):
		default:
			hit = slices.DeleteFunc(slices.Clone(hit), func(x string) bool { return slices.Contains(met, x) })
		}
	}
	return hit
}

func those(recipients []string, f scope, t *Tenant, c *course) []string {
	var out []string
	for _, r := range recipients {
		if f(t, r, c) {
			out = append(out, r)
		}
	}
	return out
}
