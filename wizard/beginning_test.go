package wizard

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
)

const (
	cloud, cloudTitle     = "asd-cloud-native", "ASD Blueprint, cloud-native"
	gateway, gatewayTitle = "asd-protected-gateway", "ASD Blueprint, PROTECTED through a gateway with GovLINK"
)

// has fails unless the profile has these presets, and no other.
func (d *driver) has(presets ...string) {
	d.t.Helper()
	if got := d.m.o.Session.Profile().Presets; !slices.Equal(got, presets) {
		d.t.Errorf("the profile has the presets %q, not %q", got, presets)
	}
}

// to moves to the choice with a label.
func (d *driver) to(label string) {
	d.t.Helper()
	d.press("home")
	for range 40 {
		if strings.Contains(d.screen(), "▸ "+label) {
			return
		}
		d.press("down")
	}
	d.t.Fatalf("no choice %q", label)
}

func TestWhoIsAskedForAPreset(t *testing.T) {
	answered := fresh()
	answered.Answers[profiles.Ref{Question: "engagement.system"}] = profiles.Answer{Value: "HARBOURNET"}
	undecided := fresh()
	undecided.Answers[profiles.Ref{Question: "engagement.system"}] = profiles.Answer{Undecided: &profiles.Undecided{Owner: "Priya"}}
	tests := []struct {
		name    string
		profile *profiles.Profile
		at      string
	}{
		{"a new profile", fresh(), "*wizard.beginning"},
		{"not one with a preset", fresh(cloud), "engagement.organisation"},
		{"not one with an answer", answered, "engagement.organisation"},
		{"not one with an open question", undecided, "engagement.organisation"},
		{"not one that is complete", example(t, "protected"), "*wizard.review"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := start(t, tt.profile)
			d.must(tt.at)
			for range 80 {
				d.press("esc")
			}
			if asked := d.at() == "*wizard.beginning"; asked != (tt.at == "*wizard.beginning") {
				t.Errorf("all the way back is %s", d.at())
			}
		})
	}
	t.Run("nobody where there is none", func(t *testing.T) {
		d := &driver{t: t}
		d.run(profiles.NewSession(state(t, fresh()).Catalog, nil, fresh()))
		d.must("engagement.organisation")
	})
}

func TestBeginningShowsEveryPreset(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {60, 16}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			d := start(t, fresh())
			d.size(size[0], size[1])
			for _, p := range d.m.o.Session.Presets() {
				d.sees("Which preset does the plan start from?", "Start", "▸ "+p.Title, p.About)
				d.whole()
				d.sees("enter next ↑↓ choose F1 why", "ctrl+c save, quit")
				d.press("f1")
				d.must("*wizard.why")
				d.sees(p.Title)
				d.whole()
				d.press("esc", "down")
			}
			d.sees("▸ None: every question is asked", "Where a question has a default, that is proposed.")
			d.whole()
			d.press("f1")
			d.sees("answers that belong together")
			d.whole()
		})
	}
}

func TestWhyOfAPreset(t *testing.T) {
	d := start(t, fresh())
	d.to(gatewayTitle)
	d.press("?")
	d.sees(
		gatewayTitle, "A system authorised to PROTECTED.", "What it answers", "Recognised by: By its certificate name", "DMARC of each domain in the end: p=reject",
		"Source", "Australian Signals Directorate, v1.3.3",
	)
	d.press("enter")
	d.must("*wizard.beginning")
	d.sees("▸ " + gatewayTitle)
}

func TestPresetIsProposedAndSaved(t *testing.T) {
	d := start(t, fresh())
	d.to(gatewayTitle)
	if len(d.saved) > 0 {
		t.Error("saved before it was taken")
	}
	d.press("enter")
	d.must("engagement.organisation")
	d.sees("r1 saved", gatewayTitle)
	d.has(gateway)
	if len(d.saved) != 1 || !slices.Equal(d.saved[0].Presets, []string{gateway}) || len(d.saved[0].Answers) > 0 {
		t.Errorf("saved: %+v", d.saved)
	}
	d.goes("gateway.inbound")
	d.sees("▸ At a mail gateway", "preset: "+gatewayTitle)
}

