package catalog

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/exoplan/exoplan/profiles/contract"
)

//go:generate go test . -run TestBuilt -update
//go:generate go run ../../cmd/exoplan reference -o ../REFERENCE.md

// built is the catalogue as LoadFS reads it from the files of this folder, and checks it. A program
// that starts has no time to read and check them again: that costs as much as all the rest.
//
//go:embed catalog.json
var built []byte

// Load returns the catalogue that is built into the program. It is read once.
var Load = sync.OnceValues(load)

func load() (*Catalog, error) {
	con, err := contract.Load()
	if err != nil {
		return nil, err
	}
	c := &Catalog{}
	if err := json.Unmarshal(built, c); err != nil {
		return nil, fmt.Errorf("catalog.json: %w", err)
	}
	c.Contract = con
	c.integers()
	return c, nil
}

// encode writes the catalogue as it is built in, a line for each value.
func (c *Catalog) encode() ([]byte, error) {
	x := *c
	x.Contract = nil
	text, err := json.MarshalIndent(x, "", "")
	return append(text, '\n'), err
}

// integers makes whole numbers of those in values without a type of their own, as YAML reads them:
// JSON has one kind of number.
func (c *Catalog) integers() {
	maps := func(all ...map[string]any) {
		for _, m := range all {
			integer(m)
		}
	}
	for _, t := range c.Topics {
		for i := range t.Questions {
			t.Questions[i].Default = integer(t.Questions[i].Default)
		}
		for _, d := range t.Decisions {
			for i := range d.Outcomes {
				d.Outcomes[i].Is = integer(d.Outcomes[i].Is)
			}
		}
		for _, r := range t.Rules {
			maps(slices.Concat(r.Fires, r.Quiet)...)
		}
		for _, s := range t.Strays {
			maps(s.Like, s.Has)
			maps(slices.Concat(s.Fires, s.Quiet)...)
		}
		for _, o := range t.Objects {
			maps(o.New, o.Given)
			for _, s := range o.Stages {
				maps(s.Set, s.Add, s.Expect, s.Includes)
			}
		}
		for _, h := range t.Holds {
			for _, l := range h.Looks {
				maps(l.Expect)
			}
		}
		for _, r := range t.Records {
			if r.Today != nil {
				r.Today.Value = integer(r.Today.Value)
			}
			for i := range r.Stages {
				r.Stages[i].Value = integer(r.Stages[i].Value)
			}
		}
	}
}

func integer(v any) any {
	switch v := v.(type) {
	case float64:
		return int(v)
	case []any:
		for i := range v {
			v[i] = integer(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = integer(v[key])
		}
	}
	return v
}
