package rehearsal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
)

// pack writes files into a folder and returns the path of the first.
func pack(t *testing.T, files ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "it's a pack")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0])
}

const packModule = `
function Get-Sum { try { [math]::Abs(-3) } catch { 'refused' } }
function Set-Own { param ($Name) Set-InboundConnector -Identity $Name -RequireTls $true -Confirm:$false -ErrorAction Stop }
Export-ModuleMember -Function Get-Sum, Set-Own
`

const packScript = `
[CmdletBinding(SupportsShouldProcess)]
param ([string] $Text, [string[]] $List, [int] $Number, [bool] $Flag, [switch] $Go)
Import-Module (Join-Path $PSScriptRoot 'ExoPlan.psm1') -Force
Get-Sum
"$Text|$($List -join '+')|$($List.Count)|$Number|$Flag|$Go|$WhatIfPreference|$ConfirmPreference"
Write-Host 'to the host'
Write-Warning 'careful'
Set-Own -Name 'a'
"tls: $((Get-InboundConnector).RequireTls)"
exit 20
`

func TestScript(t *testing.T) {
	t.Parallel()
	path := pack(t, "apply.ps1", packScript, "ExoPlan.psm1", packModule)
	text := "it's ‘quoted’ \"$x\" `n\nand 2026-01-02T03:04:05Z"
	var actions []Action
	for _, mode := range modes {
		actions = append(actions, Action{
			Name: mode, Set: []Edit{{Restart: true}}, Script: path, Mode: mode, Allow: map[string][]string{"InboundConnector": {"RequireTls"}},
			Arguments: map[string]any{"Text": text, "List": []string{"one"}, "Number": 7, "Flag": true, "Go": true, "Confirm": false},
		})
	}
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{Objects: []Object{*inboundA.Add}}, actions)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		sum := map[string]string{Full: "3", Constrained: "refused"}[o.Name]
		want := sum + "\n" + text + "|one|1|7|True|True|False|None\nto the host\nWARNING: careful\ntls: True"
		if o.Output != want {
			t.Errorf("%s: output\n%q, want\n%q", o.Name, o.Output, want)
		}
		if o.ModuleMode != o.Name {
			t.Errorf("%s: the module ran in %q", o.Name, o.ModuleMode)
		}
		leaked := map[string]int{Full: 1, Constrained: 0}[o.Name] // the number of Get-Sum is no text
		if !o.HasExit || o.ExitCode != 20 || o.Thrown || len(o.Leaked) != leaked || len(o.Faults)+len(o.Errors)+len(o.Refusals) > 0 {
			t.Errorf("%s: %+v", o.Name, o)
		}
		if got := o.Wrote(); !slices.Equal(got, []string{"Set-InboundConnector a"}) || !o.Read("Get-InboundConnector") || o.Read("Get-TransportRule") {
			t.Errorf("%s: wrote %q, read %v", o.Name, got, o.Reads)
		}
	}
	if err := outcomes[1].Clean(20); err != nil {
		t.Errorf("not clean: %v", err)
	}
	if err := outcomes[1].Clean(0); err == nil || !strings.Contains(err.Error(), "exit 20, want 0") {
		t.Errorf("clean with the wrong exit code: %v", err)
	}
}

