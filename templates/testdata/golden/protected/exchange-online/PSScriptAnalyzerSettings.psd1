# The settings with which the scripts of a pack are checked. To repeat the check:
#   Invoke-ScriptAnalyzer -Path . -Recurse -Settings .\PSScriptAnalyzerSettings.psd1
@{
    IncludeDefaultRules = $true
    Rules = @{
        PSUseCompatibleSyntax = @{
            Enable = $true
            TargetVersions = @('5.1', '7.0')
        }
        PSUseCompatibleCommands = @{
            Enable = $true
            TargetProfiles = @(
                'win-8_x64_10.0.17763.0_5.1.17763.316_x64_4.0.30319.42000_framework'
                'win-8_x64_10.0.17763.0_7.0.0_x64_3.1.2_core'
            )
            # Exchange Online brings these; the profiles know Windows alone.
            IgnoreCommands = @(
                'Get-ConnectionInformation'
                'Get-InboundConnector'
                'New-InboundConnector'
                'Set-InboundConnector'
                'Remove-InboundConnector'
                'Get-OutboundConnector'
                'New-OutboundConnector'
                'Set-OutboundConnector'
                'Remove-OutboundConnector'
                'Get-TransportRule'
                'New-TransportRule'
                'Set-TransportRule'
                'Enable-TransportRule'
                'Disable-TransportRule'
                'Remove-TransportRule'
                'Get-TransportConfig'
                'Set-TransportConfig'
                'Get-QuarantinePolicy'
                'New-QuarantinePolicy'
                'Set-QuarantinePolicy'
                'Remove-QuarantinePolicy'
                'Get-IRMConfiguration'
                'Set-IRMConfiguration'
                'Get-DkimSigningConfig'
                'New-DkimSigningConfig'
                'Set-DkimSigningConfig'
                'Remove-DkimSigningConfig'
                'Rotate-DkimSigningConfig'
                'Get-ArcConfig'
                'Set-ArcConfig'
                'Get-AcceptedDomain'
                'Set-AcceptedDomain'
                'Get-DnssecStatusForVerifiedDomain'
                'Enable-DnssecForVerifiedDomain'
                'Disable-DnssecForVerifiedDomain'
                'Enable-SmtpDaneInbound'
                'Disable-SmtpDaneInbound'
                'Get-OrganizationConfig'
                'Set-OrganizationConfig'
                'Get-AdminAuditLogConfig'
                'Set-AdminAuditLogConfig'
                'Get-SharingPolicy'
                'Set-SharingPolicy'
                'Get-RemoteDomain'
                'New-RemoteDomain'
                'Set-RemoteDomain'
                'Remove-RemoteDomain'
                'Get-HostedOutboundSpamFilterPolicy'
                'Set-HostedOutboundSpamFilterPolicy'
                'Get-ExternalInOutlook'
                'Set-ExternalInOutlook'
                'Get-HostedConnectionFilterPolicy'
                'Set-HostedConnectionFilterPolicy'
                'Get-HostedContentFilterPolicy'
                'New-HostedContentFilterPolicy'
                'Set-HostedContentFilterPolicy'
                'Remove-HostedContentFilterPolicy'
                'Get-HostedContentFilterRule'
                'New-HostedContentFilterRule'
                'Set-HostedContentFilterRule'
                'Enable-HostedContentFilterRule'
                'Disable-HostedContentFilterRule'
                'Remove-HostedContentFilterRule'
                'Get-MalwareFilterPolicy'
                'New-MalwareFilterPolicy'
                'Set-MalwareFilterPolicy'
                'Remove-MalwareFilterPolicy'
                'Get-MalwareFilterRule'
                'New-MalwareFilterRule'
                'Set-MalwareFilterRule'
                'Enable-MalwareFilterRule'
                'Disable-MalwareFilterRule'
                'Remove-MalwareFilterRule'
                'Get-AntiPhishPolicy'
                'New-AntiPhishPolicy'
                'Set-AntiPhishPolicy'
                'Remove-AntiPhishPolicy'
                'Get-AntiPhishRule'
                'New-AntiPhishRule'
                'Set-AntiPhishRule'
                'Enable-AntiPhishRule'
                'Disable-AntiPhishRule'
                'Remove-AntiPhishRule'
                'Get-SafeAttachmentPolicy'
                'New-SafeAttachmentPolicy'
                'Set-SafeAttachmentPolicy'
                'Remove-SafeAttachmentPolicy'
                'Get-SafeAttachmentRule'
                'New-SafeAttachmentRule'
                'Set-SafeAttachmentRule'
                'Enable-SafeAttachmentRule'
                'Disable-SafeAttachmentRule'
                'Remove-SafeAttachmentRule'
                'Get-SafeLinksPolicy'
                'New-SafeLinksPolicy'
                'Set-SafeLinksPolicy'
                'Remove-SafeLinksPolicy'
                'Get-SafeLinksRule'
                'New-SafeLinksRule'
                'Set-SafeLinksRule'
                'Enable-SafeLinksRule'
                'Disable-SafeLinksRule'
                'Remove-SafeLinksRule'
                'Get-AtpPolicyForO365'
                'Set-AtpPolicyForO365'
                'Get-EOPProtectionPolicyRule'
                'Set-EOPProtectionPolicyRule'
                'Enable-EOPProtectionPolicyRule'
                'Disable-EOPProtectionPolicyRule'
                'Get-ATPProtectionPolicyRule'
                'Set-ATPProtectionPolicyRule'
                'Enable-ATPProtectionPolicyRule'
                'Disable-ATPProtectionPolicyRule'
            )
        }
        PSUseCompatibleTypes = @{
            Enable = $true
            TargetProfiles = @(
                'win-8_x64_10.0.17763.0_5.1.17763.316_x64_4.0.30319.42000_framework'
                'win-8_x64_10.0.17763.0_7.0.0_x64_3.1.2_core'
            )
        }
        PSAvoidLongLines = @{
            Enable = $true
            MaximumLineLength = 120
        }
        PSPlaceOpenBrace = @{
            Enable = $true
            OnSameLine = $true
        }
        PSPlaceCloseBrace = @{
            Enable = $true
            NewLineAfter = $false
        }
        PSUseConsistentIndentation = @{
            Enable = $true
            Kind = 'space'
            IndentationSize = 4
            PipelineIndentation = 'IncreaseIndentationForFirstPipeline'
        }
    }
    # The gate of the module asks: $PSCmdlet.ShouldProcess is refused in Constrained Language Mode.
    ExcludeRules = @('PSShouldProcess')
}
