package templates

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/exoplan/exoplan/output"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/profiles/profilestest"
	"github.com/exoplan/exoplan/templates/dns"
)

// readers are Markdown as the standard has it with tables, and with more that many add to it.
var readers = map[string]goldmark.Markdown{
	plain:    goldmark.New(goldmark.WithExtensions(extension.Table)),
	extended: goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList)),
}

const (
	plain    = "CommonMark with tables"
	extended = "CommonMark with extensions"
)

func toHTML(t *testing.T, m goldmark.Markdown, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := m.Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	tableTR = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	tableTD = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
)

// seen is what a reader sees of a piece of HTML.
func seen(s string) string { return html.UnescapeString(tag.ReplaceAllString(s, "")) }

// rowsOf returns the cells of all tables of a page, row by row.
func rowsOf(page string) [][]string {
	var rows [][]string
	for _, tr := range tableTR.FindAllStringSubmatch(page, -1) {
		var row []string
		for _, td := range tableTD.FindAllStringSubmatch(tr[1], -1) {
			row = append(row, seen(td[1]))
		}
		rows = append(rows, row)
	}
	return rows
}

// markup are texts that a careless writer of Markdown spoils.
var markup = []string{
	"plain", "Health | Ageing", "|", "||", "a|b|c", `\|`, `\\|`, `a\|b|c\`, `\`, `\\`, `ends in \`, "`", "``", "a`b", "``a`", "`a``", "a ` b `` c ``` d",
	"`|`", "|`|", "`\\|`", "*", "**", "*a*", "**a**", "_a_", "__a__", "a_b_c", "~a~", "~~a~~", "<b>a</b>", "<br>", "</td></tr></table>", "<!-- a -->", "<script>a</script>",
	"<https://a.example>", "https://a.example/?a=1&b=2", "www.a.example", "a@b.example", "[a](https://b.example)", "![a](b.png)", "[a]: b", "[^1]", "[x] a", "[ ] a",
	"&amp;", "&lt;b&gt;", "&#124;", "& a", "AT&T", "# a", "a #", "a ##", "- a", "+ a", "1. a", "1) a", "> a", "---", "===", ":---:", "$a$", "$$a$$", ":a:", "@a", "#1",
	`\*`, "\\`", `\[SEC=(PROTECTED|SECRET)`, `SEC=(SECRET|TOP[- ]SECRET)`, "a  b", "Caf\u00e9", "M\u0101ori", "\u202e", "\u00a0a", "{{.Plan}}", "''", `""`, "...", "--",
	`v=spf1 include:%{i}._spf.example -all`, `"quoted" \"escaped\"`, strings.Repeat("x|", 200), strings.Repeat("0123456789", 40),
}

func TestMarkdownShowsWhatWasWritten(t *testing.T) {
	places := []struct {
		name, before, after string
		write               func(any) string
		strict              bool // to the last blank
	}{
		{"text in a line", "A: ", " end", md, false},
		{"text at the end of a line", "A: ", "", md, false},
		{"text in an item", "- A: ", "", md, false},
		{"heading", "# ", "", md, false},
		{"text in a cell", "| A | B |\n| --- | --- |\n| ", " | end |", md, false},
		{"text in a last cell", "| A | B |\n| --- | --- |\n| first | ", " |", md, false},
		{"code in a line", "A: ", " end", code, true},
		{"code in a heading", "# A: ", " end", code, true},
		{"code in a cell", "| A | B |\n| --- | --- |\n| ", " | end |", codeCell, true},
		{"code in a last cell, beside more", "| A | B |\n| --- | --- |\n| first | " + "`x\\|y`, ", " `z` |", codeCell, true},
	}
	blanks := []string{" ", "  ", " a", "a ", " a ", "  a  ", " ` ", " | ", "` a"}
	for reader, m := range readers {
		for _, place := range places {
			texts := markup
			if place.strict {
				texts = slices.Concat(markup, blanks)
			}
			for _, text := range texts {
				page := toHTML(t, m, place.before+place.write(text)+place.after+"\n")
				first := toHTML(t, m, place.before+place.write("MARK")+place.after+"\n")
				got := seen(strings.TrimSpace(page))
				if want := strings.Replace(seen(strings.TrimSpace(first)), "MARK", text, 1); got != want {
					t.Errorf("%s, %s: %q became %q, not %q", reader, place.name, text, got, want)
				}
				if tagsOf(page) != tagsOf(first) && !place.strict {
					t.Errorf("%s, %s: %q has the tags %s, not %s", reader, place.name, text, tagsOf(page), tagsOf(first))
				}
			}
		}
	}
}

func tagsOf(page string) string { return strings.Join(tag.FindAllString(page, -1), "") }

// Some readers cut a row at every pipe that no backslash escapes, and take two backslashes for
// one that escapes nothing.
func TestCellsAreNotCut(t *testing.T) {
	part := regexp.MustCompile(`(?s)\\.|\|`)
	for _, text := range markup {
		for name, f := range map[string]func(any) string{"md": md, "codeCell": codeCell} {
			if got := f(text); slices.Contains(part.FindAllString(got, -1), "|") {
				t.Errorf("%s(%q) = %q", name, text, got)
			}
		}
	}
}

// A text with line breaks becomes one line.
func TestMarkdownKeepsToTheLine(t *testing.T) {
	for _, text := range []string{"a\nb", "a\r\nb", "a\n\n# b", "a\n| b |", "a\x00b", "a\tb", "a\u2028b"} {
		for name, f := range map[string]func(any) string{"md": md, "code": code, "codeCell": codeCell} {
			if got := f(text); strings.ContainsAny(got, "\r\n") {
				t.Errorf("%s(%q) = %q", name, text, got)
			}
		}
	}
	if code("") != "" || codeCell("") != "" {
		t.Error("a code span of nothing is no span")
	}
}

