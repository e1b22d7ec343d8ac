package wizard

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// previewed is what stands in the preview, a line each, with its sign.
func (d *driver) previewed() []string {
	var lines []string
	for _, l := range d.m.preview.lines {
		lines = append(lines, strings.TrimSpace(l.sign+" "+l.text))
	}
	return lines
}

// puts fails unless all lines begin, in this order, lines of the preview.
func (d *driver) puts(want ...string) {
	d.t.Helper()
	lines := d.previewed()
	at := 0
	for _, w := range want {
		i := slices.IndexFunc(lines[at:], func(l string) bool { return strings.HasPrefix(l, w) })
		if i < 0 {
			d.t.Errorf("%q does not follow line %d:\n%s", w, at, strings.Join(lines, "\n"))
			return
		}
		at += i + 1
	}
}

func TestPreviewOfAnAnswer(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(160, 50)
	d.goes("gateway.lockdown")
	d.sees("What it puts in the pack", "Script", "DD-044 ")
	d.puts("Decisions", "DD-044", "Script", "P7 STEP-720", "InboundConnector ")
	if got := d.previewed(); slices.Contains(got, "What it would change") {
		t.Errorf("nothing was chosen, and it would change:\n%s", strings.Join(got, "\n"))
	}
	before := d.previewed()
	d.press("down") // by its addresses
	d.puts("What it would change", "Newly asked: ", "As it stands", "Decisions")
	d.puts("What it would change", "Decisions", "- Mail", "+ Mail", "Script", "+ STEP-725", "+ SenderIPAddresses", "- STEP-720")
	d.press("up")
	if got := d.previewed(); !slices.Equal(got, before) {
		t.Errorf("back, it is\n%s\nand was\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
	}
	if len(d.saved) > 0 {
		t.Error("something was answered")
	}
}

// What is in no script is printed, or judged.
func TestPreviewOfAnAnswerThatIsInNoScript(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(120, 40)
	d.goes("engagement.marking")
	d.puts("It is printed on the cover of the pack.")
	d.press("up")
	d.puts("What it would change", "No decision, no script, no record.", "As it stands", "It is printed")
	d.goes("gateway.seals-arc")
	d.puts("Judged by", "GW-")
}

// A finding that another answer would bring is seen before that is given.
func TestPreviewOfAFinding(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(120, 40)
	d.goes("gateway.seals-arc")
	d.press("n")
	d.sees("What it would change", "Findings ! GW-")
}

func TestPreviewOfWhatIsTyped(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(120, 40)
	d.goes("dmarc.reports-to")
	d.puts("DNS", "P")
	d.typed("\nnot an address")
	if slices.Contains(d.previewed(), "What it would change") {
		t.Error("what is no answer would change something")
	}
	d.replaced("reports@harbours.example")
	d.puts("What it would change", "DNS", "-", "+ v=DMARC1", "As it stands")
}

func TestPreviewOfAnItem(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(120, 40)
	d.goes("domains")
	d.puts("What each puts in the pack stands here")
	d.press("up")
	d.puts("Decisions", "DD-")
	for _, l := range d.previewed() {
		if strings.Contains(l, "/harbours.example") {
			t.Errorf("another domain is in it: %s", l)
		}
	}
	d.press("down")
	d.typed("new.example")
	d.puts("What it would change", "Newly asked: ", "Decisions", "+ DD-", "Script", "+ STEP-", "DNS", "+ REC-")
}

// Where there is no room beside the question the preview has a screen of its own, and one returns
// to what is typed.
func TestPreviewOnAScreenOfItsOwn(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(80, 24)
	d.goes("gateway.lockdown")
	d.press("down")
	if d.m.preview.lines != nil {
		t.Error("it is worked out for nobody")
	}
	d.seesNot("What it puts in the pack")
	for _, k := range []tea.KeyPressMsg{{Code: 't', Mod: tea.ModCtrl}, {Code: tea.KeyF9}} {
		d.send(k)
		d.must("*wizard.ahead")
		d.sees("What it puts in the pack", "What it would change", "Newly asked: ")
		d.whole()
		d.press("end")
		d.whole()
		d.press("esc")
		d.must("gateway.lockdown")
		d.sees("▸ By its addresses")
	}
	d.press("f1", "ctrl+t")
	d.must("*wizard.ahead")
	d.press("esc", "esc")
	d.must("gateway.lockdown")
	d.press("ctrl+r", "ctrl+t")
	d.must("*wizard.review") // it is of no question
}

// Keys do not wait for it: what comes meanwhile is worked out when one is done, the latest alone.
func TestPreviewOneAtATime(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(120, 40)
	d.goes("gateway.lockdown")
	down := keyOf(t, "down")
	var jobs []tea.Msg
	var collect func(cmd tea.Cmd)
	collect = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		switch msg := cmd().(type) {
		case previewMsg:
			jobs = append(jobs, msg)
		case tea.BatchMsg:
			for _, c := range msg {
				collect(c)
			}
		}
	}
	for range 3 {
		_, cmd := d.m.Update(down)
		collect(cmd)
	}
	if len(jobs) != 1 {
		t.Fatalf("%d at a time", len(jobs))
	}
	_, cmd := d.m.Update(jobs[0])
	if collect(cmd); len(jobs) != 2 {
		t.Fatalf("%d in all: the latest is not worked out", len(jobs))
	}
	d.send(jobs[1])
	of, _ := d.m.subject()
	if !strings.Contains(d.m.preview.shown, of.texts[0]) {
		t.Errorf("it is of %s, and chosen is %v", d.m.preview.shown, of.texts)
	}
}
