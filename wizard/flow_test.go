package wizard

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

func TestUndecided(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.smarthost")
	d.press("f4")
	d.sees("To which host does Exchange Online hand mail for the gateway?", "Somebody owes the answer.")
	d.press("enter", "enter", "enter")
	d.sees("name the owner")
	d.typed("Tidegate")
	d.press("enter")
	d.typed("Friday")
	d.press("enter", "enter")
	d.sees(`"Friday" is not a date such as 2026-11-25`)
	d.replaced("2026-12-04")
	d.press("enter", "enter") // what the field held is assumed
	d.must("gateway.smarthost-certificate")
	want := profiles.Answer{
		Value:     "smtp.harbours.tidegate.example",
		Undecided: &profiles.Undecided{Owner: "Tidegate", Due: "2026-12-04", Assumed: true},
	}
	if got := d.answer("gateway.smarthost"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v %+v", got, got.Undecided)
	}
	d.sees("? 2 undecided")

	d.press("esc")
	d.sees("? undecided: Tidegate, by 2026-12-04; assumed meanwhile: smtp.harbours.tidegate.example", "F6 makes the assumption the answer")
	d.press("enter", "esc")
	if d.answer("gateway.smarthost").Undecided == nil {
		t.Fatal("walking past it decided it")
	}
	d.press("f4")
	if s := d.m.top().(*sheet); s.text(0) != "Tidegate" || s.text(1) != "2026-12-04" || s.text(2) != "smtp.harbours.tidegate.example" {
		t.Errorf("the sheet holds %q, %q, %q", s.text(0), s.text(1), s.text(2))
	}
	d.press("esc", "f6")
	d.must("gateway.smarthost-certificate")
	if got := d.answer("gateway.smarthost"); got.Undecided != nil || got.Value != want.Value {
		t.Errorf("settled, and it is %+v", got)
	}
}

func TestUndecidedFromTheReviewReturnsThere(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.press("enter", "f4")
	d.typed("Priya")
	d.press("enter", "enter", "enter")
	d.must("*wizard.review")
	d.sees("? Priya; assumed meanwhile: Department of")
}

func TestUndecidedWithoutAnAssumption(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.lockdown")
	d.press("f4")
	d.typed("Priya")
	d.press("enter", "enter", "home", "enter")
	got := d.answer("gateway.lockdown")
	if got.Value != nil || got.Undecided == nil || got.Undecided.Assumed {
		t.Fatalf("got %+v", got)
	}
	d.press("ctrl+r")
	d.sees("✗ No pack yet: 1 undecided question that shapes the plan.")
	d.press("end")
	d.sees("it shapes the plan: assume something")
	d.press("up", "up", "enter")
	d.must("*wizard.review")
	if len(d.packs) > 0 {
		t.Fatal("a pack was written")
	}
	d.press("enter")
	d.must("gateway.lockdown")
	d.sees("? undecided: Priya", "▸ not answered")
	d.press("enter") // it stays undecided
	d.must("*wizard.review")
	if d.answer("gateway.lockdown").Undecided == nil {
		t.Error("looking at it decided it")
	}
}

// unsealed answers so that a warning arises: the gateway changes mail and does not seal it.
func unsealed(t *testing.T) *driver {
	t.Helper()
	d := start(t, example(t, "protected"))
	d.goes("gateway.seals-arc")
	d.press("n", "enter")
	d.must("*wizard.finding")
	d.sees(
		"! GW-21 The gateway changes inbound mail without an ARC seal", "A changed message fails DKIM",
		"To do Ask the provider to seal with ARC", "Source Configure trusted ARC sealers",
		"▸ Change the answer", "Acknowledge", "Leave open", "! 1 warning",
	)
	return d
}

func TestFindingLeadsBackToTheAnswer(t *testing.T) {
	d := unsealed(t)
	d.press("enter")
	d.must("gateway.seals-arc")
	d.press("y", "enter")
	d.must("gateway.arc-domain")
	d.seesNot("warning")
	d.press("esc", "n", "enter")
	d.must("*wizard.finding") // it is new again
}

