package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"github.com/exoplan/exoplan/output/rehearsal/trial"
	"github.com/exoplan/exoplan/profiles/catalog"
)

// terminal says that what is written there can be coloured and written over.
func terminal(w io.Writer, getenv func(string) string) bool {
	f, is := w.(*os.File)
	return is && term.IsTerminal(f.Fd()) && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// screen shows a rehearsal: a line for each run that has ended and, on a terminal, one below them for
// what is going on. A pipe, a dumb terminal and who wants no colours get the lines alone.
type screen struct {
	mu    sync.Mutex
	w     io.Writer
	live  bool
	width int
	total int

	begun   time.Time // of the rehearsal
	now     string    // what is going on
	n       int
	stop    chan struct{}
	stopped chan struct{}
}

// The colours are those of the guided session; a sign stands beside each.
var (
	wasGood = lipgloss.NewStyle().Foreground(lipgloss.Color("29"))
	wasBad  = lipgloss.NewStyle().Foreground(lipgloss.Color("161")).Bold(true)
	isFaint = lipgloss.NewStyle().Faint(true)
	isBold  = lipgloss.NewStyle().Bold(true)
	isHere  = lipgloss.NewStyle().Foreground(lipgloss.Color("31")).Bold(true)
)

// tick is how often the line of what is going on is written anew.
const tick = 250 * time.Millisecond

func newScreen(w io.Writer, getenv func(string) string, scenes int) *screen {
	s := &screen{w: w, live: terminal(w, getenv), width: 100, total: scenes, begun: time.Now(), stop: make(chan struct{}), stopped: make(chan struct{})}
	if !s.live {
		close(s.stopped)
		return s
	}
	if width, _, err := term.GetSize(w.(*os.File).Fd()); err == nil && width > 20 {
		s.width = width
	}
	go func() {
		defer close(s.stopped)
		for {
			select {
			case <-s.stop:
				return
			case <-time.After(tick):
				s.mu.Lock()
				s.footer()
				s.mu.Unlock()
			}
		}
	}()
	return s
}

// close takes the line of what is going on away.
func (s *screen) close() {
	close(s.stop)
	<-s.stopped
	if s.live {
		fmt.Fprint(s.w, "\r\x1b[K")
	}
}

func (s *screen) style(st lipgloss.Style, text string) string {
	if !s.live {
		return text
	}
	return st.Render(text)
}

// line writes a line that stays. What is too long for a terminal is cut.
func (s *screen) line(text string) {
	if s.live {
		fmt.Fprint(s.w, "\r\x1b[K"+ansi.Truncate(text, s.width, "…")+"\n")
		return
	}
	fmt.Fprintln(s.w, text)
}

// footer is what is going on: how far, for how long.
func (s *screen) footer() {
	if !s.live || s.now == "" {
		return
	}
	const cells = 20
	full := cells * s.n / s.total
	bar := s.style(isHere, strings.Repeat("━", full)) + s.style(isFaint, strings.Repeat("━", cells-full))
	text := fmt.Sprintf("%s %d of %d  %s  %s", bar, s.n, s.total, time.Since(s.begun).Round(time.Second), s.now)
	fmt.Fprint(s.w, "\r\x1b[K"+ansi.Truncate(text, s.width-1, "…"))
}

// Begin shows a scene that begins.
func (s *screen) Begin(n int, scene trial.Scene) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n, s.now = n, strings.TrimSpace(scene.Phase+" "+scene.Part)
	s.footer()
}

// End shows what came of a run.
func (s *screen) End(_ int, r trial.Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Name == "by hand" {
		return
	}
	sign := s.style(wasGood, "✓")
	if len(r.Problems) > 0 {
		sign = s.style(wasBad, "✗")
	}
	text := fmt.Sprintf("%s %-2s  %-24s exit %-2d  %s  %s", sign, r.Phase, r.Part, r.Exit, took(r.Seconds), told(r))
	s.line(strings.TrimRight(text, " "))
	for _, p := range r.Problems {
		s.line("       " + s.style(wasBad, p))
	}
	s.footer()
}

func took(seconds float64) string { return fmt.Sprintf("%5.1f s", seconds) }

// words for outcomes, in the order in which they are told.
var outcomeWords = []struct{ outcome, words string }{
	{"Changed", "changed"},
	{"Undone", "taken back"},
	{"Pending", "to change"},
	{"Pass", "as planned"},
	{"Fail", "not as planned"},
	{"Passed", "passed"},
	{"Waiting", "waiting"},
	{"Stopped", "stopped"},
	{"Refused", "refused"},
	{"Kept", "kept"},
	{"NoChange", "as it is"},
	{"Absent", "absent"},
	{"Present", "present"},
	{"Adopt?", "to adopt"},
	{"Ours", "ours"},
	{"Held", "held"},
}

// told counts what a run said of the entries of the plan.
func told(r trial.Run) string {
	var words []string
	for _, o := range outcomeWords {
		n := 0
		for _, row := range r.Rows {
			if row.Outcome == o.outcome {
				n++
			}
		}
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, o.words))
		}
	}
	return strings.Join(words, ", ")
}

// head says what is rehearsed.
func (s *screen) head(x *staged) {
	s.line(s.style(isBold, fmt.Sprintf("%s revision %d", x.Profile, x.Revision)) + fmt.Sprintf("   plan %.12s   PowerShell %s", x.Plan, x.PowerShell))
	s.line("In a simulation of " + x.From + ".")
	if x.Fault != "" {
		s.line("Fault: " + x.Fault)
	}
	for _, list := range []struct {
		words string
		names []string
	}{{"Taken to be there: ", x.Assumed}, {"Adopted: ", x.Adopted}} {
		if len(list.names) > 0 {
			s.line(list.words + strings.Join(list.names, ", "))
		}
	}
	s.line("")
}

// foot says what came of it.
func (s *screen) foot(x *staged) {
	t := x.Totals
	s.line("")
	if !x.Passed {
		s.line(s.style(wasBad, "✗ "+upper(x.verdict())+":"))
		for _, p := range x.Problems {
			s.line("  " + p)
		}
		for _, d := range x.Differences {
			s.line("    " + d)
		}
		s.said(x.Runs)
		return
	}
	s.line(s.style(wasGood, "✓ ") + s.style(isBold, x.verdict()))
	s.line(fmt.Sprintf("  %s, %s, %s; %s in %.0f s",
		catalog.Count(t.Runs, "run", "runs"), catalog.Count(t.Steps, "step", "steps"), catalog.Count(t.Objects, "object", "objects"),
		catalog.Count(t.Calls, "call", "calls"), t.Seconds))
	s.line(fmt.Sprintf("  %s, %s; %d of the second apply; %d differences after the way back",
		catalog.Count(t.Reads, "read", "reads"), catalog.Count(t.Writes, "write", "writes"), t.SecondWrites, t.Differences))
}

// said shows what the run said that did not come out as it must.
func (s *screen) said(runs []trial.Run) {
	i := slices.IndexFunc(runs, func(r trial.Run) bool { return r.Said != "" })
	if i < 0 {
		return
	}
	s.line("")
	s.line("What " + runs[i].Name + " said:")
	for l := range strings.SplitSeq(runs[i].Said, "\n") {
		s.line("  " + ansi.Strip(l))
	}
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
