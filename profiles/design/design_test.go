package design

import (
	"testing"

	"github.com/exoplan/exoplan/profiles"
)

func TestTry(t *testing.T) {
	c, ps, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range profiles.Examples() {
		p, err := profiles.Example(n)
		if err != nil {
			t.Fatal(err)
		}
		d := Resolve(profiles.Evaluate(c, ps, p), ps)
		b, h, err := d.Plan()
		t.Log(h, err, d.Faults, len(d.Missing), len(d.Open))
		for _, f := range d.Findings {
			t.Log(f.At(), f.Rule.Summary, f.Blocks())
		}
		if n == "protected" {
			t.Log(string(b))
		}
	}
}
