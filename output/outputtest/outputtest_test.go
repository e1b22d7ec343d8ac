package outputtest

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output"
)

// recorder is a test that writes down what it is told. Fatal ends it with a panic,
// which recorded stops.
type recorder struct {
	testing.TB
	errors []string
	fatal  string
}

func (r *recorder) Helper() {}

func (r *recorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }

func (r *recorder) Fatal(args ...any) {
	r.fatal = fmt.Sprint(args...)
	panic(r)
}

func (r *recorder) Fatalf(format string, args ...any) { r.Fatal(fmt.Sprintf(format, args...)) }

// recorded runs Tree and returns what it said.
func recorded(t *testing.T, golden string, files []output.File) (r *recorder) {
	t.Helper()
	r = &recorder{TB: t}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
	}()
	Tree(r, golden, files)
	return r
}

func rendered(contents ...string) []output.File {
	var files []output.File
	for c := range slices.Chunk(contents, 2) {
		files = append(files, output.File{Path: c[0], Data: []byte(c[1])})
	}
	return files
}

func golden(t *testing.T, contents ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range rendered(contents...) {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTree(t *testing.T) {
	for _, c := range []struct {
		name       string
		want, got  []string
		complaints []string // GOLDEN stands for the folder
	}{
		{"nothing", nil, nil, nil},
		{"equal", []string{"a", "1", "d/b", "2"}, []string{"d/b", "2", "a", "1"}, nil},
		{"missing", []string{"a", "1"}, []string{"a", "1", "d/b", "2"}, []string{"d/b: rendered, but not in GOLDEN"}},
		{"unexpected", []string{"a", "1", "d/b", "2"}, []string{"a", "1"}, []string{"d/b: in GOLDEN, but not rendered"}},
		{"unexpected and empty", []string{"a", ""}, nil, []string{"a: in GOLDEN, but not rendered"}},
		{"differing", []string{"a", "1\n2\n3\n"}, []string{"a", "1\nx\n3\n"}, []string{"a: differs from GOLDEN\n  want    2 | 2\n  got     2 | x"}},
		{
			"all three, sorted",
			[]string{"c", "1\n", "b", "1\n"},
			[]string{"a", "1\n", "c", "2\n"},
			[]string{"a: rendered, but not in GOLDEN", "b: in GOLDEN, but not rendered", "c: differs from GOLDEN\n  want    1 | 1\n  got     1 | 2"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := golden(t, c.want...)
			before := mustRead(t, dir)
			r := recorded(t, dir, rendered(c.got...))
			for i := range r.errors {
				r.errors[i] = strings.ReplaceAll(r.errors[i], dir, "GOLDEN")
			}
			if !slices.Equal(r.errors, c.complaints) || r.fatal != "" {
				t.Errorf("complaints\n%s\nwant\n%s\nfatal %s", strings.Join(r.errors, "\n"), strings.Join(c.complaints, "\n"), r.fatal)
			}
			if after := mustRead(t, dir); !maps.Equal(before, after) {
				t.Errorf("without -update the golden files changed to %q", after)
			}
		})
	}
}

func TestTreeStops(t *testing.T) {
	for _, c := range []struct {
		name, golden string
		files        []output.File
		want         string
	}{
		{"no golden folder", filepath.Join(t.TempDir(), "new-case"), nil, "a new case? run go test with -update"},
		{"folder of the test", ".", nil, `golden folder ".": want a folder of its own`},
		{"no name", "", nil, `golden folder "": want`},
		{"above the test", "../golden", nil, `golden folder "../golden": want`},
		{"out by a detour", "testdata/../..", nil, "want a folder of its own"},
		{"root", string(filepath.Separator), nil, "want a folder of its own"},
		{"rendered twice", t.TempDir(), rendered("a", "1", "a", "1"), "a: rendered twice"},
		{"out of the folder", t.TempDir(), rendered("../a", "1"), `"../a": not a path of a file below`},
		{"absolute", t.TempDir(), rendered("/a", "1"), `"/a": not a path`},
		{"the folder itself", t.TempDir(), rendered(".", "1"), `".": not a path`},
		{"both at once", t.TempDir(), rendered("../a", "1", "b", "1", "b", "2"), "\nb: rendered twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := recorded(t, c.golden, c.files)
			if !strings.Contains(r.fatal, c.want) || len(r.errors) > 0 {
				t.Errorf("fatal %q, want %q; errors %q", r.fatal, c.want, r.errors)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	if flag.Lookup("update") == nil {
		t.Fatal("the flag is not registered")
	}
	set := func(value string) {
		if err := flag.Set("update", value); err != nil {
			t.Fatal(err)
		}
	}
	was := flag.Lookup("update").Value.String()
	t.Cleanup(func() { set(was) })
	for _, c := range []struct {
		name     string
		old, new []string
	}{
		{"new case", nil, []string{"a", "1", "d/e/b", "2\r\n"}},
		{"changed", []string{"a", "1"}, []string{"a", "2"}},
		{"stale files and folders", []string{"a", "1", "d/e/b", "1", "d/c", "1"}, []string{"a", "1", "d/c", "1"}},
		{"a file becomes a folder", []string{"a", "1"}, []string{"a/b", "1"}},
		{"a folder becomes a file", []string{"a/b/c", "1", "a/d", "1"}, []string{"a", "1"}},
		{"nothing is rendered any more", []string{"a/b", "1"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := golden(t, c.old...)
			set("true")
			if r := recorded(t, dir, rendered(c.new...)); r.fatal != "" || len(r.errors) > 0 {
				t.Fatalf("fatal %q, errors %q", r.fatal, r.errors)
			}
			set("false")
			if r := recorded(t, dir, rendered(c.new...)); r.fatal != "" || len(r.errors) > 0 {
				t.Errorf("after the update: fatal %q, errors %q", r.fatal, r.errors)
			}
			if empty := emptyFolders(t, dir); len(empty) > 0 {
				t.Errorf("left are the empty folders %q", empty)
			}
		})
	}
	t.Run("what is equal is not touched", func(t *testing.T) {
		dir := golden(t, "a", "1", "b", "1")
		long := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		if err := os.Chtimes(filepath.Join(dir, "a"), long, long); err != nil {
			t.Fatal(err)
		}
		set("true")
		recorded(t, dir, rendered("a", "1", "b", "2"))
		info, err := os.Stat(filepath.Join(dir, "a"))
		if err != nil || !info.ModTime().Equal(long) {
			t.Errorf("a was written: %v, %v", info.ModTime(), err)
		}
	})
	t.Run("where it must not be", func(t *testing.T) {
		set("true")
		for _, dir := range []string{".", "..", "../outputtest"} {
			if r := recorded(t, dir, nil); r.fatal == "" {
				t.Fatalf("%s was emptied", dir)
			}
		}
	})
	t.Run("a file in its place", func(t *testing.T) {
		dir := golden(t, "a", "1")
		set("true")
		if r := recorded(t, filepath.Join(dir, "a"), nil); !strings.HasPrefix(r.fatal, "update ") {
			t.Errorf("fatal %q", r.fatal)
		}
	})
}

func emptyFolders(t *testing.T, dir string) []string {
	t.Helper()
	var empty []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if !e.IsDir() {
			continue
		}
		if below, err := os.ReadDir(name); err != nil || len(below) == 0 {
			empty = append(empty, name)
		}
		empty = append(empty, emptyFolders(t, name)...)
	}
	return empty
}

func mustRead(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := read(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for p, data := range files {
		all[p] = string(data)
	}
	return all
}

func TestDiff(t *testing.T) {
	numbered := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintf(&b, "line %d\n", i)
		}
		return b.String()
	}
	for _, c := range []struct {
		name      string
		want, got string
		diff      []string
	}{
		{"line ends", "a\r\nb\r\n", "a\r\nb\n", []string{`  want    2 | b\r`, `  got     2 | b`}},
		{"tab", "a\tb\n", "a    b\n", []string{`  want    1 | a\tb`, `  got     1 | a    b`}},
		{"line feed at the end", "a\nb\n", "a\nb", []string{"  want    2 | b", "  got     2 | b (no line feed)"}},
		{"line too many", "a\nb\n", "a\nx\nb\n", []string{"  want    2 | (nothing)", "  got     2 | x"}},
		{"line too few at the end", "a\nb\n", "a\n", []string{"  want    2 | b", "  got     2 | (nothing)"}},
		{"blank line too many at the end", "a\n", "a\n\n", []string{"  want    2 | (nothing)", "  got     2 | "}},
		{"empty", "", "a\n", []string{"  want    1 | (nothing)", "  got     1 | a"}},
		{"hidden characters", "a b\n", "\ufeffa\u00a0b\u200b\x1b\n", []string{`  want    1 | a b`, `  got     1 | \ufeffa\u00a0b\u200b\x1b`}},
		{"letters stay", "ü'\"\\\n", "é–\n", []string{`  want    1 | ü'"\`, `  got     1 | é–`}},
		{
			"many lines", "a\n" + numbered(1, 9) + "z\n", "a\nz\n",
			[]string{
				"  want    2 | line 1", "  want    3 | line 2", "  want    4 | line 3", "  want    5 | line 4",
				"  want    6 | line 5", "  want    7 | line 6", "  want      | (3 more)", "  got     2 | (nothing)",
			},
		},
		{
			"long line", strings.Repeat("x", 500) + "1" + strings.Repeat("y", 500) + "\n", strings.Repeat("x", 500) + "2" + strings.Repeat("y", 500) + "\n",
			[]string{
				"  want    1 | …" + strings.Repeat("x", 30) + "1" + strings.Repeat("y", 89) + "…",
				"  got     1 | …" + strings.Repeat("x", 30) + "2" + strings.Repeat("y", 89) + "…",
			},
		},
		{
			"later lines from their start", strings.Repeat("x", 50) + "1\na\n", strings.Repeat("x", 50) + "2\nb\n",
			[]string{
				"  want    1 | …" + strings.Repeat("x", 30) + "1", "  want    2 | a",
				"  got     1 | …" + strings.Repeat("x", 30) + "2", "  got     2 | b",
			},
		},
		{"long line, difference at the start", "1" + strings.Repeat("y", 200), "2", []string{
			"  want    1 | 1" + strings.Repeat("y", 119) + "… (no line feed)", "  got     1 | 2 (no line feed)",
		}},
		{"binary", "PK\x00\x01\x02", "PK\x00\x01\x03\x04", []string{"  binary: want 5 bytes, got 6, the first difference is at byte 4"}},
		{"not UTF-8", "a\xff\n", "ab\n", []string{"  binary: want 3 bytes, got 3, the first difference is at byte 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := diff([]byte(c.want), []byte(c.got)); got != strings.Join(c.diff, "\n") {
				t.Errorf("diff\n%s\nwant\n%s", got, strings.Join(c.diff, "\n"))
			}
		})
	}
}

// The line numbers are those of either file, also far down.
func TestDiffLineNumbers(t *testing.T) {
	want := strings.Repeat("same\n", 1234)
	got := diff([]byte(want+"a\nend\n"), []byte(want+"b\nend\n"))
	if got != "  want 1235 | a\n  got  1235 | b" {
		t.Errorf("diff\n%s", got)
	}
}
