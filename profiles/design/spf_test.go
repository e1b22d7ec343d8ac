package design

import (
	"slices"
	"strings"
	"testing"
)

// TestSPFTerms: what receivers can read of a record, and what of it lets somebody send.
func TestSPFTerms(t *testing.T) {
	for _, tt := range []struct {
		record, senders string
		unreadable      []string
	}{
		{"v=spf1 mx a ip4:192.0.2.0/24 -all", "mx a ip4:192.0.2.0/24", nil},
		{"V=SPF1 +mx A:mail.agency.example//64 IP4:192.0.2.1 ?include:x.example ~ALL", "mx A:mail.agency.example//64 IP4:192.0.2.1 ?include:x.example", nil},
		{"v=spf1 a/24 mx:mail.agency.example/28//64 exists:%{i}._spf.agency.example -all", "a/24 mx:mail.agency.example/28//64 exists:%{i}._spf.agency.example", nil},
		{"v=spf1 ip6:2001:db8::/32 ip6:2001:db8::1 ptr -all", "ip6:2001:db8::/32 ip6:2001:db8::1 ptr", nil},
		{"v=spf1 redirect=_spf.parent.example", "include:_spf.parent.example", nil},
		{"v=spf1 ip4:192.0.2.1 redirect=_spf.parent.example exp=why.agency.example", "ip4:192.0.2.1 include:_spf.parent.example", nil},
		{"v=spf1 redirect=_spf.parent.example -all", "", nil}, // beside all nobody follows it
		{"v=spf1 mx -all include:late.example", "mx", nil},
		{"v=spf1 ip:192.0.2.1 ip4:192.0.2.300 ip4:192.0.2.0/33 ip4:2001:db8::1 ip6:192.0.2.1 mx -all", "mx", []string{"ip:192.0.2.1", "ip4:192.0.2.300", "ip4:192.0.2.0/33", "ip4:2001:db8::1", "ip6:192.0.2.1"}},
		{"v=spf1 include: include:localhost include:192.0.2.1 a:192.0.2.1 redirect=2001:db8::1 mx -all:x", "mx", []string{"include:", "include:localhost", "include:192.0.2.1", "a:192.0.2.1", "redirect=2001:db8::1", "-all:x"}},
		{"v=spf1 ipv4:192.0.2.1, mx -all", "mx", []string{"ipv4:192.0.2.1,"}},
		{"", "", nil},
	} {
		terms := spfTerms(tt.record)
		if got := strings.Join(senders(terms), " "); got != tt.senders {
			t.Errorf("%s\nsenders %q\nnot %q", tt.record, got, tt.senders)
		}
		var unreadable []string
		for _, term := range terms {
			if !term.valid() {
				unreadable = append(unreadable, term.text)
			}
		}
		if !slices.Equal(unreadable, tt.unreadable) {
			t.Errorf("%s\nunreadable %q\nnot %q", tt.record, unreadable, tt.unreadable)
		}
	}
}
