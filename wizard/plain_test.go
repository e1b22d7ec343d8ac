package wizard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// spoken is what a session line by line came to.
type spoken struct {
	said   string
	result Result
	err    error
	saved  *profiles.Profile // as it was saved last; nil: never
	packs  int
}

// speak runs plain prompts on a profile with everything that is typed at once.
func speak(t *testing.T, p *profiles.Profile, change func(*Options), typed ...string) spoken {
	t.Helper()
	c, presets := profilestest.Knowledge(t)
	var s spoken
	var out bytes.Buffer
	o := Options{
		Session: profiles.NewSession(c, presets, p), SavedTo: "harbours.yaml", Folder: intoHarbours, Today: "2026-11-25",
		Save: func(p *profiles.Profile) error { s.saved = p; return nil },
		Write: func(*profiles.Profile) (Written, error) {
			s.packs++
			return Written{Dir: "./harbours-r3", Plan: "3f0c91b2", Files: []string{"README.md"}, Look: []Hint{{"README.md", "what is in it"}}}, nil
		},
		DryRun: func(*profiles.Profile) (Written, error) { return Written{Dir: "./harbours-r3", Plan: "3f0c91b2"}, nil },
	}
	if change != nil {
		change(&o)
	}
	s.result, s.err = RunPlain(t.Context(), o, strings.NewReader(strings.Join(typed, "\n")+"\n"), &out)
	s.said = out.String()
	return s
}

