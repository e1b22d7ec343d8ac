package design

import (
	"slices"

	"github.com/exoplan/exoplan/profiles"
)

var partnerChecks = namedChecks{
	"only-a-rule-forces-tls": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.Contains(s.Words(scope)("tls-rule"), "yes") && len(byConnector(s)) == 0
	},
	"rule-and-connector-overlap": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("tls-rule.domains"), func(ruled string) bool {
			return slices.ContainsFunc(byConnector(s), func(partner string) bool { return within(partner, ruled) })
		})
	},
	"tls-rule-excepts": func(s *profiles.State, scope profiles.Scope) bool {
		return len(s.Words(scope)("tls-rule.excepted")) > 0
	},
	"partner-is-own-domain": func(s *profiles.State, scope profiles.Scope) bool {
		return inDomains(s, scope.Item.Value)
	},
}

var partnerDerived = namedDerived{
	"tls-rule.exceptions": func(s *profiles.State, scope profiles.Scope) any {
		return listed(append(byConnector(s), s.Words(scope)("tls-rule.excepted")...))
	},
}

// byConnector returns the domains of the partners with an outbound connector.
func byConnector(s *profiles.State) []string {
	var domains []string
	for _, scope := range s.Scopes("partners") {
		if slices.Contains(s.Words(scope)("partner.outbound"), "connector") {
			domains = append(domains, scope.Item.Value)
		}
	}
	return domains
}
