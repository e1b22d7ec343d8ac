package profiles_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// schema compiles the schema as an editor gets it.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(profiles.Schema(profilestest.Knowledge(t)))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("exoplan.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("exoplan.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asEditorsRead turns a profile into the values that YAML 1.2 makes of it, as editors do.
func asEditorsRead(t *testing.T, text string) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(doc.Content) == 0 {
		return nil
	}
	return value(doc.Content[0])
}

var number = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)

func value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = value(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, e := range n.Content {
			list = append(list, value(e))
		}
		return list
	}
	lower := strings.ToLower(n.Value)
	switch {
	case n.Style != 0:
	case lower == "null", n.Value == "~", n.Value == "":
		return nil
	case lower == "true", lower == "false":
		return lower == "true"
	case number.MatchString(n.Value):
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return f
		}
	}
	return n.Value
}

// TestSchemaTakesWhatIsTaken: every example, and every one with an answer changed or left to an
// owner, is a profile to an editor too.
func TestSchemaTakesWhatIsTaken(t *testing.T) {
	s := schema(t)
	c, ps := profilestest.Knowledge(t)
	takes := func(name string, p *profiles.Profile) {
		text, err := profiles.Encode(p, c, ps)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(asEditorsRead(t, string(text))); err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	for _, name := range profiles.Examples() {
		takes(name, profilestest.Example(t, name))
	}
	profilestest.Flips(t, takes)
	for _, tt := range profiles.TypedTexts {
		text := profiles.Head + "answers:\n  engagement.system: " + tt.Typed + "\n"
		if err := s.Validate(asEditorsRead(t, text)); err != nil && tt.Want != "" {
			t.Errorf("%s: %v", tt.Typed, err)
		}
	}
}

// TestSchemaRefusesWhatIsRefused: what is no profile is none to an editor, as far as a schema can
// say so.
func TestSchemaRefusesWhatIsRefused(t *testing.T) {
	s := schema(t)
	said := 0
	for _, tt := range profiles.BadProfiles {
		if tt.Beyond != "" {
			continue
		}
		said++
		if s.Validate(asEditorsRead(t, tt.Text)) == nil {
			t.Errorf("%s is taken:\n%s", tt.Name, tt.Text)
		}
	}
	c, _ := profilestest.Knowledge(t)
	for _, q := range c.Questions {
		bad := []string{"{undecided: {due: 2026-11-25}}", "{one: {two: three}}", "{undecided: {owner: A}, x: y}"}
		if len(q.Values()) > 0 {
			bad = append(bad, "no-such-option", "{agency.example: no-such-option}", "{undecided: {owner: A, assume: no-such-option}}")
		}
		for _, answer := range bad {
			if s.Validate(asEditorsRead(t, profiles.Head+"answers:\n  "+q.ID+": "+answer+"\n")) == nil {
				t.Errorf("%s: %s is taken", q.ID, answer)
			}
		}
	}
	if said < 15 {
		t.Errorf("only %d of %d bad profiles are beyond no schema", said, len(profiles.BadProfiles))
	}
}
