package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// <id> stands for an answer, the outcome of a decision, the name of an object or a derived
// value; an ID has no capital letter but in DD-000.
var placeholder = regexp.MustCompile(`<([a-z][a-z0-9.-]*|DD-\d{3})>`)

// Placeholders returns the IDs that a value names, in order, for every text in it.
func Placeholders(v any) []string {
	var ids []string
	switch v := v.(type) {
	case string:
		if !strings.Contains(v, "<") { // most texts, and quicker to see
			return nil
		}
		for _, m := range placeholder.FindAllStringSubmatch(v, -1) {
			ids = append(ids, m[1])
		}
	case []any:
		for _, e := range v {
			ids = append(ids, Placeholders(e)...)
		}
	}
	return ids
}

// Alone returns the ID of a text that is one placeholder and nothing else.
func Alone(v any) (id string, ok bool) {
	s, isText := v.(string)
	if !isText || !strings.HasPrefix(s, "<") {
		return "", false
	}
	m := placeholder.FindStringSubmatch(s)
	if m == nil || m[0] != s {
		return "", false
	}
	return m[1], true
}

// OpenError says that a value cannot be filled in: a question is still open.
type OpenError struct {
	Question string // with its item: dkim.selector1/agency.example
}

func (e OpenError) Error() string { return e.Question + " is still open" }

// AbsentError says that a value cannot be filled in: what it names does not apply here.
type AbsentError struct {
	ID string
}

func (e AbsentError) Error() string { return e.ID + " does not apply here" }

// Fill replaces the placeholders of a value by what get returns for their IDs: bool, int,
// string, []string or nil, or an OpenError or AbsentError. A placeholder alone keeps its type;
// in text it is text, a list in it joined by spaces; in a list it is spliced, and what does
// not apply is left out. Lists come out as []any.
func Fill(v any, get func(id string) (any, error)) (any, error) {
	if id, alone := Alone(v); alone {
		x, err := get(id)
		if l, isList := x.([]string); isList {
			return list(l), err
		}
		return x, err
	}
	switch v := v.(type) {
	case string:
		return fillText(v, get)
	case []any:
		return fillList(v, get)
	}
	return v, nil
}

func fillList(v []any, get func(string) (any, error)) (any, error) {
	out := []any{}
	for _, e := range v {
		x, err := Fill(e, get)
		if errors.As(err, new(AbsentError)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if l, isList := x.([]any); isList {
			out = append(out, l...)
		} else if x != nil {
			out = append(out, x)
		}
	}
	return out, nil
}

func fillText(s string, get func(string) (any, error)) (any, error) {
	if !strings.Contains(s, "<") {
		return s, nil
	}
	var first error
	s = placeholder.ReplaceAllStringFunc(s, func(m string) string {
		x, err := get(m[1 : len(m)-1])
		if err != nil && first == nil {
			first = err
		}
		return strings.Join(WordsOf(x), " ")
	})
	if first != nil {
		return nil, first
	}
	return s, nil
}

func list(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}

// show writes a value for a message.
func show(v any) string {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v)
}
