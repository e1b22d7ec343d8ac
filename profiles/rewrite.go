package profiles

import (
	"bytes"
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/exoplan/exoplan/profiles/catalog"
)

// Rewrite returns the text of a profile's file with what the profile says otherwise changed in
// place: what a person wrote, the comments, the order and the ends of the lines stay. What is
// new is added in the order of the catalogue. A file that is as Encode writes it stays so.
//
// An answer that goes to unused, or comes back, takes the comments above it and beside it along.
func Rewrite(data []byte, p *Profile, c *catalog.Catalog, presets Presets) ([]byte, error) {
	now := fields(Evaluate(c, presets, p), true)
	fresh, err := encode(p.Name, now)
	if err != nil {
		return nil, err
	}
	old, err := Decode("", data, c, presets)
	if err != nil {
		return fresh, nil //nolint:nilerror // a file that was never a profile has nothing to keep
	}
	was := fields(Evaluate(c, presets, old), true)
	asWritten, err := encode(old.Name, was)
	if err != nil || bytes.Equal(asWritten, data) {
		return fresh, err
	}
	data, _ = plainText("", data) // Decode has read it
	if text := edited(data, was, now, c); text != nil {
		if again, err := Decode("", text, c, presets); err == nil {
			if got, err := Encode(again, c, presets); err == nil && bytes.Equal(got, fresh) {
				return text, nil
			}
		}
	}
	return fresh, nil // the answers matter most
}

// edited returns the text with the fields as they shall be, or nil where it is laid out in a
// way in which that cannot be done line by line.
func edited(data []byte, was, now []field, c *catalog.Catalog) []byte {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) != 1 || !block(doc.Content[0]) {
		return nil
	}
	e := &editor{lines: lines(string(data)), eol: "\n", cat: c, said: map[string]any{}, stands: map[place]region{}, shall: map[place]bool{}}
	if strings.HasSuffix(e.lines[0], "\r\n") {
		e.eol = "\r\n"
	}
	for t := range c.Questions {
		e.titled = e.titled || slices.ContainsFunc(e.lines, func(l string) bool { return isTitle(l, t.Title) })
	}
	root := doc.Content[0]
	e.remember(was)
	for _, f := range now {
		e.expect(f.key, f.below)
	}
	for i := range pairs(root) {
		if section := root.Content[i].Value; block(root.Content[i+1]) {
			e.survey(section, "", root.Content[i+1], e.region(root, i, len(e.lines)).to)
		}
	}
	e.mapping(place{}, root, len(e.lines), now)
	return []byte(e.result())
}

// editor changes a file line by line.
type editor struct {
	lines  []string // with their ends
	eol    string
	cat    *catalog.Catalog
	titled bool             // topics have their titles, as Encode writes them
	said   map[string]any   // by ID of a field: what the file says
	stands map[place]region // where fields stand, in block mappings
	shall  map[place]bool   // where fields shall stand
	edits  []edit
}

// place is the section of a field, answers or unused, and its ID. The keys of the whole file
// have no section.
type place struct{ section, id string }

// other is the same field in the other section.
func (p place) other() place {
	if p.section == "answers" {
		return place{"unused", p.id}
	}
	return place{"answers", p.id}
}

// below is the place of a key of the mapping at a place.
func (p place) below(key string) place {
	switch {
	case p.section != "" && p.id != "":
		return place{p.section, p.id + "/" + key}
	case p.section != "":
		return place{p.section, key}
	}
	return place{"", key}
}

// edit puts text in the place of the lines from..to-1.
type edit struct {
	from, to int
	text     []string
}

// lines cuts a text behind the ends of its lines.
func lines(s string) []string { return lineEnd.FindAllString(s, -1) }

var lineEnd = regexp.MustCompile(`[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$`)

func (e *editor) remember(all []field) {
	for _, f := range all {
		if f.below == nil {
			e.said[f.id] = f.said
		}
		e.remember(f.below)
	}
}

