package output

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSeal(t *testing.T) {
	in := []File{
		{"exchange-online/apply.ps1", []byte("Set-X\r\n"), "change script"},
		{"README.md", []byte("# Pack\n"), "overview"},
	}
	got, err := Seal(in, testMeta())
	if err != nil {
		t.Fatal(err)
	}
	wantManifest := `{
  "kind": "exoplan change pack",
  "format": 1,
  "generator": "exoplan 1.2.3",
  "title": "Mail flow of R&D",
  "organisation": "Agency of Examples",
  "marking": "OFFICIAL: Sensitive",
  "profile": "agency",
  "revision": 3,
  "presets": [
    "asd-hybrid"
  ],
  "date": "2026-08-22",
  "draft": false,
  "plan": "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
  "files": [
    {
      "path": "README.md",
      "role": "overview",
      "marking": "OFFICIAL: Sensitive",
      "size": 7,
      "sha256": "` + sum("# Pack\n") + `"
    },
    {
      "path": "exchange-online/apply.ps1",
      "role": "change script",
      "marking": "OFFICIAL: Sensitive",
      "size": 7,
      "sha256": "` + sum("Set-X\r\n") + `"
    }
  ]
}
`
	wantSums := sum("# Pack\n") + "  README.md\n" +
		sum("Set-X\r\n") + "  exchange-online/apply.ps1\n" +
		sum(wantManifest) + "  manifest.json\n"
	want := []File{
		{"README.md", []byte("# Pack\n"), "overview"},
		{"SHA256SUMS", []byte(wantSums), "checksums"},
		{"exchange-online/apply.ps1", []byte("Set-X\r\n"), "change script"},
		{"manifest.json", []byte(wantManifest), "manifest"},
	}
	for i := range max(len(want), len(got)) {
		if i >= len(got) || i >= len(want) || !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("file %d:\n%s\nwant\n%s", i, got[i:], want[i:])
		}
	}
	if in[0].Path != "exchange-online/apply.ps1" || len(in) != 2 {
		t.Errorf("Seal changed what it was given: %v", in)
	}
}

func sum(s string) string {
	d := sha256.Sum256([]byte(s))
	return hex.EncodeToString(d[:])
}

// The order in which files are rendered does not reach the pack, nor does another run.
func TestSealSameBytes(t *testing.T) {
	a := []File{{"b", []byte("2"), "x"}, {"a/c", []byte("3"), "x"}, {"a.txt", []byte("1"), "x"}}
	b := slices.Clone(a)
	slices.Reverse(b)
	first, err := Seal(a, testMeta())
	if err != nil {
		t.Fatal(err)
	}
	second, err := Seal(b, testMeta())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first, second) {
		t.Errorf("%s\n%s", first, second)
	}
	if !slices.IsSortedFunc(first, func(a, b File) int { return strings.Compare(a.Path, b.Path) }) {
		t.Errorf("not sorted: %s", first)
	}
}

func TestSealEmpty(t *testing.T) {
	m := testMeta()
	m.Presets, m.Draft, m.Plan = nil, true, ""
	got, err := Seal(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Presets, Files []any }
	if err := json.Unmarshal(got[1].Data, &list); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || list.Presets == nil || list.Files == nil {
		t.Errorf("want two files and lists that are [], not null: %s", got)
	}
}

