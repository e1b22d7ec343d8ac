package wizard

import (
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
)

// listed is the values of a list, in order.
func (d *driver) listed(question string) []string {
	var out []string
	for _, scope := range d.m.o.Session.State().Scopes(question) {
		out = append(out, scope.Item.Value)
	}
	return out
}

func (d *driver) mustList(want ...string) {
	d.t.Helper()
	if got := d.listed("domains"); !reflect.DeepEqual(got, want) {
		d.t.Fatalf("the list is %v, not %v:\n%s", got, want, d.screen())
	}
}

const notices = "notices.harbours.example"

func TestItemsAreAddedOneByOneOrPasted(t *testing.T) {
	d := start(t, fresh("asd-cloud-native"))
	d.goes("domains")
	d.press("enter")
	d.sees("an answer is needed here")
	d.must("domains")
	d.typed("agency\n")
	d.sees(`"agency" is not a domain name`)
	d.replaced("A.example")
	d.press("enter")
	d.mustList("a.example")
	d.sees("a.example", "answered")
	d.send(tea.PasteMsg{Content: "b.example, c.example\r\nd.example\te.example\n"})
	d.press("enter")
	d.mustList("a.example", "b.example", "c.example", "d.example", "e.example")
	d.atOnce("f.example\ng.example\nh.example\n") // a terminal that does not mark what is pasted
	d.must("domains")
	d.press("enter")
	d.mustList("a.example", "b.example", "c.example", "d.example", "e.example", "f.example", "g.example", "h.example")
	d.typed("b.example\n")
	d.sees(`"b.example" stands in the list already`)
	d.press("f8", "tab")
	d.must("domain.role/a.example")
	if len(d.saved) != 3 {
		t.Errorf("%d saves for three additions", len(d.saved))
	}
}

// What stands in the line is added by every way out of the screen, and what cannot be is kept.
func TestWhatIsTypedIsAddedOnTheWayOut(t *testing.T) {
	for _, way := range []string{"tab", "ctrl+r", "ctrl+g", "ctrl+s"} {
		d := start(t, example(t, "protected"))
		d.goes("domains")
		d.typed("new.example")
		d.press(way)
		if got := d.listed("domains"); got[len(got)-1] != "new.example" {
			t.Errorf("%s: %v", way, got)
		}
	}
	d := start(t, example(t, "protected"))
	d.goes("domains")
	d.typed("agency")
	d.press("esc")
	d.goes("domains")
	d.sees("┃ agency", "not added yet", "F8 drops what is typed")
	d.press("ctrl+c")
	d.sees("Domains is not taken", "ctrl+c again gives it up")
	if d.quit {
		t.Error("left")
	}
}

func TestAnItemIsRenamedWithItsAnswers(t *testing.T) {
	p := example(t, "protected")
	d := start(t, p)
	d.goes("domains")
	d.press("up", "up", "f2")
	d.sees("What was answered about "+notices+" stays as it is", "its key remains "+notices)
	d.replaced("harbours.example")
	d.press("enter")
	d.sees(`"harbours.example" stands in the list already`)
	d.replaced("bulletins.harbours.example")
	d.press("enter")
	d.must("domains")
	d.mustList("harbours.example", "ship-wrights.harbours.example", "bulletins.harbours.example", "harbour-archive.example")
	if got := d.answer("domain.role/" + notices).Value; got != "send-only" {
		t.Errorf("its use is %v", got)
	}
	d.goes("domain.role/" + notices)
	d.sees("What is bulletins.harbours.example used for?")
	delete(p.Answers, profiles.Ref{Question: "domains"})
	got := d.m.o.Session.Profile()
	delete(got.Answers, profiles.Ref{Question: "domains"})
	if !reflect.DeepEqual(got, p) {
		t.Error("another answer changed")
	}
}

func TestAnItemIsRemovedAndComesBack(t *testing.T) {
	p := example(t, "protected")
	d := start(t, p)
	d.goes("domains")
	d.press("up", "up", "delete")
	d.sees("Remove "+notices+"?", "answers go with it: Use of "+notices, "▸ Keep it")
	d.press("enter")
	d.must("domains")
	d.mustList("harbours.example", "ship-wrights.harbours.example", notices, "harbour-archive.example")
	d.press("delete", "down", "enter")
	d.must("domains")
	d.mustList("harbours.example", "ship-wrights.harbours.example", "harbour-archive.example")
	d.sees("No longer asked: 3 questions about "+notices+".", "No longer asked; the answers are kept apart and come back with the question: 8 questions about "+notices+".")
	d.typed(notices + "\n")
	d.sees("Newly asked: 3 questions about "+notices+".", "Asked again, and answered from before: 8 questions about "+notices+".")
	d.press("up", "shift+up")
	if !reflect.DeepEqual(d.m.o.Session.Profile(), p) {
		t.Error("the profile is not what it was")
	}
	// One about which nothing is answered goes at once.
	d.typed("new.example\n")
	d.press("up", "delete")
	d.must("domains")
	d.mustList("harbours.example", "ship-wrights.harbours.example", notices, "harbour-archive.example")
}

func TestItemsAreMoved(t *testing.T) {
	p := example(t, "protected")
	d := start(t, p)
	d.goes("domains")
	d.press("up", "home", "shift+up", "shift+down", "shift+down", "shift+down", "shift+down")
	d.mustList("ship-wrights.harbours.example", notices, "harbour-archive.example", "harbours.example")
	d.press("shift+up", "shift+up", "shift+up")
	if !reflect.DeepEqual(d.m.o.Session.Profile(), p) {
		t.Error("moved there and back, and something else changed")
	}
	d.press("tab")
	d.must("domain.role/harbours.example")
}

func TestAnItemShowsItsQuestions(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("domains")
	d.sees("✓ harbours.example", "answered, ", "undecided") // each with its progress
	d.press("up", "up", "enter")
	d.must("*wizard.item")
	d.sees("✓ Use of "+notices, "Only sends", "Tidegate service desk")
	d.press("enter")
	d.must("domain.role/" + notices)
	d.press("f4")
	d.typed("Jo")
	d.press("enter", "enter", "enter")
	d.must("*wizard.item")
	d.sees("? Use of "+notices, "undecided: Jo")
	if a := d.answer("domain.role/harbours.example"); a.Undecided != nil {
		t.Error("another domain is undecided too")
	}
	d.press("end", "up", "enter")
	d.sees("Domains · 4 of 4")
	d.press("up", "enter")
	d.sees("Domains · 3 of 4")
	d.press("end", "enter", "down", "enter")
	d.must("domains")
	if strings.Contains(strings.Join(d.listed("domains"), " "), notices) {
		t.Error("it is still there")
	}
}

func TestAListThatIsUndecided(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("domains")
	d.press("f4")
	d.typed("J. Example")
	d.press("enter", "enter", "tab")
	d.goes("domains")
	d.sees("undecided: J. Example; assumed meanwhile: harbours.example")
	d.typed("new.example\n")
	d.sees("undecided: J. Example", "F6 makes the assumption the answer")
	d.press("up", "f2")
	d.replaced("newer.example")
	d.press("enter", "f6")
	d.goes("domains")
	d.seesNot("undecided: J. Example")
	d.mustList("harbours.example", "ship-wrights.harbours.example", notices, "harbour-archive.example", "newer.example")
}
