package templates

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/output/rehearsal/mailpath"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// markings from the lowest to the highest, as a header and a subject write them. None is first.
var markings = []string{"", "UNOFFICIAL", "OFFICIAL", "OFFICIAL:Sensitive", "PROTECTED", "SECRET", "TOP-SECRET"}

const (
	unmarked = iota
	unofficial
	official
	sensitive
	protected
	secret
)

// paths is what a plan says of the ways of mail, against which every state of the tenant is held.
type paths struct {
	subject    bool     // markings are read in the subject alone
	level      int      // up to which the system is authorised
	approved   []string // domains for PROTECTED
	connectors []string // that may carry PROTECTED
	internal   string   // the initial domain of the tenant
	domains    []string
	gateway    mailpath.Arrival
	labels     map[int]string
	partners   []string
	opens      string // the inbound connector that may open a lock-down that stands, as somebody has accepted
	tests      bool   // a test of the plan decides what becomes of a message to an approved domain and another
}

func pathsOf(t testing.TB, p pack) paths {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	s := profiles.Evaluate(c, ps, p.Profile)
	answer := func(question string) []string {
		v, err := s.Value(profiles.Scope{}, question)
		if err != nil {
			return nil // not asked, or open
		}
		switch v := v.(type) {
		case string:
			return []string{v}
		case []string:
			return v
		case []catalog.Item:
			var out []string
			for _, i := range v {
				out = append(out, i.Value)
			}
			return out
		}
		return nil
	}
	first := func(question string) string { return cmp.Or(append(answer(question), "")...) }
	x := paths{
		level: secret, subject: first("routing.key") == "subject", approved: answer("govlink.approved"), internal: p.Cover.TenantDomain, domains: answer("domains"), partners: answer("partners"),
		labels: map[int]string{sensitive: first("labels.sensitive"), protected: first("labels.protected")},
	}
	if level, ok := map[string]int{"official": official, "official-sensitive": sensitive, "protected": protected}[first("classification.level")]; ok {
		x.level = level
	}
	shared := first("protected.carrier") == "shared"
	for _, step := range p.Steps {
		if name, ok := step.Set["RouteMessageOutboundConnector"].(string); ok && strings.Contains(step.Name, "PROTECTED") {
			x.connectors = append(x.connectors, name)
		}
		if shared && step.Noun == "OutboundConnector" && slices.Contains(words(step.Set["RecipientDomains"]), "*") {
			x.connectors = append(x.connectors, step.Name)
		}
	}
	accepted := slices.ContainsFunc(p.Findings, func(f design.Finding) bool { return f.Rule.ID == "GW-54" && f.Acknowledged != nil })
	if i := slices.IndexFunc(p.Steps, func(s design.Step) bool { return s.ID == "STEP-310" }); accepted && i >= 0 {
		x.opens = p.Steps[i].Name
	}
	x.tests = slices.ContainsFunc(p.Tests, func(m design.Test) bool { return m.ID == "TEST-671" || m.ID == "TEST-663" })
	if from := first("gateway.to-exchange"); from != "" {
		address, _, _ := strings.Cut(from, "/")
		x.gateway = mailpath.Arrival{Address: netip.MustParseAddr(address), TLS: true, Certificate: first("gateway.certificate")}
	}
	return x
}

// contents are what rules look for in a message beside its marking.
var contents = map[string]func(*mailpath.Message){
	"a card number":                 func(m *mailpath.Message) { m.Body = card },
	"a card number in a file":       attach(mailpath.Attachment{Text: card}),
	"a program":                     attach(mailpath.Attachment{Executable: true}),
	"a file behind a password":      attach(mailpath.Attachment{Locked: true}),
	"a file of an unknown type":     attach(mailpath.Attachment{Unsupported: true}),
	"more than can be read":         attach(mailpath.Attachment{Endless: true}),
	"nothing but a request":         func(m *mailpath.Message) { m.Subject = "Minutes [trustees only]" },
	"what its sender has encrypted": func(m *mailpath.Message) { m.SMIME = &mailpath.SMIME{Encrypted: true} },
	"what its sender has signed":    func(m *mailpath.Message) { m.SMIME = &mailpath.SMIME{} },
}

const card = "Paid with 4111 1111 1111 1111"

func attach(a mailpath.Attachment) func(*mailpath.Message) {
	return func(m *mailpath.Message) { m.Attachments = []mailpath.Attachment{a} }
}