func TestFindingLeadsToTheOtherAnswerItRestsOn(t *testing.T) {
	d := unsealed(t)
	d.press("end")
	d.sees("▸ Change: Gateway changes inbound mail", "Now: Yes")
	d.press("enter")
	d.must("gateway.modifies-inbound")
	d.press("n", "enter")
	d.seesNot("warning")
}

func TestFindingLeftOpenIsNotAskedAgain(t *testing.T) {
	d := unsealed(t)
	d.press("down", "down", "enter")
	d.must("gateway.lockdown")
	d.press("esc", "enter")
	d.must("gateway.lockdown")
	d.sees("! 1 warning")
}

func TestAcknowledge(t *testing.T) {
	d := unsealed(t)
	d.press("down")
	d.sees("Name, role and reason are kept in the profile and printed in the document.")
	d.press("enter")
	d.typed("Priya Raghunathan")
	d.press("enter", "enter")
	d.typed("The provider seals from March on")
	d.press("enter")
	d.sees("a name, a role and a reason are needed", "▸ Role")
	d.typed("Director")
	d.press("enter", "enter")
	d.must("gateway.lockdown")
	d.seesNot("1 warning")
	got := d.saved[len(d.saved)-1].Acknowledged
	if len(got) != 1 || got[0].Rule != "GW-21" || got[0].By != "Priya Raghunathan" || got[0].Role != "Director" ||
		got[0].Reason != "The provider seals from March on" || got[0].Date != "2026-11-25" || got[0].Basis == "" {
		t.Errorf("kept: %+v", got)
	}

	// The review shows it, and takes it back.
	d.press("ctrl+r")
	d.sees("✓ Nothing stops the pack.")
	d.press("/")
	d.typed("GW-21")
	d.sees("0 errors, 1 warning acknowledged, 6 info", "acknowledged by Priya Raghunathan")
	d.press("enter", "enter")
	d.sees("Taken on by Priya Raghunathan, Director, 2026-11-25: The provider seals from March on", "▸ Change the answer")
	d.press("down", "down", "enter")
	d.must("*wizard.review")
	d.sees("✗ No pack yet: 1 warning that nobody acknowledged.", "1 warning open")

	// Who acknowledged last is proposed.
	d.press("enter", "down", "enter")
	if s, is := d.m.top().(*sheet); !is || s.text(0) != "" {
		t.Errorf("on top: %s", d.at())
	}
}

func TestAcknowledgementLapses(t *testing.T) {
	d := unsealed(t)
	d.press("down", "enter")
	d.typed("Priya")
	d.press("enter")
	d.typed("Director")
	d.press("enter")
	d.typed("Known")
	d.press("enter")
	d.must("gateway.lockdown")
	d.goes("tenant.id")
	d.replaced("11111111-2222-3333-4444-555555555555")
	d.press("enter")
	d.goes("gateway.seals-arc")
	d.press("enter")
	d.must("*wizard.finding")
	d.sees("an acknowledgement lapsed")
}

func TestErrorCannotBeAcknowledged(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.lockdown")
	d.press("end", "enter")
	d.must("*wizard.finding")
	d.sees("✗ GW-03", "Leave open")
	d.seesNot("Acknowledge")
	d.press("esc")
	d.must("gateway.lockdown")
}

// A preset can bring a finding along: it is shown where the first answer that it rests on is
// passed, though nobody changed anything.
func TestFindingOfThePresetIsShown(t *testing.T) {
	p := example(t, "protected")
	p.Answers[profiles.Ref{Question: "gateway.lockdown"}] = profiles.Answer{Value: "none"}
	d := start(t, p)
	d.goes("gateway.lockdown")
	d.press("enter")
	d.must("*wizard.finding")
	d.sees("GW-03")
}

