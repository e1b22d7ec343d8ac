package dnscheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"
	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// Firing is a live rule that fires for a domain.
type Firing struct {
	Watch  catalog.Watch
	Domain profiles.Scope
	Seen   string // what was seen, in words; empty where the rule says all
}

// look is what the looks ask with.
type look struct {
	Server
	web   *http.Client
	lists map[string]catalog.List
}

// looks says of a domain whether a rule fires, and what was seen. A look stays quiet on what does
// not stand there: that is for the records of the plan.
var looks = map[string]func(ctx context.Context, l look, domain string) (bool, string, error){
	"mx-mixed":    mixed,
	"spf-several": several,
	"spf-lookups": func(ctx context.Context, l look, domain string) (bool, string, error) {
		return evaluated(ctx, l, domain, spf.ErrLookupLimitReached)
	},
	"spf-voids": func(ctx context.Context, l look, domain string) (bool, string, error) {
		return evaluated(ctx, l, domain, spf.ErrVoidLookupLimitReached)
	},
	"dkim-key-short": short,
	"mta-sts-misses": misses,
	"zone-unsigned":  unsigned,
}

// Watches asks the rules of the catalogue that look at DNS, for every domain of which they are
// asked. The error holds every server that did not answer.
func Watches(ctx context.Context, server Server, s *profiles.State) ([]Firing, error) {
	type asked struct {
		watch catalog.Watch
		scope profiles.Scope
	}
	var all []asked
	for _, t := range s.Catalog.Topics {
		for _, w := range t.Watches {
			for _, scope := range s.Scopes(w.Each()) {
				if w.When.Holds(s.Words(scope)) {
					all = append(all, asked{w, scope})
				}
			}
		}
	}
	l := look{server, browser(server), s.Catalog.Lists}
	fires := make([]*Firing, len(all))
	errs := make([]error, len(all))
	var work errgroup.Group
	work.SetLimit(atOnce)
	for i, a := range all {
		work.Go(func() error {
			fire, seen, err := looks[a.watch.Look](ctx, l, a.scope.Item.Value)
			if fire {
				fires[i] = &Firing{a.watch, a.scope, seen}
			}
			if err != nil {
				errs[i] = fmt.Errorf("%s/%s: %w", a.watch.ID, a.scope.Item.Value, err)
			}
			return nil
		})
	}
	_ = work.Wait()
	var out []Firing
	for _, f := range fires {
		if f != nil {
			out = append(out, *f)
		}
	}
	return out, errors.Join(errs...)
}

