package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every case writes old, lets a person work in it, and writes next: first dry, which
// must touch nothing and report the same. A write that is refused must touch nothing
// either. None leaves anything beside the pack.
func TestWrite(t *testing.T) {
	none := func(testing.TB, string) {}
	script := []string{"a.ps1", "Set-X\r\n", "b.md", "1"}
	newScript := []string{"a.ps1", "Set-Y\r\n", "b.md", "1"}
	for _, c := range []struct {
		name string
		old  []string // path and content in turn
		edit func(t testing.TB, dir string)
		next []string
		opts Options
		want Report // Dir, DryRun and the two files of Seal are filled in
		err  []string
		left map[string]string // files afterwards; of a refused write, what was there
	}{
		{
			name: "nothing changes", old: []string{"a", "1", "d/b", "2"}, edit: none, next: []string{"a", "1", "d/b", "2"},
			want: Report{Unchanged: []string{"a", "d/b", ManifestPath, SumsPath}},
			left: map[string]string{"a": "1", "d/b": "2"},
		},
		{
			name: "added, changed, unchanged, removed", old: []string{"a", "1", "b", "1", "c", "1"}, edit: none, next: []string{"a", "2", "b", "1", "d", "1"},
			want: Report{Added: []string{"d"}, Changed: []string{"a"}, Unchanged: []string{"b"}, Removed: []string{"c"}},
			left: map[string]string{"a": "2", "b": "1", "d": "1"},
		},
		{
			name: "line ends count", old: []string{"a", "1\n"}, edit: none, next: []string{"a", "1\r\n"},
			want: Report{Changed: []string{"a"}},
			left: map[string]string{"a": "1\r\n"},
		},
		{
			name: "emptied folders go", old: []string{"a", "1", "dns/P1/x", "1", "dns/P2/y", "1", "dns/P2/z/z", "1"}, edit: none, next: []string{"a", "1", "dns/P1/x", "1"},
			want: Report{Unchanged: []string{"a", "dns/P1/x"}, Removed: []string{"dns/P2/y", "dns/P2/z/z"}},
			left: map[string]string{"a": "1", "dns/P1/x": "1"},
		},
		{
			name: "a folder becomes a file and a file a folder", old: []string{"a", "1", "b/c", "1"}, edit: none, next: []string{"a/d", "2", "b", "2"},
			want: Report{Added: []string{"a/d", "b"}, Removed: []string{"a", "b/c"}},
			left: map[string]string{"a/d": "2", "b": "2"},
		},
		{
			name: "case of a path changes", old: []string{"Docs/A", "1"}, edit: none, next: []string{"docs/a", "1"},
			want: Report{Added: []string{"docs/a"}, Removed: []string{"Docs/A"}},
			left: map[string]string{"docs/a": "1"},
		},

		{
			name: "edited", old: []string{"a", "1", "d/b", "1", "c", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "d/b", "mine"); put(t, dir, "a", "mine") },
			next: []string{"a", "2", "d/b", "1", "c", "2"},
			err:  []string{"a", "d/b"},
			left: map[string]string{"a": "mine", "d/b": "mine", "c": "1"},
		},
		{
			name: "edited, forced", old: []string{"a", "1", "d/b", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "d/b", "mine"); put(t, dir, "a", "mine") },
			next: []string{"a", "2", "d/b", "1"}, opts: Options{Force: true},
			want: Report{Changed: []string{"a", "d/b"}},
			left: map[string]string{"a": "2", "d/b": "1"},
		},
		{
			name: "edited in line ends alone", old: []string{"a", "1\r\n"},
			edit: func(t testing.TB, dir string) { put(t, dir, "a", "1\n") },
			next: []string{"a", "2"},
			err:  []string{"a"},
			left: map[string]string{"a": "1\n"},
		},
		{
			name: "edited into what is written now", old: []string{"a", "1", "b", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "a", "2") },
			next: []string{"a", "2", "b", "1"},
			want: Report{Unchanged: []string{"a", "b"}},
			left: map[string]string{"a": "2", "b": "1"},
		},
		{
			name: "edited, but to be kept", old: []string{"profile.yaml", "1", "b", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "profile.yaml", "mine") },
			next: []string{"profile.yaml", "2", "b", "1"}, opts: Options{Keep: []string{"profile.yaml"}},
			want: Report{Changed: []string{"profile.yaml"}, Unchanged: []string{"b"}},
			left: map[string]string{"profile.yaml": "2", "b": "1"},
		},
		{
			name: "one to be kept, another edited", old: []string{"profile.yaml", "1", "b", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "profile.yaml", "mine"); put(t, dir, "b", "mine") },
			next: []string{"profile.yaml", "2", "b", "1"}, opts: Options{Keep: []string{"profile.yaml"}},
			err:  []string{"b"},
			left: map[string]string{"profile.yaml": "mine", "b": "mine"},
		},
		{
			name: "removed by a person", old: []string{"a", "1", "d/b", "1", "d/c", "1"},
			edit: func(t testing.TB, dir string) { remove(t, dir, "a"); remove(t, dir, "d") },
			next: []string{"a", "1", "d/b", "2"},
			want: Report{Added: []string{"a", "d/b"}},
			left: map[string]string{"a": "1", "d/b": "2"},
		},
		{
			name: "manifest removed", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { remove(t, dir, ManifestPath) },
			next: []string{"a", "1"},
			want: Report{Added: []string{ManifestPath}, Unchanged: []string{"a", SumsPath}},
			left: map[string]string{"a": "1"},
		},
		{
			name: "manifest edited", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, ManifestPath, "{}") },
			next: []string{"a", "1"},
			err:  []string{ManifestPath},
			left: map[string]string{"a": "1"},
		},
		{
			name: "stale and edited", old: []string{"a", "1", "d/b", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "d/b", "mine") },
			next: []string{"a", "2"},
			err:  []string{"d/b"},
			left: map[string]string{"a": "1", "d/b": "mine"},
		},
		{
			name: "edited of all kinds, sorted", old: []string{"a", "1", "c", "1"},
			edit: func(t testing.TB, dir string) {
				put(t, dir, "a", "mine")
				put(t, dir, "b", "mine")
				put(t, dir, "c", "mine")
			},
			next: []string{"b", "2", "c", "2"},
			err:  []string{"a", "b", "c"},
			left: map[string]string{"a": "mine", "b": "mine", "c": "mine"},
		},
		{
			name: "edited, to be kept, and spelled otherwise", old: []string{"profile.yaml", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "profile.yaml", "mine") },
			next: []string{"Profile.yaml", "2"}, opts: Options{Keep: []string{"profile.yaml"}},
			want: Report{Added: []string{"Profile.yaml"}, Removed: []string{"profile.yaml"}},
			left: map[string]string{"Profile.yaml": "2"},
		},
		{
			name: "stale and edited, forced", old: []string{"a", "1", "d/b", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "d/b", "mine") },
			next: []string{"a", "2"}, opts: Options{Force: true},
			want: Report{Changed: []string{"a"}, Removed: []string{"d/b"}},
			left: map[string]string{"a": "2"},
		},
		{
			name: "stale and edited, but to be kept", old: []string{"a", "1", "d/b", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "d/b", "mine") },
			next: []string{"a", "2"}, opts: Options{Force: true, Keep: []string{"d/b"}},
			want: Report{Changed: []string{"a"}},
			left: map[string]string{"a": "2", "d/b": "mine"},
		},
		{
			name: "stale and removed by a person", old: []string{"a", "1", "d/b", "1"},
			edit: func(t testing.TB, dir string) { remove(t, dir, "d/b") }, // the folder stays, empty
			next: []string{"a", "2"},
			want: Report{Changed: []string{"a"}},
			left: map[string]string{"a": "2"},
		},

		{
			name: "a person's files stay", old: []string{"a", "1", "docs/b", "1"},
			edit: func(t testing.TB, dir string) {
				put(t, dir, "notes.txt", "mine")
				put(t, dir, "docs/comments.md", "mine")
				put(t, dir, "logs/deep/run.log", "mine")
			},
			next: []string{"a", "2"},
			want: Report{Changed: []string{"a"}, Removed: []string{"docs/b"}},
			left: map[string]string{"a": "2", "notes.txt": "mine", "docs/comments.md": "mine", "logs/deep/run.log": "mine"},
		},
		{
			name: "a person's file stays among ours, whatever the case of the folder", old: []string{"docs/a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "docs/mine", "mine"); put(t, dir, "Docs/mine too", "mine") },
			next: []string{"docs/a", "2", "docs/b", "2"},
			want: Report{Added: []string{"docs/b"}, Changed: []string{"docs/a"}},
			left: map[string]string{"docs/a": "2", "docs/b": "2", "docs/mine": "mine", "Docs/mine too": "mine"},
		},
		{
			name: "a person's empty folder stays", old: []string{"a", "1", "docs/b", "1"},
			edit: func(t testing.TB, dir string) {
				if err := os.MkdirAll(filepath.Join(dir, "evidence/photos"), 0o755); err != nil {
					t.Fatal(err)
				}
			},
			next: []string{"a", "2", "docs/b", "1"},
			want: Report{Changed: []string{"a"}, Unchanged: []string{"docs/b"}},
			left: map[string]string{"a": "2", "docs/b": "1", "evidence/photos": "/"},
		},
		{
			name: "a person's file in the way", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "b", "mine") },
			next: []string{"a", "1", "b", "2"},
			err:  []string{"b"},
			left: map[string]string{"a": "1", "b": "mine"},
		},
		{
			name: "a person's file in the way, forced", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "b", "mine") },
			next: []string{"a", "1", "b", "2"}, opts: Options{Force: true},
			want: Report{Changed: []string{"b"}, Unchanged: []string{"a"}},
			left: map[string]string{"a": "1", "b": "2"},
		},
		{
			name: "a person's file in the way, to be kept", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "b", "mine") },
			next: []string{"a", "1", "b", "2"}, opts: Options{Keep: []string{"b"}},
			want: Report{Changed: []string{"b"}, Unchanged: []string{"a"}},
			left: map[string]string{"a": "1", "b": "2"},
		},
		{
			name: "a person's file is what is written now", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "b", "2") },
			next: []string{"a", "1", "b", "2"},
			want: Report{Unchanged: []string{"a", "b"}},
			left: map[string]string{"a": "1", "b": "2"},
		},
		{
			name: "a person's file in the way of a folder", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "docs", "mine") },
			next: []string{"a", "1", "docs/b", "2"},
			err:  []string{"docs"},
			left: map[string]string{"a": "1", "docs": "mine"},
		},
		{
			name: "a person's file in the way of a folder, forced", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "docs", "mine") },
			next: []string{"a", "1", "docs/b", "2"}, opts: Options{Force: true},
			want: Report{Added: []string{"docs/b"}, Unchanged: []string{"a"}, Removed: []string{"docs"}},
			left: map[string]string{"a": "1", "docs/b": "2"},
		},
		{
			name: "a person's folder in the way of a file", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "b/c/d", "mine") },
			next: []string{"a", "1", "b", "2"},
			err:  []string{"b/c/d"},
			left: map[string]string{"a": "1", "b/c/d": "mine"},
		},
		{
			name: "an empty folder is not in the way of a file", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) {
				if err := os.MkdirAll(filepath.Join(dir, "b/c"), 0o755); err != nil {
					t.Fatal(err)
				}
			},
			next: []string{"a", "1", "b", "2"},
			want: Report{Added: []string{"b"}, Unchanged: []string{"a"}},
			left: map[string]string{"a": "1", "b": "2"},
		},
		{
			name: "a person's file in the way in another case", old: []string{"a", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "ReadMe.md", "mine") },
			next: []string{"a", "1", "README.md", "2"},
			err:  []string{"ReadMe.md"},
			left: map[string]string{"a": "1", "ReadMe.md": "mine"},
		},
		{
			name: "the same file in another case", old: []string{"a", "1", "README.md", "2"},
			edit: func(t testing.TB, dir string) { remove(t, dir, "README.md"); put(t, dir, "ReadMe.md", "2") },
			next: []string{"a", "1", "README.md", "2"},
			want: Report{Added: []string{"README.md"}, Unchanged: []string{"a", ManifestPath, SumsPath}, Removed: []string{"ReadMe.md"}},
			left: map[string]string{"a": "1", "README.md": "2"},
		},

		{
			name: "signed and unchanged", old: script,
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-X\r\n"+block) },
			next: []string{"a.ps1", "Set-X\r\n", "b.md", "2"},
			want: Report{Changed: []string{"b.md"}, Unchanged: []string{"a.ps1"}},
			left: map[string]string{"a.ps1": "Set-X\r\n" + block, "b.md": "2"},
		},
		{
			name: "signed, nothing changes", old: script,
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-X\r\n"+block) },
			next: script,
			want: Report{Unchanged: []string{"a.ps1", "b.md", ManifestPath, SumsPath}},
			left: map[string]string{"a.ps1": "Set-X\r\n" + block, "b.md": "1"},
		},
		{
			name: "signed and changed", old: script,
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-X\r\n"+block) },
			next: newScript,
			want: Report{Changed: []string{"a.ps1"}, Unchanged: []string{"b.md"}, Unsigned: []string{"a.ps1"}},
			left: map[string]string{"a.ps1": "Set-Y\r\n", "b.md": "1"},
		},
		{
			name: "written with a signature", old: []string{"a.ps1", "Set-X\r\n" + block, "b.md", "1"}, edit: none,
			next: []string{"a.ps1", "Set-Y\r\n" + block, "b.md", "1"},
			want: Report{Changed: []string{"a.ps1"}, Unchanged: []string{"b.md"}}, // nothing to be signed again
			left: map[string]string{"a.ps1": "Set-Y\r\n" + block, "b.md": "1"},
		},
		{
			name: "signed and stale", old: script,
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-X\r\n"+block) },
			next: []string{"b.md", "1"},
			want: Report{Unchanged: []string{"b.md"}, Removed: []string{"a.ps1"}},
			left: map[string]string{"b.md": "1"},
		},
		{
			name: "edited, then signed", old: script,
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-Z\r\n"+block) },
			next: script,
			err:  []string{"a.ps1"},
			left: map[string]string{"a.ps1": "Set-Z\r\n" + block, "b.md": "1"},
		},
		{
			name: "edited into what is written now, then signed", old: script,
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-Y\r\n"+block) },
			next: newScript,
			want: Report{Unchanged: []string{"a.ps1", "b.md"}},
			left: map[string]string{"a.ps1": "Set-Y\r\n" + block, "b.md": "1"},
		},
		{
			name: "a person's signed script is what is written now", old: []string{"b.md", "1"},
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-X\r\n"+block) },
			next: script,
			want: Report{Unchanged: []string{"a.ps1", "b.md"}},
			left: map[string]string{"a.ps1": "Set-X\r\n" + block, "b.md": "1"},
		},
		{
			name: "signed, then code appended", old: script,
			edit: func(t testing.TB, dir string) { put(t, dir, "a.ps1", "Set-X\r\n"+block+"Remove-X\r\n") },
			next: script,
			err:  []string{"a.ps1"},
			left: map[string]string{"a.ps1": "Set-X\r\n" + block + "Remove-X\r\n", "b.md": "1"},
		},
		{
			name: "a block in a file that is no script", old: []string{"a.md", "x"},
			edit: func(t testing.TB, dir string) { put(t, dir, "a.md", "x"+block) },
			next: []string{"a.md", "x"},
			err:  []string{"a.md"},
			left: map[string]string{"a.md": "x" + block},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "agency-r3")
			mustWrite(t, dir, sealed(t, c.old...), Options{})
			c.edit(t, dir)
			next, before := sealed(t, c.next...), snapshot(t, dir)

			dry := c.opts
			dry.DryRun = true
			dryReport, dryErr := Write(dir, next, dry)
			if after := snapshot(t, dir); !slices.Equal(before, after) {
				t.Fatalf("a dry run changed\n%s\nto\n%s", before, after)
			}
			wantEntries(t, parent, "agency-r3")
			report, err := Write(dir, next, c.opts)
			wantEntries(t, parent, "agency-r3")
			if fmt.Sprint(err) != fmt.Sprint(dryErr) {
				t.Errorf("dry run: error %v, then %v", dryErr, err)
			}
			if got := files(t, dir); !maps.Equal(got, c.left) {
				t.Errorf("left are\n%q\nwant\n%q", got, c.left)
			}
			if len(c.err) > 0 {
				checkEdited(t, err, dir, c.err)
				if after := snapshot(t, dir); !slices.Equal(before, after) {
					t.Errorf("a refused write changed\n%s\nto\n%s", before, after)
				}
				if !reflect.DeepEqual(report, Report{}) {
					t.Errorf("report of a refused write: %+v", report)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := complete(c.want, dir)
			if !reflect.DeepEqual(report, want) {
				t.Errorf("report\n%+v\nwant\n%+v", report, want)
			}
			want.DryRun = true
			if !reflect.DeepEqual(dryReport, want) {
				t.Errorf("dry report\n%+v\nwant\n%+v", dryReport, want)
			}
			checkUntouchedPack(t, dir, next)
			settled := snapshot(t, dir)
			again := mustWrite(t, dir, next, Options{})
			if len(again.Added)+len(again.Changed)+len(again.Removed)+len(again.Unsigned) > 0 || !slices.Equal(settled, snapshot(t, dir)) {
				t.Errorf("a second write changes: %+v", again)
			}
		})
	}
}

