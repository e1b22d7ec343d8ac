package dns

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	mdns "github.com/miekg/dns"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/design"
)

// plans returns designs to encode: the examples, and one with all that a zone can hold.
func plans(t *testing.T) map[string]*design.Design {
	t.Helper()
	c, presets, err := profiles.Load()
	if err != nil {
		t.Fatal(err)
	}
	plans := map[string]*design.Design{"everything": everything()}
	for _, name := range profiles.Examples() {
		p, err := profiles.Example(name)
		if err != nil {
			t.Fatal(err)
		}
		plans[name] = design.Resolve(profiles.Evaluate(c, presets, p), presets)
	}
	return plans
}

// plan returns a design with these records and nothing else.
func plan(records ...design.Record) *design.Design {
	for i := range records {
		r := &records[i]
		if r.ID == "" {
			r.ID = fmt.Sprintf("REC-%03d", i)
		}
		if r.Phase == "" {
			r.Phase = "P2"
		}
		if r.Zone == "" {
			r.Zone = "agency.example"
		}
		if r.Name == "" {
			r.Name = r.Zone
		}
		if r.View == "" {
			r.View = "external"
		}
		if r.Type == "TXT" && r.Tag == "" {
			r.Tag = "v=test"
		}
		if r.TTL == 0 {
			r.TTL = 3600
		}
	}
	return &design.Design{
		Profile: &profiles.Profile{ID: "agency-0000", Name: "agency", Revision: 1, Date: "2026-11-25"},
		Cover:   design.Cover{Marking: "OFFICIAL: Sensitive"},
		Records: records,
	}
}

func everything() *design.Design {
	records := []design.Record{
		{Type: "MX", Values: []string{"10 mx1.gateway.example", "20 mx2.gateway.example"}},
		{Type: "MX", Phase: "P8", ID: "REC-000", TTL: 86400, Values: []string{"10 mx1.gateway.example", "20 mx2.gateway.example"}},
		{Type: "MX", Zone: "parked.example", Values: []string{"0 ."}},
		{Type: "MX", Zone: "cloud.example", Values: []string{"0 cloud-example.mail.protection.outlook.com"}},
		{Type: "TXT", ID: "REC-900", Phase: "P8", Round: 1, Name: "_dmarc.agency.example", Values: []string{"v=DMARC1; p=quarantine"}},
		{Type: "TXT", ID: "REC-900", Phase: "P8", Round: 2, TTL: 7200, Name: "_dmarc.agency.example", Values: []string{"v=DMARC1; p=reject"}},
		{Type: "TXT", Zone: "served.example", Name: "_mta-sts.served.example", Values: []string{"v=STSv1; id=1"}, Serves: &design.Served{URL: "https://mta-sts.served.example/.well-known/mta-sts.txt", Text: "version: STSv1\r\nmode: testing\r\nmx: mx.example\r\nmax_age: 60\r\n"}},
		{Type: "TXT", Zone: "con.example", Name: "_mta-sts.con.example", Values: []string{"v=STSv1; id=2"}, Serves: &design.Served{URL: "https://mta-sts.con.example/.well-known/mta-sts.txt", Text: "version: STSv1\r\nmode: enforce\r\nmx: mx.example\r\nmax_age: 60\r\n"}},
		{Type: "TXT", Zone: "today.example", Values: []string{"v=spf1 -all"}, Today: &design.Today{TTL: 900, Values: []string{"=today"}}},
		{Type: "A", Name: "smtp.agency.example", Values: []string{"192.0.2.1", "192.0.2.2"}},
		{Type: "AAAA", Name: "smtp.agency.example", Values: []string{"2001:db8::1"}},
		{Type: "CNAME", Name: "selector1._domainkey.agency.example", Values: []string{"selector1-agency._domainkey.tenant.m-v1.dkim.mail.microsoft"}},
		{Type: "TXT", Name: "*._domainkey.agency.example", Values: []string{"v=DKIM1; p="}},
		{Type: "A", View: "internal", Name: "smtp.agency.example", Values: []string{"10.0.0.1"}},
		{Type: "TXT", Zone: "con.example", Values: []string{"a name that Windows keeps for a device"}},
		{Type: "CNAME", Name: "held.agency.example", Open: []string{"dkim.selector2/agency.example"}},
	}
	for _, v := range texts {
		records = append(records, design.Record{Type: "TXT", Name: fmt.Sprintf("t%d.agency.example", len(records)), Values: []string{v}})
	}
	return plan(records...)
}

