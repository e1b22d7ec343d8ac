package wizard

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

func state(t *testing.T, p *profiles.Profile) *profiles.State {
	t.Helper()
	c, presets, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	return profiles.Evaluate(c, presets, p)
}

// fill answers the question on the screen by its keys, and goes on.
func (d *driver) fill(a profiles.Asked) {
	d.t.Helper()
	texts := a.Question.Format(a.Answer.Value)
	if u := a.Answer.Undecided; u != nil {
		d.press("f4")
		d.typed(u.Owner)
		d.press("enter")
		d.typed(u.Due)
		d.press("enter")
		if u.Assumed {
			d.t.Fatalf("%s: no example assumes yet, teach the test", a.Ref())
		}
		d.press("enter")
		return
	}
	if _, is := d.m.top().(*items); is {
		d.list(texts)
		return
	}
	q := d.m.top().(*question)
	if !slices.Equal(q.before, texts) {
		d.edit(q, texts)
	}
	if q.field.lines {
		d.press("tab")
	} else {
		d.press("enter")
	}
}

// takeOn acknowledges a finding as the example does, or leaves it open.
func (d *driver) takeOn(f *finding, want *profiles.Profile) {
	d.t.Helper()
	for _, a := range want.Acknowledged {
		if f.now.Rule.ID == a.Rule && f.now.Scope.Item.Key == a.Item && f.now.Acknowledged == nil {
			d.to("Acknowledge")
			d.press("enter")
			for _, text := range []string{a.By, a.Role, a.Reason} {
				d.typed(text)
				d.press("enter")
			}
			return
		}
	}
	i := slices.IndexFunc(f.menu.choices, func(c choice) bool { return c.label == "Leave open" || c.label == "Close" })
	d.to(f.menu.choices[i].label)
	d.press("enter")
}

// list adds what a list lacks, item by item, and goes on.
func (d *driver) list(texts []string) {
	d.t.Helper()
	for _, text := range texts {
		if !slices.Contains(d.m.top().(*items).before, text) {
			d.typed(text + "\n")
		}
	}
	d.press("enter")
}

func (d *driver) edit(q *question, texts []string) {
	d.t.Helper()
	switch q.asked.Question.Kind {
	case catalog.Select:
		d.press("home")
		for range len(q.asked.Question.Options) + 1 {
			if q.field.under() == texts[0] {
				return
			}
			d.press("down")
		}
		d.t.Fatalf("%s: no choice %q", q.ref, texts[0])
	case catalog.Multi:
		ticked := q.field.texts()
		for _, o := range q.asked.Question.Options {
			if slices.Contains(texts, o.Value) != slices.Contains(ticked, o.Value) {
				d.press("space")
			}
			d.press("down")
		}
	case catalog.Confirm:
		d.press(map[string]string{"yes": "y", "no": "n"}[texts[0]])
	default:
		for range strings.Join(q.field.texts(), "\n") {
			d.press("backspace")
		}
		d.typed(strings.Join(texts, "\n"))
	}
}

// A profile that is typed in, key by key, is the one that a file would hold, and it is what
// the pack is written from.
func TestFromNothingToThePack(t *testing.T) {
	for _, name := range profiles.Examples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := example(t, name)
			p := fresh(want.Presets...)
			p.ID, p.Name, p.Revision, p.Date = want.ID, want.Name, want.Revision, want.Date
			d := start(t, p)
			answers := state(t, want)
			for _, a := range answers.Asked {
				if a.Locked {
					continue
				}
				d.must(a.Ref().String())
				d.sees(a.Topic.Title)
				d.fill(a)
				for {
					f, is := d.m.top().(*finding)
					if !is {
						break
					}
					t.Logf("%s led to %s", a.Ref(), f.now.At())
					d.takeOn(f, want)
				}
			}
			d.must("*wizard.review")
			d.sees("Nothing stops the pack.")
			d.press("end", "up", "up", "enter")
			if len(d.packs) != 1 {
				t.Fatalf("%d packs were written:\n%s", len(d.packs), d.screen())
			}
			d.sees("Written to ./harbours-r3", "docs/design-decisions.docx", "exoplan rehearse ./harbours-r3")
			same(t, state(t, d.packs[0]), answers)
			same(t, state(t, d.saved[len(d.saved)-1]), answers)
			d.press("enter")
			if !d.quit || d.m.end != Finished || d.m.written == nil {
				t.Errorf("quit %v, end %s, written %v", d.quit, d.m.end, d.m.written)
			}
		})
	}
}

func same(t *testing.T, got, want *profiles.State) {
	t.Helper()
	if len(got.Asked) != len(want.Asked) {
		t.Fatalf("%d questions are asked, not %d", len(got.Asked), len(want.Asked))
	}
	for i, w := range want.Asked {
		if g := got.Asked[i]; g.Ref() != w.Ref() || !reflect.DeepEqual(g.Answer, w.Answer) {
			t.Errorf("%s: %+v, want %s: %+v", g.Ref(), g.Answer, w.Ref(), w.Answer)
		}
	}
}

