package rehearsal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/profiles/contract"
)

// tenantCase calls cmdlets and says what the tenant must answer. Every case begins with the
// tenant as it was, and runs in both language modes.
type tenantCase struct {
	name     string
	set      []Edit
	allow    map[string][]string
	answers  []string
	inline   string
	want     string   // the output without errors; not looked at when empty
	refusals []string // each in the refusal of its place; no others
	faults   []string // likewise
	wrote    []string
	state    []string // lines of the state afterwards; with ! in front, of no line
	mode     string   // only in this one
}

func add(noun, name string, values map[string]any) Edit {
	return Edit{Add: &Object{Noun: noun, Name: name, Values: values}}
}

func options(o Options) Edit { return Edit{Options: &o} }

var (
	inboundA  = add("InboundConnector", "a", map[string]any{"SenderDomains": []string{"a.example", "b.example"}, "ConnectorType": "Partner", "RequireTls": false})
	inboundB  = add("InboundConnector", "b", map[string]any{"SenderDomains": []string{"*"}})
	outbound  = add("OutboundConnector", "out", map[string]any{"UseMxRecord": false, "SmartHosts": []string{"h.example", "192.0.2.1"}})
	scoped    = add("OutboundConnector", "scoped", map[string]any{"IsTransportRuleScoped": true})
	trial     = add("OutboundConnector", "trial", map[string]any{"TestMode": true})
	ruleOne   = add("TransportRule", "one", nil)
	ruleTwo   = add("TransportRule", "two", map[string]any{"State": "Disabled"})
	ruleThree = add("TransportRule", "three", nil)
	dkim      = add("DkimSigningConfig", "agency.example", map[string]any{"Enabled": false})
)

const names = `(@(Get-TransportRule | ForEach-Object { "$($_.Priority)$($_.Name)" }) -join ' ')`

var readingCases = []tenantCase{
	{
		name: "an unknown identity returns every object", set: []Edit{inboundA, inboundB},
		inline: `@(Get-InboundConnector -Identity nobody).Count; @(Get-InboundConnector -Identity $null).Count; @(Get-InboundConnector A).Name; @(Get-InboundConnector).Count`,
		want:   "2\n2\na\n2",
	},
	{
		name: "an object is found by its identifier", set: []Edit{inboundA, inboundB},
		inline: `$g = @(Get-InboundConnector | Where-Object { $_.Name -eq 'b' })[0].Guid; @(Get-InboundConnector -Identity $g).Name`, want: "b",
	},
	{
		name: "an unknown identity of a rule or a domain returns every object", set: []Edit{ruleOne, ruleTwo, dkim},
		inline: `@(Get-TransportRule -Identity nobody).Count; @(Get-DkimSigningConfig -Identity nobody.example).Count; @(Get-OutboundConnector -Identity nobody).Count`, want: "2\n2\n0",
	},
	{
		name: "a result size cuts off", set: []Edit{inboundA, inboundB, ruleOne, ruleTwo},
		inline: `@(Get-InboundConnector -ResultSize 1).Count; @(Get-InboundConnector -ResultSize Unlimited).Count; @(Get-TransportRule -ResultSize 1 -WarningAction SilentlyContinue).Name`,
		want:   "WARNING: There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.\n1\n2\none",
	},
	{
		name: "a result size is a number or Unlimited", set: []Edit{inboundA},
		inline: `try { Get-InboundConnector -ResultSize all } catch { 'refused' }`, want: "refused", refusals: []string{`Cannot convert value "all" to type "Unlimited"`},
	},
	{
		name: "scoped and test connectors are hidden unless asked for", set: []Edit{outbound, scoped, trial},
		inline: `(Get-OutboundConnector).Name; (Get-OutboundConnector -IsTransportRuleScoped $true).Name; (Get-OutboundConnector -IncludeTestModeConnectors $true).Name; (Get-OutboundConnector -Identity scoped).Name`,
		want:   "out\nscoped\ntrial\nout",
	},
	{
		name: "a tenant may show them all", set: []Edit{outbound, scoped, trial, options(Options{ShowsScoped: true})},
		inline: `(Get-OutboundConnector).Name -join ' '; (Get-OutboundConnector -IsTransportRuleScoped $true).Name; @(Get-OutboundConnector -IsTransportRuleScoped $false).Count`, want: "out scoped trial\nscoped\n2",
	},
	{
		name: "rules are filtered by their state", set: []Edit{ruleOne, ruleTwo},
		inline: `(Get-TransportRule -State Disabled).Name; (Get-TransportRule -State Enabled).Name; (Get-TransportRule -State Disabled).Priority`, want: "two\none\n1",
	},
	{
		name: "what a filter would need to be simulated is a fault", set: []Edit{ruleOne},
		inline: `$null = Get-TransportRule -Filter "Description -like '*x*'"`, faults: []string{"Get-TransportRule -Filter is not simulated"},
	},
	{
		name: "lists come back in the server's form and in another order", set: []Edit{inboundA, outbound},
		inline: `$i = Get-InboundConnector a; $i.SenderDomains -join ' '; (Get-OutboundConnector out).SmartHosts -join ' '; "$($i.EFSkipIPs.Count) $($null -eq $i.EFSkipIPs) $($null -eq $i.TlsSenderCertificateName) '$($i.Comment)' $($null -eq $i.Comment)"`,
		want:   "smtp:b.example;1 smtp:a.example;1\n[192.0.2.1] [h.example]\n0 False True '' False",
	},
	{
		name: "lists are of a type that is no array", set: []Edit{inboundA}, mode: Full,
		inline: `$i = Get-InboundConnector a; $i.SenderDomains.GetType().Name; $i.EFUsers.GetType().Name; $i.Enabled.GetType().Name`, want: "ArrayList\nArrayList\nBoolean",
	},
	{
		name: "a rule has a state, a priority, and false for what it does not do", set: []Edit{ruleOne, add("TransportRule", "p", map[string]any{"HeaderMatchesMessageHeader": "X", "HeaderMatchesPatterns": []string{"b", "a"}, "RecipientDomainIs": []string{"x.example", "y.example"}})},
		inline: `$r = @(Get-TransportRule p)[0]; "$($r.State) $($null -eq $r.PSObject.Properties['Enabled']) $($r.StopRuleProcessing) $($r.HasNoClassification) $($r.Priority)"
"$($null -eq $r.SubjectMatchesPatterns) $($null -eq $r.ExceptIfRecipientDomainIs) $($null -eq $r.Conditions)"
$r.HeaderMatchesPatterns -join ' '; $r.RecipientDomainIs -join ' '; $r.Priority -is [int]; $r.Description -eq ''`,
		want: "Enabled True False False 1\nTrue True True\nb a\ny.example x.example\nTrue\nTrue",
	},
	{
		name: "a setting that was never set is null", set: []Edit{{Noun: "TransportConfig", Values: map[string]any{"SmtpClientAuthenticationDisabled": nil}}},
		inline: `$c = Get-TransportConfig; $null -eq $c.SmtpClientAuthenticationDisabled; $null -eq $c.AllowLegacyTLSClients; $c.Name`, want: "True\nTrue\nTransport Settings",
	},
	{
		name: "trusted sealers are one text, or nothing", set: []Edit{{Noun: "ArcConfig", Values: map[string]any{"ArcTrustedSealers": []string{"a.example", "b.example"}}}},
		inline: `$a = Get-ArcConfig; $a.ArcTrustedSealers; $a.Identity; $null = Set-ArcConfig -Identity Default -ArcTrustedSealers ' '; $b = Get-ArcConfig; $null -eq $b; $null -eq $b.ArcTrustedSealers`,
		want:   "a.example,b.example\nDefault\nFalse\nTrue", wrote: []string{"Set-ArcConfig Default"},
	},
	{
		name: "a tenant may return nothing for no sealers", set: []Edit{options(Options{ArcNothing: true})},
		inline: `@(Get-ArcConfig).Count; Set-ArcConfig -Identity Default -ArcTrustedSealers a.example; @(Get-ArcConfig).Count`, want: "0\n1", wrote: []string{"Set-ArcConfig Default"},
	},
	{
		name:   "the initial domain signs",
		inline: `$d = Get-DkimSigningConfig; "$($d.Domain) $($d.Identity) $($d.Name) $($d.Enabled) $($d.Status) $($d.IsDefault) $($d.Selector1KeySize)"; $d.KeyCreationTime -is [datetime]`,
		want:   "contoso.onmicrosoft.com contoso.onmicrosoft.com contoso.onmicrosoft.com True Valid True 2048\nTrue",
	},
	{
		name:   "the organisation",
		inline: `$o = Get-OrganizationConfig; "$($o.Name) $($o.IsDehydrated)"`, want: "contoso.onmicrosoft.com False",
	},
	{
		name: "one connection, to the tenant",
		inline: `$c = @(Get-ConnectionInformation); "$($c.Count) $($c[0].State) $($c[0].IsEopSession) $($c[0].TenantID) $($c[0].UserPrincipalName)"; @(Get-ConnectionInformation -ModulePrefix x).Count
$i = $c[0].ConnectionId; @(Get-ConnectionInformation -ConnectionId $i).Count`,
		want: "1 Connected False " + DefaultTenantID + " admin@contoso.onmicrosoft.com\n0\n1",
	},
	{
		name:   "other connections",
		set:    []Edit{options(Options{Connections: []Connection{{State: "Broken"}, {TenantID: "another"}, {Eop: true}}})},
		inline: `Get-ConnectionInformation | ForEach-Object { "$($_.Id) $($_.Name) $($_.State) $($_.TenantID) $($_.IsEopSession)" }`,
		want:   "1 ExchangeOnline_1 Broken " + DefaultTenantID + " False\n2 ExchangeOnline_2 Connected another False\n3 ExchangeOnlineProtection_3 Connected " + DefaultTenantID + " True",
	},
	{
		name: "no connection", set: []Edit{options(Options{Connections: []Connection{}})},
		inline: `@(Get-ConnectionInformation).Count`, want: "0",
	},
	{
		name: "a read may be older than the write before it", set: []Edit{inboundA, options(Options{LagReads: 2})},
		inline: `Set-InboundConnector -Identity a -RequireTls $true -ErrorAction Stop; 1..3 | ForEach-Object { (Get-InboundConnector).RequireTls }
$null = New-InboundConnector -Name n -SenderDomains '*' -ErrorAction Stop; 1..3 | ForEach-Object { @(Get-InboundConnector).Count }`,
		want: "False\nFalse\nTrue\n1\n1\n2", wrote: []string{"Set-InboundConnector a", "New-InboundConnector n"},
	},
	{
		name: "a lag is of one noun", set: []Edit{inboundA, ruleOne, options(Options{LagReads: 1})},
		inline: `Disable-TransportRule -Identity one -Confirm:$false -ErrorAction Stop; (Get-InboundConnector).Name; (Get-TransportRule).State; (Get-TransportRule).State`, want: "a\nEnabled\nDisabled", wrote: []string{"Disable-TransportRule one"},
	},
	{
		name: "the keyboard", answers: []string{"yes", "Officer"},
		inline: `$a = Read-Host 'Go on?'; $b = Read-Host -Prompt 'Who'; "$a/$b"`, want: "Go on?: yes\nWho: Officer\nyes/Officer",
	},
	{
		name: "the keyboard is not answered for ever", answers: []string{"yes"},
		inline: `$a = Read-Host 'Go on?'; try { Read-Host 'And now?' } catch { 'stopped' }`, want: "Go on?: yes\nstopped", faults: []string{"the script asks and nobody answers: And now?"},
	},
}

