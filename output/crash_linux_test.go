package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A process that writes one pack over another without end is killed, again and
// again: each time one of the two must be there, whole, and the notes beside it.
func TestCrash(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "pack")
	needExchange(t)
	packs := crashPacks()
	mustWrite(t, dir, packs[0], Options{})
	put(t, dir, "logs/notes", "mine")
	seen := map[int]int{}
	for i := range 30 {
		writeAndKill(t, dir, 1+i%3, time.Duration(i)*1300*time.Microsecond)
		got, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		which := slices.IndexFunc(packs, func(p []File) bool { return reflect.DeepEqual(p, got.Files) })
		if which < 0 || len(got.Edited)+len(got.Missing) > 0 || !slices.Equal(got.Extra, []string{"logs/notes"}) {
			t.Fatalf("after kill %d: edited %q, missing %q, beside it %q", i, got.Edited, got.Missing, got.Extra)
		}
		seen[which]++
	}
	t.Logf("killed with the first pack %d times, with the second %d", seen[0], seen[1])
}

// writeAndKill lets the process write some packs and kills it a little later.
func writeAndKill(t *testing.T, dir string, writes int, later time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "OUTPUT_TEST_WRITE_FOR_EVER="+dir)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, writes)); err != nil {
		t.Errorf("the process ended: %v", err)
	}
	time.Sleep(later)
	_ = cmd.Process.Kill() // an error is seen in the next step
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the process was not killed: %v\n%s", err, complaints.String())
	}
}

func crashPacks() [][]File {
	var packs [][]File
	for i := range 2 {
		var all []File
		for n := range 12 {
			all = append(all, File{Path: fmt.Sprintf("d%d/%d-%d", n%3, i*n, n), Data: fmt.Appendf(nil, "%d\n", i), Role: "test file"})
		}
		all, err := Seal(all, testMeta())
		if err != nil {
			panic(err)
		}
		packs = append(packs, all)
	}
	return packs
}

// writeForEver is the process that is killed.
func writeForEver(dir string) {
	for {
		for _, p := range crashPacks() {
			if _, err := Write(dir, p, Options{}); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			fmt.Fprint(os.Stdout, ".")
		}
	}
}

func needExchange(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "a/1", "1")
	put(t, dir, "b/2", "2")
	if err := exchange(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Skip("this file system exchanges no folders: ", err)
	}
	if got := files(t, dir); !maps.Equal(got, map[string]string{"a/2": "2", "b/1": "1"}) {
		t.Fatalf("exchanged to %q", got)
	}
}

