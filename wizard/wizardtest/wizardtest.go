// Package wizardtest runs a program in a real terminal, for tests: tmux is the terminal.
package wizardtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Terminal is a program that runs in tmux.
type Terminal struct {
	t      *testing.T
	socket string
	exit   string // the file to which its exit code goes
	pid    string // the file to which its process ID goes
}

// A terminal is looked at every 20 ms, for a minute: a busy machine takes its time.
const waits = 3000

// Start runs a command in a terminal of w by h cells, and ends it with the test. Without tmux
// the test is skipped, unless EXOPLAN_REQUIRE names tmux: then it fails.
func Start(t *testing.T, w, h int, env []string, command ...string) *Terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if strings.Contains(os.Getenv("EXOPLAN_REQUIRE"), "tmux") {
			t.Fatal("EXOPLAN_REQUIRE names tmux, and there is none")
		}
		t.Skip("no tmux here")
	}
	dir, err := os.MkdirTemp("", "tmux") //nolint:usetesting // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	term := &Terminal{t, filepath.Join(dir, "s"), filepath.Join(dir, "exit"), filepath.Join(dir, "pid")}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() // it may have ended
		os.RemoveAll(dir)
	})
	run := fmt.Sprintf("echo $$ >%s; exec %s", quote(term.pid), quote(command...))
	shell := fmt.Sprintf("sh -c %s; echo $? >%s", quote(run), quote(term.exit))
	args := []string{"-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h)}
	for _, e := range env {
		args = append(args, "-e", e)
	}
	term.tmux(append(args, "sh", "-c", shell)...)
	return term
}

// Shell runs a shell in a terminal, which knows jobs and prompts with a dollar sign.
func Shell(t *testing.T, w, h int, env []string) *Terminal {
	t.Helper()
	return Start(t, w, h, append([]string{"ENV=", "PS1=$ "}, env...), "sh", "-i")
}

// Run has the shell run a command. Signals go to that from then on.
func (term *Terminal) Run(command ...string) {
	term.t.Helper()
	term.Wait("$")
	if err := os.Remove(term.pid); err != nil {
		term.t.Fatal(err)
	}
	term.Type("sh -c " + quote("echo $$ >"+quote(term.pid)+"; exec "+quote(command...)) + "\n")
}

// quote writes words so that a shell reads them as they are.
func quote(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

func (term *Terminal) tmux(args ...string) string {
	term.t.Helper()
	out, err := exec.CommandContext(term.t.Context(), "tmux", append([]string{"-u", "-S", term.socket}, args...)...).CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Press sends keys by the names that tmux gives them, with a pause after each: what comes at
// once counts as pasted.
func (term *Terminal) Press(keys ...string) {
	term.t.Helper()
	for _, k := range keys {
		term.tmux("send-keys", k)
		time.Sleep(40 * time.Millisecond)
	}
}

// Type sends a text as it stands.
func (term *Terminal) Type(text string) {
	term.t.Helper()
	term.tmux("send-keys", "-l", text)
	time.Sleep(40 * time.Millisecond)
}

// Paste pastes a text; marked says whether the terminal tells the program so.
func (term *Terminal) Paste(text string, marked bool) {
	term.t.Helper()
	term.tmux("set-buffer", "--", text)
	if marked {
		term.tmux("paste-buffer", "-p")
	} else {
		term.tmux("paste-buffer")
	}
	time.Sleep(40 * time.Millisecond)
}

// Shut shuts the window in which the program runs.
func (term *Terminal) Shut() {
	term.t.Helper()
	term.tmux("kill-window")
}

// Resize changes the size of the terminal.
func (term *Terminal) Resize(w, h int) {
	term.t.Helper()
	term.tmux("resize-window", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h))
}

// Record writes all that the program sends to the terminal from now on to a file, byte for byte.
func (term *Terminal) Record(file string) {
	term.t.Helper()
	term.tmux("pipe-pane", "cat >"+quote(file))
}

// Screen returns what is on the screen.
func (term *Terminal) Screen() string {
	term.t.Helper()
	return term.tmux("capture-pane", "-p")
}

// Cursor returns where the cursor stands, and whether it is shown.
func (term *Terminal) Cursor() (x, y int, shown bool) {
	term.t.Helper()
	var flag int
	out := term.tmux("display-message", "-p", "#{cursor_x} #{cursor_y} #{cursor_flag}")
	if _, err := fmt.Sscan(out, &x, &y, &flag); err != nil {
		term.t.Fatalf("%q: %v", out, err)
	}
	return x, y, flag == 1
}

// Wait waits until all texts are on the screen.
func (term *Terminal) Wait(texts ...string) {
	term.t.Helper()
	var screen string
	for range waits {
		screen = term.Screen()
		missing := false
		for _, text := range texts {
			missing = missing || !strings.Contains(screen, text)
		}
		if !missing {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	term.t.Fatalf("%q did not come within a minute:\n%s", texts, screen)
}

// Signal sends a signal to the program.
func (term *Terminal) Signal(s os.Signal) {
	term.t.Helper()
	p, err := os.FindProcess(term.number(term.pid))
	if err != nil {
		term.t.Fatal(err)
	}
	if err := p.Signal(s); err != nil {
		term.t.Fatal(err)
	}
}

// Exit waits for the program to end and returns its exit code.
func (term *Terminal) Exit() int {
	term.t.Helper()
	return term.number(term.exit)
}

// number waits for a file with a number in it.
func (term *Terminal) number(file string) int {
	term.t.Helper()
	for range waits {
		text, err := os.ReadFile(file)
		var n int
		if _, scan := fmt.Sscan(string(text), &n); err == nil && scan == nil {
			return n
		}
		time.Sleep(20 * time.Millisecond)
	}
	term.t.Fatalf("%s did not come within a minute:\n%s", filepath.Base(file), term.Screen())
	return -1
}