var writingCases = []tenantCase{
	{
		name:   "an inbound connector is born enabled and demands TLS",
		inline: `$n = New-InboundConnector -Name n -SenderDomains a.example, b.example -ErrorAction Stop; $n.Name; $n.Enabled`, want: "n\nTrue", wrote: []string{"New-InboundConnector n"},
		state: []string{
			"InboundConnector/n/Enabled = true", "InboundConnector/n/RequireTls = true", "InboundConnector/n/RestrictDomainsToCertificate = false", `InboundConnector/n/SenderDomains = ["a.example", "b.example"]`,
			"InboundConnector/n/TlsSenderCertificateName = null", `InboundConnector/n/Comment = ""`, "InboundConnector/n/EFSkipIPs = []", `InboundConnector/n/ConnectorSource = "Default"`,
		},
	},
	{
		name: "a service offering may create it disabled", set: []Edit{options(Options{ConnectorsComeUpDisabled: true})},
		inline: `$null = New-InboundConnector -Name n -SenderDomains '*' -Enabled $true; (Get-InboundConnector n).Enabled; Set-InboundConnector -Identity n -Enabled $true; (Get-InboundConnector n).Enabled`, want: "False\nTrue",
		wrote: []string{"New-InboundConnector n", "Set-InboundConnector n"},
	},
	{
		name:   "an outbound connector is born with MX routing",
		inline: `$null = New-OutboundConnector -Name n -RecipientDomains a.example -ConnectorType partner`, wrote: []string{"New-OutboundConnector n"},
		state: []string{
			"OutboundConnector/n/UseMxRecord = true", "OutboundConnector/n/Enabled = true", "OutboundConnector/n/TlsSettings = null", "OutboundConnector/n/IsTransportRuleScoped = false", "OutboundConnector/n/TestMode = false", `OutboundConnector/n/ConnectorType = "Partner"`,
		},
	},
	{
		name: "a rule is born enabled, enforced and last", set: []Edit{ruleOne},
		inline: `$null = New-TransportRule -Name n -SubjectMatchesPatterns 'x'; ` + names, want: "0one 1n", wrote: []string{"New-TransportRule n"},
		state: []string{`TransportRule/n/State = "Enabled"`, `TransportRule/n/Mode = "Enforce"`, `TransportRule/n/RuleErrorAction = "Ignore"`, "TransportRule/n/StopRuleProcessing = false", "TransportRule/n/Priority = 1", "TransportRule/n/ApplyHtmlDisclaimerText = null"},
	},
	{
		name: "a new rule shifts the lower ones", set: []Edit{ruleOne, ruleTwo},
		inline: `$null = New-TransportRule -Name n -Priority 1 -Enabled $false; ` + names, want: "0one 1n 2two", wrote: []string{"New-TransportRule n"}, state: []string{`TransportRule/n/State = "Disabled"`},
	},
	{
		name: "a new rule has one priority more to choose from", set: []Edit{ruleOne},
		inline: `$null = New-TransportRule -Name n -Priority 1; New-TransportRule -Name m -Priority 3; New-TransportRule -Name m -Priority -1; ` + names, want: "0one 1n",
		wrote: []string{"New-TransportRule n"}, refusals: []string{"from 0 through 2", "from 0 through 2"},
	},
	{
		name: "moving a rule moves the others", set: []Edit{ruleOne, ruleTwo, ruleThree},
		inline: `Set-TransportRule -Identity three -Priority 0; ` + names + `; Set-TransportRule -Identity three -Priority 1; ` + names, want: "0three 1one 2two\n0one 1three 2two",
		wrote: []string{"Set-TransportRule three", "Set-TransportRule three"},
	},
	{
		name: "a priority beyond the last is refused", set: []Edit{ruleOne, ruleTwo},
		inline: `Set-TransportRule -Identity one -Priority 2; Set-TransportRule -Identity one -Priority -1; ` + names, want: "0one 1two", refusals: []string{"from 0 through 1", "from 0 through 1"},
	},
	{
		name: "a priority that it has changes nothing", set: []Edit{ruleOne, ruleTwo},
		inline: `Set-TransportRule -Identity two -Priority 1`, wrote: []string{"Set-TransportRule two"}, faults: []string{"Set-TransportRule 'two' changes nothing"},
	},
	{
		name: "a state has cmdlets of its own", set: []Edit{ruleOne},
		inline: `Disable-TransportRule -Identity one -Confirm:$false; (Get-TransportRule).State; $null = Enable-TransportRule -Identity one -Mode Audit; $r = Get-TransportRule; "$($r.State) $($r.Mode)"
try { Set-TransportRule -Identity one -Enabled $false } catch { "$_" }`,
		want: "Disabled\nEnabled Audit\nA parameter cannot be found that matches parameter name 'Enabled'.", wrote: []string{"Disable-TransportRule one", "Enable-TransportRule one"},
	},
	{
		name: "a rule needs the connector that it names",
		inline: `New-TransportRule -Name r -RouteMessageOutboundConnector gone; $null = New-OutboundConnector -Name Route -IsTransportRuleScoped $true -ErrorAction Stop
$null = New-TransportRule -Name r -RouteMessageOutboundConnector ROUTE; (Get-TransportRule).RouteMessageOutboundConnector
Remove-OutboundConnector -Identity route -Confirm:$false; Remove-TransportRule -Identity r -Confirm:$false; Remove-OutboundConnector -Identity route -Confirm:$false`,
		want: "Route", refusals: []string{"object 'gone' couldn't be found", "'Route' can't be removed because the TransportRule 'r' uses it"},
		wrote: []string{"New-OutboundConnector Route", "New-TransportRule r", "Remove-TransportRule r", "Remove-OutboundConnector Route"},
	},
	{
		name: "a rule's connector is let go", set: []Edit{scoped, add("TransportRule", "r", map[string]any{"RouteMessageOutboundConnector": "scoped"})},
		inline: `Set-TransportRule -Identity r -RouteMessageOutboundConnector $null; Remove-OutboundConnector -Identity scoped -Confirm:$false`, wrote: []string{"Set-TransportRule r", "Remove-OutboundConnector scoped"},
		state: []string{"TransportRule/r/RouteMessageOutboundConnector = null", "!OutboundConnector/scoped"},
	},
	{
		name: "a reference follows a new name", set: []Edit{scoped, add("TransportRule", "r", map[string]any{"RouteMessageOutboundConnector": "scoped"})},
		inline: `Set-OutboundConnector -Identity scoped -Name other`, wrote: []string{"Set-OutboundConnector other"}, state: []string{`TransportRule/r/RouteMessageOutboundConnector = "other"`},
	},
	{
		name: "parts that belong together come together", set: []Edit{ruleOne},
		inline: `Set-TransportRule -Identity one -HeaderMatchesPatterns x; Set-TransportRule -Identity one -HeaderMatchesMessageHeader H -HeaderMatchesPatterns x, Y; Set-TransportRule -Identity one -HeaderMatchesPatterns $null; Set-TransportRule -Identity one -IncidentReportContent Sender
Set-TransportRule -Identity one -GenerateIncidentReport soc@a.example -IncidentReportContent sender, SUBJECT`,
		refusals: []string{"HeaderMatchesMessageHeader and HeaderMatchesPatterns are set together", "are set together", "IncidentReportContent is used with GenerateIncidentReport"},
		wrote:    []string{"Set-TransportRule one", "Set-TransportRule one"}, state: []string{`TransportRule/one/HeaderMatchesPatterns = ["Y", "x"]`, `TransportRule/one/IncidentReportContent = ["Sender", "Subject"]`},
	},
	{
		name: "a condition is cleared with null", set: []Edit{add("TransportRule", "r", map[string]any{"SentToScope": "NotInOrganization", "RecipientDomainIs": []string{"a.example"}, "SubjectMatchesPatterns": []string{"x"}})},
		inline: `Set-TransportRule -Identity r -SentToScope $null -RecipientDomainIs $null; Set-TransportRule -Identity r -SubjectMatchesPatterns @()`, wrote: []string{"Set-TransportRule r", "Set-TransportRule r"},
		state: []string{"TransportRule/r/SentToScope = null", "TransportRule/r/RecipientDomainIs = null", "TransportRule/r/SubjectMatchesPatterns = null"},
	},
	{
		name: "a rule's mode cannot be null", set: []Edit{ruleOne},
		inline: `try { Set-TransportRule -Identity one -Mode $null } catch { 'refused' }`, want: "refused", refusals: []string{"Cannot convert null"},
	},
	{
		name: "null, an empty text and a text are three things", set: []Edit{add("TransportRule", "r", map[string]any{"Comments": "x"})},
		inline: `Set-TransportRule -Identity r -Comments ''; ('' -eq (Get-TransportRule).Comments); Set-TransportRule -Identity r -Comments $null; ($null -eq (Get-TransportRule).Comments); Set-TransportRule -Identity r -Comments 'X'; Set-TransportRule -Identity r -Comments 'x'`,
		want:   "True\nTrue", wrote: []string{"Set-TransportRule r", "Set-TransportRule r", "Set-TransportRule r", "Set-TransportRule r"}, state: []string{`TransportRule/r/Comments = "x"`},
	},
	{
		name: "a list is replaced or merged", set: []Edit{inboundA},
		inline: `Set-InboundConnector -Identity a -EFSkipIPs 192.0.2.1, 192.0.2.2; Set-InboundConnector -Identity a -EFSkipIPs @{Add = '192.0.2.3'; Remove = '192.0.2.1'}; (Get-InboundConnector).EFSkipIPs -join ' '; Set-InboundConnector -Identity a -EFSkipIPs 192.0.2.9; Set-InboundConnector -Identity a -EFSkipIPs $null`,
		want:   "192.0.2.3 192.0.2.2", wrote: []string{"Set-InboundConnector a", "Set-InboundConnector a", "Set-InboundConnector a", "Set-InboundConnector a"}, state: []string{"InboundConnector/a/EFSkipIPs = []"},
	},
	{
		name: "merging is for multi-valued properties only", set: []Edit{inboundA, ruleOne},
		inline: `try { Set-TransportRule -Identity one -RecipientDomainIs @{Add = 'a.example'} } catch { 'no' }; try { Set-InboundConnector -Identity a -EFSkipIPs @{Plus = '192.0.2.1'} } catch { 'no' }`, want: "no\nno",
		refusals: []string{"Cannot convert a hashtable", "Cannot convert a hashtable with 'Plus'"},
	},
	{
		name: "a list is no single value", set: []Edit{inboundA},
		inline: `try { Set-InboundConnector -Identity a -TlsSenderCertificateName a.example, b.example } catch { 'no' }`, want: "no", refusals: []string{"Cannot convert a list"},
	},
	{
		name: "sender domains cannot be emptied", set: []Edit{inboundA},
		inline: `Set-InboundConnector -Identity a -SenderDomains $null; New-InboundConnector -Name n -SenderDomains @()`, refusals: []string{"SenderDomains must have a value", "SenderDomains must have a value"},
	},
	{
		name: "what is written must be new", set: []Edit{inboundA, outbound, add("TransportRule", "r", map[string]any{"SubjectMatchesPatterns": []string{"x"}})},
		inline: `Set-InboundConnector -Identity a -SenderDomains B.example, a.example; Set-InboundConnector -Identity a -ConnectorType partner -RequireTls $false; Set-OutboundConnector -Identity out -SmartHosts 192.0.2.1, h.example
Set-TransportRule -Identity r -SubjectMatchesPatterns X; Set-TransportRule -Identity r -SubjectMatchesPatterns X; Set-TransportConfig -SmtpClientAuthenticationDisabled $true; Set-InboundConnector -Identity a -RequireTls $true -ConnectorType Partner`,
		faults: []string{"Set-InboundConnector 'a' changes nothing", "Set-InboundConnector 'a' changes nothing", "Set-OutboundConnector 'out' changes nothing", "Set-TransportRule 'r' changes nothing", "Set-TransportConfig 'Transport Settings' changes nothing"},
	},
	{
		name: "three states of a flag", set: []Edit{{Noun: "TransportConfig", Values: map[string]any{"SmtpClientAuthenticationDisabled": nil}}},
		inline: `Set-TransportConfig -SmtpClientAuthenticationDisabled $false; (Get-TransportConfig).SmtpClientAuthenticationDisabled; Set-TransportConfig -SmtpClientAuthenticationDisabled $null; $null -eq (Get-TransportConfig).SmtpClientAuthenticationDisabled
Set-TransportConfig -SmtpClientAuthenticationDisabled $null`,
		want: "False\nTrue", faults: []string{"changes nothing"}, state: []string{"TransportConfig/Transport Settings/SmtpClientAuthenticationDisabled = null"},
	},
	{
		name: "other flags take no null", set: []Edit{inboundA},
		inline: `try { Set-InboundConnector -Identity a -RequireTls $null } catch { 'no' }; try { Set-InboundConnector -Identity a -RequireTls 'yes' } catch { 'no' }`, want: "no\nno",
	},
	{
		name: "a name is taken once", set: []Edit{inboundA, outbound, ruleOne, dkim},
		inline:   `New-InboundConnector -Name A -SenderDomains '*'; New-OutboundConnector -Name out; New-TransportRule -Name one; New-DkimSigningConfig -DomainName agency.example -Enabled $false; Set-InboundConnector -Identity a -Name A`,
		refusals: []string{"The InboundConnector 'A' already exists", "The OutboundConnector 'out' already exists", "The TransportRule 'one' already exists", "The DkimSigningConfig 'agency.example' already exists"},
		wrote:    []string{"Set-InboundConnector A"}, state: []string{`InboundConnector/A/Name = "A"`},
	},
	{
		name: "what is not there cannot be changed", set: []Edit{inboundA},
		inline: `Set-InboundConnector -Identity b -RequireTls $true; Remove-InboundConnector -Identity b -Confirm:$false; Disable-TransportRule -Identity r -Confirm:$false; Set-ArcConfig -Identity Other -ArcTrustedSealers a.example; 'went on'`, want: "went on",
		refusals: []string{"object 'b' couldn't be found", "object 'b' couldn't be found", "object 'r' couldn't be found", "object 'Other' couldn't be found"},
	},
	{
		name:   "a name has 64 characters",
		inline: `$null = New-TransportRule -Name ('n' * 64); New-TransportRule -Name ('n' * 65); New-OutboundConnector -Name ('n' * 65); Set-TransportRule -Identity ('n' * 64) -Comments ('c' * 1025)`, wrote: []string{"New-TransportRule " + strings.Repeat("n", 64)},
		refusals: []string{"the maximum length is 64", "the maximum length is 64", "the maximum length is 1024"},
	},
	{
		name: "no MX routing needs smart hosts", set: []Edit{outbound},
		inline:   `New-OutboundConnector -Name n -UseMXRecord $false; Set-OutboundConnector -Identity out -SmartHosts $null; Set-OutboundConnector -Identity out -UseMXRecord $true -SmartHosts $null; Set-OutboundConnector -Identity out -UseMXRecord $false; $null = New-OutboundConnector -Name n -UseMXRecord $false -SmartHosts h.example`,
		refusals: []string{"needs SmartHosts", "needs SmartHosts", "needs SmartHosts"}, wrote: []string{"Set-OutboundConnector out", "New-OutboundConnector n"}, state: []string{"OutboundConnector/out/SmartHosts = []"},
	},
	{
		name: "a TLS domain is for domain validation", set: []Edit{outbound},
		inline: `Set-OutboundConnector -Identity out -TlsDomain a.example; Set-OutboundConnector -Identity out -TlsDomain a.example -TlsSettings EncryptionOnly; Set-OutboundConnector -Identity out -TlsDomain a.example -TlsSettings domainvalidation
Set-OutboundConnector -Identity out -TlsSettings CertificateValidation; Set-OutboundConnector -Identity out -TlsSettings $null -TlsDomain $null`,
		refusals: []string{"TlsDomain is for", "TlsDomain is for", "TlsDomain is for"}, wrote: []string{"Set-OutboundConnector out", "Set-OutboundConnector out"}, state: []string{"OutboundConnector/out/TlsSettings = null", "OutboundConnector/out/TlsDomain = null"},
	},
	{
		name: "a certificate restriction needs a name", set: []Edit{inboundA},
		inline: `Set-InboundConnector -Identity a -RestrictDomainsToCertificate $true; Set-InboundConnector -Identity a -RestrictDomainsToCertificate $true -TlsSenderCertificateName *.a.example; Set-InboundConnector -Identity a -TlsSenderCertificateName $null
Set-InboundConnector -Identity a -TlsSenderCertificateName mail.*.example`,
		refusals: []string{"needs a TlsSenderCertificateName", "needs a TlsSenderCertificateName", "not a valid SMTP domain"}, wrote: []string{"Set-InboundConnector a"},
	},
	{
		name: "requiring TLS comes of nothing else", set: []Edit{inboundA},
		inline: `Set-InboundConnector -Identity a -RestrictDomainsToCertificate $true -TlsSenderCertificateName a.example`, state: []string{"InboundConnector/a/RequireTls = false", "InboundConnector/a/RestrictDomainsToIPAddresses = false"},
	},
	{
		name: "addresses are IPv4, single or /24 to /32", set: []Edit{inboundA},
		inline:   `foreach ($x in '192.0.2.0/23', '2001:db8::1', '192.0.2.1-192.0.2.9', '192.0.2.300', '192.0.2.0/33', 'h.example') { Set-InboundConnector -Identity a -SenderIPAddresses $x }; Set-InboundConnector -Identity a -SenderIPAddresses 192.0.2.1, 198.51.100.0/24, 203.0.113.7/32`,
		refusals: slices.Repeat([]string{"is not an IPv4 address or a network of /24 to /32"}, 6), wrote: []string{"Set-InboundConnector a"},
	},
	{
		name: "an older object is checked where it is touched", set: []Edit{add("InboundConnector", "old", map[string]any{"SenderDomains": []string{"a.*.example"}, "RestrictDomainsToCertificate": true})},
		inline: `Set-InboundConnector -Identity old -Comment kept`, wrote: []string{"Set-InboundConnector old"},
	},
	{
		name: "some settings are for connectors of one's own servers", set: []Edit{inboundA, outbound},
		inline:   `Set-OutboundConnector -Identity out -RouteAllMessagesViaOnPremises $true; Set-InboundConnector -Identity a -TreatMessagesAsInternal $true; Set-InboundConnector -Identity a -TreatMessagesAsInternal $true -ConnectorType OnPremises`,
		refusals: []string{"connectors of the type OnPremises", "connectors of the type OnPremises"}, wrote: []string{"Set-InboundConnector a"},
	},
	{
		name: "an enumeration refuses other values", set: []Edit{inboundA, outbound},
		inline: `try { Set-InboundConnector -Identity a -ConnectorType Friend } catch { 'no' }; try { Set-OutboundConnector -Identity out -TlsSettings Strong } catch { 'no' }; try { New-TransportRule -Name r -IncidentReportContent Sender, Mood } catch { 'no' }; try { New-DkimSigningConfig -DomainName a.example -Enabled $false -KeySize 512 } catch { 'no' }`,
		want:   "no\nno\nno\nno", refusals: []string{`"Partner,OnPremises"`, `"EncryptionOnly,CertificateValidation,DomainValidation"`, `Cannot convert value "Mood"`, `Cannot convert value "512"`},
	},
	{
		name:   "what the contract does not have does not bind",
		inline: `foreach ($c in { New-InboundConnector -Nam x -SenderDomains '*' -Colour red }, { Set-InboundConnector -Identity a -EFTestMode $true }, { Set-DkimSigningConfig -Identity a.example -KeySize 2048 }, { Set-TransportConfig -MaxReceiveSize 10MB }, { Get-InboundConnector a b }, { Get-TransportConfig -Identity x }, { Get-ArcConfig -WhatIf }) { try { & $c } catch { "$_" } }`,
		want: `A parameter cannot be found that matches parameter name 'Colour'.
A parameter cannot be found that matches parameter name 'EFTestMode'.
A parameter cannot be found that matches parameter name 'KeySize'.
A parameter cannot be found that matches parameter name 'MaxReceiveSize'.
A positional parameter cannot be found that accepts argument 'b'.
A parameter cannot be found that matches parameter name 'Identity'.
A parameter cannot be found that matches parameter name 'WhatIf'.`,
	},
	{
		name:   "what is demanded is demanded",
		inline: `foreach ($c in { New-InboundConnector -Name n }, { New-DkimSigningConfig -DomainName a.example }, { Set-InboundConnector -Identity $null -RequireTls $true }, { Set-ArcConfig -Identity Default -ArcTrustedSealers @() }, { Set-ArcConfig -Identity Default -ArcTrustedSealers $null }, { Set-ArcConfig -Identity Default -ArcTrustedSealers '' }) { try { & $c; 'bound' } catch { 'no' } }`,
		want:   "no\nno\nno\nno\nno\nno",
	},
	{
		name:   "a parameter without a property is not simulated",
		inline: `$null = New-OutboundConnector -Name n -ConnectorSource Default`, faults: []string{"New-OutboundConnector -ConnectorSource is not simulated"},
	},
	{
		name: "sealers are a whole list", set: []Edit{{Noun: "ArcConfig", Values: map[string]any{"ArcTrustedSealers": []string{"a.example"}}}},
		inline: `Set-ArcConfig -Identity Default -ArcTrustedSealers a.example, b.example; Set-ArcConfig -Identity Default -ArcTrustedSealers 'b.example,a.example'; Set-ArcConfig -Identity Default -ArcTrustedSealers c.example`,
		faults: []string{"Set-ArcConfig 'Default' changes nothing"}, state: []string{`ArcConfig/Default/ArcTrustedSealers = ["c.example"]`},
	},
	{
		name: "a signing configuration waits for DNS",
		inline: `$null = New-DkimSigningConfig -DomainName agency.example -Enabled $false -KeySize 2048; $d = Get-DkimSigningConfig agency.example; "$($d.Enabled) $($d.Status) $($d.Selector1KeySize) $($d.Selector2KeySize)"
$d.Selector1CNAME -match '^selector1-agency-example\._domainkey\.contoso\.[a-z]-v1\.dkim\.mail\.microsoft$'; $d.Selector2CNAME -eq ($d.Selector1CNAME -replace '^selector1', 'selector2')
try { Set-DkimSigningConfig -Identity agency.example -Enabled $true -ErrorAction Stop } catch { "$_".Contains($d.Selector1CNAME) -and "$_".Contains('selector2._domainkey.agency.example') }
try { New-DkimSigningConfig -DomainName other.example -Enabled $true -ErrorAction Stop } catch { 'refused too' }`,
		want:     "False CnameMissing 2048 2048\nTrue\nTrue\nTrue\nrefused too",
		refusals: []string{"CNAME record does not exist for this config", "CNAME record does not exist for this config"}, wrote: []string{"New-DkimSigningConfig agency.example"},
	},
	{
		name: "a key has 1024 bits unless asked", inline: `$d = New-DkimSigningConfig -DomainName agency.example -Enabled $false; $d.Selector1KeySize`, want: "1024",
	},
	{
		name: "published, it can be enabled", set: []Edit{dkim, {Publish: "agency.example"}},
		inline: `(Get-DkimSigningConfig agency.example).Status; Set-DkimSigningConfig -Identity agency.example -Enabled $true -ErrorAction Stop; (Get-DkimSigningConfig agency.example).Enabled`, want: "Valid\nTrue", wrote: []string{"Set-DkimSigningConfig agency.example"},
		state: []string{"DkimSigningConfig/agency.example/Enabled = true", `DkimSigningConfig/agency.example/Status = "Valid"`},
	},
	{
		name: "what is published shows without a write", set: []Edit{dkim, {Publish: "agency.example"}}, inline: `'x'`, wrote: []string{},
		state: []string{`DkimSigningConfig/agency.example/Status = "Valid"`},
	},
	{
		name: "taken back, it shows, and can be disabled", set: []Edit{dkim, {Publish: "agency.example"}, {Unpublish: "agency.example"}, {Noun: "DkimSigningConfig", Name: "agency.example", Values: map[string]any{"Enabled": true}}},
		inline: `(Get-DkimSigningConfig agency.example).Status; Set-DkimSigningConfig -Identity agency.example -Enabled $false -ErrorAction Stop`, want: "CnameMissing", wrote: []string{"Set-DkimSigningConfig agency.example"},
	},
	{
		name: "published wrongly, it cannot", set: []Edit{dkim, {DNS: map[string]string{"selector1._domainkey.agency.example": "selector1-agency-example._domainkey.contoso.onmicrosoft.com", "selector2._domainkey.agency.example": "selector2-agency-example._domainkey.contoso.onmicrosoft.com"}}},
		inline: `Set-DkimSigningConfig -Identity agency.example -Enabled $true`, refusals: []string{"CNAME record does not exist"},
	},
	{
		name: "the key that waits is renewed, and not before it signs", set: []Edit{dkim},
		inline: `Rotate-DkimSigningConfig -Identity agency.example -KeySize 2048; $d = Get-DkimSigningConfig agency.example; "$($d.Selector1KeySize) $($d.Selector2KeySize) $($d.SelectorBeforeRotateOnDate) $($d.SelectorAfterRotateOnDate) $(($d.RotateOnDate - $d.KeyCreationTime).Days)"; Rotate-DkimSigningConfig -Identity agency.example -KeySize 2048`,
		want:   "2048 1024 selector2 selector1 4", faults: []string{"a key is renewed while another change of keys is under way"}, mode: Full,
	},
	{
		name: "a mail host is asked for by its domain", set: []Edit{add("DnssecStatusForVerifiedDomain", "agency.example", nil), add("DnssecStatusForVerifiedDomain", "b.example", nil)},
		inline: `$d = Get-DnssecStatusForVerifiedDomain -DomainName agency.example; "$($d.DnssecFeatureStatus.Value)"; $d.ExpectedMxRecord.Record -match '^@ 60 IN MX 10 agency-example\.[a-z]-v1\.mx\.microsoft$'
$null = Enable-DnssecForVerifiedDomain -DomainName agency.example; "$((Get-DnssecStatusForVerifiedDomain -DomainName agency.example).DnssecFeatureStatus.Value)"; try { Get-DnssecStatusForVerifiedDomain -DomainName c.example -ErrorAction Stop } catch { 'no such domain' }`,
		want: "Disabled\nTrue\nEnabled\nno such domain", refusals: []string{"object 'c.example'"}, wrote: []string{"Enable-DnssecForVerifiedDomain agency.example"},
		state: []string{`DnssecStatusForVerifiedDomain/agency.example/DnssecFeatureStatus = "Enabled"`, `DnssecStatusForVerifiedDomain/b.example/DnssecFeatureStatus = "Disabled"`},
	},
	{
		name: "inbound DANE shows on the domain", set: []Edit{add("AcceptedDomain", "agency.example", nil)}, allow: map[string][]string{"SmtpDaneInbound": {"Enabled"}},
		inline: `$null = Enable-SmtpDaneInbound -DomainName agency.example; "$((Get-AcceptedDomain agency.example).SmtpDaneStatus)"; Disable-SmtpDaneInbound -DomainName agency.example`, want: "Enabled",
		wrote: []string{"Enable-SmtpDaneInbound agency.example", "Disable-SmtpDaneInbound agency.example"}, state: []string{`AcceptedDomain/agency.example/SmtpDaneStatus = "Disabled"`},
	},
	{
		name: "a filter policy has one rule, a default one none", set: []Edit{add("MalwareFilterPolicy", "p", nil), add("MalwareFilterPolicy", "q", nil)},
		inline: `New-MalwareFilterRule -Name r -MalwareFilterPolicy Default; $null = New-MalwareFilterRule -Name r -MalwareFilterPolicy P -RecipientDomainIs a.example -Enabled $false; New-MalwareFilterRule -Name s -MalwareFilterPolicy p
Set-MalwareFilterRule -Identity r -MalwareFilterPolicy p; Set-MalwareFilterRule -Identity r -MalwareFilterPolicy q -RecipientDomainIs b.example; $null = Enable-MalwareFilterRule -Identity r; (Get-MalwareFilterRule).State; Remove-MalwareFilterPolicy -Identity q -Confirm:$false`,
		want: "Enabled", refusals: []string{"is a default policy", "already associated with the rule 'r'", "already associated with the rule 'r'", "uses it"},
		wrote: []string{"New-MalwareFilterRule r", "Set-MalwareFilterRule r", "Enable-MalwareFilterRule r"},
		state: []string{`MalwareFilterRule/r/MalwareFilterPolicy = "q"`, `MalwareFilterRule/r/RecipientDomainIs = ["b.example"]`},
	},
	{
		name:     "addresses and networks are allowed one by one",
		inline:   `Set-HostedConnectionFilterPolicy -Identity Default -IPAllowList 192.0.2.1, 198.51.100.0/24; Set-HostedConnectionFilterPolicy -Identity Default -IPAllowList @{Add = '192.0.2.1', '198.51.100.0/24'}; Set-HostedConnectionFilterPolicy -Identity Default -IPAllowList @{Add = '192.0.2.0/23'}`,
		refusals: []string{"added one by one", "is not an IPv4 address"}, wrote: []string{"Set-HostedConnectionFilterPolicy Default"},
		state: []string{`HostedConnectionFilterPolicy/Default/IPAllowList = ["192.0.2.1", "198.51.100.0/24"]`},
	},
	{
		name:   "whom a policy protects comes back with a space",
		inline: `$null = New-AntiPhishPolicy -Name p -TargetedUsersToProtect 'Jo;jo@a.example' -EnableTargetedUserProtection $true; (Get-AntiPhishPolicy -Identity p).TargetedUsersToProtect -join '|'`, want: "Jo; jo@a.example", wrote: []string{"New-AntiPhishPolicy p"},
	},
	{
		name: "what recipients may do is written as a number and read as text", set: []Edit{add("MalwareFilterPolicy", "m", nil)},
		inline: `$null = New-QuarantinePolicy -Name q -EndUserQuarantinePermissionsValue 43 -ESNEnabled $true; $q = Get-QuarantinePolicy | Where-Object -Property Name -EQ -Value q
@($q.EndUserQuarantinePermissions -split '[\[\]\r\n]+' | Where-Object { $_ -match 'True' }) -join '|'; Set-MalwareFilterPolicy -Identity m -QuarantineTag none; Set-MalwareFilterPolicy -Identity m -QuarantineTag Q; Remove-QuarantinePolicy -Identity q`,
		want: "PermissionToAllowSender: True|PermissionToRequestRelease: True|PermissionToPreview: True|PermissionToDelete: True", refusals: []string{"object 'none' couldn't be found", "uses it"},
		wrote: []string{"New-QuarantinePolicy q", "Set-MalwareFilterPolicy m"}, state: []string{"QuarantinePolicy/q/EndUserQuarantinePermissions = 43", `MalwareFilterPolicy/m/QuarantineTag = "q"`},
	},
	{
		name: "a redirect is for the action Allow", set: []Edit{add("SafeAttachmentPolicy", "p", nil)},
		inline: `Set-SafeAttachmentPolicy -Identity p -Redirect $true -Action DynamicDelivery; Set-SafeAttachmentPolicy -Identity p -Redirect $true -Action Allow`, refusals: []string{"Redirect is for the action Allow"}, wrote: []string{"Set-SafeAttachmentPolicy p"},
	},
	{
		name: "a write under what-if is a fault and is not done", set: []Edit{inboundA},
		inline: `Set-InboundConnector -Identity a -RequireTls $true -WhatIf; $global:WhatIfPreference = $true; New-TransportRule -Name r; Remove-InboundConnector -Identity a`,
		faults: []string{"Set-InboundConnector was called under -WhatIf", "New-TransportRule was called under -WhatIf", "Remove-InboundConnector was called under -WhatIf"}, wrote: []string{}, state: []string{"InboundConnector/a/RequireTls = false"},
	},
	{
		name: "a preference of the script does not reach the module", set: []Edit{inboundA},
		inline: `$WhatIfPreference = $true; $ErrorActionPreference = 'Stop'; Set-InboundConnector -Identity a -RequireTls $true; Set-InboundConnector -Identity b -RequireTls $true; 'went on'
try { Set-InboundConnector -Identity b -RequireTls $true -ErrorAction Stop; 'not here' } catch { 'stopped' }`,
		want: "went on\nstopped", wrote: []string{"Set-InboundConnector a"}, refusals: []string{"object 'b'", "object 'b'"},
	},
	{
		name: "removing stops and asks", set: []Edit{inboundA, inboundB, ruleOne},
		inline: `Remove-InboundConnector -Identity a; Disable-TransportRule -Identity one; Set-InboundConnector -Identity a -RequireTls $true -Confirm; Remove-InboundConnector -Identity b -Confirm:$false; Set-InboundConnector -Identity a -RequireTls $true -Confirm:$false; 'end'`,
		want:   "end", faults: []string{"Remove-InboundConnector stops and asks", "Disable-TransportRule stops and asks", "Set-InboundConnector stops and asks"}, refusals: []string{"nobody to answer", "nobody to answer", "nobody to answer"},
		wrote: []string{"Remove-InboundConnector b", "Set-InboundConnector a"},
	},
	{
		name: "a plan's writes", set: []Edit{inboundA, ruleOne, ruleTwo}, allow: map[string][]string{"InboundConnector": {"RequireTls", "SenderDomains"}, "TransportRule": {"Enabled", "mode"}, "TransportRuleOrder": {"Order"}},
		inline: `Set-InboundConnector -Identity a -RequireTls $true; $null = New-InboundConnector -Name n -SenderDomains '*'; Disable-TransportRule -Identity one -Confirm:$false; $null = Enable-TransportRule -Identity one -Mode Audit; Set-TransportRule -Identity two -Priority 0; Remove-InboundConnector -Identity n -Confirm:$false; Remove-TransportRule -Identity two -Confirm:$false`,
	},
	{
		name: "what the plan does not name", set: []Edit{inboundA, ruleOne, ruleTwo}, allow: map[string][]string{"InboundConnector": {"RequireTls"}, "TransportConfig": {"SmtpClientAuthenticationDisabled"}},
		inline: `Set-InboundConnector -Identity a -RequireTls $true -Comment x; Set-InboundConnector -Identity a -Name b; $null = New-InboundConnector -Name n -SenderDomains '*'; Disable-TransportRule -Identity one -Confirm:$false; Set-TransportRule -Identity two -Priority 0; Remove-TransportRule -Identity two -Confirm:$false`,
		faults: []string{"Set-InboundConnector writes Comment", "Set-InboundConnector writes Name", "New-InboundConnector writes SenderDomains", "Disable-TransportRule writes Enabled", "Set-TransportRule writes Priority", "Remove-TransportRule, and the plan names no TransportRule"},
	},
	{
		name: "a plan of nothing", set: []Edit{inboundA}, allow: map[string][]string{},
		inline: `Set-InboundConnector -Identity a -RequireTls $true`, faults: []string{"Set-InboundConnector writes RequireTls, which the plan does not name"},
	},
	{
		name: "a session is lost before a write", set: []Edit{inboundA, options(Options{FailWrite: 2})},
		inline: `Set-InboundConnector -Identity a -RequireTls $true; try { Set-InboundConnector -Identity a -Comment x -ErrorAction Stop } catch { 'lost' }; (Get-InboundConnector).Comment -eq ''; Set-InboundConnector -Identity a -Comment x; (Get-InboundConnector).Comment`,
		want:   "lost\nTrue\nx", refusals: []string{"The session was lost. The operation was not completed."}, wrote: []string{"Set-InboundConnector a", "Set-InboundConnector a"},
	},
	{
		name: "a session is lost after a write", set: []Edit{inboundA, options(Options{LoseAnswer: 1})},
		inline: `try { Set-InboundConnector -Identity a -Comment x -ErrorAction Stop } catch { 'lost' }; (Get-InboundConnector).Comment`,
		want:   "lost\nx", refusals: []string{"The session was lost before the answer came."}, wrote: []string{"Set-InboundConnector a"},
	},
}

