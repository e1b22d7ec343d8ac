package outputtest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxLines = 6   // shown of either side
	maxWidth = 120 // shown of a line, in characters
	lead     = 30  // of which so many before the first difference
)

// diff shows where two files, which differ, begin to do so.
func diff(want, got []byte) string {
	if binary(want) || binary(got) {
		return fmt.Sprintf("  binary: want %d bytes, got %d, the first difference is at byte %d",
			len(want), len(got), commonPrefix(string(want), string(got)))
	}
	w, g := lines(want), lines(got)
	start := 0
	for start < min(len(w), len(g)) && w[start] == g[start] {
		start++
	}
	endW, endG := len(w), len(g)
	for endW > start && endG > start && w[endW-1] == g[endG-1] {
		endW, endG = endW-1, endG-1
	}
	column := 0
	if start < endW && start < endG {
		column = utf8.RuneCountInString(w[start][:commonPrefix(w[start], g[start])])
	}
	return side("want", w[:endW], start, column) + "\n" + side("got ", g[:endG], start, column)
}

func binary(data []byte) bool { return !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 }

// lines splits a text after its line feeds, which stay: whether the last line has one
// is a difference too.
func lines(data []byte) []string { return slices.Collect(strings.Lines(string(data))) }

// side shows the lines from start on, or that there are none where the other has some.
func side(name string, lines []string, start, column int) string {
	var b strings.Builder
	for i := start; i < min(len(lines), start+maxLines); i++ {
		fmt.Fprintf(&b, "  %s %4d | %s\n", name, i+1, visible(lines[i], max(0, column-lead)))
		column = 0 // which is that of the first line
	}
	switch more := len(lines) - start - maxLines; {
	case len(lines) == start:
		fmt.Fprintf(&b, "  %s %4d | (nothing)", name, start+1)
	case more > 0:
		fmt.Fprintf(&b, "  %s      | (%d more)", name, more)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// visible writes out what one would not see in a line, and cuts it to a bearable width.
func visible(line string, from int) string {
	text, fed := strings.CutSuffix(line, "\n")
	runes := []rune(text)
	before, after := "", ""
	if from > 0 {
		before = "…"
		runes = runes[from:]
	}
	if len(runes) > maxWidth {
		after = "…"
		runes = runes[:maxWidth]
	}
	var b strings.Builder
	for _, r := range runes {
		if r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	if !fed {
		after += " (no line feed)"
	}
	return before + b.String() + after
}

// commonPrefix returns how many bytes two strings share at the start.
func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