func TestLinks(t *testing.T) {
	for _, s := range []string{"https://a.example/b-c_d/?e=1&f=2#g", "https://a.example/*b*/__c__/~~d~~"} {
		got, err := link(s)
		if err != nil {
			t.Fatal(err)
		}
		for reader, m := range readers {
			page := toHTML(t, m, "| A |\n| --- |\n| "+got+" |\n")
			if rows := rowsOf(page); rows[1][0] != s || !strings.Contains(page, `<a href="`+html.EscapeString(s)+`">`) {
				t.Errorf("%s: %q became %s", reader, s, page)
			}
		}
	}
	for _, s := range []string{"http://a.example", "javascript:a", "https://a b", "https://a>b", "https://a|b", "https://a\nb", "https://a`b", "x https://a"} {
		if got, err := link(s); err == nil {
			t.Errorf("link(%q) = %q", s, got)
		}
	}
	if got, err := link(""); got != "" || err != nil {
		t.Errorf("no address: %q, %v", got, err)
	}
}

func TestFencedRefuses(t *testing.T) {
	for _, s := range []string{"a\nb", "a\r", "```", "a`b", "\x1b[0m"} {
		if got, err := fenced(s); err == nil {
			t.Errorf("fenced(%q) = %q", s, got)
		}
	}
	if got, err := fenced("dig +short @\"$server\" MX agency.example"); err != nil || got != "dig +short @\"$server\" MX agency.example" {
		t.Errorf("%q, %v", got, err)
	}
}

// --- Documents --------------------------------------------------------------------------------

// papers are a rendered plan.
type papers struct {
	design *design.Design
	files  map[string]string
}

func papersOf(t *testing.T, d *design.Design, draft bool) papers {
	t.Helper()
	files, err := Render(d, Options{Generator: "exoplan test", Profile: []byte("exoplan: 1\n"), Draft: draft})
	if err != nil {
		t.Fatal(err)
	}
	return papers{d, textsOf(files)}
}

func textsOf(files []output.File) map[string]string {
	texts := map[string]string{}
	for _, f := range files {
		texts[f.Path] = string(f.Data)
	}
	return texts
}

// documents are the pages, by path.
func (p papers) documents() map[string]string {
	docs := map[string]string{}
	for name, text := range p.files {
		if path.Ext(name) == ".md" {
			docs[name] = text
		}
	}
	return docs
}

// rows returns the rows of a document as a reader sees them.
func (p papers) rows(t *testing.T, name string) [][]string {
	t.Helper()
	if p.files[name] == "" {
		t.Fatalf("there is no %s", name)
	}
	return rowsOf(toHTML(t, readers[extended], p.files[name]))
}

// difficult is what people may answer, in one text.
const difficult = "Health | Ageing's `x` \\| **b** [a](b) <i> & #1 _c_ ~~d~~ $(1) \u201cé\u201d"

// spoilt is an example in which everything that comes from people or data is difficult.
func spoilt(t *testing.T) *design.Design {
	t.Helper()
	d := resolve(t, profilestest.Example(t, "protected"))
	d.Cover.Organisation, d.Cover.System, d.Cover.ChangeOwner = difficult, difficult, difficult
	for i := range d.Decided {
		d.Decided[i].Title, d.Decided[i].Text, d.Decided[i].Why = difficult, difficult, difficult
	}
	for i := range d.Steps {
		s := &d.Steps[i]
		s.Title = difficult
		if s.Name != "" {
			s.Name = difficult
		}
		if s.Keep != "" {
			s.Keep = difficult
		}
		if s.Text != "" {
			s.Text = difficult
		}
		if s.Back != "" {
			s.Back = difficult
		}
		for _, part := range []map[string]any{s.New, s.Set, s.Add} {
			for key, v := range part {
				switch v.(type) {
				case string:
					part[key] = difficult
				case []any:
					part[key] = []any{difficult, `*`, `*`, `SEC=(PROTECTED|SECRET)`, `back\slash|pipe`}
				}
			}
		}
	}
	for i := range d.Records {
		d.Records[i].Reason = difficult
		if d.Records[i].Type == "TXT" && len(d.Records[i].Values) > 0 {
			d.Records[i].Values = []string{"v=test a|b `c` \\| \"d\" *e* <f> " + strings.Repeat("|x", 200)}
		}
	}
	for i := range d.Tests {
		x := &d.Tests[i]
		x.Title, x.From, x.To, x.Marking, x.Path, x.Expect, x.Headers = difficult, difficult, difficult, difficult, difficult, difficult, []string{difficult, difficult}
		if x.Connector != "" {
			x.Connector = difficult
		}
	}
	for i := range d.Flows {
		f := &d.Flows[i]
		f.Opens, f.From.Is, f.To.Is, f.TLS, f.Between, f.Reason, f.Confirm = difficult, difficult, difficult, difficult, difficult, difficult, difficult
		f.Virtual = []string{difficult, difficult}
		if f.From.Set == "" {
			f.From.At = []string{difficult, "a|b"}
		}
	}
	for i := range d.Certificates {
		x := &d.Certificates[i]
		x.Purpose, x.Issuer, x.Bound, x.Keeper, x.Confirm = difficult, difficult, difficult, difficult, difficult
		x.Subject, x.Names, x.Expires = []string{difficult}, []string{difficult, "a|b"}, []string{difficult}
	}
	for i := range d.Open {
		d.Open[i].Asking, d.Open[i].Owner = difficult, difficult
	}
	for i := range d.Findings {
		d.Findings[i].Detail, d.Findings[i].Rule.Summary, d.Findings[i].Rule.Remedy = difficult, difficult, difficult
		d.Findings[i].Acknowledged = &profiles.Acknowledgement{By: difficult, Role: difficult, Reason: difficult, Date: "2026-11-25"}
	}
	for i := range d.Sections {
		d.Sections[i].Title = difficult
		for j := range d.Sections[i].Answers {
			d.Sections[i].Answers[j].Asking = difficult
			if len(d.Sections[i].Answers[j].Values) > 0 {
				d.Sections[i].Answers[j].Values = []string{difficult, difficult}
			}
		}
	}
	for i := range d.Phases {
		ph := &d.Phases[i]
		ph.Title, ph.When, ph.About, ph.Gate, ph.Back, ph.Checks = difficult, difficult, difficult, difficult, difficult, []string{difficult, difficult}
	}
	for i := range d.Sources {
		d.Sources[i].Title, d.Sources[i].Note = difficult, difficult
	}
	return d
}

