package wizard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
)

func TestEveryAnswerThatIsTakenIsSaved(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("engagement.system")
	d.replaced("HARBOURNET")
	if len(d.saved) > 0 {
		t.Error("saved before it was taken")
	}
	d.press("enter")
	if len(d.saved) != 1 || d.saved[0].Answers[profiles.Ref{Question: "engagement.system"}].Value != "HARBOURNET" {
		t.Fatalf("saved: %v", d.saved)
	}
	d.sees("r3 saved")
	d.press("ctrl+s")
	d.sees("Saved to ~/.config/exoplan/profiles/harbours.yaml.")
	if len(d.saved) != 2 {
		t.Errorf("%d saves", len(d.saved))
	}
}

func TestFailedSaveIsShownAndMadeGood(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.saveErr = errDisk
	d.goes("engagement.system")
	d.replaced("HARBOURNET")
	d.press("enter")
	d.must("engagement.marking") // the wizard goes on
	d.sees("✗ Not saved: no space left on device", "r3 not saved")
	d.saveErr = nil
	d.press("down", "enter")
	d.seesNot("ot saved")
	last := d.saved[len(d.saved)-1].Answers
	if last[profiles.Ref{Question: "engagement.system"}].Value != "HARBOURNET" || last[profiles.Ref{Question: "engagement.marking"}].Value != "PROTECTED" {
		t.Errorf("saved: %v", last)
	}
}

func TestOneSaveAtATimeAndTheLatestWins(t *testing.T) {
	d := start(t, example(t, "protected"))
	answer := func(text string) tea.Cmd {
		if err := d.m.o.Session.Answer(profiles.Ref{Question: "engagement.system"}, text); err != nil {
			t.Fatal(err)
		}
		return d.m.changed()
	}
	first := answer("one")
	if first == nil {
		t.Fatal("nothing is saved")
	}
	if answer("two") != nil || answer("three") != nil {
		t.Error("a second save was started beside the first")
	}
	d.settle(first)
	var got []any
	for _, p := range d.saved {
		got = append(got, p.Answers[profiles.Ref{Question: "engagement.system"}].Value)
	}
	if !reflect.DeepEqual(got, []any{"one", "three"}) {
		t.Errorf("saved %v", got)
	}
}

func TestLeaving(t *testing.T) {
	change := func(d *driver) {
		d.goes("engagement.system")
		d.replaced("HARBOURNET")
		d.press("enter")
	}
	t.Run("at once when everything is saved", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		change(d)
		d.press("ctrl+c")
		if !d.quit || d.m.end != Interrupted || len(d.saved) != 1 {
			t.Errorf("quit %v, end %s, %d saves", d.quit, d.m.end, len(d.saved))
		}
	})
	t.Run("waits for a save", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("gateway.lockdown")
		d.press("down")
		save := d.m.top().(*question).take(d.m)
		d.press("ctrl+c")
		if d.quit {
			t.Fatal("left before the save was done")
		}
		d.settle(save)
		if !d.quit || len(d.saved) != 1 {
			t.Errorf("quit %v, %d saves", d.quit, len(d.saved))
		}
	})
	t.Run("twice while a save is under way", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.saveErr = errDisk
		change(d)
		d.saveErr = nil
		d.press("down")
		save := d.m.top().(*question).take(d.m)
		d.press("ctrl+c", "ctrl+c")
		d.seesNot("given up")
		d.settle(save)
		if !d.quit || len(d.saved) != 1 {
			t.Errorf("quit %v, %d saves", d.quit, len(d.saved))
		}
	})
	t.Run("tries again what failed", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.saveErr = errDisk
		change(d)
		d.saveErr = nil
		d.press("ctrl+c")
		if !d.quit || len(d.saved) != 1 {
			t.Errorf("quit %v, %d saves", d.quit, len(d.saved))
		}
	})
	t.Run("stays when answers would be lost, until told twice", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.saveErr = errDisk
		change(d)
		d.press("ctrl+c")
		if d.quit {
			t.Fatal("answers were lost")
		}
		d.sees("The last answers could not be saved. Once more, and they are given up.")
		d.press("ctrl+c")
		if !d.quit {
			t.Error("there is no way out")
		}
	})
	t.Run("a signal does not wait for a person", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.saveErr = errDisk
		change(d)
		d.send(stopMsg{Terminated})
		if !d.quit || d.m.end != Terminated {
			t.Errorf("quit %v, end %s", d.quit, d.m.end)
		}
	})
	t.Run("esc never leaves", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		for range 80 {
			d.press("esc")
		}
		if d.quit {
			t.Error("left")
		}
		d.must("engagement.organisation")
	})
}

