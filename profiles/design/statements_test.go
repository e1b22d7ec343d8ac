package design

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestStatements: every old or contradictory statement of the reference stands where it bears on
// something, and whatever is disputed in the catalogue is one of them.
func TestStatements(t *testing.T) {
	c, _ := profilestest.Knowledge(t)
	var rows map[string]struct {
		At          []string
		Rule, Apart string
	}
	text, err := os.ReadFile("testdata/statements.yaml")
	if err == nil {
		err = yaml.Unmarshal(text, &rows)
	}
	if err != nil {
		t.Fatal(err)
	}
	said := disputesOf(c)
	claimed := map[string]bool{}
	for id, row := range rows {
		if len(row.At) == 0 && row.Apart == "" {
			t.Errorf("%s stands nowhere, and nothing says why", id)
		}
		if row.Rule != "" && !slices.Contains(rulesOf(c), row.Rule) {
			t.Errorf("%s: no rule is called %s", id, row.Rule)
		}
		for _, at := range row.At {
			found := false
			for _, s := range said {
				if strings.HasPrefix(s, at) {
					found, claimed[s] = true, true
				}
			}
			if !found {
				t.Errorf("%s: nothing is disputed at %q", id, at)
			}
		}
	}
	for _, s := range said {
		if !claimed[s] {
			t.Errorf("no statement of the reference is %q", s)
		}
	}
	reference, err := os.ReadFile("../../../shared/reference/domain.md")
	if err != nil {
		t.Skip("no reference beside the repository")
	}
	for _, m := range regexp.MustCompile(`(?m)^\| (C-\d\d) \|`).FindAllStringSubmatch(string(reference), -1) {
		if _, ok := rows[m[1]]; !ok {
			t.Errorf("%s of the reference is missing", m[1])
		}
	}
}

// disputesOf lists what is disputed in the catalogue: where, and what the source says.
func disputesOf(c *catalog.Catalog) []string {
	var all []string
	for _, t := range c.Topics {
		for _, q := range t.Questions {
			for _, d := range q.Disputed {
				all = append(all, q.ID+": "+d.Says.Text)
			}
		}
		for _, x := range t.Decisions {
			for _, d := range x.Disputed {
				all = append(all, x.ID+": "+d.Says.Text)
			}
		}
	}
	return all
}

func rulesOf(c *catalog.Catalog) []string {
	var ids []string
	for _, t := range c.Topics {
		for _, r := range t.Rules {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