// asNobody runs f with the file rights of a user who owns nothing, since the tests
// may be run by one who may do everything. The thread is not used again.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		if os.Getuid() == 0 {
			if err := syscall.Setfsuid(65534); err != nil {
				done <- err
				return
			}
		}
		f()
		done <- nil
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// open makes the folders of a test passable for nobody.
func open(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if os.Getuid() != 0 {
		return dir
	}
	for _, p := range []string{filepath.Dir(dir), dir} {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func chown(t *testing.T, names ...string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	for _, name := range names {
		if err := os.Chown(name, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
}

func chmod(t *testing.T, name string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(name, 0o700) }) // so that it can be removed
}

func TestWriteBelowReadOnlyFolder(t *testing.T) {
	top := open(t)
	parent := filepath.Join(top, "parent")
	if err := os.Mkdir(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	chown(t, parent)
	old, next := sealed(t, "a", "1"), sealed(t, "a", "2")
	dir := filepath.Join(parent, "pack")
	var err error
	asNobody(t, func() { _, err = Write(dir, old, Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, dir)
	chmod(t, parent, 0o555)
	for _, name := range []string{"pack", "new", "new/below"} {
		asNobody(t, func() { _, err = Write(filepath.Join(parent, name), next, Options{}) })
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if after := snapshot(t, dir); !slices.Equal(before, after) {
		t.Errorf("changed\n%s\nto\n%s", before, after)
	}
	wantEntries(t, parent, "pack")
}

// A person has protected evidence in the pack against writing. It stays, and the old
// folders go in spite of it.
func TestWriteOverProtectedFolder(t *testing.T) {
	top := open(t)
	parent := filepath.Join(top, "parent")
	if err := os.Mkdir(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	chown(t, parent)
	dir := filepath.Join(parent, "pack")
	var err error
	old, next := sealed(t, "a", "1", "d/b", "1"), sealed(t, "a", "2")
	asNobody(t, func() { _, err = Write(dir, old, Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "evidence/1", "mine")
	chown(t, filepath.Join(dir, "evidence"), filepath.Join(dir, "evidence", "1"))
	chmod(t, filepath.Join(dir, "evidence", "1"), 0o400)
	chmod(t, filepath.Join(dir, "evidence"), 0o555)
	chmod(t, filepath.Join(dir, "d"), 0o555)
	chmod(t, dir, 0o555)
	asNobody(t, func() { _, err = Write(dir, next, Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); !maps.Equal(got, map[string]string{"a": "2", "evidence/1": "mine"}) {
		t.Errorf("left are %q", got)
	}
	wantEntries(t, parent, "pack")
}

// What may not be read cannot be compared, so nothing is done.
func TestWriteOverUnreadableFile(t *testing.T) {
	top := open(t)
	chown(t, top)
	dir := filepath.Join(top, "pack")
	var err error
	old, next := sealed(t, "a", "1"), sealed(t, "a", "2")
	asNobody(t, func() { _, err = Write(dir, old, Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	chmod(t, filepath.Join(dir, "a"), 0)
	for _, o := range []Options{{}, {Force: true}, {DryRun: true}} {
		asNobody(t, func() { _, err = Write(dir, next, o) })
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("error %v", err)
		}
	}
	asNobody(t, func() { _, err = Read(dir) })
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error of Read: %v", err)
	}
	wantEntries(t, top, "pack")
}

// Somebody else's file, which may not be read, cannot be given a second name by
// everybody. Then nothing is written, and the error says which file it is.
func TestWriteOverStrangersFile(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs two users")
	}
	top := open(t)
	chown(t, top)
	dir := filepath.Join(top, "pack")
	var err error
	old, next := sealed(t, "a", "1"), sealed(t, "a", "2")
	asNobody(t, func() { _, err = Write(dir, old, Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "logs/secret", "root's")
	chmod(t, filepath.Join(dir, "logs", "secret"), 0o600)
	before := snapshot(t, dir)
	asNobody(t, func() { _, err = Write(dir, next, Options{}) })
	if err == nil { // fs.protected_hardlinks is off
		if got := files(t, dir)["logs/secret"]; got != "root's" {
			t.Errorf("the file is lost: %q", got)
		}
		return
	}
	if !errors.Is(err, fs.ErrPermission) || !slices.Equal(before, snapshot(t, dir)) {
		t.Errorf("error %v", err)
	}
	wantEntries(t, top, "pack")
}

// Where the old pack cannot be removed the new one stands, and the error says what
// is left and where.
func TestWriteLeavesOldPack(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs two users")
	}
	top := open(t)
	chown(t, top)
	dir := filepath.Join(top, "pack")
	var err error
	old, next := sealed(t, "a", "1"), sealed(t, "a", "2")
	asNobody(t, func() { _, err = Write(dir, old, Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "logs/shared", "root's")
	chmod(t, filepath.Join(dir, "logs", "shared"), 0o666) // may be linked, but not removed from root's folder
	var r Report
	asNobody(t, func() { r, err = Write(dir, next, Options{}) })
	if !errors.Is(err, fs.ErrPermission) || !slices.Contains(r.Changed, "a") {
		t.Fatalf("error %v, report %+v", err, r)
	}
	if got := files(t, dir); !maps.Equal(got, map[string]string{"a": "2", "logs/shared": "root's"}) {
		t.Errorf("in place are %q", got)
	}
	entries, _ := os.ReadDir(top)
	if len(entries) != 2 || !contains(err, filepath.Join(top, entries[0].Name())) {
		t.Errorf("%v does not name %v", err, entries)
	}
}

func contains(err error, s string) bool { return strings.Contains(err.Error(), s) }

// Old and new pack change places in one step: who looks never finds nothing.
func TestWriteLeavesNoGap(t *testing.T) {
	needExchange(t)
	dir := filepath.Join(t.TempDir(), "pack")
	packs := crashPacks()
	mustWrite(t, dir, packs[1], Options{})
	done, gaps := make(chan bool), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-done:
				gaps <- n
				return
			default:
				if _, err := os.Lstat(dir); err != nil {
					n++
				}
			}
		}
	}()
	for i := range 30 {
		mustWrite(t, dir, packs[i%2], Options{})
	}
	close(done)
	if n := <-gaps; n > 0 {
		t.Errorf("%d times there was no pack", n)
	}
}
