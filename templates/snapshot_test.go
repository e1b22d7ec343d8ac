package templates

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestSnapshotBegins: a tenant that begins as a snapshot saw another is that other one, in everything
// that the plan touches.
func TestSnapshotBegins(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := past(t, p, rehearsal.Constrained)
	y.run(p, "snapshot", 0)
	y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
	before := y.perform(e)[1].State
	found, err := filepath.Glob(filepath.Join(y.log, "snapshot-*.tenant.json"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	seen, err := rehearsal.ReadSnapshot(text)
	if err != nil {
		t.Fatal(err)
	}
	z := newPlay(t, p, rehearsal.Constrained, "new")
	z.tenant.Seen = seen
	z.edit(published(p)...)
	z.run(p, "preflight", 0)
	after := z.perform(e)[1].State
	// The scripts look at the one remote domain and the one policy that plans speak of.
	unseen := []string{"RemoteDomain/Sister agency", "HostedOutboundSpamFilterPolicy/Newsletter team"}
	for noun := range seen {
		for _, line := range before.Difference(after) {
			if strings.HasPrefix(line[2:], noun+"/") && !slices.ContainsFunc(unseen, func(name string) bool { return strings.HasPrefix(line, "- "+name) }) {
				t.Error(line)
			}
		}
	}
	if len(seen["TransportRule"]) != 3 || len(seen["AcceptedDomain"]) < 2 || len(seen["OutboundConnector"]) != 2 {
		t.Errorf("seen are %d rules", len(seen["TransportRule"]))
	}
}
