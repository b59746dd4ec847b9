import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { backoff, followEvents, type ServerEvent, SseParser, type StreamState } from './sse'

function parseAll(...chunks: string[]): ServerEvent[] {
  const parser = new SseParser()
  return chunks.flatMap((chunk) => parser.push(chunk))
}

describe('SseParser', () => {
  it('reads type, data and id', () => {
    expect(parseAll('event: line\nid: 1:2\ndata: {"a":1}\n\n')).toEqual([{ type: 'line', data: '{"a":1}', id: '1:2' }])
  })

  it('gives the same events wherever the chunks are cut', () => {
    const text = ': hi\r\nid: 7\r\nevent: status\r\ndata: one\r\ndata: two\r\n\r\ndata: três\r\n\r\n'
    const whole = parseAll(text)
    expect(whole).toEqual([
      { type: 'status', data: 'one\ntwo', id: '7' },
      { type: 'message', data: 'três', id: '7' },
    ])
    for (let cut = 0; cut <= text.length; cut += 1) expect(parseAll(text.slice(0, cut), text.slice(cut))).toEqual(whole)
    expect(parseAll(...text.split(''))).toEqual(whole)
  })

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('accepts %s as line end', (_name, end) => {
    expect(parseAll(['data: a', '', 'data: b', '', ''].join(end)).map((event) => event.data)).toEqual(['a', 'b'])
  })

  it('ignores comments, unknown fields, and events without data', () => {
    expect(parseAll(': ping\n\nfoo: bar\nevent: empty\n\ndata\n\n')).toEqual([{ type: 'message', data: '', id: '' }])
  })

  it('drops one leading space only, and a byte order mark', () => {
    expect(parseAll('\uFEFFdata:  x\n\ndata:y\n\n').map((event) => event.data)).toEqual([' x', 'y'])
  })

  it('takes a retry of digits, refuses anything else, and ids with a NUL', () => {
    const parser = new SseParser()
    parser.push('retry: 1500\nid: 5\n\nretry: soon\nid: a\0b\n\n')
    expect(parser.retry).toBe(1500)
    expect(parser.lastEventId).toBe('5')
  })

  it('does not carry an unfinished event over', () => {
    const parser = new SseParser()
    expect(parser.push('event: a\ndata: 1\n')).toEqual([])
    expect(parser.push('\n')).toEqual([{ type: 'a', data: '1', id: '' }])
    expect(parser.push('data: 2\n\n')).toEqual([{ type: 'message', data: '2', id: '' }])
  })
})

describe('backoff', () => {
  it('doubles up to the ceiling, half of it random', () => {
    expect([0, 1, 2, 3, 10].map((failures) => backoff(failures, 1000, 8000, 1))).toEqual([1000, 2000, 4000, 8000, 8000])
    expect(backoff(3, 1000, 8000, 0)).toBe(4000)
  })
})

function stream(...chunks: string[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
  return new Response(body)
}

/** A connection that says nothing; it ends when the request is aborted. */
function silent(request: Request): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => request.signal.addEventListener('abort', () => controller.error(new Error('aborted'))),
  })
  return new Response(body)
}

describe('followEvents', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  interface Run {
    answers: ((request: Request) => Response | Promise<Response>)[]
    lastEventId?: string
  }

  async function run({ answers, lastEventId }: Run) {
    const requests: Request[] = []
    const events: ServerEvent[] = []
    const states: StreamState[] = []
    const stop = new AbortController()
    const finished = followEvents({
      url: 'http://localhost:3000/stream',
      signal: stop.signal,
      silenceMs: 45_000,
      ...(lastEventId === undefined ? {} : { lastEventId }),
      fetcher: async (request) => {
        requests.push(request)
        const answer = answers[requests.length - 1]
        if (answer !== undefined) return answer(request)
        stop.abort()
        return new Response(null, { status: 204 })
      },
      onEvent: (event) => events.push(event),
      onState: (state) => states.push(state),
    })
    await vi.runAllTimersAsync()
    await finished
    return { requests, events, states }
  }

  it('comes back after a loss with the last event id', async () => {
    const { requests, events, states } = await run({
      answers: [() => stream('id: 1:4\ndata: a\n\n'), () => Promise.reject(new TypeError('offline')), () => stream('data: b\n\n')],
    })
    expect(requests.map((request) => request.headers.get('Last-Event-ID'))).toEqual([null, '1:4', '1:4', '1:4'])
    expect(events.map((event) => event.data)).toEqual(['a', 'b'])
    expect(states.slice(0, 5)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'waiting'])
  })

  it('starts where the caller was', async () => {
    const { requests } = await run({ answers: [() => stream('data: x\n\n')], lastEventId: '2:9' })
    expect(requests[0]?.headers.get('Last-Event-ID')).toBe('2:9')
  })

  it('takes a silent connection for dead and connects again', async () => {
    const { requests, states } = await run({ answers: [silent, () => stream('data: x\n\n')] })
    expect(requests).toHaveLength(3)
    expect(states.slice(0, 4)).toEqual(['connecting', 'open', 'waiting', 'connecting'])
  })

  it.each([204, 403, 404])('does not come back after %i', async (status) => {
    const { requests } = await run({ answers: [() => new Response(null, { status })] })
    expect(requests).toHaveLength(1)
  })

  it('comes back after a 503', async () => {
    const { requests } = await run({ answers: [() => new Response(null, { status: 503 }), () => stream('data: x\n\n')] })
    expect(requests).toHaveLength(3)
  })

  it('waits as long as the server asks', async () => {
    const pauses = vi.spyOn(globalThis, 'setTimeout')
    await run({ answers: [() => stream('retry: 60000\n\n')] })
    expect(pauses.mock.calls.some(([, milliseconds]) => Number(milliseconds) >= 30_000 && Number(milliseconds) <= 60_000 && milliseconds !== 45_000)).toBe(true)
  })
})
