package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// explanation is all that is known of one ID.
type explanation struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Topic   string   `json:"topic,omitempty"`
	Title   string   `json:"title"`
	Facts   []named  `json:"facts,omitempty"`
	Reads   []string `json:"reads,omitempty"`
	ReadBy  []string `json:"readBy,omitempty"`
	Sources []source `json:"sources,omitempty"`
	// Here is what it is in a profile, where one was named.
	Here []named `json:"here,omitempty"`
}

// named is a text under a name. The same name may stand several times.
type named struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// source is a citation under its key.
type source struct {
	ID string `json:"id"`
	catalog.Citation
}

// The kinds that are no entry of the catalogue.
const (
	kindSource    = "source"
	kindControl   = "control"
	kindPhaseRule = "rule of a phase"
)

func explainCommand(env environment) *cobra.Command {
	var asJSON bool
	var profile string
	cmd := &cobra.Command{
		Use:   "explain ID [PROFILE|example:NAME]",
		Short: "Explain a question, decision, rule, step, record, flow, certificate, source or control",
		Long: `explain says what an ID is, why it is there, what it reads and what reads it, what to do about it,
and on which source it rests, with the edition and the day it was read. With a profile it also says
what it is there: the answer, the outcome, whether the rule fires. An ID of one item, such as
domain.role/agency.example, is explained for that item.`,
		Example: "  exoplan explain GW-03\n  exoplan explain STEP-310 agency.yaml\n  exoplan explain domain.role/agency.example --profile agency.yaml --json",
		Args:    cobra.RangeArgs(1, 2),

		ValidArgsFunction: completeExplain,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 2 && profile != "" {
				return &failure{code: exitUsage, err: errors.New("a profile is named twice, behind the ID and by --profile")}
			}
			c, _, err := knowledge()
			if err != nil {
				return err
			}
			ref, err := known(c, args[0])
			if err != nil {
				return err
			}
			x := explain(c, ref.Question)
			if name := strings.Join(append(args[1:], profile), ""); name != "" {
				s, err := open(name, "", nil)
				if err != nil {
					return err
				}
				x.Here = here{s.State(), resolve(s)}.facts(x, ref.Key)
			}
			if asJSON {
				return printJSON(env.out, x)
			}
			x.print(env.out)
			return nil
		},
	}
	cmd.Flags().StringVar(&profile, "profile", "", "say too what it is in this profile")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	completes(cmd, "profile", completeProfiles)
	return cmd
}

// known finds what somebody means by an ID, with the item behind it.
func known(c *catalog.Catalog, id string) (profiles.Ref, error) {
	ids := explainable(c)
	ref := profiles.ParseRef(id)
	for _, form := range []string{ref.Question, strings.ToUpper(ref.Question), strings.ToLower(ref.Question)} {
		if slices.Contains(ids, form) {
			return profiles.Ref{Question: form, Key: ref.Key}, nil
		}
	}
	f := &failure{
		code: exitUsage, err: fmt.Errorf("nothing is called %q", id),
		hint: "exoplan list questions, decisions, rules, flows, certificates, sources or controls names what there is; steps and records stand in a pack",
	}
	if near, found := catalog.Nearest(strings.ToLower(ref.Question), lowered(ids)); found {
		i := slices.Index(lowered(ids), near)
		f.err = fmt.Errorf("%w; did you mean %q?", f.err, ids[i])
	}
	return ref, f
}

func lowered(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = strings.ToLower(id)
	}
	return out
}

// explainable returns every ID that can be explained.
func explainable(c *catalog.Catalog) []string {
	var ids []string
	for _, e := range c.Entries() {
		ids = append(ids, e.ID)
	}
	ids = append(ids, slices.Sorted(maps.Keys(c.Controls))...)
	ids = append(ids, slices.Sorted(maps.Keys(carriedOut(c)))...)
	return append(ids, slices.Sorted(maps.Keys(c.Citations))...)
}

// supported maps every control to the decisions that support it.
func supported(c *catalog.Catalog) map[string][]catalog.Decision {
	by := map[string][]catalog.Decision{}
	for _, t := range c.Topics {
		for _, d := range t.Decisions {
			for _, id := range d.Controls {
				by[id] = append(by[id], d)
			}
		}
	}
	return by
}