// complete fills in what is the same in most reports: the manifest and the sums change.
func complete(r Report, dir string) Report {
	r.Dir = dir
	for _, p := range []string{ManifestPath, SumsPath} {
		if !slices.Contains(slices.Concat(r.Added, r.Changed, r.Unchanged), p) {
			r.Changed = append(r.Changed, p)
		}
	}
	for _, list := range [][]string{r.Added, r.Changed, r.Unchanged, r.Removed} {
		slices.Sort(list)
	}
	return r
}

func checkEdited(t *testing.T, err error, dir string, paths []string) {
	t.Helper()
	edited, ok := errors.AsType[*EditedError](err)
	if !ok || edited.Dir != dir || !slices.Equal(edited.Paths, paths) {
		t.Fatalf("error %v, want an EditedError of %s with %q", err, dir, paths)
	}
	for _, p := range paths {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("the message does not name %s: %v", p, err)
		}
	}
}

// checkUntouchedPack reads dir back: it must be what was written, scripts perhaps signed.
func checkUntouchedPack(t *testing.T, dir string, want []File) {
	t.Helper()
	p, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Missing) > 0 {
		t.Errorf("missing %q", p.Missing)
	}
	for _, path := range p.Edited { // none but those that were carried
		if slices.ContainsFunc(want, func(f File) bool { return f.Path == path }) {
			t.Errorf("edited %q", path)
		}
	}
	for i := range want {
		if i < len(p.Files) && slices.Contains(p.Signed, want[i].Path) {
			p.Files[i].Data = want[i].Data
		}
	}
	if !reflect.DeepEqual(p.Files, want) {
		t.Errorf("read\n%s\nwritten\n%s", p.Files, want)
	}
}

