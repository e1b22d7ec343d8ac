package wizard

import (
	"sync"

	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
)

// The colours can be read on a black ground and on a white one, so the terminal need not be
// asked for its own. A colour never says anything alone: a sign stands beside it.
var (
	accent = lipgloss.Color("31")
	green  = lipgloss.Color("29")
	orange = lipgloss.Color("130")
	red    = lipgloss.Color("161")
)

// Nothing here is reversed: what is reversed on a screen is the cursor of a text field.
var (
	plain  = lipgloss.NewStyle()
	bold   = lipgloss.NewStyle().Bold(true)
	faint  = lipgloss.NewStyle().Faint(true)
	here   = lipgloss.NewStyle().Foreground(accent).Bold(true)
	good   = lipgloss.NewStyle().Foreground(green)
	warned = lipgloss.NewStyle().Foreground(orange).Bold(true)
	bad    = lipgloss.NewStyle().Foreground(red).Bold(true)
)

// The signs.
const (
	signHere   = "▸"
	signDone   = "✓"
	signError  = "✗"
	signWarn   = "!"
	signInfo   = "i"
	signOpen   = "?"
	signLocked = "="
)

// theme is Huh's, without its frame and with a sign for what is chosen.
var theme = sync.OnceValue(func() huh.Theme {
	t := huh.ThemeBase(true)
	f := &t.Focused
	f.Base = plain
	f.SelectSelector = here.SetString(signHere + " ")
	f.SelectedOption, f.UnselectedOption = here, plain
	f.TextInput = huh.TextInputStyles{Placeholder: faint, Prompt: here}
	f.FocusedButton = here.PaddingRight(3).Transform(func(s string) string { return signHere + " " + s })
	f.BlurredButton = plain.PaddingRight(3).Transform(func(s string) string { return "  " + s })
	t.Blurred = t.Focused
	t.Blurred.TextInput.Prompt = faint
	return huh.ThemeFunc(func(bool) *huh.Styles { return t }) // the same on every ground
})
