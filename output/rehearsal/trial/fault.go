package trial

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
)

// Fault is something that befalls a change on its way.
type Fault struct {
	Name  string
	What  string // what befalls it
	Exit  int    // with which the scripts stop; 0: they come through
	After string // what the tenant is afterwards

	// begin changes the tenant that it befalls; nil: it is as it would be.
	begin func(Director, *rehearsal.Tenant) error
	// play makes the scenes between the first, in which the tenant is as it was, and the last.
	play func(Director) ([]Scene, error)
}

// errNothing says that a plan has nothing that a fault could befall.
var errNothing = errors.New("this plan has nothing that it could befall")

const (
	untouched = "as it was: nothing is written"
	resumed   = "as planned once the run is repeated, and as it was after the way back"
)

// elsewhere is a tenant that no plan is for.
const elsewhere = "99999999-8888-7777-6666-555555555555"

// Faults are all that can befall a change in the simulated tenant, in the order of the help.
var Faults = []Fault{
	{
		Name: "wrong-tenant", What: "the session is connected to another tenant", Exit: ExitTenant, After: untouched,
		play: connected(ExitTenant, rehearsal.Connection{TenantID: elsewhere}),
	},
	{
		Name: "two-connections", What: "a second connection stands in the session", Exit: ExitPreflight, After: untouched,
		play: connected(ExitPreflight, rehearsal.Connection{}, rehearsal.Connection{User: "other@elsewhere.example"}),
	},
	{
		Name: "compliance-session", What: "a connection to Security & Compliance stands beside that to Exchange Online", Exit: ExitPreflight, After: untouched,
		play: connected(ExitPreflight, rehearsal.Connection{}, rehearsal.Connection{Eop: true}),
	},
	{
		Name: "no-connection", What: "the only connection is broken", Exit: ExitPreflight, After: untouched,
		play: connected(ExitPreflight, rehearsal.Connection{State: "Broken"}),
	},
	{
		Name: "missing-cmdlet", What: "the account has no role for a cmdlet that the plan needs", Exit: ExitPreflight, After: untouched,
		begin: func(d Director, t *rehearsal.Tenant) error {
			s, err := d.creating("", nil)
			t.Lacks = []string{"New-" + ofService(s.Noun)}
			return err
		},
		play: func(d Director) ([]Scene, error) {
			return []Scene{d.Run("preflight", ExitPreflight)}, nil
		},
	},
	{
		Name: "missing-parameter", What: "the account has no role for a parameter that the plan needs", Exit: ExitPreflight, After: untouched,
		begin: func(d Director, t *rehearsal.Tenant) error {
			s, err := d.creating("", func(s design.Step) bool { return s.Noun != "DkimSigningConfig" })
			t.Lacks = []string{"New-" + ofService(s.Noun) + ":Name"}
			return err
		},
		play: func(d Director) ([]Scene, error) {
			return []Scene{d.Run("preflight", ExitPreflight)}, nil
		},
	},
	{
		Name: "dehydrated", What: "the tenant must be prepared before it takes settings of its own", Exit: ExitPreflight, After: untouched,
		play: dehydrated,
	},
	{
		Name: "busy", What: "the service refuses a few calls and asks to try again later", Exit: ExitDone, After: "as planned, and as it was after the way back",
		play: through(rehearsal.Options{BusyAt: 5, BusyFor: 3}),
	},
	{
		Name: "throttled", What: "the service goes on refusing calls; the run is repeated later", Exit: ExitStopped, After: resumed,
		play: lost(rehearsal.Options{BusyAt: 12, BusyFor: 1000}),
	},
	{
		Name: "failed-read", What: "the session is lost at a read; the run is repeated", Exit: ExitStopped, After: resumed,
		play: lost(rehearsal.Options{FailRead: 6}),
	},
	{
		Name: "session-lost", What: "the session is lost before the second write of a phase; the run is repeated", Exit: ExitStopped, After: resumed,
		play: lost(rehearsal.Options{FailWrite: 2}),
	},
	{
		Name: "answer-lost", What: "a write is done, and its answer is lost with the session; the run is repeated", Exit: ExitStopped, After: resumed,
		play: lost(rehearsal.Options{LoseAnswer: 1}),
	},
	{
		Name: "reads-lag", What: "after each write the service still shows what was before", Exit: ExitDone, After: "as planned, and as it was after the way back",
		play: through(rehearsal.Options{LagReads: 1}),
	},
	{
		Name: "half-applied", What: "a person says no to the second change of a phase; the run is repeated", Exit: ExitStopped, After: resumed,
		play: func(d Director) ([]Scene, error) {
			phase, err := d.writing()
			if err != nil {
				return nil, err
			}
			s := d.Run("apply", ExitStopped, "Phase", phase, "Acknowledge", d.Named(phase, IsHold))
			delete(s.Arguments, "Confirm")
			s.Answers, s.Writes = []string{"y", "n"}, true
			s.Check = says("Declined")
			return d.resume(phase, s), nil
		},
	},
	{
		Name: "connectors-disabled", What: "the service creates inbound connectors disabled, whatever was asked", Exit: ExitCheck,
		After: "as planned once somebody enables the connector and the run is repeated, and as it was after the way back",
		play:  disabled,
	},
	{
		Name: "dns-not-visible", What: "the records of a domain's signing cannot be seen yet", Exit: ExitStopped,
		After: "not signing until the records can be seen; then as planned, and as it was after the way back",
		play:  unseen,
	},
	{
		Name: "name-taken", What: "somebody else has made an object of a name that the plan would give its own", Exit: ExitStopped,
		After: "as it was: what somebody else made is not touched", begin: taken, play: refused,
	},
	{
		Name: "name-twice", What: "two objects bear a name that the plan would give its own", Exit: ExitStopped,
		After: "as it was: which of them is meant, nobody can say", begin: taken, play: ambiguous,
	},
	{
		Name: "dns-differs", What: "name servers answer otherwise than a hold wants to see, whoever acknowledges it", Exit: ExitHold,
		After: "up to that hold until they answer as planned; then as planned, and as it was after the way back",
		play:  otherwise,
	},
	{
		Name: "edited-by-hand", What: "somebody changes a value of the plan between apply and rollback", Exit: ExitRefused,
		After: "as somebody left it until they take their value back, and as it was after the way back",
		play:  edited,
	},
}