func TestBeginningWithoutAPreset(t *testing.T) {
	d := start(t, fresh())
	d.press("end", "enter")
	d.must("engagement.organisation")
	d.has()
	if len(d.saved) > 0 {
		t.Error("saved, though nothing changed")
	}
	d.goes("gateway.inbound")
	d.seesNot("preset:")
	d.goes("engagement.organisation")
	d.press("esc")
	d.must("*wizard.beginning")
	d.sees("▸ None: every question is asked")
}

func TestPresetIsChosenAgain(t *testing.T) {
	d := start(t, fresh())
	before := d.m.overall()
	d.press("enter")
	d.typed("Department of")
	d.press("esc")
	d.must("*wizard.beginning")
	d.sees("▸ " + cloudTitle)
	d.press("enter") // the same
	if len(d.saved) != 1 {
		t.Errorf("%d saves of one change", len(d.saved))
	}
	d.press("shift+tab")
	d.to(gatewayTitle)
	d.press("enter")
	d.has(gateway)
	d.sees("› Department of") // what was typed is still there
	d.press("esc", "end", "enter")
	d.has()
	if got := d.m.overall(); got != before {
		t.Errorf("progress is %s, and was %s", got, before)
	}
	d.press("esc")
	d.to(gatewayTitle)
	d.press("enter")
	d.has(gateway)
	if last := d.saved[len(d.saved)-1]; len(d.saved) != 4 || !slices.Equal(last.Presets, []string{gateway}) {
		t.Errorf("%d saves, the last %v", len(d.saved), last.Presets)
	}

	// With an answer of one's own the choice is made.
	d.press("enter")
	d.must("engagement.system")
	d.press("esc", "esc")
	d.must("engagement.organisation")
	d.sees("This is the first question.")
	d.press("f8", "esc")
	d.must("*wizard.beginning")
}

// What was chosen and not taken is no longer so when another preset says the same.
func TestPresetSaysWhatWasTyped(t *testing.T) {
	d := start(t, fresh())
	d.to(cloudTitle)
	d.press("enter")
	d.goes("gateway.inbound")
	d.press("down")
	d.sees("not taken yet")
	for d.at() != "*wizard.beginning" {
		d.press("esc")
	}
	d.to(gatewayTitle)
	d.press("enter")
	d.has(gateway)
	d.goes("gateway.inbound")
	d.seesNot("not taken yet")
	d.press("enter", "ctrl+r")
	d.seesNot("not taken yet")
}

func TestKeysAtTheBeginning(t *testing.T) {
	d := start(t, fresh())
	d.to(gatewayTitle)
	screen := d.screen()
	for _, k := range []string{"esc", "shift+tab"} {
		d.press(k)
		d.must("*wizard.beginning")
		d.sees("This is the beginning.", "▸ "+gatewayTitle)
	}
	d.press("f4", "f6", "f8", "x", "/")
	for _, keys := range [][]string{{"ctrl+g", "esc"}, {"ctrl+r", "esc"}, {"f1", "ctrl+r", "esc", "esc"}, {"up", "down"}} {
		d.press(keys...)
		d.must("*wizard.beginning")
	}
	d.atOnce("x\n") // pasted
	d.size(30, 5)
	d.size(broadest-1, 40)
	if got := d.screen(); got != screen {
		t.Errorf("it was\n%s\nand is\n%s", screen, got)
	}
	d.has()
	d.press("ctrl+c")
	if !d.quit || d.m.end != Interrupted || len(d.saved) > 0 {
		t.Errorf("quit %v, end %s, %d saves", d.quit, d.m.end, len(d.saved))
	}
}
