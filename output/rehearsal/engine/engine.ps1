# What the cmdlets of the simulated tenant do. It knows how Exchange Online behaves and
# takes what each cmdlet and each noun is from $Tenant.Model; it knows no plan and no script.
# Written for Windows PowerShell 5.1 and PowerShell 7.
Set-StrictMode -Version 3.0

# A refusal is an answer of the service; everything else that is thrown here is a fault of
# the simulation and is reported as one.
function Stop-Tenant {
    param ([string] $Kind, [string] $Text, [string] $Category = 'InvalidOperation')
    $e = New-Object System.InvalidOperationException ("|Microsoft.Exchange.$Kind|$Text")
    throw (New-Object System.Management.Automation.ErrorRecord $e, "Tenant.$Kind", $Category, $null)
}

function Add-Fault { param ([string] $Text) $null = $Tenant.Faults.Add($Text) }

# The cmdlets of the module report errors without stopping: only -ErrorAction Stop on the
# call, or a preference of the session, stops the script.
function Write-Refusal {
    param ($Caller, $Cmdlet, $Record)
    if ("$($Record.FullyQualifiedErrorId)" -notlike 'Tenant.*') {
        Add-Fault "the simulation of $Cmdlet failed: $Record $($Record.ScriptStackTrace)"
        $Caller.ThrowTerminatingError($Record)
    }
    $text = "$($Record.Exception.Message)"
    $null = $Tenant.Refusals.Add("${Cmdlet}: " + $text.Substring($text.LastIndexOf('|') + 1))
    # A value that no parameter of the type can hold is refused before the call, and stops it.
    if ("$($Record.FullyQualifiedErrorId)" -like 'Tenant.ParameterBinding*') { $Caller.ThrowTerminatingError($Record) }
    $Caller.WriteError($Record)
}

# ---- values ----

function Get-Normal {
    param ($Kind, $Value)
    if ($null -eq $Value) { return '<null>' }
    switch ($Kind) {
        'words' { return '[' + ((@($Value) | ForEach-Object { "$_".Trim().ToLowerInvariant() } | Sort-Object -Unique) -join "`n") + ']' }
        'texts' { return '[' + ((@($Value) | ForEach-Object { "$_" } | Sort-Object -CaseSensitive -Unique) -join "`n") + ']' }
        'word' { return "$Value".Trim().ToLowerInvariant() }
        default { return "$Value" }
    }
}

function Test-Same { param ($Kind, $A, $B) (Get-Normal $Kind $A) -ceq (Get-Normal $Kind $B) }

function Test-Empty { param ($Value) $null -eq $Value -or '' -eq "$Value".Trim() -or ($Value -is [array] -and $Value.Count -eq 0) }

function ConvertTo-Choice {
    param ($Name, $Parameter, $Value)
    foreach ($a in $Parameter.Accepted) { if ($a -eq $Value) { return $a } }
    if ($Parameter.Open) { return $Value }
    Stop-Tenant 'ParameterBinding.ArgumentTransformation' "Cannot process argument transformation on parameter '$Name'. Cannot convert value `"$Value`" to type `"$($Parameter.Type)`". The possible enumeration values are `"$($Parameter.Accepted -join ',')`"." 'InvalidArgument'
}

function ConvertTo-Scalar {
    param ($Name, $Parameter, $Value)
    if ($Value -is [System.Collections.IDictionary] -or ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [string])) {
        Stop-Tenant 'ParameterBinding.ArgumentTransformation' "Cannot process argument transformation on parameter '$Name'. Cannot convert a list to type `"$($Parameter.Type)`"." 'InvalidArgument'
    }
    $text = "$Value"
    if ($Parameter.Type -eq 'ByteQuantifiedSize') { return (ConvertTo-Size $Name $text) }
    if ($Parameter.Type -eq 'DateTime') { return ([datetime] $Value).ToString('s') }
    if ($Parameter.Accepted.Count) { $text = ConvertTo-Choice $Name $Parameter $text }
    if ($Parameter.MaxLen -gt 0 -and $text.Length -gt $Parameter.MaxLen) {
        Stop-Tenant 'Data.DataValidationException' "The value of parameter '$Name' is too long: the maximum length is $($Parameter.MaxLen), and the value has $($text.Length) characters."
    }
    $text
}

# A size is kept as the server shows it, which is no form that it takes.
function ConvertTo-Size {
    param ($Name, [string] $Text)
    if ($Text -notmatch '^(\d+) ?(KB|MB|GB|TB|B)?$') {
        Stop-Tenant 'ParameterBinding.ArgumentTransformation' "Cannot process argument transformation on parameter '$Name'. Cannot convert value `"$Text`" to type `"ByteQuantifiedSize`"." 'InvalidArgument'
    }
    $unit = 'B'
    if ($Matches.ContainsKey(2)) { $unit = $Matches[2] }
    $bytes = [long] $Matches[1] * @{ B = 1; KB = 1KB; MB = 1MB; GB = 1GB; TB = 1TB }[$unit]
    $shown = foreach ($u in 'TB', 'GB', 'MB', 'KB') { $n = $bytes / @{ KB = 1KB; MB = 1MB; GB = 1GB; TB = 1TB }[$u]; if ($n -ge 1) { "{0:0.###} $u" -f $n } }
    "{0} ({1:N0} bytes)" -f (@($shown) + "$bytes B")[0], $bytes
}

