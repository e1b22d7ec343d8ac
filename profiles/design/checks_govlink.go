package design

import (
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

var govlinkChecks = namedChecks{
	"labels-of-another-tenant": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.ContainsFunc(append(words("labels.sensitive"), words("labels.protected")...), func(id string) bool {
			return slices.Contains(s.Catalog.Lists["asd-sample-labels"].Values, id)
		})
	},
	"own-domain-over-govlink": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("govlink.confirmed"), func(name string) bool { return inDomains(s, name) })
	},
	"govlink-unanswered": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		if !slices.Contains(words("classification.level"), "protected") || slices.Contains(words("govlink.path"), "none") {
			return false
		}
		sameGateway := slices.Contains(words("govlink.gateway"), "same")
		return slices.ContainsFunc(s.Asked, func(a profiles.Asked) bool {
			id := a.Question.ID
			smartHost := id == "gateway.smarthost" || id == "gateway.smarthost-certificate"
			govlink := strings.HasPrefix(id, "govlink.") && id != "govlink.approved-keeper"
			return a.Answer.Open() && (govlink || smartHost && sameGateway)
		})
	},
}
