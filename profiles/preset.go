package profiles

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Preset is answers and nothing else: a layer under the profile.
type Preset struct {
	ID      string
	Title   string
	About   string
	Locked  []string // questions that are shown and not asked
	Cite    []string
	Answers map[string]any // by question; of a question per item, for every item
}

// clashes names a question that both presets lock, each to another answer.
func (p Preset) clashes(other Preset) string {
	for _, id := range p.Locked {
		if slices.Contains(other.Locked, id) && !reflect.DeepEqual(p.Answers[id], other.Answers[id]) {
			return id
		}
	}
	return ""
}

// Presets is all presets, by ID.
type Presets []Preset

// Find returns the preset with the given ID.
func (ps Presets) Find(id string) (Preset, bool) {
	i := slices.IndexFunc(ps, func(p Preset) bool { return p.ID == id })
	if i < 0 {
		return Preset{}, false
	}
	return ps[i], true
}

// IDs returns the IDs in order.
func (ps Presets) IDs() []string {
	ids := make([]string, len(ps))
	for i, p := range ps {
		ids[i] = p.ID
	}
	return ids
}

//go:embed presets examples
var files embed.FS

type known struct {
	cat     *catalog.Catalog
	presets Presets
}

var load = sync.OnceValues(func() (known, error) {
	c, err := catalog.Load()
	if err != nil {
		return known{}, err
	}
	ps, err := LoadPresets(files, c)
	return known{c, ps}, err
})

// Load returns the catalogue and the presets that are built into the program.
func Load() (*catalog.Catalog, Presets, error) {
	k, err := load()
	return k.cat, k.presets, err
}

// LoadPresets reads presets/*.yaml from fsys and checks every answer against its question.
// The error is catalog.Problems.
func LoadPresets(fsys fs.FS, c *catalog.Catalog) (Presets, error) {
	names, err := fs.Glob(fsys, "presets/*.yaml")
	if err != nil {
		return nil, err
	}
	var out Presets
	var problems catalog.Problems
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		p, ps := decodePreset(name, data, c)
		out = append(out, p)
		problems = append(problems, ps...)
	}
	return out, problems.Err()
}

func decodePreset(name string, data []byte, c *catalog.Catalog) (Preset, catalog.Problems) {
	var raw struct {
		ID      string    `yaml:"id"`
		Title   string    `yaml:"title"`
		About   string    `yaml:"about"`
		Locked  []string  `yaml:"locked"`
		Cite    []string  `yaml:"cite"`
		Answers yaml.Node `yaml:"answers"`
	}
	d := decoder{file: name, cat: c, problems: catalog.DecodeStrict(name, data, &raw)}
	p := Preset{ID: raw.ID, Title: raw.Title, About: strings.TrimSpace(raw.About), Locked: raw.Locked, Cite: raw.Cite, Answers: map[string]any{}}
	if p.ID != strings.TrimSuffix(path.Base(name), ".yaml") {
		d.bad(1, "the preset is called %q, unlike its file", p.ID)
	}
	if p.Title == "" || p.About == "" {
		d.bad(1, "a preset has a title and says what it is about")
	}
	for ref, a := range d.answers(&raw.Answers) {
		if ref.Key != "" || a.Undecided != nil {
			d.bad(raw.Answers.Line, "%s: a preset answers for every item, and decides", ref)
		}
		p.Answers[ref.Question] = a.Value
	}
	for _, id := range p.Locked {
		if _, ok := p.Answers[id]; !ok {
			d.bad(1, "locked: the preset does not answer %q", id)
		}
	}
	for _, s := range p.Cite {
		if _, ok := c.Citations[s]; !ok {
			d.bad(1, "cite: no source is called %q", s)
		}
	}
	return p, d.problems
}

// Examples returns the names of the example profiles that are built in, sorted.
func Examples() []string {
	names, err := fs.Glob(files, "examples/*.yaml")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for i, n := range names {
		names[i] = strings.TrimSuffix(path.Base(n), ".yaml")
	}
	return names
}

// Example reads an example profile by its name.
func Example(name string) (*Profile, error) {
	k, err := load()
	if err != nil {
		return nil, err
	}
	file := "examples/" + name + ".yaml"
	data, err := files.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("no example is called %q; there are %s", name, strings.Join(Examples(), ", "))
	}
	return Decode(file, data, k.cat, k.presets)
}
