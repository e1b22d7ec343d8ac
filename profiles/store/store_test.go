package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

func load(t *testing.T) (*catalog.Catalog, profiles.Presets) {
	t.Helper()
	c, ps, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c, ps
}

func example(t *testing.T) *profiles.Profile {
	t.Helper()
	p, err := profiles.Example("protected")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// leftovers are the files of a folder other than those named.
func leftovers(t *testing.T, dir string, known ...string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !strings.Contains(strings.Join(known, "\n")+"\n", e.Name()+"\n") {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestSavedProfileLoadsAsItWas(t *testing.T) {
	c, ps := load(t)
	path := Path(t.TempDir(), "harbours")
	p := example(t)
	if err := Create(path, c, ps).Save(p); err != nil {
		t.Fatal(err)
	}
	_, again, err := Load(path, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := profiles.Encode(p, c, ps)
	got, _ := profiles.Encode(again, c, ps)
	if string(got) != string(want) {
		t.Errorf("read back:\n%s\nsaved:\n%s", got, want)
	}
	if left := leftovers(t, filepath.Dir(path), "harbours.yaml"); left != nil {
		t.Errorf("left beside the profile: %v", left)
	}
}

func TestPath(t *testing.T) {
	want := filepath.Join("home", "exoplan", "profiles", "coastal-works.yaml")
	if got := Path("home", "coastal-works"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestProfileIsReadableByItsOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the folder of the user decides there")
	}
	c, ps := load(t)
	path := filepath.Join(t.TempDir(), "p.yaml")
	text, _ := profiles.Encode(example(t), c, ps)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	f, p, err := Load(path, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	p.Revision++
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestSaveRefusesWhatSomebodyElseWrote(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "p.yaml")
	if err := Create(path, c, ps).Save(example(t)); err != nil {
		t.Fatal(err)
	}
	f, p, err := Load(path, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	other := read(t, path) + "# a colleague's line\n"
	if err := os.WriteFile(path, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Revision = 99
	var changed *ChangedError
	if err := f.Save(p); !errors.As(err, &changed) || changed.Path != path {
		t.Fatalf("error %v", err)
	}
	if got := read(t, path); got != other {
		t.Errorf("the file was touched:\n%s", got)
	}
	if left := leftovers(t, dir, "p.yaml"); left != nil {
		t.Errorf("left beside the profile: %v", left)
	}
}

func TestOwnSavesAreNoChangeBySomebodyElse(t *testing.T) {
	c, ps := load(t)
	path := filepath.Join(t.TempDir(), "p.yaml")
	f, p := Create(path, c, ps), example(t)
	for p.Revision = range 3 {
		if err := f.Save(p); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(read(t, path), "revision: 2\n") {
		t.Errorf("the last save is not on disk:\n%s", read(t, path))
	}
}

func TestFirstSaveRefusesAnExistingFile(t *testing.T) {
	c, ps := load(t)
	path := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, c, ps).Save(example(t)); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
	if read(t, path) != "mine" {
		t.Error("the file was touched")
	}
}

func TestRemovedFileIsWrittenAgain(t *testing.T) {
	c, ps := load(t)
	path := filepath.Join(t.TempDir(), "p.yaml")
	f, p := Create(path, c, ps), example(t)
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(p); err != nil {
		t.Fatal(err)
	}
	read(t, path)
}

func TestSymbolicLinkStays(t *testing.T) {
	tests := []struct {
		name   string
		exists bool
	}{
		{"its file is replaced", true},
		{"a file that is not there yet is made", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, ps := load(t)
			dir := t.TempDir()
			target, link := filepath.Join(dir, "share", "target.yaml"), filepath.Join(dir, "p.yaml")
			if err := os.Symlink(filepath.Join("share", "target.yaml"), link); err != nil {
				t.Skip("no symbolic links here:", err)
			}
			f, p := Create(link, c, ps), example(t)
			if tt.exists {
				if err := Create(target, c, ps).Save(p); err != nil {
					t.Fatal(err)
				}
				var err error
				if f, p, err = Load(link, c, ps); err != nil {
					t.Fatal(err)
				}
			}
			p.Revision = 41
			if err := f.Save(p); err != nil {
				t.Fatal(err)
			}
			info, err := os.Lstat(link)
			if err != nil || info.Mode()&fs.ModeSymlink == 0 {
				t.Errorf("the link is gone: %v %v", info, err)
			}
			if !strings.Contains(read(t, target), "revision: 41\n") {
				t.Error("the file behind the link was not written")
			}
		})
	}
}

func TestLinksInACircleAreAnError(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")
	if err := errors.Join(os.Symlink(a, b), os.Symlink(b, a)); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := Create(a, c, ps).Save(example(t)); err == nil {
		t.Error("no error")
	}
}

func TestFailedSaveLeavesNothing(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "p.yaml")
	if err := os.MkdirAll(filepath.Join(path, "in-the-way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := output.Replace(path, []byte("text")); err == nil {
		t.Error("a folder was replaced")
	}
	if err := Create(path, c, ps).Save(example(t)); err == nil {
		t.Error("a folder was taken for a profile")
	}
	if left := leftovers(t, dir, "p.yaml"); left != nil {
		t.Errorf("left: %v", left)
	}
}

func TestLoadNamesFileAndLine(t *testing.T) {
	c, ps := load(t)
	path := filepath.Join(t.TempDir(), "p.yaml")
	if _, _, err := Load(path, c, ps); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(path, []byte("exoplan: 1\nid: a-1\nname: a\nrevision: 1\nanswers:\n  no.such: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Load(path, c, ps); err == nil || !strings.Contains(err.Error(), path+":6:") {
		t.Errorf("error %v", err)
	}
}

func TestNewProfilesAreTold(t *testing.T) {
	c, ps := load(t)
	seen := map[string]bool{}
	for range 20 {
		p, err := New("coastal-works", "2026-11-25", []string{"asd-cloud-native"}, c, ps)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^coastal-works-[0-9a-f]{4}$`).MatchString(p.ID) {
			t.Fatalf("ID %q", p.ID)
		}
		if p.Revision != 1 || p.Name != "coastal-works" || p.Date != "2026-11-25" || p.Presets[0] != "asd-cloud-native" {
			t.Fatalf("profile %+v", p)
		}
		seen[p.ID] = true
	}
	if len(seen) < 10 { // of 65536: twenty that fall on fewer than ten are no accident
		t.Errorf("20 profiles share %d IDs", len(seen))
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	c, ps := load(t)
	tests := []struct {
		name, profile, date, preset, want string
	}{
		{"a name is lower case", "Coastal Works", "2026-11-25", "asd-cloud-native", `"Coastal Works"`},
		{"a date is a day", "coastal", "next week", "asd-cloud-native", "next week"},
		{"a preset exists", "coastal", "2026-11-25", "asd-cloud-nativ", `did you mean "asd-cloud-native"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(tt.profile, tt.date, []string{tt.preset}, c, ps); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestProfileIsHeldByOneSession(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	path, link := filepath.Join(dir, "p.yaml"), filepath.Join(dir, "link.yaml")
	if err := Create(path, c, ps).Save(example(t)); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	first, p, err := Open(path, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	second := path
	if os.Symlink("p.yaml", link) == nil {
		second = link
	}
	var held *HeldError
	if _, _, err := Open(second, c, ps); !errors.As(err, &held) {
		t.Fatalf("error %v", err)
	}
	host, _ := os.Hostname()
	if !strings.Contains(held.Error(), fmt.Sprintf("on %s, process %d", host, os.Getpid())) || held.Path != second || time.Since(held.Since) > time.Minute {
		t.Errorf("%v does not say whose session it is", held)
	}
	passing, other, err := Load(second, c, ps) // who only reads is let in
	if err != nil {
		t.Fatal(err)
	}
	other.Revision = 99
	if err := passing.Save(other); !errors.As(err, &held) || read(t, path) != before {
		t.Errorf("error %v; saved:\n%s", err, read(t, path))
	}
	p.Revision = 41
	if err := errors.Join(first.Hold(), first.Save(p), first.Save(p), first.Release(), first.Release()); err != nil {
		t.Fatal(err)
	}
	if err := passing.Save(other); !errors.As(err, new(*ChangedError)) {
		t.Errorf("error %v", err)
	}
	if left := leftovers(t, dir, "p.yaml", "link.yaml", "p.revisions"); left != nil {
		t.Errorf("left beside the profile: %v", left)
	}
}

func TestWhatAKilledProcessLeftIsNoMatter(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "p.yaml")
	if err := Create(path, c, ps).Save(example(t)); err != nil {
		t.Fatal(err)
	}
	others := []string{".q.yaml.exoplan-1", ".p.yaml.mine", "p.yaml.exoplan-1"}
	for _, name := range append(others, ".p.yaml.lock", ".p.yaml.exoplan-1", ".p.yaml.exoplan-20") {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("somebody on a machine, process 1, half a li"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, p, err := Open(path, c, ps)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Save(p), f.Release()); err != nil {
		t.Fatal(err)
	}
	slices.Sort(others)
	if left := leftovers(t, dir, "p.yaml"); !slices.Equal(left, others) {
		t.Errorf("left beside the profile: %v, not %v", left, others)
	}
}

// Who saves what he has just read saves it over nothing else: no revision is lost.
func TestSavesAtTheSameTimeLoseNothing(t *testing.T) {
	c, ps := load(t)
	path := filepath.Join(t.TempDir(), "p.yaml")
	p := example(t)
	p.Revision = 1
	if err := Create(path, c, ps).Save(p); err != nil {
		t.Fatal(err)
	}
	const people, times = 4, 10
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			for saved := 0; saved < times; {
				f, p, err := Load(path, c, ps)
				if err == nil {
					p.Revision++
					err = f.Save(p)
				}
				switch {
				case err == nil:
					saved++
				case errors.As(err, new(*HeldError)), errors.As(err, new(*ChangedError)): // again
				case runtime.GOOS == "windows": // again: it lets nobody read what is just replaced
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if want := fmt.Sprintf("revision: %d\n", 1+people*times); !strings.Contains(read(t, path), want) {
		t.Errorf("%s is not in\n%s", want, read(t, path))
	}
}

func TestSessionCannotBeginWhereNothingCanBeSaved(t *testing.T) {
	c, ps := load(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "file", "p.yaml")
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := Create(path, c, ps)
	if err := f.Hold(); err == nil || !strings.Contains(err.Error(), path+" cannot be saved there") {
		t.Errorf("error %v", err)
	}
	if err := f.Save(example(t)); err == nil {
		t.Error("no error")
	}
	if _, _, err := Open(filepath.Join(dir, "none.yaml"), c, ps); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if left := leftovers(t, dir, "file"); left != nil {
		t.Errorf("left: %v", left)
	}
}
