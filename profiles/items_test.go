package profiles

import (
	"reflect"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// listed returns the domains as key=value, or as the key alone where that is the value.
func listed(s *Session) []string {
	var out []string
	for _, scope := range s.State().Scopes("domains") {
		text := scope.Item.Key
		if scope.Item.Value != scope.Item.Key {
			text += "=" + scope.Item.Value
		}
		out = append(out, text)
	}
	return out
}

func (s *Session) mustList(t *testing.T, want ...string) {
	t.Helper()
	if got := listed(s); !reflect.DeepEqual(got, want) {
		t.Fatalf("the domains are %v, not %v", got, want)
	}
}

// TestItemsOneByOne: an item is added, renamed, moved and removed, and each time the others,
// their order and all their answers are what they were; on disk too.
func TestItemsOneByOne(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "protected"))
	const bulletins = "notices.harbours.example"
	about := s.About("domains", bulletins)
	if len(about) < 2 {
		t.Fatalf("the example answers only %v about %s", about, bulletins)
	}
	role := func(key, want string) {
		t.Helper()
		if got := s.Profile().Answers[Ref{"domain.role", key}].Value; got != want {
			t.Errorf("the use of %s is %v, not %s", key, got, want)
		}
		roundTrip(t, s.Profile(), c, ps)
	}

	must(t, s.RenameItem("domains", bulletins, "Bulletins.harbours.example"))
	s.mustList(t, "harbours.example", "ship-wrights.harbours.example", bulletins+"=bulletins.harbours.example", "harbour-archive.example")
	role(bulletins, "send-only")

	must(t, s.MoveItem("domains", bulletins, -5))
	must(t, s.MoveItem("domains", "harbours.example", 1))
	s.mustList(t, bulletins+"=bulletins.harbours.example", "ship-wrights.harbours.example", "harbours.example", "harbour-archive.example")
	role(bulletins, "send-only")

	// The old name is free for another domain, which has none of the answers.
	added, err := s.AddItems("domains", bulletins, "first.example")
	must(t, err)
	if want := []catalog.Item{{Key: bulletins + "-2", Value: bulletins}, {Key: "first.example", Value: "first.example"}}; !reflect.DeepEqual(added, want) {
		t.Errorf("added %v", added)
	}
	role(bulletins, "send-only")
	if got := s.About("domains", bulletins+"-2"); got != nil {
		t.Errorf("another domain has the answers %v", got)
	}

	// Under the name that it has now it comes back, whatever it was called first.
	must(t, s.RemoveItem("domains", bulletins))
	for _, r := range s.State().Unused() {
		if r.Key != "bulletins.harbours.example" {
			t.Errorf("kept apart: %s", r)
		}
	}
	roundTrip(t, s.Profile(), c, ps)
	_, err = s.AddItems("domains", "BULLETINS.harbours.example")
	must(t, err)
	role("bulletins.harbours.example", "send-only")
	if got := s.About("domains", "bulletins.harbours.example"); len(got) != len(about) {
		t.Errorf("%v came back of %v", got, about)
	}
	if got := s.State().Unused(); got != nil {
		t.Errorf("still kept apart: %v", got)
	}
}

// TestItemsAnsweredAsAWhole: a list that is typed anew keeps the keys of what stays, and puts
// aside what goes.
func TestItemsAnsweredAsAWhole(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "protected"))
	must(t, s.Set([]string{"domains/notices.harbours.example=bulletins.harbours.example"}))
	must(t, s.Set([]string{"domains=bulletins.harbours.example", "domains=new.example"}))
	s.mustList(t, "notices.harbours.example=bulletins.harbours.example", "new.example")
	must(t, s.Undecide(Ref{Question: "domains"}, "J. Example", "", "new.example", "bulletins.harbours.example"))
	s.mustList(t, "new.example", "notices.harbours.example=bulletins.harbours.example")
	must(t, s.Answer(Ref{Question: "domains"}, "new.example"))
	must(t, s.Answer(Ref{Question: "domains"}, "new.example", "bulletins.harbours.example"))
	if got := s.Profile().Answers[Ref{"domain.role", "bulletins.harbours.example"}].Value; got != "send-only" {
		t.Errorf("what was answered about a domain that went and came is %v", got)
	}
}

