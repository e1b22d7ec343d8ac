// Package rehearsal is a simulated Exchange Online tenant, and runs scripts against it in
// a real PowerShell.
//
// The tenant knows Microsoft's cmdlets and no script of ours: what each cmdlet takes and
// returns comes from the contract, how the service behaves from tenant.yaml, what is there
// at the beginning from starts/. It plays the service's tricks: an unknown identity finds
// every object, lists come back in another form and order, a read may be older than the
// write before it. What a script should never do (write under -WhatIf, write what is
// already so, write what its plan does not name) is a fault, and so is what the simulation
// does not know.
//
// Nothing here reaches a network or a real tenant. Scripts do run on this machine, so only
// those whose text is known should be given.
package rehearsal

import (
	"bufio"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/exoplan/exoplan/output/pwsh"
	"github.com/exoplan/exoplan/profiles/contract"
)

//go:embed engine
var engineFS embed.FS

// The language modes a script can run in.
const (
	Full        = "FullLanguage"
	Constrained = "ConstrainedLanguage"
)

// Module is the module of a pack, whose language mode is looked at after each run.
const Module = "ExoPlan"

// What a tenant is where nothing else is said.
const (
	DefaultTenantID = "11111111-2222-3333-4444-555555555555"
	defaultPrefix   = "contoso"
)

// Tenant is where a rehearsal begins.
type Tenant struct {
	Start    string            // one of Starts; "new" when empty
	TenantID string            // DefaultTenantID when empty
	Prefix   string            // of the initial domain <prefix>.onmicrosoft.com
	Names    map[string]string // names of objects of the start, under the keys that it has
	Objects  []Object          // more objects; what they do not say is as the service makes it
	// Seen is what a snapshot saw: a noun that is here has these objects at the beginning and no others.
	Seen    map[string][]Object
	Domains []string // verified in it, so that they are accepted domains; when empty, any domain can sign
	Lacks   []string // what the operator has no role for: "New-TransportRule", "Set-ArcConfig:ArcTrustedSealers"
	Module  string   // the prefix that Connect-ExchangeOnline -Prefix gave the cmdlets
	Options Options
}

// Options are the tempers of a tenant. They can be changed on the way.
type Options struct {
	Connections              []Connection // of the session; one good one when nil
	Seed                     string       // of what the service makes and nobody can compute
	ShowsScoped              bool         // plain Get-OutboundConnector shows scoped and test-mode connectors too
	ArcNothing               bool         // Get-ArcConfig returns nothing while no sealer is trusted
	ConnectorsComeUpDisabled bool         // inbound connectors are created disabled, whatever was asked
	Resolves                 bool         // name servers answer; else none can be reached
	LagReads                 int          // so many reads of a noun after a write still show what was before
	FailWrite                int          // the n-th write fails with a lost session
	FailRead                 int          // the n-th read fails with a lost session
	BusyAt, BusyFor          int          // from the n-th call on, so many are refused: the service is too busy
	LoseAnswer               int          // the n-th write is done, and its answer is lost with the session
}

// Connection is a row of Get-ConnectionInformation. Empty fields are those of a good one.
type Connection struct {
	State    string // Connected
	TenantID string
	Eop      bool // a session of Security & Compliance
	User     string
}

// Object is a thing in the tenant. Values are nil, bool, int, string, []string or []any.
type Object struct {
	Noun   string         `yaml:"noun"`
	Name   string         `yaml:"-"` // taken from the values where an object is given
	Values map[string]any `yaml:"values"`
}

// Label names the object in a list.
func (o Object) Label() string {
	for _, key := range []string{"Name", "Domain", "DomainName"} {
		if name, is := o.Values[key].(string); is {
			return name
		}
	}
	return cmp.Or(o.Name, o.Noun)
}

// Edit changes the tenant by hand, past all rules of the service. One field group is used.
type Edit struct {
	Add   *Object // a new object
	Twice bool    // even where its name is taken

	Noun, Name string         // an object that is there; a singleton needs no name
	Values     map[string]any // what to set on it; Priority moves a rule
	Remove     bool           // or its end

	Zone      map[string][]string // what name servers answer: "MX agency.example" to values as a plan has them
	Publish   string              // what the tenant wants published in DNS for this domain, is
	Unpublish string              // or is no more
	DNS       map[string]string   // CNAME records, name to target

	Options *Options // other tempers from here on; writes are counted anew
	Restart bool     // all as it was at the beginning
}

