//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
	"github.com/exoplan/exoplan/profiles/store"
)

const agency = `exoplan: 1
id: coastal-works-7c21
name: coastal-works
revision: 1
date: "2026-11-25"
presets: [asd-cloud-native]
answers:
  # Organisation and tenant
  engagement.organisation: Coastal Works
`

// passable returns a folder of the test that every user may look into.
func passable(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, p := range []string{filepath.Dir(dir), dir} {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// put writes a file that every user may read, and the folders above it.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// everything returns what stands below a folder: files with their text, folders without.
func everything(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			all[path] = ""
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// ran is what came of a command.
type ran struct {
	code     int
	out, err string
}

// runs runs a command to its end, with lines to read and a folder for what it saves. It is not
// to be root, whom no folder stops.
func runs(t *testing.T, config, lines string, command ...string) ran {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+config, "HOME="+config)
	cmd.Stdin = strings.NewReader(lines)
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var out, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return ran{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}
}

// A folder that may not be read or written stops what needs it, with the reason and a way on,
// and stays as it is.
func TestForbiddenFolders(t *testing.T) {
	program := filepath.Join(passable(t), "exoplan")
	build(t, program)
	session := []string{"--accessible", "DIR/agency.yaml"}
	fresh := []string{"--accessible", "--preset", "asd-cloud-native", "--name", "demo"}
	unnamed := []string{"--accessible", "--preset", "asd-cloud-native"}
	tests := []struct {
		name  string
		mode  fs.FileMode
		args  []string
		lines string
		code  int
		want  []string
	}{
		{"session where nothing may be written", 0o555, session, "MWANET\n", exitUsage, []string{"agency.yaml cannot be saved there", "permission denied", "hint: a session saves every answer beside its profile"}},
		{"session where nothing may be read", 0, session, "MWANET\n", exitUsage, []string{"agency.yaml: permission denied"}},
		{"new profile where nothing may be written", 0o555, fresh, "Coastal Works\n/quit\n", exitFailed, []string{"Error: not saved: ", "demo.yaml cannot be saved there", "permission denied"}},
		{"new profile where nothing may be read", 0, fresh, "Coastal Works\n/quit\n", exitFailed, []string{"Error: not saved: ", "permission denied"}},
		{"new profile without a name", 0, unnamed, "Coastal Works\n/quit\n", exitFailed, []string{"Error: not saved: ", "permission denied"}},
		{"check", 0, []string{"check", "DIR/agency.yaml"}, "", exitUsage, []string{"agency.yaml: permission denied"}},
		{"render of a profile", 0, []string{"render", "DIR/agency.yaml", "-o", "DIR/pack"}, "", exitUsage, []string{"agency.yaml: permission denied"}},
		{"render into the folder", 0o555, []string{"render", "example:cloud", "-o", "DIR/pack"}, "", exitFailed, []string{"permission denied"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(passable(t), "dir")
			put(t, filepath.Join(dir, "agency.yaml"), agency)
			put(t, filepath.Join(dir, "exoplan", "profiles", "other.yaml"), agency)
			before := everything(t, dir)
			below := filepath.Join(dir, "exoplan", "profiles")
			for _, d := range []string{below, dir} {
				if err := os.Chmod(d, tt.mode); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = os.Chmod(d, 0o755) }) // so that it can be removed
			}
			command := []string{program}
			for _, a := range tt.args {
				command = append(command, strings.Replace(a, "DIR", dir, 1))
			}
			got := runs(t, dir, tt.lines, command...)
			if got.code != tt.code {
				t.Errorf("exit %d, not %d", got.code, tt.code)
			}
			for _, want := range tt.want {
				if !strings.Contains(got.out+got.err, want) {
					t.Errorf("nobody said %q:\n%s%s", want, got.out, got.err)
				}
			}
			if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(below, 0o755)); err != nil {
				t.Fatal(err)
			}
			if after := everything(t, dir); !maps.Equal(before, after) {
				t.Errorf("in the folder stands\n%q\nand not\n%q", after, before)
			}
		})
	}
}

// A disk that is full fails what is written and leaves what was there. A limit on the size of
// files stands for it: it fails a write in its middle.
func TestFullDisk(t *testing.T) {
	program := filepath.Join(passable(t), "exoplan")
	build(t, program)
	limited := func(args ...string) []string {
		return append([]string{"sh", "-c", `ulimit -f 1 && exec "$@"`, "sh", program}, args...)
	}
	dir := passable(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "agency.yaml"), agency+strings.Repeat("# what a person wrote here is longer than the limit\n", 40))
	before := everything(t, dir)

	got := runs(t, dir, "MWANET\n/quit\n", limited("--accessible", filepath.Join(dir, "agency.yaml"))...)
	if got.code != exitFailed || !strings.Contains(got.out, "Error: not saved: ") || !strings.Contains(got.err, "file too large") {
		t.Errorf("session: exit %d\n%s%s", got.code, got.out, got.err)
	}
	if after := everything(t, dir); !maps.Equal(before, after) {
		t.Errorf("session: there stands\n%q\nand not\n%q", after, before)
	}
	got = runs(t, dir, "", limited("render", "example:cloud", "-o", filepath.Join(dir, "pack"))...)
	if got.code != exitFailed || !strings.Contains(got.err, "file too large") {
		t.Errorf("render: exit %d\n%s%s", got.code, got.out, got.err)
	}
	if after := everything(t, dir); !maps.Equal(before, after) {
		t.Errorf("render: there stands\n%q\nand not\n%q", after, before)
	}
}

