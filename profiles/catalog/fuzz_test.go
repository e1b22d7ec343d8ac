package catalog

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzParse: whatever is typed, of any kind, is refused with a reason or kept in a form that is
// read again as the same, and that holds nothing which cannot be seen.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", " ", "O\u2019Brien & S\u00f8n", "it's", "$(1)", "#>", "--%", "a\x00b", "a\r\nb", "a\u202eb", "a\u00a0b", "a\u200bb", strings.Repeat("x", 300), "\xff",
		"yes", "NO", "true", "2026-02-29", "https://Agency.Example/x", "agency.example.", "b\u00fccher.example", "xn--bcher-kva.example", "192.0.2.0/20", "2001:DB8::1",
		"::ffff:192.0.2.1", "fe80::1%eth0", "A.B@agency.example", "{6F1D2C34-58AB-4E07-9C1E-2B7A90D4E3F5}", "http://[::1]:80/", "//x", "a..b", "_dmarc.agency.example",
		"10 mx.agency.example.", "0 .", ".", `"v=spf1 mx " "-all"`, `"a\032\"b"`, `v=DKIM1\; p=`, "x 300 IN TXT \"y\"", `" "`, `"a\\"`, "s1._domainkey.agency.example.", "mailto:a@b.example!10m",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range Kinds() {
			q := Question{Kind: kind}
			switch kind {
			case Select, Multi:
				q.Options = []Option{{Value: "a"}, {Value: "b"}}
			case Items:
				q.Of = Domain
			default:
			}
			v, err := q.Parse(text)
			if err != nil {
				if err.Error() == "" || !utf8.ValidString(err.Error()) {
					t.Errorf("%s refuses %q without a reason: %q", kind, text, err)
				}
				continue
			}
			kept := q.Format(v)
			again, err := q.Parse(kept...)
			if err != nil || !reflect.DeepEqual(v, again) {
				t.Errorf("%s: %q is kept as %q and then read as %v, %v", kind, text, kept, again, err)
			}
			for _, s := range kept {
				if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
					t.Errorf("%s keeps %q", kind, s)
				}
			}
		}
	})
}
