package templates

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/contract"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

const modulePath = "tree/exchange-online/ExoPlan.psm1"

// TestAnalyser: every script of every example passes the settings that the pack carries,
// compatibility with Windows PowerShell 5.1 and PowerShell 7 among them.
func TestAnalyser(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	all := t.TempDir()
	settings := ""
	for _, name := range profiles.Examples() {
		p := write(t, profilestest.Example(t, name))
		if len(p.Steps) == 0 { // it has no script
			continue
		}
		if err := os.Rename(filepath.Join(p.dir, "exchange-online"), filepath.Join(all, name)); err != nil {
			t.Fatal(err)
		}
		settings = filepath.Join(all, name, "PSScriptAnalyzerSettings.psd1")
		if name != profiles.Examples()[0] { // the module is the same in every pack
			if err := os.Remove(filepath.Join(all, name, "ExoPlan.psm1")); err != nil {
				t.Fatal(err)
			}
		}
	}
	out := powershell(t, e, `
		$found = Invoke-ScriptAnalyzer -Path '`+all+`' -Recurse -Settings '`+settings+`'
		@($found | ForEach-Object { '{0}:{1} {2} {3}' -f $_.ScriptName, $_.Line, $_.RuleName, $_.Message }) -join "`+"`n"+`"
		'analysed ' + @(Get-Module PSScriptAnalyzer).Count`)
	if strings.TrimSpace(out) != "analysed 1" {
		t.Error(out)
	}
}

func powershell(t *testing.T, e pwsh.Engine, command string) string {
	t.Helper()
	r, err := e.Run(context.Background(), pwsh.Call{Args: []string{"-Command", command}})
	if err != nil {
		t.Fatal(err)
	}
	if r.ExitCode != 0 || strings.TrimSpace(r.Stderr) != "" {
		t.Fatalf("exit %d\n%s%s", r.ExitCode, r.Stdout, r.Stderr)
	}
	return r.Stdout
}

// TestNounTable compares the table of the module with the contract, both ways: keys, kinds of
// properties, what belongs together, and the cmdlets that can be called.
func TestNounTable(t *testing.T) {
	e := pwshtest.Engine(t)
	module, err := filepath.Abs(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	out := powershell(t, e, `
		Import-Module '`+module+`'
		& (Get-Module ExoPlan) {
			$table = @{}
			foreach ($name in $script:Nouns.Keys) {
				$noun = $script:Nouns[$name]
				$row = @{ Code = @{} }
				foreach ($part in $noun.Keys) {
					if ($noun[$part] -is [scriptblock]) {
						$row.Code[$part] = @($noun[$part].Ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) |
							ForEach-Object { $_.GetCommandName() } | Sort-Object -Unique)
					} else { $row[$part] = $noun[$part] }
				}
				$table[$name] = $row
			}
			ConvertTo-Json -InputObject $table -Depth 6
		}`)
	type row struct {
		Key, Parameter, Source, Asked  string
		Stays                          string
		Adopt                          bool
		Properties, Creation, ReadOnly map[string]string
		Together                       [][]string
		Merges                         []string
		Whole                          map[string][]string
		Unset, Adds                    map[string]string
		Bits                           map[string]contract.Bits
		Code                           map[string][]string
	}
	var table map[string]row
	if err := json.Unmarshal([]byte(out), &table); err != nil {
		t.Fatal(err, out)
	}
	c, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(table)); !slices.Equal(got, c.Nouns()) {
		t.Errorf("the module has %v, the contract %v", got, c.Nouns())
	}
	for name, got := range table {
		want, _ := c.Noun(name)
		if got.Key != want.Key || got.Parameter != want.Parameter || got.Adopt != want.Adopt || got.Asked != want.Asked || got.Stays != want.Stays {
			t.Errorf("%s: key %q, parameter %q, adopt %t, asked %q, stays %q; the contract says %q, %q, %t, %q, %q", name, got.Key, got.Parameter, got.Adopt, got.Asked, got.Stays, want.Key, want.Parameter, want.Adopt, want.Asked, want.Stays)
		}
		for _, part := range []struct {
			what string
			got  map[string]string
			want map[string]contract.Kind
		}{{"properties", got.Properties, want.Properties}, {"creation", got.Creation, want.Creation}, {"readonly", got.ReadOnly, want.ReadOnly}} {
			lower := map[string]contract.Kind{}
			for p, kind := range part.got {
				lower[p] = contract.Kind(strings.ToLower(kind))
			}
			if !maps.Equal(lower, part.want) {
				t.Errorf("%s: %s are %v; the contract says %v", name, part.what, lower, part.want)
			}
		}
		if !slices.EqualFunc(got.Together, want.Together, slices.Equal) {
			t.Errorf("%s: together are %v; the contract says %v", name, got.Together, want.Together)
		}
		if !slices.Equal(got.Merges, want.Merges) {
			t.Errorf("%s: merged are %v; the contract says %v", name, got.Merges, want.Merges)
		}
		whole := map[string]contract.Kind{}
		for kind, properties := range got.Whole {
			for _, p := range properties {
				whole[p] = contract.Kind(strings.ToLower(kind))
			}
		}
		if wanted := c.Whole(name); !maps.Equal(whole, wanted) {
			t.Errorf("%s: compared whole are\n%v; the contract says\n%v", name, whole, wanted)
		}
		for p, bits := range want.Bits {
			if b := got.Bits[p]; b.Shown != bits.Shown || !maps.Equal(b.Parts, bits.Parts) || len(got.Bits) != len(want.Bits) {
				t.Errorf("%s: %s is shown as %v; the contract says %v", name, p, b, bits)
			}
		}
		if !maps.Equal(got.Unset, want.Unset) || !maps.Equal(got.Adds, want.Adds) {
			t.Errorf("%s: unset are %v and added %v; the contract says %v and %v", name, got.Unset, got.Adds, want.Unset, want.Adds)
		}
		get := got.Code["Get"]
		if got.Source != "" {
			get = table[got.Source].Code["Get"]
		}
		for part, cmdlets := range map[string][]string{"Get": want.Get, "New": want.New, "Set": want.Set, "Remove": want.Remove} {
			calls := got.Code[part]
			switch part {
			case "Get":
				calls = get
			case "Set":
				calls = slices.Concat(calls, got.Code["Enable"], got.Code["Disable"])
			}
			calls = slices.DeleteFunc(slices.Clone(calls), func(s string) bool { return strings.HasSuffix(s, "-Object") })
			if !slices.Equal(slices.Sorted(slices.Values(calls)), slices.Sorted(slices.Values(cmdlets))) {
				t.Errorf("%s: %s calls %v; the contract says %v", name, part, calls, cmdlets)
			}
		}
	}
}

