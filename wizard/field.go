package wizard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// An editor is the field of one question. It only edits: what it holds is no answer before the
// session has taken it.
type editor struct {
	huh.Field
	lines bool                  // a list: Enter makes a new line and Tab goes on
	types bool                  // keys that print are text
	apart func(string) []string // how the list is taken apart
	kind  catalog.Kind
	// labels are the rows of a list to choose from.
	labels  []huh.Option[string]
	focused bool
}

// edit makes the field for a question, holding texts as catalog.Question.Format returns them.
func edit(q catalog.Question, texts []string) editor {
	e := editor{kind: q.Kind, apart: apart(q)}
	switch q.Kind {
	case catalog.Select:
		e.labels = choices(q, texts)
		e.Field = choose(q, e.labels, texts)
	case catalog.Confirm:
		e.Field = newConfirm(texts)
	case catalog.Multi:
		e.Field = newMulti(q, texts)
	case catalog.Text, catalog.Domain, catalog.Host, catalog.TXT, catalog.Selector, catalog.Email, catalog.GUID, catalog.Date:
		e.types, e.Field = true, line(strings.Join(texts, " "), expected(q))
	case catalog.Texts, catalog.Domains, catalog.Hosts, catalog.MX, catalog.Addresses, catalog.Emails, catalog.Items:
		e.types, e.lines, e.Field = true, true, newLines(texts, expected(q))
	}
	e.Field = e.WithTheme(theme()).WithKeyMap(keymap())
	e.focus(true)
	return e
}

// focus shows the cursor or hides it. The command that would make it blink is dropped.
func (e *editor) focus(on bool) {
	e.focused = on
	if on {
		e.Focus()
		return
	}
	e.Blur()
}

// line is a field of one line.
func line(text, placeholder string) *huh.Input {
	return huh.NewInput().Prompt("› ").Placeholder(placeholder).Value(&text)
}

// choices are what there is to choose from. Huh's list cannot stand on nothing, so where there
// is no answer, or none is needed, the first row is that.
func choices(q catalog.Question, texts []string) []huh.Option[string] {
	now := strings.Join(texts, " ")
	var rows []huh.Option[string]
	switch {
	case now != "" && !slices.Contains(q.Values(), now):
		rows = append(rows, huh.NewOption(fmt.Sprintf("%q, which is no choice here", now), ""))
	case q.Optional:
		rows = append(rows, huh.NewOption("nothing", ""))
	case now == "":
		rows = append(rows, huh.NewOption("not answered", ""))
	}
	for _, v := range q.Values() {
		rows = append(rows, huh.NewOption(q.Label(v), v))
	}
	return rows
}

// choose is a list of which one is chosen.
func choose(q catalog.Question, rows []huh.Option[string], texts []string) *huh.Select[string] {
	now := strings.Join(texts, " ")
	if !slices.Contains(q.Values(), now) {
		now = ""
	}
	f := huh.NewSelect[string]()
	f.WithTheme(theme()) // before there are rows: Huh draws them at once
	return f.Options(rows...).Value(&now)
}

// expected is what a field shows while nothing is in it. Where a terminal cannot dim it, it
// must not look like an answer.
func expected(q catalog.Question) string {
	if text := exampleOf(q); text != "" {
		return "e.g. " + text
	}
	return ""
}

// exampleOf shows how one element of an answer looks; empty: that goes without saying.
func exampleOf(q catalog.Question) string {
	return cmp.Or(q.Example, expectedOf(element(q)))
}

// element is the kind of what a list holds.
func element(q catalog.Question) catalog.Kind {
	if q.Kind == catalog.Items {
		return q.Of
	}
	return q.Kind
}

func expectedOf(kind catalog.Kind) string {
	switch kind {
	case catalog.Domain, catalog.Domains:
		return "agency.example"
	case catalog.Host, catalog.Hosts:
		return "mx1.agency.example"
	case catalog.MX:
		return "10 mx1.agency.example"
	case catalog.TXT:
		return "v=spf1 mx -all"
	case catalog.Selector:
		return "gw2026"
	case catalog.Addresses:
		return "192.0.2.0/28"
	case catalog.Email, catalog.Emails:
		return "security@agency.example"
	case catalog.GUID:
		return "11111111-2222-3333-4444-555555555555"
	case catalog.Date:
		return "2026-11-25"
	case catalog.Select, catalog.Multi, catalog.Confirm, catalog.Text, catalog.Texts, catalog.Items:
	}
	return ""
}