func TestSeveralFindingsComeOneByOne(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.to-exchange")
	d.replaced("10.0.0.8")
	d.press("tab")
	d.must("*wizard.finding")
	first := d.m.top().(*finding)
	if len(first.queue) < 1 || first.queue[0] != "GW-12" {
		t.Fatalf("queue %v", first.queue)
	}
	d.goes("gateway.lockdown")
	d.press("down", "enter")
	d.must("*wizard.finding")
	d.sees("GW-07")
}

func TestJump(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.lockdown")
	d.press("ctrl+g")
	n := 0
	for _, a := range d.m.o.Session.State().Asked {
		if a.Topic.ID == "gateway" {
			n++
		}
	}
	d.sees("▸ ✓ Recognised by", fmt.Sprintf("Mail gateway %d of %d answered", n, n))
	d.typed("TENANT ID")
	d.sees("Organisation and tenant", "▸ ✓ Tenant ID")
	d.seesNot("Recognised by")
	d.press("esc")
	d.sees("▸ ✓ Tenant ID", "Jurisdiction")
	d.press("esc")
	d.must("gateway.lockdown")

	d.press("f3")
	d.typed("Classification")
	d.press("up", "enter") // the section
	d.must("classification.level")
}

func TestReviewShowsAnswersAndWhereTheyComeFrom(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.sees(
		"Organisation Department of Harbours and Shipwrights' Aff", "Jurisdiction Australian Government = locked",
		"Cloud Worldwide default", "Tenant prefix harbourshipwrights you", "Use of notices.harbours.example Only sends you",
	)
	d.press("end")
	d.sees("held: REC-033", "0 errors, 6 info", "DNS records", "./harbours-r3")
	d.press("/")
	d.typed("DKIM key")
	d.sees("? Tidegate service desk, by 2026-12-04")
}

func TestReviewFilterAndReturn(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(120, 200)
	d.press("/")
	d.typed("smart host")
	d.sees("Mail gateway", "Smart host of the gateway smtp.harbours.tidegate.example")
	d.seesNot("Tenant prefix")
	d.press("enter", "enter")
	d.must("gateway.smarthost")
	d.sees("enter take it", "esc review")
	d.replaced("smtp2.harbours.tidegate.example")
	d.press("enter")
	d.must("*wizard.review")
	d.sees("Smart host of the gateway smtp2.harbours.tidegate.example")
	d.seesNot("Tenant prefix") // the filter is as it was
	d.press("esc")
	d.sees("Tenant prefix")
	if row := d.m.top().(*review).list.key; row != "gateway.smarthost" {
		t.Errorf("the cursor is on %s", row)
	}
	d.press("enter", "esc")
	d.must("*wizard.review")
}

func TestReviewLeadsThroughFindingsAndBack(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.press("/")
	d.typed("seals arc")
	d.press("enter", "enter", "n", "enter")
	d.must("*wizard.finding")
	d.press("down", "down", "enter") // leave it open
	d.must("*wizard.review")
}

func TestReviewShowsOnlyWhatDiffers(t *testing.T) {
	p := example(t, "protected")
	p.Answers[profiles.Ref{Question: "dkim.placement"}] = profiles.Answer{Value: "both"}
	p.Answers[profiles.Ref{Question: "gateway.outbound"}] = profiles.Answer{Value: "gateway"} // as the preset says
	d := start(t, p)
	d.size(120, 200)
	d.press("ctrl+r", "o")
	d.sees("DKIM is signed by", ", not The mail gateway", "Only sends, not Sends and receives mail", "? Tidegate service desk")
	d.seesNot("Tenant prefix", "Path out", "Jurisdiction")
	d.press("o")
	d.sees("Tenant prefix", "Path out", "Jurisdiction")
}

