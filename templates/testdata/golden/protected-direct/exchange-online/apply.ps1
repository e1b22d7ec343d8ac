# OFFICIAL: Sensitive
<#
.SYNOPSIS
    Carries out one phase of the approved change to the mail flow of the tenant.
.DESCRIPTION
    Marking:      OFFICIAL: Sensitive
    Organisation: Tidal Survey Agency
    System:       SOUNDINGS
    Tenant:       4e92c7d0-1b3f-4a86-8d25-c90f6e7a1b54 (tidalsurvey.onmicrosoft.com)
    Plan SHA256:  9b33cb2d3943c2276e88509ebd621189e0e5be2167b1bfbd1cc8574f63ade3f1
    Profile:      tidal-survey r1, 2026-11-25

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
    .\apply.ps1 -ApprovedPlan 9b33cb2d... -Phase P1 -WhatIf
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
    # STEP-120/tidal-survey.example
    #   DD-110/tidal-survey.example
    #   DD-171/tidal-survey.example
    # Accepted domain tidal-survey.example is Authoritative
    @{
        Id = 'STEP-120/tidal-survey.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'tidal-survey.example'
        Set = @{
            DomainType = 'Authoritative'
            MatchSubDomains = $false
        }
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
    # HOLD-140
    #   DD-060
    # Nothing loses its way to send
    @{
        Id = 'HOLD-140'
        Phase = 'P1'
        Text = @(
            'Get-CASMailbox shows SmtpClientAuthenticationDisabled False for these mailboxes '
            'and no other: none. What signs in to send from any other mailbox has moved, or '
            'is known to stop.'
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
            SendFromAliasEnabled = $false
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
            AutoReplyEnabled = $false
            DeliveryReportEnabled = $false
            MeetingForwardNotificationEnabled = $false
            NDREnabled = $false
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
    # STEP-210/tidal-survey.example
    #   DD-171/tidal-survey.example
    #   DD-062/tidal-survey.example
    # Signing for tidal-survey.example is prepared
    @{
        Id = 'STEP-210/tidal-survey.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'tidal-survey.example'
        Creates = $true
        Given = @{
            Enabled = $false
            KeySize = 2048
        }
        Tell = @(
            @{ Property = 'Selector1CNAME'; Answers = 'dkim.selector1/tidal-survey.example' }
            @{ Property = 'Selector2CNAME'; Answers = 'dkim.selector2/tidal-survey.example' }
        )
    }
    # HOLD-214/tidal-survey.example
    #   DD-310/tidal-survey.example
    # The zone of tidal-survey.example is signed
    @{
        Id = 'HOLD-214/tidal-survey.example'
        Phase = 'P2'
        Text = @(
            'DNSSEC signs the zone of tidal-survey.example, and the zone above it holds its '
            'DS record: a resolver that validates answers for the MX of tidal-survey.example '
            'with the flag ad. Unsigned, nothing of DANE is worth anything.'
        ) -join ''
    }
    # STEP-216/tidal-survey.example
    #   DD-171/tidal-survey.example
    #   DD-310/tidal-survey.example
    # The mail host of tidal-survey.example has a name under DNSSEC
    @{
        Id = 'STEP-216/tidal-survey.example'
        Phase = 'P2'
        Noun = 'DnssecStatusForVerifiedDomain'
        Name = 'tidal-survey.example'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-214/tidal-survey.example')
        Tell = @(
            @{ Property = 'ExpectedMxRecord'; Answers = 'domain.mx/tidal-survey.example' }
        )
    }
    # HOLD-217/tidal-survey.example
    #   DD-310/tidal-survey.example
    # The plan names the mail host of tidal-survey.example as the tenant does
    @{
        Id = 'HOLD-217/tidal-survey.example'
        Phase = 'P2'
        Text = @(
            'Get-DnssecStatusForVerifiedDomain expects '
            'tidalsurvey-example0f.p-v1.mx.microsoft in the MX of tidal-survey.example. '
            'Partners and devices that hand mail to the host of today by name know that it '
            'gets another; tidalsurvey.mail.protection.outlook.com stays.'
        ) -join ''
        Back = @(
            'No MX of tidal-survey.example names tidalsurvey-example0f.p-v1.mx.microsoft any '
            'more, and its time to live has passed: the record from before P5 stands there '
            'again. Without the name mail for tidal-survey.example would go nowhere.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'DnssecStatusForVerifiedDomain'
                Name = 'tidal-survey.example'
                Expect = @{
                    Enabled = $true
                    ExpectedMxRecord = 'tidalsurvey-example0f.p-v1.mx.microsoft'
                }
            }
        )
    }
    # HOLD-220/tidal-survey.example
    #   DD-062/tidal-survey.example
    # Both selectors of tidal-survey.example can be seen
    @{
        Id = 'HOLD-220/tidal-survey.example'
        Phase = 'P2'
        Text = @(
            'An authoritative server of tidal-survey.example answers with both CNAME records '
            'as handed over. Exchange Online may take up to 4 days to see them.'
        ) -join ''
        Records = @(
            'REC-031/tidal-survey.example'
            'REC-032/tidal-survey.example'
        )
    }
    # STEP-230/tidal-survey.example
    #   DD-171/tidal-survey.example
    #   DD-062/tidal-survey.example
    # Mail from tidal-survey.example is signed
    @{
        Id = 'STEP-230/tidal-survey.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'tidal-survey.example'
        Set = @{
            Enabled = $true
        }
        Expect = @{
            Selector1CNAME = @(
                'selector1-tidalsurvey-example0f._domainkey.tidalsurvey.p-v1.dkim.mail.microsoft'
            ) -join ''
            Selector2CNAME = @(
                'selector2-tidalsurvey-example0f._domainkey.tidalsurvey.p-v1.dkim.mail.microsoft'
            ) -join ''
        }
        Needs = @('HOLD-220/tidal-survey.example')
    }
    # HOLD-240/tidal-survey.example
    #   DD-181/tidal-survey.example
    # The first policy of tidal-survey.example is served
    @{
        Id = 'HOLD-240/tidal-survey.example'
        Phase = 'P2'
        Text = @(
            'https://mta-sts.tidal-survey.example/.well-known/mta-sts.txt answers with the '
            'file of phase P2 of this plan: as text/plain, with a certificate for that name '
            'that browsers trust, and without sending the reader elsewhere.'
        ) -join ''
    }
    # STEP-330
    #   DD-052
    #   DD-053
    #   DD-054
    #   DD-050
    # Outbound connector for PROTECTED mail, idle until its rule is enabled
    @{
        Id = 'STEP-330'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'PROTECTED-outbound-to-GovLINK'
        Creates = $true
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            Enabled = $true
            IsTransportRuleScoped = $true
            SmartHosts = @('mail-in.govlink.example')
            TlsDomain = 'mail-in.govlink.example'
            TlsSettings = 'DomainValidation'
            UseMXRecord = $false
        }
    }
    # STEP-331
    #   DD-033
    #   DD-050
    #   DD-051
    # Rule that leads PROTECTED mail for approved domains to GovLINK by its label, disabled
    @{
        Id = 'STEP-331'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-22 PROTECTED via GovLINK (label)'
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
            HeaderMatchesPatterns = @('e07a9b64-15cf-4d23-a8f0-6c4d2b91e3f8')
            Mode = 'Enforce'
            RecipientDomainIs = @('defence.example', 'treasury.example')
            RouteMessageOutboundConnector = 'PROTECTED-outbound-to-GovLINK'
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $true
            SubjectMatchesPatterns = $null
        }
        Needs = @('STEP-330')
    }
    # STEP-332
    #   DD-033
    #   DD-050
    # Rule that rejects PROTECTED mail to anybody else by its label, disabled
    @{
        Id = 'STEP-332'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-32 PROTECTED elsewhere (label)'
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
            HeaderMatchesPatterns = @('e07a9b64-15cf-4d23-a8f0-6c4d2b91e3f8')
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RejectMessageReasonText = @(
                'PROTECTED mail may leave this organisation only over GovLINK, to approved '
                'entities'
            ) -join ''
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
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
            HeaderMatchesPatterns = @('c5d80e13-72ab-4f94-9e61-3b0f8a2d7c55')
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
            GenerateIncidentReport = 'itsa@tidal-survey.example'
            HeaderMatchesMessageHeader = 'X-Protective-Marking'
            HeaderMatchesPatterns = @('SEC=(SECRET|TOP[- ]SECRET)')
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
            GenerateIncidentReport = 'itsa@tidal-survey.example'
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
            SubjectMatchesPatterns = @('\[SEC=(SECRET|TOP[- ]SECRET)')
        }
    }
    # STEP-342
    #   DD-033
    #   DD-050
    #   DD-051
    # Rule that leads PROTECTED mail for approved domains to GovLINK by its header, disabled
    @{
        Id = 'STEP-342'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-20 PROTECTED via GovLINK (header)'
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
            HeaderMatchesPatterns = @('SEC=PROTECTED')
            Mode = 'Enforce'
            RecipientDomainIs = @('defence.example', 'treasury.example')
            RouteMessageOutboundConnector = 'PROTECTED-outbound-to-GovLINK'
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $true
            SubjectMatchesPatterns = $null
        }
        Needs = @('STEP-330')
    }
    # STEP-343
    #   DD-050
    #   DD-051
    # Rule that leads PROTECTED mail for approved domains to GovLINK by its subject, disabled
    @{
        Id = 'STEP-343'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-21 PROTECTED via GovLINK (subject)'
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
            RecipientDomainIs = @('defence.example', 'treasury.example')
            RouteMessageOutboundConnector = 'PROTECTED-outbound-to-GovLINK'
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $true
            SubjectMatchesPatterns = @('\[SEC=PROTECTED')
        }
        Needs = @('STEP-330')
    }
    # STEP-344
    #   DD-033
    #   DD-050
    # Rule that rejects PROTECTED mail to anybody else by its header, disabled
    @{
        Id = 'STEP-344'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-30 PROTECTED elsewhere (header)'
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
            HeaderMatchesPatterns = @('SEC=PROTECTED')
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RejectMessageReasonText = @(
                'PROTECTED mail may leave this organisation only over GovLINK, to approved '
                'entities'
            ) -join ''
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-345
    #   DD-050
    # Rule that rejects PROTECTED mail to anybody else by its subject, disabled
    @{
        Id = 'STEP-345'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-31 PROTECTED elsewhere (subject)'
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
            RejectMessageReasonText = @(
                'PROTECTED mail may leave this organisation only over GovLINK, to approved '
                'entities'
            ) -join ''
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = @('\[SEC=PROTECTED')
        }
    }
    # STEP-351
    #   DD-036
    # Rule that holds unmarked mail to the outside, disabled
    @{
        Id = 'STEP-351'
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
            Quarantine = $true
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-389
    #   DD-011
    #   DD-224
    #   DD-285
    # The rules of the plan come first, in their order
    @{
        Id = 'STEP-389'
        Phase = 'P3'
        Noun = 'TransportRuleOrder'
        Set = @{
            Order = @(
                'exoplan-10 Marking above this system (header)'
                'exoplan-11 Marking above this system (subject)'
                'exoplan-20 PROTECTED via GovLINK (header)'
                'exoplan-21 PROTECTED via GovLINK (subject)'
                'exoplan-22 PROTECTED via GovLINK (label)'
                'exoplan-30 PROTECTED elsewhere (header)'
                'exoplan-31 PROTECTED elsewhere (subject)'
                'exoplan-32 PROTECTED elsewhere (label)'
                'exoplan-40 Sensitive over TLS (header)'
                'exoplan-41 Sensitive over TLS (subject)'
                'exoplan-42 Sensitive over TLS (label)'
                'exoplan-60 Unmarked mail to the outside'
            )
        }
        Keep = 'A rule in front of those that block, reject or force TLS can disarm them'
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
    # STEP-612
    #   DD-036
    # Unmarked mail to the outside is held
    @{
        Id = 'STEP-612'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-60 Unmarked mail to the outside'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
        Keep = 'Without it mail that nobody marked leaves the organisation'
    }
    # STEP-620
    #   DD-033
    #   DD-050
    # PROTECTED mail to anybody else is rejected by its header
    @{
        Id = 'STEP-620'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-30 PROTECTED elsewhere (header)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
        Keep = 'It is the last thing that holds PROTECTED mail back from the Internet path'
    }
    # STEP-621
    #   DD-050
    # PROTECTED mail to anybody else is rejected by its subject
    @{
        Id = 'STEP-621'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-31 PROTECTED elsewhere (subject)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
        Keep = 'It is the last thing that holds PROTECTED mail back from the Internet path'
    }
    # STEP-624
    #   DD-033
    #   DD-050
    # PROTECTED mail to anybody else is rejected by its label
    @{
        Id = 'STEP-624'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-32 PROTECTED elsewhere (label)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389')
        Keep = 'It is the last thing that holds PROTECTED mail back from the Internet path'
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
    # HOLD-650
    #   DD-050
    # The rules for PROTECTED have been tried
    @{
        Id = 'HOLD-650'
        Phase = 'P6'
        Text = @(
            'With the rejecting rules enabled, messages with dummy content were sent: marked '
            'PROTECTED by header, by subject, by both in conflict; to an approved domain, to '
            'another, to both in one message. None left by the Internet path.'
        ) -join ''
    }
    # HOLD-652
    #   DD-050
    # The connection to GovLINK is approved
    @{
        Id = 'HOLD-652'
        Phase = 'P6'
        Text = @(
            'The Department of Finance has approved the connection in writing, and its '
            'conditions are kept with the design document. The authorising officer has '
            'accepted that no mail gateway stands between. Validate-OutboundConnector '
            'succeeds for the connector to GovLINK.'
        ) -join ''
    }
    # HOLD-654
    #   DD-055
    # The owners have confirmed that all their mail comes over GovLINK
    @{
        Id = 'HOLD-654'
        Phase = 'P6'
        Text = @(
            'For each of treasury.example its owner has confirmed in writing that all mail '
            'to this organisation comes over GovLINK, and the message trace of 14 days shows '
            'none that came another way.'
        ) -join ''
    }
    # STEP-655
    #   DD-055
    # Inbound connector that refuses mail of confirmed entities from elsewhere than GovLINK
    @{
        Id = 'STEP-655'
        Phase = 'P6'
        Noun = 'InboundConnector'
        Name = 'Inbound-connector-from-GovLINK'
        Creates = $true
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            Enabled = $true
            RequireTls = $true
            RestrictDomainsToCertificate = $true
            RestrictDomainsToIPAddresses = $false
            SenderDomains = @('treasury.example')
            SenderIPAddresses = $null
            TlsSenderCertificateName = 'mail-out.govlink.example'
        }
        Needs = @('HOLD-652', 'HOLD-654')
    }
    # STEP-660
    #   DD-033
    #   DD-050
    # PROTECTED mail for approved domains goes to GovLINK by its header
    @{
        Id = 'STEP-660'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-20 PROTECTED via GovLINK (header)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-330', 'STEP-389', 'STEP-610', 'STEP-620', 'STEP-621', 'STEP-624', 'HOLD-650', 'HOLD-652')
    }
    # STEP-661
    #   DD-050
    # PROTECTED mail for approved domains goes to GovLINK by its subject
    @{
        Id = 'STEP-661'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-21 PROTECTED via GovLINK (subject)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-330', 'STEP-389', 'STEP-611', 'STEP-620', 'STEP-621', 'STEP-624', 'HOLD-650', 'HOLD-652')
    }
    # STEP-664
    #   DD-033
    #   DD-050
    # PROTECTED mail for approved domains goes to GovLINK by its label
    @{
        Id = 'STEP-664'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-22 PROTECTED via GovLINK (label)'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-330', 'STEP-389', 'STEP-610', 'STEP-620', 'STEP-621', 'STEP-624', 'HOLD-650', 'HOLD-652')
    }
    # HOLD-670
    #   DD-050
    # PROTECTED mail takes the planned path, and none waits on it
    @{
        Id = 'HOLD-670'
        Phase = 'P6'
        Text = @(
            'A PROTECTED message with dummy content to an approved domain left by the '
            'connector for PROTECTED, as the message trace shows; the same to another domain '
            'was rejected.'
        ) -join ''
        Back = @(
            'The rejecting rules are enabled and a dummy PROTECTED message was rejected; the '
            'message trace shows no PROTECTED message queued for the connector; users know '
            'that PROTECTED does not flow from now on.'
        ) -join ''
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
        Needs = @('HOLD-735')
    }
    # HOLD-810/tidal-survey.example
    #   DD-064/tidal-survey.example
    # Every sender of tidal-survey.example is known and aligned
    @{
        Id = 'HOLD-810/tidal-survey.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of tidal-survey.example signs as tidal-survey.example: '
            'Get-DkimSigningConfig shows Status Valid where Exchange Online signs, and a '
            'message that passed the gateway shows dkim=pass with '
            'header.d=tidal-survey.example where the gateway does. Two to four weeks of '
            'aggregate reports show no legitimate sender that fails. What leaves the SPF '
            'record of the domain no longer sends: ip4:192.0.2.200.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'DkimSigningConfig'
                Name = 'tidal-survey.example'
                Expect = @{
                    Enabled = $true
                    Status = 'Valid'
                }
            }
        )
    }
    # HOLD-815/tidal-survey.example
    #   DD-182/tidal-survey.example
    # The last policy of tidal-survey.example is served
    @{
        Id = 'HOLD-815/tidal-survey.example'
        Phase = 'P8'
        Text = @(
            'The last policy file that this plan holds for tidal-survey.example is served at '
            'https://mta-sts.tidal-survey.example/.well-known/mta-sts.txt. It lists the '
            'hosts of the MX and no other, not the tenant''s own host behind a gateway; each '
            'presents a certificate that bears its name; two weeks of TLS reports show no '
            'failure.'
        ) -join ''
    }
    # HOLD-844/tidal-survey.example
    #   DD-310/tidal-survey.example
    # The MX of tidal-survey.example names the host under DNSSEC alone
    @{
        Id = 'HOLD-844/tidal-survey.example'
        Phase = 'P8'
        Text = @(
            'An authoritative server of tidal-survey.example answers with '
            'tidalsurvey-example0f.p-v1.mx.microsoft as the only MX: any other host would be '
            'the way round it. Get-DnssecStatusForVerifiedDomain shows no error under '
            'DnsValidation, MxValidation and MtaStsValidation.'
        ) -join ''
        Records = @(
            'REC-021/tidal-survey.example'
        )
        Looks = @(
            @{
                Noun = 'DnssecStatusForVerifiedDomain'
                Name = 'tidal-survey.example'
                Expect = @{
                    Enabled = $true
                    ExpectedMxRecord = 'tidalsurvey-example0f.p-v1.mx.microsoft'
                }
            }
        )
    }
    # STEP-846/tidal-survey.example
    #   DD-171/tidal-survey.example
    #   DD-310/tidal-survey.example
    # Senders find the certificate of the mail host of tidal-survey.example
    @{
        Id = 'STEP-846/tidal-survey.example'
        Phase = 'P8'
        Noun = 'SmtpDaneInbound'
        Name = 'tidal-survey.example'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-216/tidal-survey.example', 'HOLD-844/tidal-survey.example')
    }
)

$run = @{
    Script = 'apply'
    Plan = '9b33cb2d3943c2276e88509ebd621189e0e5be2167b1bfbd1cc8574f63ade3f1'
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
