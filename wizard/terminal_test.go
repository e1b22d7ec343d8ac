package wizard

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/store"
	"github.com/exoplan/exoplan/wizard/wizardtest"
)

// asProgram names the profile on which the test binary is to be the wizard, and no test.
const asProgram = "EXOPLAN_WIZARD_ON"

func TestMain(m *testing.M) {
	if path := os.Getenv(asProgram); path != "" {
		os.Exit(program(path))
	}
	os.Exit(m.Run())
}

// program runs the wizard on a profile and returns the exit code that a program would.
func program(path string) int {
	c, presets, err := profiles.Load()
	if err != nil {
		return 1
	}
	file, p, err := store.Load(path, c, presets)
	if err != nil {
		return 2
	}
	pack := func(*profiles.Profile) (Written, error) { return Written{Dir: "./pack", Plan: "3f0c91b2"}, nil }
	r, err := Run(context.Background(), Options{
		Session: profiles.NewSession(c, presets, p), Save: file.Save, SavedTo: path, Write: pack, DryRun: pack, Folder: func(*profiles.Profile) string { return "./pack" }, Today: "2026-11-25",
	}, os.Stdin, os.Stdout)
	if err != nil {
		return 1
	}
	return map[End]int{Finished: 0, Interrupted: 130, Terminated: 143}[r.End]
}

// inTerminal runs the wizard on a fresh profile in a real terminal.
func inTerminal(t *testing.T) (*wizardtest.Terminal, func() string) {
	t.Helper()
	t.Parallel()
	env, saved := profileToFill(t)
	term := wizardtest.Start(t, 80, 24, env, os.Args[0])
	term.Wait("What is the name of the organisation?")
	return term, saved
}

// profileToFill makes a fresh profile, and returns what makes the test binary the wizard on it.
func profileToFill(t *testing.T) (env []string, saved func() string) {
	t.Helper()
	c, presets, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "coastal-works.yaml")
	p, err := store.New("coastal-works", "2026-11-25", []string{"asd-protected-gateway"}, c, presets)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(path, c, presets).Save(p); err != nil {
		t.Fatal(err)
	}
	return []string{asProgram + "=" + path, "GORACE=atexit_sleep_ms=0"}, func() string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

func TestTerminalEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(*wizardtest.Terminal)
		code int
	}{
		{"ctrl+c", func(term *wizardtest.Terminal) { term.Press("C-c") }, 130},
		{"interrupted", func(term *wizardtest.Terminal) { term.Signal(os.Interrupt) }, 130},
		{"terminated", func(term *wizardtest.Terminal) { term.Signal(syscall.SIGTERM) }, 143},
		{"the terminal hangs up", func(term *wizardtest.Terminal) { term.Signal(syscall.SIGHUP) }, 143},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			term, saved := inTerminal(t)
			term.Type("Department of Coastal Works")
			term.Wait("› Department of Coastal Works")
			term.Press("Enter")
			term.Wait("What is the system called")
			tt.end(term)
			if code := term.Exit(); code != tt.code {
				t.Errorf("exit code %d, not %d", code, tt.code)
			}
			if !strings.Contains(saved(), "engagement.organisation: Department of Coastal Works\n") {
				t.Errorf("the last answer is not in the profile:\n%s", saved())
			}
		})
	}
}

