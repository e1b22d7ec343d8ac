package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output/journal"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

func statusCommand(env environment) *cobra.Command {
	var log string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status [PACK] [--log DIR]",
		Short: "Say where a change stands, from the journal of its scripts",
		Long: `status reads the journal that apply.ps1 and rollback.ps1 write, and says which phases are carried
out and by which revision of the plan, which holds are open and since when, where a run stopped, and
what comes next. It reads files and no tenant: what somebody changed by hand, verify.ps1 finds. DNS
stands in no journal.

The records are looked for where the scripts put them: in exoplan-records beside PACK, or in the
folder that the command is given in. --log names another folder, the -LogDirectory of the scripts.
Without PACK, status speaks of the plan that was at work last, with all that a pack beside the
records says of it.

A line that breaks off is what a killed run leaves; scripts pass over it, and so does status. Any
other line that no script writes makes the journal unusable, exit code 2.`,
		Example:           "  exoplan status agency-r2\n  exoplan status --log D:\\Change\\exoplan-records --json",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completePack,
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := standingOf(args, log)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(env.out, s)
			}
			s.print(env.out)
			return nil
		},
	}
	cmd.Flags().StringVar(&log, "log", "", "folder of the records: the -LogDirectory of the scripts")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	completes(cmd, "log", completeFolder)
	return cmd
}

// standing is what status says.
type standing struct {
	Log      string          `json:"log"`
	Plan     string          `json:"plan,omitempty"` // empty: nothing was carried out
	Pack     string          `json:"pack,omitempty"` // empty: none is at hand, so that only runs can be told
	Profile  string          `json:"profile,omitempty"`
	Revision int             `json:"revision,omitempty"`
	Tenant   string          `json:"tenant,omitempty"`
	Phases   []phaseStanding `json:"phases"`
	Holds    []entryStanding `json:"holds"` // open: a run stopped there
	Next     *next           `json:"next,omitempty"`
	Others   []otherPlan     `json:"others"`
	Notes    []string        `json:"notes"`

	done bool
}

type phaseStanding struct {
	ID      string          `json:"id"`
	Title   string          `json:"title,omitempty"`
	State   journal.State   `json:"state"`
	Since   string          `json:"since,omitempty"`
	Done    int             `json:"done"`
	Of      int             `json:"of"` // without what open questions hold
	Held    int             `json:"held,omitempty"`
	Records int             `json:"records,omitempty"` // of DNS
	Entries []entryStanding `json:"entries"`
}

type entryStanding struct {
	ID     string        `json:"id"`
	Kind   string        `json:"kind"`
	Phase  string        `json:"phase"`
	Title  string        `json:"title"`
	State  journal.State `json:"state"`
	Script string        `json:"script,omitempty"`
	Since  string        `json:"since,omitempty"`
	By     string        `json:"by,omitempty"` // the account
	Detail string        `json:"detail,omitempty"`
	Open   []string      `json:"open,omitempty"`
}

// next is what comes next.
type next struct {
	entryStanding
	Command string `json:"command"`
}

// otherPlan is a plan of which the journal tells as well.
type otherPlan struct {
	Plan     string           `json:"plan"`
	Pack     string           `json:"pack,omitempty"`
	Profile  string           `json:"profile,omitempty"`
	Revision int              `json:"revision,omitempty"`
	Phases   []journal.Course `json:"phases"`
}

// standingOf reads what is needed and says where the change stands.
func standingOf(args []string, log string) (*standing, error) {
	var pack *planned
	if len(args) > 0 {
		p, err := readPlanned(args[0])
		if err != nil {
			return nil, err
		}
		pack = &p
	}
	r, err := locate(log, pack)
	if err != nil {
		return nil, err
	}
	beside := r.packs()
	if pack == nil {
		if i := slices.IndexFunc(beside, func(p planned) bool { return p.fingerprint == r.last() }); i >= 0 {
			pack = &beside[i]
		}
	}
	c, _, err := knowledge()
	if err != nil {
		return nil, err
	}
	s := &standing{Log: r.dir, Plan: r.last(), Phases: []phaseStanding{}, Holds: []entryStanding{}, Others: []otherPlan{}, Notes: []string{}}
	if pack != nil {
		s.take(*pack, r.stand(*pack), c)
	}
	s.rest(r, beside)
	return s, nil
}

