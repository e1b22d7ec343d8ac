package contract

import "testing"

// TestBits reads what the service shows of the policies that it makes itself.
func TestBits(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	n, _ := c.Noun("QuarantinePolicy")
	b := n.Bits["EndUserQuarantinePermissionsValue"]
	for text, want := range map[string]int{
		"": 0,
		"[PermissionToViewHeader: False\nPermissionToRelease: False\nPermissionToPreview: False]":                                                                    0,
		"[PermissionToAllowSender: True\r\nPermissionToRelease: False\r\nPermissionToRequestRelease: True\r\nPermissionToPreview: True\r\nPermissionToDelete: True]": 43,
		"PermissionToAllowSender: True PermissionToRequestRelease: False PermissionToRelease: True PermissionToPreview: True PermissionToDelete: True":               39,
	} {
		if got := b.Number(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}

func TestSame(t *testing.T) {
	list := func(v ...any) any { return v }
	for _, tt := range []struct {
		name string
		kind Kind
		a, b any
		want bool
	}{
		{"flags", Flag, true, false, false},
		{"a flag that was never set is a state of its own", Flag, false, nil, false},
		{"numbers", Number, 2048, 2048, true},
		{"numbers differ", Number, 1024, 2048, false},
		{"case of a word", Word, "TIDEGATE.example", "tidegate.example", true},
		{"case of a text", Text, "Refused", "refused", false},
		{"order and case of words", Words, list("B.example", "a.example"), list("a.example", "b.example"), true},
		{"another word", Words, list("a.example"), list("a.example", "b.example"), false},
		{"order of texts", Texts, list("x", "y"), list("y", "x"), true},
		{"case of texts", Texts, list("X"), list("x"), false},
		{"order where it is the point", Order, list("x", "y"), list("y", "x"), false},
		{"empty is no value", Words, list(), nil, true},
		{"something is not nothing", Words, list("a.example"), nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.kind.Same(tt.a, tt.b) != tt.want || tt.kind.Same(tt.b, tt.a) != tt.want {
				t.Errorf("%v and %v: want %t", tt.a, tt.b, tt.want)
			}
		})
	}
}