// TestPlainWords types every word, and looks at what is said and at what is saved.
func TestPlainWords(t *testing.T) {
	tests := []struct {
		name  string
		typed []string // after a session on the PROTECTED example, which begins with the review
		said  []string
		saved map[string]string // answers after it, in words; empty: the profile itself does not answer
	}{
		{"/jump to an ID, and an answer", []string{"/jump engagement.system", "TIDENET"}, []string{"question 2 of 12", "Which protective marking"}, map[string]string{"engagement.system": "TIDENET"}},
		{"/jump by words", []string{"/jump zzz", "/jump of the organisation"}, []string{`Error: no question has the words "zzz".`, "What is the name of the organisation?"}, nil},
		{"/jump to one of several", []string{"/jump dmarc", "nothing of the kind", "/jump dmarc", "1", "/back"}, []string{"Where to?", `no question has the words "nothing of the kind"`}, nil},
		{"/jump by section", []string{"/jump", "2"}, []string{"1. Organisation and tenant: Organisation,"}, nil},
		{"/back", []string{"/jump engagement.organisation", "/back", "/jump engagement.system", "/back"}, []string{"This is the first question.", "question 2 of 12.\nWhat is the system"}, nil},
		{"/skip", []string{"/jump engagement.organisation", "/skip"}, []string{"What is the system called"}, nil},
		{"/why", []string{"/jump gateway.lockdown", "/why"}, []string{"What each brings:\n", "Source:\n", "Leads to:\n", "The question is gateway.lockdown"}, nil},
		{
			"/preview",
			[]string{"/jump gateway.lockdown", "/preview", "/preview 2", "/preview no such thing", "/skip"},
			[]string{"Decisions:\nDD-044 Lock-down", "\nScript:\nP7 HOLD-710", "What it would change:\nNewly asked: ", "\nRemoved: Mail is refused unless it comes over TLS with", "\nAdded: Mail is refused unless it comes over TLS from", "\nAs it stands:\n", `Error: "no such thing" is not one of`},
			map[string]string{"gateway.lockdown": ""},
		},
		{"/preview of lists", []string{"/jump gateway.mx", "/preview mx3.tidegate.example", "/jump domains", "/preview new.example", "/review"}, []string{"Added: 10 mx3.tidegate.example", "Newly asked: ", "Added: DD-"}, map[string]string{"gateway.mx": "", "domains": ""}},
		{"/help", []string{"/help"}, []string{"/write writes the pack.", "typed with two"}, nil},
		{"/save", []string{"/save"}, []string{"Saved to harbours.yaml."}, nil},
		{"no such word", []string{"/wrote"}, []string{"Error: there is no word /wrote here."}, nil},
		{"two slashes are one", []string{"/jump engagement.system", "//quit"}, nil, map[string]string{"engagement.system": "/quit"}},
		{
			"/clear",
			[]string{"/jump gateway.lockdown", "address", "/jump gateway.lockdown", "/clear"},
			[]string{"Enter keeps: By its addresses (your answer).", "Taken back. Enter keeps:"},
			map[string]string{"gateway.lockdown": ""},
		},
		{"/none", []string{"/jump domain.senders/notices.harbours.example", "/none"}, nil, map[string]string{"domain.senders/notices.harbours.example": "none"}},
		{"a number", []string{"/jump gateway.lockdown", "2"}, nil, map[string]string{"gateway.lockdown": "By its addresses"}},
		{"a label", []string{"/jump gateway.lockdown", "by its Addresses"}, nil, map[string]string{"gateway.lockdown": "By its addresses"}},
		{"one letter for yes", []string{"/jump gateway.seals-arc", "Y"}, nil, map[string]string{"gateway.seals-arc": "Yes"}},
		{"no choice", []string{"/jump gateway.lockdown", "9"}, []string{`Error: "9" is not one of: `}, map[string]string{"gateway.lockdown": ""}},
		{
			"a list",
			[]string{"/jump gateway.vip", "198.51.100.9, 198.51.100.10", "198.51.100.300", "", "/back", "/remove 1", "/rename 2 198.51.100.11", "/move 2 1", "/list", "/move 2 7", "/remove x"},
			[]string{
				"Added: 198.51.100.9, 198.51.100.10. 3 are in the list.", `Error: "198.51.100.300" is not an IP address`,
				"1. 198.51.100.11\n2. 198.51.100.9\n", `Error: "7" is no place in the list, as in /move 3 1`, `Error: "x" is nothing in the list`,
			},
			map[string]string{"gateway.vip": "198.51.100.11, 198.51.100.9"},
		},
		{
			"items",
			[]string{"/jump domains", "new.example", "/rename new.example newer.example", "/move 5 1", "/remove harbour-archive.example", "/rename 1"},
			[]string{"Added: new.example. 5 are in the list.", "1. newer.example\n", "Error: the new value is missing"},
			map[string]string{"domains": "newer.example, harbours.example, ship-wrights.harbours.example, notices.harbours.example"},
		},
		{
			"/undecided",
			[]string{"/jump gateway.certificate", "/undecided", "", "Service desk", "soon", "2026-12-01", "relay.other.example"},
			[]string{"Error: an answer is needed here", `Error: "soon" is not a date`},
			map[string]string{"gateway.certificate": "undecided: Service desk, by 2026-12-01; assumed meanwhile: relay.other.example"},
		},
		{
			"/undecided keeps what it knows, and /settle",
			[]string{
				"/jump gateway.certificate", "/undecided", "Service desk", "2026-12-01", "relay.other.example",
				"/jump gateway.certificate", "/undecided", "", "/none", "", "/jump gateway.certificate", "/settle",
			},
			[]string{"Enter keeps: Service desk", "Enter assumes: relay.other.example", "Enter leaves it undecided: Service desk; assumed meanwhile: relay.other.example."},
			map[string]string{"gateway.certificate": "relay.other.example"},
		},
		{"/undecided of a list", []string{"/jump gateway.vip", "/undecided", "Desk", "", "198.51.100.9", "198.51.100.10", ""}, nil, map[string]string{"gateway.vip": "undecided: Desk; assumed meanwhile: 198.51.100.9, 198.51.100.10"}},
		{"/undecided given up", []string{"/jump gateway.vip", "/undecided", "Desk", "/back"}, nil, map[string]string{"gateway.vip": ""}},
		{"a question opened from the review goes back there", []string{"2", ""}, []string{"question", "Review. "}, nil},
		{"/answers", []string{"/answers"}, []string{"Mail gateway:\n", "Recognised by: By its certificate name, preset: ASD"}, nil},
		{"/differs", []string{"/jump gateway.lockdown", "2", "/review", "/differs"}, []string{"Recognised by: By its addresses, not By its certificate name."}, nil},
		{
			"/since and /revise",
			[]string{"/since", "/revise", "/since", "/jump gateway.lockdown", "2", "/review", "/since"},
			[]string{
				"No earlier revision is kept.", "Revision 4 begins.", "Since revision 3 · nothing.", "Since revision 3 · 3 answers, ",
				"Recognised by: By its addresses, was By its certificate name.", "gone: Certificate name of the sending side.",
			},
			nil,
		},
		{"a number that the review does not have", []string{"99"}, []string{`Error: "99" is nothing that the review has numbered.`}, nil},
		{"/dry-run", []string{"/dry-run"}, []string{"Nothing was written. It would be written to ./harbours-r3:"}, nil},
		{"an error stops the pack", []string{"/jump gateway.lockdown", "none", "/review", "/write"}, []string{"Error GW-03, stops the pack: ", "To do: ", "Error: no pack yet: 1 error."}, nil},
		{"change the answer", []string{"/jump gateway.lockdown", "none", "x", "1", "1"}, []string{`Error: "x" is not 1 to`}, map[string]string{"gateway.lockdown": "By its certificate name"}},
	}
	used := map[string]bool{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := speak(t, example(t, "protected"), nil, append(tt.typed, "/quit")...)
			if s.err != nil || s.result.End != Finished {
				t.Errorf("ended %q: %v", s.result.End, s.err)
			}
			for _, want := range tt.said {
				if !strings.Contains(s.said, want) {
					t.Errorf("nobody heard %q:\n%s", want, s.said)
				}
			}
			for ref, want := range tt.saved {
				if got := inOneLine(t, s, ref); got != want {
					t.Errorf("%s is %q, not %q:\n%s", ref, got, want, s.said)
				}
			}
		})
		for _, line := range tt.typed {
			name, _, _ := strings.Cut(line, " ")
			used[name] = true
		}
	}
	for _, w := range allWords {
		if !used[w.name] && w != wordQuit {
			t.Errorf("%s is never typed here", w.name)
		}
	}
}

