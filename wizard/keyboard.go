package wizard

import (
	"bytes"
	"os"
	"regexp"
	"time"
	"unicode/utf8"
)

// keyboard is a terminal's input without what the terminal says of itself. Programs ask it for
// its colours, its name, the place of its cursor. Over a slow line the reply may come when
// somebody types already, and in pieces: it would be typed into a field and press keys.
type keyboard struct {
	*os.File
	held    []byte // begun, and not whole yet
	last    time.Time
	escaped bool // Esc was given on alone, and nothing came since
	pasting bool
}

const (
	// patience is how long the rest of a sequence may take to come.
	patience = time.Second
	// alone is how long nothing follows Esc until it is a key and begins no sequence.
	alone = 50 * time.Millisecond
)

const (
	esc       = '\x1b'
	escKey    = "\x1b[27u" // Esc in a form that begins nothing else
	pasteOn   = "\x1b[200~"
	pasteOff  = "\x1b[201~"
	longestIn = 64 // bytes of a sequence that is a key or a short reply
)

// beheaded is a reply whose first byte came so long before that it was taken for Esc. Nobody
// types so much at a time.
var beheaded = regexp.MustCompile(`^(\][0-9]+;|P[01]?[>!$+][|r]|_G|\[[?>]|\[[0-9]+;[0-9]+R)`)

// Read returns keys, or nothing where all that came is no key or not whole.
func (k *keyboard) Read(p []byte) (int, error) {
	b := make([]byte, max(len(p)-longestIn-len(escKey), 1))
	n, err := k.File.Read(b)
	if err != nil {
		return 0, err
	}
	keys := k.take(b[:n], time.Now()) //nolint:forbidigo // how long it took, and not what day it is
	if string(k.held) == string(esc) && !k.pasting && !comes(k.File, alone) {
		keys, k.held, k.escaped = append(keys, escKey...), nil, true
	}
	return copy(p, keys), nil
}

// take returns the keys among the bytes that came at a time, and holds what is not whole.
func (k *keyboard) take(b []byte, now time.Time) []byte {
	if now.Sub(k.last) > patience {
		k.held, k.escaped = nil, false
	}
	k.last = now
	if k.escaped && beheaded.Match(b) {
		b = append([]byte{esc}, b...)
	}
	k.escaped = false
	b = append(k.held, b...)
	k.held = nil
	var keys []byte
	for len(b) > 0 {
		n, out := k.next(b)
		if n == 0 {
			k.held = held(b)
			break
		}
		keys = append(keys, out...)
		b = b[n:]
	}
	return keys
}

// held is what must be kept of a sequence that is not whole: of a reply in words, its beginning
// and what may be the first half of its end.
func held(b []byte) []byte {
	if len(b) <= longestIn {
		return bytes.Clone(b)
	}
	short := bytes.Clone(b[:3])
	if b[len(b)-1] == esc {
		short = append(short, esc)
	}
	return short
}

// next takes what bytes begin with: how many of them, and as which keys. None are taken while it
// is not whole, and a reply is no key.
func (k *keyboard) next(b []byte) (int, []byte) {
	switch {
	case k.pasting:
		return k.pasted(b)
	case b[0] != esc:
		return letter(b)
	case len(b) == 1:
		return 0, nil
	}
	switch b[1] {
	case '[':
		return k.control(b)
	case ']':
		return words(b, "0123456789") // OSC: colours, the clipboard
	case 'P':
		return words(b, "0123456789>!$+") // DCS: name and version, capabilities, settings
	case '_':
		return words(b, "G") // APC: pictures
	case esc:
		if len(b) == 2 { // the key was held down
			return 1, []byte(escKey)
		}
	}
	return 1, b[:1]
}

// letter is what no sequence begins with. One whose bytes came apart is waited for.
func letter(b []byte) (int, []byte) {
	if !utf8.FullRune(b) {
		return 0, nil
	}
	_, n := utf8.DecodeRune(b)
	return n, b[:n]
}

// pasted is a text up to the mark of its end. What looks like a reply in it is text.
func (k *keyboard) pasted(b []byte) (int, []byte) {
	switch {
	case bytes.HasPrefix(b, []byte(pasteOff)):
		k.pasting = false
		return len(pasteOff), b[:len(pasteOff)]
	case bytes.HasPrefix([]byte(pasteOff), b):
		return 0, nil
	}
	return letter(b)
}

// control is a sequence of parameters up to a letter: a key, the mark of what is pasted, or a
// short reply. The library tells them apart when they are whole, but for the place of the
// cursor, which it takes for F3 as well.
func (k *keyboard) control(b []byte) (int, []byte) {
	i := 2
	for i < len(b) && b[i] >= 0x20 && b[i] <= 0x3f {
		i++
	}
	several := bytes.ContainsRune(b[:i], ';')
	switch {
	case i > longestIn:
		return i, nil
	case i == len(b) && b[i-1] == '$' && !several: // so does rxvt say that shift is held
		return i, b[:i]
	case i == len(b):
		return 0, nil
	case b[i] < 0x40 || b[i] > 0x7e: // no sequence after all
		return i, b[:i]
	case string(b[:i+1]) == pasteOn:
		k.pasting = true
	case b[i] == 'R' && several:
		return i + 1, nil
	}
	return i + 1, b[:i+1]
}

// words is a reply up to its end, if it begins with one of some letters. A control character in
// it is a key: what began there has no end.
func words(b []byte, begins string) (int, []byte) {
	switch {
	case len(b) == 2:
		return 0, nil
	case !bytes.ContainsRune([]byte(begins), rune(b[2])):
		return 1, b[:1]
	}
	for i := 3; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\a':
			return i + 1, nil
		case c == esc && i+1 == len(b):
			return 0, nil
		case c == esc && b[i+1] == '\\':
			return i + 2, nil
		case c < ' ', c == 0x7f:
			return i, nil
		}
	}
	return 0, nil
}
