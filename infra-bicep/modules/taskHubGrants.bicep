// Roles on one task hub of a Durable Task Scheduler.

import { grant, roleIds } from 'roles.bicep'

@description('Name of the scheduler.')
param schedulerName string

@description('Name of the task hub.')
param hubName string

@description('Who gets which role.')
param grants grant[]

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = {
  name: schedulerName

  resource hub 'taskHubs' existing = {
    name: hubName
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for item in grants: {
    name: guid(scheduler::hub.id, item.principalId, item.role)
    scope: scheduler::hub
    properties: {
      principalId: item.principalId
      principalType: item.principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[item.role])
      description: item.reason
    }
  }
]
