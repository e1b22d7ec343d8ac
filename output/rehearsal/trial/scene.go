package trial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
)

// Exit codes of the scripts of a pack.
const (
	ExitDone      = 0
	ExitPending   = 2
	ExitPreflight = 10
	ExitTenant    = 11
	ExitPlan      = 12
	ExitStopped   = 20
	ExitCheck     = 21
	ExitHold      = 22
	ExitBack      = 30
	ExitRefused   = 31
)

// second is the part of a rehearsal in which nothing is left to write.
const second = "second apply"

// Scene is an action, and what shall come of it.
type Scene struct {
	rehearsal.Action
	Part   string // of the rehearsal, in words
	Phase  string
	Exits  []int
	Writes bool // whether it may change the tenant
	// Check looks at what else must be so; nil: nothing.
	Check func(rehearsal.Outcome) error
}

// Judge says what is not as it must be: the exit code, a fault, a write where none is due.
func (s Scene) Judge(o rehearsal.Outcome) []string {
	if s.Script == "" {
		return nil
	}
	var out []string
	if !slices.Contains(s.Exits, o.ExitCode) {
		out = append(out, fmt.Sprintf("exit %d, and not %d", o.ExitCode, s.Exits))
	}
	if o.Thrown {
		out = append(out, "the script ended with an error")
	}
	for _, list := range [][]string{o.Faults, o.Errors, o.Leaked} {
		out = append(out, list...)
	}
	if !s.Writes && len(o.Writes) > 0 {
		out = append(out, fmt.Sprintf("%d writes, and none is due: %q", len(o.Writes), o.Wrote()))
	}
	if o.ModuleMode != s.Mode {
		out = append(out, fmt.Sprintf("the module ran in %q", o.ModuleMode))
	}
	if s.Check != nil {
		if err := s.Check(o); err != nil {
			out = append(out, err.Error())
		}
	}
	return out
}

// Or lets the scene end with another exit code too.
func (s Scene) Or(exit int) Scene {
	s.Exits = append(slices.Clone(s.Exits), exit)
	return s
}

// Director makes the scenes of a pack.
type Director struct {
	Pack
	Log   string   // the folder of the records
	Mode  string   // the language mode
	Adopt []string // names of objects that are there and may be changed
}

// Run is a scene: a script of the pack, its exit code, its arguments in pairs.
func (d Director) Run(script string, exit int, args ...any) Scene {
	s := Scene{Part: script, Exits: []int{exit}, Writes: exit == ExitDone && script == "apply" || exit == ExitBack}
	m := map[string]any{"LogDirectory": d.Log}
	if script == "apply" || script == "rollback" {
		m["ApprovedPlan"], m["Confirm"] = d.Fingerprint, false
	}
	name := []string{script}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
		switch args[i] {
		case "Phase":
			s.Phase, _ = args[i+1].(string)
			name = append(name, "-Phase", s.Phase)
		case "WhatIf":
			name = append(name, "-WhatIf")
		}
	}
	if m["WhatIf"] == true {
		delete(m, "Confirm")
	}
	s.Action = rehearsal.Action{Name: strings.Join(name, " "), Script: d.Script(script), Arguments: m, Mode: d.Mode, Allow: d.Allow()}
	return s
}