// plans are the designs over which documents are held to what they promise.
func plans(t *testing.T) map[string]*design.Design {
	t.Helper()
	all := map[string]*design.Design{"difficult": spoilt(t)}
	for _, name := range profiles.Examples() {
		all[name] = resolve(t, profilestest.Example(t, name))
	}
	bare := resolve(t, profilestest.Example(t, "cloud"))
	bare.Records, bare.Open, bare.Findings, bare.Presets, bare.Tests, bare.Flows, bare.Certificates = nil, nil, nil, nil, nil, nil, nil
	bare.Steps = slices.DeleteFunc(bare.Steps, func(s design.Step) bool { return s.Held() || s.Kind == design.KindHold })
	left := ids(bare)
	gone := func(id string) bool { return !left[id] }
	for i := range bare.Decided {
		bare.Decided[i].Tried = nil
		bare.Decided[i].By = slices.DeleteFunc(bare.Decided[i].By, gone)
	}
	for i := range bare.Controls {
		bare.Controls[i].By = slices.DeleteFunc(bare.Controls[i].By, gone)
	}
	for i := range bare.Steps {
		bare.Steps[i].Needs = slices.DeleteFunc(bare.Steps[i].Needs, gone)
	}
	all["without DNS"] = bare
	return all
}

// checkTables says what is wrong with the tables of a document: a table has a head and a line
// under it, and each row has as many cells as the head. It returns the number of rows.
func checkTables(t *testing.T, name, text string) int {
	t.Helper()
	rows, width, inCode := 0, 0, false
	cells := regexp.MustCompile(`(?s)\\.|\|`)
	lines := strings.Split(text, "\n")
	for n, line := range lines {
		if strings.HasPrefix(line, "```") {
			inCode = !inCode
		}
		if inCode || !strings.HasPrefix(line, "|") {
			width = 0
			continue
		}
		pipes := 0
		for _, m := range cells.FindAllString(line, -1) {
			if m == "|" {
				pipes++
			}
		}
		if width == 0 {
			width = pipes
			if want := "|" + strings.Repeat(" --- |", width-1); lines[n+1] != want {
				t.Errorf("%s:%d: a row without a table: %s", name, n+1, line)
			}
		}
		if pipes != width || !strings.HasSuffix(line, "|") {
			t.Errorf("%s:%d: %d cells, not %d: %s", name, n+1, pipes-1, width-1, line)
		}
		if !strings.HasPrefix(line, "| --- |") {
			rows++
		}
	}
	return rows
}

func TestTablesAreWhole(t *testing.T) {
	for plan, d := range plans(t) {
		for _, draft := range []bool{false, true} {
			for name, text := range papersOf(t, d, draft).documents() {
				what := fmt.Sprintf("%s, draft %t: %s", plan, draft, name)
				rows := checkTables(t, what, text)
				for reader, m := range readers {
					if found := rowsOf(toHTML(t, m, text)); len(found) != rows {
						t.Errorf("%s: %s finds %d rows of %d", what, reader, len(found), rows)
					}
				}
			}
		}
	}
}

func TestMarkingStandsAtTopAndBottom(t *testing.T) {
	for plan, d := range plans(t) {
		for _, draft := range []bool{false, true} {
			for name, text := range papersOf(t, d, draft).documents() {
				lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
				want := "**" + d.Cover.Marking + "**"
				if lines[0] != want || lines[len(lines)-1] != want {
					t.Errorf("%s: %s begins with %q and ends with %q", plan, name, lines[0], lines[len(lines)-1])
				}
			}
		}
	}
}

// A draft says so at the top, at the bottom and in the title, and cannot be taken for a plan.
func TestDraft(t *testing.T) {
	for plan, d := range plans(t) {
		_, fingerprint, err := d.Plan()
		if err != nil {
			t.Fatal(err)
		}
		p := papersOf(t, d, true)
		for _, name := range []string{"README.md", "docs/design-decisions.md", "docs/runsheet.md"} {
			text := p.files[name]
			if !strings.Contains(text, "\n# DRAFT: ") || strings.Count(text, "\n**DRAFT: not for approval.**") != 2 {
				t.Errorf("%s: %s does not say three times that it is a draft", plan, name)
			}
		}
		for name, text := range p.documents() {
			for _, no := range []string{fingerprint, fingerprint[:8], "-ApprovedPlan", `.\exchange-online`, "For approval"} {
				if strings.Contains(text, no) {
					t.Errorf("%s: %s holds %q", plan, name, no)
				}
			}
		}
		for name := range p.files {
			if strings.HasPrefix(name, "dns/") || strings.HasPrefix(name, "exchange-online/") {
				t.Errorf("%s: a draft has %s", plan, name)
			}
		}
		if final := papersOf(t, d, false); strings.Contains(strings.Join(slices.Collect(maps.Values(final.documents())), ""), "DRAFT") {
			t.Errorf("%s: a plan that is ready speaks of a draft", plan)
		}
	}
}

// ids returns every ID of a design that documents may name.
func ids(d *design.Design) map[string]bool {
	all := map[string]bool{}
	for _, x := range d.Decided {
		all[x.ID] = true
	}
	for _, c := range d.Controls {
		all[c.ID] = true
	}
	for _, s := range d.Steps {
		all[s.ID] = true
		if s.Rule != "" {
			all[s.Rule] = true
		}
	}
	for _, r := range d.Records {
		all[r.ID] = true
	}
	for _, f := range d.Findings {
		all[f.At()] = true
	}
	for _, x := range d.Tests {
		all[x.ID] = true
	}
	for _, f := range d.Flows {
		all[f.ID] = true
	}
	for _, x := range d.Certificates {
		all[x.ID] = true
	}
	for _, x := range d.Disputes {
		if strings.HasPrefix(x.ID, "DD-") { // a question is named by its words
			all[x.ID] = true
		}
	}
	return all
}

// Every ID of the design stands in its documents, and no other ID does.
func TestIDs(t *testing.T) {
	for plan, d := range plans(t) {
		for _, draft := range []bool{false, true} {
			checkIDs(t, fmt.Sprintf("%s, draft %t", plan, draft), papersOf(t, d, draft))
		}
	}
}

