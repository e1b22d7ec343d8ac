# Runs the actions of a rehearsal one after the other against one simulated tenant, each
# script in a session of its own, and writes what came of each to a file of its own.
# Written for Windows PowerShell 5.1 and PowerShell 7.
param ([Parameter(Mandatory)] [string] $Folder)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
# A name that is no cmdlet is looked for among all programs of the machine, one file after the
# other. A pack calls none.
$env:PATH = $Folder
$run = & (Join-Path $Folder 'input.ps1')

# ---- the tenant ----

function New-Store {
    $store = [hashtable]::Synchronized(@{})
    $store.Model = $run.Model
    $store.Options = $run.Options
    $store.Domains = @($run.Domains)
    $store.Dns = @{}
    foreach ($k in $run.Dns.Keys) { $store.Dns[$k.ToLowerInvariant()] = $run.Dns[$k] }
    $store.Zones = @{}
    $store.Clock = [timespan]::Zero
    $store.Objects = @{}
    foreach ($n in $run.Model.Nouns.Keys) { $store.Objects[$n] = New-Object System.Collections.ArrayList }
    $store.Lag = @{}
    $store.Count = 0
    $store.Calls = 0
    $store.ReadCount = 0
    $store.Changes = New-Object System.Collections.ArrayList
    $store
}

# The engine's own functions, in this session, for what is changed by hand.
$Tenant = New-Store
. (Join-Path $Folder 'engine.ps1')

function Reset-Action {
    param ($Action)
    $Tenant.Reads = @{}
    $Tenant.Writes = New-Object System.Collections.ArrayList
    $Tenant.Faults = New-Object System.Collections.ArrayList
    $Tenant.Refusals = New-Object System.Collections.ArrayList
    $Tenant.Changes.Clear()
    $Tenant.Answers = New-Object System.Collections.ArrayList
    foreach ($a in @($Action.Answers)) { $null = $Tenant.Answers.Add($a) }
    $Tenant.Allow = $Action.Allow
    $Tenant.WhatIf = $Action.Arguments.Contains('WhatIf') -and $Action.Arguments['WhatIf'] -eq $true
    $Tenant.Connections = @($Tenant.Options.Connections)
    $Tenant.Clock = $Tenant.Clock + [timespan]::FromDays($Action.Days)
}

# ---- changes by hand: no rule of the service applies ----

# Of several of one name there is none, unless the last is wanted.
function Get-ByHand {
    param ($Noun, $Name, [switch] $Last)
    if (-not $Tenant.Model.Nouns.Contains($Noun)) { throw "no noun $Noun" }
    $hit = @($Tenant.Objects[$Noun] | Where-Object { "$($_[$Tenant.Model.Nouns[$Noun].Key])" -eq $Name -or ($Tenant.Model.Nouns[$Noun].Singleton -and -not $Name) })
    if ($Last -and $hit.Count -gt 1) { $hit = @($hit[-1]) }
    if ($hit.Count -ne 1) { throw "no $Noun '$Name'" }
    $hit[0]
}

function Set-ByHand {
    param ($NounName, $Record, $Values)
    $noun = $Tenant.Model.Nouns[$NounName]
    foreach ($k in $Values.Keys) {
        if ($k -eq 'Priority' -and $noun.Ordered) { continue }
        $property = Get-Property $noun $k
        if (-not $property -or $property.From -ne $property.Name) { throw "$NounName keeps no $k" }
        $Record[$property.Name] = $Values[$k]
    }
}

function ConvertTo-Record {
    param ($NounName, $Values)
    if (-not $Tenant.Model.Nouns.Contains($NounName)) { throw "no noun $NounName" }
    $noun = $Tenant.Model.Nouns[$NounName]
    $record = New-Record $noun
    Set-ByHand $NounName $record $Values
    foreach ($p in $noun.Made.Keys) { if (-not $record[$p]) { $record[$p] = Get-Filled $noun $record $noun.Made[$p] } }
    $record
}

