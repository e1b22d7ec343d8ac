package output

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// NotAPackError says that a folder is none of ours. Its files are not touched, with
// Force or without. Errors are made as pointers.
type NotAPackError struct {
	Dir    string // as it was given
	Reason error  // what is missing or wrong
}

func (e *NotAPackError) Error() string {
	return fmt.Sprintf("%s is not empty and not a pack of exoplan: %v", e.Dir, e.Reason)
}

// Unwrap returns the reason.
func (e *NotAPackError) Unwrap() error { return e.Reason }

// tree is what stands in a folder: nothing, or a pack and what people put there.
type tree struct {
	sums  map[string]digest // of the last write; nil when there is none
	files map[string]entry  // whatever is not a folder, by slash path
	empty []string          // folders with nothing in them
}

// entry is what stands in a folder at one path. A symbolic link or a device is not
// followed or opened: it has no data, and equals no file.
type entry struct {
	regular bool
	data    []byte // of files that are recorded or wanted, else nil: logs may be long
}

// survey reads the folder root, which exists. The files that want has a name for are
// read, with all that the pack's sums list. The error is a *NotAPackError without
// Dir when the folder is not empty and not a pack.
func survey(root string, want names) (tree, error) {
	t := tree{files: map[string]entry{}}
	if err := t.walk(root); err != nil {
		return tree{}, err
	}
	if len(t.files) == 0 && len(t.empty) == 0 {
		return t, nil
	}
	if err := t.readSums(root); err != nil {
		return tree{}, err
	}
	for p, e := range t.files {
		_, listed := t.sums[p]
		_, wanted := want.file(p)
		if !e.regular || p == SumsPath || !listed && !wanted {
			continue
		}
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(p)))
		if err != nil {
			return tree{}, err
		}
		t.files[p] = entry{true, data}
	}
	return t, t.checkManifest()
}

func (t *tree) walk(root string) error {
	held := map[string]bool{} // folders that hold something
	var dirs []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == root {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		p := filepath.ToSlash(rel)
		held[path.Dir(p)] = true
		if d.IsDir() {
			dirs = append(dirs, p)
		} else {
			t.files[p] = entry{regular: d.Type().IsRegular()}
		}
		return nil
	})
	t.empty = slices.DeleteFunc(dirs, func(p string) bool { return held[p] })
	return err
}

func (t *tree) readSums(root string) error {
	e, ok := t.files[SumsPath]
	if !ok || !e.regular {
		return &NotAPackError{Reason: errors.New("it has no " + SumsPath)}
	}
	data, err := os.ReadFile(filepath.Join(root, SumsPath))
	if err != nil {
		return err
	}
	if t.sums, err = parseSums(data); err != nil {
		return &NotAPackError{Reason: err}
	}
	t.files[SumsPath] = entry{true, data}
	return nil
}

// checkManifest looks whether the sums are those of a pack. A manifest that was
// edited or removed says nothing of that, and is like any other such file.
func (t *tree) checkManifest() error {
	if t.edited(ManifestPath) {
		return nil
	}
	if _, err := parseManifest(t.files[ManifestPath].data); err != nil {
		return &NotAPackError{Reason: err}
	}
	return nil
}

// recorded reports whether the last write made the file at p.
func (t *tree) recorded(p string) bool {
	_, listed := t.sums[p]
	return listed || p == SumsPath && t.sums != nil
}

func (t *tree) missing(p string) bool {
	_, there := t.files[p]
	return !there
}

// edited reports whether a recorded file is not what was written, or not there.
// SHA256SUMS has no sum; that it could be read is all that is asked of it.
func (t *tree) edited(p string) bool {
	sum, listed := t.sums[p]
	e := t.files[p]
	return listed && (!e.regular || !matches(p, e.data, sum))
}

// equals reports whether the file at p has these bytes, or has them signed.
func (t *tree) equals(p string, data []byte) bool {
	e := t.files[p]
	return e.regular && slices.ContainsFunc(versions(p, e.data), func(v []byte) bool { return string(v) == string(data) })
}

// signed reports whether the file at p has a signature that was not recorded with it.
func (t *tree) signed(p string) bool {
	sum, listed := t.sums[p]
	e := t.files[p]
	_, block := unsign(p, e.data)
	return e.regular && block && !(listed && digestOf(e.data) == sum)
}

func (t *tree) paths() []string { return slices.Sorted(maps.Keys(t.files)) }
