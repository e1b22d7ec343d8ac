package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// finding is one row of check: a rule that fires, a question without an answer, or a place in
// a file that cannot be read.
type finding struct {
	Profile  string `json:"profile,omitempty"` // where several are looked at
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	At       string `json:"at"`
	Summary  string `json:"summary"`
	Remedy   string `json:"remedy"`
	// Acknowledged is who took a warning on, and why.
	Acknowledged string `json:"acknowledged,omitempty"`

	blocks bool // it stands in the way of a pack
	detail string
	noted  string // how it can be acknowledged
}

// report is what check prints for machines.
type report struct {
	Findings []finding `json:"findings"`
	Live     *seen     `json:"live,omitempty"`
}

// What check says beside rules of the catalogue.
const (
	unreadable = "PROFILE"
	unanswered = "UNANSWERED"
	undecided  = "UNDECIDED"
)

func checkCommand(env environment) *cobra.Command {
	var asJSON bool
	var set []string
	var dns live
	cmd := &cobra.Command{
		Use:   "check PROFILE|example:NAME",
		Short: "Say what stands in the way of a pack",
		Long: `check reads a profile and lists every finding: conflicts between answers, questions without
an answer, places in the file that cannot be read. It exits 0 when a pack can be rendered, 2 when
the profile cannot be used or answers are missing, 3 when findings or undecided questions stand in
the way.

With --live it asks DNS as well: which records stand there, as of which phase of the plan, whether
the profile is right about today, and the rules that only DNS can decide, such as the look-ups of an
SPF record. It exits 1 when a name server does not answer. Nothing else of exoplan uses the network.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeProfile,
		RunE: func(cmd *cobra.Command, args []string) error {
			views, err := dns.views()
			if err != nil {
				return err
			}
			s, err := open(args[0], "", set)
			if err != nil {
				return refuse(env, err, asJSON)
			}
			d := resolve(s)
			found := report{Findings: findings(d)}
			if dns.wanted {
				if found.Live, err = look(cmd.Context(), views, d, s.State()); err != nil {
					return errStopped
				}
				found.Findings = append(found.Findings, found.Live.fires...)
			}
			if err := found.print(env.out, asJSON); err != nil {
				return err
			}
			return cmp.Or(verdict(d), found.Live.verdict())
		},
	}
	dns.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	cmd.Flags().StringArrayVar(&set, "set", nil, "answer a question: id=value or id/item=value (repeat for lists)")
	completes(cmd, "set", completeSet)
	return cmd
}

// print prints a report, for people or for machines.
func (r report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, r)
	}
	if r.Live != nil {
		r.Live.print(w)
	}
	printFindings(w, r.Findings)
	fmt.Fprintln(w, outcome(r.Findings))
	return nil
}

// refuse prints what makes a profile unreadable, as JSON where that was asked for.
func refuse(env environment, err error, asJSON bool) error {
	var f *failure
	if !asJSON || !errors.As(err, &f) {
		return err
	}
	rows := []finding{}
	if problems, ok := errors.AsType[catalog.Problems](f.err); ok {
		for _, p := range problems {
			at := p.File
			if p.Line > 0 {
				at = fmt.Sprintf("%s:%d", p.File, p.Line)
			}
			rows = append(rows, finding{Rule: unreadable, Severity: "error", At: at, Summary: p.Message})
		}
	} else {
		for l := range strings.SplitSeq(f.err.Error(), "\n") {
			rows = append(rows, finding{Rule: unreadable, Severity: "error", Summary: l, Remedy: f.hint})
		}
	}
	if err := printJSON(env.out, report{Findings: rows}); err != nil {
		return err
	}
	return &failure{code: f.code}
}

// verdict is the exit code of a design that may not be ready.
func verdict(d *design.Design) error {
	switch {
	case len(d.Missing) > 0:
		return &failure{code: exitUsage}
	case len(d.Faults) > 0:
		return &failure{code: exitFailed, err: errors.Join(d.Faults...), hint: "this is a bug in exoplan"}
	case !d.Ready():
		return &failure{code: exitBlocked}
	}
	return nil
}

func findings(d *design.Design) []finding {
	rows := []finding{}
	for _, o := range d.Missing {
		rows = append(rows, finding{
			Rule: unanswered, Severity: "error", blocks: true, At: o.Ref, Summary: fmt.Sprintf("%q is not answered", o.Asking),
			Remedy: fmt.Sprintf("answer it (--set '%s=...'), or give it an owner", o.Ref),
		})
	}
	for _, o := range d.Open {
		row := finding{Rule: undecided, Severity: "info", At: o.Ref, Summary: fmt.Sprintf("%q is undecided", o.Asking), Remedy: owes(o), blocks: o.Blocking}
		if o.Blocking {
			row.Severity, row.detail = "error", "The shape of the plan hangs on it, and nothing is assumed meanwhile."
		} else if len(o.Holds) > 0 {
			row.detail = "Held until then: " + strings.Join(o.Holds, ", ") + "."
		}
		rows = append(rows, row)
	}
	for _, f := range d.Findings {
		rows = append(rows, ruleRow(f))
	}
	return rows
}

func owes(o design.Open) string {
	text := o.Owner + " owes the answer"
	if o.Due != "" {
		text += " by " + o.Due
	}
	if len(o.Assumed) > 0 {
		text += "; assumed meanwhile: " + strings.Join(o.Assumed, ", ")
	}
	return text
}

func ruleRow(f design.Finding) finding {
	row := finding{
		Rule: f.Rule.ID, Severity: string(f.Rule.Severity), At: f.Scope.Item.Value, Summary: f.Rule.Summary,
		Remedy: f.Rule.Remedy, blocks: f.Blocks(), detail: f.Detail,
	}
	switch {
	case f.Acknowledged != nil:
		row.Acknowledged = fmt.Sprintf("%s, %s: %s", f.Acknowledged.By, f.Acknowledged.Role, f.Acknowledged.Reason)
		row.noted = "acknowledged by " + row.Acknowledged
	case f.Lapsed:
		row.noted = "it was acknowledged for other answers; that has lapsed. " + howToAcknowledge(f)
	case f.Rule.Severity == catalog.Warning:
		row.noted = howToAcknowledge(f)
	}
	return row
}

// howToAcknowledge says how a person takes a warning on without the guided session.
func howToAcknowledge(f design.Finding) string {
	return fmt.Sprintf("to acknowledge it: exoplan profile set PROFILE --acknowledge '%s=name; role; reason'; in the file: rule, by, role, reason, basis: %s", f.At(), f.Basis)
}

func printFindings(w io.Writer, rows []finding) {
	for _, r := range rows {
		where := slices.DeleteFunc([]string{r.Rule, r.Profile, r.At}, func(s string) bool { return s == "" })
		fmt.Fprintf(w, "%-7s  %s\n         %s\n", r.Severity, strings.Join(where, "  "), r.Summary)
		for _, text := range []string{r.detail, r.Remedy, r.noted} {
			if text != "" {
				fmt.Fprintf(w, "         %s\n", text)
			}
		}
		fmt.Fprintln(w)
	}
}

// outcome is the last line of a check.
func outcome(rows []finding) string {
	blocking, acknowledged, owed := 0, 0, 0
	for _, r := range rows {
		switch {
		case r.blocks:
			blocking++
		case r.Acknowledged != "":
			acknowledged++
		case r.Rule == undecided:
			owed++
		}
	}
	first := "Nothing stands in the way of a pack"
	if blocking > 0 {
		first = catalog.Count(blocking, "thing stands", "things stand") + " in the way of a pack"
	}
	return fmt.Sprintf("%s: %d acknowledged, %d undecided.", first, acknowledged, owed)
}

func printJSON(w io.Writer, v any) error {
	text, err := output.JSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
