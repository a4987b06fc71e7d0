// A storage account that takes no keys: who reads and writes is said by role assignments alone.

import { grant, roleIds } from 'roles.bicep'
import { tagSet } from 'types.bicep'

@description('A container and who may use it.')
type container = {
  name: string

  @description('Roles on this container alone.')
  grants: grant[]
}

@minLength(3)
@maxLength(24)
@description('Name of the account: lower-case letters and digits.')
param name string

@description('Where it is.')
param location string

@description('Redundancy.')
param sku 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GZRS'

@description('Tags.')
param tags tagSet

@description('Containers.')
param containers container[] = []

@description('Roles on the whole account.')
param grants grant[] = []

@minValue(1)
@maxValue(365)
@description('Days that a deleted blob or container can be restored.')
param softDeleteDays int

@minValue(0)
@description('Days after its last read or write when a blob of the containers is deleted; 0 for never. The account then records when blobs are read.')
param deleteUnreadAfterDays int = 0

@description('Names of containers that deleteUnreadAfterDays holds for.')
param expiringContainers string[] = []

@description('Whether the account is reached through private endpoints only.')
param isPrivate bool

@description('Addresses (CIDR) that reach the account beside the private endpoints.')
param allowedIpRanges string[] = []

@description('Id of the Log Analytics workspace that requests with an error and deletions are logged to.')
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate && empty(allowedIpRanges) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for range in isPrivate ? allowedIpRanges : []: { value: range, action: 'Allow' }]
    }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: false
      services: {
        blob: { enabled: true, keyType: 'Account' }
        queue: { enabled: true, keyType: 'Account' }
        table: { enabled: true, keyType: 'Account' }
      }
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
      containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
      lastAccessTimeTrackingPolicy: {
        enable: deleteUnreadAfterDays > 0
        name: 'AccessTimeTracking'
        trackingGranularityInDays: 1
        blobType: ['blockBlob']
      }
    }

    resource containerResources 'containers' = [
      for item in containers: {
        name: item.name
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource lifecycle 'managementPolicies' = if (deleteUnreadAfterDays > 0) {
    name: 'default'
    dependsOn: [blobs]
    properties: {
      policy: {
        rules: [
          {
            name: 'delete-what-nobody-reads'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: [for item in expiringContainers: '${item}/'] }
              actions: {
                baseBlob: { delete: { daysAfterLastAccessTimeGreaterThan: deleteUnreadAfterDays } }
              }
            }
          }
        ]
      }
    }
  }
}

resource accountGrants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for item in grants: {
    name: guid(account.id, item.principalId, item.role)
    scope: account
    properties: {
      principalId: item.principalId
      principalType: item.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[item.role])
      description: item.reason
    }
  }
]

module containerGrants 'containerGrants.bicep' = [
  for item in containers: {
    name: 'grants-${uniqueString(account.id, item.name)}'
    params: { accountName: account.name, containerName: item.name, grants: item.grants }
    dependsOn: [account::blobs::containerResources]
  }
]

// What goes wrong, and what is deleted; requests that succeed would cost more than they tell.
resource blobLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'operations'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

@description('Id of the account.')
output id string = account.id

@description('Name of the account.')
output name string = account.name

@description('Address of its blobs, with a slash at the end.')
output blobEndpoint string = account.properties.primaryEndpoints.blob
