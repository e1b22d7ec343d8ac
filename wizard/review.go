package wizard

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// review shows everything that was answered and what follows, and is the only place from
// which a pack is written.
type review struct {
	list    list
	differs bool // only what is not as preset and default say
}

// toReview is the way back of a question that was opened from the review.
const toReview = "review"

// The rows that do something.
const (
	keyWrite  = "write"
	keyDryRun = "dry run"
	keyRevise = "next revision"
	keyClose  = "close"
)

func (r *review) enter(m *Model) {
	if r.list.all == nil {
		r.list = newList()
	}
	r.list.all = r.rows(m)
}

func (r *review) title(m *Model) string {
	n := len(m.o.Session.State().Asked)
	if r.differs {
		return fmt.Sprintf("Review · what differs from preset and default, of %d", n)
	}
	return "Review · " + catalog.Count(n, "question", "questions")
}

func (r *review) beside() bool       { return false }
func (r *review) acts(k string) bool { return k == "enter" || k == "tab" || k == "d" && !r.list.typing }

func (r *review) keys(m *Model) []Hint {
	if r.list.typing {
		return []Hint{{"enter", "keep the filter"}, {"esc", "all rows"}, {"↑↓", "move"}}
	}
	only := "what differs"
	if r.differs {
		only = "everything"
	}
	hints := []Hint{{"enter", "open"}, {"esc", "back"}, {"/", "filter"}, {"o", only}, {"d", "dry run"}, {"ctrl+g", "jump"}}
	if len(whatStops(m)) > 0 {
		hints = slices.Insert(hints, 1, Hint{"tab", "to fix"})
	}
	return hints
}

func (r *review) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		if r.list.typing {
			return r.list.search(msg)
		}
		return nil
	}
	if r.list.typing {
		return r.filter(k)
	}
	switch name := k.String(); name {
	case "/":
		r.list.typing = true
		r.list.filter.Focus()
	case "o":
		r.differs = !r.differs
		r.enter(m)
	case "d":
		return r.write(m, true)
	case "tab":
		r.toWhatStops(m, r.list.key)
	case "enter":
		return r.list.pick()
	case "esc", "shift+tab":
		if r.list.filter.Value() != "" {
			r.list.clear()
			return nil
		}
		m.pop()
	case "ctrl+r", "f5":
	default:
		if !r.list.press(name) {
			m.about(name)
		}
	}
	return nil
}

// filter takes keys while the filter is typed.
func (r *review) filter(k tea.KeyPressMsg) tea.Cmd {
	switch name := k.String(); {
	case name == "esc":
		r.list.clear()
		r.list.typing = false
		r.list.filter.Blur()
	case name == "enter", name == "tab":
		r.list.typing = false
		r.list.filter.Blur()
	case r.list.press(name):
	default:
		return r.list.search(k)
	}
	return nil
}

func (r *review) body(m *Model, w, h int) []string {
	top := r.verdict(m, w)
	return append(top, r.list.view(w, h-len(top))...)
}

// verdict says whether a pack can be written.
func (r *review) verdict(m *Model, w int) []string {
	if stops := whatStops(m); len(stops) > 0 {
		return append(styled(bad, signError+" No pack yet: "+inWords(stops)+".", w), "")
	}
	return []string{good.Render(signDone + " Nothing stops the pack."), ""}
}

// stop is something because of which no pack can be written, and the row that shows it.
type stop struct {
	key       string
	one, many string
	typed     profiles.Asked // what is typed and not taken, in place of the words
}

// whatStops lists everything because of which no pack can be written: what is typed and not
// taken, and then the rest in the order of the rows.
func whatStops(m *Model) []stop {
	var stops []stop
	typed := map[string]bool{}
	for _, a := range m.untaken() {
		typed[a.Ref().String()] = true
		stops = append(stops, stop{key: a.Ref().String(), typed: a})
	}
	return append(stops, slices.DeleteFunc(m.inTheWay(), func(s stop) bool { return typed[s.key] })...)
}