// allWords are the words that some prompt takes.
var allWords = []word{
	wordBack, wordWhy, wordAhead, wordOwed, wordSettle, wordSkip, wordClear, wordNone, wordRemove, wordRename, wordMove, wordList,
	wordReview, wordJump, wordWrite, wordDryRun, wordAll, wordDiffer, wordSince, wordRevise, wordSave, wordQuit, wordHelp,
}

// inOneLine is what the profile that was saved answers, in words.
func inOneLine(t *testing.T, s spoken, ref string) string {
	t.Helper()
	c, _ := profilestest.Knowledge(t)
	r := profiles.ParseRef(ref)
	if s.saved == nil {
		return ""
	}
	answer, own := s.saved.Answers[r]
	if !own {
		return ""
	}
	q, _ := c.Question(r.Question)
	return value(profiles.Asked{Question: q, Answer: answer})
}

// TestPlainFinding acknowledges a warning where it arises, and withdraws that from the review.
func TestPlainFinding(t *testing.T) {
	p, a, v := warnedBy(t)
	s := speak(t, p, nil, "/jump "+a.Ref().String(), v, "2", "", "Jo Citizen", "", "CISO", "It is known", "/review", "/quit")
	if len(s.saved.Acknowledged) != 1 {
		t.Fatalf("not acknowledged:\n%s", s.said)
	}
	got := s.saved.Acknowledged[0]
	if got.By != "Jo Citizen" || got.Role != "CISO" || got.Reason != "It is known" || got.Date != "2026-11-25" || got.Basis == "" {
		t.Errorf("acknowledged as %+v", got)
	}
	if !strings.Contains(s.said, "acknowledged by Jo Citizen: ") {
		t.Errorf("the review does not say so:\n%s", s.said)
	}
	again := speak(t, s.saved, nil, "/review", numberOf(t, s.said, "Warning "+got.Rule), "3", "/quit")
	if len(again.saved.Acknowledged) != 0 {
		t.Errorf("not withdrawn:\n%s", again.said)
	}
}

