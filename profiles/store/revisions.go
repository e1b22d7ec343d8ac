package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/output"
)

// Revision is an earlier revision of a profile, as it was when the next one was begun.
type Revision struct {
	Number int    `json:"revision"`
	Path   string `json:"file"`
}

// Revisions returns the revisions that are kept of a profile, the earliest first. They stand
// beside it, those of agency.yaml in the folder agency.revisions: what a profile tells stays
// where its owner has put it. Before the first one there is no folder.
func Revisions(path string) ([]Revision, error) {
	target, err := follow(path)
	if err != nil {
		return nil, err
	}
	dir := revisionsOf(target)
	all, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []Revision
	again := map[string]int{} // path -> which of several of one number
	for _, e := range all {
		if m := revisionName.FindStringSubmatch(e.Name()); m != nil && e.Type().IsRegular() {
			number, _ := strconv.Atoi(m[1]) // the pattern has digits only, and few
			at := filepath.Join(dir, e.Name())
			again[at], _ = strconv.Atoi(m[2])
			out = append(out, Revision{number, at})
		}
	}
	slices.SortFunc(out, func(a, b Revision) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(again[a.Path], again[b.Path]))
	})
	return out, nil
}

var revisionName = regexp.MustCompile(`^r([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,3}))?\.yaml$`)

// revisionsOf is the folder with the earlier revisions of a profile.
func revisionsOf(target string) string {
	return strings.TrimSuffix(target, filepath.Ext(target)) + ".revisions"
}

// keepRevision keeps a text of a revision, and undo takes it away again. What is kept of that
// number already stays: somebody has gone back to it.
func keepRevision(target string, number int, text []byte) (undo func() error, err error) {
	dir := revisionsOf(target)
	made := errors.Is(exists(dir), fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, fmt.Sprintf("r%d.yaml", number))
	for i := 2; exists(path) == nil; i++ {
		path = filepath.Join(dir, fmt.Sprintf("r%d-%d.yaml", number, i))
	}
	if err := sweep(path); err != nil {
		return nil, err
	}
	undo = func() error {
		err := os.Remove(path)
		if made {
			err = errors.Join(err, os.Remove(dir))
		}
		return err
	}
	if err := output.Replace(path, text); err != nil {
		if made {
			err = errors.Join(err, os.Remove(dir))
		}
		return nil, err
	}
	return undo, nil
}

// exists is nil where something stands, and else says why not.
func exists(path string) error {
	_, err := os.Lstat(path)
	return err
}
