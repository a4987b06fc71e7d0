// A function app on a premium plan of its own. It runs from a package in blob storage, read with its identity: the usual content share on
// Azure Files would need an account key.

import { premiumScale, tagSet } from 'types.bicep'

@description('Name of the app.')
param name string

@description('Where it is.')
param location string

@description('Tags.')
param tags tagSet

@description('How it scales.')
param scale premiumScale

@description('Whether its instances are spread over availability zones; the region must have them, and the app three instances.')
param zoneRedundant bool

@description('Id of its user-assigned identity.')
param identityId string

@description('Address of the blob container that packages are deployed to.')
param packageContainer string

@description('Name of the package in the container; empty before the first one.')
param packageName string

@description('App settings.')
param settings tagSet

@description('Subnet for what it calls; empty for none.')
param subnetId string

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: '${name}-plan'
  location: location
  tags: tags
  kind: 'elastic'
  sku: { tier: 'ElasticPremium', name: scale.sku, capacity: scale.minimumInstances }
  properties: {
    reserved: true
    maximumElasticWorkerCount: scale.maximumInstances
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    outboundVnetRouting: { allTraffic: !empty(subnetId) }
    siteConfig: {
      linuxFxVersion: 'DOTNET-ISOLATED|10.0'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      minimumElasticInstanceCount: scale.minimumInstances
      functionAppScaleLimit: scale.maximumInstances
      // The scale controller must see queues behind private endpoints: the app's own runtime looks for it.
      functionsRuntimeScaleMonitoringEnabled: true
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      settings,
      {
        FUNCTIONS_EXTENSION_VERSION: '~4'
        FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'
        WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identityId
      },
      empty(packageName) ? {} : { WEBSITE_RUN_FROM_PACKAGE: '${packageContainer}/${packageName}' }
    )
  }
}

@description('Name of the app.')
output name string = app.name

@description('Name of its host, without https.')
output hostName string = app.properties.defaultHostName
