package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// speaker answers plain prompts with the answers of an example, and remembers what it typed.
type speaker struct {
	t     *testing.T
	asked map[string]profiles.Asked // by title
	title string
	queue []string // what is still to be typed here
	leave string   // the number of the choice that leaves a finding open
	typed []string
}

func newSpeaker(t *testing.T, name string) *speaker {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	s := &speaker{t: t, asked: map[string]profiles.Asked{}}
	for _, a := range profiles.Evaluate(c, ps, profilestest.Example(t, name)).Asked {
		s.asked[a.Title()] = a
	}
	return s
}

// lines are what is typed for an answer.
func (s *speaker) lines(a profiles.Asked) []string {
	if a.Origin != profiles.You {
		return []string{""} // what preset or default say is kept
	}
	texts := a.Question.Format(a.Answer.Value)
	switch u := a.Answer.Undecided; {
	case u != nil:
		return append([]string{"/undecided", u.Owner, u.Due}, append(texts, "")...)
	case a.Question.Kind.List():
		return append(texts, "")
	case len(texts) == 0:
		return []string{"/none"}
	}
	return texts
}

// hear takes a line of the program and returns the answer to a prompt.
func (s *speaker) hear(line string) (reply string, prompt bool) {
	switch {
	case position.MatchString(line):
		s.title = "?"
	case s.title == "?":
		s.title = line
		a, known := s.asked[line]
		if !known {
			s.t.Errorf("the example does not answer %q", line)
		}
		s.queue = s.lines(a)
	case strings.HasSuffix(line, ". Leave it open: the pack cannot be written until it is settled"):
		s.leave, _, _ = strings.Cut(line, ".")
	case strings.HasPrefix(line, "Review. "):
		s.queue = []string{"/answers", "/dry-run", "/write", ""}
	case strings.HasPrefix(line, "Error: "):
		s.t.Errorf("%s: %s", s.title, line)
	}
	if !strings.HasSuffix(line, "/help:") {
		return "", false
	}
	if s.leave != "" {
		reply, s.leave = s.leave, ""
	} else if len(s.queue) > 0 {
		reply, s.queue = s.queue[0], s.queue[1:]
	}
	s.typed = append(s.typed, reply)
	return reply, true
}

var position = regexp.MustCompile(`, question \d+ of \d+\.$`)

// TestPlainSession takes a small tenant line by line from a pipe to the written pack; then all
// that was typed goes through another pipe at once, and comes to the same answers.
func TestPlainSession(t *testing.T) {
	program := built(t)
	dir := t.TempDir()
	start := func(config, pack string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), program, "--accessible", "--preset", "asd-cloud-native", "--name", "demo", "-o", pack)
		cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+config, "HOME="+config, "APPDATA="+config)
		return cmd
	}
	pack, config := filepath.Join(dir, "pack"), filepath.Join(dir, "config")
	cmd := start(config, pack)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil || cmd.Start() != nil {
		t.Fatal(err1, err2)
	}
	s := newSpeaker(t, "cloud")
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if reply, prompt := s.hear(lines.Text()); prompt {
			if _, err := in.Write([]byte(reply + "\n")); err != nil {
				t.Fatalf("%v\n%s", err, said.String())
			}
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	for _, want := range []string{"Nothing stops the pack.", "Added: grants.mariners-welfare.example. 2 are in the list.", "Plan "} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nobody heard %q:\n%s", want, said.String())
		}
	}
	if plainText.FindString(said.String()) != "" {
		t.Errorf("not plain: %q", plainText.FindString(said.String()))
	}
	got, err := output.Read(pack)
	if err != nil || len(got.Edited)+len(got.Missing)+len(got.Extra) > 0 {
		t.Fatal(err, said.String())
	}
	first := savedProfile(t, config)

	config = filepath.Join(dir, "again")
	cmd = start(config, filepath.Join(dir, "second"))
	cmd.Stdin = strings.NewReader("\ufeff" + strings.Join(s.typed, "\r\n"))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if second := savedProfile(t, config); second != first {
		t.Errorf("the same lines at once come to other answers:\n%s\nand not\n%s", second, first)
	}
}

// plainText finds what has no place in plain lines: control characters, and what draws boxes.
var plainText = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f\x{2500}-\x{259f}\x{25a0}-\x{25ff}]`)

var ownID = regexp.MustCompile(`(?m)^id: .*$`)

// savedProfile returns what was saved below a folder, wherever the system keeps settings there.
func savedProfile(t *testing.T, config string) string {
	t.Helper()
	var text []byte
	err := filepath.WalkDir(config, func(path string, _ os.DirEntry, err error) error {
		if err == nil && filepath.Base(path) == "demo.yaml" {
			text, err = os.ReadFile(path)
		}
		return err
	})
	if err != nil || text == nil {
		t.Fatal("nothing is saved", err)
	}
	return ownID.ReplaceAllString(string(text), "id: x")
}

// TestPlainInATerminal: a terminal that says it is dumb is asked in plain lines.
func TestPlainInATerminal(t *testing.T) {
	dir := t.TempDir()
	term := inTerminal(t, dir, "env", "TERM=dumb", built(t), "--preset", "asd-cloud-native", "--name", "demo")
	term.Wait("What is the name of the organisation?", "/help:")
	raw := filepath.Join(dir, "raw")
	term.Record(raw)
	term.Type("Mariners' Welfare Authority")
	term.Press("Enter")
	term.Wait("called in its security documentation?")
	term.Type("/quit")
	term.Press("Enter")
	if code := term.Exit(); code != exitDone {
		t.Errorf("exit %d", code)
	}
	sent, err := os.ReadFile(raw)
	if err != nil || !bytes.Contains(sent, []byte("security documentation?")) {
		t.Fatal(err, string(sent))
	}
	if found := plainText.FindString(strings.ReplaceAll(string(sent), "\r\n", "\n")); found != "" {
		t.Errorf("not plain: %q in %q", found, sent)
	}
	if !strings.Contains(savedProfile(t, dir), "organisation: Mariners' Welfare Authority") {
		t.Error("the answer is not saved")
	}
}
