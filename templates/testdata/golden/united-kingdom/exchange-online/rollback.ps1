# OFFICIAL
<#
.SYNOPSIS
    Takes back one phase of the change to the mail flow of the tenant.
.DESCRIPTION
    Marking:      OFFICIAL
    Organisation: Fenland Drainage Board
    System:       Board email
    Tenant:       3c7e05b9-41da-4f82-b6a3-8e19d2f7c045 (fenlandboard.onmicrosoft.com)
    Plan SHA256:  7c147bbdd02de6afc1f8e661a56c0194721e31441243794dabcac5041ee8fc1f
    Profile:      fenland-drainage-board r1, 2026-11-25

    Restores what apply.ps1 recorded before it changed something, in the reverse order, and removes
    only what it created. It refuses where something has changed since.
.PARAMETER ApprovedPlan
    The SHA-256 of plan.json as printed on the approved change request. The script stops if it differs.
.PARAMETER Phase
    The phase of the run sheet to take back, P0 to P9.
.PARAMETER OnlyStep
    Steps of that phase. Holds that stand before them in a rollback are met all the same. Left out: all.
.PARAMETER Release
    Steps that are kept until a person takes it on: 'STEP-620=name; reason'.
.PARAMETER Acknowledge
    Holds of the rollback that have been met: 'HOLD-670=name; reason'.
.PARAMETER LogDirectory
    Folder with the records of apply.ps1. By default the one that apply.ps1 uses by default.
.EXAMPLE
    .\rollback.ps1 -ApprovedPlan 7c147bbd... -Phase P1 -WhatIf
    Shows what would be taken back.
.NOTES
    Rights: Exchange Administrator, for the change window.
    Exit codes: 30 rolled back; 0 nothing to take back; 2 changes pending (-WhatIf); 10 preflight
    failed; 11 wrong tenant; 12 plan or script not as approved; 20 stopped at a step; 21 a check
    after a change failed; 22 a hold is not met; 31 refused.
#>
#Requires -Version 5.1
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param (
    [Parameter(Mandatory = $true)] [ValidatePattern('^[0-9a-fA-F]{64}$')] [string] $ApprovedPlan,
    [Parameter(Mandatory = $true)] [ValidatePattern('^P[0-9]$')] [string] $Phase,
    [string[]] $OnlyStep,
    [string[]] $Release,
    [string[]] $Acknowledge,
    [string] $LogDirectory
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'ExoPlan.psm1') -Force

