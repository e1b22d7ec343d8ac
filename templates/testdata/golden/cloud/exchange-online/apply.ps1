# OFFICIAL: Sensitive
<#
.SYNOPSIS
    Carries out one phase of the approved change to the mail flow of the tenant.
.DESCRIPTION
    Marking:      OFFICIAL: Sensitive
    Organisation: Mariners' Welfare Authority
    System:       Corporate Collaboration Environment
    Tenant:       0b8f7a52-93c1-4d6e-a2f4-7e5d1c09b386 (marinerswelfare.onmicrosoft.com)
    Plan SHA256:  473ed8cbcaa9169585ffd5db003f67bae6e22977ccecd18b8f06005f915843ae
    Profile:      mariners-welfare r2, 2026-11-25

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
    .\apply.ps1 -ApprovedPlan 473ed8cb... -Phase P1 -WhatIf
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
    # HOLD-105/grants.mariners-welfare.example
    #   DD-170/grants.mariners-welfare.example
    # grants.mariners-welfare.example is verified
    @{
        Id = 'HOLD-105/grants.mariners-welfare.example'
        Phase = 'P1'
        Text = @(
            'The admin centre shows grants.mariners-welfare.example as verified. That is a '
            'matter of minutes once the record can be seen; allow 72 hours.'
        ) -join ''
        Records = @(
            'REC-034/grants.mariners-welfare.example'
        )
        Looks = @(
            @{
                Noun = 'AcceptedDomain'
                Name = 'grants.mariners-welfare.example'
            }
        )
    }
    # STEP-120/mariners-welfare.example
    #   DD-110/mariners-welfare.example
    #   DD-171/mariners-welfare.example
    # Accepted domain mariners-welfare.example is Authoritative
    @{
        Id = 'STEP-120/mariners-welfare.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'mariners-welfare.example'
        Set = @{
            DomainType = 'Authoritative'
            MatchSubDomains = $false
        }
    }
    # STEP-120/grants.mariners-welfare.example
    #   DD-110/grants.mariners-welfare.example
    #   DD-171/grants.mariners-welfare.example
    # Accepted domain grants.mariners-welfare.example is Authoritative
    @{
        Id = 'STEP-120/grants.mariners-welfare.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'grants.mariners-welfare.example'
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
            'today. Whoever shares with others than these knows that it ends: '
            'pilots-union.example.'
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
            'and no other: reception-printer@mariners-welfare.example. What signs in to send '
            'from any other mailbox has moved, or is known to stop.'
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
            RecallReadMessagesEnabled = $false
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
    # STEP-161
    #   DD-255
    # Quarantine policy for spam and phishing
    @{
        Id = 'STEP-161'
        Phase = 'P1'
        Noun = 'QuarantinePolicy'
        Name = 'ASD - Limited access'
        Creates = $true
        Set = @{
            ESNEnabled = $true
            EndUserQuarantinePermissionsValue = 43
        }
    }
    # STEP-162
    #   DD-295
    # Quarantine policy for malware and certain phishing
    @{
        Id = 'STEP-162'
        Phase = 'P1'
        Noun = 'QuarantinePolicy'
        Name = 'ASD - Notice alone'
        Creates = $true
        Set = @{
            ESNEnabled = $true
            EndUserQuarantinePermissionsValue = 9
        }
    }
    # HOLD-163
    #   DD-255
    #   DD-295
    # Somebody answers those who ask for held mail
    @{
        Id = 'HOLD-163'
        Phase = 'P1'
        Text = @(
            'Whoever may free mail reads the requests on every working day. How often '
            'notices are sent, and in which languages, is one setting for the whole tenant: '
            'Get-QuarantinePolicy -QuarantinePolicyType GlobalQuarantinePolicy shows it, '
            'every 4 hours, every day or every 7 days, and it suits the organisation.'
        ) -join ''
    }
    # STEP-164
    #   DD-322
    # Mail to an address with a plus sign arrives
    @{
        Id = 'STEP-164'
        Phase = 'P1'
        Noun = 'OrganizationConfig'
        Set = @{
            DisablePlusAddressInRecipients = $false
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
            Domains = @('pilots-union.example:CalendarSharingFreeBusySimple')
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
    # STEP-174
    #   DD-250
    #   DD-255
    #   DD-295
    #   DD-256
    # Anti-spam policy
    @{
        Id = 'STEP-174'
        Phase = 'P1'
        Noun = 'HostedContentFilterPolicy'
        Name = 'ASD - Anti-spam'
        Creates = $true
        Set = @{
            AllowedSenderDomains = @()
            AllowedSenders = $null
            BulkQuarantineTag = 'ASD - Limited access'
            BulkSpamAction = 'MoveToJmf'
            BulkThreshold = 7
            HighConfidencePhishAction = 'Quarantine'
            HighConfidencePhishQuarantineTag = 'ASD - Notice alone'
            HighConfidenceSpamAction = 'MoveToJmf'
            HighConfidenceSpamQuarantineTag = 'ASD - Limited access'
            InlineSafetyTipsEnabled = $true
            IntraOrgFilterState = 'Default'
            MarkAsSpamBulkMail = 'On'
            PhishQuarantineTag = 'ASD - Limited access'
            PhishSpamAction = 'Quarantine'
            PhishZapEnabled = $true
            QuarantineRetentionPeriod = 15
            SpamAction = 'MoveToJmf'
            SpamQuarantineTag = 'ASD - Limited access'
            SpamZapEnabled = $true
        }
        Needs = @('STEP-161', 'STEP-162')
    }
    # STEP-175
    #   DD-250
    # Rule of the anti-spam policy, disabled
    @{
        Id = 'STEP-175'
        Phase = 'P1'
        Noun = 'HostedContentFilterRule'
        Name = 'ASD - Anti-spam'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfRecipientDomainIs = $null
            ExceptIfSentTo = $null
            ExceptIfSentToMemberOf = $null
            HostedContentFilterPolicy = 'ASD - Anti-spam'
            Priority = 0
            RecipientDomainIs = @(
                'mariners-welfare.example'
                'grants.mariners-welfare.example'
                'marinerswelfare.onmicrosoft.com'
            )
            SentTo = $null
            SentToMemberOf = $null
        }
        Needs = @('HOLD-105/grants.mariners-welfare.example', 'STEP-174')
    }
    # STEP-176
    #   DD-250
    #   DD-295
    #   DD-257
    #   DD-258
    # Anti-malware policy
    @{
        Id = 'STEP-176'
        Phase = 'P1'
        Noun = 'MalwareFilterPolicy'
        Name = 'ASD - Anti-malware'
        Creates = $true
        Set = @{
            EnableExternalSenderAdminNotifications = $true
            EnableFileFilter = $true
            EnableInternalSenderAdminNotifications = $true
            ExternalSenderAdminAddress = 'security@mariners-welfare.example'
            FileTypeAction = 'Reject'
            InternalSenderAdminAddress = 'security@mariners-welfare.example'
            QuarantineTag = 'ASD - Notice alone'
            ZapEnabled = $true
        }
        Needs = @('STEP-162')
    }
    # STEP-177
    #   DD-250
    # Rule of the anti-malware policy, disabled
    @{
        Id = 'STEP-177'
        Phase = 'P1'
        Noun = 'MalwareFilterRule'
        Name = 'ASD - Anti-malware'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfRecipientDomainIs = $null
            ExceptIfSentTo = $null
            ExceptIfSentToMemberOf = $null
            MalwareFilterPolicy = 'ASD - Anti-malware'
            Priority = 0
            RecipientDomainIs = @(
                'mariners-welfare.example'
                'grants.mariners-welfare.example'
                'marinerswelfare.onmicrosoft.com'
            )
            SentTo = $null
            SentToMemberOf = $null
        }
        Needs = @('HOLD-105/grants.mariners-welfare.example', 'STEP-176')
    }
    # STEP-179
    #   DD-250
    #   DD-255
    #   DD-259
    #   DD-260
    #   DD-261
    #   DD-262
    # Anti-phishing policy
    @{
        Id = 'STEP-179'
        Phase = 'P1'
        Noun = 'AntiPhishPolicy'
        Name = 'ASD - Anti-phishing'
        Creates = $true
        Set = @{
            AuthenticationFailAction = 'Quarantine'
            DmarcQuarantineAction = 'Quarantine'
            DmarcRejectAction = 'Reject'
            EnableFirstContactSafetyTips = $false
            EnableMailboxIntelligence = $true
            EnableMailboxIntelligenceProtection = $true
            EnableOrganizationDomainsProtection = $true
            EnableSimilarDomainsSafetyTips = $false
            EnableSimilarUsersSafetyTips = $false
            EnableSpoofIntelligence = $true
            EnableTargetedDomainsProtection = $false
            EnableTargetedUserProtection = $true
            EnableUnauthenticatedSender = $true
            EnableUnusualCharactersSafetyTips = $false
            EnableViaTag = $true
            HonorDmarcPolicy = $true
            MailboxIntelligenceProtectionAction = 'Quarantine'
            PhishThresholdLevel = 1
            SpoofQuarantineTag = 'ASD - Limited access'
            TargetedDomainProtectionAction = 'Quarantine'
            TargetedUserProtectionAction = 'Quarantine'
            TargetedUsersToProtect = @(
                'Adaeze O''Farrell;adaeze.ofarrell@mariners-welfare.example'
                'Tomasz Ng;tomasz.ng@mariners-welfare.example'
            )
        }
        Needs = @('STEP-161')
    }
    # STEP-180
    #   DD-250
    # Rule of the anti-phishing policy, disabled
    @{
        Id = 'STEP-180'
        Phase = 'P1'
        Noun = 'AntiPhishRule'
        Name = 'ASD - Anti-phishing'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            AntiPhishPolicy = 'ASD - Anti-phishing'
            ExceptIfRecipientDomainIs = $null
            ExceptIfSentTo = $null
            ExceptIfSentToMemberOf = $null
            Priority = 0
            RecipientDomainIs = @(
                'mariners-welfare.example'
                'grants.mariners-welfare.example'
                'marinerswelfare.onmicrosoft.com'
            )
            SentTo = $null
            SentToMemberOf = $null
        }
        Needs = @('HOLD-105/grants.mariners-welfare.example', 'STEP-179')
    }
    # STEP-181
    #   DD-250
    #   DD-295
    #   DD-260
    #   DD-263
    #   DD-264
    # Safe Attachments policy
    @{
        Id = 'STEP-181'
        Phase = 'P1'
        Noun = 'SafeAttachmentPolicy'
        Name = 'ASD - Safe Attachments'
        Creates = $true
        Set = @{
            Action = 'DynamicDelivery'
            Enable = $true
            QuarantineTag = 'ASD - Notice alone'
            Redirect = $false
        }
        Needs = @('STEP-162')
    }
    # STEP-182
    #   DD-250
    #   DD-260
    # Rule of the Safe Attachments policy, disabled
    @{
        Id = 'STEP-182'
        Phase = 'P1'
        Noun = 'SafeAttachmentRule'
        Name = 'ASD - Safe Attachments'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfRecipientDomainIs = $null
            ExceptIfSentTo = $null
            ExceptIfSentToMemberOf = $null
            Priority = 0
            RecipientDomainIs = @(
                'mariners-welfare.example'
                'grants.mariners-welfare.example'
                'marinerswelfare.onmicrosoft.com'
            )
            SafeAttachmentPolicy = 'ASD - Safe Attachments'
            SentTo = $null
            SentToMemberOf = $null
        }
        Needs = @('HOLD-105/grants.mariners-welfare.example', 'STEP-181')
    }
    # STEP-183
    #   DD-250
    #   DD-260
    #   DD-265
    # Safe Links policy
    @{
        Id = 'STEP-183'
        Phase = 'P1'
        Noun = 'SafeLinksPolicy'
        Name = 'ASD - Safe Links'
        Creates = $true
        Set = @{
            AllowClickThrough = $false
            DeliverMessageAfterScan = $true
            DisableUrlRewrite = $false
            EnableForInternalSenders = $true
            EnableSafeLinksForEmail = $true
            EnableSafeLinksForOffice = $true
            EnableSafeLinksForTeams = $true
            ScanUrls = $true
            TrackClicks = $true
        }
    }
    # STEP-184
    #   DD-250
    #   DD-260
    # Rule of the Safe Links policy, disabled
    @{
        Id = 'STEP-184'
        Phase = 'P1'
        Noun = 'SafeLinksRule'
        Name = 'ASD - Safe Links'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfRecipientDomainIs = $null
            ExceptIfSentTo = $null
            ExceptIfSentToMemberOf = $null
            Priority = 0
            RecipientDomainIs = @(
                'mariners-welfare.example'
                'grants.mariners-welfare.example'
                'marinerswelfare.onmicrosoft.com'
            )
            SafeLinksPolicy = 'ASD - Safe Links'
            SentTo = $null
            SentToMemberOf = $null
        }
        Needs = @('HOLD-105/grants.mariners-welfare.example', 'STEP-183')
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
    # STEP-187
    #   DD-250
    # The anti-spam policy comes into use
    @{
        Id = 'STEP-187'
        Phase = 'P1'
        Noun = 'HostedContentFilterRule'
        Name = 'ASD - Anti-spam'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-186')
    }
    # STEP-188
    #   DD-250
    # The anti-malware policy comes into use
    @{
        Id = 'STEP-188'
        Phase = 'P1'
        Noun = 'MalwareFilterRule'
        Name = 'ASD - Anti-malware'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-186')
    }
    # STEP-189
    #   DD-250
    # The anti-phishing policy comes into use
    @{
        Id = 'STEP-189'
        Phase = 'P1'
        Noun = 'AntiPhishRule'
        Name = 'ASD - Anti-phishing'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-186')
    }
    # STEP-190
    #   DD-250
    #   DD-260
    # The Safe Attachments policy comes into use
    @{
        Id = 'STEP-190'
        Phase = 'P1'
        Noun = 'SafeAttachmentRule'
        Name = 'ASD - Safe Attachments'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-186')
    }
    # STEP-191
    #   DD-250
    #   DD-260
    # The Safe Links policy comes into use
    @{
        Id = 'STEP-191'
        Phase = 'P1'
        Noun = 'SafeLinksRule'
        Name = 'ASD - Safe Links'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-186')
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
    # STEP-210/mariners-welfare.example
    #   DD-171/mariners-welfare.example
    #   DD-062/mariners-welfare.example
    # Signing for mariners-welfare.example is prepared
    @{
        Id = 'STEP-210/mariners-welfare.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'mariners-welfare.example'
        Creates = $true
        Given = @{
            Enabled = $false
            KeySize = 2048
        }
        Tell = @(
            @{ Property = 'Selector1CNAME'; Answers = 'dkim.selector1/mariners-welfare.example' }
            @{ Property = 'Selector2CNAME'; Answers = 'dkim.selector2/mariners-welfare.example' }
        )
    }
    # STEP-210/grants.mariners-welfare.example
    #   DD-171/grants.mariners-welfare.example
    #   DD-062/grants.mariners-welfare.example
    # Signing for grants.mariners-welfare.example is prepared
    @{
        Id = 'STEP-210/grants.mariners-welfare.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'grants.mariners-welfare.example'
        Creates = $true
        Given = @{
            Enabled = $false
            KeySize = 2048
        }
        Tell = @(
            @{ Property = 'Selector1CNAME'; Answers = 'dkim.selector1/grants.mariners-welfare.example' }
            @{ Property = 'Selector2CNAME'; Answers = 'dkim.selector2/grants.mariners-welfare.example' }
        )
    }
    # HOLD-220/mariners-welfare.example
    #   DD-062/mariners-welfare.example
    # Both selectors of mariners-welfare.example can be seen
    @{
        Id = 'HOLD-220/mariners-welfare.example'
        Phase = 'P2'
        Text = @(
            'An authoritative server of mariners-welfare.example answers with both CNAME '
            'records as handed over. Exchange Online may take up to 4 days to see them.'
        ) -join ''
        Records = @(
            'REC-031/mariners-welfare.example'
            'REC-032/mariners-welfare.example'
        )
    }
    # HOLD-220/grants.mariners-welfare.example
    #   DD-062/grants.mariners-welfare.example
    # Both selectors of grants.mariners-welfare.example can be seen
    @{
        Id = 'HOLD-220/grants.mariners-welfare.example'
        Phase = 'P2'
        Held = @(
            'dkim.selector1/grants.mariners-welfare.example'
            'dkim.selector2/grants.mariners-welfare.example'
        )
    }
    # STEP-230/mariners-welfare.example
    #   DD-171/mariners-welfare.example
    #   DD-062/mariners-welfare.example
    # Mail from mariners-welfare.example is signed
    @{
        Id = 'STEP-230/mariners-welfare.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'mariners-welfare.example'
        Set = @{
            Enabled = $true
        }
        Expect = @{
            Selector1CNAME = @(
                'selector1-marinerswelfare-example0d._domainkey.marinerswelfare.m-v1.dkim.mail.microsoft'
            ) -join ''
            Selector2CNAME = @(
                'selector2-marinerswelfare-example0d._domainkey.marinerswelfare.m-v1.dkim.mail.microsoft'
            ) -join ''
        }
        Needs = @('HOLD-220/mariners-welfare.example')
    }
    # STEP-230/grants.mariners-welfare.example
    #   DD-171/grants.mariners-welfare.example
    #   DD-062/grants.mariners-welfare.example
    # Mail from grants.mariners-welfare.example is signed
    @{
        Id = 'STEP-230/grants.mariners-welfare.example'
        Phase = 'P2'
        Held = @(
            'dkim.selector1/grants.mariners-welfare.example'
            'dkim.selector2/grants.mariners-welfare.example'
        )
    }
    # HOLD-234/mariners-welfare.example
    #   DD-062/mariners-welfare.example
    #   DD-312/mariners-welfare.example
    # No change of keys of mariners-welfare.example is under way
    @{
        Id = 'HOLD-234/mariners-welfare.example'
        Phase = 'P2'
        Text = @(
            'Get-DkimSigningConfig shows a RotateOnDate of mariners-welfare.example that has '
            'passed. While it lies ahead the key that waits is about to sign, and must not '
            'be renewed. What is renewed cannot be taken back: the key before is gone.'
        ) -join ''
    }
    # HOLD-234/grants.mariners-welfare.example
    #   DD-062/grants.mariners-welfare.example
    #   DD-312/grants.mariners-welfare.example
    # No change of keys of grants.mariners-welfare.example is under way
    @{
        Id = 'HOLD-234/grants.mariners-welfare.example'
        Phase = 'P2'
        Text = @(
            'Get-DkimSigningConfig shows a RotateOnDate of grants.mariners-welfare.example '
            'that has passed. While it lies ahead the key that waits is about to sign, and '
            'must not be renewed. What is renewed cannot be taken back: the key before is '
            'gone.'
        ) -join ''
    }
    # STEP-236/mariners-welfare.example
    #   DD-171/mariners-welfare.example
    #   DD-062/mariners-welfare.example
    #   DD-312/mariners-welfare.example
    # One key of mariners-welfare.example has 2048 bits
    @{
        Id = 'STEP-236/mariners-welfare.example'
        Phase = 'P2'
        Noun = 'DkimKeys'
        Name = 'mariners-welfare.example'
        Set = @{
            Longest = 2048
        }
        Needs = @('STEP-230/mariners-welfare.example', 'HOLD-234/mariners-welfare.example')
    }
    # STEP-236/grants.mariners-welfare.example
    #   DD-171/grants.mariners-welfare.example
    #   DD-062/grants.mariners-welfare.example
    #   DD-312/grants.mariners-welfare.example
    # One key of grants.mariners-welfare.example has 2048 bits
    @{
        Id = 'STEP-236/grants.mariners-welfare.example'
        Phase = 'P2'
        Held = @(
            'dkim.selector1/grants.mariners-welfare.example'
            'dkim.selector2/grants.mariners-welfare.example'
        )
    }
    # HOLD-240/mariners-welfare.example
    #   DD-181/mariners-welfare.example
    # The first policy of mariners-welfare.example is served
    @{
        Id = 'HOLD-240/mariners-welfare.example'
        Phase = 'P2'
        Text = @(
            'https://mta-sts.mariners-welfare.example/.well-known/mta-sts.txt answers with '
            'the file of phase P2 of this plan: as text/plain, with a certificate for that '
            'name that browsers trust, and without sending the reader elsewhere.'
        ) -join ''
    }
    # HOLD-240/grants.mariners-welfare.example
    #   DD-181/grants.mariners-welfare.example
    # The first policy of grants.mariners-welfare.example is served
    @{
        Id = 'HOLD-240/grants.mariners-welfare.example'
        Phase = 'P2'
        Held = @('domain.mx/grants.mariners-welfare.example')
    }
    # STEP-312
    #   DD-280
    # Outbound connector to the encryption service, for what rules give it
    @{
        Id = 'STEP-312'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'To-encryption-service'
        Creates = $true
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            Enabled = $true
            IsTransportRuleScoped = $true
            RecipientDomains = $null
            SmartHosts = @('in.sealedpost.example')
            TlsDomain = 'in.sealedpost.example'
            TlsSettings = 'DomainValidation'
            UseMXRecord = $false
        }
    }
    # STEP-313
    #   DD-284
    # Rule that holds mail with a program attached, disabled
    @{
        Id = 'STEP-313'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-12 Program attached'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            AttachmentHasExecutableContent = $true
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            GenerateIncidentReport = 'security@mariners-welfare.example'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'RuleDetections', 'Severity')
            Mode = 'Enforce'
            Quarantine = $true
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = $null
            SetAuditSeverity = 'Medium'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-321
    #   DD-285
    # Rule that holds mail with an attachment behind a password, disabled
    @{
        Id = 'STEP-321'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-13 Attachment behind a password'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            AttachmentIsPasswordProtected = $true
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            GenerateIncidentReport = 'security@mariners-welfare.example'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'RuleDetections', 'Severity')
            Mode = 'Enforce'
            Quarantine = $true
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = $null
            SetAuditSeverity = 'Medium'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-322
    #   DD-285
    # Rule that holds mail with an attachment of a type that cannot be read, disabled
    @{
        Id = 'STEP-322'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-14 Attachment that cannot be read'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            AttachmentIsUnsupported = $true
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            GenerateIncidentReport = 'security@mariners-welfare.example'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'RuleDetections', 'Severity')
            Mode = 'Enforce'
            Quarantine = $true
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = $null
            SetAuditSeverity = 'Medium'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-323
    #   DD-285
    # Rule that holds mail with more attached than the service looks through, disabled
    @{
        Id = 'STEP-323'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-15 Attachment that is too much'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            AttachmentProcessingLimitExceeded = $true
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            GenerateIncidentReport = 'security@mariners-welfare.example'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'RuleDetections', 'Severity')
            Mode = 'Enforce'
            Quarantine = $true
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = $null
            SetAuditSeverity = 'Medium'
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
            GenerateIncidentReport = 'security@mariners-welfare.example'
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
            GenerateIncidentReport = 'security@mariners-welfare.example'
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
    # STEP-360/legal-aid.example
    #   DD-220/legal-aid.example
    #   DD-221/legal-aid.example
    #   DD-222/legal-aid.example
    # Outbound connector to legal-aid.example, to a proved name, disabled
    @{
        Id = 'STEP-360/legal-aid.example'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'TLS-to-legal-aid.example'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            IsTransportRuleScoped = $false
            MtaStsMode = 'Opportunistic'
            RecipientDomains = @('legal-aid.example')
            SmartHosts = $null
            SmtpDaneMode = 'Opportunistic'
            TlsDomain = 'mx.legal-aid.example'
            TlsSettings = 'DomainValidation'
            UseMXRecord = $true
        }
    }
    # STEP-361/pilots-union.example
    #   DD-220/pilots-union.example
    #   DD-221/pilots-union.example
    #   DD-222/pilots-union.example
    # Outbound connector to pilots-union.example, disabled
    @{
        Id = 'STEP-361/pilots-union.example'
        Phase = 'P3'
        Noun = 'OutboundConnector'
        Name = 'TLS-to-pilots-union.example'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            IsTransportRuleScoped = $false
            MtaStsMode = 'Opportunistic'
            RecipientDomains = @('pilots-union.example')
            SmartHosts = $null
            SmtpDaneMode = 'Opportunistic'
            TlsDomain = $null
            TlsSettings = 'CertificateValidation'
            UseMXRecord = $true
        }
    }
    # STEP-362
    #   DD-286
    # Rule that holds mail from outside that is encrypted with S/MIME, disabled
    @{
        Id = 'STEP-362'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-16 S/MIME from outside'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = 'NotInOrganization'
            GenerateIncidentReport = 'security@mariners-welfare.example'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            IncidentReportContent = @('Sender', 'Recipients', 'Subject', 'RuleDetections', 'Severity')
            MessageTypeMatches = 'Encrypted'
            Mode = 'Enforce'
            Quarantine = $true
            RecipientDomainIs = $null
            RuleErrorAction = 'Defer'
            SentToScope = 'InOrganization'
            SetAuditSeverity = 'Medium'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-365/legal-aid.example
    #   DD-223/legal-aid.example
    # Inbound connector from legal-aid.example, by its certificate, disabled
    @{
        Id = 'STEP-365/legal-aid.example'
        Phase = 'P3'
        Noun = 'InboundConnector'
        Name = 'TLS-from-legal-aid.example'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            RequireTls = $true
            RestrictDomainsToCertificate = $true
            RestrictDomainsToIPAddresses = $false
            SenderDomains = @('legal-aid.example')
            SenderIPAddresses = $null
            TlsSenderCertificateName = '*.out.legal-aid.example'
        }
    }
    # STEP-366/pilots-union.example
    #   DD-223/pilots-union.example
    # Inbound connector from pilots-union.example, over TLS, disabled
    @{
        Id = 'STEP-366/pilots-union.example'
        Phase = 'P3'
        Noun = 'InboundConnector'
        Name = 'TLS-from-pilots-union.example'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'Partner'
            RequireTls = $true
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $false
            SenderDomains = @('pilots-union.example')
            SenderIPAddresses = $null
            TlsSenderCertificateName = $null
        }
    }
    # STEP-370
    #   DD-224
    # Rule that forces TLS, disabled
    @{
        Id = 'STEP-370'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-50 Forced TLS'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = @('legal-aid.example', 'pilots-union.example')
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = @('state-archive.example', 'charities.example')
            RouteMessageOutboundRequireTls = $true
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-382
    #   DD-280
    # Rule that leads sensitive mail to the encryption service, disabled
    @{
        Id = 'STEP-382'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-83 To the encryption service'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = 'InOrganization'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RouteMessageOutboundConnector = 'To-encryption-service'
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $true
            SubjectMatchesPatterns = $null
            SubjectOrBodyMatchesPatterns = @('\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}\b', '\bseafarer medical certificate\b')
        }
    }
    # STEP-383
    #   DD-280
    # Rule that leads mail to the encryption service by what is attached, disabled
    @{
        Id = 'STEP-383'
        Phase = 'P3'
        Noun = 'TransportRule'
        Name = 'exoplan-84 To the encryption service for its attachment'
        Creates = $true
        New = @{
            Enabled = $false
        }
        Set = @{
            AttachmentMatchesPatterns = @('\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}\b', '\bseafarer medical certificate\b')
            ExceptIfHeaderMatchesMessageHeader = $null
            ExceptIfHeaderMatchesPatterns = $null
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = 'InOrganization'
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = $null
            RouteMessageOutboundConnector = 'To-encryption-service'
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $true
            SubjectMatchesPatterns = $null
        }
    }
    # STEP-389
    #   DD-011
    #   DD-224
    #   DD-280
    #   DD-284
    #   DD-285
    #   DD-286
    # The rules of the plan come first, in their order
    @{
        Id = 'STEP-389'
        Phase = 'P3'
        Noun = 'TransportRuleOrder'
        Set = @{
            Order = @(
                'exoplan-10 Marking above this system (header)'
                'exoplan-11 Marking above this system (subject)'
                'exoplan-12 Program attached'
                'exoplan-13 Attachment behind a password'
                'exoplan-14 Attachment that cannot be read'
                'exoplan-15 Attachment that is too much'
                'exoplan-16 S/MIME from outside'
                'exoplan-40 Sensitive over TLS (header)'
                'exoplan-41 Sensitive over TLS (subject)'
                'exoplan-50 Forced TLS'
                'exoplan-83 To the encryption service'
                'exoplan-84 To the encryption service for its attachment'
            )
        }
        Keep = 'A rule in front of those that block, reject or force TLS can disarm them'
    }
    # HOLD-401
    #   DD-284
    #   DD-285
    #   DD-286
    # What the rules will hold is known, and somebody frees it
    @{
        Id = 'HOLD-401'
        Phase = 'P4'
        Text = @(
            'security@mariners-welfare.example is read on every working day. Whoever frees '
            'what was held looks first at what it is and whom it is for: that a freed '
            'message meets the other rules is not documented. Users know that such mail does '
            'not arrive, and how else a file gets here. The service desk knows that neither '
            'sender nor reader is told.'
        ) -join ''
    }
    # HOLD-410/lobby-scanners
    #   DD-140/lobby-scanners
    # It is known how Lobby scanners delivers
    @{
        Id = 'HOLD-410/lobby-scanners'
        Phase = 'P4'
        Text = @(
            'The connector report of at least 14 days shows all mail of Lobby scanners, and '
            'all of it comes as the plan says. When somebody else runs it: nobody but Lobby '
            'scanners sends from its domains, for such mail is refused as soon as the '
            'connector stands.'
        ) -join ''
    }
    # STEP-412/lobby-scanners
    #   DD-140/lobby-scanners
    # Inbound connector for Lobby scanners, by its addresses
    @{
        Id = 'STEP-412/lobby-scanners'
        Phase = 'P4'
        Noun = 'InboundConnector'
        Name = 'Inbound-direct-from-Lobby scanners'
        Creates = $true
        Set = @{
            CloudServicesMailEnabled = $false
            ConnectorType = 'OnPremises'
            Enabled = $true
            RequireTls = $false
            RestrictDomainsToCertificate = $false
            RestrictDomainsToIPAddresses = $false
            SenderDomains = @('*')
            SenderIPAddresses = @('198.51.100.72')
            TlsSenderCertificateName = $null
        }
        Needs = @('HOLD-410/lobby-scanners')
    }
    # HOLD-420/mariners-welfare.example
    #   DD-183/mariners-welfare.example
    # Senders know the new hosts of mariners-welfare.example
    @{
        Id = 'HOLD-420/mariners-welfare.example'
        Phase = 'P4'
        Text = @(
            'The policy that mariners-welfare.example serves lists the hosts of today and '
            'the new ones, under a new id. It has done so for at least 604800 seconds: until '
            'then senders hold the one before and refuse the new hosts.'
        ) -join ''
    }
    # STEP-501
    #   DD-284
    # Mail with a program attached is held
    @{
        Id = 'STEP-501'
        Phase = 'P5'
        Noun = 'TransportRule'
        Name = 'exoplan-12 Program attached'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389', 'HOLD-401')
        Keep = 'Without it a program that somebody attached is delivered'
    }
    # STEP-502
    #   DD-285
    # Mail with an attachment behind a password is held
    @{
        Id = 'STEP-502'
        Phase = 'P5'
        Noun = 'TransportRule'
        Name = 'exoplan-13 Attachment behind a password'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389', 'HOLD-401')
        Keep = 'Without it mail is delivered that no filter has seen whole'
    }
    # STEP-503
    #   DD-285
    # Mail with an attachment of a type that cannot be read is held
    @{
        Id = 'STEP-503'
        Phase = 'P5'
        Noun = 'TransportRule'
        Name = 'exoplan-14 Attachment that cannot be read'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389', 'HOLD-401')
        Keep = 'Without it mail is delivered that no filter has seen whole'
    }
    # STEP-512
    #   DD-285
    # Mail with more attached than the service looks through is held
    @{
        Id = 'STEP-512'
        Phase = 'P5'
        Noun = 'TransportRule'
        Name = 'exoplan-15 Attachment that is too much'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389', 'HOLD-401')
        Keep = 'Without it mail is delivered that no filter has seen whole'
    }
    # STEP-513
    #   DD-286
    # Mail from outside that is encrypted with S/MIME is held
    @{
        Id = 'STEP-513'
        Phase = 'P5'
        Noun = 'TransportRule'
        Name = 'exoplan-16 S/MIME from outside'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389', 'HOLD-401')
        Keep = 'Without it mail is delivered that no filter has seen'
    }
    # HOLD-601
    #   DD-280
    # The encryption service takes mail of this organisation
    @{
        Id = 'HOLD-601'
        Phase = 'P6'
        Text = @(
            'Validate-OutboundConnector succeeds for the connector to in.sealedpost.example; '
            'its test message comes from an address at marinerswelfare.onmicrosoft.com. The '
            'provider has confirmed in writing that it takes mail for these domains from '
            'this tenant alone, encrypts all of it, sends it on by itself and hands nothing '
            'back to Exchange Online. Its addresses stand in SPF, and it signs with DKIM '
            'what it changed.'
        ) -join ''
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
    # HOLD-675/legal-aid.example
    #   DD-220/legal-aid.example
    # The hosts of legal-aid.example can prove what is asked of them
    @{
        Id = 'HOLD-675/legal-aid.example'
        Phase = 'P6'
        Text = @(
            'legal-aid.example has confirmed in writing that all its MX hosts offer TLS, and '
            'which certificate name they present. Validate-OutboundConnector was tried with '
            'postmaster@legal-aid.example: its message comes from an address at '
            'marinerswelfare.onmicrosoft.com, and whether it works on a connector that is '
            'not enabled yet is not documented.'
        ) -join ''
    }
    # HOLD-675/pilots-union.example
    #   DD-220/pilots-union.example
    # The hosts of pilots-union.example can prove what is asked of them
    @{
        Id = 'HOLD-675/pilots-union.example'
        Phase = 'P6'
        Text = @(
            'pilots-union.example has confirmed in writing that all its MX hosts offer TLS, '
            'and which certificate name they present. Validate-OutboundConnector was tried '
            'with postmaster@pilots-union.example: its message comes from an address at '
            'marinerswelfare.onmicrosoft.com, and whether it works on a connector that is '
            'not enabled yet is not documented.'
        ) -join ''
    }
    # HOLD-676/legal-aid.example
    #   DD-223/legal-aid.example
    # All that sends as legal-aid.example can prove it
    @{
        Id = 'HOLD-676/legal-aid.example'
        Phase = 'P6'
        Text = @(
            'legal-aid.example has confirmed in writing that whatever sends in its name '
            'meets what the plan asks, bulk mail too. Two weeks of its messages show it in '
            'their headers. Everything else in this name is refused from the step on.'
        ) -join ''
    }
    # HOLD-676/pilots-union.example
    #   DD-223/pilots-union.example
    # All that sends as pilots-union.example can prove it
    @{
        Id = 'HOLD-676/pilots-union.example'
        Phase = 'P6'
        Text = @(
            'pilots-union.example has confirmed in writing that whatever sends in its name '
            'meets what the plan asks, bulk mail too. Two weeks of its messages show it in '
            'their headers. Everything else in this name is refused from the step on.'
        ) -join ''
    }
    # HOLD-677
    #   DD-224
    # The domains of the rule take TLS
    @{
        Id = 'HOLD-677'
        Phase = 'P6'
        Text = @(
            'A message to each of state-archive.example, charities.example arrived, and its '
            'Received lines show TLS at the last hop.'
        ) -join ''
    }
    # STEP-680/legal-aid.example
    #   DD-220/legal-aid.example
    # Outbound connector to legal-aid.example enabled
    @{
        Id = 'STEP-680/legal-aid.example'
        Phase = 'P6'
        Noun = 'OutboundConnector'
        Name = 'TLS-to-legal-aid.example'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-675/legal-aid.example')
    }
    # STEP-681/pilots-union.example
    #   DD-220/pilots-union.example
    # Outbound connector to pilots-union.example enabled
    @{
        Id = 'STEP-681/pilots-union.example'
        Phase = 'P6'
        Noun = 'OutboundConnector'
        Name = 'TLS-to-pilots-union.example'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-675/pilots-union.example')
    }
    # STEP-685/legal-aid.example
    #   DD-223/legal-aid.example
    # Mail from legal-aid.example is refused without its certificate
    @{
        Id = 'STEP-685/legal-aid.example'
        Phase = 'P6'
        Noun = 'InboundConnector'
        Name = 'TLS-from-legal-aid.example'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-676/legal-aid.example')
    }
    # STEP-686/pilots-union.example
    #   DD-223/pilots-union.example
    # Mail from pilots-union.example is refused without TLS
    @{
        Id = 'STEP-686/pilots-union.example'
        Phase = 'P6'
        Noun = 'InboundConnector'
        Name = 'TLS-from-pilots-union.example'
        Set = @{
            Enabled = $true
        }
        Needs = @('HOLD-676/pilots-union.example')
    }
    # STEP-690
    #   DD-224
    # Rule that forces TLS, enabled
    @{
        Id = 'STEP-690'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-50 Forced TLS'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-389', 'HOLD-677', 'STEP-680/legal-aid.example', 'STEP-681/pilots-union.example')
    }
    # STEP-692
    #   DD-280
    # Sensitive mail goes to the encryption service
    @{
        Id = 'STEP-692'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-83 To the encryption service'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-312', 'STEP-389', 'HOLD-601')
    }
    # STEP-693
    #   DD-280
    # Mail goes to the encryption service by what is attached
    @{
        Id = 'STEP-693'
        Phase = 'P6'
        Noun = 'TransportRule'
        Name = 'exoplan-84 To the encryption service for its attachment'
        Set = @{
            Enabled = $true
        }
        Needs = @('STEP-312', 'STEP-389', 'HOLD-601')
    }
    # HOLD-695/legal-aid.example
    #   DD-220/legal-aid.example
    # Mail to legal-aid.example arrives
    @{
        Id = 'HOLD-695/legal-aid.example'
        Phase = 'P6'
        Text = @(
            'A test message arrived, its trace names TLS-to-legal-aid.example, and nothing '
            'waits with 450 4.4.317 or 454 4.7.5. Connectors take time to replicate. If not: '
            'roll the step of this connector back now; what waits is tried again without it.'
        ) -join ''
    }
    # HOLD-695/pilots-union.example
    #   DD-220/pilots-union.example
    # Mail to pilots-union.example arrives
    @{
        Id = 'HOLD-695/pilots-union.example'
        Phase = 'P6'
        Text = @(
            'A test message arrived, its trace names TLS-to-pilots-union.example, and '
            'nothing waits with 450 4.4.317 or 454 4.7.5. Connectors take time to replicate. '
            'If not: roll the step of this connector back now; what waits is tried again '
            'without it.'
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
        Needs = @('STEP-412/lobby-scanners', 'HOLD-735')
    }
    # HOLD-745/lobby-scanners
    #   DD-140/lobby-scanners
    #   DD-141
    # Lobby scanners still delivers
    @{
        Id = 'HOLD-745/lobby-scanners'
        Phase = 'P7'
        Text = @(
            'At least 30 minutes after the last step a message of Lobby scanners arrived, '
            'and the message trace names its connector. Which of two matching connectors '
            'Exchange Online takes is not documented, so this test decides. If not: roll '
            'this phase back now.'
        ) -join ''
    }
    # HOLD-810/mariners-welfare.example
    #   DD-064/mariners-welfare.example
    # Every sender of mariners-welfare.example is known and aligned
    @{
        Id = 'HOLD-810/mariners-welfare.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of mariners-welfare.example signs as mariners-welfare.example: '
            'Get-DkimSigningConfig shows Status Valid where Exchange Online signs, and a '
            'message that passed the gateway shows dkim=pass with '
            'header.d=mariners-welfare.example where the gateway does. Two to four weeks of '
            'aggregate reports show no legitimate sender that fails. What leaves the SPF '
            'record of the domain no longer sends: mx.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'DkimSigningConfig'
                Name = 'mariners-welfare.example'
                Expect = @{
                    Enabled = $true
                    Status = 'Valid'
                }
            }
        )
    }
    # HOLD-810/grants.mariners-welfare.example
    #   DD-064/grants.mariners-welfare.example
    # Every sender of grants.mariners-welfare.example is known and aligned
    @{
        Id = 'HOLD-810/grants.mariners-welfare.example'
        Phase = 'P8'
        Held = @(
            'dkim.selector1/grants.mariners-welfare.example'
            'dkim.selector2/grants.mariners-welfare.example'
        )
    }
    # HOLD-815/mariners-welfare.example
    #   DD-182/mariners-welfare.example
    # The last policy of mariners-welfare.example is served
    @{
        Id = 'HOLD-815/mariners-welfare.example'
        Phase = 'P8'
        Text = @(
            'The last policy file that this plan holds for mariners-welfare.example is '
            'served at https://mta-sts.mariners-welfare.example/.well-known/mta-sts.txt. It '
            'lists the hosts of the MX and no other, not the tenant''s own host behind a '
            'gateway; each presents a certificate that bears its name; two weeks of TLS '
            'reports show no failure.'
        ) -join ''
    }
    # HOLD-815/grants.mariners-welfare.example
    #   DD-182/grants.mariners-welfare.example
    # The last policy of grants.mariners-welfare.example is served
    @{
        Id = 'HOLD-815/grants.mariners-welfare.example'
        Phase = 'P8'
        Held = @('domain.mx/grants.mariners-welfare.example')
    }
    # HOLD-816/mariners-welfare.example
    #   DD-062/mariners-welfare.example
    #   DD-312/mariners-welfare.example
    # The new key of mariners-welfare.example signs
    @{
        Id = 'HOLD-816/mariners-welfare.example'
        Phase = 'P8'
        Text = @(
            'Get-DkimSigningConfig shows a RotateOnDate of mariners-welfare.example that has '
            'passed, and SelectorAfterRotateOnDate names the selector whose key has 2048 '
            'bits. A message to a mailbox outside shows dkim=pass, and that selector under '
            's=.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'DkimSigningConfig'
                Name = 'mariners-welfare.example'
                Expect = @{
                    Enabled = $true
                    Status = 'Valid'
                }
            }
            @{
                Noun = 'DkimKeys'
                Name = 'mariners-welfare.example'
                Expect = @{
                    Longest = 2048
                }
            }
        )
        Since = @{ Hold = 'HOLD-234/mariners-welfare.example'; Days = 5 }
    }
    # HOLD-816/grants.mariners-welfare.example
    #   DD-062/grants.mariners-welfare.example
    #   DD-312/grants.mariners-welfare.example
    # The new key of grants.mariners-welfare.example signs
    @{
        Id = 'HOLD-816/grants.mariners-welfare.example'
        Phase = 'P8'
        Held = @(
            'dkim.selector1/grants.mariners-welfare.example'
            'dkim.selector2/grants.mariners-welfare.example'
        )
    }
    # STEP-817/mariners-welfare.example
    #   DD-171/mariners-welfare.example
    #   DD-062/mariners-welfare.example
    #   DD-312/mariners-welfare.example
    # Both keys of mariners-welfare.example have 2048 bits
    @{
        Id = 'STEP-817/mariners-welfare.example'
        Phase = 'P8'
        Noun = 'DkimKeys'
        Name = 'mariners-welfare.example'
        Set = @{
            Shortest = 2048
        }
        Needs = @('STEP-236/mariners-welfare.example', 'HOLD-816/mariners-welfare.example')
    }
    # STEP-817/grants.mariners-welfare.example
    #   DD-171/grants.mariners-welfare.example
    #   DD-062/grants.mariners-welfare.example
    #   DD-312/grants.mariners-welfare.example
    # Both keys of grants.mariners-welfare.example have 2048 bits
    @{
        Id = 'STEP-817/grants.mariners-welfare.example'
        Phase = 'P8'
        Held = @(
            'dkim.selector1/grants.mariners-welfare.example'
            'dkim.selector2/grants.mariners-welfare.example'
        )
    }
    # HOLD-830/mariners-welfare.example
    #   DD-068/mariners-welfare.example
    # Nothing legitimate of mariners-welfare.example is set aside
    @{
        Id = 'HOLD-830/mariners-welfare.example'
        Phase = 'P8'
        Text = @(
            'mariners-welfare.example has published p=quarantine for two to four weeks. The '
            'reports of that time show no legitimate sender that fails, and nobody has '
            'missed mail.'
        ) -join ''
    }
    # HOLD-830/grants.mariners-welfare.example
    #   DD-068/grants.mariners-welfare.example
    # Nothing legitimate of grants.mariners-welfare.example is set aside
    @{
        Id = 'HOLD-830/grants.mariners-welfare.example'
        Phase = 'P8'
        Text = @(
            'grants.mariners-welfare.example has published p=quarantine for two to four '
            'weeks. The reports of that time show no legitimate sender that fails, and '
            'nobody has missed mail.'
        ) -join ''
    }
)

$run = @{
    Script = 'apply'
    Plan = '473ed8cbcaa9169585ffd5db003f67bae6e22977ccecd18b8f06005f915843ae'
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
