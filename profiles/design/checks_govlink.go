package design

import (
	"slices"

	"github.com/exoplan/exoplan/profiles"
)

var govlinkChecks = namedChecks{
	"govlink-unanswered": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		needed := slices.Contains(words("classification.level"), "protected") && slices.Contains(words("govlink.path"), "gateway")
		return needed && slices.ContainsFunc(s.Asked, func(a profiles.Asked) bool {
			return a.Answer.Open() && slices.Contains([]string{"govlink.approved", "gateway.smarthost", "gateway.smarthost-certificate"}, a.Question.ID)
		})
	},
}
