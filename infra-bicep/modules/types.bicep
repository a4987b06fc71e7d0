// Types of the parameters of this deployment.

@export()
@description('Tags of a resource.')
type tagSet = {
  *: string
}

@export()
@description('Somebody who works with the deployment.')
type operator = {
  @description('Object id of the user, group or service principal in Entra ID.')
  principalId: string

  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@export()
@description('How an app scales on the flex consumption plan. Each instance of 2,048 MB has one core, of 4,096 MB two.')
type flexScale = {
  instanceMemoryMB: 512 | 2048 | 4096

  @minValue(40)
  @maxValue(1000)
  @description('Most instances of the app; the platform takes no less than 40.')
  maximumInstances: int

  @minValue(0)
  @maxValue(20)
  @description('Instances that are kept for requests over HTTP; 0 lets the app go to sleep, and its next caller waits for a start.')
  alwaysReadyHttp: int

  @minValue(0)
  @maxValue(20)
  @description('Instances that are kept for orchestrations, activities and entities.')
  alwaysReadyDurable: int
}

@export()
@description('How an app scales on the premium plan.')
type premiumScale = {
  sku: 'EP1' | 'EP2' | 'EP3'

  @minValue(1)
  @maxValue(20)
  @description('Instances that are always there.')
  minimumInstances: int

  @minValue(1)
  @maxValue(100)
  @description('Most instances of the app.')
  maximumInstances: int
}

@export()
@description('Scale of an app on either plan: the one that is deployed is used.')
type appScale = {
  flex: flexScale
  premium: premiumScale

  @minValue(1)
  @maxValue(200)
  @description('Activities that run on an instance at the same time.')
  concurrentActivities: int
}

@export()
@description('A subnet for an app, a subnet for private endpoints, and the DNS zones of what they lead to.')
type networkPlan = {
  @description('Address space of the virtual network, for example 10.20.0.0/22; at least a /24.')
  addressPrefix: string

  @description('Addresses (CIDR) from which operators reach the storage accounts, for uploads of portfolios.')
  allowedIpRanges: string[]
}
