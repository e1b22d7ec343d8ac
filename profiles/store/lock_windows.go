package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// beyond is a place in a file that nobody reads: Windows lets no other process read what is
// locked, and the lock says whose it is.
const beyond = 1 << 30

// tryLock locks a file until it is closed, or says errHeld.
func tryLock(f *os.File) error {
	at := windows.Overlapped{OffsetHigh: beyond}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return errHeld
	}
	return err
}

// release lets go of a profile. Windows removes no file that is open, so nobody can lock one
// that stands no more.
func (l *lock) release() error {
	err := l.file.Close()
	_ = os.Remove(l.file.Name()) // another session may have it by now; left there it means nothing
	return err
}
