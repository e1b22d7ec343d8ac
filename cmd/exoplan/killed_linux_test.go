package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// pty returns a terminal that does not show what is typed: our end, and the one for a program.
func pty(t *testing.T) (ours, theirs *os.File) {
	t.Helper()
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { ours.Close() })
	n, err1 := unix.IoctlGetInt(int(ours.Fd()), unix.TIOCGPTN)
	err2 := unix.IoctlSetPointerInt(int(ours.Fd()), unix.TIOCSPTLCK, 0)
	theirs, err3 := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	mode, err := unix.IoctlGetTermios(int(theirs.Fd()), unix.TCGETS)
	if err == nil {
		mode.Lflag &^= unix.ECHO
		err = unix.IoctlSetTermios(int(theirs.Fd()), unix.TCSETS, mode)
	}
	if err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

// TestKilledAtEveryQuestion answers an example in a terminal, line by line, and kills the program
// at every prompt in turn, up to the review: each time every answer so far is saved.
func TestKilledAtEveryQuestion(t *testing.T) {
	program := built(t)
	kills := 0
	for over := false; !over; kills++ {
		config := t.TempDir()
		ours, theirs := pty(t)
		cmd := exec.CommandContext(t.Context(), program, "--preset", "asd-cloud-native", "--name", "demo")
		cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+config, "HOME="+config, "TERM=dumb")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
		if err := errors.Join(cmd.Start(), theirs.Close()); err != nil {
			t.Fatal(err)
		}
		var at string
		var given map[profiles.Ref]profiles.Answer
		at, given, over = answerUpTo(t, ours, kills)
		if err := errors.Join(cmd.Process.Kill(), ours.Close()); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		wantSaved(t, filepath.Join(config, "exoplan", "profiles", "demo.yaml"), at, given)
	}
	t.Logf("killed at %d prompts", kills)
}

// answerUpTo answers some prompts of a program and waits for the next. It returns what is asked
// there, what was answered before, and whether all is.
func answerUpTo(t *testing.T, terminal *os.File, prompts int) (at string, given map[profiles.Ref]profiles.Answer, over bool) {
	t.Helper()
	s := newSpeaker(t, "cloud")
	given = map[profiles.Ref]profiles.Answer{}
	for lines := bufio.NewScanner(terminal); lines.Scan(); {
		line, before := strings.TrimRight(lines.Text(), "\r"), s.title
		text, prompt := s.hear(line)
		over = over || strings.HasPrefix(line, "Review. ")
		if a := s.asked[before]; (over || s.title != before) && a.Origin == profiles.You {
			given[a.Ref()] = a.Answer
		}
		switch prompts--; {
		case !prompt:
			prompts++
		case over, prompts < 0:
			return s.title, given, over
		default:
			if _, err := terminal.WriteString(text + "\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Fatalf("the session ended at %q", s.title)
	return
}

// wantSaved wants all that was answered before a title was asked in a file.
func wantSaved(t *testing.T, saved, title string, given map[profiles.Ref]profiles.Answer) {
	t.Helper()
	text, err := os.ReadFile(saved)
	if len(given) == 0 && errors.Is(err, os.ErrNotExist) {
		return
	}
	c, ps := profilestest.Knowledge(t)
	p, err2 := profiles.Decode(saved, text, c, ps)
	if err := errors.Join(err, err2); err != nil {
		t.Fatalf("killed at %q: %v", title, err)
	}
	for ref, want := range given {
		if got := p.Answers[ref]; !reflect.DeepEqual(got, want) {
			t.Errorf("killed at %q: %s is saved as %v, not %v", title, ref, got, want)
		}
	}
}
