package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Options say how [Write] treats what is already there.
type Options struct {
	Force  bool // replace and remove files that were edited
	DryRun bool // report, and touch nothing

	// Keep are the paths of files that a person may edit and a write may replace: the
	// profile being rendered can be the pack's own profile.yaml. Such a file does not
	// stop the write. One that the new pack lacks stays as it is, with Force as well.
	Keep []string
}

// Report says what [Write] did, or in a dry run would do. Paths have slashes and are
// sorted; manifest.json and SHA256SUMS are among them. Files that a person added, and
// that stay, are not.
type Report struct {
	Dir       string // as it was given
	Added     []string
	Changed   []string
	Unchanged []string // also those that were edited into what is now to be written
	Removed   []string // files of the old pack that the new one lacks, and what had to give way to Force
	Unsigned  []string // those of Changed that were signed and are to be signed again
	DryRun    bool
}

// Write puts a pack, as [Seal] returned it, into dir, and makes the folders above it.
// A symbolic link to a folder is followed.
//
// Everything is checked first. The pack is then built in a temporary folder beside
// dir (its name begins with a full stop), synced, and put in the place of dir by
// renaming. After an error dir is what it was before, the temporary folder is gone,
// and so are the folders above that were made for it. The one exception is the error
// that the old pack was replaced but could not be removed: it names the folder, and
// comes with the report.
//
// On Linux and macOS old and new pack change places in one step, so that a crash
// leaves one or the other at dir. Elsewhere, and on file systems that cannot do so,
// it takes two: between them both packs are whole, in folders beside dir whose names
// begin with that of dir after a full stop. What a crash left there is not cleared
// away by a later write, because it cannot tell it from the work of another process.
//
// When dir is not empty:
//
//   - It must hold a pack, else the error is a [*NotAPackError], with Force too.
//   - A file that differs from its sum in SHA256SUMS was edited. Unless Force or Keep
//     allow it, or it is now what would be written, the error is an [*EditedError]
//     that names all such files. A script that was only signed is not edited. A
//     file that was removed is not either, and is written again.
//   - A file that has no sum was added by a person. It stays (the same file, where the
//     file system has hard links), with its empty folders, unless the new pack needs
//     its path: then it counts as edited.
//   - A file of the old pack that the new one lacks is removed, with folders that
//     become empty.
//   - A signed script that would be written as it was keeps its signature; its sum
//     stays that of the unsigned script. One that changes loses it, see Report.
//
// Paths that differ in case alone are one path, as they are on Windows. When nothing
// changes, nothing is touched; else every folder and file of the pack is made anew,
// with the modes that the package documents.
//
// A dry run returns the same report or error, except for what only a write finds out,
// such as a full disk.
func Write(dir string, files []File, o Options) (Report, error) {
	r, err := newWriter(dir, files, o).write()
	if err != nil {
		return r, fmt.Errorf("write pack: %w", err)
	}
	return r, nil
}

// writer is one call of Write. Its two long steps are fields, so that a test can work
// in the pack between them, and see them fail.
type writer struct {
	dir   string
	files []File
	opts  Options
	fill  func(made string, at place, p plan) error
	swap  func(made string, at place) (old string, err error)
}

func newWriter(dir string, files []File, o Options) writer {
	fill := func(made string, at place, p plan) error { return fill(files, made, at, p) }
	return writer{dir: dir, files: files, opts: o, fill: fill, swap: swap}
}

func (w writer) write() (Report, error) {
	if err := checkSealed(w.files); err != nil {
		return Report{}, err
	}
	at, err := locate(w.dir)
	if err != nil {
		return Report{}, err
	}
	old, err := at.survey(namesOf(w.files))
	if err != nil {
		return Report{}, err
	}
	p, err := decide(at, old, w.files, w.opts)
	if err != nil {
		return Report{}, err
	}
	if w.opts.DryRun || p.idle() {
		return p.report, nil
	}
	return w.replace(at, p)
}

// checkSealed makes sure that the files are a pack and the sums among them theirs.
func checkSealed(files []File) error {
	if err := unsealed(files); err != nil {
		return fmt.Errorf("the files are not sealed: %w", err)
	}
	return nil
}

func unsealed(files []File) error {
	data, paths := map[string][]byte{}, []string{}
	for _, f := range files {
		data[f.Path] = f.Data
		paths = append(paths, f.Path)
	}
	if data[SumsPath] == nil {
		return fmt.Errorf("there is no %s", SumsPath)
	}
	errs := checkPaths(paths)
	if _, err := parseManifest(data[ManifestPath]); err != nil {
		errs = append(errs, err)
	}
	sums, err := parseSums(data[SumsPath])
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	delete(data, SumsPath) // the one file without a sum
	for _, p := range slices.Sorted(maps.Keys(data)) {
		if sum, ok := sums[p]; !ok || sum != digestOf(data[p]) {
			errs = append(errs, fmt.Errorf("%s was added or changed since", p))
		}
	}
	for _, p := range slices.Sorted(maps.Keys(sums)) {
		if _, ok := data[p]; !ok {
			errs = append(errs, fmt.Errorf("%s is gone", p))
		}
	}
	return errors.Join(errs...)
}

