package design

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

var gatewayChecks = namedChecks{
	"smarthost-name-not-in-certificate": func(s *profiles.State, scope profiles.Scope) bool {
		planned, read := s.Words(scope)("gateway.smarthost-certificate"), s.Words(scope)("gateway.smarthost-names")
		return len(planned) == 1 && len(read) > 0 &&
			!slices.ContainsFunc(read, func(name string) bool { return bears(name, planned[0]) })
	},
	"addresses-unfit-for-restriction": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.Contains(words("gateway.lockdown"), "address") && slices.ContainsFunc(gateways(words), unfitForRestriction)
	},
	"addresses-not-to-be-skipped": func(s *profiles.State, scope profiles.Scope) bool {
		ps := gateways(s.Words(scope))
		return slices.ContainsFunc(ps, isPrivate) || slices.ContainsFunc(ps, ofExchangeOnline(s))
	},
}

// gateways are the networks from which gateways deliver: that of the Internet, and that of GovLINK
// where it is another.
func gateways(words func(string) []string) []netip.Prefix {
	return prefixes(append(words("gateway.to-exchange"), words("govlink.to-exchange")...))
}

// bears says whether a certificate with this name proves another: the same, or one label below a
// wildcard.
func bears(name, proved string) bool {
	name, proved = strings.ToLower(name), strings.ToLower(proved)
	_, above, _ := strings.Cut(proved, ".")
	return name == proved || name == "*."+above
}

var gatewayDerived = namedDerived{
	"spf.gateway": func(s *profiles.State, scope profiles.Scope) any {
		var terms []string
		for _, w := range s.Words(scope)("gateway.to-internet") {
			family := "ip4:"
			if strings.Contains(w, ":") {
				family = "ip6:"
			}
			terms = append(terms, family+w)
		}
		return terms
	},
	"gateway.skipped": func(s *profiles.State, scope profiles.Scope) any {
		words := s.Words(scope)
		if !slices.Contains(words("gateway.filtering"), "yes") {
			return []string{}
		}
		return append(words("gateway.to-exchange"), words("govlink.to-exchange")...)
	},
	"gateway.mx-hosts": func(s *profiles.State, scope profiles.Scope) any {
		var hosts []string
		for _, w := range s.Words(scope)("gateway.mx") {
			hosts = append(hosts, w[strings.LastIndex(w, " ")+1:])
		}
		return hosts
	},
}

func isPrivate(p netip.Prefix) bool { return p.Addr().IsPrivate() }

// unfitForRestriction: a connector that restricts takes public IPv4 addresses and networks of
// /24 to /32 only.
func unfitForRestriction(p netip.Prefix) bool {
	return !p.Addr().Is4() || p.Bits() < 24 || isPrivate(p)
}

// ofExchangeOnline says of a network whether Exchange Online delivers from it, for all tenants.
func ofExchangeOnline(s *profiles.State) func(netip.Prefix) bool {
	service := prefixes(s.Catalog.Lists["microsoft-365-smtp"].Values)
	return func(p netip.Prefix) bool { return slices.ContainsFunc(service, p.Overlaps) }
}

// prefixes reads addresses and networks; an address is a network of one.
func prefixes(words []string) []netip.Prefix {
	var ps []netip.Prefix
	for _, w := range words {
		if a, err := netip.ParseAddr(w); err == nil {
			ps = append(ps, netip.PrefixFrom(a, a.BitLen()))
		} else if p, err := netip.ParsePrefix(w); err == nil {
			ps = append(ps, p)
		}
	}
	return ps
}
