package output

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// TempPrefix begins the name of what Replace writes beside a file before it takes its place. A
// process that is killed meanwhile leaves it there.
func TempPrefix(path string) string { return "." + filepath.Base(path) + ".exoplan-" }

// Replace puts a text in the place of a file, for its owner alone to read. It writes beside the
// file and renames, so that a crash leaves the old text or the new; an error leaves the old one.
func Replace(path string, text []byte) error {
	dir := filepath.Dir(path)
	t, err := os.CreateTemp(dir, TempPrefix(path)+"*") // readable by its owner alone
	if err != nil {
		return err
	}
	_, err = t.Write(text)
	if err == nil {
		err = t.Sync()
	}
	err = errors.Join(err, t.Close())
	if err == nil {
		err = Rename(t.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(t.Name()))
	}
	return syncDir(dir)
}

// syncDir makes the names in a folder last through a crash. Windows has nothing of the kind.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
