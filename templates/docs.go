package templates

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/exoplan/exoplan/profiles/design"
	"github.com/exoplan/exoplan/templates/dns"
)

// code makes a code span of a text, for a line of Markdown outside a table: the text comes out
// as it went in, to the last blank.
func code(v any) string {
	s := oneLine(fmt.Sprint(v))
	if s == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	blank := strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") && strings.Trim(s, " ") != ""
	if blank || strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " " // one blank at each end is not part of a span
	}
	return fence + s + fence
}

// codeCell is code for a cell of a table, where a pipe ends the cell even inside a span. A
// backslash before a pipe cannot stand in a span there, and every reader takes it differently:
// such a text is escaped instead.
func codeCell(v any) string {
	if strings.Contains(fmt.Sprint(v), `\|`) {
		return md(oneLine(fmt.Sprint(v)))
	}
	return strings.ReplaceAll(code(v), "|", `\|`)
}

// fenced passes a line of a code block, and nothing that could end the block.
func fenced(v any) (string, error) {
	s := fmt.Sprint(v)
	if strings.Contains(s, "`") || s != oneLine(s) {
		return "", fmt.Errorf("%q cannot stand in a block of code", s)
	}
	return s, nil
}

var address = regexp.MustCompile(`^https://[A-Za-z0-9./?=&#~*_%:@,+-]+$`)

// link makes a link of an address on the web, which is also what stands there to be read.
func link(v any) (string, error) {
	s := fmt.Sprint(v)
	switch {
	case s == "":
		return "", nil
	case !address.MatchString(s):
		return "", fmt.Errorf("%q is not an address on the web", s)
	}
	return "<" + s + ">", nil
}

// oneLine puts a blank in the place of what would end or shift a line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// Numbers says where the sources of these keys stand in the list of sources.
func (p page) Numbers(keys []string) string {
	var out []string
	for i, s := range p.Sources {
		if slices.Contains(keys, s.Key) {
			out = append(out, strconv.Itoa(i+1))
		}
	}
	return strings.Join(out, ", ")
}

// setting is one property that a step speaks of. Without values it is emptied.
type setting struct {
	Part, Property string
	Values         []string
}

// Settings returns the properties of a step, in the order in which a script names them. A list to
// which nothing is added is left out: it stays as it is.
func (p page) Settings(s design.Step) []setting {
	expected := "expected before"
	if s.Owner != "" {
		expected = "expected"
	}
	adds := maps.Clone(s.Add)
	maps.DeleteFunc(adds, func(_ string, v any) bool { return len(words(v)) == 0 })
	var out []setting
	for _, part := range []struct {
		name   string
		values map[string]any
	}{
		{"at creation only", s.Given},
		{"until its own step", s.New},
		{"set", s.Set},
		{"added to the list", adds},
		{expected, s.Expect},
		{"expected in the list", s.Includes},
	} {
		for _, property := range slices.Sorted(maps.Keys(part.values)) {
			out = append(out, setting{part.name, property, words(part.values[property])})
		}
	}
	return out
}

func words(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, fmt.Sprint(e))
		}
		return out
	}
	return []string{fmt.Sprint(v)}
}

// Lacks says that a question has neither an answer nor an owner.
func (p page) Lacks(ref string) bool {
	return slices.ContainsFunc(p.Missing, func(o design.Open) bool { return o.Ref == ref })
}

// Owed names open questions, who owes the answers, and by when.
func (p page) Owed(open []string) string { return dns.HeldBy(p.Design, open) }

// HeldSteps returns the steps and holds that open questions hold.
func (p page) HeldSteps() []design.Step {
	return only(p.Steps, design.Step.Held)
}

// HeldRecords returns the records that open questions hold.
func (p page) HeldRecords() []design.Record {
	return only(p.Records, design.Record.Held)
}

// PublishedIn returns the records that are published in a phase.
func (p page) PublishedIn(phase string) []design.Record {
	return only(p.RecordsIn(phase), func(r design.Record) bool { return !r.Held() })
}

// moment is steps and holds of a phase, and what is published in DNS after them; empty: nothing.
type moment struct {
	Steps     []design.Step
	Publishes string
}

