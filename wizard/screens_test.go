package wizard

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// whole fails unless the screen is as large as the terminal, to the cell. It returns the line
// with the keys.
func (d *driver) whole() string {
	d.t.Helper()
	lines := strings.Split(d.m.View().Content, "\n")
	if len(lines) != d.m.h {
		d.t.Errorf("%d lines on %d:\n%s", len(lines), d.m.h, d.screen())
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w != d.m.w {
			d.t.Errorf("line %d has %d cells on %d: %q", i+1, w, d.m.w, ansi.Strip(l))
		}
	}
	return ansi.Strip(lines[len(lines)-1])
}

// letters are those that take two cells, or none of their own.
var letters = map[string]string{
	"two cells a letter":  "海事福祉局とその他の機関",
	"marks by themselves": "Pu\u0304keko Ma\u0304ori U\u0308ber ก็ที่",
}

// wide is a profile whose texts are long and of such letters.
func wide(t *testing.T, of string) *profiles.Profile {
	t.Helper()
	p := example(t, "protected")
	long := strings.TrimSpace(strings.Repeat(of+" ", 12))
	for _, id := range []string{"engagement.organisation", "engagement.system", "engagement.change-owner"} {
		p.Answers[profiles.Ref{Question: id}] = profiles.Answer{Value: long}
	}
	return p
}

// every visits each screen there is, and each question for one item; what lies on top of a
// question, for one question of each kind.
func (d *driver) every(visit func(name string)) {
	d.t.Helper()
	questions, kinds := map[string]bool{}, map[catalog.Kind]bool{}
	for _, a := range d.m.o.Session.State().Asked {
		name := a.Ref().String()
		if questions[a.Question.ID] {
			continue
		}
		questions[a.Question.ID] = true
		d.m.goTo(a.Ref())
		visit(name)
		if kinds[a.Question.Kind] || a.Locked { // who owes what is locked is not asked
			continue
		}
		kinds[a.Question.Kind] = true
		d.press("f1")
		visit(name + ", why")
		d.press("end")
		visit(name + ", end of why")
		d.press("esc", "f4")
		visit(name + ", undecided")
		d.press("enter", "tab")
		visit(name + ", what is assumed")
		d.press("tab")
		d.sees("name the owner")
		visit(name + ", no owner")
		d.press("esc")
	}
	d.m.goTo(profiles.Ref{Question: "domains"})
	d.press("up", "up")
	visit("on an item")
	d.press("f2")
	visit("rename")
	d.press("esc", "delete")
	visit("remove")
	d.press("esc", "enter")
	d.must("*wizard.item")
	visit("item")
	d.press("esc", "down", "down")
	for i := range 40 {
		d.typed(fmt.Sprintf("d%d.%s.example\n", i, strings.Repeat("long-", 11)))
	}
	visit("many items")
	d.press("up", "home")
	visit("the first of many")
	d.send(tea.PasteMsg{Content: strings.Repeat("a b\n", 50)})
	visit("a list pasted")
	d.press("f8")
	d.m.goTo(profiles.Ref{Question: "gateway.to-exchange"})
	d.press("up", "home")
	d.typed("one fault\nanother fault\n")
	d.press("tab")
	d.sees("is not an IP address")
	visit("faults")
	d.press("f8", "esc")
	d.m.goTo(profiles.Ref{Question: "gateway.seals-arc"})
	d.press("n", "enter")
	visit("finding")
	d.press("down", "enter")
	visit("acknowledge")
	d.press("enter", "enter", "enter")
	d.sees("a name, a role and a reason are needed")
	visit("acknowledge, nothing typed")
	d.press("esc", "ctrl+g")
	visit("jump")
	d.typed("zzz")
	d.sees("Nothing here has these letters.")
	visit("jump, nothing found")
	d.press("ctrl+r")
	visit("review")
	d.press("end")
	visit("end of review")
	d.press("o", "/")
	d.typed("e")
	visit("review, filter")
	d.press("esc", "o", "end", "up", "up", "enter") // refused
	d.sees("Enter opens the first.")
	visit("refused")
	d.saveErr = errDisk
	d.press("ctrl+s")
	d.sees("Not saved: no space left on device")
	visit("not saved")
	d.saveErr = nil
	d.press("ctrl+s")
	d.m.goTo(profiles.Ref{Question: "gateway.seals-arc"})
	d.press("y", "enter", "ctrl+r", "d")
	d.sees("Would be written to")
	visit("dry run")
	d.press("esc", "end", "up", "up", "enter")
	d.sees("Written to")
	visit("written")
}

