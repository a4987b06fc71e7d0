// A book in daily use: deals answered at once by day, storage and scheduler reached through private endpoints only, spread over zones.
// Fill in operators, alertEmails and entraClientId, or pass them to eng/deploy.sh.

using 'main.bicep'

param environmentName = 'prod'
param plan = 'flex'
param hub = 'durableTaskScheduler'
param schedulerSku = 'Dedicated'

param rollup = {
  flex: { instanceMemoryMB: 4096, maximumInstances: 100, alwaysReadyHttp: 2, alwaysReadyDurable: 0 }
  premium: { sku: 'EP3', minimumInstances: 3, maximumInstances: 40 }
  concurrentActivities: 2
}

// Where instances are spread over zones, a group has none or at least two.
param deals = {
  flex: { instanceMemoryMB: 4096, maximumInstances: 40, alwaysReadyHttp: 2, alwaysReadyDurable: 2 }
  premium: { sku: 'EP3', minimumInstances: 3, maximumInstances: 20 }
  concurrentActivities: 1
}

param storeAccounts = 4
param zoneRedundant = true
param softDeleteDays = 14
param network = { addressPrefix: '10.20.0.0/22', allowedIpRanges: [] }

param rollupPortfolio = ''
param operators = []
param alertEmails = []
param entraClientId = ''
param monthlyBudget = 3000
param logRetentionDays = 90
param logDailyCapGb = 10
