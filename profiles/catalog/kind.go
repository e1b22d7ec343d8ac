package catalog

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kind says what an answer is and how it is asked for.
type Kind string

// The kinds of question. A list kind takes any number of its elements.
const (
	Select    Kind = "select"    // one of the options
	Multi     Kind = "multi"     // any of the options
	Confirm   Kind = "confirm"   // yes or no
	Text      Kind = "text"      // one line
	Texts     Kind = "texts"     // lines
	Domain    Kind = "domain"    // a DNS domain of two labels or more
	Domains   Kind = "domains"   //
	Host      Kind = "host"      // the name of a host
	Hosts     Kind = "hosts"     //
	MX        Kind = "mx"        // hosts that take mail, each after its preference where it has one of its own; none
	TXT       Kind = "txt"       // the text of a TXT record
	Selector  Kind = "selector"  // the selector of a DKIM key
	Addresses Kind = "addresses" // IP addresses and networks in CIDR form
	Email     Kind = "email"     //
	Emails    Kind = "emails"    //
	GUID      Kind = "guid"      // 8-4-4-4-12 hexadecimal digits
	Date      Kind = "date"      // YYYY-MM-DD
	Items     Kind = "items"     // things that are asked about one by one, each with a key
)

// elements maps every kind to the reading of one element: the form in which it is kept, or an
// error that says what is expected.
var elements = map[Kind]func(string) (string, error){
	Select: nil, Multi: nil, Confirm: confirmWord,
	Text: line, Texts: line,
	Domain: domain, Domains: domain, Host: host, Hosts: host, MX: mailHost, TXT: recordText, Selector: selector,
	Addresses: address, Email: email, Emails: email, GUID: guid, Date: date, Items: nil,
}

// Kinds returns every kind, sorted.
func Kinds() []Kind {
	var ks []Kind
	for k := range elements {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// List says whether an answer of this kind is a list.
func (k Kind) List() bool {
	switch k {
	case Multi, Texts, Domains, Hosts, MX, Addresses, Emails, Items:
		return true
	default:
		return false
	}
}

// Item is one member of an items question. Its key is fixed when the item is made; its value,
// what people call it, may change later.
type Item struct {
	Key, Value string
}

// Parse turns what somebody typed or wrote into an answer: a string for a single value, a
// []string for a list, a bool for a confirm question, []Item for items (each keyed by its
// value). It is the one decoder for profiles, flags, plain prompts and the wizard. The error
// says what is expected; several faults of a list are joined. No text at all is the empty
// answer, nil, which only an optional question takes.
func (q Question) Parse(texts ...string) (any, error) {
	var clean []string
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			clean = append(clean, t)
		}
	}
	if len(clean) == 0 {
		if q.Optional {
			return nil, nil
		}
		return nil, errors.New("an answer is needed here")
	}
	if !q.Kind.List() && len(clean) > 1 {
		return nil, fmt.Errorf("one answer is expected, not %d", len(clean))
	}
	var errs []error
	seen := map[string]bool{}
	for i, t := range clean {
		v, err := q.element(t)
		if err == nil && seen[strings.ToLower(v)] {
			err = fmt.Errorf("%q stands in the list twice", t)
		}
		errs = append(errs, err)
		seen[strings.ToLower(v)] = true
		clean[i] = v
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	switch {
	case q.Kind == Confirm:
		return clean[0] == yes, nil
	case q.Kind == Items:
		return NewItems(clean, nil), nil
	case q.Kind.List():
		return clean, nil
	}
	return clean[0], nil
}

// Format is the inverse of Parse: the texts that stand for an answer.
func (q Question) Format(answer any) []string {
	switch v := answer.(type) {
	case nil:
		return nil
	case bool:
		return []string{word(v)}
	case []string:
		return slices.Clone(v)
	case []Item:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = item.Value
		}
		return texts
	}
	return []string{fmt.Sprint(answer)}
}

// Line writes several texts in one line: with commas between them, or with semicolons where one
// of them holds a comma.
func Line(texts []string) string {
	if slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, ",") }) {
		return strings.Join(texts, "; ")
	}
	return strings.Join(texts, ", ")
}