// take says where the plan of a pack stands.
func (s *standing) take(p planned, at journal.Standing, c *catalog.Catalog) {
	s.Plan, s.Pack, s.Profile, s.Revision, s.Tenant = p.fingerprint, p.Dir, p.Meta.Profile, p.Meta.Revision, p.plan.Tenant.Domain
	for _, phase := range at.Phases {
		row := phaseStanding{
			ID: phase.ID, Title: phaseTitle(c, phase.ID), State: phase.State(), Since: stamp(phase.Since()), Records: phase.Records,
			Done: phase.Count(journal.Done, journal.Passed, journal.Kept), Held: phase.Count(journal.Held), Entries: []entryStanding{},
		}
		row.Of = len(phase.Entries) - row.Held
		for _, e := range phase.Entries {
			row.Entries = append(row.Entries, entryRow(e))
		}
		s.Phases = append(s.Phases, row)
	}
	for _, e := range at.With(journal.Waiting) {
		s.Holds = append(s.Holds, entryRow(e))
	}
	if e, more := at.Next(); more {
		s.Next = &next{entryRow(e), nextCommand(e, p.fingerprint)}
		if e.Kind == design.KindHold {
			s.Next.Detail = cmp.Or(s.Next.Detail, e.Text)
		}
	}
	s.done = s.Next == nil
	if len(at.Lines) == 0 {
		s.Notes = append(s.Notes, "No line of this journal is about this plan.")
	}
}

// rest is what else the journal tells.
func (s *standing) rest(r records, beside []planned) {
	for _, plan := range r.Plans() {
		if plan == s.Plan && s.Pack != "" {
			continue
		}
		other := otherPlan{Plan: plan, Phases: r.Courses(plan)}
		if i := slices.IndexFunc(beside, func(p planned) bool { return p.fingerprint == plan }); i >= 0 {
			other.Pack, other.Profile, other.Revision = beside[i].Dir, beside[i].Meta.Profile, beside[i].Meta.Revision
		}
		s.Others = append(s.Others, other)
	}
	switch {
	case len(r.Lines) == 0:
		s.Notes = append(s.Notes, "There are no records in "+r.dir+": no script has run, or it wrote them elsewhere (--log names the folder).")
	case s.Pack == "":
		s.Notes = append(s.Notes, "No pack of the plan that was at work last lies beside the records. Name it to see its phases, its holds and what comes next.")
	}
	for _, n := range r.Torn {
		s.Notes = append(s.Notes, fmt.Sprintf("%s:%d breaks off: a run was killed while it wrote. Look at what it was doing before you go on.", journal.File, n))
	}
}

func entryRow(e journal.Entry) entryStanding {
	return entryStanding{
		ID: e.ID, Kind: e.Kind, Phase: e.Phase, Title: e.Title, State: e.State, Script: e.Script, Since: stamp(e.Since), By: e.By, Detail: e.Detail, Open: e.Open,
	}
}

func phaseTitle(c *catalog.Catalog, id string) string {
	for _, p := range c.Phases {
		if p.ID == id {
			return p.Title
		}
	}
	return ""
}

// nextCommand is what carries out the entry, as the run sheet has it.
func nextCommand(e journal.Entry, fingerprint string) string {
	command := fmt.Sprintf(`.\exchange-online\apply.ps1 -ApprovedPlan %s -Phase %s`, fingerprint, e.Phase)
	if e.Kind == design.KindHold {
		command += fmt.Sprintf(" -Acknowledge '%s=name; reason'", e.ID)
	}
	return command
}

// stamp writes a time with the zone of the machine that wrote it down.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04 -07:00")
}

// signs of the states, for who reads a list.
var signs = map[journal.State]string{
	journal.Done: "✓", journal.Begun: "▸", journal.Waiting: "▸", journal.Stopped: "✗", journal.Unclear: "?", journal.Kept: "=", journal.Held: "=",
}