func checkIDs(t *testing.T, plan string, p papers) {
	t.Helper()
	known, found := ids(p.design), map[string]map[string]bool{}
	for name, text := range p.documents() {
		found[name] = map[string]bool{}
		for _, id := range idLike.FindAllString(text, -1) {
			found[name][id] = true
			if !known[id] && !slices.Contains(noIDs, id) {
				t.Errorf("%s: %s names %s, and the design has none", plan, name, id)
			}
		}
	}
	want := func(name, id string) {
		if !found[name][id] {
			t.Errorf("%s: %s does not name %s", plan, name, id)
		}
	}
	decisions, sheet, handover := "docs/design-decisions.md", "docs/runsheet.md", "dns/handover.md"
	for id := range known {
		if !strings.HasPrefix(id, "HOLD-") && !isRule(p.design, id) {
			want(decisions, id)
		}
	}
	for _, s := range p.design.Steps {
		want(sheet, s.ID)
		if s.Rule != "" && !s.Held() {
			want(sheet, s.Rule)
		}
	}
	for _, r := range p.design.Records {
		want(sheet, r.ID)
		if p.files["plan.json"] != "" && found[handover] != nil {
			want(handover, r.ID)
		}
	}
	for _, x := range p.design.Tests {
		want("docs/test-matrix.md", x.ID)
		if x.Hold == "" || !x.Held() {
			want(sheet, x.ID)
		}
	}
	for _, f := range p.design.Flows {
		want("docs/firewall.md", f.ID)
		want(sheet, f.ID)
	}
	for _, o := range slices.Concat(p.design.Open, p.design.Missing) {
		if !strings.Contains(p.files[decisions], code(o.Ref)) {
			t.Errorf("%s: the open question %s is not told", plan, o.Ref)
		}
	}
	for _, x := range p.design.Decided {
		for _, by := range x.By {
			want(decisions, by)
		}
	}
}

// isRule says that an ID is one of a rule that a hold carries out; its finding did not fire.
func isRule(d *design.Design, id string) bool {
	return slices.ContainsFunc(d.Steps, func(s design.Step) bool { return s.Rule == id }) &&
		!slices.ContainsFunc(d.Findings, func(f design.Finding) bool { return f.At() == id })
}

// blank stands for a cell that a person fills in, or that another test looks at.
func hasRow(rows [][]string, want ...string) bool {
	return slices.ContainsFunc(rows, func(row []string) bool {
		if len(row) < len(want) {
			return false
		}
		for i, w := range want {
			if w != anything && strings.TrimSpace(row[i]) != strings.TrimSpace(w) {
				return false
			}
		}
		return true
	})
}

const anything = "*anything*"

// Every row of the design documents says what the design says, word for word.
func TestDesignDecisionsSayWhatTheDesignSays(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			rows := papersOf(t, d, false).rows(t, "docs/design-decisions.md")
			want := func(cells ...string) {
				t.Helper()
				if !hasRow(rows, cells...) {
					t.Errorf("no row %q", cells)
				}
			}
			number := map[string]int{}
			for i, s := range d.Sources {
				number[s.Key] = i + 1
				want(strconv.Itoa(i+1), s.Title, s.Publisher, s.Version, s.Read, s.Note, s.URL)
			}
			sources := func(keys []string) string {
				var out []int
				for _, k := range keys {
					out = append(out, number[k])
				}
				slices.Sort(out)
				return strings.Trim(strings.ReplaceAll(fmt.Sprint(out), " ", ", "), "[]")
			}
			_, fingerprint, err := d.Plan()
			if err != nil {
				t.Fatal(err)
			}
			want("Organisation", d.Cover.Organisation)
			want("System", d.Cover.System)
			if d.Cover.TenantDomain != "" {
				want("Tenant", d.Cover.TenantDomain+", ID "+d.Cover.TenantID)
			}
			want("Facts as of", "2026-11-22")
			want("Plan fingerprint", "SHA-256 "+fingerprint)
			want("Profile", fmt.Sprintf("%s, revision %d", d.Profile.Name, d.Profile.Revision))
			want("Date", d.Profile.Date)
			for _, role := range append([]string{"Owner of the service"}, d.Cover.Signs...) {
				want("", role, "", "", "", "")
			}
			for _, x := range d.Decided {
				want(x.ID, x.Title, x.Text, x.Why, strings.Join(x.By, ", "), strings.Join(x.Tried, ", "), strings.Join(x.Controls, ", "), sources(x.Cite))
				for _, c := range x.Controls {
					if !slices.ContainsFunc(rows, func(row []string) bool {
						return row[0] == c && slices.Contains(strings.Split(row[1], ", "), x.ID) && containsAll(strings.Split(row[2], ", "), x.By)
					}) {
						t.Errorf("%s is not traced to %s and what carries it out", c, x.ID)
					}
				}
			}
			for _, c := range d.Controls {
				want(c.ID, strings.Join(c.Decisions, ", "), strings.Join(c.By, ", "), c.Asks, strings.Join(c.Missed, ", "), c.Left)
			}
			for _, f := range d.Findings {
				acknowledged := ""
				if a := f.Acknowledged; a != nil {
					acknowledged = a.By + ", " + a.Role + ", " + a.Date + ": " + a.Reason
				} else if f.Rule.Severity == catalog.Warning {
					acknowledged = "open"
				}
				want(f.At(), string(f.Rule.Severity), f.Rule.Summary, f.Detail, f.Rule.Remedy, acknowledged, sources(f.Rule.Cite))
			}
			for _, o := range d.Open {
				want(o.Asking, o.Ref, o.Owner, o.Due, anything, strings.Join(o.Holds, ", "))
			}
			for _, s := range d.Sections {
				for _, a := range s.Answers {
					text := strings.Join(a.Values, "; ")
					switch {
					case a.Open != nil:
						text = anything
					case text == "":
						text = "none"
					}
					want(a.Asking, text, a.Origin, a.Ref)
				}
			}
			for _, s := range d.Steps {
				for _, part := range []map[string]any{s.New, s.Given, s.Set, s.Add, s.Expect, s.Includes} {
					for property, v := range part {
						if _, adds := s.Add[property]; adds && len(words(v)) == 0 {
							if hasRow(rows, property, "empty", "added to the list") {
								t.Errorf("%s: %s is said to get nothing", s.ID, property)
							}
						} else if !s.Held() {
							want(property, shown(v), anything)
						}
					}
				}
			}
			reasons := map[string]string{}
			for _, r := range d.Records {
				reasons[r.ID] = r.Reason // the last one counts
			}
			for _, r := range d.Records {
				want(r.ID, r.Name, r.Type, anything, reasons[r.ID])
			}
			for _, x := range d.Certificates {
				named := func(names []string, none string) string {
					if len(names) == 0 {
						return none
					}
					return strings.Join(names, ", ")
				}
				settle := x.Confirm
				if len(x.Open) > 0 {
					settle = strings.TrimSpace(settle + " Open: " + dns.HeldBy(d, x.Open))
				}
				want(x.ID, x.Purpose, named(x.Subject, "to be named"), named(x.Names, "none"), x.Issuer, x.Bound, x.Keeper, named(x.Expires, "to be named"), strings.Join(x.Decisions, ", "), settle)
			}
			for _, x := range d.Tables {
				for _, row := range x.Rows {
					cells := []string{row.Label}
					for _, c := range row.Cells {
						cells = append(cells, strings.Join(c, "; "))
					}
					want(cells...)
				}
			}
		})
	}
}

