# OFFICIAL: Sensitive
<#
.SYNOPSIS
    Carries out one phase of the approved change to the mail flow of the tenant.
.DESCRIPTION
    Marking:      OFFICIAL: Sensitive
    Organisation: Department of Lighthouses & Tides
    System:       BEACON Messaging
    Tenant:       c4a9e1d7-2b60-4f3d-8e75-91f0b6a2d384 (lighthousestides.onmicrosoft.com)
    Plan SHA256:  714a488247f55113ac30c03430d72e681333a2cdb8334101fa65dc291de4ea1d
    Profile:      lighthouses-and-tides r1, 2026-11-25

    Reads, compares, records what was there, changes only what differs, reads again. It removes
    nothing. A second run changes nothing. rollback.ps1 takes a phase back.
.PARAMETER ApprovedPlan
    The SHA-256 of plan.json as printed on the approved change request. The script stops if it differs.
.PARAMETER Phase
    The phase of the run sheet to carry out, P0 to P9.
.PARAMETER OnlyStep
    Steps of that phase. Holds that stand before them are met all the same. Left out: all.
.PARAMETER Adopt
    Names of objects that exist, that no revision of this profile made, and that may be changed; or of
    rules to which somebody has added what the plan does not have, and that may be cleared of it.
.PARAMETER Acknowledge
    Holds that have been met: 'HOLD-510=name; reason'.
.PARAMETER Retire
    Objects of an earlier revision that somebody has taken away: 'InboundConnector/old name=name; reason'.
.PARAMETER DnsServer
    Name servers to ask for the records that a hold names, where those of this machine do not see what
    the Internet sees. All of them must show what is planned.
.PARAMETER LogDirectory
    Folder for records, journal and results. By default a folder beside the packs, one for each
    tenant, shared by all revisions. Never inside a pack.
.EXAMPLE
    .\apply.ps1 -ApprovedPlan 714a4882... -Phase P1 -WhatIf
    Shows what would change.
.NOTES
    Rights: Exchange Administrator, for the change window.
    Exit codes: 0 done, or nothing to change; 2 changes pending (-WhatIf); 10 preflight failed;
    11 wrong tenant; 12 plan or script not as approved; 20 stopped at a step; 21 a check after a
    change failed; 22 a hold is not met.
#>
#Requires -Version 5.1
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param (
    [Parameter(Mandatory = $true)] [ValidatePattern('^[0-9a-fA-F]{64}$')] [string] $ApprovedPlan,
    [Parameter(Mandatory = $true)] [ValidatePattern('^P[0-9]$')] [string] $Phase,
    [string[]] $OnlyStep,
    [string[]] $Adopt,
    [string[]] $Acknowledge,
    [string[]] $Retire,
    [string[]] $DnsServer,
    [string] $LogDirectory
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'ExoPlan.psm1') -Force