// Two sessions on one profile: the second is told whose the first is, and loses nothing. One
// that was killed holds nothing.
func TestTwoSessions(t *testing.T) {
	program := built(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "agency.yaml")
	put(t, file, agency)
	first := exec.CommandContext(t.Context(), program, "--accessible", file)
	in, err1 := first.StdinPipe()
	out, err2 := first.StdoutPipe()
	if err := errors.Join(err1, err2, first.Start()); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	until := func(text string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		t.Fatalf("the session ended before %q", text)
	}
	until("/help:")
	second := exec.CommandContext(t.Context(), program, "--accessible", file)
	said, err := second.CombinedOutput()
	whose := regexp.MustCompile(`agency\.yaml: another session has it open: \S+ on \S+, process (\d+), since 20`).FindSubmatch(said)
	if err == nil || second.ProcessState.ExitCode() != exitUsage || whose == nil || !strings.Contains(string(said), "hint: go on there") {
		t.Errorf("exit %d\n%s", second.ProcessState.ExitCode(), said)
	}
	if checked, _ := exec.CommandContext(t.Context(), program, "check", file).CombinedOutput(); !strings.Contains(string(checked), "UNANSWERED") {
		t.Errorf("who only reads is not let in:\n%s", checked)
	}
	if _, err := in.Write([]byte("MWANET\n")); err != nil {
		t.Fatal(err)
	}
	until("/help:")
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // it was killed
	third := exec.CommandContext(t.Context(), program, "--accessible", file)
	third.Stdin = strings.NewReader("/quit\n")
	if said, err := third.CombinedOutput(); err != nil || strings.Contains(string(said), "security documentation?") {
		t.Errorf("after the kill: %v\n%s", err, said)
	}
	after := everything(t, dir)
	if !strings.Contains(after[file], "engagement.system: MWANET\n") || len(after) != 2 {
		t.Errorf("there stands %q", after)
	}
}

// TestKilledOnTheScreen types the texts of an example in a real terminal and kills the program
// whenever one was taken: it is saved, and the next question is asked.
func TestKilledOnTheScreen(t *testing.T) {
	program := built(t)
	config := t.TempDir()
	saved := filepath.Join(config, "exoplan", "profiles", "demo.yaml")
	c, ps := profilestest.Knowledge(t)
	want := profilestest.Example(t, "cloud")
	p := want.Clone()
	type typed struct{ title, text string }
	var left []typed
	for _, a := range profiles.Evaluate(c, ps, want).Asked {
		text, single := a.Answer.Value.(string)
		if single && a.Origin == profiles.You && len(a.Question.Values()) == 0 && !a.Question.Optional {
			left = append(left, typed{a.Title(), text})
			delete(p.Answers, a.Ref())
		}
	}
	if err := store.Create(saved, c, ps).Save(p); err != nil {
		t.Fatal(err)
	}
	for _, next := range left {
		term := inTerminal(t, config, program, saved)
		line, _, _ := strings.Cut(ansi.Wrap(next.title, 60, ""), "\n")
		term.Wait(line)
		term.Type(next.text)
		for tries := 0; !strings.Contains(term.Screen(), fmt.Sprintf("r%d saved", p.Revision)); tries++ {
			if tries > 20 {
				t.Fatalf("%q is not saved:\n%s", next.title, term.Screen())
			}
			goOn(term, term.Screen()) // what comes too soon after typing counts as pasted
			time.Sleep(200 * time.Millisecond)
		}
		term.Signal(syscall.SIGKILL)
		if code := term.Exit(); code != 128+int(syscall.SIGKILL) {
			t.Fatalf("exit %d", code)
		}
	}
	file, got, err := store.Open(saved, c, ps)
	if err != nil || !maps.EqualFunc(got.Answers, want.Answers, func(a, b profiles.Answer) bool { return reflect.DeepEqual(a, b) }) {
		t.Fatalf("saved is\n%v\nand not\n%v: %v", got, want, err)
	}
	if err := file.Release(); err != nil {
		t.Fatal(err)
	}
	if all := everything(t, filepath.Dir(saved)); len(all) != 2 {
		t.Errorf("beside the profile stands %q", all)
	}
}
