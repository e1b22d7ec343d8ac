package design

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// term is one of an SPF record (RFC 7208, 4.6.1): a mechanism, or a modifier such as redirect.
type term struct {
	text      string
	qualifier string // + if none is written
	name      string // in lower case
	value     string // what follows the colon or the equals sign; a slash belongs to it
	modifier  bool
}

var (
	mechanism = regexp.MustCompile(`^([+?~-]?)(?i:(all|include|a|mx|ptr|ip4|ip6|exists))(?::([^ ]*)|(/[0-9/]+))?$`)
	modifier  = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9._-]*)=(.*)$`)
	cidrs     = regexp.MustCompile(`(/[0-9]{1,2})?(//[0-9]{1,3})?$`)
)

// spfTerms reads the terms of an SPF record; what is no term at all has no name.
func spfTerms(record string) []term {
	var terms []term
	for i, text := range strings.Fields(record) {
		t := term{text: text}
		if m := mechanism.FindStringSubmatch(text); m != nil {
			t.qualifier, t.name, t.value = m[1], strings.ToLower(m[2]), m[3]+m[4]
			if t.qualifier == "" {
				t.qualifier = "+"
			}
		} else if m := modifier.FindStringSubmatch(text); m != nil {
			t.modifier, t.name, t.value = true, strings.ToLower(m[1]), m[2]
		}
		if i > 0 { // the first is the version
			terms = append(terms, t)
		}
	}
	return terms
}

// valid says that receivers can read the term. What a macro makes of a name is not looked at.
func (t term) valid() bool {
	switch t.name {
	case "":
		return false
	case "all":
		return t.value == ""
	case "ip4", "ip6":
		p, ok := network(t.value)
		return ok && p.Addr().Is4() == (t.name == "ip4")
	case "include", "exists", "redirect":
		return named(t.value)
	case "a", "mx":
		host := cidrs.ReplaceAllString(t.value, "")
		return host == "" || named(host)
	}
	return true // ptr, exp and modifiers that nobody knows yet
}

// network reads an address or a network, whose host bits SPF ignores.
func network(s string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}

// named says that a value is the name of something, and no address.
func named(s string) bool {
	_, isAddress := network(s)
	return strings.Contains(s, ".") && !isAddress
}

// exchangeOnline is the term with which Exchange Online stands in an SPF record.
const exchangeOnline = "include:spf.protection.outlook.com"

// looksUp says that a receiver asks DNS for the term: there may be ten of these (RFC 7208, 4.6.4).
func (t term) looksUp() bool {
	return slices.Contains([]string{"include", "a", "mx", "ptr", "exists", "redirect"}, t.name)
}

// beyond says that more senders may stand behind the term than can be seen here.
func (t term) beyond() bool {
	return slices.Contains([]string{"include", "exists", "redirect"}, t.name) && !strings.EqualFold(strings.TrimPrefix(t.text, "+"), exchangeOnline)
}

// ending returns the term at which a receiver stops.
func ending(terms []term) (term, bool) {
	i := slices.IndexFunc(terms, func(t term) bool { return t.name == "all" })
	if i < 0 {
		return term{}, false
	}
	return terms[i], true
}

// senders returns the terms that let somebody send, as they may stand in another record. A redirect
// becomes an include, for beside all nobody follows it; where all stands nobody does today.
func senders(terms []term) []string {
	end := slices.IndexFunc(terms, func(t term) bool { return t.name == "all" })
	var out []string
	for i, t := range terms {
		switch {
		case !t.valid() || end >= 0 && i > end && !t.modifier:
		case t.name == "redirect" && end < 0:
			out = append(out, "include:"+t.value)
		case !t.modifier && t.name != "all":
			out = append(out, strings.TrimPrefix(t.text, "+"))
		}
	}
	return out
}
