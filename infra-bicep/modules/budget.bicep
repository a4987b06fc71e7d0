// A warning before the month costs more than it may. It stops nothing.

@description('Name of the budget.')
param name string

@minValue(1)
@description('What a month may cost, in the currency of the subscription.')
param amount int

@description('First day of the month that the budget began in, as yyyy-MM-01. It can never be changed.')
param startDate string

@description('Addresses that are told.')
param emails string[]

@description('Id of the action group that is called.')
param actionGroupId string

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
        contactGroups: [actionGroupId]
      }
      forecast: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
        contactGroups: [actionGroupId]
      }
    }
  }
}