func containsAll(list, members []string) bool {
	return !slices.ContainsFunc(members, func(m string) bool { return !slices.Contains(list, m) })
}

func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "empty"
	case []any:
		if len(v) == 0 {
			return "empty"
		}
		var out []string
		for _, e := range v {
			out = append(out, fmt.Sprint(e))
		}
		return strings.Join(out, ", ")
	}
	return fmt.Sprint(v)
}

// The sheet of the DNS team has every value to the letter, in the phase it belongs to.
func TestHandoverSaysWhatTheDesignSays(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			p := papersOf(t, d, false)
			if len(d.Records) == 0 {
				for name := range p.files {
					if strings.HasPrefix(name, "dns/") {
						t.Errorf("a plan without records has %s", name)
					}
				}
				return
			}
			for _, phase := range d.Phases {
				rows := section(t, p.files["dns/handover.md"], "## "+phase.ID+":")
				values := 0
				for _, r := range d.Records {
					if r.Phase != phase.ID {
						continue
					}
					if len(r.Open) > 0 {
						all := p.rows(t, "dns/handover.md")
						i := slices.IndexFunc(d.Open, func(o design.Open) bool { return o.Ref == r.Open[0] })
						if !slices.ContainsFunc(all, func(row []string) bool {
							return row[0] == r.ID && row[1] == r.When() && strings.Contains(row[4], d.Open[i].Owner) && strings.Contains(row[4], d.Open[i].Due)
						}) {
							t.Errorf("%s is held, and nobody says by whom", r.ID)
						}
						if hasRow(rows, r.ID) {
							t.Errorf("%s is held and stands among what is published", r.ID)
						}
						continue
					}
					round := ""
					if r.Round > 0 {
						round = fmt.Sprintf(", round %d", r.Round)
					}
					for _, v := range r.Values {
						values++
						preference, target := "", v
						if r.Type == "MX" {
							preference, target, _ = strings.Cut(v, " ")
						}
						if !hasRow(rows, r.ID, d.Change(r)+", "+r.View+" view"+round, r.Name, r.Type, strconv.Itoa(r.TTL), preference, target, strconv.Itoa(len(target))) {
							t.Errorf("%s in %s: no row for %q", r.ID, r.Phase, v)
						}
					}
					if !hasRow(rows, r.ID+round, anything, r.Reason, strings.Join(r.Decisions, ", ")) {
						t.Errorf("%s in %s: no row with its reason", r.ID, r.Phase)
					}
				}
				got := 0
				for _, row := range rows {
					if len(row) == 8 && row[0] != "ID" {
						got++
					}
				}
				if got != values {
					t.Errorf("%s: %d rows of values, not %d", phase.ID, got, values)
				}
			}
			if !strings.Contains(p.files["dns/handover.md"], md(d.Cover.ChangeOwner)) {
				t.Error("nobody is named who is to be asked")
			}
		})
	}
}

// The test matrix says in Markdown and in CSV what the design says, and who owes what holds a
// test.
func TestMatrixSaysWhatTheDesignSays(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			p := papersOf(t, d, false)
			sheetRows, err := csv.NewReader(strings.NewReader(p.files["docs/test-matrix.csv"])).ReadAll()
			if len(d.Tests) == 0 {
				if p.files["docs/test-matrix.csv"]+p.files["docs/test-matrix.md"] != "" {
					t.Error("a plan without tests has a matrix")
				}
				return
			}
			if err != nil || len(sheetRows) != len(d.Tests)+1 {
				t.Fatalf("%d rows in the sheet for %d tests: %v", len(sheetRows), len(d.Tests), err)
			}
			page := p.rows(t, "docs/test-matrix.md")
			for i, x := range d.Tests {
				owed, connector, marking := dns.HeldBy(d, x.Open), x.Connector, x.Marking
				want := []string{x.ID, x.Phase, x.After, x.Hold, x.Title, x.From, x.To, marking, x.Path, connector, x.Expect, strings.Join(x.Headers, "; "), strings.Join(x.Decisions, " "), owed, "", "", ""}
				if got := sheetRows[i+1][1:]; !slices.Equal(got, want) {
					t.Errorf("%s in the sheet:\n%q\nnot\n%q", x.ID, got, want)
				}
				if connector == "" {
					connector = "none"
				}
				if marking == "" {
					marking = "none"
				}
				if owed != "" {
					owed = "held: " + owed
				}
				if !hasRow(page, x.ID, x.Title, x.From, x.To, marking, x.Path, connector, x.Expect, strings.Join(x.Headers, "; "), anything, strings.Join(x.Decisions, ", "), owed) {
					t.Errorf("%s: no row with %q", x.ID, want)
				}
			}
			sheet := p.rows(t, "docs/runsheet.md")
			for _, x := range d.Tests {
				if x.Hold == "" && !slices.ContainsFunc(sheet, func(row []string) bool { return strings.Contains(row[0], x.ID) }) {
					t.Errorf("%s is no check of its phase", x.ID)
				}
			}
		})
	}
}