// texts are what a TXT record may hold and a careless writer spoils.
var texts = []string{
	"v=spf1 ip4:192.0.2.0/24 include:spf.example -all",
	`semicolon; "quotes" and \ backslash`,
	`\"`, `"`, `\`, `\\`, `ends in a backslash\`, `\010 is no number here`, "(parentheses)", "$ORIGIN evil.example.", "; a comment", " blanks  ",
	"-verification-token", "=HYPERLINK(\"https://x.example\")", "+1", "@", `="a\b"`,
	"exists:%{i}._spf.agency.example",
	strings.Repeat("x", 255),
	strings.Repeat("x", 256),
	strings.Repeat("x", 254) + `\"`, // an escape across the end of a string
	strings.Repeat(`"`, 255) + "y",
	strings.Repeat(`\`, 511),
	strings.Repeat("0123456789", 410),
}

func encode(t *testing.T, d *design.Design) map[string][]byte {
	t.Helper()
	files, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	// Seal refuses what has no place in a pack, such as a path that Windows reserves.
	if _, err := output.Seal(files, output.Meta{Date: "2026-11-25", Plan: strings.Repeat("0", 64)}); err != nil {
		t.Error(err)
	}
	byPath := map[string][]byte{}
	for _, f := range files {
		if f.Role != "DNS records" {
			t.Errorf("%s has the role %q", f.Path, f.Role)
		}
		byPath[f.Path] = f.Data
	}
	return byPath
}

// published is one record as a name server would hold it.
type published struct {
	file, name, kind string
	ttl              int
	value            string // a text is one string again
}

// wanted is what the zone files of a plan must hold, no more and no less.
func wanted(d *design.Design) []published {
	var all []published
	for _, r := range d.Records {
		if len(r.Open) > 0 {
			continue
		}
		file := "dns/" + r.Phase + "/"
		if r.Round == 2 {
			file += "round-2/"
		}
		if r.View == "internal" {
			file += "internal/"
		}
		if r.Zone == "con.example" {
			file += "_"
		}
		for _, v := range r.Values {
			all = append(all, published{file + r.Zone + ".zone", r.Name, r.Type, r.TTL, v})
		}
	}
	return all
}

// loaded reads a zone file as a name server does. Nothing is given beside the file: not the
// origin and no time to live.
func loaded(t *testing.T, file string, data []byte) []published {
	t.Helper()
	var all []published
	zp := mdns.NewZoneParser(bytes.NewReader(data), "", file)
	for rr, ok := zp.Next(); ok; rr, ok = zp.Next() {
		h := rr.Header()
		p := published{file: file, name: strings.TrimSuffix(h.Name, "."), kind: mdns.TypeToString[h.Rrtype], ttl: int(h.Ttl)}
		switch rr := rr.(type) {
		case *mdns.MX:
			p.value = fmt.Sprintf("%d %s", rr.Preference, name(rr.Mx))
		case *mdns.CNAME:
			p.value = name(rr.Target)
		case *mdns.A:
			p.value = rr.A.String()
		case *mdns.AAAA:
			p.value = rr.AAAA.String()
		case *mdns.TXT:
			p.value = text(t, rr)
		default:
			t.Errorf("%s: %s", file, rr)
		}
		all = append(all, p)
	}
	if err := zp.Err(); err != nil {
		t.Errorf("%s: %v", file, err)
	}
	return all
}

func name(fqdn string) string {
	if fqdn == "." {
		return fqdn
	}
	return strings.TrimSuffix(fqdn, ".")
}

// text returns the octets that travel: the strings of the record, put together.
func text(t *testing.T, rr *mdns.TXT) string {
	t.Helper()
	wire := make([]byte, 1<<17)
	end, err := mdns.PackRR(rr, wire, 0, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for at := end - int(rr.Header().Rdlength); at < end; {
		n := int(wire[at])
		if n == 0 {
			t.Errorf("%s: an empty string", rr.Header().Name)
		}
		b.Write(wire[at+1 : at+1+n])
		at += 1 + n
	}
	return b.String()
}

func TestZonesHoldWhatTheDesignHolds(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			var got []published
			for file, data := range encode(t, d) {
				if path.Ext(file) == ".zone" {
					got = append(got, loaded(t, file, data)...)
				}
			}
			want := wanted(d)
			for _, p := range want {
				if !slices.Contains(got, p) {
					t.Errorf("lost: %+v", p)
				}
			}
			for _, p := range got {
				if !slices.Contains(want, p) {
					t.Errorf("made up: %+v", p)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d records, not %d", len(got), len(want))
			}
		})
	}
}

// No string is longer than DNS allows. The library that reads zones here would cut it by itself.
func TestStringsAreShort(t *testing.T) {
	literal := regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	escaped := regexp.MustCompile(`\\(.)`)
	for plan, d := range plans(t) {
		for file, data := range encode(t, d) {
			if path.Ext(file) != ".zone" {
				continue
			}
			for line := range strings.Lines(string(data)) {
				if strings.HasPrefix(line, ";") {
					continue
				}
				for _, m := range literal.FindAllStringSubmatch(line, -1) {
					if n := len(escaped.ReplaceAllString(m[1], "$1")); n > 255 {
						t.Errorf("%s: %s: a string of %d characters", plan, file, n)
					}
				}
			}
		}
	}
}

func TestZoneLooksLikeThis(t *testing.T) {
	d := plan(
		design.Record{ID: "REC-001", Type: "MX", Values: []string{"10 mx1.gateway.example", "20 mx2.gateway.example"}, Reason: "mail\nnach Köln", Decisions: []string{"DD-001", "DD-002"}},
		design.Record{ID: "REC-002", Type: "TXT", Name: "_dmarc.agency.example", Tag: "v=DMARC1", TTL: 300, Values: []string{"v=DMARC1; p=none"}, Reason: "reports"},
		design.Record{ID: "REC-002", Phase: "P8", Type: "TXT", Name: "_dmarc.agency.example", Tag: "v=DMARC1", Values: []string{"v=DMARC1; p=reject"}},
	)
	want := `; OFFICIAL: Sensitive
; agency.example, external view, phase P2 of agency r1, 2026-11-25
; A fragment without SOA and NS. If agency.example is no zone of its own, its records belong in the zone above it.
$ORIGIN agency.example.

; REC-001: add, in place of every MX record at this name
; mail?nach K?ln; DD-001; DD-002
@      3600 IN MX    10 mx1.gateway.example.
@      3600 IN MX    20 mx2.gateway.example.

; REC-002: add, in place of any TXT record at this name that begins with v=DMARC1
; reports
_dmarc  300 IN TXT   "v=DMARC1; p=none"

; OFFICIAL: Sensitive
`
	files := encode(t, d)
	if got := string(files["dns/P2/agency.example.zone"]); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(files["dns/P8/agency.example.zone"]); !strings.Contains(got, "; REC-002: change, in place of its value of phase P2\n") {
		t.Errorf("a changed record does not say so:\n%s", got)
	}
}

func TestJSONHoldsEveryField(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			data := encode(t, d)["dns/records.json"]
			var doc struct {
				Format                 int
				Marking, Profile, Date string
				Revision               int
				Records                []map[string]any
			}
			decoder := json.NewDecoder(bytes.NewReader(data))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&doc); err != nil {
				t.Fatal(err)
			}
			if doc.Format != 1 || doc.Marking != d.Cover.Marking || doc.Profile != d.Profile.ID || doc.Revision != d.Profile.Revision || doc.Date != d.Profile.Date {
				t.Errorf("head: %+v", doc)
			}
			if len(doc.Records) != len(d.Records) {
				t.Fatalf("%d records, not %d", len(doc.Records), len(d.Records))
			}
			for i, r := range d.Records {
				compareJSON(t, doc.Records[i], r, d.Change(r))
			}
		})
	}
}

// compareJSON compares an object with every field of a record that has a name in JSON.
func compareJSON(t *testing.T, got map[string]any, r design.Record, action string) {
	t.Helper()
	want := map[string]any{"action": action}
	v := reflect.ValueOf(r)
	for i := range v.NumField() {
		key, omit, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if key == "-" || omit == "omitempty" && v.Field(i).IsZero() {
			continue
		}
		switch x := v.Field(i).Interface().(type) {
		case int:
			want[key] = float64(x)
		case []string:
			list := []any{}
			for _, s := range x {
				list = append(list, s)
			}
			want[key] = list
		case *design.Served:
			want[key] = map[string]any{"url": x.URL, "text": x.Text}
		case *design.Today:
			values := []any{}
			for _, s := range x.Values {
				values = append(values, s)
			}
			today := map[string]any{"values": values}
			if x.TTL > 0 {
				today["ttl"] = float64(x.TTL)
			}
			want[key] = today
		default:
			want[key] = x
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\n got %v\nwant %v", r.ID, got, want)
	}
}

func TestJSONIsCanonical(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			first := encode(t, d)
			for file, data := range encode(t, d) {
				if !bytes.Equal(data, first[file]) {
					t.Errorf("%s: two runs give two files", file)
				}
			}
			data := first["dns/records.json"]
			if !bytes.HasSuffix(data, []byte("}\n")) || bytes.HasSuffix(data, []byte("\n\n")) {
				t.Error("the file does not end in one new line")
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, data, "", "  "); err != nil || !bytes.Equal(indented.Bytes(), data) {
				t.Errorf("not indented by two blanks: %v", err)
			}
			for _, escaped := range []string{`\u0026`, `\u003c`, `\u003e`} {
				if bytes.Contains(data, []byte(escaped)) {
					t.Errorf("holds %s", escaped)
				}
			}
		})
	}
	d := plan(design.Record{Type: "TXT", Values: []string{"a<b>&c"}})
	if !bytes.Contains(encode(t, d)["dns/records.json"], []byte(`"a<b>&c"`)) {
		t.Error("a value does not stand in plain characters")
	}
}

// handoverRows returns the rows of handover.csv by the names of their columns.
func handoverRows(t *testing.T, d *design.Design) []map[string]string {
	t.Helper()
	data := encode(t, d)["dns/handover.csv"]
	if lone := bytes.Count(data, []byte("\n")) - bytes.Count(data, []byte("\r\n")); lone != 0 {
		t.Errorf("%d lines do not end in CRLF", lone)
	}
	if bytes.HasPrefix(data, []byte("ID")) {
		t.Error("Excel takes a file that begins with ID for another format")
	}
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll() // as many cells in every row
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, c := range cells {
			row[all[0][i]] = c
		}
		if len(row) != len(cells) {
			t.Errorf("two columns have one name: %q", all[0])
		}
		rows = append(rows, row)
	}
	return rows
}

// A CSV reader gets every name and value as in records.json, or the row says how it was altered.
func TestSheetHoldsWhatTheDesignHolds(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			rows := handoverRows(t, d)
			for _, r := range d.Records {
				values := r.Values
				if len(r.Open) > 0 {
					values = []string{""}
				}
				for _, v := range values {
					if len(rows) == 0 {
						t.Fatal("rows are missing")
					}
					compareRow(t, d, rows[0], r, v)
					rows = rows[1:]
				}
			}
			if len(rows) > 0 {
				t.Errorf("%d rows more than values, from %v", len(rows), rows[0])
			}
		})
	}
}

func compareRow(t *testing.T, d *design.Design, row map[string]string, r design.Record, value string) {
	t.Helper()
	want := map[string]string{
		"Marking": d.Cover.Marking, "Record ID": r.ID, "Phase": r.Phase, "Action": d.Change(r), "View": r.View, "Zone": r.Zone, "Name": r.Name,
		"Type": r.Type, "TTL": strconv.Itoa(r.TTL), "Value": value, "Length": strconv.Itoa(len(value)), "Round": "", "Preference": "",
		"Reason": r.Reason, "Decisions": strings.Join(r.Decisions, " "), "Held by": "",
	}
	if held := len(r.Open) > 0; held {
		want["Action"], want["Length"] = "held: publish nothing yet", ""
		want["Check (dig)"], want["Check (PowerShell)"], want["Back-out"] = "", "", ""
		if !strings.Contains(row["Held by"], r.Open[0]) {
			t.Errorf("%s: held by %q, and %v is open", r.ID, row["Held by"], r.Open)
		}
		want["Held by"] = row["Held by"]
	}
	if r.Type == "MX" && value != "" {
		want["Preference"], want["Value"], _ = strings.Cut(value, " ")
		want["Length"] = strconv.Itoa(len(want["Value"]))
	}
	if r.Round > 0 {
		want["Round"] = strconv.Itoa(r.Round)
	}
	if row["Altered"] != "" {
		// What the row says: between the quotes, with \" for " and \\ for \.
		plain := strings.TrimSuffix(strings.TrimPrefix(row["Value"], `"`), `"`)
		row["Value"] = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(plain)
	}
	for column, w := range want {
		if row[column] != w {
			t.Errorf("%s in %s: %s is %q, not %q", r.ID, r.Phase, column, row[column], w)
		}
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	d := plan(
		design.Record{Type: "TXT", Values: []string{"=1+1", "-token", "+1", "@SUM(A1)", "v=spf1 -all", `-"quoted" \`}, Reason: `=HYPERLINK("https://x.example")`},
		design.Record{Type: "MX", Values: []string{"10 mx.agency.example"}, Reason: "\t=cmd"},
		design.Record{Type: "TXT", Name: "open.agency.example", Open: []string{"q"}},
	)
	d.Open = []design.Open{{Ref: "q", Asking: "=Which?", Owner: "@nobody"}}
	d.Cover.Marking = "-OFFICIAL"
	altered := 0
	for _, row := range handoverRows(t, d) {
		for column, c := range row {
			if strings.IndexAny(c, "=+-@\t\r") == 0 {
				t.Errorf("%s: %q", column, c)
			}
		}
		if (row["Altered"] != "") != strings.HasPrefix(row["Value"], `"`) {
			t.Errorf("%q: altered %q", row["Value"], row["Altered"])
		}
		if row["Altered"] != "" {
			altered++
		}
	}
	if altered != 5 {
		t.Errorf("%d values say that they were altered, not 5", altered)
	}
}

