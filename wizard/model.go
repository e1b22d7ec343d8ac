package wizard

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
)

// Model is the wizard as Bubble Tea runs it: the answers so far, what follows from them, and
// the screens that lie on each other. It does nothing outside but by commands.
type Model struct {
	work
	screens []screen // the first asks the questions in order; the last is on top
	first   screen   // what is before the first question of a new profile; nil: nothing
	w, h    int

	save   saver
	drafts map[profiles.Ref][]string // typed, and neither taken nor thrown away

	pause   pause
	drawn   drawn
	preview preview
	notice  notice
	writing string // what is being written just now
	tell    bool   // say so when the save is done
	leaving bool   // as soon as everything is on disk
	must    bool   // leave, even if nothing can be saved
	lost    bool   // leaving again gives up what could not be saved
	sure    string // the key that, pressed again, gives up what is not taken
	end     End
	written *Written

	halt, back tea.Cmd // leave the terminal to the shell, take it again; nil: no shell can ask for it
}

// A screen is one of the pages that lie on each other.
type screen interface {
	// enter is called when the screen comes to the top, and again when what it shows has changed.
	enter(m *Model)
	update(m *Model, msg tea.Msg) tea.Cmd
	title(m *Model) string
	body(m *Model, w, h int) []string
	keys(m *Model) []Hint
	// acts says that a key does something that cannot be taken back by the next one.
	acts(key string) bool
	// beside says that the sections stand beside the screen where there is room.
	beside() bool
}

// notice is what the wizard has to say until the next key.
type notice struct {
	text string
	path string // follows the text in the same line, shortened where it must be
	then string // follows below, and is never cut off by a long text
	bad  bool
}

// New makes the wizard. It begins at the first question without an answer, or, where there is
// none, with the review; a new profile is asked for its preset before that.
func New(o Options) *Model {
	m := &Model{
		work: newWork(o), save: saver{keep: o.Save}, drafts: map[profiles.Ref][]string{},
		pause: pause{length: 5 * time.Millisecond}, end: Finished,
	}
	m.screens = []screen{&question{}}
	if o.SavedTo != "" {
		m.notice = notice{text: "Answers are saved to ", path: o.SavedTo}
	}
	if m.isNew() {
		m.first = newBeginning(o)
		m.screens[0] = m.first
		return m
	}
	m.resume()
	return m
}

// resume goes to the first question without an answer, or, where there is none, to the review.
func (m *Model) resume() {
	if ref, found := m.unanswered(); found {
		m.goTo(ref)
		return
	}
	if all := m.o.Session.State().Asked; slices.ContainsFunc(all, unlocked) {
		m.goTo(all[slices.IndexFunc(all, unlocked)].Ref())
	}
	m.push(&review{})
}

func unlocked(a profiles.Asked) bool { return !a.Locked }

// Init does nothing: the terminal says its size by itself.
func (m *Model) Init() tea.Cmd { return nil }

// Update takes one message.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.handle(msg)
	if look := m.look(); look != nil {
		return m, tea.Batch(cmd, look)
	}
	return m, cmd
}

func (m *Model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.KeyPressMsg:
		return m.press(msg)
	case quietMsg:
		k, over, tick := m.pause.over(msg)
		if !over {
			return tick
		}
		cmd := m.pour(m.pause.poured())
		if k != nil {
			cmd = tea.Batch(cmd, m.deliver(*k))
		}
		return cmd
	case previewMsg:
		m.looked(msg)
	case savedMsg:
		return m.saved(msg)
	case wroteMsg:
		return m.wrote(msg)
	case stopMsg:
		m.must = true
		return m.leave(msg.end)
	case backMsg:
		return m.back
	default:
		return m.top().update(m, msg)
	}
	return nil
}

func (m *Model) top() screen { return m.screens[len(m.screens)-1] }

func (m *Model) push(s screen) {
	m.screens = append(m.screens, s)
	s.enter(m)
}

func (m *Model) pop() {
	if len(m.screens) > 1 {
		m.screens = m.screens[:len(m.screens)-1]
	}
	m.top().enter(m)
}

