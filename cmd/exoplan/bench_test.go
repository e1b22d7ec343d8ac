package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
	"github.com/exoplan/exoplan/profiles/store"
	"github.com/exoplan/exoplan/templates"
)

// The benchmarks take the example with the most in it through every stage, and whole, beside
// two yardsticks: a copy of the bytes of its pack, and a bare text/template program that yields
// them. What is written is synced, if the disk below TMPDIR knows what that is.

// measured is the pack of the example.
func measured(b *testing.B) (*design.Design, []output.File) {
	b.Helper()
	c, ps := profilestest.Knowledge(b)
	s := profiles.NewSession(c, ps, profilestest.Example(b, "protected"))
	pack, err := renderOne(s, "", false)
	if err != nil {
		b.Fatal(err)
	}
	return pack.d, pack.files
}

func bytesOf(files []output.File) (n int64) {
	for _, f := range files {
		n += int64(len(f.Data))
	}
	return n
}

func BenchmarkLoad(b *testing.B) {
	c, ps := profilestest.Knowledge(b)
	path := filepath.Join(b.TempDir(), "p.yaml")
	if err := store.Create(path, c, ps).Save(profilestest.Example(b, "protected")); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := store.Load(path, c, ps); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	c, ps := profilestest.Knowledge(b)
	p := profilestest.Example(b, "protected")
	for b.Loop() {
		design.Resolve(profiles.Evaluate(c, ps, p), ps)
	}
}

func BenchmarkRender(b *testing.B) {
	d, files := measured(b)
	b.SetBytes(bytesOf(files))
	for b.Loop() {
		if _, err := templates.Render(d, templates.Options{Generator: generator(), Profile: []byte("exoplan: 1\n")}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	_, files := measured(b)
	b.Run("pack", func(b *testing.B) {
		dir := b.TempDir()
		b.SetBytes(bytesOf(files))
		for i := 0; b.Loop(); i++ {
			if _, err := output.Write(filepath.Join(dir, strconv.Itoa(i)), files, output.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, synced := range []bool{true, false} {
		b.Run(copied(synced), func(b *testing.B) {
			dir := b.TempDir()
			b.SetBytes(bytesOf(files))
			for i := 0; b.Loop(); i++ {
				plainCopy(b, filepath.Join(dir, strconv.Itoa(i)), files, synced)
			}
		})
	}
}

func copied(synced bool) string {
	if synced {
		return "copy-synced"
	}
	return "copy"
}

// plainCopy writes the bytes of files into a folder, one after the other.
func plainCopy(b *testing.B, dir string, files []output.File, synced bool) {
	b.Helper()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			b.Fatal(err)
		}
		out, err := os.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		_, err = out.Write(f.Data)
		if synced {
			err = errors.Join(err, out.Sync())
		}
		if err := errors.Join(err, out.Close()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMany renders many profiles in one process, and copies as many packs. What it says of
// one profile must not grow with their number.
func BenchmarkMany(b *testing.B) {
	c, ps := profilestest.Knowledge(b)
	_, files := measured(b)
	for _, n := range []int{10, 100, 1000} {
		perProfile := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*n), "ms/profile")
		}
		b.Run(fmt.Sprintf("render-%d", n), func(b *testing.B) {
			dir := b.TempDir()
			args := []string{"render"}
			for i := range n {
				p := profilestest.Example(b, "protected").Clone()
				p.Name = fmt.Sprintf("harbours-%d", i)
				p.Answers[profiles.Ref{Question: "engagement.system"}] = profiles.Answer{Value: fmt.Sprintf("HARBOURNET %d", i)}
				path := filepath.Join(dir, p.Name+".yaml")
				if err := store.Create(path, c, ps).Save(p); err != nil {
					b.Fatal(err)
				}
				args = append(args, path)
			}
			b.SetBytes(int64(n) * bytesOf(files))
			for i := 0; b.Loop(); i++ {
				env := environment{out: io.Discard, err: os.Stderr, getenv: os.Getenv}
				if code := run(append(args, "-o", filepath.Join(dir, fmt.Sprint("packs", i))), env); code != exitDone {
					b.Fatalf("exit %d", code)
				}
			}
			perProfile(b)
		})
		for _, synced := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s-%d", copied(synced), n), func(b *testing.B) {
				dir := b.TempDir()
				b.SetBytes(int64(n) * bytesOf(files))
				for i := 0; b.Loop(); i++ {
					for j := range n {
						plainCopy(b, filepath.Join(dir, strconv.Itoa(i), strconv.Itoa(j)), files, synced)
					}
				}
				perProfile(b)
			})
		}
	}
}

// BenchmarkCold starts the program for one pack, and a bare text/template program for the same
// bytes.
func BenchmarkCold(b *testing.B) {
	dir := b.TempDir()
	program, bare := filepath.Join(dir, "exoplan"), filepath.Join(dir, "bare")
	for target, source := range map[string]string{program: ".", bare: "./testdata/bare/main.go"} {
		if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", target, source).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	d, files := measured(b)
	from := filepath.Join(dir, "templates")
	escape := strings.NewReplacer("{{", `{{"{{"}}`, d.Cover.Organisation, "{{.Organisation}}")
	var escaped []output.File
	for _, f := range files {
		f.Data = []byte(escape.Replace(string(f.Data)))
		escaped = append(escaped, f)
	}
	plainCopy(b, from, escaped, false)
	cold := func(name string, command func(to string) []string) {
		b.Run(name, func(b *testing.B) {
			to := b.TempDir()
			for i := 0; b.Loop(); i++ {
				pack := filepath.Join(to, strconv.Itoa(i))
				args := command(pack)
				if out, err := exec.CommandContext(b.Context(), args[0], args[1:]...).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				for _, f := range files {
					if got, err := os.ReadFile(filepath.Join(pack, filepath.FromSlash(f.Path))); err != nil || name == "bare" && !bytes.Equal(got, f.Data) {
						b.Fatalf("%s: %v", f.Path, err)
					}
				}
			}
		})
	}
	cold("render", func(to string) []string { return []string{program, "render", "example:protected", "-o", to} })
	cold("bare", func(to string) []string { return []string{bare, from, to} })
}
