package wizard

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// pause tells typing from pasting. A terminal that does not mark what is pasted sends it as
// keys, line ends as Enter, all at once. No hand is as fast: a key that acts counts only when
// no other came within the pause before it or after it.
type pause struct {
	length  time.Duration
	keys    int // that have come
	hot     bool
	waiting *tea.KeyPressMsg
}

// A quietMsg says that the pause after a key is over.
type quietMsg struct{ keys int }

// key takes a key and says whether it counts now. The command ends the pause after it. What is
// torn had the look of a key that acts, and was pasted.
func (p *pause) key(k tea.KeyPressMsg, acts bool) (now bool, torn []tea.KeyPressMsg, tick tea.Cmd) {
	p.keys++
	n := p.keys
	tick = tea.Tick(p.length, func(time.Time) tea.Msg { return quietMsg{n} })
	if p.waiting != nil {
		torn = append(torn, *p.waiting)
	}
	hot := p.hot
	p.hot, p.waiting = true, nil
	switch {
	case acts && hot:
		torn = append(torn, k)
	case acts:
		p.waiting = &k
	}
	return !acts, torn, tick
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

// over returns the key that has waited for the pause to end.
func (p *pause) over(msg quietMsg) (tea.KeyPressMsg, bool) {
	if msg.keys != p.keys {
		return tea.KeyPressMsg{}, false
	}
	p.hot = false
	k := p.waiting
	p.waiting = nil
	if k == nil {
		return tea.KeyPressMsg{}, false
	}
	return *k, true
}