// TestItemsRefused: what cannot be done is said, and changes nothing.
func TestItemsRefused(t *testing.T) {
	c, ps := load2(t)
	for _, tt := range []struct {
		name string
		do   func(*Session) error
		want string
	}{
		{"no name", func(s *Session) error { _, err := s.AddItems("domains", " "); return err }, "an answer is needed here"},
		{"no domain", func(s *Session) error { _, err := s.AddItems("domains", "a.example", "agency"); return err }, `"agency" is not a domain name`},
		{"there already", func(s *Session) error { _, err := s.AddItems("domains", "a.example", "HARBOURS.example"); return err }, `"harbours.example" stands in the list already`},
		{"twice", func(s *Session) error { _, err := s.AddItems("domains", "a.example", "a.example"); return err }, "stands in the list twice"},
		{"no list", func(s *Session) error { _, err := s.AddItems("gateway.mx", "a.example"); return err }, "gateway.mx is no list of items"},
		{"no question", func(s *Session) error { return s.MoveItem("domans", "harbours.example", 1) }, `did you mean "domains"`},
		{"no item", func(s *Session) error { return s.RemoveItem("domains", "a.example") }, `"a.example" is not among domains`},
		{"a name that another has", func(s *Session) error { return s.RenameItem("domains", "harbours.example", "harbour-archive.EXAMPLE") }, "stands in the list already"},
		{"two names", func(s *Session) error {
			return s.Set([]string{"domains/harbours.example=a.example", "domains/harbours.example=b.example"})
		}, "domains/harbours.example: one name is expected, not 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSession(c, ps, example(t, "protected"))
			err := tt.do(s)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if !reflect.DeepEqual(s.Profile(), example(t, "protected")) {
				t.Error("it changed the profile all the same")
			}
		})
	}
}

// TestItemsUndecided: while somebody owes the list it stays an assumption, whatever is done to it.
func TestItemsUndecided(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "cloud"))
	must(t, s.Undecide(Ref{Question: "domains"}, "J. Example", "2026-12-03"))
	_, err := s.AddItems("domains", "a.example")
	must(t, err)
	a := s.Profile().Answers[Ref{Question: "domains"}]
	if a.Undecided == nil || !a.Undecided.Assumed || a.Undecided.Owner != "J. Example" || len(listed(s)) != 1 {
		t.Errorf("%+v, %v", a.Undecided, listed(s))
	}
	must(t, s.RemoveItem("domains", "a.example"))
	if a = s.Profile().Answers[Ref{Question: "domains"}]; !a.Open() || a.Value != nil {
		t.Errorf("%+v", a)
	}
}

// TestLastItemRemoved: a list that may not be empty is asked for again.
func TestLastItemRemoved(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "cloud"))
	for _, key := range listed(s) {
		must(t, s.RemoveItem("domains", key))
	}
	if missing := s.State().Missing(); len(missing) != 1 || missing[0].Question.ID != "domains" {
		t.Errorf("missing: %v", missing)
	}
	_, err := s.AddItems("domains", "grants.mariners-welfare.example", "mwa-appeal.example", "mariners-welfare.example")
	must(t, err)
	if missing, unused := s.State().Missing(), s.State().Unused(); len(missing)+len(unused) > 0 {
		t.Errorf("not all came back: %v, %v", missing, unused)
	}
}

// TestItemKeys: no two items of a list have one key, in whatever script they are written.
func TestItemKeys(t *testing.T) {
	q := catalog.Question{Kind: catalog.Items, Of: catalog.Text}
	v, err := q.Parse("Printer 1", "printer-1", "印刷機", "複合機", "Printer-1-2")
	must(t, err)
	var keys []string
	for _, it := range v.([]catalog.Item) {
		keys = append(keys, it.Key)
	}
	if want := []string{"printer-1", "printer-1-2", "item", "item-2", "printer-1-2-2"}; !reflect.DeepEqual(keys, want) {
		t.Errorf("%q", keys)
	}
}

// TestUnused: what is answered and not asked is named, and is used again when it is asked.
func TestUnused(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "protected"))
	if got := s.State().Unused(); got != nil {
		t.Fatalf("the example answers what is not asked: %v", got)
	}
	must(t, s.Answer(Ref{Question: "gateway.inbound"}, "direct"))
	kept := map[Ref]bool{}
	for _, r := range s.State().Unused() {
		kept[r] = true
	}
	if !kept[Ref{Question: "gateway.mx"}] || kept[Ref{Question: "gateway.inbound"}] {
		t.Errorf("kept apart: %v", kept)
	}
	must(t, s.Answer(Ref{Question: "gateway.inbound"}, "gateway"))
	if got := s.State().Unused(); got != nil {
		t.Errorf("still kept apart: %v", got)
	}
	// A value that is no choice is refused with those there are, also where nothing is chosen.
	err := s.Set([]string{"gateway.inbound=relay"})
	if err == nil || !strings.Contains(err.Error(), "is not one of: direct, gateway") {
		t.Error(err)
	}
}
