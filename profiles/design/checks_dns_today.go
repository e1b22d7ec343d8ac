package design

import (
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

var dnsTodayChecks = namedChecks{
	"spf-today-invalid": func(s *profiles.State, scope profiles.Scope) bool {
		terms := spfToday(s, scope)
		end := slices.IndexFunc(terms, func(t term) bool { return t.name == "all" })
		for i, t := range terms {
			unread := end >= 0 && (t.name == "redirect" || i > end && !t.modifier)
			if !t.valid() || unread {
				return true
			}
		}
		return false
	},
	"parked-unprotected": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		if !slices.Contains(words("domain.role"), "parked") || !slices.Contains(words("domain.spf-by"), "owner") {
			return false
		}
		today, err := s.Value(scope, "domain.spf-today")
		text, _ := today.(string)
		return err == nil && !strings.EqualFold(strings.Join(strings.Fields(text), " "), "v=spf1 -all")
	},
}

// spfToday reads the SPF record that a domain has today; none if there is none or nobody said.
func spfToday(s *profiles.State, scope profiles.Scope) []term {
	return spfTerms(strings.Join(s.Words(scope)("domain.spf-today"), " "))
}
