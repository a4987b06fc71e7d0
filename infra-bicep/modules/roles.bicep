// Built-in roles by name: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles

@export()
@description('Ids of the built-in roles that this deployment assigns.')
var roleIds = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  durableTaskDataContributor: '0ad04412-c4d5-4796-b79c-f76d14c8d402'
  durableTaskDataReader: 'd6a5505f-6ebb-45a4-896e-ac8274cfc0ac'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

@export()
@description('Who gets a role, and what for.')
type grant = {
  @description('Object id of the identity, user, group or service principal.')
  principalId: string

  principalType: 'User' | 'Group' | 'ServicePrincipal'

  role:
    | 'storageBlobDataOwner'
    | 'storageBlobDataContributor'
    | 'storageBlobDataReader'
    | 'storageQueueDataContributor'
    | 'storageTableDataContributor'
    | 'durableTaskDataContributor'
    | 'durableTaskDataReader'
    | 'monitoringMetricsPublisher'

  @description('Why: shown beside the assignment in the portal.')
  reason: string
}