// carriedOut maps every rule of a phase to the holds that carry it out.
func carriedOut(c *catalog.Catalog) map[string][]catalog.Hold {
	by := map[string][]catalog.Hold{}
	for _, t := range c.Topics {
		for _, h := range t.Holds {
			if h.Rule != "" {
				by[h.Rule] = append(by[h.Rule], h)
			}
		}
	}
	return by
}

// explain says what the catalogue knows of an ID that stands in it.
func explain(c *catalog.Catalog, id string) explanation {
	entries := c.Entries()
	if i := slices.IndexFunc(entries, func(e catalog.Entry) bool { return e.ID == id }); i >= 0 {
		e := entries[i]
		x := explanation{ID: id, Kind: string(e.Kind), Topic: e.Topic, Title: e.Title, Facts: about(c, e), Reads: e.Uses}
		for _, other := range entries {
			if slices.Contains(other.Uses, id) {
				x.ReadBy = append(x.ReadBy, other.ID)
			}
		}
		for _, key := range e.Cite {
			x.Sources = append(x.Sources, source{key, c.Citations[key]})
		}
		return x
	}
	if _, is := c.Controls[id]; is {
		return control(c, id)
	}
	if by, is := carriedOut(c)[id]; is {
		return phaseRule(c, id, by)
	}
	return cited(c, entries, id)
}

func control(c *catalog.Catalog, id string) explanation {
	known := c.Controls[id]
	x := explanation{ID: id, Kind: kindControl, Title: known.Asks, Facts: facts("Left open", known.Left)}
	for _, d := range supported(c)[id] {
		x.ReadBy = append(x.ReadBy, d.ID)
		x.Facts = append(x.Facts, named{"Supported by", d.ID + " " + d.Title})
		for _, o := range d.Outcomes {
			if slices.Contains(o.Misses, id) {
				x.Facts = append(x.Facts, named{"Not met by", d.ID + ": " + o.Text})
			}
		}
	}
	key := c.SourceOf(id)
	x.Sources = []source{{key, c.Citations[key]}}
	return x
}

// phaseRule explains a rule that no answer can break: the change itself has to keep it.
func phaseRule(c *catalog.Catalog, id string, by []catalog.Hold) explanation {
	x := explanation{ID: id, Kind: kindPhaseRule, Title: by[0].Title}
	var cite []string
	for _, h := range by {
		x.ReadBy = append(x.ReadBy, h.ID)
		x.Facts = append(x.Facts, facts("Carried out by", h.ID+" "+h.Title, "Phase", inPhase(c, h.Phase), "What to do", h.Text, "Stands when", h.When.Words())...)
		cite = append(cite, h.Cite...)
	}
	slices.Sort(cite)
	for _, key := range slices.Compact(cite) {
		x.Sources = append(x.Sources, source{key, c.Citations[key]})
	}
	return x
}

func cited(c *catalog.Catalog, entries []catalog.Entry, key string) explanation {
	s := c.Citations[key]
	x := explanation{ID: key, Kind: kindSource, Title: s.Title, Facts: facts(
		"Publisher", s.Publisher, "Version", s.Version, "Read", s.Read, "Where", s.URL, "Note", s.Note)}
	for _, e := range entries {
		if slices.Contains(e.Cite, key) {
			x.ReadBy = append(x.ReadBy, e.ID)
		}
	}
	return x
}

// facts pairs names with texts, and leaves out those without a text.
func facts(pairs ...string) []named {
	var out []named
	for i := 0; i+1 < len(pairs); i += 2 {
		if text := strings.TrimSpace(pairs[i+1]); text != "" {
			out = append(out, named{pairs[i], text})
		}
	}
	return out
}

// about is what only an entry of its kind has.
func about(c *catalog.Catalog, e catalog.Entry) []named {
	switch of := e.Of.(type) {
	case catalog.Question:
		return aboutQuestion(c, of)
	case catalog.Decision:
		return aboutDecision(c, of)
	case catalog.Rule:
		return aboutRule(of)
	case catalog.Watch:
		return aboutWatch(of)
	case catalog.Stray:
		return aboutStray(of)
	case catalog.Object:
		return aboutObject(of)
	case catalog.Step:
		return aboutStage(c, of.Object, of.Stage)
	case catalog.Hold:
		return aboutHold(c, of)
	case catalog.Record:
		return aboutRecord(c, of)
	case catalog.Test:
		return aboutTest(c, of)
	case catalog.Flow:
		return aboutFlow(c, of)
	case catalog.Certificate:
		return aboutCertificate(of)
	case catalog.Table:
		return aboutTable(of)
	}
	return nil
}

