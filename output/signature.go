package output

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

const signatureBegin = "# SIG # Begin signature block"

// signatureBlock is all of a signature, to the end of the file. Nothing but Base64
// may stand in it: a line that was slipped in or appended, or one that a lone
// carriage return hides, is an edit, whatever comes before it.
var signatureBlock = regexp.MustCompile(`^# SIG # Begin signature block\r?\n(?:# [A-Za-z0-9+/=]+\r?\n)*# SIG # End signature block[\r\n]*$`)

// versions returns what may have been recorded of a file with these bytes: the
// bytes themselves and, of a signed script, what was signed. Set-AuthenticodeSignature
// puts a CRLF of its own before the block. Not all tools do, and some leave LF;
// the sum tells which of the forms is the one.
func versions(name string, data []byte) [][]byte {
	all := [][]byte{data}
	body, signed := unsign(name, data)
	if !signed {
		return all
	}
	for _, end := range []string{"\r\n", "\n"} {
		if short, ok := bytes.CutSuffix(body, []byte(end)); ok {
			all = append(all, short)
		}
	}
	return append(all, body)
}

// unsign returns what stands before the signature of a PowerShell file.
func unsign(name string, data []byte) (body []byte, signed bool) {
	if !slices.Contains([]string{".ps1", ".psm1", ".psd1"}, strings.ToLower(path.Ext(name))) {
		return nil, false
	}
	at := bytes.LastIndex(data, []byte(signatureBegin))
	if at < 0 || at > 0 && data[at-1] != '\n' || !signatureBlock.Match(data[at:]) {
		return nil, false
	}
	return data[:at], true
}

// matches reports whether the bytes of a file, or what was signed of them, have this sum.
func matches(name string, data []byte, sum digest) bool {
	return slices.ContainsFunc(versions(name, data), func(v []byte) bool { return digestOf(v) == sum })
}