func TestSealRefusesPaths(t *testing.T) {
	for _, c := range []struct {
		name  string
		paths []string
		want  string // in the error; "" for none
	}{
		{"plain", []string{"README.md", "dns/P1/agency.example.zone", ".gitattributes"}, ""},
		{"letters of all kinds", []string{"docs/Übersicht.md", "docs/a b.md", "docs/a'b&c.md"}, ""},
		{"dots inside", []string{"a..b/..c", "a.b.c"}, ""},
		{"device name as a part", []string{"console.md", "auxiliary/com10.txt", "docs/nul-mx.md", "com.md"}, ""},
		{"same name in two folders", []string{"a/x", "b/x"}, ""},

		{"empty", []string{""}, `path "" is empty`},
		{"absolute", []string{"/etc/passwd"}, "is absolute"},
		{"absolute on Windows", []string{"C:/x"}, "is absolute"},
		{"drive", []string{"c:x"}, "is absolute"},
		{"UNC", []string{"//server/share"}, "is absolute"},
		{"out of the pack", []string{"../x"}, `has the element ".."`},
		{"out of the pack later", []string{"a/../../x"}, `has the element ".."`},
		{"dot", []string{"./x"}, `has the element "."`},
		{"only dot", []string{"."}, `has the element "."`},
		{"empty element", []string{"a//b"}, "has an empty element"},
		{"trailing slash", []string{"a/"}, "has an empty element"},
		{"backslash", []string{`a\b`}, "has a backslash"},
		{"not UTF-8", []string{"a\xff"}, "is not UTF-8"},
		{"line feed", []string{"a\nb"}, "has a control character"},
		{"NUL", []string{"a\x00b"}, "has a control character"},
		{"less than", []string{"a<b"}, "Windows forbids: '<'"},
		{"greater than", []string{"a>b"}, "Windows forbids: '>'"},
		{"colon", []string{"docs/a:b"}, "Windows forbids: ':'"},
		{"quote", []string{`a"b`}, `Windows forbids: '"'`},
		{"pipe", []string{"a|b"}, "Windows forbids: '|'"},
		{"question mark", []string{"a?"}, "Windows forbids: '?'"},
		{"star", []string{"*.ps1"}, "Windows forbids: '*'"},
		{"trailing full stop", []string{"docs./x"}, "Windows drops a full stop"},
		{"trailing blank", []string{"docs/x "}, "Windows drops a full stop"},
		{"CON", []string{"CON"}, "Windows reserves"},
		{"nul with extension", []string{"docs/nul.txt"}, "Windows reserves"},
		{"aux as a folder", []string{"aux/x"}, "Windows reserves"},
		{"Prn with two extensions", []string{"Prn.tar.gz"}, "Windows reserves"},
		{"com1", []string{"com1.md"}, "Windows reserves"},
		{"LPT9", []string{"a/LPT9"}, "Windows reserves"},
		{"superscript", []string{"COM²"}, "Windows reserves"},
		{"conin$", []string{"conin$"}, "Windows reserves"},
		{"blank before extension", []string{"con .txt"}, "Windows reserves"},

		{"twice", []string{"a", "a"}, `path "a" is given twice`},
		{"case", []string{"README.md", "readme.md"}, `path "readme.md" differs from "README.md" only in case`},
		{"case beyond ASCII", []string{"Ä", "ä"}, "only in case"},
		{"case of a folder", []string{"Docs/a", "docs/b"}, `path "docs/b" differs from "Docs" only in case`},
		{"file and folder", []string{"a", "a/b"}, `path "a/b" needs a file and a folder of one name: "a"`},
		{"folder and file in another case", []string{"A/b", "a"}, `path "a" needs a file and a folder of one name: "A"`},
		{"manifest", []string{"manifest.json"}, `path "manifest.json" is given twice`},
		{"manifest in another case", []string{"Manifest.JSON"}, "only in case"},
		{"manifest as a folder", []string{"manifest.json/x"}, "needs a file and a folder"},
		{"sums", []string{"SHA256SUMS"}, `path "SHA256SUMS" is given twice`},
		{"sums in another case", []string{"sha256sums"}, "only in case"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var files []File
			for _, p := range c.paths {
				files = append(files, File{Path: p})
			}
			got, err := Seal(files, testMeta())
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error %v, want %s", err, c.want)
			case c.want != "" && got != nil:
				t.Errorf("files in spite of an error: %s", got)
			}
		})
	}
}

func TestSealReportsAllAtOnce(t *testing.T) {
	m := testMeta()
	m.Date, m.Plan, m.Format = "22.8.2026", "", 9
	_, err := Seal([]File{{Path: "z:"}, {Path: "a/"}, {Path: "m"}, {Path: "M"}}, m)
	want := `seal pack: path "a/" has an empty element
path "m" differs from "M" only in case: Windows takes both for one
path "z:" is absolute: paths are relative to the pack
format 9 is not the one written here, 1
date "22.8.2026" is not of the form YYYY-MM-DD
plan fingerprint "" is not 64 lower-case hexadecimal digits`
	if err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
}

