// Command exoplan plans Exchange Online mail flow with a consultant: it asks, resolves the
// answers, shows conflicts with their source, and renders a change pack.
//
// Only this package prints, exits, looks at the clock and reads the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// Exit codes. They are part of the interface.
const (
	exitDone        = 0
	exitFailed      = 1   // something could not be done
	exitUsage       = 2   // the command line, or a profile or answers that cannot be used
	exitBlocked     = 3   // findings or open questions stand in the way
	exitInterrupted = 130 // ctrl+c
	exitTerminated  = 143 // SIGTERM
)

func main() {
	takeLimits()
	debug.SetGCPercent(300) // a run makes much and keeps little: a third of its time went into tidying up
	env := environment{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, today: time.Now().Format(time.DateOnly)}
	os.Exit(run(os.Args[1:], env))
}

// environment is the outside as the commands see it.
type environment struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	today    string // YYYY-MM-DD
}

// run carries out one command line and returns the exit code.
func run(args []string, env environment) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := command(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var failed *failure
	if !errors.As(err, &failed) { // cobra's own: flags and arguments
		failed = &failure{code: exitUsage, err: err, hint: "exoplan --help lists commands and flags"}
	}
	failed.print(env.err)
	return failed.code
}

// failure is an error with the code to exit with and, where there is one, what to do about it.
type failure struct {
	code int
	err  error // nil: everything is said already
	hint string
}

// errStopped is what a command says that only looks, when somebody stops it.
var errStopped = &failure{code: exitInterrupted, err: errors.New("interrupted; nothing was changed anywhere")}

func (f *failure) Error() string { return fmt.Sprint(f.err) }

// Hint is what to do about it; the wizard shows it under the error.
func (f *failure) Hint() string { return f.hint }

func (f *failure) print(w io.Writer) {
	if f.err == nil {
		return
	}
	lines := strings.SplitSeq(f.err.Error(), "\n")
	for l := range lines {
		fmt.Fprintln(w, "exoplan: "+l)
	}
	if f.hint != "" {
		fmt.Fprintln(w, "exoplan: hint: "+f.hint)
	}
}

func command(env environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "exoplan [PROFILE]",
		Short: "Plan Exchange Online mail flow and render a change pack",
		Long: `exoplan asks about domains, classification, mail gateway, GovLINK and mail authentication,
resolves the answers against a preset, shows conflicts with their source, and renders a change
pack: PowerShell scripts, DNS records and a design-decision document.

Without a command it starts the guided session, on PROFILE if one is given: screens on a
terminal, plain lines with --accessible or TERM=dumb.

New profiles are kept in the folder exoplan/profiles of your configuration folder; PROFILE is a
file, or the name of one of those.

Exit codes: 0 done, 1 failed, 2 usage, a profile that cannot be used or answers that are missing,
3 blocked by findings, undecided questions or a rehearsal that did not come through, 130 interrupted, 143 terminated.`,
		Args:          cobra.MaximumNArgs(1),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(env.in)
	root.SetOut(env.out)
	root.SetErr(env.err)
	session(root, env)
	root.AddCommand(
		renderCommand(env), checkCommand(env), listCommand(env), tableCommand(env), explainCommand(env), diffCommand(env), profileCommand(env),
		rehearseCommand(env), statusCommand(env), reportCommand(env), schemaCommand(env), referenceCommand(env), versionCommand(env),
	)
	return root
}
