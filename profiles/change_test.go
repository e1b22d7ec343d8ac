package profiles

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// refsOf names questions without their items, each once.
func refsOf(asked []Asked) []string {
	var ids []string
	for _, a := range asked {
		if !slices.Contains(ids, a.Question.ID) {
			ids = append(ids, a.Question.ID)
		}
	}
	return ids
}

func none(ch Change) bool {
	return len(ch.New)+len(ch.Back)+len(ch.Gone)+len(ch.Kept)+len(ch.Items)+len(ch.Lapsed) == 0
}

// TestChangedAndBack: what an answer takes away and brings is named, and undoing it names the same
// the other way round and leaves every answer as it was.
func TestChangedAndBack(t *testing.T) {
	c, ps := load2(t)
	p := example(t, "protected")
	s := NewSession(c, ps, p)
	inbound := Ref{Question: "gateway.inbound"}
	start := s.State()
	must(t, s.Answer(inbound, "direct"))
	direct := s.State()
	there := Changed(start, direct)
	if got := refsOf(there.New); !slices.Contains(got, "domain.mx") || slices.Contains(got, "gateway.mx") {
		t.Errorf("newly asked: %v", got)
	}
	for _, id := range []string{"gateway.mx", "gateway.to-exchange", "gateway.seals-arc"} {
		if !slices.Contains(refsOf(there.Kept), id) {
			t.Errorf("%s is not among those kept apart: %v", id, refsOf(there.Kept))
		}
	}
	if got := refsOf(there.Gone); !slices.Contains(got, "gateway.lockdown") { // the preset answers that
		t.Errorf("no longer asked: %v", got)
	}
	if text, err := Encode(s.Profile(), c, ps); err != nil || !strings.Contains(string(text), "unused:\n  # Mail gateway\n  gateway.mx: [10 mx1.tidegate.example") {
		t.Errorf("%v\n%s", err, text)
	}
	s.Clear(inbound)
	back := Changed(direct, s.State())
	if !reflect.DeepEqual(refsOf(back.New), refsOf(there.Gone)) || !reflect.DeepEqual(refsOf(back.Back), refsOf(there.Kept)) {
		t.Errorf("back: %v, %v", refsOf(back.New), refsOf(back.Back))
	}
	if !reflect.DeepEqual(refsOf(back.Gone), refsOf(there.New)) || back.Kept != nil {
		t.Errorf("back, gone: %v, kept %v", refsOf(back.Gone), refsOf(back.Kept))
	}
	if !reflect.DeepEqual(s.Profile(), p) {
		t.Error("another answer changed")
	}
	if same := Changed(s.State(), s.State()); !none(same) {
		t.Errorf("nothing changed, and %v is said to have", same)
	}
}

// TestChangedItems: an item that came or went is told from those that are asked something else,
// also where it was renamed before it went.
func TestChangedItems(t *testing.T) {
	c, ps := load2(t)
	s := NewSession(c, ps, example(t, "protected"))
	const notices, bulletins = "notices.harbours.example", "bulletins.harbours.example"
	about := len(s.About("domains", notices))
	before := s.State()
	must(t, s.RenameItem("domains", notices, bulletins))
	if ch := Changed(before, s.State()); !none(ch) {
		t.Errorf("renamed: %+v", ch)
	}
	before = s.State()
	must(t, s.RemoveItem("domains", notices))
	ch := Changed(before, s.State())
	if len(ch.Items) != 1 || ch.Items[0].Item.Value != bulletins || len(ch.Kept) != about || len(ch.New) != 0 {
		t.Errorf("removed: %v, kept %v", ch.Items, refsOf(ch.Kept))
	}
	before = s.State()
	_, err := s.AddItems("domains", bulletins, "new.example")
	must(t, err)
	ch = Changed(before, s.State())
	if len(ch.Items) != 2 || len(ch.Back) != about || slices.ContainsFunc(ch.Back, func(a Asked) bool { return a.Scope.Item.Value != bulletins }) {
		t.Errorf("added: %v, back %v", ch.Items, refsOf(ch.Back))
	}
}

// TestAcknowledgementsOfAnItem: what a person took on for an item outlives that it goes and comes
// back, and passes neither to another item nor to the same one under another name.
func TestAcknowledgementsOfAnItem(t *testing.T) {
	c, ps := load2(t)
	const rule, notices, bulletins = "AUTH-13", "notices.harbours.example", "bulletins.harbours.example"
	s := NewSession(c, ps, example(t, "protected"))
	scope := func(value string) Scope {
		t.Helper()
		scopes := s.State().Scopes("domains")
		i := slices.IndexFunc(scopes, func(s Scope) bool { return s.Item.Value == value })
		if i < 0 {
			t.Fatalf("no %s among %v", value, scopes)
		}
		return scopes[i]
	}
	var r catalog.Rule
	for _, topic := range c.Topics {
		for _, x := range topic.Rules {
			if x.ID == rule {
				r = x
			}
		}
	}
	holds := func(value string) bool {
		t.Helper()
		at := scope(value)
		return slices.ContainsFunc(s.Profile().Acknowledged, func(a Acknowledgement) bool {
			held, _ := s.State().holds(a)
			return held && a.Item == at.Item.Key
		})
	}
	taken := func() {
		t.Helper()
		must(t, s.Acknowledge(r, scope(notices), Acknowledgement{By: "R Osei", Role: "CISO", Reason: "The service is dropped in May"}))
		if !holds(notices) {
			t.Fatal("it does not hold")
		}
	}
	taken()
	must(t, s.RemoveItem("domains", notices))
	used, err := EncodeUsed(s.State())
	must(t, err)
	if strings.Contains(string(used), "R Osei") {
		t.Error("a pack without the domain says who took its warning on")
	}
	roundTrip(t, s.Profile(), c, ps)
	_, err = s.AddItems("domains", notices)
	must(t, err)
	if !holds(notices) {
		t.Error("it went with its domain and did not come back")
	}

	before := s.State()
	must(t, s.RenameItem("domains", notices, bulletins))
	if holds(bulletins) {
		t.Error("a domain of another name has it")
	}
	if ch := Changed(before, s.State()); len(ch.Lapsed) != 1 || ch.Lapsed[0].Rule != rule {
		t.Errorf("lapsed: %v", ch.Lapsed)
	}
	must(t, s.RenameItem("domains", notices, notices))
	if !holds(notices) {
		t.Error("under its own name again, it does not hold")
	}

	// Renamed, taken on, removed and added again: under the key that it has now.
	must(t, s.RenameItem("domains", notices, bulletins))
	must(t, s.Acknowledge(r, scope(bulletins), Acknowledgement{By: "R Osei", Role: "CISO", Reason: "As before"}))
	must(t, s.RemoveItem("domains", notices))
	_, err = s.AddItems("domains", notices, bulletins)
	must(t, err)
	if holds(notices) || !holds(bulletins) {
		t.Errorf("it holds for %s: %v, for %s: %v", notices, holds(notices), bulletins, holds(bulletins))
	}
}
