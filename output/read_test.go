package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	all := sealed(t, "README.md", "# Pack\n", "d/a.ps1", "Set-X\r\n", "d/b.ps1", "Set-Y\r\n", "gone", "1", "z", "1")
	mustWrite(t, dir, all, Options{})
	meta := testMeta()
	meta.Format = Format

	got, err := Read(dir)
	if want := (Pack{Dir: dir, Meta: meta, Files: all}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, got, want)
	}

	put(t, dir, "README.md", "mine")
	put(t, dir, "z", "mine")
	put(t, dir, "d/a.ps1", "Set-X\r\n"+block)
	put(t, dir, "d/b.ps1", "Set-Z\r\n"+block)
	put(t, dir, "logs/run.log", "mine")
	put(t, dir, "notes", "mine")
	remove(t, dir, "gone")
	got, err = Read(dir)
	want := Pack{
		Dir: dir, Meta: meta,
		Edited: []string{"README.md", "d/b.ps1", "z"}, Missing: []string{"gone"}, Signed: []string{"d/a.ps1"}, Extra: []string{"logs/run.log", "notes"},
	}
	for _, f := range all {
		switch f.Path {
		case "gone":
			continue
		case "README.md", "z":
			f.Data = []byte("mine")
		case "d/a.ps1":
			f.Data = []byte("Set-X\r\n" + block)
		case "d/b.ps1":
			f.Data = []byte("Set-Z\r\n" + block)
		}
		want.Files = append(want.Files, f)
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, got, want)
	}
}

// A manifest that was edited and can still be read is one of the edited files.
func TestReadEditedManifest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	all := sealed(t, "a", "1")
	mustWrite(t, dir, all, Options{})
	list := all[slices.IndexFunc(all, func(f File) bool { return f.Path == ManifestPath })].Data
	put(t, dir, ManifestPath, strings.Replace(string(list), "Agency of Examples", "Another", 1))
	got, err := Read(dir)
	if err != nil || got.Meta.Organisation != "Another" || !slices.Equal(got.Edited, []string{ManifestPath}) {
		t.Errorf("%v\n%+v", err, got)
	}
}

// Whether a script was signed is asked against what was written.
func TestReadScriptWrittenWithSignature(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	mustWrite(t, dir, sealed(t, "a.ps1", "Set-X\r\n"+block), Options{})
	got, err := Read(dir)
	if err != nil || len(got.Signed)+len(got.Edited) > 0 {
		t.Errorf("%v: signed %q, edited %q", err, got.Signed, got.Edited)
	}
}

func TestReadLinkInThePlaceOfAFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	mustWrite(t, dir, sealed(t, "a", "1", "b", "1"), Options{})
	remove(t, dir, "a")
	if err := os.Symlink("b", filepath.Join(dir, "a")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	got, err := Read(dir)
	if err != nil || !slices.Equal(got.Edited, []string{"a"}) || len(got.Files) != 3 {
		t.Errorf("%v\n%+v", err, got)
	}
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t testing.TB, dir string)
		want string
		is   error
	}{
		{"nothing there", func(testing.TB, string) {}, "read pack: ", fs.ErrNotExist},
		{"empty", func(t testing.TB, dir string) { put(t, dir, "x", ""); remove(t, dir, "x") }, "is empty", nil},
		{"a file", func(t testing.TB, dir string) { put(t, filepath.Dir(dir), filepath.Base(dir), "x") }, "is not a folder", nil},
		{"no manifest", func(t testing.TB, dir string) {
			mustWrite(t, dir, sealed(t, "a", "1"), Options{})
			remove(t, dir, ManifestPath)
		}, "there is no manifest.json", nil},
		{"manifest is no JSON any more", func(t testing.TB, dir string) {
			mustWrite(t, dir, sealed(t, "a", "1"), Options{})
			put(t, dir, ManifestPath, "<<<<<<< HEAD\n")
		}, "manifest.json: invalid character", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "pack")
			c.make(t, dir)
			got, err := Read(dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if !reflect.DeepEqual(got, Pack{}) {
				t.Errorf("a pack in spite of an error: %+v", got)
			}
			if stranger, ok := errors.AsType[*NotAPackError](err); ok {
				t.Errorf("a stranger: %v", stranger)
			}
		})
	}
}

func TestNotAPackErrorUnwraps(t *testing.T) {
	reason := errors.New("reason")
	if err := error(&NotAPackError{Dir: "out", Reason: reason}); !errors.Is(err, reason) {
		t.Errorf("%v hides its reason", err)
	}
}
