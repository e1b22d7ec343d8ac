package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// row is one row of a list: an ID, words, and what machines may want to know besides.
type row struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Kind  string   `json:"kind,omitempty"`
	Topic string   `json:"topic,omitempty"`
	Each  string   `json:"each,omitempty"`
	Value []string `json:"values,omitempty"`
	About string   `json:"about,omitempty"`
	Cite  []string `json:"cite,omitempty"`
	By    []string `json:"decisions,omitempty"` // of a control: what supports it
	Read  string   `json:"read,omitempty"`      // of a source: the day on which its text was read
}

// lists maps what can be listed to its rows.
var lists = map[string]func(*catalog.Catalog, profiles.Presets) ([]row, error){
	"questions": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for t, q := range c.Questions {
			rows = append(rows, row{ID: q.ID, Title: q.Title, Kind: string(q.Kind), Topic: t.ID, Each: q.Each, Value: q.Values(), About: q.Help, Cite: q.Cite})
		}
		return rows, nil
	},
	"presets": func(_ *catalog.Catalog, ps profiles.Presets) ([]row, error) {
		var rows []row
		for _, p := range ps {
			rows = append(rows, row{ID: p.ID, Title: p.Title, About: p.About, Cite: p.Cite})
		}
		return rows, nil
	},
	"examples": func(*catalog.Catalog, profiles.Presets) ([]row, error) {
		var rows []row
		for _, name := range profiles.Examples() {
			p, err := profiles.Example(name)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row{ID: "example:" + name, Title: p.Name, About: "presets: " + strings.Join(p.Presets, ", ")})
		}
		return rows, nil
	},
	"rules": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for _, t := range c.Topics {
			for _, r := range t.Rules {
				rows = append(rows, row{ID: r.ID, Title: r.Summary, Kind: string(r.Severity), Topic: t.ID, Each: r.Each, About: r.Detail, Cite: r.Cite})
			}
			for _, s := range t.Strays {
				rows = append(rows, row{ID: s.ID, Title: s.Summary, Kind: "tenant " + string(s.Severity), Topic: t.ID, About: s.Detail, Cite: s.Cite})
			}
			for _, w := range t.Watches {
				rows = append(rows, row{ID: w.ID, Title: w.Summary, Kind: "live " + string(w.Severity), Topic: t.ID, Each: w.Each(), About: w.Detail, Cite: w.Cite})
			}
		}
		by := carriedOut(c)
		for _, id := range slices.Sorted(maps.Keys(by)) {
			rows = append(rows, row{ID: id, Title: by[id][0].Title, Kind: "phase", About: by[id][0].Text, Cite: by[id][0].Cite})
		}
		return rows, nil
	},
	"decisions": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for _, t := range c.Topics {
			for _, d := range t.Decisions {
				rows = append(rows, row{ID: d.ID, Title: d.Title, Topic: t.ID, Each: d.Each, Cite: d.Cite})
			}
		}
		return rows, nil
	},
	"controls": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) { return controlRows(c), nil },
	"flows": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for _, t := range c.Topics {
			for _, f := range t.Flows {
				rows = append(rows, row{ID: f.ID, Title: between(f), Kind: transport(f), Topic: t.ID, Each: f.Each, About: f.Reason, Cite: f.Cite})
			}
		}
		return rows, nil
	},
	"certificates": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for _, t := range c.Topics {
			for _, x := range t.Certificates {
				rows = append(rows, row{ID: x.ID, Title: x.Purpose, Topic: t.ID, Each: x.Each, About: x.Bound, Cite: x.Cite})
			}
		}
		return rows, nil
	},
	"endpoints": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for _, s := range c.Endpoints.Sets {
			rows = append(rows, row{
				ID: "set-" + s.Number, Title: s.Purpose, Kind: portsOf(s.Protocol, s.Ports), Value: c.Places(s.Number),
				About: c.Endpoints.Verify + ". " + c.Endpoints.Version, Cite: c.Endpoints.Cite,
			})
		}
		return rows, nil
	},
	"tables": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for _, t := range c.Topics {
			for _, x := range t.Tables {
				rows = append(rows, row{ID: x.ID, Title: x.Title, Topic: t.ID, About: x.About, Cite: x.Cite})
			}
		}
		return rows, nil
	},
	"sources": func(c *catalog.Catalog, _ profiles.Presets) ([]row, error) {
		var rows []row
		for _, k := range slices.Sorted(maps.Keys(c.Citations)) {
			s := c.Citations[k]
			rows = append(rows, row{ID: k, Title: s.Title, Read: s.Read, About: fmt.Sprintf("%s, %s, read %s. %s", s.Publisher, s.Version, s.Read, s.Note)})
		}
		return rows, nil
	},
}

