package wizard

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// multi is a list of which any number is chosen. It takes the place of Huh's, which panics
// when its filter finds nothing, drops values that are no option, and hides options when it
// has no height.
type multi struct {
	options []catalog.Option
	chosen  []string
	at      int
	scroll  scroll
	w, h    int
	focused bool
}

func newMulti(q catalog.Question, texts []string) *multi {
	f := &multi{options: slices.Clone(q.Options), chosen: slices.Clone(texts)}
	for _, t := range texts {
		if !slices.Contains(q.Values(), t) {
			f.options = append(f.options, catalog.Option{Value: t, Label: fmt.Sprintf("%q, which is no choice here", t)})
		}
	}
	return f
}

// Update moves with the arrows and ticks with space.
func (f *multi) Update(msg tea.Msg) (huh.Model, tea.Cmd) {
	k, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return f, nil
	}
	switch k.String() {
	case "up", "k":
		f.at = (f.at + len(f.options) - 1) % len(f.options)
	case "down", "j":
		f.at = (f.at + 1) % len(f.options)
	case "home":
		f.at = 0
	case "end":
		f.at = len(f.options) - 1
	case "space", "x":
		f.tick(f.options[f.at].Value)
	}
	return f, nil
}

func (f *multi) tick(value string) {
	if i := slices.Index(f.chosen, value); i >= 0 {
		f.chosen = slices.Delete(f.chosen, i, i+1)
		return
	}
	f.chosen = append(f.chosen, value)
}

// GetValue returns what is ticked, in the order of the options.
func (f *multi) GetValue() any {
	var out []string
	for _, o := range f.options {
		if slices.Contains(f.chosen, o.Value) {
			out = append(out, o.Value)
		}
	}
	return out
}

// View shows as much of the list as there is room for, with the cursor in it.
func (f *multi) View() string {
	var rows []string
	first, last := 0, 0
	for i, o := range f.options {
		style, mark, box := plain, "  ", "[ ] "
		if f.focused && i == f.at {
			style, mark = here, here.Render(signHere+" ")
		}
		if slices.Contains(f.chosen, o.Value) {
			box = "[x] "
		}
		label := hang(box, o.Label, f.w-2)
		if i == f.at {
			first, last = len(rows), len(rows)+len(label)-1
		}
		for j, l := range label {
			if j > 0 {
				mark = "  "
			}
			rows = append(rows, mark+style.Render(l))
		}
	}
	h := f.h
	if h <= 0 {
		h = len(rows)
	}
	return strings.Join(f.scroll.view(rows, first, last, h), "\n")
}

// The rest of huh.Field.

// Init does nothing.
func (f *multi) Init() tea.Cmd { return nil }

// Focus shows the cursor.
func (f *multi) Focus() tea.Cmd { f.focused = true; return nil }

// Blur hides the cursor.
func (f *multi) Blur() tea.Cmd { f.focused = false; return nil }

// Error returns nothing: the session judges an answer.
func (f *multi) Error() error { return nil }

// Run asks for this field alone, as Huh's does.
func (f *multi) Run() error { return huh.Run(f.huhs()) }

// RunAccessible asks in plain text, as Huh's does.
func (f *multi) RunAccessible(w io.Writer, r io.Reader) error { return f.huhs().RunAccessible(w, r) }

// huhs is the field of Huh that this one takes the place of.
func (f *multi) huhs() *huh.MultiSelect[string] {
	var options []huh.Option[string]
	for _, o := range f.options {
		options = append(options, huh.NewOption(o.Label, o.Value))
	}
	return huh.NewMultiSelect[string]().Options(options...).Value(&f.chosen)
}

// Skip returns false: the field is asked.
func (f *multi) Skip() bool { return false }

// Zoom returns false: the field shares the screen.
func (f *multi) Zoom() bool { return false }

// KeyBinds names the keys.
func (f *multi) KeyBinds() []key.Binding {
	return []key.Binding{key.NewBinding(key.WithKeys("space", "x"), key.WithHelp("space", "tick"))}
}

// GetKey returns nothing: the field has no name of its own.
func (f *multi) GetKey() string { return "" }

// WithTheme does nothing: the styles are fixed.
func (f *multi) WithTheme(huh.Theme) huh.Field { return f }

// WithKeyMap does nothing: the keys are fixed.
func (f *multi) WithKeyMap(*huh.KeyMap) huh.Field { return f }

// WithWidth sets how many cells a line may have.
func (f *multi) WithWidth(w int) huh.Field { f.w = w; return f }

// WithHeight sets how many lines are shown at once; 0 shows all.
func (f *multi) WithHeight(h int) huh.Field { f.h = h; return f }

// WithPosition does nothing: there is one field at a time.
func (f *multi) WithPosition(huh.FieldPosition) huh.Field { return f }
