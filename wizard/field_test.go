package wizard

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// sample is a question of a kind, and an answer to it.
func sample(k catalog.Kind) (catalog.Question, []string) {
	q := catalog.Question{ID: "q", Kind: k, Title: "What?"}
	switch k {
	case catalog.Select:
		q.Options = []catalog.Option{{Value: "a", Label: "Alpha"}, {Value: "b", Label: "Beta"}, {Value: "c", Label: "Gamma"}}
		return q, []string{"b"}
	case catalog.Multi:
		q.Options = []catalog.Option{{Value: "a", Label: "Alpha"}, {Value: "b", Label: "Beta"}, {Value: "c", Label: "Gamma"}}
		return q, []string{"a", "c"}
	case catalog.Confirm:
		return q, []string{"no"}
	case catalog.Text:
		return q, []string{"Mariners' Welfare — 海事"}
	case catalog.Texts:
		return q, []string{"include:spf.newsletter.example", "two words"}
	case catalog.Domain:
		return q, []string{"agency.example"}
	case catalog.Domains:
		return q, []string{"agency.example", "other.example"}
	case catalog.Host:
		return q, []string{"mx.agency.example"}
	case catalog.Hosts:
		return q, []string{"mx1.agency.example", "mx2.agency.example"}
	case catalog.MX:
		return q, []string{"10 mx1.agency.example", "mx2.agency.example"}
	case catalog.TXT:
		return q, []string{"v=spf1 mx -all"}
	case catalog.Selector:
		return q, []string{"gw2026"}
	case catalog.Addresses:
		return q, []string{"192.0.2.0/28", "2001:db8::25"}
	case catalog.Email:
		return q, []string{"a@agency.example"}
	case catalog.Emails:
		return q, []string{"a@agency.example", "b@agency.example"}
	case catalog.GUID:
		return q, []string{"11111111-2222-3333-4444-555555555555"}
	case catalog.Date:
		return q, []string{"2026-11-25"}
	case catalog.Items:
		q.Of, q.Item = catalog.Domain, "domain"
		return q, []string{"agency.example", "other.example"}
	}
	return q, nil
}

// Every kind of question has a field that shows an answer, keeps it untouched through keys that
// only move, and is empty where there is none.
func TestEveryKindHasAField(t *testing.T) {
	for _, k := range catalog.Kinds() {
		t.Run(string(k), func(t *testing.T) {
			q, texts := sample(k)
			if _, err := q.Parse(texts...); err != nil {
				t.Fatalf("the sample is no answer: %v", err)
			}
			e := edit(q, texts)
			if got := e.texts(); !slices.Equal(got, texts) {
				t.Errorf("holds %q, not %q", got, texts)
			}
			h := e.wants(q, 60)
			screen := ansi.Strip(strings.Join(e.view(60, h), "\n"))
			for _, text := range texts {
				if !strings.Contains(screen, q.Label(text)) {
					t.Errorf("%q is not to be seen:\n%s", q.Label(text), screen)
				}
			}
			empty := edit(q, nil)
			if got := empty.texts(); len(got) > 0 {
				t.Errorf("nothing was answered, and the field holds %q", got)
			}
			for _, name := range []string{"left", "home", "end", "up", "down"} {
				if k == catalog.Select || k == catalog.Confirm { // there these choose
					continue
				}
				e.update(keyOf(t, name))
			}
			if got := e.texts(); !slices.Equal(got, texts) {
				t.Errorf("after moving about: %q, not %q", got, texts)
			}
		})
	}
}

// An answer can be made from nothing in every kind of field, with its keys alone.
func TestEveryKindCanBeAnswered(t *testing.T) {
	for _, k := range catalog.Kinds() {
		t.Run(string(k), func(t *testing.T) {
			q, texts := sample(k)
			e := edit(q, nil)
			keys := func(names ...string) {
				for _, n := range names {
					e.update(keyOf(t, n))
				}
			}
			switch k {
			case catalog.Select:
				keys("down", "down")
			case catalog.Multi:
				keys("space", "down", "down", "space")
			case catalog.Confirm:
				keys("n")
			default:
				for i, text := range texts {
					if i > 0 {
						keys("enter")
					}
					for _, r := range text {
						e.update(tea.KeyPressMsg{Code: r, Text: string(r)})
					}
				}
			}
			if got := e.texts(); !slices.Equal(got, texts) {
				t.Errorf("holds %q, not %q", got, texts)
			}
		})
	}
}

