package wizard

import (
	"io"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
)

// lines is a list, one element in each line. It takes the place of Huh's field of several
// lines, which makes no new line once it has 99, so that what is typed next runs into the line
// before, and which leaves lines out of view though there is room for them.
type lines struct {
	area textarea.Model
}

func newLines(texts []string, placeholder string) *lines {
	f := &lines{textarea.New()}
	f.area.MaxHeight = 0 // no limit
	f.area.ShowLineNumbers = false
	f.area.Placeholder = placeholder
	style := textarea.StyleState{Placeholder: faint, Prompt: here, Selection: bold}
	f.area.SetStyles(textarea.Styles{Focused: style, Blurred: textarea.StyleState{Placeholder: faint, Prompt: faint}})
	f.area.SetValue(strings.Join(texts, "\n"))
	return f
}

// Update edits. A terminal that does not mark what is pasted sends ctrl+j for a new line.
func (f *lines) Update(msg tea.Msg) (huh.Model, tea.Cmd) {
	if k, isKey := msg.(tea.KeyPressMsg); isKey {
		switch k.String() {
		case "shift+enter", "alt+enter", "ctrl+j":
			msg = tea.KeyPressMsg{Code: tea.KeyEnter}
		}
	}
	var cmd tea.Cmd
	f.area, cmd = f.area.Update(msg)
	return f, cmd
}

// first says that the cursor is in the uppermost line.
func (f *lines) first() bool { return f.area.Line() == 0 && f.area.LineInfo().RowOffset == 0 }

// GetValue returns the text, with its line ends.
func (f *lines) GetValue() any { return f.area.Value() }

// View draws the lines around the cursor.
func (f *lines) View() string { return f.area.View() }

// WithHeight sets how many lines are in view, and gets back into view what there is room for.
func (f *lines) WithHeight(h int) huh.Field {
	f.area.SetHeight(h)
	if top := f.area.ScrollYOffset(); top > 0 && f.area.LineCount()-top < h {
		row, column := f.area.Line(), f.area.Column()
		f.area.MoveToBegin()
		f.area.SetHeight(h)
		for range row {
			f.area.CursorEnd() // from elsewhere in a broken line, down may lead nowhere
			f.area.CursorDown()
		}
		f.area.SetCursorColumn(column)
		f.area.SetHeight(h)
	}
	return f
}

// The rest of huh.Field.

// Init does nothing.
func (f *lines) Init() tea.Cmd { return nil }

// Focus shows the cursor.
func (f *lines) Focus() tea.Cmd { return f.area.Focus() }

// Blur hides the cursor.
func (f *lines) Blur() tea.Cmd { f.area.Blur(); return nil }

// Error returns nothing: the session judges an answer.
func (f *lines) Error() error { return nil }

// Run asks for this field alone, as Huh's does.
func (f *lines) Run() error {
	text := f.area.Value()
	err := huh.NewText().Value(&text).Run()
	f.area.SetValue(text)
	return err
}

// RunAccessible asks in plain text, as Huh's does.
func (f *lines) RunAccessible(w io.Writer, r io.Reader) error {
	text := f.area.Value()
	err := huh.NewText().Value(&text).RunAccessible(w, r)
	f.area.SetValue(text)
	return err
}

// Skip returns false: the field is asked.
func (f *lines) Skip() bool { return false }

// Zoom returns false: the field shares the screen.
func (f *lines) Zoom() bool { return false }

// KeyBinds names the key that is not plain.
func (f *lines) KeyBinds() []key.Binding { return []key.Binding{f.area.KeyMap.InsertNewline} }

// GetKey returns nothing: the field has no name of its own.
func (f *lines) GetKey() string { return "" }

// WithTheme does nothing: the styles are fixed.
func (f *lines) WithTheme(huh.Theme) huh.Field { return f }

// WithKeyMap does nothing: the keys are fixed.
func (f *lines) WithKeyMap(*huh.KeyMap) huh.Field { return f }

// WithWidth sets how many cells a line may have, the bar before it included.
func (f *lines) WithWidth(w int) huh.Field { f.area.SetWidth(w); return f }

// WithPosition does nothing: there is one field at a time.
func (f *lines) WithPosition(huh.FieldPosition) huh.Field { return f }
