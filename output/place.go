package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// place is where a pack stands or is to stand.
type place struct {
	dir     string   // as it was given
	root    string   // absolute; of a symbolic link, where it leads
	exists  bool     // root is a folder
	parents []string // folders that root needs and that are not there, outermost first
}

// locate finds out where dir is, and that a folder can be there.
func locate(dir string) (place, error) {
	if dir == "" {
		return place{}, errors.New("no folder is given")
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return place{}, err
	}
	at := place{dir: dir, root: root}
	switch at.exists, err = isFolder(root); {
	case err != nil:
		return place{}, err
	case at.exists:
		return at.resolved()
	}
	for p := filepath.Dir(root); p != filepath.Dir(p); p = filepath.Dir(p) {
		if ok, err := isFolder(p); ok || err != nil {
			return at, err
		}
		at.parents = slices.Insert(at.parents, 0, p)
	}
	return at, nil
}

// isFolder reports whether there is a folder at p. Anything else there is an error,
// a link that leads nowhere included.
func isFolder(p string) (bool, error) {
	if _, err := os.Lstat(p); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	info, err := os.Stat(p)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", p)
	}
	return err == nil, err
}

// resolved follows a link, so that what it leads to is replaced and not the link.
func (at place) resolved() (place, error) {
	info, err := os.Lstat(at.root)
	if err == nil && !info.IsDir() {
		at.root, err = filepath.EvalSymlinks(at.root)
	}
	return at, err
}

// survey reads what stands there, as [survey] does.
func (at place) survey(want names) (tree, error) {
	if !at.exists {
		return tree{}, nil
	}
	t, err := survey(at.root, want)
	if stranger, ok := errors.AsType[*NotAPackError](err); ok {
		stranger.Dir = at.dir
	}
	return t, err
}

// makeParents makes the folders that are missing above root and returns what takes
// those away again that it made.
func (at place) makeParents() (undo func(), err error) {
	var made []string
	undo = func() {
		for _, p := range slices.Backward(made) {
			_ = os.Remove(p) // not empty: somebody else uses it by now
		}
	}
	for _, p := range at.parents {
		if err := os.Mkdir(p, 0o755); errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			undo()
			return nil, err
		}
		made = append(made, p)
	}
	return undo, nil
}
