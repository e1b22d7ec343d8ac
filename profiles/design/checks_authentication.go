package design

import (
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

var authenticationChecks = namedChecks{
	"selector-shared": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.Contains(words("dkim.placement"), "both") &&
			slices.ContainsFunc(words("dkim.gateway-selector"), func(w string) bool {
				return slices.Contains(s.Catalog.Lists["exchange-online-selectors"].Values, w)
			})
	},
	"no-report-address": func(s *profiles.State, scope profiles.Scope) bool {
		v, err := s.Value(scope, "dmarc.reports-to")
		return err == nil && v == nil
	},
	"outside-report-address": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		own, _ := s.Value(scope, "domains")
		domains, _ := own.([]string)
		return slices.Contains(words("dmarc.reports-authorised"), "no") && len(domains) > 0 &&
			slices.ContainsFunc(words("dmarc.reports-to"), func(address string) bool {
				_, domain, _ := strings.Cut(address, "@")
				return !slices.ContainsFunc(domains, func(d string) bool { return domain == d || strings.HasSuffix(domain, "."+d) })
			})
	},
	"spf-long": func(s *profiles.State, scope profiles.Scope) bool {
		for _, text := range texts(s, scope, "v=spf1") {
			if len(text) > 450 {
				return true
			}
		}
		return false
	},
}

var authenticationDerived = namedDerived{
	"dmarc.reports": func(s *profiles.State, scope profiles.Scope) any {
		var uris []string
		for _, address := range s.Words(scope)("dmarc.reports-to") {
			uris = append(uris, "mailto:"+uriEscape.Replace(address))
		}
		if len(uris) == 0 {
			return ""
		}
		return "; rua=" + strings.Join(uris, ",")
	},
}

// A comma or an exclamation mark would end the address or begin a size (RFC 9989, 4.7).
var uriEscape = strings.NewReplacer("%", "%25", ",", "%2C", "!", "%21", ";", "%3B")