func aboutQuestion(c *catalog.Catalog, q catalog.Question) []named {
	out := facts("Why", q.Help, "For the consultant", q.Note, "Kind", string(q.Kind), "Asked for each of", q.Each, "Asked when", q.When.Words())
	for _, o := range q.Options {
		out = append(out, named{"Answer", o.Value + ": " + o.Label + ". " + o.Why})
	}
	set := q.ID + "="
	if q.Each != "" {
		set = q.ID + "/ITEM="
	}
	optional := ""
	if q.Optional {
		optional = "it may stay empty"
	}
	out = append(out, facts("Default", strings.Join(catalog.WordsOf(q.Default), ", "), "Optional", optional, "Looks like", q.Example, "Form", q.Form, "Set by", "--set "+set+"...")...)
	return append(out, disputes(c, q.Disputed)...)
}

func aboutDecision(c *catalog.Catalog, d catalog.Decision) []named {
	out := facts("Made for each of", d.Each, "Made when", d.When.Words())
	for _, o := range d.Outcomes {
		when := cmp.Or(o.When.Words(), "otherwise")
		out = append(out, named{"Outcome", when + ": " + o.Text + ". " + o.Why})
	}
	return append(append(out, facts("Controls", strings.Join(d.Controls, ", "))...), disputes(c, d.Disputed)...)
}

// disputes says what sources hold against each other, and what exoplan made of it.
func disputes(c *catalog.Catalog, all []catalog.Dispute) []named {
	said := func(s catalog.Said) string {
		return fmt.Sprintf("%s (%s, %s)", s.Text, c.Citations[s.Cite].Title, s.At)
	}
	var out []named
	for _, d := range all {
		out = append(out, facts("Sources differ", said(d.Says), "Against it", said(d.Differs), "exoplan chose", d.Chose, "When", d.When.Words())...)
	}
	return out
}

// does says in words what a finding of each severity does.
var does = map[catalog.Severity]string{
	catalog.Error: "error: it stops the pack", catalog.Warning: "warning: somebody must take it on by name, role and reason", catalog.Info: "info: it is printed",
}

func aboutRule(r catalog.Rule) []named {
	out := facts("Severity", does[r.Severity], "Why", r.Detail, "To do", r.Remedy, "Looked at for each of", r.Each, "Fires when", r.When.Words())
	return append(out, examples(r.Fires, r.Quiet, example)...)
}

// aboutWatch is the same of a rule that looks at DNS. No pack waits for it.
func aboutWatch(w catalog.Watch) []named {
	out := facts("Severity", string(w.Severity), "Seen by", "exoplan check --live", "Why", w.Detail, "To do", w.Remedy, "Looked at for each of", w.Each(), "When", w.When.Words())
	return append(out, examples(w.Fires, w.Quiet, inDNS)...)
}

// aboutStray is the same of a rule that looks for objects beside the plan.
func aboutStray(s catalog.Stray) []named {
	looks := s.Noun + " with " + example(s.Like)
	if len(s.Has) > 0 {
		looks += ", and among others " + example(s.Has)
	}
	out := facts("Severity", string(s.Severity), "Seen by", "preflight.ps1", "Why", s.Detail, "To do", s.Remedy, "When", s.When.Words(), "Looks for", looks)
	return append(out, examples(s.Fires, s.Quiet, example)...)
}

// examples says on what a rule fires and stays quiet.
func examples[T any](fires, quiet []T, write func(T) string) []named {
	var out []named
	for _, x := range fires {
		out = append(out, named{"Fires on", write(x)})
	}
	for _, x := range quiet {
		out = append(out, named{"Quiet on", write(x)})
	}
	return out
}

// inDNS writes what stands in DNS in one line.
func inDNS(s catalog.Seen) string {
	text := strings.ReplaceAll(s.Zone, "\n", "; ")
	if s.Policy != "" {
		text += ", and the policy " + strings.ReplaceAll(strings.TrimSpace(s.Policy), "\n", "; ")
	}
	return text
}

// example writes the answers or the values of a rule's example.
func example(e map[string]any) string {
	var answers []string
	for _, id := range slices.Sorted(maps.Keys(e)) {
		answers = append(answers, fmt.Sprintf("%s = %v", id, e[id]))
	}
	return strings.Join(answers, ", ")
}

