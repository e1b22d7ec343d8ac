package wizard

import "io"

// A backMsg says that the wizard was stopped, and the terminal is its own again.
type backMsg struct{}

// interval is a time during which the terminal is not the wizard's.
type interval struct{ pass func() error }

// Run lets it pass.
func (i *interval) Run() error { return i.pass() }

// SetStdin does nothing: there is nothing to read.
func (i *interval) SetStdin(io.Reader) {}

// SetStdout does nothing: there is nothing to write.
func (i *interval) SetStdout(io.Writer) {}

// SetStderr does nothing: there is nothing to write.
func (i *interval) SetStderr(io.Writer) {}
