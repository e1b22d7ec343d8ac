package rehearsal

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/exoplan/exoplan/profiles/contract"
)

// The two modules of a session, by the names that Connect-ExchangeOnline gives them.
const (
	sessionModule = "ExchangeOnlineManagement.psm1"
	tenantModule  = "tmpEXO_rehearsal.psm1"
	consoleModule = "Console.psm1"
)

// modules writes the cmdlets as functions with exactly the parameters that the contract
// gives them. What the operator's roles do not hold is absent, as it is in a session.
func (m *model) modules(engine string, lacks []string) (map[string]string, error) {
	var session, tenant cmdlets
	for _, name := range m.contract.Cmdlets() {
		if slices.Contains(lacks, name) {
			continue
		}
		text, err := m.function(name, lacks)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, connection) {
			session.add(name, text)
		} else {
			tenant.add(name, text)
		}
	}
	return map[string]string{
		sessionModule: session.module(engine),
		tenantModule:  tenant.module(engine),
		consoleModule: (&cmdlets{names: []string{"Get-Date", "Read-Host", "Resolve-DnsName", "Start-Sleep"}, functions: []string{machine}}).module(engine),
	}, nil
}

// cmdlets are the functions that a module shows; those of the engine stay inside.
type cmdlets struct{ names, functions []string }

func (c *cmdlets) add(name, text string) {
	c.names, c.functions = append(c.names, name), append(c.functions, text)
}

func (c *cmdlets) module(engine string) string {
	return "param ($Tenant)\n" + engine + "\n" + strings.Join(c.functions, "\n") + "\nExport-ModuleMember -Function " + strings.Join(c.names, ", ") + "\n"
}

// machine stands in front of the cmdlets of these names: nobody is at the keyboard, time goes by
// between two scripts and while one waits, and no name server is asked.
const machine = `function Get-Date {
    [CmdletBinding()]
    param ([Parameter(Position = 0)] [datetime] $Date, [string] $Format)
    if (-not $PSBoundParameters.ContainsKey('Date')) { $PSBoundParameters['Date'] = (Microsoft.PowerShell.Utility\Get-Date) + $Tenant.Clock }
    Microsoft.PowerShell.Utility\Get-Date @PSBoundParameters
}
function Start-Sleep {
    [CmdletBinding()]
    param ([Parameter(Position = 0)] [int] $Seconds, [int] $Milliseconds)
    if ($Seconds -gt 0 -and $Seconds -le 600) { $Tenant.Clock = $Tenant.Clock + [timespan]::FromSeconds($Seconds) }
    else { Microsoft.PowerShell.Utility\Start-Sleep @PSBoundParameters }
}
function Resolve-DnsName {
    [CmdletBinding()]
    param ([Parameter(Position = 0, Mandatory)] [string] $Name, [string] $Type = 'A', [string[]] $Server, [switch] $DnsOnly)
    Read-Dns $PSCmdlet $Name $Type $Server
}
function Read-Host {
    [CmdletBinding()]
    param ([Parameter(Position = 0, ValueFromRemainingArguments)] [object] $Prompt, [switch] $AsSecureString, [switch] $MaskInput)
    Read-Answer $PSCmdlet "$Prompt"
}
`

var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(-[A-Za-z][A-Za-z0-9]*)?$`)

func (m *model) function(name string, lacks []string) (string, error) {
	x, _ := m.contract.Cmdlet(name)
	var declared []string
	for _, k := range slices.Sorted(maps.Keys(x.Parameters)) {
		if !x.Takes(k) || slices.Contains(lacks, name+":"+k) {
			continue
		}
		if !identifier.MatchString(name) || !identifier.MatchString(k) {
			return "", fmt.Errorf("%s -%s is no name", name, k)
		}
		declared = append(declared, "        "+m.declare(name, k, x.Parameters[k]))
	}
	binding := "PositionalBinding = $false"
	if x.ShouldProcess {
		binding += ", SupportsShouldProcess"
	}
	return fmt.Sprintf("function %s {\n    [CmdletBinding(%s)]\n    param (\n%s\n    )\n    %s $PSCmdlet '%s' $PSBoundParameters\n}\n",
		name, binding, strings.Join(declared, ",\n"), handler(name), name), nil
}

func handler(cmdlet string) string {
	switch {
	case strings.HasSuffix(cmdlet, connection):
		return "Read-Connection"
	case strings.HasPrefix(cmdlet, "Get-"):
		return "Read-Tenant"
	default:
		return "Write-Tenant"
	}
}

func (m *model) declare(cmdlet, name string, p contract.Parameter) string {
	var attributes []string
	if p.Required {
		attributes = append(attributes, "Mandatory")
	}
	if p.Position > 0 {
		attributes = append(attributes, fmt.Sprintf("Position = %d", p.Position-1))
	}
	attribute := ""
	if len(attributes) > 0 {
		attribute = "[Parameter(" + strings.Join(attributes, ", ") + ")] "
	}
	return fmt.Sprintf("%s[%s] $%s", attribute, m.typeOf(cmdlet, name, p), name)
}

// typeOf is the type that PowerShell's own binder must know: a Boolean refuses a text, a
// switch takes no value, a list of texts no empty one. The rest is left to the engine,
// which tells null from an empty text.
func (m *model) typeOf(cmdlet, name string, p contract.Parameter) string {
	_, of, _ := strings.Cut(cmdlet, "-")
	switch {
	case p.Boolean():
		if n, ok := m.nouns[of]; ok && slices.Contains(n.behaviour.Nullable, name) {
			return "System.Nullable[bool]"
		}
		return "bool"
	case p.Type == "SwitchParameter":
		return "switch"
	case p.Integer():
		return "int"
	case p.Type == "String[]":
		return "string[]"
	case p.Type == "String" && p.Required:
		return "string"
	default:
		return "object"
	}
}
