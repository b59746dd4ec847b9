import { queryOptions, useQuery } from '@tanstack/react-query'

import { type CoreApi, unwrap } from '@/lib/api'
import { usePollInterval } from '@/lib/live'
import { queryKeys } from '@/lib/query-keys'
import { useServices } from '@/lib/services'

const LIVE_POLL_MS = 30_000
/** Progress and reasons change without an event. */
const ACTIVE_POLL_MS = 3_000

export function executionQuery(api: CoreApi, id: string) {
  return queryOptions({
    queryKey: queryKeys.execution(id),
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/executions/{execution_id}', { signal, params: { path: { execution_id: id } } })),
  })
}

export function useExecution(id: string) {
  const { api } = useServices()
  const poll = usePollInterval(LIVE_POLL_MS)
  return useQuery({
    ...executionQuery(api, id),
    refetchInterval: (query) => {
      const status = query.state.data?.status
      const active = status === 'RUNNING' || status === 'QUEUED' || status === 'RECOVERY'
      return active ? Math.min(poll, ACTIVE_POLL_MS) : poll
    },
  })
}

export function attemptsQuery(api: CoreApi, id: string) {
  return queryOptions({
    queryKey: queryKeys.attempts(id),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/executions/{execution_id}/attempts', { signal, params: { path: { execution_id: id } } })),
  })
}

export function useAttempts(id: string) {
  const poll = usePollInterval(LIVE_POLL_MS)
  return useQuery({ ...attemptsQuery(useServices().api, id), refetchInterval: poll })
}
