package contract

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CheckValue reports why a property cannot have this value: nil, a bool, an int, a
// string, or a []any of strings. The name of an object is checked under its parameter
// of the New cmdlet (Name, DomainName) or under Name.
func (c *Contract) CheckValue(noun, property string, v any) error {
	n, ok := c.nouns[noun]
	if !ok {
		return fmt.Errorf("no noun %s", noun)
	}
	where := noun + "." + property
	if !n.Singleton() && (property == "Name" || property == n.Parameter) {
		return checkName(where, c.naming(n), v)
	}
	kind, ok := n.Kind(property)
	if !ok {
		return fmt.Errorf("%s has no %s", noun, property)
	}
	p := c.parameter(n, property)
	if err := checkKind(where, kind, v); err != nil {
		return err
	}
	if b, ok := n.Bits[property]; ok {
		if err := b.check(where, v); err != nil {
			return err
		}
	}
	if empty(v) && c.demanded(n, property) {
		return fmt.Errorf("%s needs a value", where)
	}
	format := c.formats[noun][property]
	if f, ok := formats[format]; ok {
		return checkFormat(where, f, v)
	}
	if n, ok := longest(format); ok {
		p.MaxLen = n
	}
	return checkAccepted(where, p, v)
}

// naming is the parameter of New that takes the name; the zero value where nothing makes one.
func (c *Contract) naming(n Noun) Parameter {
	if len(n.New) == 0 {
		return Parameter{}
	}
	return c.cmdlets[n.New[0]].Parameters[n.Parameter]
}

// parameter is what takes the property; the zero value where the service makes it.
func (c *Contract) parameter(n Noun, property string) Parameter {
	for _, cmdlet := range slices.Concat(n.New, n.Set) {
		if p, ok := c.cmdlets[cmdlet].Parameters[n.by(property)]; ok {
			return p
		}
	}
	return Parameter{}
}

func checkName(where string, p Parameter, v any) error {
	s, ok := v.(string)
	if !ok || strings.TrimSpace(s) == "" {
		return fmt.Errorf("%s is a name, not %s", where, show(v))
	}
	return checkLength(where, p, s)
}

func checkKind(where string, kind Kind, v any) error {
	if v == nil && kind != Number {
		return nil
	}
	switch kind {
	case Flag:
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%s is true, false or null, not %s", where, show(v))
		}
	case Number:
		if _, ok := v.(int); !ok {
			return fmt.Errorf("%s is a whole number, not %s", where, show(v))
		}
	case Word:
		if s, ok := v.(string); !ok || strings.TrimSpace(s) == "" {
			return fmt.Errorf("%s is a word or null, not %s", where, show(v))
		}
	case Text:
		if _, ok := v.(string); !ok {
			return fmt.Errorf("%s is a text or null, not %s", where, show(v))
		}
	case Words, Texts, Order:
		return checkList(where, v)
	case Size:
		return checkForm(where, v, size, "a number of bytes such as 10MB")
	case Span:
		return checkForm(where, v, span, "a length of time such as 1.00:00:00")
	case Shown:
		return fmt.Errorf("%s can only be looked at", where)
	}
	return nil
}

// What the service shows of these, 10 MB (10,485,760 bytes), it does not take back.
var (
	size = regexp.MustCompile(`^(\d+) ?(B|KB|MB|GB|TB)?$`)
	span = regexp.MustCompile(`^(\d+\.)?\d\d:\d\d:\d\d$`)
)

func checkForm(where string, v any, form *regexp.Regexp, want string) error {
	if s, ok := v.(string); !ok || !form.MatchString(s) {
		return fmt.Errorf("%s is %s or null, not %s", where, want, show(v))
	}
	return nil
}

func checkList(where string, v any) error {
	list, ok := v.([]any)
	if !ok {
		return fmt.Errorf("%s is a list or null, not %s", where, show(v))
	}
	var out []error
	for _, e := range list {
		if s, ok := e.(string); !ok || strings.TrimSpace(s) == "" {
			out = append(out, fmt.Errorf("%s holds words, not %s", where, show(e)))
		}
	}
	return errors.Join(out...)
}

