package wizard

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// items asks for a list of things that are asked about one by one. Each is added, renamed,
// moved and removed by itself, so that none loses its answers.
type items struct {
	*question
	list     []catalog.Item
	progress map[string]progress // of the questions about each, by its key
	add      editor
	at       int // an item, or the line in which one is added, after the last
	scroll   scroll
}

// screenOf returns the screen that asks a question; back says where it returns to, and is empty
// where the next question follows.
func (m *Model) screenOf(ref profiles.Ref, back string) screen {
	q := &question{ref: ref, back: back}
	if a, found := m.asked(ref); found && a.Question.Kind == catalog.Items && !a.Locked {
		return &items{question: q, at: -1}
	}
	return q
}

func (s *items) enter(m *Model) {
	s.question.enter(m)
	s.before = s.asked.Question.Format(s.asked.Answer.Value)
	s.field = edit(s.asked.Question, s.before) // what an assumption starts from
	s.add = edit(s.asked.Question, m.drafts[s.ref])
	s.list, _ = s.asked.Answer.Value.([]catalog.Item)
	s.progress = map[string]progress{}
	for _, a := range m.o.Session.State().Asked {
		if a.Scope.Each == s.ref.Question {
			s.progress[a.Scope.Item.Key] = s.progress[a.Scope.Item.Key].with(a)
		}
	}
	if s.at < 0 {
		s.at = len(s.list)
	}
	s.goTo(s.at)
}

// goTo puts the cursor on an item, or after the last on the line in which one is added.
func (s *items) goTo(at int) {
	s.at = max(min(at, len(s.list)), 0)
	s.add.focus(s.adding())
}

func (s *items) adding() bool { return s.at == len(s.list) }

func (s *items) acts(k string) bool {
	switch k {
	case "tab", "enter":
		return true
	case "f2", "delete", "shift+up", "shift+down":
		return !s.adding()
	}
	return false
}

func (s *items) keys(*Model) []Hint {
	review, rest := Hint{"ctrl+r", "review"}, []Hint{{"F4", "undecided"}, {"ctrl+g", "jump"}, {"ctrl+s", "save"}}
	if !s.adding() {
		return append([]Hint{{"enter", "open"}, {"esc", "back"}, review, {"F1", "why"}, {"F2", "rename"}, {"del", "remove"}, {"shift+↑↓", "move"}, {"tab", "next"}}, rest...)
	}
	hints := []Hint{{"enter", "add"}, {"esc", "back"}, review, {"tab", "next"}, {"F1", "why"}}
	if len(s.list) > 0 {
		hints = append(hints, Hint{"↑", "the list"})
	}
	return append(hints, rest...)
}

func (s *items) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		s.goTo(len(s.list)) // what is pasted is to be added
		return s.typed(m, msg)
	}
	switch name := k.String(); {
	case name == "esc", name == "shift+tab":
		s.goBack(m)
	case name == "f1", name == "?" && !s.adding():
		m.push(&why{text: s.why})
	case m.about(name):
	case name == "tab", name == "enter" && s.adding() && len(s.add.texts()) == 0:
		return s.leave(m)
	case name == "f4":
		cmd, err := s.keep(m)
		if err == nil {
			m.push(newUndecide(s.question))
		}
		return cmd
	case name == "f6":
		return s.settle(m)
	case name == "f8":
		return s.drop(m)
	case s.adding():
		return s.inLine(m, k)
	default:
		return s.onItem(m, k)
	}
	return nil
}

// inLine takes a key in the line in which an item is added.
func (s *items) inLine(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "enter":
		cmd, _ := s.keep(m) // the screen shows the error
		return cmd
	case "up":
		if first := s.add.Field.(*lines).first(); first && len(s.list) > 0 {
			s.goTo(s.at - 1)
			return nil
		}
	}
	s.err = nil
	return s.typed(m, k)
}

// typed lets the line in which an item is added have a message, and remembers what it holds.
func (s *items) typed(m *Model, msg tea.Msg) tea.Cmd {
	cmd := s.add.update(msg)
	delete(m.drafts, s.ref)
	if texts := s.add.texts(); len(texts) > 0 {
		m.drafts[s.ref] = texts
	}
	return cmd
}

