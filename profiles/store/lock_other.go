//go:build !windows

package store

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// tryLock locks a file until it is closed, or says errHeld.
func tryLock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errHeld
	}
	return err
}

// release lets go of a profile. The file is removed while it is locked: who opened it before
// sees that it stands no more.
func (l *lock) release() error {
	_ = os.Remove(l.file.Name()) // left there it means nothing
	return l.file.Close()
}
