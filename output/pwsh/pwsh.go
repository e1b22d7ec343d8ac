// Package pwsh finds a PowerShell on this machine and runs it.
//
// It knows processes and nothing of what runs in them. Every run is without a profile
// and without questions, and a run that is given up takes its children with it.
package pwsh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Variable is the environment variable that names the PowerShell to use.
const Variable = "EXOPLAN_PWSH"

// ErrNotFound is what Find returns where there is no PowerShell.
var ErrNotFound = errors.New("no PowerShell found")

// Engine is one PowerShell.
type Engine struct {
	Path string // absolute
}

// Find looks for a PowerShell: what the environment names, then pwsh on the path, on
// Windows also powershell, then the candidates in their order. What the environment names
// must be there: falling back to another would run on something nobody asked for.
func Find(getenv func(string) string, lookPath func(string) (string, error), candidates ...string) (Engine, error) {
	if named := getenv(Variable); named != "" {
		e, err := engine(lookPath, named)
		if err != nil {
			return Engine{}, fmt.Errorf("%s is %s: %w: %w", Variable, named, ErrNotFound, err)
		}
		return e, nil
	}
	for _, name := range append(names(runtime.GOOS), candidates...) {
		if e, err := engine(lookPath, name); err == nil {
			return e, nil
		}
	}
	return Engine{}, ErrNotFound
}

func names(goos string) []string {
	if goos == "windows" {
		return []string{"pwsh", "powershell"}
	}
	return []string{"pwsh"}
}

func engine(lookPath func(string) (string, error), name string) (Engine, error) {
	path, err := lookPath(name)
	if err != nil {
		return Engine{}, err
	}
	path, err = filepath.Abs(path)
	return Engine{Path: path}, err
}

// Call is one run of a PowerShell.
type Call struct {
	Args   []string  // after -NoProfile -NonInteractive, such as -File x.ps1
	Stdin  io.Reader // nothing to read when nil
	Stdout io.Writer // receives standard output as it comes; kept in the Result as well
	Dir    string    // the folder to run in; this process's own when empty
	Env    []string  // added to the environment, NAME=value
}

// Result is what a run left.
type Result struct {
	Stdout, Stderr string
	ExitCode       int
}

// grace is how long a killed process may keep its pipes open.
const grace = 2 * time.Second

// Run runs it to its end. An exit code other than zero is a result, not an error. When
// the context ends first, the process and all its children are killed, and the error is
// the context's.
func (e Engine) Run(ctx context.Context, call Call) (Result, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, e.Path, append([]string{"-NoProfile", "-NonInteractive"}, call.Args...)...)
	cmd.Dir, cmd.Stdin, cmd.Stderr = call.Dir, call.Stdin, &stderr
	cmd.Stdout = &stdout
	if call.Stdout != nil {
		cmd.Stdout = io.MultiWriter(&stdout, call.Stdout)
	}
	// Text for a program: no colours, and no telemetry or update check behind it.
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "POWERSHELL_TELEMETRY_OPTOUT=1", "POWERSHELL_UPDATECHECK=Off")
	cmd.Env = append(cmd.Env, call.Env...)
	cmd.WaitDelay = grace
	group(cmd)
	err := cmd.Run()
	result := Result{Stdout: stdout.String(), Stderr: stderr.String()}
	if ctx.Err() != nil {
		return result, fmt.Errorf("%s: %w", e.Path, context.Cause(ctx))
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		result.ExitCode = exit.ExitCode()
		return result, nil
	}
	return result, err
}

// Version returns the version that the PowerShell gives for itself, such as 7.6.9 or
// 5.1.17763.316.
func (e Engine) Version(ctx context.Context) (string, error) {
	r, err := e.Run(ctx, Call{Args: []string{"-Command", "[string] $PSVersionTable.PSVersion"}})
	if err != nil {
		return "", err
	}
	version := strings.TrimSpace(r.Stdout)
	if r.ExitCode != 0 || version == "" {
		return "", fmt.Errorf("%s gave no version: exit %d: %s", e.Path, r.ExitCode, strings.TrimSpace(r.Stderr))
	}
	return version, nil
}
