package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// exchange lets two folders change places in one step. Not all file systems can.
func exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }

// Rename gives a file or folder another place, over what stands there if that can be replaced.
func Rename(from, to string) error { return os.Rename(from, to) }