func TestSheetSaysWhoOwesAnAnswer(t *testing.T) {
	d := plan(design.Record{Type: "TXT", Open: []string{"dkim.gateway-key/agency.example"}})
	d.Open = []design.Open{{Ref: "dkim.gateway-key/agency.example", Asking: "Gateway's DKIM key", Owner: "Service desk", Due: "2026-12-04"}}
	want := "Gateway's DKIM key (dkim.gateway-key/agency.example), owed by Service desk, due 2026-12-04"
	if got := handoverRows(t, d)[0]["Held by"]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What an earlier phase published is what a record takes the place of and goes back to, and what
// makes it a change.
func TestWayBack(t *testing.T) {
	mx := func(phase string, ttl int, open []string, values ...string) design.Record {
		return design.Record{ID: "REC-001", Type: "MX", Phase: phase, TTL: ttl, Values: values, Open: open}
	}
	today := func(ttl int, values ...string) design.Record {
		r := mx("P5", 300, nil, "10 a.example")
		r.Today = &design.Today{TTL: ttl, Values: values}
		return r
	}
	round := func(n int, value string) design.Record {
		r := mx("P5", 300, nil, value)
		r.Round = n
		return r
	}
	for _, tt := range []struct {
		name           string
		records        []design.Record // the last one is asked about
		replaces, back string
	}{
		{"first of its kind", []design.Record{mx("P5", 300, nil, "a.example")}, "every MX record at this name", "Publish again what was there before; where nothing was, remove it."},
		{
			"another value",
			[]design.Record{mx("P2", 300, nil, "10 a.example"), mx("P5", 300, nil, "20 a.example"), mx("P8", 300, nil, "30 a.example")},
			"its value of phase P5", "Publish it again as in phase P5.",
		},
		{
			"another time to live",
			[]design.Record{mx("P5", 300, nil, "a.example"), mx("P8", 3600, nil, "a.example")},
			"its time to live of 300 seconds, from phase P5", "Set its time to live to 300 seconds again, as in phase P5.",
		},
		{
			"the earlier one is held",
			[]design.Record{mx("P5", 300, []string{"q"}), mx("P8", 300, nil, "a.example")},
			"every MX record at this name", "Publish again what was there before; where nothing was, remove it.",
		},
		{
			"something stands there today",
			[]design.Record{today(900, "5 old.example", "6 older.example")},
			"what stands there today, time to live 900 seconds: 5 old.example, 6 older.example",
			"Publish again what stands there today, time to live 900 seconds: 5 old.example, 6 older.example",
		},
		{
			"something stands there, and nobody said for how long",
			[]design.Record{today(0, "5 old.example")},
			"what stands there today: 5 old.example", "Publish again what stands there today: 5 old.example",
		},
		{
			"it stands there already",
			[]design.Record{today(900, "10 a.example")},
			"its time to live of today, 900 seconds", "Set its time to live again to that of today, 900 seconds.",
		},
		{
			"nothing stands there today",
			[]design.Record{today(0)},
			"nothing: no such record stands there today", "Remove it: no such record stands there today.",
		},
		{
			"the second round of a phase",
			[]design.Record{round(1, "10 a.example"), round(2, "10 b.example")},
			"its value of phase P5, round 1", "Publish it again as in phase P5, round 1.",
		},
		{
			"the first round of a phase is held",
			[]design.Record{today(0, "5 old.example"), mx("P5", 300, []string{"q"}), today(0, "5 old.example")},
			"what stands there today: 5 old.example", "Publish again what stands there today: 5 old.example",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := plan(tt.records...)
			r := d.Records[len(d.Records)-1]
			if got := Replaces(d, r); got != tt.replaces {
				t.Errorf("in place of %q, not %q", got, tt.replaces)
			}
			if first := strings.HasPrefix(tt.replaces, "every") || strings.HasPrefix(tt.replaces, "nothing"); first != (d.Change(r) == "add") {
				t.Errorf("%s, in place of %q", d.Change(r), tt.replaces)
			}
			if got := BackOut(d, r); got != tt.back {
				t.Errorf("back: %q, not %q", got, tt.back)
			}
		})
	}
}

