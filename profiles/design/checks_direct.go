package design

import (
	"slices"

	"github.com/exoplan/exoplan/profiles"
)

var directChecks = namedChecks{
	"direct-send-breaks": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		says := func(id, word string) bool { return slices.Contains(words(id), word) }
		if !says("direct-send.reject", "yes") && !says("gateway.lockdown", "direct-send") {
			return false
		}
		// With the MX at Exchange Online the way through the MX is the direct one.
		return says("direct-send.forwarders", "yes") || says("direct-sender.way", "as-is") ||
			says("direct-sender.way", "mx") && says("gateway.inbound", "direct")
	},
	"direct-sender-addresses-unfit": func(s *profiles.State, scope profiles.Scope) bool {
		ps := prefixes(s.Words(scope)("direct-sender.addresses"))
		return slices.ContainsFunc(ps, unfitForRestriction) || slices.ContainsFunc(ps, ofExchangeOnline(s))
	},
	"certificate-of-no-domain": func(s *profiles.State, scope profiles.Scope) bool {
		names := s.Words(scope)("direct-sender.certificate")
		return slices.Contains(s.Words(scope)("direct-sender.kind"), "own") && len(names) > 0 && !inDomains(s, names[0])
	},
	"direct-sender-takes-own-domain": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("direct-sender.domains"), func(d string) bool { return inDomains(s, d) })
	},
}

// inDomains says whether a name is a domain of the plan or lies below one.
func inDomains(s *profiles.State, name string) bool {
	return slices.ContainsFunc(s.Scopes("domains"), func(scope profiles.Scope) bool {
		return within(name, scope.Item.Value)
	})
}
