// A private endpoint with its entry in DNS.

import { tagSet } from 'types.bicep'

@description('Name of the endpoint.')
param name string

@description('Where it is.')
param location string

@description('Tags.')
param tags tagSet

@description('Subnet that gets the address.')
param subnetId string

@description('Resource that it leads to.')
param resourceId string

@description('Part of the resource: blob, queue, table, scheduler.')
param groupId string

@description('Private DNS zone of that part.')
param dnsZone string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: dnsZone
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: groupId, properties: { privateLinkServiceId: resourceId, groupIds: [groupId] } }
    ]
  }

  resource dns 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: zone.id } }]
    }
  }
}