func TestForbiddenByDNS(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, tt := range []struct {
		name    string
		records []design.Record
		want    string
	}{
		{"label of 64 in a name", []design.Record{{Type: "TXT", Name: long + ".agency.example", Values: []string{"x"}}}, "more than 63"},
		{"label of 64 in a target", []design.Record{{Type: "CNAME", Name: "x.agency.example", Values: []string{long + ".example"}}}, "more than 63"},
		{"name of 254", []design.Record{{Type: "TXT", Name: strings.Repeat("abcdefg.", 30) + "agency.example", Values: []string{"x"}}}, "longer than 253"},
		{"empty label", []design.Record{{Type: "TXT", Name: "a..agency.example", Values: []string{"x"}}}, "not a label"},
		{"final dot on a target", []design.Record{{Type: "MX", Values: []string{"10 mx.example."}}}, "not a label"},
		{"blank in a name", []design.Record{{Type: "TXT", Name: "a b.agency.example", Values: []string{"x"}}}, "not a label"},
		{"name of another zone", []design.Record{{Type: "TXT", Name: "notagency.example", Values: []string{"x"}}}, "does not lie in the zone"},
		{"asterisk inside a name", []design.Record{{Type: "TXT", Name: "a.*.agency.example", Values: []string{"x"}}}, "not a label"},
		{"wildcard as a target", []design.Record{{Type: "MX", Values: []string{"10 *.example"}}}, "is a wildcard"},
		{"no ASCII in a text", []design.Record{{Type: "TXT", Values: []string{"v=spf1 é"}}}, "not printable ASCII"},
		{"no ASCII in a target", []design.Record{{Type: "MX", Values: []string{"10 mx.exämple"}}}, "not printable ASCII"},
		{"line break in a text", []design.Record{{Type: "TXT", Values: []string{"a\nb"}}}, "not printable ASCII"},
		{"carriage return in a text", []design.Record{{Type: "TXT", Values: []string{"a\rb"}}}, "not printable ASCII"},
		{"NUL in a text", []design.Record{{Type: "TXT", Values: []string{"a\x00b"}}}, "not printable ASCII"},
		{"MX to an address", []design.Record{{Type: "MX", Values: []string{"10 192.0.2.1"}}}, "is an address"},
		{"MX to an IPv6 address", []design.Record{{Type: "MX", Values: []string{"10 2001:db8::1"}}}, "is an address"},
		{"CNAME to an address", []design.Record{{Type: "CNAME", Name: "x.agency.example", Values: []string{"192.0.2.1"}}}, "is an address"},
		{"CNAME to the root", []design.Record{{Type: "CNAME", Name: "x.agency.example", Values: []string{"."}}}, "not a label"},
		{"CNAME at the zone", []design.Record{{Type: "CNAME", Values: []string{"x.example"}}}, "a CNAME stands alone"},
		{"CNAME with two targets", []design.Record{{Type: "CNAME", Name: "x.agency.example", Values: []string{"a.example", "b.example"}}}, "a CNAME stands alone"},
		{"CNAME beside a text", []design.Record{{Type: "CNAME", Name: "x.agency.example", Values: []string{"a.example"}}, {Type: "TXT", Phase: "P5", Name: "X.agency.example", Values: []string{"x"}}}, "a CNAME stands alone"},
		{"text before a CNAME", []design.Record{{Type: "TXT", Name: "x.agency.example", Values: []string{"x"}}, {Type: "CNAME", Name: "x.agency.example", Values: []string{"a.example"}}}, "a CNAME stands alone"},
		{"null MX beside another", []design.Record{{Type: "MX", Values: []string{"0 .", "10 mx.example"}}}, "a null MX stands alone"},
		{"null MX with a preference", []design.Record{{Type: "MX", Values: []string{"10 ."}}}, "a null MX stands alone"},
		{"preference above 65535", []design.Record{{Type: "MX", Values: []string{"65536 mx.example"}}}, "does not begin with a preference"},
		{"preference with a zero before it", []design.Record{{Type: "MX", Values: []string{"010 mx.example"}}}, "does not begin with a preference"},
		{"no preference", []design.Record{{Type: "MX", Values: []string{"mx.example"}}}, "does not begin with a preference"},
		{"time to live below zero", []design.Record{{Type: "TXT", TTL: -1, Values: []string{"x"}}}, "the time to live -1"},
		{"two times to live in a set", []design.Record{{Type: "TXT", Values: []string{"x"}}, {Type: "TXT", TTL: 300, Values: []string{"y"}}}, "one name and type has one"},
		{"two times to live in a round", []design.Record{{Type: "TXT", Phase: "P8", Round: 1, Values: []string{"x"}}, {Type: "TXT", Phase: "P8", TTL: 300, Values: []string{"y"}}}, "one name and type has one"},
		{"no value", []design.Record{{Type: "TXT"}}, "there is no value"},
		{"empty text", []design.Record{{Type: "TXT", Values: []string{""}}}, "a value is empty"},
		{"same host twice", []design.Record{{Type: "MX", Values: []string{"10 mx.example", "20 MX.example"}}}, "twice"},
		{"text above 65535", []design.Record{{Type: "TXT", Values: []string{strings.Repeat("x", 65500)}}}, "does not fit"},
		{"IPv6 in an A record", []design.Record{{Type: "A", Values: []string{"2001:db8::1"}}}, "is not an address of this type"},
		{"IPv4 in an AAAA record", []design.Record{{Type: "AAAA", Values: []string{"192.0.2.1"}}}, "is not an address of this type"},
		{"unknown type", []design.Record{{Type: "SRV", Values: []string{"x"}}}, `"SRV" is not a type`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files, err := Encode(plan(tt.records...))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "REC-00") {
				t.Errorf("error %v, want one with %q and the ID of the record", err, tt.want)
			}
			if files != nil {
				t.Error("there are files all the same")
			}
		})
	}
}

