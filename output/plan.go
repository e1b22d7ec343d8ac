package output

import (
	"fmt"
	"slices"
	"strings"
)

// EditedError names the files that a person has edited or added since the pack was
// written and that a write would replace or remove. Errors are made as pointers.
type EditedError struct {
	Dir   string   // as it was given
	Paths []string // with slashes, sorted
}

func (e *EditedError) Error() string {
	what := "files were"
	if len(e.Paths) == 1 {
		what = "file was"
	}
	return fmt.Sprintf("%d %s edited since %s was written: %s", len(e.Paths), what, e.Dir, strings.Join(e.Paths, ", "))
}

// plan is what a write is going to do.
type plan struct {
	old    tree // what it was made for
	report Report
	carry  []string // files and empty folders that move to the new pack as they are
}

// idle reports whether the pack is already what it is to be.
func (p plan) idle() bool {
	return len(p.report.Added)+len(p.report.Changed)+len(p.report.Removed) == 0
}

// decision is a plan in the making.
type decision struct {
	old    tree
	want   names
	exempt map[string]bool // folded paths
	force  bool
	plan   plan
	edited []string // what stands in the way
}

// decide compares what stands there with the files to be written. Problems are an
// *EditedError.
func decide(at place, old tree, files []File, o Options) (plan, error) {
	d := decision{old: old, want: namesOf(files), exempt: map[string]bool{}, force: o.Force}
	d.plan = plan{old: old, report: Report{Dir: at.dir, DryRun: o.DryRun}}
	for _, p := range o.Keep {
		d.exempt[fold(p)] = true
	}
	for _, f := range files {
		d.place(f)
	}
	for _, p := range old.paths() {
		if f, ok := d.want.file(p); !ok || f != p {
			d.leave(p, files)
		}
	}
	for _, p := range old.empty {
		d.leaveFolder(p)
	}
	if len(d.edited) > 0 {
		slices.Sort(d.edited)
		return plan{}, &EditedError{Dir: at.dir, Paths: d.edited}
	}
	d.plan.sort()
	return d.plan, nil
}

// place decides about a file to be written.
func (d *decision) place(f File) {
	r := &d.plan.report
	switch {
	case d.old.missing(f.Path):
		r.Added = append(r.Added, f.Path)
	case d.old.equals(f.Path, f.Data):
		r.Unchanged = append(r.Unchanged, f.Path)
		if d.old.signed(f.Path) {
			d.plan.carry = append(d.plan.carry, f.Path)
		}
	case d.foreign(f.Path) && !d.exempt[fold(f.Path)] && !d.force:
		d.edited = append(d.edited, f.Path)
	default:
		r.Changed = append(r.Changed, f.Path)
		if d.old.signed(f.Path) {
			r.Unsigned = append(r.Unsigned, f.Path)
		}
	}
}

// leave decides about a file that is there and is not to be written.
func (d *decision) leave(p string, files []File) {
	r := &d.plan.report
	clash, exempt := d.want.clash(p), d.exempt[fold(p)]
	switch {
	case !d.foreign(p):
		r.Removed = append(r.Removed, p)
	case !clash && (exempt || !d.old.recorded(p)):
		d.plan.carry = append(d.plan.carry, p)
	case exempt, d.force, clash && d.respelled(p, files):
		r.Removed = append(r.Removed, p)
	default:
		d.edited = append(d.edited, p)
	}
}

// foreign reports whether a person has written what stands at p.
func (d *decision) foreign(p string) bool { return !d.old.recorded(p) || d.old.edited(p) }

// respelled reports whether p is a file to be written but for the case of its path.
func (d *decision) respelled(p string, files []File) bool {
	return slices.ContainsFunc(files, func(f File) bool { return fold(f.Path) == fold(p) && d.old.equals(p, f.Data) })
}

// leaveFolder keeps an empty folder that a person made. One in which only files of
// the pack stood goes with them.
func (d *decision) leaveFolder(p string) {
	for listed := range d.old.sums {
		for folder := range foldersOf(listed) {
			if folder == p {
				return
			}
		}
	}
	if !d.want.clash(p) {
		d.plan.carry = append(d.plan.carry, p)
	}
}

func (p *plan) sort() {
	for _, list := range [][]string{p.report.Added, p.report.Changed, p.report.Unchanged, p.report.Removed, p.report.Unsigned, p.carry} {
		slices.Sort(list)
	}
}
