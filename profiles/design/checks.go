package design

import (
	"maps"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

// checks are the named checks of rules, topic by topic: what a condition cannot say. A check
// stays quiet on what is not asked or still open.
var checks = together(authenticationChecks, changeChecks, contentChecks, directChecks, dnsTodayChecks, gatewayChecks, govlinkChecks, hybridChecks, partnerChecks, threatChecks, transportSecurityChecks, unitedKingdomChecks)

// derivations compute the derived values of the catalogue: a []string or a string each.
var derivations = together(authenticationDerived, contentDerived, gatewayDerived, hybridDerived, partnerDerived, tenantSettingsDerived, threatDerived, transportSecurityDerived)

type (
	namedChecks  = map[string]func(*profiles.State, profiles.Scope) bool
	namedDerived = map[string]func(*profiles.State, profiles.Scope) any
)

// together is one map of all. A name that stands twice is a mistake of the program.
func together[F any](topics ...map[string]F) map[string]F {
	all, named := map[string]F{}, 0
	for _, t := range topics {
		maps.Copy(all, t)
		named += len(t)
	}
	if len(all) != named {
		panic("design: two topics give one name to a check or a derived value")
	}
	return all
}

// within says whether a name is a domain or lies below it.
func within(name, domain string) bool { return name == domain || strings.HasSuffix(name, "."+domain) }

// texts returns the values of the TXT records with a tag in a scope, as far as they are answered.
func texts(s *profiles.State, scope profiles.Scope, tag string) []string {
	none := map[profiles.Scope][]int{} // nobody asks for the reasons of these
	r := &resolver{State: s, d: &Design{Profile: s.Profile}, objects: map[profiles.Ref]object{}, decided: none}
	for _, t := range s.Catalog.Topics {
		for _, rec := range t.Records {
			if rec.Tag == tag && rec.Each == scope.Each && rec.When.Holds(r.Words(scope)) {
				r.recordsIn(rec, scope)
			}
		}
	}
	var out []string
	for _, rec := range r.d.Records {
		out = append(out, rec.Values...)
	}
	return out
}
