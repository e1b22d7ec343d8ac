package design

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles"
)

// mostLookups is how many terms of an SPF record a receiver looks up (RFC 7208, 4.6.4).
const mostLookups = 10

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
		return slices.Contains(s.Words(scope)("dmarc.reports-authorised"), "no") && len(outside(s, scope)) > 0
	},
	"subdomains-inherit": func(s *profiles.State, scope profiles.Scope) bool {
		own, _ := s.Value(scope, "domains")
		domains, _ := own.([]string)
		sends := slices.ContainsFunc(s.Words(scope)("domain.role"), func(role string) bool { return role == "mail" || role == "send-only" })
		return sends && slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(d, "."+scope.Item.Value) })
	},
	"null-mx-misplaced": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		role, today := strings.Join(words("domain.role"), ""), words("domain.mx-today")
		return slices.Contains(today, nullMX) && (role == "send-only" || len(today) > 1)
	},
	"spf-long": func(s *profiles.State, scope profiles.Scope) bool {
		for _, text := range texts(s, scope, "v=spf1") {
			if len(text) > 450 {
				return true
			}
		}
		return false
	},
	"spf-looks-up-too-much": func(s *profiles.State, scope profiles.Scope) bool {
		for _, text := range texts(s, scope, "v=spf1") {
			terms := slices.DeleteFunc(spfTerms(text), func(t term) bool { return !t.looksUp() })
			if len(terms) > mostLookups {
				return true
			}
		}
		return false
	},
	"spf-restricts-nobody": func(s *profiles.State, scope profiles.Scope) bool {
		terms, kept := ownersSPF(s, scope)
		end, ends := ending(terms)
		redirected := slices.ContainsFunc(terms, func(t term) bool { return t.name == "redirect" })
		return kept && (!ends && !redirected || ends && (end.qualifier == "+" || end.qualifier == "?"))
	},
	"spf-soft": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.Contains(s.Words(scope)("spf.all"), "softfail") ||
			slices.ContainsFunc(s.Scopes("domains"), func(d profiles.Scope) bool {
				terms, kept := ownersSPF(s, d)
				end, ends := ending(terms)
				return kept && ends && end.qualifier == "~"
			})
	},
	"spf-lacks-way-out": func(s *profiles.State, scope profiles.Scope) bool {
		terms, kept := ownersSPF(s, scope)
		if !kept || slices.ContainsFunc(terms, term.beyond) {
			return false
		}
		return slices.ContainsFunc(prefixes(s.Words(scope)("gateway.to-internet")), func(p netip.Prefix) bool {
			return !slices.ContainsFunc(terms, func(t term) bool { return t.covers(p) })
		})
	},
	"spf-lacks-microsoft": func(s *profiles.State, scope profiles.Scope) bool {
		terms, kept := ownersSPF(s, scope)
		return kept && len(terms) > 0 && !slices.ContainsFunc(terms, func(t term) bool {
			return t.beyond() || strings.EqualFold(strings.TrimPrefix(t.text, "+"), exchangeOnline)
		})
	},
	"spf-idle-gateway": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		if !slices.Contains(words("gateway.outbound"), "direct") {
			return false
		}
		addresses := prefixes(words("gateway.to-exchange"))
		return slices.ContainsFunc(words("domain.senders"), func(sender string) bool {
			for _, t := range spfTerms("v=spf1 " + sender) {
				p, isNetwork := network(t.value)
				if isNetwork && slices.ContainsFunc(addresses, p.Overlaps) || besideOne(t.value, words("gateway.mx")) {
					return true
				}
			}
			return false
		})
	},
	"spf-senders-dropped": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.Contains(s.Words(scope)("domain.spf-senders"), "dropped") && len(leaving(s, scope)) > 0
	},
	"spf-senders-leave": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.Contains(s.Words(scope)("domain.spf-senders"), "kept") && len(leaving(s, scope)) > 0
	},
	"spf-follows-mx": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.Contains(words("domain.role"), "mail") && slices.ContainsFunc(spfToday(s, scope), func(t term) bool {
			return t.name == "mx" && cidrs.ReplaceAllString(t.value, "") == ""
		})
	},
	"senders-unaligned": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		enforces := slices.ContainsFunc(words("dmarc.target"), func(p string) bool { return p != "none" })
		return enforces && len(words("domain.senders")) > 0 && slices.Contains(words("senders.aligned"), "no")
	},
	"dkim-key-unreadable": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("dkim.gateway-key"), func(text string) bool {
			_, _, ok := DKIMKey(text)
			return !ok
		})
	},
	"dkim-key-short": func(s *profiles.State, scope profiles.Scope) bool {
		return slices.ContainsFunc(s.Words(scope)("dkim.gateway-key"), func(text string) bool {
			kind, bits, ok := DKIMKey(text)
			return ok && kind == "rsa" && bits < 2048
		})
	},
	"mx-of-another": func(s *profiles.State, scope profiles.Scope) bool {
		words := s.Words(scope)
		return slices.Contains(words("domain.mx-read"), "no") && slices.ContainsFunc(words("domain.mx"), func(host string) bool {
			key, classic := strings.CutSuffix(host, ".mail.protection.outlook.com")
			begins := strings.NewReplacer("-", "", ".", "-").Replace(scope.Item.Value)
			return classic && key != begins && !strings.HasPrefix(key, begins+"0") // an ending begins with 0
		})
	},
}