// messages is the fixed set that every state is asked about.
func (x paths) messages() []mailpath.Message {
	colleague, other := "colleague@"+x.domains[0], "someone@elsewhere.example"
	groups := map[string][]string{"another domain": {other}, "a colleague": {colleague}, "a colleague and another domain": {colleague, other}}
	conflicts := []string{"another domain"}
	for _, d := range []string{"registry.example", "sister.example", "old.partner.example"} { // of the tenant with a past
		groups[d] = []string{"someone@" + d}
	}
	for _, d := range x.partners {
		groups["partner "+d] = []string{"someone@" + d}
	}
	if len(x.approved) > 0 {
		approved, below := "someone@"+x.approved[0], "someone@desk."+x.approved[0]
		groups["an approved domain"], groups["a domain below an approved one"] = []string{approved}, []string{below}
		groups["an approved domain and another"], groups["another domain and one below an approved one"] = []string{approved, other}, []string{other, below}
		conflicts = append(conflicts, "an approved domain", "a domain below an approved one", "an approved domain and another")
	}
	var out []mailpath.Message
	ask := func(m mailpath.Message, header, subject, label int) {
		m.Headers = map[string]string{}
		m.Subject = cmp.Or(m.Subject, "Minutes")
		if header > unmarked {
			m.Headers["X-Protective-Marking"] = "VER=2025.1, NS=gov.au, SEC=" + markings[header]
		}
		if subject > unmarked {
			m.Subject += " [SEC=" + markings[subject] + "]"
		}
		if label > unmarked {
			m.Headers["msip_labels"] = "MSIP_Label_" + x.labels[label] + "_Enabled=true"
		}
		m.Name = fmt.Sprintf("%s, marked %q by header, %q by subject, %q by label", m.Name, markings[header], markings[subject], markings[label])
		out = append(out, m)
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		m := mailpath.Message{Name: "to " + name, From: "officer@" + x.domains[0], To: groups[name]}
		for header := range markings {
			for subject := range markings {
				if header == unmarked || subject == unmarked || slices.Contains(conflicts, name) {
					ask(m, header, subject, unmarked)
				}
			}
		}
		for _, label := range []int{sensitive, protected} {
			if x.labels[label] != "" {
				ask(m, unmarked, unmarked, label)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		for _, to := range []string{other, colleague} {
			m := mailpath.Message{Name: name + ", to " + to, From: "officer@" + x.domains[0], To: []string{to}}
			contents[name](&m)
			ask(m, official, official, unmarked)
		}
	}
	elsewhere := netip.MustParseAddr("203.0.113.250")
	arrivals := map[string]mailpath.Arrival{
		"from elsewhere":                     {Address: elsewhere, TLS: true, Certificate: "mail.sender.example"},
		"from elsewhere without TLS":         {Address: elsewhere},
		"from elsewhere with no certificate": {Address: elsewhere, TLS: true},
	}
	if x.gateway.Address.IsValid() {
		arrivals["from the gateway"] = x.gateway
		arrivals["from the gateway without TLS"] = mailpath.Arrival{Address: x.gateway.Address}
	}
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		m := mailpath.Message{Name: name + ", from elsewhere", From: "sender@sender.example", To: []string{colleague}, Arrival: new(arrivals["from elsewhere"])}
		contents[name](&m)
		ask(m, official, official, unmarked)
	}
	for _, name := range slices.Sorted(maps.Keys(arrivals)) {
		for _, sender := range []string{"sender@sender.example", "colleague@" + x.domains[0], "sender@payroll.example"} {
			for _, to := range []string{colleague, "colleague@" + x.internal, other} {
				m := mailpath.Message{Name: name + ", by " + sender + ", to " + to, From: sender, To: []string{to}, Arrival: new(arrivals[name])}
				for _, marking := range []int{unmarked, protected, secret} {
					ask(m, marking, unmarked, unmarked)
				}
				ask(m, unmarked, secret, unmarked)
			}
		}
	}
	return out
}

// marked is the highest marking that a message bears where the plan reads it.
func (x paths) marked(m mailpath.Message) int {
	highest := unmarked
	for i, marking := range markings {
		if i > unmarked && (!x.subject && strings.Contains(m.Headers["X-Protective-Marking"], "SEC="+marking) || strings.Contains(m.Subject, "SEC="+marking)) {
			highest = i
		}
		if x.labels[i] != "" && strings.Contains(m.Headers["msip_labels"], x.labels[i]) {
			highest = max(highest, i)
		}
	}
	return highest
}

// safe is the grade of what does not leave, or leaves to whom it may on the way it should.
const safe = 10

func (x paths) grade(m mailpath.Message, f mailpath.Fate) int {
	switch {
	case f.Kind < mailpath.Delivered:
		return safe
	case f.Kind == mailpath.Delivered && f.SeesPast && *m.Arrival == x.gateway && x.marked(m) <= x.level:
		return safe // it is how mail should come
	case f.Kind == mailpath.Delivered && f.SeesPast:
		return safe - 1
	case f.Kind == mailpath.Delivered:
		return safe - 2
	case x.level == protected && x.marked(m) == protected && slices.Contains(x.connectors, f.By) && f.TLS == mailpath.Named && x.approves(f.Recipient):
		return safe
	case f.Encrypted:
		return 4 + int(f.TLS)
	}
	return int(f.TLS)
}

func (x paths) approves(recipient string) bool {
	return slices.ContainsFunc(x.approved, func(d string) bool {
		return strings.HasSuffix(recipient, "@"+d) || strings.HasSuffix(recipient, "."+d)
	})
}

// passage is what a scene of a play did to the path of mail.
type passage struct {
	pack     pack
	name     string
	back     bool // on the way back
	released func(rehearsal.Write) bool
	before   mailpath.State
	writes   []written
}

type written struct {
	rehearsal.Write
	after mailpath.State
}

// passages are the scenes of a play with the states after each of their writes.
func (y *play) passages(outcomes []rehearsal.Outcome) []passage {
	out := make([]passage, len(outcomes))
	for i, o := range outcomes {
		s := y.scenes[i]
		named, _ := s.Arguments["Release"].([]string)
		out[i] = passage{pack: s.pack, name: fmt.Sprintf("scene %d, %s", i, o.Name), back: s.script == "rollback", released: s.pack.releasedBy(named), before: o.Before}
		for _, w := range o.Writes {
			out[i].writes = append(out[i].writes, written{w, w.After})
		}
	}
	return out
}

// releasedBy tells whether a write takes back one of the kept steps that a person has released.
func (p pack) releasedBy(named []string) func(rehearsal.Write) bool {
	return func(w rehearsal.Write) bool {
		return slices.ContainsFunc(named, func(n string) bool {
			id, _, _ := strings.Cut(n, "=")
			return slices.ContainsFunc(p.Steps, func(x design.Step) bool { return x.ID == id && x.Noun == w.Noun && x.Name == w.Name })
		})
	}
}

// leaks holds each state against the one before it. Along apply no message may be protected less.
// On the way back it may, but never less than at the beginning; and what a rule holds, or an
// approved connector carries, is given up by the last writes alone, which a person has released.
func leaks(t testing.TB, scenes []passage) []string {
	t.Helper()
	watches := watchesOf(t, scenes)
	var out []string
	for _, s := range scenes {
		if len(s.writes) == 0 {
			continue
		}
		told, err := watches[s.pack.plan].leaks(s, scenes[0].before)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, told...)
	}
	for _, w := range watches {
		t.Logf("mail paths: %d messages asked of %d states, in %d walks", w.judge.Asked, w.judge.States, w.judge.Walks)
	}
	return out
}