// goTo asks a question, with nothing on top of it.
func (m *Model) goTo(ref profiles.Ref) {
	m.screens = m.screens[:1]
	m.screens[0] = m.screenOf(ref, "")
	m.top().enter(m)
}

// press takes a key: one that acts waits until it is clear that it was not pasted.
func (m *Model) press(k tea.KeyPressMsg) tea.Cmd {
	m.notice = notice{}
	if k.String() != m.sure {
		m.sure = ""
	}
	if k.String() == "ctrl+c" {
		return tea.Batch(m.pour(m.pause.poured()), m.quit("ctrl+c", Interrupted))
	}
	if k.String() == "ctrl+z" && m.halt != nil {
		return m.halt
	}
	if m.writing != "" {
		return nil
	}
	text, now, tick := m.pause.key(k, m.top().acts(k.String()))
	cmds := []tea.Cmd{tick, m.pour(text)}
	if now {
		cmds = append(cmds, m.deliver(k))
	}
	return tea.Batch(cmds...)
}

// pour puts into the field what was pasted without a mark.
func (m *Model) pour(text string) tea.Cmd {
	if text == "" {
		return nil
	}
	return m.top().update(m, tea.PasteMsg{Content: text})
}

// deliver gives a key to the screen on top, unless it is one that works everywhere. Before a
// screen is left for the review or by a jump, what is typed there is taken.
func (m *Model) deliver(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "ctrl+s", "f7":
		cmd := m.takeField()
		m.save.changed() // also where nothing did: somebody wants to see it done
		m.tell = true
		return tea.Batch(cmd, m.save.start(m.o.Session.Profile()))
	case "ctrl+g", "f3", "ctrl+r", "f5":
		cmd := m.takeField()
		return tea.Batch(cmd, m.top().update(m, k))
	}
	return m.top().update(m, k)
}

// about takes the keys by which one walks about, on screens that one can leave at any time.
func (m *Model) about(k string) bool {
	switch k {
	case "ctrl+g", "f3":
		m.push(&jump{})
	case "ctrl+r", "f5":
		m.review()
	case "ctrl+t", "f9":
		if _, found := m.subject(); !found {
			return false
		}
		m.push(&ahead{})
	default:
		return false
	}
	return true
}

// review shows the review, the one that is open already if there is one.
func (m *Model) review() {
	i := slices.IndexFunc(m.screens, func(s screen) bool { _, is := s.(*review); return is })
	if i < 0 {
		m.push(&review{})
		return
	}
	m.screens = m.screens[:i+1]
	m.top().enter(m)
}

func (m *Model) say(text string)      { m.notice = notice{text: text} }
func (m *Model) complain(text string) { m.notice = notice{text: text, bad: true} }

// changed is called after every change of the profile: it works out what follows, says what
// became of other answers, and saves.
func (m *Model) changed() tea.Cmd {
	if told := m.resolve(); len(told) > 0 {
		m.say(strings.Join(told, "\n"))
	}
	m.lost = false
	m.save.changed()
	return m.save.start(m.o.Session.Profile())
}

func (m *Model) saved(msg savedMsg) tea.Cmd {
	next := m.save.ended(msg, m.o.Session.Profile())
	if m.tell && msg.err == nil && next == nil {
		left := m.notTaken()
		m.notice = notice{text: "Saved to ", path: m.o.SavedTo, then: left, bad: left != ""}
	}
	m.tell = m.tell && next != nil
	if m.leaving && next == nil {
		return m.leave(m.end)
	}
	return next
}

// leave ends the run once everything is on disk. What cannot be saved keeps a person here
// until it is said again, and a signal not at all.
func (m *Model) leave(end End) tea.Cmd {
	again := m.leaving
	m.end, m.leaving = end, true
	switch {
	case m.writing != "":
		return nil
	case m.must, m.lost, m.save.clean():
		return tea.Quit // Run saves what is left
	case m.save.running:
		return nil
	case again && m.save.err != nil:
		m.leaving, m.lost = false, true
		m.complain("The last answers could not be saved. Once more, and they are given up.")
		return nil
	}
	return m.save.start(m.o.Session.Profile())
}