func TestReading(t *testing.T) {
	t.Parallel()
	runCases(t, readingCases)
}

// TestWriting takes the table in two halves, side by side.
func TestWriting(t *testing.T) {
	t.Parallel()
	half := len(writingCases) / 2
	for name, cases := range map[string][]tenantCase{"first half": writingCases[:half], "second half": writingCases[half:]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runCases(t, cases)
		})
	}
}

func runCases(t *testing.T, cases []tenantCase) {
	t.Helper()
	e := pwshtest.Engine(t)
	var actions []Action
	var of []tenantCase
	for _, mode := range modes {
		for _, c := range cases {
			if c.mode != "" && c.mode != mode {
				continue
			}
			actions = append(actions, Action{
				Name: c.name + " in " + mode, Set: append([]Edit{{Restart: true}}, c.set...), Inline: c.inline,
				Mode: mode, Allow: c.allow, Answers: c.answers,
			})
			of = append(of, c)
		}
	}
	outcomes, err := Run(t.Context(), e, Tenant{}, actions)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		t.Run(o.Name, func(t *testing.T) { of[i].check(t, o) })
	}
}

func (c tenantCase) check(t *testing.T, o Outcome) {
	t.Helper()
	if got := withoutErrors(o.Output); c.want != "" && got != c.want {
		t.Errorf("output:\n%s\nwant:\n%s", o.Output, c.want)
	}
	each(t, "refusals", o.Refusals, c.refusals)
	each(t, "faults", o.Faults, c.faults)
	if c.wrote != nil && !slices.Equal(o.Wrote(), c.wrote) {
		t.Errorf("wrote %q, want %q", o.Wrote(), c.wrote)
	}
	lines := strings.Split(o.State.String(), "\n")
	for _, line := range c.state {
		line, absent := strings.CutPrefix(line, "!")
		if slices.Contains(lines, line) == absent {
			t.Errorf("state: %q there: %t\n%s", line, absent, strings.Join(o.Before.Difference(o.State), "\n"))
		}
	}
	if t.Failed() {
		t.Logf("output:\n%s", o.Output)
	}
}

