package output

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// kind stands in every manifest. It tells a pack from a stranger's folder that
// happens to hold a SHA256SUMS and a manifest.json.
const kind = "exoplan change pack"

var fingerprint = regexp.MustCompile(`^[0-9a-f]{64}$`)

// manifest is manifest.json. It does not list itself, whose sum it cannot hold, nor
// SHA256SUMS, which holds the manifest's.
type manifest struct {
	Kind string `json:"kind"`
	Meta
	Files []manifestFile `json:"files"`
}

type manifestFile struct {
	Path    string `json:"path"`
	Role    string `json:"role"`
	Marking string `json:"marking"`
	Size    int    `json:"size"`
	SHA256  string `json:"sha256"`
}

// Seal turns files into a pack: it returns them sorted by path, together with
// manifest.json (what m says, then path, role, marking, size and SHA-256 of every
// file) and SHA256SUMS (every file with the manifest). The slice given is not
// changed; the bytes of the files are shared with it.
//
// All problems are reported at once, sorted by path: paths that are absolute, lead
// out of the pack, have a backslash or what Windows does not take in a name; paths
// given twice, or different in case alone; a file where another needs a folder;
// the names of the two files that Seal adds. Then those of m: a date that is none,
// a plan fingerprint in a draft, or none where there should be one.
func Seal(files []File, m Meta) ([]File, error) {
	paths := []string{ManifestPath, SumsPath}
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	if err := errors.Join(append(checkPaths(paths), checkMeta(m)...)...); err != nil {
		return nil, fmt.Errorf("seal pack: %w", err)
	}
	sealed := slices.Clone(files)
	sortFiles(sealed)
	list, err := formatManifest(sealed, m)
	if err != nil {
		return nil, fmt.Errorf("seal pack: %s: %w", ManifestPath, err)
	}
	sealed = append(sealed, File{Path: ManifestPath, Data: list, Role: roleOf(ManifestPath)})
	sortFiles(sealed)
	sealed = append(sealed, File{Path: SumsPath, Data: formatSums(sealed), Role: roleOf(SumsPath)})
	sortFiles(sealed)
	return sealed, nil
}

// roleOf returns the role of a file that no manifest lists.
func roleOf(path string) string {
	switch path {
	case ManifestPath:
		return "manifest"
	case SumsPath:
		return "checksums"
	}
	return ""
}

func sortFiles(files []File) {
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
}

func checkMeta(m Meta) []error {
	var errs []error
	if m.Format != 0 && m.Format != Format {
		errs = append(errs, fmt.Errorf("format %d is not the one written here, %d", m.Format, Format))
	}
	if _, err := time.Parse(time.DateOnly, m.Date); err != nil {
		errs = append(errs, fmt.Errorf("date %q is not of the form YYYY-MM-DD", m.Date))
	}
	switch {
	case m.Draft && m.Plan != "":
		errs = append(errs, errors.New("a draft has a plan fingerprint: nobody can approve a draft"))
	case !m.Draft && !fingerprint.MatchString(m.Plan):
		errs = append(errs, fmt.Errorf("plan fingerprint %q is not 64 lower-case hexadecimal digits", m.Plan))
	}
	return errs
}

func formatManifest(files []File, m Meta) ([]byte, error) {
	m.Format = Format
	m.Presets = append([]string{}, m.Presets...) // an empty list is [], not null
	list := manifest{Kind: kind, Meta: m, Files: []manifestFile{}}
	for _, f := range files {
		list.Files = append(list.Files, manifestFile{
			Path: f.Path, Role: f.Role, Marking: m.Marking,
			Size: len(f.Data), SHA256: digestOf(f.Data).String(),
		})
	}
	return JSON(list)
}

// JSON writes a value for machines and so that a person can read it: indented, "R&D" and not
// "R\u0026D".
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}

// parseManifest refuses what is not the manifest of a pack, or of one that is laid
// out in a way this version does not know.
func parseManifest(data []byte) (manifest, error) {
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return manifest{}, fmt.Errorf("%s: %w", ManifestPath, err)
	}
	if m.Kind != kind {
		return manifest{}, fmt.Errorf("%s is not that of an %s", ManifestPath, kind)
	}
	if m.Format < 1 || m.Format > Format {
		return manifest{}, fmt.Errorf("%s: format %d is not known here, a newer version may know it", ManifestPath, m.Format)
	}
	return m, nil
}
