package rehearsal

import (
	"strconv"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/profiles/contract"
)

// TestModelProblems breaks one thing of tenant.yaml at a time.
func TestModelProblems(t *testing.T) {
	c, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"unknown key", "  filled: [SenderDomains]", "  emptied: [SenderDomains]", "field emptied not found"},
		{"unknown noun", "ArcConfig:", "ArkConfig:", "ArkConfig: no Get cmdlet reads it"},
		{"unknown property", "  filled: [SenderDomains]", "  filled: [SenderDomain]", "InboundConnector: Get-InboundConnector does not return SenderDomain"},
		{"unknown property of a need", "needs: TlsSenderCertificateName", "needs: Certificate", "Get-InboundConnector does not return Certificate"},
		{"text without a default", "    CreatedBy: Administrator\n", "", "TransportRule: CreatedBy has no default"},
		{"name only, without a default", "    TlsDomain: null\n", "", "OutboundConnector: TlsDomain has no default"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(tenantYAML), tt.old, tt.new, 1)
			if text == string(tenantYAML) {
				t.Fatalf("nothing was broken: no %q", tt.old)
			}
			_, err := newModel(c, []byte(text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestLiteral sends values through PowerShell and looks at what arrives.
func TestLiteral(t *testing.T) {
	e := pwshtest.Engine(t)
	value := map[string]any{
		"null": nil, "flag": true, "number": -7, "date": "2026-01-02T03:04:05Z", "list": []any{"a", nil, 1}, "none": []string{}, "one": []string{"x"},
		"text": "it's ‘so’ ‚and‛ \"$(exit 3)`n\nend", "map": map[string]string{"k'": "v"},
	}
	script := `$v = ` + literal(value) + `
"$($null -eq $v.null) $($v.flag -is [bool]) $($v.number -is [int]) $($v.date -is [string]) $($v.list.Count) $($v.none.Count) $($v.one -is [array]) $($v.map["k'"])"
[int[]] [char[]] $v.text -join ' '`
	r, err := e.Run(t.Context(), pwsh.Call{Args: []string{"-Command", "-"}, Stdin: strings.NewReader(script)})
	if err != nil || r.ExitCode != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	var codes strings.Builder
	for _, c := range value["text"].(string) {
		if codes.Len() > 0 {
			codes.WriteByte(' ')
		}
		codes.WriteString(strconv.Itoa(int(c)))
	}
	if want := "True True True True 3 0 True v\n" + codes.String(); strings.TrimSpace(r.Stdout) != want {
		t.Errorf("got %q, want %q", r.Stdout, want)
	}
}
