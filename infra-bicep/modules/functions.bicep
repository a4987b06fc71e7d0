// Which function runs in which app. Each app has the whole build; what the other one does is disabled by app settings.
// tests/RiskDurable.Infrastructure.Tests holds these lists against the functions in the source.

@export()
@description('Functions of the deals app: analyses, while the underwriter is on the phone.')
var dealsFunctions = [
  'AnalyzeDeals'
  'DealAnalytics'
  'GetDealAnalytics'
  'PostDealAnalytics'
]

@export()
@description('Functions of the rollup app: everything that may take long.')
var rollupFunctions = [
  'ClaimJobs'
  'CompletePacking'
  'DeleteFile'
  'DeleteRun'
  'GetDecisions'
  'GetFiles'
  'GetNode'
  'GetObject'
  'GetPortfolio'
  'GetPortfolios'
  'GetRun'
  'GetRuns'
  'IngestPortfolio'
  'NightlyRollup'
  'OutputCacheShard'
  'PackBatches'
  'PackElts'
  'PackTrials'
  'PlanPacking'
  'PlanRollup'
  'PortfolioCatalogue'
  'PostPortfolio'
  'PostRollup'
  'PublishRun'
  'PutFile'
  'ReadBatches'
  'ReleaseClaims'
  'ResolveCache'
  'RiskRollup'
  'RunBatches'
  'RunFlag'
  'RunJobs'
  'RunProgress'
  'RunStage'
  'RunWatch'
]

@export()
@description('Functions of both apps.')
var sharedFunctions = [
  'GetOpenApi'
  'PurgeRuns'
]
