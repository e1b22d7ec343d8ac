package templates

import (
	"bytes"
	"fmt"
)

// Chapter is everything of one kind that has an ID.
type Chapter struct {
	Title   string
	What    string // the heading of what an entry says in brief
	Entries []Entry
}

// Entry is one thing that has an ID.
type Entry struct {
	ID, Title string
	What      string // in brief, what sets it apart from others of its kind
	Topic     string // where it belongs
	Sources   []string
}

// Reference lists everything that has an ID, in Markdown.
func Reference(chapters []Chapter) ([]byte, error) {
	s, err := load()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := s.ExecuteTemplate(&b, "reports/reference.md.tmpl", chapters); err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	return tidy(b.Bytes()), nil
}