func TestReviewComparesWithTheRevisionBefore(t *testing.T) {
	c, presets := profilestest.Knowledge(t)
	earlier := example(t, "protected")
	earlier.Revision = 2
	earlier.Answers[profiles.Ref{Question: "gateway.to-internet"}] = profiles.Answer{Value: []string{"203.0.113.64/28"}}
	d := &driver{t: t, earlier: earlier}
	d.run(profiles.NewSession(c, presets, example(t, "protected")))
	d.size(120, 260)
	d.press("ctrl+r")
	d.sees("Since revision 2 · 1 answer", "Addresses that send to the Internet: 203.0.113.32/28, 2001:db8:25::/48, was 203.0.113.64/28", "Next revision")

	// A row leads to its question, and back.
	r := d.m.top().(*review)
	r.list.key = "since gateway.to-internet"
	d.press("enter")
	d.sees("From which public addresses is mail sent to the Internet?")
	d.press("esc")
	d.must("*wizard.review")

	// The next revision is begun when somebody says so twice, and is compared with this one.
	r.list.key = keyRevise
	d.press("enter")
	d.sees("Begin the next revision?", "Keeps revision 3 as it is and begins revision 4")
	d.press("down", "enter")
	d.must("*wizard.review")
	d.seesNot("r4")
	d.press("enter", "enter")
	d.must("*wizard.review")
	d.sees("Since revision 3 · nothing", "r4")
	if last := d.saved[len(d.saved)-1]; last.Revision != 4 || last.Date != "2026-11-25" {
		t.Errorf("saved revision %d of %s", last.Revision, last.Date)
	}
}

func TestNothingIsWrittenWhileSomethingStopsIt(t *testing.T) {
	p := example(t, "protected")
	delete(p.Answers, profiles.Ref{Question: "gateway.smarthost"})
	p.Answers[profiles.Ref{Question: "gateway.seals-arc"}] = profiles.Answer{Value: false}
	p.Answers[profiles.Ref{Question: "gateway.lockdown"}] = profiles.Answer{Value: "none"}
	d := start(t, p)
	d.press("ctrl+r")
	d.sees("✗ No pack yet: 1 question without an answer, 1 error, 1 warning that nobody acknowledged.")
	for _, write := range [][]string{{"end", "up", "up", "enter"}, {"d"}, {"end", "up", "enter"}} {
		d.press(write...)
		d.sees("No pack yet: 1 question without an answer", "Enter opens the first.", "✗ not answered")
		if row := d.m.top().(*review).list.key; row != "gateway.smarthost" {
			t.Errorf("after %v the cursor is on %s", write, row)
		}
	}
	if len(d.packs) > 0 {
		t.Fatal("a pack was written")
	}
	var stops []string
	for range 4 {
		stops = append(stops, d.m.top().(*review).list.key)
		d.press("tab")
	}
	if want := []string{"gateway.smarthost", "finding GW-03", "finding GW-21", "gateway.smarthost"}; !slices.Equal(stops, want) {
		t.Errorf("tab goes to %v, not %v", stops, want)
	}
	d.press("tab", "enter")
	d.must("*wizard.finding")
	d.press("esc")
	d.must("*wizard.review")
}

func TestReviewChangeOfAShapeReturnsAndSaysWhatIsMissing(t *testing.T) {
	p := example(t, "cloud")
	delete(p.Answers, profiles.Ref{Question: "partners"}) // else what is asked about them comes first
	d := start(t, p)
	d.press("/")
	d.typed("path out")
	d.press("enter", "enter", "down", "enter")
	for d.at() == "*wizard.finding" {
		d.press("end", "enter")
	}
	d.must("*wizard.review")
	d.sees("✗ No pack yet:", "questions without an answer")
}

func TestDryRunWritesNothing(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.press("d")
	d.sees("Dry run · nothing was written", "Would be written to ./harbours-r3", "3f0c91b2", "exchange-online/apply.ps1")
	if len(d.packs) > 0 || d.m.written != nil {
		t.Error("something was written")
	}
	d.press("enter")
	d.must("*wizard.review")
}

