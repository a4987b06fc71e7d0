// One of the two function apps: the settings that both plans share, and what is done to the app whatever its plan.

import { appScale, tagSet } from 'types.bicep'

@description('The plan that it runs on.')
param plan 'flex' | 'premium'

@description('Name of the app.')
param name string

@description('Where it is.')
param location string

@description('Tags.')
param tags tagSet

@description('How it scales.')
param scale appScale

@description('Whether its instances are spread over availability zones.')
param zoneRedundant bool

@description('Id of its user-assigned identity.')
param identityId string

@description('Client id of its user-assigned identity.')
param identityClientId string

@description('Name of its host storage: keys, leases, packages, and the task hub where the hub is in Azure Storage.')
param hostStorageName string

@description('Address of the container of its packages.')
param packageContainer string

@description('Name of the package in the container; the flex plan keeps its own account of that.')
param packageName string

@description('Settings of this app beside those that the host needs.')
param settings tagSet

@description('Functions of the build that this app does not run.')
param disabledFunctions string[]

@description('Where telemetry goes.')
param insightsConnectionString string

@description('Id of the Log Analytics workspace of the platform\'s own logs.')
param workspaceId string

@description('Client id of the application registration that callers get tokens for; empty for function keys alone.')
param entraClientId string

@description('Subnet for what it calls; empty for none.')
param subnetId string

var disabled = toObject(disabledFunctions, item => 'AzureWebJobs.${item}.Disabled', item => 'true')

// What a rollup is expected to take is reckoned with the cores that the app grows to; a job takes one of them.
var coresOfPremium = { EP1: 1, EP2: 2, EP3: 4 }
var coresOfInstance = plan == 'flex' ? (scale.flex.instanceMemoryMB == 4096 ? 2 : 1) : coresOfPremium[scale.premium.sku]
var instances = plan == 'flex' ? scale.flex.maximumInstances : scale.premium.maximumInstances

var allSettings = union(
  {
    AzureWebJobsStorage__accountName: hostStorageName
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    AZURE_CLIENT_ID: identityClientId
    AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions: string(scale.concurrentActivities)
    Risk__Cores: string(instances * min(coresOfInstance, scale.concurrentActivities))
  },
  settings,
  disabled
)

module flex 'flexApp.bicep' = if (plan == 'flex') {
  name: '${name}-flex'
  params: {
    name: name
    location: location
    tags: tags
    scale: scale.flex
    zoneRedundant: zoneRedundant
    identityId: identityId
    packageContainer: packageContainer
    settings: allSettings
    subnetId: subnetId
  }
}

module premium 'premiumApp.bicep' = if (plan == 'premium') {
  name: '${name}-premium'
  params: {
    name: name
    location: location
    tags: tags
    scale: scale.premium
    zoneRedundant: zoneRedundant
    identityId: identityId
    packageContainer: packageContainer
    packageName: packageName
    settings: allSettings
    subnetId: subnetId
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: name

  // Deployments sign in to Entra ID: no user name and password.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
    dependsOn: [flex, premium]
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
    dependsOn: [flex, premium]
  }

  // A caller needs a token, and the function key as well.
  resource authentication 'config' = if (!empty(entraClientId)) {
    name: 'authsettingsV2'
    dependsOn: [flex, premium]
    properties: {
      platform: { enabled: true }
      globalValidation: { requireAuthentication: true, unauthenticatedClientAction: 'Return401' }
      httpSettings: { requireHttps: true }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entraClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: { allowedAudiences: [entraClientId, 'api://${entraClientId}'] }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'platform'
  scope: app
  dependsOn: [flex, premium]
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Name of the app.')
output name string = plan == 'flex' ? flex!.outputs.name : premium!.outputs.name

@description('Its address.')
output url string = 'https://${plan == 'flex' ? flex!.outputs.hostName : premium!.outputs.hostName}'

@description('Its id.')
output id string = app.id
