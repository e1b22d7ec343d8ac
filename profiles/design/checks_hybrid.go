package design

import (
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

var hybridChecks = namedChecks{
	"hybrid-pair-not-allowed": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		table, _ := s.Catalog.Table("hybrid-servers")
		cell := table.Cell(strings.Join(words("hybrid.oldest"), ""), strings.Join(words("hybrid.version"), ""))
		return slices.Contains(cell, "not-supported") || slices.Contains(cell, "never")
	},
	"build-below-minimum": func(s *profiles.State, scope profiles.Scope) bool {
		least := builds(s.Catalog.Lists["hybrid-application-builds"].Values)
		return slices.ContainsFunc(builds(s.Words(scope)("hybrid.builds")), func(b []int) bool { return !serves(b, least) })
	},
	"hybrid-certificate-foreign": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("hybrid.certificate-name"), func(name string) bool { return !inDomains(s, name) })
	},
	"on-premises-not-in-spf": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.Contains(words("domain.role"), "mail") && slices.Contains(words("hybrid.egress"), "own") && len(words("domain.senders")) == 0
	},
	"hybrid-certificate-wildcard": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("hybrid.certificate-name"), func(name string) bool { return strings.HasPrefix(name, "*.") })
	},
	"certificate-expires-soon": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		cutover, planned := day(words("change.cutover"))
		soon := func(id string) bool {
			expires, known := day(words(id))
			return known && planned && expires.Before(cutover.AddDate(0, 0, 90))
		}
		return soon("hybrid.certificate-expires") || soon("gateway.certificate-expires")
	},
	"forest-certificate-twice": func(s *profiles.State, scope profiles.Scope) bool {
		own := s.Words(scope)("hybrid.certificate-name")
		return slices.ContainsFunc(s.Words(scope)("hybrid.forest-names"), func(name string) bool { return slices.Contains(own, name) })
	},
}

var hybridDerived = namedDerived{
	"hybrid.shared-domains": func(s *profiles.State, _ profiles.Scope) any { return receiving(s) },
	"hybrid.autodiscover-hosts": func(s *profiles.State, _ profiles.Scope) any {
		var hosts []string
		for _, domain := range receiving(s) {
			hosts = append(hosts, "autodiscover."+domain)
		}
		return hosts
	},
}

// receiving are the domains that receive mail.
func receiving(s *profiles.State) []string {
	var domains []string
	for _, scope := range s.Scopes("domains") {
		if slices.Contains(s.Words(scope)("domain.role"), "mail") {
			domains = append(domains, scope.Item.Value)
		}
	}
	return domains
}

// builds reads builds such as 15.2.2562.17; what is none is left out.
func builds(words []string) [][]int {
	var out [][]int
	for _, w := range words {
		var b []int
		for part := range strings.SplitSeq(w, ".") {
			n, err := strconv.Atoi(part)
			if err != nil {
				b = nil
				break
			}
			b = append(b, n)
		}
		if len(b) == 4 {
			out = append(out, b)
		}
	}
	return out
}

// serves says whether a build reaches what is least for its cumulative update. An update of the
// same version that is newer than all of the list has what they have.
func serves(b []int, least [][]int) bool {
	var newest []int
	for _, l := range least {
		if slices.Equal(b[:3], l[:3]) {
			return b[3] >= l[3]
		}
		if slices.Equal(b[:2], l[:2]) {
			newest = l
		}
	}
	return newest != nil && b[2] > newest[2]
}
