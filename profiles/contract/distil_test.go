package contract

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write cmdlets.json anew from the reference")

// TestCmdletsAreDistilled holds cmdlets.json against the reference it was made from. The
// reference is large and no part of the repository; where it is not there, there is
// nothing to compare with.
func TestCmdletsAreDistilled(t *testing.T) {
	dir := os.Getenv("EXOPLAN_REFERENCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "reference")
	}
	if _, err := os.Stat(filepath.Join(dir, "exo-cmdlets.json")); err != nil {
		t.Skipf("no reference: %v (EXOPLAN_REFERENCE names its folder)", err)
	}
	want := distil(t, dir)
	if *update {
		if err := os.WriteFile("cmdlets.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, cmdletsJSON) {
		t.Error("cmdlets.json is not what the reference says; run with -update and read the difference")
	}
}

type reference struct {
	Source       string `json:"source"`
	SourceCommit string `json:"source_commit"`
	SourceDate   string `json:"source_date"`
	Cmdlets      map[string]struct {
		ShouldProcess bool                          `json:"supports_should_process"`
		Applicable    []string                      `json:"applicable"`
		Sets          map[string][]string           `json:"parameter_sets"`
		Parameters    map[string]referenceParameter `json:"parameters"`
	} `json:"cmdlets"`
}

type referenceParameter struct {
	Type       string          `json:"type"`
	Required   json.RawMessage `json:"required"`
	Position   int             `json:"position"`
	Accepted   []string        `json:"accepted_values"`
	Open       bool            `json:"values_open"`
	MaxLen     int             `json:"max_len"`
	Range      []int           `json:"range"`
	Default    string          `json:"default"`
	Flags      []string        `json:"flags"`
	Applicable []string        `json:"applicable"`
	Effective  []string        `json:"applicable_effective"`
}

// required holds when every parameter set demands it: a parameter of one set only may be
// left out by choosing another.
func (p referenceParameter) required(t *testing.T, name string, sets map[string][]string) bool {
	t.Helper()
	for _, members := range sets {
		if !slices.Contains(members, name) {
			return false
		}
	}
	var all bool
	if len(p.Required) == 0 || json.Unmarshal(p.Required, &all) == nil {
		return all
	}
	var per map[string]bool
	if err := json.Unmarshal(p.Required, &per); err != nil {
		t.Fatalf("%s: required: %v", name, err)
	}
	return !slices.Contains(slices.Collect(maps.Values(per)), false)
}

type returned struct {
	ScubaGear string `json:"scubagear_commit"`
	DSC       string `json:"m365dsc_commit"`
	Cmdlets   map[string]struct {
		Source     string `json:"source"`
		Properties any    `json:"properties"`
	} `json:"cmdlets"`
}

// mistyped are parameters that their pages call lists and that take one word of those they name.
var mistyped = []string{"TargetedDomainProtectionAction", "TargetedUserProtectionAction"}

// added are returned properties that the samples lack: of cmdlets known by names only what
// every object has, of the organisation what the pages of Enable-OrganizationCustomization and
// Set-OrganizationConfig read, of connectors the modes that came in 2026, of policies which one
// is the default.
var added = map[string][]string{
	"Get-OutboundConnector":              {"Guid", "Identity", "MtaStsMode", "Name", "SmtpDaneMode"},
	"Get-ArcConfig":                      {"Guid", "Identity", "Name"},
	"Get-OrganizationConfig":             {"DisablePlusAddressInRecipients", "IsDehydrated", "MessageRecallEnabled", "RecallReadMessagesEnabled", "RejectDirectSend"},
	"Get-HostedOutboundSpamFilterPolicy": {"Guid", "Identity", "IsDefault", "Name"},
	"Get-HostedContentFilterPolicy":      {"AllowedSenderDomains", "AllowedSenders", "Guid", "Identity", "Name"},
	"Get-HostedContentFilterRule":        {"Guid", "Identity", "Name"},
	"Get-MalwareFilterPolicy":            {"Guid", "Identity", "Name"},
	"Get-MalwareFilterRule":              {"Guid", "Identity", "Name"},
	"Get-AntiPhishRule":                  {"Guid", "Identity", "Name"},
	"Get-SafeAttachmentPolicy":           {"Guid", "Identity", "IsDefault", "Name"},
	"Get-SafeAttachmentRule":             {"Guid", "Name"},
	"Get-SafeLinksPolicy":                {"Guid", "IsDefault", "Name"},
	"Get-SafeLinksRule":                  {"Guid", "Name"},
	"Get-QuarantinePolicy":               {"EndUserQuarantinePermissions", "Guid", "Identity", "Name"},
	"Get-IRMConfiguration":               {"Guid", "Identity", "Name"},
}

// described are properties that a page lists in its description, where there is no sample.
var described = map[string][]string{
	"Get-DnssecStatusForVerifiedDomain": {"DnsValidation", "DnssecFeatureStatus", "Errors", "ExpectedMxRecord", "MtaStsValidation", "MxValidation", "Warnings"},
	"Get-ConnectionInformation": {
		"AppId", "AzureAdAuthorizationEndpointUri", "CertificateAuthentication", "ConnectionId", "ConnectionUri",
		"ConnectionUsedForInbuiltCmdlets", "DelegatedOrganization", "Id", "IsEopSession", "ModuleName", "ModulePrefix",
		"Name", "Organization", "PageSize", "State", "TenantID", "TokenExpiryTimeUTC", "TokenStatus", "UserPrincipalName",
	},
}

func distil(t *testing.T, dir string) []byte {
	t.Helper()
	var ref reference
	var ret returned
	decode(t, filepath.Join(dir, "exo-cmdlets.json"), &ref)
	decode(t, filepath.Join(dir, "exo-get-properties.json"), &ret)
	nouns, err := parseNouns(nounsYAML)
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Clone(session)
	for _, n := range nouns {
		names = append(names, n.Cmdlets()...)
	}
	slices.Sort(names)
	out := file{
		Source: ref.Source, SourceCommit: ref.SourceCommit, SourceDate: ref.SourceDate,
		Returned: fmt.Sprintf("scubagear-sample: ScubaGear @ %s, a sample of a real tenant; m365dsc-reads: Microsoft365DSC @ %s, names only; description: the cmdlet's own page", ret.ScubaGear, ret.DSC),
		Cmdlets:  map[string]fileCmdlet{},
	}
	for _, name := range slices.Compact(names) {
		out.Cmdlets[name] = distilOne(t, name, ref, ret)
	}
	return layout(t, out)
}

func distilOne(t *testing.T, name string, ref reference, ret returned) fileCmdlet {
	t.Helper()
	r, ok := ref.Cmdlets[name]
	if !ok {
		t.Fatalf("the reference has no %s", name)
	}
	c := fileCmdlet{ShouldProcess: r.ShouldProcess, Applicable: r.Applicable, Parameters: map[string]Parameter{}}
	for k, p := range r.Parameters {
		applicable := p.Applicable
		if p.Effective != nil {
			applicable = p.Effective
		}
		if slices.Contains(mistyped, k) {
			p.Type = "ImpersonationAction"
		}
		c.Parameters[k] = Parameter{
			Type: p.Type, Required: p.required(t, k, r.Sets), Position: p.Position, Accepted: p.Accepted, Open: p.Open,
			MaxLen: p.MaxLen, Range: p.Range, Default: p.Default, Flags: p.Flags, Applicable: applicable,
		}
	}
	if strings.HasPrefix(name, "Get-") {
		c.Returns, c.ReturnsFrom, c.ReturnsAdded = distilReturns(t, name, ret)
	}
	return c
}

func distilReturns(t *testing.T, name string, ret returned) (map[string]any, string, []string) {
	t.Helper()
	out := map[string]any{}
	from := "description"
	for _, k := range described[name] {
		out[k] = nil
	}
	if g, ok := ret.Cmdlets[name]; ok {
		from = g.Source
		switch p := g.Properties.(type) {
		case map[string]any:
			maps.Copy(out, p)
		case []any:
			for _, k := range p {
				out[k.(string)] = nil
			}
		}
	}
	for _, k := range added[name] {
		if _, ok := out[k]; ok {
			t.Errorf("%s: %s is in the reference, so it need not be added", name, k)
		}
		out[k] = nil
	}
	if len(out) == 0 {
		t.Errorf("%s: nothing is known of what it returns", name)
	}
	return out, from, added[name]
}

// layout writes one parameter and one property a line, so that a difference can be read.
func layout(t *testing.T, f file) []byte {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"source\": %s,\n  \"source_commit\": %s,\n  \"source_date\": %s,\n  \"returned\": %s,\n  \"cmdlets\": {",
		line(t, f.Source), line(t, f.SourceCommit), line(t, f.SourceDate), line(t, f.Returned))
	for i, name := range slices.Sorted(maps.Keys(f.Cmdlets)) {
		c := f.Cmdlets[name]
		fmt.Fprintf(&b, "%s\n    %s: {\n      \"supports_should_process\": %t,\n      \"applicable\": %s,\n      \"parameters\": {%s}",
			comma(i), line(t, name), c.ShouldProcess, line(t, c.Applicable), lines(t, c.Parameters))
		if c.ReturnsFrom != "" {
			fmt.Fprintf(&b, ",\n      \"returns_from\": %s", line(t, c.ReturnsFrom))
		}
		if c.ReturnsAdded != nil {
			fmt.Fprintf(&b, ",\n      \"returns_added\": %s", line(t, c.ReturnsAdded))
		}
		if c.Returns != nil {
			fmt.Fprintf(&b, ",\n      \"returns\": {%s}", lines(t, c.Returns))
		}
		b.WriteString("\n    }")
	}
	b.WriteString("\n  }\n}\n")
	return b.Bytes()
}

func lines[T any](t *testing.T, m map[string]T) string {
	t.Helper()
	if len(m) == 0 {
		return ""
	}
	var b strings.Builder
	for i, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "%s\n        %s: %s", comma(i), line(t, k), line(t, m[k]))
	}
	return b.String() + "\n      "
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

func line(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

func decode(t *testing.T, path string, to any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
