package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// kept are the names of the revisions that are kept of a profile.
func kept(t *testing.T, path string) []string {
	t.Helper()
	all, err := Revisions(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range all {
		out = append(out, filepath.Base(r.Path))
	}
	return out
}

func TestRevisionsAreKept(t *testing.T) {
	c, ps := load(t)
	path := filepath.Join(t.TempDir(), "coast.yaml")
	p := example(t)
	p.Revision = 1
	f := Create(path, c, ps)
	save := func(number int, date string) string {
		t.Helper()
		p.Revision, p.Date = number, date
		if err := f.Save(p); err != nil {
			t.Fatal(err)
		}
		return read(t, path)
	}
	save(1, "2026-01-01")
	first := save(1, "2026-01-02")
	if got := kept(t, path); got != nil {
		t.Errorf("kept before another revision began: %v", got)
	}
	second := save(2, "2026-02-01")
	save(2, "2026-02-02")
	save(4, "2026-04-01")
	if got := kept(t, path); !slices.Equal(got, []string{"r1.yaml", "r2.yaml"}) {
		t.Fatalf("kept: %v", got)
	}
	if got := read(t, filepath.Join(revisionsOf(path), "r1.yaml")); got != first {
		t.Errorf("revision 1 is kept as\n%s", got)
	}
	if got := read(t, filepath.Join(revisionsOf(path), "r2.yaml")); got == second || !strings.Contains(got, "2026-02-02") {
		t.Errorf("revision 2 is kept as\n%s", got)
	}

	// Somebody goes back by hand, and on again: what is kept stays.
	save(2, "2026-05-01")
	save(3, "2026-05-02")
	if got := kept(t, path); !slices.Equal(got, []string{"r1.yaml", "r2.yaml", "r2-2.yaml"}) {
		t.Errorf("kept: %v", got)
	}
	if got := read(t, filepath.Join(revisionsOf(path), "r2-2.yaml")); !strings.Contains(got, "2026-05-01") {
		t.Errorf("revision 2 is kept as\n%s", got)
	}
}

// What cannot be kept is not replaced, and what cannot be replaced is not kept.
func TestRevisionThatCannotBeKept(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "coast.yaml")
	p := example(t)
	f := Create(path, c, ps)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	if err := os.WriteFile(filepath.Join(dir, "coast.revisions"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.Revision++
	if err := f.Save(p); err == nil {
		t.Error("saved, and the earlier revision is lost")
	}
	if read(t, path) != before {
		t.Error("the profile was replaced")
	}
	if left := leftovers(t, dir, "coast.yaml", "coast.revisions"); left != nil {
		t.Errorf("left: %v", left)
	}

	dir = t.TempDir()
	path = filepath.Join(dir, "coast.yaml")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	f = &File{number: 1}
	if err := f.put(path, []byte("revision 1"), []byte("revision 2"), 2); err == nil {
		t.Error("a folder was replaced")
	}
	if left := leftovers(t, dir, "coast.yaml"); left != nil {
		t.Errorf("left: %v", left)
	}
}

// Beside the profile, and beside the file that a link leads to.
func TestRevisionsOfALink(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	target, link := filepath.Join(dir, "share", "coast.yaml"), filepath.Join(dir, "mine.yaml")
	if err := os.Symlink(filepath.Join("share", "coast.yaml"), link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	p := example(t)
	f := Create(link, c, ps)
	for range 2 {
		if err := f.Save(p); err != nil {
			t.Fatal(err)
		}
		p.Revision++
	}
	if got := kept(t, link); len(got) != 1 || !slices.Equal(got, kept(t, target)) {
		t.Errorf("kept: %v and %v", got, kept(t, target))
	}
}

// What a person puts there is not taken for a revision.
func TestRevisionsAreNamedSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "coast.yaml")
	dir := revisionsOf(path)
	if err := os.MkdirAll(filepath.Join(dir, "r7.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"r10.yaml", "r9.yaml", "r0.yaml", "notes.txt", "r1.yaml.bak", "xr1.yaml", "r2-1x.yaml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := kept(t, path); !slices.Equal(got, []string{"r9.yaml", "r10.yaml"}) {
		t.Errorf("kept: %v", got)
	}
}