// Named returns the fault of that name.
func Named(name string) (Fault, error) {
	i := slices.IndexFunc(Faults, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		var names []string
		for _, f := range Faults {
			names = append(names, f.Name)
		}
		return Fault{}, fmt.Errorf("no fault %q: there are %s", name, strings.Join(names, ", "))
	}
	return Faults[i], nil
}

// Befall makes the scenes in which the fault befalls the plan, in the tenant that it changes for that.
// The tenant must be in the end what it is behind the first of them. The error says that the plan has
// nothing that the fault could befall.
func (f Fault) Befall(d Director, t *rehearsal.Tenant, before ...rehearsal.Edit) ([]Scene, error) {
	if f.begin != nil {
		if err := f.begin(d, t); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	scenes, err := f.play(d)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return append([]Scene{ByHand(before...)}, scenes...), nil
}

func tempers(o rehearsal.Options) Scene { return ByHand(rehearsal.Edit{Options: &o}) }

// says checks that a script said something.
func says(text string) func(rehearsal.Outcome) error {
	return func(o rehearsal.Outcome) error {
		if !strings.Contains(o.Output, text) {
			return fmt.Errorf("it does not say %q", text)
		}
		return nil
	}
}

// connected runs every script in a session with these connections, and again in a good one.
func connected(exit int, cs ...rehearsal.Connection) func(Director) ([]Scene, error) {
	return func(d Director) ([]Scene, error) {
		phase := d.Phases()[0]
		scenes := []Scene{tempers(rehearsal.Options{Connections: cs})}
		for _, script := range []string{"preflight", "snapshot", "apply", "verify", "rollback"} {
			s := d.Run(script, exit)
			if script == "apply" || script == "rollback" {
				s = d.Run(script, exit, "Phase", phase)
			}
			s.Writes, s.Check = false, unread
			scenes = append(scenes, s)
		}
		return append(scenes, tempers(rehearsal.Options{}), d.Run("preflight", ExitDone)), nil
	}
}

// unread checks that a script asked for its session, and looked at nothing of the tenant.
func unread(o rehearsal.Outcome) error {
	for cmdlet := range o.Reads {
		if cmdlet != "Get-ConnectionInformation" {
			return fmt.Errorf("it called %s", cmdlet)
		}
	}
	return nil
}

// creating returns the first step that creates an object: of a noun, or of any; nil: whichever.
func (d Director) creating(noun string, wanted func(design.Step) bool) (design.Step, error) {
	for _, phase := range d.Phases() {
		for _, s := range d.running(phase) {
			if s.Creates && (noun == "" || s.Noun == noun) && (wanted == nil || wanted(s)) {
				return s, nil
			}
		}
	}
	return design.Step{}, errNothing
}

// writing returns the phase that creates most objects: there is something to lose in it.
func (p Pack) writing() (string, error) {
	most, at := 1, ""
	for _, phase := range p.Phases() {
		n := 0
		for _, s := range p.running(phase) {
			if s.Creates {
				n++
			}
		}
		if n > most {
			most, at = n, phase
		}
	}
	if at == "" {
		return "", errNothing
	}
	return at, nil
}

// Until returns the phases up to one.
func (p Pack) Until(phase string) []string {
	phases := p.Phases()
	return slices.DeleteFunc(phases, func(x string) bool { return cmp.Compare(x, phase) > 0 })
}

// upTo carries out the phases before one.
func (d Director) upTo(phase string) []Scene {
	var scenes []Scene
	for _, x := range d.Until(phase) {
		if x != phase {
			scenes = append(scenes, d.quietly(x))
		}
	}
	return scenes
}

// quietly applies a phase in one run.
func (d Director) quietly(phase string) Scene {
	return d.Run("apply", ExitDone, "Phase", phase, "Acknowledge", d.Named(phase, IsHold))
}

// resume stops a run of a phase in some way, repeats it, looks, and takes all back.
func (d Director) resume(phase string, stopped Scene, between ...rehearsal.Edit) []Scene {
	scenes := append(d.upTo(phase), stopped)
	scenes = append(scenes, tempers(rehearsal.Options{}))
	if len(between) > 0 {
		scenes = append(scenes, ByHand(between...))
	}
	again := d.quietly(phase)
	again.Part = "repeated"
	scenes = append(scenes, again, d.Run("verify", ExitDone, "Phase", phase))
	s := d.Again(phase)
	scenes = append(scenes, s)
	return append(scenes, d.BackAll(d.Until(phase))...)
}

// lost makes the session get lost in the phase that creates most objects.
func lost(o rehearsal.Options) func(Director) ([]Scene, error) {
	return func(d Director) ([]Scene, error) {
		phase, err := d.writing()
		if err != nil {
			return nil, err
		}
		s := d.Run("apply", ExitStopped, "Phase", phase, "Acknowledge", d.Named(phase, IsHold))
		s.Set, s.Writes, s.Check = []rehearsal.Edit{{Options: &o}}, true, says("Stopped")
		return d.resume(phase, s), nil
	}
}

// through carries out the phase that creates most objects in a tenant of some temper, and takes it back.
func through(o rehearsal.Options) func(Director) ([]Scene, error) {
	return func(d Director) ([]Scene, error) {
		phase, err := d.writing()
		if err != nil {
			return nil, err
		}
		scenes := append(d.upTo(phase), tempers(o))
		scenes = append(scenes, d.Apply(phase)...)
		scenes = append(scenes, tempers(rehearsal.Options{}))
		return append(scenes, d.BackAll(d.Until(phase))...), nil
	}
}

// dehydrated looks at a tenant that must be prepared, and again when it is.
func dehydrated(d Director) ([]Scene, error) {
	phase, err := d.writing()
	if err != nil {
		return nil, err
	}
	set := func(v bool) Scene {
		return ByHand(rehearsal.Edit{Noun: "OrganizationConfig", Values: map[string]any{"IsDehydrated": v}})
	}
	apply := d.Run("apply", ExitPreflight, "Phase", phase, "Acknowledge", d.Named(phase, IsHold))
	apply.Check = says("Nothing was changed")
	return []Scene{set(true), d.Run("preflight", ExitPreflight), apply, set(false), d.Run("preflight", ExitDone)}, nil
}

// disabled creates an inbound connector that the service disables.
func disabled(d Director) ([]Scene, error) {
	step, err := d.creating("InboundConnector", func(s design.Step) bool { return s.Set["Enabled"] != false && s.New["Enabled"] != false })
	if err != nil {
		return nil, err
	}
	s := d.Run("apply", ExitCheck, "Phase", step.Phase, "Acknowledge", d.Named(step.Phase, IsHold))
	s.Set, s.Writes = []rehearsal.Edit{{Options: &rehearsal.Options{ConnectorsComeUpDisabled: true}}}, true
	s.Check = says("is not as written: Enabled is no, not yes")
	return d.resume(step.Phase, s, rehearsal.Edit{Noun: step.Noun, Name: step.Name, Values: map[string]any{"Enabled": true}}), nil
}

// unseen enables signing while its records cannot be seen.
func unseen(d Director) ([]Scene, error) {
	for _, phase := range d.Phases() {
		for _, step := range d.running(phase) {
			if step.Noun != "DkimSigningConfig" || len(step.Expect) == 0 {
				continue
			}
			s := d.Run("apply", ExitStopped, "Phase", phase, "Acknowledge", d.Named(phase, IsHold))
			s.Set, s.Writes, s.Check = []rehearsal.Edit{{Unpublish: step.Name}}, true, says("CNAME record does not exist")
			return d.resume(phase, s, rehearsal.Edit{Publish: step.Name}), nil
		}
	}
	return nil, errNothing
}

// claimed returns the step whose object somebody else has made: one that is found by its name alone.
func claimed(d Director) (design.Step, error) {
	return d.creating("", func(s design.Step) bool { return strings.HasSuffix(s.Noun, "Connector") || s.Noun == "TransportRule" })
}

// taken puts an object into the tenant that has the name of one of the plan.
func taken(d Director, t *rehearsal.Tenant) error {
	step, err := claimed(d)
	if err != nil {
		return err
	}
	t.Objects = append(slices.Clone(t.Objects), namesake(step))
	return nil
}

// namesake is somebody else's object with the name of that of a step.
func namesake(step design.Step) rehearsal.Object {
	values := map[string]any{"Name": step.Name}
	if step.Noun == "InboundConnector" {
		values["SenderDomains"] = []string{"partner.example"}
	}
	return rehearsal.Object{Noun: step.Noun, Values: values}
}

// ambiguous finds two of that name, will not choose between them, and takes back what came before once
// there is one.
func ambiguous(d Director) ([]Scene, error) {
	step, err := claimed(d)
	if err != nil {
		return nil, err
	}
	twin := namesake(step)
	text := fmt.Sprintf("2 objects of type %s are called %s", step.Noun, step.Name)
	look := d.Run("preflight", ExitStopped)
	look.Check = says(text)
	s := d.Run("apply", ExitStopped, "Phase", step.Phase, "Acknowledge", d.Named(step.Phase, IsHold))
	s.Writes, s.Check = true, says(text) // what stands before it in the phase is done
	scenes := append([]Scene{ByHand(rehearsal.Edit{Add: &twin, Twice: true}), look}, d.upTo(step.Phase)...)
	scenes = append(scenes, s, ByHand(rehearsal.Edit{Noun: step.Noun, Name: step.Name, Remove: true}))
	return append(scenes, d.BackAll(d.Until(step.Phase))...), nil
}

// otherwise stops at the first hold that names records, until name servers answer as planned.
func otherwise(d Director) ([]Scene, error) {
	for _, hold := range d.Steps {
		if !IsHold(hold) || hold.Held() {
			continue
		}
		zone := d.zone(hold.Phase)
		for _, r := range d.Records {
			key := r.Type + " " + r.Name
			if !slices.Contains(hold.Records, r.ID) || len(zone[key]) == 0 {
				continue
			}
			wrong := maps.Clone(zone)
			wrong[key] = nil
			s := d.Run("apply", ExitHold, "Phase", hold.Phase, "Acknowledge", d.Named(hold.Phase, IsHold))
			s.Set = []rehearsal.Edit{{Options: &rehearsal.Options{Resolves: true}}, {Zone: wrong}}
			s.Writes = true // what stands before it in the phase is done
			s.Check = says(fmt.Sprintf("%s of %s is not set", r.Type, r.Name))
			return d.resume(hold.Phase, s, rehearsal.Edit{Options: &rehearsal.Options{Resolves: true}}, rehearsal.Edit{Zone: zone}), nil
		}
	}
	return nil, errNothing
}

// zone is what name servers answer once the records of a phase are published.
func (p Pack) zone(phase string) map[string][]string {
	last := map[string]design.Record{}
	for _, r := range p.Records {
		if r.View == "external" && r.Phase <= phase && r.Moment() == 1 && !r.Held() {
			last[r.ID] = r
		}
	}
	zone := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(last)) {
		key := last[id].Type + " " + last[id].Name
		zone[key] = append(zone[key], last[id].Values...)
	}
	return zone
}