// The limits themselves are allowed.
func TestAllowedByDNS(t *testing.T) {
	label := strings.Repeat("a", 63)
	name := strings.Join([]string{label, label, label, strings.Repeat("b", 46)}, ".") + ".agency.example"
	if len(name) != 253 {
		t.Fatalf("the name has %d characters", len(name))
	}
	d := plan(
		design.Record{Type: "TXT", Name: name, TTL: 1<<31 - 1, Values: []string{strings.Repeat("x", 65535-256)}},
		design.Record{Type: "MX", Values: []string{"65535 " + name}},
		design.Record{Type: "TXT", Values: []string{"x"}},
		design.Record{Type: "TXT", Values: []string{"X"}},
	)
	if got := loaded(t, "zone", encode(t, d)["dns/P2/agency.example.zone"]); len(got) != 4 {
		t.Errorf("%d records, not 4", len(got))
	}
}

func TestEveryProblemIsReported(t *testing.T) {
	_, err := Encode(plan(
		design.Record{Type: "MX", Values: []string{"10 192.0.2.1", "10 192.0.2.2"}},
		design.Record{Type: "TXT", Name: "a..agency.example", TTL: -1, Values: []string{"é"}},
	))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"REC-000 in P2: the target \"192.0.2.1\"", "REC-000 in P2: the target \"192.0.2.2\"", "REC-001 in P2: \"a..agency.example\"", "REC-001 in P2: the time to live", "REC-001 in P2: \"é\""} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nlacks %s", err, want)
		}
	}
}