// browser is a client that finds hosts by way of the server, and follows nobody elsewhere: a policy
// that is served from another place counts for nothing (RFC 8461, 3.3).
func browser(server Server) *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		found, err := server.LookupIPAddr(ctx, host)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(found[0].String(), port))
	}
	return &http.Client{
		Timeout:       2 * patience,
		Transport:     &http.Transport{DialContext: dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// microsoft says that a host is one at which Exchange Online receives mail.
func (l look) microsoft(host string) bool {
	return slices.ContainsFunc(l.lists["exchange-online-mx"].Values, func(domain string) bool { return strings.HasSuffix(host, "."+domain) })
}

// mixed fires where some hosts of the MX are those of Exchange Online and some are not.
func mixed(ctx context.Context, l look, domain string) (bool, string, error) {
	hosts, err := l.hosts(ctx, domain)
	theirs := slices.ContainsFunc(hosts, l.microsoft)
	others := slices.ContainsFunc(hosts, func(host string) bool { return !l.microsoft(host) })
	return theirs && others, strings.Join(hosts, ", "), err
}

// spfTag begins an SPF record.
const spfTag = "v=spf1"

// several fires where more than one SPF record stands at the domain.
func several(ctx context.Context, l look, domain string) (bool, string, error) {
	texts, err := l.texts(ctx, domain)
	texts = slices.DeleteFunc(texts, func(text string) bool { return !isSPF(text) })
	return len(texts) > 1, strings.Join(texts, "; "), err
}

func isSPF(text string) bool {
	return tagged(text, spfTag) && (len(text) == len(spfTag) || text[len(spfTag)] == ' ')
}

// nobody is an address from which no mail comes (RFC 1112, 4): an evaluation for it goes through
// every term.
var nobody = net.IPv4(240, 0, 0, 1)

// evaluated fires where the SPF record of a domain, evaluated to its end, breaks a limit.
func evaluated(ctx context.Context, l look, domain string, limit error) (bool, string, error) {
	result, err := spf.CheckHostWithSender(nobody, domain, "postmaster@"+domain, spf.WithContext(ctx), spf.WithResolver(l.Server))
	switch {
	case errors.Is(err, limit):
		return true, "", nil
	case result == spf.TempError:
		return false, "", err
	}
	return false, "", nil
}

// goodKey is how many bits a key has that lasts (Microsoft's page on DKIM).
const goodKey = 2048

// short fires where a DKIM key of Exchange Online has fewer bits than it can have.
func short(ctx context.Context, l look, domain string) (bool, string, error) {
	var seen []string
	var errs []error
	for _, selector := range l.lists["exchange-online-selectors"].Values {
		texts, err := l.texts(ctx, selector+"._domainkey."+domain)
		errs = append(errs, err)
		for _, text := range texts {
			if kind, bits, ok := design.DKIMKey(text); ok && kind == "rsa" && bits < goodKey {
				seen = append(seen, fmt.Sprintf("%s has %d bits", selector, bits))
			}
		}
	}
	return len(seen) > 0, strings.Join(seen, ", "), errors.Join(errs...)
}

// longestPolicy is how much of a policy is read (RFC 8461, 3.3 asks for a limit of its own).
const longestPolicy = 64 << 10

// misses fires where senders are told to enforce MTA-STS and the policy lacks a host of the MX.
func misses(ctx context.Context, l look, domain string) (bool, string, error) {
	texts, err := l.texts(ctx, "_mta-sts."+domain)
	if err != nil || !slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(text, "v=STSv1") }) {
		return false, "", err
	}
	policy, err := l.policy(ctx, domain)
	if err != nil || !slices.Contains(policy["mode"], "enforce") {
		return false, "", err
	}
	hosts, err := l.hosts(ctx, domain)
	missed := slices.DeleteFunc(hosts, func(host string) bool {
		return slices.ContainsFunc(policy["mx"], func(pattern string) bool { return matches(pattern, host) })
	})
	return len(missed) > 0, strings.Join(missed, ", "), err
}

// policy fetches the MTA-STS policy of a domain: the values under each key.
func (l look) policy(ctx context.Context, domain string) (map[string][]string, error) {
	url := "https://mta-sts." + domain + "/.well-known/mta-sts.txt"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := l.web.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, longestPolicy))
	if err != nil {
		return nil, err
	}
	policy := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(line, ":"); found {
			policy[strings.TrimSpace(key)] = append(policy[strings.TrimSpace(key)], bare(strings.TrimSpace(value)))
		}
	}
	return policy, nil
}

// matches holds a host to a pattern of a policy: an asterisk stands for one label (RFC 8461, 4.1).
func matches(pattern, host string) bool {
	rest, wild := strings.CutPrefix(pattern, "*.")
	_, below, _ := strings.Cut(host, ".")
	return host == pattern || wild && below == rest
}

// unsigned fires where the zone of a domain has no chain of trust: the zone above holds no DS record
// for it, or it holds no key itself (RFC 4035, 2).
func unsigned(ctx context.Context, l look, domain string) (bool, string, error) {
	zone, err := l.zoneOf(ctx, domain)
	if err != nil {
		return false, "", err
	}
	keys, err := l.records(ctx, zone, dns.TypeDNSKEY)
	signers, err2 := l.records(ctx, zone, dns.TypeDS)
	switch {
	case err != nil || err2 != nil:
		return false, "", errors.Join(err, err2)
	case len(keys) == 0:
		return true, bare(zone) + " has no key", nil
	case len(signers) == 0:
		return true, "no DS record for " + bare(zone), nil
	}
	return false, "", nil
}
