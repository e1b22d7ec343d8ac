package output

import (
	"strings"
	"testing"
)

const (
	block   = "\r\n# SIG # Begin signature block\r\n# MIIFuQYJKoZIhvcNAQcCoIIFqjCCBaYCAQExCzAJBgUrDgMCGgUAMGkGCisGAQQB\r\n# gjcCAQSgWzBZMDQ=\r\n# SIG # End signature block\r\n"
	lfBlock = "\n# SIG # Begin signature block\n# MIIFuQ==\n# SIG # End signature block\n"
)

func TestMatches(t *testing.T) {
	const script = "Set-X\r\n"
	for _, c := range []struct {
		name, path, data string
		want             bool
	}{
		{"unsigned", "a.ps1", script, true},
		{"signed", "a.ps1", script + block, true},
		{"signed module", "lib/a.PSM1", script + block, true},
		{"signed data", "a.psd1", script + block, true},
		{"with LF", "a.ps1", script + lfBlock, true},
		{"no line break before", "a.ps1", script + block[2:], true},
		{"more line feeds after", "a.ps1", script + block + "\r\n\r\n", true},
		{"no line feed at the end", "a.ps1", script + strings.TrimSuffix(block, "\r\n"), true},
		{"signed over a signature", "a.ps1", script + block + block, false},

		{"no script", "a.txt", script + block, false},
		{"edited before", "a.ps1", "Set-Y\r\n" + block, false},
		{"line break taken away", "a.ps1", "Set-X" + block, true}, // one CRLF: as a tool leaves it that adds none
		{"line break added", "a.ps1", script + "\r\n" + block, false},
		{"blank added", "a.ps1", script + " " + block, false},
		{"code after", "a.ps1", script + block + "Remove-X\r\n", false},
		{"comment after", "a.ps1", script + block + "# x\r\n", false},
		{"code inside", "a.ps1", script + strings.Replace(block, "# gjc", "Remove-X\r\n# gjc", 1), false},
		{"code behind a carriage return", "a.ps1", script + strings.Replace(block, "gjcCAQSgWzBZMDQ=", "gjc\rRemove-X", 1), false},
		{"words inside", "a.ps1", script + strings.Replace(block, "gjcCAQ", "a b", 1), false},
		{"no end", "a.ps1", script + "\r\n# SIG # Begin signature block\r\n# MIIF\r\n", false},
		{"not at the start of a line", "a.ps1", script + " " + block[2:], false},
		{"only a block", "a.ps1", block[2:], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := matches(c.path, []byte(c.data), digestOf([]byte(script))); got != c.want {
				t.Errorf("matches is %v, want %v", got, c.want)
			}
		})
	}
	t.Run("script without a line feed at the end", func(t *testing.T) {
		if !matches("a.ps1", []byte("Set-X"+block), digestOf([]byte("Set-X"))) {
			t.Error("no match")
		}
	})
	t.Run("block that begins in the last line", func(t *testing.T) {
		if matches("a.ps1", []byte("Set-X"+block[2:]), digestOf([]byte("Set-X"))) {
			t.Error("match: to PowerShell this is the command Set-X#")
		}
	})
	t.Run("recorded with a signature", func(t *testing.T) {
		if !matches("a.ps1", []byte(script+block), digestOf([]byte(script+block))) {
			t.Error("no match")
		}
	})
}
