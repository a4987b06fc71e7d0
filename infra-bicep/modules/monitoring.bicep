// Where logs, traces and metrics go, and who is told.

import { grant, roleIds } from 'roles.bicep'
import { tagSet } from 'types.bicep'

@description('Base of the names.')
param baseName string

@description('Where it is.')
param location string

@description('Tags.')
param tags tagSet

@minValue(30)
@maxValue(730)
@description('Days that logs are kept.')
param retentionDays int

@minValue(0)
@description('Gigabytes a day after which logs are dropped until the next day; 0 for no limit.')
param dailyCapGb int

@description('Addresses that alerts are sent to.')
param alertEmails string[]

@description('Roles on Application Insights.')
param grants grant[]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: '${baseName}-logs'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb > 0 ? dailyCapGb : -1 }
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${baseName}-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    // Telemetry is taken from identities only; the connection string alone lets nobody write.
    DisableLocalAuth: true
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for item in grants: {
    name: guid(insights.id, item.principalId, item.role)
    scope: insights
    properties: {
      principalId: item.principalId
      principalType: item.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[item.role])
      description: item.reason
    }
  }
]

resource onCall 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${baseName}-on-call'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'riskdurable'
    emailReceivers: [for (email, index) in alertEmails: { name: 'email-${index}', emailAddress: email, useCommonAlertSchema: true }]
  }
}

@description('Id of the Log Analytics workspace.')
output workspaceId string = workspace.id

@description('Where telemetry goes; not a secret, as Application Insights takes it from identities only.')
output insightsConnectionString string = insights.properties.ConnectionString

@description('Id of the action group that alerts call.')
output actionGroupId string = onCall.id