# Last, unless a priority says otherwise.
function Get-Place {
    param ($NounName, $Values)
    if ($Tenant.Model.Nouns[$NounName].Ordered -and $Values.Contains('Priority')) { return [int] $Values['Priority'] }
    $Tenant.Objects[$NounName].Count
}

# The objects of the beginning, in their order; there may be many, and nobody watches yet.
function Initialize-Objects {
    $seen = @{}
    foreach ($o in @($run.Objects)) {
        $record = ConvertTo-Record $o.Noun $o.Values
        $id = "$($o.Noun)/$($record[$Tenant.Model.Nouns[$o.Noun].Key])"
        if ($seen.Contains($id)) { throw "two objects $id" }
        $seen[$id] = $true
        $Tenant.Objects[$o.Noun].Insert((Get-Place $o.Noun $o.Values), $record)
    }
    foreach ($n in $Tenant.Model.Nouns.Keys) { Update-Status $n }
}

function Add-ByHand {
    param ($NounName, $Values, [bool] $Twice)
    $record = ConvertTo-Record $NounName $Values
    if (-not $Twice) { Assert-Unique $NounName $record }
    $Tenant.Objects[$NounName].Insert((Get-Place $NounName $Values), $record)
    Update-Status $NounName
    Add-Change $NounName $record
}

function Edit-ByHand {
    param ($NounName, $Name, $Values)
    $record = Get-ByHand $NounName $Name
    Set-ByHand $NounName $record $Values
    $list = $Tenant.Objects[$NounName]
    $noun = $Tenant.Model.Nouns[$NounName]
    if ($noun.Ordered -and $Values.Contains('Priority')) { $list.Remove($record); $list.Insert([int] $Values['Priority'], $record) }
    Update-Status $NounName
    Add-Change $NounName $record
}

function Remove-ByHand {
    param ($NounName, $Name)
    $record = Get-ByHand $NounName $Name -Last
    $Tenant.Objects[$NounName].Remove($record)
    Add-Change $NounName $record -Gone
}

# What the tenant wants published for an object, published; or taken back.
function Publish-ByHand {
    param ($Key, [bool] $Gone)
    foreach ($n in $Tenant.Model.Nouns.Keys) {
        $noun = $Tenant.Model.Nouns[$n]
        if (-not $noun.Status) { continue }
        $record = Get-ByHand $n $Key
        foreach ($p in $noun.Published.Keys) {
            $name = (Get-Filled $noun $record $noun.Published[$p]).ToLowerInvariant()
            if ($Gone) { $Tenant.Dns.Remove($name) } else { $Tenant.Dns[$name] = $record[$p] }
        }
        Update-Published $n
    }
}

function Update-Published {
    param ($NounName)
    Update-Status $NounName
    foreach ($r in $Tenant.Objects[$NounName]) { Add-Change $NounName $r }
}

function Save-Beginning {
    $script:Beginning = @{ Objects = @{}; Dns = $Tenant.Dns.Clone(); Options = $Tenant.Options }
    foreach ($n in $Tenant.Objects.Keys) { $script:Beginning.Objects[$n] = @(Copy-Records $Tenant.Objects[$n]) }
}

function Set-Options {
    param ($Options)
    $Tenant.Options = $Options
    $Tenant.Connections = @($Options.Connections)
    $Tenant.Count = 0
    $Tenant.Calls = 0
    $Tenant.ReadCount = 0
    $Tenant.Lag.Clear()
}

function Restart-ByHand {
    Set-Options $script:Beginning.Options
    $Tenant.Dns = $script:Beginning.Dns.Clone()
    $Tenant.Zones.Clear()
    foreach ($n in @($Tenant.Objects.Keys)) {
        $Tenant.Objects[$n].Clear()
        Add-Change $n @{ Guid = '' } -Gone
        foreach ($r in @(Copy-Records $script:Beginning.Objects[$n])) { $null = $Tenant.Objects[$n].Add($r); Add-Change $n $r }
    }
}

