// Package outputtest compares rendered files with golden ones, the whole tree at a
// time.
//
// It registers the flag -update, which rewrites the golden files instead. Only tests
// that import this package know the flag, so name their packages:
//
//	go test ./templates/... -update        rewrites
//	go test ./... -update                  fails in every package without the flag
//
// What git does to line ends would show as a difference: golden folders want
// `**/golden/** -text` in .gitattributes.
package outputtest

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Tree checks that the folder golden holds the files, byte for byte, and no others.
// Every missing, unexpected and differing file is an error of t; of text that differs
// the first lines are shown with their numbers, with \r, \t and other characters
// that one would not see written out.
//
// With -update it makes the folder so: files that differ are written, those that are
// no longer rendered are removed with the folders that become empty, and the rest is
// not touched. To keep a slip from emptying something else, golden must lie below
// the folder of the test or be absolute, and must not be the root.
func Tree(t testing.TB, golden string, files []output.File) {
	t.Helper()
	if err := checkGolden(golden); err != nil {
		t.Fatal(err)
	}
	got, err := index(files)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := rewrite(golden, got); err != nil {
			t.Fatalf("update %s: %v", golden, err)
		}
		return
	}
	want, err := read(golden)
	if err != nil {
		t.Fatalf("%v (a new case? run go test with -update)", err)
	}
	for _, problem := range compare(golden, want, got) {
		t.Error(problem)
	}
}

func checkGolden(dir string) error {
	clean := filepath.Clean(dir)
	if clean == "." || clean == filepath.Dir(clean) || !filepath.IsAbs(clean) && !filepath.IsLocal(clean) {
		return fmt.Errorf("golden folder %q: want a folder of its own, below that of the test", dir)
	}
	return nil
}

// index returns the files by path. A path given twice would hide a file.
func index(files []output.File) (map[string][]byte, error) {
	var errs []error
	byPath := map[string][]byte{}
	for _, f := range files {
		if _, twice := byPath[f.Path]; twice {
			errs = append(errs, fmt.Errorf("%s: rendered twice", f.Path))
		}
		if !fs.ValidPath(f.Path) || f.Path == "." || !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			errs = append(errs, fmt.Errorf("%q: not a path of a file below the golden folder", f.Path))
		}
		byPath[f.Path] = f.Data
	}
	return byPath, errors.Join(errs...)
}

// read returns the files of a folder by path.
func read(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)], err = os.ReadFile(name)
		return err
	})
	return files, err
}

// compare describes every difference, sorted by path.
func compare(golden string, want, got map[string][]byte) []string {
	paths := maps.Clone(want)
	maps.Copy(paths, got)
	var problems []string
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		w, wanted := want[p]
		g, rendered := got[p]
		switch {
		case !wanted:
			problems = append(problems, fmt.Sprintf("%s: rendered, but not in %s", p, golden))
		case !rendered:
			problems = append(problems, fmt.Sprintf("%s: in %s, but not rendered", p, golden))
		case string(w) != string(g):
			problems = append(problems, fmt.Sprintf("%s: differs from %s\n%s", p, golden, diff(w, g)))
		}
	}
	return problems
}

// rewrite makes dir hold exactly files. What is stale goes first, since a folder can
// be needed where a file was.
func rewrite(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := read(dir)
	if err != nil {
		return err
	}
	for p := range old {
		if _, ok := files[p]; !ok {
			if err := removeFile(dir, p); err != nil {
				return err
			}
		}
	}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if had, ok := old[p]; ok && string(had) == string(files[p]) {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, files[p], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// removeFile removes a file and the folders that it leaves empty.
func removeFile(dir, p string) error {
	if err := os.Remove(filepath.Join(dir, filepath.FromSlash(p))); err != nil {
		return err
	}
	for i := strings.LastIndex(p, "/"); i > 0; i = strings.LastIndex(p, "/") {
		p = p[:i]
		if os.Remove(filepath.Join(dir, filepath.FromSlash(p))) != nil {
			return nil // it holds other files
		}
	}
	return nil
}
