// A virtual network with a subnet for each app and one for private endpoints.

import { tagSet } from 'types.bicep'

@description('Name of the network.')
param name string

@description('Where it is.')
param location string

@description('Tags.')
param tags tagSet

@description('Address space; at least a /24. The first half is cut into subnets for the apps, the second holds the private endpoints.')
param addressPrefix string

@description('Names of the apps: a subnet each.')
param apps string[]

@description('Service that the subnets of the apps are delegated to: it depends on the plan.')
param delegation 'Microsoft.App/environments' | 'Microsoft.Web/serverFarms'

@description('DNS zones of the private endpoints.')
param dnsZones string[]

var subnetLength = cidrSubnetLength + 2
var cidrSubnetLength = int(split(addressPrefix, '/')[1])

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      for (subnet, index) in concat(apps, ['endpoints']): {
        name: subnet
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, subnetLength, index)
          defaultOutboundAccess: subnet != 'endpoints'
          delegations: subnet == 'endpoints' ? [] : [{ name: 'app', properties: { serviceName: delegation } }]
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource appSubnets 'subnets' existing = [for app in apps: { name: app }]
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in dnsZones: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, index) in dnsZones: {
    parent: zones[index]
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

@description('Ids of the subnets of the apps, in their order.')
output appSubnetIds string[] = [for (app, index) in apps: network::appSubnets[index].id]

@description('Id of the subnet of the private endpoints.')
output endpointSubnetId string = network::endpoints.id
