package templates

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/output/pwsh/pwshtest"
	"github.com/exoplan/exoplan/profiles"
	"github.com/exoplan/exoplan/profiles/catalog"
	"github.com/exoplan/exoplan/profiles/profilestest"
)

// welcome are texts that people's names hold: every question for free text must take them.
var welcome = []string{
	"O'Brien", "O\u2019Brien", "S\u00f8n", "M\u0101ori", "a \u2013 b", "Ports & Rail", `the "Old" Harbour`, "Harbour, Ports and Rail", "Health | Ageing",
	"100% [sic] #1", `back\slash`, "a`b", "$(Get-Date)", "#> end", "{{.Plan}}", "<b>", "no\u00a0break", "\u65e5\u672c", strings.Repeat("x", 300),
}

// unwelcome are texts that no question takes: they would not be seen, or would turn the text
// about, or end a line.
var unwelcome = []string{
	"a\x00b", "a\r\nb", "a\nb", "a\tb", "\x1b[31mred", "a\u202eb", "a\u2066b", "a\u200bb", "a\u2028b", "a\ufeffb", "a\ufffdb", "\xff", "\U0001f600",
}

// answeredWith puts a text into every question of an example that takes it, and says what was kept.
func answeredWith(t *testing.T, example, text string) (*profiles.Profile, map[profiles.Ref]any, map[profiles.Ref]error) {
	t.Helper()
	c, ps := profilestest.Knowledge(t)
	s := profiles.NewSession(c, ps, profilestest.Example(t, example))
	kept, refused := map[profiles.Ref]any{}, map[profiles.Ref]error{}
	for _, a := range s.State().Asked {
		if len(a.Question.Values()) > 0 || a.Question.Kind == catalog.Items || a.Locked {
			continue
		}
		if err := s.Answer(a.Ref(), text); err != nil {
			refused[a.Ref()] = err
			continue
		}
		i := slices.IndexFunc(s.State().Asked, func(now profiles.Asked) bool { return now.Ref() == a.Ref() })
		kept[a.Ref()] = s.State().Asked[i].Answer.Value
	}
	return s.Profile(), kept, refused
}

// free says that a question takes any line of text.
func free(q catalog.Question) bool {
	return (q.Kind == catalog.Text || q.Kind == catalog.Texts) && q.Pattern == ""
}

// TestHostileAnswers gives every question of every example every difficult text. It is kept as it
// was typed or refused with a reason; what is kept comes out of scripts, tables, sheets and zones
// as it went in.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	c, _ := profilestest.Knowledge(t)
	var packs []hostilePack
	for _, example := range profiles.Examples() {
		for _, text := range slices.Concat(welcome, hostile, unwelcome) {
			p, kept, refused := answeredWith(t, example, text)
			for ref, v := range kept {
				q, _ := c.Question(ref.Question)
				if got := q.Format(v); free(q) && strings.TrimSpace(text) != "" && !slices.Equal(got, []string{strings.TrimSpace(text)}) {
					t.Errorf("%s: %q is kept as %q", ref, text, got)
				}
				if slices.Contains(unwelcome, text) {
					t.Errorf("%s takes %q", ref, text)
				}
			}
			for ref, err := range refused {
				q, _ := c.Question(ref.Question)
				if free(q) && slices.Contains(welcome, text) {
					t.Errorf("%s refuses %q: %v", ref, text, err)
				}
				if strings.ContainsAny(err.Error(), "\x00\x1b\r") || strings.Contains(err.Error(), "\u202e") {
					t.Errorf("%s: the reason holds what it warns of: %q", ref, err)
				}
			}
			packs = append(packs, renderHostile(t, example, text, p))
		}
	}
	runHostile(t, packs)
}

// hostilePack is a pack whose answers are difficult.
type hostilePack struct {
	example, name string
	papers
}

// renderHostile renders a profile and holds its documents, sheets and zones to what they
// promise. That it is not ready, a draft or none, is for findings to say.
func renderHostile(t *testing.T, example, text string, p *profiles.Profile) hostilePack {
	t.Helper()
	d := resolve(t, p)
	x := hostilePack{example, fmt.Sprintf("%s with %.40q", example, text), papersOf(t, d, !d.Ready())}
	for name, doc := range x.documents() {
		checkTables(t, x.name+": "+name, doc)
	}
	checkIDs(t, x.name, x.papers)
	return x
}

