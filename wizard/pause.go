package wizard

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// pause tells typing from pasting. A terminal that does not mark what is pasted sends it as
// keys, line ends as Enter, all at once. No hand is as fast: a key that acts counts only when
// no other came within the pause before it or after it, and letters that come so fast are put
// into the field together, for a field works on all it holds at each key.
type pause struct {
	length  time.Duration
	keys    int // that have come
	hot     bool
	waiting *tea.KeyPressMsg
	text    string // has come at once, and is in no field yet
	ticking bool   // a quietMsg is under way: one at a time, for each is drawn
}

// A quietMsg says that the pause after a key is over.
type quietMsg struct{ keys int }

// key takes a key and says whether it counts now, after the text that is returned. The command
// ends the pause after it. What had the look of a key that acts, and was pasted, is text.
func (p *pause) key(k tea.KeyPressMsg, acts bool) (text string, now bool, tick tea.Cmd) {
	p.keys++
	if !p.ticking {
		tick = p.tick()
	}
	if p.waiting != nil {
		p.text += pasted(*p.waiting)
	}
	hot := p.hot
	p.hot, p.waiting = true, nil
	switch {
	case acts && !hot:
		p.waiting = &k
	case acts:
		p.text += pasted(k)
	case hot && k.Text != "":
		p.text += k.Text
	default:
		return p.poured(), true, tick
	}
	return "", false, tick
}

// poured returns the text that came at once, for the field to take.
func (p *pause) poured() string {
	text := p.text
	p.text = ""
	return text
}

// pasted is the text that a key stands for when it was pasted.
func pasted(k tea.KeyPressMsg) string {
	switch k.String() {
	case "enter":
		return "\n"
	case "tab":
		return "\t"
	}
	return ""
}

func (p *pause) tick() tea.Cmd {
	p.ticking = true
	n := p.keys
	return tea.Tick(p.length, func(time.Time) tea.Msg { return quietMsg{n} })
}

// over says whether the pause has ended, and returns the key that has waited for that, if one has.
// Where keys came meanwhile, the command waits again.
func (p *pause) over(msg quietMsg) (k *tea.KeyPressMsg, is bool, tick tea.Cmd) {
	if msg.keys != p.keys {
		return nil, false, p.tick()
	}
	k = p.waiting
	p.hot, p.ticking, p.waiting = false, false, nil
	return k, true, nil
}