func TestWriteNew(t *testing.T) {
	for _, c := range []struct{ name, dir string }{
		{"beside nothing", "pack"},
		{"below folders that are not there", "a/b/pack"},
		{"with a long name", strings.Repeat("long", 60)},
		{"with a long name in UTF-8", strings.Repeat("a", 99) + strings.Repeat("ü", 50)},
		{"with a star", "a*b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Contains(c.dir, "*") && runtime.GOOS == "windows" {
				t.Skip("no such name on Windows")
			}
			parent := t.TempDir()
			dir := filepath.Join(parent, c.dir)
			next := sealed(t, "README.md", "1", "docs/a", "2")
			want := Report{Dir: dir, Added: []string{"README.md", SumsPath, "docs/a", ManifestPath}, DryRun: true}
			dry, err := Write(dir, next, Options{DryRun: true})
			if err != nil || !reflect.DeepEqual(dry, want) {
				t.Errorf("%v: report\n%+v\nwant\n%+v", err, dry, want)
			}
			wantEntries(t, parent)
			want.DryRun = false
			if got := mustWrite(t, dir, next, Options{}); !reflect.DeepEqual(got, want) {
				t.Errorf("report\n%+v\nwant\n%+v", got, want)
			}
			checkUntouchedPack(t, dir, next)
			wantEntries(t, filepath.Dir(dir), filepath.Base(dir))
		})
	}
}

func TestWriteIntoEmptyFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "pack")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	next := sealed(t, "a", "1")
	if got := mustWrite(t, dir, next, Options{}); len(got.Added) != 3 {
		t.Errorf("report %+v", got)
	}
	checkUntouchedPack(t, dir, next)
	wantEntries(t, parent, "pack")
}

// The path may be relative, and is reported as it was given.
func TestWriteRelative(t *testing.T) {
	parent := t.TempDir()
	t.Chdir(parent)
	next := sealed(t, "a", "1")
	if got := mustWrite(t, "x/../pack/.", next, Options{}); got.Dir != "x/../pack/." {
		t.Errorf("report %+v", got)
	}
	checkUntouchedPack(t, filepath.Join(parent, "pack"), next)
	wantEntries(t, parent, "pack")
}

func TestWriteModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	dir := filepath.Join(t.TempDir(), "above", "pack")
	mustWrite(t, dir, sealed(t, "d/a", "1"), Options{})
	check := func() {
		t.Helper()
		for p, want := range map[string]fs.FileMode{"": 0o700, "d": 0o700, "d/a": 0o600, ManifestPath: 0o600, SumsPath: 0o600} {
			if got := stat(t, filepath.Join(dir, p)).Mode().Perm(); got != want {
				t.Errorf("mode of %q is %o, want %o", p, got, want)
			}
		}
	}
	check()
	if got := stat(t, filepath.Dir(dir)).Mode().Perm(); got&0o700 != 0o700 || got&0o022 != 0 {
		t.Errorf("mode of the folder above is %o", got)
	}
	for _, p := range []string{"", "d", "d/a"} {
		if err := os.Chmod(filepath.Join(dir, p), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	mustWrite(t, dir, sealed(t, "d/a", "1", "b", "2"), Options{})
	check()
}

func stat(t testing.TB, name string) fs.FileInfo {
	t.Helper()
	info, err := os.Lstat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// What a person keeps in a pack is the same file afterwards: its times and its mode
// stay, and a script that is writing its log goes on in it.
func TestWriteKeepsTheFileItself(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	mustWrite(t, dir, sealed(t, "a", "1"), Options{})
	put(t, dir, "logs/run.log", "begin\n")
	name := filepath.Join(dir, "logs", "run.log")
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	log, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	before := stat(t, name)
	mustWrite(t, dir, sealed(t, "a", "2"), Options{})
	after := stat(t, name)
	if !os.SameFile(before, after) || before.Mode() != after.Mode() || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("before %v %v, after %v %v", before.Mode(), before.ModTime(), after.Mode(), after.ModTime())
	}
	if _, err := log.WriteString("end\n"); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir)["logs/run.log"]; got != "begin\nend\n" {
		t.Errorf("log is %q", got)
	}
}

