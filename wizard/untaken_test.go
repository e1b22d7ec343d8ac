package wizard

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/exoplan/exoplan/profiles"
)

// kept is what the profile on disk has for a question.
func (d *driver) kept(ref string) any {
	d.t.Helper()
	if len(d.saved) == 0 {
		d.t.Fatal("nothing was saved")
	}
	return d.saved[len(d.saved)-1].Answers[profiles.ParseRef(ref)].Value
}

func TestKeysThatLeadAwayTakeTheField(t *testing.T) {
	tests := []struct {
		keys []string
		at   string
		quit bool
	}{
		{[]string{"ctrl+s"}, "engagement.system", false},
		{[]string{"f7"}, "engagement.system", false},
		{[]string{"f1", "ctrl+s"}, "*wizard.why", false},
		{[]string{"ctrl+r"}, "*wizard.review", false},
		{[]string{"f5"}, "*wizard.review", false},
		{[]string{"f1", "ctrl+r"}, "*wizard.review", false},
		{[]string{"ctrl+g"}, "*wizard.jump", false},
		{[]string{"f3"}, "*wizard.jump", false},
		{[]string{"ctrl+c"}, "engagement.system", true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.keys), func(t *testing.T) {
			d := start(t, example(t, "protected"))
			d.goes("engagement.system")
			d.replaced("HARBOURNET 2")
			d.press(tt.keys...)
			d.must(tt.at)
			if d.quit != tt.quit {
				t.Errorf("quit: %v", d.quit)
			}
			if got := d.kept("engagement.system"); got != "HARBOURNET 2" {
				t.Errorf("the file holds %v", got)
			}
			d.seesNot("not taken")
		})
	}
	t.Run("and only what differs", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("gateway.lockdown")
		d.press("ctrl+r", "esc", "ctrl+g", "esc", "ctrl+s")
		if _, own := d.saved[0].Answers[profiles.Ref{Question: "gateway.lockdown"}]; own {
			t.Error("the preset's answer became the user's")
		}
	})
	t.Run("and not from a sheet", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("engagement.system")
		d.replaced("HARBOURNET 2")
		d.press("f4", "ctrl+s")
		d.sees("Saved to", "1 answer is typed and not taken: System.")
		d.press("ctrl+c")
		d.sees("1 answer is typed and not taken: System. ctrl+c again gives it up.")
		if d.quit {
			t.Error("left")
		}
	})
}

func TestWhatIsNoAnswerIsNotSaidToBeSaved(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.smarthost")
	d.replaced("not a host")
	d.press("ctrl+s")
	d.must("gateway.smarthost")
	d.sees(
		"Saved to ~/.config/exoplan/profiles/harbours.yaml.",
		`Smart host of the gateway is not taken: "not a host" is not a domain name`,
		`✗ "not a host" is not a domain name`, "› not a host",
	)
	if got := d.kept("gateway.smarthost"); got != "smtp.harbours.tidegate.example" {
		t.Errorf("the file holds %v", got)
	}
}

func TestNothingIsWrittenWhileAnAnswerIsNotTaken(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.smarthost")
	d.replaced("not a host")
	d.press("ctrl+g")
	d.must("*wizard.jump")
	d.press("ctrl+r")
	d.sees("✗ No pack yet: 1 answer is typed and not taken: Smart host of the gateway.")
	for _, keys := range [][]string{{"d"}, {"end", "up", "up", "enter"}} {
		d.press(keys...)
		d.must("*wizard.review")
		d.sees("not taken: Smart host of the gateway. Enter opens the first.")
	}
	if len(d.packs) > 0 {
		t.Fatal("a pack was written")
	}
	d.press("enter")
	d.must("gateway.smarthost")
	d.sees("› not a host", "F8 drops what is typed")
	d.press("f8")
	d.sees("› smtp.harbours.tidegate.example")
	d.press("esc", "d")
	d.sees("Would be written to")
}

func TestManyAnswersThatAreNotTakenAreCounted(t *testing.T) {
	d := start(t, example(t, "protected"))
	for _, ref := range []string{"engagement.organisation", "engagement.system", "gateway.name", "gateway.smarthost"} {
		d.m.goTo(profiles.ParseRef(ref))
		d.typed("x")
	}
	d.press("esc", "ctrl+r")
	d.sees("4 answers are typed and not taken: Organisation, System, Name of the gateway, ….")
}

// A question without an answer counts once, and tab leads past it.
func TestMissingAnswerThatIsTypedCountsOnce(t *testing.T) {
	p := example(t, "protected")
	delete(p.Answers, profiles.Ref{Question: "gateway.smarthost"})
	delete(p.Answers, profiles.Ref{Question: "tenant.id"})
	d := start(t, p)
	d.goes("gateway.smarthost")
	d.typed("not a host")
	d.press("ctrl+r")
	d.sees("No pack yet: 1 answer is typed and not taken: Smart host of the gateway; 1 question without an answer.")
	var at []string
	for range 3 {
		d.press("tab")
		at = append(at, d.m.top().(*review).list.key)
	}
	if want := []string{"gateway.smarthost", "tenant.id", "gateway.smarthost"}; !slices.Equal(at, want) {
		t.Errorf("tab leads to %v, not %v", at, want)
	}
}