function Invoke-Edit {
    param ($Edit)
    switch ($Edit.Kind) {
        'add' { Add-ByHand $Edit.Noun $Edit.Values $Edit.Twice }
        'set' { Edit-ByHand $Edit.Noun $Edit.Name $Edit.Values }
        'remove' { Remove-ByHand $Edit.Noun $Edit.Name }
        'publish' { Publish-ByHand $Edit.Name $false }
        'unpublish' { Publish-ByHand $Edit.Name $true }
        'dns' {
            foreach ($k in $Edit.Values.Keys) { $Tenant.Dns[$k.ToLowerInvariant()] = $Edit.Values[$k] }
            foreach ($n in $Tenant.Model.Nouns.Keys) { if ($Tenant.Model.Nouns[$n].Status) { Update-Published $n } }
        }
        'zone' { foreach ($k in $Edit.Values.Keys) { $Tenant.Zones[$k.ToLowerInvariant()] = @($Edit.Values[$k]) } }
        'options' { Set-Options $Edit.Values }
        'restart' { Restart-ByHand }
        default { throw "unknown edit $($Edit.Kind)" }
    }
}

# ---- one script in one session ----

function Open-Session {
    param ($Mode)
    $rs = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $rs.Open()
    foreach ($m in $run.Modules) {
        $ps = [powershell]::Create(); $ps.Runspace = $rs
        $null = $ps.AddCommand('Import-Module').AddParameter('Name', (Join-Path $Folder $m.File)).AddParameter('ArgumentList', @($Tenant)).AddParameter('DisableNameChecking')
        if ($m.Prefix) { $null = $ps.AddParameter('Prefix', $m.Prefix) }
        $null = $ps.Invoke()
        if ($ps.HadErrors) { throw "module $($m.File): $($ps.Streams.Error[0])" }
        $ps.Dispose()
    }
    # What was made before this line keeps its full language; what comes after it has this one.
    $rs.SessionStateProxy.LanguageMode = $Mode
    $rs
}

# A script block remembers the mode it was made in, and asking inside the module would
# answer with the mode of the question. So every function of the module is looked at.
function Get-ModuleMode {
    param ($Session)
    $ps = [powershell]::Create(); $ps.Runspace = $Session
    $modules = @($ps.AddCommand('Get-Module').AddParameter('Name', $run.Module).Invoke())
    $ps.Dispose()
    $property = [scriptblock].GetProperty('LanguageMode', [System.Reflection.BindingFlags] 'NonPublic,Public,Instance')
    $modes = foreach ($m in $modules) { foreach ($f in $m.ExportedFunctions.Values) { "$($property.GetValue($f.ScriptBlock))" } }
    (@($modes) | Sort-Object -Unique) -join ','
}

function ConvertTo-Line {
    param ($Item)
    $base = $Item.PSObject.BaseObject
    if ($base -is [string]) { return $base }
    if ($base -is [System.Management.Automation.InformationRecord]) { return "$($base.MessageData)" }
    if ($base -is [System.Management.Automation.WarningRecord]) { return "WARNING: $($base.Message)" }
    if ($base -is [System.Management.Automation.VerboseRecord]) { return "VERBOSE: $($base.Message)" }
    if ($base -is [System.Management.Automation.DebugRecord]) { return "DEBUG: $($base.Message)" }
    if ($base -is [System.Management.Automation.ErrorRecord]) { return "ERROR: $base" }
    return ($Item | Out-String -Width 200).TrimEnd()
}

function Test-Leak {
    param ($Item)
    $base = $Item.PSObject.BaseObject
    $base -isnot [string] -and $base -isnot [System.Management.Automation.InformationalRecord] -and $base -isnot [System.Management.Automation.ErrorRecord] -and
    $base -isnot [System.Management.Automation.InformationRecord] -and "$($base.GetType().Namespace)" -notlike 'Microsoft.PowerShell.Commands.Internal.Format*'
}

