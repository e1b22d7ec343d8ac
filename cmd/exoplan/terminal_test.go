package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/wizard/wizardtest"
)

// built returns the program, built for this test.
func built(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "exoplan")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	build(t, program)
	return program
}

func build(t *testing.T, program string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// inTerminal runs a command in a real terminal, with a folder for what it saves.
func inTerminal(t *testing.T, config string, command ...string) *wizardtest.Terminal {
	t.Helper()
	return wizardtest.Start(t, 118, 60, []string{"XDG_CONFIG_HOME=" + config, "HOME=" + config}, command...)
}

// goOn takes what stands on a screen.
func goOn(term *wizardtest.Terminal, screen string) {
	if strings.Contains(screen, "tab goes on") {
		term.Press("Tab")
	} else {
		term.Press("Enter")
	}
}

// TestSessionInATerminal takes a new profile from the first question to the written pack in a
// real terminal, and renders the saved profile again without one: the same pack.
func TestSessionInATerminal(t *testing.T) {
	dir := t.TempDir()
	program := built(t)
	pack := filepath.Join(dir, "pack")
	config := filepath.Join(dir, "config")
	term := inTerminal(t, config, program, "--preset", "asd-cloud-native", "--name", "demo", "-o", pack)
	// What is done on a question, by the words on the screen; where nothing is said here, what the
	// preset or the default proposes is taken.
	answers := []struct {
		title string
		keys  func()
	}{
		{"name of the organisation?", func() { term.Type("Mariners' Welfare Authority") }},
		{"called in its security documentation?", func() { term.Type("MWANET") }},
		{"owns the back-out", func() { term.Type("Tomasz Ng") }},
		{"hours of the change agreed?", func() { term.Type("y") }},
		{"is the inbound cutover planned?", func() { term.Type("2027-02-16") }},
		{"may changes be made?", func() { term.Type("18:00 to 22:00 AEST") }},
		{"before .onmicrosoft.com", func() { term.Type("marinerswelfare") }},
		{"the tenant's ID?", func() { term.Type("0b8f7a52-93c1-4d6e-a2f4-7e5d1c09b386") }},
		{"licence of Defender for Office 365", func() { term.Press("Down") }},
		{"send from the initial domain of the tenant?", func() { term.Type("n") }},
		{"Which domains does the plan cover?", func() { term.Type("mwa-appeal.example") }},
		{"What is mwa-appeal.example used for?", func() { term.Press("Down", "Down") }},
		{"nobody sends from mwa-appeal.example or writes to it?", func() { term.Type("y") }},
		{"Who changes the records of mwa-appeal.example?", func() { term.Press("Down") }},
		{"the MX records of mwa-appeal.example today?", func() { term.Type("none") }},
		{"the SPF record of mwa-appeal.example today?", func() { term.Type("v=spf1 -all") }},
		{"the protective DNS of the Australian", func() { term.Type("y") }},
		{"is the system authorised?", func() { term.Press("Down", "Down") }},
		{"report of a blocked marking?", func() { term.Type("security@mwa-appeal.example") }},
		{"marking of outgoing mail bear?", func() { term.Press("Down") }},
		{"sets of connectivity decisions", func() { term.Press("Down", "Down", "Down") }},
		{"your own mail back to you unchanged?", func() { term.Type("n") }},
		{"people outside get about their mail?", func() { term.Press("Down") }},
		{"malware was sent to or from the organisation?", func() { term.Type("security@mwa-appeal.example") }},
		{"protection from imitation be set up?", func() { term.Type("n") }},
		{"receivers send DMARC reports?", func() { term.Type("dmarc@mwa-appeal.example") }},
	}
	deadline := time.Now().Add(90 * time.Second)
	for screen := term.Screen(); !strings.Contains(screen, "Review · "); screen = term.Screen() {
		if time.Now().After(deadline) {
			t.Fatalf("no review:\n%s", screen)
		}
		time.Sleep(150 * time.Millisecond)
		if screen = term.Screen(); strings.TrimSpace(screen) == "" {
			continue
		}
		for i, a := range answers {
			if strings.Contains(screen, a.title) {
				a.keys()
				answers = append(answers[:i:i], answers[i+1:]...)
				break
			}
		}
		time.Sleep(50 * time.Millisecond)
		goOn(term, screen)
	}
	if len(answers) > 0 {
		t.Fatalf("%d questions were not asked, the first: %s", len(answers), answers[0].title)
	}
	term.Press("End")
	for i := 0; i < 5 && !strings.Contains(term.Screen(), "▸ Write the pack"); i++ {
		term.Press("Up")
	}
	term.Press("Enter")
	term.Wait("Written")
	screen := term.Screen()
	if !strings.Contains(screen, "design-decisions.md") {
		t.Errorf("the last screen does not say what to look at:\n%s", screen)
	}
	got, err := output.Read(pack)
	if err != nil || len(got.Edited)+len(got.Missing)+len(got.Extra) > 0 {
		t.Fatal(err, got.Edited, got.Missing, got.Extra)
	}
	term.Press("C-c")
	if code := term.Exit(); code != exitInterrupted && code != exitDone {
		t.Errorf("exit %d", code)
	}
	saved := filepath.Join(config, "exoplan", "profiles", "demo.yaml")
	if _, err := os.Stat(saved); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(dir, "again")
	if out, err := exec.CommandContext(t.Context(), program, "render", saved, "-o", again).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	a, errA := os.ReadFile(filepath.Join(pack, output.SumsPath))
	b, errB := os.ReadFile(filepath.Join(again, output.SumsPath))
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("the saved profile renders to another pack: %v %v", errA, errB)
	}
}

// TestPlainSessionCtrlZ: plain prompts are stopped and brought back between two answers, and in
// the middle of one.
func TestPlainSessionCtrlZ(t *testing.T) {
	config := t.TempDir()
	term := wizardtest.Shell(t, 120, 60, []string{"XDG_CONFIG_HOME=" + config, "HOME=" + config})
	term.Run(built(t), "--accessible", "--preset", "asd-cloud-native", "--name", "demo")
	term.Wait("name of the organisation?")
	term.Type("Mariners' Welfare Authority")
	term.Press("Enter")
	term.Wait("called in its security documentation?")
	for range 2 {
		term.Press("C-z")
		term.Wait("Stopped")
		term.Type("clear; fg\n")
		term.Wait("demo")
	}
	term.Type("MWANET")
	term.Press("Enter")
	term.Type("/quit\n")
	term.Wait("the profile is saved to")
	text, err := os.ReadFile(filepath.Join(config, "exoplan", "profiles", "demo.yaml"))
	if err != nil || !strings.Contains(string(text), "engagement.system: MWANET\n") || !strings.Contains(string(text), "Mariners' Welfare Authority") {
		t.Errorf("%v\n%s", err, text)
	}
}
