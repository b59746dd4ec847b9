import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useState, type ReactNode } from 'react'

import { queryKeys } from './query-keys'
import { useServices } from './services'
import { followEvents, type ServerEvent, type StreamState } from './sse'
import { throttle } from './throttle'

const EVENTS_PATH = '/api/v1/events/stream'
/** With a day of thousands of executions events come in hundreds per second; the screen asks twice at most. */
const REFRESH_MS = 500
const POLL_MS = 5_000
const RESYNC = 'resync'

const LiveContext = createContext<StreamState>('connecting')

export function executionIdOf(event: Pick<ServerEvent, 'data'>): string | null {
  try {
    const payload: unknown = JSON.parse(event.data)
    if (typeof payload !== 'object' || payload === null) return null
    const id = (payload as Record<string, unknown>)['execution_id']
    return typeof id === 'string' ? id : null
  } catch {
    // An event that we cannot read still says that something changed.
    return null
  }
}

/** Collects which executions changed and refreshes their queries, and the day's, at most twice a second. */
export function createRefresher(queryClient: QueryClient, milliseconds = REFRESH_MS) {
  const changed = new Set<string>()
  let everything = false
  const throttled = throttle(() => {
    const keys: readonly (readonly string[])[] = [
      queryKeys.queueStatus,
      queryKeys.queue,
      ...(everything ? [queryKeys.executions] : [...changed].map((id) => queryKeys.execution(id))),
    ]
    changed.clear()
    everything = false
    return Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  }, milliseconds)
  return {
    onEvent: (event: ServerEvent): void => {
      // The server left events out for us: anything may have changed.
      if (event.type === RESYNC) everything = true
      const id = executionIdOf(event)
      if (id !== null) changed.add(id)
      throttled.call()
    },
    cancel: throttled.cancel,
  }
}

function refreshAll(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== queryKeys.me[0] })
}

/** Follows the event stream for as long as it is mounted, and keeps the queries below it fresh. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<StreamState>('connecting')
  const { fetcher } = useServices()
  const queryClient = useQueryClient()
  useEffect(() => {
    const stop = new AbortController()
    const refresher = createRefresher(queryClient)
    let opened = false
    void followEvents({
      url: new URL(EVENTS_PATH, window.location.origin).href,
      fetcher,
      signal: stop.signal,
      onEvent: refresher.onEvent,
      onState: (next) => {
        if (stop.signal.aborted) return
        // What happened while the stream was down was not announced to us.
        if (next === 'open' && opened) refreshAll(queryClient)
        opened ||= next === 'open'
        setState((before) => (next === 'connecting' && before === 'waiting' ? before : next))
      },
    })
    return () => {
      stop.abort()
      refresher.cancel()
    }
  }, [fetcher, queryClient])
  return <LiveContext value={state}>{children}</LiveContext>
}

export function useLiveState(): StreamState {
  return use(LiveContext)
}

/** How often to ask anyway: every 5 s without the stream; slowly with it, for what no event announces. */
export function usePollInterval(liveMs: number): number {
  return useLiveState() === 'open' ? liveMs : POLL_MS
}
