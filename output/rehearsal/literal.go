package rehearsal

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// literal writes a value as PowerShell, so that the driver reads it back with the types
// it had: JSON would make dates of some texts, and Windows PowerShell reads it otherwise.
func literal(v any) string {
	var b strings.Builder
	writeLiteral(&b, v)
	return b.String()
}

func writeLiteral(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("$null")
	case bool:
		fmt.Fprintf(b, "$%t", v)
	case int:
		b.WriteString(strconv.Itoa(v))
	case string:
		b.WriteString(quote(v))
	case []string:
		writeList(b, v)
	case []any:
		writeList(b, v)
	case []map[string]any:
		writeList(b, v)
	case map[string]any:
		writeMap(b, v)
	case map[string]string:
		writeMap(b, v)
	case map[string][]string:
		writeMap(b, v)
	default:
		// Only this package hands values in, and Run has looked at those of its callers.
		panic(fmt.Sprintf("no literal for %T", v))
	}
}

func writeList[T any](b *strings.Builder, list []T) {
	b.WriteString("@(")
	for i, e := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		writeLiteral(b, e)
	}
	b.WriteString(")")
}

func writeMap[T any](b *strings.Builder, m map[string]T) {
	b.WriteString("@{")
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(quote(k) + " = ")
		writeLiteral(b, m[k])
	}
	b.WriteString("}")
}

// quote doubles what PowerShell takes for a single quote, the typographic ones too.
func quote(s string) string {
	return "'" + strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛").Replace(s) + "'"
}

// plain turns what callers and YAML give into the types that literal knows.
func plain(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int, string, []string:
		return v, nil
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			p, err := plain(e)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
		return out, nil
	case map[string]any:
		return plainMap(v)
	default:
		return nil, fmt.Errorf("a %T is no value of a tenant", v)
	}
}

func plainMap(m map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(m))
	for k, v := range m {
		p, err := plain(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		out[k] = p
	}
	return out, nil
}
