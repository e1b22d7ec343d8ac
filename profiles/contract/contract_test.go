package contract

import (
	"slices"
	"strings"
	"testing"
)

func loaded(t *testing.T) *Contract {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoadKnowsItsNouns(t *testing.T) {
	c := loaded(t)
	want := []string{
		"ATPProtectionPolicyRule", "AcceptedDomain", "AdminAuditLogConfig", "AntiPhishPolicy", "AntiPhishRule", "ArcConfig",
		"AtpPolicyForO365", "DkimKeys", "DkimSigningConfig", "DnssecStatusForVerifiedDomain", "EOPProtectionPolicyRule", "ExternalInOutlook",
		"HostedConnectionFilterPolicy", "HostedContentFilterPolicy", "HostedContentFilterRule", "HostedOutboundSpamFilterPolicy", "IRMConfiguration", "InboundConnector",
		"MalwareFilterPolicy", "MalwareFilterRule", "NamedRemoteDomain", "OrganizationConfig", "OutboundConnector", "QuarantinePolicy",
		"RemoteDomain", "SafeAttachmentPolicy", "SafeAttachmentRule", "SafeLinksPolicy", "SafeLinksRule", "SharingPolicy",
		"SmtpDaneInbound", "TransportConfig", "TransportRule", "TransportRuleOrder",
	}
	if got := c.Nouns(); !slices.Equal(got, want) {
		t.Errorf("nouns: %v, want %v", got, want)
	}
	n, ok := c.Noun("DkimSigningConfig")
	if !ok || n.Singleton() || n.Name != "DkimSigningConfig" || n.Key != "Domain" {
		t.Errorf("DkimSigningConfig: %+v", n)
	}
	for property, want := range map[string]Kind{"Enabled": Flag, "KeySize": Number, "Status": Word} {
		if got, ok := n.Kind(property); !ok || got != want {
			t.Errorf("DkimSigningConfig.%s: %q %t, want %q", property, got, ok, want)
		}
	}
	if _, ok := n.Kind("Selector3CNAME"); ok {
		t.Error("DkimSigningConfig has a third selector")
	}
	if n, _ := c.Noun("ArcConfig"); !n.Singleton() {
		t.Error("ArcConfig has a name")
	}
}

// TestWhole: a rule is compared in all conditions, exceptions and actions, and in nothing else.
func TestWhole(t *testing.T) {
	c := loaded(t)
	whole := c.Whole("TransportRule")
	for property, want := range map[string]Kind{
		"SenderDomainIs": Words, "ExceptIfSubjectMatchesPatterns": Texts, "DeleteMessage": Flag, "MessageSizeOver": Size, "PrependSubject": Text,
		"ActivationDate": Word, "HasSenderOverride": Shown, "SetSCL": Word, "Description": "", "State": "", "Priority": "", "Comments": "",
	} {
		if got := whole[property]; got != want {
			t.Errorf("%s: %q, want %q", property, got, want)
		}
	}
	if got := c.Whole("InboundConnector"); len(got) > 0 {
		t.Errorf("an inbound connector is compared whole: %v", got)
	}
}

// TestForms: sizes and lengths of time are given in a form that the service takes back.
func TestForms(t *testing.T) {
	for _, tt := range []struct {
		kind  Kind
		value any
		want  string
	}{
		{Size, "10MB", ""},
		{Size, "10485760", ""},
		{Size, nil, ""},
		{Size, "10 MB (10,485,760 bytes)", "is a number of bytes such as 10MB"},
		{Size, 10, "is a number of bytes"},
		{Span, "1.00:00:00", ""},
		{Span, "12:00:00", ""},
		{Span, "1 day", "is a length of time such as 1.00:00:00"},
		{Shown, "x", "can only be looked at"},
	} {
		err := checkKind("X.Y", tt.kind, tt.value)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %v: %v, want %q", tt.kind, tt.value, err, tt.want)
		}
	}
}

