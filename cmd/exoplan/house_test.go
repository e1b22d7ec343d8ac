package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// house is the top of the repository, seen from this package.
const house = "../.."

// What the program links must stay small and must not ask the terminal anything while it starts.
func TestProgramLinksNoHeavyLibrary(t *testing.T) {
	unwanted := []string{
		"charm.land/fang",
		"charm.land/glamour",
		"charm.land/lipgloss/v2/compat",
		"github.com/alecthomas/chroma",
		"github.com/charmbracelet/bubbletea", // version 1
		"github.com/charmbracelet/fang",
		"github.com/charmbracelet/glamour",
		"github.com/charmbracelet/lipgloss", // version 1
	}
	for pkg := range strings.FieldsSeq(goList(t, "-deps", "./cmd/exoplan")) {
		for _, no := range unwanted {
			if pkg == no || strings.HasPrefix(pkg, no+"/") {
				t.Errorf("the program links %s", pkg)
			}
		}
	}
}

func TestPinnedVersions(t *testing.T) {
	tests := []struct {
		name, module string
		good         func(version []int) bool
	}{
		{
			"earlier versions spend 30 ms of every start in init", "github.com/mattn/go-runewidth",
			func(v []int) bool { return slices.Compare(v, []int{0, 0, 31}) >= 0 },
		},
		{
			"the version whose terminal behaviour was measured", "charm.land/bubbletea/v2",
			func(v []int) bool { return slices.Equal(v, []int{2, 0, 10}) },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			version := strings.TrimSpace(goList(t, "-m", "-f", "{{.Version}}", tt.module))
			var major, minor, patch int
			if _, err := fmt.Sscanf(version, "v%d.%d.%d", &major, &minor, &patch); err != nil {
				t.Fatalf("%s %q: %v", tt.module, version, err)
			}
			if !tt.good([]int{major, minor, patch}) {
				t.Errorf("go.mod selects %s %s", tt.module, version)
			}
		})
	}
}

// The repository speaks of its subject. It holds no path of the machine it was written on and
// nothing of how it was written; only checks may look into the folder beside it.
func TestTextSpeaksOfItsSubject(t *testing.T) {
	// Put together from pieces, so that this file passes too.
	workplace := regexp.MustCompile(`(?i)` + strings.Join([]string{
		`(^|[^\w.])/wo` + `rk/`,
		`farm-` + `studio`,
		`help` + `er agent`,
		`sub` + `agent`,
	}, "|"))
	beside := regexp.MustCompile(`\.\./sha` + `red\b`)
	for _, name := range houseFiles(t) {
		for n, line := range textLines(t, name) {
			if found := workplace.FindString(line); found != "" {
				t.Errorf("%s:%d: %q", name, n+1, found)
			}
			if found := beside.FindString(line); found != "" && !mayLookBeside(name) {
				t.Errorf("%s:%d: %q outside .ci and tests", name, n+1, found)
			}
		}
	}
}

// TestReadmeNamesWhatThereIs: the README names every subject, every preset and every example, and
// none that is not there.
func TestReadmeNamesWhatThereIs(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	text, err := os.ReadFile(house + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := strings.Join(strings.Fields(string(text)), " ")
	for _, topic := range c.Topics {
		if !strings.Contains(strings.ToLower(readme), strings.ToLower(topic.Title)) {
			t.Errorf("no word of %s", topic.Title)
		}
	}
	var examples, presets []string
	for _, row := range regexp.MustCompile("\\| `([a-z-]+)` \\| [^|]+ \\| `example:([a-z-]+)` \\|").FindAllStringSubmatch(readme, -1) {
		presets, examples = append(presets, row[1]), append(examples, row[2])
		if p := profilestest.Example(t, row[2]); !slices.Contains(p.Presets, row[1]) {
			t.Errorf("%s is no example of %s", row[2], row[1])
		}
	}
	var known []string
	for _, p := range ps {
		known = append(known, p.ID)
	}
	slices.Sort(presets)
	slices.Sort(known)
	slices.Sort(examples)
	if !slices.Equal(presets, known) || !slices.Equal(examples, slices.Sorted(slices.Values(profiles.Examples()))) {
		t.Errorf("it names %v and %v; there are %v and %v", presets, examples, known, profiles.Examples())
	}
}

func mayLookBeside(name string) bool {
	return strings.HasPrefix(name, ".ci/") || strings.HasSuffix(name, "_test.go") || path.Base(path.Dir(name)) == "pwshtest"
}

func TestTopLevel(t *testing.T) {
	want := []string{"LICENSE", "README.md", "cmd", "go.mod", "go.sum", "output", "profiles", "templates", "wizard"}
	var got []string
	for _, name := range houseFiles(t) {
		top, _, _ := strings.Cut(name, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(got, top) {
			got = append(got, top)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("top level\n got %v\nwant %v", got, want)
	}
}

// Knowledge goes in data: a cmdlet is named in the contract, the catalogue, the module, the
// simulated tenant and tests.
func TestGoNamesNoCmdlet(t *testing.T) {
	cmdlet := regexp.MustCompile(`\b(Get|New|Set|Remove|Enable|Disable)-[A-Z][A-Za-z]+(Connector|Rule|Config|Policy)\b`)
	for _, name := range houseFiles(t) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if strings.HasPrefix(name, "output/rehearsal/") || strings.HasPrefix(name, "profiles/contract/") {
			continue
		}
		for n, line := range textLines(t, name) {
			if found := cmdlet.FindString(line); found != "" {
				t.Errorf("%s:%d: %s", name, n+1, found)
			}
		}
	}
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = house
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// houseFiles are the files that are committed or would be, with slashes, from the top of the
// repository. Without git, as in an unpacked release, they are all files there are.
func houseFiles(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-coz", "--exclude-standard")
	cmd.Dir = house
	out, err := cmd.Output()
	if err != nil {
		return walkHouse(t)
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		info, err := os.Lstat(filepath.Join(house, name))
		switch {
		case errors.Is(err, fs.ErrNotExist): // deleted and not yet committed
		case err != nil:
			t.Fatal(err)
		case info.Mode().IsRegular():
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Fatal("git lists no file")
	}
	return names
}

func walkHouse(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(house), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git":
			return fs.SkipDir
		case d.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// textLines are the lines of a file, none of a binary one.
func textLines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(house, name))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil
	}
	return strings.Split(string(text), "\n")
}