// The firewall sheet says in Markdown and in CSV what the design says, and never that what it
// keeps of Microsoft's endpoints is what is so today.
func TestFirewallSaysWhatTheDesignSays(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			p := papersOf(t, d, false)
			sheetRows, err := csv.NewReader(strings.NewReader(p.files["docs/firewall.csv"])).ReadAll()
			if len(d.Flows) == 0 {
				if p.files["docs/firewall.csv"]+p.files["docs/firewall.md"] != "" {
					t.Error("a plan that needs nothing open has a firewall sheet")
				}
				return
			}
			if err != nil || len(sheetRows) != len(d.Flows)+1 {
				t.Fatalf("%d rows in the sheet for %d flows: %v", len(sheetRows), len(d.Flows), err)
			}
			page := p.rows(t, "docs/firewall.md")
			for i, f := range d.Flows {
				settle := f.Confirm
				if len(f.Open) > 0 {
					settle = strings.TrimSpace(settle + " Open: " + dns.HeldBy(d, f.Open))
				}
				got, numbers := sheetRows[i+1], strings.Trim(strings.Join(strings.Fields(fmt.Sprint(f.Ports)), ", "), "[]")
				if numbers == "" {
					numbers = "to be named"
				}
				want := []string{f.ID, f.Phase, f.Before, f.Opens, f.Direction, endInSheet(f.From), spread(f.From.At), endInSheet(f.To), spread(f.To.At), strings.Join(f.Virtual, " "), f.Protocol, numbers, f.TLS, f.Between, f.Reason, strings.Join(f.Decisions, " "), settle}
				if !slices.Equal(got[1:18], want) {
					t.Errorf("%s in the sheet:\n%q\nnot\n%q", f.ID, got[1:18], want)
				}
				if ofMicrosoft := f.From.Set+f.To.Set != ""; ofMicrosoft != strings.Contains(got[18], "Verify against the web service") || ofMicrosoft != strings.Contains(got[18], "2026081400") {
					t.Errorf("%s: verify is %q", f.ID, got[18])
				}
				tls, before := f.TLS, f.Before
				if tls == "" {
					tls = "none"
				}
				if before == "" {
					before = f.Phase
				}
				if !hasRow(page, f.ID, f.Opens, f.Direction, endOnPage(f.From), endOnPage(f.To), strings.Join(f.Virtual, ", "), f.Protocol+" "+numbers, tls, f.Between, f.Reason, before, strings.Join(f.Decisions, ", "), settle) {
					t.Errorf("%s: no row with %q", f.ID, want)
				}
			}
			for _, s := range d.Endpoints.Sets {
				if !slices.ContainsFunc(page, func(row []string) bool {
					return row[0] == s.Number && len(row) == 6 && row[4] == strings.Join(s.At, ", ") && row[5] == s.Purpose
				}) {
					t.Errorf("endpoint set %s is not shown", s.Number)
				}
			}
			if !strings.Contains(p.files["docs/firewall.md"], "**This sheet is not a current list:** "+md(d.Endpoints.Version)) {
				t.Error("the sheet does not say of which day it is")
			}
		})
	}
}

func spread(places []string) string {
	if len(places) == 0 {
		return "to be named"
	}
	return strings.Join(places, " ")
}

func endInSheet(e design.End) string {
	if e.Set == "" {
		return e.Is
	}
	return e.Is + " (endpoint set " + e.Set + ")"
}

func endOnPage(e design.End) string {
	switch {
	case e.Set != "":
		return endInSheet(e)
	case len(e.At) == 0:
		return e.Is + ": to be named"
	}
	return e.Is + ": " + strings.Join(e.At, ", ")
}

// section returns the rows of the tables under one heading of the second level; none where it
// is missing.
func section(t *testing.T, text, heading string) [][]string {
	t.Helper()
	_, rest, found := strings.Cut(text, "\n"+heading)
	if !found {
		return nil
	}
	body, _, _ := strings.Cut(rest, "\n## ")
	_, body, _ = strings.Cut(body, "\n")
	return rowsOf(toHTML(t, readers[extended], body))
}

// The run sheet has the entries of a phase in the order of the plan. Records are published
// before a hold waits for them, and behind every hold that stands before that one; those of the
// second round behind the holds of that round.
func TestRunSheetKeepsTheOrder(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			p := papersOf(t, d, false)
			for _, phase := range d.Phases {
				var want [][]string
				due := map[int]bool{}
				for _, r := range d.Records {
					if r.Phase == phase.ID && len(r.Open) == 0 {
						due[max(r.Round, 1)] = true
					}
				}
				publish := func(round int) {
					if due[round] {
						want, due[round] = append(want, []string{"", "DNS", anything}), false
					}
				}
				second := false
				for _, s := range d.Steps {
					if s.Phase != phase.ID {
						continue
					}
					if len(s.Records) > 0 || s.Round == 2 {
						publish(1)
					}
					if second && s.Round != 2 {
						publish(2)
					}
					second = s.Round == 2
					kind, object, keep := s.Kind, s.Noun, ""
					switch {
					case s.Held():
						kind = "held"
					case s.Owner != "":
						kind = "check"
					}
					if s.Name != "" {
						object += " " + s.Name
					}
					if s.Keep != "" {
						keep = "kept"
					} else if s.Back != "" {
						keep = "waits too"
					}
					want = append(want, []string{s.ID, kind, s.Title, object, strings.Join(s.Needs, ", "), keep, "", "", ""})
				}
				if len(want) > 0 {
					publish(1)
					publish(2)
				}
				var got [][]string
				for _, row := range section(t, p.files["docs/runsheet.md"], "## "+phase.ID+":") {
					if len(row) == 9 && row[0] != "ID" {
						got = append(got, row)
					}
				}
				if len(got) != len(want) {
					t.Fatalf("%s: %d entries, not %d", phase.ID, len(got), len(want))
				}
				for i := range want {
					if !hasRow(got[i:i+1], want[i]...) {
						t.Errorf("%s: entry %d is %q, not %q", phase.ID, i+1, got[i], want[i])
					}
				}
			}
		})
	}
}