// expect notes where the fields of a section shall stand.
func (e *editor) expect(section string, all []field) {
	for _, f := range all {
		e.shall[place{section, f.id}] = true
		e.expect(section, f.below)
	}
}

// survey notes where the fields of a section stand.
func (e *editor) survey(section, question string, m *yaml.Node, end int) {
	for i := range pairs(m) {
		at := place{section, question}.below(m.Content[i].Value)
		r := e.region(m, i, end)
		e.stands[at] = r
		if question == "" && block(m.Content[i+1]) {
			e.survey(section, at.id, m.Content[i+1], r.to)
		}
	}
}

// block says that every key of a mapping begins a line of its own.
func block(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0
}

// pairs yields the places of the keys of a mapping.
func pairs(n *yaml.Node) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if !yield(i) {
				return
			}
		}
	}
}

// region is where a key and its value stand: the lines of comments right above, the line of
// the key, and the line behind the value.
type region struct{ head, from, to int }

// region finds the lines of the key at i of a mapping that ends before the line end.
func (e *editor) region(m *yaml.Node, i, end int) region {
	column := m.Content[i].Column - 1
	r := region{from: m.Content[i].Line - 1, to: end}
	if i+2 < len(m.Content) {
		r.to = m.Content[i+2].Line - 1
	}
	for r.to > r.from+1 && gap(e.lines[r.to-1], column) {
		r.to--
	}
	for r.head = r.from; r.head > 0 && comment(e.lines[r.head-1], column); {
		r.head--
	}
	return r
}

// gap says that a line belongs to no value: it is empty, or a comment no deeper than the keys.
func gap(line string, column int) bool {
	rest := strings.TrimLeft(line, " ")
	return strings.TrimSpace(line) == "" || rest[0] == '#' && len(line)-len(rest) <= column
}

// comment says that a line is a comment at the depth of the keys.
func comment(line string, column int) bool {
	rest := strings.TrimLeft(line, " ")
	return strings.HasPrefix(rest, "#") && len(line)-len(rest) == column
}

// mapping changes what stands in the block mapping of a place.
func (e *editor) mapping(at place, m *yaml.Node, end int, now []field) {
	for i := range pairs(m) {
		r := e.region(m, i, end)
		key := m.Content[i].Value
		j := slices.IndexFunc(now, func(f field) bool { return f.key == key })
		switch {
		case j >= 0:
			e.field(at.below(key), m, i, r, now[j])
		case at == place{} && e.strange(m.Content[i+1]):
			e.mapping(place{key, ""}, m.Content[i+1], r.to, nil)
		case at == place{"unused", ""} && !e.known(m, i), at == place{} && len(m.Content[i+1].Content) == 0 && m.Content[i+1].Value == "":
		default:
			e.remove(at.below(key), r, now)
		}
	}
	for j := range now {
		if find(m, now[j].key) < 0 {
			e.insert(at, m, end, now, j)
		}
	}
}