func TestCopyFile(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "from", "text")
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	if err := os.Chmod(from, 0o400); err != nil {
		t.Fatal(err)
	}
	long := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.Chtimes(from, long, long); err != nil {
		t.Fatal(err)
	}
	if err := copyFile(from, to, stat(t, from)); err != nil {
		t.Fatal(err)
	}
	a, b := stat(t, from), stat(t, to)
	if contents(t, dir)["to"] != "text" || a.Mode() != b.Mode() || !a.ModTime().Equal(b.ModTime()) || os.SameFile(a, b) {
		t.Errorf("copied %v %v to %v %v", a.Mode(), a.ModTime(), b.Mode(), b.ModTime())
	}
	if err := copyFile(from, to, a); !errors.Is(err, fs.ErrExist) {
		t.Errorf("copying over a file: error %v", err)
	}
}

func TestWriteLinks(t *testing.T) {
	link := func(t *testing.T, to, name string) {
		t.Helper()
		if err := os.Symlink(to, name); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	t.Run("to the pack", func(t *testing.T) {
		parent := t.TempDir()
		target := filepath.Join(parent, "elsewhere", "pack")
		mustWrite(t, target, sealed(t, "a", "1"), Options{})
		dir := filepath.Join(parent, "link")
		link(t, target, dir)
		next := sealed(t, "a", "2")
		if got := mustWrite(t, dir, next, Options{}); got.Dir != dir || !slices.Contains(got.Changed, "a") {
			t.Errorf("report %+v", got)
		}
		if stat(t, dir).Mode()&fs.ModeSymlink == 0 {
			t.Error("the link was replaced")
		}
		checkUntouchedPack(t, target, next)
		checkUntouchedPack(t, dir, next)
		wantEntries(t, filepath.Dir(target), "pack")
		wantEntries(t, parent, "elsewhere", "link")
	})
	t.Run("to nothing", func(t *testing.T) {
		parent := t.TempDir()
		link(t, filepath.Join(parent, "gone"), filepath.Join(parent, "link"))
		for _, dir := range []string{"link", "link/pack"} {
			for _, dry := range []bool{true, false} {
				if _, err := Write(filepath.Join(parent, dir), sealed(t, "a", "1"), Options{DryRun: dry}); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("error %v", err)
				}
			}
		}
		wantEntries(t, parent, "link")
	})
	t.Run("in the pack", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "pack")
		mustWrite(t, dir, sealed(t, "a", "1"), Options{})
		link(t, "../outside", filepath.Join(dir, "mine"))
		mustWrite(t, dir, sealed(t, "a", "2"), Options{})
		if got := files(t, dir); got["mine"] != "-> ../outside" {
			t.Errorf("left are %q", got)
		}
	})
	t.Run("in the place of a file", func(t *testing.T) {
		parent := t.TempDir()
		dir := filepath.Join(parent, "pack")
		mustWrite(t, dir, sealed(t, "a", "1"), Options{})
		put(t, parent, "outside", "1")
		remove(t, dir, "a")
		link(t, "../outside", filepath.Join(dir, "a"))
		_, err := Write(dir, sealed(t, "a", "1", "b", "1"), Options{})
		checkEdited(t, err, dir, []string{"a"})
		mustWrite(t, dir, sealed(t, "a", "2"), Options{Force: true})
		if got := files(t, parent); got["pack/a"] != "2" || got["outside"] != "1" {
			t.Errorf("left are %q", got)
		}
	})
	t.Run("in the place of the sums", func(t *testing.T) {
		parent := t.TempDir()
		dir := filepath.Join(parent, "pack")
		mustWrite(t, dir, sealed(t, "a", "1"), Options{})
		if err := os.Rename(filepath.Join(dir, SumsPath), filepath.Join(parent, "sums")); err != nil {
			t.Fatal(err)
		}
		link(t, "../sums", filepath.Join(dir, SumsPath))
		_, err := Write(dir, sealed(t, "a", "2"), Options{Force: true})
		checkStranger(t, err, dir, "it has no SHA256SUMS")
	})
	t.Run("in the place of an empty file", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "pack")
		mustWrite(t, dir, sealed(t, "a", ""), Options{})
		remove(t, dir, "a")
		link(t, "nowhere", filepath.Join(dir, "a"))
		_, err := Write(dir, sealed(t, "a", ""), Options{})
		checkEdited(t, err, dir, []string{"a"})
	})
	t.Run("in the place of a folder", func(t *testing.T) {
		parent := t.TempDir()
		dir := filepath.Join(parent, "pack")
		mustWrite(t, dir, sealed(t, "d/a", "1"), Options{})
		put(t, parent, "outside/a", "1")
		remove(t, dir, "d")
		link(t, "../outside", filepath.Join(dir, "d"))
		_, err := Write(dir, sealed(t, "d/a", "2"), Options{})
		checkEdited(t, err, dir, []string{"d"})
		mustWrite(t, dir, sealed(t, "d/a", "2"), Options{Force: true})
		if got := files(t, parent); got["pack/d/a"] != "2" || got["outside/a"] != "1" {
			t.Errorf("left are %q", got)
		}
	})
}