// What a hold asks for, what a check and a gate are, and what is kept stand in the run sheet.
func TestRunSheetSaysWhatToDo(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			p := papersOf(t, d, false)
			text := seen(toHTML(t, readers[extended], p.files["docs/runsheet.md"]))
			want := func(what, s string) {
				t.Helper()
				if !strings.Contains(text, s) {
					t.Errorf("%s: no %q", what, s)
				}
			}
			for _, s := range d.Steps {
				if s.Kind == design.KindHold && !s.Held() {
					want(s.ID, s.ID+": "+s.Title)
					want(s.ID, "Wait until: "+s.Text)
					if len(s.Records) > 0 {
						want(s.ID, "Records that must be visible: "+strings.Join(s.Records, ", ")+".")
					}
				}
				if held := s.ID + ": " + s.Title; s.Kind == design.KindHold && s.Held() && strings.Contains(text, held) {
					t.Errorf("%s is held and is asked to be met", s.ID)
				}
				if s.Keep != "" && !hasRow(section(t, p.files["docs/runsheet.md"], "## "+s.Phase+":"), s.ID, s.Keep) {
					t.Errorf("%s: nobody learns why it is kept", s.ID)
				}
				if s.Back != "" && !hasRow(section(t, p.files["docs/runsheet.md"], "## "+s.Phase+":"), s.ID, s.Back) {
					t.Errorf("%s: nobody learns what to wait for on the way back", s.ID)
				}
				for _, told := range s.Tell {
					if !s.Held() && !hasRow(section(t, p.files["docs/runsheet.md"], "## "+s.Phase+":"), s.ID, told.Property, told.Answers) {
						t.Errorf("%s: nobody notes %s for %s", s.ID, told.Property, told.Answers)
					}
				}
			}
			for _, phase := range d.Phases {
				rows := section(t, p.files["docs/runsheet.md"], "## "+phase.ID+":")
				for _, check := range append(slices.Clone(phase.Checks), "Gate: "+phase.Gate) {
					if !hasRow(rows, check, "", "", "") {
						t.Errorf("%s: no row %q", phase.ID, check)
					}
				}
				want(phase.ID, "In general: "+phase.Back)
				if len(d.Steps) > 0 {
					want(phase.ID, "When: "+phase.When+". "+phase.About)
				} else { // when a cutover is does not matter where there is none
					want(phase.ID, phase.About)
				}
			}
		})
	}
}

// blocks returns the PowerShell of a document, block by block.
func blocks(text string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```powershell\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// Every phase with entries has the commands to look, carry out, check and take back.
func TestRunSheetCommands(t *testing.T) {
	for plan, d := range plans(t) {
		t.Run(plan, func(t *testing.T) {
			_, fingerprint, err := d.Plan()
			if err != nil {
				t.Fatal(err)
			}
			naming(t, d)
			all := strings.Join(blocks(papersOf(t, d, false).files["docs/runsheet.md"]), "")
			want := func(needed bool, line string) {
				t.Helper()
				if strings.Contains(all, line+"\n") != needed {
					t.Errorf("the command is there: %t, should be: %t: %s", !needed, needed, line)
				}
			}
			for _, phase := range d.Phases {
				var holds, backs, kept, entries bool
				for _, s := range d.Steps {
					if s.Phase != phase.ID {
						continue
					}
					entries = true
					if s.Held() {
						continue
					}
					holds = holds || s.Kind == design.KindHold
					backs = backs || s.Back != ""
					kept = kept || s.Keep != ""
				}
				rest := fmt.Sprintf("-ApprovedPlan '%s' -Phase %s", fingerprint, phase.ID)
				want(entries, `.\exchange-online\apply.ps1 `+rest+" -WhatIf")
				want(entries, `.\exchange-online\apply.ps1 `+rest)
				want(holds, `.\exchange-online\apply.ps1 `+rest+" -Acknowledge $acknowledge")
				want(entries, `.\exchange-online\verify.ps1 -Phase `+phase.ID)
				want(entries, `.\exchange-online\rollback.ps1 `+rest+" -WhatIf")
				want(entries && !backs, `.\exchange-online\rollback.ps1 `+rest)
				want(backs, `.\exchange-online\rollback.ps1 `+rest+" -Acknowledge $acknowledge")
				want(kept, `.\exchange-online\rollback.ps1 `+rest+" -Release $release")
			}
		})
	}
}

// naming checks what is to be named in each phase: no held entry, in the order in which a
// script asks.
func naming(t *testing.T, d *design.Design) {
	t.Helper()
	var want []string
	for _, phase := range d.Phases {
		var holds, backs, kept []string
		for _, s := range d.Steps {
			switch line := "    '" + s.ID + "=; '"; {
			case s.Phase != phase.ID || s.Held():
			case s.Kind == design.KindHold:
				holds = append(holds, line)
				if s.Back != "" {
					backs = append([]string{line}, backs...)
				}
			case s.Keep != "":
				kept = append(kept, line)
			}
		}
		want = slices.Concat(want, holds, backs, kept)
	}
	got := regexp.MustCompile(`(?m)^    '.*$`).FindAllString(papersOf(t, d, false).files["docs/runsheet.md"], -1)
	if !slices.Equal(got, want) {
		t.Errorf("to be named\n got %q\nwant %q", got, want)
	}
}

// A list of acknowledgements that is copied and not filled in is refused by the module; filled
// in, it is taken. The pattern is the module's own.
func TestCopiedNamingIsRefused(t *testing.T) {
	module, err := os.ReadFile("tree/exchange-online/ExoPlan.psm1")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`\$text -notmatch '([^']+)'`).FindSubmatch(module)
	if m == nil {
		t.Fatal("the module has another way of reading names")
	}
	form := regexp.MustCompile(string(m[1]))
	lines := 0
	for _, d := range plans(t) {
		for _, block := range blocks(papersOf(t, d, false).files["docs/runsheet.md"]) {
			for _, line := range regexp.MustCompile(`(?m)^    '(.*)'$`).FindAllStringSubmatch(block, -1) {
				lines++
				if form.MatchString(line[1]) {
					t.Errorf("%q is taken as it stands", line[1])
				}
				id, _, _ := strings.Cut(line[1], "=")
				filled := strings.Replace(line[1], "=; ", "=Jo Citizen; ticket 4711", 1)
				got := form.FindStringSubmatch(filled)
				if got == nil || got[form.SubexpIndex("id")] != id {
					t.Errorf("%q is not taken", filled)
				}
			}
		}
	}
	if lines == 0 {
		t.Error("no list was found")
	}
}

