// RiskDurable on Azure: two function apps of one build (rollup, deals), each with its own task hub and host storage, over one object store.
// docs/deployment.md says what each part is for; eng/deploy.sh deploys it.

import { dealsFunctions, rollupFunctions } from 'modules/functions.bicep'
import { appScale, networkPlan, operator, tagSet } from 'modules/types.bicep'

targetScope = 'resourceGroup'

@minLength(2)
@maxLength(12)
@description('Name of this environment, part of every resource\'s name: lower-case letters, digits and hyphens, beginning with a letter.')
param environmentName string

@description('Where everything is.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags tagSet = {}

@description('Plan of the apps: flex consumption is billed by use and may sleep, premium by instances that are always there.')
param plan 'flex' | 'premium'

@description('Where the state of orchestrations is: in the storage account of each app, or in a Durable Task Scheduler that both share, a task hub each.')
param hub 'azureStorage' | 'durableTaskScheduler'

@description('How the scheduler is billed: by action, or by capacity.')
param schedulerSku 'Consumption' | 'Dedicated' = 'Consumption'

@minValue(1)
@maxValue(3)
@description('Capacity units of a dedicated scheduler.')
param schedulerCapacity int = 1

@description('Scale of the rollup app.')
param rollup appScale

@description('Scale of the deals app.')
param deals appScale

@description('Whether apps and storage are spread over availability zones; the region must have them.')
param zoneRedundant bool

@minValue(1)
@maxValue(16)
@description('Storage accounts that objects are spread over. More bear more requests at a time, and can be added later; with fewer, objects are computed again.')
param storeAccounts int

@minValue(1)
@maxValue(365)
@description('Days that the output cache keeps a key after its last use.')
param cacheTimeToLiveDays int = 7

@minValue(1)
@maxValue(365)
@description('Days that it keeps a key at most. The store deletes what nobody has read for this long and storeMarginDays more.')
param cacheCapDays int = 30

@minValue(1)
@maxValue(365)
@description('Days that the store keeps unread objects beyond the cache\'s cap, so that the cache never names an object that is gone.')
param storeMarginDays int = 15

@minValue(1)
@maxValue(365)
@description('Days that deleted portfolios and objects can be restored.')
param softDeleteDays int = 7

@minValue(1)
@maxValue(365)
@description('Days that the scheduler keeps orchestrations that have ended; runs and their results are listed that long.')
param historyDays int = 90

@description('When the nightly rollup runs, as NCRONTAB in UTC: second, minute, hour, day, month, day of week.')
param rollupSchedule string = '0 0 2 * * *'

@description('Portfolio that it rolls up, by id or folder; empty for none.')
param rollupPortfolio string = ''

@description('People and pipelines that upload portfolios and look at task hubs.')
param operators operator[] = []

@description('Client id of the application registration that callers of the HTTP API get tokens for; empty for function keys alone.')
param entraClientId string = ''

@description('A virtual network with private endpoints for storage and scheduler; null for public endpoints with Entra ID.')
param network networkPlan?

@description('Addresses that alerts and budget warnings are sent to.')
param alertEmails string[] = []

@minValue(0)
@description('What a month may cost in the currency of the subscription before somebody is told; 0 for no budget.')
param monthlyBudget int

@description('First day of the month that the budget began in. eng/deploy.sh passes on the date of the first deployment: it can never be changed.')
param budgetStart string = utcNow('yyyy-MM-01')

@minValue(30)
@maxValue(730)
@description('Days that logs are kept.')
param logRetentionDays int = 30

@minValue(0)
@description('Gigabytes of logs a day after which the rest of the day is dropped; 0 for no limit.')
param logDailyCapGb int = 0

@description('Name of the package that premium apps run: eng/deploy.sh passes on the one that they run, and changes it afterwards.')
param packageName string = ''

var suffix = uniqueString(resourceGroup().id, environmentName)
var shortSuffix = take(suffix, 6)
var baseName = 'risk-${environmentName}-${shortSuffix}'
var storagePrefix = 'risk${take(replace(environmentName, '-', ''), 4)}'
var storageSku = zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
var allTags = union(tags, { application: 'riskdurable', environment: environmentName })
var isPrivate = network != null
var allowedIpRanges = network.?allowedIpRanges ?? []
var usesScheduler = hub == 'durableTaskScheduler'

var objectContainer = 'objects'
var documentContainer = 'documents'
var portfolioContainer = 'portfolios'
var packageContainer = 'packages'

var apps = [
  { name: 'rollup', scale: rollup, disabledFunctions: dealsFunctions, idlePolling: '00:00:01' }
  // Somebody waits for the answer, which takes three messages: with several instances each waits for the next look into its queue.
  { name: 'deals', scale: deals, disabledFunctions: rollupFunctions, idlePolling: '00:00:00.2' }
]

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [
  for app in apps: {
    name: '${baseName}-${app.name}-identity'
    location: location
    tags: allTags
  }
]

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    baseName: baseName
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
    alertEmails: alertEmails
    grants: [
      for (app, index) in apps: {
        principalId: identities[index].properties.principalId
        principalType: 'ServicePrincipal'
        role: 'monitoringMetricsPublisher'
        reason: 'Sends the telemetry of the ${app.name} app.'
      }
    ]
  }
}

