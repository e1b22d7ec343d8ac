package wizard

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
)

// confirm is Huh's field for yes or no, which can be neither: Huh's own is No before anybody
// said so.
type confirm struct {
	*huh.Confirm
	open bool // neither was said
	yes  bool
}

func newConfirm(texts []string) *confirm {
	f := &confirm{open: len(texts) == 0, yes: slices.Contains(texts, "yes")}
	f.Confirm = huh.NewConfirm().WithButtonAlignment(0).Value(&f.yes)
	return f
}

// Update takes y and n without going on, so that a text pasted by mistake answers nothing.
func (f *confirm) Update(msg tea.Msg) (huh.Model, tea.Cmd) {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return f, nil
	}
	switch k.String() {
	case "y", "Y":
		f.open, f.yes = false, true
	case "n", "N":
		f.open, f.yes = false, false
	case "left", "right", "h", "l", "up", "down", "space":
		f.yes = f.open || !f.yes
		f.open = false
	case "backspace", "delete":
		f.open = true
	}
	return f, nil
}

// GetValue returns yes, no or nothing.
func (f *confirm) GetValue() any {
	switch {
	case f.open:
		return []string(nil)
	case f.yes:
		return []string{"yes"}
	}
	return []string{"no"}
}

// WithTheme keeps the buttons from showing a choice that nobody made.
func (f *confirm) WithTheme(t huh.Theme) huh.Field {
	said := t.Theme(true)
	neither := *said
	neither.Focused.FocusedButton = said.Focused.BlurredButton
	f.Confirm.WithTheme(huh.ThemeFunc(func(bool) *huh.Styles {
		if f.open {
			return &neither
		}
		return said
	}))
	return f
}

// WithKeyMap is Huh's.
func (f *confirm) WithKeyMap(k *huh.KeyMap) huh.Field { f.Confirm.WithKeyMap(k); return f }

// WithWidth is Huh's.
func (f *confirm) WithWidth(w int) huh.Field { f.Confirm.WithWidth(w); return f }

// WithHeight is Huh's.
func (f *confirm) WithHeight(h int) huh.Field { f.Confirm.WithHeight(h); return f }

// WithPosition leaves the keys as they are: there is one field at a time.
func (f *confirm) WithPosition(huh.FieldPosition) huh.Field { return f }
