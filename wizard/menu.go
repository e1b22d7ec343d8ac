package wizard

import (
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
)

// choice is one thing to do, and what it brings.
type choice struct {
	label, why string
	do         func(m *Model) tea.Cmd
}

// menu is things to do, of which one is chosen. There is always one.
type menu struct {
	choices []choice
	field   *huh.Select[int]
}

func newMenu(choices []choice) menu {
	var options []huh.Option[int]
	for i, c := range choices {
		options = append(options, huh.NewOption(c.label, i))
	}
	f := huh.NewSelect[int]()
	f.WithTheme(theme()).WithKeyMap(keymap()) // before there are rows: Huh draws them at once
	f.Options(options...)
	f.Focus()
	return menu{choices, f}
}

func (n *menu) chosen() choice {
	i, _ := n.field.Hovered()
	return n.choices[i]
}

func (n *menu) move(msg tea.Msg) { n.field.Update(msg) }

// parts draws the menu and what the choice under the cursor brings, below other parts.
func (n *menu) parts(above []part, w, h int) []part {
	why := part{lines: wrap(n.chosen().why, w), last: 5}
	if len(why.lines) == 0 {
		why.lines = []string{""}
	}
	field := part{lines: draw(n.field, w, room(append(above, why), len(n.choices), h))}
	return append(above, field, why)
}

// confirmation asks before something is done.
type confirmation struct {
	head string
	text []string
	menu menu
}

func newConfirmation(head string, text []string, choices ...choice) *confirmation {
	return &confirmation{head, text, newMenu(choices)}
}

func (c *confirmation) enter(*Model)        {}
func (c *confirmation) title(*Model) string { return c.head }
func (c *confirmation) beside() bool        { return true }
func (c *confirmation) acts(k string) bool  { return k == "enter" }

func (c *confirmation) keys(*Model) []Hint {
	return []Hint{{"↑↓", "choose"}, {"enter", "do it"}, {"esc", "back"}}
}

func (c *confirmation) update(m *Model, msg tea.Msg) tea.Cmd {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch k.String() {
	case "esc", "shift+tab":
		m.pop()
	case "enter":
		return c.menu.chosen().do(m)
	default:
		c.menu.move(msg)
	}
	return nil
}

func (c *confirmation) body(_ *Model, w, h int) []string {
	prose := min(w, readable)
	parts := []part{{lines: styled(bold, c.head, prose), last: 1}}
	for _, t := range c.text {
		parts = append(parts, part{lines: wrap(t, prose), last: 3})
	}
	return fit(c.menu.parts(parts, prose, h), h)
}