func TestSealChecksMeta(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*Meta)
		want string
	}{
		{"finished", func(*Meta) {}, ""},
		{"draft", func(m *Meta) { m.Draft, m.Plan = true, "" }, ""},
		{"draft with a plan", func(m *Meta) { m.Draft = true }, "nobody can approve a draft"},
		{"no plan", func(m *Meta) { m.Plan = "" }, "plan fingerprint"},
		{"plan in capitals", func(m *Meta) { m.Plan = strings.ToUpper(m.Plan) }, "plan fingerprint"},
		{"no date", func(m *Meta) { m.Date = "" }, `date ""`},
		{"no such day", func(m *Meta) { m.Date = "2026-02-30" }, `date "2026-02-30"`},
		{"format", func(m *Meta) { m.Format = Format }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := testMeta()
			c.edit(&m)
			_, err := Seal(nil, m)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// The tool that the customer has says the same as we do.
func TestSha256sumChecksPack(t *testing.T) {
	tool, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Skip("no sha256sum here")
	}
	dir := filepath.Join(t.TempDir(), "pack")
	mustWrite(t, dir, sealed(t, "README.md", "# Pack\n", "docs/a b & ü.md", "text\n", "dns/empty.zone", "", ".gitattributes", "dot\n"), Options{})
	check := func() ([]byte, error) {
		cmd := exec.Command(tool, "--check", "--strict", SumsPath)
		cmd.Dir = dir
		return cmd.CombinedOutput()
	}
	if out, err := check(); err != nil || strings.Count(string(out), ": OK\n") != 5 {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
	put(t, dir, "README.md", "edited\n")
	if out, err := check(); err == nil || !strings.Contains(string(out), "README.md: FAILED") {
		t.Errorf("sha256sum passes an edited file: %v\n%s", err, out)
	}
}

func TestParseSums(t *testing.T) {
	d := strings.Repeat("ab", 32)
	manifest := d + "  manifest.json\n"
	for _, c := range []struct{ name, data, want string }{
		{"text", d + "  a\n" + manifest, ""},
		{"binary", d + " *a\n" + manifest, ""},
		{"no line feed at the end", d + "  manifest.json", ""},
		{"empty", "", "line 1 is not a SHA-256 sum"},
		{"blank line", manifest + "\n", "line 2 is not"},
		{"short sum", manifest + d[1:] + "  a\n", "line 2 is not"},
		{"capitals", strings.ToUpper(d) + "  a\n", "line 1 is not"},
		{"one blank", d + " a\n", "line 1 is not"},
		{"CRLF", d + "  manifest.json\r\n", "has a control character"},
		{"twice", manifest + manifest, "is given twice"},
		{"itself", manifest + d + "  SHA256SUMS\n", "is given twice"},
		{"out of the pack", manifest + d + "  ../x\n", `has the element ".."`},
		{"absolute", manifest + d + "  /etc/passwd\n", "is absolute"},
		{"of another program", d + "  debian-13.1.0-amd64-netinst.iso\n", "does not list manifest.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sums, err := parseSums([]byte(c.data))
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if err == nil && sums[ManifestPath].String() != d {
				t.Errorf("sum %s, want %s", sums[ManifestPath], d)
			}
		})
	}
}

// Whatever bytes stand in SHA256SUMS, no path that is read from it leads out of the pack.
func FuzzParseSums(f *testing.F) {
	d := strings.Repeat("ab", 32)
	f.Add([]byte(d + "  manifest.json\n" + d + "  a/b\n"))
	f.Add([]byte(d + "  ../x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sums, err := parseSums(data)
		if err != nil {
			return
		}
		var again []File
		for p := range sums {
			if !filepath.IsLocal(filepath.FromSlash(p)) || strings.Contains(p, `\`) {
				t.Errorf("path %q", p)
			}
			again = append(again, File{Path: p})
		}
		if len(again) == 0 {
			t.Error("no manifest")
		}
	})
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("OUTPUT_TEST_WRITE_FOR_EVER"); dir != "" {
		writeForEver(dir) // see TestCrash
	}
	os.Exit(m.Run())
}