func TestNoScreenIsWiderOrHigherThanTheTerminal(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {60, 16}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			d := start(t, wide(t, letters["two cells a letter"]))
			d.size(size[0], size[1])
			d.every(func(name string) {
				if foot := d.whole(); !strings.Contains(foot, "ctrl+c save, quit") || strings.Contains(foot, "…") {
					t.Errorf("the keys do not fit: %q", foot)
				}
				if t.Failed() {
					t.Fatalf("%s:\n%s", name, d.screen())
				}
			})
		})
	}
}

// What one has to see to answer is on the screen at every size.
func TestFieldIsInViewAtEverySize(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		d := start(t, example(t, "protected"))
		d.size(size[0], size[1])
		for _, a := range d.m.o.Session.State().Asked {
			if a.Locked {
				continue
			}
			d.m.goTo(a.Ref())
			field := d.field()
			if field.types && d.m.View().Cursor == nil {
				t.Errorf("%s at %v has no cursor:\n%s", a.Ref(), size, d.screen())
			}
			if len(field.labels) > 0 {
				d.sees("▸ " + a.Question.Label(field.under()))
			}
			d.sees(firstWords(a.Title()))
		}
	}
}

// Where there is little room, the help makes way for what is wrong.
func TestFaultsAreInViewOnASmallScreen(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.size(60, 16)
	d.goes("gateway.to-exchange")
	d.seesNot("is not an IP")
	d.sees("Exchange Online skips them")
	d.replaced("one two three")
	d.press("tab")
	d.sees(`"one" is not an IP address`, `"two" is not an IP address`, `"three" is not an IP address`, "From which public addresses")
	if d.m.View().Cursor == nil {
		t.Errorf("the field is out of view:\n%s", d.screen())
	}
}

func firstWords(s string) string { return strings.Join(strings.Fields(s)[:3], " ") }

func TestResizeLosesNothing(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.mx")
	d.typed("\nmx3.tidegate.example")
	d.size(120, 40)
	before := d.screen()
	for _, size := range [][2]int{{60, 16}, {30, 5}, {200, 60}, {1, 1}, {120, 40}} {
		d.size(size[0], size[1])
		d.whole()
	}
	if got := d.screen(); got != before {
		t.Errorf("after resizing:\n%s\nbefore:\n%s", got, before)
	}
}

// Whatever is typed and pasted while the window changes its size, each screen is whole, the field is
// in view, and it holds all of it.
func TestLongTextsOfAnyLettersAtAnySize(t *testing.T) {
	sizes := [][2]int{{120, 40}, {60, 16}, {30, 5}, {200, 60}, {1, 1}, {80, 24}, {61, 17}, {100, 16}, {120, 16}, {99, 40}}
	for name, of := range letters {
		for _, kind := range []struct{ ref, between string }{
			{"engagement.system", " "}, {"gateway.to-exchange", "\n"},
		} {
			d := start(t, wide(t, of))
			d.goes(kind.ref)
			d.press("f8")
			d.replaced("")
			var want []string
			for i := range 30 {
				d.size(sizes[i%len(sizes)][0], sizes[i%len(sizes)][1])
				d.whole()
				part := fmt.Sprint(of, i)
				want = append(want, part)
				switch i % 3 {
				case 0:
					d.typed(part)
				case 1:
					d.send(tea.PasteMsg{Content: part})
				case 2:
					d.atOnce(part)
				}
				if kind.between == " " {
					d.typed(" ")
				} else {
					d.atOnce("x\r") // pasted, a line end is one
					want[i] += "x"
				}
				d.whole()
			}
			for _, size := range sizes {
				d.size(size[0], size[1])
				d.whole()
				if size[0] < leastWidth || size[1] < leastHeight {
					continue
				}
				if d.m.View().Cursor == nil || kind.between == " " && !strings.Contains(d.screen(), "29") {
					t.Errorf("%s, %s at %v: the end is out of view:\n%s", name, kind.ref, size, d.screen())
				}
			}
			if got := strings.TrimSpace(fmt.Sprint(d.field().GetValue())); got != strings.Join(want, kind.between) {
				t.Errorf("%s, %s: the field holds %q", name, kind.ref, got)
			}
		}
	}
}

