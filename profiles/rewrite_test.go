package profiles

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// byHand is a profile as a consultant writes one: comments everywhere, an order of its own,
// quotes, lists in both styles, blanks to line things up, and blank lines.
const byHand = `# Harbours, third workshop.
# Ask Priya before you touch the gateway.

exoplan: 1
id: harbours-7c21      # never change
name: harbours
revision: 3            # as signed
date: 2026-11-25
presets: [asd-protected-gateway]   # agreed on 3 November

# What was said in the room.
answers:
  # the gateway first, it is what they know
  gateway.name: 'TIDEGATE'       # their word for it
  gateway.lockdown: address      # until the certificate is there
  gateway.shared-addresses: no

  engagement.organisation: "Department of Harbours"   # full name
  engagement.system: HARBOURNET
  domains:
    - harbours.example           # main
    # the newsletter
    - notices.harbours.example
    - archive.harbours.example   # parked since 2019
  domain.role:
    harbours.example: mail       # obviously
    # sends only
    notices.harbours.example: send-only   # bulletins
    archive.harbours.example: parked
    # decided on 3 November
  gateway.to-exchange: [192.0.2.16/28, 198.51.100.7]  # from the provider's sheet
  classification.report-to: itsa@harbours.example
  tenant.id:
    undecided:
      owner: Priya   # she has access
      due: 2026-12-01
  # the same everywhere, they say
  dmarc.target: 'reject'   # the CISO wants it
  domain.dns-operator:
    undecided:
      owner: Jo      # knows them all
  domain.senders: ['include:spf.one.example', include:spf.two.example]   # from the zone
  # nothing below is final
  smtp-auth: blocked

# Signed by nobody yet.
acknowledged: []
# the end
`

// diff lists the lines that differ, as few as there are: - is gone, + is new.
func diff(a, b string) []string {
	x, y := strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
	same := make([][]int, len(x)+1) // how many lines are common from here on
	for i := range same {
		same[i] = make([]int, len(y)+1)
	}
	for i, xi := range slices.Backward(x) {
		for j, yj := range slices.Backward(y) {
			same[i][j] = max(same[i+1][j], same[i][j+1])
			if xi == yj {
				same[i][j] = same[i+1][j+1] + 1
			}
		}
	}
	var out []string
	for i, j := 0, 0; i < len(x) || j < len(y); {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && same[i+1][j] >= same[i][j+1]:
			out, i = append(out, "-"+x[i]), i+1
		default:
			out, j = append(out, "+"+y[j]), j+1
		}
	}
	return out
}