func TestLeavingWithAnAnswerThatIsNotTaken(t *testing.T) {
	t.Run("is refused once", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("gateway.smarthost")
		d.replaced("not a host")
		d.press("ctrl+c")
		d.sees(`Smart host of the gateway is not taken: "not a host" is not a domain name`, "ctrl+c again gives it up.")
		if d.quit {
			t.Fatal("left")
		}
		d.press("ctrl+c")
		if !d.quit || d.m.end != Interrupted {
			t.Errorf("quit %v, end %s", d.quit, d.m.end)
		}
	})
	t.Run("is refused again after another key", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("gateway.smarthost")
		d.replaced("not a host")
		d.press("ctrl+c", "left", "ctrl+c")
		if d.quit {
			t.Error("left")
		}
	})
	t.Run("also where it was set aside, and valid", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("engagement.system")
		d.replaced("HARBOURNET 2")
		d.press("esc", "ctrl+c")
		d.sees("1 answer is typed and not taken: System. ctrl+c again gives it up.")
		if d.quit {
			t.Error("left")
		}
	})
	t.Run("also from a sheet that is not done", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("engagement.system")
		d.press("f4")
		d.typed("Priya")
		d.press("ctrl+s")
		d.sees("Saved to", "Undecided: what is typed here is not taken yet.")
		d.press("ctrl+c")
		d.sees("Undecided: what is typed here is not taken yet. ctrl+c again gives it up.")
		if d.quit {
			t.Fatal("left")
		}
		d.press("ctrl+c")
		if !d.quit {
			t.Error("there is no way out")
		}
	})
	t.Run("from the review's last row", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("gateway.smarthost")
		d.replaced("not a host")
		d.press("ctrl+r", "end", "enter")
		d.sees("enter again gives it up.")
		if d.quit {
			t.Fatal("left")
		}
		d.press("enter")
		if !d.quit || d.m.end != Finished {
			t.Errorf("quit %v, end %s", d.quit, d.m.end)
		}
	})
	t.Run("not by a signal", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("gateway.smarthost")
		d.replaced("not a host")
		d.send(stopMsg{Terminated})
		if !d.quit {
			t.Error("a signal waits for a person")
		}
	})
}

func TestFindingsDoNotSwallowTheKey(t *testing.T) {
	for key, at := range map[string]string{"ctrl+r": "*wizard.review", "ctrl+g": "*wizard.jump", "ctrl+s": "gateway.seals-arc"} {
		d := start(t, example(t, "protected"))
		d.goes("gateway.seals-arc")
		d.press("n", key)
		d.must(at)
		if d.kept("gateway.seals-arc") != false {
			t.Errorf("%s took nothing", key)
		}
		d.press("esc", "ctrl+r")
		d.sees("No pack yet: 1 warning that nobody acknowledged.")
	}
	d := start(t, example(t, "protected"))
	d.goes("gateway.seals-arc")
	d.press("n", "ctrl+c")
	if !d.quit || d.kept("gateway.seals-arc") != false {
		t.Errorf("quit %v, kept %v", d.quit, d.kept("gateway.seals-arc"))
	}
}

// hinted is an error that knows the way on.
type hinted struct{ error }

func (hinted) Hint() string { return "move it aside, or: exoplan render PROFILE -o DIR --force" }

func TestFailedWriteSaysTheWayOn(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		d := start(t, example(t, "protected"))
		d.size(size[0], size[1])
		d.writeErr = fmt.Errorf("pack: %w", hinted{errors.New("2 files were edited" + strings.Repeat(" docs/design-decisions.md", 40))})
		d.press("end", "up", "up", "enter")
		d.sees("✗ Not written: pack: 2 files were edited", "The way on: move it aside, or: exoplan render PROFILE -o DIR --force")
		d.whole()
	}
}

func TestWhereTheProfileIsSavedIsSaid(t *testing.T) {
	for _, p := range []*profiles.Profile{fresh(), fresh(cloud), example(t, "protected")} {
		d := start(t, p)
		for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
			d.size(size[0], size[1])
			d.sees("Answers are saved to ~/.", "harbours.yaml.")
			d.whole()
		}
		d.press("down")
		d.seesNot("Answers are saved")
	}
	d := start(t, example(t, "protected"))
	d.m.o.SavedTo = "/home/priya/" + strings.Repeat("very/long/", 20) + "harbours.yaml"
	d.size(80, 24)
	d.press("ctrl+s")
	d.sees("Saved to /home/priya/very/long", "…", "long/harbours.yaml.")
}

