package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/templates"
)

// diffFlags are how a comparison is told.
type diffFlags struct {
	asJSON, exitCode bool
}

func (f *diffFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON document")
	cmd.Flags().BoolVar(&f.exitCode, "exit-code", false, "exit 1 when something differs")
}

func diffCommand(env environment) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Say what changes between two profiles or packs",
		Long: `diff says in Markdown what changes from A to B: answers, decisions, findings, objects in the
tenant, steps and DNS records. A and B are profiles, examples (example:NAME) or packs. Steps,
objects and records of a pack are those of its plan.json, which somebody may have approved; its
decisions are made again from its profile.yaml.

Values that are one to the service do not differ: the order of addresses, the case of names.

With --exit-code it exits 0 when nothing differs and 1 when something does; what cannot be read
is 2, as everywhere.`,
		Example: "  exoplan diff agency-r2 agency.yaml\n  exoplan diff example:cloud example:protected --json",
		Args:    cobra.ExactArgs(2),

		ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			c, ps, err := knowledge()
			if err != nil {
				return err
			}
			was, err1 := readSide(args[0], c, ps)
			is, err2 := readSide(args[1], c, ps)
			if err := errors.Join(err1, err2); err != nil {
				return &failure{code: exitUsage, err: err}
			}
			return tellChanges(env, was, is, c, f)
		},
	}
	f.add(cmd)
	return cmd
}

// side is a design that is compared, and what must be said of it.
type side struct {
	*design.Design
	read  string
	notes []string
}

// readSide reads a profile, an example or a pack.
func readSide(name string, c *catalog.Catalog, ps profiles.Presets) (side, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		pack, err := output.Read(name)
		if err != nil {
			return side{}, err
		}
		return sideOfPack(pack, c, ps)
	}
	p, err := load(name, c, ps)
	if err != nil {
		return side{}, err
	}
	return sideOf(name, p, c, ps), nil
}

func sideOf(name string, p *profiles.Profile, c *catalog.Catalog, ps profiles.Presets) side {
	return side{Design: design.Resolve(profiles.Evaluate(c, ps, p), ps), read: name}
}

// sideOfPack takes the plan of a pack, and resolves its profile for everything else.
func sideOfPack(pack output.Pack, c *catalog.Catalog, ps profiles.Presets) (side, error) {
	answers, err1 := textOf(pack, "profile.yaml")
	plan, err2 := textOf(pack, "plan.json")
	if err := errors.Join(err1, err2); err != nil {
		return side{}, err
	}
	p, err := profiles.Decode(pack.Dir+"/profile.yaml", answers, c, ps)
	if err != nil {
		return side{}, err
	}
	s := sideOf(pack.Dir, p, c, ps)
	return s, s.take(plan, pack)
}

// textOf returns a file of a pack.
func textOf(pack output.Pack, path string) ([]byte, error) {
	i := slices.IndexFunc(pack.Files, func(f output.File) bool { return f.Path == path })
	if i < 0 {
		return nil, fmt.Errorf("%s: there is no %s: %w", pack.Dir, path, fs.ErrNotExist)
	}
	return pack.Files[i].Data, nil
}

// take puts the plan of a pack in the place of the one that its profile gives today.
func (s *side) take(plan []byte, pack output.Pack) error {
	today, _, err := s.Plan()
	if err != nil {
		return err
	}
	if string(today) != string(plan) {
		s.notes = append(s.notes, s.read+": this version of exoplan makes another plan of its answers. Steps, objects and records are those of the pack, the rest is of this version.")
	}
	if pack.Meta.Draft {
		s.notes = append(s.notes, s.read+" is a draft.")
	}
	for _, path := range []string{"plan.json", "profile.yaml"} {
		if slices.Contains(pack.Edited, path) {
			s.notes = append(s.notes, fmt.Sprintf("%s: %s was edited since the pack was written.", s.read, path))
		}
	}
	if s.Design, err = s.Planned(plan); err != nil {
		return fmt.Errorf("%s: %w", s.read, err)
	}
	return nil
}

// tellChanges prints what differs.
func tellChanges(env environment, was, is side, c *catalog.Catalog, f diffFlags) error {
	x, err := design.Compare(was.Design, is.Design, c.Contract)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	x.Was.Read, x.Is.Read = was.read, is.read
	x.Notes = append(x.Notes, was.notes...)
	x.Notes = append(x.Notes, is.notes...)
	x.Notes = append(x.Notes, remarks(x)...)
	if f.asJSON {
		err = printJSON(env.out, x)
	} else {
		err = printChanges(env, x)
	}
	if err == nil && f.exitCode && (!x.None() || x.Was.Plan != x.Is.Plan) {
		err = &failure{code: exitFailed}
	}
	return err
}

// remarks are what one should know before one reads what differs.
func remarks(x design.Changes) []string {
	var out []string
	if x.Was.ID != x.Is.ID {
		out = append(out, "These are two different profiles, not two revisions of one.")
	}
	for _, v := range []design.Version{x.Was, x.Is} {
		if v.Plan == "" {
			out = append(out, v.Read+" is not ready to be rendered: what it lacks may be what nobody has answered yet.")
		}
	}
	switch plans := x.Was.Plan != "" && x.Is.Plan != ""; {
	case plans && x.Was.Plan != x.Is.Plan && x.Was.Revision == x.Is.Revision && x.Was.ID == x.Is.ID:
		out = append(out, "Both are of one revision, and their plans differ: if one was approved, the other needs another revision.")
	case plans && x.Was.Plan != x.Is.Plan && x.None():
		out = append(out, "The fingerprints differ all the same: by the profile or the tenant that the plans are for, or by how values are written.")
	}
	return out
}

func printChanges(env environment, x design.Changes) error {
	text, err := templates.Changes(x)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	_, err = fmt.Fprintln(env.out, strings.TrimSuffix(string(text), "\n"))
	return err
}