// watch looks at the tenant with the eyes of a plan.
type watch struct {
	paths
	judge *mailpath.Judge
}

// watchesOf returns one for each plan that is carried out. Where there are two revisions, what the one
// approves is safe in the eyes of the other: a way back leads to it.
func watchesOf(t testing.TB, scenes []passage) map[string]watch {
	t.Helper()
	plans := map[string]paths{}
	var approved, connectors []string
	for _, s := range scenes {
		if _, known := plans[s.pack.plan]; known || s.pack.Design == nil {
			continue
		}
		x := pathsOf(t, s.pack)
		plans[s.pack.plan] = x
		approved, connectors = append(approved, x.approved...), append(connectors, x.connectors...)
	}
	out := map[string]watch{}
	for plan, x := range plans {
		x.approved, x.connectors = slices.Compact(slices.Sorted(slices.Values(approved))), connectors
		out[plan] = watch{x, mailpath.NewJudge(x.messages(), x.grade)}
	}
	return out
}

func (x watch) leaks(s passage, floor mailpath.State) ([]string, error) {
	var out []string
	before := s.before
	for n, w := range s.writes {
		losses, err := x.judge.Losses(before, w.after, floor)
		if err != nil {
			return nil, fmt.Errorf("%s, write %d: %w", s.name, n+1, err)
		}
		last := !slices.ContainsFunc(s.writes[n:], func(w written) bool { return !s.released(w.Write) })
		for _, l := range losses {
			low := l.BelowBoth && (x.opens == "" || l.Message.Arrival == nil)
			given := s.back && !low && (last || !x.held(l, before))
			if !given && !x.decided(l, w.Write) {
				out = append(out, fmt.Sprintf("%s, %s %s: %s", s.name, w.Cmdlet, w.Name, l))
			}
		}
		before = w.after
	}
	return out, nil
}