func aboutObject(o catalog.Object) []named {
	out := facts("Noun", o.Noun, "Name", o.Name, "Made by", o.Owner, "May be gone after", o.Ends, "One for each of", o.Each, "Stands when", o.When.Words())
	for _, s := range o.Stages {
		out = append(out, named{"Step", s.ID + " " + s.Title})
	}
	return out
}

func aboutStage(c *catalog.Catalog, o catalog.Object, s catalog.Stage) []named {
	out := facts("Phase", inPhase(c, s.Phase), "Object", strings.TrimSpace(o.Noun+" "+o.Name), "One for each of", o.Each,
		"Stands when", o.When.Words(), "And when", s.When.Words())
	for _, v := range []struct {
		name   string
		values map[string]any
	}{{"Sets", s.Set}, {"Adds", s.Add}, {"Expects", s.Expect}, {"Must have in the list", s.Includes}} {
		out = append(out, valuesOf(v.name, v.values)...)
	}
	return append(out, facts("Needs", strings.Join(s.Needs, ", "), "Rollback leaves it", s.Keep)...)
}

func valuesOf(name string, values map[string]any) []named {
	var out []named
	for _, p := range slices.Sorted(maps.Keys(values)) {
		out = append(out, named{name, p + " = " + shown(values[p])})
	}
	return out
}

// shown writes a value of a property in one line.
func shown(v any) string {
	if v == nil {
		return "nothing"
	}
	return catalog.Line(catalog.WordsOf(v))
}

func aboutHold(c *catalog.Catalog, h catalog.Hold) []named {
	out := facts("Phase", inPhase(c, h.Phase), "What to do", h.Text, "On the way back", h.Back, "One for each of", h.Each,
		"Stands when", h.When.Words(), "Waits for", strings.Join(h.Records, ", "), "Rests on", strings.Join(h.Rests, ", "), "Carries out", h.Rule)
	if h.Since != nil {
		out = append(out, named{"Not before", fmt.Sprintf("%d days after %s was passed", h.Since.Days, h.Since.Hold)})
	}
	for _, l := range h.Looks {
		out = append(out, facts("Looks at", strings.TrimSpace(l.Noun+" "+l.Name), "It must be", lookFor(l), "Looks when", l.When.Words())...)
	}
	return out
}

// lookFor says what a hold wants an object to be, in one line.
func lookFor(l catalog.Look) string {
	var parts []string
	for _, v := range valuesOf("", l.Expect) {
		parts = append(parts, v.Text)
	}
	return strings.Join(parts, "; ")
}

func aboutRecord(c *catalog.Catalog, r catalog.Record) []named {
	out := facts("Name", r.Name+" in "+r.Zone, "Type", r.Type, "View", cmp.Or(r.View, "external"), "One for each of", r.Each, "Stands when", r.When.Words())
	if r.Today != nil {
		out = append(out, facts("Stands there today", shown(r.Today.Value))...)
	}
	if r.Today != nil && r.Today.Lower != "" {
		out = append(out, facts("Its TTL is lowered", inPhase(c, r.Today.Lower)+": "+r.Today.Reason)...)
	}
	for _, s := range r.Stages {
		text := fmt.Sprintf("%s: %s, TTL %d s", inPhase(c, s.Phase), shown(s.Value), s.TTL)
		if s.Round > 0 {
			text += fmt.Sprintf(", round %d", s.Round)
		}
		if when := s.When.Words(); when != "" {
			text += "; when " + when
		}
		out = append(out, named{"Value", text})
	}
	return out
}

func aboutTest(c *catalog.Catalog, x catalog.Test) []named {
	return facts("Phase", inPhase(c, x.Phase), "From", x.From, "To", x.To, "Bears", x.Marking, "Path", x.Path, "Connector", x.Connector,
		"Expected", x.Expect, "Shows", strings.Join(x.Headers, "; "), "After", x.After, "Waited for by", x.Hold, "Stands when", x.When.Words())
}

