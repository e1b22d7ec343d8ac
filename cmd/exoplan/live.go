package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output/dnscheck"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// live is what check --live asks, and of whom.
type live struct {
	wanted             bool
	resolver, internal string
}

func (l *live) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&l.wanted, "live", false, "ask DNS too: what stands there, and the rules that only it can decide")
	cmd.Flags().StringVar(&l.resolver, "resolver", "", "with --live, ask this name `server` what the Internet sees (default: that of this machine)")
	cmd.Flags().StringVar(&l.internal, "internal-resolver", "", "with --live, ask this name `server` what is seen inside")
}

// views returns the servers to ask.
func (l live) views() (dnscheck.Views, error) {
	if !l.wanted && l.resolver+l.internal != "" {
		return nil, &failure{code: exitUsage, err: errors.New("--resolver and --internal-resolver belong to --live")}
	}
	if !l.wanted {
		return nil, nil
	}
	views := dnscheck.Views{}
	var errs []error
	for view, address := range map[string]string{"external": l.resolver, "internal": l.internal} {
		var server dnscheck.Server
		var err error
		switch {
		case address != "":
			server, err = dnscheck.At(address)
		case view == "external":
			server, err = dnscheck.System()
		default:
			continue
		}
		views[view] = server
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, &failure{code: exitUsage, err: err, hint: "--resolver 192.0.2.53 asks that one"}
	}
	return views, nil
}

// seen is what DNS said of a plan.
type seen struct {
	Asked   string              `json:"asked"` // the server that stands for the Internet
	Records []dnscheck.Standing `json:"records"`
	// Unanswered are the questions that could not be asked to the end.
	Unanswered []string `json:"unanswered"`

	fires []finding
}

// look asks DNS for the records of a design and for what the live rules look at.
func look(ctx context.Context, views dnscheck.Views, d *design.Design, state *profiles.State) (*seen, error) {
	out := &seen{Asked: views["external"].String(), Unanswered: []string{}}
	var err error
	if out.Records, err = dnscheck.Standings(ctx, views, d); err != nil {
		return out, err
	}
	for _, r := range out.Records {
		switch r.Stands {
		case dnscheck.Failed:
			out.Unanswered = append(out.Unanswered, r.Error)
		case dnscheck.Other:
			out.fires = append(out.fires, contradicted(r))
		default:
		}
	}
	fired, err := dnscheck.Watches(ctx, views["external"], state)
	if err != nil {
		out.Unanswered = append(out.Unanswered, strings.Split(err.Error(), "\n")...)
	}
	for _, f := range fired {
		out.fires = append(out.fires, liveRow(f))
	}
	return out, ctx.Err()
}

// misstated is a record of today that is not what the profile says of it.
const misstated = "TODAY"

func contradicted(r dnscheck.Standing) finding {
	return finding{
		Rule: misstated, Severity: string(catalog.Error), At: r.Record, blocks: true,
		Summary: "DNS does not hold what the profile says of today",
		Remedy:  "Correct the answer: what it says is published again when the change is taken back. Or find out who changed the record.",
		detail:  fmt.Sprintf("%s %s has %s; the profile says %s.", r.Name, r.Type, listed(r.Has), listed(r.Said)),
	}
}

func listed(values []string) string { return cmp.Or(strings.Join(values, ", "), "none") }

func liveRow(f dnscheck.Firing) finding {
	row := finding{
		Rule: f.Watch.ID, Severity: string(f.Watch.Severity), At: f.Domain.Item.Value, Summary: f.Watch.Summary,
		Remedy: f.Watch.Remedy, blocks: f.Watch.Severity == catalog.Error, detail: strings.ReplaceAll(f.Watch.Detail, "<domain>", f.Domain.Item.Value),
	}
	if f.Seen != "" {
		row.detail += " Seen: " + f.Seen + "."
	}
	return row
}

// verdict is the exit code of what was seen, if anybody looked.
func (s *seen) verdict() error {
	if s == nil {
		return nil
	}
	for _, f := range s.fires {
		if f.blocks {
			return &failure{code: exitBlocked}
		}
	}
	if len(s.Unanswered) > 0 {
		return &failure{code: exitFailed}
	}
	return nil
}

func (s *seen) print(w io.Writer) {
	fmt.Fprintf(w, "What stands in DNS, asked of %s:\n", s.Asked)
	width := 0
	for _, r := range s.Records {
		width = max(width, len(stands(r)))
	}
	for _, r := range s.Records {
		fmt.Fprintf(w, "  %-*s  %-5s %s  (%s)\n", width, stands(r), r.Type, cmp.Or(r.Name, "?"), r.Record)
		if r.Stands == dnscheck.Unsaid || r.Stands == dnscheck.Other {
			fmt.Fprintf(w, "  %-*s  has   %s\n  %-*s  wants %s\n", width, "", listed(r.Has), width, "", listed(r.Wants))
		}
	}
	for _, text := range s.Unanswered {
		fmt.Fprintln(w, "  no answer: "+text)
	}
	fmt.Fprintln(w)
}

// stands says in words what DNS holds of a record, with the phase of which it is.
func stands(r dnscheck.Standing) string {
	if r.Phase == "" {
		return string(r.Stands)
	}
	return fmt.Sprintf("%s (%s)", r.Stands, r.Phase)
}
