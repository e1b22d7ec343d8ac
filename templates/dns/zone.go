package dns

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles/design"
)

// zones returns a fragment for each phase and zone in which something is published. Records of
// an internal view have a folder of their own: the two views are never loaded together. So have
// those of a later round, which are published later.
func zones(d *design.Design) []output.File {
	var files []output.File
	at := map[string]int{} // path -> index of its file
	in := map[string][]design.Record{}
	for _, r := range d.Records {
		if r.Held() {
			continue
		}
		path := zonePath(r)
		if _, known := at[path]; !known {
			at[path] = len(files)
			files = append(files, output.File{Path: path, Role: role})
		}
		in[path] = append(in[path], r)
	}
	for i := range files {
		files[i].Data = zone(d, in[files[i].Path])
	}
	return files
}

// device is a name that Windows keeps for devices, with any extension.
var device = regexp.MustCompile(`^(?i:con|prn|aux|nul|(com|lpt)[0-9])\.`)

func zonePath(r design.Record) string {
	folder := "dns/" + r.Phase + "/"
	if r.Moment() > 1 {
		folder += fmt.Sprintf("round-%d/", r.Round)
	}
	if r.View != external {
		folder += r.View + "/"
	}
	if device.MatchString(r.Zone + ".") {
		folder += "_"
	}
	return folder + r.Zone + ".zone"
}

const external = "external"

// zone writes records of one phase, zone and view.
func zone(d *design.Design, records []design.Record) []byte {
	var b bytes.Buffer
	say := func(format string, args ...any) { fmt.Fprintf(&b, "; %s\n", comment(fmt.Sprintf(format, args...))) }
	first := records[0]
	say("%s", d.Cover.Marking)
	say("%s, %s view, phase %s of %s r%d, %s", first.Zone, first.View, first.When(), d.Profile.Name, d.Profile.Revision, d.Profile.Date)
	say("A fragment without SOA and NS. If %s is no zone of its own, its records belong in the zone above it.", first.Zone)
	fmt.Fprintf(&b, "$ORIGIN %s.\n", first.Zone)
	names, ttls := 0, 0
	for _, r := range records {
		names = max(names, len(Relative(r)))
		ttls = max(ttls, len(strconv.Itoa(r.TTL)))
	}
	for _, r := range records {
		b.WriteByte('\n')
		say("%s: %s, in place of %s", r.ID, d.Change(r), Replaces(d, r))
		say("%s", strings.Join(append([]string{r.Reason}, r.Decisions...), "; "))
		for _, v := range r.Values {
			fmt.Fprintf(&b, "%-*s %*d IN %-5s %s\n", names, Relative(r), ttls, r.TTL, r.Type, data(r, v))
		}
	}
	b.WriteByte('\n')
	say("%s", d.Cover.Marking)
	return b.Bytes()
}

// comment keeps a text in its comment and in ASCII.
func comment(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// Relative returns the name of a record in its zone, @ for the zone itself.
func Relative(r design.Record) string {
	if Apex(r) {
		return "@"
	}
	return strings.TrimSuffix(r.Name, "."+r.Zone)
}

// data writes a value as a zone file has it: targets with the final dot, texts in strings.
func data(r design.Record, v string) string {
	switch r.Type {
	case "MX":
		return Preference(r, v) + " " + absolute(Target(r, v))
	case "CNAME":
		return absolute(v)
	case "TXT":
		return strings.Join(quoted(v), " ")
	}
	return v
}

func absolute(name string) string { return strings.TrimSuffix(name, ".") + "." }

// quoted cuts a text into the strings of a TXT record and quotes each.
func quoted(text string) []string {
	var out []string
	for len(text) > longestString {
		out, text = append(out, quote(text[:longestString])), text[longestString:]
	}
	return append(out, quote(text))
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func quote(s string) string { return `"` + escape.Replace(s) + `"` }
