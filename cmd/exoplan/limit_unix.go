//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// takeLimits makes a file that grows past its limit an error of the write, as a full disk is.
// The system would end the program, and with it what is not saved.
func takeLimits() { signal.Ignore(syscall.SIGXFSZ) }