module hostStorage 'modules/storageAccount.bicep' = [
  for (app, index) in apps: {
    name: 'host-storage-${app.name}'
    params: {
      name: '${storagePrefix}${take(app.name, 2)}${suffix}'
      location: location
      sku: storageSku
      tags: allTags
      softDeleteDays: softDeleteDays
      isPrivate: isPrivate
      allowedIpRanges: allowedIpRanges
      workspaceId: monitoring.outputs.workspaceId
      containers: [
        {
          name: packageContainer
          // On the flex plan the platform writes packages as the app; on the premium plan whoever deploys does.
          grants: plan == 'premium'
            ? map(operators, who => {
                principalId: who.principalId
                principalType: who.principalType
                role: 'storageBlobDataContributor'
                reason: 'Uploads packages of the ${app.name} app.'
              })
            : []
        }
      ]
      grants: concat(
        [
          {
            principalId: identities[index].properties.principalId
            principalType: 'ServicePrincipal'
            role: 'storageBlobDataOwner'
            reason: 'Host of the ${app.name} app: function keys, leases, timer status, packages, and large messages of its task hub.'
          }
        ],
        usesScheduler
          ? []
          : [
              {
                principalId: identities[index].properties.principalId
                principalType: 'ServicePrincipal'
                role: 'storageQueueDataContributor'
                reason: 'Task hub of the ${app.name} app: control and work-item queues.'
              }
              {
                principalId: identities[index].properties.principalId
                principalType: 'ServicePrincipal'
                role: 'storageTableDataContributor'
                reason: 'Task hub of the ${app.name} app: history and instances.'
              }
            ]
      )
    }
  }
]

var storeNames = [for index in range(0, storeAccounts): '${storagePrefix}s${padLeft(index, 2, '0')}${suffix}']

module store 'modules/storageAccount.bicep' = [
  for (name, index) in storeNames: {
    name: 'store-${index}'
    params: {
      name: name
      location: location
      sku: storageSku
      tags: allTags
      softDeleteDays: softDeleteDays
      isPrivate: isPrivate
      allowedIpRanges: allowedIpRanges
      workspaceId: monitoring.outputs.workspaceId
      deleteUnreadAfterDays: cacheCapDays + storeMarginDays
      expiringContainers: [objectContainer]
      grants: [
        {
          principalId: identities[0].properties.principalId
          principalType: 'ServicePrincipal'
          role: 'storageBlobDataContributor'
          reason: 'The rollup app keeps portfolios, documents and objects here.'
        }
      ]
      containers: concat(
        [
          {
            name: objectContainer
            grants: [
              {
                principalId: identities[1].properties.principalId
                principalType: 'ServicePrincipal'
                role: 'storageBlobDataContributor'
                reason: 'The deals app reads them, and writes analyses.'
              }
            ]
          }
        ],
        index > 0
          ? []
          : [
              {
                name: documentContainer
                grants: [
                  {
                    principalId: identities[1].properties.principalId
                    principalType: 'ServicePrincipal'
                    role: 'storageBlobDataReader'
                    reason: 'The deals app reads which rollup of a portfolio is the latest.'
                  }
                ]
              }
              {
                name: portfolioContainer
                grants: map(operators, who => {
                  principalId: who.principalId
                  principalType: who.principalType
                  role: 'storageBlobDataContributor'
                  reason: 'Uploads portfolios.'
                })
              }
            ]
      )
    }
  }
]

module scheduler 'modules/scheduler.bicep' = if (usesScheduler) {
  name: 'scheduler'
  params: {
    name: '${baseName}-scheduler'
    location: location
    tags: allTags
    sku: schedulerSku
    capacity: schedulerCapacity
    retentionDays: historyDays
    isPrivate: isPrivate
    allowedIpRanges: allowedIpRanges
    hubs: [
      for (app, index) in apps: {
        name: app.name
        grants: concat(
          [
            {
              principalId: identities[index].properties.principalId
              principalType: 'ServicePrincipal'
              role: 'durableTaskDataContributor'
              reason: 'The ${app.name} app starts, runs and reads its orchestrations and entities.'
            }
          ],
          map(operators, who => {
            principalId: who.principalId
            principalType: who.principalType
            role: 'durableTaskDataReader'
            reason: 'Looks at the task hub in the dashboard.'
          })
        )
      }
    ]
  }
}