func TestOptionalChoicesCanBeTakenBack(t *testing.T) {
	q, texts := sample(catalog.Select)
	q.Optional = true
	e := edit(q, texts)
	e.update(keyOf(t, "home"))
	if got := e.texts(); len(got) > 0 {
		t.Errorf("a list holds %q", got)
	}
	q, texts = sample(catalog.Confirm)
	e = edit(q, texts)
	e.update(keyOf(t, "backspace"))
	if got := e.texts(); len(got) > 0 {
		t.Errorf("yes or no holds %q", got)
	}
}

// The defects of Huh's fields that the package works round. Each test shows the defect first:
// when Huh mends it, the test fails, and what works round it can go.

func TestSelectHasNoAnswerBeforeSomebodyChose(t *testing.T) {
	q, _ := sample(catalog.Select)
	var value string
	huh.NewSelect[string]().Options(huh.NewOptions("a", "b")...).Value(&value)
	if value != "a" {
		t.Errorf("Huh's list now leaves an empty answer alone: %q", value)
	}
	e := edit(q, nil)
	if got := e.texts(); len(got) > 0 {
		t.Errorf("holds %q", got)
	}
	e.update(keyOf(t, "down"))
	if got := e.texts(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("one down, and it holds %q", got)
	}
}

func TestValueThatIsNoOptionIsShownAndMadeNoAnswer(t *testing.T) {
	q, _ := sample(catalog.Select)
	value := "gone"
	huh.NewSelect[string]().Options(huh.NewOptions("a", "b")...).Value(&value)
	if value != "a" {
		t.Errorf("Huh's list now keeps a value that is no option: %q", value)
	}
	e := edit(q, []string{"gone"})
	if got := e.texts(); len(got) > 0 {
		t.Errorf("holds %q", got)
	}
	if screen := ansi.Strip(strings.Join(e.view(60, 4), "\n")); !strings.Contains(screen, `▸ "gone", which is no choice here`) {
		t.Errorf("screen:\n%s", screen)
	}

	q, _ = sample(catalog.Multi)
	values := []string{"gone", "a"}
	many := huh.NewMultiSelect[string]().Options(huh.NewOptions("a", "b")...).Value(&values)
	many.Focus()
	many.Update(keyOf(t, "down"))
	many.Blur()
	if slices.Contains(values, "gone") {
		t.Error("Huh's list of many now keeps a value that is no option")
	}
	e = edit(q, []string{"gone", "a"})
	e.update(keyOf(t, "down"))
	if got := e.texts(); !slices.Equal(got, []string{"a", "gone"}) {
		t.Errorf("holds %q", got)
	}
	e.update(keyOf(t, "end"))
	e.update(keyOf(t, "space"))
	if got := e.texts(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("unticked, and it holds %q", got)
	}
}