// keymap leaves to a field what edits, and to the pager what moves on, back or away.
func keymap() *huh.KeyMap {
	k := huh.NewDefaultKeyMap()
	none := key.NewBinding()
	k.Input = huh.InputKeyMap{AcceptSuggestion: none, Next: none, Prev: none, Submit: none}
	k.Confirm = huh.ConfirmKeyMap{Toggle: k.Confirm.Toggle, Next: none, Prev: none, Submit: none, Accept: none, Reject: none}
	s := k.Select
	k.Select = huh.SelectKeyMap{
		Up: key.NewBinding(key.WithKeys("up", "k", "ctrl+p")), Down: key.NewBinding(key.WithKeys("down", "j", "ctrl+n")),
		GotoTop: s.GotoTop, GotoBottom: s.GotoBottom, HalfPageUp: s.HalfPageUp, HalfPageDown: s.HalfPageDown,
		Left: none, Right: none, Next: none, Prev: none, Submit: none, Filter: none, SetFilter: none, ClearFilter: none,
	}
	return k
}

// update hands a message to the field.
func (e *editor) update(msg tea.Msg) tea.Cmd {
	if p, isPaste := msg.(tea.PasteMsg); isPaste {
		if !e.types {
			return nil
		}
		msg = tea.PasteMsg{Content: e.pasted(p.Content)}
	}
	field, cmd := e.Update(msg)
	e.Field = field.(huh.Field) // a field stays one
	return steady(msg, cmd)
}

// steady keeps a cursor from blinking, so that takeCursor finds it at any time; the command
// that reads the clipboard is the only other one that a field has.
func steady(msg tea.Msg, cmd tea.Cmd) tea.Cmd {
	if k, isKey := msg.(tea.KeyPressMsg); isKey && k.String() == "ctrl+v" {
		return cmd
	}
	return nil
}

// pasted is what is put into the field: no line breaks where there is one line.
func (e *editor) pasted(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if e.lines {
		return text
	}
	return strings.ReplaceAll(text, "\n", "")
}

// texts returns what the field holds, as catalog.Question.Parse takes it.
func (e *editor) texts() []string {
	if len(e.labels) > 0 {
		return e.split(e.under()) // Huh's End key moves the cursor and leaves the value
	}
	switch v := e.GetValue().(type) {
	case []string:
		return v
	case string:
		return e.split(v)
	}
	return nil
}

// split takes apart what a list or a line holds.
func (e *editor) split(text string) []string { return e.apart(text) }

// apart says how a list is taken apart: by lines, and where no element can hold them, by commas,
// semicolons and blanks too, for that is how lists arrive from mails and spreadsheets.
func apart(q catalog.Question) func(string) []string {
	switch {
	case q.Kind == catalog.MX:
		return preferences
	case q.Kind == catalog.Multi, q.Kind.List() && expectedOf(element(q)) != "":
		return cells
	}
	return rows
}

func rows(text string) []string { return split(text, "\n") }

func cells(text string) []string { return split(text, "\n\t ,;") }

// preferences leaves a number with the host that it stands before.
func preferences(text string) []string {
	var hosts []string
	number := ""
	for _, t := range cells(text) {
		if strings.Trim(t, "0123456789") == "" && number == "" {
			number = t + " "
			continue
		}
		hosts, number = append(hosts, number+t), ""
	}
	if number != "" {
		hosts = append(hosts, strings.TrimSpace(number))
	}
	return hosts
}

func split(text, between string) []string {
	var texts []string
	for _, t := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(between, r) }) {
		if t = strings.TrimSpace(t); t != "" {
			texts = append(texts, t)
		}
	}
	return texts
}

// keys are those that edit, where that is not plain.
func (e *editor) keys() []Hint {
	switch e.kind {
	case catalog.Select:
		return []Hint{{"↑↓", "choose"}}
	case catalog.Multi:
		return []Hint{{"space", "tick"}}
	case catalog.Confirm:
		return []Hint{{"y n", "choose"}}
	default:
		return nil
	}
}

// under returns the option under the cursor of a list.
func (e *editor) under() string {
	switch f := e.Field.(type) {
	case *huh.Select[string]:
		v, _ := f.Hovered()
		return v
	case *multi:
		return f.options[f.at].Value
	}
	return ""
}

// wants says how many lines the field would like to have.
func (e *editor) wants(q catalog.Question, w int) int {
	n := 0
	for _, o := range e.labels {
		n += len(wrap(o.Key, w-2))
	}
	for _, o := range q.Options {
		if e.kind == catalog.Multi {
			n += len(wrap(o.Label, w-6))
		}
	}
	if e.lines {
		n = max(len(e.texts())+2, 4)
	}
	return max(n, 1)
}

// view draws the field in w by h cells.
func (e *editor) view(w, h int) []string {
	if f, is := e.Field.(*huh.Input); is {
		f.WithWidth(w)
		f.Focus()
		f.Update(nil) // only now is the text cut to the width, and only with the cursor in it
		e.focus(e.focused)
	}
	return draw(e.Field, w, h)
}

// draw draws a field twice: Huh scrolls to what is chosen only in what it has drawn before.
func draw(f huh.Field, w, h int) []string {
	f.WithWidth(w).WithHeight(h).View()
	return strings.Split(f.WithHeight(h).View(), "\n")
}