func (s *standing) print(w io.Writer) {
	switch {
	case s.Pack != "":
		fmt.Fprintf(w, "%s revision %d   plan %.12s   %s\n", s.Profile, s.Revision, s.Plan, s.Tenant)
	case s.Plan != "":
		fmt.Fprintf(w, "Plan %s\n", s.Plan)
	}
	fmt.Fprintf(w, "Records: %s\n\n", s.Log)
	for _, p := range s.Phases {
		p.print(w)
	}
	s.printAttention(w)
	s.printOthers(w)
	s.printNext(w)
	for _, n := range s.Notes {
		fmt.Fprintf(w, "Note: %s\n", n)
	}
}

func (p phaseStanding) print(w io.Writer) {
	count := fmt.Sprintf("%d of %d", p.Done, p.Of)
	if p.Of == 0 {
		count = ""
	}
	since := p.Since
	if p.State == journal.Open {
		since = ""
	}
	line := fmt.Sprintf("%1s %-2s  %-36s  %-10s  %8s  %s", signs[p.State], p.ID, p.Title, p.State, count, since)
	fmt.Fprintln(w, strings.TrimRight(line, " "))
	if p.Held > 0 {
		fmt.Fprintf(w, "      %s held by open questions\n", catalog.Count(p.Held, "entry is", "entries are"))
	}
}

// printAttention lists what somebody must look at.
func (s *standing) printAttention(w io.Writer) {
	headings := []struct {
		state journal.State
		words string
	}{
		{journal.Waiting, "Open holds"},
		{journal.Stopped, "Stopped"},
		{journal.Unclear, "Recorded before a change of which the journal knows no end"},
		{journal.TakenBack, "Taken back"},
		{journal.Kept, "Kept in a rollback"},
	}
	for _, h := range headings {
		first := true
		for _, p := range s.Phases {
			for _, e := range p.Entries {
				if e.State != h.state {
					continue
				}
				if first {
					fmt.Fprintf(w, "\n%s\n", h.words)
					first = false
				}
				e.print(w)
			}
		}
	}
}

func (e entryStanding) print(w io.Writer) {
	line := "  " + e.ID
	if e.Since != "" {
		line += "  since " + e.Since
	}
	if e.Script == "rollback" && e.State != journal.TakenBack {
		line += ", in a rollback"
	}
	fmt.Fprintln(w, line)
	fmt.Fprintf(w, "    %s\n", e.Title)
	if e.Detail != "" && e.Detail != e.Title {
		fmt.Fprintf(w, "    %s\n", e.Detail)
	}
}

// printOthers tells of plans of which no more is known than their runs.
func (s *standing) printOthers(w io.Writer) {
	if len(s.Others) == 0 {
		return
	}
	heading := "Other plans in these records"
	if s.Pack == "" {
		heading = "Plans in these records"
	}
	fmt.Fprintf(w, "\n%s\n", heading)
	for _, o := range s.Others {
		if o.Pack != "" {
			fmt.Fprintf(w, "  %s revision %d   plan %.12s\n", o.Profile, o.Revision, o.Plan)
		} else {
			fmt.Fprintf(w, "  plan %.12s\n", o.Plan)
		}
		for _, c := range o.Phases {
			fmt.Fprintf(w, "    %s  %s\n", c.Phase, courseWords(c))
		}
	}
}

// courseWords says what the last run of a phase was.
func courseWords(c journal.Course) string {
	words := map[string]string{"apply": "applied", "rollback": "rolled back"}[c.Script]
	switch {
	case c.Stopped:
		words += ", stopped on the way"
	case !c.Wrote:
		words += ", nothing to change"
	}
	return words + "  " + stamp(c.Time)
}

func (s *standing) printNext(w io.Writer) {
	if s.Pack == "" {
		return
	}
	fmt.Fprintln(w)
	if s.done {
		fmt.Fprintln(w, "Next: nothing; every phase is carried out. verify.ps1 says whether the tenant is as planned.")
		return
	}
	fmt.Fprintf(w, "Next: %s of %s, %s\n", s.Next.ID, s.Next.Phase, s.Next.Title)
	fmt.Fprintf(w, "  %s\n", s.Next.Command)
}
