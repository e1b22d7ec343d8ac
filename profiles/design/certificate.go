package design

import (
	"cmp"
	"slices"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// Certificate is a certificate that mail flow depends on. Its texts are for readers. What is asked
// and open stands by the name of the question; nothing stands for what nobody is asked.
type Certificate struct {
	ID        string // CERT-310, CERT-411/print-services
	Purpose   string
	Subject   []string
	Names     []string // that it must bear besides
	Issuer    string
	Bound     string // what holds it, for which service
	Keeper    string // who renews it
	Expires   []string
	Confirm   string // what has to be settled, and by whom
	Decisions []string
	Open      []string // questions without whose answer the row is not complete
	Cite      []string
}

// Held says that the row waits for an open question.
func (x Certificate) Held() bool { return len(x.Open) > 0 }

// certificates makes the rows of the table of certificates, in the order of their numbers.
func (r *resolver) certificates() {
	for _, t := range r.topics {
		for _, x := range t.Certificates {
			for _, scope := range r.standing(x.Each, x.When) {
				r.d.Certificates = append(r.d.Certificates, r.certificate(x, scope))
			}
		}
	}
	slices.SortStableFunc(r.d.Certificates, func(a, b Certificate) int {
		return cmp.Compare(profiles.ParseRef(a.ID).Question, profiles.ParseRef(b.ID).Question)
	})
}

func (r *resolver) certificate(x catalog.Certificate, scope profiles.Scope) Certificate {
	out := Certificate{
		ID: in(x.ID, scope), Purpose: r.prose(scope, x.Purpose), Issuer: r.prose(scope, x.Issuer), Bound: r.prose(scope, x.Bound),
		Keeper: r.prose(scope, x.Keeper), Confirm: r.prose(scope, x.Confirm),
		Decisions: r.because(scope, []catalog.Cond{x.When}, map[string]any{"row": x.Values()}), Cite: r.Cited(x.Cite),
	}
	slices.Sort(out.Decisions)
	out.Subject, out.Names, out.Expires = r.places(x.Subject, scope, &out.Open), r.places(x.Names, scope, &out.Open), r.places(x.Expires, scope, &out.Open)
	return out
}
