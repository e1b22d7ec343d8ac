package wizard

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
)

// driver runs the wizard without a terminal: every command at once, every message back.
type driver struct {
	t     *testing.T
	m     *Model
	saved []*profiles.Profile
	packs []*profiles.Profile
	quit  bool

	saveErr, writeErr error
	earlier           *profiles.Profile // the revision before
	others            []Other
}

var errDisk = errors.New("no space left on device")

func intoHarbours(*profiles.Profile) string { return "./harbours-r3" }

// start runs the wizard on a profile.
func start(t *testing.T, p *profiles.Profile) *driver {
	t.Helper()
	c, presets, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := &driver{t: t}
	d.run(profiles.NewSession(c, presets, p))
	return d
}

func (d *driver) run(s *profiles.Session) {
	write := func(p *profiles.Profile) (Written, error) {
		if d.writeErr != nil {
			return Written{}, d.writeErr
		}
		d.packs = append(d.packs, p)
		return Written{
			Dir: "./harbours-r3", Files: []string{"README.md", "docs/design-decisions.md", "exchange-online/apply.ps1"},
			Plan: strings.Repeat("3f0c91b2", 8), Size: design.Size{Steps: 22, Holds: 5, Records: 13, Held: 1},
			Look: []Hint{{"docs/design-decisions.docx", "for the authorising officer"}, {"dns/handover.csv", "for the DNS team"}},
			Next: []Hint{{"exoplan rehearse ./harbours-r3", "run the scripts against a simulated tenant"}},
		}, nil
	}
	d.m = New(Options{
		Session: s,
		Save: func(p *profiles.Profile) error {
			if d.saveErr != nil {
				return d.saveErr
			}
			d.saved = append(d.saved, p)
			return nil
		},
		SavedTo: "~/.config/exoplan/profiles/harbours.yaml",
		Write:   write,
		DryRun: func(p *profiles.Profile) (Written, error) {
			w, err := write(p)
			if err == nil {
				d.packs = d.packs[:len(d.packs)-1]
			}
			return w, err
		},
		Folder: intoHarbours,
		Before: d.earlier,
		Others: d.others,
		Today:  "2026-11-25",
	})
	d.m.pause.length = 0
	d.size(broadest-1, 40) // nothing is worked out beside the question
}

// send delivers a message and everything that follows from it.
func (d *driver) send(msg tea.Msg) {
	d.t.Helper()
	d.settle(d.update(msg))
}

func (d *driver) update(msg tea.Msg) tea.Cmd {
	_, cmd := d.m.Update(msg)
	return cmd
}

func (d *driver) settle(cmd tea.Cmd) {
	d.t.Helper()
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.settle(c)
		}
	case tea.QuitMsg:
		d.quit = true
	default:
		d.send(msg)
	}
}

func (d *driver) size(w, h int) { d.t.Helper(); d.send(tea.WindowSizeMsg{Width: w, Height: h}) }

// press sends keys by the names that Bubble Tea gives them.
func (d *driver) press(names ...string) {
	d.t.Helper()
	for _, n := range names {
		d.send(keyOf(d.t, n))
	}
}

