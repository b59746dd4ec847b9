import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

import type { Execution, LogLine } from '@/lib/executions'
import { queryKeys } from '@/lib/query-keys'
import { useServices } from '@/lib/services'
import { followEvents, type ServerEvent, type StreamState } from '@/lib/sse'

/** Lines come one event each; the screen is drawn ten times a second at most. */
const DRAW_MS = 100

export interface LogStream {
  lines: readonly LogLine[]
  state: StreamState | 'ended'
}

/** Keeps lines in order and once each, whatever a reconnect repeats. */
export function appendLines(known: readonly LogLine[], fresh: readonly LogLine[]): readonly LogLine[] {
  const last = known.at(-1)
  let attempt = last?.attempt ?? 0
  let seq = last?.seq ?? 0
  const added: LogLine[] = []
  for (const line of fresh) {
    if (line.attempt < attempt || (line.attempt === attempt && line.seq <= seq)) continue
    ;({ attempt, seq } = line)
    added.push(line)
  }
  return added.length === 0 ? known : [...known, ...added]
}

function positionOf(lines: readonly LogLine[]): string {
  const last = lines.at(-1)
  return last === undefined ? '' : `${last.attempt}:${last.seq}`
}

interface Handlers {
  onLine: (line: LogLine) => void
  onStatus: (execution: Execution) => void
  onEnd: () => void
}

function handle(event: ServerEvent, handlers: Handlers): void {
  if (event.type === 'line') handlers.onLine(JSON.parse(event.data) as LogLine)
  else if (event.type === 'status') handlers.onStatus(JSON.parse(event.data) as Execution)
  else if (event.type === 'end') handlers.onEnd()
}

/**
 * An execution's log from its first line, then live. `attempt` is the execution's current one: a stream that had ended
 * is taken up again, where it stopped, when another attempt begins.
 */
export function useLogStream(executionId: string, attempt: number): LogStream {
  const { fetcher } = useServices()
  const queryClient = useQueryClient()
  const [lines, setLines] = useState<readonly LogLine[]>([])
  const [state, setState] = useState<LogStream['state']>('connecting')
  const known = useRef<readonly LogLine[]>([])
  useEffect(() => {
    const stop = new AbortController()
    let pending: LogLine[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    function draw(): void {
      timer = undefined
      known.current = appendLines(known.current, pending)
      pending = []
      setLines(known.current)
    }
    const handlers: Handlers = {
      onLine(line) {
        pending.push(line)
        timer ??= setTimeout(draw, DRAW_MS)
      },
      onStatus: (execution) => queryClient.setQueryData(queryKeys.execution(executionId), execution),
      onEnd() {
        clearTimeout(timer)
        draw()
        setState('ended')
        stop.abort()
      },
    }
    void followEvents({
      url: new URL(`/api/v1/executions/${executionId}/logs/stream`, window.location.origin).href,
      fetcher,
      signal: stop.signal,
      lastEventId: positionOf(known.current),
      onEvent: (event) => handle(event, handlers),
      onState: (next) => {
        if (!stop.signal.aborted) setState(next)
      },
    })
    return () => {
      clearTimeout(timer)
      known.current = appendLines(known.current, pending)
      stop.abort()
    }
  }, [executionId, attempt, fetcher, queryClient])
  return { lines, state }
}