func TestFailedWriteIsShownAndLosesNothing(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.writeErr = errDisk
	d.press("end", "up", "up", "enter")
	d.must("*wizard.review")
	d.sees("✗ Not written: no space left on device")
	if d.m.written != nil {
		t.Error("it counts as written")
	}
	d.writeErr = nil
	d.press("enter")
	d.sees("Written to ./harbours-r3")
	d.press("esc")
	d.must("*wizard.review")
	d.press("end", "enter")
	if !d.quit || d.m.end != Finished || d.m.written == nil {
		t.Errorf("quit %v, end %v, written %v", d.quit, d.m.end, d.m.written)
	}
}

func TestKeysWaitWhileAPackIsWritten(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.press("end", "up", "up")
	d.send(tea.KeyPressMsg{Code: tea.KeyEnd})
	d.press("up", "up")
	wait := d.update(keyOf(t, "enter"))().(quietMsg)
	writing := d.update(wait)
	d.sees("Writing the pack …")
	d.press("esc", "o", "enter")
	d.must("*wizard.review")
	d.press("ctrl+c")
	if d.quit {
		t.Fatal("left while a pack was being written")
	}
	d.settle(writing)
	if !d.quit || len(d.packs) != 1 || d.m.end != Interrupted {
		t.Errorf("quit %v, %d packs, end %s", d.quit, len(d.packs), d.m.end)
	}
}

func TestFindingOfOneItemRestsOnItsAnswersAlone(t *testing.T) {
	p := example(t, "protected")
	s := state(t, p)
	var rule catalog.Rule
	for _, topic := range s.Catalog.Topics {
		for _, r := range topic.Rules {
			if r.ID == "AUTH-13" {
				rule = r
			}
		}
	}
	if rule.Each != "domains" {
		t.Fatal("AUTH-13 does not stand once for each domain")
	}
	scope := s.Scopes("domains")[0]
	refs := s.RestsOn(rule, scope)
	if !slices.ContainsFunc(refs, func(r profiles.Ref) bool { return r.Key == scope.Item.Key }) {
		t.Errorf("%s rests on %v", rule.ID, refs)
	}
	for _, r := range refs {
		if r.Key != "" && r.Key != scope.Item.Key {
			t.Errorf("%s of %s rests on %s", rule.ID, scope.Item.Key, r)
		}
	}
}

func TestUnknownMessagesDoNoHarm(t *testing.T) {
	d := start(t, example(t, "protected"))
	for _, keys := range [][]string{{}, {"/"}, {"esc", "esc"}, {"f1"}, {"esc", "f4"}, {"esc", "ctrl+g"}} {
		d.press(keys...)
		before, at := d.screen(), d.at()
		d.send(struct{ strange int }{1})
		d.send(tea.FocusMsg{})
		if d.screen() != before || d.at() != at {
			t.Errorf("%s was\n%s\nand is\n%s", at, before, d.screen())
		}
	}
}

// TestReviewNamesTheTopology: the review says in a line what the answers make of the plan, and
// only while every answer is there that it rests on. The plain one says it too.
func TestReviewNamesTheTopology(t *testing.T) {
	const label = "Cloud with GovLINK through a mail gateway"
	d := start(t, example(t, "protected"))
	d.press("/")
	d.typed("topology")
	d.sees("Topology", label)

	open := example(t, "protected")
	open.Answers[profiles.Ref{Question: "gateway.outbound"}] = profiles.Answer{Undecided: &profiles.Undecided{Owner: "Priya"}}
	d = start(t, open)
	d.press("ctrl+r", "/")
	d.typed("topology")
	d.seesNot("Topology")

	for said, p := range map[bool]*profiles.Profile{true: example(t, "protected"), false: open} {
		if s := speak(t, p, nil, "/review", "/quit"); strings.Contains(s.said, "Topology: "+label+".") != said {
			t.Errorf("the topology is said, not %t:\n%s", said, s.said)
		}
	}
}