// typed sends a text letter by letter; a line end is Enter.
func (d *driver) typed(text string) {
	d.t.Helper()
	for _, r := range text {
		if r == '\n' {
			d.press("enter")
			continue
		}
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// replaced empties a text field and types into it.
func (d *driver) replaced(text string) {
	d.t.Helper()
	for range fmt.Sprint(d.field().GetValue()) {
		d.press("backspace")
	}
	d.typed(text)
}

// field is the one in which one types or chooses.
func (d *driver) field() *editor {
	d.t.Helper()
	switch s := d.m.top().(type) {
	case *question:
		return &s.field
	case *items:
		return &s.add
	case *sheet:
		return s.now()
	}
	d.t.Fatalf("%s has no field", d.at())
	return nil
}

var special = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
	"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown},
	"delete": {Code: tea.KeyDelete}, "shift+up": {Code: tea.KeyUp, Mod: tea.ModShift}, "shift+down": {Code: tea.KeyDown, Mod: tea.ModShift},
	"space": {Code: tea.KeySpace, Text: " "}, "backspace": {Code: tea.KeyBackspace},
	"f1": {Code: tea.KeyF1}, "f2": {Code: tea.KeyF2}, "f3": {Code: tea.KeyF3}, "f4": {Code: tea.KeyF4}, "f5": {Code: tea.KeyF5}, "f6": {Code: tea.KeyF6}, "f7": {Code: tea.KeyF7}, "f8": {Code: tea.KeyF8},
}

func keyOf(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	if k, known := special[name]; known {
		return k
	}
	if letter, isCtrl := strings.CutPrefix(name, "ctrl+"); isCtrl {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	if len([]rune(name)) != 1 {
		t.Fatalf("no key is called %q", name)
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// screen is what is on the screen, without colours.
func (d *driver) screen() string { return ansi.Strip(d.m.View().Content) }

// sees fails unless all texts are on the screen, wherever lines break. What stands on each side
// of a rule is read by itself.
func (d *driver) sees(texts ...string) {
	d.t.Helper()
	var words [3][]string
	for l := range strings.SplitSeq(d.screen(), "\n") {
		for i, c := range strings.SplitN(l, "│", len(words)) {
			words[i] = append(words[i], strings.Fields(c)...)
		}
	}
	columns := strings.Join(words[0], " ") + "\n" + strings.Join(words[1], " ") + "\n" + strings.Join(words[2], " ")
	for _, text := range texts {
		if !strings.Contains(columns, text) {
			d.t.Errorf("%q is not on the screen:\n%s", text, d.screen())
		}
	}
}

// asked returns the questions that are asked, those of one section or, without a title, all.
func (d *driver) asked(section string) []string {
	var refs []string
	for _, a := range d.m.o.Session.State().Asked {
		if section == "" || a.Topic.Title == section {
			refs = append(refs, a.Ref().String())
		}
	}
	return refs
}

// seesNot fails when a text is on the screen.
func (d *driver) seesNot(texts ...string) {
	d.t.Helper()
	for _, text := range texts {
		if strings.Contains(d.screen(), text) {
			d.t.Errorf("%q is on the screen:\n%s", text, d.screen())
		}
	}
}

// at returns the question that is asked, if one is on top.
func (d *driver) at() string {
	if q, is := d.m.top().(asker); is {
		return q.asks().String()
	}
	return fmt.Sprintf("%T", d.m.top())
}

// must fails unless a question or a screen is on top.
func (d *driver) must(at string) {
	d.t.Helper()
	if d.at() != at {
		d.t.Fatalf("%s is on the screen, not %s:\n%s", d.at(), at, d.screen())
	}
}

// goes jumps to a question by its name.
func (d *driver) goes(ref string) {
	d.t.Helper()
	d.press("ctrl+g")
	d.typed(ref)
	d.press("enter")
	d.must(ref)
}

// answer is what the session has for a question.
func (d *driver) answer(ref string) profiles.Answer {
	return d.m.o.Session.Profile().Answers[profiles.ParseRef(ref)]
}

func example(t *testing.T, name string) *profiles.Profile {
	t.Helper()
	p, err := profiles.Example(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func fresh(presets ...string) *profiles.Profile {
	return &profiles.Profile{
		ID: "coastal-works-7c21", Name: "coastal-works", Revision: 1, Date: "2026-11-25", Presets: presets,
		Answers: map[profiles.Ref]profiles.Answer{},
	}
}

// TestDumpScreens writes screens to the folder that EXOPLAN_SCREENS names, to be looked at.
func TestDumpScreens(t *testing.T) {
	dir := os.Getenv("EXOPLAN_SCREENS")
	if dir == "" {
		t.Skip("EXOPLAN_SCREENS names no folder")
	}
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		d := start(t, example(t, "protected"))
		d.size(size[0], size[1])
		n := 0
		dump := func(name string) {
			n++
			file := fmt.Sprintf("%s/%dx%d-%02d-%s.txt", dir, size[0], size[1], n, name)
			if err := os.WriteFile(file, []byte(d.screen()+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		dump("review")
		d.press("end")
		dump("review-end")
		d.press("o")
		dump("review-differs")
		d.press("d")
		dump("dry-run")
		d.press("esc", "end", "up", "up", "enter")
		dump("written")
		d.press("esc")
		d.goes("engagement.organisation")
		dump("text")
		d.goes("domains")
		dump("items")
		d.press("up")
		dump("items-on-one")
		d.press("enter")
		dump("item")
		d.press("esc", "delete")
		dump("item-remove")
		d.press("esc", "f2")
		dump("item-rename")
		d.press("esc")
		d.goes("gateway.lockdown")
		dump("select")
		d.press("down")
		dump("select-moved")
		d.press("f1")
		dump("why")
		d.press("esc", "f4")
		dump("undecide")
		d.press("esc", "down")
		d.goes("gateway.seals-arc")
		dump("confirm")
		d.press("n", "enter")
		dump("finding")
		d.press("down", "enter")
		dump("acknowledge")
		d.press("esc", "esc")
		d.goes("gateway.to-exchange")
		d.typed("\nnot an address")
		d.press("tab")
		dump("fault")
		d.goes("dkim.gateway-key/notices.harbours.example")
		dump("undecided")
		d.press("ctrl+g")
		dump("jump")
		d.typed("dmarc")
		dump("jump-filter")
	}
	for _, size := range [][2]int{{120, 40}, {80, 24}, {60, 16}} {
		d := start(t, fresh())
		d.size(size[0], size[1])
		for _, name := range []string{"beginning", "first"} {
			if err := os.WriteFile(fmt.Sprintf("%s/%dx%d-%s.txt", dir, size[0], size[1], name), []byte(d.screen()), 0o600); err != nil {
				t.Fatal(err)
			}
			d.press("down", "enter")
		}
	}
}
