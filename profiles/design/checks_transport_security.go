package design

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

var transportSecurityChecks = namedChecks{
	"mx-without-dnssec": func(s *profiles.State, scope profiles.Scope) bool {
		signed := func(host string) bool {
			return slices.ContainsFunc(s.Catalog.Lists["signed-mail-zones"].Values, func(zone string) bool { return within(host, zone) })
		}
		words := s.Words(scope)
		return slices.Contains(words("dane.inbound"), "yes") && slices.ContainsFunc(words("domain.mx"), func(host string) bool { return !signed(host) })
	},
	"mta-sts-points-to-itself": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.Contains(s.Words(scope)("mta-sts.target"), "mta-sts."+scope.Item.Value)
	},
}

var transportSecurityDerived = namedDerived{
	"mta-sts.first":    func(s *profiles.State, scope profiles.Scope) any { return firstPolicy(s, scope) },
	"mta-sts.first-id": func(s *profiles.State, scope profiles.Scope) any { return policyID(firstPolicy(s, scope)) },
	"mta-sts.final":    func(s *profiles.State, scope profiles.Scope) any { return finalPolicy(s, scope) },
	"mta-sts.final-id": func(s *profiles.State, scope profiles.Scope) any { return policyID(finalPolicy(s, scope)) },
	"tls-rpt.uris": func(s *profiles.State, scope profiles.Scope) any {
		return strings.Join(mailURIs(s.Words(scope)("tls-rpt.to")), ",")
	},
}

// firstPolicy lists the hosts of today beside the new ones: senders may hold it while the MX
// changes.
func firstPolicy(s *profiles.State, scope profiles.Scope) string {
	return policy(s.Words(scope)("DD-181"), slices.Concat(s.Words(scope)("domain.mx-today"), plannedMX(s, scope)))
}

// finalPolicy lists the new hosts alone.
func finalPolicy(s *profiles.State, scope profiles.Scope) string {
	return policy(s.Words(scope)("DD-182"), plannedMX(s, scope))
}

// plannedMX returns the hosts that the MX will name.
func plannedMX(s *profiles.State, scope profiles.Scope) []string {
	return slices.Concat(s.Words(scope)("gateway.mx"), s.Words(scope)("domain.mx"))
}

// Seconds for which senders may keep a policy. A day while it is tested, so that a mistake is soon
// forgotten; two weeks when it is enforced.
const (
	keptTesting  = 86400
	keptEnforced = 1209600
)

// policy writes a policy file (RFC 8461, 3.2). Hosts stand in it by name, never by a wildcard, for
// that covers one label only.
func policy(mode, mx []string) string {
	lines, kept := []string{"version: STSv1", "mode: " + strings.Join(mode, "")}, keptTesting
	if slices.Contains(mode, "enforce") {
		kept = keptEnforced
	}
	for _, host := range mx {
		line := "mx: " + host[strings.LastIndexByte(host, ' ')+1:]
		if host != nullMX && host != catalog.None && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(append(lines, fmt.Sprintf("max_age: %d", kept), ""), "\r\n")
}

// policyID is the number under which senders know a policy: made of its text, so that it changes
// with it and with nothing else.
func policyID(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:20] }
