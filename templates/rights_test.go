package templates

import (
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestRights: what the account may not call or pass is listed whole before anything is written. A
// run that passes none of it is not stopped, and neither is a look.
func TestRights(t *testing.T) {
	e := pwshtest.Engine(t)
	both(t, func(t *testing.T, mode string) {
		p := write(t, profilestest.Example(t, "protected"))
		y := newPlay(t, p, mode, "new")
		y.tenant.Lacks = []string{"Disable-TransportRule", "Set-InboundConnector:EFUsers", "New-TransportRule:RejectMessageReasonText", "Get-OutboundConnector:IncludeTestModeConnectors", "New-InboundConnector:Name"}
		y.edit()
		y.run(p, "preflight", 10).says(
			"RIGHTS  Disable-TransportRule: the account has no role for it", "RIGHTS  Set-InboundConnector -EFUsers: ",
			"RIGHTS  New-TransportRule -RejectMessageReasonText: ", "RIGHTS  Get-OutboundConnector -IncludeTestModeConnectors: ", "RIGHTS  New-InboundConnector -Name: ",
		)
		y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
		y.run(p, "apply", 10, "Phase", "P3").says("New-TransportRule -RejectMessageReasonText", "Nothing was changed")
		y.run(p, "rollback", 10, "Phase", "P3").says("Disable-TransportRule")
		y.perform(e)
	})
}

// TestPrefix: a session that was opened with a prefix has no cmdlet of the names that are called.
func TestPrefix(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	p := write(t, profilestest.Example(t, "protected"))
	y := newPlay(t, p, "ConstrainedLanguage", "new")
	y.tenant.Module = "EO"
	y.run(p, "preflight", 10).says("was opened with -Prefix EO")
	y.perform(e)
}
