import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'

import { type CoreApi, unwrapPage } from '@/lib/api'
import type { ExecutionStatus } from '@/lib/executions'
import { usePollInterval } from '@/lib/live'
import { queryKeys } from '@/lib/query-keys'
import { useServices } from '@/lib/services'

export interface QueueFilter {
  statuses: readonly ExecutionStatus[]
  text: string
}

const PAGE = 200
const LIVE_POLL_MS = 30_000
/** Progress is not announced by events; workers report it with their heartbeats, every 3 s. */
const PROGRESS_POLL_MS = 3_000

export function queueQuery(api: CoreApi, date: string, filter: QueueFilter) {
  return infiniteQueryOptions({
    queryKey: queryKeys.queueOf(date, filter),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrapPage(
        api.GET('/api/v1/executions', {
          signal,
          params: {
            query: {
              business_date: date,
              limit: PAGE,
              ...(filter.statuses.length > 0 ? { status: [...filter.statuses] } : {}),
              ...(filter.text === '' ? {} : { q: filter.text }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.nextCursor,
  })
}

/** The executions of a business date, a page of 200 at a time, in the queue's order. */
export function useQueue(date: string, filter: QueueFilter) {
  const { api } = useServices()
  const poll = usePollInterval(LIVE_POLL_MS)
  return useInfiniteQuery({
    ...queueQuery(api, date, filter),
    // A new filter keeps the rows until the answer is there; a new day must not show the old one's.
    placeholderData: (previous, query) => (query?.queryKey[1] === date ? previous : undefined),
    refetchInterval: (query) => {
      const running = query.state.data?.pages.some((page) => page.items.some((item) => item.status === 'RUNNING')) ?? false
      return running ? Math.min(poll, PROGRESS_POLL_MS) : poll
    },
  })
}