function ConvertTo-Number {
    param ($Name, $Parameter, $Value)
    if ($Parameter.Accepted.Count) { $null = ConvertTo-Choice $Name $Parameter "$Value" }
    if ($Parameter.Range.Count -eq 2 -and ($Value -lt $Parameter.Range[0] -or $Value -gt $Parameter.Range[1])) {
        Stop-Tenant 'Data.DataValidationException' "The value of parameter '$Name' must be from $($Parameter.Range[0]) to $($Parameter.Range[1])."
    }
    $Value
}

function ConvertTo-Members {
    param ($Name, $Parameter, $Value)
    foreach ($v in @($Value)) {
        if ($null -eq $v) { continue }
        $text = ConvertTo-Scalar $Name $Parameter $v
        if ($Parameter.Split) { foreach ($part in $text.Split($Parameter.Split)) { if ($part.Trim()) { $part.Trim() } } }
        else { $text }
    }
}

# A plain list replaces; @{Add=;Remove=} merges, and only on a multi-valued property.
function ConvertTo-List {
    param ($Name, $Parameter, $Value, $Present)
    if ($Value -isnot [System.Collections.IDictionary]) {
        $list = @(ConvertTo-Members $Name $Parameter $Value)
        if ($Parameter.Alike -and @($list | ForEach-Object { $_ -match '[/-]' } | Sort-Object -Unique).Count -gt 1) {
            Stop-Tenant 'Data.DataValidationException' "$Name`: addresses and networks are added one by one, not given together"
        }
        return , $list
    }
    foreach ($k in $Value.Keys) {
        if ($Parameter.Type -ne 'MultiValuedProperty' -or $k -notin 'Add', 'Remove') {
            Stop-Tenant 'ParameterBinding.ArgumentTransformation' "Cannot process argument transformation on parameter '$Name'. Cannot convert a hashtable with '$k' to type `"$($Parameter.Type)`"." 'InvalidArgument'
        }
    }
    $list = @(@($Present) | Where-Object { $null -ne $_ })
    if ($Value.Contains('Remove')) { $gone = @(ConvertTo-Members $Name $Parameter $Value['Remove']); $list = @($list | Where-Object { $_ -notin $gone }) }
    if ($Value.Contains('Add')) { foreach ($v in @(ConvertTo-Members $Name $Parameter $Value['Add'])) { if ($v -notin $list) { $list = @($list) + $v } } }
    return , @($list)
}

function ConvertTo-Stored {
    param ($Name, $Parameter, $Property, $Value, $Present)
    if ($Parameter.List) {
        $list = ConvertTo-List $Name $Parameter $Value $Present
        if ($list.Count -eq 0) { return , $Property.Unset }
        return , $list
    }
    if ($null -eq $Value) {
        if (-not $Parameter.Null) { Stop-Tenant 'ParameterBinding.ArgumentTransformation' "Cannot process argument transformation on parameter '$Name'. Cannot convert null to type `"$($Parameter.Type)`"." 'InvalidArgument' }
        return $Property.Unset
    }
    if ($Value -is [bool]) { return $Value }
    if ($Value -is [int] -and $Parameter.Type -ne 'ByteQuantifiedSize') { return (ConvertTo-Number $Name $Parameter $Value) }
    ConvertTo-Scalar $Name $Parameter $Value
}

# ---- reading ----

function ConvertTo-Shown {
    param ($Property, $Value)
    if ($Property.Joined) { if (Test-Empty $Value) { return $null } return (@($Value) -join $Property.Joined) }
    if ($Property.Date) { return [datetime] $Value }
    if ($Property.Bits.Count) { return ('[' + (@($Property.Bits | ForEach-Object { '{0}: {1}' -f $_.Name, (($Value -band $_.Part) -ne 0) }) -join "`r`n") + ']') }
    $list = New-Object System.Collections.ArrayList
    foreach ($v in @($Value)) { $null = $list.Add($(if ($Property.Form) { $Property.Form.Replace('{0}', $v).Replace('{spaced}', "$v".Replace(';', '; ')) } else { $v })) }
    # The server promises no order, so it gives another one than it was given.
    if ($Property.Kind -eq 'words') { $list.Reverse() }
    return , $list
}

function ConvertTo-Object {
    param ($Noun, $Record, $Priority)
    $out = [ordered]@{}
    foreach ($p in $Noun.Properties) {
        if ($p.Name -eq 'Priority' -and $Noun.Ordered) { $out['Priority'] = $Priority; continue }
        if ($p.Unshown) { continue }
        $value = $Record[$p.From]
        if ($p.Nested -and $null -ne $value) { $out[$p.Name] = [pscustomobject] @{ $p.Nested = $value }; continue }
        if ($p.Plain -or $null -eq $value) { $out[$p.Name] = $value } else { $out[$p.Name] = ConvertTo-Shown $p $value }
    }
    [pscustomobject] $out
}

function Copy-Records {
    param ($Records)
    foreach ($r in $Records) {
        $copy = [ordered]@{}
        foreach ($k in $r.Keys) { $copy[$k] = $r[$k] }
        $copy
    }
}

# After a write the first reads may still show what was there before.
function Get-Replica {
    param ($Name)
    $lag = $Tenant.Lag[$Name]
    if (-not $lag) { return $Tenant.Objects[$Name] }
    $lag.Left--
    if ($lag.Left -le 0) { $Tenant.Lag.Remove($Name) }
    $lag.Old
}

function Test-Named { param ($Noun, $Record, [string] $Identity) $Identity -and ($Record[$Noun.Key] -eq $Identity -or $Record['Guid'] -eq $Identity) }

function Test-Filters {
    param ($Noun, $Record, $Bound)
    foreach ($f in $Noun.Filters) {
        $want = $null
        if ($Bound.ContainsKey($f.Parameter)) { $want = $Bound[$f.Parameter] }
        elseif ($null -ne $f.Default -and -not $Tenant.Options.ShowsScoped) { $want = $f.Default }
        if ($null -ne $want -and "$($Record[$f.Property])" -ne "$want") { return $false }
    }
    $true
}

function Get-Limit {
    param ($Bound)
    if (-not $Bound.ContainsKey('ResultSize')) { return 1000 }
    $size = "$($Bound['ResultSize'])"
    if ($size -eq 'Unlimited') { return [int]::MaxValue }
    $n = 0
    if (-not [int]::TryParse($size, [ref] $n) -or $n -lt 1) { Stop-Tenant 'ParameterBinding.ArgumentTransformation' "Cannot convert value `"$size`" to type `"Unlimited`"." 'InvalidArgument' }
    $n
}

# A service that is too busy refuses the call and does nothing.
function Enter-Call {
    $Tenant.Calls++
    $from = $Tenant.Options.BusyAt
    if ($from -and $Tenant.Calls -ge $from -and $Tenant.Calls -lt $from + $Tenant.Options.BusyFor) {
        Stop-Tenant 'ServerBusy' 'This request is throttled. Too many requests were sent; try again later.' 'ResourceBusy'
    }
}

function Read-Tenant {
    param ($Caller, $Cmdlet, $Bound)
    try {
        $c = $Tenant.Model.Cmdlets[$Cmdlet]
        $noun = $Tenant.Model.Nouns[$c.Noun]
        $Tenant.Reads[$Cmdlet] = 1 + [int] $Tenant.Reads[$Cmdlet]
        Enter-Call
        $Tenant.ReadCount++
        if ($Tenant.Options.FailRead -eq $Tenant.ReadCount) { Stop-Tenant 'ConnectionLost' 'The session was lost.' 'ConnectionError' }
        foreach ($k in $Bound.Keys) {
            if ($c.Parameters.Contains($k) -and $k -notin @($c.Names, 'ResultSize') + @($noun.Filters | ForEach-Object { $_.Parameter })) {
                Add-Fault "$Cmdlet -${k} is not simulated"
            }
        }
        $limit = Get-Limit $Bound
        $priority = 0
        $found = @(foreach ($r in @(Get-Replica $c.Noun)) {
                if (-not $noun.Filters.Count -or (Test-Filters $noun $r $Bound)) { @{ Record = $r; Priority = $priority } }
                $priority++
            })
        # Who is asked for one by its name gives no other. An identity that is null or unknown does not
        # filter: every object comes back.
        if ($c.Names -ne 'Identity') {
            $null = Find-One $c $Bound
            $found = @($found | Where-Object { Test-Named $noun $_.Record "$($Bound[$c.Names])" })
        }
        elseif ("$($Bound['Identity'])") {
            $named = @($found | Where-Object { Test-Named $noun $_.Record "$($Bound['Identity'])" })
            if ($named.Count) { $found = $named }
        }
        if ($Tenant.Options.ArcNothing -and $noun.Joined) { $found = @($found | Where-Object { -not (Test-Empty $_.Record[$noun.Joined]) }) }
        if ($found.Count -gt $limit) { $Caller.WriteWarning("There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter."); $found = $found[0..($limit - 1)] }
        foreach ($f in $found) { ConvertTo-Object $noun $f.Record $f.Priority }
    }
    catch { Write-Refusal $Caller $Cmdlet $_ }
}

function Read-Connection {
    param ($Caller, $Cmdlet, $Bound)
    $Tenant.Reads[$Cmdlet] = 1 + [int] $Tenant.Reads[$Cmdlet]
    foreach ($c in @($Tenant.Connections)) {
        if ($Bound.ContainsKey('ConnectionId') -and $c['ConnectionId'] -notin $Bound['ConnectionId']) { continue }
        if ($Bound.ContainsKey('ModulePrefix') -and $c['ModulePrefix'] -notin $Bound['ModulePrefix']) { continue }
        [pscustomobject] $c
    }
}

# ---- checking ----

function Get-Property { param ($Noun, [string] $Name) foreach ($p in $Noun.Properties) { if ($p.Name -eq $Name) { return $p } } }

function Test-Domain { param ([string] $Text) $Text -match '^(\*|(\*\.)?[^*]+)$' }

function Test-Address {
    param ([string] $Text)
    if ($Text -notmatch '^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(/(\d{1,2}))?$') { return $false }
    foreach ($i in 1..4) { if ([int] $Matches[$i] -gt 255) { return $false } }
    -not $Matches.ContainsKey(6) -or ([int] $Matches[6] -ge 24 -and [int] $Matches[6] -le 32)
}

# Only what a write touches is checked: an older object may be as it is.
function Test-Touched { param ($Change, $Names) @($Names | Where-Object { $Change.Contains($_) }).Count -gt 0 }

function Assert-Need {
    param ($Noun, $Record, $Change)
    foreach ($n in $Noun.Needs) {
        if (-not (Test-Touched $Change @($n.When, $n.Needs))) { continue }
        $is = $Record[$n.When]
        if ($null -ne $n.Is) { if ("$is" -ne "$($n.Is)") { continue } } elseif (Test-Empty $is) { continue }
        $has = $Record[$n.Needs]
        if ($null -ne $n.To) { if ("$has" -ne "$($n.To)") { Stop-Tenant 'Data.DataValidationException' $n.Says } }
        elseif (Test-Empty $has) { Stop-Tenant 'Data.DataValidationException' $n.Says }
    }
    foreach ($pair in $Noun.Pairs) {
        if ((Test-Touched $Change $pair) -and (Test-Empty $Record[$pair[0]]) -ne (Test-Empty $Record[$pair[1]])) {
            Stop-Tenant 'Data.DataValidationException' "$($pair[0]) and $($pair[1]) are set together"
        }
    }
}

function Update-Added {
    param ($Noun, $Record, $Change)
    foreach ($p in @($Noun.Adds.Keys | Where-Object { $Change.Contains($_) })) {
        foreach ($other in @($Noun.Adds[$p].Keys)) {
            if (Test-Empty $Record[$p]) { if (-not $Change.Contains($other)) { $Record[$other] = $null } }
            elseif (Test-Empty $Record[$other]) { $Record[$other] = $Noun.Adds[$p][$other] }
        }
    }
}

function Assert-Form {
    param ($Noun, $Record, $Change)
    foreach ($p in @($Noun.Wildcards | Where-Object { $Change.Contains($_) })) {
        foreach ($v in @($Record[$p])) { if ($v -and -not (Test-Domain $v)) { Stop-Tenant 'Data.DataValidationException' "$p`: `"$v`" is not a valid SMTP domain" } }
    }
    foreach ($p in @($Noun.Addresses | Where-Object { $Change.Contains($_) })) {
        foreach ($v in @($Record[$p])) { if ($v -and -not (Test-Address $v)) { Stop-Tenant 'Data.DataValidationException' "$p`: `"$v`" is not an IPv4 address or a network of /24 to /32" } }
    }
    foreach ($p in @($Noun.Filled | Where-Object { $Change.Contains($_) })) {
        if (Test-Empty $Record[$p]) { Stop-Tenant 'Data.DataValidationException' "$p must have a value" }
    }
}

function Assert-Reference {
    param ($NounName, $Noun, $Record, $Change)
    foreach ($p in @($Noun.Names.Keys | Where-Object { $Change.Contains($_) })) {
        if (Test-Empty $Record[$p]) { continue }
        $other = $Noun.Names[$p]
        $hit = @($Tenant.Objects[$other] | Where-Object { Test-Named $Tenant.Model.Nouns[$other] $_ $Record[$p] })
        if (-not $hit.Count) { Stop-Tenant 'Configuration.Tasks.ManagementObjectNotFoundException' "The operation couldn't be performed because object '$($Record[$p])' couldn't be found" 'ObjectNotFound' }
        $Record[$p] = $hit[0][$Tenant.Model.Nouns[$other].Key]
        if ($p -eq $Noun.Sole) { Assert-Sole $NounName $hit[0] $p $Record[$p] }
    }
}

# A policy has one rule, a default policy none; the rule that names it already may not name it again.
function Assert-Sole {
    param ($NounName, $Policy, $Property, $Name)
    if ($Policy['IsDefault'] -eq $true) { Stop-Tenant 'Management.Tasks.ValidationException' "'$Name' is a default policy and takes no rule" }
    foreach ($r in $Tenant.Objects[$NounName]) {
        if ($r[$Property] -eq $Name) { Stop-Tenant 'Management.Tasks.ValidationException' "'$Name' is already associated with the rule '$($r['Name'])'" }
    }
}

function Assert-Unused {
    param ($NounName, $Record)
    $name = $Record[$Tenant.Model.Nouns[$NounName].Key]
    foreach ($other in $Tenant.Model.Nouns.Keys) {
        foreach ($p in $Tenant.Model.Nouns[$other].Names.Keys) {
            if ($Tenant.Model.Nouns[$other].Names[$p] -ne $NounName) { continue }
            foreach ($r in $Tenant.Objects[$other]) {
                if ($r[$p] -eq $name) { Stop-Tenant 'Management.Tasks.ValidationException' "'$name' can't be removed because the $other '$($r[$Tenant.Model.Nouns[$other].Key])' uses it" }
            }
        }
    }
}

# A signing configuration can be enabled once the service sees what it wants published.
function Assert-Published {
    param ($Noun, $Record, $Change)
    if (-not $Noun.Status -or -not $Change.Contains('Enabled') -or $Record['Enabled'] -ne $true) { return }
    if (Test-Published $Noun $Record) { return }
    $wanted = foreach ($p in $Noun.Published.Keys) { "Host Name : $(Get-Filled $Noun $Record $Noun.Published[$p]) Points to address or value : $($Record[$p])" }
    Stop-Tenant 'Management.Tasks.ValidationException' "CNAME record does not exist for this config. Please publish the following two CNAME records first. Domain Name : $($Record[$Noun.Key]) $($wanted -join ' ')"
}

function Test-Published {
    param ($Noun, $Record)
    foreach ($p in $Noun.Published.Keys) {
        $target = $Tenant.Dns["$(Get-Filled $Noun $Record $Noun.Published[$p])".ToLowerInvariant()]
        if (-not $target -or $target.TrimEnd('.') -ne "$($Record[$p])") { return $false }
    }
    $true
}

function Update-Status {
    param ($NounName)
    $noun = $Tenant.Model.Nouns[$NounName]
    if (-not $noun.Status) { return }
    foreach ($r in $Tenant.Objects[$NounName]) { $r[$noun.Status] = $(if (Test-Published $noun $r) { 'Valid' } else { 'CnameMissing' }) }
}

# The letter of the partition differs from domain to domain, and only the service knows it.
function Get-Letter {
    param ([string] $Text)
    $n = 7
    foreach ($c in ("$($Tenant.Options.Seed)/" + $Text.ToLowerInvariant()).ToCharArray()) { $n = ($n * 31 + [int] $c) % 1000003 }
    [string] [char] (97 + $n % 26)
}

function Get-Filled {
    param ($Noun, $Record, [string] $Template)
    $key = "$($Record[$Noun.Key])"
    $Template.Replace('{key}', $key).Replace('{dashed}', $key.Replace('.', '-')).Replace('{prefix}', $Tenant.Options.Prefix).Replace('{letter}', (Get-Letter $key))
}

# ---- writing ----

# What a plan may write is a list of its nouns and properties; null leaves it open.
function Test-Allowed {
    param ($Cmdlet, $Command, $Names)
    if ($null -eq $Tenant.Allow) { return }
    foreach ($n in $Names) {
        $owners = @($Command.Noun, $Command.Of)
        if ($n -eq 'Priority') { $owners += $Command.Noun + 'Order' }
        $fine = @($owners | Where-Object { $Tenant.Allow.Contains($_) -and (@($Tenant.Allow[$_]) -contains $n -or ($n -eq 'Priority' -and @($Tenant.Allow[$_]) -contains 'Order')) })
        if (-not $fine.Count) { Add-Fault "$Cmdlet writes $n, which the plan does not name" }
    }
    if (-not @($Names).Count -and -not $Tenant.Allow.Contains($Command.Noun)) { Add-Fault "$Cmdlet, and the plan names no $($Command.Noun)" }
}

function Test-Asking {
    param ($Command)
    $limit = [System.Management.Automation.ConfirmImpact] $ConfirmPreference
    if ($limit -eq 'None') { return $false }
    $impact = $(if ($Command.Pauses) { 'High' } else { 'Medium' })
    [System.Management.Automation.ConfirmImpact] $impact -ge $limit
}

# Says whether the write may go on. A script that runs unattended passes -Confirm:$false
# where the cmdlet would stop and ask, and calls nothing that writes in a what-if run.
function Enter-Write {
    param ($Caller, $Cmdlet, $Command, $Bound)
    if ($WhatIfPreference) {
        Add-Fault "$Cmdlet was called under -WhatIf"
        return $false
    }
    if ($Tenant.WhatIf) { Add-Fault "$Cmdlet writes in a run under -WhatIf" }
    if ((Test-Asking $Command)) {
        Add-Fault "$Cmdlet stops and asks for confirmation"
        Stop-Tenant 'HostException' 'A command that prompts the user failed because there is nobody to answer.'
    }
    Enter-Call
    $Tenant.Count++
    if ($Tenant.Options.FailWrite -eq $Tenant.Count) { Stop-Tenant 'ConnectionLost' 'The session was lost. The operation was not completed.' 'ConnectionError' }
    $true
}

function Find-One {
    param ($Command, $Bound)
    $noun = $Tenant.Model.Nouns[$Command.Noun]
    $identity = "$($Bound[$Command.Names])"
    if ($noun.Singleton -and -not $identity) { return $Tenant.Objects[$Command.Noun][0] }
    $hit = @($Tenant.Objects[$Command.Noun] | Where-Object { Test-Named $noun $_ $identity })
    if ($hit.Count -ne 1) { Stop-Tenant 'Configuration.Tasks.ManagementObjectNotFoundException' "The operation couldn't be performed because object '$identity' couldn't be found on '$($Tenant.Options.Prefix).onmicrosoft.com'." 'ObjectNotFound' }
    $hit[0]
}

# The bound parameters as properties and the values that the tenant would keep.
function ConvertTo-Change {
    param ($Cmdlet, $Command, $Bound, $Record)
    $noun = $Tenant.Model.Nouns[$Command.Noun]
    $change = [ordered]@{}
    foreach ($k in @($Bound.Keys | Where-Object { $Command.Parameters.Contains($_) } | Sort-Object)) {
        $parameter = $Command.Parameters[$k]
        if ($parameter.Ignored) { continue }
        if ($noun.Switch -and $k -eq 'Enabled') { $change[$noun.Switch] = ('Disabled', 'Enabled')[[int] $Bound[$k]]; continue }
        if ($noun.Ordered -and $k -eq 'Priority') { $change['Priority'] = [int] $Bound[$k]; continue }
        foreach ($name in $parameter.Properties) {
            $property = Get-Property $noun $name
            $change[$property.Name] = ConvertTo-Stored $k $parameter $property $Bound[$k] $Record[$property.Name]
        }
        if (-not $parameter.Properties.Count) { Add-Fault "$Cmdlet -${k} is not simulated" }
    }
    if ($Command.Verb -in 'Enable', 'Disable') { $change[$noun.Switch] = $Command.Verb + 'd' }
    $change
}

function Get-Position {
    param ($Change, $Highest, $Default)
    if (-not $Change.Contains('Priority')) { return $Default }
    $n = $Change['Priority']
    if ($n -lt 0 -or $n -gt $Highest) { Stop-Tenant 'Management.Tasks.InvalidPriorityException' "The priority must be from 0 through $Highest." 'InvalidArgument' }
    $n
}

function Assert-Unique {
    param ($NounName, $Record)
    $noun = $Tenant.Model.Nouns[$NounName]
    $name = $Record[$noun.Key]
    foreach ($r in $Tenant.Objects[$NounName]) {
        if ($r[$noun.Key] -eq $name -and $r['Guid'] -ne $Record['Guid']) { Stop-Tenant 'Data.Directory.ADObjectAlreadyExistsException' "The $NounName '$name' already exists." 'ResourceExists' }
    }
}

function Assert-Record {
    param ($NounName, $Record, $Change)
    $noun = $Tenant.Model.Nouns[$NounName]
    Assert-Unique $NounName $Record
    Assert-Form $noun $Record $Change
    Assert-Need $noun $Record $Change
    Assert-Reference $NounName $noun $Record $Change
    Assert-Published $noun $Record $Change
}

function Start-Lag {
    param ($NounName)
    if ($Tenant.Options.LagReads -gt 0) { $Tenant.Lag[$NounName] = @{ Left = $Tenant.Options.LagReads; Old = @(Copy-Records $Tenant.Objects[$NounName]) } }
}

# Everything that changes the tenant leaves the object as it now is, and the order of its kind.
function Add-Change {
    param ($NounName, $Record, [switch] $Gone)
    $values = $null
    if (-not $Gone) { $values = @(Copy-Records @(, $Record))[0] }
    $null = $Tenant.Changes.Add(@{ Noun = $NounName; Id = $Record['Guid']; Values = $values; Order = @($Tenant.Objects[$NounName] | ForEach-Object { $_['Guid'] }) })
}

function Add-Journal {
    param ($Cmdlet, $Command, $Record, $Bound, $Changed, $First)
    $shown = [ordered]@{}
    foreach ($k in @($Bound.Keys | Where-Object { $Command.Parameters.Contains($_) } | Sort-Object)) { $shown[$k] = ConvertTo-Plain $Bound[$k] }
    $null = $Tenant.Writes.Add(@{
            Cmdlet = $Cmdlet; Noun = $Command.Noun; Name = "$($Record[$Tenant.Model.Nouns[$Command.Noun].Key])"
            Parameters = $shown; Changed = @($Changed); Changes = @($Tenant.Changes.GetRange($First, $Tenant.Changes.Count - $First))
        })
}

function ConvertTo-Plain {
    param ($Value)
    if ($null -eq $Value -or $Value -is [bool] -or $Value -is [int]) { return $Value }
    if ($Value -is [System.Management.Automation.SwitchParameter]) { return [bool] $Value }
    if ($Value -is [System.Collections.IDictionary]) { $h = [ordered]@{}; foreach ($k in $Value.Keys) { $h["$k"] = ConvertTo-Plain $Value[$k] }; return $h }
    if ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [string]) { return , @($Value | ForEach-Object { "$_" }) }
    "$Value"
}

function New-Record {
    param ($Noun)
    $r = [ordered]@{ Guid = [guid]::NewGuid().ToString() }
    foreach ($k in $Noun.Defaults.Keys) { $r[$k] = $Noun.Defaults[$k] }
    $r
}

function Add-Tenant {
    param ($Cmdlet, $Command, $Bound)
    $noun = $Tenant.Model.Nouns[$Command.Noun]
    $record = New-Record $noun
    $change = ConvertTo-Change $Cmdlet $Command $Bound $record
    foreach ($k in $change.Keys) { if ($k -ne 'Priority') { $record[$k] = $change[$k] } }
    Update-Added $noun $record $change
    foreach ($p in $noun.Made.Keys) { $record[$p] = Get-Filled $noun $record $noun.Made[$p] }
    if ($noun.Disabled -and $Tenant.Options.ConnectorsComeUpDisabled) { $record['Enabled'] = $false }
    if ($noun.Status -and @($Tenant.Domains).Count -and $record[$noun.Key] -notin $Tenant.Domains) { Stop-Tenant 'Configuration.Tasks.ManagementObjectNotFoundException' "The domain '$($record[$noun.Key])' isn't an accepted domain of the organisation." 'ObjectNotFound' }
    Assert-Record $Command.Noun $record $change
    $list = $Tenant.Objects[$Command.Noun]
    $at = Get-Position $change $list.Count $list.Count
    Start-Lag $Command.Noun
    $list.Insert($at, $record)
    Update-Status $Command.Noun
    $first = $Tenant.Changes.Count
    Add-Change $Command.Noun $record
    Add-Journal $Cmdlet $Command $record $Bound @($change.Keys) $first
    ConvertTo-Object $noun $record $at
}

function Set-Tenant {
    param ($Cmdlet, $Command, $Bound)
    $noun = $Tenant.Model.Nouns[$Command.Noun]
    $record = Find-One $Command $Bound
    $list = $Tenant.Objects[$Command.Noun]
    $change = ConvertTo-Change $Cmdlet $Command $Bound $record
    $next = @(Copy-Records @(, $record))[0]
    foreach ($k in $change.Keys) { if ($k -ne 'Priority') { $next[$k] = $change[$k] } }
    if ($Command.Verb -eq 'Rotate') { $change = Update-Key $record $next $Bound['KeySize'] }
    Update-Added $noun $next $change
    Assert-Record $Command.Noun $next $change
    $was = $list.IndexOf($record)
    $at = Get-Position $change ($list.Count - 1) $was
    $changed = @($change.Keys | Where-Object { $_ -ne 'Priority' -and -not (Test-Same (Get-Property $noun $_).Kind $record[$_] $next[$_]) })
    if ($at -ne $was) { $changed += 'Priority' }
    if (-not $changed.Count) { Add-Fault "$Cmdlet '$($record[$noun.Key])' changes nothing" }
    Start-Lag $Command.Noun
    $list.RemoveAt($was)
    $list.Insert($at, $next)
    Update-Status $Command.Noun
    $first = $Tenant.Changes.Count
    Add-Change $Command.Noun $next
    Update-Reference $Command.Noun $record[$noun.Key] $next[$noun.Key]
    Add-Journal $Cmdlet $Command $next $Bound $changed $first
    if ($Command.Verb -eq 'Enable') { ConvertTo-Object $noun $next $at }
}

# A new key comes in the place of the one that waits, and signs from four days on. Returns what changed.
function Update-Key {
    param ($Record, $Next, $Bits)
    $now = [datetime]::Now + $Tenant.Clock
    if ([datetime] $Record['RotateOnDate'] -gt $now) { Add-Fault "$($Record['Domain']): a key is renewed while another change of keys is under way" }
    $signs = $Record['SelectorAfterRotateOnDate']
    $waits = @{ selector1 = 'selector2'; selector2 = 'selector1' }[$signs]
    foreach ($p in 'Selector1KeySize', 'Selector2KeySize') { $Next[$p] = $Record[$p] }
    $Next["${waits}KeySize"] = $Bits
    $Next['KeyCreationTime'] = $now.ToString('s')
    $Next['RotateOnDate'] = $now.AddDays(4).ToString('s')
    $Next['SelectorBeforeRotateOnDate'] = $signs
    $Next['SelectorAfterRotateOnDate'] = $waits
    [ordered]@{ "${waits}KeySize" = $Bits; SelectorBeforeRotateOnDate = $signs; SelectorAfterRotateOnDate = $waits }
}

# A reference follows the object, not its name.
function Update-Reference {
    param ($NounName, $Old, $New)
    if ($Old -ceq $New) { return }
    foreach ($other in $Tenant.Model.Nouns.Keys) {
        foreach ($p in $Tenant.Model.Nouns[$other].Names.Keys) {
            if ($Tenant.Model.Nouns[$other].Names[$p] -ne $NounName) { continue }
            foreach ($r in @($Tenant.Objects[$other] | Where-Object { $_[$p] -eq $Old })) { $r[$p] = $New; Add-Change $other $r }
        }
    }
}

function Remove-Tenant {
    param ($Cmdlet, $Command, $Bound)
    $record = Find-One $Command $Bound
    Assert-Unused $Command.Noun $record
    Start-Lag $Command.Noun
    $Tenant.Objects[$Command.Noun].Remove($record)
    $first = $Tenant.Changes.Count
    Add-Change $Command.Noun $record -Gone
    Add-Journal $Cmdlet $Command $record $Bound @() $first
}

# The plan's names for what a call writes: State is Enabled there, and the name of an
# object, which makes it, is none of its properties.
function Get-Written {
    param ($Command, $Bound)
    foreach ($k in @($Bound.Keys | Where-Object { $Command.Parameters.Contains($_) })) {
        if ($k -eq $Command.Names -or $Command.Parameters[$k].Ignored -or ($Command.Verb -eq 'New' -and $Command.Parameters[$k].Key)) { continue }
        $k
    }
    if ($Command.Verb -in 'Enable', 'Disable') { 'Enabled' }
}

function Write-Tenant {
    param ($Caller, $Cmdlet, $Bound)
    $command = $Tenant.Model.Cmdlets[$Cmdlet]
    try {
        if (-not (Enter-Write $Caller $Cmdlet $command $Bound)) { return }
        Test-Allowed $Cmdlet $command @(Get-Written $command $Bound)
        switch ($command.Verb) {
            'New' { Add-Tenant $Cmdlet $command $Bound }
            'Remove' { Remove-Tenant $Cmdlet $command $Bound }
            default { Set-Tenant $Cmdlet $command $Bound }
        }
        if ($Tenant.Options.LoseAnswer -eq $Tenant.Count) { Stop-Tenant 'ConnectionLost' 'The session was lost before the answer came.' 'ConnectionError' }
    }
    catch { Write-Refusal $Caller $Cmdlet $_ }
}

# What a name server answers. One that cannot be reached is no answer.
function Read-Dns {
    param ($Caller, [string] $Name, [string] $Type, $Server)
    $stop = { param ($Id, $Text) $Caller.ThrowTerminatingError((New-Object System.Management.Automation.ErrorRecord (New-Object System.InvalidOperationException $Text), $Id, 'ResourceUnavailable', $Name)) }
    if (-not $Tenant.Options.Resolves) { & $stop 'ERROR_TIMEOUT' "$Name : This operation returned because the timeout period expired" }
    $key = $Name.TrimEnd('.').ToLowerInvariant()
    $known = @($Tenant.Zones.Keys | Where-Object { $_ -like "* $key" }).Count -or $Tenant.Dns[$key]
    if (-not $known) { & $stop 'DNS_ERROR_RCODE_NAME_ERROR' "$Name : DNS name does not exist" }
    $values = @($Tenant.Zones["$Type $key"] | Where-Object { $_ })
    if ($Type -eq 'CNAME' -and $Tenant.Dns[$key]) { $values = @($Tenant.Dns[$key]) }
    if (-not $values.Count) { return [pscustomobject] @{ Name = $key; Type = 'SOA'; Section = 'Authority' } }
    foreach ($v in $values) {
        switch ($Type) {
            'MX' { [pscustomobject] @{ Name = $key; Type = 'MX'; Section = 'Answer'; Preference = [int] ($v -split ' ')[0]; NameExchange = ($v -split ' ')[1].ToUpperInvariant() } }
            'TXT' { [pscustomobject] @{ Name = $key; Type = 'TXT'; Section = 'Answer'; Strings = @($v -split '(?<=\G.{200})' | Where-Object { $_ }) } }
            'CNAME' { [pscustomobject] @{ Name = $key; Type = 'CNAME'; Section = 'Answer'; NameHost = $v } }
        }
    }
}

# Answers what a script asks of the operator.
function Read-Answer {
    param ($Caller, $Prompt)
    if ($Tenant.Answers.Count -eq 0) {
        Add-Fault "the script asks and nobody answers: $Prompt"
        $e = New-Object System.InvalidOperationException "nobody answers: $Prompt"
        $Caller.ThrowTerminatingError((New-Object System.Management.Automation.ErrorRecord $e, 'Tenant.NoAnswer', 'InvalidOperation', $null))
    }
    $answer = $Tenant.Answers[0]
    $Tenant.Answers.RemoveAt(0)
    Write-Information -MessageData "${Prompt}: $answer" -InformationAction Continue
    $answer
}
