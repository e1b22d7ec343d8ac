package templates

import (
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// TestTenantSettings: the settings become what the plan says, whichever way that is, and nothing
// beside them is touched: no other remote domain, no other policy. They go back to what they were,
// what was never set and a list of nine included.
func TestTenantSettings(t *testing.T) {
	e := pwshtest.Engine(t)
	open := taken(t, with(
		t, profilestest.Example(t, "protected"), "smtp-auth=allowed", "smtp-auth.passwords=no", "reply-all=none",
		"automatic-replies=all", "delivery-reports=both", "meeting-forwards=yes", "forwarding.outside=yes", "forwarding.policy=on", "external-tag=no",
		"message-recall=none", "plus-addressing=off", "send-from-alias=yes", "audit=no", "calendar-sharing=named", "calendar-sharing.with=sister.example",
	))
	of := "OrganizationConfig/harbourshipwrights.onmicrosoft.com/"
	nine := `"a.sister.example", "b.sister.example", "c.sister.example", "d.sister.example", "e.sister.example", "f.sister.example", "g.sister.example", "h.sister.example", "i.sister.example"`
	for name, tt := range map[string]struct {
		p    *profiles.Profile
		want []string
	}{
		"closed": {profilestest.Example(t, "protected"), []string{
			"- AdminAuditLogConfig/Admin Audit Log Settings/UnifiedAuditLogIngestionEnabled = false",
			"- ExternalInOutlook//AllowList = [" + nine + "]",
			`- HostedOutboundSpamFilterPolicy/Default/AutoForwardingMode = "On"`,
			"- " + of + "AuditDisabled = true",
			"- " + of + "MessageRecallEnabled = null",
			"- " + of + "RecallReadMessagesEnabled = false",
			"- " + of + "SendFromAliasEnabled = true",
			`- RemoteDomain/Default/AllowedOOFType = "None"`,
			"- RemoteDomain/Default/AutoForwardEnabled = true",
			"- RemoteDomain/Default/AutoReplyEnabled = true",
			"- RemoteDomain/Default/NDREnabled = false",
			"- TransportConfig/Transport Settings/AllowLegacyTLSClients = true",
			"- TransportConfig/Transport Settings/ReplyAllStormBlockDurationHours = 12",
			"- TransportConfig/Transport Settings/SmtpClientAuthenticationDisabled = null",
			"+ AdminAuditLogConfig/Admin Audit Log Settings/UnifiedAuditLogIngestionEnabled = true",
			"+ ExternalInOutlook//AllowList = [" + nine + `, "treasury.example"]`,
			`+ HostedOutboundSpamFilterPolicy/Default/AutoForwardingMode = "Off"`,
			"+ " + of + "AuditDisabled = false",
			"+ " + of + "MessageRecallEnabled = true",
			"+ " + of + "RecallReadMessagesEnabled = true",
			"+ " + of + "SendFromAliasEnabled = false",
			`+ RemoteDomain/Default/AllowedOOFType = "External"`,
			"+ RemoteDomain/Default/AutoForwardEnabled = false",
			"+ RemoteDomain/Default/AutoReplyEnabled = false",
			"+ RemoteDomain/Default/NDREnabled = true",
			"+ TransportConfig/Transport Settings/AllowLegacyTLSClients = false",
			"+ TransportConfig/Transport Settings/ReplyAllStormBlockDurationHours = 6",
			"+ TransportConfig/Transport Settings/SmtpClientAuthenticationDisabled = true",
		}},
		"open": {open, []string{
			"- ExternalInOutlook//Enabled = true",
			"- " + of + "DisablePlusAddressInRecipients = false",
			"- " + of + "MessageRecallEnabled = null",
			`- RemoteDomain/Default/AllowedOOFType = "None"`,
			"- RemoteDomain/Default/DeliveryReportEnabled = false",
			"- RemoteDomain/Default/MeetingForwardNotificationEnabled = false",
			"- RemoteDomain/Default/NDREnabled = false",
			`- SharingPolicy/Default Sharing Policy/Domains = ["*:CalendarSharingFreeBusySimple", "sister.example:CalendarSharingFreeBusyDetail, ContactsSharing"]`,
			"- TransportConfig/Transport Settings/AllowLegacyTLSClients = true",
			"- TransportConfig/Transport Settings/ReplyAllStormProtectionEnabled = true",
			"- TransportConfig/Transport Settings/SmtpClientAuthenticationDisabled = null",
			"+ ExternalInOutlook//Enabled = false",
			"+ " + of + "DisablePlusAddressInRecipients = true",
			"+ " + of + "MessageRecallEnabled = false",
			`+ RemoteDomain/Default/AllowedOOFType = "External"`,
			"+ RemoteDomain/Default/DeliveryReportEnabled = true",
			"+ RemoteDomain/Default/MeetingForwardNotificationEnabled = true",
			"+ RemoteDomain/Default/NDREnabled = true",
			`+ SharingPolicy/Default Sharing Policy/Domains = ["sister.example:CalendarSharingFreeBusySimple"]`,
			"+ TransportConfig/Transport Settings/AllowLegacyTLSClients = false",
			"+ TransportConfig/Transport Settings/ReplyAllStormProtectionEnabled = false",
			"+ TransportConfig/Transport Settings/SmtpClientAuthenticationDisabled = false",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := write(t, tt.p)
			y := newPlay(t, p, rehearsal.Constrained, "past")
			y.edit()
			y.run(p, "apply", 0, "Phase", "P1", "Acknowledge", p.named("P1", isHold))
			y.run(p, "rollback", 30, "Phase", "P1")
			o := y.perform(e)
			if got := o[0].State.Difference(o[1].State); !slices.Equal(got, tt.want) {
				t.Errorf("changed:\n%s", strings.Join(got, "\n"))
			}
			restored(t, o[0], o[2])
		})
	}
}
