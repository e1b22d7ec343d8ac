package templates

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// What only one jurisdiction has: its publishers, networks, markings, roles and controls.
var (
	australian = []string{
		"ASD", "ISM", "Blueprint", "GovLINK", "AUPDNS", "PSPF", "PROTECTED", "Australia", "Australian", "X-Protective-Marking", "Department of Home Affairs",
		"OFFICIAL: Sensitive", "authorising officer", "Authorising officer",
	}
	british = []string{
		"UK", "United Kingdom", "CESG", "NCSC", "GDS", "OFFICIAL-SENSITIVE", "Mail Check", "National Cyber Security Centre", "GOV.UK", "GOVUK",
	}
	foreign = map[string][]string{"au": british, "uk": australian, "none": slices.Concat(british, australian)}
)

// firstOf returns where a text names one of the words, nil where it names none. To look for words is
// quicker by far than to look for where they begin and end.
func firstOf(text []byte, words []string) []int {
	for _, w := range words {
		if bytes.Contains(text, []byte(w)) {
			if at := regexp.MustCompile(`\b` + regexp.QuoteMeta(w) + `\b`).FindIndex(text); at != nil {
				return at
			}
		}
	}
	return nil
}

const jurisdiction = "engagement.jurisdiction"

// ofOneJurisdiction checks that no file of a pack names or cites what another jurisdiction has. The
// module is the same in every pack; what the customer typed in is the customer's.
func ofOneJurisdiction(t *testing.T, what string, s *profiles.State, files []output.File) {
	t.Helper()
	words := s.Words(profiles.Scope{})(jurisdiction)
	if len(words) != 1 {
		return
	}
	for _, f := range files {
		if path.Ext(f.Path) == ".psm1" || f.Path == "profile.yaml" {
			continue
		}
		if at := firstOf(f.Data, foreign[words[0]]); at != nil {
			t.Errorf("%s: %s holds %q, which is not of %s", what, f.Path, f.Data[max(0, at[0]-120):min(len(f.Data), at[1]+60)], words[0])
		}
	}
}

// TestJurisdictionsNeverMix: whatever a plan is, it rests on the rules of one jurisdiction, and
// whatever it rests on has a source that speaks there.
func TestJurisdictionsNeverMix(t *testing.T) {
	t.Parallel()
	c, ps := profilestest.Knowledge(t)
	question, _ := c.Question(jurisdiction)
	for _, name := range profiles.Examples() {
		own := profilestest.Example(t, name)
		layered := profiles.Evaluate(c, ps, own)
		bare := own.Clone() // the same answers, none of them locked
		bare.Presets = nil
		for _, a := range layered.Asked {
			if a.Origin != profiles.Default && a.Origin != profiles.None {
				bare.Answers[a.Ref()] = a.Answer
			}
		}
		for _, there := range question.Values() {
			p := bare.Clone()
			p.Acknowledged = nil
			maps.DeleteFunc(p.Answers, func(r profiles.Ref, _ profiles.Answer) bool { return r.Question == "engagement.marking" })
			p.Answers[profiles.Ref{Question: jurisdiction}] = profiles.Answer{Value: there}
			s := profiles.Evaluate(c, ps, p)
			d := design.Resolve(s, ps)
			text, err := profiles.EncodeUsed(s)
			if err != nil {
				t.Fatal(err)
			}
			files, err := Render(d, Options{Generator: "exoplan test", Profile: text, Draft: true})
			if err != nil {
				t.Fatalf("%s in %s: %v", name, there, err)
			}
			ofOneJurisdiction(t, name+" in "+there, s, files)
			sourced(t, name+" in "+there, d)
		}
	}
}

// sourced checks that what cites a source still has one that speaks for the organisation.
func sourced(t *testing.T, what string, d *design.Design) {
	t.Helper()
	for _, x := range d.Decided {
		if len(x.Cite) == 0 {
			t.Errorf("%s: %s rests on no source", what, x.ID)
		}
	}
	for _, f := range d.Findings {
		if len(f.Rule.Cite) == 0 {
			t.Errorf("%s: %s rests on no source", what, f.At())
		}
	}
	for _, x := range d.Tests {
		if len(x.Cite) == 0 {
			t.Errorf("%s: %s rests on no source", what, x.ID)
		}
	}
}

// TestChoicesOfAJurisdiction: what belongs to one jurisdiction is neither offered nor taken in
// another, and an answer that is not offered any more waits without reaching anything.
func TestChoicesOfAJurisdiction(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, profilestest.Example(t, "third-party"))
	layer := profiles.Ref{Question: "threat.layer"}
	at := func(there string) profiles.Asked {
		t.Helper()
		if err := s.Answer(profiles.Ref{Question: jurisdiction}, there); err != nil {
			t.Fatal(err)
		}
		for _, a := range s.State().Asked {
			if a.Ref() == layer {
				return a
			}
		}
		t.Fatal("nobody asks for the threat policies")
		return profiles.Asked{}
	}
	at("au")
	if err := s.Answer(layer, "asd"); err != nil {
		t.Fatal(err)
	}
	for _, there := range []string{"uk", "none"} {
		a := at(there)
		if offered := a.Question.Values(); len(offered) != 3 || a.Origin != profiles.None || a.Answer.Value != nil {
			t.Errorf("in %s: %v is offered, and %v answered", there, offered, a.Answer.Value)
		}
		if err := s.Answer(layer, "asd"); err == nil {
			t.Errorf("in %s the values of the ASD are taken", there)
		}
		if unused := s.State().Unused(); len(unused) == 0 {
			t.Errorf("in %s nobody says that the answer waits", there)
		}
	}
	if a := at("au"); a.Origin != profiles.You || catalog.WordsOf(a.Answer.Value)[0] != "asd" {
		t.Errorf("back again the answer is %v", a.Answer.Value)
	}
}
