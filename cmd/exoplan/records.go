package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/output/journal"
	"github.com/exoplan/exoplan/profiles/design"
)

// besidePacks is the folder that scripts make beside the packs, with one for each tenant.
const besidePacks = "exoplan-records"

// planned is a finished pack, and the plan in it.
type planned struct {
	output.Pack
	plan        design.Plan
	fingerprint string // of plan.json as it stands there
}

// readPlanned reads the plan of a pack that can be carried out.
func readPlanned(dir string) (planned, error) {
	pack, err := output.Read(dir)
	if err != nil {
		return planned{}, &failure{code: exitUsage, err: err}
	}
	if pack.Meta.Draft {
		return planned{}, &failure{code: exitUsage, err: fmt.Errorf("%s is a draft: nothing is carried out from it", dir)}
	}
	text, err := textOf(pack, "plan.json")
	if err != nil {
		return planned{}, &failure{code: exitUsage, err: err}
	}
	p := planned{Pack: pack, fingerprint: fmt.Sprintf("%x", sha256.Sum256(text))}
	if p.fingerprint != pack.Meta.Plan {
		return planned{}, &failure{code: exitUsage, err: fmt.Errorf("%s: plan.json is not the one that was rendered: no script of the pack runs", dir)}
	}
	if p.plan, err = design.ReadPlan(text); err != nil {
		return planned{}, &failure{code: exitUsage, err: fmt.Errorf("%s: %w", dir, err)}
	}
	return p, nil
}

// records are what scripts wrote down for a tenant.
type records struct {
	journal.Journal
	dir   string
	files []string // their names
}

// readRecords reads the records in a folder. Without a journal there is nothing to read.
func readRecords(dir string) (records, error) {
	r := records{dir: dir}
	path := filepath.Join(dir, journal.File)
	text, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	if r.Journal, err = journal.Parse(path, text); err != nil {
		return r, &failure{code: exitUsage, err: err, hint: "the scripts of a pack write this file, and nobody else may"}
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		r.files = append(r.files, e.Name())
	}
	return r, err
}

// locate finds the records: in the folder that is named or, without one, where scripts put them by
// default, beside the pack or in the folder that one stands in. Where no script has run yet, there
// are none, which is no error as long as nobody named a folder.
func locate(named string, p *planned) (records, error) {
	r, err := search(named, p)
	if err != nil && !errors.As(err, new(*failure)) {
		err = &failure{code: exitUsage, err: err}
	}
	return r, err
}

func search(named string, p *planned) (records, error) {
	switch {
	case named != "":
		return readNamed(named, p)
	case p == nil:
		return readOnly(besidePacks)
	}
	abs, err := filepath.Abs(p.Dir)
	if err != nil {
		return records{}, err
	}
	dir := filepath.Join(filepath.Dir(abs), besidePacks, p.plan.Tenant.ID)
	r, err := readRecords(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return records{dir: dir}, nil
	}
	return r, err
}

// readNamed reads the records in a folder, or in that of the pack's tenant in it.
func readNamed(dir string, p *planned) (records, error) {
	r, err := readRecords(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	if p != nil {
		if r, err := readRecords(filepath.Join(dir, p.plan.Tenant.ID)); !errors.Is(err, fs.ErrNotExist) {
			return r, err
		}
		return r, &failure{code: exitUsage, err: fmt.Errorf("%s holds no %s", dir, journal.File), hint: "no script has run with this folder as its -LogDirectory"}
	}
	return readOnly(dir)
}

// readOnly reads the records of the only tenant that has a folder there.
func readOnly(dir string) (records, error) {
	found, err := filepath.Glob(filepath.Join(escaped(dir), "*", journal.File))
	if err != nil {
		return records{}, err
	}
	switch len(found) {
	case 0:
		return records{}, &failure{code: exitUsage, err: fmt.Errorf("%s holds no %s", dir, journal.File), hint: "name the folder of the records with --log, or a pack beside them"}
	case 1:
		return readRecords(filepath.Dir(found[0]))
	}
	for i := range found {
		found[i] = filepath.Dir(found[i])
	}
	return records{}, &failure{code: exitUsage, err: fmt.Errorf("these are the records of several tenants: %s", strings.Join(found, ", ")), hint: "name one of them with --log"}
}

// escaped is a path in which a pattern finds nothing of its own.
func escaped(path string) string {
	return strings.NewReplacer("*", `[*]`, "?", `[?]`, "[", `[[]`).Replace(path)
}

// recorded names the entries of a plan of which the records hold what was there before.
func (r records) recorded(fingerprint string) []string {
	var out []string
	end := fmt.Sprintf(".%.12s.before.xml", fingerprint)
	for _, name := range r.files {
		if id, is := strings.CutSuffix(name, end); is {
			out = append(out, id)
		}
	}
	return out
}

// stand says where the plan of a pack stands.
func (r records) stand(p planned) journal.Standing {
	return journal.Stand(p.fingerprint, p.plan, r.Journal, r.recorded(p.fingerprint))
}

// packs returns the packs whose plans the journal speaks of, as far as they lie beside the records.
// What else lies there is passed over.
func (r records) packs() []planned {
	abs, err := filepath.Abs(r.dir)
	if err != nil || filepath.Base(filepath.Dir(abs)) != besidePacks {
		return nil
	}
	beside := filepath.Dir(filepath.Dir(abs))
	entries, _ := os.ReadDir(beside) // what cannot be read holds no pack that could be named
	var out []planned
	for _, e := range entries {
		dir := filepath.Join(beside, e.Name())
		if _, err := os.Stat(filepath.Join(dir, output.ManifestPath)); err != nil {
			continue
		}
		if p, err := readPlanned(dir); err == nil && slices.Contains(r.Plans(), p.fingerprint) {
			out = append(out, p)
		}
	}
	return out
}

// last returns the plan that was at work last.
func (r records) last() string {
	for _, l := range slices.Backward(r.Lines) {
		if l.Real() {
			return l.Plan
		}
	}
	return ""
}