func each(t *testing.T, what string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %q, want %q", what, got, want)
		return
	}
	for i := range got {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("%s: %q, want %q", what, got[i], want[i])
		}
	}
}

func withoutErrors(output string) string {
	lines := slices.DeleteFunc(strings.Split(output, "\n"), func(s string) bool { return strings.HasPrefix(s, "ERROR: ") })
	return strings.Join(lines, "\n")
}

// TestGetReturnsWhatTheContractSays holds every Get cmdlet against the contract: all its
// properties and no others.
func TestGetReturnsWhatTheContractSays(t *testing.T) {
	t.Parallel()
	c, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	var actions []Action
	var gets []contract.Cmdlet
	for _, name := range c.Cmdlets() {
		if x, _ := c.Cmdlet(name); x.Returns != nil {
			gets = append(gets, x)
			call := name
			if x.Parameters["Identity"].Required {
				call += " -Identity Default"
			}
			if x.Parameters["DomainName"].Required {
				call += " -DomainName agency.example"
			}
			actions = append(actions, Action{Name: name, Inline: call + ` | ForEach-Object { $_.PSObject.Properties.Name }`})
		}
	}
	objects := []Object{*inboundA.Add, *outbound.Add, *ruleOne.Add, {Noun: "DnssecStatusForVerifiedDomain", Name: "agency.example"}}
	for _, name := range c.Nouns() { // of these no tenant has one from the start
		if noun, _ := c.Noun(name); noun.Key == "Name" && !slices.ContainsFunc(objects, func(o Object) bool { return o.Noun == name }) {
			objects = append(objects, Object{Noun: name, Name: "n"})
		}
	}
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{Objects: objects}, actions)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes {
		got := strings.Split(o.Output, "\n")
		slices.Sort(got)
		got = slices.Compact(got)
		if want := slices.Sorted(maps.Keys(gets[i].Returns)); !slices.Equal(got, want) {
			t.Errorf("%s returns %q, want %q", o.Name, got, want)
		}
		if o.Reads[o.Name] != 1 || len(o.Reads) != 1 {
			t.Errorf("%s: counted %v", o.Name, o.Reads)
		}
	}
}