// inTheWay lists because of which questions, findings and contradictions no pack can be written.
func (k *work) inTheWay() []stop {
	var stops []stop
	for _, o := range k.design.Missing {
		stops = append(stops, stop{key: o.Ref, one: "question without an answer", many: "questions without an answer"})
	}
	for _, o := range k.design.BlockingOpen() {
		stops = append(stops, stop{key: o.Ref, one: "undecided question that shapes the plan", many: "undecided questions that shape the plan"})
	}
	for _, f := range k.design.Blocking() {
		if f.Rule.Severity == catalog.Error {
			stops = append(stops, stop{key: "finding " + f.At(), one: "error", many: "errors"})
		} else {
			stops = append(stops, stop{key: "finding " + f.At(), one: "warning that nobody acknowledged", many: "warnings that nobody acknowledged"})
		}
	}
	for i := range k.design.Faults {
		stops = append(stops, stop{key: fmt.Sprint("fault ", i), one: "contradiction in the plan", many: "contradictions in the plan"})
	}
	return stops
}

// inWords counts what stops the pack, kind by kind.
func inWords(stops []stop) string {
	var typed []profiles.Asked
	for len(stops) > len(typed) && stops[len(typed)].one == "" {
		typed = append(typed, stops[len(typed)].typed)
	}
	stops = stops[len(typed):]
	var words []string
	for i := 0; i < len(stops); {
		n := i
		for n < len(stops) && stops[n].one == stops[i].one {
			n++
		}
		words = append(words, catalog.Count(n-i, stops[i].one, stops[i].many))
		i = n
	}
	rest := strings.Join(words, ", ")
	switch {
	case len(typed) == 0:
		return rest
	case rest == "":
		return typedAndNotTaken(typed)
	}
	return typedAndNotTaken(typed) + "; " + rest
}

// toWhatStops goes to the row after another one that stops the pack, past the last one and from
// elsewhere to the first.
func (r *review) toWhatStops(m *Model, after string) {
	stops := whatStops(m)
	if len(stops) == 0 {
		r.list.key = keyWrite
		return
	}
	r.all(m)
	for i, s := range stops {
		if s.key == after && i+1 < len(stops) {
			r.list.key = stops[i+1].key
			return
		}
	}
	r.list.key = stops[0].key
}

// all takes away what hides rows.
func (r *review) all(m *Model) {
	r.differs = false
	r.list.clear()
	r.enter(m)
}

// write renders and writes, or tries to. What stops the pack is shown instead.
func (r *review) write(m *Model, dry bool) tea.Cmd {
	if stops := whatStops(m); len(stops) > 0 {
		r.toWhatStops(m, "")
		m.complain("No pack yet: " + inWords(stops) + ". Enter opens the first.")
		return nil
	}
	p := m.o.Session.Profile()
	act := m.o.Write
	m.writing = "Writing the pack …"
	if dry {
		act, m.writing = m.o.DryRun, "Rendering the pack …"
	}
	return func() tea.Msg {
		w, err := act(p)
		return wroteMsg{w, dry, err}
	}
}

func (r *review) rows(m *Model) []row {
	rows := r.answers(m)
	rows = append(rows, r.headlines(m)...)
	rows = append(rows, r.findings(m)...)
	rows = append(rows, r.open(m)...)
	rows = append(rows, r.faults(m)...)
	rows = append(rows, r.since(m)...)
	return append(rows, r.actions(m)...)
}

func heading(title string) []row {
	return []row{
		{draw: func(int) string { return "" }},
		{head: true, draw: func(int) string { return bold.Render(title) }},
	}
}

