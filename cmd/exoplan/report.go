package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/output/journal"
	"github.com/exoplan/exoplan/output/rehearsal/trial"
	"github.com/exoplan/exoplan/templates"
)

type reportFlags struct {
	log, file, rehearsal string
	force                bool
}

func reportCommand(env environment) *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report PACK [--log DIR] [-o FILE]",
		Short: "Set what was carried out against what was planned",
		Long: `report sets what the scripts of a pack wrote down against its plan, in Markdown, in the form of the
design document: where each phase stands, what became of every step and hold, when and under which
account, what changed from what to what, who let a hold pass and why, what is other than planned,
the last verification, and every line of the journal. It is to be filed with the pack.

--rehearsal adds what came of a rehearsal of the same plan, from the file that exoplan rehearse --json
printed.

A pack is what was signed, so nothing is written into it: -o names a file elsewhere. A file that is
there is replaced with --force alone.

Where the records are looked for, exoplan status --help says.`,
		Example: "  exoplan report agency-r2 -o agency-r2-report.md\n" +
			"  exoplan rehearse agency-r2 --json > rehearsal.json\n  exoplan report agency-r2 --rehearsal rehearsal.json -o agency-r2-report.md",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completePack,
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := progressOf(args[0], f)
			if err != nil {
				return err
			}
			if f.file == "" {
				_, err := env.out.Write(text)
				return err
			}
			return writeBeside(args[0], f.file, text, f.force)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.log, "log", "", "folder of the records: the -LogDirectory of the scripts")
	flags.StringVarP(&f.file, "output", "o", "", "file to write to, outside the pack")
	flags.StringVar(&f.rehearsal, "rehearsal", "", "what rehearse --json printed of this plan")
	flags.BoolVar(&f.force, "force", false, "replace a file that is there")
	completes(cmd, "log", completeFolder)
	completes(cmd, "rehearsal", completeJSON)
	return cmd
}

// progressOf makes the report of a pack.
func progressOf(dir string, f reportFlags) ([]byte, error) {
	c, ps, err := knowledge()
	if err != nil {
		return nil, err
	}
	p, err := readPlanned(dir)
	if err != nil {
		return nil, err
	}
	s, err := sideOfPack(p.Pack, c, ps)
	if err != nil {
		return nil, &failure{code: exitUsage, err: err}
	}
	r, err := locate(f.log, &p)
	if err != nil {
		return nil, err
	}
	played, err := readRehearsal(f.rehearsal, p)
	if err != nil {
		return nil, err
	}
	told := templates.Records{Log: r.dir, Standing: r.stand(p), Notes: append(s.notes, reportNotes(r, p)...), Rehearsal: played}
	text, err := templates.Progress(s.Design, told, generator())
	if err != nil {
		return nil, &failure{code: exitFailed, err: err}
	}
	return text, nil
}

// readRehearsal reads what rehearse printed of a plan; nothing where no file is named.
func readRehearsal(file string, p planned) (*trial.Record, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &failure{code: exitUsage, err: fmt.Errorf("--rehearsal: %w", err)}
	}
	var x trial.Record
	read := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF"))))
	read.DisallowUnknownFields()
	switch err := read.Decode(&x); {
	case err != nil:
		return nil, &failure{code: exitUsage, err: fmt.Errorf("%s is not what rehearse --json prints: %w", file, err)}
	case x.Plan != p.fingerprint:
		return nil, &failure{code: exitUsage, err: fmt.Errorf("%s is the rehearsal of plan %.12s, and the pack has plan %.12s", file, x.Plan, p.fingerprint)}
	}
	return &x, nil
}

// reportNotes are what one should know before one reads.
func reportNotes(r records, p planned) []string {
	var out []string
	if len(r.Of(p.fingerprint)) == 0 {
		out = append(out, "The records hold no line of this plan.")
	}
	for _, plan := range r.Plans() {
		if plan != p.fingerprint {
			out = append(out, fmt.Sprintf("The records tell of plan %.12s as well, which has a report of its own.", plan))
		}
	}
	for _, n := range r.Torn {
		out = append(out, fmt.Sprintf("Line %d of %s breaks off: a run was killed while it wrote. What it says is not in this report.", n, journal.File))
	}
	return out
}

// writeBeside writes a file that is filed with a pack and does not stand in it.
func writeBeside(pack, file string, text []byte, force bool) error {
	inside, err := within(pack, file)
	switch {
	case err != nil:
		return &failure{code: exitFailed, err: err}
	case inside:
		return &failure{code: exitUsage, err: fmt.Errorf("%s lies in the pack, which is as it was signed", file), hint: "file it beside the pack"}
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) && !force {
		return &failure{code: exitFailed, err: fmt.Errorf("%s is there already", file), hint: "choose another name, or replace it with --force"}
	}
	if err := output.Replace(file, text); err != nil {
		return &failure{code: exitFailed, err: err}
	}
	return nil
}

// within says whether a file would stand in a folder.
func within(dir, file string) (bool, error) {
	root, err1 := filepath.EvalSymlinks(dir)
	parent, err2 := filepath.EvalSymlinks(filepath.Dir(file))
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	root, err1 = filepath.Abs(root)
	parent, err2 = filepath.Abs(parent)
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	rel, err := filepath.Rel(root, parent)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}
