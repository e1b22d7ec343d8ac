// Package dnstest is a name server for tests, on this machine.
package dnstest

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// Serve answers for a zone until the test ends. It returns the address.
func Serve(t testing.TB, origin, zone string) string {
	t.Helper()
	return ended(t)(Start(origin, zone))
}

// Refuse refuses every question until the test ends.
func Refuse(t testing.TB) string {
	t.Helper()
	return ended(t)(listen(func(w dns.ResponseWriter, asked *dns.Msg) {
		m := new(dns.Msg)
		m.SetRcode(asked, dns.RcodeRefused)
		_ = w.WriteMsg(m)
	}))
}

// Silent takes every question and answers none, until the test ends.
func Silent(t testing.TB) string {
	t.Helper()
	return ended(t)(listen(func(dns.ResponseWriter, *dns.Msg) {}))
}

// ended stops a server when the test ends.
func ended(t testing.TB) func(address string, stop func(), err error) string {
	t.Helper()
	return func(address string, stop func(), err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		return address
	}
}

// Text writes a text as the data of a TXT record.
func Text(s string) string {
	var parts []string
	for len(s) > 255 {
		parts, s = append(parts, quoted(s[:255])), s[255:]
	}
	return strings.Join(append(parts, quoted(s)), " ")
}

func quoted(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }

// A zone is what a server knows.
type zone struct {
	records map[string][]dns.RR
	exists  map[string]bool // names, and those above them
	soa     dns.RR
}

// Start answers for a zone, written as RFC 1035 has it with names relative to origin, over UDP and
// TCP. It returns the address. Aliases are followed where they lead within the zone.
func Start(origin, text string) (address string, stop func(), err error) {
	origin = dns.Fqdn(origin)
	z := zone{map[string][]dns.RR{}, map[string]bool{origin: true}, nil}
	parser := dns.NewZoneParser(strings.NewReader("$TTL 300\n"+text+"\n"), origin, "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		name := strings.ToLower(rr.Header().Name)
		z.records[name] = append(z.records[name], rr)
		for n := name; n != "" && n != "."; _, n, _ = strings.Cut(n, ".") {
			z.exists[n] = true
		}
	}
	if err := parser.Err(); err != nil {
		return "", nil, fmt.Errorf("%w in\n%s", err, text)
	}
	if z.soa, err = dns.NewRR(origin + " 300 IN SOA ns." + origin + " hostmaster." + origin + " 1 3600 600 86400 300"); err != nil {
		return "", nil, err
	}
	return listen(z.answer)
}

func (z zone) answer(w dns.ResponseWriter, asked *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(asked)
	q := asked.Question[0]
	name := strings.ToLower(q.Name)
	if !z.exists[name] {
		m.Rcode = dns.RcodeNameError
	}
	for range 8 { // no longer than a resolver follows
		next := ""
		for _, rr := range z.records[name] {
			alias, is := rr.(*dns.CNAME)
			if is || rr.Header().Rrtype == q.Qtype {
				m.Answer = append(m.Answer, rr)
			}
			if is && q.Qtype != dns.TypeCNAME {
				next = strings.ToLower(alias.Target)
			}
		}
		name = next
	}
	if len(m.Answer) == 0 {
		m.Ns = []dns.RR{z.soa}
	}
	if _, datagram := w.RemoteAddr().(*net.UDPAddr); datagram {
		size := dns.MinMsgSize
		if o := asked.IsEdns0(); o != nil {
			size = int(o.UDPSize())
		}
		m.Truncate(size)
	}
	_ = w.WriteMsg(m)
}

// listen runs a server on both transports, on one port of this machine.
func listen(answer dns.HandlerFunc) (address string, stop func(), err error) {
	for range 16 { // the port that one transport was given may be taken on the other
		udp, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			return "", nil, err
		}
		tcp, err := net.Listen("tcp", udp.LocalAddr().String())
		if err != nil {
			udp.Close()
			continue
		}
		servers := []*dns.Server{{PacketConn: udp, Handler: answer}, {Listener: tcp, Handler: answer}}
		for _, s := range servers {
			started := make(chan struct{})
			s.NotifyStartedFunc = func() { close(started) }
			go func() { _ = s.ActivateAndServe() }()
			<-started
		}
		stop := func() {
			for _, s := range servers {
				_ = s.Shutdown()
			}
		}
		return udp.LocalAddr().String(), stop, nil
	}
	return "", nil, errors.New("no port is free on both transports")
}