func TestMiddle(t *testing.T) {
	tests := []struct {
		s    string
		w    int
		want string
	}{
		{"short", 5, "short"},
		{"/home/priya/harbours.yaml", 16, "/home/p…urs.yaml"},
		{"海事福祉局海事福祉局", 10, "海事…祉局"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
	}
	for _, tt := range tests {
		got := middle(tt.s, tt.w, 2)
		if got != tt.want || ansi.StringWidth(got) > tt.w {
			t.Errorf("%q in %d cells is %q, not %q", tt.s, tt.w, got, tt.want)
		}
	}
}

func TestFooterLeadsToTheReviewAtEverySize(t *testing.T) {
	for _, tt := range []struct {
		w, h int
		want []string
	}{
		{80, 24, []string{"esc back", "ctrl+r review", "F1 why"}},
		{60, 16, []string{"esc back", "ctrl+r review"}},
	} {
		d := start(t, example(t, "protected"))
		d.size(tt.w, tt.h)
		if foot := d.whole(); !strings.Contains(foot, "esc back") {
			t.Errorf("the review: %q", foot)
		}
		d.sees(fmt.Sprintf("%d answered, 1 undecided", len(d.asked(""))-1))
		for _, a := range d.m.o.Session.State().Asked {
			d.m.goTo(a.Ref())
			foot := d.whole()
			for _, want := range tt.want {
				if !strings.Contains(foot, want) {
					t.Errorf("%s at %d cells: %q lacks %q", a.Ref(), tt.w, foot, want)
				}
			}
		}
	}
}

func TestCountsTellUndecidedFromAnswered(t *testing.T) {
	p := example(t, "protected")
	d := start(t, p)
	d.size(80, 24)
	d.sees(fmt.Sprintf("%d answered, 1 undecided", len(d.asked(""))-1))
	p.Answers[profiles.ParseRef("dkim.gateway-key/notices.harbours.example")] = profiles.Answer{}
	delete(p.Answers, profiles.Ref{Question: "gateway.smarthost"})
	d = start(t, p)
	d.size(80, 24)
	d.sees(fmt.Sprintf("%d of %d answered", len(d.asked(""))-2, len(d.asked(""))))
	d.size(120, 40)
	d.sees(fmt.Sprintf("Mail gateway %d/%d", len(d.asked("Mail gateway"))-1, len(d.asked("Mail gateway"))))
}

func TestRowsOfTheReviewDiffer(t *testing.T) {
	p := example(t, "protected")
	d := start(t, p)
	d.goes("domains")
	for _, name := range []string{"light-houses.pilots.harbours.example", "light-ships.pilots.harbours.example"} {
		d.typed(name)
		d.press("enter")
	}
	d.press("ctrl+r")
	d.size(80, 24)
	m := d.m
	for _, w := range []int{76, 116} {
		names := map[string]string{}
		for _, a := range m.o.Session.State().Asked {
			name := asking(a, nameWidth(w))
			if ansi.StringWidth(name) > nameWidth(w) {
				t.Errorf("%q is wider than %d", name, nameWidth(w))
			}
			if other := names[name]; other != "" {
				t.Errorf("%s and %s are both %q", other, a.Ref(), name)
			}
			names[name] = a.Ref().String()
		}
	}
	d.press("/")
	d.typed("DMARC of light-houses")
	d.sees("…", " today", " in the end")
}

func TestFindingHasOneOrder(t *testing.T) {
	d := unsealed(t)
	labels := func() []string {
		var out []string
		for _, c := range d.m.top().(*finding).menu.choices {
			out = append(out, c.label)
		}
		return out
	}
	want := []string{"Change the answer", "Acknowledge", "Leave open"}
	if got := labels(); !slices.Equal(got[:3], want) {
		t.Errorf("after the question: %v", got)
	}
	d.press("ctrl+r", "tab", "enter")
	d.must("*wizard.finding")
	if got := labels(); !slices.Equal(got[:3], want) {
		t.Errorf("from the review: %v", got)
	}
	d.sees("▸ Change the answer", "Gateway seals ARC, now: No", "F1 why")
	d.press("f1")
	d.must("*wizard.why")
	d.sees("Does the gateway seal")
	d.press("esc")
	d.must("*wizard.finding")
	d.press("enter")
	d.must("gateway.seals-arc")
	d.press("y", "enter")
	d.must("*wizard.review")
	d.sees("✓ Nothing stops the pack.")
}

func TestPlaceholderDoesNotLookLikeAnAnswer(t *testing.T) {
	d := start(t, fresh(gateway))
	for _, a := range d.m.o.Session.State().Asked {
		d.m.goTo(a.Ref())
		if f := d.field(); f.types && expected(a.Question) != "" && len(f.texts()) == 0 {
			d.sees("e.g.")
		}
	}
}

func TestOriginIsSaidInWords(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("engagement.system")
	d.sees("your answer")
}