func (r *review) answers(m *Model) []row {
	var rows []row
	topic := ""
	for _, a := range m.o.Session.State().Asked {
		usual, differs := "", false
		if r.differs {
			if usual, differs = m.usual(a); !differs {
				continue
			}
		}
		if a.Topic.ID != topic {
			topic = a.Topic.ID
			rows = append(rows, heading(a.Topic.Title)...)
		}
		from, text := m.from(a), value(a)
		if usual != "" {
			text += ", not " + usual
		}
		rows = append(rows, row{
			key:  a.Ref().String(),
			find: strings.Join([]string{a.Topic.Title, a.Asking(), a.Ref().String(), text, from}, "\n"),
			draw: func(w int) string { return m.answer(a, text, from, w) },
			pick: func() tea.Cmd { m.push(m.screenOf(a.Ref(), toReview)); return nil },
		})
	}
	if len(rows) == 0 {
		return []row{{draw: func(int) string { return faint.Render("Every answer is as preset and default say.") }}}
	}
	return rows[1:] // no blank line before the first heading
}

// usual returns what preset or default say, where the answer is another.
func (k *work) usual(a profiles.Asked) (string, bool) {
	if a.Answer.Undecided != nil {
		return "", true
	}
	if a.Origin != profiles.You {
		return "", false
	}
	b, found := k.below(a.Ref())
	if !found || b.Origin == profiles.You {
		return "", false
	}
	return short(b.Shown()), short(b.Shown()) != short(a.Shown())
}

// from says in a few words where an answer comes from.
func (m *Model) from(a profiles.Asked) string {
	_, typed := m.draft(a)
	_, preset := m.o.Session.Presets().Find(string(a.Origin))
	switch {
	case typed:
		return "not taken yet"
	case a.Locked:
		return signLocked + " locked"
	case a.Answer.Undecided != nil:
		return "undecided"
	case preset:
		return "preset"
	}
	return string(a.Origin)
}

// answer writes an answer in a line: what it is called, what it is, where it comes from.
func (m *Model) answer(a profiles.Asked, text, from string, w int) string {
	name, last := nameWidth(w), 10
	if w >= broad {
		last = 20
	}
	if !a.Answered() {
		text = bad.Render(signError + " " + text)
	} else if a.Answer.Undecided != nil {
		text = warned.Render(signOpen) + " " + strings.TrimPrefix(text, "undecided: ")
	}
	return "  " + cell(asking(a, name), name) + "  " + cell(text, w-name-last-6) + "  " + faint.Render(cell(from, last))
}

// nameWidth is how many cells of a line a question's name gets.
func nameWidth(w int) int { return max(min(w*45/100, 44), 20) }

// asking is a question's name in w cells. The item in it gives way, in its middle: what is
// asked about it stands before it or after it.
func asking(a profiles.Asked, w int) string {
	name, item := a.Asking(), a.Scope.Item.Value
	const least = 6 // of an item that one can still tell from others
	room := w - ansi.StringWidth(name) + ansi.StringWidth(item)
	if room >= least && strings.Contains(name, item) {
		name = strings.Replace(name, item, middle(item, room, 4), 1) // items of one plan often end alike
	}
	return middle(name, w, 2)
}

// headlines say what the answers make of the plan.
func (r *review) headlines(m *Model) []row {
	var rows []row
	for _, d := range m.design.Headlines() {
		rows = append(rows, heading(d.Title)...)
		rows = append(rows, row{
			find: d.Title + "\n" + d.Text,
			draw: func(w int) string { return "  " + cell(d.Text, w-2) },
		})
	}
	return rows
}

func (r *review) findings(m *Model) []row {
	if len(m.design.Findings) == 0 {
		return nil
	}
	var rows []row
	for _, f := range m.design.Findings {
		state := standing(f)
		rows = append(rows, row{
			key:  "finding " + f.At(),
			find: strings.Join([]string{"Findings", f.At(), f.Rule.Summary, state}, "\n"),
			draw: func(w int) string {
				return "  " + sign(f.Rule.Severity) + " " + sides(cell(f.At(), 8)+"  "+f.Rule.Summary, faint.Render(state), w-5)
			},
			pick: func() tea.Cmd { m.push(&finding{queue: []string{f.At()}}); return nil },
		})
	}
	return append(heading("Findings · "+tally(m.design.Findings)), rows...)
}

