package templates

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/output/rehearsal"
)

// bits is the number that the module reads in a text.
func bits(text string) string {
	return `& {
		$o = New-Object -TypeName PSObject -Property @{ Rights = '` + text + `' }
		Add-PlanBit -Object $o -Bits @{ Value = @{ Shown = 'Rights'; Parts = @{ RequestRelease = 8; Release = 4; Preview = 2 } } }
		$o.Value
	}`
}

// TestForms: what the service shows and what a plan says are one value where they mean the same, and
// two where they do not, in every form that the service is known to write.
func TestForms(t *testing.T) {
	t.Parallel()
	e := pwshtest.Engine(t)
	module, err := filepath.Abs(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		kind, now, want string // PowerShell
		same            bool
	}{
		{"Words", `'smtp:Harbours.example;1'`, `'harbours.example'`, true},
		{"Words", `'smtp:*;1', 'smtp:b.example;10'`, `'b.example', '*'`, true},
		{"Words", `'smtp:*;1'`, `'b.example'`, false},
		{"Words", `'[192.0.2.1]', '[Relay.example]'`, `'relay.example', '192.0.2.1'`, true},
		{"Words", `'a.example', 'a.example'`, `'a.example'`, true},
		{"Words", `'a.example'`, `'a.example', 'b.example'`, false},
		{"Words", `$null`, `@()`, true},
		{"Words", `@('')`, `$null`, true},
		{"Words", `@()`, `@('')`, true},
		{"Words", `@('')`, `'a.example'`, false},
		{"Texts", `'SEC=\S'`, `'SEC=\s'`, false},
		{"Texts", `'smtp:a;1'`, `'a'`, false},
		{"Texts", `'b', 'a'`, `'a', 'b'`, true},
		{"Text", `'[External]'`, `'External'`, false},
		{"Text", `''`, `$null`, true},
		{"Word", `(Get-Date -Date '2026-11-25').DayOfWeek`, `'wednesday'`, true},
		{"Word", `'DomainValidation '`, `'domainvalidation'`, true},
		{"Flag", `$true`, `$true`, true},
		{"Flag", `$false`, `$true`, false},
		{"Flag", `$null`, `$false`, false},
		{"Flag", `$null`, `$null`, true},
		{"Number", `[long] 2048`, `2048`, true},
		{"Number", `'2048'`, `2048`, true},
		{"Number", `1024`, `2048`, false},
		{"Size", `'10 MB (10,485,760 bytes)'`, `'10MB'`, true},
		{"Size", `'10 MB (10,485,760 bytes)'`, `'10485760'`, true},
		{"Size", `'1.5 MB (1,572,864 bytes)'`, `'1536KB'`, true},
		{"Size", `'10 MB (10,485,761 bytes)'`, `'10MB'`, false},
		{"Size", `'Unlimited'`, `'unlimited'`, true},
		{"Size", `$null`, `'10MB'`, false},
		{"Span", `(Get-Date -Date '2026-11-26') - (Get-Date -Date '2026-11-25')`, `'1.00:00:00'`, true},
		{"Span", `'12:00:00'`, `'0.12:00:00'`, true},
		{"Span", `'12:00:00'`, `'1.00:00:00'`, false},
		{"Order", `'b', 'a', 'theirs'`, `'b', 'a'`, true},
		{"Order", `'a', 'b'`, `'b', 'a'`, false},
		{"Number", bits(`Release: False, RequestRelease: True, Preview: True`), `10`, true},
		{"Number", bits(`Release: True, RequestRelease: False, Preview: True`), `6`, true},
		{"Number", bits(`Release: True`), `10`, false},
		{"Number", bits(``), `0`, true},
	}
	var text strings.Builder
	fmt.Fprintf(&text, "Import-Module -Name '%s'\n& (Get-Module -Name ExoPlan) {\n    $script:Nouns = @{ Trial = @{ Properties = @{} } }\n", module)
	for _, r := range rows {
		fmt.Fprintf(&text, "    $script:Nouns.Trial.Properties = @{ Value = '%s' }\n    [string] (Test-PlanEqual -Noun Trial -Property Value -Now (%s) -Want (%s))\n", r.kind, r.now, r.want)
	}
	text.WriteString("}\n")
	actions := []rehearsal.Action{{Inline: text.String(), Mode: rehearsal.Full}, {Inline: text.String(), Mode: rehearsal.Constrained}}
	outcomes, err := rehearsal.Run(t.Context(), e, rehearsal.Tenant{}, actions)
	if err != nil {
		t.Fatal(err)
	}
	for n, o := range outcomes {
		answers := strings.Fields(o.Output)
		if len(answers) != len(rows) || o.ModuleMode != actions[n].Mode || len(o.Errors) > 0 {
			t.Fatalf("%d answers for %d rows, module in %s: %q\n%s", len(answers), len(rows), o.ModuleMode, o.Errors, o.Output)
		}
		for i, r := range rows {
			if (answers[i] == "True") != r.same {
				t.Errorf("%s: %s and %s: %s", r.kind, r.now, r.want, answers[i])
			}
		}
	}
}
