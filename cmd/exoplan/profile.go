package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/store"
)

// knowledge loads what is built in. That it cannot be loaded is a bug in exoplan.
func knowledge() (*catalog.Catalog, profiles.Presets, error) {
	c, ps, err := profiles.Load()
	if err != nil {
		return nil, nil, &failure{code: exitFailed, err: fmt.Errorf("the built-in catalogue: %w", err), hint: "this is a bug in exoplan"}
	}
	return c, ps, nil
}

// open reads a profile, or an example by example:NAME, and applies --date and --set.
func open(name, date string, set []string) (*profiles.Session, error) {
	c, ps, err := knowledge()
	if err != nil {
		return nil, err
	}
	p, err := load(name, c, ps)
	if err != nil {
		return nil, err
	}
	s := profiles.NewSession(c, ps, p)
	if date != "" {
		if _, err := (catalog.Question{Kind: catalog.Date}).Parse(date); err != nil {
			return nil, &failure{code: exitUsage, err: fmt.Errorf("--date: %w", err)}
		}
		s.Update(func(p *profiles.Profile) { p.Date = date })
	}
	if err := s.Set(set); err != nil {
		return nil, &failure{code: exitUsage, err: prefixed("--set: ", err)}
	}
	return s, nil
}

func load(name string, c *catalog.Catalog, ps profiles.Presets) (*profiles.Profile, error) {
	if example, ok := strings.CutPrefix(name, "example:"); ok {
		p, err := profiles.Example(example)
		if err != nil {
			return nil, &failure{code: exitUsage, err: err, hint: "exoplan list examples says what each is"}
		}
		return p, nil
	}
	_, p, err := find(store.Load, name, c, ps)
	if err != nil {
		return nil, &failure{code: exitUsage, err: err}
	}
	return p, nil
}

// opening reads a profile: to look at it, or to hold it.
type opening func(path string, c *catalog.Catalog, ps profiles.Presets) (*store.File, *profiles.Profile, error)

// find opens a profile by its file, or by the name of one in the user's folder.
func find(open opening, name string, c *catalog.Catalog, ps profiles.Presets) (*store.File, *profiles.Profile, error) {
	file, p, err := open(name, c, ps)
	if config, none := os.UserConfigDir(); errors.Is(err, fs.ErrNotExist) && none == nil {
		if file, p, err := open(store.Path(config, name), c, ps); !errors.Is(err, fs.ErrNotExist) {
			return file, p, err
		}
	}
	return file, p, err
}

// prefixed puts a prefix before every line of an error.
func prefixed(prefix string, err error) error {
	return errors.New(prefix + strings.ReplaceAll(err.Error(), "\n", "\n"+prefix))
}

func resolve(s *profiles.Session) *design.Design { return design.Resolve(s.State(), s.Presets()) }