const nullMX = "0 ."

var authenticationDerived = namedDerived{
	"dmarc.reports": func(s *profiles.State, scope profiles.Scope) any {
		uris := mailURIs(s.Words(scope)("dmarc.reports-to"))
		if len(uris) == 0 {
			return ""
		}
		return "; rua=" + strings.Join(uris, ",")
	},
	"dmarc.outside": func(s *profiles.State, scope profiles.Scope) any { return outside(s, scope) },
	"spf.leaving":   func(s *profiles.State, scope profiles.Scope) any { return leaving(s, scope) },
}

// outside returns the domains of report addresses that lie in no domain of the plan; none while
// the plan has no domain.
func outside(s *profiles.State, scope profiles.Scope) []string {
	out := []string{}
	if len(s.Scopes("domains")) == 0 {
		return out
	}
	for _, address := range s.Words(scope)("dmarc.reports-to") {
		_, domain, _ := strings.Cut(address, "@")
		if !inDomains(s, domain) && !slices.Contains(out, domain) {
			out = append(out, domain)
		}
	}
	return out
}

// mailURIs writes mail addresses as records of DMARC and of TLS reports name them.
func mailURIs(addresses []string) []string {
	var uris []string
	for _, address := range addresses {
		uris = append(uris, "mailto:"+uriEscape.Replace(address))
	}
	return uris
}

// A comma or an exclamation mark would end the address or begin a size (RFC 9989, 4.7).
var uriEscape = strings.NewReplacer("%", "%25", ",", "%2C", "!", "%21", ";", "%3B")

// ownersSPF reads the SPF record of today where its owner keeps it and mail is sent; false where
// the plan writes it, or nobody said yet what it is.
func ownersSPF(s *profiles.State, scope profiles.Scope) ([]term, bool) {
	words := s.Words(scope)
	sends := slices.ContainsFunc(words("domain.role"), func(role string) bool { return role == "mail" || role == "send-only" })
	_, err := s.Value(scope, "domain.spf-today")
	return spfToday(s, scope), err == nil && sends && slices.Contains(words("domain.spf-by"), "owner")
}

// leaving returns the senders of today's SPF record that the plan names nowhere.
func leaving(s *profiles.State, scope profiles.Scope) []string {
	gateway, _ := gatewayDerived["spf.gateway"](s, scope).([]string)
	stays := slices.Concat([]string{exchangeOnline}, gateway, s.Words(scope)("domain.senders"))
	out := []string{}
	for _, sender := range senders(spfToday(s, scope)) {
		if !slices.ContainsFunc(slices.Concat(stays, out), func(other string) bool { return strings.EqualFold(other, sender) }) {
			out = append(out, sender)
		}
	}
	return out
}

// covers says that the term lets a network send.
func (t term) covers(p netip.Prefix) bool {
	n, isNetwork := network(t.value)
	return isNetwork && t.qualifier == "+" && n.Bits() <= p.Bits() && n.Contains(p.Addr())
}

// besideOne says that a name lies in the domain of one of the hosts, or is that domain.
func besideOne(name string, hosts []string) bool {
	return slices.ContainsFunc(hosts, func(host string) bool {
		_, domain, _ := strings.Cut(host[strings.LastIndexByte(host, ' ')+1:], ".")
		return strings.Contains(domain, ".") && within(name, domain)
	})
}

// DKIMKey reads the public key of a DKIM record (RFC 6376, 3.6.1; RFC 8463): its kind, rsa or ed25519,
// and its length in bits. ok is false where the record holds none that can be read.
func DKIMKey(record string) (kind string, bits int, ok bool) {
	tags := map[string]string{"k": "rsa"}
	for tag := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(tag, "=")
		tags[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), "")
	}
	der, err := base64.StdEncoding.DecodeString(tags["p"])
	if err != nil {
		return "", 0, false
	}
	if tags["k"] == "ed25519" {
		return "ed25519", 8 * len(der), len(der) == 32
	}
	public, err := x509.ParsePKIXPublicKey(der)
	key, isRSA := public.(*rsa.PublicKey)
	if err != nil || !isRSA || tags["k"] != "rsa" {
		return "", 0, false
	}
	return "rsa", key.N.BitLen(), true
}