// TestModuleTouches: outside its table the module calls nothing that reaches a tenant but the
// look at the session, and nowhere what a change script must not have.
func TestModuleTouches(t *testing.T) {
	text, err := embedded.ReadFile(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := bytes.Cut(text, []byte("# What a step and a hold consist of"))
	for _, cmdlet := range c.Cmdlets() {
		if cmdlet != "Get-ConnectionInformation" && bytes.Contains(after, []byte(cmdlet)) {
			t.Errorf("%s is called outside the table", cmdlet)
		}
	}
	for _, banned := range []string{"Invoke-Expression", "Invoke-WebRequest", "Invoke-RestMethod", "Start-BitsTransfer", "Write-Host", "-Credential", "ConvertTo-SecureString", "-UseRPSSession", "Get-MessageTrace"} {
		if bytes.Contains(text, []byte(banned)) {
			t.Errorf("the module holds %s", banned)
		}
	}
	for i, l := range strings.Split(string(text), "\n") {
		if strings.Contains(l, "\t") || strings.TrimRight(l, " ") != l || regexp.MustCompile(`[^ -~]`).MatchString(l) {
			t.Errorf("line %d: %q", i+1, l)
		}
	}
}

// TestIgnoredCommands: the settings for the analyser excuse exactly the cmdlets of the contract
// that scripts can call.
func TestIgnoredCommands(t *testing.T) {
	text, err := embedded.ReadFile("tree/exchange-online/PSScriptAnalyzerSettings.psd1")
	if err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, n := range c.Nouns() {
		noun, _ := c.Noun(n)
		want = append(want, noun.Cmdlets()...)
	}
	want = append(want, "Get-ConnectionInformation")
	slices.Sort(want)
	want = slices.Compact(want)
	got := regexp.MustCompile(`'([A-Z][a-z]+-[A-Za-z0-9]+)'`).FindAllSubmatch(text, -1)
	var names []string
	for _, m := range got {
		names = append(names, string(m[1]))
	}
	slices.Sort(names)
	if !slices.Equal(names, want) {
		t.Errorf("ignored are %v, the contract has %v", names, want)
	}
}

// TestPairs: which PowerShell a version of the module needs.
func TestPairs(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	module, err := filepath.Abs(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	out := powershell(t, e, `
		Import-Module '`+module+`'
		& (Get-Module ExoPlan) {
			foreach ($pair in '3.10.0 7.6', '3.10.1 7.5', '3.9.2 7.4', '3.9.2 7.2', '3.5.0 7.3', '3.4.0 7.2', '3.4.0 7.1', '3.10.0 5.1', '0.0 7.2') {
				$module, $shell = $pair -split ' '
				'{0}: {1}' -f $pair, (Get-PlanPair -Module $module -Shell $shell)
			}
		}`)
	want := "3.10.0 7.6: \n3.10.1 7.5: 7.6\n3.9.2 7.4: \n3.9.2 7.2: 7.4\n3.5.0 7.3: 7.4\n3.4.0 7.2: \n3.4.0 7.1: 7.2\n3.10.0 5.1: \n0.0 7.2: \n"
	if got := strings.ReplaceAll(out, "\r\n", "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
