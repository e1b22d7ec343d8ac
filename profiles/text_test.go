package profiles

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// asUTF16 writes a text as UTF-16, with or without its mark.
func asUTF16(order binary.AppendByteOrder, mark bool, text string) []byte {
	var b []byte
	if mark {
		text = "\ufeff" + text
	}
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// TestEncodings: UTF-8 is read alike with and without a mark, whatever the ends of its lines;
// every other encoding is refused by its name, with line and remedy.
func TestEncodings(t *testing.T) {
	c, ps := load2(t)
	text := Head + "# a comment\nanswers:\n  engagement.organisation: Søn and Māori O’Brien\n"
	crlf := strings.ReplaceAll(text, "\n", "\r\n")
	for _, tt := range []struct {
		name string
		data []byte
		want string // of the error; empty: it is read
	}{
		{"UTF-8", []byte(text), ""},
		{"a mark", []byte("\ufeff" + text), ""},
		{"a mark and CRLF, as Notepad writes it", []byte("\ufeff" + crlf), ""},
		{"CR alone", []byte(strings.ReplaceAll(text, "\n", "\r")), ""},
		{"UTF-16LE, as Windows PowerShell writes it", asUTF16(binary.LittleEndian, true, crlf), "p.yaml:1: the file is UTF-16LE; save it as UTF-8"},
		{"UTF-16BE", asUTF16(binary.BigEndian, true, crlf), "p.yaml:1: the file is UTF-16BE; save it as UTF-8"},
		{"UTF-16LE without a mark", asUTF16(binary.LittleEndian, false, text), "the file is UTF-16LE"},
		{"UTF-16BE without a mark", asUTF16(binary.BigEndian, false, text), "the file is UTF-16BE"},
		{"UTF-32LE", []byte("\xff\xfe\x00\x00e\x00\x00\x00"), "the file is UTF-32LE"},
		{"Windows-1252", []byte(strings.NewReplacer("ø", "\xf8", "ā", "a", "’", "\x92").Replace(text)), `p.yaml:7: the file is not UTF-8 but, it seems, Windows-1252, in which "Søn" stands here; save it as UTF-8`},
		{"Windows-1252 with CRLF", []byte(strings.NewReplacer("ø", "o", "ā", "a", "’", "\x92").Replace(crlf)), `p.yaml:7: the file is not UTF-8 but, it seems, Windows-1252, in which "O’Brien"`},
		{"another code page", []byte(strings.Replace(text, "ø", "\x81", 1)), "p.yaml:7: the file is not UTF-8; save it as UTF-8"},
		{"a control character", []byte(strings.Replace(text, "ø", "\x07", 1)), "p.yaml:7: a control character, U+0007, stands here"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Decode("p.yaml", tt.data, c, ps)
			switch {
			case tt.want != "":
				if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%v, want %q alone", err, tt.want)
				}
			case err != nil:
				t.Error(err)
			case p.Answers[Ref{Question: "engagement.organisation"}].Value != "Søn and Māori O’Brien":
				t.Errorf("%v", p.Answers)
			}
		})
	}
}

// TestLinesAreCounted: a mark, CRLF and a lone CR leave the line of a fault right.
func TestLinesAreCounted(t *testing.T) {
	c, ps := load2(t)
	text := "# why\n\n" + Head + "answers:\n  engagement.system: X\n  # none\n  no.such: 1\n"
	for _, end := range []string{"\n", "\r\n", "\r"} {
		for _, mark := range []string{"", "\ufeff"} {
			_, err := Decode("p.yaml", []byte(mark+strings.ReplaceAll(text, "\n", end)), c, ps)
			if err == nil || !strings.HasPrefix(err.Error(), "p.yaml:10: no question") {
				t.Errorf("end %q, mark %q: %v", end, mark, err)
			}
		}
	}
}

