package wizard

import (
	"reflect"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
)

// What an answer made of others is said on the screen that follows it, and undoing it brings
// every answer back.
func TestAnAnswerChangesWhatIsAsked(t *testing.T) {
	p := example(t, "protected")
	d := start(t, p)
	d.goes("gateway.inbound")
	d.press("home", "enter")
	if got := d.answer("gateway.inbound").Value; got != "direct" {
		t.Fatalf("the answer is %v", got)
	}
	d.sees("Newly asked: MX host of each domain (2), ", "No longer asked: Enhanced filtering, Recognised by", "No longer asked; the answers are kept apart and come back with the question: MX hosts, ")
	d.size(60, 16)
	d.whole()
	d.sees("Newly asked: MX host of each domain (2), ", "Change the answer", " …") // what is cut says so
	d.size(broadest-1, 40)
	d.press("down")
	d.seesNot("Newly asked")
	d.goes("gateway.inbound")
	d.press("f8")
	d.sees("Newly asked: Enhanced filtering, Recognised by", "Asked again, and answered from before: MX hosts, ", "No longer asked: MX host of each domain (2), ")
	if !reflect.DeepEqual(d.m.o.Session.Profile(), p) {
		t.Error("undone, and the profile is not what it was")
	}
}

// A new name is not the one that was taken on.
func TestARenamedItemLosesItsAcknowledgement(t *testing.T) {
	d := start(t, example(t, "protected"))
	for _, topic := range d.m.o.Session.State().Catalog.Topics {
		for _, r := range topic.Rules {
			if r.ID == "AUTH-13" {
				scope := d.m.o.Session.State().Scopes("domains")[2]
				if err := d.m.o.Session.Acknowledge(r, scope, profiles.Acknowledgement{By: "R Osei", Role: "CISO", Reason: "Until May"}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	d.goes("domains")
	d.press("up", "up", "f2")
	d.replaced("bulletins.harbours.example")
	d.press("enter")
	d.must("domains")
	d.sees("No longer valid: the acknowledgement of AUTH-13/notices.harbours.example by R Osei, which rested on other answers.")
}

// A preset that a new profile starts from changes nothing: all is asked for the first time.
func TestThePresetOfANewProfileChangesNothing(t *testing.T) {
	d := start(t, fresh())
	d.press("enter")
	d.seesNot("Newly asked", "No longer asked")
}

func TestPlainPromptsSayWhatAnAnswerChanges(t *testing.T) {
	s := speak(t, example(t, "protected"), nil, "/jump gateway.inbound", "direct", "/jump gateway.inbound", "/clear", "/quit")
	there, back, found := strings.Cut(s.said, "Taken back.")
	for _, text := range []string{"\nNewly asked: MX host", "\nNo longer asked: Enhanced filtering, Recognised by", "\nNo longer asked; the answers are kept apart and come back with the question: MX hosts, "} {
		if !strings.Contains(there, text) {
			t.Errorf("%q is not said:\n%s", text, there)
		}
	}
	if !found || !strings.Contains(there, "\nAsked again, and answered from before: MX hosts, ") {
		t.Errorf("what comes back is not said:\n%s\n%s", there, back)
	}
	if !reflect.DeepEqual(s.saved, example(t, "protected")) {
		t.Error("undone, and the profile is not what it was")
	}
}
