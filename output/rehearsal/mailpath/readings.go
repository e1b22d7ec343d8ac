package mailpath

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed readings.yaml
var readingsYAML []byte

// Reading is a question on which Microsoft's pages are silent, and what the answer may be.
type Reading struct {
	ID      string
	About   string
	Options []string          // in order; the first seems the likeliest
	Says    map[string]string // what each option means
	Silent  string            // what the page says, and what it leaves open
	Cite    string            // the page
}

// Readings returns all of them, in the order of the data.
func Readings() ([]Reading, error) { return readings() }

var readings = sync.OnceValues(func() ([]Reading, error) { return decodeReadings(readingsYAML) })

// decodeReadings keeps the order of the file, which is the order of the options too.
func decodeReadings(text []byte) ([]Reading, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("readings.yaml: %w", err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var data map[string]struct {
		About   string            `yaml:"about"`
		Options map[string]string `yaml:"options"`
		Silent  string            `yaml:"silent"`
		Cite    string            `yaml:"cite"`
	}
	if err := d.Decode(&data); err != nil {
		return nil, fmt.Errorf("readings.yaml: %w", err)
	}
	var out []Reading
	for _, id := range keys(doc.Content[0]) {
		x := data[id]
		r := Reading{ID: id, About: x.About, Options: keys(child(child(doc.Content[0], id), "options")), Says: x.Options, Silent: x.Silent, Cite: x.Cite}
		if r.About == "" || r.Silent == "" || r.Cite == "" || len(r.Options) < 2 {
			return nil, fmt.Errorf("readings.yaml: %s needs about, silent, cite and two options", id)
		}
		out = append(out, r)
	}
	if len(out) > len(Under{}) {
		return nil, fmt.Errorf("readings.yaml: %d readings, and room for %d", len(out), len(Under{}))
	}
	return out, nil
}

func keys(n *yaml.Node) []string {
	var out []string
	if n == nil {
		return nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		out = append(out, n.Content[i].Value)
	}
	return out
}

func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// Under is one combination of readings: for each in the order of Readings the number of its
// option from 1 on, 0 where the path did not meet it.
type Under [20]uint8

// Takes reports whether a reading was met, and taken in this way.
func (u Under) Takes(id, option string) bool {
	all, _ := readings()
	i := slices.IndexFunc(all, func(r Reading) bool { return r.ID == id })
	return i >= 0 && u[i] > 0 && all[i].Options[u[i]-1] == option
}

// with reports whether two combinations contradict each other nowhere, and unites them.
func (u Under) with(v Under) (Under, bool) {
	for i := range u {
		switch {
		case u[i] == 0:
			u[i] = v[i]
		case v[i] != 0 && v[i] != u[i]:
			return u, false
		}
	}
	return u, true
}

// String names what was met: "recipients=whole, two-routes=first".
func (u Under) String() string {
	all, _ := readings()
	var out []string
	for i, r := range all {
		if u[i] > 0 {
			out = append(out, r.ID+"="+r.Options[u[i]-1])
		}
	}
	return strings.Join(out, ", ")
}

// course is one walk through the tenant. It follows a list of choices and takes the first
// option wherever the list ends.
type course struct {
	all    []Reading
	script []uint8
	met    []int // which readings, in the order in which they were met
	under  Under
}

// reads reports whether the reading is taken in this way.
func (c *course) reads(id, option string) bool { return c.option(id) == option }

func (c *course) option(id string) string {
	for i, r := range c.all {
		if r.ID != id {
			continue
		}
		if c.under[i] == 0 {
			c.under[i] = 1
			if n := len(c.met); n < len(c.script) {
				c.under[i] = c.script[n]
			}
			c.met = append(c.met, i)
		}
		return r.Options[c.under[i]-1]
	}
	panic("mailpath: no reading " + id)
}

// next is the script of the walk after this one; false when all were taken.
func (c *course) next() ([]uint8, bool) {
	script := make([]uint8, len(c.met))
	for n, i := range c.met {
		script[n] = c.under[i]
	}
	for n := len(script) - 1; n >= 0; n-- {
		if int(script[n]) < len(c.all[c.met[n]].Options) {
			script[n]++
			return script[:n+1], true
		}
	}
	return nil, false
}