func TestNoRecordsNoFiles(t *testing.T) {
	if files, err := Encode(plan()); files != nil || err != nil {
		t.Errorf("%v, %v", files, err)
	}
}

// Encoding leaves the design as it is.
func TestDesignIsNotChanged(t *testing.T) {
	for plan, d := range plans(t) {
		before, err := json.Marshal(d.Records)
		if err != nil {
			t.Fatal(err)
		}
		encode(t, d)
		if after, _ := json.Marshal(d.Records); !bytes.Equal(before, after) {
			t.Errorf("%s: the records have changed", plan)
		}
	}
}

func TestCommandsKeepAShellFromExpanding(t *testing.T) {
	r := plan(design.Record{Type: "TXT", Name: "*._domainkey.agency.example"}).Records[0]
	for command, want := range map[string]string{
		Dig(r, "@ns1.example"):    "dig +short @ns1.example TXT '*._domainkey.agency.example'",
		Resolve(r, "ns1.example"): "Resolve-DnsName -Server ns1.example -Name '*._domainkey.agency.example' -Type TXT -DnsOnly",
	} {
		if command != want {
			t.Errorf("%s, not %s", command, want)
		}
	}
}

// Every phase and zone in which something is published has its file, and no other is there.
func TestFilesOfAPack(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			want := map[string]bool{"dns/records.json": true, "dns/handover.csv": true}
			for _, p := range wanted(d) {
				want[p.file] = true
			}
			for file := range policies(d) {
				want[file] = true
			}
			got := slices.Sorted(maps.Keys(encode(t, d)))
			if !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
				t.Errorf("files %v, want %v", got, slices.Sorted(maps.Keys(want)))
			}
		})
	}
}

