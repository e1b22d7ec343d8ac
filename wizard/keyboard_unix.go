//go:build unix

package wizard

import (
	"errors"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// keysOf returns the keys of a terminal. Input that is none stays as it is.
func keysOf(in io.Reader) io.Reader {
	if file, is := in.(*os.File); is && file.Fd() < unix.FD_SETSIZE {
		return &keyboard{File: file}
	}
	return in
}

// comes waits until there is something to read from a file, for a time at most.
func comes(file *os.File, within time.Duration) bool {
	for {
		var set unix.FdSet
		set.Set(int(file.Fd()))
		limit := unix.NsecToTimeval(within.Nanoseconds())
		n, err := unix.Select(int(file.Fd())+1, &set, nil, nil, &limit)
		if !errors.Is(err, unix.EINTR) {
			return n > 0 && err == nil
		}
	}
}