// held reports whether a loss is of a message that a rule held back, or that went where it may. What
// an inbound connector refuses is another thing: a lock-down is taken back before what it protects.
func (x paths) held(l mailpath.Loss, before mailpath.State) bool {
	rule := slices.ContainsFunc(before.Objects("TransportRule"), func(o rehearsal.Object) bool { return o.Name == l.From.By })
	return rule || l.From.Kind == mailpath.Leaves && x.grade(l.Message, l.From) == safe
}

// decided reports whether a loss is one that the plan itself speaks of: a test with dummy content
// decides whether a message to two is split; and a person has accepted that the planned connector
// opens, until its own lock-down, one that stands.
func (x paths) decided(l mailpath.Loss, w rehearsal.Write) bool {
	if l.Message.Arrival != nil {
		return x.opens != "" && w.Noun == "InboundConnector" && w.Name == x.opens && l.To.Kind == mailpath.Delivered
	}
	whole := l.Under.Takes("recipients", "whole") || l.Under.Takes("exceptions", "whole")
	return x.tests && whole && slices.Contains(x.connectors, l.To.By) && !x.approves(l.To.Recipient) && slices.ContainsFunc(l.Message.To, x.approves)
}

func (y *play) leaks(outcomes []rehearsal.Outcome) []string {
	y.t.Helper()
	return leaks(y.t, y.passages(outcomes))
}

// opened is an example whose steps are made wrong before they are rendered.
func opened(t *testing.T, p *profiles.Profile, edit func([]design.Step) []design.Step) pack {
	t.Helper()
	d := resolve(t, p)
	d.Steps = edit(d.Steps)
	files, err := Render(d, Options{Generator: "exoplan test", Profile: []byte("made wrong\n")})
	if err != nil {
		t.Fatal(err)
	}
	return onDisk(t, d, files)
}

// moved takes steps out of their place and puts them behind another, with nothing that would stop
// a script there.
func moved(steps []design.Step, behind string, ids ...string) []design.Step {
	var taken []design.Step
	rest := slices.DeleteFunc(slices.Clone(steps), func(s design.Step) bool {
		if slices.Contains(ids, s.ID) {
			s.Needs, s.Keep = nil, ""
			taken = append(taken, s)
		}
		return slices.Contains(ids, s.ID)
	})
	at := slices.IndexFunc(rest, func(s design.Step) bool { return s.ID == behind })
	for i := range rest {
		rest[i].Needs = slices.DeleteFunc(slices.Clone(rest[i].Needs), func(n string) bool { return slices.Contains(ids, n) })
	}
	return slices.Insert(rest, at+1, taken...)
}