func TestTooSmallSaysSo(t *testing.T) {
	d := start(t, example(t, "protected"))
	for _, size := range [][2]int{{59, 16}, {60, 15}} {
		d.size(size[0], size[1])
		d.sees("Please enlarge it")
	}
	d.size(60, 16)
	d.seesNot("enlarge")
}

func TestBroadScreensHaveSections(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.lockdown")
	all, gateway, domains := len(d.asked("")), d.asked("Mail gateway"), len(d.asked("Domains"))
	d.sees(fmt.Sprintf("▸ Mail gateway %d/%[1]d", len(gateway)), fmt.Sprintf("✓ Domains %d/%[1]d", domains), fmt.Sprintf("%d of %d answered", all-1, all), "? 1 undecided")
	where := fmt.Sprintf("Mail gateway · %d of %d", slices.Index(gateway, "gateway.lockdown")+1, len(gateway))
	d.sees(where)
	d.sees("Department of Harbours and Shipwrights' Affairs", "OFFICIAL: Sensitive", "r3")
	d.size(80, 24)
	d.seesNot("✓ Domains")
	d.sees(where, fmt.Sprintf("%d answered, 1 undecided", all-1))
}

func TestWhyUnderTheCursor(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.lockdown")
	where := func(text string) int {
		return slices.IndexFunc(strings.Split(d.screen(), "\n"), func(l string) bool { return strings.Contains(l, text) })
	}
	d.sees("A certificate outlives an address change, and proves who delivers.")
	line := where("preset: ASD Blueprint, PROTECTED through a gateway with GovLINK")
	d.press("down")
	d.sees("An address alone admits every customer of a gateway that several share.")
	if got := where("not taken yet; now: By its certificate name"); got != line {
		t.Errorf("what stands below jumped from line %d to %d", line, got)
	}
}

func TestWhyWeAsk(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.to-exchange")
	d.press("f1")
	d.sees(
		"Exchange Online skips them to find the real sender.",
		"For the consultant With every public hop inside the gateway.",
		"Enhanced filtering for connectors in Exchange Online. Microsoft, OfficeDocs-Exchange 52e8b70, 14 July 2021. Read 2026-11-22.",
		"DD-042", "STEP-310", "GW-12", "ISM-1151",
		"DD-042 Enhanced filtering for connectors: The public addresses of the gateway are skipped: 192.0.2.16/28, 198.51.100.7.",
	)
	d.press("esc")
	d.must("gateway.to-exchange")
	d.press("?")
	d.must("gateway.to-exchange") // there it is a letter
	d.goes("gateway.smarthost-certificate")
	d.press("f1")
	d.sees(
		"Sources differ ASD's Blueprint for Secure Cloud: Microsoft 365 connectivity,", "lines 113 and 119 (v1.3.3, 2 July 2025; read 2026-11-22)",
		"Against it ASD's Blueprint for Secure Cloud: Exchange Online connectors",
		"exoplan chose The name is asked, as the provider writes it.",
	)
	d.press("esc")
	d.goes("gateway.lockdown")
	d.press("?")
	d.must("*wizard.why")
	d.press("?")
	d.must("gateway.lockdown")
}

func TestColoursCanBeReadOnBlackAndOnWhite(t *testing.T) {
	for name, c := range map[string]color.Color{"accent": accent, "green": green, "orange": orange, "red": red} {
		l := luminance(c)
		if white, black := 1.05/(l+0.05), (l+0.05)/0.05; white < 4 || black < 4 {
			t.Errorf("%s: contrast %.1f on white, %.1f on black", name, white, black)
		}
	}
}

// luminance is that of WCAG 2.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func TestNoMouseAndFullScreen(t *testing.T) {
	v := start(t, example(t, "protected")).m.View()
	if v.MouseMode != tea.MouseModeNone || !v.AltScreen {
		t.Errorf("mouse %v, full screen %v", v.MouseMode, v.AltScreen)
	}
}