// A folder that is none of ours is not touched, with Force or without.
func TestWriteStranger(t *testing.T) {
	d := strings.Repeat("ab", 32)
	for _, c := range []struct {
		name  string
		files []string
		want  string
	}{
		{"some file", []string{"thesis.docx", "x"}, "it has no SHA256SUMS"},
		{"only a folder", []string{"photos/1.jpg", "x"}, "it has no SHA256SUMS"},
		{"sums in a folder below", []string{"d/SHA256SUMS", d + "  manifest.json\n"}, "it has no SHA256SUMS"},
		{"SHA256SUMS is a folder", []string{"SHA256SUMS/x", "x"}, "it has no SHA256SUMS"},
		{"empty sums", []string{"SHA256SUMS", ""}, "line 1 is not"},
		{"other text", []string{"SHA256SUMS", "hello\n"}, "line 1 is not"},
		{"sums that lead out", []string{"SHA256SUMS", d + "  manifest.json\n" + d + "  ../a\n"}, `has the element ".."`},
		{"of another program", []string{"SHA256SUMS", sum("x") + "  debian.iso\n", "debian.iso", "x"}, "does not list manifest.json"},
		{"with another manifest", []string{"SHA256SUMS", sum(`{"manifest_version":3}`) + "  manifest.json\n", "manifest.json", `{"manifest_version":3}`}, "not that of an exoplan change pack"},
		{"with a manifest that is no JSON", []string{"SHA256SUMS", sum(`x`) + "  manifest.json\n", "manifest.json", `x`}, "manifest.json: invalid character"},
		{"of a newer version", packOfFormat("2"), "format 2 is not known here"},
		{"of no version", packOfFormat("0"), "format 0 is not known here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "stranger")
			for f := range slices.Chunk(c.files, 2) {
				put(t, dir, f[0], f[1])
			}
			before := snapshot(t, dir)
			for _, o := range []Options{{}, {Force: true}, {DryRun: true}, {Force: true, DryRun: true}} {
				_, err := Write(dir, sealed(t, "a", "1"), o)
				checkStranger(t, err, dir, c.want)
			}
			_, err := Read(dir)
			checkStranger(t, err, dir, c.want)
			if after := snapshot(t, dir); !slices.Equal(before, after) {
				t.Errorf("changed\n%s\nto\n%s", before, after)
			}
			wantEntries(t, parent, "stranger")
		})
	}
}

func packOfFormat(format string) []string {
	list := `{"kind":"exoplan change pack","format":` + format + `}`
	return []string{"SHA256SUMS", sum(list) + "  manifest.json\n", "manifest.json", list}
}

func checkStranger(t *testing.T, err error, dir, want string) {
	t.Helper()
	stranger, ok := errors.AsType[*NotAPackError](err)
	if !ok || stranger.Dir != dir || !strings.Contains(err.Error(), dir+" is not empty and not a pack of exoplan: ") || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want a NotAPackError of %s with %q", err, dir, want)
	}
}

func TestWriteRefusesUnsealed(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func([]File) []File
		want string
	}{
		{"no files", func([]File) []File { return nil }, "there is no SHA256SUMS"},
		{"sums that are none", func(f []File) []File { f[0].Data = []byte("x"); return f }, "line 1 is not"},
		{"changed", func(f []File) []File { f[1].Data = []byte("2"); return f }, "a was added or changed since"},
		{"added", func(f []File) []File { return append(f, File{Path: "b"}) }, "b was added or changed since"},
		{"removed", func(f []File) []File { return slices.Delete(f, 1, 2) }, "a is gone"},
		{"given twice", func(f []File) []File { return append(f, f[1]) }, `"a" is given twice`},
		{"sums given twice", func(f []File) []File { return append(f, f[0]) }, `"SHA256SUMS" is given twice`},
		{"bad path", func(f []File) []File { return append(f, File{Path: "../x"}) }, `has the element ".."`},
		{"sealed by another", func([]File) []File {
			return []File{{Path: ManifestPath, Data: []byte("{}")}, {Path: SumsPath, Data: []byte(sum("{}") + "  manifest.json\n")}}
		}, "not that of an exoplan change pack"},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			for _, dry := range []bool{true, false} {
				_, err := Write(filepath.Join(parent, "pack"), c.edit(sealed(t, "a", "1")), Options{DryRun: dry})
				if err == nil || !strings.HasPrefix(err.Error(), "write pack: the files are not sealed: ") || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q", err, c.want)
				}
			}
			wantEntries(t, parent)
		})
	}
}

