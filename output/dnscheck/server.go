// Package dnscheck asks name servers what stands in DNS, and holds it to the records of a plan and
// to the rules that only DNS can decide. It asks when somebody wants it to and writes nothing.
package dnscheck

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// Server is a name server that is asked.
type Server struct {
	address string // host and port
}

// resolvConf is where a system says which servers it asks (resolv.conf(5)).
const resolvConf = "/etc/resolv.conf"

// System returns the first name server that this machine asks. On Windows nothing says which one
// that is.
func System() (Server, error) {
	config, err := dns.ClientConfigFromFile(resolvConf)
	if err != nil || len(config.Servers) == 0 {
		return Server{}, errors.New("this machine does not say which name server it asks: name one")
	}
	return Server{net.JoinHostPort(config.Servers[0], config.Port)}, nil
}

// At returns the server at a host, or at host:port.
func At(address string) (Server, error) {
	if host, port, err := net.SplitHostPort(address); err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || host == "" {
			return Server{}, fmt.Errorf("%q is no name server: write a host, or host:port", address)
		}
		return Server{address}, nil
	}
	host := strings.Trim(address, "[]")
	if _, isName := dns.IsDomainName(host); host == "" || net.ParseIP(host) == nil && (!isName || strings.ContainsAny(host, " :/")) {
		return Server{}, fmt.Errorf("%q is no name server: write a host, or host:port", address)
	}
	return Server{net.JoinHostPort(host, "53")}, nil
}

func (s Server) String() string { return strings.TrimSuffix(s.address, ":53") }

// patience is how long one server may take over one question. Asked again once, a server that
// answers at all has answered.
const (
	patience = 3 * time.Second
	attempts = 2
)

// ask returns the answer to one question. That a name or a record does not exist is an answer;
// what a server refuses or fails at is an error.
func (s Server) ask(ctx context.Context, name string, kind uint16) (*dns.Msg, error) {
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(name), kind)
	m.SetEdns0(1232, false)
	fail := func(reason any) error {
		return fmt.Errorf("%s, asked for %s %s: %v", s, strings.TrimSuffix(name, "."), dns.TypeToString[kind], reason)
	}
	var answer *dns.Msg
	var err error
	for range attempts {
		client := &dns.Client{Timeout: patience}
		answer, _, err = client.ExchangeContext(ctx, m, s.address)
		if err == nil && answer.Truncated {
			client.Net = "tcp"
			answer, _, err = client.ExchangeContext(ctx, m, s.address)
		}
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	switch {
	case err != nil:
		return nil, fail(err)
	case answer.Rcode != dns.RcodeSuccess && answer.Rcode != dns.RcodeNameError:
		return nil, fail(dns.RcodeToString[answer.Rcode])
	}
	return answer, nil
}

// records returns what stands under a name, of one type. For a CNAME a server adds what it leads
// to; of another type it may begin with the aliases that led there.
func (s Server) records(ctx context.Context, name string, kind uint16) ([]dns.RR, error) {
	answer, err := s.ask(ctx, name, kind)
	if err != nil {
		return nil, err
	}
	var found []dns.RR
	for _, rr := range answer.Answer {
		if rr.Header().Rrtype == kind {
			found = append(found, rr)
		}
	}
	return found, nil
}

// zoneOf returns the name of the zone in which a name lies.
func (s Server) zoneOf(ctx context.Context, name string) (string, error) {
	answer, err := s.ask(ctx, name, dns.TypeSOA)
	if err != nil {
		return "", err
	}
	for _, rr := range append(answer.Answer, answer.Ns...) {
		if rr.Header().Rrtype == dns.TypeSOA {
			return rr.Header().Name, nil
		}
	}
	return "", fmt.Errorf("%s does not say in which zone %s lies", s, name)
}

// texts returns the TXT records of a name, each in one piece.
func (s Server) texts(ctx context.Context, name string) ([]string, error) {
	found, err := s.records(ctx, name, dns.TypeTXT)
	var out []string
	for _, rr := range found {
		out = append(out, plain(strings.Join(rr.(*dns.TXT).Txt, "")))
	}
	return out, err
}

// hosts returns the hosts of the MX records of a name, in lower case and without the final dot;
// that of a null MX is empty.
func (s Server) hosts(ctx context.Context, name string) ([]string, error) {
	found, err := s.records(ctx, name, dns.TypeMX)
	var out []string
	for _, rr := range found {
		out = append(out, bare(rr.(*dns.MX).Mx))
	}
	return out, err
}

// bare writes a name as a design has it.
func bare(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// plain takes the escapes off a text that the library writes as a zone file does.
func plain(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		if i+2 < len(text) {
			if n, err := strconv.ParseUint(text[i:i+3], 10, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// The questions of an SPF evaluation.

// LookupTXT returns the TXT records of a name.
func (s Server) LookupTXT(ctx context.Context, name string) ([]string, error) {
	found, err := s.texts(ctx, name)
	return found, s.lookup(name, len(found), err)
}

// LookupMX returns the MX records of a name.
func (s Server) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	found, err := s.records(ctx, name, dns.TypeMX)
	var out []*net.MX
	for _, rr := range found {
		mx := rr.(*dns.MX)
		out = append(out, &net.MX{Host: mx.Mx, Pref: mx.Preference})
	}
	return out, s.lookup(name, len(out), err)
}

// LookupIPAddr returns the addresses of a host.
func (s Server) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	four, err4 := s.records(ctx, host, dns.TypeA)
	six, err6 := s.records(ctx, host, dns.TypeAAAA)
	var out []net.IPAddr
	for _, rr := range append(four, six...) {
		switch rr := rr.(type) {
		case *dns.A:
			out = append(out, net.IPAddr{IP: rr.A})
		case *dns.AAAA:
			out = append(out, net.IPAddr{IP: rr.AAAA})
		}
	}
	return out, s.lookup(host, len(out), errors.Join(err4, err6))
}

// LookupAddr returns the names of an address.
func (s Server) LookupAddr(ctx context.Context, address string) ([]string, error) {
	name, err := dns.ReverseAddr(address)
	if err != nil {
		return nil, err
	}
	found, err := s.records(ctx, name, dns.TypePTR)
	var out []string
	for _, rr := range found {
		out = append(out, rr.(*dns.PTR).Ptr)
	}
	return out, s.lookup(address, len(out), err)
}

// lookup words an error as package net does: nothing found is told from nothing heard.
func (s Server) lookup(name string, found int, err error) error {
	switch {
	case err != nil:
		return &net.DNSError{Err: err.Error(), Name: name, Server: s.String(), IsTemporary: true}
	case found == 0:
		return &net.DNSError{Err: "no such record", Name: name, Server: s.String(), IsNotFound: true}
	}
	return nil
}