// TestHandWrittenFilesKeepWhatAPersonWrote: what an answer changes in a file is its own lines.
func TestHandWrittenFilesKeepWhatAPersonWrote(t *testing.T) {
	c, ps := load2(t)
	for _, tt := range []struct {
		name string
		do   func(*Session) error
		want string // the lines that differ
	}{
		{"nothing", func(*Session) error { return nil }, ""},
		{
			"one answer", func(s *Session) error { return s.Answer(Ref{Question: "smtp-auth"}, "allowed") },
			"-  smtp-auth: blocked\n+  smtp-auth: allowed\n",
		},
		{
			"what stands beside it is not touched, nor its quotes", func(s *Session) error { return s.Answer(Ref{Question: "gateway.name"}, "EBB-GATE") },
			"-  gateway.name: 'TIDEGATE'       # their word for it\n+  gateway.name: 'EBB-GATE'       # their word for it\n",
		},
		{
			"in double quotes", func(s *Session) error {
				return s.Answer(Ref{Question: "engagement.organisation"}, `The "Old" O’Brien \ Sons`)
			},
			"-  engagement.organisation: \"Department of Harbours\"   # full name\n+  engagement.organisation: \"The \\\"Old\\\" O’Brien \\\\ Sons\"   # full name\n",
		},
		{
			"a text that YAML would take for something else", func(s *Session) error { return s.Answer(Ref{Question: "engagement.system"}, "007: #1") },
			"-  engagement.system: HARBOURNET\n+  engagement.system: '007: #1'\n",
		},
		{
			"of one item", func(s *Session) error { return s.Answer(Ref{"domain.role", "notices.harbours.example"}, "mail") },
			"-    notices.harbours.example: send-only   # bulletins\n+    notices.harbours.example: mail   # bulletins\n",
		},
		{
			"a list in one line", func(s *Session) error {
				return s.Answer(Ref{Question: "gateway.to-exchange"}, "192.0.2.16/28", "198.51.100.8")
			},
			"-  gateway.to-exchange: [192.0.2.16/28, 198.51.100.7]  # from the provider's sheet\n+  gateway.to-exchange: [192.0.2.16/28, 198.51.100.8] # from the provider's sheet\n",
		},
		{
			"what is new stands behind its neighbour in the catalogue", func(s *Session) error {
				return s.Answer(Ref{Question: "tenant.prefix"}, "harbours")
			},
			"+  tenant.prefix: harbours\n",
		},
		{
			"an open question is answered", func(s *Session) error {
				return s.Answer(Ref{Question: "tenant.id"}, "6f1d2c34-58ab-4e07-9c1e-2b7a90d4e3f5")
			},
			"-  tenant.id:\n-    undecided:\n-      owner: Priya   # she has access\n-      due: 2026-12-01\n+  tenant.id: 6f1d2c34-58ab-4e07-9c1e-2b7a90d4e3f5\n",
		},
		{
			"one answer for all is split, and what is said beside it goes to the first of which it holds", func(s *Session) error {
				return s.Answer(Ref{"dmarc.target", "harbours.example"}, "none")
			},
			"-  dmarc.target: 'reject'   # the CISO wants it\n+  dmarc.target:\n+    harbours.example: none\n+    notices.harbours.example: 'reject' # the CISO wants it\n+unused:\n+  dmarc.target:\n+    archive.harbours.example: reject\n",
		},
		{
			"an open question of all is settled for one", func(s *Session) error {
				return s.Answer(Ref{"domain.dns-operator", "archive.harbours.example"}, "team")
			},
			"-    undecided:\n-      owner: Jo      # knows them all\n+    archive.harbours.example: team\n+    harbours.example:\n+      undecided:\n+        owner: Jo # knows them all\n" +
				"+    notices.harbours.example:\n+      undecided:\n+        owner: Jo\n",
		},
		{
			"a list of all is changed for one", func(s *Session) error {
				return s.Answer(Ref{"domain.senders", "harbours.example"}, "include:spf.one.example")
			},
			"-  domain.senders: ['include:spf.one.example', include:spf.two.example]   # from the zone\n+  domain.senders:\n+    harbours.example: ['include:spf.one.example']\n" +
				"+    notices.harbours.example: ['include:spf.one.example', 'include:spf.two.example'] # from the zone\n" +
				"+unused:\n+  domain.senders:\n+    archive.harbours.example: ['include:spf.one.example', 'include:spf.two.example']\n",
		},
		{
			"another owner", func(s *Session) error { return s.Undecide(Ref{Question: "tenant.id"}, "Jo", "2026-12-01") },
			"-      owner: Priya   # she has access\n-      due: 2026-12-01\n+      owner: Jo # she has access\n+      due: \"2026-12-01\"\n",
		},
		{
			"an answer is taken back, what is said above it stays", func(s *Session) error { s.Clear(Ref{Question: "gateway.name"}); return nil },
			"-  gateway.name: 'TIDEGATE'       # their word for it\n",
		},
		{
			"the revision", func(s *Session) error { s.Update(func(p *Profile) { p.Revision = 4 }); return nil },
			"-revision: 3            # as signed\n+revision: 4            # as signed\n",
		},
		{
			"a question is no longer asked", func(s *Session) error { return s.Answer(Ref{Question: "gateway.lockdown"}, "certificate") },
			"-  gateway.lockdown: address      # until the certificate is there\n-  gateway.shared-addresses: no\n" +
				"+  gateway.lockdown: certificate      # until the certificate is there\n+unused:\n+  gateway.shared-addresses: no\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				file := strings.ReplaceAll(byHand, "\n", end)
				p, err := Decode("p.yaml", []byte(file), c, ps)
				must(t, err)
				s := NewSession(c, ps, p)
				must(t, tt.do(s))
				text, err := Rewrite([]byte("\ufeff"+file), s.Profile(), c, ps)
				must(t, err)
				if got := strings.Join(diff(file, string(text)), ""); got != strings.ReplaceAll(tt.want, "\n", end) {
					t.Errorf("differs in\n%q\nwant\n%q\nfile:\n%s", got, strings.ReplaceAll(tt.want, "\n", end), text)
				}
				saysTheSame(t, text, s.Profile())
			}
		})
	}
}