// demanded: New takes no object without it, so it has no empty state.
func (c *Contract) demanded(n Noun, property string) bool {
	return slices.ContainsFunc(n.New, func(cmdlet string) bool { return c.cmdlets[cmdlet].Parameters[property].Required })
}

func checkAccepted(where string, p Parameter, v any) error {
	var out []error
	for _, s := range values(v) {
		out = append(out, checkOne(where, p, s), checkLength(where, p, s))
	}
	if n, ok := v.(int); ok && len(p.Range) == 2 && (n < p.Range[0] || n > p.Range[1]) {
		out = append(out, fmt.Errorf("%s is from %d to %d, not %d", where, p.Range[0], p.Range[1], n))
	}
	return errors.Join(out...)
}

func checkOne(where string, p Parameter, s string) error {
	if len(p.Accepted) == 0 || p.Open || slices.ContainsFunc(p.Accepted, func(a string) bool { return strings.EqualFold(a, s) }) {
		return nil
	}
	return fmt.Errorf("%s is %s, not %s", where, either(p.Accepted), quoteWord(s))
}

func checkLength(where string, p Parameter, s string) error {
	if n := utf8.RuneCountInString(s); p.MaxLen > 0 && n > p.MaxLen {
		return fmt.Errorf("%s has at most %d characters, not %d", where, p.MaxLen, n)
	}
	return nil
}

// format is a check of one entry and the words for what it wants.
type format struct {
	check func(string) bool
	want  string
}

var formats = map[string]format{
	"ipv4":    {isIPv4, "IPv4 addresses or networks of /24 to /32"},
	"sources": {isSource, "addresses, networks or ranges"},
}

// longest reads a format that is a number: so many characters are the most.
func longest(format string) (n int, ok bool) {
	n, err := strconv.Atoi(format)
	return n, err == nil && n > 0
}

func checkFormat(where string, f format, v any) error {
	var out []error
	for _, s := range values(v) {
		if !f.check(s) {
			out = append(out, fmt.Errorf("%s holds %s, not %q", where, f.want, s))
		}
	}
	return errors.Join(out...)
}

func isIPv4(s string) bool {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Is4()
	}
	p, err := netip.ParsePrefix(s)
	return err == nil && p.Addr().Is4() && p.Bits() >= 24
}

func isSource(s string) bool {
	if from, to, ok := strings.Cut(s, "-"); ok {
		a, errA := netip.ParseAddr(from)
		b, errB := netip.ParseAddr(to)
		return errA == nil && errB == nil && a.BitLen() == b.BitLen() && a.Compare(b) <= 0
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(s)
	return err == nil
}

// empty: null, or a list without entries.
func empty(v any) bool {
	list, ok := v.([]any)
	return v == nil || ok && len(list) == 0
}

// values are the words in a value; checkKind has seen to it that there is nothing else.
func values(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case int:
		return []string{strconv.Itoa(v)}
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func either(list []string) string {
	words := make([]string, 0, len(list))
	for _, w := range list {
		if w == "$null" {
			w = "null"
		}
		words = append(words, w)
	}
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func quoteWord(s string) string {
	if _, err := strconv.Atoi(s); err == nil {
		return s
	}
	return strconv.Quote(s)
}

func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	case []any:
		return "a list"
	case map[string]any:
		return "a map"
	default:
		return fmt.Sprint(v)
	}
}

// Same reports whether two values of a property of this kind are one to the service: case and
// order count where the kind says so. Empty is no value.
func (k Kind) Same(a, b any) bool {
	if empty(a) || empty(b) {
		return empty(a) && empty(b)
	}
	return slices.Equal(k.normal(a), k.normal(b))
}

// normal is a value in the form in which it compares.
func (k Kind) normal(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = fmt.Sprint(e)
	}
	if k == Word || k == Words {
		for i, s := range out {
			out[i] = strings.ToLower(s)
		}
	}
	if k == Words || k == Texts {
		slices.Sort(out)
	}
	return out
}
