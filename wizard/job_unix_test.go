//go:build unix

package wizard

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/exoplan/exoplan/wizard/wizardtest"
)

// inShell runs the wizard as a job of a shell.
func inShell(t *testing.T) (*wizardtest.Terminal, func() string) {
	t.Helper()
	t.Parallel()
	env, saved := profileToFill(t)
	term := wizardtest.Shell(t, 80, 24, env)
	term.Run(os.Args[0])
	term.Wait("What is the name of the organisation?")
	return term, saved
}

// TestTerminalCtrlZ: stopped and brought back, what was typed and not taken is where it was; in
// between the shell has its terminal, and what was answered is on disk.
func TestTerminalCtrlZ(t *testing.T) {
	for name, stop := range map[string]func(*wizardtest.Terminal){
		"ctrl+z":   func(term *wizardtest.Terminal) { term.Press("C-z") },
		"a signal": func(term *wizardtest.Terminal) { term.Signal(syscall.SIGTSTP) },
	} {
		t.Run(name, func(t *testing.T) {
			term, saved := inShell(t)
			term.Type("Department of Coastal Works")
			term.Wait("› Department of Coastal Works")
			term.Press("Enter")
			term.Wait("What is the system called")
			term.Type("COAST")
			term.Wait("› COAST")
			stop(term)
			term.Wait("Stopped")
			if !strings.Contains(saved(), "engagement.organisation: Department of Coastal Works\n") {
				t.Errorf("stopped, and the answer is not in the profile:\n%s", saved())
			}
			if name == "ctrl+z" { // by a signal it is stopped at once, with the terminal as it had it
				term.Type("echo $((6*7))")
				term.Press("Enter")
				term.Wait("$ echo $((6*7))\n42")
				term.Resize(80, 30)
			}
			term.Type("fg\n")
			term.Wait("What is the system called", "› COAST")
			term.Type("NET")
			term.Wait("› COASTNET")
			term.Press("Enter")
			term.Wait("Which protective marking")
			stop(term) // again
			term.Wait("Stopped")
			term.Type("fg\n")
			term.Wait("Which protective marking")
			term.Press("C-c")
			term.Wait("$ ")
			if !strings.Contains(saved(), "engagement.system: COASTNET\n") {
				t.Errorf("saved:\n%s", saved())
			}
		})
	}
}

// Where no shell could bring it back, ctrl+z does nothing.
func TestTerminalCtrlZWithoutAShell(t *testing.T) {
	term, _ := inTerminal(t)
	term.Type("Coast")
	term.Wait("› Coast")
	term.Press("C-z")
	term.Type("al")
	term.Wait("› Coastal")
	term.Press("C-c")
	if code := term.Exit(); code != 130 {
		t.Errorf("exit code %d", code)
	}
}
