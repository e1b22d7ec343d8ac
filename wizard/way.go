package wizard

import (
	"slices"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
)

// A way is one thing that can be done about a finding. The screen and the plain prompts offer
// the same ones, each in its own form.
type way struct {
	does       does
	label, why string
	ref        profiles.Ref // of the answer to change
}

type does int

const (
	changeIt does = iota
	acknowledgeIt
	withdrawIt
	leaveIt
)

// ways lists what can be done about a finding: first the answer that led to it, which is named
// only where from does not say which one that was. An error cannot be acknowledged.
func (k *work) ways(f design.Finding, from profiles.Ref) []way {
	refs := slices.DeleteFunc(k.o.Session.State().RestsOn(f.Rule, f.Scope), func(ref profiles.Ref) bool {
		a, _ := k.asked(ref)
		return a.Locked || ref == from
	})
	var ways []way
	switch n := len(refs); {
	case from != profiles.Ref{}:
		ways = append(ways, way{changeIt, "Change the answer", "Back to the question.", from})
	case n > 0: // with the last one it arises where one answers in order
		ways = append(ways, way{changeIt, "Change the answer", k.now(refs[n-1]), refs[n-1]})
		refs = refs[:n-1]
	}
	const open = "The pack cannot be written until it is settled."
	switch {
	case f.Acknowledged != nil:
		ways = append(ways, way{does: leaveIt, label: "Leave it acknowledged"}, way{does: withdrawIt, label: "Withdraw the acknowledgement", why: open})
	case f.Rule.Severity == catalog.Warning:
		ways = append(ways, way{does: acknowledgeIt, label: "Acknowledge", why: "Name, role and reason are kept in the profile and printed in the document."})
		ways = append(ways, way{does: leaveIt, label: "Leave open", why: open})
	case f.Rule.Severity == catalog.Error:
		ways = append(ways, way{does: leaveIt, label: "Leave open", why: open})
	default:
		ways = append(ways, way{does: leaveIt, label: "Close", why: "It is printed in the document. Nothing need be done."})
	}
	for _, ref := range refs {
		a, _ := k.asked(ref)
		ways = append(ways, way{changeIt, "Change: " + a.Asking(), "Now: " + value(a) + ".", ref})
	}
	return ways
}

// now is an answer with what it is called.
func (k *work) now(ref profiles.Ref) string {
	a, _ := k.asked(ref)
	return a.Asking() + ", now: " + value(a) + "."
}