# What the plan says, word for word: the module compares it with plan.json before anything else.
$steps = @(
    # STEP-120/tides.lighthouses.example
    #   DD-110/tides.lighthouses.example
    #   DD-171/tides.lighthouses.example
    # Accepted domain tides.lighthouses.example is Authoritative
    @{
        Id = 'STEP-120/tides.lighthouses.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'tides.lighthouses.example'
        Set = @{
            DomainType = 'Authoritative'
            MatchSubDomains = $false
        }
    }
    # STEP-121/lighthouses.example
    #   DD-110/lighthouses.example
    #   DD-171/lighthouses.example
    #   DD-111/lighthouses.example
    # Accepted domain lighthouses.example is InternalRelay
    @{
        Id = 'STEP-121/lighthouses.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'lighthouses.example'
        New = @{
            DomainType = 'InternalRelay'
            MatchSubDomains = $false
        }
    }
    # HOLD-130
    #   DD-120
    # Synchronisation and sign-in work, each by its own test
    @{
        Id = 'HOLD-130'
        Phase = 'P1'
        Text = @(
            'A change to an attribute on-premises shows in the tenant. One pilot user signs '
            'in to the tenant by the planned way. Both before the hybrid wizard is run.'
        ) -join ''
    }
    # HOLD-131
    #   DD-124
    # Permissions of mailboxes are known
    @{
        Id = 'HOLD-131'
        Phase = 'P1'
        Text = @(
            'Full Access, Send As, Send on Behalf and the delegation of folders are listed '
            'for all mailboxes. People who share mailboxes move together; Send As is set '
            'again in Exchange Online and tried after each batch.'
        ) -join ''
    }
    # HOLD-132
    #   DD-124
    # Moved mailboxes are protected no less than before
    @{
        Id = 'HOLD-132'
        Phase = 'P1'
        Text = @(
            'What filters mail of mailboxes on-premises against malware and spam today is '
            'compared with the policies of the tenant. What the tenant lacks is set there '
            'before the first mailbox moves.'
        ) -join ''
    }
    # STEP-134
    #   DD-324
    # What is done in mailboxes is recorded
    @{
        Id = 'STEP-134'
        Phase = 'P1'
        Noun = 'OrganizationConfig'
        Set = @{
            AuditDisabled = $false
        }
    }
    # STEP-136
    #   DD-324
    # What users and administrators do is recorded in the unified log
    @{
        Id = 'STEP-136'
        Phase = 'P1'
        Noun = 'AdminAuditLogConfig'
        Set = @{
            UnifiedAuditLogIngestionEnabled = $true
        }
    }
    # HOLD-138
    #   DD-354
    # Clients can open a mailbox that has moved
    @{
        Id = 'HOLD-138'
        Phase = 'P1'
        Text = @(
            'Every release of Outlook and every mobile client in use is known. One of each '
            'has opened a pilot mailbox in the tenant, with modern authentication. What '
            'could not is replaced before its users move. Which releases are in support is '
            'looked up on Microsoft''s lifecycle page on the day.'
        ) -join ''
    }
    # HOLD-140
    #   DD-060
    # Nothing loses its way to send
    @{
        Id = 'HOLD-140'
        Phase = 'P1'
        Text = @(
            'Get-CASMailbox shows SmtpClientAuthenticationDisabled False for these mailboxes '
            'and no other: print@lighthouses.example. What signs in to send from any other '
            'mailbox has moved, or is known to stop.'
        ) -join ''
    }
    # STEP-141
    #   DD-060
    # SMTP AUTH for the organisation
    @{
        Id = 'STEP-141'
        Phase = 'P1'
        Noun = 'TransportConfig'
        Set = @{
            SmtpClientAuthenticationDisabled = $true
        }
        Needs = @('HOLD-140')
    }
    # STEP-142
    #   DD-200
    # Host names for old versions of TLS
    @{
        Id = 'STEP-142'
        Phase = 'P1'
        Noun = 'TransportConfig'
        Set = @{
            AllowLegacyTLSClients = $false
        }
    }
    # STEP-143
    #   DD-201
    # Protection against reply-all storms
    @{
        Id = 'STEP-143'
        Phase = 'P1'
        Noun = 'TransportConfig'
        Set = @{
            ReplyAllStormProtectionEnabled = $true
        }
    }
    # STEP-144
    #   DD-201
    #   DD-202
    # What counts as a reply-all storm
    @{
        Id = 'STEP-144'
        Phase = 'P1'
        Noun = 'TransportConfig'
        Set = @{
            ReplyAllStormBlockDurationHours = 6
            ReplyAllStormDetectionMinimumRecipients = 2500
            ReplyAllStormDetectionMinimumReplies = 10
        }
    }
    # STEP-146
    #   DD-323
    # Sending from aliases
    @{
        Id = 'STEP-146'
        Phase = 'P1'
        Noun = 'OrganizationConfig'
        Set = @{
            SendFromAliasEnabled = $true
        }
    }
    # STEP-147
    #   DD-320
    # Message recall
    @{
        Id = 'STEP-147'
        Phase = 'P1'
        Noun = 'OrganizationConfig'
        Set = @{
            MessageRecallEnabled = $true
        }
    }
    # STEP-150
    #   DD-203
    #   DD-204
    #   DD-205
    #   DD-206
    #   DD-207
    # Automatic replies and reports to people outside
    @{
        Id = 'STEP-150'
        Phase = 'P1'
        Noun = 'RemoteDomain'
        Set = @{
            AllowedOOFType = 'External'
            AutoReplyEnabled = $true
            DeliveryReportEnabled = $true
            MeetingForwardNotificationEnabled = $false
            NDREnabled = $true
        }
    }
    # STEP-154
    #   DD-320
    #   DD-321
    # Recall of read messages
    @{
        Id = 'STEP-154'
        Phase = 'P1'
        Noun = 'OrganizationConfig'
        Set = @{
            RecallReadMessagesEnabled = $true
        }
    }
    # HOLD-155
    #   DD-208
    #   DD-209
    # Nobody's forwarding ends unannounced
    @{
        Id = 'HOLD-155'
        Phase = 'P1'
        Text = @(
            'Inbox rules that forward outside are known, and so are mailboxes with a '
            'forwarding address outside. Their owners know that it ends, and what they do '
            'instead.'
        ) -join ''
    }
    # STEP-156
    #   DD-208
    # Automatic forwarding in the remote domain
    @{
        Id = 'STEP-156'
        Phase = 'P1'
        Noun = 'RemoteDomain'
        Set = @{
            AutoForwardEnabled = $false
        }
        Needs = @('HOLD-155')
    }
    # STEP-157
    #   DD-209
    # Automatic forwarding in the default outbound spam policy
    @{
        Id = 'STEP-157'
        Phase = 'P1'
        Noun = 'HostedOutboundSpamFilterPolicy'
        Set = @{
            AutoForwardingMode = 'Off'
        }
        Needs = @('HOLD-155')
    }
    # STEP-160
    #   DD-210
    # Mark of outside senders in Outlook
    @{
        Id = 'STEP-160'
        Phase = 'P1'
        Noun = 'ExternalInOutlook'
        Set = @{
            Enabled = $true
        }
        Add = @{
            AllowList = @()
        }
    }
    # STEP-166
    #   DD-322
    # Mail to an address with a plus sign does not arrive
    @{
        Id = 'STEP-166'
        Phase = 'P1'
        Noun = 'OrganizationConfig'
        Set = @{
            DisablePlusAddressInRecipients = $true
        }
    }
    # STEP-196/harbour-pilots.example
    #   DD-207
    #   DD-326/harbour-pilots.example
    #   DD-327/harbour-pilots.example
    #   DD-328/harbour-pilots.example
    #   DD-329/harbour-pilots.example
    #   DD-330/harbour-pilots.example
    # Replies, forwarding and reports to harbour-pilots.example
    @{
        Id = 'STEP-196/harbour-pilots.example'
        Phase = 'P1'
        Noun = 'NamedRemoteDomain'
        Name = 'harbour-pilots.example'
        Creates = $true
        New = @{
            TNEFEnabled = $null
        }
        Set = @{
            AllowedOOFType = 'External'
            AutoForwardEnabled = $false
            AutoReplyEnabled = $false
            DeliveryReportEnabled = $true
            MeetingForwardNotificationEnabled = $false
            NDREnabled = $true
        }
        Needs = @('HOLD-155')
    }
    # STEP-197/harbour-pilots.example
    #   DD-326/harbour-pilots.example
    #   DD-331/harbour-pilots.example
    # No rich text to harbour-pilots.example
    @{
        Id = 'STEP-197/harbour-pilots.example'
        Phase = 'P1'
        Noun = 'NamedRemoteDomain'
        Name = 'harbour-pilots.example'
        Set = @{
            TNEFEnabled = $false
        }
    }
    # HOLD-298
    #   DD-119
    # What is published on-premises is reached from outside
    @{
        Id = 'HOLD-298'
        Phase = 'P2'
        Text = @(
            'Microsoft''s Remote Connectivity Analyzer is run against a pilot mailbox '
            'on-premises, before the hybrid wizard: Autodiscover finds it, EWS at '
            'mail.lighthouses.example answers, and both present a public certificate that '
            'bears their names. Where TCP 25 is open to Exchange Online alone, the analyser '
            'is refused there, as it should be. The results are kept with the change record. '
            'Its tests are named on its page; choose those for Autodiscover and EWS.'
        ) -join ''
    }
    # HOLD-300
    #   DD-122
    # The hybrid wizard can be run
    @{
        Id = 'HOLD-300'
        Phase = 'P3'
        Text = @(
            'The connections of the plan are open. The certificate lighthouses.example is '
            'installed on every transport server, with its private key. On-premises the '
            'connectors are saved before anything is touched: Get-SendConnector | '
            'Export-Clixml send.xml; Get-ReceiveConnector | Export-Clixml recv.xml. '
            'Synchronisation and sign-in have passed their own hold. Then the hybrid wizard '
            'is run.'
        ) -join ''
        Since = @{ Hold = 'HOLD-130'; Days = 2 }
    }
    # HOLD-301
    #   DD-117
    # The Edge is subscribed
    @{
        Id = 'HOLD-301'
        Phase = 'P3'
        Text = @(
            'Test-EdgeSynchronization on-premises succeeds for every Edge server, over TCP '
            '50636 from inside. Edge reaches Exchange Online on TCP 25. In the hybrid '
            'configuration ReceivingTransportServers and SendingTransportServers are empty. '
            'Whenever an Edge is subscribed anew, the hybrid wizard is run anew.'
        ) -join ''
    }
    # HOLD-302
    #   DD-126
    # The hybrid wizard has run
    @{
        Id = 'HOLD-302'
        Phase = 'P3'
        Text = @(
            'The wizard ended without an error, and the ID in the names of its connectors in '
            'Exchange Online is 5d0c7b1e-93a4-4f28-8c6b-0e71d2f4a695. On-premises, the send '
            'connector to Office 365 has TlsCertificateName with issuer and subject of the '
            'certificate. Free/busy works both ways where it is planned, and the messages '
            'that this hold names have been sent. What differs is put right by the wizard, '
            'and by nothing else.'
        ) -join ''
    }
    # HOLD-303
    #   DD-113
    # The routing domain of the hybrid stands
    @{
        Id = 'HOLD-303'
        Phase = 'P3'
        Text = @(
            'The hybrid wizard has run, and lighthousestides.mail.onmicrosoft.com is an '
            'accepted domain. On-premises the e-mail address policy gives every mailbox that '
            'will move an address in it.'
        ) -join ''
    }
    # HOLD-304/lighthouses.example
    #   DD-110/lighthouses.example
    # Mail for lighthouses.example finds the other system
    @{
        Id = 'HOLD-304/lighthouses.example'
        Phase = 'P3'
        Text = @(
            'Get-OutboundConnector shows a connector that is enabled and whose '
            'RecipientDomains hold lighthouses.example; in hybrid it is the one of the '
            'hybrid wizard. A message from a mailbox of the tenant to somebody in '
            'lighthouses.example whom only the other system knows arrives there.'
        ) -join ''
    }
    # HOLD-305
    #   DD-121
    # The dedicated hybrid application is in use
    @{
        Id = 'HOLD-305'
        Phase = 'P3'
        Text = @(
            'The hybrid wizard or ConfigureExchangeHybridApplication.ps1 has made the '
            'application whose name begins with ExchangeServerApp. On-premises, a setting '
            'override for ExchangeOnpremAsThirdPartyAppId is in force, which the wizard does '
            'not make. Then the keys of the shared application are cleaned up with '
            '-ResetFirstPartyServicePrincipalKeyCredentials. Test-OAuthConnectivity succeeds.'
        ) -join ''
    }
    # HOLD-306
    #   DD-121
    # The hybrid application may use EWS
    @{
        Id = 'HOLD-306'
        Phase = 'P3'
        Text = @(
            'Get-OrganizationConfig shows EWSEnabled True, and EwsAllowedAppIDs holds the ID '
            'of the dedicated hybrid application beside those that were there: setting the '
            'list replaces all of it, and an empty list blocks everything. EWS ends on 1 '
            'April 2027; the step to Graph has a date and an owner.'
        ) -join ''
    }
    # STEP-307
    #   DD-126
    # Inbound connector of the hybrid wizard
    @{
        Id = 'STEP-307'
        Phase = 'P3'
        Noun = 'InboundConnector'
        Name = 'Inbound from 5d0c7b1e-93a4-4f28-8c6b-0e71d2f4a695'
        Owner = 'the hybrid wizard'
        Ends = 'HOLD-930'
        Expect = @{
            ConnectorType = 'OnPremises'
            Enabled = $true
            RequireTls = $true
            SenderDomains = @('*')
            TlsSenderCertificateName = 'lighthouses.example'
        }
    }
    # STEP-308
    #   DD-126
    #   DD-118
    # Outbound connector of the hybrid wizard
    @{
        Id = 'STEP-308'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'Outbound to 5d0c7b1e-93a4-4f28-8c6b-0e71d2f4a695'
        Owner = 'the hybrid wizard'
        Ends = 'HOLD-930'
        Expect = @{
            ConnectorType = 'OnPremises'
            Enabled = $true
            RouteAllMessagesViaOnPremises = $false
            SmartHosts = @('edge.lighthouses.example')
            TlsSettings = 'DomainValidation'
            UseMXRecord = $false
        }
        Includes = @{
            RecipientDomains = @('lighthouses.example', 'tides.lighthouses.example')
        }
    }
    # STEP-309
    #   DD-113
    # Routing domain of the hybrid
    @{
        Id = 'STEP-309'
        Phase = 'P3'
        Noun = 'AcceptedDomain'
        Name = 'lighthousestides.mail.onmicrosoft.com'
        Owner = 'the hybrid wizard'
        Expect = @{
            DomainType = 'Authoritative'
        }
    }
    # STEP-310
    #   DD-040
    #   DD-042
    # Inbound connector from the gateway, refusing nobody
    @{
        Id = 'STEP-310'
        Phase = 'P3'
        Noun = 'InboundConnector'
        Name = 'Inbound-connector-from-FORESHORE'
        Creates = $true
        New = @{
            EFUsers = @('pilot@lighthouses.example')
            RequireTls = $false
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $false
            SenderIPAddresses = $null
            TlsSenderCertificateName = $null
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            EFSkipIPs = @('198.51.100.128/28')
            EFSkipLastIP = $false
            Enabled = $true
            SenderDomains = @('*')
        }
    }
    # STEP-320
    #   DD-041
    # Outbound connector to the gateway for all domains, disabled
    @{
        Id = 'STEP-320'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'outbound-connector-to-FORESHORE'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            IsTransportRuleScoped = $false
            RecipientDomains = @('*')
            SmartHosts = @('smtp.foreshore.example')
            TlsDomain = 'smtp.foreshore.example'
            TlsSettings = 'DomainValidation'
            UseMXRecord = $false
        }
    }
    # STEP-334
    #   DD-033
    #   DD-034
    # Rule that lets OFFICIAL: Sensitive mail leave over TLS only by its header, disabled
    @{
        Id = 'STEP-334'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-40 Sensitive over TLS (header)'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            HeaderMatchesMessageHeader = 'X-Protective-Marking'
            HeaderMatchesPatterns = @('SEC=OFFICIAL:\s*Sensitive')
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RouteMessageOutboundRequireTls = $true
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-335
    #   DD-034
    # Rule that lets OFFICIAL: Sensitive mail leave over TLS only by its subject, disabled
    @{
        Id = 'STEP-335'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-41 Sensitive over TLS (subject)'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RouteMessageOutboundRequireTls = $true
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = @('\[SEC=OFFICIAL:\s*Sensitive')
        }
    }
    # STEP-336
    #   DD-033
    #   DD-034
    # Rule that lets OFFICIAL: Sensitive mail leave over TLS only by its label, disabled
    @{
        Id = 'STEP-336'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-42 Sensitive over TLS (label)'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            HeaderMatchesMessageHeader = 'msip_labels'
            HeaderMatchesPatterns = @(
                '9b2e41d7-0c85-4f6a-b3d9-57a1e08c2f46'
                '41f7c3a0-e29d-4b58-8a16-d05b7e93c824'
            )
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RouteMessageOutboundRequireTls = $true
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-340
    #   DD-011
    #   DD-031
    #   DD-033
    # Rule that blocks markings above the system's level in the header, disabled
    @{
        Id = 'STEP-340'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-10 Marking above this system (header)'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            GenerateIncidentReport = 'security@lighthouses.example'
            HeaderMatchesMessageHeader = 'X-Protective-Marking'
            HeaderMatchesPatterns = @('SEC=(PROTECTED|SECRET|TOP[- ]SECRET)')
            IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'RuleDetections', 'Severity')
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RejectMessageReasonText = 'The protective marking of this message is above what this system may hold'
            RuleErrorAction = 'Defer'
            SentToScope = $null
            SetAuditSeverity = 'High'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-341
    #   DD-011
    #   DD-031
    # Rule that blocks markings above the system's level in the subject, disabled
    @{
        Id = 'STEP-341'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-11 Marking above this system (subject)'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            GenerateIncidentReport = 'security@lighthouses.example'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'RuleDetections', 'Severity')
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RejectMessageReasonText = 'The protective marking of this message is above what this system may hold'
            RuleErrorAction = 'Defer'
            SentToScope = $null
            SetAuditSeverity = 'High'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = @('\[SEC=(PROTECTED|SECRET|TOP[- ]SECRET)')
        }
    }
    # STEP-352
    #   DD-036
    # Rule that rejects unmarked mail to the outside, disabled
    @{
        Id = 'STEP-352'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-60 Unmarked mail to the outside'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = 'X-Protective-Marking'
            ExceptIfHeaderMatchesPatterns = @('SEC=')
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = @('\[SEC=')
            FromScope = $null
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RejectMessageReasonText = 'This message bears no protective marking. Mark it and send it again'
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-371
    #   DD-288
    # Rule that puts a word into the subject of mail from outside, disabled
    @{
        Id = 'STEP-371'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-71 Word in the subject'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfAnyOfToCcHeader = @('tide-tables@lighthouses.example')
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = @('\[External\]')
            FromScope = 'NotInOrganization'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            PrependSubject = '[External] '
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = 'InOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-389
    #   DD-011
    #   DD-285
    #   DD-288
    # The rules of the plan come first, in their order
    @{
        Id = 'STEP-389'
        Phase = 'P3'
        Noun = 'TransportRuleOrder'
        Set = @{
            Order = @(
                'exoplan-10 Marking above this system (header)'
                'exoplan-11 Marking above this system (subject)'
                'exoplan-40 Sensitive over TLS (header)'
                'exoplan-41 Sensitive over TLS (subject)'
                'exoplan-42 Sensitive over TLS (label)'
                'exoplan-60 Unmarked mail to the outside'
                'exoplan-71 Word in the subject'
            )
        }
        Keep = 'A rule in front of those that block, reject or force TLS can disarm them'
    }
    # HOLD-410/tide-gauges
    #   DD-140/tide-gauges
    # It is known how Tide gauges delivers
    @{
        Id = 'HOLD-410/tide-gauges'
        Phase = 'P4'
        Text = @(
            'The connector report of at least 14 days shows all mail of Tide gauges, and all '
            'of it comes as the plan says. When somebody else runs it: nobody but Tide '
            'gauges sends from its domains, for such mail is refused as soon as the '
            'connector stands.'
        ) -join ''
    }
    # STEP-411/tide-gauges
    #   DD-140/tide-gauges
    # Inbound connector for Tide gauges, by its certificate
    @{
        Id = 'STEP-411/tide-gauges'
        Phase = 'P4'
        Noun = 'InboundConnector'
        Name = 'Inbound-direct-from-Tide gauges'
        Creates = $true
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'OnPremises'
            Enabled = $true
            RequireTls = $true
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $false
            SenderDomains = @('*')
            SenderIPAddresses = $null
            TlsSenderCertificateName = 'gauges.tides.lighthouses.example'
        }
        Needs = @('HOLD-410/tide-gauges')
    }
    # HOLD-505
    #   DD-042
    # No rule lets mail of the gateway pass by the filter
    @{
        Id = 'HOLD-505'
        Phase = 'P5'
        Text = @(
            'Get-TransportRule shows no rule that sets the spam confidence level to -1 for '
            'mail of the gateway, and the connection filter does not allow its addresses. '
            'They would cancel what enhanced filtering restores. Only narrow ones for the '
            'security team and for simulated phishing stay.'
        ) -join ''
    }
    # HOLD-510
    #   DD-040
    # The way in can be changed, and back
    @{
        Id = 'HOLD-510'
        Phase = 'P5'
        Text = @(
            'The times to live of MX have been at 300 seconds for at least the time they had '
            'before; partners who pin the old MX and the DNS operator know of the change; '
            'the old path keeps accepting mail; two days of the connector report are '
            'explained.'
        ) -join ''
    }
    # STEP-520
    #   DD-040
    #   DD-042
    # Inbound connector from the gateway is the same for everyone
    @{
        Id = 'STEP-520'
        Phase = 'P5'
        Noun = 'InboundConnector'
        Name = 'Inbound-connector-from-FORESHORE'
        Set = @{
            EFUsers = $null
        }
        Expect = @{
            Enabled = $true
            RequireTls = $false
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $false
        }
        Needs = @('HOLD-510')
    }
    # STEP-610
    #   DD-011
    #   DD-033
    # Rule that blocks markings above the system's level in the header, enabled
    @{
        Id = 'STEP-610'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-10 Marking above this system (header)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
        Keep = 'Without it mail marked above the system''s level is delivered'
    }
    # STEP-611
    #   DD-011
    # Rule that blocks markings above the system's level in the subject, enabled
    @{
        Id = 'STEP-611'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-11 Marking above this system (subject)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
        Keep = 'Without it mail marked above the system''s level is delivered'
    }
    # STEP-613
    #   DD-036
    # Unmarked mail to the outside is rejected
    @{
        Id = 'STEP-613'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-60 Unmarked mail to the outside'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
        Keep = 'Without it mail that nobody marked leaves the organisation'
    }
    # STEP-626
    #   DD-033
    #   DD-034
    # OFFICIAL: Sensitive mail leaves over TLS only by its header
    @{
        Id = 'STEP-626'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-40 Sensitive over TLS (header)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
    }
    # STEP-627
    #   DD-034
    # OFFICIAL: Sensitive mail leaves over TLS only by its subject
    @{
        Id = 'STEP-627'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-41 Sensitive over TLS (subject)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
    }
    # STEP-628
    #   DD-033
    #   DD-034
    # OFFICIAL: Sensitive mail leaves over TLS only by its label
    @{
        Id = 'STEP-628'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-42 Sensitive over TLS (label)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
    }
    # HOLD-630
    #   DD-041
    # Receivers know where mail will come from
    @{
        Id = 'HOLD-630'
        Phase = 'P6'
        Text = @(
            'An authoritative server of every domain that sends shows 203.0.113.96/28 in '
            'SPF, and the old time to live has passed. Whoever runs the way out has '
            'confirmed in writing that it takes mail from this tenant for these domains, and '
            'the test message of Validate-OutboundConnector, whose sender is at '
            'lighthousestides.onmicrosoft.com and can be no other.'
        ) -join ''
    }
    # STEP-640
    #   DD-041
    # Outbound connector to the gateway for all domains, enabled
    @{
        Id = 'STEP-640'
        Phase = 'P6'
        Noun = 'OutboundConnector'
        Name = 'outbound-connector-to-FORESHORE'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-610', 'STEP-611', 'HOLD-630')
    }
    # HOLD-645
    #   DD-041
    # Mail leaves through the gateway
    @{
        Id = 'HOLD-645'
        Phase = 'P6'
        Text = @(
            'Validate-OutboundConnector succeeds, and test messages to mailboxes outside '
            'arrived through the gateway with spf=pass and TLS. A refusal of its sender at '
            'lighthousestides.onmicrosoft.com speaks of that sender alone: decide by the '
            'test messages, and name who decided. If they fail: roll STEP-640 back now.'
        ) -join ''
        Back = @(
            'No mail of the organisation waits in the queue for the gateway, or its loss is '
            'accepted. Where SPF no longer names Exchange Online (after P8), the record of '
            'P2 is published again and its time to live has passed.'
        ) -join ''
    }
    # STEP-691
    #   DD-288
    # Mail from outside bears a word in its subject
    @{
        Id = 'STEP-691'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-71 Word in the subject'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
    }
    # HOLD-710
    #   DD-044
    # Nothing legitimate arrives past the gateway any more
    @{
        Id = 'HOLD-710'
        Phase = 'P7'
        Text = @(
            'At least 7 days have passed since the MX moved and the old path is retired. The '
            'connector report of 14 days (Start-HistoricalSearch, ConnectorReport, '
            'NoConnector) shows no legitimate sender that delivers straight to the tenant: '
            'devices, applications, journaling, addresses at the initial domain.'
        ) -join ''
        Records = @(
            'REC-020/lighthouses.example'
            'REC-020/tides.lighthouses.example'
        )
        Since = @{ Hold = 'HOLD-510'; Days = 7 }
    }
    # HOLD-715/print-services
    #   DD-140/print-services
    # Print services no longer delivers straight to the tenant
    @{
        Id = 'HOLD-715/print-services'
        Phase = 'P7'
        Text = @(
            'The connector report of 14 days shows no message of Print services without a '
            'connector, and its mail arrives the other way or is no longer missed.'
        ) -join ''
    }
    # HOLD-716
    #   DD-142
    # Nobody needs the initial domain from outside
    @{
        Id = 'HOLD-716'
        Phase = 'P7'
        Text = @(
            'Mail from outside to addresses at lighthousestides.onmicrosoft.com is refused '
            'from the next step on. The connector report of 14 days shows who writes to '
            'them, and each legitimate sender has a new address or a connector of its own. '
            'Known: none.'
        ) -join ''
    }
    # STEP-720
    #   DD-040
    #   DD-042
    #   DD-044
    # Inbound connector refuses all but the gateway's certificate
    @{
        Id = 'STEP-720'
        Phase = 'P7'
        Noun = 'InboundConnector'
        Name = 'Inbound-connector-from-FORESHORE'
        Set = @{
            RequireTls = $true
            RestrictDomainsToCertificate = $true
            RestrictDomainsToIPAddresses = $false
            SenderIPAddresses = $null
            TlsSenderCertificateName = 'relay.foreshore.example'
        }
        Expect = @{
            Enabled = $true
        }
        Needs = @('STEP-411/tide-gauges', 'HOLD-710', 'HOLD-715/print-services', 'HOLD-716')
    }
    # HOLD-735
    #   DD-141
    # Nothing legitimate sends in the name of the organisation without a connector
    @{
        Id = 'HOLD-735'
        Phase = 'P7'
        Text = @(
            'The connector report of 14 days (Start-HistoricalSearch, ConnectorReport, '
            'NoConnector) shows no legitimate message from a domain of the organisation, '
            'subdomains among them, that no inbound connector recognises by certificate or '
            'address. A connector that restricts nobody recognises nobody.'
        ) -join ''
    }
    # STEP-740
    #   DD-141
    # Direct Send is refused
    @{
        Id = 'STEP-740'
        Phase = 'P7'
        Noun = 'OrganizationConfig'
        Set = @{
            RejectDirectSend = $true
        }
        Needs = @('STEP-411/tide-gauges', 'HOLD-715/print-services', 'STEP-720', 'HOLD-735')
    }
    # HOLD-745/tide-gauges
    #   DD-140/tide-gauges
    #   DD-141
    #   DD-142
    # Tide gauges still delivers
    @{
        Id = 'HOLD-745/tide-gauges'
        Phase = 'P7'
        Text = @(
            'At least 30 minutes after the last step a message of Tide gauges arrived, and '
            'the message trace names its connector. Which of two matching connectors '
            'Exchange Online takes is not documented, so this test decides. If not: roll '
            'this phase back now.'
        ) -join ''
    }
    # HOLD-810/lighthouses.example
    #   DD-064/lighthouses.example
    # Every sender of lighthouses.example is known and aligned
    @{
        Id = 'HOLD-810/lighthouses.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of lighthouses.example signs as lighthouses.example: '
            'Get-DkimSigningConfig shows Status Valid where Exchange Online signs, and a '
            'message that passed the gateway shows dkim=pass with '
            'header.d=lighthouses.example where the gateway does. Two to four weeks of '
            'aggregate reports show no legitimate sender that fails. What leaves the SPF '
            'record of the domain no longer sends: a:edge1.lighthouses.example, '
            'a:edge2.lighthouses.example.'
        ) -join ''
    }
    # HOLD-810/tides.lighthouses.example
    #   DD-064/tides.lighthouses.example
    # Every sender of tides.lighthouses.example is known and aligned
    @{
        Id = 'HOLD-810/tides.lighthouses.example'
        Phase = 'P8'
        Held = @('domain.spf-today/tides.lighthouses.example')
    }
    # HOLD-830/lighthouses.example
    #   DD-068/lighthouses.example
    # Nothing legitimate of lighthouses.example is set aside
    @{
        Id = 'HOLD-830/lighthouses.example'
        Phase = 'P8'
        Text = @(
            'lighthouses.example has published p=quarantine for two to four weeks. The '
            'reports of that time show no legitimate sender that fails, and nobody has '
            'missed mail.'
        ) -join ''
    }
    # HOLD-830/tides.lighthouses.example
    #   DD-068/tides.lighthouses.example
    # Nothing legitimate of tides.lighthouses.example is set aside
    @{
        Id = 'HOLD-830/tides.lighthouses.example'
        Phase = 'P8'
        Text = @(
            'tides.lighthouses.example has published p=quarantine for two to four weeks. The '
            'reports of that time show no legitimate sender that fails, and nobody has '
            'missed mail.'
        ) -join ''
    }
    # HOLD-900
    #   DD-124
    # The last mailbox has moved
    @{
        Id = 'HOLD-900'
        Phase = 'P9'
        Text = @(
            'Get-Mailbox and Get-PublicFolder on-premises show none but system mailboxes, '
            'and no move request is open. The MX no longer points on-premises.'
        ) -join ''
    }
    # HOLD-904/lighthouses.example
    #   DD-112/lighthouses.example
    # Every recipient of lighthouses.example is in the tenant
    @{
        Id = 'HOLD-904/lighthouses.example'
        Phase = 'P9'
        Text = @(
            'The last mailbox, group, contact and public folder of lighthouses.example has '
            'moved or is synchronised: the counts of both sides agree. A message trace of a '
            'month shows no mail for lighthouses.example that was passed on to the other '
            'system and delivered there.'
        ) -join ''
    }
    # STEP-905/lighthouses.example
    #   DD-110/lighthouses.example
    #   DD-112/lighthouses.example
    #   DD-171/lighthouses.example
    # Accepted domain lighthouses.example becomes Authoritative
    @{
        Id = 'STEP-905/lighthouses.example'
        Phase = 'P9'
        Noun = 'AcceptedDomain'
        Name = 'lighthouses.example'
        Set = @{
            DomainType = 'Authoritative'
            MatchSubDomains = $false
        }
        Needs = @('HOLD-904/lighthouses.example')
    }
    # HOLD-910
    #   DD-132
    # The service connection point is empty
    @{
        Id = 'HOLD-910'
        Phase = 'P9'
        Text = @(
            'No mailbox is left on-premises, and Autodiscover leads to Exchange Online from '
            'outside. The value of each server is noted: Get-ClientAccessService | '
            'Format-List Name,AutoDiscoverServiceInternalUri. Then, on-premises: '
            'Get-ClientAccessService | Set-ClientAccessService '
            '-AutoDiscoverServiceInternalUri $null. Profiles of clients are looked at for 5 '
            'to 10 days.'
        ) -join ''
        Back = @(
            'On-premises each server has the value that was noted: Set-ClientAccessService '
            '-Identity SERVER -AutoDiscoverServiceInternalUri VALUE.'
        ) -join ''
        Records = @(
            'REC-050/lighthouses.example'
            'REC-050/tides.lighthouses.example'
        )
    }
    # HOLD-925
    #   DD-124
    # Nothing depends on the servers any more
    @{
        Id = 'HOLD-925'
        Phase = 'P9'
        Text = @(
            'Logs of SMTP, LDAP and of applications show no use of the servers for a month, '
            'a month''s end included. Devices and applications have another way to send.'
        ) -join ''
    }
    # HOLD-930
    #   DD-124
    # The hybrid is taken down, in this order
    @{
        Id = 'HOLD-930'
        Phase = 'P9'
        Text = @(
            'No mailbox is left on-premises. First the connectors of the hybrid wizard are '
            'removed on both sides, then organisation relationship and '
            'IntraOrganizationConnector, then Remove-HybridConfiguration on-premises, which '
            'deletes its own object and takes back nothing else.'
        ) -join ''
    }
    # HOLD-941
    #   DD-125
    # The last server is shut down, not uninstalled
    @{
        Id = 'HOLD-941'
        Phase = 'P9'
        Text = @(
            'The management tools (Exchange 2019 CU12 or later, or SE) stand on another '
            'machine of the domain, and recipients have been edited with them. The last '
            'server is shut down and kept so that it can be started again. It is never '
            'uninstalled: that would remove the objects and permissions which the tools need.'
        ) -join ''
    }
)

$run = @{
    Script = 'apply'
    Plan = '714a488247f55113ac30c03430d72e681333a2cdb8334101fa65dc291de4ea1d'
    Step = $steps
    ApprovedPlan = $ApprovedPlan
    Phase = $Phase
    OnlyStep = $OnlyStep
    Adopt = $Adopt
    Acknowledge = $Acknowledge
    Retire = $Retire
    DnsServer = $DnsServer
    LogDirectory = $LogDirectory
    DryRun = [bool] $WhatIfPreference
    Ask = $ConfirmPreference -ne 'None'
}
Invoke-PlanRun @run
exit (Get-PlanExitCode)
# OFFICIAL: Sensitive
