package templates

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// next is the following revision of a profile, with some answers given anew.
func next(t *testing.T, p *profiles.Profile, assignments ...string) *profiles.Profile {
	t.Helper()
	q := with(t, p, assignments...)
	q.Revision++
	return q
}

// open leaves questions to an owner, as in a first revision.
func open(t *testing.T, p *profiles.Profile, refs ...string) *profiles.Profile {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, p)
	for _, r := range refs {
		if err := s.Undecide(profiles.ParseRef(r), "Tomasz Ng", ""); err != nil {
			t.Fatal(err)
		}
	}
	return s.Profile()
}

// wrote names every write of a range of scenes, with what came out different.
func wrote(outcomes []rehearsal.Outcome) []string {
	var out []string
	for _, o := range outcomes {
		for _, w := range o.Writes {
			out = append(out, strings.TrimSpace(w.Cmdlet+" "+w.Name)+" "+strings.Join(slices.Sorted(slices.Values(w.Changed)), ","))
		}
	}
	return out
}

// TestRevision carries revision 8 out over revision 7 and takes it back to the state of 7. What
// revision 7 made needs no adoption; what revision 8 has no place for is listed until somebody
// retires it.
func TestRevision(t *testing.T) {
	e := pwshtest.Engine(t)
	inbound := "Inbound-connector-from-TIDEGATE"
	for _, tt := range []struct {
		name     string
		change   []string
		stands   string   // a phase that revision 7 cannot take back while 8 stands
		writes   []string // of revision 8, all of them
		leftover []string
	}{
		{
			name:   "from certificate to address, one address added",
			change: []string{"gateway.lockdown=address", "gateway.shared-addresses=no", "gateway.to-exchange=192.0.2.16/28", "gateway.to-exchange=198.51.100.7", "gateway.to-exchange=198.51.100.8"},
			stands: "P7",
			writes: []string{
				"Set-InboundConnector " + inbound + " EFSkipIPs",
				"Set-InboundConnector " + inbound + " RestrictDomainsToCertificate,RestrictDomainsToIPAddresses,SenderIPAddresses,TlsSenderCertificateName",
			},
		},
		{
			name:   "a domain dropped, another approved",
			change: []string{"domains=harbours.example", "domains=notices.harbours.example", "govlink.approved=defence.example", "govlink.approved=treasury.example"},
			stands: "P6",
			writes: []string{
				"Set-TransportRule exoplan-20 PROTECTED via GovLINK (header) RecipientDomainIs",
				"Set-TransportRule exoplan-21 PROTECTED via GovLINK (subject) RecipientDomainIs",
			},
		},
		{
			name:     "the gateway renamed",
			change:   []string{"gateway.name=EBBGATE", "tenant.stays=restricts-everybody"},
			leftover: []string{"InboundConnector/" + inbound, "OutboundConnector/outbound-connector-to-TIDEGATE", "OutboundConnector/PROTECTED-outbound-to-TIDEGATE"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			// Without Direct Send P7 holds one object, so that a rollback which is refused has taken nothing back before.
			r7 := with(t, profilestest.Example(t, "protected"), "direct-send.reject=no")
			a, b := write(t, r7), write(t, taken(t, next(t, r7, tt.change...)))
			y := newPlay(t, a, rehearsal.Constrained, "new")
			y.edit()
			y.applyAll(a)
			seven := len(y.scenes) - 1
			y.run(b, "preflight", 0).says("Ours")
			y.run(b, "verify", 21)
			var holds []string
			for _, phase := range b.phases() {
				holds = append(holds, b.named(phase, isHold)...)
			}
			if tt.stands != "" { // what is in use is not changed before the holds of its later steps
				y.run(b, "apply", 22, "Phase", "P3").says("The object is in use since")
			}
			for _, phase := range b.phases() {
				y.run(b, "apply", 0, "Phase", phase, "Acknowledge", holds)
			}
			eight := len(y.scenes)
			v := y.run(b, "verify", 0)
			for _, l := range tt.leftover {
				v.says("Leftover  " + l)
				y.run(b, "apply", 0, "Phase", "P1", "Retire", []string{l + "=Priya R; removed by hand"}).writes = false
			}
			y.run(b, "verify", 0).check = func(t *testing.T, o rehearsal.Outcome) {
				if strings.Contains(o.Output, "Leftover") {
					t.Errorf("what was retired is listed still:\n%s", o.Output)
				}
			}
			if len(tt.leftover) == 0 { // revision 8 stands on what revision 7 made
				y.run(a, "rollback", 31, "Phase", tt.stands, "Acknowledge", a.named(tt.stands, holdsBack), "Release", a.named(tt.stands, isKept)).says("plan " + b.plan[:12])
			}
			for _, phase := range slices.Backward(b.phases()) {
				y.run(b, "rollback", 30, "Phase", phase, "Acknowledge", b.named(phase, holdsBack), "Release", b.named(phase, isKept))
				y.either(31) // nothing of this revision there, and revision 7 stands
				y.either(0)  // a phase of holds alone
			}
			o := y.perform(e)
			restored(t, o[seven], o[len(o)-1])
			if got := wrote(o[seven:eight]); tt.writes != nil && !slices.Equal(got, tt.writes) {
				t.Errorf("revision 8 wrote\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.writes, "\n"))
			}
		})
	}
}

var regexpTold = regexp.MustCompile(`--set '([^']+)'`)

// TestTwoRevisions: signing is prepared by a first revision, which prints what the tenant made;
// the second enables it with these values, and not with others.
func TestTwoRevisions(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		first := open(t, profilestest.Example(t, "cloud"), "dkim.selector1/mariners-welfare.example", "dkim.selector2/mariners-welfare.example")
		a := write(t, first)
		y := newPlay(t, a, mode, "new")
		y.edit()
		y.run(a, "apply", 0, "Phase", "P2", "Acknowledge", a.named("P2", isHold)).says("Held      STEP-230/mariners-welfare.example")
		o := y.perform(e)
		told := regexpTold.FindAllStringSubmatch(o[1].Output, -1)
		if len(told) != 4 {
			t.Fatalf("the script told %d values:\n%s", len(told), o[1].Output)
		}
		var values []string
		for _, m := range told {
			values = append(values, m[1])
		}
		b := write(t, next(t, first, values...))
		wrong := slices.Clone(values)
		wrong[0] += ".wrong.example"
		c := write(t, next(t, first, wrong...))

		z := newPlay(t, a, mode, "new")
		z.edit()
		z.run(a, "apply", 0, "Phase", "P1", "Acknowledge", a.named("P1", isHold))
		z.run(a, "apply", 0, "Phase", "P2", "Acknowledge", a.named("P2", isHold))
		early := z.run(b, "apply", 20, "Phase", "P2", "Acknowledge", b.named("P2", isHold))
		early.says("CNAME record does not exist")
		z.edit(rehearsal.Edit{Publish: "mariners-welfare.example"}, rehearsal.Edit{Publish: "grants.mariners-welfare.example"})
		z.run(c, "apply", 20, "Phase", "P2", "Acknowledge", c.named("P2", isHold)).says("not as expected: Selector1CNAME")
		z.run(b, "apply", 0, "Phase", "P2", "Acknowledge", b.named("P2", isHold)).says("Changed   STEP-230/mariners-welfare.example")
		z.run(b, "verify", 0, "Phase", "P2")
		z.run(b, "rollback", 30, "Phase", "P2")
		z.run(a, "rollback", 30, "Phase", "P2")
		z.run(a, "rollback", 30, "Phase", "P1", "Acknowledge", a.named("P1", holdsBack))
		out := z.perform(e)
		restored(t, out[0], out[len(out)-1])
	})
}

