package templates

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// numbered fills a pattern with the numbers from 1 on.
func numbered(pattern string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(pattern, i+1)
	}
	return out
}

// records reads the files that the scripts left in their folder.
func (y *play) records(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(y.log, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(y.log, path)
		out[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestListsAreWhole: a list of any length stands in full in every record that names it, and comes
// back in full. What is formatted for a screen would end after four entries.
func TestListsAreWhole(t *testing.T) {
	e := pwshtest.Engine(t)
	strict(t, func(t *testing.T, mode string) {
		p := write(t, standing(t, profilestest.Example(t, "protected")))
		connector := p.find(t, func(s design.Step) bool { return s.Noun == "InboundConnector" }).Name
		sealers, skipped := numbered("s%d.sealer.example", 9), numbered("203.0.113.%d", 6)
		addresses := numbered("198.51.100.%d", 12)
		y := newPlay(t, p, mode, "past")
		y.tenant.Names = map[string]string{"inbound": connector}
		y.edit(
			rehearsal.Edit{Noun: "ArcConfig", Values: map[string]any{"ArcTrustedSealers": sealers}},
			rehearsal.Edit{Noun: "InboundConnector", Name: connector, Values: map[string]any{"EFSkipIPs": skipped, "SenderIPAddresses": addresses}},
		)
		y.run(p, "snapshot", 0)
		y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
		y.run(p, "apply", 0, "Phase", "P3", "Adopt", []string{connector}).check = func(t *testing.T, o rehearsal.Outcome) {
			if strings.Contains(o.Output, "...") || strings.Contains(o.Output, "\u2026") {
				t.Errorf("a list is cut short:\n%s", o.Output)
			}
			arc, _ := o.State.Object("ArcConfig", "")
			if v, _ := arc.Value("ArcTrustedSealers"); len(v.([]any)) != len(sealers)+1 {
				t.Errorf("the sealers are now %v", v)
			}
		}
		y.run(p, "verify", 0, "Phase", "P3")
		for _, phase := range []string{"P3", "P1"} {
			y.run(p, "rollback", 30, "Phase", phase, "Release", p.named(phase, isKept), "Acknowledge", p.named(phase, holdsBack))
		}
		o := y.perform(e)
		restored(t, o[0], o[len(o)-1])
		for _, list := range [][]string{sealers, skipped, addresses} {
			named := 0
			for name, text := range y.records(t) {
				if !strings.Contains(text, ">"+list[0]+"<") {
					continue
				}
				named++
				for _, entry := range list {
					if !strings.Contains(text, ">"+entry+"<") {
						t.Errorf("%s lacks %s", name, entry)
					}
				}
			}
			if named == 0 {
				t.Errorf("no record names %s", list[0])
			}
		}
	})
}

// TestEmptyIsEmpty: a list that holds nothing is met by every form of nothing that the service
// returns, and nothing is written to it.
func TestEmptyIsEmpty(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	step := p.find(t, func(s design.Step) bool { return s.Noun == "InboundConnector" && s.Phase == "P7" })
	if v, ok := step.Set["SenderIPAddresses"]; !ok || v != nil {
		t.Fatalf("%s no longer empties a list", step.ID)
	}
	for _, mode := range []string{rehearsal.Full, rehearsal.Constrained} {
		y := newPlay(t, p, mode, "new")
		y.edit()
		y.applyAll(p)
		for _, nothing := range []any{nil, []any{}, []any{""}} {
			y.edit(rehearsal.Edit{Noun: step.Noun, Name: step.Name, Values: map[string]any{"SenderIPAddresses": nothing}})
			y.run(p, "verify", 0)
			y.run(p, "apply", 0, "Phase", step.Phase).writes = false
		}
		y.run(p, "rollback", 30, "Phase", step.Phase).check = func(t *testing.T, o rehearsal.Outcome) {
			if i := slices.IndexFunc(o.Writes, func(w rehearsal.Write) bool { _, ok := w.Parameters["SenderIPAddresses"]; return ok }); i >= 0 {
				t.Errorf("what was empty is written back: %v", o.Writes[i])
			}
		}
		y.perform(e)
	}
}
