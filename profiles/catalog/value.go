package catalog

import (
	"errors"
	"fmt"
	"strings"
)

// cut finds the first placeholder of a text, <question.id> or <DD-020>, and returns the ID in it
// with what stands before and after. It stands for an answer, the outcome of a decision, the name of
// an object or a derived value; an ID has no capital letter but in DD-000.
func cut(s string) (before, id, after string, found bool) {
	for at := 0; ; at++ {
		i := strings.IndexByte(s[at:], '<')
		if i < 0 {
			return s, "", "", false
		}
		at += i
		rest := s[at+1:]
		if n := idLength(rest); n > 0 && n < len(rest) && rest[n] == '>' {
			return s[:at], rest[:n], rest[n+1:], true
		}
	}
}

// idLength returns how long the ID is with which a text begins, 0 if it begins with none.
func idLength(s string) int {
	if number, is := strings.CutPrefix(s, "DD-"); is {
		if len(number) < 3 || strings.Trim(number[:3], "0123456789") != "" {
			return 0
		}
		return len("DD-000")
	}
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '.' && c != '-') {
			return i
		}
	}
	return len(s)
}

// Placeholders returns the IDs that a value names, in order, for every text in it.
func Placeholders(v any) []string {
	var ids []string
	switch v := v.(type) {
	case string:
		for _, id, rest, found := cut(v); found; _, id, rest, found = cut(rest) {
			ids = append(ids, id)
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
	s, _ := v.(string)
	before, id, after, found := cut(s)
	if !found || before != "" || after != "" {
		return "", false
	}
	return id, true
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
	before, id, rest, found := cut(s)
	if !found {
		return s, nil
	}
	var b strings.Builder
	var first error
	for ; found; before, id, rest, found = cut(rest) {
		x, err := get(id)
		if err != nil && first == nil {
			first = err
		}
		b.WriteString(before)
		b.WriteString(strings.Join(WordsOf(x), " "))
	}
	if first != nil {
		return nil, first
	}
	b.WriteString(before)
	return b.String(), nil
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