// find returns the place of a key among the nodes of a mapping, or -1.
func find(m *yaml.Node, key string) int {
	for i := range pairs(m) {
		if m.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// known says that an entry of unused can be read: what cannot waits for a catalogue that can.
func (e *editor) known(m *yaml.Node, i int) bool {
	d := decoder{cat: e.cat}
	d.answers(&yaml.Node{Kind: yaml.MappingNode, Content: m.Content[i : i+2]})
	return len(d.problems) == 0
}

// strange says that something in unused cannot be read.
func (e *editor) strange(unused *yaml.Node) bool {
	for i := range pairs(unused) {
		if block(unused) && !e.known(unused, i) {
			return true
		}
	}
	return false
}

// field changes one entry, by as little as can be.
func (e *editor) field(at place, m *yaml.Node, i int, r region, f field) {
	key, value := m.Content[i], m.Content[i+1]
	switch {
	case f.value != nil && e.same(f), f.value == nil && !block(value) && e.sameBelow(value, f.below):
	case e.splits(at, f):
		e.edits = append(e.edits, edit{r.from, r.to, e.split(key.Column-1, r, f)})
	case f.value == nil && block(value):
		if at.section == "" {
			at = place{f.key, ""}
		}
		e.mapping(at, value, r.to, f.below)
	case f.value == nil && len(value.Content) == 0 && at.section == "":
		line := strings.Replace(e.lines[r.from], " {}", "", 1)
		e.edits = append(e.edits, edit{r.from, r.from + 1, append([]string{line}, e.all(place{f.key, ""}, f.below, key.Column+1)...)})
	case f.value != nil && e.scalar(key, value, f.value):
	default:
		e.edits = append(e.edits, edit{r.from, r.to, e.again(key.Column-1, r, f)})
	}
}

func (e *editor) same(f field) bool {
	said, ok := e.said[f.id]
	return ok && reflect.DeepEqual(said, f.said)
}

// sameBelow says that a mapping which is not in block style has these fields and says the same.
func (e *editor) sameBelow(m *yaml.Node, now []field) bool {
	if len(m.Content) != 2*len(now) {
		return false
	}
	for i := range pairs(m) {
		j := slices.IndexFunc(now, func(f field) bool { return f.key == m.Content[i].Value })
		if j < 0 || now[j].below == nil && !e.same(now[j]) || now[j].below != nil && !e.sameBelow(m.Content[i+1], now[j].below) {
			return false
		}
	}
	return true
}

// scalar changes a text on the line of its key, and nothing else of the line.
func (e *editor) scalar(key, value, now *yaml.Node) bool {
	if value.Kind != yaml.ScalarNode || now.Kind != yaml.ScalarNode || value.Line != key.Line || value.Value == "" || value.Anchor != "" {
		return false
	}
	line := []rune(e.lines[key.Line-1])
	before, rest := string(line[:value.Column-1]), string(line[value.Column-1:])
	typed := typedScalar(rest, value)
	again, ok := oneLine(&yaml.Node{Kind: yaml.ScalarNode, Tag: now.Tag, Value: now.Value, Style: now.Style | value.Style})
	if typed == "" || !ok {
		return false
	}
	e.edits = append(e.edits, edit{key.Line - 1, key.Line, []string{before + again + rest[len(typed):]}})
	return true
}

var (
	doubleQuoted = regexp.MustCompile(`^"(?:[^"\\]|\\.)*"`)
	singleQuoted = regexp.MustCompile(`^'(?:[^']|'')*'`)
)

// typedScalar returns a scalar as it was typed at the beginning of a text, or nothing where it
// goes on in the next line.
func typedScalar(rest string, n *yaml.Node) string {
	switch {
	case n.Style == yaml.DoubleQuotedStyle:
		return doubleQuoted.FindString(rest)
	case n.Style == yaml.SingleQuotedStyle:
		return singleQuoted.FindString(rest)
	case n.Style == 0 && strings.HasPrefix(rest, n.Value):
		return n.Value
	}
	return ""
}

// oneLine writes a scalar as the value of a key.
func oneLine(n *yaml.Node) (string, bool) {
	text, err := written(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{text("k"), n}})
	s := strings.TrimSuffix(strings.TrimPrefix(string(text), "k: "), "\n")
	return s, err == nil && !strings.Contains(s, "\n")
}

// again writes an entry anew, with the comments that stand in it and the style of its parts.
func (e *editor) again(column int, r region, f field) []string {
	now := mapping([]field{{key: f.key, value: f.value, below: f.below}})
	doc, ok := e.parsed(column, r)
	if !ok {
		return e.write(column, now)
	}
	pair := doc.Content[0]
	pair.Content[1] = merged(pair.Content[1], now.Content[1])
	return e.write(column, doc)
}

// parsed reads the lines of one entry, and says whether they are one.
func (e *editor) parsed(column int, r region) (*yaml.Node, bool) {
	stands := strings.ReplaceAll(strings.Join(indent(e.lines[r.from:r.to], -column), ""), "\r\n", "\n")
	var doc yaml.Node
	ok := yaml.Unmarshal([]byte(stands), &doc) == nil && len(doc.Content) == 1 && len(doc.Content[0].Content) == 2
	return &doc, ok
}

// splits says that one answer for all items becomes an answer for each.
func (e *editor) splits(at place, f field) bool {
	_, one := e.said[f.id]
	return one && at.section != "" && len(f.below) > 0
}

// split writes such an answer for each item. What was said beside it goes to the first item of
// which it still holds, or else to the first.
func (e *editor) split(column int, r region, f field) []string {
	now := mapping([]field{f})
	doc, ok := e.parsed(column, r)
	if !ok {
		return e.write(column, now)
	}
	heir := max(slices.IndexFunc(f.below, func(item field) bool { return reflect.DeepEqual(item.said, e.said[f.id]) }), 0)
	pair, items := doc.Content[0], now.Content[1]
	items.Content[2*heir+1] = merged(pair.Content[1], items.Content[2*heir+1])
	pair.Content[1] = items
	return e.write(column, doc)
}

// merged is a node as it shall be with the comments and the style of the one before.
func merged(was, now *yaml.Node) *yaml.Node {
	out := *now
	out.HeadComment, out.LineComment, out.FootComment = was.HeadComment, was.LineComment, was.FootComment
	switch {
	case was.Kind != now.Kind:
	case was.Kind == yaml.ScalarNode:
		out.Style |= was.Style & (yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle)
	case was.Kind == yaml.SequenceNode:
		out.Style, out.Content = was.Style, mergedList(was.Content, now.Content)
	case was.Kind == yaml.MappingNode:
		out.Style, out.Content = was.Style, mergedMap(was, now)
	}
	return &out
}

// mergedList takes over the elements that were there; one that was changed where it stood
// keeps its comments.
func mergedList(was, now []*yaml.Node) []*yaml.Node {
	out := make([]*yaml.Node, len(now))
	taken := map[*yaml.Node]bool{}
	for i, n := range now {
		for _, w := range was {
			if out[i] == nil && !taken[w] && alike(w, n) {
				out[i], taken[w] = w, true
			}
		}
	}
	for i, n := range now {
		switch {
		case out[i] != nil:
		case len(was) == len(now) && !taken[was[i]]:
			out[i] = merged(was[i], n)
		default:
			out[i] = n
		}
	}
	return out
}

// alike says that two nodes stand for the same text, list or mapping.
func alike(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && strings.EqualFold(a.Value, b.Value) && slices.EqualFunc(a.Content, b.Content, alike)
}

func mergedMap(was, now *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for i := range pairs(now) {
		key, value := now.Content[i], now.Content[i+1]
		for j := range pairs(was) {
			if was.Content[j].Value == key.Value {
				key, value = was.Content[j], merged(was.Content[j+1], value)
				break
			}
		}
		out = append(out, key, value)
	}
	return out
}

// write returns the lines of a node, indented.
func (e *editor) write(column int, n *yaml.Node) []string {
	text, err := written(n)
	if err != nil {
		return nil
	}
	out := indent(lines(string(text)), column)
	for i, l := range out {
		out[i] = strings.TrimSuffix(l, "\n") + e.eol
	}
	return out
}

// indent moves lines to the right, or to the left as far as they have blanks.
func indent(in []string, by int) []string {
	out := make([]string, len(in))
	for i, l := range in {
		switch {
		case strings.TrimSpace(l) == "":
			out[i] = l
		case by >= 0:
			out[i] = strings.Repeat(" ", by) + l
		default:
			blanks := len(l) - len(strings.TrimLeft(l, " "))
			out[i] = l[min(-by, blanks):]
		}
	}
	return out
}

// own is where the comments above an entry begin that are its own: the title of a topic belongs
// to all of it.
func (e *editor) own(r region, title string) int {
	if t := e.titleAt(r, title); t >= 0 {
		return t + 1
	}
	return r.head
}

// titleAt returns the line above an entry that is the title of its topic, or -1.
func (e *editor) titleAt(r region, title string) int {
	for i := r.head; i < r.from; i++ {
		if isTitle(e.lines[i], title) {
			return i
		}
	}
	return -1
}

func isTitle(line, title string) bool { return title != "" && strings.TrimSpace(line) == "# "+title }

// remove takes an entry out. The comments above it go along where it moves to the other
// section, and stay where it ends; the title of a topic goes with the last of its questions.
func (e *editor) remove(at place, r region, now []field) {
	title := ""
	for t, q := range e.cat.Questions {
		if q.ID == at.id {
			title = t.Title
		}
	}
	if t := e.titleAt(r, title); t >= 0 && !slices.ContainsFunc(now, func(f field) bool { return f.title == title }) {
		e.edits = append(e.edits, edit{t, t + 1, nil})
	}
	from := r.from
	if e.shall[at.other()] {
		from = e.own(r, title)
	}
	e.edits = append(e.edits, edit{from, r.to, nil})
}

// insert adds a field behind the nearest before it that stands, or else before all others.
func (e *editor) insert(at place, m *yaml.Node, end int, now []field, j int) {
	f := now[j]
	to := e.region(m, 0, end).head
	headed := slices.ContainsFunc(now[:j], func(other field) bool { return other.title == f.title })
	for _, other := range now[:j] {
		if i := find(m, other.key); i >= 0 {
			to = e.region(m, i, end).to
		}
	}
	for _, next := range now[j+1:] {
		if i := find(m, next.key); i >= 0 {
			if t := e.titleAt(e.region(m, i, end), f.title); t >= 0 {
				to, headed = t+1, true
			}
			headed = headed || next.title == f.title
			break
		}
	}
	var text []string
	column := m.Content[0].Column - 1
	if e.titled && f.title != "" && !headed {
		text = append(text, strings.Repeat(" ", column)+"# "+f.title+e.eol)
	}
	e.edits = append(e.edits, edit{to, to, append(text, e.lay(at.below(f.key), f, column)...)})
}

// all lays out the fields of a section that was empty.
func (e *editor) all(at place, now []field, column int) []string {
	var out []string
	title := ""
	for _, f := range now {
		if e.titled && f.title != title {
			title = f.title
			out = append(out, strings.Repeat(" ", column)+"# "+title+e.eol)
		}
		out = append(out, e.lay(at.below(f.key), f, column)...)
	}
	return out
}

// lay lays out a field that is new in its place: as it stood in the other section, or afresh.
func (e *editor) lay(at place, f field, column int) []string {
	r, moves := e.stands[at.other()]
	moves = moves && at.section != "" && !e.shall[at.other()]
	if f.value != nil {
		if moves && e.same(f) {
			return indent(e.lines[e.own(r, f.title):r.to], column-e.column(r))
		}
		return e.write(column, mapping([]field{{key: f.key, value: f.value}}))
	}
	out := []string{strings.Repeat(" ", column) + f.key + ":" + e.eol}
	switch {
	case at.section == "":
		at = place{f.key, ""}
	case moves && keyAlone(e.lines[r.from], f.key):
		out = indent(e.lines[e.own(r, f.title):r.from+1], column-e.column(r))
	}
	return append(out, e.all(at, f.below, column+2)...)
}

// keyAlone says that a line holds a key and at most a comment.
func keyAlone(line, key string) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), key+":")
	rest = strings.TrimLeft(rest, " ")
	return ok && (rest == "" || rest[0] == '#')
}

// column is the depth of the key of an entry.
func (e *editor) column(r region) int {
	line := e.lines[r.from]
	return len(line) - len(strings.TrimLeft(line, " "))
}

// result carries the edits out, the last first.
func (e *editor) result() string {
	slices.SortStableFunc(e.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	if last := len(e.lines) - 1; !strings.ContainsAny(e.lines[last], "\r\n") {
		e.lines[last] += e.eol
	}
	var out strings.Builder
	at := 0
	for _, x := range e.edits {
		for _, l := range e.lines[min(at, x.from):x.from] {
			out.WriteString(l)
		}
		for _, l := range x.text {
			out.WriteString(l)
		}
		at = max(at, x.to)
	}
	for _, l := range e.lines[at:] {
		out.WriteString(l)
	}
	return out.String()
}