// Walking about with nothing but the keys that move changes nothing, whatever the answers are.
func TestForthAndBackKeepsEveryAnswer(t *testing.T) {
	for _, name := range profiles.Examples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := example(t, name)
			d := start(t, p)
			all := slices.DeleteFunc(state(t, p).Asked, func(a profiles.Asked) bool { return a.Locked })
			d.goes(all[0].Ref().String())
			for _, a := range all {
				d.must(a.Ref().String())
				d.m.View()
				d.press("tab")
			}
			d.must("*wizard.review")
			d.press("esc")
			for _, a := range slices.Backward(all) {
				d.must(a.Ref().String())
				d.m.View()
				d.press("shift+tab")
			}
			d.must(all[0].Ref().String())
			d.sees("This is the first question.")
			if !reflect.DeepEqual(d.m.o.Session.Profile(), p) {
				t.Errorf("the profile is not what it was:\n%+v\n%+v", d.m.o.Session.Profile(), p)
			}
			if len(d.saved) > 0 {
				t.Errorf("%d saves, though nothing changed", len(d.saved))
			}
		})
	}
}

func TestBeginning(t *testing.T) {
	t.Run("at the first question without an answer", func(t *testing.T) {
		p := example(t, "protected")
		delete(p.Answers, profiles.Ref{Question: "gateway.smarthost"})
		start(t, p).must("gateway.smarthost")
	})
	t.Run("with the review when every question has one", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.must("*wizard.review")
		d.press("esc")
		d.must("engagement.organisation")
	})
}

func TestWhatIsTypedSurvivesWalkingAway(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.mx")
	d.typed("\nmx3.tidegate.example")
	d.press("esc")
	d.must("gateway.name")
	d.press("enter")
	d.must("gateway.mx")
	d.sees("mx3.tidegate.example", "not taken yet; now: 10 mx1.tidegate.example, 20 mx2.tidegate.example (your answer)")
	if len(d.saved) > 0 {
		t.Error("what was not taken was saved")
	}
	d.press("esc", "ctrl+r")
	d.size(120, 200)
	d.sees("not taken yet")
	d.press("esc", "enter", "tab")
	d.must("gateway.to-exchange")
	if got := d.answer("gateway.mx").Value; !reflect.DeepEqual(got, []string{"10 mx1.tidegate.example", "20 mx2.tidegate.example", "mx3.tidegate.example"}) {
		t.Errorf("got %v", got)
	}
}

func TestBackIsNeverBlocked(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.smarthost")
	d.replaced("not a host")
	d.press("enter")
	d.must("gateway.smarthost")
	d.sees(`"not a host" is not a domain name`)
	d.press("shift+tab")
	d.must("gateway.certificate")
	d.goes("gateway.smarthost")
	d.press("enter")
	d.must("gateway.smarthost")
	d.replaced("")
	d.press("enter")
	d.sees("an answer is needed here")
	d.press("esc")
	d.must("gateway.certificate")
	if got := d.answer("gateway.smarthost").Value; got != "smtp.harbours.tidegate.example" {
		t.Errorf("got %v", got)
	}
}

func TestHiddenQuestionsKeepTheirAnswers(t *testing.T) {
	p := example(t, "protected")
	p.Answers[profiles.Ref{Question: "direct-send.reject"}] = profiles.Answer{Value: false} // else other findings come first
	p.Answers[profiles.Ref{Question: "partner.inbound", Key: "naval-architects.example"}] = profiles.Answer{Value: "none"}
	d := start(t, p)
	before := len(d.m.o.Session.State().Asked)
	d.goes("gateway.inbound")
	d.press("up", "enter")
	d.sees("CLS-02", "PROTECTED needs the gateway in both directions")
	d.press("down", "enter")
	d.must("gateway.outbound")
	if _, shows := d.m.asked(profiles.Ref{Question: "gateway.mx"}); shows {
		t.Fatal("a question about the gateway is still asked")
	}
	if d.answer("gateway.mx").Value == nil {
		t.Error("the answer was thrown away")
	}
	d.press("ctrl+g")
	d.typed("MX hosts")
	d.sees("Nothing here has these letters.")
	d.press("esc", "esc")
	d.goes("gateway.inbound")
	d.press("down", "enter")
	if got := d.m.o.Session.State().Asked; len(got) != before {
		t.Errorf("%d questions are asked, not %d", len(got), before)
	}
	same(t, d.m.o.Session.State(), state(t, p))
}

func TestPresetsStayPresets(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.lockdown")
	d.sees("preset: ASD Blueprint, PROTECTED through a gateway with GovLINK")
	d.press("enter", "esc")
	if a := d.answer("gateway.lockdown"); a.Value != nil {
		t.Errorf("going on made the preset's answer the user's: %v", a)
	}
	d.press("down", "enter", "esc")
	d.must("gateway.lockdown")
	d.sees("you", "F8 goes back to By its certificate name (preset: ASD Blueprint")
	d.press("f8")
	if a := d.answer("gateway.lockdown"); a.Value != nil {
		t.Errorf("taken back, and still there: %v", a)
	}
	d.sees("preset: ASD Blueprint")
}

func TestLockedAnswersAreShownAndNotAsked(t *testing.T) {
	c, presets, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	locked := slices.Clone(presets)
	for i := range locked {
		locked[i].Locked = []string{"gateway.outbound"}
	}
	d := &driver{t: t}
	d.run(profiles.NewSession(c, locked, example(t, "protected")))
	d.goes("gateway.inbound")
	d.press("enter")
	d.must("gateway.name")
	d.press("esc")
	d.must("gateway.inbound")
	d.goes("gateway.outbound")
	d.sees("Through a mail gateway", "= locked by preset: ASD Blueprint")
	d.press("f4")
	d.must("gateway.outbound")
	d.press("x", "enter")
	d.must("gateway.name")
}