// Moments cuts the entries of a phase where its records are published. Those of the first round
// are published before the first hold that waits for records or belongs to the second round, else
// at the end; those of the second after its holds. What is decided at an earlier hold is thus
// decided before anything is published.
func (p page) Moments(phase string) []moment {
	steps, records := p.In(phase), p.PublishedIn(phase)
	first, second := len(steps), len(steps)
	if i := slices.IndexFunc(steps, func(s design.Step) bool { return len(s.Records) > 0 || s.Round > 1 }); i >= 0 {
		first = i
	}
	for i, s := range steps {
		if s.Round > 1 {
			second = i + 1
		}
	}
	again := slices.ContainsFunc(records, func(r design.Record) bool { return r.Moment() > 1 })
	once := slices.ContainsFunc(records, func(r design.Record) bool { return r.Moment() == 1 })
	out := []moment{{Steps: steps[:first]}, {Steps: steps[first:second]}, {Steps: steps[second:]}}
	switch {
	case once && again:
		out[0].Publishes = "The records of this phase are published, those of round 2 excepted, see below"
	case once:
		out[0].Publishes = "The records of this phase are published, see below"
	}
	if again {
		out[1].Publishes = "The records of round 2 are published, see below"
	}
	return out
}

// HoldsIn returns the holds of a phase that a person can acknowledge.
func (p page) HoldsIn(phase string) []design.Step {
	return p.running(phase, func(s design.Step) bool { return s.Kind == design.KindHold })
}

// HoldsBack returns those that stand in the rollback as well, in its order.
func (p page) HoldsBack(phase string) []design.Step {
	holds := p.running(phase, func(s design.Step) bool { return s.Back != "" })
	slices.Reverse(holds)
	return holds
}

// Kept returns the steps of a phase that a rollback leaves until a person releases them.
func (p page) Kept(phase string) []design.Step {
	return p.running(phase, func(s design.Step) bool { return s.Keep != "" })
}

// Telling returns the steps of a phase that print what only the tenant knows.
func (p page) Telling(phase string) []design.Step {
	return p.running(phase, func(s design.Step) bool { return len(s.Tell) > 0 })
}

// running returns the steps of a phase that no open question holds, as far as they are wanted.
func (p page) running(phase string, wanted func(design.Step) bool) []design.Step {
	return only(p.In(phase), func(s design.Step) bool { return !s.Held() && wanted(s) })
}

// Replaces, BackOut, Preference and Target are the words of the files for machines.
func (p page) Replaces(r design.Record) string { return dns.Replaces(p.Design, r) }

// BackOut says how a record is taken back.
func (p page) BackOut(r design.Record) string { return dns.BackOut(p.Design, r) }

// Preference returns that of a value of an MX record.
func (p page) Preference(r design.Record, v string) string { return dns.Preference(r, v) }

// Target returns a value without it.
func (p page) Target(r design.Record, v string) string { return dns.Target(r, v) }

// served is a file that a web server must answer with, and where it lies in the pack.
type served struct {
	ID, URL, Path string
}

// Serves says that some record needs a file on a web server.
func (p page) Serves() bool {
	return slices.ContainsFunc(p.Records, func(r design.Record) bool { return r.Serves != nil && !r.Held() })
}

// ServedIn returns the files that must be served before records of a phase are published.
func (p page) ServedIn(phase string) ([]served, error) {
	var out []served
	for _, r := range p.PublishedIn(phase) {
		if r.Serves == nil {
			continue
		}
		path, err := dns.ServedPath(r)
		if err != nil {
			return nil, err
		}
		out = append(out, served{r.ID, r.Serves.URL, path})
	}
	return out, nil
}

// Digs ask an authoritative server for the records of a phase, each once.
func (p page) Digs(phase string) []string {
	return p.commands(phase, func(r design.Record) string { return dns.Dig(r, `@"$server"`) })
}

// Resolves do the same in PowerShell.
func (p page) Resolves(phase string) []string {
	return p.commands(phase, func(r design.Record) string { return dns.Resolve(r, "$server") })
}

func (p page) commands(phase string, command func(design.Record) string) []string {
	var out []string
	for _, r := range p.PublishedIn(phase) {
		if c := command(r); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// Zones returns the zones in which a phase publishes something.
func (p page) Zones(phase string) []string {
	var out []string
	for _, r := range p.PublishedIn(phase) {
		if !slices.Contains(out, r.Zone) {
			out = append(out, r.Zone)
		}
	}
	return out
}

// course is a record over its phases.
type course struct {
	design.Record
	Stages []design.Record
}

// Courses returns every record with its stages, in the order of the first, for the reason of its
// last: that a time to live is lowered before is not why the record stands.
func (p page) Courses() []course {
	var out []course
	for _, r := range p.Records {
		i := slices.IndexFunc(out, func(c course) bool { return c.ID == r.ID })
		if i < 0 {
			out = append(out, course{Record: r, Stages: []design.Record{r}})
			continue
		}
		out[i].Stages = append(out[i].Stages, r)
		out[i].Reason = r.Reason
	}
	return out
}