func TestScriptFaults(t *testing.T) {
	t.Parallel()
	noExit := pack(t, "a.ps1", `'done'`)
	throws := pack(t, "a.ps1", `'before'; throw 'no further'`)
	writes := pack(t, "a.ps1", `[CmdletBinding(SupportsShouldProcess)] param () Set-InboundConnector -Identity a -RequireTls $true; exit 0`)
	leaks := pack(t, "a.ps1", `New-TransportRule -Name r; Get-Date -Date 2026-01-01; 'text'; Write-Error 'oh'; exit 0`)
	tests := []struct {
		action           Action
		thrown           bool
		faults, errs     []string
		leaked           int
		output, refusals string
	}{
		{action: Action{Script: noExit}, faults: []string{"ended without an exit code"}, output: "done"},
		{action: Action{Script: throws}, thrown: true, faults: []string{"ended without an exit code"}, errs: []string{"no further"}, output: "before"},
		{action: Action{Script: writes, Arguments: map[string]any{"WhatIf": true}}, faults: []string{"Set-InboundConnector writes in a run under -WhatIf"}},
		{action: Action{Script: writes, Arguments: map[string]any{"WhatIf": false}}},
		{action: Action{Script: leaks, Mode: Constrained}, errs: []string{"oh"}, leaked: 2},
		{action: Action{Inline: `throw 'inline'`, Mode: Constrained}, thrown: true, errs: []string{"inline"}},
		{action: Action{Inline: `'no exit code is no fault here'`}, output: "no exit code is no fault here"},
		{action: Action{Answers: []string{"unheard"}, Inline: `1..2 | ForEach-Object { "$_" }`}, output: "1\n2"},
	}
	var actions []Action
	for _, tt := range tests {
		tt.action.Set = []Edit{{Restart: true}}
		actions = append(actions, tt.action)
	}
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{Objects: []Object{*inboundA.Add}}, actions)
	if err != nil {
		t.Fatal(err)
	}
	for i, tt := range tests {
		o := outcomes[i]
		if o.Thrown != tt.thrown || len(o.Leaked) != tt.leaked || tt.output != "" && o.Output != tt.output || o.Unasked != len(tt.action.Answers) {
			t.Errorf("%s: %+v", o.Name, o)
		}
		each(t, o.Name+" faults", o.Faults, tt.faults)
		each(t, o.Name+" errors", o.Errors, tt.errs)
	}
}

// TestModuleMode: a module that was made before the switch would keep its full language.
func TestModuleMode(t *testing.T) {
	for _, tt := range []struct {
		asked, ran string
		fault      bool
	}{
		{Constrained, Constrained, false},
		{Constrained, Full, true},
		{Constrained, Constrained + "," + Full, true},
		{"", Full, false},
		{Constrained, "", false},
	} {
		got := faults(Action{Mode: tt.asked}, Outcome{ModuleMode: tt.ran})
		if (len(got) > 0) != tt.fault {
			t.Errorf("asked for %q, ran in %q: %q", tt.asked, tt.ran, got)
		}
	}
}