// TypedTexts are answers as they are typed, and what is kept of them.
var TypedTexts = []struct {
	Typed, Want string // Want empty: refused
	Says        string
}{
	{Typed: "007", Want: "007"},
	{Typed: "0o17", Want: "0o17"},
	{Typed: "0x10", Want: "0x10"},
	{Typed: "1e3", Want: "1e3"},
	{Typed: "3.10", Want: "3.10"},
	{Typed: "1_000", Want: "1_000"},
	{Typed: "+1", Want: "+1"},
	{Typed: ".inf", Want: ".inf"},
	{Typed: "on", Want: "on"},
	{Typed: "off", Want: "off"},
	{Typed: "yes", Want: "yes"},
	{Typed: "True", Want: "True"},
	{Typed: "2026-11-25", Want: "2026-11-25"},
	{Typed: "12:30:45", Want: "12:30:45"},
	{Typed: `"null"`, Want: "null"},
	{Typed: "'~'", Want: "~"},
	{Typed: "'O''Brien'", Want: "O'Brien"},
	{Typed: "O’Brien & Søn – \"A\"", Want: "O’Brien & Søn – \"A\""},
	{Typed: "|\n    two\n", Want: "two"},
	{Typed: "!!str 007", Want: "007"},
	{Typed: "C# and F#", Want: "C# and F#"},
	{Typed: "null", Says: "6: engagement.system: an answer is needed here"},
	{Typed: "~", Says: "6: engagement.system: an answer is needed here"},
	{Typed: "", Says: "6: engagement.system: an answer is needed here"},
	{Typed: "!!binary aGk=", Says: "6: engagement.system: the tag !!binary would change the text"},
	{Typed: "!mine x", Says: "6: engagement.system: the tag !mine would change the text"},
	{Typed: "{undecided: {owner: 007}}", Want: "007"},
	{Typed: "{undecided: {owner: ~}}", Says: `6: engagement.system: "~" means nothing at all`},
	{Typed: "{undecided: {owner: A, due: 2026-11-25}}", Want: "A"},
}

// TestTextsAreKeptAsTyped: YAML would make numbers, truths, dates and nothings of these; an
// answer is what was typed, or it is refused.
func TestTextsAreKeptAsTyped(t *testing.T) {
	c, ps := load2(t)
	for _, tt := range TypedTexts {
		t.Run(tt.Typed, func(t *testing.T) {
			p, err := Decode("p.yaml", []byte(Head+"answers:\n  engagement.system: "+tt.Typed+"\n"), c, ps)
			if tt.Says != "" {
				if err == nil || !strings.Contains(err.Error(), tt.Says) {
					t.Errorf("%v, want %q", err, tt.Says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			a := p.Answers[Ref{Question: "engagement.system"}]
			got := fmt.Sprint(a.Value)
			if a.Undecided != nil {
				got = a.Undecided.Owner
			}
			if got != tt.Want {
				t.Errorf("%q became %q", tt.Typed, got)
			}
		})
	}
}

// TestOtherTextsAreKeptAsTyped: the same for lists, items and what stands beside the answers.
func TestOtherTextsAreKeptAsTyped(t *testing.T) {
	c, ps := load2(t)
	p, err := Decode("p.yaml", []byte("exoplan: 1\nid: 0x10\nname: 007\nrevision: 10\ndate: 2026-11-25\nanswers:\n  domains: [007.example, 1e3.example]\n"+
		"  domain.role: {007.example: parked}\nacknowledged: [{rule: GW-20, by: 007, role: on, reason: 3.10, date: 2026-11-25}]\n"), c, ps)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(p.ID, p.Name, p.Revision, p.Date, p.Answers[Ref{Question: "domains"}], p.Answers[Ref{"domain.role", "007.example"}], p.Acknowledged)
	if want := "0x10 007 10 2026-11-25 {[{007.example 007.example} {1e3.example 1e3.example}] <nil>} {parked <nil>} [{GW-20  007 on 3.10 2026-11-25 }]\n"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, tt := range []struct{ text, says string }{
		{"revision: 010\n", `4: a whole number is expected here, not "010"`},
		{"revision: 3.10\n", `4: a whole number is expected here, not "3.10"`},
		{"revision: 1e3\n", `4: a whole number is expected here, not "1e3"`},
		{"revision: 0x10\n", `4: a whole number is expected here, not "0x10"`},
		{"revision: ~\n", "revision: a whole number from 1"},
		{"revision: 1\nanswers:\n  domains: [~, a.example]\n", `6: domains: line 6: "~" means nothing at all`},
		{"revision: 1\nanswers:\n  domains:\n", "6: domains: "},
		{"revision: 1\nanswers:\n  domains: &d [a.example]\n  govlink.approved: *d\n", "7: govlink.approved: *d refers to another place; write the value out"},
		{"revision: 1\n---\nrevision: 2\n", "5: a second document begins here"},
	} {
		var problems catalog.Problems
		_, err := Decode("p.yaml", []byte("exoplan: 1\nid: x-1\nname: x\n"+tt.text), c, ps)
		if !errors.As(err, &problems) || !strings.Contains(strings.ReplaceAll(err.Error(), "p.yaml:", ""), tt.says) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.says)
		}
	}
}