// refused finds the object, will not touch it, and takes back what came before.
func refused(d Director) ([]Scene, error) {
	step, err := claimed(d)
	if err != nil {
		return nil, err
	}
	look := d.Run("preflight", ExitDone)
	look.Check = says("Adopt?    " + step.ID)
	scenes := append([]Scene{look}, d.upTo(step.Phase)...)
	s := d.Run("apply", ExitStopped, "Phase", step.Phase, "Acknowledge", d.Named(step.Phase, IsHold))
	s.Writes = true // what stands before it in the phase is done
	s.Check = func(o rehearsal.Outcome) error {
		was, _ := o.Before.Object(step.Noun, step.Name)
		is, there := o.State.Object(step.Noun, step.Name)
		if !there || fmt.Sprint(was.Values) != fmt.Sprint(is.Values) {
			return fmt.Errorf("%s %s is not as it was", step.Noun, step.Name)
		}
		return says("no revision of this profile made it")(o)
	}
	return append(append(scenes, s), d.BackAll(d.Until(step.Phase))...), nil
}

// edited changes a switch of an object that the plan has created, and takes all back.
func edited(d Director) ([]Scene, error) {
	step, property, err := d.switched()
	if err != nil {
		return nil, err
	}
	value, _ := step.Set[property].(bool)
	set := func(v bool) Scene {
		return ByHand(rehearsal.Edit{Noun: step.Noun, Name: step.Name, Values: map[string]any{property: v}})
	}
	scenes := append(d.upTo(step.Phase), d.quietly(step.Phase), set(!value))
	look := d.Run("verify", ExitCheck, "Phase", step.Phase)
	look.Check = says("Fail      " + step.ID)
	named := []any{"Phase", step.Phase, "Acknowledge", d.Named(step.Phase, HoldsBack), "Release", d.Named(step.Phase, IsKept)}
	s := d.Run("rollback", ExitRefused, named...)
	s.Writes = true // what was made after it goes first
	s.Check = func(o rehearsal.Outcome) error {
		is, _ := o.State.Object(step.Noun, step.Name)
		if v, _ := is.Value(property); v != !value {
			return fmt.Errorf("%s of %s %s was overwritten", property, step.Noun, step.Name)
		}
		return says("was changed since")(o)
	}
	scenes = append(scenes, look, s, set(value))
	return append(scenes, d.BackAll(d.Until(step.Phase))...), nil
}

// switched returns the last step that creates an object with a switch set, and the switch. Any other
// value of what a step has created is somebody's; one that a step has changed may be the one before.
func (d Director) switched() (step design.Step, property string, err error) {
	for _, phase := range d.Phases() {
		for _, s := range d.running(phase) {
			for _, name := range slices.Sorted(maps.Keys(s.Set)) {
				if _, is := s.Set[name].(bool); is && s.Creates && name != "Enabled" {
					step, property = s, name
				}
			}
		}
	}
	if property == "" {
		return step, "", errNothing
	}
	return step, property, nil
}