// runHostile lets PowerShell read every script: it runs no other commands than that of the
// example itself, and its steps are those of the plan.
func runHostile(t *testing.T, packs []hostilePack) {
	t.Helper()
	e := pwshtest.Engine(t)
	dir := t.TempDir()
	var scripts []string
	for i, p := range packs {
		for _, name := range slices.Sorted(maps.Keys(p.files)) {
			if !strings.HasSuffix(name, ".ps1") {
				continue
			}
			file := filepath.Join(dir, fmt.Sprintf("%03d-%s", i, filepath.Base(name)))
			if err := os.WriteFile(file, []byte(p.files[name]), 0o600); err != nil {
				t.Fatal(err)
			}
			scripts = append(scripts, file)
		}
	}
	if len(scripts) == 0 {
		t.Fatal("no pack has a script")
	}
	reader := filepath.Join(dir, "read.ps1")
	if err := os.WriteFile(reader, []byte(readScripts), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := e.Run(t.Context(), pwsh.Call{Args: []string{"-File", reader, "-Folder", dir}})
	if err != nil || r.ExitCode != 0 {
		t.Fatalf("exit %d, %v\n%s\n%s", r.ExitCode, err, r.Stderr, r.Stdout)
	}
	var read []struct {
		Name     string
		Errors   int
		Commands string
		Steps    json.RawMessage
	}
	if err := json.Unmarshal([]byte(r.Stdout), &read); err != nil {
		t.Fatalf("%v: %.300s", err, r.Stdout)
	}
	commands := map[string]string{}
	for _, got := range read {
		var i int
		var script string
		if _, err := fmt.Sscanf(got.Name, "%03d-%s", &i, &script); err != nil {
			t.Fatal(err)
		}
		same := packs[i].example + script
		if commands[same] == "" {
			commands[same] = got.Commands
		}
		if got.Errors > 0 || got.Commands != commands[same] {
			t.Errorf("%s: %s has %d faults and runs %s", packs[i].name, script, got.Errors, got.Commands)
		}
		comparePlan(t, packs[i], script, got.Steps)
	}
	if len(read) != len(scripts) {
		t.Errorf("%d of %d scripts were read", len(read), len(scripts))
	}
}

// comparePlan compares the steps as PowerShell reads them with those of plan.json.
func comparePlan(t *testing.T, p hostilePack, script string, steps json.RawMessage) {
	t.Helper()
	var plan struct{ Steps []map[string]any }
	var got []map[string]any
	if err := json.Unmarshal([]byte(p.files["plan.json"]), &plan); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(steps, &got); err != nil {
		t.Fatalf("%s: %s: %v", p.name, script, err)
	}
	if len(got) != len(plan.Steps) {
		t.Fatalf("%s: %s has %d steps, the plan %d", p.name, script, len(got), len(plan.Steps))
	}
	for _, want := range plan.Steps {
		i := slices.IndexFunc(got, func(step map[string]any) bool { return step["Id"] == want["id"] })
		if i < 0 {
			t.Errorf("%s: %s lacks %s", p.name, script, want["id"])
			continue
		}
		if want["open"] != nil { // held: no script knows more of it
			continue
		}
		for _, key := range []string{"name", "given", "new", "set", "add", "expect", "keep", "text", "back"} {
			if v := got[i][strings.ToUpper(key[:1])+key[1:]]; !reflect.DeepEqual(v, want[key]) {
				t.Errorf("%s: %s: %s of %s is %.120q in PowerShell, not %.120q", p.name, script, key, want["id"], fmt.Sprint(v), fmt.Sprint(want[key]))
			}
		}
	}
}

// readScripts reads every script of a folder: its faults, the commands it names in their order,
// and the value of its list of steps. Nothing of a script runs but that list.
const readScripts = `param ([Parameter(Mandatory = $true)] [string] $Folder)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$all = foreach ($file in Get-ChildItem -LiteralPath $Folder -Filter '*.ps1' | Where-Object { $_.Name -match '^\d{3}-' }) {
    $tokens = $null
    $faults = $null
    $ast = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $tokens, [ref] $faults)
    $commands = $ast.FindAll({ param ($node) $node -is [System.Management.Automation.Language.CommandAst] }, $true)
    $list = $ast.Find({ param ($node) $node -is [System.Management.Automation.Language.AssignmentStatementAst] -and $node.Left.Extent.Text -eq '$steps' }, $true)
    @{
        Name = $file.Name
        Errors = @($faults).Count
        Commands = @($commands | ForEach-Object { $_.GetCommandName() }) -join ' '
        Steps = @(& ([scriptblock]::Create($list.Right.Extent.Text)))
    }
}
ConvertTo-Json -InputObject @($all) -Depth 9 -Compress
`

// TestNamesOfConnectors: a name of 64 characters is taken, and one more is refused where it is
// asked for.
func TestNamesOfConnectors(t *testing.T) {
	c, ps := profilestest.Knowledge(t)
	longest := 0
	for n := 1; n < 80; n++ {
		s := profiles.NewSession(c, ps, profilestest.Example(t, "protected"))
		if err := s.Answer(profiles.Ref{Question: "gateway.name"}, strings.Repeat("n", n)); err != nil {
			continue
		}
		d := resolve(t, s.Profile())
		if len(d.Faults) > 0 {
			t.Errorf("a name of %d characters is taken and then does not fit: %v", n, d.Faults)
		}
		for _, step := range d.Steps {
			if strings.HasSuffix(step.Noun, "Connector") {
				longest = max(longest, len(step.Name))
			}
		}
	}
	if longest != 64 {
		t.Errorf("the longest name of a connector is %d characters", longest)
	}
}