func controlRows(c *catalog.Catalog) []row {
	var rows []row
	by := supported(c)
	for _, id := range slices.Sorted(maps.Keys(c.Controls)) {
		r := row{ID: id, Title: c.Controls[id].Asks, Kind: "no decision", About: c.Controls[id].Left, Cite: []string{c.SourceOf(id)}}
		for _, d := range by[id] {
			r.By = append(r.By, d.ID)
		}
		if len(r.By) > 0 {
			r.Kind = strings.Join(r.By, ", ")
		}
		rows = append(rows, r)
	}
	return rows
}

// between says where a flow begins and ends.
func between(f catalog.Flow) string { return f.From.Is + " to " + f.To.Is }

// transport says how a flow passes.
func transport(f catalog.Flow) string { return portsOf(f.Protocol, f.Ports) + ", " + f.Direction }

func portsOf(protocol string, ports []int) string { return protocol + " " + design.Ports(ports) }

func listCommand(env environment) *cobra.Command {
	var asJSON bool
	var olderThan string
	names := slices.Sorted(maps.Keys(lists))
	cmd := &cobra.Command{
		Use:       "list " + strings.Join(names, "|"),
		Short:     "List what exoplan knows",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			c, ps, err := knowledge()
			if err != nil {
				return err
			}
			rows, err := lists[args[0]](c, ps)
			if err != nil {
				return err
			}
			if olderThan != "" {
				if rows, err = readBefore(rows, env.today, olderThan); err != nil {
					return &failure{code: exitUsage, err: err}
				}
			}
			if asJSON {
				return printJSON(env.out, rows)
			}
			printRows(env, rows)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document: an array of objects with id")
	cmd.Flags().StringVar(&olderThan, "older-than", "", "of the sources only those that were read so many `days` ago or more, such as 180d")
	return cmd
}

// readBefore keeps the sources that were read so many days before today, or earlier.
func readBefore(rows []row, today, age string) ([]row, error) {
	days, err := strconv.Atoi(strings.TrimSuffix(age, "d"))
	if err != nil || days < 0 {
		return nil, fmt.Errorf("--older-than %s: it takes a number of days, such as 180d", age)
	}
	if slices.ContainsFunc(rows, func(r row) bool { return r.Read == "" }) {
		return nil, errors.New("--older-than is for sources: nothing else has a day on which it was read")
	}
	now, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return nil, err
	}
	last := now.AddDate(0, 0, -days).Format(time.DateOnly)
	return slices.DeleteFunc(rows, func(r row) bool { return r.Read > last }), nil
}

func printRows(env environment, rows []row) {
	width := 0
	for _, r := range rows {
		width = max(width, len(r.ID))
	}
	for _, r := range rows {
		kind := ""
		if r.Kind != "" {
			kind = "  (" + r.Kind + ")"
		}
		if r.Read != "" {
			kind = "  (read " + r.Read + ")"
		}
		fmt.Fprintf(env.out, "%-*s  %s%s\n", width, r.ID, r.Title, kind)
	}
}
