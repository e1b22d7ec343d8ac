//go:build !linux && !darwin

package output

import (
	"errors"
	"os"
	"time"
)

// exchange is not to be had here.
func exchange(_, _ string) error { return errors.ErrUnsupported }

// Rename gives a file or folder another place, over what stands there if that can be
// replaced. It waits a little for those who look into new files and do not let them move
// meanwhile: on Windows, virus scanners and the search index do.
func Rename(from, to string) error {
	err := os.Rename(from, to)
	for wait := 10 * time.Millisecond; err != nil && wait < time.Second; wait *= 2 {
		time.Sleep(wait)
		err = os.Rename(from, to)
	}
	return err
}
