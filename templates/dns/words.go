package dns

import (
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/design"
)

// Replaces says what a record takes the place of, so that nothing contradicts it.
func Replaces(d *design.Design, r design.Record) string {
	last, ok := d.Before(r)
	same := slices.Equal(last.Values, r.Values)
	switch {
	case ok && same && last.Phase != "":
		return fmt.Sprintf("its time to live of %d seconds, from phase %s", last.TTL, last.When())
	case ok && last.Phase != "":
		return "its value of phase " + last.When()
	case ok && same:
		return "its time to live of today" + seconds(", %d seconds", last)
	case ok:
		return "what stands there today" + seconds(", time to live %d seconds", last) + ": " + strings.Join(last.Values, ", ")
	case r.Today != nil:
		return "nothing: no such record stands there today"
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
	last, ok := d.Before(r)
	same := slices.Equal(last.Values, r.Values)
	switch {
	case ok && same && last.Phase != "":
		return fmt.Sprintf("Set its time to live to %d seconds again, as in phase %s.", last.TTL, last.When())
	case ok && last.Phase != "":
		return fmt.Sprintf("Publish it again as in phase %s.", last.When())
	case ok && same:
		return "Set its time to live again to that of today" + seconds(", %d seconds", last) + "."
	case ok:
		return "Publish again what stands there today" + seconds(", time to live %d seconds", last) + ": " + strings.Join(last.Values, ", ")
	case r.Today != nil:
		return "Remove it: no such record stands there today."
	}
	return "Publish again what was there before; where nothing was, remove it."
}

// seconds names a time to live, if somebody knows it.
func seconds(words string, r design.Record) string {
	if r.TTL == 0 {
		return ""
	}
	return fmt.Sprintf(words, r.TTL)
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
