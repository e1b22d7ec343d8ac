package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	digTXT    = regexp.MustCompile(`^\S+\s+(?:[0-9]+\s+)?(?i:IN)\s+(?i:TXT)\s+(".*)$`)
	preferred = regexp.MustCompile(`^([0-9]+)\s+(\S+)$`)
	oneKey    = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$`)
)

// None is the answer that no such record stands in DNS. A question that nobody answered says less.
const None = "none"

// mailHost keeps a host that takes mail, after its preference where one is given, as dig +short
// prints it. "0 ." is the null MX (RFC 7505); None says that there is no record.
func mailHost(s string) (string, error) {
	if s == "." {
		s = "0 ."
	}
	m := preferred.FindStringSubmatch(s)
	switch {
	case strings.EqualFold(s, None):
		return None, nil
	case m == nil:
		return host(s)
	}
	preference, err := strconv.ParseUint(m[1], 10, 16)
	switch {
	case err != nil:
		return "", fmt.Errorf("%q has a preference that is not between 0 and 65535", s)
	case m[2] == "." && preference != 0:
		return "", fmt.Errorf("%q is no null MX: that has the preference 0", s)
	case m[2] == ".":
		return "0 .", nil
	}
	name, err := host(m[2])
	return fmt.Sprintf("%d %s", preference, name), err
}

// recordText keeps the text of a TXT record as it stands in DNS. The quoted strings that dig and
// zone files print are put together; what is half of them is refused, for a record that lost a
// string still looks like one.
func recordText(s string) (string, error) {
	s = digTXT.ReplaceAllString(s, "$1")
	text, err := strings.ReplaceAll(s, `\;`, ";"), error(nil)
	if strings.HasPrefix(s, `"`) {
		text, err = joined(s)
	}
	text = strings.TrimSpace(text)
	switch {
	case err != nil:
		return "", fmt.Errorf("%q is not the whole text of a record: %w", s, err)
	case text == "":
		return "", fmt.Errorf("%q holds no text", s)
	case strings.ContainsAny(text, `"\`):
		return "", fmt.Errorf("%q has a quote or a backslash inside, which no such record holds; paste it with the quotes around it, or without any", s)
	}
	for _, r := range text {
		if r < ' ' || r > '~' {
			return "", fmt.Errorf("%q has a character, %q, that a record cannot hold", s, r)
		}
	}
	return text, nil
}

// joined reads the strings of a record as they stand in a zone file (RFC 1035, 5.1).
func joined(s string) (string, error) {
	var text strings.Builder
	for s != "" {
		if s[0] != '"' {
			return "", errors.New("something stands beside the quotes")
		}
		at := 1
		for at < len(s) && s[at] != '"' {
			char, n := s[at], 1
			if char == '\\' {
				char, n = escaped(s[at:])
			}
			text.WriteByte(char)
			at += n
		}
		if at >= len(s) {
			return "", errors.New("a quote is not closed")
		}
		s = strings.TrimLeft(s[at+1:], " \t")
	}
	return text.String(), nil
}

// escaped reads a backslash with what it stands before: three digits, or one character.
func escaped(s string) (char byte, length int) {
	if len(s) >= 4 {
		if n, err := strconv.ParseUint(s[1:4], 10, 8); err == nil {
			return byte(n), 4
		}
	}
	if len(s) < 2 {
		return '\\', 1
	}
	return s[1], 2
}

// selector keeps the selector of a DKIM key. People type the whole name of its record: what
// follows the selector is taken off.
func selector(s string) (string, error) {
	name, _, _ := strings.Cut(strings.ToLower(bare(s)), "._domainkey")
	if !oneKey.MatchString(name) {
		return "", fmt.Errorf("%q is not a selector: it is what stands before ._domainkey, such as gw2026, one label without dots", s)
	}
	return name, nil
}
