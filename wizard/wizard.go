// Package wizard asks the questions of the catalogue in a terminal. It ends at answers: what
// it changes is a profile, and the functions that save the profile and write the pack are
// handed to it. Everything it can do can be done without it.
//
// One question is on the screen at a time. Huh's fields ask it; the pager around them is ours
// and owns going back, jumping, the review, saving and leaving, so that nothing that was typed
// is lost by walking about. Where a field of Huh would lose an answer, or make one up, a field
// of our own stands behind the same interface.
//
// RunPlain asks the same questions line by line, for screen readers, for terminals that can do
// no more, and for pipes.
package wizard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
)

// Options are what the wizard works on and what it may do outside. All are needed.
type Options struct {
	Session *profiles.Session
	// Save keeps the profile. It is called beside the screen, once at a time, after every answer
	// that was taken; it must leave the old profile or the new one.
	Save    func(*profiles.Profile) error
	SavedTo string // where Save puts it, in words for people
	// Write renders the pack and writes it, DryRun only says what Write would do. They are called
	// from the review alone. An error with a method Hint() string says the way on by it.
	Write  func(*profiles.Profile) (Written, error)
	DryRun func(*profiles.Profile) (Written, error)
	Folder func(*profiles.Profile) string // where Write puts the pack
	// Before is the latest earlier revision that is kept, to compare with; nil: there is none.
	Before *profiles.Profile
	// Others are saved profiles that a new one can take over choices from.
	Others []Other
	Today  string // YYYY-MM-DD, the date of an acknowledgement
}

// Written is a pack that was written, or that a dry run would write.
type Written struct {
	Dir   string
	Files []string
	Plan  string // the fingerprint that a change board approves
	Look  []Hint // files to look at, and for whom each is
	Next  []Hint // commands to go on with, and what each does
	Size  design.Size
}

// Hint is a path or a command, and what it is for.
type Hint struct {
	What, For string
}

// End says how a run of the wizard ended.
type End string

// The ends.
const (
	Finished    End = "finished"    // the user was done
	Interrupted End = "interrupted" // ctrl+c, or the signal of its name
	Terminated  End = "terminated"  // told to end from outside, or the terminal went away
)

// Result is what a run of the wizard came to.
type Result struct {
	End     End
	Written *Written // the pack that was written last; nil: none
}

// A stopMsg comes from outside the terminal: a signal, or a context that is done.
type stopMsg struct{ end End }

// Run shows the wizard on a terminal until the user leaves it, a signal comes or ctx is done.
// However it ends, answers that were taken are saved before it returns, and what stands in a
// field and is an answer is taken; the error says so where that failed.
func Run(ctx context.Context, o Options, in io.Reader, out io.Writer) (Result, error) {
	return run(ctx, o, in, out)
}

func run(ctx context.Context, o Options, in io.Reader, out io.Writer, more ...tea.ProgramOption) (Result, error) {
	m := New(o)
	p := tea.NewProgram(m, append(more, tea.WithInput(keysOf(in)), tea.WithOutput(out), tea.WithoutSignalHandler())...)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	defer watch(m, p)()
	over := make(chan struct{})
	stopped := make(chan End, 1)
	go func() {
		var end End
		select {
		case s := <-signals:
			end = endOf(s)
		case <-ctx.Done():
			end = whenDone(signals)
		case <-over:
			return
		}
		stopped <- end
		p.Send(stopMsg{end})
	}()
	_, err := p.Run()
	close(over)
	select {
	case m.end = <-stopped: // the terminal may be gone, and the message with it
		m.takeAll()
		err = nil
	default:
	}
	if err != nil {
		err = fmt.Errorf("terminal: %w", err)
	}
	return Result{End: m.end, Written: m.written}, errors.Join(err, m.save.settle(m.o.Session.Profile()))
}

// whenDone says how a run ends whose context is done: the signal that ended the context may
// arrive here just after.
func whenDone(signals <-chan os.Signal) End {
	select {
	case s := <-signals:
		return endOf(s)
	case <-time.After(20 * time.Millisecond):
		return Terminated
	}
}

func endOf(s os.Signal) End {
	if s == os.Interrupt {
		return Interrupted
	}
	return Terminated
}