func TestCmdletFacts(t *testing.T) {
	c := loaded(t)
	takes := []struct {
		cmdlet, parameter string
		want              bool
	}{
		{"New-DkimSigningConfig", "KeySize", true},
		{"Set-DkimSigningConfig", "KeySize", false},
		{"New-TransportRule", "Enabled", true},
		{"Set-TransportRule", "Enabled", false},
		{"New-InboundConnector", "EFTestMode", false},          // reserved
		{"Set-TransportConfig", "MaxReceiveSize", false},       // on-premises only
		{"Get-TransportRule", "DlpPolicy", false},              // the prose says on-premises only
		{"Set-TransportConfig", "AllowLegacyTLSClients", true}, // undocumented, but there
	}
	for _, tt := range takes {
		x, ok := c.Cmdlet(tt.cmdlet)
		if !ok {
			t.Fatalf("no %s", tt.cmdlet)
		}
		if got := x.Takes(tt.parameter); got != tt.want {
			t.Errorf("%s takes %s: %t, want %t", tt.cmdlet, tt.parameter, got, tt.want)
		}
	}
	info, _ := c.Cmdlet("Get-ConnectionInformation")
	if info.Parameters["ConnectionId"].Required {
		t.Error("Get-ConnectionInformation demands a ConnectionId, which only one of its parameter sets does")
	}
	out, _ := c.Cmdlet("Get-OutboundConnector")
	if got, _ := out.Property("UseMXRecord"); got != "UseMxRecord" {
		t.Errorf("Get-OutboundConnector returns %q for UseMXRecord", got)
	}
	if p := out.Parameters["Identity"]; p.Position != 1 || p.Required {
		t.Errorf("Get-OutboundConnector -Identity: %+v", p)
	}
}