// saysTheSame: a text means what the profile says, and is written again as it is.
func saysTheSame(t *testing.T, text []byte, p *Profile) {
	t.Helper()
	c, ps := load2(t)
	got, err := Decode("p.yaml", text, c, ps)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	a, _ := Encode(got, c, ps)
	b, _ := Encode(p, c, ps)
	if !bytes.Equal(a, b) {
		t.Errorf("it says\n%s\nwant\n%s", a, b)
	}
	if again, err := Rewrite(text, got, c, ps); err != nil || !bytes.Equal(again, text) {
		t.Errorf("%v: written again it is\n%s\nnot\n%s", err, again, text)
	}
}

// TestCommentsGoAlong: an answer that is kept apart takes its comments along and brings them
// back, and so does that of an item.
func TestCommentsGoAlong(t *testing.T) {
	c, ps := load2(t)
	text := []byte(byHand)
	p, err := Decode("p.yaml", text, c, ps)
	must(t, err)
	s := NewSession(c, ps, p)
	save := func() {
		t.Helper()
		text, err = Rewrite(text, s.Profile(), c, ps)
		must(t, err)
		saysTheSame(t, text, s.Profile())
	}
	inbound, domains := Ref{Question: "gateway.inbound"}, Ref{Question: "domains"}
	must(t, s.Answer(inbound, "direct"))
	must(t, s.Answer(domains, "harbours.example", "archive.harbours.example"))
	save()
	for _, want := range []string{
		"\nunused:\n", "\n  gateway.lockdown: address      # until the certificate is there\n", "  gateway.to-exchange: [192.0.2.16/28, 198.51.100.7]  # from the provider's sheet\n",
		"\n  domain.role:\n    # sends only\n    notices.harbours.example: send-only   # bulletins\n", "    - archive.harbours.example # parked since 2019\n",
	} {
		if _, apart, ok := strings.Cut(string(text), "\nunused:\n"); strings.HasPrefix(want, "    - ") && !strings.Contains(string(text), want) || !ok || !strings.HasPrefix(want, "    - ") && !strings.Contains("\nunused:\n"+apart, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	s.Clear(inbound)
	must(t, s.Answer(domains, "harbours.example", "notices.harbours.example", "archive.harbours.example"))
	save()
	if strings.Contains(string(text), "unused:") {
		t.Errorf("something is still kept apart:\n%s", text)
	}
	for l := range strings.Lines(byHand) {
		if _, comment, ok := strings.Cut(l, "#"); ok && !strings.Contains(string(text), "#"+comment) && !strings.Contains(l, "newsletter") {
			t.Errorf("lost: %s in\n%s", l, text)
		}
	}
}

// TestGeneratedFilesStayGenerated: a file as Encode writes it has its titles and its order
// after every change.
func TestGeneratedFilesStayGenerated(t *testing.T) {
	c, ps := load2(t)
	for _, n := range Examples() {
		p := example(t, n)
		text, err := Encode(p, c, ps)
		must(t, err)
		for _, a := range Evaluate(c, ps, p).Asked {
			for _, v := range a.Question.Values() {
				s := NewSession(c, ps, p)
				if s.Answer(a.Ref(), v) != nil {
					continue // a preset locks it
				}
				want, err := Encode(s.Profile(), c, ps)
				must(t, err)
				got, err := Rewrite(text, s.Profile(), c, ps)
				must(t, err)
				if !bytes.Equal(got, want) {
					t.Fatalf("%s, %s=%s:\n%s\nwant\n%s", n, a.Ref(), v, got, want)
				}
			}
		}
	}
}

// TestTouchedFilesMeanWhatIsSaid: whatever is answered over a file that a person has touched,
// the file says it, and every comment is there.
func TestTouchedFilesMeanWhatIsSaid(t *testing.T) {
	c, ps := load2(t)
	for _, n := range Examples() {
		p := example(t, n)
		text, err := Encode(p, c, ps)
		must(t, err)
		var touched strings.Builder
		notes := 0
		for l := range strings.Lines(string(text)) {
			if i := strings.IndexFunc(l, func(r rune) bool { return r != ' ' }); notes%2 == 0 && !strings.Contains(l, "#") {
				fmt.Fprintf(&touched, "%s# note %d.\n", l[:i], notes)
			} else if l = strings.TrimSuffix(l, "\n"); !strings.Contains(l, "#") {
				l += fmt.Sprintf("  # note %d.\n", notes)
			} else {
				l += "\n"
			}
			notes++
			touched.WriteString(l)
		}
		file := []byte(touched.String())
		saysTheSame(t, file, p)
		for _, a := range Evaluate(c, ps, p).Asked {
			for _, v := range append(a.Question.Values(), "") {
				s := NewSession(c, ps, p)
				if v == "" {
					s.Clear(a.Ref())
				} else if s.Answer(a.Ref(), v) != nil {
					continue
				}
				got, err := Rewrite(file, s.Profile(), c, ps)
				must(t, err)
				saysTheSame(t, got, s.Profile())
				lost := 0
				for i := range notes {
					note := fmt.Sprintf("# note %d.\n", i)
					if strings.Contains(string(file), note) && !strings.Contains(string(got), note) {
						lost++
					}
				}
				bears := 0 // an answer that is no more takes along what stood beside it
				switch {
				case v == "" && a.Answer.Undecided != nil:
					bears = 4
				case v == "":
					bears = 2 // and beside the question, with the last of its items
				}
				if lost > bears {
					t.Errorf("%s, %s=%s: %d comments are lost:\n%s", n, a.Ref(), v, lost, strings.Join(diff(string(file), string(got)), ""))
				}
			}
		}
	}
}

// TestUnusedAnswersReachNoPack: what is kept apart is in the file of the profile and not in that
// of the pack, which has the bytes of a profile that never had it.
func TestUnusedAnswersReachNoPack(t *testing.T) {
	c, ps := load2(t)
	never := example(t, "cloud")
	had := never.Clone()
	had.Answers[Ref{Question: "gateway.mx"}] = Answer{Value: []string{"mx.old.example"}}
	had.Answers[Ref{"domain.role", "gone.example"}] = Answer{Value: "parked"}
	a, err := EncodeUsed(Evaluate(c, ps, never))
	must(t, err)
	b, err := EncodeUsed(Evaluate(c, ps, had))
	must(t, err)
	if !bytes.Equal(a, b) {
		t.Errorf("the pack differs:\n%s\n%s", a, b)
	}
	text, err := Encode(had, c, ps)
	must(t, err)
	if _, apart, _ := strings.Cut(string(text), "\nunused:\n"); !strings.Contains(apart, "mx.old.example") || !strings.Contains(apart, "gone.example: parked") {
		t.Errorf("not kept apart:\n%s", text)
	}
	roundTrip(t, had, c, ps)
}
