package pwshtest

import (
	"testing"

	"github.com/exoplan/exoplan/output/pwsh"
)

// outcome is a test that only remembers how it ended.
type outcome struct {
	testing.TB
	skipped, failed bool
}

func (o *outcome) Helper()             {}
func (o *outcome) Logf(string, ...any) {}

func (o *outcome) Skipf(string, ...any) { o.skipped = true }

func (o *outcome) Fatalf(string, ...any) { o.failed = true; panic(o) }

func run(t *testing.T) (o *outcome, e pwsh.Engine) {
	t.Helper()
	o = &outcome{TB: t}
	defer func() {
		if r := recover(); r != nil && r != any(o) {
			panic(r)
		}
	}()
	e = Engine(o)
	return o, e
}

func TestWithoutPowerShell(t *testing.T) {
	t.Setenv(pwsh.Variable, "/nowhere/pwsh")
	for _, tt := range []struct {
		require         string
		skipped, failed bool
	}{
		{"", true, false},
		{"tmux", true, false},
		{"pwsh", false, true},
		{"tmux, pwsh", false, true},
	} {
		t.Setenv(Require, tt.require)
		if o, _ := run(t); o.skipped != tt.skipped || o.failed != tt.failed {
			t.Errorf("%s=%q: skipped %t, failed %t", Require, tt.require, o.skipped, o.failed)
		}
	}
}

func TestNamedPowerShell(t *testing.T) {
	t.Setenv(pwsh.Variable, "/bin/sh") // any program: it is found, not run
	if o, e := run(t); o.skipped || o.failed || e.Path != "/bin/sh" {
		t.Errorf("skipped %t, failed %t, %q", o.skipped, o.failed, e.Path)
	}
}
