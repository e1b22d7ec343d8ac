package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/templates/sheet"
)

func tableCommand(env environment) *cobra.Command {
	return &cobra.Command{
		Use:   "table ID",
		Short: "Print a table of what exoplan knows, for a spreadsheet",
		Long: `table prints one of the tables that exoplan list tables names: settings by topology, versions and
their support, roles and others. It prints CSV in the form of RFC 4180, UTF-8, in which no cell is a
formula. Where each cell says several things, there is a row for each of them.`,
		Example:           "  exoplan table topology-settings > topologies.csv",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeTable,
		RunE: func(_ *cobra.Command, args []string) error {
			c, _, err := knowledge()
			if err != nil {
				return err
			}
			t, ok := c.Table(args[0])
			if !ok {
				return &failure{code: exitUsage, err: fmt.Errorf("no table is called %q", args[0]), hint: "exoplan list tables names them"}
			}
			text, err := spreadsheet(t)
			if err != nil {
				return &failure{code: exitFailed, err: err}
			}
			_, err = env.out.Write(text)
			return err
		},
	}
}

// spreadsheet writes a table as CSV. The column that says which fact a row gives is there only
// where a cell holds several.
func spreadsheet(t catalog.Table) ([]byte, error) {
	const fact = "What is said"
	columns := []string{t.Corner}
	if len(t.Facts) > 0 {
		columns = append(columns, fact)
	}
	for _, h := range t.Columns {
		columns = append(columns, h.Label)
	}
	var rows []sheet.Row
	for _, r := range t.Rows {
		for i := range max(1, len(t.Facts)) {
			row := sheet.Row{t.Corner: sheet.Free(r.Label)}
			if len(t.Facts) > 0 {
				row[fact] = sheet.Free(t.Facts[i].Text)
			}
			for x, cell := range r.Cells {
				row[t.Columns[x].Label] = sheet.Free(t.Words[cell[i]])
			}
			rows = append(rows, row)
		}
	}
	return sheet.Encode(columns, rows)
}

// completeTable completes the ID of a table.
func completeTable(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var ids []cobra.Completion
	if c, _, err := knowledge(); err == nil && len(args) == 0 {
		for _, t := range c.Topics {
			for _, x := range t.Tables {
				ids = append(ids, cobra.CompletionWithDesc(x.ID, x.Title))
			}
		}
	}
	return beginning(typed, ids), cobra.ShellCompDirectiveNoFileComp
}