// TestParametersAreThoseOfTheContract asks PowerShell for the parameters of every cmdlet.
func TestParametersAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	c, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{}, []Action{{
		Mode:   Constrained,
		Inline: `Get-Command -Module tmpEXO_rehearsal, ExchangeOnlineManagement | Sort-Object Name | ForEach-Object { "$($_.Name) $((@($_.Parameters.Keys) | Sort-Object) -join ' ')" }`,
	}})
	if err != nil {
		t.Fatal(err)
	}
	common := strings.Fields("Verbose Debug ErrorAction WarningAction InformationAction ErrorVariable WarningVariable InformationVariable OutVariable OutBuffer PipelineVariable ProgressAction")
	got := map[string][]string{}
	for line := range strings.SplitSeq(outcomes[0].Output, "\n") {
		words := strings.Fields(line)
		got[words[0]] = slices.DeleteFunc(words[1:], func(w string) bool { return slices.Contains(common, w) })
	}
	for _, name := range c.Cmdlets() {
		x, _ := c.Cmdlet(name)
		want := slices.DeleteFunc(slices.Sorted(maps.Keys(x.Parameters)), func(p string) bool { return !x.Takes(p) })
		if x.ShouldProcess {
			want = append(want, "Confirm", "WhatIf")
		}
		slices.Sort(want)
		slices.Sort(got[name])
		if !slices.Equal(got[name], want) {
			t.Errorf("%s takes %q, want %q", name, got[name], want)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("cmdlets that the contract does not have: %v", slices.Sorted(maps.Keys(got)))
	}
}

