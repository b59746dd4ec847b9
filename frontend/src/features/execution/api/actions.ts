import { useMutation, useQueryClient } from '@tanstack/react-query'

import { type CoreApi, unwrap } from '@/lib/api'
import type { Execution } from '@/lib/executions'
import { queryKeys } from '@/lib/query-keys'
import { useServices } from '@/lib/services'

export type ActionName = 'run_now' | 'cancel' | 'retry'

export interface ActionRequest {
  action: ActionName
  execution: Pick<Execution, 'id'>
  withDownstream: boolean
}

async function perform(api: CoreApi, { action, execution, withDownstream }: ActionRequest): Promise<void> {
  const params = { path: { execution_id: execution.id } }
  if (action === 'run_now') {
    await unwrap(api.POST('/api/v1/executions/{execution_id}/run-now', { params, body: { with_downstream: withDownstream } }))
  } else if (action === 'cancel') {
    await unwrap(api.POST('/api/v1/executions/{execution_id}/cancel', { params }))
  } else {
    await unwrap(api.POST('/api/v1/executions/{execution_id}/retry', { params }))
  }
}

/** Never optimistic: the row changes when the engine says so. */
export function useExecutionAction() {
  const { api } = useServices()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (request: ActionRequest) => perform(api, request),
    onSettled: (_done, _error, { execution }) =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: queryKeys.execution(execution.id) }),
        queryClient.invalidateQueries({ queryKey: queryKeys.queue }),
        queryClient.invalidateQueries({ queryKey: queryKeys.queueStatus }),
      ]),
  })
}
