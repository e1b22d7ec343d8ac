// Package store keeps profiles on disk. A profile is replaced whole or not at all, and never
// over what somebody else wrote meanwhile. A session holds its profile, so that a second one on
// it is told.
//
// It is the one place where chance has a say: the ID of a new profile.
package store

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// File is a profile's place on disk, and what was last seen there. It is for one goroutine at
// a time.
type File struct {
	path    string
	cat     *catalog.Catalog
	presets profiles.Presets
	seen    []byte
	number  int  // the revision that was last seen
	made    bool // the file did not exist and was not written yet
	held    *lock
}

// ChangedError says that a file is not what was loaded or saved last: somebody else wrote it.
// Nothing was written.
type ChangedError struct {
	Path string
}

func (e *ChangedError) Error() string {
	return e.Path + ": the file was changed by somebody else since it was read"
}

// Path returns where a profile of that name is kept, below the user's folder for settings.
func Path(configDir, name string) string {
	return filepath.Join(configDir, "exoplan", "profiles", name+".yaml")
}

// New returns a fresh profile with an ID that no other has. The error says what is wrong with
// the name, the date or the presets.
func New(name, date string, presets []string, c *catalog.Catalog, known profiles.Presets) (*profiles.Profile, error) {
	mark := make([]byte, 2)
	rand.Read(mark) // it never fails: the program ends first
	p := &profiles.Profile{
		ID: name + "-" + hex.EncodeToString(mark), Name: name, Revision: 1, Date: date, Presets: slices.Clone(presets),
		Answers: map[profiles.Ref]profiles.Answer{},
	}
	text, err := profiles.Encode(p, c, known)
	if err != nil {
		return nil, err
	}
	if _, err := profiles.Decode("", text, c, known); err != nil {
		return nil, fmt.Errorf("new profile: %w", err)
	}
	return p, nil
}

// Create returns the place for a profile that is not on disk yet. Its first Save makes the
// file, and is an fs.ErrExist where there is one by then.
func Create(path string, c *catalog.Catalog, presets profiles.Presets) *File {
	return &File{path: path, cat: c, presets: presets, made: true}
}

// Load reads a profile and remembers what it read.
func Load(path string, c *catalog.Catalog, presets profiles.Presets) (*File, *profiles.Profile, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	p, err := profiles.Decode(path, text, c, presets)
	if err != nil {
		return nil, nil, err
	}
	return &File{path: path, cat: c, presets: presets, seen: text, number: p.Revision}, p, nil
}

// Open is Load for a session: it holds the profile from before it is read until Release. A
// *HeldError says whose session has it.
func Open(path string, c *catalog.Catalog, presets profiles.Presets) (*File, *profiles.Profile, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil, err
	}
	hold := Create(path, c, presets)
	if err := hold.Hold(); err != nil {
		return nil, nil, err
	}
	f, p, err := Load(path, c, presets)
	if err != nil {
		return nil, nil, errors.Join(err, hold.Release())
	}
	f.held = hold.held
	return f, p, nil
}

// Hold takes the profile until Release, and makes the folders above it. A *HeldError says whose
// session has it; any other error, that it cannot be saved there.
func (f *File) Hold() error {
	target, err := follow(f.path)
	if err != nil {
		return err
	}
	if f.held != nil && f.held.target == target {
		return nil
	}
	if err := errors.Join(f.Release(), os.MkdirAll(filepath.Dir(target), 0o700)); err != nil {
		return fmt.Errorf("%s cannot be saved there: %w", f.path, err)
	}
	f.held, err = take(f.path, target)
	if err != nil && !errors.As(err, new(*HeldError)) {
		err = fmt.Errorf("%s cannot be saved there: %w", f.path, err)
	}
	return err
}

// Release lets others have the profile.
func (f *File) Release() error {
	if f.held == nil {
		return nil
	}
	l := f.held
	f.held = nil
	return l.release()
}

// Path returns where the profile is kept, as it was given.
func (f *File) Path() string { return f.path }

// Save puts the profile in the place of the file, readable by its owner alone, and makes the
// folders above it. What a person wrote in the file stays, comments and order too. After an
// error the file is what it was. A symbolic link stays one: what it points to is replaced. A
// *ChangedError says that somebody else wrote the file, a *HeldError that another session has it.
//
// A profile of a later revision does not take the place of an earlier one before that is kept:
// see Revisions.
func (f *File) Save(p *profiles.Profile) (err error) {
	text, err := f.text(p)
	if err != nil {
		return err
	}
	if f.held == nil {
		defer func() { err = errors.Join(err, f.Release()) }()
	}
	if err := f.Hold(); err != nil {
		return err
	}
	path := f.held.target
	there, err := f.check(path)
	if err != nil {
		return err
	}
	if there == nil || !bytes.Equal(there, text) {
		if err := f.put(path, there, text, p.Revision); err != nil {
			return err
		}
	}
	f.seen, f.number, f.made = text, p.Revision, false
	return nil
}

// put keeps the revision that is there where a later one begins, and replaces it.
func (f *File) put(path string, there, text []byte, number int) error {
	undo := func() error { return nil }
	if there != nil && number > f.number {
		var err error
		if undo, err = keepRevision(path, f.number, there); err != nil {
			return err
		}
	}
	if err := output.Replace(path, text); err != nil {
		return errors.Join(err, undo())
	}
	return nil
}

func (f *File) text(p *profiles.Profile) ([]byte, error) {
	if f.seen == nil {
		return profiles.Encode(p, f.cat, f.presets)
	}
	return profiles.Rewrite(f.seen, p, f.cat, f.presets)
}

// check returns what is on disk, nil for nothing, or says that it must not be replaced.
func (f *File) check(path string) ([]byte, error) {
	there, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil // a file that somebody removed holds nothing that could be lost
	case err != nil:
		return nil, err
	case f.made:
		return nil, fmt.Errorf("%s: %w", f.path, fs.ErrExist)
	case !bytes.Equal(there, f.seen):
		return nil, &ChangedError{f.path}
	}
	return there, nil
}

// follow returns the file that a path stands for, past symbolic links. The file itself need
// not exist.
func follow(path string) (string, error) {
	for range 40 { // as many as Linux follows
		info, err := os.Lstat(path)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", fmt.Errorf("%s: too many symbolic links", path)
}
