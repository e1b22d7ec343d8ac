package wizard

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// replies are what terminals say of themselves, each with what asks for it.
var replies = map[string]string{
	"OSC 10, foreground":          "\x1b]10;rgb:dcdc/dcdc/dcdc\x1b\\",
	"OSC 11, background":          "\x1b]11;rgb:1e1e/1e1e/1e1e\a",
	"OSC 4, a colour":             "\x1b]4;1;rgb:cccc/0000/0000\x1b\\",
	"OSC 52, the clipboard":       "\x1b]52;c;" + strings.Repeat("T0ZGSUNJQUw6", 500) + "\a",
	"XTVERSION":                   "\x1bP>|tmux 3.3a\x1b\\",
	"XTGETTCAP":                   "\x1bP1+r5463=31\x1b\\",
	"DECRQSS":                     "\x1bP1$r0 q\x1b\\",
	"kitty graphics":              "\x1b_Gi=31;OK\x1b\\",
	"cursor position":             "\x1b[1;1R",
	"cursor position, further on": "\x1b[24;80R",
}

// passed are replies that the library itself waits for, or tells from keys by itself.
var passed = map[string]string{
	"DA1":                  "\x1b[?62;22;52c",
	"DA2":                  "\x1b[>1;3300;0c",
	"kitty keyboard flags": "\x1b[?1u",
	"DECRPM":               "\x1b[?2026;2$y",
}

// keysIn are the keys among what came in pieces, one after the other.
func keysIn(pieces ...string) string {
	var k keyboard
	var out bytes.Buffer
	now := time.Now()
	for _, p := range pieces {
		now = now.Add(patience / 2)
		out.Write(k.take([]byte(p), now))
	}
	return out.String()
}

func TestAReplyIsNoKey(t *testing.T) {
	for name, r := range replies {
		if got := keysIn("a" + r + "b"); got != "ab" {
			t.Errorf("%s: %q", name, got)
		}
		for i := 1; i < min(len(r), 100); i++ {
			if got := keysIn("a"+r[:i], r[i:]+"b"); got != "ab" {
				t.Errorf("%s, apart after %d bytes: %q", name, i, got)
			}
		}
		if got := keysIn(strings.Split("a"+r+"b", "")...); got != "ab" {
			t.Errorf("%s, byte by byte: %q", name, got)
		}
	}
	for name, r := range passed {
		for i := 1; i < len(r); i++ {
			if got := keysIn("a"+r[:i], r[i:]+"b"); got != "a"+r+"b" {
				t.Errorf("%s, apart after %d bytes: %q", name, i, got)
			}
		}
	}
}

// TestKeysStayKeys: what a person types or pastes comes through as it is, however it comes apart.
func TestKeysStayKeys(t *testing.T) {
	for _, keys := range []string{
		"Department of Coastal Works", "海事福祉局", "e\u0301 \U0001F468\u200D\U0001F469\u200D\U0001F467", "\r", "\t", "\x03", "\x7f", "\x00",
		"\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[15~", "\x1b[Z", "\x1bb", "\x1b\x1b[A", "\x1b[27;5;106~", "\x1b[97;5u", "\x1b[R", "\x1b[I",
		"]11;rgb:", "P>|x", "[1;1R", "\x1b[200~a\x1b]11;x\ab\r\n海\x1b[201~c",
	} {
		if got := keysIn(keys); got != keys {
			t.Errorf("%q comes as %q", keys, got)
		}
		if strings.HasPrefix(keys, "\x1bO") || strings.HasPrefix(keys, "\x1b\x1b") {
			continue // the library puts these together
		}
		for i := range len(keys) {
			if got := keysIn(keys[:i], keys[i:]); got != keys {
				t.Errorf("%q, apart after %d bytes, comes as %q", keys, i, got)
			}
		}
	}
	for typed, want := range map[string]string{
		"\x1b]x":                                "\x1b]x", // alt and a bracket
		"\x1bPx":                                "\x1bPx", // alt and a capital
		"\x1b]11;a\r":                           "\r",     // it has no end
		"\x1b]1\x03":                            "\x03",   // one can always leave
		"\x1b]11;\x1b[A":                        "\x1b[A",
		"\xff":                                  "\xff",
		"\x1b[7$":                               "\x1b[7$", // rxvt, with shift
		"\x1b\x1b":                              escKey,    // held down
		"\x1b[" + strings.Repeat("1", 99) + "A": "A",
	} {
		if got := keysIn(typed); got != want {
			t.Errorf("%q comes as %q", typed, got)
		}
	}
}

// TestTheRestNeedNotCome: what never comes to an end is forgotten, and what is typed later counts.
func TestTheRestNeedNotCome(t *testing.T) {
	for _, begun := range []string{"\x1b]11;rgb:", "\x1bP>|", "\x1b[?62;", "\x1b["} {
		var k keyboard
		now := time.Now()
		if got := k.take([]byte(begun), now); len(got) > 0 {
			t.Errorf("%q: %q", begun, got)
		}
		if got := k.take([]byte("abc\r"), now.Add(patience+1)); string(got) != "abc\r" {
			t.Errorf("after %q: %q", begun, got)
		}
	}
}

// FuzzKeyboard: text and control characters come through, whatever stands between them and however
// it comes apart.
func FuzzKeyboard(f *testing.F) {
	for _, r := range replies {
		f.Add([]byte(r), 5)
	}
	f.Fuzz(func(t *testing.T, b []byte, at int) {
		at = min(max(at, 0), len(b))
		var k keyboard
		now := time.Now()
		n := len(k.take(b[:at], now)) + len(k.take(b[at:], now))
		if n > len(b)+4*bytes.Count(b, []byte{esc}) {
			t.Errorf("%d bytes of %d", n, len(b))
		}
		if len(k.held) > longestIn {
			t.Errorf("%d bytes are held", len(k.held))
		}
		if k.pasting {
			return
		}
		if got := k.take([]byte("\rend"), now.Add(patience+1)); !strings.HasSuffix(string(got), "\rend") {
			t.Errorf("what is typed later comes as %q", got)
		}
	})
}

// TestTerminalReplies: while somebody types, a terminal answers late, and in pieces.
func TestTerminalReplies(t *testing.T) {
	term, saved := inTerminal(t)
	want := ""
	for i, name := range slices.Sorted(maps.Keys(replies)) {
		r := replies[name]
		if len(r) > 1000 {
			r = r[:40] + "\a"
		}
		at := []int{1, 2, len(r) / 2, len(r) - 1, len(r)}[i%5]
		letter := string(rune('a' + i))
		want += letter
		term.Type(letter)
		term.Paste(r[:at], false)
		if at > 1 && at < len(r) {
			time.Sleep(2 * alone) // the library takes what came for all there is
		}
		if at < len(r) {
			term.Paste(r[at:], false)
		}
		term.Wait("› " + want)
	}
	term.Press("Enter")
	term.Wait("What is the system called")
	term.Press("Escape")
	term.Wait("What is the name of the organisation?")
	term.Press("C-c")
	term.Exit()
	if !strings.Contains(saved(), "engagement.organisation: "+want+"\n") {
		t.Errorf("saved:\n%s", saved())
	}
}
