# OFFICIAL: Sensitive
<#
.SYNOPSIS
    Says whether the change can be carried out in this session. Changes nothing.
.DESCRIPTION
    Marking:      OFFICIAL: Sensitive
    Organisation: Department of Harbours and Shipwrights' Affairs
    System:       HARBOURNET Messaging
    Tenant:       6f1d2c34-58ab-4e07-9c1e-2b7a90d4e3f5 (harbourshipwrights.onmicrosoft.com)
    Plan SHA256:  45937b35815171e6dcd4b4bda106d1a6c8b60efa21961d91a9c3e4cf19851807
    Profile:      harbours-and-shipwrights r3, 2026-11-25

    Checks the session, the tenant, the files of the pack, and the right to every cmdlet and parameter;
    lists what exists already, what is held by an open question, and what an earlier revision left behind.

.PARAMETER LogDirectory
    Folder for records, journal and results. By default a folder beside the packs, one for each
    tenant, shared by all revisions. Never inside a pack.
.EXAMPLE
    .\preflight.ps1
.NOTES
    Rights: run it as the account that will run apply.ps1. Its cmdlets and parameters are looked up.
    Exit codes: 0 ready; 10 not ready; 11 wrong tenant; 12 plan or script not as approved; 20 stopped.
#>
#Requires -Version 5.1
[CmdletBinding()]
param (
    [string] $LogDirectory
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'ExoPlan.psm1') -Force

