package rehearsal

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// prepare writes all that the PowerShell of a rehearsal reads.
func prepare(dir string, m *model, t Tenant, actions []Action) error {
	input, err := runInput(m, t, actions)
	if err != nil {
		return err
	}
	engine, err := engineFS.ReadFile("engine/engine.ps1")
	if err != nil {
		return err
	}
	driver, err := engineFS.ReadFile("engine/run.ps1")
	if err != nil {
		return err
	}
	files, err := m.modules(string(engine), t.Lacks)
	if err != nil {
		return err
	}
	files["engine.ps1"], files["run.ps1"] = string(engine), string(driver)
	files["input.ps1"] = literal(input) + "\n"
	for name, text := range files {
		// Windows PowerShell takes a script without the mark for the local code page.
		if err := os.WriteFile(filepath.Join(dir, name), []byte("\uFEFF"+text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func runInput(m *model, t Tenant, actions []Action) (map[string]any, error) {
	prefix := cmp.Or(t.Prefix, defaultPrefix)
	s, err := loadStart(cmp.Or(t.Start, "new"), prefix, t.Names)
	if err != nil {
		return nil, err
	}
	problems := m.lacking(t.Lacks)
	verified := slices.Concat(s.Domains, t.Domains)
	objects := make([]map[string]any, 0, len(s.Objects)+len(verified)+len(t.Objects))
	for _, o := range t.beginning(m, slices.Concat(s.Objects, t.acceptedDomains(verified))) {
		values, err := m.values(o.Noun, o.values(m))
		problems = append(problems, err)
		objects = append(objects, map[string]any{"Noun": o.Noun, "Values": values})
	}
	steps := make([]map[string]any, 0, len(actions))
	for i, a := range actions {
		step, err := a.input(m, t)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", a.title(i), err))
		}
		steps = append(steps, step)
	}
	domains := []string{}
	if len(t.Domains) > 0 {
		domains = verified
	}
	return map[string]any{
		"Model": m.input(), "Options": t.Options.input(t), "Domains": domains, "Dns": s.DNS, "Objects": objects, "Actions": steps,
		"Module": Module,
		"Modules": []map[string]any{
			{"File": sessionModule, "Prefix": ""}, {"File": tenantModule, "Prefix": t.Module}, {"File": consoleModule, "Prefix": ""},
		},
	}, errors.Join(problems...)
}

// beginning puts what a snapshot saw in the place of what a start has of it, and adds the rest. Of what
// an organisation has one of, a start says what the snapshot does not.
func (t Tenant) beginning(m *model, started []Object) []Object {
	var objects []Object
	for _, o := range started {
		seen, is := t.Seen[o.Noun]
		n, known := m.nouns[o.Noun]
		switch {
		case !is:
			objects = append(objects, o)
		case known && n.singleton && len(seen) == 1:
			values := maps.Clone(o.Values)
			maps.Copy(values, seen[0].Values)
			objects = append(objects, Object{Noun: o.Noun, Values: values})
		}
	}
	for _, noun := range slices.Sorted(maps.Keys(t.Seen)) {
		if n, known := m.nouns[noun]; !known || !n.singleton || len(t.Seen[noun]) != 1 {
			objects = append(objects, t.Seen[noun]...)
		}
	}
	return append(objects, t.Objects...)
}

// acceptedDomains are what the tenant shows of the domains that are verified in it: the domain, and
// once what it says of its mail host, unless the tenant is given that.
func (t Tenant) acceptedDomains(names []string) []Object {
	objects := make([]Object, 0, 2*len(names))
	for _, n := range names {
		objects = append(objects, Object{Noun: "AcceptedDomain", Name: n})
		host := Object{Noun: "DnssecStatusForVerifiedDomain", Name: n}
		same := func(o Object) bool { return o.Noun == host.Noun && (o.Name == n || o.Values["DomainName"] == n) }
		if !slices.ContainsFunc(t.Objects, same) && !slices.ContainsFunc(objects, same) {
			objects = append(objects, host)
		}
	}
	return objects
}

// values are those of an object, if it is one that the tenant can have.
func (m *model) values(noun string, values map[string]any) (map[string]any, error) {
	n, ok := m.nouns[noun]
	if !ok {
		return nil, fmt.Errorf("no noun %s", noun)
	}
	var problems []error
	for _, k := range slices.Sorted(maps.Keys(values)) {
		kept := slices.ContainsFunc(n.properties, func(p property) bool { return strings.EqualFold(p.name, k) && p.from == p.name })
		if !kept {
			problems = append(problems, fmt.Errorf("%s keeps no %s", noun, k))
		}
	}
	out, err := plainMap(values)
	if err != nil {
		problems = append(problems, fmt.Errorf("%s: %w", noun, err))
	}
	return out, errors.Join(problems...)
}

// lacking: a role that nobody could have takes nothing away, so it is a misspelling.
func (m *model) lacking(lacks []string) []error {
	var problems []error
	for _, name := range lacks {
		cmdlet, parameter, one := strings.Cut(name, ":")
		x, ok := m.contract.Cmdlet(cmdlet)
		if !ok || one && !x.Takes(parameter) {
			problems = append(problems, fmt.Errorf("lacks %s, which there is not", name))
		}
	}
	return problems
}

// values has the name under the key of the noun, however the object was given.
func (o Object) values(m *model) map[string]any {
	n, ok := m.nouns[o.Noun]
	out := map[string]any{}
	maps.Copy(out, o.Values)
	if ok && o.Name != "" {
		out[n.key] = o.Name
	}
	return out
}

func (o Options) input(t Tenant) map[string]any {
	prefix, tenant := cmp.Or(t.Prefix, defaultPrefix), cmp.Or(t.TenantID, DefaultTenantID)
	given := o.Connections
	if given == nil {
		given = []Connection{{}}
	}
	connections := make([]map[string]any, 0, len(given))
	for i, c := range given {
		connections = append(connections, c.input(i+1, tenant, prefix, t.Module))
	}
	return map[string]any{
		"Connections": connections, "Seed": o.Seed, "Prefix": prefix, "ShowsScoped": o.ShowsScoped, "ArcNothing": o.ArcNothing,
		"ConnectorsComeUpDisabled": o.ConnectorsComeUpDisabled, "LagReads": o.LagReads, "Resolves": o.Resolves, "FailRead": o.FailRead, "BusyAt": o.BusyAt, "BusyFor": o.BusyFor, "FailWrite": o.FailWrite, "LoseAnswer": o.LoseAnswer,
	}
}

// input is the row with the properties that Get-ConnectionInformation's page lists.
func (c Connection) input(n int, tenant, prefix, modulePrefix string) map[string]any {
	name, uri := "ExchangeOnline", "https://outlook.office365.com"
	if c.Eop {
		name, uri = "ExchangeOnlineProtection", "https://ps.compliance.protection.outlook.com"
	}
	return map[string]any{
		"ConnectionId": fmt.Sprintf("8b632b3a-a2e2-8ff3-adcd-%012d", n), "State": cmp.Or(c.State, "Connected"), "Id": n,
		"Name": fmt.Sprintf("%s_%d", name, n), "UserPrincipalName": cmp.Or(c.User, "admin@"+prefix+".onmicrosoft.com"), "ConnectionUri": uri,
		"AzureAdAuthorizationEndpointUri": "https://login.microsoftonline.com/organizations", "TokenExpiryTimeUTC": nil,
		"CertificateAuthentication": false, "ModuleName": "tmpEXO_rehearsal", "ModulePrefix": modulePrefix, "Organization": "",
		"DelegatedOrganization": "", "AppId": "", "PageSize": 1000, "TenantID": cmp.Or(c.TenantID, tenant), "TokenStatus": "Active",
		"ConnectionUsedForInbuiltCmdlets": true, "IsEopSession": c.Eop,
	}
}

func (a Action) input(m *model, t Tenant) (map[string]any, error) {
	problems := []error{a.check()}
	arguments, err := plainMap(a.Arguments)
	problems = append(problems, err)
	edits := make([]map[string]any, 0, len(a.Set))
	for _, e := range a.Set {
		edit, err := e.input(m, t)
		problems = append(problems, err)
		edits = append(edits, edit)
	}
	days := 31
	if a.Soon {
		days = 0
	}
	var allow any
	if a.Allow != nil {
		allow = a.Allow
	}
	return map[string]any{
		"Script": a.Script, "Inline": a.Inline, "Arguments": arguments, "Mode": a.mode(), "Allow": allow,
		"Answers": slices.Clone(a.Answers), "Set": edits, "Days": days,
	}, errors.Join(problems...)
}

// input says the edit in one word and what that word needs.
func (e Edit) input(m *model, t Tenant) (map[string]any, error) {
	out := map[string]any{"Noun": e.Noun, "Name": e.Name, "Values": map[string]any{}, "Twice": e.Twice}
	var err error
	switch {
	case e.Add != nil:
		out["Kind"], out["Noun"] = "add", e.Add.Noun
		out["Values"], err = m.values(e.Add.Noun, e.Add.values(m))
	case e.Options != nil:
		out["Kind"], out["Values"] = "options", e.Options.input(t)
	case e.Restart:
		out["Kind"] = "restart"
	case e.Publish != "":
		out["Kind"], out["Name"] = "publish", e.Publish
	case e.Unpublish != "":
		out["Kind"], out["Name"] = "unpublish", e.Unpublish
	case e.Zone != nil:
		out["Kind"], out["Values"] = "zone", e.Zone
	case e.DNS != nil:
		out["Kind"], out["Values"] = "dns", e.DNS
	case e.Remove:
		out["Kind"] = "remove"
	case e.Values != nil:
		out["Kind"] = "set"
		out["Values"], err = m.values(e.Noun, e.Values)
	default:
		err = errors.New("an edit that changes nothing")
	}
	return out, err
}
