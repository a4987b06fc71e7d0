// Roles on one container of a storage account.

import { grant, roleIds } from 'roles.bicep'

@description('Name of the storage account.')
param accountName string

@description('Name of the container.')
param containerName string

@description('Who gets which role.')
param grants grant[]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = {
      name: containerName
    }
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for item in grants: {
    name: guid(account::blobs::container.id, item.principalId, item.role)
    scope: account::blobs::container
    properties: {
      principalId: item.principalId
      principalType: item.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[item.role])
      description: item.reason
    }
  }
]
