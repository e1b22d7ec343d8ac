package output

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
)

// Pack is a pack as it stands on disk. Paths have slashes and are sorted.
type Pack struct {
	Dir   string // as it was given
	Meta  Meta   // what the manifest says
	Files []File // the files of the pack that are there, with their present bytes, sorted by path

	Edited  []string // files that differ from their sums
	Missing []string // files that have sums and are not there
	Signed  []string // scripts that were signed since, and else are as they were written
	Extra   []string // what is there and was not written by exoplan; not in Files
}

// Read reads the pack in dir and checks it against its sums. That files were edited,
// removed or added is not an error: it is what Pack tells. A script that was signed
// since is not edited, and what is no longer a plain file is, but is not in Files.
// The files of an untouched pack are those that [Seal] returned.
//
// The error is a [*NotAPackError] when dir holds something else, wraps
// [fs.ErrNotExist] when there is no dir, and says so when it is empty, or when the
// manifest is gone, cannot be read, or is of a newer format.
func Read(dir string) (Pack, error) {
	p, err := read(dir)
	if err != nil {
		return Pack{}, fmt.Errorf("read pack: %w", err)
	}
	return p, nil
}

func read(dir string) (Pack, error) {
	at, err := locate(dir)
	if err != nil {
		return Pack{}, err
	}
	if !at.exists {
		return Pack{}, fmt.Errorf("%s: %w", dir, fs.ErrNotExist)
	}
	t, err := at.survey(nil)
	if err != nil {
		return Pack{}, err
	}
	if err := at.mustHold(t); err != nil {
		return Pack{}, err
	}
	m, err := parseManifest(t.files[ManifestPath].data)
	if err != nil {
		return Pack{}, fmt.Errorf("%s: %w", dir, err)
	}
	return t.pack(dir, m), nil
}

// pack sorts what stands in t into what became of it.
func (t *tree) pack(dir string, m manifest) Pack {
	roles := map[string]string{ManifestPath: roleOf(ManifestPath), SumsPath: roleOf(SumsPath)}
	for _, f := range m.Files {
		roles[f.Path] = f.Role
	}
	pack := Pack{Dir: dir, Meta: m.Meta}
	for _, p := range t.paths() {
		switch {
		case !t.recorded(p):
			pack.Extra = append(pack.Extra, p)
			continue
		case t.edited(p):
			pack.Edited = append(pack.Edited, p)
		case t.signed(p):
			pack.Signed = append(pack.Signed, p)
		}
		if e := t.files[p]; e.regular {
			pack.Files = append(pack.Files, File{Path: p, Data: e.data, Role: roles[p]})
		}
	}
	for _, p := range slices.Sorted(maps.Keys(t.sums)) {
		if t.missing(p) {
			pack.Missing = append(pack.Missing, p)
		}
	}
	return pack
}

// mustHold says what keeps t from being read as a pack.
func (at place) mustHold(t tree) error {
	if t.sums == nil {
		return fmt.Errorf("%s is empty", at.dir)
	}
	if e, there := t.files[ManifestPath]; !there || !e.regular {
		return fmt.Errorf("%s: there is no %s", at.dir, ManifestPath)
	}
	return nil
}