// Where no folder can be, the error comes before anything is made, in a dry run too.
func TestWriteWhereNoFolderCanBe(t *testing.T) {
	for _, c := range []struct{ name, dir, want string }{
		{"a file", "file", "is not a folder"},
		{"below a file", "file/pack", "file"},
		{"far below a file", "file/a/b/pack", "file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			put(t, parent, "file", "x")
			for _, o := range []Options{{}, {Force: true}, {DryRun: true}} {
				if _, err := Write(filepath.Join(parent, filepath.FromSlash(c.dir)), sealed(t, "a", "1"), o); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q", err, c.want)
				}
			}
			if got := files(t, parent); !maps.Equal(got, map[string]string{"file": "x"}) {
				t.Errorf("left are %q", got)
			}
		})
	}
	if _, err := Write("", sealed(t, "a", "1"), Options{}); err == nil {
		t.Error("no error without a folder")
	}
}

// A folder that cannot be moved is left as it was: here the step that moves the new
// pack into its place fails.
func TestWriteFailingSwap(t *testing.T) {
	broken := errors.New("no space for a name")
	parent := t.TempDir()
	dir := filepath.Join(parent, "pack")
	mustWrite(t, dir, sealed(t, "a", "1"), Options{})
	put(t, dir, "notes", "mine")
	before := snapshot(t, dir)
	for _, c := range []struct {
		name string
		fail func(call int) bool
		left bool // the old pack is not put back
	}{
		{"first step", func(call int) bool { return call == 1 }, false},
		{"second step", func(call int) bool { return call == 2 }, false},
		{"second step and the way back", func(call int) bool { return call >= 2 }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			rename := func(from, to string) error {
				if calls++; c.fail(calls) {
					return broken
				}
				return os.Rename(from, to)
			}
			w := newWriter(dir, sealed(t, "a", "2"), Options{})
			w.swap = func(made string, at place) (string, error) { return swapByRename(rename, made, at) }
			r, err := w.write()
			if !errors.Is(err, broken) || !reflect.DeepEqual(r, Report{}) {
				t.Fatalf("error %v, report %+v", err, r)
			}
			if c.left {
				old := restore(t, parent, dir)
				if !strings.Contains(err.Error(), "the old pack is left in "+old) {
					t.Errorf("the error does not say where the old pack is, %s: %v", old, err)
				}
			}
			if after := snapshot(t, dir); !slices.Equal(before, after) {
				t.Errorf("changed\n%s\nto\n%s", before, after)
			}
			wantEntries(t, parent, "pack")
		})
	}
}

// restore moves the one thing in parent to dir and returns where it was.
func restore(t *testing.T, parent, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(parent)
	if err != nil || len(entries) != 1 {
		t.Fatalf("in %s: %v, %v", parent, entries, err)
	}
	old := filepath.Join(parent, entries[0].Name())
	if !strings.HasPrefix(entries[0].Name(), ".pack.exoplan-") {
		t.Errorf("%s does not tell whose it is", old)
	}
	if err := os.Rename(old, dir); err != nil {
		t.Fatal(err)
	}
	return old
}

// The folders above that were made for a pack go with it.
func TestWriteFailingSwapOfNewPack(t *testing.T) {
	broken := errors.New("broken")
	parent := t.TempDir()
	put(t, parent, "x/mine", "mine")
	for _, dir := range []string{"pack", "x/y/z/pack"} {
		w := newWriter(filepath.Join(parent, dir), sealed(t, "a", "1"), Options{})
		w.swap = func(string, place) (string, error) { return "", broken }
		if _, err := w.write(); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
	if got := contents(t, parent); !maps.Equal(got, map[string]string{"x": "/", "x/mine": "mine"}) {
		t.Errorf("left are %q", got)
	}
}

// The way without an exchange does what the other does.
func TestWriteByRename(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "pack")
	for _, content := range []string{"1", "2"} {
		next := sealed(t, "a", content)
		w := newWriter(dir, next, Options{})
		w.swap = func(made string, at place) (string, error) { return swapByRename(os.Rename, made, at) }
		if _, err := w.write(); err != nil {
			t.Fatal(err)
		}
		checkUntouchedPack(t, dir, next)
		wantEntries(t, parent, "pack")
	}
}

// Somebody puts a folder where the new pack is to be, at the last moment.
func TestSwapDoesNotReplaceWhatWasNotThere(t *testing.T) {
	parent := t.TempDir()
	put(t, parent, "made/a", "1")
	put(t, parent, "pack/mine", "mine")
	if _, err := swap(filepath.Join(parent, "made"), place{root: filepath.Join(parent, "pack")}); err == nil {
		t.Error("no error")
	}
	if got := files(t, parent); !maps.Equal(got, map[string]string{"made/a": "1", "pack/mine": "mine"}) {
		t.Errorf("left are %q", got)
	}
}

