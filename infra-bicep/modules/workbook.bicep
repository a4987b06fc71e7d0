// The workbook of someone on call: how the runs are, what is slow, what failed.

@description('Base of the names.')
param baseName string

@description('Where it is.')
param location string

@description('Tags.')
param tags { *: string }

@description('Id of Application Insights: where the workbook is found.')
param insightsId string

@description('Id of the Log Analytics workspace behind it: what the workbook asks.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'riskdurable')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: '${baseName}: rollups and deals'
    description: 'How the runs are, what is slow, what failed.'
    category: 'workbook'
    sourceId: insightsId
    serializedData: replace(loadTextContent('../workbook.json'), 'WORKSPACE_ID', workspaceId)
  }
}

@description('Id of the workbook.')
output workbookId string = workbook.id