function Invoke-Script {
    param ($Action, $Outcome)
    $session = Open-Session $Action.Mode
    $ps = [powershell]::Create(); $ps.Runspace = $session
    $out = New-Object 'System.Management.Automation.PSDataCollection[psobject]'
    $none = New-Object 'System.Management.Automation.PSDataCollection[psobject]'; $none.Complete()
    if ($Action.Script) { $null = $ps.AddScript('param ($__path, $__arguments) & $__path @__arguments *>&1').AddArgument($Action.Script).AddArgument($Action.Arguments) }
    else { $null = $ps.AddScript("& {`n$($Action.Inline)`n} *>&1") }
    try { $null = $ps.EndInvoke($ps.BeginInvoke($none, $out)) }
    catch {
        $e = $_.Exception
        while ($e.InnerException -and $e -isnot [System.Management.Automation.RuntimeException]) { $e = $e.InnerException }
        if ($e -is [System.Management.Automation.MethodInvocationException] -and $e.InnerException) { $e = $e.InnerException }
        $null = $Outcome.Errors.Add("$($e.Message)")
        $Outcome.Thrown = $true
    }
    foreach ($e in $ps.Streams.Error) { $null = $Outcome.Errors.Add("$e") }
    foreach ($item in $out) {
        if ($null -eq $item) { continue }
        if ($item.PSObject.BaseObject -is [System.Management.Automation.ErrorRecord]) { $null = $Outcome.Errors.Add("$item") }
        if (Test-Leak $item) { $null = $Outcome.Leaked.Add("$($item.PSObject.BaseObject.GetType().Name): $(ConvertTo-Line $item)") }
        $null = $Outcome.Lines.Add((ConvertTo-Line $item))
    }
    $code = $session.SessionStateProxy.GetVariable('LASTEXITCODE')
    if ($null -ne $code) { $Outcome.HasExit = $true; $Outcome.ExitCode = [int] $code }
    $Outcome.ModuleMode = Get-ModuleMode $session
    $ps.Dispose(); $session.Dispose()
}

function Invoke-Action {
    param ($Action)
    $outcome = @{
        Broken = ''; HasExit = $false; ExitCode = 0; ModuleMode = ''; Thrown = $false
        Lines = New-Object System.Collections.ArrayList; Errors = New-Object System.Collections.ArrayList; Leaked = New-Object System.Collections.ArrayList
    }
    Reset-Action $Action
    try {
        foreach ($e in @($Action.Set)) { Invoke-Edit $e }
        $outcome.ByHand = @($Tenant.Changes.ToArray())
        if ($Action.Script -or $Action.Inline) { Invoke-Script $Action $outcome }
    }
    catch { $outcome.Broken = "$_" }
    $outcome.Reads = $Tenant.Reads
    $outcome.Writes = $Tenant.Writes
    $outcome.Faults = $Tenant.Faults
    $outcome.Refusals = $Tenant.Refusals
    $outcome.Unasked = $Tenant.Answers.Count
    $outcome
}

function Get-Dump {
    $dump = @{}
    foreach ($n in $Tenant.Objects.Keys) { $dump[$n] = @(Copy-Records $Tenant.Objects[$n]) }
    $dump
}

function Save-Json {
    param ($Value, $Name)
    [System.IO.File]::WriteAllText((Join-Path $Folder $Name), (ConvertTo-Json -InputObject $Value -Depth 9 -Compress))
}

$Tenant.Options = $run.Options
Reset-Action @{ Answers = @(); Allow = $null; Arguments = @{}; Days = 0 }
Initialize-Objects
Save-Beginning
Save-Json (Get-Dump) 'start.json'
$i = 0
foreach ($a in @($run.Actions)) {
    Save-Json (Invoke-Action $a) "outcome-$i.json"
    # The other side reads the file when it sees this line.
    [Console]::Out.WriteLine("exoplan-rehearsal $i")
    [Console]::Out.Flush()
    $i++
}
Save-Json (Get-Dump) 'end.json'