// replace carries out a plan.
func (w writer) replace(at place, p plan) (Report, error) {
	undo, err := at.makeParents()
	if err != nil {
		return Report{}, err
	}
	old, err := w.exchange(at, p)
	if err != nil {
		undo()
		return Report{}, err
	}
	_ = syncDir(filepath.Dir(at.root)) // some network file systems refuse it
	if err := removeTree(old); err != nil {
		return p.report, fmt.Errorf("%s is written, but what was there before is left in %s: %w", w.dir, old, err)
	}
	return p.report, nil
}

// exchange builds the new pack and puts it into its place. It returns where the old
// one lies now.
func (w writer) exchange(at place, p plan) (old string, err error) {
	made, err := os.MkdirTemp(filepath.Dir(at.root), tempPattern(at.root))
	if err != nil {
		return "", err
	}
	err = w.fill(made, at, p)
	if err == nil {
		err = w.recheck(p)
	}
	if err == nil {
		old, err = w.swap(made, at)
	}
	if err != nil {
		return "", errors.Join(err, removeTree(made))
	}
	return old, nil
}

// tempPattern names the folder in which the pack for root is built, so that a person
// who finds one after a crash knows whose it is. A long name is cut, since the whole
// must not be longer than a name may be.
func tempPattern(root string) string {
	base := filepath.Base(root)
	return "." + strings.ToValidUTF8(base[:min(len(base), 100)], "") + ".exoplan-*"
}

// fill builds the pack in the empty folder made.
func fill(files []File, made string, at place, p plan) error {
	b := builder{root: made, dirs: map[string]bool{made: true}}
	for _, f := range files {
		if slices.Contains(p.carry, f.Path) {
			continue
		}
		if err := b.add(f); err != nil {
			return err
		}
	}
	for _, path := range p.carry {
		if err := b.carry(at.root, path); err != nil {
			return fmt.Errorf("keep %s: %w", path, err)
		}
	}
	return b.sync()
}

// recheck looks whether anybody has worked in the old pack since the plan was made.
// What a running script appends to its log in the meantime is no matter: the log is
// the same file in the new pack.
func (w writer) recheck(p plan) error {
	now, err := locate(w.dir)
	if err != nil {
		return err
	}
	old, err := now.survey(namesOf(w.files))
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(old, p.old) {
		return fmt.Errorf("%s changed while the pack was being built", w.dir)
	}
	return nil
}

// builder makes a tree of files.
type builder struct {
	root  string
	dirs  map[string]bool // root and the folders made in it, by name on disk
	files []string        // those that were written, by name on disk
}

// name returns where the file at p goes, and makes the folder for it.
func (b *builder) name(p string) (string, error) {
	name := filepath.Join(b.root, filepath.FromSlash(p))
	for dir := filepath.Dir(name); !b.dirs[dir]; dir = filepath.Dir(dir) {
		b.dirs[dir] = true
	}
	return name, os.MkdirAll(filepath.Dir(name), 0o700)
}

func (b *builder) add(f File) error {
	name, err := b.name(f.Path)
	if err != nil {
		return err
	}
	out, err := create(name, 0o600)
	if err != nil {
		return err
	}
	b.files = append(b.files, name)
	_, err = out.Write(f.Data)
	return errors.Join(err, out.Close())
}

// carry takes over what stands at p in the folder old. The old folder stays whole
// until the new one is in its place, so nothing is moved: a file gets a second name.
func (b *builder) carry(old, p string) error {
	name, err := b.name(p)
	if err != nil {
		return err
	}
	from := filepath.Join(old, filepath.FromSlash(p))
	info, err := os.Lstat(from)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return os.Mkdir(name, 0o700)
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(to, name)
	}
	if err := os.Link(from, name); err == nil || !info.Mode().IsRegular() {
		return err
	}
	return copyFile(from, name, info)
}

// copyFile serves file systems without hard links.
func copyFile(from, to string, info fs.FileInfo) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := create(to, info.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync() // it may be protected against writing, and not be opened for that again
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

func create(name string, mode fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

// atOnce is how many files are brought to the disk at the same time: a file system then does
// in a few of its own steps what it would do file by file.
const atOnce = 16

// sync brings all that was made to the disk.
func (b *builder) sync() error {
	errs := make([]error, len(b.files))
	var all sync.WaitGroup
	places := make(chan bool, atOnce)
	for i, name := range b.files {
		places <- true
		all.Go(func() {
			errs[i] = syncFile(name)
			<-places
		})
	}
	all.Wait()
	for dir := range b.dirs {
		_ = syncDir(dir) // some network file systems refuse it
	}
	return errors.Join(errs...)
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0) // Windows syncs what may be written
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// removeTree removes a folder, also one in which a person has protected folders
// against writing; the empty name is none. What was to be kept has a second name by now.
func removeTree(dir string) error {
	if dir == "" || os.RemoveAll(dir) == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(name, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}