// Apply is what a change window does with a phase: a look, the change up to the first hold, the
// change with the holds named, a check. What the look announces comes true, and nothing else.
func (d Director) Apply(phase string) []Scene {
	pending, wrote := false, false
	adopt := []any{"Phase", phase}
	if names := d.adopts(phase); len(names) > 0 {
		adopt = append(adopt, "Adopt", names)
	}
	look := d.Run("apply", ExitPending, append(adopt, "WhatIf", true)...).Or(ExitDone)
	look.Part = "dry run"
	look.Check = func(o rehearsal.Outcome) error {
		pending = o.ExitCode == ExitPending
		return nil
	}
	scenes := []Scene{look}
	holds := d.Named(phase, IsHold)
	if len(holds) > 0 {
		s := d.Run("apply", ExitHold, adopt...)
		s.Part, s.Writes = "up to the hold", true // what stands before the hold is done
		s.Check = func(o rehearsal.Outcome) error {
			wrote = len(o.Writes) > 0
			return nil
		}
		scenes = append(scenes, s)
	}
	s := d.Run("apply", ExitDone, append(adopt, "Acknowledge", holds)...)
	s.Check = func(o rehearsal.Outcome) error {
		if wrote = wrote || len(o.Writes) > 0; wrote != pending {
			return fmt.Errorf("changes announced: %t; made: %t", pending, wrote)
		}
		return nil
	}
	return append(scenes, s, d.Run("verify", ExitDone, "Phase", phase))
}

// adopts names the objects of a phase that may be changed though somebody else made them.
func (d Director) adopts(phase string) []string {
	var names []string
	for _, s := range d.In(phase) {
		if slices.Contains(d.Adopt, s.Name) && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// Again carries a phase out once more: nothing is left to write.
func (d Director) Again(phase string) Scene {
	s := d.Run("apply", ExitDone, "Phase", phase)
	s.Part, s.Writes = second, false
	return s
}

// Back is the way back of a phase: a look, and the rollback with its holds named and what is kept
// released. Where apply changed nothing there is nothing to take back.
func (d Director) Back(phase string) []Scene {
	named := []any{"Phase", phase, "Acknowledge", d.Named(phase, HoldsBack), "Release", d.Named(phase, IsKept)}
	pending := false
	look := d.Run("rollback", ExitPending, append(named, "WhatIf", true)...).Or(ExitDone)
	look.Part = "dry run of the rollback"
	look.Check = func(o rehearsal.Outcome) error {
		pending = o.ExitCode == ExitPending
		return nil
	}
	s := d.Run("rollback", ExitBack, named...).Or(ExitDone)
	s.Check = func(o rehearsal.Outcome) error {
		if pending != (o.ExitCode == ExitBack) || pending != (len(o.Writes) > 0) {
			return fmt.Errorf("changes announced: %t; exit %d, %d writes", pending, o.ExitCode, len(o.Writes))
		}
		return nil
	}
	return []Scene{look, s}
}

// ByHand is a scene in which no script runs.
func ByHand(edits ...rehearsal.Edit) Scene {
	return Scene{Part: "by hand", Action: rehearsal.Action{Name: "by hand", Set: edits}}
}

// ApplyAll applies phases one after the other.
func (d Director) ApplyAll(phases []string) []Scene {
	var scenes []Scene
	for _, phase := range phases {
		scenes = append(scenes, d.Apply(phase)...)
	}
	return scenes
}

// BackAll takes phases back, the last first.
func (d Director) BackAll(phases []string) []Scene {
	var scenes []Scene
	for _, phase := range slices.Backward(phases) {
		scenes = append(scenes, d.Back(phase)...)
	}
	return scenes
}

// Lifecycle carries out phases of the plan, once more, and takes them back. The first scene is what
// happens by hand before: the tenant must be in the end what it is behind it.
func (d Director) Lifecycle(phases []string, before ...rehearsal.Edit) []Scene {
	scenes := []Scene{ByHand(before...), d.Run("preflight", ExitDone), d.Run("snapshot", ExitDone)}
	scenes = append(scenes, d.ApplyAll(phases)...)
	all := d.Run("verify", ExitDone, "Phase", phases[len(phases)-1])
	all.Part = "verify, all"
	scenes = append(scenes, all)
	for _, phase := range phases {
		scenes = append(scenes, d.Again(phase))
	}
	scenes = append(scenes, d.Run("preflight", ExitDone))
	return append(scenes, d.BackAll(phases)...)
}

// running are the steps of a phase that a script runs.
func (p Pack) running(phase string) []design.Step {
	return slices.DeleteFunc(p.In(phase), func(s design.Step) bool { return IsHold(s) || s.Held() || s.Owner != "" })
}
