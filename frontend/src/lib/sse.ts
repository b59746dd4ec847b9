/** One server-sent event. `id` is the last id seen on the stream, which may come from an earlier event. */
export interface ServerEvent {
  type: string
  data: string
  id: string
}

/**
 * Incremental parser of `text/event-stream` (WHATWG HTML, section 9.2.6). Chunks may end anywhere, also between the CR
 * and the LF of a line end. The browser's EventSource cannot send an Authorization header, hence a parser of our own.
 */
export class SseParser {
  #buffer = ''
  #data: string[] = []
  #type = ''
  #started = false
  #afterCarriage = false
  lastEventId = ''
  /** Milliseconds that the server asked to wait before a reconnect, if it did. */
  retry: number | null = null

  push(chunk: string): ServerEvent[] {
    this.#buffer += chunk
    if (!this.#started && this.#buffer !== '') {
      this.#started = true
      if (this.#buffer.startsWith('\uFEFF')) this.#buffer = this.#buffer.slice(1)
    }
    const events: ServerEvent[] = []
    for (let line = this.#nextLine(); line !== null; line = this.#nextLine()) {
      const event = line === '' ? this.#dispatch() : this.#field(line)
      if (event !== null) events.push(event)
    }
    return events
  }

  #nextLine(): string | null {
    // The LF of a CRLF belongs to the line that its CR ended, also when it arrives in a later chunk.
    if (this.#afterCarriage && this.#buffer.startsWith('\n')) this.#buffer = this.#buffer.slice(1)
    if (this.#buffer !== '') this.#afterCarriage = false
    const end = this.#buffer.search(/[\r\n]/)
    if (end === -1) return null
    const line = this.#buffer.slice(0, end)
    this.#afterCarriage = this.#buffer[end] === '\r'
    this.#buffer = this.#buffer.slice(end + 1)
    return line
  }

  #field(line: string): null {
    const colon = line.indexOf(':')
    if (colon === 0) return null
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') this.#data.push(value)
    else if (name === 'event') this.#type = value
    else if (name === 'id' && !value.includes('\0')) this.lastEventId = value
    else if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value)
    return null
  }

  #dispatch(): ServerEvent | null {
    const type = this.#type === '' ? 'message' : this.#type
    const data = this.#data
    this.#type = ''
    this.#data = []
    return data.length === 0 ? null : { type, data: data.join('\n'), id: this.lastEventId }
  }
}

export type StreamState = 'connecting' | 'open' | 'waiting'

export interface EventStreamOptions {
  url: string
  fetcher: (request: Request) => Promise<Response>
  signal: AbortSignal
  onEvent: (event: ServerEvent) => void
  onState?: (state: StreamState) => void
  lastEventId?: string
  /** A stream that says nothing for this long is taken for dead: servers send a comment every 15 s. */
  silenceMs?: number
  minDelayMs?: number
  maxDelayMs?: number
}

const SILENCE_MS = 45_000
const MIN_DELAY_MS = 1_000
const MAX_DELAY_MS = 30_000

/** Answers after which coming back is pointless: finished, forbidden, not there. */
const FINAL = new Set([204, 403, 404, 410])

class StreamEnded extends Error {}

/** Waits, and wakes early when the stream is given up or the browser comes back online. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const wake = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      window.removeEventListener('online', wake)
      done()
    }
    const timer = setTimeout(wake, milliseconds)
    signal.addEventListener('abort', wake)
    window.addEventListener('online', wake)
  })
}

/** Doubles from the minimum to the maximum; up to half of it is random, so that many tabs do not return in one moment. */
export function backoff(failures: number, minimum: number, maximum: number, random: number = Math.random()): number {
  const ceiling = Math.min(maximum, minimum * 2 ** Math.min(failures, 16))
  return ceiling / 2 + (ceiling / 2) * random
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  parser: SseParser,
  onEvent: (event: ServerEvent) => void,
  alive: () => void,
): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      alive()
      for (const event of parser.push(decoder.decode(value, { stream: true }))) onEvent(event)
    }
  } finally {
    reader.releaseLock()
  }
}

async function connectOnce(options: EventStreamOptions, parser: SseParser, onOpen: () => void): Promise<void> {
  const attempt = new AbortController()
  const silence = options.silenceMs ?? SILENCE_MS
  let watchdog = setTimeout(() => attempt.abort(), silence)
  const alive = (): void => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => attempt.abort(), silence)
  }
  const headers = new Headers({ Accept: 'text/event-stream' })
  if (parser.lastEventId !== '') headers.set('Last-Event-ID', parser.lastEventId)
  const signal = AbortSignal.any([options.signal, attempt.signal])
  try {
    const response = await options.fetcher(new Request(options.url, { headers, signal, cache: 'no-store' }))
    if (FINAL.has(response.status)) throw new StreamEnded()
    if (!response.ok || response.body === null) throw new Error(`event stream answered ${response.status}`)
    onOpen()
    await readEvents(response.body, parser, options.onEvent, alive)
  } finally {
    clearTimeout(watchdog)
    attempt.abort()
  }
}

/**
 * Reads an event stream until `signal` aborts or the server's answer is final, reconnecting with the last
 * event's id after every loss. The promise settles at that end and never rejects.
 */
export async function followEvents(options: EventStreamOptions): Promise<void> {
  const minimum = options.minDelayMs ?? MIN_DELAY_MS
  const maximum = options.maxDelayMs ?? MAX_DELAY_MS
  let parser = new SseParser()
  parser.lastEventId = options.lastEventId ?? ''
  let failures = 0
  while (!options.signal.aborted) {
    options.onState?.('connecting')
    try {
      await connectOnce(options, parser, () => {
        failures = 0
        options.onState?.('open')
      })
    } catch (error) {
      if (error instanceof StreamEnded) {
        options.onState?.('waiting')
        return
      }
    }
    if (options.signal.aborted) return
    const { lastEventId, retry } = parser
    parser = new SseParser()
    parser.lastEventId = lastEventId
    parser.retry = retry
    options.onState?.('waiting')
    await pause(backoff(failures, retry ?? minimum, Math.max(maximum, retry ?? 0)), options.signal)
    failures += 1
  }
}