// Action is one thing that happens: changes by hand, then a script, or either.
type Action struct {
	Name      string              // for messages
	Set       []Edit              // before the script
	Script    string              // the absolute path of a .ps1
	Inline    string              // or its text, for what needs no file
	Arguments map[string]any      // of the script: bool, int, string, []string
	Mode      string              // Full when empty
	Allow     map[string][]string // noun to properties that may be written; nil: all
	Answers   []string            // what Read-Host gets, in turn
	Soon      bool                // right after the action before; else a month has gone by
}

// Write is one change that a cmdlet made.
type Write struct {
	Sequence   int // among all writes, from 1
	Cmdlet     string
	Noun, Name string
	Parameters map[string]any // as they were passed
	Changed    []string       // the properties that came out different; of a new object all that were given
	After      State          // the tenant right after it
}

// Outcome is what came of an action.
type Outcome struct {
	Name       string
	ExitCode   int
	HasExit    bool           // the script ended with exit
	Thrown     bool           // the script ended with an error
	ModuleMode string         // the language mode of the pack's module; empty without one
	Output     string         // all streams, in order
	Errors     []string       // that the script let out
	Refusals   []string       // of the tenant, whether or not the script caught them
	Leaked     []string       // objects other than text on the output
	Writes     []Write        // in order
	Reads      map[string]int // calls of each Get cmdlet
	Faults     []string       // what no script of a pack may do
	Unasked    int            // answers left over
	Before     State
	State      State // after it
}

// Run starts one PowerShell with one tenant and lets the actions happen in turn. An error
// means that the rehearsal itself could not be carried out; what scripts did is in the
// outcomes, one for each action.
func Run(ctx context.Context, e pwsh.Engine, tenant Tenant, actions []Action) ([]Outcome, error) {
	return Watch(ctx, e, tenant, actions, func(Outcome) {})
}

// Watch is Run, and shows each outcome as soon as it is there.
func Watch(ctx context.Context, e pwsh.Engine, tenant Tenant, actions []Action, seen func(Outcome)) (_ []Outcome, err error) {
	c, err := contract.Load()
	if err != nil {
		return nil, err
	}
	m, err := newModel(c, tenantYAML)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "exoplan-rehearsal-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := prepare(dir, m, tenant, actions); err != nil {
		return nil, err
	}
	r := &reader{dir: dir, model: m, actions: actions, seen: seen}
	result, err := r.run(ctx, e)
	if err != nil {
		return r.outcomes, err
	}
	return r.outcomes, r.finish(result)
}

// reader gathers outcomes while PowerShell is at work.
type reader struct {
	dir      string
	model    *model
	actions  []Action
	seen     func(Outcome)
	state    State
	sequence int
	outcomes []Outcome
}

const marker = "exoplan-rehearsal "

// brief tells .NET that a process lives for seconds: memory is cleared seldom and on the spot, and
// code is not measured in order to be compiled better later. It saves a tenth of the time.
var brief = []string{"DOTNET_gcConcurrent=0", "DOTNET_GCgen0size=0x10000000", "DOTNET_TieredPGO=0"}

// run returns when PowerShell has ended and every outcome that it announced is read.
func (r *reader) run(ctx context.Context, e pwsh.Engine) (pwsh.Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := r.follow(out)
		cancel(err) // a rehearsal that cannot be read need not go on
		_, _ = io.Copy(io.Discard, out)
		done <- err
	}()
	result, err := e.Run(ctx, pwsh.Call{
		Args:   []string{"-File", filepath.Join(r.dir, "run.ps1"), "-Folder", r.dir},
		Dir:    r.dir,
		Stdout: in,
		Env:    brief,
	})
	_ = in.Close()
	if followed := <-done; followed != nil {
		return result, followed
	}
	return result, err
}

func (r *reader) follow(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		rest, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), marker)
		if n, err := strconv.Atoi(rest); ok && err == nil && n == len(r.outcomes) {
			if err := r.take(n); err != nil {
				return err
			}
		}
	}
	return lines.Err()
}

// take reads one outcome. The state is followed change by change, so that it is known
// after every single write.
func (r *reader) take(n int) error {
	if n == 0 {
		var dump map[string][]map[string]any
		if err := r.load("start.json", &dump); err != nil {
			return err
		}
		r.state = r.model.state(dump)
	}
	var raw rawOutcome
	if err := r.load(fmt.Sprintf("outcome-%d.json", n), &raw); err != nil {
		return err
	}
	if raw.Broken != "" {
		return fmt.Errorf("%s: %s", r.actions[n].title(n), raw.Broken)
	}
	o := r.outcome(n, raw)
	r.outcomes = append(r.outcomes, o)
	r.seen(o)
	return nil
}