func aboutFlow(c *catalog.Catalog, f catalog.Flow) []named {
	end := func(e catalog.End) string {
		if e.Set != "" {
			return e.Is + ", endpoint set " + e.Set
		}
		return e.Is + ": " + cmp.Or(catalog.Line(catalog.WordsOf(e.At)), design.ToBeNamed)
	}
	return facts("Phase", inPhase(c, f.Phase), "Opened by", f.Opens, "Direction", f.Direction, "Source", end(f.From), "Destination", end(f.To),
		"Virtual IP", catalog.Line(catalog.WordsOf(f.Virtual)), "Protocol and port", portsOf(f.Protocol, f.Ports), "TLS", f.TLS, "On the way", f.Between,
		"To be settled", f.Confirm, "Before", f.Before, "One for each of", f.Each, "Stands when", f.When.Words())
}

func aboutCertificate(x catalog.Certificate) []named {
	line := func(v []any) string { return catalog.Line(catalog.WordsOf(v)) }
	return facts("Subject", line(x.Subject), "Further names", line(x.Names), "Issuer", x.Issuer, "Bound to", x.Bound, "Renewed by", x.Keeper,
		"Expires", line(x.Expires), "To be settled", x.Confirm, "One for each of", x.Each, "Stands when", x.When.Words())
}

func aboutTable(x catalog.Table) []named {
	out := facts("What it says", x.About, "Printed when", x.When.Words())
	for i, f := range x.Facts {
		out = append(out, named{fmt.Sprintf("Fact %d", i+1), fmt.Sprintf("%s (%s, %s)", f.Text, f.Cite, f.At)})
	}
	for _, row := range x.Rows {
		var cells []string
		for i, cell := range row.Cells {
			var texts []string
			for _, key := range cell {
				texts = append(texts, x.Words[key])
			}
			cells = append(cells, x.Columns[i].Label+": "+strings.Join(texts, "; "))
		}
		out = append(out, named{x.Corner + " " + row.Label, strings.Join(cells, ". ")})
	}
	return out
}

func inPhase(c *catalog.Catalog, id string) string {
	return strings.TrimSpace(id + " " + phaseTitle(c, id))
}

// print writes the explanation for people.
func (x explanation) print(w io.Writer) {
	kind := x.Kind
	if x.Topic != "" {
		kind += ", " + x.Topic
	}
	fmt.Fprintf(w, "%s  (%s)\n%s\n\n", x.ID, kind, x.Title)
	printNamed(w, x.Facts)
	printNamed(w, facts("Reads", strings.Join(x.Reads, ", "), "Read by", strings.Join(x.ReadBy, ", ")))
	for _, s := range x.Sources {
		printNamed(w, facts("Source", s.ID+": "+s.Words()))
	}
	if len(x.Here) > 0 {
		fmt.Fprintln(w, "\nIn this profile")
		printNamed(w, x.Here)
	}
}

func printNamed(w io.Writer, all []named) {
	for _, f := range all {
		fmt.Fprintf(w, "%-18s  %s\n", f.Name, strings.ReplaceAll(f.Text, "\n", " "))
	}
}

// here is a profile in which something is looked up.
type here struct {
	s *profiles.State
	d *design.Design
}

// facts says what an ID is in the profile, for one item or for all.
func (h here) facts(x explanation, key string) []named {
	var out []named
	switch x.Kind {
	case string(catalog.QuestionEntry):
		out = h.answers(x.ID, key)
	case string(catalog.DecisionEntry):
		out = h.decided(x.ID, key)
	case string(catalog.RuleEntry):
		out = h.findings(x.ID, key)
	case string(catalog.StepEntry), string(catalog.HoldEntry):
		out = h.steps(x.ID, key)
	case string(catalog.RecordEntry):
		out = h.records(x.ID, key)
	case string(catalog.TestEntry):
		out = h.tests(x.ID, key)
	case string(catalog.FlowEntry):
		out = h.flows(x.ID, key)
	case string(catalog.CertificateEntry):
		out = h.certificates(x.ID, key)
	case kindControl:
		for _, d := range h.d.Decided {
			if slices.Contains(d.Controls, x.ID) {
				out = append(out, named{d.ID, d.Title + ": " + d.Text})
			}
			if slices.Contains(d.Misses, x.ID) {
				out = append(out, named{d.ID + ", not met", d.Title + ": " + d.Text})
			}
		}
	case kindSource:
		for _, s := range h.d.Sources {
			if s.Key == x.ID {
				out = facts("Used", "the plan rests on it")
			}
		}
	default:
		for _, id := range x.ReadBy {
			y := explain(h.s.Catalog, id)
			out = append(out, h.facts(y, key)...)
		}
	}
	if len(out) == 0 {
		return facts("Here", "it does not stand in the plan")
	}
	return out
}

