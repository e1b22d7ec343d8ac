package profiles

import "testing"

func TestExamplesLoad(t *testing.T) {
	for _, n := range Examples() {
		p, err := Example(n)
		if err != nil {
			t.Fatal(err)
		}
		c, ps, _ := Load()
		s := Evaluate(c, ps, p)
		for _, m := range s.Missing() {
			t.Errorf("%s: %s is missing", n, m.Ref())
		}
		b, err := Encode(p, c)
		t.Log(string(b), err)
	}
}