// What a document calls a file of the pack is one.
func TestFilesThatDocumentsNameExist(t *testing.T) {
	file := regexp.MustCompile(`^[A-Za-z0-9_./-]+\.(md|csv|json|yaml|ps1|psm1|psd1)$|^[a-z-]+/[A-Za-z0-9/-]+$|^SHA256SUMS$`)
	span := regexp.MustCompile("`([^`]+)`")
	for plan, d := range plans(t) {
		for _, draft := range []bool{false, true} {
			p := papersOf(t, d, draft)
			for name, text := range p.documents() {
				named := 0
				for _, m := range span.FindAllStringSubmatch(text, -1) {
					if !file.MatchString(m[1]) || strings.Contains(m[1], ".example") {
						continue
					}
					named++
					if !p.has(m[1]) && !p.has(path.Join(path.Dir(name), m[1])) {
						t.Errorf("%s, draft %t: %s names %s, and the pack has none", plan, draft, name, m[1])
					}
				}
				if named == 0 {
					t.Errorf("%s, draft %t: %s names no file", plan, draft, name)
				}
			}
		}
	}
}

// has says that a path is a file or a folder of the pack.
func (p papers) has(name string) bool {
	for file := range p.files {
		if file == name || strings.HasPrefix(file, name+"/") {
			return true
		}
	}
	return false
}

// The commands in documents parse in a real PowerShell, name scripts of the pack and no
// parameter that these do not have.
func TestCommandsParse(t *testing.T) {
	e := pwshtest.Engine(t)
	for _, plan := range []string{"difficult", "cloud"} {
		t.Run(plan, func(t *testing.T) {
			dir := t.TempDir()
			files := pwshFiles(t, dir, plans(t)[plan])
			var script strings.Builder
			script.WriteString(checkCommands)
			calls := 0
			for _, name := range []string{"README.md", "docs/runsheet.md", "dns/handover.md"} {
				for i, block := range blocks(files[name]) {
					file := filepath.Join(dir, fmt.Sprintf("block-%s-%d.ps1", path.Base(name), i))
					if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
						t.Fatal(err)
					}
					fmt.Fprintf(&script, "Test-Block -Path %s -Pack %s\n", must(t)(ps(file)), must(t)(ps(dir)))
					calls += strings.Count(block, `.\exchange-online\`) - strings.Count(block, `Settings .\exchange-online\`)
				}
			}
			got := runScript(t, e, script.String())
			found := 0
			for _, line := range got {
				if strings.HasPrefix(line, "call ") {
					found++
				} else if line != "" {
					t.Error(line)
				}
			}
			if found == 0 || found > calls {
				t.Errorf("%d calls of scripts were looked at, of %d", found, calls)
			}
		})
	}
}

// checkCommands tells of each call of a script, and of what is wrong with it.
const checkCommands = `Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
function Test-Block {
    param ([string] $Path, [string] $Pack)
    $tokens = $null
    $errors = $null
    $block = [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $errors)
    foreach ($e in $errors) { '{0}: {1}' -f $Path, $e.Message }
    $calls = $block.FindAll({ param ($node) $node -is [Management.Automation.Language.CommandAst] }, $true)
    foreach ($call in $calls) {
        $name = $call.GetCommandName()
        if (-not $name -or $name -notlike '.\*') { continue }
        $script = Join-Path -Path $Pack -ChildPath $name.Substring(2).Replace('\', '/')
        if (-not (Test-Path -Path $script)) { 'the pack has no {0}' -f $name; continue }
        'call {0}' -f $name
        $parsed = [Management.Automation.Language.Parser]::ParseFile($script, [ref] $tokens, [ref] $errors)
        $known = @($parsed.ParamBlock.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath })
        if (@($parsed.ParamBlock.Attributes | ForEach-Object { $_.Extent.Text }) -match 'SupportsShouldProcess') { $known += 'WhatIf', 'Confirm' }
        foreach ($element in $call.CommandElements) {
            if ($element -isnot [Management.Automation.Language.CommandParameterAst]) { continue }
            if ($known -notcontains $element.ParameterName) { '{0} has no parameter {1}' -f $name, $element.ParameterName }
        }
    }
}
`

// pwshFiles writes a pack to a folder.
func pwshFiles(t *testing.T, dir string, d *design.Design) map[string]string {
	t.Helper()
	p := papersOf(t, d, false)
	var files []output.File
	for name, text := range p.files {
		files = append(files, output.File{Path: name, Data: []byte(text)})
	}
	for _, f := range files {
		target := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p.files
}

// The check of the pack that README.md gives is quiet on a pack as it was made, and names a
// file that was changed or is missing.
func TestIntegrityCheckOfTheReadme(t *testing.T) {
	e := pwshtest.Engine(t)
	dir := t.TempDir()
	files := pwshFiles(t, dir, resolve(t, profilestest.Example(t, "cloud")))
	var check string
	for _, block := range blocks(files["README.md"]) {
		if strings.Contains(block, "SHA256SUMS") {
			check = block
		}
	}
	if check == "" {
		t.Fatal("README.md does not say how to check the pack")
	}
	run := func() []string {
		return runScript(t, e, "Set-Location -LiteralPath "+must(t)(ps(dir))+"\n"+check+"'the end'\n")
	}
	if got := run(); !slices.Equal(got, []string{"the end"}) {
		t.Errorf("a pack as it was made: %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "plan.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "docs", "runsheet.md")); err != nil {
		t.Fatal(err)
	}
	if got := run(); !slices.Equal(got, []string{"missing: docs/runsheet.md", "changed: plan.json", "the end"}) {
		t.Errorf("a changed file and a missing one: %q", got)
	}
}
