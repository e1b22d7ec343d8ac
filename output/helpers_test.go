package output

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func testMeta() Meta {
	return Meta{
		Generator: "exoplan 1.2.3", Title: "Mail flow of R&D", Organisation: "Agency of Examples", Marking: "OFFICIAL: Sensitive",
		Profile: "agency", Revision: 3, Presets: []string{"asd-hybrid"}, Date: "2026-08-22", Plan: strings.Repeat("0f", 32),
	}
}

// sealed returns a pack of the files, given as path and content in turn.
func sealed(t testing.TB, contents ...string) []File {
	t.Helper()
	var files []File
	for c := range slices.Chunk(contents, 2) {
		files = append(files, File{Path: c[0], Data: []byte(c[1]), Role: "test file"})
	}
	files, err := Seal(files, testMeta())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// put writes a file of a person into dir.
func put(t testing.TB, dir, path, content string) {
	t.Helper()
	name := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, dir, path string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, filepath.FromSlash(path))); err != nil {
		t.Fatal(err)
	}
}

// contents returns what stands in dir: files with their content, links as "-> target",
// folders as "/", without the two that Seal makes.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	walk(t, dir, func(p string, d fs.DirEntry) {
		name := filepath.Join(dir, filepath.FromSlash(p))
		switch {
		case d.IsDir():
			all[p] = "/"
		case d.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(name)
			if err != nil {
				t.Fatal(err)
			}
			all[p] = "-> " + to
		default:
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[p] = string(data)
		}
	})
	delete(all, ManifestPath)
	delete(all, SumsPath)
	return all
}

// files returns contents without the folders that hold something.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := contents(t, dir)
	for p := range maps.Clone(all) {
		if parent := strings.LastIndex(p, "/"); parent > 0 {
			delete(all, p[:parent])
		}
	}
	for p := range maps.Clone(all) { // folders of folders
		if all[p] == "/" && slices.ContainsFunc(slices.Collect(maps.Keys(all)), func(q string) bool { return strings.HasPrefix(q, p+"/") }) {
			delete(all, p)
		}
	}
	return all
}

// snapshot describes every entry below dir so closely that any write would show.
func snapshot(t testing.TB, dir string) []string {
	t.Helper()
	var lines []string
	walk(t, dir, func(p string, d fs.DirEntry) {
		info, err := d.Info()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(p, info.Mode(), info.Size(), info.ModTime().UnixNano()))
	})
	for p, content := range contents(t, dir) {
		lines = append(lines, p+"="+content)
	}
	slices.Sort(lines)
	return lines
}

func walk(t testing.TB, dir string, visit func(p string, d fs.DirEntry)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		visit(filepath.ToSlash(rel), d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wantEntries checks that nothing but names stands in dir: no temporary folder above all.
func wantEntries(t testing.TB, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, names) {
		t.Errorf("in %s stand %q, want %q", dir, got, names)
	}
}

func mustWrite(t testing.TB, dir string, files []File, o Options) Report {
	t.Helper()
	r, err := Write(dir, files, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
