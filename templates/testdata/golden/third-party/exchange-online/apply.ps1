# INTERNAL
<#
.SYNOPSIS
    Carries out one phase of the approved change to the mail flow of the tenant.
.DESCRIPTION
    Marking:      INTERNAL
    Organisation: Canal & Towpath Trust
    System:       Trust email
    Tenant:       81d5c2fa-7e04-4b69-a3d8-2c6f0e94b7a1 (canaltrust.onmicrosoft.com)
    Plan SHA256:  6d934a27d9388c19590d8b4fa81b60c7cc2b1a60609752df068192476ce13194
    Profile:      canal-trust r1, 2026-11-25

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
    .\apply.ps1 -ApprovedPlan 6d934a27... -Phase P1 -WhatIf
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
    # STEP-120/canal-trust.example
    #   DD-110/canal-trust.example
    #   DD-171/canal-trust.example
    # Accepted domain canal-trust.example is Authoritative
    @{
        Id = 'STEP-120/canal-trust.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'canal-trust.example'
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
    # HOLD-137
    #   DD-325
    # Nobody's shared calendar goes unannounced
    @{
        Id = 'HOLD-137'
        Phase = 'P1'
        Text = @(
            'Get-SharingPolicy shows with which domains the default policy lets people share '
            'today. Whoever shares with others than these knows that it ends: none.'
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
            MessageRecallEnabled = $false
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
    # STEP-151
    #   DD-291
    # Message encryption can be used
    @{
        Id = 'STEP-151'
        Phase = 'P1'
        Noun = 'IRMConfiguration'
        Set = @{
            AzureRMSLicensingEnabled = $true
        }
        Keep = 'What was encrypted in the meantime may become unreadable without it'
    }
    # HOLD-152
    #   DD-289
    # Users have certificates for S/MIME, and their keys are kept
    @{
        Id = 'HOLD-152'
        Phase = 'P1'
        Text = @(
            'It is decided who issues the certificates and who can recover keys. Public '
            'certificates stand in the directory: on-premises in userCertificate and '
            'userSMIMECertificate, which the directory sync carries to Microsoft 365; how a '
            'cloud-only user gets one there is not confirmed, so try it. The roots and the '
            'authorities below them lie in one SST file, and somebody has set it with '
            'Set-SmimeConfig -SMIMECertificateIssuingCA, after keeping what Get-SmimeConfig '
            'showed: Exchange Online believes no other authority. In Constrained Language '
            'Mode the file is read with Get-Content -AsByteStream, in Windows PowerShell '
            'with -Encoding Byte. A signed and an encrypted message were exchanged with '
            'somebody outside, from each client that is used.'
        ) -join ''
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
    # STEP-167
    #   DD-325
    # Calendars and contacts are shown to named organisations alone
    @{
        Id = 'STEP-167'
        Phase = 'P1'
        Noun = 'SharingPolicy'
        Set = @{
            Domains = @()
        }
        Needs = @('HOLD-137')
    }
    # HOLD-170
    #   DD-250
    # Nobody needs to pass the filter unseen
    @{
        Id = 'HOLD-170'
        Phase = 'P1'
        Text = @(
            'Get-HostedConnectionFilterPolicy shows whom IPAllowList lets pass today. From '
            'now on it is these alone: none. Whoever loses it knows, and mail from there has '
            'been seen to arrive without. EnableSafeList is False; where it is not, somebody '
            'turns it off in the Defender portal, for the parameter is reserved for '
            'Microsoft.'
        ) -join ''
    }
    # STEP-171
    #   DD-251
    # Addresses that the filter lets pass
    @{
        Id = 'STEP-171'
        Phase = 'P1'
        Noun = 'HostedConnectionFilterPolicy'
        Set = @{
            IPAllowList = @()
        }
        Expect = @{
            EnableSafeList = $false
        }
        Needs = @('HOLD-170')
    }
    # HOLD-172
    #   DD-250
    # Nobody sends more than the limits allow
    @{
        Id = 'HOLD-172'
        Phase = 'P1'
        Text = @(
            'Who sends to more than 500 recipients outside in an hour, or to 1000 in a day, '
            'is blocked. The reports of the last month show that nobody does, or who does '
            'has another way to send: a service for newsletters, or a policy of its own.'
        ) -join ''
    }
    # STEP-173
    #   DD-250
    #   DD-252
    #   DD-253
    #   DD-254
    # Limits of what a user sends
    @{
        Id = 'STEP-173'
        Phase = 'P1'
        Noun = 'HostedOutboundSpamFilterPolicy'
        Set = @{
            ActionWhenThresholdReached = 'BlockUser'
            RecipientLimitExternalPerHour = 500
            RecipientLimitInternalPerHour = 1000
            RecipientLimitPerDay = 1000
        }
        Needs = @('HOLD-172')
    }
    # HOLD-186
    #   DD-250
    # Security signs off the threat policies
    @{
        Id = 'HOLD-186'
        Phase = 'P1'
        Text = @(
            'The decisions on threat policies have been read, and the gaps that they show '
            'are accepted. Users know what changes for them: mail that is held, refused '
            'attachments, links that lead through a check. The service desk knows how to '
            'look for held mail. Other policies for the same users are known.'
        ) -join ''
    }
    # STEP-192
    #   DD-260
    #   DD-266
    # Files in SharePoint, OneDrive and Teams, and Safe Documents
    @{
        Id = 'STEP-192'
        Phase = 'P1'
        Noun = 'AtpPolicyForO365'
        Set = @{
            AllowSafeDocsOpen = $false
            EnableATPForSPOTeamsODB = $true
            EnableSafeDocs = $false
        }
        Needs = @('HOLD-186')
    }
    # HOLD-193
    #   DD-250
    # The preset security policy has been turned on once
    @{
        Id = 'HOLD-193'
        Phase = 'P1'
        Text = @(
            'No cmdlet can do it: in the Defender portal, under preset security policies, '
            'somebody has gone through the assistant of the preset and named the people and '
            'domains to be watched for imitation. Where the organisation refuses it, '
            'Enable-OrganizationCustomization comes first. Get-EOPProtectionPolicyRule now '
            'shows Standard Preset Security Policy, and with Defender so does '
            'Get-ATPProtectionPolicyRule.'
        ) -join ''
    }
    # STEP-194
    #   DD-250
    #   DD-267
    # The preset security policy is for everybody
    @{
        Id = 'STEP-194'
        Phase = 'P1'
        Noun = 'EOPProtectionPolicyRule'
        Name = 'Standard Preset Security Policy'
        Set = @{
            Enabled = $true
            ExceptIfRecipientDomainIs = $null
            ExceptIfSentTo = $null
            ExceptIfSentToMemberOf = $null
            RecipientDomainIs = $null
            SentTo = $null
            SentToMemberOf = $null
        }
        Needs = @('HOLD-186', 'HOLD-193')
    }
    # STEP-195
    #   DD-250
    #   DD-260
    #   DD-267
    # Its protection by Defender is for everybody
    @{
        Id = 'STEP-195'
        Phase = 'P1'
        Noun = 'ATPProtectionPolicyRule'
        Name = 'Standard Preset Security Policy'
        Set = @{
            Enabled = $true
            ExceptIfRecipientDomainIs = $null
            ExceptIfSentTo = $null
            ExceptIfSentToMemberOf = $null
            RecipientDomainIs = $null
            SentTo = $null
            SentToMemberOf = $null
        }
        Needs = @('HOLD-186', 'HOLD-193')
    }
    # STEP-210/canal-trust.example
    #   DD-171/canal-trust.example
    #   DD-062/canal-trust.example
    # Signing for canal-trust.example is prepared
    @{
        Id = 'STEP-210/canal-trust.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'canal-trust.example'
        Creates = $true
        Given = @{
            Enabled = $false
            KeySize = 2048
        }
        Tell = @(
            @{ Property = 'Selector1CNAME'; Answers = 'dkim.selector1/canal-trust.example' }
            @{ Property = 'Selector2CNAME'; Answers = 'dkim.selector2/canal-trust.example' }
        )
    }
    # STEP-210/donate.canal-trust.example
    #   DD-171/donate.canal-trust.example
    #   DD-062/donate.canal-trust.example
    # Signing for donate.canal-trust.example is prepared
    @{
        Id = 'STEP-210/donate.canal-trust.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'donate.canal-trust.example'
        Creates = $true
        Given = @{
            Enabled = $false
            KeySize = 2048
        }
        Tell = @(
            @{ Property = 'Selector1CNAME'; Answers = 'dkim.selector1/donate.canal-trust.example' }
            @{ Property = 'Selector2CNAME'; Answers = 'dkim.selector2/donate.canal-trust.example' }
        )
    }
    # HOLD-220/canal-trust.example
    #   DD-062/canal-trust.example
    # Both selectors of canal-trust.example can be seen
    @{
        Id = 'HOLD-220/canal-trust.example'
        Phase = 'P2'
        Text = @(
            'An authoritative server of canal-trust.example answers with both CNAME records '
            'as handed over. Exchange Online may take up to 4 days to see them.'
        ) -join ''
        Records = @(
            'REC-031/canal-trust.example'
            'REC-032/canal-trust.example'
        )
    }
    # HOLD-220/donate.canal-trust.example
    #   DD-062/donate.canal-trust.example
    # Both selectors of donate.canal-trust.example can be seen
    @{
        Id = 'HOLD-220/donate.canal-trust.example'
        Phase = 'P2'
        Text = @(
            'An authoritative server of donate.canal-trust.example answers with both CNAME '
            'records as handed over. Exchange Online may take up to 4 days to see them.'
        ) -join ''
        Records = @(
            'REC-031/donate.canal-trust.example'
            'REC-032/donate.canal-trust.example'
        )
    }
    # STEP-230/canal-trust.example
    #   DD-171/canal-trust.example
    #   DD-062/canal-trust.example
    # Mail from canal-trust.example is signed
    @{
        Id = 'STEP-230/canal-trust.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'canal-trust.example'
        Set = @{
            Enabled = $true
        }
        Expect = @{
            Selector1CNAME = @(
                'selector1-canaltrust-example0c._domainkey.canaltrust.r-v1.dkim.mail.microsoft'
            ) -join ''
            Selector2CNAME = @(
                'selector2-canaltrust-example0c._domainkey.canaltrust.r-v1.dkim.mail.microsoft'
            ) -join ''
        }
        Needs = @('HOLD-220/canal-trust.example')
    }
    # STEP-230/donate.canal-trust.example
    #   DD-171/donate.canal-trust.example
    #   DD-062/donate.canal-trust.example
    # Mail from donate.canal-trust.example is signed
    @{
        Id = 'STEP-230/donate.canal-trust.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'donate.canal-trust.example'
        Set = @{
            Enabled = $true
        }
        Expect = @{
            Selector1CNAME = @(
                'selector1-donate-canaltrust-example00c._domainkey.canaltrust.r-v1.dkim.mail.microsoft'
            ) -join ''
            Selector2CNAME = @(
                'selector2-donate-canaltrust-example00c._domainkey.canaltrust.r-v1.dkim.mail.microsoft'
            ) -join ''
        }
        Needs = @('HOLD-220/donate.canal-trust.example')
    }
    # HOLD-240/canal-trust.example
    #   DD-181/canal-trust.example
    # The first policy of canal-trust.example is served
    @{
        Id = 'HOLD-240/canal-trust.example'
        Phase = 'P2'
        Text = @(
            'https://mta-sts.canal-trust.example/.well-known/mta-sts.txt answers with the '
            'file of phase P2 of this plan: as text/plain, with a certificate for that name '
            'that browsers trust, and without sending the reader elsewhere.'
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
        Name = 'Inbound-connector-from-LOCKKEEPER'
        Creates = $true
        New = @{
            EFUsers = @('pilot@canal-trust.example')
            RequireTls = $false
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $false
            SenderIPAddresses = $null
            TlsSenderCertificateName = $null
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            EFSkipIPs = @('192.0.2.128/27', '203.0.113.144')
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
            ArcTrustedSealers = @('lockkeeper.example')
        }
    }
    # STEP-320
    #   DD-041
    # Outbound connector to the gateway for all domains, disabled
    @{
        Id = 'STEP-320'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'outbound-connector-to-LOCKKEEPER'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            IsTransportRuleScoped = $false
            RecipientDomains = @('*')
            SmartHosts = @('out.lockkeeper.example')
            TlsDomain = 'out.lockkeeper.example'
            TlsSettings = 'DomainValidation'
            UseMXRecord = $false
        }
    }
    # STEP-363
    #   DD-287
    # Rule that adds a text to mail for the outside, disabled
    @{
        Id = 'STEP-363'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-70 Text below outgoing mail'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ApplyHtmlDisclaimerFallbackAction = 'Ignore'
            ApplyHtmlDisclaimerLocation = 'Append'
            ApplyHtmlDisclaimerText = @(
                'Canal & Towpath Trust is a registered charity. This message is for its '
                'addressee alone.'
            ) -join ''
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfMessageTypeMatches = 'Signed'
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            ExceptIfSubjectOrBodyContainsWords = @('is a registered charity')
            FromScope = 'InOrganization'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-372
    #   DD-283
    # Rule that applies rights where the sender asks for them, disabled
    @{
        Id = 'STEP-372'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-80 Rights on request'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ApplyRightsProtectionTemplate = 'Do Not Forward'
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = 'InOrganization'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = $null
            StopRuleProcessing = $false
            SubjectMatchesPatterns = @('\[trustees only\]')
        }
    }
    # STEP-373
    #   DD-280
    # Rule that encrypts mail for the outside, disabled
    @{
        Id = 'STEP-373'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-81 Encrypted to the outside'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ApplyRightsProtectionTemplate = 'Encrypt'
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = @('\[trustees only\]')
            FromScope = 'InOrganization'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
            SubjectOrBodyMatchesPatterns = @('\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}\b', '\bsort code\b')
        }
    }
    # STEP-381
    #   DD-280
    #   DD-281
    # Rule that encrypts mail for the outside by what is attached, disabled
    @{
        Id = 'STEP-381'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-82 Encrypted for its attachment'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ApplyRightsProtectionTemplate = 'Encrypt'
            AttachmentMatchesPatterns = @('\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}\b', '\bsort code\b')
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = @('\[trustees only\]')
            FromScope = 'InOrganization'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-389
    #   DD-011
    #   DD-280
    #   DD-283
    #   DD-285
    #   DD-287
    # The rules of the plan come first, in their order
    @{
        Id = 'STEP-389'
        Phase = 'P3'
        Noun = 'TransportRuleOrder'
        Set = @{
            Order = @(
                'exoplan-70 Text below outgoing mail'
                'exoplan-80 Rights on request'
                'exoplan-81 Encrypted to the outside'
                'exoplan-82 Encrypted for its attachment'
            )
        }
        Keep = 'A rule in front of those that block, reject or force TLS can disarm them'
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
        Name = 'Inbound-connector-from-LOCKKEEPER'
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
    # HOLD-602
    #   DD-287
    # The text below outgoing mail is approved
    @{
        Id = 'HOLD-602'
        Phase = 'P6'
        Text = @(
            'Who answers for what the organisation writes has approved the text, and knows '
            'that a message which takes none leaves without it.'
        ) -join ''
    }
    # HOLD-630
    #   DD-041
    # Receivers know where mail will come from
    @{
        Id = 'HOLD-630'
        Phase = 'P6'
        Text = @(
            'An authoritative server of every domain that sends shows 203.0.113.160/28 in '
            'SPF, and the old time to live has passed. Whoever runs the way out has '
            'confirmed in writing that it takes mail from this tenant for these domains, and '
            'the test message of Validate-OutboundConnector, whose sender is at '
            'canaltrust.onmicrosoft.com and can be no other.'
        ) -join ''
    }
    # STEP-640
    #   DD-041
    # Outbound connector to the gateway for all domains, enabled
    @{
        Id = 'STEP-640'
        Phase = 'P6'
        Noun = 'OutboundConnector'
        Name = 'outbound-connector-to-LOCKKEEPER'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-630')
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
            'canaltrust.onmicrosoft.com speaks of that sender alone: decide by the test '
            'messages, and name who decided. If they fail: roll STEP-640 back now.'
        ) -join ''
        Back = @(
            'No mail of the organisation waits in the queue for the gateway, or its loss is '
            'accepted. Where SPF no longer names Exchange Online (after P8), the record of '
            'P2 is published again and its time to live has passed.'
        ) -join ''
    }
    # HOLD-671
    #   DD-291
    # Readers can open what the rules encrypt
    @{
        Id = 'HOLD-671'
        Phase = 'P6'
        Text = @(
            'Test-IRMConfiguration passes with a sender of the organisation and a recipient. '
            'Get-RMSTemplate shows every template that the rules name, to the letter. A '
            'message that a user encrypted by hand was opened outside: in a client that can '
            'do it, and in the portal with a code. Types of data with a check, such as card '
            'numbers, are found by a policy of Purview alone; where one is wanted, somebody '
            'has made it in the Purview portal.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'IRMConfiguration'
                Expect = @{
                    AzureRMSLicensingEnabled = $true
                }
            }
        )
    }
    # STEP-672
    #   DD-280
    # Mail for the outside is encrypted
    @{
        Id = 'STEP-672'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-81 Encrypted to the outside'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-151', 'STEP-389', 'HOLD-671')
    }
    # STEP-673
    #   DD-280
    #   DD-281
    # Mail for the outside is encrypted by what is attached
    @{
        Id = 'STEP-673'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-82 Encrypted for its attachment'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-151', 'STEP-389', 'HOLD-671')
    }
    # HOLD-678/waterways-regulator.example
    #   DD-220/waterways-regulator.example
    # TLS to waterways-regulator.example is forced on the way out
    @{
        Id = 'HOLD-678/waterways-regulator.example'
        Phase = 'P6'
        Text = @(
            'Whoever runs the way out has confirmed in writing: mail to '
            'waterways-regulator.example is handed over only over TLS, to hosts whose '
            'certificate proves mail.waterways-regulator.example, and otherwise waits. The '
            'result of the test is kept with the change record. No setting of the tenant '
            'shows it.'
        ) -join ''
    }
    # STEP-682
    #   DD-283
    # Mail whose sender asks for rights gets them
    @{
        Id = 'STEP-682'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-80 Rights on request'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-151', 'STEP-389', 'HOLD-671')
    }
    # STEP-683
    #   DD-287
    # Mail for the outside gets its text
    @{
        Id = 'STEP-683'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-70 Text below outgoing mail'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389', 'HOLD-602')
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
            'REC-020/canal-trust.example'
        )
        Since = @{ Hold = 'HOLD-510'; Days = 7 }
    }
    # HOLD-716
    #   DD-142
    # Nobody needs the initial domain from outside
    @{
        Id = 'HOLD-716'
        Phase = 'P7'
        Text = @(
            'Mail from outside to addresses at canaltrust.onmicrosoft.com is refused from '
            'the next step on. The connector report of 14 days shows who writes to them, and '
            'each legitimate sender has a new address or a connector of its own. Known: none.'
        ) -join ''
    }
    # STEP-725
    #   DD-040
    #   DD-042
    #   DD-044
    # Inbound connector refuses all but the gateway's addresses
    @{
        Id = 'STEP-725'
        Phase = 'P7'
        Noun = 'InboundConnector'
        Name = 'Inbound-connector-from-LOCKKEEPER'
        Set = @{
            RequireTls = $true
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $true
            SenderIPAddresses = @('192.0.2.128/27', '203.0.113.144')
            TlsSenderCertificateName = $null
        }
        Expect = @{
            Enabled = $true
        }
        Needs = @('HOLD-710', 'HOLD-716')
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
        Needs = @('STEP-725', 'HOLD-735')
    }
    # HOLD-810/canal-trust.example
    #   DD-064/canal-trust.example
    # Every sender of canal-trust.example is known and aligned
    @{
        Id = 'HOLD-810/canal-trust.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of canal-trust.example signs as canal-trust.example: '
            'Get-DkimSigningConfig shows Status Valid where Exchange Online signs, and a '
            'message that passed the gateway shows dkim=pass with '
            'header.d=canal-trust.example where the gateway does. Two to four weeks of '
            'aggregate reports show no legitimate sender that fails. What leaves the SPF '
            'record of the domain no longer sends: ip4:192.0.2.201.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'DkimSigningConfig'
                Name = 'canal-trust.example'
                Expect = @{
                    Enabled = $true
                    Status = 'Valid'
                }
            }
        )
    }
    # HOLD-810/donate.canal-trust.example
    #   DD-064/donate.canal-trust.example
    # Every sender of donate.canal-trust.example is known and aligned
    @{
        Id = 'HOLD-810/donate.canal-trust.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of donate.canal-trust.example signs as '
            'donate.canal-trust.example: Get-DkimSigningConfig shows Status Valid where '
            'Exchange Online signs, and a message that passed the gateway shows dkim=pass '
            'with header.d=donate.canal-trust.example where the gateway does. Two to four '
            'weeks of aggregate reports show no legitimate sender that fails. What leaves '
            'the SPF record of the domain no longer sends: none.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'DkimSigningConfig'
                Name = 'donate.canal-trust.example'
                Expect = @{
                    Enabled = $true
                    Status = 'Valid'
                }
            }
        )
    }
    # HOLD-815/canal-trust.example
    #   DD-182/canal-trust.example
    # The last policy of canal-trust.example is served
    @{
        Id = 'HOLD-815/canal-trust.example'
        Phase = 'P8'
        Text = @(
            'The last policy file that this plan holds for canal-trust.example is served at '
            'https://mta-sts.canal-trust.example/.well-known/mta-sts.txt. It lists the hosts '
            'of the MX and no other, not the tenant''s own host behind a gateway; each '
            'presents a certificate that bears its name; two weeks of TLS reports show no '
            'failure.'
        ) -join ''
    }
    # HOLD-830/canal-trust.example
    #   DD-068/canal-trust.example
    # Nothing legitimate of canal-trust.example is set aside
    @{
        Id = 'HOLD-830/canal-trust.example'
        Phase = 'P8'
        Text = @(
            'canal-trust.example has published p=quarantine for two to four weeks. The '
            'reports of that time show no legitimate sender that fails, and nobody has '
            'missed mail.'
        ) -join ''
    }
    # HOLD-830/donate.canal-trust.example
    #   DD-068/donate.canal-trust.example
    # Nothing legitimate of donate.canal-trust.example is set aside
    @{
        Id = 'HOLD-830/donate.canal-trust.example'
        Phase = 'P8'
        Text = @(
            'donate.canal-trust.example has published p=quarantine for two to four weeks. '
            'The reports of that time show no legitimate sender that fails, and nobody has '
            'missed mail.'
        ) -join ''
    }
)

$run = @{
    Script = 'apply'
    Plan = '6d934a27d9388c19590d8b4fa81b60c7cc2b1a60609752df068192476ce13194'
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
# INTERNAL