type rawOutcome struct {
	Broken                string
	HasExit, Thrown       bool
	ExitCode, Unasked     int
	ModuleMode            string
	Lines, Errors, Leaked []string
	Refusals, Faults      []string
	Reads                 map[string]int
	ByHand                []change
	Writes                []rawWrite
}

type rawWrite struct {
	Cmdlet, Noun, Name string
	Parameters         map[string]any
	Changed            []string
	Changes            []change
}

func (r *reader) outcome(n int, raw rawOutcome) Outcome {
	a := r.actions[n]
	o := Outcome{
		Name: a.title(n), ExitCode: raw.ExitCode, HasExit: raw.HasExit, Thrown: raw.Thrown, ModuleMode: raw.ModuleMode,
		Output: strings.Join(raw.Lines, "\n"), Errors: raw.Errors, Refusals: raw.Refusals, Leaked: raw.Leaked,
		Reads: raw.Reads, Faults: raw.Faults, Unasked: raw.Unasked,
	}
	for _, c := range raw.ByHand {
		r.state = r.state.apply(c)
	}
	o.Before = r.state
	for _, w := range raw.Writes {
		r.sequence++
		for _, c := range w.Changes {
			r.state = r.state.apply(c)
		}
		o.Writes = append(o.Writes, Write{
			Sequence: r.sequence, Cmdlet: w.Cmdlet, Noun: w.Noun, Name: w.Name,
			Parameters: wholes(w.Parameters), Changed: w.Changed, After: r.state,
		})
	}
	o.State = r.state
	o.Faults = append(o.Faults, faults(a, o)...)
	return o
}

// faults are those that show only from outside the session.
func faults(a Action, o Outcome) []string {
	var out []string
	if a.Script != "" && !o.HasExit {
		out = append(out, "the script ended without an exit code")
	}
	if o.ModuleMode != "" && o.ModuleMode != a.mode() {
		out = append(out, fmt.Sprintf("module %s ran in %s, not in %s", Module, o.ModuleMode, a.mode()))
	}
	return out
}

func (r *reader) load(name string, to any) error {
	text, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, to); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// finish makes sure that the whole rehearsal was seen, and that following the changes led
// to the tenant that PowerShell holds.
func (r *reader) finish(result pwsh.Result) error {
	if len(r.outcomes) < len(r.actions) || result.ExitCode != 0 {
		return fmt.Errorf("the rehearsal stopped after %d of %d actions: exit %d: %s",
			len(r.outcomes), len(r.actions), result.ExitCode, strings.TrimSpace(result.Stderr))
	}
	if len(r.actions) == 0 {
		return nil
	}
	var dump map[string][]map[string]any
	if err := r.load("end.json", &dump); err != nil {
		return err
	}
	if d := r.state.Difference(r.model.state(dump)); len(d) > 0 {
		return fmt.Errorf("the rehearsal lost track of the tenant: %s", strings.Join(d, "; "))
	}
	return nil
}

func (a Action) title(n int) string {
	if a.Name != "" {
		return a.Name
	}
	return fmt.Sprintf("action %d", n+1)
}

func (a Action) mode() string {
	if a.Mode == "" {
		return Full
	}
	return a.Mode
}

// Clean reports why the outcome is not that of a script without fault that ended with this
// exit code; nil when it is.
func (o Outcome) Clean(exit int) error {
	var problems []error
	if !o.HasExit || o.ExitCode != exit {
		problems = append(problems, fmt.Errorf("exit %d, want %d", o.ExitCode, exit))
	}
	for _, list := range [][]string{o.Faults, o.Errors, o.Leaked} {
		for _, s := range list {
			problems = append(problems, errors.New(s))
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %w\n%s", o.Name, errors.Join(problems...), o.Output)
}

// Wrote lists the writes as "Cmdlet name", in order.
func (o Outcome) Wrote() []string {
	out := make([]string, 0, len(o.Writes))
	for _, w := range o.Writes {
		out = append(out, strings.TrimSpace(w.Cmdlet+" "+w.Name))
	}
	return out
}

// Read reports whether a cmdlet was called at least once.
func (o Outcome) Read(cmdlet string) bool { return o.Reads[cmdlet] > 0 }

var modes = []string{Full, Constrained}

// check looks at an action before a PowerShell is started for it.
func (a Action) check() error {
	switch {
	case !slices.Contains(modes, a.mode()):
		return fmt.Errorf("unknown language mode %q", a.Mode)
	case a.Script != "" && a.Inline != "":
		return errors.New("has a script and an inline text")
	case a.Script != "" && !filepath.IsAbs(a.Script):
		return fmt.Errorf("%s is no absolute path", a.Script)
	}
	if a.Script == "" {
		return nil
	}
	_, err := os.Stat(a.Script)
	return err
}
