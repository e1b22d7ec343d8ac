package wizard

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// otherTenants are the profiles of other tenants, one of which cannot be read.
func otherTenants(t *testing.T) []Other {
	t.Helper()
	saved := func(p *profiles.Profile) func() (*profiles.Profile, error) {
		return func() (*profiles.Profile, error) { return p, nil }
	}
	return []Other{
		{"broken", func() (*profiles.Profile, error) {
			return nil, errors.New("broken.yaml:6: no such key\nbroken.yaml:7: another fault")
		}},
		{"harbours", saved(taught(t))},
		{"unnamed", saved(fresh(cloud))},
	}
}

// taught is the PROTECTED example with an answer of its own and an acknowledgement.
func taught(t *testing.T) *profiles.Profile {
	t.Helper()
	p := example(t, "protected")
	p.Answers[profiles.Ref{Question: "smtp-auth"}] = profiles.Answer{Value: "allowed"}
	p.Acknowledged = []profiles.Acknowledgement{{Rule: "GW-20", By: "Priya Secret", Role: "CISO", Reason: "known"}}
	return p
}

// startBeside runs the wizard on a new profile where others are saved.
func startBeside(t *testing.T, all []Other) *driver {
	t.Helper()
	c, presets := profilestest.Knowledge(t)
	d := &driver{t: t, others: all}
	d.run(profiles.NewSession(c, presets, fresh()))
	return d
}

// TestNewFromAnotherTenant: what was chosen for the other tenant is kept, what tells it is emptied;
// both are listed before anything changes.
func TestNewFromAnotherTenant(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {broadest - 1, 40}, {60, 16}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			d := startBeside(t, otherTenants(t))
			d.size(size[0], size[1])
			d.press("end")
			d.sees("▸ Another tenant's profile", "What tells that tenant is emptied")
			d.whole()
			d.press("enter")
			d.must("*wizard.others")
			d.sees("From which profile?", "▸ broken", "It cannot be read: broken.yaml:6: no such key")
			d.whole()
			d.press("enter")
			d.must("*wizard.others")
			d.press("down")
			d.sees("▸ harbours", "Department of Harbours and Shipwrights' Affairs, revision 3.")
			d.press("enter")
			d.must("*wizard.taking")
			d.sees("From harbours", "Kept, look at each")
			d.whole()
			all := d.scrolled()
			for _, want := range []string{"Presets", gatewayTitle[:20], "SMTP AUTH: Yes, for now", "Emptied", "Organisation", "MX of each domain today", "Not passed on", "The acknowledgement of GW-20", "To answer now", "System"} {
				if !strings.Contains(all, want) {
					t.Errorf("%q is not listed:\n%s", want, all)
				}
			}
			for _, secret := range []string{"tidegate", "Tidegate", "Shipwrights", "harbours.example", "Secret", "HARBOURNET"} {
				if strings.Contains(all, secret) {
					t.Errorf("%q is told:\n%s", secret, all)
				}
			}
			d.press("esc", "down")
			d.sees("▸ unnamed", "No organisation is named, revision 1.")
			d.press("esc")
			d.must("*wizard.beginning")
			d.has()
			if len(d.saved) > 0 {
				t.Error("saved before anything was taken")
			}
			d.press("enter", "down", "enter", "enter")
			d.must("engagement.organisation")
			d.has(gateway)
			if got := d.answer("smtp-auth").Value; got != "allowed" {
				t.Errorf("smtp-auth is %v", got)
			}
			last := d.saved[len(d.saved)-1]
			if last.ID != fresh().ID || last.Revision != 1 || len(last.Acknowledged) > 0 || len(d.saved) != 1 {
				t.Errorf("saved: %+v", last)
			}
			d.press("esc")
			d.sees("This is the first question.")
		})
	}
}

// scrolled reads a screen from its top to its end.
func (d *driver) scrolled() string {
	d.t.Helper()
	d.press("home")
	var all []string
	for range 99 {
		before := d.screen()
		all = append(all, before)
		d.press("pgdown")
		if d.screen() == before {
			break
		}
	}
	return strings.Join(all, "\n")
}

func TestAnotherTenantIsOfferedWhereThereIsOne(t *testing.T) {
	d := startBeside(t, nil)
	d.press("end")
	d.sees("▸ None: every question is asked")
	d.seesNot("Another tenant")
}

func TestPlainNewFromAnotherTenant(t *testing.T) {
	_, presets := profilestest.Knowledge(t)
	beside := func(o *Options) { o.Others = otherTenants(t) }
	choice := strconv.Itoa(len(presets) + 2)
	s := speak(t, fresh(), beside, choice, "/back", choice, "broken", "nothing", "harbours", "no", "/back", "2", "", "/quit")
	if s.err != nil {
		t.Fatal(s.err, s.said)
	}
	for _, want := range []string{
		choice + ". Another tenant's profile", "From which profile?", "1. broken: It cannot be read: broken.yaml:6: no such key", "Error: It cannot be read",
		`Error: "nothing" is none of these profiles`, "2. harbours: Department of Harbours and Shipwrights' Affairs, revision 3.", "Kept, look at each:\n", "\nSMTP AUTH: Yes, for now\n",
		"Emptied:\n", "Not passed on:\nThe acknowledgement of GW-20\n", "To answer now:\n", `Error: "no" is neither an empty line nor one of the words`, "What is the name of the organisation?",
	} {
		if !strings.Contains(s.said, want) {
			t.Errorf("nobody heard %q:\n%s", want, s.said)
		}
	}
	if s.saved == nil || !slices.Equal(s.saved.Presets, []string{gateway}) || s.saved.Answers[profiles.Ref{Question: "smtp-auth"}].Value != "allowed" {
		t.Errorf("saved: %+v", s.saved)
	}
}
