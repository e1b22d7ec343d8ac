//go:build !linux && !darwin

package output

import (
	"errors"
	"os"
	"time"
)

// exchange is not to be had here.
func exchange(_, _ string) error { return errors.ErrUnsupported }

// rename waits a little for those who look into new files and do not let a folder
// move meanwhile: on Windows, virus scanners and the search index do.
func rename(from, to string) error {
	err := os.Rename(from, to)
	for wait := 10 * time.Millisecond; err != nil && wait < time.Second; wait *= 2 {
		time.Sleep(wait)
		err = os.Rename(from, to)
	}
	return err
}
