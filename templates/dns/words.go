package dns

import (
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/design"
)

// Replaces says what a record takes the place of, so that nothing contradicts it.
func Replaces(d *design.Design, r design.Record) string {
	if last, ok := d.Before(r); ok {
		if slices.Equal(last.Values, r.Values) && last.Preference == r.Preference {
			return fmt.Sprintf("its time to live of %d seconds, from phase %s", last.TTL, last.Phase)
		}
		return "its value of phase " + last.Phase
	}
	switch r.Type {
	case "CNAME":
		return "whatever stands at this name"
	case "TXT":
		return "any TXT record at this name that begins with " + r.Tag
	}
	return fmt.Sprintf("every %s record at this name", r.Type)
}

// BackOut says how the record is taken back.
func BackOut(d *design.Design, r design.Record) string {
	if last, ok := d.Before(r); ok {
		if slices.Equal(last.Values, r.Values) && last.Preference == r.Preference {
			return fmt.Sprintf("Set its time to live to %d seconds again, as in phase %s.", last.TTL, last.Phase)
		}
		return fmt.Sprintf("Publish it again as in phase %s.", last.Phase)
	}
	return "Publish again what was there before; where nothing was, remove it."
}

// Dig is a command that asks a server, named by the variable server, for the record.
func Dig(r design.Record, server string) string {
	return fmt.Sprintf("dig +short %s %s %s", server, r.Type, shellName(r.Name))
}

// Resolve is the same for the PowerShell of Windows.
func Resolve(r design.Record, server string) string {
	return fmt.Sprintf("Resolve-DnsName -Server %s -Name %s -Type %s -DnsOnly", server, shellName(r.Name), r.Type)
}

// shellName keeps a shell from taking an asterisk for its own.
func shellName(name string) string {
	if strings.Contains(name, "*") {
		return "'" + name + "'"
	}
	return name
}
