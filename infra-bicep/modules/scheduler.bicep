// The Durable Task Scheduler with a task hub for each app.

import { grant } from 'roles.bicep'
import { tagSet } from 'types.bicep'

@description('A task hub and the identity of the app that works on it.')
type hub = {
  name: string
  grants: grant[]
}

@description('Name of the scheduler: letters, digits and hyphens.')
param name string

@description('Where it is; not every region has it.')
param location string

@description('Tags.')
param tags tagSet

@description('Billed by action, or by capacity.')
param sku 'Consumption' | 'Dedicated'

@minValue(1)
@maxValue(3)
@description('Capacity units of the dedicated SKU.')
param capacity int

@description('Task hubs.')
param hubs hub[]

@minValue(1)
@description('Days that ended orchestrations are kept.')
param retentionDays int

@description('Whether it is reached through private endpoints only.')
param isPrivate bool

@description('Addresses (CIDR) that reach it beside the private endpoints.')
param allowedIpRanges string[]

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated' ? { name: sku, capacity: capacity } : { name: sku }
    // An empty list lets nobody in.
    ipAllowlist: isPrivate ? allowedIpRanges : ['0.0.0.0/0']
    publicNetworkAccess: isPrivate && empty(allowedIpRanges) ? 'Disabled' : 'Enabled'
  }

  resource retention 'retentionPolicies' = {
    name: 'default'
    properties: {
      retentionPolicies: [{ retentionPeriodInDays: retentionDays }]
    }
  }
}

resource taskHubs 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = [
  for item in hubs: {
    parent: scheduler
    name: item.name
    properties: {}
  }
]

module hubGrants 'taskHubGrants.bicep' = [
  for (item, index) in hubs: {
    name: 'grants-${uniqueString(scheduler.id, item.name)}'
    params: { schedulerName: scheduler.name, hubName: taskHubs[index].name, grants: item.grants }
  }
]

@description('Id of the scheduler.')
output id string = scheduler.id

@description('Address of the scheduler.')
output endpoint string = scheduler.properties.endpoint
