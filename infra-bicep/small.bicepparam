// A team that tries it out: billed by use, asleep when nobody asks, state in Azure Storage, public endpoints with Entra ID.

using 'main.bicep'

param environmentName = 'small'
param plan = 'flex'
param hub = 'azureStorage'

param rollup = {
  flex: { instanceMemoryMB: 4096, maximumInstances: 40, alwaysReadyHttp: 0, alwaysReadyDurable: 0 }
  premium: { sku: 'EP2', minimumInstances: 1, maximumInstances: 10 }
  concurrentActivities: 2
}

param deals = {
  flex: { instanceMemoryMB: 2048, maximumInstances: 40, alwaysReadyHttp: 0, alwaysReadyDurable: 0 }
  premium: { sku: 'EP1', minimumInstances: 1, maximumInstances: 5 }
  concurrentActivities: 1
}

param storeAccounts = 1
param zoneRedundant = false
param monthlyBudget = 200