// warnedBy returns a profile in order, and an answer to it because of which one warning arises.
func warnedBy(t *testing.T) (*profiles.Profile, profiles.Asked, string) {
	t.Helper()
	c, presets := profilestest.Knowledge(t)
	for _, name := range profiles.Examples() {
		base := profiles.NewSession(c, presets, example(t, name))
		for _, a := range base.State().Asked {
			for _, v := range a.Question.Values() {
				s := profiles.NewSession(c, presets, base.Profile())
				if a.Locked || s.Answer(a.Ref(), v) != nil {
					continue
				}
				k := newWork(Options{Session: s})
				blocking := k.design.Blocking()
				if len(k.inTheWay()) == 1 && len(blocking) == 1 && blocking[0].Rule.Severity == catalog.Warning && len(k.arisen(a)) == 1 {
					return base.Profile(), a, v
				}
			}
		}
	}
	t.Fatal("no single answer leads to a warning alone")
	return nil, profiles.Asked{}, ""
}

// numberOf finds the number under which something was read out last.
func numberOf(t *testing.T, said, text string) string {
	t.Helper()
	lines := strings.Split(said, "\n")
	slices.Reverse(lines)
	for _, l := range lines {
		if n, rest, found := strings.Cut(l, ". "); found && strings.HasPrefix(rest, text) {
			return n
		}
	}
	t.Fatalf("%q has no number:\n%s", text, said)
	return ""
}

func TestPlainWritesThePack(t *testing.T) {
	s := speak(t, example(t, "protected"), nil, "/write")
	if s.err != nil || s.result.End != Finished || s.packs != 1 || s.result.Written == nil {
		t.Errorf("ended %+v, %d packs: %v", s.result, s.packs, s.err)
	}
	s = speak(t, example(t, "protected"), func(o *Options) {
		o.Write = func(*profiles.Profile) (Written, error) { return Written{}, edited{} }
	}, "/write", "/quit")
	if !strings.Contains(s.said, "Error: not written: somebody edited it\nThe way on: move it aside.") || s.result.Written != nil {
		t.Errorf("nobody heard why nothing was written:\n%s", s.said)
	}
	s = speak(t, example(t, "protected"), nil, "/write", "/review", "/write")
	if s.packs != 2 || s.err != nil {
		t.Errorf("%d packs after the review was opened again: %v", s.packs, s.err)
	}
}

type edited struct{}

func (edited) Error() string { return "somebody edited it" }
func (edited) Hint() string  { return "move it aside" }

// TestPlainEndOfInput: at whatever line the input ends, what was answered before is saved, and
// the error names what was asked.
func TestPlainEndOfInput(t *testing.T) {
	whole := []string{"", "Coastal Works", "CWNET", "", "/undecided", "Desk", ""}
	asked := []string{
		"preset", "name of the organisation", "system called", "protective marking", "(engagement.scope)|Who owns the back-out", "", "", "",
	}
	for n := range len(whole) + 1 {
		s := speak(t, fresh(), nil, whole[:n]...)
		if n == 0 { // an empty line is typed, which takes the first preset
			continue
		}
		early, ok := errors.AsType[*EndOfInputError](s.err)
		if !ok {
			t.Fatalf("after %d lines: %v", n, s.err)
		}
		if !slices.ContainsFunc(strings.Split(asked[n], "|"), func(part string) bool { return strings.Contains(early.Error(), part) }) {
			t.Errorf("after %d lines it ended at %q, not at %s", n, early.Asking, asked[n])
		}
		if n > 1 && inOneLine(t, s, "engagement.organisation") != "Coastal Works" {
			t.Errorf("after %d lines the organisation is not saved", n)
		}
	}
}

