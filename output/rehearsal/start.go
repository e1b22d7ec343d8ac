package rehearsal

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed starts/*.yaml
var starts embed.FS

// start is a tenant before anything is rehearsed.
type start struct {
	Names   map[string]string `yaml:"names"`
	Objects []Object          `yaml:"objects"`
	Domains []string          `yaml:"domains"`
	DNS     map[string]string `yaml:"dns"`
}

// Starts returns the names of the starts, sorted.
func Starts() []string {
	entries, err := starts.ReadDir("starts")
	if err != nil {
		return nil // embedded: the folder is there, or this does not compile
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// loadStart reads a start and fills its names: a start may hold objects of whose names a
// test has an opinion.
func loadStart(name, prefix string, names map[string]string) (start, error) {
	text, err := starts.ReadFile("starts/" + name + ".yaml")
	if err != nil {
		return start{}, fmt.Errorf("no start %q: there are %s", name, strings.Join(Starts(), ", "))
	}
	var raw start
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&raw); err != nil {
		return start{}, fmt.Errorf("starts/%s.yaml: %w", name, err)
	}
	replacements, err := placeholders(raw.Names, names, prefix)
	if err != nil {
		return start{}, fmt.Errorf("start %s: %w", name, err)
	}
	return raw.filled(replacements), nil
}

func placeholders(known, given map[string]string, prefix string) (*strings.Replacer, error) {
	var problems []error
	for _, k := range slices.Sorted(maps.Keys(given)) {
		if _, ok := known[k]; !ok {
			problems = append(problems, fmt.Errorf("names no %q", k))
		}
	}
	pairs := []string{"<prefix>", prefix}
	for k, v := range known {
		if g, ok := given[k]; ok {
			v = g
		}
		pairs = append(pairs, "<"+k+">", v)
	}
	return strings.NewReplacer(pairs...), errors.Join(problems...)
}

func (s start) filled(r *strings.Replacer) start {
	out := start{DNS: map[string]string{}}
	for _, o := range s.Objects {
		values, _ := fill(o.Values, r).(map[string]any)
		out.Objects = append(out.Objects, Object{Noun: o.Noun, Values: values})
	}
	for _, d := range s.Domains {
		out.Domains = append(out.Domains, r.Replace(d))
	}
	for k, v := range s.DNS {
		out.DNS[r.Replace(k)] = r.Replace(v)
	}
	return out
}

func fill(v any, r *strings.Replacer) any {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			out = append(out, fill(e, r))
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = fill(e, r)
		}
		return out
	}
	return v
}