// standing says what has become of a finding.
func standing(f design.Finding) string {
	switch {
	case f.Acknowledged != nil:
		return "acknowledged by " + f.Acknowledged.By
	case f.Lapsed:
		return "acknowledgement lapsed"
	case f.Rule.Severity == catalog.Warning:
		return "not acknowledged"
	case f.Rule.Severity == catalog.Error:
		return "stops the pack"
	}
	return "info"
}

// tally counts findings by what they are.
func tally(fs []design.Finding) string {
	var errors, open, taken, infos int
	for _, f := range fs {
		switch {
		case f.Rule.Severity == catalog.Error:
			errors++
		case f.Blocks():
			open++
		case f.Acknowledged != nil:
			taken++
		default:
			infos++
		}
	}
	words := []string{catalog.Count(errors, "error", "errors")}
	if open > 0 {
		words = append(words, catalog.Count(open, "warning", "warnings")+" open")
	}
	if taken > 0 {
		words = append(words, catalog.Count(taken, "warning", "warnings")+" acknowledged")
	}
	return strings.Join(append(words, catalog.Count(infos, "info", "info")), ", ")
}

// open lists what waits for an answer that somebody owes.
func (r *review) open(m *Model) []row {
	if len(m.design.Open) == 0 {
		return nil
	}
	rows := heading("Undecided · " + catalog.Count(len(m.design.Open), "question", "questions"))
	for _, o := range m.design.Open {
		text := owed(o)
		a, _ := m.asked(profiles.ParseRef(o.Ref))
		rows = append(rows, row{
			key: "open " + o.Ref, find: "Undecided\n" + o.Asking + "\n" + text,
			draw: func(w int) string {
				name := nameWidth(w)
				return "  " + cell(asking(a, name), name) + "  " + cell(text, w-name-4)
			},
			pick: func() tea.Cmd { m.push(m.screenOf(a.Ref(), toReview)); return nil },
		})
	}
	return rows
}

// owed says who owes an answer, by when, and what waits for it.
func owed(o design.Open) string {
	text := o.Owner
	if o.Due != "" {
		text += ", by " + o.Due
	}
	if len(o.Holds) > 0 {
		text += "; held: " + strings.Join(o.Holds, ", ")
	}
	if o.Blocking {
		text += "; it shapes the plan: assume something"
	}
	return text
}

func (r *review) faults(m *Model) []row {
	if len(m.design.Faults) == 0 {
		return nil
	}
	rows := heading("Contradictions")
	for i, err := range m.design.Faults {
		rows = append(rows, row{key: fmt.Sprint("fault ", i), find: err.Error(), draw: func(int) string { return "  " + bad.Render(signError) + " " + oneLine(err.Error()) }})
	}
	return rows
}

func (r *review) actions(m *Model) []row {
	return append(heading("Pack"),
		row{draw: func(int) string { return "  " + sizeInWords(m.design.Size()) }},
		row{draw: func(int) string { return "" }},
		action(keyWrite, "Write the pack", m.o.Folder(m.o.Session.Profile()), func() tea.Cmd { return r.write(m, false) }),
		action(keyDryRun, "Dry run", "says what would be written", func() tea.Cmd { return r.write(m, true) }),
		action(keyClose, "Save and close", m.o.SavedTo, func() tea.Cmd { return m.quit("enter", Finished) }),
	)
}

// action is a row that does something.
func action(key, label, about string, pick func() tea.Cmd) row {
	return row{key: key, pick: pick, draw: func(int) string { return bold.Render(cell(label, 18)) + about }}
}

// sizeInWords says how much a pack holds.
func sizeInWords(n design.Size) string {
	text := strings.Join([]string{
		catalog.Count(n.Steps, "step", "steps"), catalog.Count(n.Holds, "hold", "holds"), catalog.Count(n.Records, "DNS record", "DNS records"),
	}, ", ")
	if n.Held > 0 {
		text += fmt.Sprintf("; %d held until a question is answered", n.Held)
	}
	return text
}