func TestMultiSurvivesAFilterThatFindsNothing(t *testing.T) {
	names := []string{"/", "z", "z", "down", "esc", "space"}
	if !panics(func() {
		f := huh.NewMultiSelect[string]().Options(huh.NewOptions("a", "b")...)
		f.WithKeyMap(huh.NewDefaultKeyMap())
		f.Focus()
		for _, n := range names {
			f.Update(keyOf(t, n))
		}
	}) {
		t.Error("Huh's list of many no longer panics")
	}
	q, texts := sample(catalog.Multi)
	e := edit(q, texts)
	for _, n := range names[:len(names)-1] {
		e.update(keyOf(t, n))
	}
	if got := e.texts(); !slices.Equal(got, texts) {
		t.Errorf("holds %q, not %q", got, texts)
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

func TestMultiShowsEveryOption(t *testing.T) {
	q, texts := sample(catalog.Multi)
	e := edit(q, texts)
	for h := 1; h <= 6; h++ {
		for range q.Options {
			e.update(keyOf(t, "down"))
			screen := ansi.Strip(strings.Join(e.view(40, h), "\n"))
			if at := q.Label(e.under()); !strings.Contains(screen, at) {
				t.Errorf("%d lines do not show the cursor on %s:\n%s", h, at, screen)
			}
		}
	}
	screen := ansi.Strip(strings.Join(e.view(40, 3), "\n"))
	if !strings.Contains(screen, "[x] Alpha") || !strings.Contains(screen, "[ ] Beta") || !strings.Contains(screen, "[x] Gamma") {
		t.Errorf("screen:\n%s", screen)
	}
}

func TestEndChooses(t *testing.T) {
	value := "a"
	theirs := huh.NewSelect[string]().Options(huh.NewOptions("a", "b")...).Value(&value)
	theirs.WithKeyMap(huh.NewDefaultKeyMap())
	theirs.Update(keyOf(t, "end"))
	if value != "a" {
		t.Error("Huh's list now takes what End goes to")
	}
	q, texts := sample(catalog.Select)
	e := edit(q, texts)
	e.update(keyOf(t, "end"))
	if got := e.texts(); !slices.Equal(got, []string{"c"}) {
		t.Errorf("holds %q", got)
	}
}

func TestConfirmIsNeitherBeforeSomebodySaid(t *testing.T) {
	var said bool
	theirs := huh.NewConfirm().Value(&said)
	if v, isBool := theirs.GetValue().(bool); !isBool || v {
		t.Error("Huh's field can now be neither yes nor no")
	}
	q, _ := sample(catalog.Confirm)
	e := edit(q, nil)
	if screen := ansi.Strip(strings.Join(e.view(40, 1), "\n")); strings.Contains(screen, signHere) {
		t.Errorf("something is chosen: %s", screen)
	}
	for _, step := range []struct{ key, want string }{{"right", "yes"}, {"right", "no"}, {"y", "yes"}, {"n", "no"}} {
		e.update(keyOf(t, step.key))
		if got := e.texts(); !slices.Equal(got, []string{step.want}) {
			t.Errorf("after %s: %q", step.key, got)
		}
	}
	if screen := ansi.Strip(strings.Join(e.view(40, 1), "\n")); !strings.Contains(screen, "▸ No") {
		t.Errorf("without colour one cannot see what is chosen: %s", screen)
	}
}

// y answers, and stays: Huh's field would go on at once, and a pasted word would answer here
// and run into the next question.
func TestConfirmDoesNotGoOnByItself(t *testing.T) {
	theirs := huh.NewConfirm()
	theirs.WithKeyMap(huh.NewDefaultKeyMap())
	_, cmd := theirs.Update(keyOf(t, "y"))
	if cmd == nil || cmd() != huh.NextField() {
		t.Error("Huh's field no longer goes on at y")
	}
	d := start(t, example(t, "protected"))
	d.goes("gateway.seals-arc")
	d.typed("no yes")
	d.must("gateway.seals-arc")
}

func TestLongListsTakeAnotherLine(t *testing.T) {
	var many []string
	for i := range 120 {
		many = append(many, fmt.Sprintf("entity%d.example", i))
	}
	theirs := huh.NewText().Value(new(strings.Join(many, "\n")))
	theirs.WithKeyMap(huh.NewDefaultKeyMap())
	theirs.Focus()
	theirs.Update(keyOf(t, "ctrl+j"))
	if strings.HasSuffix(theirs.GetValue().(string), "\n") {
		t.Error("Huh's field now makes a new line after 99")
	}
	q, _ := sample(catalog.Domains)
	e := edit(q, many)
	e.update(keyOf(t, "enter"))
	for _, r := range "last.example" {
		e.update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	if got := e.texts(); !slices.Equal(got, append(many, "last.example")) {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
}

// After lines were removed the rest stands in view, from the first line on.
func TestLinesComeBackIntoView(t *testing.T) {
	var many []string
	for i := range 10 {
		many = append(many, fmt.Sprint("line", i))
	}
	theirs := huh.NewText().Value(new(strings.Join(many, "\n")))
	theirs.WithKeyMap(huh.NewDefaultKeyMap())
	theirs.Focus()
	q, _ := sample(catalog.Texts)
	e := edit(q, many)
	draw(theirs, 40, 5)
	e.view(40, 5)
	for range strings.Join(many[5:], "\n") {
		theirs.Update(keyOf(t, "backspace"))
		e.update(keyOf(t, "backspace"))
	}
	if screen := ansi.Strip(strings.Join(draw(theirs, 40, 7), "\n")); strings.Contains(screen, "line0") {
		t.Error("Huh's field now gets lines back into view")
	}
	screen := e.view(40, 7)
	if text := ansi.Strip(strings.Join(screen, "\n")); !strings.Contains(text, "line0") || !strings.Contains(text, "line4") {
		t.Errorf("screen:\n%s", text)
	}
	if c := takeCursor(screen); c == nil || c.Y != 5 {
		t.Errorf("the cursor is at %v, not in the line after the last", c)
	}
}

func TestChosenOptionIsInViewFromTheStart(t *testing.T) {
	q, _ := sample(catalog.Select)
	for i := range 20 {
		q.Options = append(q.Options, catalog.Option{Value: fmt.Sprint("v", i), Label: fmt.Sprint("Value ", i)})
	}
	e := edit(q, []string{"v15"})
	if first := e.WithWidth(40).WithHeight(4).View(); strings.Contains(ansi.Strip(first), "Value 15") {
		t.Error("Huh's list now scrolls to what is chosen at once")
	}
	if screen := ansi.Strip(strings.Join(e.view(40, 4), "\n")); !strings.Contains(screen, "▸ Value 15") {
		t.Errorf("screen:\n%s", screen)
	}
}

func TestFieldsGrowAgain(t *testing.T) {
	for _, k := range catalog.Kinds() {
		q, texts := sample(k)
		e := edit(q, texts)
		h := e.wants(q, 60)
		before := ansi.Strip(strings.Join(e.view(60, h), "\n"))
		e.view(20, 1) // a list then shows its last line alone
		if after := ansi.Strip(strings.Join(e.view(60, h), "\n")); after != before {
			t.Errorf("%s: shrunk and grown again:\n%s\nbefore:\n%s", k, after, before)
		}
	}
}

// Huh's note takes the underscores of a host name for the marks of italics. What explains a
// question is drawn without it.
func TestNamesInProseKeepTheirUnderscores(t *testing.T) {
	note := huh.NewNote().Description("selector1-agency._domainkey.agency.example and _dmarc")
	note.WithWidth(80)
	if strings.Contains(ansi.Strip(note.View()), "_domainkey") {
		t.Error("Huh's note now keeps underscores")
	}
	p := example(t, "protected")
	p.Answers[profiles.Ref{Question: "gateway.arc-domain"}] = profiles.Answer{Value: "_arc._seal.tidegate.example"}
	d := start(t, p)
	d.goes("gateway.seals-arc")
	d.press("f1")
	d.sees("The seal of _arc._seal.tidegate.example is trusted")
}

func TestLongTextIsOneLineFromTheStart(t *testing.T) {
	long := strings.Repeat("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", 12)
	theirs := line(long, "")
	if len(draw(theirs, 60, 1)) == 1 {
		t.Error("Huh's field now cuts a text to its width")
	}
	for _, on := range []bool{true, false} {
		q, _ := sample(catalog.Text)
		e := edit(q, []string{long})
		e.focus(on)
		screen := e.view(60, 1)
		if len(screen) != 1 || !strings.Contains(ansi.Strip(screen[0]), long[len(long)-40:]) {
			t.Errorf("with the cursor in it %v:\n%s", on, strings.Join(screen, "\n"))
		}
		if c := takeCursor(screen); (c != nil) != on {
			t.Errorf("with the cursor in it %v, the cursor is at %v", on, c)
		}
	}
}

func TestPaste(t *testing.T) {
	tests := []struct {
		name  string
		kind  catalog.Kind
		paste string
		want  []string
	}{
		{"one line keeps no line end", catalog.Host, "mx.agency.example\r\n", []string{"mx.agency.example"}},
		{"a key that was broken into lines becomes one", catalog.Text, "v=DKIM1; p=MIIB\r\nIjAN\rBgkq\n", []string{"v=DKIM1; p=MIIBIjANBgkq"}},
		{"a record that was printed as two strings, one below the other", catalog.TXT, "\"v=spf1 mx \"\n\"-all\"\n", []string{`"v=spf1 mx ""-all"`}},
		{"what dig +short prints of MX", catalog.MX, "10 mx1.a.example.\n20 mx2.a.example.\n", []string{"10 mx1.a.example.", "20 mx2.a.example."}},
		{"MX from a spreadsheet", catalog.MX, "10 mx1.a.example\t20 mx2.a.example, mx3.a.example", []string{"10 mx1.a.example", "20 mx2.a.example", "mx3.a.example"}},
		{"lines from Windows", catalog.Domains, "a.example\r\nb.example\r\n", []string{"a.example", "b.example"}},
		{"lines from an old Mac", catalog.Texts, "one two\rthree", []string{"one two", "three"}},
		{"a list from a mail", catalog.Addresses, "192.0.2.1, 192.0.2.2; 192.0.2.3\t192.0.2.4", []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}},
		{"items are domains too", catalog.Items, "a.example, b.example", []string{"a.example", "b.example"}},
		{"texts may hold commas", catalog.Texts, "a, b\nc; d", []string{"a, b", "c; d"}},
		{"a list to choose from takes nothing", catalog.Select, "down\nb", nil},
		{"yes or no takes nothing", catalog.Confirm, "yes", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, _ := sample(tt.kind)
			e := edit(q, nil)
			e.update(tea.PasteMsg{Content: tt.paste})
			if got := e.texts(); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Where the terminal's cursor stands is counted in cells: three letters that are two cells wide
// each end at column 6, and the prompt is two more.
func TestCursorStandsWhereOneTypes(t *testing.T) {
	tests := []struct {
		name string
		kind catalog.Kind
		text []string
		keys []string
		x, y int
	}{
		{"after narrow letters", catalog.Text, []string{"abc"}, nil, 5, 0},
		{"after wide letters", catalog.Text, []string{"海事局"}, nil, 8, 0},
		{"between wide letters", catalog.Text, []string{"海事局"}, []string{"left"}, 6, 0},
		{"in an empty field", catalog.Host, nil, nil, 2, 0},
		{"in the second line", catalog.Texts, []string{"one", "海事"}, nil, 6, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, _ := sample(tt.kind)
			e := edit(q, tt.text)
			for _, k := range tt.keys {
				e.update(keyOf(t, k))
			}
			lines := e.view(40, 4)
			c := takeCursor(lines)
			if c == nil {
				t.Fatalf("no cursor in %q", lines)
			}
			if c.X != tt.x || c.Y != tt.y {
				t.Errorf("the cursor is at %d,%d, not %d,%d", c.X, c.Y, tt.x, tt.y)
			}
			if strings.Contains(strings.Join(lines, ""), reversed) {
				t.Error("the field still draws a cursor of its own")
			}
		})
	}
}

func TestEachScreenHasOneCursorAtMost(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.smarthost")
	v := d.m.View()
	if v.Cursor == nil {
		t.Fatal("a text field without a cursor")
	}
	line := ansi.Strip(strings.Split(v.Content, "\n")[v.Cursor.Y])
	if before := ansi.Cut(line, 0, v.Cursor.X); !strings.HasSuffix(before, "› smtp.harbours.tidegate.example") {
		t.Errorf("the cursor stands after %q", before)
	}
	d.goes("gateway.lockdown")
	if d.m.View().Cursor != nil {
		t.Error("a list has a cursor")
	}
}

func TestHuhsInterface(t *testing.T) {
	q, texts := sample(catalog.Multi)
	for _, f := range []huh.Field{newMulti(q, texts), newConfirm(nil), newLines(nil, "")} {
		for _, g := range []huh.Field{f.WithTheme(theme()), f.WithKeyMap(keymap()), f.WithWidth(10), f.WithHeight(3), f.WithPosition(huh.FieldPosition{})} {
			if reflect.TypeOf(g) != reflect.TypeOf(f) {
				t.Errorf("%T becomes %T", f, g)
			}
		}
		if m, _ := f.Update(nil); reflect.TypeOf(m) != reflect.TypeOf(f) {
			t.Errorf("%T becomes %T", f, m)
		}
	}
}

func TestMultiInPlainText(t *testing.T) {
	q, texts := sample(catalog.Multi)
	f := newMulti(q, texts)
	var out strings.Builder
	if err := f.RunAccessible(&out, strings.NewReader("2\n0\n")); err != nil {
		t.Fatal(err)
	}
	if got := f.GetValue(); !reflect.DeepEqual(got, []string{"a", "b", "c"}) {
		t.Errorf("got %v from\n%s", got, out.String())
	}
}