module functionApps 'modules/functionApp.bicep' = [
  for (app, index) in apps: {
    name: 'app-${app.name}'
    dependsOn: [store, hostEndpoints, storeEndpoints, schedulerEndpoint]
    params: {
      plan: plan
      name: '${baseName}-${app.name}'
      location: location
      tags: allTags
      scale: app.scale
      zoneRedundant: zoneRedundant
      identityId: identities[index].id
      identityClientId: identities[index].properties.clientId
      hostStorageName: hostStorage[index].outputs.name
      packageContainer: '${hostStorage[index].outputs.blobEndpoint}${packageContainer}'
      packageName: packageName
      disabledFunctions: app.disabledFunctions
      insightsConnectionString: monitoring.outputs.insightsConnectionString
      workspaceId: monitoring.outputs.workspaceId
      entraClientId: entraClientId
      subnetId: isPrivate ? virtualNetwork!.outputs.appSubnetIds[index] : ''
      settings: union(
        {
          Risk__Store: join(map(storeNames, account => 'https://${account}.blob.${environment().suffixes.storage}'), ' ')
          Risk__StoreContainer: objectContainer
          Risk__DocumentContainer: documentContainer
          Risk__PortfolioRoots: 'blob:${portfolioContainer}'
          Risk__UploadContainer: portfolioContainer
          Risk__DataFolder: '/tmp/riskdurable'
          Risk__CacheTimeToLive: '${cacheTimeToLiveDays}.00:00:00'
          Risk__CacheCap: '${cacheCapDays}.00:00:00'
          RollupSchedule: rollupSchedule
          RollupPortfolio: rollupPortfolio
        },
        usesScheduler
          ? {
              DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identities[index].properties.clientId}'
              TASKHUB_NAME: app.name
            }
          : { AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval: app.idlePolling }
      )
    }
  }
]

var hostParts = usesScheduler ? ['blob'] : ['blob', 'queue', 'table']
var schedulerZone = 'privatelink.durabletask.io'

module virtualNetwork 'modules/network.bicep' = if (isPrivate) {
  name: 'network'
  params: {
    name: '${baseName}-network'
    location: location
    tags: allTags
    addressPrefix: network!.addressPrefix
    apps: map(apps, app => app.name)
    delegation: plan == 'flex' ? 'Microsoft.App/environments' : 'Microsoft.Web/serverFarms'
    dnsZones: concat(map(hostParts, part => 'privatelink.${part}.${environment().suffixes.storage}'), usesScheduler ? [schedulerZone] : [])
  }
}

module hostEndpoints 'modules/privateEndpoint.bicep' = [
  for index in range(0, isPrivate ? length(apps) * length(hostParts) : 0): {
    name: 'endpoint-${apps[index / length(hostParts)].name}-${hostParts[index % length(hostParts)]}'
    params: {
      name: '${baseName}-${apps[index / length(hostParts)].name}-${hostParts[index % length(hostParts)]}'
      location: location
      tags: allTags
      subnetId: virtualNetwork!.outputs.endpointSubnetId
      resourceId: hostStorage[index / length(hostParts)].outputs.id
      groupId: hostParts[index % length(hostParts)]
      dnsZone: 'privatelink.${hostParts[index % length(hostParts)]}.${environment().suffixes.storage}'
    }
  }
]

module storeEndpoints 'modules/privateEndpoint.bicep' = [
  for index in range(0, isPrivate ? storeAccounts : 0): {
    name: 'endpoint-store-${index}'
    params: {
      name: '${baseName}-store-${index}'
      location: location
      tags: allTags
      subnetId: virtualNetwork!.outputs.endpointSubnetId
      resourceId: store[index].outputs.id
      groupId: 'blob'
      dnsZone: 'privatelink.blob.${environment().suffixes.storage}'
    }
  }
]

module schedulerEndpoint 'modules/privateEndpoint.bicep' = if (isPrivate && usesScheduler) {
  name: 'endpoint-scheduler'
  params: {
    name: '${baseName}-scheduler'
    location: location
    tags: allTags
    subnetId: virtualNetwork!.outputs.endpointSubnetId
    resourceId: scheduler!.outputs.id
    groupId: 'scheduler'
    dnsZone: schedulerZone
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    baseName: baseName
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

// By its name, so that what-if can tell what becomes of the workbook.
resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: '${baseName}-insights'
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    baseName: baseName
    location: location
    tags: allTags
    insightsId: insights.id
    workspaceId: monitoring.outputs.workspaceId
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  params: {
    name: '${baseName}-budget'
    amount: max(monthlyBudget, 1)
    startDate: budgetStart
    emails: alertEmails
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

@description('The apps: what they are for, and where they are.')
output apps { lane: string, name: string, url: string, hostStorage: string }[] = [
  for (app, index) in apps: {
    lane: app.name
    name: functionApps[index].outputs.name
    url: functionApps[index].outputs.url
    hostStorage: hostStorage[index].outputs.name
  }
]

@description('Storage account and container that portfolios are uploaded to.')
output portfolios { account: string, container: string } = { account: store[0].outputs.name, container: portfolioContainer }

@description('The plan that was deployed.')
output plan string = plan

@description('Where the state of orchestrations is.')
output hub string = hub

@description('Container of packages in the host storage of each app.')
output packageContainer string = packageContainer

@description('First day of the budget\'s first month, to be passed to every later deployment.')
output budgetStart string = budgetStart
