package pwsh_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
)

func TestFind(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths of this table are those of Unix")
	}
	tests := []struct {
		name       string
		env        string
		there      []string // what looking up finds
		candidates []string
		want       string // empty: not found
	}{
		{"the environment wins", "/opt/a", []string{"/opt/a", "pwsh", "/c"}, []string{"/c"}, "/opt/a"},
		{"the environment does not fall back", "/opt/a", []string{"pwsh", "/c"}, []string{"/c"}, ""},
		{"the path before candidates", "", []string{"pwsh", "/c"}, []string{"/c"}, "/bin/pwsh"},
		{"candidates in order", "", []string{"/d", "/e"}, []string{"/c", "/d", "/e"}, "/d"},
		{"nothing", "", nil, []string{"/c"}, ""},
		{"Windows PowerShell is not looked for elsewhere", "", []string{"powershell"}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			look := func(name string) (string, error) {
				switch {
				case !slices.Contains(tt.there, name):
					return "", exec.ErrNotFound
				case filepath.IsAbs(name):
					return name, nil
				}
				return "/bin/" + name, nil
			}
			getenv := func(name string) string { return map[string]string{pwsh.Variable: tt.env}[name] }
			e, err := pwsh.Find(getenv, look, tt.candidates...)
			if tt.want == "" {
				if !errors.Is(err, pwsh.ErrNotFound) {
					t.Errorf("got %v, %v", e, err)
				}
				return
			}
			if err != nil || e.Path != tt.want {
				t.Errorf("got %q, %v, want %q", e.Path, err, tt.want)
			}
		})
	}
}

func TestRun(t *testing.T) {
	e := pwshtest.Engine(t)
	script := filepath.Join(t.TempDir(), "it's a script.ps1")
	text := `param ([string] $Name) "hello $Name"; [Console]::Error.WriteLine('oh'); @($input) -join '+'; "colour $env:NO_COLOR $env:ADDED"; exit 7`
	if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var live bytes.Buffer
	r, err := e.Run(t.Context(), pwsh.Call{Args: []string{"-File", script, "-Name", "a b'c"}, Stdout: &live, Env: []string{"ADDED=yes"}, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if r.ExitCode != 7 || !strings.Contains(r.Stdout, "hello a b'c") || !strings.Contains(r.Stdout, "colour 1 yes") || strings.TrimSpace(r.Stderr) != "oh" {
		t.Errorf("got %+v", r)
	}
	if live.String() != r.Stdout {
		t.Errorf("as it came: %q, kept: %q", live.String(), r.Stdout)
	}
}

func TestRunReadsStdin(t *testing.T) {
	e := pwshtest.Engine(t)
	r, err := e.Run(t.Context(), pwsh.Call{Args: []string{"-Command", "-"}, Stdin: strings.NewReader("'from ' + 'input'\nexit 3\n")})
	if err != nil || r.ExitCode != 3 || !strings.Contains(r.Stdout, "from input") {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestVersion(t *testing.T) {
	e := pwshtest.Engine(t)
	v, err := e.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	major, _, _ := strings.Cut(v, ".")
	if n, err := strconv.Atoi(major); err != nil || n < 5 {
		t.Errorf("version %q", v)
	}
}

func TestVersionOfSomethingElse(t *testing.T) {
	path, err := exec.LookPath("false")
	if err != nil {
		t.Skip("no program that does nothing")
	}
	if v, err := (pwsh.Engine{Path: path}).Version(t.Context()); err == nil {
		t.Errorf("%s has version %q", path, v)
	}
}

func TestRunOfNothing(t *testing.T) {
	e := pwsh.Engine{Path: filepath.Join(t.TempDir(), "pwsh")}
	if _, err := e.Run(t.Context(), pwsh.Call{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// TestCancelTakesTheChildren gives up a run whose child would go on writing.
func TestCancelTakesTheChildren(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a Unix shell as the child")
	}
	e := pwshtest.Engine(t)
	sign := filepath.Join(t.TempDir(), "sign")
	ctx, cancel := context.WithCancelCause(t.Context())
	gaveUp := errors.New("gave up")
	go func() {
		for range 200 {
			if _, err := os.Stat(sign); err == nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		cancel(gaveUp)
	}()
	child := "while :; do echo x >> '" + sign + "'; sleep 0.05; done"
	_, err = e.Run(ctx, pwsh.Call{Args: []string{"-Command", "& '" + sh + "' -c \"" + child + "\""}})
	if !errors.Is(err, gaveUp) {
		t.Fatalf("got %v", err)
	}
	before, err := os.ReadFile(sign)
	if err != nil {
		t.Fatalf("the child never ran: %v", err)
	}
	time.Sleep(300 * time.Millisecond)
	if after, _ := os.ReadFile(sign); len(after) != len(before) {
		t.Error("the child still runs")
	}
}
