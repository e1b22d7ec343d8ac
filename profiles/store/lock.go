package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/exoplan/exoplan/output"
)

// HeldError says that another session has the profile, and whose it is. Nothing was written.
type HeldError struct {
	Path  string
	By    string // user, machine and process; empty: not known
	Since time.Time
}

func (e *HeldError) Error() string {
	by := cmp.Or(e.By, "by whom is not known")
	return fmt.Sprintf("%s: another session has it open: %s, since %s", e.Path, by, e.Since.Format("2006-01-02 15:04"))
}

// errHeld says that another process has a lock.
var errHeld = errors.New("held")

// A lock is a profile that was taken: while it stands, no other session can take the profile.
// It is a lock of the system's on a file beside the profile, and goes with the process, however
// that ends. The file itself means nothing: one that a killed process left is taken again.
type lock struct {
	target string // the profile, past symbolic links
	file   *os.File
}

// take takes a profile, and clears away what a killed process left half-written beside it.
func take(path, target string) (*lock, error) {
	for {
		f, err := os.OpenFile(lockName(target), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		switch err := tryLock(f); {
		case errors.Is(err, errHeld):
			return nil, errors.Join(heldBy(path, f), f.Close())
		case err != nil:
			return nil, errors.Join(err, f.Close())
		case stands(f):
			l := &lock{target, f}
			_, _ = l.sign(), sweep(target) // for neither a profile goes unsaved
			return l, nil
		}
		if err := f.Close(); err != nil { // whoever had it took it away meanwhile: another stands there, or none
			return nil, err
		}
	}
}

func lockName(target string) string {
	return filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".lock")
}

// stands says that a lock is the one that others find by its name.
func stands(f *os.File) bool {
	own, err1 := f.Stat()
	now, err2 := os.Stat(f.Name())
	return err1 == nil && err2 == nil && os.SameFile(own, now)
}

// sign writes into the lock whose it is.
func (l *lock) sign() error {
	host, _ := os.Hostname() // a machine without a name
	who := fmt.Sprintf("%s on %s, process %d", cmp.Or(os.Getenv("USER"), os.Getenv("USERNAME"), "somebody"), cmp.Or(host, "this machine"), os.Getpid())
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(who), 0)
	return err
}

// heldBy reads from a lock whose it is.
func heldBy(path string, f *os.File) error {
	e := &HeldError{Path: path}
	if by, err := io.ReadAll(io.LimitReader(f, 200)); err == nil {
		e.By = string(by)
	}
	if info, err := f.Stat(); err == nil {
		e.Since = info.ModTime()
	}
	return e
}

// sweep removes what was being written beside a profile when its process was killed. Who has
// the lock is the only one who writes there.
func sweep(target string) error {
	dir := filepath.Dir(target)
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), output.TempPrefix(target)) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}