// onItem takes a key on an item. A letter begins another one.
func (s *items) onItem(m *Model, k tea.KeyPressMsg) tea.Cmd {
	it := s.list[s.at]
	switch k.String() {
	case "enter":
		m.push(&item{from: s, key: it.Key})
	case "f2":
		m.push(newRename(s, it))
	case "delete":
		return s.remove(m, it)
	case "shift+up":
		return s.move(m, it, -1)
	case "shift+down":
		return s.move(m, it, +1)
	case "up", "ctrl+p":
		s.goTo(s.at - 1)
	case "down", "ctrl+n":
		s.goTo(s.at + 1)
	case "pgup":
		s.goTo(s.at - 10)
	case "pgdown":
		s.goTo(s.at + 10)
	case "home":
		s.goTo(0)
	case "end":
		s.goTo(len(s.list))
	default:
		if k.Text != "" {
			s.goTo(len(s.list))
			return s.typed(m, k)
		}
	}
	return nil
}

// keep adds what is typed, and stays.
func (s *items) keep(m *Model) (tea.Cmd, error) {
	texts := s.add.texts()
	if len(texts) == 0 {
		return nil, nil
	}
	added, err := m.o.Session.AddItems(s.ref.Question, texts...)
	if err != nil {
		s.err = err
		return nil, err
	}
	delete(m.drafts, s.ref)
	s.at = -1
	cmd := m.changed()
	m.tellBack(s.ref.Question, added)
	s.enter(m)
	return cmd, nil
}

// tellBack says which answers count again because their item was added again.
func (m *Model) tellBack(question string, added []catalog.Item) {
	var names []string
	n := 0
	for _, it := range added {
		if about := m.o.Session.About(question, it.Key); len(about) > 0 {
			n += len(about)
			names = append(names, it.Value)
		}
	}
	if n > 0 {
		m.say(catalog.Count(n, "answer", "answers") + " kept from before count again: " + strings.Join(names, ", ") + ".")
	}
}

// leave goes on, with what is typed added.
func (s *items) leave(m *Model) tea.Cmd {
	cmd, err := s.keep(m)
	if err != nil {
		return cmd
	}
	if s.err = nil; !s.stands(s.before) {
		_, s.err = s.asked.Question.Parse(s.before...)
		return cmd
	}
	return tea.Batch(cmd, s.goOn(m))
}

// drop forgets what is typed; where nothing is, preset or default hold again, if there are any.
func (s *items) drop(m *Model) tea.Cmd {
	if _, typed := m.drafts[s.ref]; !typed && s.lower == "" {
		return nil
	}
	cmd := s.takeBack(m)
	s.at = -1
	s.enter(m)
	return cmd
}

func (s *items) move(m *Model, it catalog.Item, by int) tea.Cmd {
	if err := m.o.Session.MoveItem(s.ref.Question, it.Key, by); err != nil {
		s.err = err
		return nil
	}
	cmd := m.changed()
	s.at = max(min(s.at+by, len(s.list)-1), 0)
	s.enter(m)
	return cmd
}

// remove takes an item off the list, and asks before where answers go with it.
func (s *items) remove(m *Model, it catalog.Item) tea.Cmd {
	about := m.o.Session.About(s.ref.Question, it.Key)
	if len(about) == 0 {
		return s.removed(m, it, "")
	}
	kept := it.Value + " is removed. " + catalog.Count(len(about), "answer is", "answers are") + " kept apart, and count again when it is added again."
	m.push(newConfirmation("Remove "+it.Value+"?",
		[]string{catalog.Count(len(about), "answer goes", "answers go") + " with it: " + strings.Join(m.called(about, it), ", ") + "."},
		choice{"Keep it", "Nothing changes.", func(m *Model) tea.Cmd { m.pop(); return nil }},
		choice{"Remove it", "Its answers are kept apart, and count again when it is added again.", func(m *Model) tea.Cmd {
			return s.removed(m, it, kept)
		}},
	))
	return nil
}

// removed removes an item, says so, and goes back to the list.
func (s *items) removed(m *Model, it catalog.Item, say string) tea.Cmd {
	if err := m.o.Session.RemoveItem(s.ref.Question, it.Key); err != nil {
		m.complain(err.Error())
		return nil
	}
	cmd := m.changed()
	m.say(say)
	m.screens = m.screens[:slices.Index(m.screens, screen(s))+1]
	s.enter(m)
	return cmd
}