func TestStateAfterEveryWrite(t *testing.T) {
	t.Parallel()
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{Objects: []Object{*ruleTwo.Add, {Noun: "TransportRule", Name: "one", Values: map[string]any{"Priority": 0}}}}, []Action{
		{
			Set:    []Edit{{Noun: "TransportRule", Name: "two", Values: map[string]any{"Comments": "by hand", "Priority": 0}}},
			Inline: `Set-TransportRule -Identity one -Priority 0 -Comments x; Remove-TransportRule -Identity two -Confirm:$false`,
		},
		{Set: []Edit{{Noun: "TransportRule", Name: "one", Remove: true}, {Add: &Object{Noun: "TransportRule", Values: map[string]any{"Name": "late"}}}}},
		{Set: []Edit{{Restart: true}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	o := outcomes[0]
	order := func(s State) string {
		var list []string
		for _, r := range s.Objects("TransportRule") {
			list = append(list, r.Name)
		}
		return strings.Join(list, " ")
	}
	for i, want := range []string{"two one", "one two", "one"} {
		if got := order([]State{o.Before, o.Writes[0].After, o.Writes[1].After}[i]); got != want {
			t.Errorf("state %d: rules %q, want %q", i, got, want)
		}
	}
	if o.Writes[0].Sequence != 1 || o.Writes[1].Sequence != 2 || !slices.Equal(o.Writes[0].Changed, []string{"Comments", "Priority"}) {
		t.Errorf("writes: %+v", o.Writes)
	}
	if p := o.Writes[0].Parameters; p["Comments"] != "x" || p["Identity"] != "one" {
		t.Errorf("parameters: %v", p)
	}
	want := []string{"- TransportRule/one/Comments = null", "- TransportRule/one/Priority = 1", "- TransportRule/two/Priority = 0", `+ TransportRule/one/Comments = "x"`, "+ TransportRule/one/Priority = 0", "+ TransportRule/two/Priority = 1"}
	if got := o.Before.Difference(o.Writes[0].After); !slices.Equal(got, want) {
		t.Errorf("difference: %q", got)
	}
	if got := order(outcomes[1].State); got != "late" {
		t.Errorf("by hand: rules %q", got)
	}
	if got := order(outcomes[2].State); got != "one two" {
		t.Errorf("restarted: rules %q", got)
	}
	x, ok := o.State.Object("transportrule", "one")
	if ok {
		t.Errorf("a noun in another case: %+v", x)
	}
	x, _ = o.State.Object("TransportRule", "ONE")
	if v, ok := x.Value("comments"); !ok || v != "x" {
		t.Errorf("comments: %v", v)
	}
	if _, ok := o.State.Object("TransportConfig", ""); !ok {
		t.Error("the one transport configuration needs a name")
	}
}

// TestStateText: the text tells null, the empty text and the empty list apart, and knows
// nothing of identifiers and times.
func TestStateText(t *testing.T) {
	t.Parallel()
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{Objects: []Object{
		{Noun: "TransportRule", Name: "r", Values: map[string]any{"Comments": "", "RecipientDomainIs": []any{"b.example", "a.example"}}}, *inboundA.Add,
	}}, []Action{{}, {}})
	if err != nil {
		t.Fatal(err)
	}
	text := outcomes[0].State.String()
	for _, want := range []string{
		`TransportRule/r/Comments = ""`, "TransportRule/r/RejectMessageReasonText = null", `TransportRule/r/RecipientDomainIs = ["a.example", "b.example"]`,
		"InboundConnector/a/EFUsers = []", "InboundConnector/a\n", "TransportRule/r/Priority = 0", "TransportConfig/Transport Settings/TransportRuleLimit = 300",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, hidden := range []string{"/Guid", "/ImmutableId", "/RotateOnDate", "/KeyCreationTime"} {
		if strings.Contains(text, hidden) {
			t.Errorf("%s in the state", hidden)
		}
	}
	if text != outcomes[1].State.String() {
		t.Error("nothing happened, and the state differs")
	}
}

func TestStarts(t *testing.T) {
	t.Parallel()
	if got := Starts(); !slices.Equal(got, []string{"new", "past"}) {
		t.Fatalf("starts: %q", got)
	}
	e := pwshtest.Engine(t)
	show := []Action{{Inline: names + `; (Get-ArcConfig).ArcTrustedSealers; (Get-OutboundConnector -IsTransportRuleScoped $true).Name`}}
	past, err := Run(t.Context(), e, Tenant{Start: "past", Prefix: "agency", Names: map[string]string{"inbound": "Ours (in)"}}, show)
	if err != nil {
		t.Fatal(err)
	}
	text := past[0].State.String()
	for _, want := range []string{
		"InboundConnector/Ours (in)/RequireTls = true", "InboundConnector/Ours (in)/RestrictDomainsToCertificate = true", "OutboundConnector/Gateway outbound\n",
		"TransportConfig/Transport Settings/SmtpClientAuthenticationDisabled = null", "TransportRule/Archive the registry/StopRuleProcessing = true",
		`DkimSigningConfig/agency.onmicrosoft.com/Selector1CNAME = "selector1-agency-onmicrosoft-com._domainkey.agency.onmicrosoft.com"`, `DkimSigningConfig/agency.onmicrosoft.com/Status = "Valid"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("past: no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "<") && strings.Contains(text, "<inbound>") {
		t.Error("past: a name is left open")
	}
	if want := "0Archive the registry 1Refuse PROTECTED to the internet 2Mark mail from outside\nlists.sealer.example,gateway.sealer.example\nRecords archive"; past[0].Output != want {
		t.Errorf("past: %q, want %q", past[0].Output, want)
	}
	fresh, err := Run(t.Context(), e, Tenant{}, []Action{{}})
	if err != nil {
		t.Fatal(err)
	}
	s := fresh[0].State
	if len(s.Objects("TransportRule"))+len(s.Objects("InboundConnector"))+len(s.Objects("OutboundConnector")) != 0 || len(s.Objects("DkimSigningConfig")) != 1 {
		t.Errorf("new: %s", s)
	}
	if c, _ := s.Object("TransportConfig", ""); c.Values["SmtpClientAuthenticationDisabled"] != true {
		t.Errorf("new: %v", c.Values["SmtpClientAuthenticationDisabled"])
	}
}

func TestRolesPrefixAndDomains(t *testing.T) {
	t.Parallel()
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{
		Module: "EO", Domains: []string{"agency.example"}, TenantID: "t", Lacks: []string{"New-TransportRule", "Set-InboundConnector:EFUsers"},
	}, []Action{
		{Mode: Constrained, Inline: `@(Get-EOTransportRule).Count; @(Get-Command Get-TransportRule -ErrorAction SilentlyContinue).Count; @(Get-Command New-EOTransportRule -ErrorAction SilentlyContinue).Count
$p = (Get-Command Set-EOInboundConnector).Parameters.Keys; $p -contains 'EFUsers'; $p -contains 'EFSkipIPs'; $c = Get-ConnectionInformation; "$($c.ModulePrefix) $($c.TenantID)"`},
		{Inline: `$null = New-EODkimSigningConfig -DomainName agency.example -Enabled $false; New-EODkimSigningConfig -DomainName other.example -Enabled $false`},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "0\n0\n0\nFalse\nTrue\nEO t"; outcomes[0].Output != want {
		t.Errorf("got %q, want %q", outcomes[0].Output, want)
	}
	if got := outcomes[1].Wrote(); !slices.Equal(got, []string{"New-DkimSigningConfig agency.example"}) {
		t.Errorf("wrote %q", got)
	}
	each(t, "refusals", outcomes[1].Refusals, []string{"isn't an accepted domain"})
}

// TestSeed: the same seed gives the same letters, another gives others, and no letter
// serves for all domains.
func TestSeed(t *testing.T) {
	t.Parallel()
	letters := `-join (1..12 | ForEach-Object { $d = New-DkimSigningConfig -DomainName "d$_.example" -Enabled $false; ($d.Selector1CNAME -split '\.')[3].Substring(0, 1) })`
	actions := []Action{
		{Set: []Edit{options(Options{Seed: "one"})}, Inline: letters},
		{Set: []Edit{{Restart: true}, options(Options{Seed: "one"})}, Inline: letters},
		{Set: []Edit{{Restart: true}, options(Options{Seed: "two"})}, Inline: letters},
	}
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{}, actions)
	if err != nil {
		t.Fatal(err)
	}
	one, again, two := outcomes[0].Output, outcomes[1].Output, outcomes[2].Output
	if len(one) != 12 || one != again || one == two || strings.Count(one, one[:1]) == len(one) {
		t.Errorf("letters: %q, %q, %q", one, again, two)
	}
}

// TestWatchShowsOutcomesAsTheyCome: the second script waits for a file that is written when
// the first outcome is seen.
func TestWatchShowsOutcomesAsTheyCome(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sign := filepath.Join(t.TempDir(), "sign")
	var seen []string
	outcomes, err := Watch(ctx, pwshtest.Engine(t), Tenant{}, []Action{
		{Name: "first", Inline: `'x'`},
		{Inline: `while (-not (Test-Path -LiteralPath ` + quote(sign) + `)) { Start-Sleep -Milliseconds 20 }; 'saw it'`},
	}, func(o Outcome) {
		seen = append(seen, o.Name)
		if err := os.WriteFile(sign, nil, 0o600); err != nil {
			t.Error(err)
		}
	})
	if err != nil || len(outcomes) != 2 || outcomes[1].Output != "saw it" {
		t.Fatalf("%+v, %v", outcomes, err)
	}
	if !slices.Equal(seen, []string{"first", "action 2"}) {
		t.Errorf("seen %q", seen)
	}
}

// TestScriptCannotForgeOutcomes: what scripts print on the console is not taken for news.
func TestScriptCannotForgeOutcomes(t *testing.T) {
	t.Parallel()
	outcomes, err := Run(t.Context(), pwshtest.Engine(t), Tenant{}, []Action{{Inline: `[Console]::Out.WriteLine('exoplan-rehearsal 7'); 'real'`}, {Inline: `'two'`}})
	if err != nil || len(outcomes) != 2 || outcomes[0].Output != "real" || outcomes[1].Output != "two" {
		t.Errorf("%+v, %v", outcomes, err)
	}
}

// TestGivingUp: the context ends a rehearsal whose script does not, and nothing stays behind.
func TestGivingUp(t *testing.T) {
	e := pwshtest.Engine(t)
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	outcomes, err := Watch(ctx, e, Tenant{}, []Action{{Inline: `'x'`}, {Inline: `Start-Sleep -Seconds 3600`}}, func(Outcome) { cancel(enough) })
	if !errors.Is(err, enough) || len(outcomes) != 1 {
		t.Errorf("%d outcomes, %v", len(outcomes), err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "exoplan-rehearsal-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestWhatCannotBeRehearsed(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	script := pack(t, "a.ps1", "exit 0")
	tests := []struct {
		name   string
		tenant Tenant
		action Action
		want   string
	}{
		{"no such start", Tenant{Start: "old"}, Action{}, `no start "old": there are new, past`},
		{"a name that the start does not have", Tenant{Start: "past", Names: map[string]string{"fax": "x"}}, Action{}, `start past: names no "fax"`},
		{"a role that nobody has", Tenant{Lacks: []string{"New-Fax", "Set-ArcConfig:Fax"}}, Action{}, "lacks New-Fax, which there is not\nlacks Set-ArcConfig:Fax"},
		{"a mode", Tenant{}, Action{Name: "m", Mode: "NoLanguage"}, `m: unknown language mode "NoLanguage"`},
		{"a relative path", Tenant{}, Action{Script: "a.ps1"}, "a.ps1 is no absolute path"},
		{"a script that is not there", Tenant{}, Action{Script: script + "x"}, "no such file"},
		{"two texts", Tenant{}, Action{Script: script, Inline: "x"}, "a script and an inline text"},
		{"an argument", Tenant{}, Action{Script: script, Arguments: map[string]any{"X": 1.5}}, "X: a float64 is no value of a tenant"},
		{"an empty edit", Tenant{}, Action{Set: []Edit{{Noun: "ArcConfig"}}}, "an edit that changes nothing"},
		{"a value of an edit", Tenant{}, Action{Set: []Edit{{Noun: "ArcConfig", Values: map[string]any{"ArcTrustedSealers": []int{1}}}}}, "ArcTrustedSealers: a []int is no value of a tenant"},
		{"an object's noun", Tenant{Objects: []Object{{Noun: "Fax", Name: "f"}}}, Action{}, "no noun Fax"},
		{"an object's value", Tenant{Objects: []Object{{Noun: "TransportRule", Name: "f", Values: map[string]any{"Comments": struct{}{}}}}}, Action{}, "TransportRule: Comments: a struct {} is no value"},
		{"an object's property", Tenant{Objects: []Object{{Noun: "TransportRule", Name: "f", Values: map[string]any{"Fax": "x"}}}}, Action{}, "TransportRule keeps no Fax"},
		{"a property that shows another", Tenant{Objects: []Object{{Noun: "TransportRule", Name: "f", Values: map[string]any{"Identity": "x"}}}}, Action{}, "TransportRule keeps no Identity"},
		{"an object twice", Tenant{Objects: []Object{*ruleOne.Add, *ruleOne.Add}}, Action{}, "two objects TransportRule/one"},
		{"an edit of what is not there", Tenant{}, Action{Name: "e", Set: []Edit{{Noun: "InboundConnector", Name: "b", Values: map[string]any{"Comment": "x"}}}}, "e: no InboundConnector 'b'"},
		{"an edit of a property that is not there", Tenant{Objects: []Object{*inboundA.Add}}, Action{Set: []Edit{{Noun: "InboundConnector", Name: "a", Values: map[string]any{"Fax": "x"}}}}, "action 1: InboundConnector keeps no Fax"},
		{"an end of what is not there", Tenant{}, Action{Set: []Edit{{Noun: "InboundConnector", Name: "b", Remove: true}}}, "no InboundConnector 'b'"},
		{"DNS of a domain that is not there", Tenant{}, Action{Set: []Edit{{Publish: "agency.example"}}}, "no DkimSigningConfig 'agency.example'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Run(t.Context(), e, tt.tenant, []Action{tt.action})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