// TestWrongOrderLeaks makes packs wrong on purpose, runs them, and sees each leak told: the rules
// that reject are taken back before those that lead to GovLINK; the connector of GovLINK is enabled
// after its rules; the exception for approved domains stands before the connector that is to carry them.
func TestWrongOrderLeaks(t *testing.T) {
	e := pwshtest.Engine(t)
	example := profilestest.Example(t, "protected")
	for name, tt := range map[string]struct {
		p    *profiles.Profile
		edit func([]design.Step) []design.Step
		want []string // each in one of the leaks
	}{
		"rejecting goes first on the way back": {example, func(s []design.Step) []design.Step {
			return moved(s, "STEP-661", "STEP-620", "STEP-621")
		}, []string{
			"rollback -Phase P6, Disable-TransportRule exoplan-31 PROTECTED elsewhere (subject): to another domain, marked \"\" by header, \"PROTECTED\" by subject",
			"rollback -Phase P6, Disable-TransportRule exoplan-30 PROTECTED elsewhere (header): to another domain, marked \"PROTECTED\" by header",
			"and now leaves to smtp.harbours.tidegate.example, TLS with the right name (outbound-connector-to-TIDEGATE)",
		}},
		"the connector comes last": {example, func(s []design.Step) []design.Step {
			i := slices.IndexFunc(s, func(s design.Step) bool { return s.ID == "STEP-330" })
			s[i].New, s[i].Set = map[string]any{"Enabled": false}, maps.Clone(s[i].Set)
			delete(s[i].Set, "Enabled")
			late := s[i]
			late.ID, late.Phase, late.Creates, late.New, late.Set, late.Needs = "STEP-699", "P6", false, nil, map[string]any{"Enabled": true}, nil
			at := slices.IndexFunc(s, func(s design.Step) bool { return s.ID == "STEP-661" })
			return slices.Insert(slices.Clone(s), at+1, late)
		}, []string{
			"apply -Phase P6, Enable-TransportRule exoplan-20 PROTECTED via GovLINK (header): to an approved domain, marked \"PROTECTED\" by header",
			"rejected (exoplan-30 PROTECTED elsewhere (header)), and now leaves to smtp.harbours.tidegate.example, TLS with the right name (outbound-connector-to-TIDEGATE) [disabled-route=ordinary]",
		}},
		"the exception comes before the connector": {taken(t, with(t, example, "protected.carrier=shared")), func(s []design.Step) []design.Step {
			return moved(s, "STEP-623", "STEP-662", "STEP-663")
		}, []string{
			"apply -Phase P6, Set-TransportRule exoplan-30 PROTECTED elsewhere (header): to an approved domain, marked \"PROTECTED\" by header",
			"rejected (exoplan-30 PROTECTED elsewhere (header)), and now leaves by MX, TLS if offered",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := opened(t, tt.p, tt.edit)
			y := newPlay(t, p, rehearsal.Full, "new")
			y.edit()
			for _, phase := range []string{"P3", "P6"} {
				y.run(p, "apply", 0, "Phase", phase, "Acknowledge", p.named(phase, isHold))
			}
			y.run(p, "rollback", 30, "Phase", "P6", "Acknowledge", p.named("P6", holdsBack), "Release", p.named("P6", isKept))
			leaks := strings.Join(y.leaks(y.act(e)), "\n")
			for _, want := range tt.want {
				if !strings.Contains(leaks, want) {
					t.Errorf("nobody tells of %q:\n%.4000s", want, leaks)
				}
			}
		})
	}
}

// TestInterrupted loses the session after every single write of the phase that opens the way out and
// of its way back, resumes each time, and tries every step by itself in the worst order. What is
// refused writes nothing, and what is written leaks nothing.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	y.run(p, "apply", 0, "Phase", "P3")
	ready := len(y.scenes) - 1
	steps := slices.DeleteFunc(p.In("P6"), func(s design.Step) bool { return !isRunStep(s) })
	lose := func(script string, args ...any) {
		for range steps {
			y.edit(rehearsal.Edit{Options: &rehearsal.Options{LoseAnswer: 1}})
			y.run(p, script, 20, args...).writes = true
			y.either(31)
		}
		y.edit(rehearsal.Edit{Options: &rehearsal.Options{}})
	}
	for _, s := range slices.Backward(steps) {
		if len(s.Needs) > 1 { // on more than the order of the rules
			y.run(p, "apply", 20, "Phase", "P6", "OnlyStep", []string{s.ID}, "Acknowledge", p.named("P6", isHold))
		}
	}
	lose("apply", "Phase", "P6", "Acknowledge", p.named("P6", isHold))
	y.run(p, "apply", 0, "Phase", "P6", "Acknowledge", p.named("P6", isHold)).writes = false
	back := []any{"Phase", "P6", "Acknowledge", p.named("P6", holdsBack), "Release", p.named("P6", isKept)}
	for _, s := range steps[:4] { // those that block and reject
		y.run(p, "rollback", 31, append(back, "OnlyStep", []string{s.ID})...).says("rests on")
	}
	lose("rollback", back...)
	y.run(p, "rollback", 30, back...).writes = false // the last write was done, and only now is it known
	o := y.perform(e)
	restored(t, o[ready], o[len(o)-1])
}
