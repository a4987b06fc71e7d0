// Alerts on what the application measures. docs/operations.md has a section for each: what it means, what to look at, what to do.
// The queries are in ../queries; a test holds every name in them against the code.

@description('Base of the names.')
param baseName string

@description('Where it is.')
param location string

@description('Tags.')
param tags { *: string }

@description('Id of the Log Analytics workspace behind Application Insights.')
param workspaceId string

@description('Id of the action group that alerts call.')
param actionGroupId string

@description('Whether alerts are on.')
param enabled bool = true

@description('Address of docs/operations.md, with which every alert\'s description ends.')
param runbook string = 'docs/operations.md'

@minValue(1)
@description('Minutes without progress after which a run counts as stuck. The longest activity makes no progress while it runs.')
param stuckMinutes int = 20

@minValue(1)
@description('Minutes that a run may take beyond what its plan expected.')
param lateMinutes int = 30

@minValue(0)
@description('Refusals of a storage account within 15 minutes that are still normal.')
param toleratedThrottles int = 200

@minValue(1)
@description('Seconds that an analysis of deals may take on average.')
param dealSeconds int = 5

@minValue(1)
@description('Seconds that an activity may wait for a slot on average.')
param queueSeconds int = 60

type rule = {
  name: string
  summary: string
  query: string

  @description('Column that is compared.')
  measure: string

  @description('How its values within the window are put together.')
  aggregation: 'Maximum' | 'Total'
  threshold: int

  @description('Column that tells one affair from another: an alert for each value. Empty for a single alert.')
  dimension: string

  @description('0 is critical, 4 verbose.')
  severity: 0 | 1 | 2 | 3 | 4
}

var rules rule[] = [
  {
    name: 'run-failed'
    summary: 'A rollup failed.'
    query: loadTextContent('../queries/run-failed.kql')
    measure: 'Runs'
    aggregation: 'Total'
    threshold: 0
    dimension: 'Run'
    severity: 1
  }
  {
    name: 'run-late'
    summary: 'A rollup takes longer than its plan expected.'
    query: loadTextContent('../queries/run-late.kql')
    measure: 'MinutesLate'
    aggregation: 'Maximum'
    threshold: lateMinutes
    dimension: 'Run'
    severity: 2
  }
  {
    name: 'run-stuck'
    summary: 'A rollup makes no progress.'
    query: loadTextContent('../queries/run-stuck.kql')
    measure: 'MinutesIdle'
    aggregation: 'Maximum'
    threshold: stuckMinutes
    dimension: 'Run'
    severity: 1
  }
  {
    name: 'watch-silent'
    summary: 'Nobody has looked at the runs: the rollup app is down, or its telemetry does not arrive.'
    query: loadTextContent('../queries/watch-silent.kql')
    measure: 'Silent'
    aggregation: 'Maximum'
    threshold: 0
    dimension: ''
    severity: 1
  }
  {
    name: 'poison-messages'
    summary: 'A message of a queue failed again and again, and was put aside.'
    query: loadTextContent('../queries/poison-messages.kql')
    measure: 'Messages'
    aggregation: 'Total'
    threshold: 0
    dimension: ''
    severity: 2
  }
  {
    name: 'storage-throttled'
    summary: 'A storage account refuses requests because there are too many.'
    query: loadTextContent('../queries/storage-throttled.kql')
    measure: 'Refusals'
    aggregation: 'Total'
    threshold: toleratedThrottles
    dimension: 'Account'
    severity: 3
  }
  {
    name: 'deals-slow'
    summary: 'Analyses of deals take too long.'
    query: loadTextContent('../queries/deals-slow.kql')
    measure: 'Seconds'
    aggregation: 'Maximum'
    threshold: dealSeconds
    dimension: ''
    severity: 2
  }
  {
    name: 'deals-failed'
    summary: 'Analyses of deals fail.'
    query: loadTextContent('../queries/deals-failed.kql')
    measure: 'Analyses'
    aggregation: 'Total'
    threshold: 0
    dimension: ''
    severity: 2
  }
  {
    name: 'queue-slow'
    summary: 'Activities wait long for a slot.'
    query: loadTextContent('../queries/queue-slow.kql')
    measure: 'Seconds'
    aggregation: 'Maximum'
    threshold: queueSeconds
    dimension: 'Function'
    severity: 3
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for item in rules: {
    name: '${baseName}-${item.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${baseName}: ${item.name}'
      description: '${item.summary} What to do: ${runbook}#${item.name}'
      enabled: enabled
      severity: item.severity
      scopes: [workspaceId]
      // Telemetry arrives minutes late: a window longer than the pace misses nothing.
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        allOf: [
          {
            query: item.query
            metricMeasureColumn: item.measure
            timeAggregation: item.aggregation
            dimensions: empty(item.dimension) ? [] : [{ name: item.dimension, operator: 'Include', values: ['*'] }]
            operator: 'GreaterThan'
            threshold: item.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // The tables of a new workspace appear with the first telemetry.
      skipQueryValidation: true
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

@description('Ids of the alerts.')
output alertIds string[] = [for (item, index) in rules: alerts[index].id]
