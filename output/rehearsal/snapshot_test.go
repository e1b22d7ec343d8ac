package rehearsal

import (
	"fmt"
	"strings"
	"testing"
)

// A snapshot is read as the tenant keeps its values, from PowerShell of either kind.
func TestReadSnapshot(t *testing.T) {
	seen, err := ReadSnapshot([]byte("\uFEFF" + `{
		"InboundConnector": [{"Name": "a", "SenderDomains": ["smtp:b.example;1", "smtp:*.c.example;5", "plain.example"], "RequireTls": true, "Unknown": {"x": 1}, "Guid": "g"}],
		"OutboundConnector": {"value": [{"Name": "o", "SmartHosts": {"value": ["[192.0.2.1]", "mx.example"], "Count": 2}, "RecipientDomains": "one.example"}], "Count": 1},
		"TransportRule": [{"Name": "second", "Priority": 1, "State": "Enabled"}, {"Name": "first", "Priority": 0, "State": "Disabled", "SetSCL": null}],
		"ArcConfig": [{"ArcTrustedSealers": ["x.example", "y.example"]}],
		"QuarantinePolicy": [{"Name": "q", "ESNEnabled": true, "EndUserQuarantinePermissions": "[PermissionToRequestRelease: True\r\nPermissionToRelease: False\r\nPermissionToDelete: True]"}],
		"TransportConfig": [{"SmtpClientAuthenticationDisabled": null}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	value := func(noun string, i int, property string) string {
		v, ok := seen[noun][i].Value(property)
		return fmt.Sprint(v, " ", ok)
	}
	for _, tt := range []struct{ got, want string }{
		{value("InboundConnector", 0, "SenderDomains"), "[b.example *.c.example plain.example] true"},
		{value("InboundConnector", 0, "RequireTls"), "true true"},
		{value("InboundConnector", 0, "Unknown"), "<nil> false"},
		{value("InboundConnector", 0, "Guid"), "<nil> false"},
		{value("OutboundConnector", 0, "SmartHosts"), "[192.0.2.1 mx.example] true"},
		{value("OutboundConnector", 0, "RecipientDomains"), "[one.example] true"},
		{value("TransportRule", 0, "Name"), "first true"},
		{value("TransportRule", 1, "Priority"), "1 true"},
		{value("ArcConfig", 0, "ArcTrustedSealers"), "[x.example y.example] true"},
		{value("QuarantinePolicy", 0, "EndUserQuarantinePermissions"), "9 true"},
		{value("TransportConfig", 0, "SmtpClientAuthenticationDisabled"), "<nil> true"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s, want %s", tt.got, tt.want)
		}
	}
	for text, want := range map[string]string{
		"hello": "this is no snapshot", "[]": "this is no snapshot", "{}": "it holds no kind of object", `{"Steps": []}`: `it holds "Steps"`,
		`{"TransportRule": 3}`: "TransportRule: these are no objects", `{"TransportRule": [{"Priority": 1}]}`: "TransportRule: object 1 has no Name",
	} {
		if _, err := ReadSnapshot([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
