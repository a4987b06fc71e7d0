// A function app on the flex consumption plan, which takes one app.

import { flexScale, tagSet } from 'types.bicep'

@description('Name of the app.')
param name string

@description('Where it is.')
param location string

@description('Tags.')
param tags tagSet

@description('How it scales.')
param scale flexScale

@description('Whether its instances are spread over availability zones; the region must have them.')
param zoneRedundant bool

@description('Id of its user-assigned identity.')
param identityId string

@description('Address of the blob container that packages are deployed to.')
param packageContainer string

@description('App settings.')
param settings tagSet

@description('Subnet for what it calls; empty for none.')
param subnetId string

var alwaysReady = filter(
  [
    { name: 'http', instanceCount: scale.alwaysReadyHttp }
    { name: 'durable', instanceCount: scale.alwaysReadyDurable }
  ],
  group => group.instanceCount > 0
)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: '${name}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
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
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainer
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: scale.instanceMemoryMB
        maximumInstanceCount: scale.maximumInstances
        alwaysReady: alwaysReady
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: settings
  }
}

@description('Name of the app.')
output name string = app.name

@description('Name of its host, without https.')
output hostName string = app.properties.defaultHostName