// of says that an ID of the plan is the one that was asked for, of that item if one was named.
func of(at, id, key string) bool {
	ref := profiles.ParseRef(at)
	return ref.Question == id && (key == "" || ref.Key == key)
}

func (h here) answers(id, key string) []named {
	var out []named
	for _, section := range h.d.Sections {
		for _, a := range section.Answers {
			if !of(a.Ref, id, key) {
				continue
			}
			text := cmp.Or(catalog.Line(a.Values), "no answer")
			switch {
			case a.Open != nil:
				text = "undecided: " + owes(*a.Open)
			case a.Origin != "":
				text += " (" + a.Origin + ")"
			}
			out = append(out, named{a.Ref, text})
		}
	}
	if q, _ := h.s.Catalog.Question(id); len(out) == 0 {
		return facts("Here", "it is not asked; it needs "+cmp.Or(q.When.Words(), "an item of "+q.Each))
	}
	return out
}

func (h here) decided(id, key string) []named {
	var out []named
	for _, d := range h.d.Decided {
		if of(d.ID, id, key) {
			out = append(out, named{d.ID, d.Text + ". " + d.Why})
			out = append(out, facts("Carried out by", strings.Join(d.By, ", "))...)
		}
	}
	return out
}

func (h here) findings(id, key string) []named {
	var out []named
	for _, f := range h.d.Findings {
		if of(f.At(), id, key) {
			row := ruleRow(f)
			out = append(out, named{f.At(), "it fires. " + f.Detail})
			out = append(out, facts("Acknowledged", row.noted)...)
		}
	}
	if len(out) == 0 {
		return facts("Here", "it stays quiet")
	}
	return out
}

func (h here) steps(id, key string) []named {
	var out []named
	for _, s := range h.d.Steps {
		if !of(s.ID, id, key) {
			continue
		}
		out = append(out, named{s.ID, s.Phase + ": " + s.Title})
		out = append(out, valuesOf("Sets", s.Set)...)
		out = append(out, valuesOf("Adds", s.Add)...)
		out = append(out, facts("What to do", s.Text, "Because of", strings.Join(s.Decisions, ", "), "Needs", strings.Join(s.Needs, ", "), "Held by", strings.Join(s.Open, ", "))...)
	}
	return out
}

func (h here) records(id, key string) []named {
	var out []named
	for _, r := range h.d.Records {
		if of(r.ID, id, key) {
			out = append(out, named{r.ID, fmt.Sprintf("%s: %s %s %s, TTL %d s", r.When(), r.Name, r.Type, strings.Join(r.Values, " | "), r.TTL)})
			out = append(out, facts("Because of", strings.Join(r.Decisions, ", "), "Held by", strings.Join(r.Open, ", "))...)
		}
	}
	return out
}

func (h here) tests(id, key string) []named {
	var out []named
	for _, x := range h.d.Tests {
		if of(x.ID, id, key) {
			out = append(out, named{x.ID, fmt.Sprintf("%s: %s, from %s to %s. %s", x.Phase, x.Title, x.From, x.To, x.Expect)})
			out = append(out, facts("Held by", strings.Join(x.Open, ", "))...)
		}
	}
	return out
}

func (h here) flows(id, key string) []named {
	var out []named
	for _, f := range h.d.Flows {
		if !of(f.ID, id, key) {
			continue
		}
		out = append(out, named{f.ID, fmt.Sprintf("%s: from %s to %s, %s", f.Phase, f.From.Is, f.To.Is, portsOf(f.Protocol, f.Ports))})
		out = append(out, facts("Source", catalog.Line(f.From.At), "Destination", catalog.Line(f.To.At), "Virtual IP", catalog.Line(f.Virtual),
			"Because of", strings.Join(f.Decisions, ", "), "Held by", strings.Join(f.Open, ", "))...)
	}
	return out
}

func (h here) certificates(id, key string) []named {
	var out []named
	for _, x := range h.d.Certificates {
		if of(x.ID, id, key) {
			out = append(out, named{x.ID, x.Purpose + ": " + catalog.Line(append(x.Subject, x.Names...))})
			out = append(out, facts("Because of", strings.Join(x.Decisions, ", "), "Held by", strings.Join(x.Open, ", "))...)
		}
	}
	return out
}
