package templates

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/design"
)

// Changes says in plain English, in Markdown, what differs between two designs.
func Changes(c design.Changes) ([]byte, error) {
	s, err := load()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := s.ExecuteTemplate(&b, "reports/changes.md.tmpl", changes{c}); err != nil {
		return nil, fmt.Errorf("changes: %w", err)
	}
	return tidy(b.Bytes()), nil
}

// changes is what the template of a comparison sees.
type changes struct{ design.Changes }

// Marking is that of both sides; where they differ, one says both.
func (c changes) Marking() string {
	both := slices.Compact([]string{c.Was.Marking, c.Is.Marking})
	return strings.Join(slices.DeleteFunc(both, func(m string) bool { return m == "" }), " and ")
}