// TestAThousandObjects: without -ResultSize Unlimited the rest is not seen.
func TestAThousandObjects(t *testing.T) {
	t.Parallel()
	var tenant Tenant
	for i := range 1001 {
		tenant.Objects = append(tenant.Objects, Object{Noun: "InboundConnector", Name: fmt.Sprintf("c%04d", i), Values: map[string]any{"SenderDomains": []string{"*"}}})
	}
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), tenant, []Action{{Inline: `@(Get-InboundConnector -WarningAction SilentlyContinue).Count; @(Get-InboundConnector -ResultSize Unlimited).Count`}})
	if err != nil {
		t.Fatal(err)
	}
	if outcomes[0].Output != "1000\n1001" {
		t.Errorf("got %q", outcomes[0].Output)
	}
}

// TestWholeRule: what the service makes of sizes, dates and the code beside a reject text.
func TestWholeRule(t *testing.T) {
	t.Parallel()
	runCases(t, []tenantCase{
		{
			name: "a size is shown in a form that is not taken back", set: []Edit{ruleOne},
			inline: `Set-TransportRule one -MessageSizeOver 10MB; "$((Get-TransportRule).MessageSizeOver)"; Set-TransportRule one -MessageSizeOver (Get-TransportRule).MessageSizeOver`,
			want:   "10 MB (10,485,760 bytes)", refusals: []string{"ByteQuantifiedSize"}, wrote: []string{"Set-TransportRule one"},
		},
		{
			name: "a date is a date", set: []Edit{ruleOne}, mode: Full,
			inline: `Set-TransportRule one -ExpiryDate ([datetime] '2027-01-31'); (Get-TransportRule).ExpiryDate.Year`, want: "2027", wrote: []string{"Set-TransportRule one"},
		},
		{
			name: "a reject text brings its code and takes it away", set: []Edit{ruleOne},
			inline: `Set-TransportRule one -RejectMessageReasonText no; "$((Get-TransportRule).RejectMessageEnhancedStatusCode)"; Set-TransportRule one -RejectMessageReasonText $null; "$((Get-TransportRule).RejectMessageEnhancedStatusCode)."`,
			want:   "5.7.1\n.", wrote: []string{"Set-TransportRule one", "Set-TransportRule one"},
		},
		{
			name: "no name server answers unless it is asked for", inline: `try { Resolve-DnsName -Name agency.example -Type MX -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId)" }`, want: "ERROR_TIMEOUT,Resolve-DnsName",
		},
		{
			name: "what is published is answered", set: []Edit{options(Options{Resolves: true}), {Zone: map[string][]string{"MX agency.example": {"10 mx.agency.example"}}}},
			inline: `"$((Resolve-DnsName agency.example -Type MX).NameExchange)"; "$((Resolve-DnsName agency.example -Type TXT).Type)"; try { Resolve-DnsName -Name b.example -Type MX -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId)" }`,
			want:   "MX.AGENCY.EXAMPLE\nSOA\nDNS_ERROR_RCODE_NAME_ERROR,Resolve-DnsName",
		},
	})
}

// TestClock: between two scripts a month goes by, unless one follows the other at once.
func TestClock(t *testing.T) {
	t.Parallel()
	now := `Get-Date -Format 'yyyy-MM-dd'`
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{}, []Action{{Inline: now}, {Inline: now, Soon: true}, {Inline: now}})
	if err != nil {
		t.Fatal(err)
	}
	first, err := time.Parse(time.DateOnly, outcomes[0].Output)
	if err != nil {
		t.Fatal(err)
	}
	if outcomes[1].Output != outcomes[0].Output || outcomes[2].Output != first.AddDate(0, 0, 31).Format(time.DateOnly) {
		t.Errorf("days: %q, %q, %q", outcomes[0].Output, outcomes[1].Output, outcomes[2].Output)
	}
}
