// Package trial is the order in which the scripts of a pack are tried in a simulated tenant: what a
// change window does, the same once more, and the way back. It knows what must come of each run, and
// what of a run that something befalls.
package trial

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/output/rehearsal"
	"github.com/exoplan/exoplan/profiles/design"
)

// Pack is a finished pack on disk: what a rehearsal knows of a change.
type Pack struct {
	design.Plan
	Dir         string // absolute
	Fingerprint string // of plan.json
}

// Script returns the path of one of its scripts.
func (p Pack) Script(name string) string {
	return filepath.Join(p.Dir, "exchange-online", name+".ps1")
}

// Phases returns those in which a script has something to do.
func (p Pack) Phases() []string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, s.Phase)
	}
	return slices.Compact(out)
}

// In returns the steps and holds of a phase.
func (p Pack) In(phase string) []design.Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s design.Step) bool { return s.Phase != phase })
}

// Domains returns those that the tenant has before anything is run: what the plan sets on a domain
// needs one that is verified.
func (p Pack) Domains() []string {
	var names []string
	for _, s := range p.Steps {
		ofDomain := s.Noun == "AcceptedDomain" || s.Noun == "DkimSigningConfig"
		if ofDomain && s.Owner == "" && !s.Held() && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// Tenant is one that the plan is for, as a start of the simulation has it.
func (p Pack) Tenant(start string) rehearsal.Tenant {
	return rehearsal.Tenant{
		Start: start, TenantID: p.Plan.Tenant.ID, Prefix: strings.TrimSuffix(p.Plan.Tenant.Domain, ".onmicrosoft.com"), Names: map[string]string{},
		Domains: p.Domains(),
	}
}

// IsHold says that the entry is a hold, which a person acknowledges.
func IsHold(s design.Step) bool { return s.Kind == design.KindHold }

// IsKept says that rollback keeps the step until a person releases it.
func IsKept(s design.Step) bool { return s.Keep != "" }

// HoldsBack says that the hold stands in a rollback too.
func HoldsBack(s design.Step) bool { return IsHold(s) && s.Back != "" }

// Named names the entries of a phase that want it, as a person does who has seen to them.
func (p Pack) Named(phase string, wanted func(design.Step) bool) []string {
	var out []string
	for _, s := range p.In(phase) {
		if !s.Held() && wanted(s) {
			out = append(out, s.ID+"=Rehearsal; nothing waits in a simulated tenant")
		}
	}
	return out
}

// Allow names what the plan lets be written. The order of rules is written as their priority, and the
// length of a key as one of the configuration that it belongs to; every remote domain is one.
func (p Pack) Allow() map[string][]string {
	m := map[string][]string{}
	for _, s := range p.Steps {
		if s.Noun == "TransportRuleOrder" {
			m["TransportRule"] = append(m["TransportRule"], "Priority")
			continue
		}
		if s.Noun == "DkimKeys" {
			m["DkimSigningConfig"] = append(m["DkimSigningConfig"], "KeySize")
			continue
		}
		noun := ofService(s.Noun)
		if noun != s.Noun {
			m[noun] = append(m[noun], "DomainName")
		}
		for _, part := range []map[string]any{s.Given, s.New, s.Set, s.Add} {
			m[noun] = append(m[noun], slices.Collect(maps.Keys(part))...)
		}
	}
	return m
}

// ofService is what the cmdlets call a noun of plans.
func ofService(noun string) string {
	if noun == "NamedRemoteDomain" {
		return "RemoteDomain"
	}
	return noun
}

// Made is what a first revision left in the tenant: signing is prepared for the domains whose
// selectors the plan knows, with short keys where it renews them, the service knows mail hosts by the names that the plan has, and the preset
// of the plan is turned on for a pilot. What somebody else makes is there as well.
func (p Pack) Made() []rehearsal.Object {
	out := Owned(p.Steps)
	for _, s := range p.Steps {
		for _, l := range s.Looks {
			host := rehearsal.Object{Noun: "DnssecStatusForVerifiedDomain", Values: map[string]any{"DomainName": l.Name}}
			named, knows := l.Expect["ExpectedMxRecord"].(string)
			if l.Noun != host.Noun || !knows || s.Held() || slices.ContainsFunc(out, func(o rehearsal.Object) bool { return o.Values["DomainName"] == l.Name }) {
				continue
			}
			host.Values["ExpectedMxRecord"] = "@ 60 IN MX 10 " + named
			out = append(out, host)
		}
		if strings.HasSuffix(s.Noun, "ProtectionPolicyRule") {
			out = append(out, rehearsal.Object{Noun: s.Noun, Name: s.Name, Values: map[string]any{"State": "Disabled", "RecipientDomainIs": []string{"pilot.example"}}})
		}
		if s.Noun == "DkimSigningConfig" && len(s.Expect) > 0 && !s.Held() {
			bits := 2048
			if slices.ContainsFunc(p.Steps, func(other design.Step) bool { return other.Noun == "DkimKeys" && other.Name == s.Name }) {
				bits = 1024
			}
			out = append(out, rehearsal.Object{Noun: s.Noun, Values: map[string]any{
				"Domain": s.Name, "Enabled": false, "Selector1KeySize": bits, "Selector2KeySize": bits,
				"Selector1CNAME": s.Expect["Selector1CNAME"], "Selector2CNAME": s.Expect["Selector2CNAME"],
			}})
		}
	}
	return out
}

// Owned is what the steps say that somebody else makes, as it should be in the end.
func Owned(steps []design.Step) []rehearsal.Object {
	var out []rehearsal.Object
	for _, s := range steps {
		if s.Owner == "" || s.Held() {
			continue
		}
		key := map[bool]string{true: "DomainName", false: "Name"}[s.Noun == "AcceptedDomain"]
		i := slices.IndexFunc(out, func(o rehearsal.Object) bool { return o.Noun == s.Noun && o.Values[key] == s.Name })
		if i < 0 {
			i = len(out)
			out = append(out, rehearsal.Object{Noun: s.Noun, Values: map[string]any{key: s.Name}})
		}
		for _, part := range []map[string]any{s.Expect, s.Includes} {
			for property, v := range part {
				out[i].Values[property] = plain(v)
			}
		}
	}
	return out
}

// plain gives a number of plan.json the type that a tenant keeps it in.
func plain(v any) any {
	if n, is := v.(json.Number); is {
		if whole, err := n.Int64(); err == nil {
			return int(whole)
		}
	}
	return v
}

// Published is what the DNS team does for what is there: the records of signing can be seen.
func Published(there []rehearsal.Object) []rehearsal.Edit {
	var out []rehearsal.Edit
	for _, o := range there {
		if domain, signs := o.Values["Domain"].(string); signs {
			out = append(out, rehearsal.Edit{Publish: domain})
		}
	}
	return out
}
