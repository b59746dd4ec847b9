import { queryOptions, useQuery } from '@tanstack/react-query'

import { type CoreApi, unwrap } from '@/lib/api'
import { usePollInterval } from '@/lib/live'
import { queryKeys } from '@/lib/query-keys'
import { useServices } from '@/lib/services'

const LIVE_POLL_MS = 15_000
/** While the server is away the screen asks often, so that it is back the moment the server is. */
const RECOVERY_POLL_MS = 3_000

/** `date` null means today in São Paulo, as the server sees it: an open page moves on at midnight. */
export function queueStatusQuery(api: CoreApi, date: string | null) {
  return queryOptions({
    queryKey: queryKeys.queueStatusOf(date),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/scheduler/queue/status', { signal, params: { query: date === null ? {} : { business_date: date } } })),
  })
}

export function useQueueStatus(date: string | null) {
  const { api } = useServices()
  const poll = usePollInterval(LIVE_POLL_MS)
  return useQuery({
    ...queueStatusQuery(api, date),
    refetchInterval: (query) => (query.state.status === 'error' || query.state.fetchFailureCount > 0 ? RECOVERY_POLL_MS : poll),
  })
}