// A last line without an end counts, and one that is not text is refused.
func TestPlainReads(t *testing.T) {
	for _, tt := range []struct{ name, typed, want string }{
		{"no line end", "/jump engagement.system\nTIDENET", "TIDENET"},
		{"CRLF", "/jump engagement.system\r\nTIDENET\r\n", "TIDENET"},
		{"a mark at the beginning", "\ufeff/jump engagement.system\nTIDENET\n", "TIDENET"},
		{"not UTF-8", "/jump engagement.system\n\xff\xfe\nTIDENET\n", "TIDENET"},
		{"a line of 100,000 letters is refused or kept whole", "/jump engagement.system\n" + strings.Repeat("x", 100_000) + "\n", strings.Repeat("x", 100_000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, presets := profilestest.Knowledge(t)
			var saved spoken
			_, err := RunPlain(t.Context(), Options{
				Session: profiles.NewSession(c, presets, example(t, "protected")), Folder: intoHarbours,
				Save: func(p *profiles.Profile) error { saved.saved = p; return nil },
			}, strings.NewReader(tt.typed), io.Discard)
			if !errors.As(err, new(*EndOfInputError)) || inOneLine(t, saved, "engagement.system") != tt.want {
				t.Errorf("%v; saved %q", err, inOneLine(t, saved, "engagement.system"))
			}
		})
	}
}

// TestPlainSaves: an answer that could not be saved is said at once, tried again with the next
// one, and an error at the end.
func TestPlainSaves(t *testing.T) {
	full := true
	s := speak(t, example(t, "protected"), func(o *Options) {
		save := o.Save
		o.Save = func(p *profiles.Profile) error {
			if full {
				return errDisk
			}
			return save(p)
		}
	}, "/jump engagement.system", "TIDENET", "/save", "/quit")
	if !errors.Is(s.err, errDisk) || strings.Count(s.said, "Error: not saved: "+errDisk.Error()) != 2 {
		t.Errorf("%v:\n%s", s.err, s.said)
	}
	fails := 1
	s = speak(t, example(t, "protected"), func(o *Options) {
		save := o.Save
		o.Save = func(p *profiles.Profile) error {
			if fails--; fails >= 0 {
				return errDisk
			}
			return save(p)
		}
	}, "/jump engagement.system", "TIDENET", "/quit")
	if s.err != nil || inOneLine(t, s, "engagement.system") != "TIDENET" {
		t.Errorf("not saved at the end: %v", s.err)
	}
}

// TestPlainStopped: signals and a context that is done end the session though nobody types.
func TestPlainStopped(t *testing.T) {
	tests := []struct {
		name string
		stop func(*testing.T, context.CancelFunc)
		end  End
	}{
		{"cancelled", func(_ *testing.T, cancel context.CancelFunc) { cancel() }, Terminated},
		{"interrupted", func(t *testing.T, _ context.CancelFunc) { send(t, os.Interrupt) }, Interrupted},
		{"terminated", func(t *testing.T, _ context.CancelFunc) { send(t, syscall.SIGTERM) }, Terminated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, presets := profilestest.Knowledge(t)
			in, typed := io.Pipe()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var saved spoken
			go func() {
				_, _ = io.WriteString(typed, "/jump engagement.system\nTIDENET\n")
			}()
			r, err := RunPlain(ctx, Options{
				Session: profiles.NewSession(c, presets, example(t, "protected")), Folder: intoHarbours,
				Save: func(p *profiles.Profile) error { saved.saved = p; tt.stop(t, cancel); return nil },
			}, in, io.Discard)
			if err != nil || r.End != tt.end || inOneLine(t, saved, "engagement.system") != "TIDENET" {
				t.Errorf("ended %q: %v", r.End, err)
			}
		})
	}
}

func send(t *testing.T, s os.Signal) {
	t.Helper()
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Signal(s)
	}
	if err != nil {
		t.Skip("no signal can be sent here: ", err)
	}
}