// However the wizard is made to end, what stands in a field is kept where it is an answer.
func TestTerminalEndsWhileOneTypes(t *testing.T) {
	for name, end := range map[string]func(*wizardtest.Terminal){
		"terminated":         func(term *wizardtest.Terminal) { term.Signal(syscall.SIGTERM) },
		"the window is shut": func(term *wizardtest.Terminal) { term.Shut() },
	} {
		t.Run(name, func(t *testing.T) {
			term, saved := inTerminal(t)
			term.Press("C-g")
			term.Type("which domains")
			term.Wait("/ which domains", "▸   ✗ Domains")
			term.Press("Enter")
			term.Wait("Which domains does the plan cover?")
			term.Type("a.example b.example")
			term.Press("Escape") // and not taken
			term.Wait("enter next")
			term.Press("C-g")
			term.Type("organisation")
			term.Wait("▸   ✗ Organisation")
			term.Press("Enter")
			term.Wait("What is the name of the organisation?")
			term.Type("Coastal Works")
			term.Wait("› Coastal Works")
			end(term)
			for range 250 { // with the window goes whoever could say that the wizard has ended
				if strings.Contains(saved(), "Coastal Works") {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			if text := saved(); !strings.Contains(text, "domains: [a.example, b.example]\n") || !strings.Contains(text, "engagement.organisation: Coastal Works\n") {
				t.Errorf("saved:\n%s", text)
			}
		})
	}
}

func TestTerminalPasteCursorAndResize(t *testing.T) {
	term, saved := inTerminal(t)
	term.Paste("海事福祉局\nsecond\n", false) // as keys: line ends must answer nothing
	term.Wait("› 海事福祉局second")
	x, y, shown := term.Cursor()
	line := strings.Split(term.Screen(), "\n")[y]
	if !shown || x != 1+2+10+6 || !strings.Contains(line, "› ") {
		t.Errorf("the cursor is at %d,%d, shown %v, in the line %q", x, y, shown, line)
	}
	term.Press("Enter")
	term.Wait("What is the system called")
	term.Paste("HARBOURNET\r\n", true)
	term.Resize(120, 40)
	term.Wait("▸ Organisation and tenant", "› HARBOURNET")
	term.Resize(40, 10)
	term.Wait("Please enlarge it.")
	term.Resize(80, 24)
	term.Wait("What is the system called", "› HARBOURNET")
	term.Press("Enter")
	term.Wait("Which protective marking")
	term.Press("C-g")
	term.Wait("type to find a question")
	term.Type("which domains")
	term.Wait("/ which domains", "▸   ✗ Domains")
	term.Press("Enter")
	term.Wait("Which domains does the plan cover?")
	for i := range 3 {
		term.Type(fmt.Sprintf("d%d.example", i))
		term.Wait(fmt.Sprintf("d%d.example", i))
		term.Press("Enter")
		term.Wait("Add  ┃ e.g. ")
	}
	term.Press("Tab")
	term.Wait("What is d0.example used for?")
	term.Press("Escape")
	term.Wait("Which domains does the plan cover?", "d2.example")
	term.Press("C-r")
	term.Wait("No pack yet")
	term.Press("End", "Enter") // save and close
	if code := term.Exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if text := saved(); !strings.Contains(text, "domains: [d0.example, d1.example, d2.example]") || !strings.Contains(text, "engagement.system: HARBOURNET") {
		t.Errorf("saved:\n%s", text)
	}
}

// TestTerminalPastesWhileItIsResized: hundreds of letters and hundreds of lines, marked as pasted or
// not, arrive whole however the window changes, and the screen is what it was before.
func TestTerminalPastesWhileItIsResized(t *testing.T) {
	term, saved := inTerminal(t)
	dance := func() {
		t.Helper()
		before := term.Screen()
		for _, size := range [][2]int{{60, 16}, {40, 10}, {130, 50}, {80, 24}} {
			term.Resize(size[0], size[1])
			if size[0] == 40 {
				term.Wait("Please enlarge it.")
			}
		}
		for range 250 {
			if term.Screen() == before {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("resized and back:\n%s\nbefore:\n%s", term.Screen(), before)
	}
	long := strings.Repeat("海事e\u0301 und so ", 40)
	for i, marked := range []bool{true, false} {
		term.Paste(fmt.Sprint(long, i, "\n"), marked)
		term.Wait(fmt.Sprint(" und so ", i))
		dance()
	}
	term.Press("Enter")
	term.Wait("What is the system called")
	goes := func(to, title string) {
		t.Helper()
		term.Press("C-g")
		term.Wait("type to find a question")
		term.Type(to)
		term.Wait("/ " + to)
		term.Press("Enter")
		term.Wait(title)
	}
	goes("gateway.to-exchange", "From which public addresses")
	var addresses, domains []string
	for i := range 400 {
		addresses = append(addresses, fmt.Sprintf("192.0.%d.%d", i/200, i%200+1))
		domains = append(domains, fmt.Sprintf("d%d.example", i))
	}
	term.Paste(strings.Join(addresses[:200], "\n")+"\n", false)
	term.Wait(addresses[199])
	dance()
	term.Paste(strings.Join(addresses[200:], "\r\n"), true)
	term.Wait(addresses[399])
	term.Press("Tab")
	goes("which domains", "Which domains does the plan cover?")
	term.Paste(strings.Join(domains[:200], ", "), true)
	term.Paste("\n"+strings.Join(domains[200:], "\n")+"\n", false)
	term.Wait(domains[399])
	dance()
	term.Press("C-c")
	if code := term.Exit(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	text := saved()
	for _, want := range []string{
		"engagement.organisation: " + strings.TrimSpace(long) + " 0" + long + "1\n",
		"gateway.to-exchange: [" + strings.Join(addresses, ", ") + "]\n",
		"domains: [" + strings.Join(domains, ", ") + "]\n",
	} {
		if !strings.Contains(strings.Join(strings.Fields(text), " ")+"\n", strings.TrimSpace(strings.Join(strings.Fields(want), " "))) {
			t.Errorf("%.60s… is not saved:\n%.4000s", want, text)
		}
	}
}