# What the plan says, word for word: the module compares it with plan.json before anything else.
$steps = @(
    # STEP-120/harbours.example
    #   DD-110/harbours.example
    #   DD-171/harbours.example
    # Accepted domain harbours.example is Authoritative
    @{
        Id = 'STEP-120/harbours.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'harbours.example'
        Set = @{
            DomainType = 'Authoritative'
            MatchSubDomains = $false
        }
    }
    # STEP-120/ship-wrights.harbours.example
    #   DD-110/ship-wrights.harbours.example
    #   DD-171/ship-wrights.harbours.example
    # Accepted domain ship-wrights.harbours.example is Authoritative
    @{
        Id = 'STEP-120/ship-wrights.harbours.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'ship-wrights.harbours.example'
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
            ReplyAllStormDetectionMinimumRecipients = 1000
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
            AllowList = @('treasury.example')
        }
    }
    # HOLD-240/harbours.example
    #   DD-181/harbours.example
    # The first policy of harbours.example is served
    @{
        Id = 'HOLD-240/harbours.example'
        Phase = 'P2'
        Text = @(
            'https://mta-sts.harbours.example/.well-known/mta-sts.txt answers with the file '
            'of phase P2 of this plan: as text/plain, with a certificate for that name that '
            'browsers trust, and without sending the reader elsewhere.'
        ) -join ''
    }
    # HOLD-240/ship-wrights.harbours.example
    #   DD-181/ship-wrights.harbours.example
    # The first policy of ship-wrights.harbours.example is served
    @{
        Id = 'HOLD-240/ship-wrights.harbours.example'
        Phase = 'P2'
        Text = @(
            'https://mta-sts.ship-wrights.harbours.example/.well-known/mta-sts.txt answers '
            'with the file of phase P2 of this plan: as text/plain, with a certificate for '
            'that name that browsers trust, and without sending the reader elsewhere.'
        ) -join ''
    }
    # STEP-310
    #   DD-040
    #   DD-042
    # Inbound connector from the gateway, refusing nobody
    @{
        Id = 'STEP-310'
        Phase = 'P3'
        Noun = 'InboundConnector'
        Name = 'Inbound-connector-from-TIDEGATE'
        Creates = $true
        New = @{
            EFUsers = @('pilot.one@harbours.example', 'pilot.two@harbours.example')
            RequireTls = $false
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $false
            SenderIPAddresses = $null
            TlsSenderCertificateName = $null
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            EFSkipIPs = @('192.0.2.16/28', '198.51.100.7')
            EFSkipLastIP = $false
            Enabled = $true
            SenderDomains = @('*')
        }
    }
    # STEP-315
    #   DD-043
    # The gateway's ARC seal is trusted
    @{
        Id = 'STEP-315'
        Phase = 'P3'
        Noun = 'ArcConfig'
        Add = @{
            ArcTrustedSealers = @('tidegate.example')
        }
    }
    # STEP-320
    #   DD-041
    # Outbound connector to the gateway for all domains, disabled
    @{
        Id = 'STEP-320'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'outbound-connector-to-TIDEGATE'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            IsTransportRuleScoped = $false
            RecipientDomains = @('*')
            SmartHosts = @('smtp.harbours.tidegate.example')
            TlsDomain = 'smtp.harbours.tidegate.example'
            TlsSettings = 'DomainValidation'
            UseMXRecord = $false
        }
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
        Name = 'PROTECTED-outbound-to-TIDEGATE'
        Creates = $true
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            Enabled = $true
            IsTransportRuleScoped = $true
            SmartHosts = @('smtp.harbours.tidegate.example')
            TlsDomain = 'smtp.harbours.tidegate.example'
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
            GenerateIncidentReport = 'itsa@harbours.example'
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
            GenerateIncidentReport = 'itsa@harbours.example'
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
            RecipientDomainIs = @('defence.example', 'border-force.example', 'treasury.example')
            RouteMessageOutboundConnector = 'PROTECTED-outbound-to-TIDEGATE'
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
            RecipientDomainIs = @('defence.example', 'border-force.example', 'treasury.example')
            RouteMessageOutboundConnector = 'PROTECTED-outbound-to-TIDEGATE'
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
    # STEP-389
    #   DD-011
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
                'exoplan-30 PROTECTED elsewhere (header)'
                'exoplan-31 PROTECTED elsewhere (subject)'
                'exoplan-40 Sensitive over TLS (header)'
                'exoplan-41 Sensitive over TLS (subject)'
            )
        }
        Keep = 'A rule in front of those that block, reject or force TLS can disarm them'
    }
    # HOLD-410/payroll-service
    #   DD-140/payroll-service
    # It is known how Payroll service delivers
    @{
        Id = 'HOLD-410/payroll-service'
        Phase = 'P4'
        Text = @(
            'The connector report of at least 14 days shows all mail of Payroll service, and '
            'all of it comes as the plan says. When somebody else runs it: nobody but '
            'Payroll service sends from its domains, for such mail is refused as soon as the '
            'connector stands.'
        ) -join ''
    }
    # STEP-413/payroll-service
    #   DD-140/payroll-service
    # Inbound connector for the domains of Payroll service, by its certificate
    @{
        Id = 'STEP-413/payroll-service'
        Phase = 'P4'
        Noun = 'InboundConnector'
        Name = 'Inbound-direct-from-Payroll service'
        Creates = $true
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            Enabled = $true
            RequireTls = $true
            RestrictDomainsToCertificate = $true
            RestrictDomainsToIPAddresses = $false
            SenderDomains = @('bounce.payroll.example')
            SenderIPAddresses = $null
            TlsSenderCertificateName = 'out.payroll.example'
        }
        Needs = @('HOLD-410/payroll-service')
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
        Name = 'Inbound-connector-from-TIDEGATE'
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
    # HOLD-630
    #   DD-041
    # Receivers know where mail will come from
    @{
        Id = 'HOLD-630'
        Phase = 'P6'
        Text = @(
            'An authoritative server of every domain that sends shows 203.0.113.32/28, '
            '2001:db8:25::/48 in SPF, and the old time to live has passed. Whoever runs the '
            'way out has confirmed in writing that it takes mail from this tenant for these '
            'domains, and the test message of Validate-OutboundConnector, whose sender is at '
            'harbourshipwrights.onmicrosoft.com and can be no other.'
        ) -join ''
    }
    # STEP-640
    #   DD-041
    # Outbound connector to the gateway for all domains, enabled
    @{
        Id = 'STEP-640'
        Phase = 'P6'
        Noun = 'OutboundConnector'
        Name = 'outbound-connector-to-TIDEGATE'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-610', 'STEP-611', 'STEP-620', 'STEP-621', 'HOLD-630')
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
            'harbourshipwrights.onmicrosoft.com speaks of that sender alone: decide by the '
            'test messages, and name who decided. If they fail: roll STEP-640 back now.'
        ) -join ''
        Back = @(
            'No mail of the organisation waits in the queue for the gateway, or its loss is '
            'accepted. Where SPF no longer names Exchange Online (after P8), the record of '
            'P2 is published again and its time to live has passed.'
        ) -join ''
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
        Needs = @('STEP-330', 'STEP-389', 'STEP-610', 'STEP-620', 'STEP-621', 'HOLD-650')
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
        Needs = @('STEP-330', 'STEP-389', 'STEP-611', 'STEP-620', 'STEP-621', 'HOLD-650')
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
    # HOLD-678/naval-architects.example
    #   DD-220/naval-architects.example
    # TLS to naval-architects.example is forced on the way out
    @{
        Id = 'HOLD-678/naval-architects.example'
        Phase = 'P6'
        Text = @(
            'Whoever runs the way out has confirmed in writing: mail to '
            'naval-architects.example is handed over only over TLS, to hosts whose '
            'certificate proves mx.naval-architects.example, and otherwise waits. The result '
            'of the test is kept with the change record. No setting of the tenant shows it.'
        ) -join ''
    }
    # HOLD-679/naval-architects.example
    #   DD-223/naval-architects.example
    # TLS from naval-architects.example is forced on the way in
    @{
        Id = 'HOLD-679/naval-architects.example'
        Phase = 'P6'
        Text = @(
            'Whoever runs the way in has confirmed in writing: mail from '
            'naval-architects.example is taken only over TLS, from hosts whose certificate '
            'proves out.naval-architects.example. The result of the test is kept with the '
            'change record. No setting of the tenant shows it.'
        ) -join ''
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
            'REC-020/harbours.example'
            'REC-020/ship-wrights.harbours.example'
        )
        Since = @{ Hold = 'HOLD-510'; Days = 7 }
    }
    # HOLD-715/berth-monitors
    #   DD-140/berth-monitors
    # Berth monitors no longer delivers straight to the tenant
    @{
        Id = 'HOLD-715/berth-monitors'
        Phase = 'P7'
        Text = @(
            'The connector report of 14 days shows no message of Berth monitors without a '
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
            'Mail from outside to addresses at harbourshipwrights.onmicrosoft.com is refused '
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
        Name = 'Inbound-connector-from-TIDEGATE'
        Set = @{
            RequireTls = $true
            RestrictDomainsToCertificate = $true
            RestrictDomainsToIPAddresses = $false
            SenderIPAddresses = $null
            TlsSenderCertificateName = 'relay.harbours.tidegate.example'
        }
        Expect = @{
            Enabled = $true
        }
        Needs = @('STEP-413/payroll-service', 'HOLD-710', 'HOLD-715/berth-monitors', 'HOLD-716')
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
        Needs = @('STEP-413/payroll-service', 'HOLD-715/berth-monitors', 'STEP-720', 'HOLD-735')
    }
    # HOLD-745/payroll-service
    #   DD-140/payroll-service
    #   DD-141
    #   DD-142
    # Payroll service still delivers
    @{
        Id = 'HOLD-745/payroll-service'
        Phase = 'P7'
        Text = @(
            'At least 30 minutes after the last step a message of Payroll service arrived, '
            'and the message trace names its connector. Which of two matching connectors '
            'Exchange Online takes is not documented, so this test decides. If not: roll '
            'this phase back now.'
        ) -join ''
    }
    # HOLD-810/harbours.example
    #   DD-064/harbours.example
    # Every sender of harbours.example is known and aligned
    @{
        Id = 'HOLD-810/harbours.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of harbours.example signs as harbours.example: '
            'Get-DkimSigningConfig shows Status Valid where Exchange Online signs, and a '
            'message that passed the gateway shows dkim=pass with header.d=harbours.example '
            'where the gateway does. Two to four weeks of aggregate reports show no '
            'legitimate sender that fails. What leaves the SPF record of the domain no '
            'longer sends: mx, ip4:192.0.2.80/28.'
        ) -join ''
    }
    # HOLD-810/ship-wrights.harbours.example
    #   DD-064/ship-wrights.harbours.example
    # Every sender of ship-wrights.harbours.example is known and aligned
    @{
        Id = 'HOLD-810/ship-wrights.harbours.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of ship-wrights.harbours.example signs as '
            'ship-wrights.harbours.example: Get-DkimSigningConfig shows Status Valid where '
            'Exchange Online signs, and a message that passed the gateway shows dkim=pass '
            'with header.d=ship-wrights.harbours.example where the gateway does. Two to four '
            'weeks of aggregate reports show no legitimate sender that fails. What leaves '
            'the SPF record of the domain no longer sends: include:_spf.harbours.example.'
        ) -join ''
    }
    # HOLD-810/notices.harbours.example
    #   DD-064/notices.harbours.example
    # Every sender of notices.harbours.example is known and aligned
    @{
        Id = 'HOLD-810/notices.harbours.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of notices.harbours.example signs as notices.harbours.example: '
            'Get-DkimSigningConfig shows Status Valid where Exchange Online signs, and a '
            'message that passed the gateway shows dkim=pass with '
            'header.d=notices.harbours.example where the gateway does. Two to four weeks of '
            'aggregate reports show no legitimate sender that fails. What leaves the SPF '
            'record of the domain no longer sends: none.'
        ) -join ''
    }
    # HOLD-815/harbours.example
    #   DD-182/harbours.example
    # The last policy of harbours.example is served
    @{
        Id = 'HOLD-815/harbours.example'
        Phase = 'P8'
        Text = @(
            'The last policy file that this plan holds for harbours.example is served at '
            'https://mta-sts.harbours.example/.well-known/mta-sts.txt. It lists the hosts of '
            'the MX and no other, not the tenant''s own host behind a gateway; each presents '
            'a certificate that bears its name; two weeks of TLS reports show no failure.'
        ) -join ''
    }
    # HOLD-815/ship-wrights.harbours.example
    #   DD-182/ship-wrights.harbours.example
    # The last policy of ship-wrights.harbours.example is served
    @{
        Id = 'HOLD-815/ship-wrights.harbours.example'
        Phase = 'P8'
        Text = @(
            'The last policy file that this plan holds for ship-wrights.harbours.example is '
            'served at '
            'https://mta-sts.ship-wrights.harbours.example/.well-known/mta-sts.txt. It lists '
            'the hosts of the MX and no other, not the tenant''s own host behind a gateway; '
            'each presents a certificate that bears its name; two weeks of TLS reports show '
            'no failure.'
        ) -join ''
    }
    # HOLD-830/harbours.example
    #   DD-068/harbours.example
    # Nothing legitimate of harbours.example is set aside
    @{
        Id = 'HOLD-830/harbours.example'
        Phase = 'P8'
        Text = @(
            'harbours.example has published p=quarantine for two to four weeks. The reports '
            'of that time show no legitimate sender that fails, and nobody has missed mail.'
        ) -join ''
    }
    # HOLD-830/notices.harbours.example
    #   DD-068/notices.harbours.example
    # Nothing legitimate of notices.harbours.example is set aside
    @{
        Id = 'HOLD-830/notices.harbours.example'
        Phase = 'P8'
        Text = @(
            'notices.harbours.example has published p=quarantine for two to four weeks. The '
            'reports of that time show no legitimate sender that fails, and nobody has '
            'missed mail.'
        ) -join ''
    }
)

$run = @{
    Script = 'preflight'
    Plan = '45937b35815171e6dcd4b4bda106d1a6c8b60efa21961d91a9c3e4cf19851807'
    Step = $steps
    LogDirectory = $LogDirectory
}
Invoke-PlanRun @run
exit (Get-PlanExitCode)
# OFFICIAL: Sensitive
