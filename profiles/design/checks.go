package design

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// checks are the named checks of rules: what a condition cannot say. A check stays quiet on
// what is not asked or still open.
var checks = map[string]func(*profiles.State, profiles.Scope) bool{
	"addresses-unfit-for-restriction": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.Contains(words("gateway.lockdown"), "address") &&
			slices.ContainsFunc(prefixes(words("gateway.to-exchange")), func(p netip.Prefix) bool {
				return !p.Addr().Is4() || p.Bits() < 24 || p.Addr().IsPrivate()
			})
	},
	"addresses-not-to-be-skipped": func(s *profiles.State, scope profiles.Scope) bool {
		service := prefixes(s.Catalog.Lists["microsoft-365-smtp"].Values)
		return slices.ContainsFunc(prefixes(s.Words(scope)("gateway.to-exchange")), func(p netip.Prefix) bool {
			return p.Addr().IsPrivate() || slices.ContainsFunc(service, p.Overlaps)
		})
	},
	"govlink-unanswered": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		needed := slices.Contains(words("classification.level"), "protected") && slices.Contains(words("govlink.path"), "gateway")
		return needed && slices.ContainsFunc(s.Asked, func(a profiles.Asked) bool {
			return a.Answer.Open() && slices.Contains([]string{"govlink.approved", "gateway.smarthost", "gateway.smarthost-certificate"}, a.Question.ID)
		})
	},
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

// prefixes reads addresses and networks; an address is a network of one.
func prefixes(words []string) []netip.Prefix {
	var ps []netip.Prefix
	for _, w := range words {
		if a, err := netip.ParseAddr(w); err == nil {
			ps = append(ps, netip.PrefixFrom(a, a.BitLen()))
		} else if p, err := netip.ParsePrefix(w); err == nil {
			ps = append(ps, p)
		}
	}
	return ps
}

// texts returns the values of the TXT records with a tag, as far as they are answered.
func texts(s *profiles.State, scope profiles.Scope, tag string) []string {
	r := &resolver{State: s, d: &Design{Profile: s.Profile}, objects: map[profiles.Ref]object{}}
	for _, t := range s.Catalog.Topics {
		t.Records = slices.DeleteFunc(slices.Clone(t.Records), func(rec catalog.Record) bool { return rec.Tag != tag })
		r.records(t)
	}
	var out []string
	for _, rec := range r.d.Records {
		if profiles.ParseRef(rec.ID).Key == scope.Item.Key {
			out = append(out, rec.Values...)
		}
	}
	return out
}

// derivations compute the derived values of the catalogue: a []string or a string each.
var derivations = map[string]func(*profiles.State, profiles.Scope) any{
	"spf.gateway": func(s *profiles.State, scope profiles.Scope) any {
		var terms []string
		for _, w := range s.Words(scope)("gateway.to-internet") {
			family := "ip4:"
			if strings.Contains(w, ":") {
				family = "ip6:"
			}
			terms = append(terms, family+w)
		}
		return terms
	},
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
