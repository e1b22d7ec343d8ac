// Package pwshtest gives tests a PowerShell, or a plain reason for not running.
package pwshtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh"
)

// Require is the environment variable that lists, with commas, what tests must not skip
// for the want of. With pwsh in it, a missing PowerShell fails the test.
const Require = "EXOPLAN_REQUIRE"

// Engine returns the PowerShell of this machine, or of a folder ../shared/pwsh beside the
// repository. Without one it skips the test, or fails it where one is required.
func Engine(t testing.TB) pwsh.Engine {
	t.Helper()
	e, err := pwsh.Find(os.Getenv, exec.LookPath, filepath.Join(root(t), "..", "shared", "pwsh", "pwsh"))
	if err == nil {
		t.Logf("PowerShell: %s", e.Path)
		return e
	}
	if required(os.Getenv(Require)) {
		t.Fatalf("%v, and %s asks for one", err, Require)
	}
	t.Skipf("%v: this test runs scripts; %s names one", err, pwsh.Variable)
	return pwsh.Engine{}
}

func required(list string) bool {
	return slices.Contains(strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }), "pwsh")
}

// root is the folder of go.mod: a test runs in the folder of its package.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above this test")
		}
		dir = parent
	}
}
