package design

import (
	"slices"

	"github.com/exoplan/exoplan/profiles"
)

var unitedKingdomChecks = namedChecks{
	"gov-uk-unforced": func(s *profiles.State, scope profiles.Scope) bool {
		unforced := func(domain string) bool { return !slices.Contains(s.Words(scope)("tls-rule.domains"), domain) }
		return slices.ContainsFunc(s.Catalog.Lists["gov-uk"].Values, unforced)
	},
	"many-report-addresses": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return len(words("dmarc.reports-to")) > 2 || len(words("tls-rpt.to")) > 1
	},
}
