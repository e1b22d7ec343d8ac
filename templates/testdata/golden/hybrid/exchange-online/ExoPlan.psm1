<#
.SYNOPSIS
    What the scripts of a change pack share: find, compare, record, ask, change, check, take back.
.DESCRIPTION
    The same file in every pack. A script hands over its list of steps; Invoke-PlanRun compares
    the list with plan.json, word for word, before anything else happens, and carries it out.
    The cmdlets that a pack can call are those in $Nouns, and Get-ConnectionInformation; nothing
    else reaches the tenant. Runs alike in Full and in Constrained Language Mode.

    The log folder holds, for one tenant and all revisions:
      journal.jsonl              a line for every run and every step of it
      STEP-000.<plan>.before.xml what was there before a step changed it; written once, never over
      STEP-000.<plan>.undone-... the same, once rollback has taken the step back
      object.<noun>.<name>.xml   which objects a revision of the profile made or adopted
#>
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
# The log is written in a dry run too; the gate for the tenant is Confirm-PlanChange.
$WhatIfPreference = $false
$ConfirmPreference = 'None'

# --- What can be touched ----------------------------------------------------------

# One entry for each kind of thing in the tenant. Get lists; New, Set and Remove change. Enable and
# Disable set Enabled, which Get shows as State. An entry without a Key is one thing of the
# organisation. How values compare follows their kind:
#   Flag   yes, no, or never set          Number  a whole number
#   Word   case does not count            Words   a list: neither case nor order counts
#   Text   as typed                       Texts   a list: order does not count, case does
#   Order  a list in order, which may be followed by others
#   Size   bytes, however written         Span   a length of time, however written
#   Shown  what no cmdlet takes: looked at alone
# Bits are numbers that Get shows as a text under another name: what each line that says True adds.
# An entry with Whole is compared in all of that where a plan makes the object, named by the plan
# or not. Unset is what counts as nothing there and clears it; Adds is what the service adds itself.
# Members of the lists under Merges come and go; no list replaces another.
# What Stays says is why nothing of it can be taken back. With Source, View shows what another entry
# reads. With Asked, Get answers for one name at a time.
$script:Nouns = @{
    InboundConnector = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            ConnectorType = 'Word'
            Enabled = 'Flag'
            Comment = 'Text'
            SenderDomains = 'Words'
            SenderIPAddresses = 'Words'
            RequireTls = 'Flag'
            RestrictDomainsToCertificate = 'Flag'
            RestrictDomainsToIPAddresses = 'Flag'
            TlsSenderCertificateName = 'Word'
            CloudServicesMailEnabled = 'Flag'
            EFSkipLastIP = 'Flag'
            EFSkipIPs = 'Words'
            EFUsers = 'Words'
        }
        Together = @(
            , @('RestrictDomainsToCertificate', 'TlsSenderCertificateName')
            , @('RestrictDomainsToIPAddresses', 'SenderIPAddresses')
        )
        Get = { Get-InboundConnector -ResultSize Unlimited -ErrorAction Stop }
        New = { param ($Values) New-InboundConnector @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-InboundConnector -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = {
            param ($Object)
            Remove-InboundConnector -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
    }
    OutboundConnector = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            ConnectorType = 'Word'
            Enabled = 'Flag'
            Comment = 'Text'
            IsTransportRuleScoped = 'Flag'
            RecipientDomains = 'Words'
            UseMXRecord = 'Flag'
            SmartHosts = 'Words'
            TlsSettings = 'Word'
            TlsDomain = 'Word'
            SmtpDaneMode = 'Word'
            MtaStsMode = 'Word'
            CloudServicesMailEnabled = 'Flag'
            RouteAllMessagesViaOnPremises = 'Flag'
        }
        Together = @(
            , @('UseMXRecord', 'SmartHosts')
            , @('TlsSettings', 'TlsDomain')
        )
        # The plain read may leave out rule-scoped and test-mode connectors.
        Get = {
            @(
                Get-OutboundConnector -ResultSize Unlimited -ErrorAction Stop
                Get-OutboundConnector -ResultSize Unlimited -IsTransportRuleScoped $true -ErrorAction Stop
                Get-OutboundConnector -ResultSize Unlimited -IncludeTestModeConnectors $true -ErrorAction Stop
            ) | Sort-Object -Property Guid -Unique
        }
        New = { param ($Values) New-OutboundConnector @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-OutboundConnector -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = {
            param ($Object)
            Remove-OutboundConnector -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
    }
    TransportRule = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            Enabled = 'Flag'
            Mode = 'Word'
            Comments = 'Text'
            FromScope = 'Word'
            SentToScope = 'Word'
            RecipientDomainIs = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            HeaderMatchesMessageHeader = 'Word'
            HeaderMatchesPatterns = 'Texts'
            SubjectMatchesPatterns = 'Texts'
            ExceptIfHeaderMatchesMessageHeader = 'Word'
            ExceptIfHeaderMatchesPatterns = 'Texts'
            ExceptIfSubjectMatchesPatterns = 'Texts'
            SubjectOrBodyMatchesPatterns = 'Texts'
            AttachmentMatchesPatterns = 'Texts'
            AttachmentHasExecutableContent = 'Flag'
            AttachmentIsPasswordProtected = 'Flag'
            AttachmentIsUnsupported = 'Flag'
            AttachmentProcessingLimitExceeded = 'Flag'
            MessageTypeMatches = 'Word'
            ExceptIfMessageTypeMatches = 'Word'
            ExceptIfSubjectOrBodyContainsWords = 'Words'
            ExceptIfAnyOfToCcHeader = 'Words'
            ApplyHtmlDisclaimerText = 'Text'
            ApplyHtmlDisclaimerLocation = 'Word'
            ApplyHtmlDisclaimerFallbackAction = 'Word'
            ApplyRightsProtectionTemplate = 'Word'
            PrependSubject = 'Text'
            Quarantine = 'Flag'
            RejectMessageReasonText = 'Text'
            RuleErrorAction = 'Word'
            SetAuditSeverity = 'Word'
            GenerateIncidentReport = 'Word'
            IncidentReportContent = 'Words'
            RouteMessageOutboundConnector = 'Word'
            RouteMessageOutboundRequireTls = 'Flag'
            StopRuleProcessing = 'Flag'
        }
        Together = @(
            , @('HeaderMatchesMessageHeader', 'HeaderMatchesPatterns')
            , @('ExceptIfHeaderMatchesMessageHeader', 'ExceptIfHeaderMatchesPatterns')
            , @('ApplyHtmlDisclaimerText', 'ApplyHtmlDisclaimerLocation', 'ApplyHtmlDisclaimerFallbackAction')
        )
        Whole = @{
            Flag = @(
                'ApplyOME'; 'AttachmentHasExecutableContent'; 'AttachmentIsPasswordProtected';
                'AttachmentIsUnsupported'; 'AttachmentProcessingLimitExceeded'; 'DeleteMessage';
                'ExceptIfAttachmentHasExecutableContent'; 'ExceptIfAttachmentIsPasswordProtected';
                'ExceptIfAttachmentIsUnsupported'; 'ExceptIfAttachmentProcessingLimitExceeded';
                'ExceptIfHasNoClassification'; 'HasNoClassification'; 'ModerateMessageByManager';
                'Quarantine'; 'RemoveOME'; 'RemoveOMEv2'; 'RemoveRMSAttachmentEncryption';
                'RouteMessageOutboundRequireTls'; 'StopRuleProcessing'
            )
            Shown = @(
                'ContentMatchesPrompt'; 'ContentMatchesPromptVerdict'; 'Disconnect'; 'DlpPolicy';
                'ExceptIfContentMatchesPrompt'; 'ExceptIfContentMatchesPromptVerdict';
                'ExceptIfHasSenderOverride'; 'ExceptIfMessageContainsAllDataClassifications';
                'ExceptIfMessageContainsDataClassifications'; 'ExceptIfRecipientInSenderList';
                'ExceptIfSenderInRecipientList'; 'HasSenderOverride'; 'LogEventText';
                'MessageContainsAllDataClassifications'; 'MessageContainsDataClassifications';
                'RecipientInSenderList'; 'SenderInRecipientList'; 'SmtpRejectMessageRejectStatusCode';
                'SmtpRejectMessageRejectText'
            )
            Size = @(
                'AttachmentSizeOver'; 'ExceptIfAttachmentSizeOver'; 'ExceptIfMessageSizeOver';
                'MessageSizeOver'
            )
            Text = @(
                'ApplyClassification'; 'ApplyHtmlDisclaimerText'; 'ExceptIfHasClassification';
                'GenerateNotification'; 'HasClassification'; 'PrependSubject'; 'RejectMessageReasonText';
                'SetAuditSeverity'; 'SetHeaderValue'
            )
            Texts = @(
                'AnyOfRecipientAddressMatchesPatterns'; 'AttachmentMatchesPatterns';
                'AttachmentNameMatchesPatterns'; 'ExceptIfAnyOfRecipientAddressMatchesPatterns';
                'ExceptIfAttachmentMatchesPatterns'; 'ExceptIfAttachmentNameMatchesPatterns';
                'ExceptIfFromAddressMatchesPatterns'; 'ExceptIfHeaderMatchesPatterns';
                'ExceptIfRecipientADAttributeMatchesPatterns'; 'ExceptIfRecipientAddressMatchesPatterns';
                'ExceptIfSenderADAttributeMatchesPatterns'; 'ExceptIfSubjectMatchesPatterns';
                'ExceptIfSubjectOrBodyMatchesPatterns'; 'FromAddressMatchesPatterns'; 'HeaderMatchesPatterns';
                'RecipientADAttributeMatchesPatterns'; 'RecipientAddressMatchesPatterns';
                'SenderADAttributeMatchesPatterns'; 'SubjectMatchesPatterns'; 'SubjectOrBodyMatchesPatterns'
            )
            Word = @(
                'ADComparisonAttribute'; 'ADComparisonOperator'; 'ActivationDate';
                'AddManagerAsRecipientType'; 'ApplyHtmlDisclaimerFallbackAction';
                'ApplyHtmlDisclaimerLocation'; 'ApplyRightsProtectionCustomizationTemplate';
                'ApplyRightsProtectionTemplate'; 'ExceptIfADComparisonAttribute';
                'ExceptIfADComparisonOperator'; 'ExceptIfFromScope'; 'ExceptIfHeaderContainsMessageHeader';
                'ExceptIfHeaderMatchesMessageHeader'; 'ExceptIfManagerForEvaluatedUser';
                'ExceptIfMessageTypeMatches'; 'ExceptIfSCLOver'; 'ExceptIfSenderManagementRelationship';
                'ExceptIfSentToScope'; 'ExceptIfWithImportance'; 'ExpiryDate'; 'FromScope';
                'GenerateIncidentReport'; 'HeaderContainsMessageHeader'; 'HeaderMatchesMessageHeader';
                'ManagerForEvaluatedUser'; 'MessageTypeMatches'; 'Mode'; 'RecipientAddressType';
                'RejectMessageEnhancedStatusCode'; 'RemoveHeader'; 'RouteMessageOutboundConnector';
                'RuleErrorAction'; 'SCLOver'; 'SenderAddressLocation'; 'SenderManagementRelationship';
                'SentToScope'; 'SetHeaderName'; 'SetSCL'; 'WithImportance'
            )
            Words = @(
                'AddToRecipients'; 'AnyOfCcHeader'; 'AnyOfCcHeaderMemberOf';
                'AnyOfRecipientAddressContainsWords'; 'AnyOfToCcHeader'; 'AnyOfToCcHeaderMemberOf';
                'AnyOfToHeader'; 'AnyOfToHeaderMemberOf'; 'AttachmentContainsWords';
                'AttachmentExtensionMatchesWords'; 'AttachmentPropertyContainsWords'; 'BetweenMemberOf1';
                'BetweenMemberOf2'; 'BlindCopyTo'; 'ContentCharacterSetContainsWords'; 'CopyTo';
                'ExceptIfAnyOfCcHeader'; 'ExceptIfAnyOfCcHeaderMemberOf';
                'ExceptIfAnyOfRecipientAddressContainsWords'; 'ExceptIfAnyOfToCcHeader';
                'ExceptIfAnyOfToCcHeaderMemberOf'; 'ExceptIfAnyOfToHeader'; 'ExceptIfAnyOfToHeaderMemberOf';
                'ExceptIfAttachmentContainsWords'; 'ExceptIfAttachmentExtensionMatchesWords';
                'ExceptIfAttachmentPropertyContainsWords'; 'ExceptIfBetweenMemberOf1';
                'ExceptIfBetweenMemberOf2'; 'ExceptIfContentCharacterSetContainsWords'; 'ExceptIfFrom';
                'ExceptIfFromAddressContainsWords'; 'ExceptIfFromMemberOf'; 'ExceptIfHeaderContainsWords';
                'ExceptIfManagerAddresses'; 'ExceptIfRecipientADAttributeContainsWords';
                'ExceptIfRecipientAddressContainsWords'; 'ExceptIfRecipientDomainIs';
                'ExceptIfSenderADAttributeContainsWords'; 'ExceptIfSenderDomainIs'; 'ExceptIfSenderIpRanges';
                'ExceptIfSentTo'; 'ExceptIfSentToMemberOf'; 'ExceptIfSubjectContainsWords';
                'ExceptIfSubjectOrBodyContainsWords'; 'From'; 'FromAddressContainsWords'; 'FromMemberOf';
                'HeaderContainsWords'; 'IncidentReportContent'; 'ManagerAddresses'; 'ModerateMessageByUser';
                'RecipientADAttributeContainsWords'; 'RecipientAddressContainsWords'; 'RecipientDomainIs';
                'RedirectMessageTo'; 'SenderADAttributeContainsWords'; 'SenderDomainIs'; 'SenderIpRanges';
                'SentTo'; 'SentToMemberOf'; 'SubjectContainsWords'; 'SubjectOrBodyContainsWords'
            )
        }
        Unset = @{
            Mode = 'Enforce'
            RecipientAddressType = 'Resolved'
            RuleErrorAction = 'Ignore'
            SenderAddressLocation = 'Header'
        }
        Adds = @{ RejectMessageEnhancedStatusCode = '5.7.1' }
        Get = { Get-TransportRule -ResultSize Unlimited -ErrorAction Stop }
        New = { param ($Values) New-TransportRule @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-TransportRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = { param ($Object) Enable-TransportRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Disable = { param ($Object) Disable-TransportRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Remove = { param ($Object) Remove-TransportRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    # The order of all rules. Those that the plan names come first; the others keep theirs.
    TransportRuleOrder = @{
        Source = 'TransportRule'
        Properties = @{ Order = 'Order' }
        View = {
            param ($All)
            $sorted = @($All | Sort-Object -Property Priority)
            $names = @($sorted | ForEach-Object { $_.Name })
            New-Object -TypeName PSObject -Property @{ Order = $names; Rules = $sorted }
        }
        Set = {
            param ($Values, $Object)
            $order = @($Object.Order)
            $place = 0
            foreach ($name in @($Values.Order | Where-Object { $order -contains $_ })) {
                if ($order[$place] -ne $name) {
                    $rule = $Object.Rules | Where-Object -Property Name -EQ -Value $name
                    Set-TransportRule -Identity $rule.Guid -Priority $place -Confirm:$false -ErrorAction Stop
                    $rest = @($order | Where-Object { $_ -ne $name })
                    $order = @($rest | Select-Object -First $place) + $name + @($rest | Select-Object -Skip $place)
                }
                $place++
            }
        }
    }
    TransportConfig = @{
        Properties = @{
            SmtpClientAuthenticationDisabled = 'Flag'
            AllowLegacyTLSClients = 'Flag'
            ReplyAllStormProtectionEnabled = 'Flag'
            ReplyAllStormDetectionMinimumRecipients = 'Number'
            ReplyAllStormDetectionMinimumReplies = 'Number'
            ReplyAllStormBlockDurationHours = 'Number'
        }
        Get = { Get-TransportConfig -ErrorAction Stop }
        Set = { param ($Values) Set-TransportConfig @Values -Confirm:$false -ErrorAction Stop }
    }
    IRMConfiguration = @{
        Properties = @{ AzureRMSLicensingEnabled = 'Flag' }
        Get = { Get-IRMConfiguration -ErrorAction Stop }
        Set = { param ($Values) Set-IRMConfiguration @Values -Confirm:$false -ErrorAction Stop }
    }
    # The remote domain that stands for everybody.
    RemoteDomain = @{
        Properties = @{
            AllowedOOFType = 'Word'
            AutoReplyEnabled = 'Flag'
            AutoForwardEnabled = 'Flag'
            DeliveryReportEnabled = 'Flag'
            NDREnabled = 'Flag'
            MeetingForwardNotificationEnabled = 'Flag'
        }
        Get = {
            Get-RemoteDomain -ResultSize Unlimited -ErrorAction Stop |
                Where-Object -Property DomainName -EQ -Value '*'
        }
        Set = {
            param ($Values, $Object)
            Set-RemoteDomain -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
    }
    # A remote domain for one domain. What makes it takes its names alone.
    NamedRemoteDomain = @{
        Key = 'DomainName'
        Parameter = 'DomainName'
        Adopt = $true
        Properties = @{
            AllowedOOFType = 'Word'
            AutoReplyEnabled = 'Flag'
            AutoForwardEnabled = 'Flag'
            DeliveryReportEnabled = 'Flag'
            NDREnabled = 'Flag'
            MeetingForwardNotificationEnabled = 'Flag'
            TNEFEnabled = 'Flag'
        }
        Get = {
            Get-RemoteDomain -ResultSize Unlimited -ErrorAction Stop |
                Where-Object -Property DomainName -NE -Value '*'
        }
        New = {
            param ($Values)
            $rest = $Values.Clone()
            $rest.Remove('DomainName')
            $name = $Values.DomainName
            $made = New-RemoteDomain -Name $name -DomainName $name -Confirm:$false -ErrorAction Stop
            Set-RemoteDomain -Identity $made.Guid @rest -Confirm:$false -ErrorAction Stop
        }
        Set = {
            param ($Values, $Object)
            Set-RemoteDomain -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = { param ($Object) Remove-RemoteDomain -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    # The default policy. The identity is asked for by the cmdlet; what comes back is filtered.
    HostedOutboundSpamFilterPolicy = @{
        Properties = @{
            AutoForwardingMode = 'Word'
            RecipientLimitExternalPerHour = 'Number'
            RecipientLimitInternalPerHour = 'Number'
            RecipientLimitPerDay = 'Number'
            ActionWhenThresholdReached = 'Word'
        }
        Get = {
            Get-HostedOutboundSpamFilterPolicy -Identity Default -ErrorAction Stop |
                Where-Object -Property IsDefault -EQ -Value $true
        }
        Set = {
            param ($Values, $Object)
            Set-HostedOutboundSpamFilterPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
    }
    # With an identity that is wrong the cmdlet changes the organisation all the same: none is given.
    # It has no -Confirm.
    ExternalInOutlook = @{
        Properties = @{ Enabled = 'Flag'; AllowList = 'Words' }
        Get = { Get-ExternalInOutlook -ErrorAction Stop }
        Set = { param ($Values) Set-ExternalInOutlook @Values -ErrorAction Stop }
    }
    # A domain's signing configuration belongs to the domain, whoever made it.
    DkimSigningConfig = @{
        Key = 'Domain'
        Parameter = 'DomainName'
        Properties = @{ Enabled = 'Flag' }
        Creation = @{ KeySize = 'Number' }
        ReadOnly = @{ Selector1CNAME = 'Word'; Selector2CNAME = 'Word'; Status = 'Word' }
        Get = { Get-DkimSigningConfig -ErrorAction Stop }
        New = { param ($Values) New-DkimSigningConfig @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-DkimSigningConfig -Identity $Object.Domain @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = {
            param ($Object)
            Remove-DkimSigningConfig -Identity $Object.Domain -Confirm:$false -ErrorAction Stop
        }
    }
    # The two keys of a domain, by their length. What is renewed is the one that waits.
    DkimKeys = @{
        Source = 'DkimSigningConfig'
        Key = 'Domain'
        Properties = @{ Longest = 'Number'; Shortest = 'Number' }
        Stays = 'A key that was renewed stays, for the one before is gone'
        View = {
            param ($All)
            foreach ($config in $All) {
                $bits = @($config.Selector1KeySize, $config.Selector2KeySize | Sort-Object)
                New-Object -TypeName PSObject -Property @{
                    Domain = $config.Domain
                    Longest = $bits[-1]
                    Shortest = $bits[0]
                }
            }
        }
        Set = {
            param ($Values, $Object)
            $bits = @($Values.Values)[0]
            Rotate-DkimSigningConfig -Identity $Object.Domain -KeySize $bits -Confirm:$false -ErrorAction Stop
        }
    }
    # A domain stands there once it is verified: no cmdlet makes or removes it.
    AcceptedDomain = @{
        Key = 'DomainName'
        Properties = @{ DomainType = 'Word'; MatchSubDomains = 'Flag' }
        Together = @(, @('DomainType', 'MatchSubDomains'))
        Get = { Get-AcceptedDomain -ResultSize Unlimited -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-AcceptedDomain -Identity $Object.DomainName @Values -Confirm:$false -ErrorAction Stop
        }
    }
    # Whether the mail host of a domain has a name under DNSSEC, and which. The service takes a domain by
    # its name, and has no -Confirm and no -WhatIf for it.
    DnssecStatusForVerifiedDomain = @{
        Key = 'DomainName'
        Asked = 'DomainName'
        Properties = @{ Enabled = 'Flag' }
        ReadOnly = @{ ExpectedMxRecord = 'Word' }
        # The record that it expects is a line of a zone file, which ends in the host.
        Get = {
            param ($Name)
            $status = Get-DnssecStatusForVerifiedDomain -DomainName $Name -ErrorAction Stop
            $record = $null
            if ($status.ExpectedMxRecord) { $record = ([string] $status.ExpectedMxRecord.Record -split ' ')[-1] }
            New-Object -TypeName PSObject -Property @{
                DomainName = $Name
                DnssecFeatureStatus = [string] $status.DnssecFeatureStatus.Value
                State = [string] $status.DnssecFeatureStatus.Value
                ExpectedMxRecord = $record
            }
        }
        Enable = {
            param ($Object)
            Enable-DnssecForVerifiedDomain -DomainName $Object.DomainName -ErrorAction Stop
        }
        Disable = {
            param ($Object)
            Disable-DnssecForVerifiedDomain -DomainName $Object.DomainName -ErrorAction Stop
        }
    }
    # Inbound DANE of a domain, which the domain itself shows.
    SmtpDaneInbound = @{
        Source = 'AcceptedDomain'
        Key = 'DomainName'
        Properties = @{ Enabled = 'Flag' }
        View = {
            param ($All)
            $enabled = @{ Name = 'Enabled'; Expression = { [string] $_.SmtpDaneStatus -eq 'Enabled' } }
            $All | Select-Object -Property DomainName, $enabled
        }
        Enable = { param ($Object) Enable-SmtpDaneInbound -DomainName $Object.DomainName -ErrorAction Stop }
        Disable = { param ($Object) Disable-SmtpDaneInbound -DomainName $Object.DomainName -ErrorAction Stop }
    }
    ArcConfig = @{
        Properties = @{ ArcTrustedSealers = 'Words' }
        # Get returns nothing while no sealer is trusted, and may join them with commas.
        Get = {
            $sealers = Get-ArcConfig -ErrorAction Stop | ForEach-Object { $_.ArcTrustedSealers } |
                ForEach-Object { ([string] $_) -split ',' } | Where-Object { $_ }
            New-Object -TypeName PSObject -Property @{ ArcTrustedSealers = @($sealers) }
        }
        # The cmdlet replaces the list. A space empties it.
        Set = {
            param ($Values)
            $sealers = @($Values.ArcTrustedSealers | Where-Object { $_ })
            if ($sealers.Count -eq 0) { $sealers = ' ' }
            Set-ArcConfig -Identity Default -ArcTrustedSealers $sealers -Confirm:$false -ErrorAction Stop
        }
    }
    OrganizationConfig = @{
        Properties = @{
            RejectDirectSend = 'Flag'
            AuditDisabled = 'Flag'
            SendFromAliasEnabled = 'Flag'
            MessageRecallEnabled = 'Flag'
            RecallReadMessagesEnabled = 'Flag'
            DisablePlusAddressInRecipients = 'Flag'
        }
        Get = { Get-OrganizationConfig -ErrorAction Stop }
        # One setting a call: the parameters belong to sets that exclude each other.
        Set = {
            param ($Values)
            foreach ($name in $Values.Keys) {
                $one = @{ $name = $Values[$name] }
                Set-OrganizationConfig @one -Confirm:$false -ErrorAction Stop
            }
        }
    }
    AdminAuditLogConfig = @{
        Properties = @{ UnifiedAuditLogIngestionEnabled = 'Flag' }
        Get = { Get-AdminAuditLogConfig -ErrorAction Stop }
        Set = { param ($Values) Set-AdminAuditLogConfig @Values -Confirm:$false -ErrorAction Stop }
    }
    # The default policy, which everybody has who was given no other.
    SharingPolicy = @{
        Properties = @{ Domains = 'Words' }
        Merges = @('Domains')
        Get = { Get-SharingPolicy -ErrorAction Stop | Where-Object -Property Default -EQ -Value $true }
        Set = {
            param ($Values, $Object)
            Set-SharingPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
    }
    # There is one, which the service makes. The safe list is reserved for Microsoft: it is looked at alone.
    HostedConnectionFilterPolicy = @{
        Properties = @{
            IPAllowList = 'Words'
        }
        ReadOnly = @{ EnableSafeList = 'Flag' }
        # One list may not mix addresses and networks when it replaces another.
        Merges = @('IPAllowList')
        Get = {
            Get-HostedConnectionFilterPolicy -ErrorAction Stop |
                Where-Object -Property IsDefault -EQ -Value $true
        }
        Set = {
            param ($Values, $Object)
            Set-HostedConnectionFilterPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
    }
    # New and Remove have no -Confirm.
    QuarantinePolicy = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            EndUserQuarantinePermissionsValue = 'Number'
            ESNEnabled = 'Flag'
        }
        Bits = @{
            EndUserQuarantinePermissionsValue = @{
                Shown = 'EndUserQuarantinePermissions'
                Parts = @{
                    PermissionToViewHeader = 128
                    PermissionToDownload = 64
                    PermissionToAllowSender = 32
                    PermissionToBlockSender = 16
                    PermissionToRequestRelease = 8
                    PermissionToRelease = 4
                    PermissionToPreview = 2
                    PermissionToDelete = 1
                }
            }
        }
        Get = { Get-QuarantinePolicy -ErrorAction Stop }
        New = { param ($Values) New-QuarantinePolicy @Values -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-QuarantinePolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = { param ($Object) Remove-QuarantinePolicy -Identity $Object.Guid -ErrorAction Stop }
    }
    HostedContentFilterPolicy = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            BulkThreshold = 'Number'
            MarkAsSpamBulkMail = 'Word'
            SpamAction = 'Word'
            SpamQuarantineTag = 'Word'
            HighConfidenceSpamAction = 'Word'
            HighConfidenceSpamQuarantineTag = 'Word'
            PhishSpamAction = 'Word'
            PhishQuarantineTag = 'Word'
            HighConfidencePhishAction = 'Word'
            HighConfidencePhishQuarantineTag = 'Word'
            BulkSpamAction = 'Word'
            BulkQuarantineTag = 'Word'
            QuarantineRetentionPeriod = 'Number'
            InlineSafetyTipsEnabled = 'Flag'
            PhishZapEnabled = 'Flag'
            SpamZapEnabled = 'Flag'
            IntraOrgFilterState = 'Word'
            AllowedSenders = 'Words'
            AllowedSenderDomains = 'Words'
        }
        Get = { Get-HostedContentFilterPolicy -ErrorAction Stop }
        New = { param ($Values) New-HostedContentFilterPolicy @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-HostedContentFilterPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = {
            param ($Object)
            Remove-HostedContentFilterPolicy -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
    }
    HostedContentFilterRule = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            Enabled = 'Flag'
            Priority = 'Number'
            HostedContentFilterPolicy = 'Word'
            RecipientDomainIs = 'Words'
            SentTo = 'Words'
            SentToMemberOf = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            ExceptIfSentTo = 'Words'
            ExceptIfSentToMemberOf = 'Words'
        }
        Get = { Get-HostedContentFilterRule -ErrorAction Stop }
        New = { param ($Values) New-HostedContentFilterRule @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-HostedContentFilterRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = {
            param ($Object)
            Enable-HostedContentFilterRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
        Disable = {
            param ($Object)
            Disable-HostedContentFilterRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
        Remove = {
            param ($Object)
            Remove-HostedContentFilterRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
    }
    MalwareFilterPolicy = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            EnableFileFilter = 'Flag'
            FileTypeAction = 'Word'
            ZapEnabled = 'Flag'
            QuarantineTag = 'Word'
            EnableInternalSenderAdminNotifications = 'Flag'
            InternalSenderAdminAddress = 'Word'
            EnableExternalSenderAdminNotifications = 'Flag'
            ExternalSenderAdminAddress = 'Word'
        }
        Get = { Get-MalwareFilterPolicy -ErrorAction Stop }
        New = { param ($Values) New-MalwareFilterPolicy @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-MalwareFilterPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = { param ($Object) Remove-MalwareFilterPolicy -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    MalwareFilterRule = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            Enabled = 'Flag'
            Priority = 'Number'
            MalwareFilterPolicy = 'Word'
            RecipientDomainIs = 'Words'
            SentTo = 'Words'
            SentToMemberOf = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            ExceptIfSentTo = 'Words'
            ExceptIfSentToMemberOf = 'Words'
        }
        Get = { Get-MalwareFilterRule -ErrorAction Stop }
        New = { param ($Values) New-MalwareFilterRule @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-MalwareFilterRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = { param ($Object) Enable-MalwareFilterRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Disable = { param ($Object) Disable-MalwareFilterRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Remove = { param ($Object) Remove-MalwareFilterRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    AntiPhishPolicy = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            EnableSpoofIntelligence = 'Flag'
            HonorDmarcPolicy = 'Flag'
            DmarcQuarantineAction = 'Word'
            DmarcRejectAction = 'Word'
            AuthenticationFailAction = 'Word'
            SpoofQuarantineTag = 'Word'
            EnableFirstContactSafetyTips = 'Flag'
            EnableUnauthenticatedSender = 'Flag'
            EnableViaTag = 'Flag'
            PhishThresholdLevel = 'Number'
            EnableTargetedUserProtection = 'Flag'
            TargetedUsersToProtect = 'Words'
            TargetedUserProtectionAction = 'Word'
            EnableOrganizationDomainsProtection = 'Flag'
            EnableTargetedDomainsProtection = 'Flag'
            TargetedDomainProtectionAction = 'Word'
            EnableMailboxIntelligence = 'Flag'
            EnableMailboxIntelligenceProtection = 'Flag'
            MailboxIntelligenceProtectionAction = 'Word'
            EnableSimilarUsersSafetyTips = 'Flag'
            EnableSimilarDomainsSafetyTips = 'Flag'
            EnableUnusualCharactersSafetyTips = 'Flag'
        }
        Together = @(, @('EnableTargetedUserProtection', 'TargetedUsersToProtect'))
        Get = { Get-AntiPhishPolicy -ErrorAction Stop }
        New = { param ($Values) New-AntiPhishPolicy @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-AntiPhishPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = { param ($Object) Remove-AntiPhishPolicy -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    AntiPhishRule = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            Enabled = 'Flag'
            Priority = 'Number'
            AntiPhishPolicy = 'Word'
            RecipientDomainIs = 'Words'
            SentTo = 'Words'
            SentToMemberOf = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            ExceptIfSentTo = 'Words'
            ExceptIfSentToMemberOf = 'Words'
        }
        Get = { Get-AntiPhishRule -ErrorAction Stop }
        New = { param ($Values) New-AntiPhishRule @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-AntiPhishRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = { param ($Object) Enable-AntiPhishRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Disable = { param ($Object) Disable-AntiPhishRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Remove = { param ($Object) Remove-AntiPhishRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    SafeAttachmentPolicy = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            Enable = 'Flag'
            Action = 'Word'
            Redirect = 'Flag'
            QuarantineTag = 'Word'
        }
        Together = @(, @('Action', 'Redirect'))
        Get = { Get-SafeAttachmentPolicy -ErrorAction Stop }
        New = { param ($Values) New-SafeAttachmentPolicy @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-SafeAttachmentPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = {
            param ($Object)
            Remove-SafeAttachmentPolicy -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
    }
    SafeAttachmentRule = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            Enabled = 'Flag'
            Priority = 'Number'
            SafeAttachmentPolicy = 'Word'
            RecipientDomainIs = 'Words'
            SentTo = 'Words'
            SentToMemberOf = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            ExceptIfSentTo = 'Words'
            ExceptIfSentToMemberOf = 'Words'
        }
        Get = { Get-SafeAttachmentRule -ErrorAction Stop }
        New = { param ($Values) New-SafeAttachmentRule @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-SafeAttachmentRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = { param ($Object) Enable-SafeAttachmentRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Disable = {
            param ($Object)
            Disable-SafeAttachmentRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
        Remove = { param ($Object) Remove-SafeAttachmentRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    SafeLinksPolicy = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            EnableSafeLinksForEmail = 'Flag'
            EnableSafeLinksForTeams = 'Flag'
            EnableSafeLinksForOffice = 'Flag'
            EnableForInternalSenders = 'Flag'
            ScanUrls = 'Flag'
            DeliverMessageAfterScan = 'Flag'
            DisableUrlRewrite = 'Flag'
            TrackClicks = 'Flag'
            AllowClickThrough = 'Flag'
        }
        Get = { Get-SafeLinksPolicy -ErrorAction Stop }
        New = { param ($Values) New-SafeLinksPolicy @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-SafeLinksPolicy -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Remove = { param ($Object) Remove-SafeLinksPolicy -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    SafeLinksRule = @{
        Key = 'Name'
        Parameter = 'Name'
        Adopt = $true
        Properties = @{
            Enabled = 'Flag'
            Priority = 'Number'
            SafeLinksPolicy = 'Word'
            RecipientDomainIs = 'Words'
            SentTo = 'Words'
            SentToMemberOf = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            ExceptIfSentTo = 'Words'
            ExceptIfSentToMemberOf = 'Words'
        }
        Get = { Get-SafeLinksRule -ErrorAction Stop }
        New = { param ($Values) New-SafeLinksRule @Values -Confirm:$false -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-SafeLinksRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = { param ($Object) Enable-SafeLinksRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Disable = { param ($Object) Disable-SafeLinksRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
        Remove = { param ($Object) Remove-SafeLinksRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop }
    }
    AtpPolicyForO365 = @{
        Properties = @{
            EnableATPForSPOTeamsODB = 'Flag'
            EnableSafeDocs = 'Flag'
            AllowSafeDocsOpen = 'Flag'
        }
        Get = { Get-AtpPolicyForO365 -ErrorAction Stop }
        Set = { param ($Values) Set-AtpPolicyForO365 -Identity Default @Values -Confirm:$false -ErrorAction Stop }
    }
    # They stand there once somebody has turned the preset on in the portal: nothing makes or removes them.
    EOPProtectionPolicyRule = @{
        Key = 'Name'
        Properties = @{
            Enabled = 'Flag'
            RecipientDomainIs = 'Words'
            SentTo = 'Words'
            SentToMemberOf = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            ExceptIfSentTo = 'Words'
            ExceptIfSentToMemberOf = 'Words'
        }
        Get = { Get-EOPProtectionPolicyRule -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-EOPProtectionPolicyRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = {
            param ($Object)
            Enable-EOPProtectionPolicyRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
        Disable = {
            param ($Object)
            Disable-EOPProtectionPolicyRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
    }
    ATPProtectionPolicyRule = @{
        Key = 'Name'
        Properties = @{
            Enabled = 'Flag'
            RecipientDomainIs = 'Words'
            SentTo = 'Words'
            SentToMemberOf = 'Words'
            ExceptIfRecipientDomainIs = 'Words'
            ExceptIfSentTo = 'Words'
            ExceptIfSentToMemberOf = 'Words'
        }
        Get = { Get-ATPProtectionPolicyRule -ErrorAction Stop }
        Set = {
            param ($Values, $Object)
            Set-ATPProtectionPolicyRule -Identity $Object.Guid @Values -Confirm:$false -ErrorAction Stop
        }
        Enable = {
            param ($Object)
            Enable-ATPProtectionPolicyRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
        Disable = {
            param ($Object)
            Disable-ATPProtectionPolicyRule -Identity $Object.Guid -Confirm:$false -ErrorAction Stop
        }
    }
}

# What a step and a hold consist of. Anything else in a script is not the plan.
$script:StepParts = @(
    'Id'; 'Phase'; 'Noun'; 'Name'; 'Owner'; 'Ends'; 'Creates'; 'Given'; 'New'; 'Set'; 'Add'; 'Expect'; 'Includes'
    'Needs'; 'Keep'; 'Tell'; 'Text'; 'Back'; 'Records'; 'Looks'; 'Since'
)

# The service may lag behind a write: seconds to wait before each look at what was written.
$script:Patience = 0, 1, 2, 4, 8

# The PowerShell that ExchangeOnlineManagement needs from a version on. Windows PowerShell 5.1 does for all.
$script:Pairs = @(
    @{ Module = '3.10.0'; Shell = '7.6' }
    @{ Module = '3.5.0'; Shell = '7.4' }
    @{ Module = '3.0.0'; Shell = '7.2' }
)

# A service that is too busy is asked again: seconds to wait before each time, and then no more.
$script:BackOff = 10, 30, 60, 120
$script:Busy = 'throttl|too many requests|server is (too )?busy|micro delay|\(429\)'

# --- One run ----------------------------------------------------------------------

function Invoke-PlanRun {
    <#
    .SYNOPSIS
        Carries out one script of the pack: compares its steps with the plan, then does its work.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [ValidateSet('preflight', 'snapshot', 'apply', 'verify', 'rollback')]
        [string] $Script,
        [Parameter(Mandatory = $true)] [string] $Plan, # the fingerprint that the script was rendered for
        [Parameter(Mandatory = $true)] [hashtable[]] $Step,
        [string] $LogDirectory,
        # A module does not see -WhatIf and -Confirm of the script: they come by name, once.
        [bool] $DryRun = $true,
        [bool] $Ask = $true,
        [string] $ApprovedPlan = $Plan,
        [string] $Phase,
        [string[]] $OnlyStep,
        [string[]] $Adopt,
        [string[]] $Acknowledge,
        [string[]] $Release,
        [string[]] $Retire,
        [string[]] $DnsServer
    )
    $script:Cache = @{}
    $script:Run = @{
        Script = $Script; Plan = $Plan; Phase = $Phase; DryRun = $DryRun; Ask = $Ask; OnlyStep = $OnlyStep
        DnsServer = $DnsServer; Adopt = $Adopt; Acknowledge = @{}; Release = @{}; Retire = @{}
        Log = ''; Lock = ''; Code = 0; Current = 'RUN'; Results = @(); Finished = $false
        Undone = 0; Unknown = @(); Pretended = @(); Stamp = (Get-Date -Format 'yyyyMMdd-HHmmss-fff')
    }
    try {
        Open-PlanRun -ApprovedPlan $ApprovedPlan -Step $Step -LogDirectory $LogDirectory
        Read-PlanNaming -Acknowledge $Acknowledge -Release $Release -Retire $Retire
        $entries = @(Select-PlanEntry)
        Assert-PlanConnection
        Lock-PlanLog
        Write-PlanJournal -Id 'RUN' -Outcome 'Started' -Detail $script:Run.Account
        switch ($Script) {
            'preflight' { Invoke-PlanPreflight }
            'snapshot' { Save-PlanSnapshot }
            'apply' {
                Assert-PlanReady -Entries $entries
                Add-PlanRetired
                Test-PlanLeftover
                foreach ($entry in $entries) { Invoke-PlanEntry -Entry $entry }
            }
            'verify' {
                foreach ($entry in $entries) { Test-PlanEntry -Entry $entry }
                Test-PlanLeftover
            }
            'rollback' {
                Assert-PlanReady -Entries $entries
                foreach ($entry in $entries) { Undo-PlanEntry -Entry $entry -Entries $entries }
                Assert-PlanUndone
            }
        }
        $script:Run.Finished = $true
    } catch {
        if ($script:Run.Code -lt 10) { $script:Run.Code = 20 }
        Write-PlanRow -Id $script:Run.Current -Outcome 'Stopped' -Detail ([string] $_)
    } finally {
        Save-PlanResult
        if ($script:Run.Lock) { Remove-Item -LiteralPath $script:Run.Lock }
    }
}

function Get-PlanExitCode {
    <#
    .SYNOPSIS
        Returns the exit code of the run: 0, 2, 10, 11, 12, 20, 21, 22, 30 or 31.
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param ()
    return $script:Run.Code
}

# Open-PlanRun refuses a plan that is not the approved one and a script that says other than
# the plan. Nothing is read from the tenant before.
function Open-PlanRun {
    [CmdletBinding()]
    param ([string] $ApprovedPlan, [hashtable[]] $Step, [string] $LogDirectory)
    $pack = Split-Path -Path $PSScriptRoot -Parent
    $path = Join-Path -Path $pack -ChildPath 'plan.json'
    $hash = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash
    if ($hash -ne $script:Run.Plan -or $hash -ne $ApprovedPlan) {
        Exit-PlanRun -Code 12 -Reason ('The approved plan is not the plan of this pack, {0}.' -f $hash.ToLower())
    }
    $script:Run.Document = Get-Content -LiteralPath $path -Raw -Encoding UTF8 | ConvertFrom-Json
    $script:Run.Steps = @($script:Run.Document.steps)
    Assert-PlanScript -Step $Step
    $script:Run.Pack = $pack
    Assert-PlanFile

    if (-not $LogDirectory) {
        $beside = Join-Path -Path (Split-Path -Path $pack -Parent) -ChildPath 'exoplan-records'
        $LogDirectory = Join-Path -Path $beside -ChildPath $script:Run.Document.tenant.id
    }
    $null = New-Item -Path $LogDirectory -ItemType Directory -Force
    $full = (Resolve-Path -LiteralPath $LogDirectory).ProviderPath
    $root = (Resolve-Path -LiteralPath $pack).ProviderPath
    if (($full + '/').Replace('\', '/').ToLower().StartsWith(($root + '/').Replace('\', '/').ToLower())) {
        Exit-PlanRun -Code 10 -Reason 'The log folder may not lie inside a pack: records outlive it.'
    }
    $script:Run.Log = $full
    Import-PlanRecord
}

# Lock-PlanLog keeps two runs that change something from working over one log folder. What a run left
# that was killed on this machine is taken over.
function Lock-PlanLog {
    [CmdletBinding()]
    param ()
    if ($script:Run.DryRun) { return }
    $path = Join-Path -Path $script:Run.Log -ChildPath 'run.lock'
    $machine = [string] $env:COMPUTERNAME
    if (Test-Path -LiteralPath $path) {
        $words = @(([string] (Get-Content -LiteralPath $path -TotalCount 1)) -split ' ', 3) + '', '', ''
        $here = $words[1] -eq "on:$machine" -and $words[0] -match '^[0-9]+$'
        if (-not $here -or (Get-Process -Id $words[0] -ErrorAction SilentlyContinue)) {
            $text = 'Another run is at work over this log folder: process {0} {1} {2}. If it is not, remove {3}.'
            Exit-PlanRun -Code 10 -Reason ($text -f $words[0], $words[1], $words[2], $path)
        }
        Write-PlanRow -Id 'RUN' -Outcome 'Found' -Detail ('a run that did not end: process {0}' -f $words[0])
        Remove-Item -LiteralPath $path
    }
    $text = '{0} on:{1} since {2}' -f $PID, $machine, (Get-Date -Format 'yyyy-MM-dd HH:mm')
    # It fails where another run has made the file in the meantime.
    $null = New-Item -Path $path -ItemType File -Value $text
    $script:Run.Lock = $path
}

# Assert-PlanFile refuses a pack whose plan or scripts are not those that SHA256SUMS lists. Documents
# may bear notes.
function Assert-PlanFile {
    [CmdletBinding()]
    param ()
    $edited = @(Get-PlanEdited -Like 'exchange-online/*')
    if ($edited.Count -eq 0) { return }
    $text = 'Not as rendered, by SHA256SUMS: {0}. A change of line ends counts, a signature does not.'
    Exit-PlanRun -Code 12 -Reason ($text -f ($edited -join ', '))
}

# Get-PlanEdited returns the paths of the files that are missing or not what SHA256SUMS says.
function Get-PlanEdited {
    [CmdletBinding()]
    [OutputType([string[]])]
    param ([string] $Like = '*')
    $sums = Join-Path -Path $script:Run.Pack -ChildPath 'SHA256SUMS'
    if (-not (Test-Path -LiteralPath $sums)) { Exit-PlanRun -Code 12 -Reason 'The pack has no SHA256SUMS.' }
    foreach ($line in @(Get-Content -LiteralPath $sums -Encoding UTF8)) {
        if ($line -notmatch '^(?<sum>[0-9a-f]{64}) [ *](?<path>.+)$') { continue }
        $sum = $Matches.sum
        $path = $Matches.path
        if ($path -notlike $Like) { continue }
        $file = Join-Path -Path $script:Run.Pack -ChildPath $path
        if (Test-Path -LiteralPath $file -PathType Leaf) {
            if ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -eq $sum) { continue }
            if (Test-PlanSigned -Path $file -Sum $sum) { continue }
        }
        $path
    }
}

# Test-PlanSigned says whether a script is the one of this sum with a signature behind it. What was
# signed is hashed as a file of its own: a text cannot be hashed in Constrained Language Mode. Some
# tools put a line end before the block.
function Test-PlanSigned {
    [CmdletBinding()]
    [OutputType([bool])]
    param ([string] $Path, [string] $Sum)
    $block = '# SIG # Begin signature block\r?\n(# [A-Za-z0-9+/=]+\r?\n)*# SIG # End signature block[\r\n]*\z'
    $text = Get-Content -LiteralPath $Path -Raw -Encoding UTF8
    if ($Path -notmatch '\.ps[dm]?1$' -or $text -cnotmatch ('(?s)\A(?<body>.*\n)' + $block)) { return $false }
    $body = $Matches.body
    if ($body -match '[^\x00-\x7f]') { return $false }
    $file = New-TemporaryFile
    try {
        foreach ($signed in $body, ($body -replace '\r\n\z'), ($body -replace '\n\z')) {
            Set-Content -LiteralPath $file.FullName -Value $signed -Encoding Ascii -NoNewline
            if ((Get-FileHash -LiteralPath $file.FullName -Algorithm SHA256).Hash -eq $Sum) { return $true }
        }
    } finally {
        Remove-Item -LiteralPath $file.FullName
    }
    return $false
}

# Assert-PlanScript compares the steps of the script with the plan: all of them, in their order,
# every part. A rollback has them in reverse.
function Assert-PlanScript {
    [CmdletBinding()]
    param ([hashtable[]] $Step)
    $planned = @($script:Run.Steps)
    if ($script:Run.Script -eq 'rollback') { $planned = @($planned[($planned.Count - 1)..0]) }
    for ($i = 0; $i -lt $planned.Count -or $i -lt $Step.Count; $i++) {
        $id = 'after the last step'
        if ($i -lt $planned.Count) { $id = $planned[$i].id }
        $both = $i -lt $planned.Count -and $i -lt $Step.Count
        if (-not $both -or -not (Test-PlanSame -Planned (ConvertTo-PlanEntry -Planned $planned[$i]) -Value $Step[$i])) {
            Exit-PlanRun -Code 12 -Reason ('{0}: the script says other than the approved plan.' -f $id)
        }
    }
}

# ConvertTo-PlanEntry makes of a step of plan.json what the script must say of it.
function ConvertTo-PlanEntry {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Planned)
    $names = $script:StepParts
    $entry = @{}
    if ($Planned.PSObject.Properties['open']) {
        $names = 'Id', 'Phase'
        $entry.Held = $Planned.open
    }
    foreach ($name in $names) {
        $property = $Planned.PSObject.Properties[$name]
        if ($property) { $entry[$name] = $property.Value }
    }
    return $entry
}

# Test-PlanSame compares a list or a mapping of a script with the plan, as ConvertFrom-Json reads it: to
# the letter, a number with a number. Most values are none of both, and a call for each would take long.
function Test-PlanSame {
    [CmdletBinding()]
    [OutputType([bool])]
    param ($Planned, $Value)
    $list = $Value -is [array]
    if ($list -ne ($Planned -is [array])) { return $false }
    if ($list) {
        $keys = @(if ($Value.Count) { 0..($Value.Count - 1) })
        $count = $Planned.Count
    } else {
        if ($Value -isnot [hashtable]) { return $false }
        $keys = @($Value.Keys)
        if ($Planned -isnot [hashtable]) {
            $map = @{}
            foreach ($property in $Planned.PSObject.Properties) { $map[$property.Name] = $property.Value }
            $Planned = $map
        }
        $count = $Planned.Count
    }
    if ($keys.Count -ne $count) { return $false }
    foreach ($key in $keys) {
        if (-not $list -and -not $Planned.ContainsKey($key)) { return $false }
        $want = $Planned[$key]
        $have = $Value[$key]
        if ($null -eq $want -or $null -eq $have) {
            if ($null -ne $want -or $null -ne $have) { return $false }
        } elseif ($have -is [string]) {
            if ($want -isnot [string] -or $want -cne $have) { return $false }
        } elseif ($have -is [bool]) {
            if ($want -isnot [bool] -or $want -ne $have) { return $false }
        } elseif ($have -is [int] -or $have -is [long]) {
            if (($want -isnot [int] -and $want -isnot [long]) -or $want -ne $have) { return $false }
        } elseif (-not (Test-PlanSame -Planned $want -Value $have)) {
            return $false
        }
    }
    return $true
}

# Read-PlanNaming reads what people name: 'HOLD-510=name; reason'.
function Read-PlanNaming {
    [CmdletBinding()]
    param ([string[]] $Acknowledge, [string[]] $Release, [string[]] $Retire)
    $given = @{ Acknowledge = $Acknowledge; Release = $Release; Retire = $Retire }
    foreach ($kind in $given.Keys) {
        foreach ($text in @($given[$kind] | Where-Object { $_ })) {
            if ($text -notmatch '^(?<id>[^=]+)=\s*(?<who>[^;]*[^;\s])\s*;\s*(?<why>.*\S)\s*$') {
                Exit-PlanRun -Code 10 -Reason ("-{0} takes 'ID=name; reason', not '{1}'." -f $kind, $text)
            }
            $script:Run[$kind][$Matches.id.Trim()] = '{0}; {1}' -f $Matches.who, $Matches.why
        }
    }
    foreach ($id in @($script:Run.Acknowledge.Keys) + @($script:Run.Release.Keys)) {
        if (-not ($script:Run.Steps | Where-Object -Property id -EQ -Value $id)) {
            Exit-PlanRun -Code 10 -Reason ('The plan has no {0}.' -f $id)
        }
    }
    foreach ($name in @($script:Run.Adopt | Where-Object { $_ })) {
        if (-not ($script:Run.Steps | Where-Object { $_.PSObject.Properties['name'] -and $_.name -eq $name })) {
            Exit-PlanRun -Code 10 -Reason ("-Adopt: the plan names no object '{0}'." -f $name)
        }
    }
}

# Select-PlanEntry returns what this run is to do, in its order. A hold is never deselected.
function Select-PlanEntry {
    [CmdletBinding()]
    [OutputType([object[]])]
    param ()
    $entries = @($script:Run.Steps)
    if ($script:Run.Script -eq 'rollback') { $entries = @($entries[($entries.Count - 1)..0]) }
    if ($script:Run.Phase -and $script:Run.Script -eq 'verify') {
        $entries = @($entries | Where-Object { $_.phase -le $script:Run.Phase })
    } elseif ($script:Run.Phase) {
        $entries = @($entries | Where-Object { $_.phase -eq $script:Run.Phase })
    }
    if ($entries.Count -eq 0) {
        Exit-PlanRun -Code 10 -Reason ('The plan has no step in phase {0}.' -f $script:Run.Phase)
    }
    $only = @($script:Run.OnlyStep | Where-Object { $_ })
    foreach ($id in $only) {
        if (@($entries | ForEach-Object { $_.id }) -notcontains $id) {
            Exit-PlanRun -Code 10 -Reason ('The plan has no step {0} here.' -f $id)
        }
    }
    if ($only.Count -eq 0) { return $entries }
    $last = 0
    for ($i = 0; $i -lt $entries.Count; $i++) { if ($only -contains $entries[$i].id) { $last = $i } }
    return @($entries[0..$last] | Where-Object { $_.kind -eq 'hold' -or $only -contains $_.id })
}

# Assert-PlanConnection: all connections count, for the cmdlets of a compliance session can
# shadow those of Exchange Online.
function Assert-PlanConnection {
    [CmdletBinding()]
    param ()
    if (Get-Command -Name Get-ExchangeServer -ErrorAction SilentlyContinue) {
        $text = 'The Exchange Management Shell is loaded: its cmdlets have the same names. Open a fresh session.'
        Exit-PlanRun -Code 10 -Reason $text
    }
    $found = @(Get-ConnectionInformation -ErrorAction Stop | Where-Object { [string] $_.State -eq 'Connected' })
    if ($found.Count -ne 1 -or $found[0].IsEopSession) {
        $text = 'One connection to Exchange Online and no other is needed; there are {0}. ' +
        'Open a fresh session and use Connect-ExchangeOnline.'
        Exit-PlanRun -Code 10 -Reason ($text -f $found.Count)
    }
    $tenant = [string] $script:Run.Document.tenant.id
    if ([string] $found[0].TenantID -ne $tenant) {
        Exit-PlanRun -Code 11 -Reason ('Connected to tenant {0}, not to {1}.' -f $found[0].TenantID, $tenant)
    }
    # Who signs in with a certificate is an application.
    $script:Run.Account = [string] $found[0].UserPrincipalName
    if (-not $script:Run.Account) { $script:Run.Account = [string] $found[0].AppId }
    $prefix = $found[0].PSObject.Properties['ModulePrefix']
    if ($prefix -and $prefix.Value) {
        $text = 'The session was opened with -Prefix {0}, so its cmdlets have other names. Open one without.'
        Exit-PlanRun -Code 10 -Reason ($text -f $prefix.Value)
    }
}

function Exit-PlanRun {
    [CmdletBinding()]
    param ([int] $Code, [string] $Reason)
    $script:Run.Code = $Code
    throw $Reason
}

# Write-PlanRow tells the outcome of one step, and journals it.
function Write-PlanRow {
    [CmdletBinding()]
    param ([string] $Id, [string] $Outcome, [string] $Detail)
    $row = New-Object -TypeName PSObject -Property @{ Id = $Id; Outcome = $Outcome; Detail = $Detail }
    $script:Run.Results += $row
    Write-Output -InputObject ('{0,-9} {1}  {2}' -f $Outcome, $Id, $Detail)
    Write-PlanJournal -Id $Id -Outcome $Outcome -Detail $Detail
}

function Write-PlanJournal {
    [CmdletBinding()]
    param ([string] $Id, [string] $Outcome, [string] $Detail)
    if (-not $script:Run.Log) { return }
    $line = New-Object -TypeName PSObject -Property @{
        Time = (Get-Date -Format 'yyyy-MM-ddTHH:mm:sszzz'); Script = $script:Run.Script
        Plan = $script:Run.Plan; Phase = $script:Run.Phase; DryRun = $script:Run.DryRun
        Id = $Id; Outcome = $Outcome; Detail = $Detail
    }
    if ($script:Run.ContainsKey('Journal')) { $script:Run.Journal += $line }
    $path = Join-Path -Path $script:Run.Log -ChildPath 'journal.jsonl'
    ConvertTo-Json -InputObject $line -Compress | Add-Content -LiteralPath $path -Encoding UTF8
}

# Get-PlanJournal returns what was really done under this plan: lines of apply and rollback
# that were no dry run. The file is read once.
function Get-PlanJournal {
    [CmdletBinding()]
    param ()
    if (-not $script:Run.ContainsKey('Journal')) {
        $path = Join-Path -Path $script:Run.Log -ChildPath 'journal.jsonl'
        $lines = @()
        if (Test-Path -LiteralPath $path) {
            $lines = foreach ($text in @(Get-Content -LiteralPath $path -Encoding UTF8)) {
                if (-not $text.Contains($script:Run.Plan)) { continue }
                try {
                    ConvertFrom-Json -InputObject $text
                } catch {
                    Write-Warning -Message 'A line of the journal is torn.'
                }
            }
        }
        $script:Run.Journal = @($lines)
    }
    foreach ($line in $script:Run.Journal) {
        if ($line.DryRun -or 'apply', 'rollback' -notcontains $line.Script) { continue }
        $line
    }
}

# Get-PlanPassed returns who passed a hold under this plan, the last word; nothing when nobody did,
# or when the phase has gone the other way since.
function Get-PlanPassed {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Id, [string] $By = 'apply')
    $phase = ($script:Run.Steps | Where-Object -Property id -EQ -Value $Id).phase
    $passed = ''
    foreach ($line in @(Get-PlanJournal)) {
        if ($line.Id -eq $Id -and $line.Outcome -eq 'Passed' -and $line.Script -eq $By) { $passed = $line.Detail }
        $done = 'Changed', 'Undone' -contains $line.Outcome
        if ($done -and $line.Phase -eq $phase -and $line.Script -ne $By) { $passed = '' }
    }
    return $passed
}

# Save-PlanResult writes the result of the run for machines. Finished is false when the run was
# stopped, even where the exit code says nothing of it.
function Save-PlanResult {
    [CmdletBinding()]
    param ()
    if (-not $script:Run.Log) { return }
    $result = New-Object -TypeName PSObject -Property @{
        Script = $script:Run.Script; Plan = $script:Run.Plan; Phase = $script:Run.Phase
        DryRun = $script:Run.DryRun; ExitCode = $script:Run.Code; Finished = $script:Run.Finished
        Steps = @($script:Run.Results)
    }
    $name = '{0}-{1}.json' -f $script:Run.Script, $script:Run.Stamp
    $path = Join-Path -Path $script:Run.Log -ChildPath $name
    ConvertTo-Json -InputObject $result -Depth 5 | Set-Content -LiteralPath $path -Encoding UTF8
}

# Confirm-PlanChange is the one gate: false means that nothing may be written.
function Confirm-PlanChange {
    [CmdletBinding()]
    [OutputType([bool])]
    param ([string] $Id, [string] $Action)
    if ($script:Run.DryRun) { return $false }
    if ($script:Run.Ask -and (Read-Host -Prompt ('{0}: {1} [y/n]' -f $Id, $Action)) -ne 'y') {
        Exit-PlanRun -Code 20 -Reason ('Declined: {0}.' -f $Action)
    }
    return $true
}

# --- Objects and values -------------------------------------------------------------

# Invoke-PlanTenant calls a piece of the table, again and later where the service is too busy. It did
# nothing then; after any other error nobody knows, so that is where the run stops.
function Invoke-PlanTenant {
    [CmdletBinding()]
    [OutputType([object[]])]
    param ([scriptblock] $Call, $Value, $Object)
    foreach ($seconds in $script:BackOff) {
        try {
            $answer = @(& $Call $Value $Object)
            return $answer
        } catch {
            if ([string] $_ -notmatch $script:Busy) { throw }
            Write-Warning -Message ('The service is busy; again in {0} seconds. {1}' -f $seconds, $_)
        }
        Start-Sleep -Seconds $seconds
    }
    & $Call $Value $Object
}

# Read-PlanNoun lists the objects of a noun, once until something of it is written; where the service
# answers for one name at a time, the object of that name.
function Read-PlanNoun {
    [CmdletBinding()]
    param ([string] $Noun, [string] $Name)
    $source = $Noun
    if ($script:Nouns[$Noun].ContainsKey('Source')) { $source = $script:Nouns[$Noun].Source }
    if (-not $script:Nouns[$source].ContainsKey('Asked')) { $Name = '' }
    if (-not $script:Cache.ContainsKey($source)) { $script:Cache[$source] = @{} }
    if (-not $script:Cache[$source].ContainsKey($Name)) {
        $all = @(Invoke-PlanTenant -Call $script:Nouns[$source].Get -Value $Name)
        if ($script:Nouns[$source].ContainsKey('Enable')) {
            $enabled = @{ Name = 'Enabled'; Expression = { [string] $_.State -eq 'Enabled' } }
            $all = @($all | Select-Object -Property *, $enabled)
        }
        if ($script:Nouns[$source].ContainsKey('Bits')) {
            $all = @($all | Select-Object -Property *)
            foreach ($object in $all) { Add-PlanBit -Object $object -Bits $script:Nouns[$source].Bits }
        }
        $script:Cache[$source][$Name] = $all
    }
    if ($source -eq $Noun) { return $script:Cache[$source][$Name] }
    & $script:Nouns[$Noun].View $script:Cache[$source][$Name]
}

# Add-PlanBit gives an object the numbers that it shows as text.
function Add-PlanBit {
    [CmdletBinding()]
    param ($Object, [hashtable] $Bits)
    foreach ($name in $Bits.Keys) {
        $text = [string] $Object.PSObject.Properties[$Bits[$name].Shown].Value
        $sum = 0
        foreach ($part in $Bits[$name].Parts.Keys) {
            if ($text -match ('\b{0}: True\b' -f $part)) { $sum += $Bits[$name].Parts[$part] }
        }
        Add-Member -InputObject $Object -NotePropertyName $name -NotePropertyValue $sum -Force
    }
}

function Clear-PlanNoun {
    [CmdletBinding()]
    param ([string] $Noun)
    $script:Cache.Remove($Noun)
    if ($script:Nouns[$Noun].ContainsKey('Source')) { $script:Cache.Remove($script:Nouns[$Noun].Source) }
}

# Find-PlanObject returns the object or nothing. By filter: Get -Identity with a name that does
# not exist returns every object.
function Find-PlanObject {
    [CmdletBinding()]
    [OutputType([object[]])]
    param ([string] $Noun, [string] $Name)
    $all = @(Read-PlanNoun -Noun $Noun -Name $Name)
    if ($Name) {
        $key = $script:Nouns[$Noun].Key
        $all = @($all | Where-Object { [string] $_.$key -eq $Name })
    }
    if ($all.Count -gt 1) { throw ('{0} objects of type {1} are called {2}.' -f $all.Count, $Noun, $Name) }
    $all
}

# ConvertFrom-ServerForm turns what Get returns into what Set accepts: names and addresses come
# with a scheme, a cost, brackets, a space behind a name; texts and patterns come as they are.
function ConvertFrom-ServerForm {
    [CmdletBinding()]
    param ($Value, [string] $Kind)
    if ($null -eq $Value -or $Value -is [bool] -or $Value -is [int] -or $Value -is [long]) { return $Value }
    if ('Size' -eq $Kind) { return ([string] $Value) -replace '^.*\(([0-9,]+) bytes\)$', '$1' -replace ',', '' }
    if ($Value -is [datetime] -or ($Value -is [string] -and 'Words' -ne $Kind)) { return $Value }
    if ('Words' -ne $Kind) { return $Value | ForEach-Object -Process { [string] $_ } }
    $Value | ForEach-Object -Process {
        $text = ([string] $_) -replace '^smtp:(.*);\d+$', '$1' -replace '^\[(.*)\]$', '$1'
        $text -replace '; ?(?=[^;@ ]+@[^;@ ]+$)', ';'
    }
}

# Format-PlanValue: equal text means equal value, as its kind compares. Nothing, an empty list
# and an empty text are equal; nothing and no are not.
function Format-PlanValue {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Value, [string] $Kind)
    $items = ConvertFrom-ServerForm -Value $Value -Kind $Kind
    $items = @($items | ForEach-Object { [string] $_ } | Where-Object { $_ })
    if ('Size' -eq $Kind) { $items = @($items | ForEach-Object { ConvertTo-PlanByte -Text $_ }) }
    if ('Span' -eq $Kind) { $items = @($items | ForEach-Object { ([timespan] $_).Ticks }) }
    if ('Word', 'Words' -contains $Kind) { $items = @($items | ForEach-Object { $_.Trim().ToLower() }) }
    if ('Words', 'Texts' -contains $Kind) { $items = @($items | Sort-Object -Unique -CaseSensitive) }
    return $items -join "`n"
}

# ConvertTo-PlanByte reads 10MB as the number of its bytes; a word such as Unlimited stays.
function ConvertTo-PlanByte {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Text)
    if ($Text -notmatch '^([0-9]+) ?(KB|MB|GB|TB|B)?$') { return $Text.Trim().ToLower() }
    $unit = 1
    if ($Matches.ContainsKey(2)) { $unit = @{ B = 1; KB = 1KB; MB = 1MB; GB = 1GB; TB = 1TB }[$Matches[2]] }
    return [string] ([long] $Matches[1] * $unit)
}

function Get-PlanKind {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Noun, [string] $Property)
    foreach ($part in 'Properties', 'Creation', 'ReadOnly') {
        if ($script:Nouns[$Noun].ContainsKey($part) -and $script:Nouns[$Noun][$part].ContainsKey($Property)) {
            return $script:Nouns[$Noun][$part][$Property]
        }
    }
    if ($script:Nouns[$Noun].ContainsKey('Whole')) {
        foreach ($kind in $script:Nouns[$Noun].Whole.Keys) {
            if ($script:Nouns[$Noun].Whole[$kind] -contains $Property) { return $kind }
        }
    }
    throw ('{0} has no property {1}.' -f $Noun, $Property)
}

# Test-PlanEqual compares two values of a property.
function Test-PlanEqual {
    [CmdletBinding()]
    [OutputType([bool])]
    param ([string] $Noun, [string] $Property, $Now, $Want)
    $kind = Get-PlanKind -Noun $Noun -Property $Property
    if ($kind -eq 'Order') {
        $first = @($Now | Select-Object -First @($Want).Count)
        return ($first -join "`n") -eq (@($Want) -join "`n")
    }
    if ($kind -eq 'Flag' -and ($null -eq $Now) -ne ($null -eq $Want)) { return $false }
    return (Format-PlanValue -Value $Now -Kind $kind) -ceq (Format-PlanValue -Value $Want -Kind $kind)
}

# Get-PlanValue reads the named properties, in the form that Set accepts.
function Get-PlanValue {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ([string] $Noun, $Object, [string[]] $Property)
    $values = @{}
    foreach ($name in $Property) {
        if (-not $Object.PSObject.Properties[$name]) { throw ('The object has no property {0}.' -f $name) }
        $kind = Get-PlanKind -Noun $Noun -Property $name
        $value = ConvertFrom-ServerForm -Value $Object.PSObject.Properties[$name].Value -Kind $kind
        $values[$name] = $null # an empty list is recorded as nothing, which is what empties a list
        if ($null -ne $value) { $values[$name] = $value }
    }
    return $values
}

# Select-PlanDifference returns those of $Want that the object does not have.
function Select-PlanDifference {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ([string] $Noun, $Object, [hashtable] $Want)
    $now = Get-PlanValue -Noun $Noun -Object $Object -Property @($Want.Keys)
    $change = @{}
    foreach ($name in $Want.Keys) {
        $equal = Test-PlanEqual -Noun $Noun -Property $name -Now $now[$name] -Want $Want[$name]
        if (-not $equal) { $change[$name] = $Want[$name] }
    }
    return $change
}

# Test-PlanMember says whether a list holds an item.
function Test-PlanMember {
    [CmdletBinding()]
    [OutputType([bool])]
    param ([string] $Noun, [string] $Property, $List, $Item)
    $kind = (Get-PlanKind -Noun $Noun -Property $Property).Substring(0, 4) # of Words, Word
    $text = Format-PlanValue -Value $Item -Kind $kind
    foreach ($one in @($List)) { if ((Format-PlanValue -Value $one -Kind $kind) -ceq $text) { return $true } }
    return $false
}

# Select-PlanMissing returns, by property, the members of $Add that the list of the object lacks.
function Select-PlanMissing {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ([string] $Noun, $Object, [hashtable] $Add)
    $missing = @{}
    foreach ($name in $Add.Keys) {
        $now = (Get-PlanValue -Noun $Noun -Object $Object -Property $name)[$name]
        $lacks = foreach ($item in $Add[$name]) {
            if (-not (Test-PlanMember -Noun $Noun -Property $name -List $now -Item $item)) { $item }
        }
        if ($lacks) { $missing[$name] = @($lacks) }
    }
    return $missing
}

# Join-PlanMember returns the lists of the object with members added, or without them.
function Join-PlanMember {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ([string] $Noun, $Object, [hashtable] $Member, [switch] $Without)
    $lists = @{}
    foreach ($name in $Member.Keys) {
        $now = @((Get-PlanValue -Noun $Noun -Object $Object -Property $name)[$name] | Where-Object { $_ })
        $lists[$name] = $now + @($Member[$name])
        if ($Without) {
            $lists[$name] = @(foreach ($item in $now) {
                    if (-not (Test-PlanMember -Noun $Noun -Property $name -List $Member[$name] -Item $item)) { $item }
                })
        }
    }
    return $lists
}

# Add-PlanCompanion adds to a change what must be given in the same call.
function Add-PlanCompanion {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ([string] $Noun, [hashtable] $Change, [hashtable] $Want)
    $all = $Change.Clone()
    if ($script:Nouns[$Noun].ContainsKey('Together')) {
        foreach ($group in $script:Nouns[$Noun].Together) {
            if (@($group | Where-Object { $Change.ContainsKey($_) }).Count) {
                foreach ($name in $group) { if ($Want.ContainsKey($name)) { $all[$name] = $Want[$name] } }
            }
        }
    }
    return $all
}

# Write-PlanObject writes values. What has cmdlets of its own for its state goes out of use before
# anything else changes, and comes into use when all else stands.
function Write-PlanObject {
    [CmdletBinding()]
    param ([string] $Noun, $Object, [hashtable] $Values)
    $entry = $script:Nouns[$Noun]
    $rest = $Values.Clone()
    if ($entry.ContainsKey('Enable')) { $rest.Remove('Enabled') }
    $switched = $rest.Count -ne $Values.Count
    if ($entry.ContainsKey('Merges')) {
        foreach ($name in @($entry.Merges | Where-Object { $rest.ContainsKey($_) })) {
            $rest[$name] = Select-PlanComing -Now $Object.$name -Want $rest[$name]
        }
    }
    if ($switched -and -not $Values.Enabled) { $null = Invoke-PlanTenant -Call $entry.Disable -Value $Object }
    if ($rest.Count) { $null = Invoke-PlanTenant -Call $entry.Set -Value $rest -Object $Object }
    if ($switched -and $Values.Enabled) { $null = Invoke-PlanTenant -Call $entry.Enable -Value $Object }
}

# Select-PlanComing says which members come into a list and which go, as a cmdlet takes it.
function Select-PlanComing {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Now, $Want)
    $there = @($Now | Where-Object { $null -ne $_ } | ForEach-Object { [string] $_ })
    $wanted = @($Want | Where-Object { $_ })
    $change = @{
        Add = @($wanted | Where-Object { $there -notcontains $_ })
        Remove = @($there | Where-Object { $wanted -notcontains $_ })
    }
    foreach ($part in 'Add', 'Remove') { if ($change[$part].Count -eq 0) { $change.Remove($part) } }
    return $change
}

# Get-PlanPart returns a part of a step as a table; nothing is an empty one.
function Get-PlanPart {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Entry, [string] $Part)
    $values = @{}
    if ($Entry.PSObject.Properties[$Part]) {
        foreach ($property in $Entry.$Part.PSObject.Properties) { $values[$property.Name] = $property.Value }
    }
    return $values
}

function Get-PlanText {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Entry, [string] $Part)
    if ($Entry.PSObject.Properties[$Part]) { return [string] $Entry.$Part }
    return ''
}

# A step's place in the plan, as text that sorts.
function Get-PlanPlace {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Phase, [string] $Id)
    return '{0} {1}' -f $Phase, ($Id -replace '^[A-Z]+-(\d+).*$', '$1')
}

# --- What earlier runs did ------------------------------------------------------------

# Get-PlanLedger returns what is known of an object, or of all: who of this profile made or
# adopted it, and which steps of which plans have run on it. The files are read once.
function Get-PlanLedger {
    [CmdletBinding()]
    param ([string] $Noun, [string] $Name)
    if (-not $script:Run.ContainsKey('Ledger')) {
        $script:Run.Ledger = @{}
        foreach ($file in @(Get-ChildItem -LiteralPath $script:Run.Log -Filter 'object.*.xml')) {
            $known = Import-Clixml -LiteralPath $file.FullName
            $known.Path = $file.FullName
            if ($known.Profile -ne $script:Run.Document.profile) { continue }
            $script:Run.Ledger[$known.Noun + '/' + $known.Name] = $known
        }
    }
    if ($Noun) { return $script:Run.Ledger[$Noun + '/' + $Name] }
    $script:Run.Ledger.Values
}

function Save-PlanLedger {
    [CmdletBinding()]
    param ([hashtable] $Known)
    $script:Run.Ledger[$Known.Noun + '/' + $Known.Name] = $Known
    Export-Clixml -InputObject $Known -LiteralPath $Known.Path -Depth 5
}

# Add-PlanLedger notes that a step has run on its object, and whether the object is ours.
function Add-PlanLedger {
    [CmdletBinding()]
    param ($Entry, [string] $Origin)
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $known = Get-PlanLedger -Noun $Entry.noun -Name $name
    if (-not $known) {
        $stem = 'object.{0}.{1}' -f $Entry.noun, ($name -replace '[^A-Za-z0-9.-]', '_')
        $path = Join-Path -Path $script:Run.Log -ChildPath ($stem + '.xml')
        for ($i = 2; Test-Path -LiteralPath $path; $i++) {
            $path = Join-Path -Path $script:Run.Log -ChildPath ('{0}-{1}.xml' -f $stem, $i)
        }
        $known = @{
            Profile = $script:Run.Document.profile; Noun = $Entry.noun; Name = $name; Path = $path
            Origin = ''; Retired = ''; Steps = @()
        }
    }
    # What a revision made stays its own when a later run is told to adopt it.
    if ($Origin -eq 'created' -or -not $known.Origin) { $known.Origin = $Origin }
    $owned = (Get-PlanPart -Entry $Entry -Part 'set') + (Get-PlanPart -Entry $Entry -Part 'add')
    $known.Steps = @(Select-PlanOtherStep -Known $known -Id $Entry.id) + @{
        Id = $Entry.id; Plan = $script:Run.Plan; Place = (Get-PlanPlace -Phase $Entry.phase -Id $Entry.id)
        Properties = @($owned.Keys)
    }
    Save-PlanLedger -Known $known
}

function Select-PlanOtherStep {
    [CmdletBinding()]
    param ([hashtable] $Known, [string] $Id)
    foreach ($step in $Known.Steps) { if ($step.Id -ne $Id -or $step.Plan -ne $script:Run.Plan) { $step } }
}

function Test-PlanRecorded {
    [CmdletBinding()]
    [OutputType([bool])]
    param ([string] $Noun, [string] $Name, [string] $Id, [string] $Plan)
    foreach ($record in @(Get-PlanRecord -Noun $Noun -Name $Name)) {
        if ($record.Id -eq $Id -and $record.Plan -eq $Plan) { return $true }
    }
    return $false
}

# Undo-PlanLedger forgets that a step has run, and the object when nothing of it is left to know.
function Undo-PlanLedger {
    [CmdletBinding()]
    param ($Entry, [bool] $Gone)
    $known = Get-PlanLedger -Noun $Entry.noun -Name (Get-PlanText -Entry $Entry -Part 'name')
    if (-not $known) { return }
    $known.Steps = @(Select-PlanOtherStep -Known $known -Id $Entry.id | Where-Object {
            # A line of another plan that found nothing to change falls with what it found.
            $_.Id -ne $Entry.id -or (Test-PlanRecorded -Noun $known.Noun -Name $known.Name -Id $_.Id -Plan $_.Plan)
        })
    if ($Gone -or $known.Steps.Count -eq 0) {
        Remove-Item -LiteralPath $known.Path # what was adopted is as it was, and nobody's again
        $script:Run.Ledger.Remove($known.Noun + '/' + $known.Name)
    } else {
        Save-PlanLedger -Known $known
    }
}

# Get-PlanOrigin says whether a revision of this profile created or adopted the object; nothing
# when none did. A record is written before its change, so it knows even where the answer to the
# change was lost; but it proves nothing where the object is not what was to be created.
function Get-PlanOrigin {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Noun, [string] $Name)
    $known = Get-PlanLedger -Noun $Noun -Name $Name
    if ($known -and $known.Origin) { return $known.Origin }
    foreach ($record in @(Get-PlanRecord -Noun $Noun -Name $Name)) {
        if ($record.Profile -ne $script:Run.Document.profile) { continue }
        if ($record.Adopted) { return 'adopted' }
        $object = Find-PlanObject -Noun $Noun -Name $Name
        if ($record.Existed -or -not $object) { continue }
        $made = Select-PlanSettable -Noun $Noun -Values $record.Set
        if ((Select-PlanDifference -Noun $Noun -Object $object -Want $made).Count -eq 0) { return 'created' }
    }
    return ''
}

# Select-PlanCurrent leaves out the properties that a later stage, of any revision of this profile,
# has set on the object, and those of a later stage that the object has whole already: until then
# they have the value given here, and nothing that protects is taken back to be set again later.
function Select-PlanCurrent {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Entry, $Object, [hashtable] $Values)
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $place = Get-PlanPlace -Phase $Entry.phase -Id $Entry.id
    $current = $Values.Clone()
    $known = Get-PlanLedger -Noun $Entry.noun -Name $name
    if ($known) {
        foreach ($step in $known.Steps) {
            if ($step.Place -gt $place) { foreach ($key in $step.Properties) { $current.Remove($key) } }
        }
    }
    foreach ($record in @(Get-PlanRecord -Noun $Entry.noun -Name $name)) {
        if ($record.Profile -ne $script:Run.Document.profile) { continue }
        if ((Get-PlanPlace -Phase $record.Phase -Id $record.Id) -le $place) { continue }
        foreach ($key in $record.Set.Keys) { $current.Remove($key) }
    }
    foreach ($later in @(Select-PlanStep -Entries $script:Run.Steps -Noun $Entry.noun -Name $name)) {
        if ($later.PSObject.Properties['open']) { continue }
        if ((Get-PlanPlace -Phase $later.phase -Id $later.id) -le $place) { continue }
        $goal = Get-PlanPart -Entry $later -Part 'set'
        if ((Select-PlanDifference -Noun $Entry.noun -Object $Object -Want $goal).Count) { continue }
        foreach ($key in $goal.Keys) { $current.Remove($key) }
    }
    return $current
}

# A record belongs to one step of one plan: the next revision sees another before.
function Get-PlanRecordPath {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Id, [string] $Kind = 'before')
    $name = '{0}.{1}.{2}.xml' -f ($Id -replace '/', '_'), $script:Run.Plan.Substring(0, 12), $Kind
    return Join-Path -Path $script:Run.Log -ChildPath $name
}

# Import-PlanRecord reads the open records of every plan, the newest last.
function Import-PlanRecord {
    [CmdletBinding()]
    param ()
    $records = foreach ($file in @(Get-ChildItem -LiteralPath $script:Run.Log -Filter 'STEP-*.before.xml')) {
        Import-Clixml -LiteralPath $file.FullName
    }
    $script:Run.Records = @($records | Sort-Object -Property { $_.Sequence })
}

# Get-PlanRecord returns the open records of an object, the newest last. What a run closes is left
# out by its name.
function Get-PlanRecord {
    [CmdletBinding()]
    param ([string] $Noun, [string] $Name)
    foreach ($record in $script:Run.Records) {
        if ($record.Noun -ne $Noun -or $record.Name -ne $Name) { continue }
        $ours = $record.Plan -eq $script:Run.Plan
        if ($ours -and -not (Test-Path -LiteralPath (Get-PlanRecordPath -Id $record.Id))) { continue }
        $record
    }
}

# Close-PlanVoid sets aside the record of a creation that never came about, when what stands there
# now is somebody else's and has been adopted: rollback must not remove it.
function Close-PlanVoid {
    [CmdletBinding()]
    param ($Entry, $Object)
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $path = Get-PlanRecordPath -Id $Entry.id
    if (-not $Object -or $script:Run.Adopt -notcontains $name -or -not (Test-Path -LiteralPath $path)) { return }
    if ((Import-Clixml -LiteralPath $path).Existed -or (Get-PlanOrigin -Noun $Entry.noun -Name $name)) { return }
    $void = Get-PlanRecordPath -Id $Entry.id -Kind ('void-{0}' -f $script:Run.Stamp)
    Move-Item -LiteralPath $path -Destination $void
    Import-PlanRecord
}

# Save-PlanRecord writes what was there before a step. A second run must not replace it.
function Save-PlanRecord {
    [CmdletBinding()]
    param ($Entry, $Object, [hashtable] $Want, [hashtable] $Added)
    $path = Get-PlanRecordPath -Id $Entry.id
    if (Test-Path -LiteralPath $path) { return }
    $before = @{}
    if ($Object) { $before = Get-PlanValue -Noun $Entry.noun -Object $Object -Property @($Want.Keys) }
    $last = @($script:Run.Records | ForEach-Object { $_.Sequence } | Sort-Object | Select-Object -Last 1)
    $record = @{
        Plan = $script:Run.Plan; Profile = $script:Run.Document.profile; Id = $Entry.id; Phase = $Entry.phase
        Noun = $Entry.noun; Name = (Get-PlanText -Entry $Entry -Part 'name'); Existed = [bool] $Object
        Before = $before; Set = $Want; Added = $Added
        Adopted = $script:Run.Adopt -contains (Get-PlanText -Entry $Entry -Part 'name')
        Sequence = (@($last) + 0)[0] + 1
        Time = (Get-Date -Format 'yyyy-MM-ddTHH:mm:sszzz')
    }
    Export-Clixml -InputObject $record -LiteralPath $path -Depth 5 -NoClobber
    $script:Run.Records = @($script:Run.Records) + $record
}

# --- Apply -----------------------------------------------------------------------------

function Invoke-PlanEntry {
    [CmdletBinding()]
    param ($Entry)
    $script:Run.Current = $Entry.id
    if ($Entry.PSObject.Properties['open']) {
        return Write-PlanHeld -Entry $Entry
    }
    try {
        if ($Entry.PSObject.Properties['owner']) {
            Confirm-PlanOwned -Entry $Entry
        } elseif ($Entry.kind -eq 'step') {
            Invoke-PlanStep -Entry $Entry
        } else {
            Confirm-PlanHold -Entry $Entry -Text $Entry.text -Look
        }
    } catch {
        if (-not $script:Run.DryRun) { throw }
        # A dry run goes on, so that one look shows everything that stands in the way.
        $script:Run.Code = 20
        Write-PlanRow -Id $Entry.id -Outcome 'Refused' -Detail ([string] $_)
    }
}

# Write-PlanHeld stands where an open question holds a step: no cmdlet, the question.
function Write-PlanHeld {
    [CmdletBinding()]
    param ($Entry)
    Write-PlanRow -Id $Entry.id -Outcome 'Held' -Detail ('open question: {0}' -f ($Entry.open -join ', '))
}

# Confirm-PlanHold lets pass who acknowledged the hold, now or earlier under this plan; now only where
# nothing that a script can look up speaks against it.
function Confirm-PlanHold {
    [CmdletBinding()]
    param ($Entry, [string] $Text, [switch] $Look)
    $named = $script:Run.Acknowledge.ContainsKey($Entry.id)
    $earlier = Get-PlanPassed -Id $Entry.id -By $script:Run.Script
    if ($earlier -and -not $named) {
        return Write-PlanRow -Id $Entry.id -Outcome 'NoChange' -Detail ('passed before: {0}' -f $earlier)
    }
    $note = ''
    if ($Look) {
        $seen = Get-PlanSight -Entry $Entry
        if ($seen.Wrong.Count -and $script:Run.DryRun) {
            return Write-PlanRow -Id $Entry.id -Outcome 'Waiting' -Detail ($seen.Wrong -join '; ')
        }
        if ($seen.Wrong.Count) {
            $reason = 'No acknowledgement stands against what can be seen: {0}. {1}'
            Exit-PlanRun -Code 22 -Reason ($reason -f ($seen.Wrong -join '; '), $Text)
        }
        if ($seen.Unasked.Count) { $note = ' (no name server could be asked for {0})' -f ($seen.Unasked -join ', ') }
    }
    if ($named) {
        return Write-PlanRow -Id $Entry.id -Outcome 'Passed' -Detail ($script:Run.Acknowledge[$Entry.id] + $note)
    }
    if ($script:Run.DryRun) { return Write-PlanRow -Id $Entry.id -Outcome 'Waiting' -Detail $Text }
    Exit-PlanRun -Code 22 -Reason ("{0} Then: -Acknowledge '{1}=name; reason'" -f $Text, $Entry.id)
}

# Get-PlanSight looks up what a hold waits for: a time since another hold, objects of the tenant, DNS
# records. It returns what is not so, and the records for which no name server could be asked.
function Get-PlanSight {
    [CmdletBinding()]
    param ($Entry)
    $wrong = @()
    $unasked = @()
    if ($Entry.PSObject.Properties['since']) {
        $passed = Get-PlanSince -Id $Entry.since.hold
        if (-not $passed) {
            $wrong += '{0} has not been passed' -f $Entry.since.hold
        } elseif (((Get-Date) - $passed).TotalDays -lt $Entry.since.days) {
            $text = '{0} was passed on {1}, and {2} days must have gone by'
            $wrong += $text -f $Entry.since.hold, (Get-Date -Date $passed -Format 'yyyy-MM-dd HH:mm'), $Entry.since.days
        }
    }
    if ($Entry.PSObject.Properties['looks']) {
        foreach ($look in $Entry.looks) {
            $fault = Get-PlanFault -Entry $look -Also (Get-PlanPart -Entry $look -Part 'expect')
            if ($fault) { $wrong += $fault }
        }
    }
    foreach ($record in @(Select-PlanDns -Entry $Entry)) {
        $answer = Get-PlanDnsFault -Record $record
        if ($null -eq $answer) { $unasked += $record.id } elseif ($answer) { $wrong += $answer }
    }
    New-Object -TypeName PSObject -Property @{ Wrong = $wrong; Unasked = $unasked }
}

# Get-PlanSince returns when a hold was first passed, by whichever plan that has not been taken back
# since; nothing when it never was.
function Get-PlanSince {
    [CmdletBinding()]
    param ([string] $Id)
    $phase = ($script:Run.Steps | Where-Object -Property id -EQ -Value $Id).phase
    $path = Join-Path -Path $script:Run.Log -ChildPath 'journal.jsonl'
    $passed = @{}
    foreach ($text in @(Get-Content -LiteralPath $path -Encoding UTF8)) {
        if (-not ($text.Contains($Id) -or $text.Contains('"Undone"'))) { continue }
        try {
            $line = ConvertFrom-Json -InputObject $text
        } catch {
            continue # a torn line, of which Get-PlanJournal warns
        }
        if ($line.DryRun) { continue }
        if ($line.Outcome -eq 'Undone' -and $line.Phase -eq $phase) { $passed.Remove($line.Plan) }
        if ($line.Id -ne $Id -or $line.Outcome -ne 'Passed' -or $line.Script -ne 'apply') { continue }
        if (-not $passed.ContainsKey($line.Plan)) { $passed[$line.Plan] = [datetime] $line.Time }
    }
    $passed.Values | Sort-Object | Select-Object -First 1
}

# Select-PlanDns returns the records that a hold names, as they should stand when it is reached.
function Select-PlanDns {
    [CmdletBinding()]
    param ($Entry)
    if (-not $Entry.PSObject.Properties['records']) { return }
    foreach ($id in $Entry.records) {
        $last = $null
        foreach ($record in $script:Run.Document.records) {
            if ($record.id -ne $id -or $record.view -ne 'external' -or $record.phase -gt $Entry.phase) { continue }
            if ($record.PSObject.Properties['open']) { continue }
            if ($record.phase -eq $Entry.phase -and $record.PSObject.Properties['round']) { continue }
            $last = $record
        }
        if ($last) { $last }
    }
}

# Get-PlanDnsFault says what name servers answer that is not as planned; an empty text when all is,
# and nothing when none could be asked: then a person has looked.
function Get-PlanDnsFault {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Record)
    $resolve = Get-Command -Name Resolve-DnsName -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $resolve -or 'MX', 'CNAME', 'TXT' -notcontains $Record.type) { return $null }
    $servers = @($script:Run.DnsServer | Where-Object { $_ })
    if ($servers.Count -eq 0) { $servers = @('') }
    foreach ($server in $servers) {
        $query = @{ Name = $Record.name; Type = $Record.type; DnsOnly = $true; ErrorAction = 'Stop' }
        if ($server) { $query.Server = $server }
        $answers = @()
        try {
            $answers = @(& $resolve @query | Where-Object { [string] $_.Type -eq $Record.type })
        } catch {
            # That there is no such name is an answer; that none came is not.
            if ([string] $_.FullyQualifiedErrorId -notlike '*NAME_ERROR*') { return $null }
        }
        $texts = @($answers | ForEach-Object { ConvertFrom-PlanDns -Answer $_ })
        if (-not (Test-PlanDns -Record $Record -Answer $texts)) {
            $want = Format-PlanShown -Value ($Record.values -join ', ')
            return '{0} of {1} is {2}, not {3}' -f $Record.type, $Record.name, (Format-PlanShown -Value $texts), $want
        }
    }
    return ''
}

# ConvertFrom-PlanDns writes an answer as plan.json has the values of a record.
function ConvertFrom-PlanDns {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Answer)
    $text = switch ([string] $Answer.Type) {
        'MX' { '{0} {1}' -f $Answer.Preference, $Answer.NameExchange }
        'CNAME' { $Answer.NameHost }
        'TXT' { return (@($Answer.Strings) -join '') }
    }
    return $text.TrimEnd('.').ToLower()
}

# Test-PlanDns: an MX and a CNAME are what is planned and nothing else. Beside a text others may
# stand, but none that speaks of the same.
function Test-PlanDns {
    [CmdletBinding()]
    [OutputType([bool])]
    param ($Record, [string[]] $Answer)
    $want = @($Record.values)
    if ($Record.type -ne 'TXT') {
        $want = @($want | ForEach-Object { $_.TrimEnd('.').ToLower() } | Sort-Object)
        return ($want -join "`n") -eq (@($Answer | Sort-Object) -join "`n")
    }
    foreach ($text in $want) {
        $topic = ($text -split '[ ;]')[0]
        $same = @($Answer | Where-Object { ($_ -split '[ ;]')[0] -eq $topic })
        if ($same.Count -ne 1 -or $same[0] -cne $text) { return $false }
    }
    return $true
}

# Confirm-PlanOwned looks at what somebody else makes, and goes on only where it is as planned.
function Confirm-PlanOwned {
    [CmdletBinding()]
    param ($Entry)
    $wrong = Get-PlanOwnedFault -Entry $Entry
    if ($wrong) { throw ('{0}. It is for {1} to put right; no script of a plan writes it.' -f $wrong, $Entry.owner) }
    $label = '{0} {1}' -f $Entry.noun, (Get-PlanText -Entry $Entry -Part 'name')
    Write-PlanRow -Id $Entry.id -Outcome 'NoChange' -Detail ('{0}, made by {1}' -f $label.Trim(), $Entry.owner)
}

# Get-PlanOwnedFault says what of an object that somebody else makes is not as planned; nothing
# when all is, or when the hold has been passed after which the object may be gone.
function Get-PlanOwnedFault {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Entry)
    $end = Get-PlanText -Entry $Entry -Part 'ends'
    if ($end -and (Get-PlanPassed -Id $end)) { return '' }
    return Get-PlanFault -Entry $Entry -Also (Get-PlanPart -Entry $Entry -Part 'expect')
}

# Invoke-PlanStep creates or changes one object, and reads it back.
function Invoke-PlanStep {
    [CmdletBinding()]
    param ($Entry)
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $label = ('{0} {1}' -f $Entry.noun, $name).Trim()
    $object = Find-PlanObject -Noun $Entry.noun -Name $name
    $creates = [bool] $Entry.PSObject.Properties['creates']
    $set = Get-PlanPart -Entry $Entry -Part 'set'
    $until = Get-PlanPart -Entry $Entry -Part 'new'
    $add = Get-PlanPart -Entry $Entry -Part 'add'
    $want = $set.Clone()
    if ($object) { $until = Select-PlanCurrent -Entry $Entry -Object $object -Values $until }
    foreach ($key in $until.Keys) { $want[$key] = $until[$key] }

    $change = @{}
    $missing = @{}
    $unset = Select-PlanUnset -Entry $Entry -Object $object
    foreach ($key in $unset.Keys) { $want[$key] = $unset[$key] }
    if ($object) {
        Assert-PlanExpected -Entry $Entry -Object $object -Label $label
        $change = Select-PlanDifference -Noun $Entry.noun -Object $object -Want $want
        $missing = Select-PlanMissing -Noun $Entry.noun -Object $object -Add $add
        if ($change.Count + $missing.Count -eq 0) {
            if (-not $script:Run.DryRun) {
                Add-PlanLedger -Entry $Entry -Origin (Get-PlanOrigin -Noun $Entry.noun -Name $name)
            }
            Write-PlanRow -Id $Entry.id -Outcome 'NoChange' -Detail $label
            return Write-PlanTold -Entry $Entry -Object $object
        }
        $text = Format-PlanChange -Noun $Entry.noun -Object $object -Change $change -Add $missing
        $action = 'set {0}: {1}' -f $label, $text
        Assert-PlanAdopted -Noun $Entry.noun -Name $name -Action $action
        Assert-PlanWhole -Entry $Entry -Object $object -Unset $unset -Action $action
    } elseif ($creates) {
        $action = 'create {0}' -f $label
        $given = Get-PlanPart -Entry $Entry -Part 'given'
        foreach ($key in $given.Keys) { $want[$key] = $given[$key] }
        $missing = $add
    } elseif (-not $script:Nouns[$Entry.noun].ContainsKey('New')) {
        throw ('{0} does not exist, and no cmdlet makes it.' -f $label)
    } elseif (-not $script:Run.DryRun) {
        throw ('{0} does not exist; the step that creates it comes first.' -f $label)
    } else {
        $action = 'set {0}, which an earlier step creates' -f $label
    }
    Assert-PlanNeed -Entry $Entry
    Assert-PlanGround -Entry $Entry -Object $object
    Assert-PlanLive -Entry $Entry
    if (-not (Confirm-PlanChange -Id $Entry.id -Action $action)) {
        if ($script:Run.Code -eq 0) { $script:Run.Code = 2 }
        return Write-PlanRow -Id $Entry.id -Outcome 'Pending' -Detail $action
    }

    Close-PlanVoid -Entry $Entry -Object $object
    Save-PlanRecord -Entry $Entry -Object $object -Want $want -Added $missing
    if ($object) {
        $values = Add-PlanCompanion -Noun $Entry.noun -Change $change -Want $want
        $lists = Join-PlanMember -Noun $Entry.noun -Object $object -Member $missing
        Write-PlanObject -Noun $Entry.noun -Object $object -Values ($values + $lists)
    } else {
        $values = @{ $script:Nouns[$Entry.noun].Parameter = $name }
        foreach ($part in $want, $add) {
            foreach ($key in $part.Keys) { if ($null -ne $part[$key]) { $values[$key] = $part[$key] } }
        }
        $null = Invoke-PlanTenant -Call $script:Nouns[$Entry.noun].New -Value $values
    }
    $origin = 'created'
    if ($object) { $origin = ('', 'adopted')[[int] ($script:Run.Adopt -contains $name)] }
    $object = Wait-PlanValue -Noun $Entry.noun -Name $name -Want $want -Add $add
    Add-PlanLedger -Entry $Entry -Origin $origin
    Write-PlanRow -Id $Entry.id -Outcome 'Changed' -Detail $action
    Write-PlanTold -Entry $Entry -Object $object
}

# Assert-PlanExpected refuses an object that is not what the step builds on, also where the
# step itself would change nothing.
function Assert-PlanExpected {
    [CmdletBinding()]
    param ($Entry, $Object, [string] $Label)
    $expect = Select-PlanCurrent -Entry $Entry -Object $Object -Values (Get-PlanPart -Entry $Entry -Part 'expect')
    $name = Get-PlanText -Entry $Entry -Part 'name'
    foreach ($earlier in @(Select-PlanStep -Entries $script:Run.Steps -Noun $Entry.noun -Name $name)) {
        if ($earlier.id -eq $Entry.id) { break }
        if ($script:Run.DryRun -and $earlier.phase -eq $Entry.phase) { continue }
        $expect += Select-PlanUnset -Entry $earlier -Object $Object
    }
    $other = Select-PlanDifference -Noun $Entry.noun -Object $Object -Want $expect
    if ($other.Count -eq 0) { return }
    $text = Format-PlanDifference -Noun $Entry.noun -Object $Object -Want $other
    throw ('{0} is not as expected: {1}.' -f $Label, $text)
}

# Assert-PlanAdopted refuses to change what somebody else made, until it is adopted by name.
function Assert-PlanAdopted {
    [CmdletBinding()]
    param ([string] $Noun, [string] $Name, [string] $Action)
    if (-not $script:Nouns[$Noun].ContainsKey('Adopt') -or $script:Run.Adopt -contains $Name) { return }
    if (Get-PlanOrigin -Noun $Noun -Name $Name) { return }
    $text = "no revision of this profile made it. Look at what would change, then: -Adopt '{0}'. To do: {1}"
    throw ($text -f $Name, $Action)
}

# Select-PlanUnset returns what an object that a plan makes has and no step of the plan names, with
# the values that clear it; nothing of an entry that does not create the object.
function Select-PlanUnset {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Entry, $Object)
    $noun = $script:Nouns[$Entry.noun]
    $unset = @{}
    if (-not $Object -or -not $noun.ContainsKey('Whole')) { return $unset }
    if (-not $Entry.PSObject.Properties['creates']) { return $unset }
    $named = @{}
    $name = Get-PlanText -Entry $Entry -Part 'name'
    foreach ($step in @(Select-PlanStep -Entries $script:Run.Steps -Noun $Entry.noun -Name $name)) {
        foreach ($part in 'given', 'new', 'set', 'add', 'expect') {
            foreach ($key in (Get-PlanPart -Entry $step -Part $part).Keys) { $named[$key] = $true }
        }
    }
    foreach ($kind in $noun.Whole.Keys) {
        foreach ($key in $noun.Whole[$kind]) {
            $property = $Object.PSObject.Properties[$key]
            # Most hold nothing: this is asked more than a hundred times a rule.
            if (-not $property -or $null -eq $property.Value -or $named.ContainsKey($key)) { continue }
            if ($property.Value -is [bool] -and -not $property.Value) { continue }
            $text = Format-PlanValue -Value $property.Value -Kind $kind
            if ($text -in '', $noun.Unset[$key], $noun.Adds[$key]) { continue }
            $unset[$key] = $noun.Unset[$key]
            if ($kind -eq 'Flag') { $unset[$key] = $false }
        }
    }
    return $unset
}

# Assert-PlanWhole refuses to clear what a person added: no revision of this profile has given the
# object that value. It is cleared where the object is adopted by name, and a cmdlet can do it.
function Assert-PlanWhole {
    [CmdletBinding()]
    param ($Entry, $Object, [hashtable] $Unset, [string] $Action)
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $shown = @()
    $added = @()
    foreach ($key in @($Unset.Keys | Sort-Object)) {
        $value = (Get-PlanValue -Noun $Entry.noun -Object $Object -Property $key)[$key]
        if ((Get-PlanKind -Noun $Entry.noun -Property $key) -eq 'Shown') {
            $shown += $key
        } elseif (-not (Test-PlanOurs -Noun $Entry.noun -Name $name -Property $key -Now $value)) {
            $added += $key
        }
    }
    if ($shown.Count) {
        throw ('{0}: no cmdlet clears {1}. Take it away by hand. To do: {2}' -f $name, ($shown -join ', '), $Action)
    }
    if ($added.Count -eq 0 -or $script:Run.Adopt -contains $name) { return }
    $text = "no revision of this profile has set {0}. Look at what would change, then: -Adopt '{1}'. To do: {2}"
    throw ($text -f ($added -join ', '), $name, $Action)
}

# Test-PlanOurs says whether a revision of this profile gave the object the value that it has.
function Test-PlanOurs {
    [CmdletBinding()]
    [OutputType([bool])]
    param ([string] $Noun, [string] $Name, [string] $Property, $Now)
    foreach ($record in @(Get-PlanRecord -Noun $Noun -Name $Name)) {
        if ($record.Profile -ne $script:Run.Document.profile -or -not $record.Set.ContainsKey($Property)) { continue }
        if (Test-PlanEqual -Noun $Noun -Property $Property -Now $Now -Want $record.Set[$Property]) { return $true }
    }
    return $false
}

# Assert-PlanNeed refuses a step whose ground is not laid: steps are looked up in the tenant,
# holds in the journal. A dry run does not do what comes before in the same phase.
function Assert-PlanNeed {
    [CmdletBinding()]
    param ($Entry)
    if (-not $Entry.PSObject.Properties['needs']) { return }
    foreach ($id in $Entry.needs) {
        $needed = $script:Run.Steps | Where-Object -Property id -EQ -Value $id
        if ($script:Run.DryRun -and $needed.phase -eq $Entry.phase) { continue }
        if ($needed.kind -eq 'hold') {
            if (Get-PlanPassed -Id $id) { continue }
            Exit-PlanRun -Code 22 -Reason ('{0} comes first: {1}' -f $id, $needed.title)
        }
        $wrong = Get-PlanFault -Entry $needed
        if ($wrong) { throw ('{0} comes first: {1}' -f $id, $wrong) }
    }
}

# Assert-PlanGround refuses to go on with an object that is no longer what its earlier steps made it.
function Assert-PlanGround {
    [CmdletBinding()]
    param ($Entry, $Object)
    if (-not $Object) { return }
    $name = Get-PlanText -Entry $Entry -Part 'name'
    foreach ($other in @(Select-PlanStep -Entries $script:Run.Steps -Noun $Entry.noun -Name $name)) {
        if ($other.id -eq $Entry.id) { return }
        if ($script:Run.DryRun -and $other.phase -eq $Entry.phase) { continue }
        $set = Get-PlanPart -Entry $other -Part 'set'
        foreach ($key in (Get-PlanPart -Entry $Entry -Part 'set').Keys) { $set.Remove($key) }
        $wrong = Select-PlanDifference -Noun $Entry.noun -Object $Object -Want $set
        if ($wrong.Count) {
            $text = Format-PlanDifference -Noun $Entry.noun -Object $Object -Want $wrong
            throw ('{0} does not hold: {1}' -f $other.id, $text)
        }
    }
}

# Assert-PlanLive: what an earlier revision brought to life changes the path of mail at once, so the
# holds of the later steps on the object come first, under this plan.
function Assert-PlanLive {
    [CmdletBinding()]
    param ($Entry)
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $known = Get-PlanLedger -Noun $Entry.noun -Name $name
    if (-not $known -or $script:Run.DryRun) { return }
    $place = Get-PlanPlace -Phase $Entry.phase -Id $Entry.id
    foreach ($later in @(Select-PlanStep -Entries $script:Run.Steps -Noun $Entry.noun -Name $name)) {
        if ((Get-PlanPlace -Phase $later.phase -Id $later.id) -le $place) { continue }
        if (-not $later.PSObject.Properties['needs']) { continue }
        if (@($known.Steps | ForEach-Object { $_.Id }) -notcontains $later.id) { continue }
        foreach ($id in @($later.needs | Where-Object { $_ -like 'HOLD-*' })) {
            $hold = $script:Run.Steps | Where-Object -Property id -EQ -Value $id
            $wrong = (Get-PlanSight -Entry $hold).Wrong
            if ($script:Run.Acknowledge.ContainsKey($id) -and $wrong.Count -eq 0) {
                Write-PlanJournal -Id $id -Outcome 'Passed' -Detail $script:Run.Acknowledge[$id]
            }
            if (Get-PlanPassed -Id $id) { continue }
            $text = "The object is in use since {0}: {1} comes first. Then: -Acknowledge '{1}=name; reason'"
            Exit-PlanRun -Code 22 -Reason ($text -f $later.id, $id)
        }
    }
}

# Get-PlanFault says what of a step does not hold in the tenant; nothing when all does.
function Get-PlanFault {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Entry, [hashtable] $Also = @{})
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $label = ('{0} {1}' -f $Entry.noun, $name).Trim()
    $object = Find-PlanObject -Noun $Entry.noun -Name $name
    if (-not $object) { return '{0} does not exist' -f $label }
    $want = Get-PlanPart -Entry $Entry -Part 'set'
    foreach ($key in $Also.Keys) { $want[$key] = $Also[$key] }
    $want += Select-PlanUnset -Entry $Entry -Object $object
    $wrong = Select-PlanDifference -Noun $Entry.noun -Object $object -Want $want
    $members = (Get-PlanPart -Entry $Entry -Part 'add') + (Get-PlanPart -Entry $Entry -Part 'includes')
    $lacks = Select-PlanMissing -Noun $Entry.noun -Object $object -Add $members
    $texts = @()
    if ($wrong.Count) { $texts += Format-PlanDifference -Noun $Entry.noun -Object $object -Want $wrong }
    foreach ($key in @($lacks.Keys | Sort-Object)) { $texts += '{0} lacks {1}' -f $key, ($lacks[$key] -join ', ') }
    if ($texts.Count -eq 0) { return '' }
    return '{0}: {1}' -f $label, ($texts -join '; ')
}

# Format-PlanDifference says what is and what should be, lists whole.
function Format-PlanDifference {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Noun, $Object, [hashtable] $Want)
    $texts = foreach ($name in @($Want.Keys | Sort-Object)) {
        $now = Format-PlanShown -Value (Get-PlanValue -Noun $Noun -Object $Object -Property $name)[$name]
        if ($null -eq $Want[$name]) {
            '{0} is {1}, and should not be set' -f $name, $now
        } else {
            '{0} is {1}, not {2}' -f $name, $now, (Format-PlanShown -Value $Want[$name])
        }
    }
    return @($texts) -join '; '
}

# Format-PlanChange says what changes from what to what.
function Format-PlanChange {
    [CmdletBinding()]
    [OutputType([string])]
    param ([string] $Noun, $Object, [hashtable] $Change, [hashtable] $Add = @{})
    $texts = @(foreach ($name in @($Change.Keys | Sort-Object)) {
            $now = (Get-PlanValue -Noun $Noun -Object $Object -Property $name)[$name]
            '{0} {1} -> {2}' -f $name, (Format-PlanShown -Value $now), (Format-PlanShown -Value $Change[$name])
        })
    foreach ($name in @($Add.Keys | Sort-Object)) {
        $texts += '{0} + {1}' -f $name, (Format-PlanShown -Value $Add[$name])
    }
    return $texts -join '; '
}

function Format-PlanShown {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Value)
    if (@($Value | Where-Object { $null -ne $_ }).Count -eq 0) { return 'not set' }
    if ($Value -is [bool]) { return ('no', 'yes')[[int] $Value] }
    return '"{0}"' -f (@($Value) -join ', ')
}

# Select-PlanSettable leaves out what can be given at creation alone, and not be read.
function Select-PlanSettable {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ([string] $Noun, [hashtable] $Values)
    $settable = @{}
    $given = @()
    if ($script:Nouns[$Noun].ContainsKey('Creation')) { $given = @($script:Nouns[$Noun].Creation.Keys) }
    foreach ($key in $Values.Keys) {
        if ($given -contains $key) { continue }
        $settable[$key] = $Values[$key]
    }
    return $settable
}

# Wait-PlanValue reads back what was written, until the service shows it or patience ends.
function Wait-PlanValue {
    [CmdletBinding()]
    param ([string] $Noun, [string] $Name, [hashtable] $Want, [hashtable] $Add = @{}, [hashtable] $Lack = @{})
    $settable = Select-PlanSettable -Noun $Noun -Values $Want
    foreach ($seconds in $script:Patience) {
        if ($seconds) { Start-Sleep -Seconds $seconds }
        Clear-PlanNoun -Noun $Noun
        $object = Find-PlanObject -Noun $Noun -Name $Name
        if (-not $object) { continue }
        $wrong = Select-PlanDifference -Noun $Noun -Object $object -Want $settable
        $missing = Select-PlanMissing -Noun $Noun -Object $object -Add $Add
        $left = 0
        foreach ($key in $Lack.Keys) {
            $left += @($Lack[$key]).Count
            $gone = Select-PlanMissing -Noun $Noun -Object $object -Add @{ $key = $Lack[$key] }
            if ($gone.Count) { $left -= @($gone[$key]).Count }
        }
        if ($wrong.Count + $missing.Count + $left -eq 0) { return $object }
    }
    if (-not $object) {
        Exit-PlanRun -Code 21 -Reason ('{0} {1} was written and cannot be found.' -f $Noun, $Name)
    }
    $text = Format-PlanDifference -Noun $Noun -Object $object -Want $wrong
    Exit-PlanRun -Code 21 -Reason ('{0} {1} is not as written: {2}' -f $Noun, $Name, $text)
}

# Write-PlanTold prints what the service made and the plan still asks for.
function Write-PlanTold {
    [CmdletBinding()]
    param ($Entry, $Object)
    if (-not $Entry.PSObject.Properties['tell']) { return }
    foreach ($told in $Entry.tell) {
        $value = [string] (Get-PlanValue -Noun $Entry.noun -Object $Object -Property $told.property)[$told.property]
        $text = "{0} is {1}; for the next revision: --set '{2}={1}'" -f $told.property, $value, $told.answers
        Write-PlanRow -Id $Entry.id -Outcome 'Told' -Detail $text
    }
}

# Add-PlanRetired notes that a person has dealt with an object that the plan no longer has.
function Add-PlanRetired {
    [CmdletBinding()]
    param ()
    foreach ($id in @($script:Run.Retire.Keys | Sort-Object)) {
        $script:Run.Current = $id
        $known = Get-PlanLedger | Where-Object { ('{0}/{1}' -f $_.Noun, $_.Name) -eq $id }
        if (-not $known) {
            Exit-PlanRun -Code 10 -Reason '-Retire: no revision of this profile made or adopted it.'
        }
        if ($script:Run.DryRun) {
            Write-PlanRow -Id $id -Outcome 'Pending' -Detail 'retire'
        } else {
            $known.Retired = $script:Run.Retire[$id]
            Save-PlanLedger -Known $known
            Write-PlanRow -Id $id -Outcome 'Retired' -Detail $known.Retired
        }
    }
}

# --- Preflight, snapshot, verify -----------------------------------------------------------

function Invoke-PlanPreflight {
    [CmdletBinding()]
    param ()
    $module = Get-Module -Name ExchangeOnlineManagement | Select-Object -First 1
    $text = 'PowerShell {0}' -f $PSVersionTable.PSVersion
    if ($module) { $text = '{0}, ExchangeOnlineManagement {1}' -f $text, $module.Version }
    Write-PlanRow -Id 'SESSION' -Outcome 'Found' -Detail $text
    foreach ($path in @(Get-PlanEdited)) {
        Write-PlanRow -Id 'PACK' -Outcome 'Edited' -Detail ('{0} is not as rendered' -f $path)
    }
    $steps = @($script:Run.Steps | Where-Object { $_.kind -eq 'step' -and -not $_.PSObject.Properties['open'] })
    Test-PlanPair -Module $module
    Test-PlanRight -Entries $steps
    if ($script:Run.Code -ge 10) { return }
    Test-PlanHydrated
    Test-PlanAllowance -Entries $steps
    $seen = @()
    foreach ($step in $steps) {
        $id = '{0}/{1}' -f $step.noun, (Get-PlanText -Entry $step -Part 'name')
        if ($seen -contains $id) { continue }
        $seen += $id
        Write-PlanRow -Id $step.id -Outcome (Get-PlanStanding -Step $step) -Detail $id
    }
    foreach ($entry in @($script:Run.Steps | Where-Object { $_.PSObject.Properties['open'] })) {
        Write-PlanHeld -Entry $entry
    }
    Test-PlanLeftover
    Test-PlanStray
}

# Test-PlanPair looks at what is loaded: a version of the module wants a version of PowerShell, and the
# Graph modules bring the same library for signing in.
function Test-PlanPair {
    [CmdletBinding()]
    param ($Module)
    $shell = [version] ('{0}.{1}' -f $PSVersionTable.PSVersion.Major, $PSVersionTable.PSVersion.Minor)
    $needs = ''
    if ($Module) { $needs = Get-PlanPair -Module $Module.Version -Shell $shell }
    if ($needs) {
        $script:Run.Code = 10
        $text = 'ExchangeOnlineManagement {0} needs PowerShell {1} or later, or Windows PowerShell 5.1'
        Write-PlanRow -Id 'SESSION' -Outcome 'Missing' -Detail ($text -f $Module.Version, $needs)
    }
    $graph = @(Get-Module -Name 'Microsoft.Graph*' | ForEach-Object { $_.Name } | Sort-Object)
    if ($graph.Count -eq 0) { return }
    $text = '{0}: loaded too, with a library for signing in of the same name. Where that fails, use a fresh session.'
    Write-PlanRow -Id 'SESSION' -Outcome 'Look' -Detail ($text -f ($graph -join ', '))
}

# Get-PlanPair returns the PowerShell that a version of the module needs, where it is not this one.
function Get-PlanPair {
    [CmdletBinding()]
    [OutputType([string])]
    param ([version] $Module, [version] $Shell)
    if ($Shell.Major -lt 6) { return '' }
    foreach ($pair in $script:Pairs) {
        if ($Module -lt [version] $pair.Module) { continue }
        if ($Shell -lt [version] $pair.Shell) { return $pair.Shell }
        return ''
    }
    return ''
}

# Test-PlanStray names objects beside the plan that do not go with it.
function Test-PlanStray {
    [CmdletBinding()]
    param ()
    foreach ($stray in $script:Run.Document.strays) {
        $like = Get-PlanPart -Entry $stray -Part 'like'
        $has = Get-PlanPart -Entry $stray -Part 'has'
        foreach ($object in @(Read-PlanNoun -Noun $stray.noun)) {
            $name = [string] $object.($script:Nouns[$stray.noun].Key)
            if (@(Select-PlanStep -Entries $script:Run.Steps -Noun $stray.noun -Name $name).Count) { continue }
            if ((Select-PlanDifference -Noun $stray.noun -Object $object -Want $like).Count) { continue }
            if ((Select-PlanMissing -Noun $stray.noun -Object $object -Add $has).Count) { continue }
            $id = '{0}/{1}' -f $stray.noun, $name
            Write-PlanRow -Id $id -Outcome 'Look' -Detail ('{0}: {1}' -f $stray.id, $stray.text)
        }
    }
}

# Get-PlanStanding says what the first step on an object will find.
function Get-PlanStanding {
    [CmdletBinding()]
    [OutputType([string])]
    param ($Step)
    $name = Get-PlanText -Entry $Step -Part 'name'
    if (-not (Find-PlanObject -Noun $Step.noun -Name $name)) { return 'Absent' }
    if ($Step.PSObject.Properties['owner']) { return 'Present' }
    if (-not $script:Nouns[$Step.noun].ContainsKey('Adopt')) { return 'Present' }
    if (Get-PlanOrigin -Noun $Step.noun -Name $name) { return 'Ours' }
    return 'Adopt?'
}

# Test-PlanRight looks up every cmdlet and every parameter that steps pass: those for which the
# account has no role, and those that the tenant does not have yet, are simply not there.
function Test-PlanRight {
    [CmdletBinding()]
    param ($Entries)
    $needed = Get-PlanNeeded -Entries $Entries
    foreach ($name in @($needed.Keys | Sort-Object)) {
        $command = Get-Command -Name $name -ErrorAction SilentlyContinue | Select-Object -First 1
        $missing = @($name)
        if ($command) {
            $has = @($command.Parameters.Keys)
            $missing = @($needed[$name].Keys | Where-Object { $has -notcontains $_ } | Sort-Object)
            $missing = @($missing | ForEach-Object { '{0} -{1}' -f $name, $_ })
        }
        foreach ($one in $missing) {
            $script:Run.Code = 10
            Write-PlanRow -Id 'RIGHTS' -Outcome 'Missing' -Detail ('{0}: the account has no role for it' -f $one)
        }
    }
}

# Assert-PlanReady stops before the first change of a run that could not be carried out whole.
function Assert-PlanReady {
    [CmdletBinding()]
    param ($Entries)
    if ($script:Run.DryRun) { return }
    Test-PlanRight -Entries $Entries
    if ($script:Run.Code -lt 10 -and $script:Run.Script -eq 'apply') {
        if (@($Entries | Where-Object -Property kind -EQ -Value 'step').Count) { Test-PlanHydrated }
        Test-PlanAllowance -Entries $Entries
    }
    if ($script:Run.Code -ge 10) { throw 'Nothing was changed.' }
}

# Test-PlanHydrated: a tenant that nobody has customised refuses commands until it has been prepared.
function Test-PlanHydrated {
    [CmdletBinding()]
    param ()
    $organisation = Find-PlanObject -Noun 'OrganizationConfig'
    $property = $organisation.PSObject.Properties['IsDehydrated']
    if (-not $property -or -not $property.Value) { return }
    $script:Run.Code = 10
    $text = 'The organisation is dehydrated. Run Enable-OrganizationCustomization once, by hand: nothing takes ' +
    'it back. Then wait until the organisation configuration shows IsDehydrated False.'
    Write-PlanRow -Id 'SESSION' -Outcome 'Missing' -Detail $text
}

# Test-PlanAllowance holds the rules of the tenant, as they will be, against what it takes: their number,
# the characters of all patterns, and the text of each.
function Test-PlanAllowance {
    [CmdletBinding()]
    param ($Entries)
    if (@($Entries | Where-Object { (Get-PlanText -Entry $_ -Part 'noun') -eq 'TransportRule' }).Count -eq 0) {
        return
    }
    $texts = $script:Nouns.TransportRule.Whole.Texts
    $patterns = @{}
    foreach ($rule in @(Read-PlanNoun -Noun 'TransportRule')) {
        $values = foreach ($key in $texts) { if ($rule.PSObject.Properties[$key]) { $rule.$key } }
        $patterns[$rule.Name] = (@($values) -join '').Length
    }
    $longest = 0
    $plan = @{}
    foreach ($step in $script:Run.Steps) {
        if ((Get-PlanText -Entry $step -Part 'noun') -ne 'TransportRule') { continue }
        $all = Get-PlanPart -Entry $step -Part 'set'
        $values = foreach ($key in $all.Keys) { if ($texts -contains $key) { $all[$key] } }
        $plan[$step.name] = [int] $plan[$step.name] + (@($values) -join '').Length
        $length = (@($all.Values | ForEach-Object { $_ }) -join '').Length
        if ($length -gt $longest) { $longest = $length }
    }
    foreach ($name in $plan.Keys) { $patterns[$name] = $plan[$name] }
    $sum = 0
    foreach ($length in $patterns.Values) { $sum += $length }
    Test-PlanLimit -Limit 'TransportRuleLimit' -Kind 'Number' -Count $patterns.Count -Of 'rules'
    $of = 'characters in the patterns of all rules'
    Test-PlanLimit -Limit 'TransportRuleCollectionRegexCharsLimit' -Kind 'Size' -Count $sum -Of $of
    Test-PlanLimit -Limit 'TransportRuleSizeLimit' -Kind 'Size' -Count $longest -Of 'characters in the longest rule'
}

function Test-PlanLimit {
    [CmdletBinding()]
    param ([string] $Limit, [string] $Kind, [int] $Count, [string] $Of)
    $property = (Find-PlanObject -Noun 'TransportConfig').PSObject.Properties[$Limit]
    if (-not $property -or -not $property.Value) { return }
    $most = [long] (Format-PlanValue -Value $property.Value -Kind $Kind)
    if ($Count -le $most) { return }
    $script:Run.Code = 10
    Write-PlanRow -Id 'TransportRule' -Outcome 'Refused' -Detail ('{0} {1}; the tenant takes {2}' -f $Count, $Of, $most)
}

# Get-PlanNeeded returns the cmdlets that steps call on their way there and back, each with the
# parameters that it is given.
function Get-PlanNeeded {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Entries)
    $needed = @{}
    $calls = @{}
    foreach ($entry in @($Entries | Where-Object { $_.kind -eq 'step' -and -not $_.PSObject.Properties['open'] })) {
        $noun = $script:Nouns[$entry.noun]
        $source = $entry.noun
        if ($noun.ContainsKey('Source')) { $source = $noun.Source }
        $table = @{ Get = $script:Nouns[$source].Get }
        if (-not $entry.PSObject.Properties['owner']) {
            foreach ($part in 'New', 'Set', 'Enable', 'Disable', 'Remove') {
                if ($noun.ContainsKey($part)) { $table[$part] = $noun[$part] }
            }
        }
        foreach ($part in $table.Keys) {
            $text = [string] $table[$part]
            if (-not $calls.ContainsKey($text)) { $calls[$text] = @(Get-PlanCall -Text $text) }
            foreach ($call in $calls[$text]) {
                if (-not $needed.ContainsKey($call.Name)) { $needed[$call.Name] = @{} }
                $names = @($call.Parameters)
                # What is made by its name alone has the rest set by a second cmdlet.
                $as = ($part, 'Set')[[int] ($call.Name -like 'Set-*')]
                if ($call.Table) { $names += @(Get-PlanGiven -Entry $entry -Part $as) }
                foreach ($name in $names) { $needed[$call.Name][$name] = $true }
            }
        }
    }
    return $needed
}

# Get-PlanCall reads the calls in a piece of the table: each cmdlet, the parameters that stand behind
# it, and whether it is given a table of values beside them.
function Get-PlanCall {
    [CmdletBinding()]
    param ([string] $Text)
    foreach ($piece in @($Text -csplit '(?=\b[A-Z][a-z]+-[A-Z])')) {
        if ($piece -cnotmatch '^(?<name>[A-Z][a-z]+-[A-Za-z0-9]+)' -or $Matches.name -like '*-Object') { continue }
        $name = $Matches.name
        $words = @($piece -csplit '\s' | Where-Object { $_ -cmatch '^-[A-Z]' })
        $words = @($words | ForEach-Object { $_ -replace '^-|:.*$' })
        $table = $piece -match '\s@[A-Za-z]'
        New-Object -TypeName PSObject -Property @{ Name = $name; Parameters = $words; Table = $table }
    }
}

# Get-PlanGiven returns the names of the values that a step gives to New or to Set.
function Get-PlanGiven {
    [CmdletBinding()]
    param ($Entry, [string] $Part)
    $parts = 'new', 'set', 'add'
    if ($Part -eq 'New') {
        if (-not $Entry.PSObject.Properties['creates']) { return }
        $parts += 'given'
        $script:Nouns[$Entry.noun].Parameter
    }
    # A state that has cmdlets of its own is none of the values.
    $switched = $Part -eq 'Set' -and $script:Nouns[$Entry.noun].ContainsKey('Enable')
    foreach ($one in $parts) {
        $values = Get-PlanPart -Entry $Entry -Part $one
        foreach ($key in $values.Keys) {
            if ($key -eq 'Enabled' -and $switched) { continue }
            if ($Part -eq 'Set' -or $null -ne $values[$key]) { $key }
        }
    }
}

# Test-PlanLeftover lists what an earlier revision made and this plan no longer has.
function Test-PlanLeftover {
    [CmdletBinding()]
    param ()
    foreach ($known in @(Get-PlanLedger | Sort-Object -Property { $_.Noun }, { $_.Name })) {
        if (-not $known.Origin -or $known.Retired) { continue }
        if (@(Select-PlanStep -Entries $script:Run.Steps -Noun $known.Noun -Name $known.Name).Count) { continue }
        if (-not (Find-PlanObject -Noun $known.Noun -Name $known.Name)) { continue }
        $id = '{0}/{1}' -f $known.Noun, $known.Name
        $text = 'an earlier revision {0} it and this plan has no place for it. ' +
        "Take it away by hand, then: apply.ps1 -Retire '{1}=name; reason'"
        Write-PlanRow -Id $id -Outcome 'Leftover' -Detail ($text -f $known.Origin, $id)
    }
}

# Save-PlanSnapshot saves every object of every noun that the plan touches, ours or not. The result
# of the run has a file of nearly the same name.
function Save-PlanSnapshot {
    [CmdletBinding()]
    param ()
    $all = @{}
    $steps = $script:Run.Steps | Where-Object -Property kind -EQ -Value 'step'
    foreach ($noun in @($steps | ForEach-Object { $_.noun } | Sort-Object -Unique)) {
        if ($script:Nouns[$noun].ContainsKey('Source')) { $noun = $script:Nouns[$noun].Source }
        if ($all.ContainsKey($noun)) { continue }
        $names = @('')
        if ($script:Nouns[$noun].ContainsKey('Asked')) {
            $names = @($steps | Where-Object -Property noun -EQ -Value $noun | ForEach-Object { $_.name })
        }
        $all[$noun] = @($names | Sort-Object -Unique | ForEach-Object { Read-PlanNoun -Noun $noun -Name $_ })
        Write-PlanRow -Id $noun -Outcome 'Saved' -Detail ('{0} objects' -f $all[$noun].Count)
    }
    $path = Join-Path -Path $script:Run.Log -ChildPath ('snapshot-{0}.tenant' -f $script:Run.Stamp)
    Export-Clixml -InputObject $all -LiteralPath ($path + '.xml') -Depth 5
    ConvertTo-Json -InputObject $all -Depth 5 | Set-Content -LiteralPath ($path + '.json') -Encoding UTF8
}

# Test-PlanEntry says whether the tenant holds what the step sets, as it should be after the
# phases that are looked at.
function Test-PlanEntry {
    [CmdletBinding()]
    param ($Entry)
    $script:Run.Current = $Entry.id
    if ($Entry.PSObject.Properties['open']) {
        return Write-PlanHeld -Entry $Entry
    }
    if ($Entry.kind -eq 'hold') {
        $passed = Get-PlanPassed -Id $Entry.id
        if ($passed) { return Write-PlanRow -Id $Entry.id -Outcome 'Passed' -Detail $passed }
        return Write-PlanRow -Id $Entry.id -Outcome 'Waiting' -Detail $Entry.title
    }
    if ($Entry.PSObject.Properties['owner']) {
        return Write-PlanVerdict -Entry $Entry -Wrong (Get-PlanOwnedFault -Entry $Entry)
    }
    $until = (Get-PlanPart -Entry $Entry -Part 'new') + (Get-PlanPart -Entry $Entry -Part 'expect')
    $object = Find-PlanObject -Noun $Entry.noun -Name (Get-PlanText -Entry $Entry -Part 'name')
    if ($object) { $until = Select-PlanCurrent -Entry $Entry -Object $object -Values $until }
    $until = Select-PlanUnplanned -Entry $Entry -Values $until
    Write-PlanVerdict -Entry $Entry -Wrong (Get-PlanFault -Entry $Entry -Also $until)
}

function Write-PlanVerdict {
    [CmdletBinding()]
    param ($Entry, [string] $Wrong)
    if (-not $Wrong) { return Write-PlanRow -Id $Entry.id -Outcome 'Pass' -Detail $Entry.title }
    $script:Run.Code = 21
    Write-PlanRow -Id $Entry.id -Outcome 'Fail' -Detail $Wrong
}

# Select-PlanUnplanned leaves out what a later step sets, among those that are looked at.
function Select-PlanUnplanned {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Entry, [hashtable] $Values)
    $left = $Values.Clone()
    $place = Get-PlanPlace -Phase $Entry.phase -Id $Entry.id
    $name = Get-PlanText -Entry $Entry -Part 'name'
    foreach ($other in @(Select-PlanStep -Entries (Select-PlanEntry) -Noun $Entry.noun -Name $name)) {
        if ($other.PSObject.Properties['open']) { continue }
        if ((Get-PlanPlace -Phase $other.phase -Id $other.id) -le $place) { continue }
        foreach ($key in (Get-PlanPart -Entry $other -Part 'set').Keys) { $left.Remove($key) }
    }
    return $left
}

# Select-PlanStep returns the steps on one object.
function Select-PlanStep {
    [CmdletBinding()]
    param ($Entries, [string] $Noun, [string] $Name)
    foreach ($entry in $Entries) {
        if ($entry.kind -ne 'step' -or $entry.noun -ne $Noun) { continue }
        if ((Get-PlanText -Entry $entry -Part 'name') -eq $Name) { $entry }
    }
}

# --- Rollback -------------------------------------------------------------------------------

function Undo-PlanEntry {
    [CmdletBinding()]
    param ($Entry, $Entries)
    $script:Run.Current = $Entry.id
    if ($Entry.PSObject.Properties['open']) {
        return Write-PlanRow -Id $Entry.id -Outcome 'Held' -Detail 'this plan did not run it'
    }
    try {
        if ($Entry.PSObject.Properties['owner']) {
            Write-PlanRow -Id $Entry.id -Outcome 'NoChange' -Detail 'no script writes it'
        } elseif ($Entry.kind -eq 'step') {
            Undo-PlanStep -Entry $Entry
        } else {
            Confirm-PlanBack -Entry $Entry -Entries $Entries
        }
    } catch {
        if (-not $script:Run.DryRun) { throw }
        $script:Run.Code = 20
        Write-PlanRow -Id $Entry.id -Outcome 'Refused' -Detail ([string] $_)
    }
}

# Confirm-PlanBack: a hold stands in a rollback too, where there is something to take back
# behind it.
function Confirm-PlanBack {
    [CmdletBinding()]
    param ($Entry, $Entries)
    $behind = $false
    $work = $false
    foreach ($other in $Entries) {
        if ($behind -and (Test-Path -LiteralPath (Get-PlanRecordPath -Id $other.id))) { $work = $true }
        if ($other.id -eq $Entry.id) { $behind = $true }
    }
    $text = Get-PlanText -Entry $Entry -Part 'back'
    if ($text -and $work) { return Confirm-PlanHold -Entry $Entry -Text $text }
    Write-PlanRow -Id $Entry.id -Outcome 'NoChange' -Detail 'nothing to wait for in a rollback'
}

# Undo-PlanStep brings back what was there before the step, or removes what the step created.
# It refuses when a value is neither the one before nor the one that the step set.
function Undo-PlanStep {
    [CmdletBinding()]
    param ($Entry)
    $name = Get-PlanText -Entry $Entry -Part 'name'
    $label = ('{0} {1}' -f $Entry.noun, $name).Trim()
    $path = Get-PlanRecordPath -Id $Entry.id
    $open = @(Get-PlanRecord -Noun $Entry.noun -Name $name)
    if (-not (Test-Path -LiteralPath $path)) {
        Add-PlanUnknown -Entry $Entry -Open $open
        if (-not $script:Run.DryRun) { Undo-PlanLedger -Entry $Entry -Gone $false }
        return Write-PlanRow -Id $Entry.id -Outcome 'NoChange' -Detail ('{0}: this plan changed nothing' -f $label)
    }
    $keep = Get-PlanText -Entry $Entry -Part 'keep'
    if ($keep -and -not $script:Run.Release.ContainsKey($Entry.id)) {
        $script:Run.Unknown += "{0} is kept. To take it back: -Release '{0}=name; reason'" -f $Entry.id
        return Write-PlanRow -Id $Entry.id -Outcome 'Kept' -Detail $keep
    }
    if ($keep) { Write-PlanJournal -Id $Entry.id -Outcome 'Released' -Detail $script:Run.Release[$Entry.id] }
    if ($script:Nouns[$Entry.noun].ContainsKey('Stays')) {
        $script:Run.Pretended += $Entry.id
        if (-not $script:Run.DryRun) { Close-PlanRecord -Entry $Entry -Gone $false }
        return Write-PlanRow -Id $Entry.id -Outcome 'Kept' -Detail $script:Nouns[$Entry.noun].Stays
    }
    $record = Import-Clixml -LiteralPath $path
    $newer = Select-PlanNewer -Record $record -Open $open
    if ($newer -and $newer.Plan -eq $record.Plan -and (Test-PlanKept -Id $newer.Id)) {
        return Write-PlanRow -Id $Entry.id -Outcome 'Kept' -Detail ('{0} on the same object is kept' -f $newer.Id)
    }
    Assert-PlanFree -Entry $Entry -Record $record -Newer $newer
    $object = Find-PlanObject -Noun $Entry.noun -Name $name
    # A rule that is gone since has no place in the order any more.
    if ($record.Before.ContainsKey('Order') -and $object) {
        foreach ($part in $record.Before, $record.Set) {
            $part.Order = @($part.Order | Where-Object { $object.Order -contains $_ })
        }
    }
    $back = Select-PlanBack -Entry $Entry -Record $record -Object $object -Label $label
    $action = 'remove {0}' -f $label
    if ($record.Existed) {
        $action = 'restore {0}: {1}' -f $label, (Format-PlanChange -Noun $Entry.noun -Object $object -Change $back)
    }
    if (-not (Confirm-PlanChange -Id $Entry.id -Action $action)) {
        if ($script:Run.Code -eq 0) { $script:Run.Code = 2 }
        $script:Run.Undone++
        $script:Run.Pretended += $Entry.id
        return Write-PlanRow -Id $Entry.id -Outcome 'Pending' -Detail $action
    }
    if ($record.Existed) {
        if ($back.Count) {
            $values = Add-PlanCompanion -Noun $Entry.noun -Change $back -Want $record.Before
            Write-PlanObject -Noun $Entry.noun -Object $object -Values $values
        }
        $null = Wait-PlanValue -Noun $Entry.noun -Name $name -Want $record.Before -Lack $record.Added
    } elseif ($object) {
        $null = Invoke-PlanTenant -Call $script:Nouns[$Entry.noun].Remove -Value $object
        Assert-PlanGone -Noun $Entry.noun -Name $name -Label $label
    }
    Close-PlanRecord -Entry $Entry -Gone (-not $record.Existed)
    $script:Run.Undone++
    Write-PlanRow -Id $Entry.id -Outcome 'Undone' -Detail $action
}

# Close-PlanRecord puts aside what was there before a step: nothing of the step is left to take back.
function Close-PlanRecord {
    [CmdletBinding()]
    param ($Entry, [bool] $Gone)
    $closed = Get-PlanRecordPath -Id $Entry.id -Kind ('undone-{0}' -f $script:Run.Stamp)
    Move-Item -LiteralPath (Get-PlanRecordPath -Id $Entry.id) -Destination $closed
    Undo-PlanLedger -Entry $Entry -Gone $Gone
}

# Add-PlanUnknown remembers why it cannot be said that nothing is left to take back.
function Add-PlanUnknown {
    [CmdletBinding()]
    param ($Entry, $Open)
    foreach ($record in @($Open | Where-Object { $_.Plan -ne $script:Run.Plan })) {
        $other = $record.Plan.Substring(0, 12)
        $text = '{0}: plan {1} changed this object ({2}); take that plan back' -f $Entry.id, $other, $record.Id
        $script:Run.Unknown += $text
    }
    $name = Get-PlanText -Entry $Entry -Part 'name'
    if ($script:Nouns[$Entry.noun].ContainsKey('Adopt') -and -not (Get-PlanOrigin -Noun $Entry.noun -Name $name)) {
        if (-not (Get-PlanFault -Entry $Entry)) {
            $text = '{0}: the tenant has what this step sets, and {1} does not say who set it'
            $script:Run.Unknown += $text -f $Entry.id, $script:Run.Log
        }
    }
    $runs = Get-PlanJournal | Where-Object { $_.Id -eq 'RUN' -and $_.Script -eq 'apply' }
    if (@($runs | Where-Object -Property Phase -EQ -Value $Entry.phase).Count -eq 0) {
        $script:Run.Unknown += '{0}: no apply of this plan is journalled in {1}' -f $Entry.id, $script:Run.Log
    }
}

# Select-PlanNewer returns the newest record on the object that is later than this one.
function Select-PlanNewer {
    [CmdletBinding()]
    param ($Record, $Open)
    $newer = $null
    foreach ($other in $Open) {
        if ($other.Plan -eq $Record.Plan -and $script:Run.Pretended -contains $other.Id) { continue }
        if ($other.Sequence -gt $Record.Sequence) { $newer = $other }
    }
    $newer
}

# Test-PlanKept says whether rollback leaves a step until a person releases it.
function Test-PlanKept {
    [CmdletBinding()]
    [OutputType([bool])]
    param ([string] $Id)
    $step = $script:Run.Steps | Where-Object -Property id -EQ -Value $Id
    return (Get-PlanText -Entry $step -Part 'keep') -and -not $script:Run.Release.ContainsKey($Id)
}

# Assert-PlanFree refuses while something later stands on the same object, or rests on this step.
function Assert-PlanFree {
    [CmdletBinding()]
    param ($Entry, $Record, $Newer)
    if ($Newer) {
        $what = '{0} of phase {1}' -f $Newer.Id, $Newer.Phase
        if ($Newer.Plan -ne $Record.Plan) { $what = 'plan {0} ({1})' -f $Newer.Plan.Substring(0, 12), $what }
        Exit-PlanRun -Code 31 -Reason ('{0} has changed the same object since: take it back first.' -f $what)
    }
    foreach ($other in $script:Run.Steps) {
        if (-not $other.PSObject.Properties['needs'] -or @($other.needs) -notcontains $Entry.id) { continue }
        if ($script:Run.Pretended -contains $other.id) { continue }
        if (Test-Path -LiteralPath (Get-PlanRecordPath -Id $other.id)) {
            Exit-PlanRun -Code 31 -Reason ('{0} rests on {1}: take it back first.' -f $other.id, $Entry.id)
        }
    }
}

# Select-PlanBack returns what must be set to have the state before; nothing for an object that
# is to be removed.
function Select-PlanBack {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ($Entry, $Record, $Object, [string] $Label)
    $back = @{}
    if (-not $Object) {
        if ($Record.Existed) { Exit-PlanRun -Code 31 -Reason ('{0} is gone.' -f $Label) }
        return $back
    }
    $set = Select-PlanSettable -Noun $Record.Noun -Values $Record.Set
    $unlike = Select-PlanDifference -Noun $Record.Noun -Object $Object -Want $set
    if ($Record.Existed) { $back = Select-PlanDifference -Noun $Record.Noun -Object $Object -Want $Record.Before }
    # In a dry run there still is what a later step has set, and would have taken back by now.
    foreach ($later in @(Get-PlanRecord -Noun $Record.Noun -Name $Record.Name)) {
        if ($later.Plan -ne $Record.Plan -or $script:Run.Pretended -notcontains $later.Id) { continue }
        foreach ($key in $later.Set.Keys) { $unlike.Remove($key) }
    }
    $changed = @{}
    foreach ($key in $unlike.Keys) {
        if (-not $Record.Existed -or $back.ContainsKey($key)) { $changed[$key] = $set[$key] }
    }
    # What the plan does not name and the record does not hold has come since.
    $since = Select-PlanUnset -Entry $Entry -Object $Object
    foreach ($key in $since.Keys) { if (-not $Record.Before.ContainsKey($key)) { $changed[$key] = $since[$key] } }
    if ($changed.Count) {
        $text = Format-PlanDifference -Noun $Record.Noun -Object $Object -Want $changed
        Exit-PlanRun -Code 31 -Reason ('{0} was changed since: {1}' -f $Label, $text)
    }
    if ($Record.Existed) {
        foreach ($key in $Record.Added.Keys) {
            $added = @{ $key = $Record.Added[$key] }
            $gone = Select-PlanMissing -Noun $Record.Noun -Object $Object -Add $added
            if ($gone.Count -and @($gone[$key]).Count -eq @($Record.Added[$key]).Count) { continue }
            $back += Join-PlanMember -Noun $Record.Noun -Object $Object -Member $added -Without
        }
    }
    return $back
}

function Assert-PlanGone {
    [CmdletBinding()]
    param ([string] $Noun, [string] $Name, [string] $Label)
    foreach ($seconds in $script:Patience) {
        if ($seconds) { Start-Sleep -Seconds $seconds }
        Clear-PlanNoun -Noun $Noun
        if (-not (Find-PlanObject -Noun $Noun -Name $Name)) { return }
    }
    Exit-PlanRun -Code 21 -Reason ('{0} was removed and is still there.' -f $Label)
}

# Assert-PlanUndone: nothing to do is a good end only where the journal shows that this plan
# changed nothing, and nobody else's record stands open.
function Assert-PlanUndone {
    [CmdletBinding()]
    param ()
    if ($script:Run.Undone) {
        if (-not $script:Run.DryRun) { $script:Run.Code = 30 }
        return
    }
    if ($script:Run.Unknown.Count -eq 0) { return }
    $script:Run.Current = 'RUN'
    $reason = @($script:Run.Unknown | Select-Object -Unique) -join '; '
    if (-not $script:Run.DryRun) { Exit-PlanRun -Code 31 -Reason $reason }
    $script:Run.Code = 20
    Write-PlanRow -Id 'RUN' -Outcome 'Refused' -Detail $reason
}

Export-ModuleMember -Function Invoke-PlanRun, Get-PlanExitCode
