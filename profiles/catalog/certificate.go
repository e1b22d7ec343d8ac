package catalog

import (
	"regexp"
	"slices"
)

// Certificate is a certificate that mail flow depends on: one row of the table of certificates. Its
// texts are for readers and take placeholders.
type Certificate struct {
	ID      string   `yaml:"id"`
	Each    string   `yaml:"each"`
	When    Cond     `yaml:"when"`
	Purpose string   `yaml:"purpose"`
	Subject []any    `yaml:"subject"` // the name that it must bear
	Names   []any    `yaml:"names"`   // further names that it must bear
	Issuer  string   `yaml:"issuer"`
	Bound   string   `yaml:"bound"`   // what holds it, for which service
	Keeper  string   `yaml:"keeper"`  // who renews it
	Expires []any    `yaml:"expires"` // the day, where somebody is asked for it
	Confirm string   `yaml:"confirm"` // what has to be settled, and by whom; empty: nothing
	Cite    []string `yaml:"cite"`
}

// Uses returns the IDs that the certificate is made from.
func (x Certificate) Uses() []string { return uses(x.Each, []Cond{x.When}, x.Values()...) }

// Values returns all that takes placeholders.
func (x Certificate) Values() []any {
	texts := []any{x.Purpose, x.Issuer, x.Bound, x.Keeper, x.Confirm}
	return slices.Concat(texts, x.Subject, x.Names, x.Expires)
}

var certificateID = regexp.MustCompile(`^CERT-\d{3}$`)

func (k *checker) certificate(x Certificate) {
	k.each(x.ID, x.Each)
	k.cond(x.ID, x.Each, x.When, false)
	k.cite(x.ID, x.Cite)
	k.filled(x.ID, map[string]string{"purpose": x.Purpose, "issuer": x.Issuer, "bound": x.Bound, "keeper": x.Keeper})
	k.placeholders(x.ID, x.Each, x.Values())
	if !slices.ContainsFunc(x.Uses(), decisionID.MatchString) {
		k.bad(k.at(x.ID), "%s: no decision asks for it: name one under when or in a text", x.ID)
	}
	if len(x.Cite) == 0 {
		k.bad(k.at(x.ID), "%s: a certificate has a source", x.ID)
	}
	if len(x.Subject) == 0 && x.Confirm == "" {
		k.bad(k.at(x.ID), "%s: a certificate has a subject, or says under confirm who knows it", x.ID)
	}
	k.define(x.ID, certificateID, def{what: "certificate", each: x.Each})
}