// called names answers about an item, also where the item is gone.
func (m *Model) called(refs []profiles.Ref, it catalog.Item) []string {
	var names []string
	for _, ref := range refs {
		q, _ := m.o.Session.State().Catalog.Question(ref.Question)
		names = append(names, profiles.Asked{Question: q, Scope: profiles.Scope{Each: q.Each, Item: it}}.Asking())
	}
	return names
}

// newRename asks for another name of an item.
func newRename(s *items, it catalog.Item) *sheet {
	one := catalog.Question{Kind: s.asked.Question.Of, Pattern: s.asked.Question.Pattern, Example: s.asked.Question.Example}
	return &sheet{
		head:   "Rename",
		about:  []string{"What was answered about " + it.Value + " stays as it is. In files and flags its key remains " + it.Key + "."},
		fields: []entry{newEntry("New name", "", one, []string{it.Value})},
		done: func(m *Model, sh *sheet) (tea.Cmd, error) {
			if err := m.o.Session.RenameItem(s.ref.Question, it.Key, sh.text(0)); err != nil {
				return nil, err
			}
			cmd := m.changed()
			m.pop()
			return cmd, nil
		},
	}
}

func (s *items) body(m *Model, w, h int) []string {
	prose := min(w, readable)
	a := s.asked
	parts := []part{
		{lines: styled(bold, a.Title(), prose), last: 1},
		{lines: wrap(a.Question.Help, prose), last: 5},
		{},
		{lines: s.line(prose)},
		{lines: s.fault(prose), last: 2},
		{lines: faintly(s.facts(m), prose), last: 3},
	}
	if m.w >= broad {
		parts = append([]part{{lines: []string{faint.Render(s.title(m))}, last: 2}}, parts...)
	}
	i := slices.IndexFunc(parts, func(p part) bool { return p.last == 0 })
	parts[i].lines = s.rows(prose, room(parts, len(s.list), h))
	return fit(parts, h)
}

// rows draws the items, each with what became of the questions about it, around the cursor.
func (s *items) rows(w, h int) []string {
	last := 0
	for _, p := range s.progress {
		last = max(last, len(p.String()))
	}
	var rows []string
	for i, it := range s.list {
		cursor, style := "  ", plain
		if i == s.at {
			cursor, style = here.Render(signHere)+" ", here
		}
		p, text := s.progress[it.Key], ""
		if p.asked > 0 {
			text = p.String()
		}
		n := w - last - 7
		rows = append(rows, cursor+p.mark()+" "+style.Render(cell(middle(it.Value, n, 2), n))+"   "+faint.Render(text))
	}
	at := max(min(s.at, len(s.list)-1), 0)
	return s.scroll.view(rows, at, at, h)
}

// line draws the field in which an item is added.
func (s *items) line(w int) []string {
	cursor, style := "  ", faint
	if s.adding() {
		cursor, style = here.Render(signHere)+" ", here
	}
	const label = "Add  "
	field := s.add.Field.(*lines)
	out := draw(field.WithWidth(w-len(label)-2), w-len(label)-2, max(min(field.area.LineCount(), 5), 1))
	for i, l := range out {
		if i == 0 {
			out[i] = cursor + style.Render(label) + l
			continue
		}
		out[i] = strings.Repeat(" ", len(label)+2) + l
	}
	return out
}

// facts says who gave the list, and how one is typed.
func (s *items) facts(m *Model) []string {
	a := s.asked
	var facts []string
	_, typed := m.drafts[s.ref]
	switch {
	case a.Answer.Undecided != nil:
		facts = append(facts, signOpen+" "+undecided(a))
	case len(s.list) == 0 && a.Question.Optional:
		facts = append(facts, "may stay empty")
	case a.Origin != profiles.None && a.Origin != profiles.You:
		facts = append(facts, m.origin(a.Origin))
	}
	if s.assumed() {
		facts = append(facts, "  F6 makes the assumption the answer; tab leaves it undecided")
	}
	switch {
	case typed:
		facts = append(facts, "not added yet; F8 drops what is typed")
	case s.lower != "":
		facts = append(facts, "F8 goes back to "+s.lower)
	}
	return append(facts, "type one, or paste a list; enter adds, tab goes on")
}
