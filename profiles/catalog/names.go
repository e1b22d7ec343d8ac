package catalog

import (
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

var (
	label        = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$`)
	digits       = regexp.MustCompile(`^[0-9]+$`)
	reportScheme = regexp.MustCompile(`^(?i:mailto:)`)
	reportSize   = regexp.MustCompile(`![0-9]+[KMGTkmgt]?$`)

	local = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+$`)
)

// bare takes off a name what people paste with it: the scheme and path of a web address, the
// final dot of a zone file.
func bare(s string) string {
	if u, err := url.Parse(s); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil {
		s = u.Hostname()
	}
	return strings.TrimSuffix(s, ".")
}

// domain keeps names as RFC 1035 and RFC 5891 have them on the wire: ASCII labels of up to 63
// octets, 253 in all, two at least, in lower case. An internationalised name may be typed in
// either form.
func domain(s string) (string, error) {
	name, err := wire(bare(s))
	labels := strings.Split(name, ".")
	switch {
	case err != nil:
		return "", fmt.Errorf("%q is not a domain name: %w", s, err)
	case strings.ContainsRune(name, '@'):
		return "", fmt.Errorf("%q is a mail address; a domain name such as agency.example is expected", s)
	case len(name) > 253:
		return "", fmt.Errorf("%q is longer than 253 characters", s)
	case len(labels) < 2, digits.MatchString(labels[len(labels)-1]):
		return "", fmt.Errorf("%q is not a domain name such as agency.example", s)
	}
	for _, l := range labels {
		if !label.MatchString(l) {
			return "", fmt.Errorf("%q is not a domain name: %q is not a label of letters, digits and hyphens", s, l)
		}
	}
	return name, nil
}

// wire returns the form of a name that stands in a DNS message. An ASCII name, which may hold
// underscores, only loses its capitals.
func wire(name string) (string, error) {
	name = strings.ToLower(name)
	if !strings.Contains(name, "xn--") && strings.IndexFunc(name, func(r rune) bool { return r > '~' }) < 0 {
		return name, nil
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return "", fmt.Errorf("no name in letters of other scripts is spelt so (%w)", err)
	}
	return ascii, nil
}

// spelt returns a name with the form in which people of its script write it, if that is another.
func spelt(name string) string {
	if unicode, err := idna.Display.ToUnicode(name); err == nil && unicode != name {
		return name + " (" + unicode + ")"
	}
	return name
}

func host(s string) (string, error) {
	if _, err := netip.ParseAddr(bare(s)); err == nil {
		return "", fmt.Errorf("%q is an address; the name of the host is needed, so that its certificate can be checked", s)
	}
	return domain(s)
}

// email keeps a mail address without a name beside it, in lower case. What stands beside it in a
// DMARC record is taken off: the scheme, and the size limit that RFC 9989 has dropped.
func email(s string) (string, error) {
	s = reportSize.ReplaceAllString(reportScheme.ReplaceAllString(s, ""), "")
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", fmt.Errorf("%q is not a mail address such as security@agency.example", s)
	}
	at := strings.LastIndexByte(s, '@')
	if !local.MatchString(s[:at]) {
		return "", fmt.Errorf("%q has characters before the @ that are not taken here", s)
	}
	name, err := domain(s[at+1:])
	return strings.ToLower(s[:at]) + "@" + name, err
}

// SourceOf returns the key of the source that sets a control; empty when there is none.
func (c *Catalog) SourceOf(control string) string {
	for key, s := range c.Citations {
		if s.Controls != "" && strings.HasPrefix(control, s.Controls) {
			return key
		}
	}
	return ""
}
