import { useMutation, useQueryClient } from '@tanstack/react-query'

import { type CoreApi, unwrap } from '@/lib/api'
import type { Execution } from '@/lib/executions'
import { queryKeys } from '@/lib/query-keys'
import { useServices } from '@/lib/services'

export type ActionName = 'run_now' | 'cancel' | 'retry' | 'run_again'

export interface ActionRequest {
  action: ActionName
  execution: Pick<Execution, 'id' | 'routine_id' | 'business_date'>
  withDownstream: boolean
  /** One per question asked of the person. */
  key: string
}

/** Repeating a request with its key creates nothing: a second click, or a retry of the network, is harmless. */
export function newIdempotencyKey(): string {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function perform(api: CoreApi, { action, execution, withDownstream, key }: ActionRequest): Promise<void> {
  const params = { path: { execution_id: execution.id } }
  const body = { with_downstream: withDownstream }
  switch (action) {
    case 'run_now':
      await unwrap(api.POST('/api/v1/executions/{execution_id}/run-now', { params, body }))
      break
    case 'retry':
      await unwrap(api.POST('/api/v1/executions/{execution_id}/retry', { params, body: { ...body, mode: 'failed' } }))
      break
    case 'cancel':
      await unwrap(api.POST('/api/v1/executions/{execution_id}/cancel', { params }))
      break
    case 'run_again':
      await unwrap(
        api.POST('/api/v1/routines/{routine_id}/run', {
          params: { path: { routine_id: execution.routine_id }, header: { 'Idempotency-Key': key } },
          body: { ...body, business_date: execution.business_date, params: {}, dry_run: false },
        }),
      )
      break
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