// policies are the files of MTA-STS that a plan must hold, by path.
func policies(d *design.Design) map[string]design.Record {
	files := map[string]design.Record{}
	for _, r := range d.Records {
		if r.Serves == nil || len(r.Open) > 0 {
			continue
		}
		folder := r.Zone
		if folder == "con.example" {
			folder = "_con.example"
		}
		files["dns/mta-sts/"+r.Phase+"/"+folder+"/.well-known/mta-sts.txt"] = r
	}
	return files
}

var policyForm = regexp.MustCompile(`^version: STSv1\r\nmode: (testing|enforce)\r\n((?:mx: [a-z0-9.-]+\r\n)+)max_age: ([0-9]{1,8})\r\n$`)

// The pack holds every policy file to the letter, in the form of RFC 8461, 3.2, with the number that
// the record bears: one number for one text, in all plans.
func TestPolicyFiles(t *testing.T) {
	texts, numbers, examples := map[string]string{}, map[string]string{}, 0
	for plan, d := range plans(t) {
		files := encode(t, d)
		for file, r := range policies(d) {
			text := string(files[file])
			if text != r.Serves.Text || !policyForm.MatchString(text) {
				t.Errorf("%s: %s is %q", plan, file, text)
			}
			if r.Serves.URL != "https://mta-sts."+r.Zone+"/.well-known/mta-sts.txt" || r.Name != "_mta-sts."+r.Zone {
				t.Errorf("%s: %s serves %s", plan, r.Name, r.Serves.URL)
			}
			_, id, _ := strings.Cut(r.Values[0], "id=")
			if !regexp.MustCompile(`^[A-Za-z0-9]{1,32}$`).MatchString(id) {
				t.Errorf("%s: %s has the number %q", plan, r.ID, id)
			}
			if other, known := texts[id]; known && other != text || numbers[text] != "" && numbers[text] != id {
				t.Errorf("%s: the number %s does not follow its text:\n%s", plan, id, text)
			}
			texts[id], numbers[text] = text, id
			if plan != "everything" {
				examples++
			}
		}
	}
	if examples == 0 {
		t.Error("no example has a policy file")
	}
}

// A record whose file has no place on the web is refused.
func TestServedNowhere(t *testing.T) {
	for _, url := range []string{"", "mta-sts.agency.example/x", "http://mta-sts.agency.example/x", "https://mta-sts.agency.example"} {
		_, err := Encode(plan(design.Record{Type: "TXT", Values: []string{"v=STSv1; id=1"}, Serves: &design.Served{URL: url, Text: "x"}}))
		if err == nil || !strings.Contains(err.Error(), "is not the address of a file on the web") {
			t.Errorf("%q: %v", url, err)
		}
	}
}
