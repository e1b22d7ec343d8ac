package design

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// everything that rules can do with content, beside what an example says of itself.
var everything = []string{
	"content.wanted=encrypt", "content.wanted=rights", "content.wanted=executables", "content.wanted=uninspectable", "content.wanted=sealed",
	"content.wanted=disclaimer", "content.wanted=subject-tag", "content.wanted=smime",
	"content.licence=yes", `content.rights-patterns=\[closed\]`, "content.report-to=security@agency.example",
	"content.disclaimer-text=This message is for its addressee alone.", "content.disclaimer-mark=addressee alone", "content.smime-recovery=yes",
}

func contentOf(t *testing.T, example string, answers ...string) *Design {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	session := profiles.NewSession(c, ps, profilestest.Example(t, example))
	if err := session.Set(slices.Concat(everything, answers)); err != nil {
		t.Fatal(err)
	}
	return resolved(t, session.Profile())
}

// TestContentRules: each thing that the guidance of 2015 and the ISM ask of content has its rules, each
// is made disabled and enabled by a step of its own behind the order of the rules, and they stand where
// what comes before them leaves them something to see.
func TestContentRules(t *testing.T) {
	for by, answers := range map[string][]string{
		"exchange": {"content.archive-reads=no"},
		"service":  {"content.service-host=in.sealed.example", "content.service-certificate=in.sealed.example"},
	} {
		acts := map[string]string{"exchange": "ApplyRightsProtectionTemplate", "service": "RouteMessageOutboundConnector"}[by]
		d := contentOf(t, "protected", append(answers, "content.encrypt-by="+by, `content.patterns=\bcard\b`)...)
		made, enabled := map[string]Step{}, map[string]Step{}
		var order []any
		for _, s := range d.Steps {
			switch {
			case s.Noun == "TransportRuleOrder":
				order = s.Set["Order"].([]any)
			case s.Noun == "TransportRule" && s.Creates:
				made[s.Name] = s
			case s.Noun == "TransportRule" && s.Set["Enabled"] == true:
				enabled[s.Name] = s
			}
		}
		first, last := map[string]int{}, map[string]int{}
		count := map[string]int{}
		for i, name := range order {
			s := made[name.(string)]
			on, ok := enabled[s.Name]
			if s.New["Enabled"] != false || !ok || !slices.Contains(on.Needs, "STEP-389") {
				t.Errorf("%s is made with %v and enabled by %s, which needs %v", s.Name, s.New, on.ID, on.Needs)
			}
			for p, v := range s.Set {
				if v == nil {
					continue
				}
				if count[p]++; count[p] == 1 {
					first[p] = i
				}
				last[p] = i
			}
			if s.Set["Quarantine"] == true && on.Keep == "" {
				t.Errorf("%s is taken back without a word", on.ID)
			}
		}
		for row, p := range map[string]string{
			"U2, sensitive text": "SubjectOrBodyMatchesPatterns", "U2, sensitive attachment": "AttachmentMatchesPatterns", "U2, encryption": acts,
			"U4, rights": "ApplyRightsProtectionTemplate", "U4, executables": "AttachmentHasExecutableContent", "U4, disclaimer": "ApplyHtmlDisclaimerText",
			"ISM-0651": "AttachmentIsPasswordProtected", "ISM-1293": "MessageTypeMatches", "SCuBA 7.1": "PrependSubject",
		} {
			if count[p] == 0 {
				t.Errorf("%s, by %s: no rule has %s", row, by, p)
			}
		}
		if last["Quarantine"] > first["RouteMessageOutboundConnector"] {
			t.Errorf("by %s: a rule that leads mail on stands before one that holds: %v", by, order)
		}
		if made[order[0].(string)].Set["RejectMessageReasonText"] == nil {
			t.Errorf("by %s: what blocks a marking does not come first: %v", by, order)
		}
		if first["ApplyRightsProtectionTemplate"] < last["ApplyHtmlDisclaimerText"] || first["ApplyRightsProtectionTemplate"] < last["RouteMessageOutboundRequireTls"] || last[acts] != len(order)-1 {
			t.Errorf("by %s: something stands behind what encrypts, or encryption before what changes: %v", by, order)
		}
		if !slices.ContainsFunc(d.Steps, func(s Step) bool { return s.ID == "HOLD-152" && strings.Contains(s.Text, "Set-SmimeConfig") }) {
			t.Errorf("U2, S/MIME: nobody is told what to do")
		}
	}
}

// TestAllMailIsEncrypted: without patterns the rule has no condition on content, and there is none for
// attachments; what a sender marks for other rights is left alone.
func TestAllMailIsEncrypted(t *testing.T) {
	d := contentOf(t, "protected", "content.encrypt-by=exchange", "content.encrypt-what=all", "content.archive-reads=no")
	rules := 0
	for _, s := range d.Steps {
		if s.Set["ApplyRightsProtectionTemplate"] != "Encrypt" {
			continue
		}
		rules++
		if s.Set["SubjectOrBodyMatchesPatterns"] != nil || fmt.Sprint(s.Set["ExceptIfSubjectMatchesPatterns"]) != `[\[closed\]]` || s.Set["SentToScope"] != "NotInOrganization" {
			t.Errorf("%s: %v", s.ID, s.Set)
		}
	}
	if rules != 1 {
		t.Errorf("%d rules encrypt", rules)
	}
}

// TestUnknownRecipients, row U3: wherever mail arrives, it is decided what becomes of it for somebody
// who is not there.
func TestUnknownRecipients(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	for _, name := range profiles.Examples() {
		s := profiles.Evaluate(c, ps, profilestest.Example(t, name))
		decided := map[string]bool{}
		for _, x := range s.Decided {
			decided[x.Decision.ID] = true
		}
		arrives := s.Words(profiles.Scope{})("gateway.inbound")
		if len(arrives) == 0 { // no mail does
			continue
		}
		direct := slices.Contains(arrives, "direct")
		if !decided["DD-110"] || decided["DD-296"] == direct {
			t.Errorf("%s: the type of the domains is decided: %t, what the host in front does: %t", name, decided["DD-110"], decided["DD-296"])
		}
	}
}