// What a person does while the new pack is being built is not lost.
func TestWriteNoticesWorkMeanwhile(t *testing.T) {
	old := map[string]string{"a": "1", "profile.yaml": "mine", "run.log": "begin"}
	for _, c := range []struct {
		name    string
		work    func(t testing.TB, dir string)
		stopped bool
		left    map[string]string // over what was there, or what is written
	}{
		{"nothing", func(testing.TB, string) {}, false, nil},
		{"a file is added", func(t testing.TB, dir string) { put(t, dir, "notes", "mine") }, true, map[string]string{"notes": "mine"}},
		{"a file is edited", func(t testing.TB, dir string) { put(t, dir, "a", "mine") }, true, map[string]string{"a": "mine"}},
		{"the profile is edited again", func(t testing.TB, dir string) { put(t, dir, "profile.yaml", "2nd") }, true, map[string]string{"profile.yaml": "2nd"}},
		{"a log grows", func(t testing.TB, dir string) { put(t, dir, "run.log", "begin, end") }, false, map[string]string{"run.log": "begin, end"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "pack")
			mustWrite(t, dir, sealed(t, "a", "1", "profile.yaml", "1"), Options{})
			put(t, dir, "profile.yaml", "mine")
			put(t, dir, "run.log", "begin")
			w := newWriter(dir, sealed(t, "a", "2", "profile.yaml", "2"), Options{Keep: []string{"profile.yaml"}})
			w.fill = andThen(w.fill, func() { c.work(t, dir) })
			_, err := w.write()
			want := map[string]string{"a": "2", "profile.yaml": "2", "run.log": "begin"}
			if c.stopped {
				want = maps.Clone(old)
			}
			maps.Copy(want, c.left)
			if got := files(t, dir); (err != nil) != c.stopped || !maps.Equal(got, want) {
				t.Errorf("error %v, left are %q, want %q", err, got, want)
			}
			wantEntries(t, parent, "pack")
		})
	}
}

// What appears in the place of a new pack is not replaced, and what disappears is not
// taken for an empty folder.
func TestWriteNoticesAppearing(t *testing.T) {
	for _, c := range []struct {
		name         string
		before, work func(t testing.TB, dir string)
		left         map[string]string
	}{
		{
			"a pack appears", func(testing.TB, string) {},
			func(t testing.TB, dir string) { mustWrite(t, dir, sealed(t, "a", "mine"), Options{}) },
			map[string]string{"pack/a": "mine"},
		},
		{
			"a folder appears", func(testing.TB, string) {},
			func(t testing.TB, dir string) { put(t, dir, "thesis.docx", "mine") },
			map[string]string{"pack/thesis.docx": "mine"},
		},
		{
			"a file appears", func(testing.TB, string) {},
			func(t testing.TB, dir string) { put(t, filepath.Dir(dir), "pack", "mine") },
			map[string]string{"pack": "mine"},
		},
		{
			"the pack disappears",
			func(t testing.TB, dir string) { mustWrite(t, dir, sealed(t, "a", "1"), Options{}) },
			func(t testing.TB, dir string) { remove(t, dir, "") },
			map[string]string{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "pack")
			c.before(t, dir)
			w := newWriter(dir, sealed(t, "a", "2"), Options{})
			w.fill = andThen(w.fill, func() { c.work(t, dir) })
			if _, err := w.write(); err == nil {
				t.Error("no error")
			}
			got := files(t, parent)
			maps.DeleteFunc(got, func(p, _ string) bool { return p == "pack/"+ManifestPath || p == "pack/"+SumsPath })
			if !maps.Equal(got, c.left) {
				t.Errorf("left are %q, want %q", got, c.left)
			}
		})
	}
}

func andThen(fill func(string, place, plan) error, work func()) func(string, place, plan) error {
	return func(made string, at place, p plan) error {
		err := fill(made, at, p)
		work()
		return err
	}
}

// The order of the files given is no matter.
func TestWriteSorts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	mustWrite(t, dir, sealed(t, "a", "1", "b", "1", "c", "1", "d", "1"), Options{})
	next := sealed(t, "a", "2", "b", "2", "c", "1", "d", "1", "e", "1", "f", "1")
	slices.Reverse(next)
	want := complete(Report{Added: []string{"e", "f"}, Changed: []string{"a", "b"}, Unchanged: []string{"c", "d"}}, dir)
	if got := mustWrite(t, dir, next, Options{}); !reflect.DeepEqual(got, want) {
		t.Errorf("report\n%+v\nwant\n%+v", got, want)
	}
}

func TestEditedErrorMessage(t *testing.T) {
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{[]string{"a"}, "1 file was edited since out was written: a"},
		{[]string{"a", "b/c"}, "2 files were edited since out was written: a, b/c"},
	} {
		if got := (&EditedError{Dir: "out", Paths: c.paths}).Error(); got != c.want {
			t.Errorf("message %q, want %q", got, c.want)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	var contents [2][]File
	for i := range contents {
		var in []string
		for n := range 60 {
			in = append(in, fmt.Sprintf("d%d/file%d.md", n%6, n), string(bytes.Repeat([]byte{'a' + byte(i)}, 20<<10)))
		}
		contents[i] = sealed(b, in...)
	}
	dir := filepath.Join(b.TempDir(), "pack")
	b.Run("changed", func(b *testing.B) {
		b.SetBytes(60 * 20 << 10)
		for i := 0; b.Loop(); i++ {
			mustWrite(b, dir, contents[i%2], Options{})
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		b.SetBytes(60 * 20 << 10)
		mustWrite(b, dir, contents[0], Options{})
		for b.Loop() {
			mustWrite(b, dir, contents[0], Options{})
		}
	})
}
