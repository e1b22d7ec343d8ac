package templates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

const signature = "# SIG # Begin signature block\r\n# MIIFuQYJKoZIhvcNAQcCoIIFqjCCBaYCAQExCzAJBgUrDgMCGgUAMGkGCisGAQQB\r\n# gjcCAQSgWzBZMDQ=\r\n# SIG # End signature block\r\n"

// TestPackIsAsRendered: a script or the module that somebody edited stops the run with 12 before
// the tenant is read, whatever it is that was changed. A signature is no edit, and a note in a
// document stops nothing.
func TestPackIsAsRendered(t *testing.T) {
	e := pwshtest.Engine(t)
	both(t, func(t *testing.T, mode string) {
		whole := write(t, profilestest.Example(t, "cloud"))
		y := newPlay(t, whole, mode, "new")
		y.tenant.Objects = whole.tried.Made()
		edited := func(path string, edit func(string) string) pack {
			p := write(t, profilestest.Example(t, "cloud"))
			at := filepath.Join(p.dir, filepath.FromSlash(path))
			text, err := os.ReadFile(at)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(edit(string(text))), 0o600); err != nil {
				t.Fatal(err)
			}
			return p
		}
		unread := func(t *testing.T, o rehearsal.Outcome) {
			t.Helper()
			if len(o.Reads) > 0 {
				t.Errorf("the tenant was read: %v", o.Reads)
			}
		}
		for _, x := range []struct {
			path string
			edit func(string) string
		}{
			{"exchange-online/verify.ps1", func(s string) string { return s + "# x\r\n" }},
			{"exchange-online/ExoPlan.psm1", func(s string) string { return strings.Replace(s, "$script:Patience = 0,", "$script:Patience = 1,", 1) }},
			{"exchange-online/apply.ps1", func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }},
			{"exchange-online/rollback.ps1", func(s string) string { return s + signature + "# x\r\n" }},
			{"exchange-online/rollback.ps1", func(s string) string { return strings.Replace(s, "Restores what", "Restores, what", 1) + signature }},
		} {
			s := y.run(edited(x.path, x.edit), "preflight", 12)
			s.check = unread
			s.says(x.path)
		}
		p := edited("SHA256SUMS", func(s string) string {
			return strings.Replace(s, "exchange-online/apply.ps1", "exchange-online/apply2.ps1", 1)
		})
		y.run(p, "snapshot", 12).says("exchange-online/apply2.ps1")
		for _, end := range []string{"", "\r\n"} {
			p := edited("exchange-online/preflight.ps1", func(s string) string { return s + end + signature })
			y.run(p, "preflight", 0)
		}
		y.run(edited("docs/runsheet.md", func(s string) string { return s + "\nRang the DNS team at 9." }), "preflight", 0).says("Edited    PACK  docs/runsheet.md")
		y.perform(e)
	})
}
