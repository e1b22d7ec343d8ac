package design

import (
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

var threatChecks = namedChecks{
	"allowed-domain-of-everybody": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("threat.allowed-domains"), func(d string) bool { return ofEverybody(s, d) })
	},
	"sender-domain-allowed": func(s *profiles.State, scope profiles.Scope) bool {
		return len(s.Words(scope)("threat.allowed-domains")) > 0
	},
	"addresses-allowed": func(s *profiles.State, scope profiles.Scope) bool {
		return len(s.Words(scope)("threat.ip-allow")) > 0
	},
	"addresses-unfit-to-be-allowed": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(prefixes(s.Words(scope)("threat.ip-allow")), unfitForRestriction)
	},
}

// ofEverybody says of a domain whether it, or one above it, is the organisation's own or of a mail
// service for everybody.
func ofEverybody(s *profiles.State, domain string) bool {
	return inDomains(s, domain) || slices.ContainsFunc(s.Catalog.Lists["consumer-mail"].Values, func(d string) bool { return within(domain, d) })
}

var threatDerived = namedDerived{
	"threat.recipients": func(s *profiles.State, scope profiles.Scope) any {
		var names []string
		for _, item := range s.Scopes("domains") {
			if used := s.Words(item)("domain.role"); slices.Contains(used, "mail") || slices.Contains(used, "send-only") {
				names = append(names, item.Item.Value)
			}
		}
		return append(names, strings.Join(s.Words(scope)("tenant.prefix"), "")+".onmicrosoft.com")
	},
}
