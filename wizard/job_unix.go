//go:build unix

package wizard

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// grace is how long the system may take to stop the wizard, and the library to draw no more.
const grace = 100 * time.Millisecond

// watch lets ctrl+z stop the wizard, and takes the terminal again when the shell has brought it
// back, whoever stopped it, until the function that it returns is called.
//
// SIGTSTP itself is not listened for: a Go program that once did never stops by it again.
func watch(m *Model, p *tea.Program) (over func()) {
	signals := make(chan os.Signal, 1)
	listen := func() { signal.Notify(signals, syscall.SIGCONT) }
	m.halt = tea.Exec(&interval{func() error {
		// What was answered is on disk before, for a shell that ends takes its jobs with it. A save
		// that fails is told by that of the answer.
		_ = m.save.settle(m.o.Session.Profile())
		signal.Stop(signals)
		defer listen()
		return halt()
	}}, nil)
	m.back = tea.Exec(&interval{func() error {
		time.Sleep(grace) // the clock that draws is stopped by then: later, it would stop the next one
		return nil
	}}, nil)
	listen()
	go func() {
		for range signals {
			p.Send(backMsg{})
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
	}
}

// halt stops the wizard and all that runs with it until the shell brings it back. Where no shell
// could, the system does not stop it.
func halt() error {
	back := make(chan os.Signal, 1)
	signal.Notify(back, syscall.SIGCONT)
	defer signal.Stop(back)
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil {
		return err
	}
	select {
	case <-back:
	case <-time.After(grace):
	}
	return nil
}