// atOnce sends keys in one go, as a terminal does that does not mark what is pasted.
func (d *driver) atOnce(text string) {
	d.t.Helper()
	var cmds []tea.Cmd
	for _, r := range text {
		k := tea.KeyPressMsg{Code: r, Text: string(r)}
		switch r {
		case '\n':
			k = tea.KeyPressMsg{Code: tea.KeyEnter}
		case '\t':
			k = tea.KeyPressMsg{Code: tea.KeyTab}
		}
		cmds = append(cmds, d.update(k))
	}
	for _, c := range cmds {
		d.settle(c)
	}
}

func TestPastedLineEndsAnswerNothing(t *testing.T) {
	tests := []struct {
		name, question, paste string
		want                  []string
	}{
		{"a line with its end", "gateway.smarthost", "x\n", []string{"smtp.harbours.tidegate.examplex"}},
		{"an end before the text", "gateway.smarthost", "\nx", []string{"smtp.harbours.tidegate.examplex"}},
		{"several lines", "gateway.smarthost", "x\ny\n\nz\n", []string{"smtp.harbours.tidegate.examplexyz"}},
		{"cells of a table", "gateway.smarthost", "x\ty", []string{"smtp.harbours.tidegate.examplex y"}},
		{"lines into a list", "gateway.mx", "\nmx3.example\nmx4.example\n", []string{"10 mx1.tidegate.example", "20 mx2.tidegate.example", "mx3.example", "mx4.example"}},
		{"cells into a list", "gateway.mx", "\nmx3.example\tmx4.example", []string{"10 mx1.tidegate.example", "20 mx2.tidegate.example", "mx3.example", "mx4.example"}},
		{"text on yes or no", "gateway.seals-arc", "deny\nall of it\nno\n", []string{"yes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := start(t, example(t, "protected"))
			d.goes(tt.question)
			d.atOnce(tt.paste)
			d.must(tt.question)
			q := d.m.top().(*question)
			if got := q.field.texts(); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("the field holds %q, not %q", got, tt.want)
			}
			if len(d.saved) > 0 {
				t.Error("something was answered")
			}
		})
	}
	t.Run("and Enter alone counts, after the pause", func(t *testing.T) {
		d := start(t, example(t, "protected"))
		d.goes("gateway.smarthost")
		d.atOnce("\n")
		d.must("gateway.smarthost-certificate")
	})
}

func TestMarkedPasteGoesIntoTheField(t *testing.T) {
	d := start(t, example(t, "protected"))
	d.goes("gateway.mx")
	d.send(tea.PasteMsg{Content: "\r\nmx3.example\r\nmx4.example\r\n"})
	d.press("tab")
	if got := d.answer("gateway.mx").Value; !reflect.DeepEqual(got, []string{"10 mx1.tidegate.example", "20 mx2.tidegate.example", "mx3.example", "mx4.example"}) {
		t.Errorf("got %v", got)
	}
}

// terminal is where Run writes; it is read while Run writes.
type terminal struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (o *terminal) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.Write(p)
}

func (o *terminal) shows(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Contains(o.all.String(), text)
}

func TestRunEndsWithItsContextAndSaves(t *testing.T) {
	c, presets, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		err  error
	}{
		{"saved", nil},
		{"not saved", errDisk},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			in, keys := io.Pipe()
			defer keys.Close()
			var out terminal
			var mu sync.Mutex
			var saved []*profiles.Profile
			called, release := make(chan struct{}, 9), make(chan struct{})
			o := Options{
				Session: profiles.NewSession(c, presets, fresh("asd-protected-gateway")), Folder: intoHarbours,
				Save: func(p *profiles.Profile) error {
					called <- struct{}{}
					<-release // the save is under way when the end comes
					mu.Lock()
					defer mu.Unlock()
					saved = append(saved, p)
					return tt.err
				},
			}
			type outcome struct {
				Result
				err error
			}
			done := make(chan outcome)
			go func() {
				r, err := run(ctx, o, in, &out, tea.WithWindowSize(80, 24))
				done <- outcome{r, err}
			}()
			send := func(text string) {
				if _, err := io.WriteString(keys, text); err != nil {
					t.Error(err)
				}
			}
			wait(t, func() bool { return out.shows("What is the name") })
			send("Coastal")
			wait(t, func() bool { // an Enter that comes too early counts as pasted
				time.Sleep(50 * time.Millisecond)
				send("\r")
				return len(called) > 0
			})
			stop()
			time.AfterFunc(20*time.Millisecond, func() { close(release) })
			got := <-done
			if got.End != Terminated || !errors.Is(got.err, tt.err) {
				t.Errorf("end %s, error %v", got.End, got.err)
			}
			mu.Lock()
			defer mu.Unlock()
			if len(saved) == 0 || saved[len(saved)-1].Answers[profiles.Ref{Question: "engagement.organisation"}].Value != "Coastal" {
				t.Errorf("saved %v", saved)
			}
		})
	}
}

func wait(t *testing.T, until func() bool) {
	t.Helper()
	for range 500 {
		if until() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("waited for 5 s")
}