# What the plan says, word for word: the module compares it with plan.json before anything else.
$steps = @(
    # HOLD-830/fenland-board.example
    #   DD-068/fenland-board.example
    # Nothing legitimate of fenland-board.example is set aside
    @{
        Id = 'HOLD-830/fenland-board.example'
        Phase = 'P8'
        Text = @(
            'fenland-board.example has published p=quarantine for two to four weeks. The '
            'reports of that time show no legitimate sender that fails, and nobody has '
            'missed mail.'
        ) -join ''
    }
    # HOLD-815/fenland-board.example
    #   DD-182/fenland-board.example
    # The last policy of fenland-board.example is served
    @{
        Id = 'HOLD-815/fenland-board.example'
        Phase = 'P8'
        Text = @(
            'The last policy file that this plan holds for fenland-board.example is served '
            'at https://mta-sts.fenland-board.example/.well-known/mta-sts.txt. It lists the '
            'hosts of the MX and no other, not the tenant''s own host behind a gateway; each '
            'presents a certificate that bears its name; two weeks of TLS reports show no '
            'failure.'
        ) -join ''
    }
    # HOLD-810/fenland-board.example
    #   DD-064/fenland-board.example
    # Every sender of fenland-board.example is known and aligned
    @{
        Id = 'HOLD-810/fenland-board.example'
        Phase = 'P8'
        Text = @(
            'What signs mail of fenland-board.example signs as fenland-board.example: '
            'Get-DkimSigningConfig shows Status Valid where Exchange Online signs, and a '
            'message that passed the gateway shows dkim=pass with '
            'header.d=fenland-board.example where the gateway does. Two to four weeks of '
            'aggregate reports show no legitimate sender that fails. What leaves the SPF '
            'record of the domain no longer sends: ip4:192.0.2.202.'
        ) -join ''
        Looks = @(
            @{
                Noun = 'DkimSigningConfig'
                Name = 'fenland-board.example'
                Expect = @{
                    Enabled = $true
                    Status = 'Valid'
                }
            }
        )
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
        Needs = @('STEP-389', 'HOLD-677')
    }
    # HOLD-677
    #   DD-224
    # The domains of the rule take TLS
    @{
        Id = 'HOLD-677'
        Phase = 'P6'
        Text = @(
            'A message to each of gov.uk arrived, and its Received lines show TLS at the '
            'last hop.'
        ) -join ''
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
            Order = @('exoplan-50 Forced TLS')
        }
        Keep = 'A rule in front of those that block, reject or force TLS can disarm them'
    }
    # STEP-370
    #   DD-224
    #   DD-371
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
            ExceptIfRecipientDomainIs = $null
            ExceptIfSubjectMatchesPatterns = $null
            FromScope = $null
            HeaderMatchesMessageHeader = $null
            HeaderMatchesPatterns = $null
            Mode = 'Enforce'
            RecipientDomainIs = @('gov.uk')
            RouteMessageOutboundRequireTls = $true
            RuleErrorAction = 'Defer'
            SentToScope = 'NotInOrganization'
            StopRuleProcessing = $false
            SubjectMatchesPatterns = $null
        }
    }
    # HOLD-240/fenland-board.example
    #   DD-181/fenland-board.example
    # The first policy of fenland-board.example is served
    @{
        Id = 'HOLD-240/fenland-board.example'
        Phase = 'P2'
        Text = @(
            'https://mta-sts.fenland-board.example/.well-known/mta-sts.txt answers with the '
            'file of phase P2 of this plan: as text/plain, with a certificate for that name '
            'that browsers trust, and without sending the reader elsewhere.'
        ) -join ''
    }
    # STEP-230/fenland-board.example
    #   DD-171/fenland-board.example
    #   DD-062/fenland-board.example
    # Mail from fenland-board.example is signed
    @{
        Id = 'STEP-230/fenland-board.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'fenland-board.example'
        Set = @{
            Enabled = $true
        }
        Expect = @{
            Selector1CNAME = @(
                'selector1-fenlandboard-example0d._domainkey.fenlandboard.k-v1.dkim.mail.microsoft'
            ) -join ''
            Selector2CNAME = @(
                'selector2-fenlandboard-example0d._domainkey.fenlandboard.k-v1.dkim.mail.microsoft'
            ) -join ''
        }
        Needs = @('HOLD-220/fenland-board.example')
    }
    # HOLD-220/fenland-board.example
    #   DD-062/fenland-board.example
    # Both selectors of fenland-board.example can be seen
    @{
        Id = 'HOLD-220/fenland-board.example'
        Phase = 'P2'
        Text = @(
            'An authoritative server of fenland-board.example answers with both CNAME '
            'records as handed over. Exchange Online may take up to 4 days to see them.'
        ) -join ''
        Records = @(
            'REC-031/fenland-board.example'
            'REC-032/fenland-board.example'
        )
    }
    # STEP-210/fenland-board.example
    #   DD-171/fenland-board.example
    #   DD-062/fenland-board.example
    # Signing for fenland-board.example is prepared
    @{
        Id = 'STEP-210/fenland-board.example'
        Phase = 'P2'
        Noun = 'DkimSigningConfig'
        Name = 'fenland-board.example'
        Creates = $true
        Given = @{
            Enabled = $false
            KeySize = 2048
        }
        Tell = @(
            @{ Property = 'Selector1CNAME'; Answers = 'dkim.selector1/fenland-board.example' }
            @{ Property = 'Selector2CNAME'; Answers = 'dkim.selector2/fenland-board.example' }
        )
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
    # STEP-120/fenland-board.example
    #   DD-110/fenland-board.example
    #   DD-171/fenland-board.example
    # Accepted domain fenland-board.example is Authoritative
    @{
        Id = 'STEP-120/fenland-board.example'
        Phase = 'P1'
        Noun = 'AcceptedDomain'
        Name = 'fenland-board.example'
        Set = @{
            DomainType = 'Authoritative'
            MatchSubDomains = $false
        }
    }
)

$run = @{
    Script = 'rollback'
    Plan = '7c147bbdd02de6afc1f8e661a56c0194721e31441243794dabcac5041ee8fc1f'
    Step = $steps
    ApprovedPlan = $ApprovedPlan
    Phase = $Phase
    OnlyStep = $OnlyStep
    Release = $Release
    Acknowledge = $Acknowledge
    LogDirectory = $LogDirectory
    DryRun = [bool] $WhatIfPreference
    Ask = $ConfirmPreference -ne 'None'
}
Invoke-PlanRun @run
exit (Get-PlanExitCode)
# OFFICIAL
