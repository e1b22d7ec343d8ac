package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/templates"
)

func referenceCommand(env environment) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "reference [-o FILE]",
		Short: "Print every ID that exoplan knows, as one page",
		Long: `reference prints one page in Markdown with every ID that can stand in a pack or in a profile: what it
is, where it belongs, and on which sources it rests. explain says more of each.`,
		Example: "  exoplan reference -o reference.md",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, ps, err := knowledge()
			if err != nil {
				return err
			}
			text, err := templates.Reference(reference(c, ps))
			if err != nil {
				return &failure{code: exitFailed, err: err}
			}
			if file == "" {
				_, err = env.out.Write(text)
				return err
			}
			if err := os.WriteFile(file, text, 0o644); err != nil {
				return &failure{code: exitFailed, err: err}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&file, "output", "o", "", "file to write to")
	return cmd
}

// reference gathers everything that has an ID: what the subjects hold, kind by kind, and then what
// stands beside them.
func reference(c *catalog.Catalog, ps profiles.Presets) []templates.Chapter {
	var chapters []templates.Chapter
	add := func(title, what string, rows []templates.Entry) {
		chapters = append(chapters, templates.Chapter{Title: title, What: what, Entries: rows})
	}
	kinds := []struct {
		kind        catalog.EntryKind
		title, what string
	}{
		{catalog.QuestionEntry, "Questions", "Answers"},
		{catalog.DecisionEntry, "Decisions", "Outcomes"},
		{catalog.DerivedEntry, "Derived values", "Made from"},
		{catalog.RuleEntry, "Rules", "Severity"},
		{catalog.WatchEntry, "Rules that DNS decides", "Severity"},
		{catalog.StrayEntry, "Rules about the tenant", "Severity"},
		{catalog.ObjectEntry, "Objects", "Steps"},
		{catalog.StepEntry, "Steps", "Phase and object"},
		{catalog.HoldEntry, "Holds", "Phase"},
		{catalog.RecordEntry, "DNS records", "Type and name"},
		{catalog.TestEntry, "Test messages", "Phase"},
		{catalog.FlowEntry, "Rows of the firewall sheet", "Protocol and port"},
		{catalog.CertificateEntry, "Certificates", "Bound to"},
		{catalog.TableEntry, "Tables", "Size"},
	}
	entries := c.Entries()
	for _, k := range kinds {
		var rows []templates.Entry
		for _, e := range entries {
			if e.Kind == k.kind {
				rows = append(rows, templates.Entry{ID: e.ID, Title: e.Title, What: inBrief(e), Topic: e.Topic, Sources: e.Cite})
			}
		}
		add(k.title, k.what, rows)
	}
	add("Rules of a phase", "Carried out by", phaseRules(c))
	var controls []templates.Entry
	for _, r := range controlRows(c) {
		controls = append(controls, templates.Entry{ID: r.ID, Title: r.Title, What: strings.Join(r.By, ", "), Sources: r.Cite})
	}
	add("Controls", "Supported by", controls)
	add("Sources", "Edition", sourceRows(c))
	add("Presets", "Answers", presetRows(ps))
	return chapters
}

// inBrief says in a few words what sets an entry apart from others of its kind.
func inBrief(e catalog.Entry) string {
	switch of := e.Of.(type) {
	case catalog.Question:
		if values := of.Values(); len(values) > 0 {
			return strings.Join(values, ", ")
		}
		return string(of.Kind)
	case catalog.Decision:
		var words []string
		for _, o := range of.Outcomes {
			words = append(words, catalog.Line(catalog.WordsOf(o.Is)))
		}
		slices.Sort(words)
		return strings.Join(slices.Compact(words), ", ")
	case catalog.Derived:
		return strings.Join(of.Reads, ", ")
	case catalog.Rule:
		return string(of.Severity)
	case catalog.Watch:
		return string(of.Severity)
	case catalog.Stray:
		return string(of.Severity)
	case catalog.Object:
		var steps []string
		for _, s := range of.Stages {
			steps = append(steps, s.ID)
		}
		return strings.Join(steps, ", ")
	case catalog.Step:
		return of.Stage.Phase + ", " + of.ID
	case catalog.Hold:
		return of.Phase
	case catalog.Record:
		return of.Type + " " + of.Name
	case catalog.Test:
		return of.Phase
	case catalog.Flow:
		return transport(of)
	case catalog.Certificate:
		return of.Bound
	case catalog.Table:
		return fmt.Sprintf("%d by %d", len(of.Rows), len(of.Columns))
	}
	return ""
}

func phaseRules(c *catalog.Catalog) []templates.Entry {
	var rows []templates.Entry
	by := carriedOut(c)
	for _, id := range slices.Sorted(maps.Keys(by)) {
		row := templates.Entry{ID: id, Title: by[id][0].Title, Sources: by[id][0].Cite}
		var holds []string
		for _, h := range by[id] {
			holds = append(holds, h.ID)
		}
		row.What = strings.Join(holds, ", ")
		rows = append(rows, row)
	}
	return rows
}

func sourceRows(c *catalog.Catalog) []templates.Entry {
	var rows []templates.Entry
	for _, key := range slices.Sorted(maps.Keys(c.Citations)) {
		s := c.Citations[key]
		rows = append(rows, templates.Entry{ID: key, Title: s.Title, What: s.Version + "; read " + s.Read, Topic: s.Publisher})
	}
	return rows
}

func presetRows(ps profiles.Presets) []templates.Entry {
	var rows []templates.Entry
	for _, p := range ps {
		rows = append(rows, templates.Entry{ID: p.ID, Title: p.Title, What: catalog.Count(len(p.Answers), "answer", "answers"), Sources: p.Cite})
	}
	return rows
}
