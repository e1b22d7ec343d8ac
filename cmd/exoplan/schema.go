package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
)

func schemaCommand(env environment) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "schema [-o FILE]",
		Short: "Print a JSON Schema of profile files, for editors",
		Long: `schema prints a JSON Schema of profile files: an editor that has it completes questions and their
options, says what each question is for, and marks what is no answer. It is made from the questions
of this exoplan; make it again with the next. Whether a question is asked at all, check says.`,
		Example: "  exoplan schema -o exoplan.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, ps, err := knowledge()
			if err != nil {
				return err
			}
			if file == "" {
				return printJSON(env.out, profiles.Schema(c, ps))
			}
			text, err := output.JSON(profiles.Schema(c, ps))
			if err != nil {
				return err
			}
			if err := os.WriteFile(file, text, 0o644); err != nil {
				return &failure{code: exitFailed, err: err}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&file, "output", "o", "", "file to write to: Windows PowerShell writes UTF-16 with >, which editors do not read")
	return cmd
}
