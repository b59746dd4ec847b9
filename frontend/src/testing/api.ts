import { http, HttpResponse, type JsonBodyType } from 'msw'

import type { Attempt, Execution, QueueStatus } from '@/lib/executions'
import type { Me, Role } from '@/lib/roles'

import { DAY, executionData, meData, queueStatusData } from './data'
import { server } from './server'

const ORIGIN = window.location.origin
export const api = (path: string): string => `${ORIGIN}/api/v1${path}`

export function success(data: JsonBodyType, meta: JsonBodyType = null): HttpResponse<JsonBodyType> {
  return HttpResponse.json({ status: 'success', data, meta, errors: null, timestamp: '2026-11-19T23:50:00Z', request_id: 'req-ok' })
}

export function failure(status: number, code: string, message: string): HttpResponse<JsonBodyType> {
  const body = { status: 'error', code, message, details: null, timestamp: '2026-11-19T23:50:00Z', request_id: 'req-bad-1' }
  return HttpResponse.json(body, { status })
}

/** An event stream that says `events` and then stays open, as a live one does. */
export function eventStream(events: readonly string[], { open = true } = {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`: hello\n\n${events.join('')}`))
      if (!open) controller.close()
    },
  })
  return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } })
}

export function sse(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

interface World {
  role?: Role
  me?: Me
  executions?: readonly Execution[]
  attempts?: readonly Attempt[]
  status?: Partial<QueueStatus>
}

/** Requests for the queue that the app made, as search parameters. */
export type Asked = URLSearchParams[]

/** An API that answers everything the app reads. Tests override single routes with `server.use`. */
export function world({ role = 'operator', me, executions = [executionData()], attempts = [], status }: World = {}): Asked {
  const asked: Asked = []
  server.use(
    http.get(api('/me'), () => success(me ?? meData(role))),
    http.get(api('/events/stream'), () => eventStream([])),
    http.get(api('/scheduler/queue/status'), ({ request }) => {
      const date = new URL(request.url).searchParams.get('business_date') ?? DAY
      const counts: Record<string, number> = {}
      for (const execution of executions) counts[execution.status] = (counts[execution.status] ?? 0) + 1
      return success({ ...queueStatusData(), business_date: date, counts, total: executions.length, ...status })
    }),
    http.get(api('/executions'), ({ request }) => {
      const query = new URL(request.url).searchParams
      asked.push(query)
      const statuses = query.getAll('status')
      const text = (query.get('q') ?? '').toLowerCase()
      const found = executions.filter(
        (one) =>
          (statuses.length === 0 || statuses.includes(one.status)) && `${one.title} ${one.routine_name}`.toLowerCase().includes(text),
      )
      return success([...found], { limit: 200, has_more: false, next_cursor: null })
    }),
    http.get(api('/executions/:id'), ({ params }) => {
      const found = executions.find((one) => one.id === params['id'])
      return found === undefined ? failure(404, 'EXECUTION_NOT_FOUND', 'There is no such execution.') : success(found)
    }),
    http.get(api('/executions/:id/attempts'), () => success([...attempts])),
    http.get(api('/executions/:id/logs/stream'), () => eventStream([sse('end', {})], { open: false })),
  )
  return asked
}