// TestSignedStaysSigned: a domain that is signed already is not switched off to be prepared.
func TestSignedStaysSigned(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, with(t, profilestest.Example(t, "cloud"), "dkim.keys-today=long"))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.tenant.Objects = p.tried.Made()
	for i := range y.tenant.Objects {
		y.tenant.Objects[i].Values["Enabled"] = true
	}
	y.edit(published(p)...)
	y.run(p, "apply", 0, "Phase", "P2", "Acknowledge", p.named("P2", isHold)).check = func(t *testing.T, o rehearsal.Outcome) {
		for _, w := range o.Writes {
			if w.Name == "mariners-welfare.example" {
				t.Errorf("%s %s", w.Cmdlet, w.Name)
			}
		}
	}
	y.perform(e)
}

// TestHeldBehindOpenQuestion: while the approved domains are open, what rejects is carried out
// and what lets through is held.
func TestHeldBehindOpenQuestion(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, taken(t, open(t, profilestest.Example(t, "protected"), "govlink.approved")))
	y := newPlay(t, p, rehearsal.Constrained, "new")
	y.edit()
	y.applyAll(p)
	o := y.perform(e)
	var names []string
	for _, r := range o[len(o)-1].State.Objects("TransportRule") {
		v, _ := r.Value("State")
		names = append(names, r.Name[:len("exoplan-10")]+" "+v.(string))
	}
	if got, want := strings.Join(names, ", "), "exoplan-10 Enabled, exoplan-11 Enabled, exoplan-30 Enabled, exoplan-31 Enabled, exoplan-40 Enabled, exoplan-41 Enabled"; got != want {
		t.Errorf("rules are %s, want %s", got, want)
	}
}
