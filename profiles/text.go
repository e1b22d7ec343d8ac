package profiles

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/exoplan/exoplan/profiles/catalog"
)

const asUTF8 = "save it as UTF-8 (Notepad: Save as, Encoding UTF-8; Windows PowerShell: Out-File -Encoding utf8)"

// plainText returns the text of a file without its byte order mark. What is not UTF-8 is
// refused by the name of its encoding: read as something else it would put wrong letters into
// a document, or be passed over.
func plainText(file string, data []byte) ([]byte, error) {
	if name := wide(data); name != "" {
		return nil, catalog.Problems{{File: file, Line: 1, Message: "the file is " + name + "; " + asUTF8}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	line := 1
	for rest := data; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			at := len(data) - len(rest)
			return nil, catalog.Problems{{File: file, Line: line, Message: fmt.Sprintf("%s; %s", narrow(data, at), asUTF8)}}
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return nil, catalog.Problems{{File: file, Line: line, Message: fmt.Sprintf("a control character, %U, stands here; take it out", r)}}
		case r == '\n', r == '\r' && !bytes.HasPrefix(rest, []byte("\r\n")):
			line++
		}
		rest = rest[n:]
	}
	return data, nil
}

// wide names an encoding with units of two or four bytes: by its mark, else by the zero bytes
// of its Latin letters.
func wide(data []byte) string {
	for _, m := range []struct{ mark, name string }{
		{"\xff\xfe\x00\x00", "UTF-32LE"}, {"\x00\x00\xfe\xff", "UTF-32BE"}, {"\xff\xfe", "UTF-16LE"}, {"\xfe\xff", "UTF-16BE"},
	} {
		if bytes.HasPrefix(data, []byte(m.mark)) {
			return m.name
		}
	}
	var zero [2]int
	begin := data[:min(len(data), 256)]
	for i, b := range begin {
		if b == 0 {
			zero[i%2]++
		}
	}
	switch {
	case zero[1] > len(begin)/4 && zero[0] == 0:
		return "UTF-16LE"
	case zero[0] > len(begin)/4 && zero[1] == 0:
		return "UTF-16BE"
	}
	return ""
}

// narrow names an encoding of one byte a letter, and shows the word in which it was met.
func narrow(data []byte, at int) string {
	from, to := at, at
	for from > 0 && data[from-1] > ' ' {
		from--
	}
	for to < len(data) && data[to] > ' ' {
		to++
	}
	var word strings.Builder
	for _, b := range data[from:to] {
		r := rune(b)
		if b >= 0x80 && b < 0xa0 {
			r = windows1252[b-0x80]
		}
		if r == 0 {
			return "the file is not UTF-8"
		}
		word.WriteRune(r)
	}
	return fmt.Sprintf("the file is not UTF-8 but, it seems, Windows-1252, in which %q stands here", word.String())
}

// windows1252 is what differs from Latin-1, 0x80 to 0x9F; zero stands for none.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}