// TestProblems breaks one thing at a time and expects to be told which.
func TestProblems(t *testing.T) {
	nouns, cmdlets, formats := string(nounsYAML), string(cmdletsJSON), string(formatsYAML)
	tests := []struct {
		name     string
		in       *string
		old, new string
		want     string
	}{
		{"unknown key", &nouns, "  parameter: Name", "  parameter: Name\n  colour: red", "field colour not found"},
		{"property twice", &nouns, "    ConnectorType: word", "    ConnectorType: word\n    ConnectorType: word", `"ConnectorType" already defined`},
		{"unknown cmdlet", &nouns, "get: [Get-ArcConfig]", "get: [Get-ArcConfigs]", "ArcConfig: no such cmdlet: Get-ArcConfigs"},
		{"unused cmdlet", &nouns, "get: [Get-ArcConfig]", "get: [Get-ArcConfigs]", "Get-ArcConfig: no noun uses it"},
		{"verb in the wrong place", &nouns, "get: [Get-ArcConfig]", "get: [Get-ArcConfig, Set-ArcConfig]", "ArcConfig: Set-ArcConfig stands where Get is wanted"},
		{"scope", &nouns, "scope: exchange-online", "scope: moon", `unknown scope "moon"`},
		{"key not returned", &nouns, "key: Domain\n", "key: DomainName\n", "DkimSigningConfig: Get-DkimSigningConfig returns no DomainName"},
		{"merged and no list of the kind", &nouns, "merges: [Domains]", "merges: [Enabled]", "SharingPolicy.Enabled: merges, and is no list that takes members"},
		{"set by nothing", &nouns, "Shortest: KeySize}", "Shortest: KeyLength}", "DkimKeys.KeyLength: Rotate-DkimSigningConfig does not take it"},
		{"no property set by anything", &nouns, "Shortest: KeySize}", "Shortest: KeySize, Oldest: KeySize}", "DkimKeys.Oldest: is set by KeySize, and is no property"},
		{"asked for by nothing", &nouns, "asked: DomainName", "asked: Domain", "DnssecStatusForVerifiedDomain: Get-DnssecStatusForVerifiedDomain takes no Domain"},
		{"read from nothing", &nouns, "Enabled: SmtpDaneStatus", "Enabled: SmtpDane", "SmtpDaneInbound.Enabled: Get-AcceptedDomain does not return SmtpDane"},
		{"no property read from anything", &nouns, "Enabled: SmtpDaneStatus", "Mood: SmtpDaneStatus", "SmtpDaneInbound.Mood: is read from SmtpDaneStatus, and is no property"},
		{"name parameter", &nouns, "parameter: DomainName\n  get: [Get-Dkim", "parameter: Domain\n  get: [Get-Dkim", "DkimSigningConfig: New-DkimSigningConfig takes no Domain"},
		{"singleton that can be removed", &nouns, "set: [Set-ArcConfig]", "set: [Set-ArcConfig]\n  remove: [Remove-DkimSigningConfig]", "ArcConfig: has no key"},
		{"property of New only", &nouns, "    Enabled: flag\n  creation:", "    Enabled: flag\n    KeySize: number\n  creation:", "DkimSigningConfig.KeySize: Set-DkimSigningConfig does not take it"},
		{"property twice over maps", &nouns, "    KeySize: number", "    KeySize: number\n    Enabled: flag", "DkimSigningConfig.Enabled: stands more than once"},
		{"creation that Set takes", &nouns, "    KeySize: number", "    KeySize: number\n    BodyCanonicalization: word", "DkimSigningConfig.BodyCanonicalization: Set-DkimSigningConfig takes it"},
		{"readonly not returned", &nouns, "    Status: word", "    Mood: word", "DkimSigningConfig.Mood: Get-DkimSigningConfig does not return Mood"},
		{"readonly that Set takes", &nouns, "    Status: word", "    AdminDisplayName: text", "DkimSigningConfig.AdminDisplayName: New-DkimSigningConfig takes it"},
		{"reserved", &nouns, "    EFSkipLastIP: flag", "    EFTestMode: flag", "InboundConnector.EFTestMode: New-InboundConnector does not take it"},
		{"undocumented", &nouns, "    - ReplyAllStormProtectionEnabled\n", "", "TransportConfig.ReplyAllStormProtectionEnabled: ReplyAllStormProtectionEnabled of Set-TransportConfig is undocumented"},
		{"documented after all", &nouns, "    - AllowLegacyTLSClients", "    - SmtpClientAuthenticationDisabled\n    - AllowLegacyTLSClients", "TransportConfig.SmtpClientAuthenticationDisabled: SmtpClientAuthenticationDisabled of Set-TransportConfig is documented"},
		{"undocumented and not used", &nouns, "    - AllowLegacyTLSClients", "    - ClearCategories\n    - AllowLegacyTLSClients", "TransportConfig.ClearCategories: is undocumented and nothing that a plan sets"},
		{"kind against type", &nouns, "    RequireTls: flag", "    RequireTls: words", "InboundConnector.RequireTls: is a words, but New-InboundConnector takes Boolean"},
		{"unknown kind", &nouns, "    RequireTls: flag", "    RequireTls: maybe", "InboundConnector.RequireTls: is a maybe"},
		{"apart from nothing", &nouns, "    - RegexSize\n", "    - RegexSizes\n", "TransportRule.RegexSizes: stands apart, and Get-TransportRule does not return it"},
		{"unset and apart", &nouns, "    RuleErrorAction: Ignore", "    RuleSubType: None", "TransportRule.RuleSubType: is unset or added, and nothing that is compared and set"},
		{"unset to what Set refuses", &nouns, "    Mode: Enforce", "    Mode: Maybe", `TransportRule.Mode is Audit, AuditAndNotify or Enforce, not "Maybe"`},
		{"words for no property", &nouns, "    EFSkipIPs: the addresses", "    EFSkip: the addresses", "InboundConnector says what EFSkip is"},
		{"property without words", &nouns, "    EFSkipIPs: the addresses that the filter looks past\n", "", "InboundConnector.EFSkipIPs: says is missing"},
		{"noun without a name for people", &nouns, "  called: ARC configuration\n", "", "ArcConfig: called is missing"},
		{"bits of no number", &nouns, "EndUserQuarantinePermissionsValue: number", "EndUserQuarantinePermissionsValue: word", "QuarantinePolicy.EndUserQuarantinePermissionsValue: bits are of a number"},
		{"bits shown nowhere", &nouns, "shown: EndUserQuarantinePermissions\n", "shown: Permissions\n", "Get-QuarantinePolicy does not return Permissions"},
		{"two parts in one", &nouns, "PermissionToRelease: 4", "PermissionToRelease: 8", "QuarantinePolicy.EndUserQuarantinePermissionsValue: PermissionTo"},
		{"apart and no part", &nouns, "PermissionToRequestRelease, PermissionToRelease]", "PermissionToRequestRelease, PermissionToSend]", "PermissionToSend stands apart and is no part"},
		{"unknown key in the cmdlets", &cmdlets, `"source_date":`, `"sauce_date":`, `unknown field "sauce_date"`},
		{"cmdlet that lost a parameter", &cmdlets, `"RouteMessageOutboundConnector": {`, `"RouteMessage": {`, "TransportRule.RouteMessageOutboundConnector: New-TransportRule does not take it"},
		{"cmdlet not for the cloud", &cmdlets, `"Get-ArcConfig": {
      "supports_should_process": false,
      "applicable": ["EXO"]`, `"Get-ArcConfig": {
      "supports_should_process": false,
      "applicable": ["E16"]`, "ArcConfig: Get-ArcConfig is not for Exchange Online"},
		{"Get without returns", &cmdlets, `"returns": {
        "ArcTrustedSealers"`, `"returns_not": {
        "ArcTrustedSealers"`, `unknown field "returns_not"`},
		{"state not returned", &cmdlets, "\"State\": \"Enabled\",\n        \"StopRule", "\"Stat\": \"Enabled\",\n        \"StopRule", "TransportRule.Enabled: Get-TransportRule does not return State"},
		{"format of no property", &formats, "EFSkipIPs: sources", "EFSkip: sources", "InboundConnector.EFSkip is no list of words"},
		{"length of no text", &formats, "RejectMessageReasonText: 1024", "Enabled: 1024", "TransportRule.Enabled is no text and no list of words"},
		{"unknown format", &formats, "EFSkipIPs: sources", "EFSkipIPs: ipv5", `unknown format "ipv5"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := *tt.in
			defer func() { *tt.in = before }()
			*tt.in = strings.Replace(before, tt.old, tt.new, 1)
			if *tt.in == before {
				t.Fatalf("nothing was broken: no %q", tt.old)
			}
			_, err := parse([]byte(nouns), []byte(cmdlets), []byte(formats))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestProblemsComeTogether(t *testing.T) {
	broken := strings.NewReplacer("get: [Get-ArcConfig]", "get: [Get-ArcConfigs]", "    RequireTls: flag", "    RequireTls: words").Replace(string(nounsYAML))
	_, err := parse([]byte(broken), cmdletsJSON, formatsYAML)
	for _, want := range []string{"Get-ArcConfigs", "RequireTls"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s in it too", err, want)
		}
	}
}

func TestCheckValue(t *testing.T) {
	c := loaded(t)
	long := strings.Repeat("n", 65)
	tests := []struct {
		noun, property string
		value          any
		want           string // empty: no error
	}{
		{"InboundConnector", "ConnectorType", "onpremises", ""},
		{"InboundConnector", "ConnectorType", "Foo", `InboundConnector.ConnectorType is Partner or OnPremises, not "Foo"`},
		{"InboundConnector", "ConnectorType", "", `InboundConnector.ConnectorType is a word or null, not ""`},
		{"InboundConnector", "ConnectorType", true, "InboundConnector.ConnectorType is a word or null, not true"},
		{"InboundConnector", "ConnectorKind", "Partner", "InboundConnector has no ConnectorKind"},
		{"Connector", "ConnectorType", "Partner", "no noun Connector"},
		{"InboundConnector", "RequireTls", true, ""},
		{"InboundConnector", "RequireTls", nil, ""},
		{"InboundConnector", "RequireTls", "yes", `InboundConnector.RequireTls is true, false or null, not "yes"`},
		{"InboundConnector", "SenderDomains", []any{"*"}, ""},
		{"InboundConnector", "SenderDomains", "*", `InboundConnector.SenderDomains is a list or null, not "*"`},
		{"InboundConnector", "SenderDomains", nil, "InboundConnector.SenderDomains needs a value"},
		{"InboundConnector", "SenderDomains", []any{}, "InboundConnector.SenderDomains needs a value"},
		{"InboundConnector", "SenderDomains", []any{"a.example", 7, " "}, "InboundConnector.SenderDomains holds words, not 7\nInboundConnector.SenderDomains holds words, not \" \""},
		{"InboundConnector", "SenderIPAddresses", []any{"192.0.2.1", "192.0.2.0/24", "192.0.2.7/32"}, ""},
		{"InboundConnector", "SenderIPAddresses", nil, ""},
		{"InboundConnector", "SenderIPAddresses", []any{"192.0.2.0/23"}, `InboundConnector.SenderIPAddresses holds IPv4 addresses or networks of /24 to /32, not "192.0.2.0/23"`},
		{"InboundConnector", "SenderIPAddresses", []any{"2001:db8::1"}, `InboundConnector.SenderIPAddresses holds IPv4 addresses or networks of /24 to /32, not "2001:db8::1"`},
		{"InboundConnector", "SenderIPAddresses", []any{"192.0.2.1-192.0.2.9"}, `InboundConnector.SenderIPAddresses holds IPv4 addresses or networks of /24 to /32, not "192.0.2.1-192.0.2.9"`},
		{"InboundConnector", "EFSkipIPs", []any{"192.0.2.1", "192.0.2.0/22", "192.0.2.1-192.0.2.9", "2001:db8::/64"}, ""},
		{"InboundConnector", "EFSkipIPs", []any{"192.0.2.9-192.0.2.1"}, `InboundConnector.EFSkipIPs holds addresses, networks or ranges, not "192.0.2.9-192.0.2.1"`},
		{"InboundConnector", "EFSkipIPs", []any{"192.0.2.9-2001:db8::1"}, `InboundConnector.EFSkipIPs holds addresses, networks or ranges, not "192.0.2.9-2001:db8::1"`},
		{"InboundConnector", "EFSkipIPs", []any{"gateway.example"}, `InboundConnector.EFSkipIPs holds addresses, networks or ranges, not "gateway.example"`},
		{"InboundConnector", "Comment", "", ""},
		{"OutboundConnector", "Name", strings.Repeat("ü", 64), ""},
		{"OutboundConnector", "Name", long, "OutboundConnector.Name has at most 64 characters, not 65"},
		{"OutboundConnector", "Name", nil, "OutboundConnector.Name is a name, not null"},
		{"OutboundConnector", "TlsSettings", nil, ""},
		{"OutboundConnector", "TlsSettings", "Maybe", `OutboundConnector.TlsSettings is EncryptionOnly, CertificateValidation, DomainValidation or null, not "Maybe"`},
		{"TransportRule", "Name", long, "TransportRule.Name has at most 64 characters, not 65"},
		{"TransportRule", "Comments", strings.Repeat("c", 1025), "TransportRule.Comments has at most 1024 characters, not 1025"},
		{"TransportRule", "IncidentReportContent", []any{"sender", "Subject"}, ""},
		{"TransportRule", "IncidentReportContent", []any{"Sender", "Mood"}, `TransportRule.IncidentReportContent is Sender, Recipients, Subject, CC, BCC, Severity, RuleDetections, FalsePositive, IdMatch or AttachOriginalMail, not "Mood"`},
		{"TransportRule", "RejectMessageReasonText", strings.Repeat("r", 1024), ""},
		{"TransportRule", "RecipientDomainIs", []any{"a.example", strings.Repeat("d", 129)}, "TransportRule.RecipientDomainIs has at most 128 characters, not 129"},
		{"TransportRule", "RejectMessageReasonText", strings.Repeat("r", 1025), "TransportRule.RejectMessageReasonText has at most 1024 characters, not 1025"},
		{"TransportRule", "Enabled", false, ""},
		{"TransportRuleOrder", "Order", []any{"first", "second"}, ""},
		{"TransportRuleOrder", "Order", "first", `TransportRuleOrder.Order is a list or null, not "first"`},
		{"TransportRuleOrder", "Name", "order", "TransportRuleOrder has no Name"},
		{"TransportConfig", "SmtpClientAuthenticationDisabled", nil, ""},
		{"DkimSigningConfig", "DomainName", "agency.example", ""},
		{"DkimSigningConfig", "Enabled", nil, "DkimSigningConfig.Enabled needs a value"},
		{"DkimSigningConfig", "KeySize", 2048, ""},
		{"DkimSigningConfig", "KeySize", 4096, "DkimSigningConfig.KeySize is 1024 or 2048, not 4096"},
		{"QuarantinePolicy", "EndUserQuarantinePermissionsValue", 43, ""},
		{"QuarantinePolicy", "EndUserQuarantinePermissionsValue", 0, ""},
		{"QuarantinePolicy", "EndUserQuarantinePermissionsValue", 12, "QuarantinePolicy.EndUserQuarantinePermissionsValue holds one of PermissionToRequestRelease and PermissionToRelease at most, not 12"},
		{"QuarantinePolicy", "EndUserQuarantinePermissionsValue", 256, "QuarantinePolicy.EndUserQuarantinePermissionsValue is a sum of parts that it has, up to 255, not 256"},
		{"DkimSigningConfig", "KeySize", "2048", `DkimSigningConfig.KeySize is a whole number, not "2048"`},
		{"DkimSigningConfig", "KeySize", nil, "DkimSigningConfig.KeySize is a whole number, not null"},
		{"DkimSigningConfig", "Status", "Valid", ""},
		{"DkimKeys", "Longest", 2048, ""},
		{"DkimKeys", "Longest", 4096, "DkimKeys.Longest is 1024 or 2048, not 4096"},
		{"ArcConfig", "ArcTrustedSealers", nil, ""},
		{"ArcConfig", "ArcTrustedSealers", []any{}, ""},
		{"ArcConfig", "ArcTrustedSealers", map[string]any{"Add": "x"}, "ArcConfig.ArcTrustedSealers is a list or null, not a map"},
	}
	for _, tt := range tests {
		got := ""
		if err := c.CheckValue(tt.noun, tt.property, tt.value); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s.%s = %v: %q, want %q", tt.noun, tt.property, tt.value, got, tt.want)
		}
	}
}