// element checks one element and returns it in the form that is kept.
func (q Question) element(t string) (string, error) {
	kind := q.Kind
	switch kind {
	case Items:
		kind = q.Of
	case Select, Multi:
		if !slices.Contains(q.Values(), t) {
			return t, fmt.Errorf("%q is not one of: %s", t, strings.Join(q.Values(), ", "))
		}
		return t, nil
	default:
	}
	kept, err := elements[kind](t)
	if err != nil {
		return t, err
	}
	if q.Pattern != "" && !whole(q.Pattern).MatchString(kept) {
		if q.Form != "" {
			return t, fmt.Errorf("%q has %s and not the expected form, such as %s: %s", t, Count(utf8.RuneCountInString(kept), "character", "characters"), q.Example, q.Form)
		}
		return t, fmt.Errorf("%q does not have the expected form, such as %s", t, q.Example)
	}
	return kept, nil
}

// patterns holds those that were needed before: to make one takes longer than to read an answer.
var patterns sync.Map

// whole returns what matches a text that is all of a pattern.
func whole(pattern string) *regexp.Regexp {
	if known, ok := patterns.Load(pattern); ok {
		return known.(*regexp.Regexp)
	}
	made := regexp.MustCompile(`^(?:` + pattern + `)$`)
	patterns.Store(pattern, made)
	return made
}

// ItemKey makes the key of an item from its value: letters, digits, dots and hyphens.
func ItemKey(value string) string {
	key := strings.Trim(notKey.ReplaceAllString(strings.ToLower(value), "-"), "-.")
	if key == "" {
		return "item" // a name in another script
	}
	return key
}

// NewItems makes an item for each value. One whose value stands in before keeps the key that
// it has there; each of the others gets a key that no other has.
func NewItems(values []string, before []Item) []Item {
	items := make([]Item, len(values))
	taken := map[string]bool{}
	for i, v := range values {
		items[i].Value = v
		if j := slices.IndexFunc(before, func(old Item) bool { return strings.EqualFold(old.Value, v) }); j >= 0 {
			items[i].Key = before[j].Key
			taken[items[i].Key] = true
		}
	}
	for i, it := range items {
		if it.Key != "" {
			continue
		}
		key := ItemKey(it.Value)
		for n := 2; taken[key]; n++ {
			key = fmt.Sprintf("%s-%d", ItemKey(it.Value), n)
		}
		items[i].Key, taken[key] = key, true
	}
	return items
}

var (
	notKey  = regexp.MustCompile(`[^a-z0-9.-]+`)
	guidExp = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

func line(s string) (string, error) {
	for _, r := range s {
		if r == utf8.RuneError {
			return "", fmt.Errorf("%q has a character that was lost on its way here; type it anew", s)
		}
		if r < ' ' || r == 0x7f || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			return "", fmt.Errorf("%q has a control character, %U, that would not be seen or would turn the text about", s, r)
		}
		if r > 0xffff {
			return "", fmt.Errorf("%q has a character, %q, that a script for Windows PowerShell cannot carry", s, r)
		}
	}
	return s, nil
}

func confirmWord(s string) (string, error) {
	w := canonical(strings.ToLower(s))
	if w != yes && w != no {
		return "", fmt.Errorf("%q is not yes or no", s)
	}
	return w, nil
}

// address keeps the usual form of an address (RFC 5952) and of a network in CIDR form.
func address(s string) (string, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" && !a.Is4In6() {
		return a.String(), nil
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil || p.Addr().Is4In6():
		return "", fmt.Errorf("%q is not an IP address or a network such as 192.0.2.0/28", s)
	case p != p.Masked():
		return "", fmt.Errorf("%q has bits beside the network; did you mean %s?", s, p.Masked())
	}
	return p.String(), nil
}

func guid(s string) (string, error) {
	g := strings.ToLower(strings.Trim(s, "{}"))
	if !guidExp.MatchString(g) {
		return "", fmt.Errorf("%q is not an ID such as 11111111-2222-3333-4444-555555555555", s)
	}
	return g, nil
}

func date(s string) (string, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is not a date such as 2026-11-25", s)
	}
	return s, nil
}

func word(truth bool) string {
	if truth {
		return yes
	}
	return no
}

// WordsOf returns an answer or an outcome as conditions see it.
func WordsOf(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case bool:
		return []string{word(v)}
	case []string:
		return v
	case []Item:
		keys := make([]string, len(v))
		for i, item := range v {
			keys[i] = item.Key
		}
		return keys
	}
	return []string{fmt.Sprint(v)}
}
