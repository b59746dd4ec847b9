import { http, HttpResponse } from 'msw'
import { describe, expect, it, vi } from 'vitest'

import { api, failure, success } from '@/testing/api'
import { meData } from '@/testing/data'
import { server } from '@/testing/server'

import { authorisedFetch, createCoreApi, unwrap, unwrapPage } from './api'
import { ApiProblem } from './api-problem'
import { shouldRetry } from './query-client'

function client(renewed: string | null = 'token-2') {
  const tokens = {
    token: vi.fn(() => Promise.resolve<string | null>('token-1')),
    renew: vi.fn(() => Promise.resolve(renewed)),
    sessionEnded: vi.fn(),
  }
  return { tokens, core: createCoreApi(authorisedFetch(tokens)) }
}

async function problemOf(call: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ApiProblem)) throw new Error(`not an ApiProblem: ${String(error)}`)
  return error
}

describe('calls', () => {
  it('send the token and give the envelope’s data', async () => {
    let authorization: string | null = null
    server.use(
      http.get(api('/me'), ({ request }) => {
        authorization = request.headers.get('Authorization')
        return success(meData('admin'))
      }),
    )
    await expect(unwrap(client().core.GET('/api/v1/me'))).resolves.toEqual(meData('admin'))
    expect(authorization).toBe('Bearer token-1')
  })

  it('give the page’s cursor', async () => {
    server.use(http.get(api('/executions'), () => success([], { limit: 1, has_more: true, next_cursor: 'abc' })))
    await expect(unwrapPage(client().core.GET('/api/v1/executions'))).resolves.toEqual({ items: [], nextCursor: 'abc' })
  })

  it('turn the error envelope into an ApiProblem', async () => {
    server.use(http.get(api('/me'), () => failure(409, 'EXECUTION_STATE', 'The execution is RUNNING.')))
    const problem = await problemOf(unwrap(client().core.GET('/api/v1/me')))
    expect(problem).toMatchObject({ code: 'EXECUTION_STATE', status: 409, message: 'The execution is RUNNING.', requestId: 'req-bad-1' })
    expect(problem.passing).toBe(false)
  })

  it('survive an answer of the gateway that is not an envelope', async () => {
    server.use(http.get(api('/me'), () => HttpResponse.html('<h1>Bad Gateway</h1>', { status: 502, headers: { 'X-Request-ID': 'gw-1' } })))
    const problem = await problemOf(unwrap(client().core.GET('/api/v1/me')))
    expect(problem).toMatchObject({ code: 'HTTP_502', status: 502, requestId: 'gw-1', passing: true })
  })

  it('say so when a success is not JSON', async () => {
    server.use(http.get(api('/me'), () => HttpResponse.html('<p>captive portal</p>')))
    expect(await problemOf(unwrap(client().core.GET('/api/v1/me')))).toMatchObject({ code: 'BAD_ANSWER' })
  })

  it('say so when there is no answer', async () => {
    server.use(http.get(api('/me'), () => HttpResponse.error()))
    expect(await problemOf(unwrap(client().core.GET('/api/v1/me')))).toMatchObject({ code: 'NETWORK', status: 0, passing: true })
  })
})

describe('a 401', () => {
  it('renews the token once and repeats the call with its body', async () => {
    const bodies: unknown[] = []
    server.use(
      http.post(api('/scheduler/run'), async ({ request }) => {
        bodies.push(await request.json())
        if (request.headers.get('Authorization') !== 'Bearer token-2') return failure(401, 'UNAUTHENTICATED', 'Sign in.')
        return success({ business_date: '2026-11-19', created: 0, already_there: 6, brought_forward: 6 })
      }),
    )
    const { core, tokens } = client()
    await unwrap(core.POST('/api/v1/scheduler/run', { body: { business_date: '2026-11-19' } }))
    expect(bodies).toEqual([{ business_date: '2026-11-19' }, { business_date: '2026-11-19' }])
    expect(tokens.renew).toHaveBeenCalledOnce()
    expect(tokens.sessionEnded).not.toHaveBeenCalled()
  })

  it.each([
    ['the token cannot be renewed', null],
    ['the new token is refused as well', 'token-2'],
  ])('ends the session when %s', async (_case, renewed) => {
    server.use(http.get(api('/me'), () => failure(401, 'UNAUTHENTICATED', 'Sign in.')))
    const { core, tokens } = client(renewed)
    const problem = await problemOf(unwrap(core.GET('/api/v1/me')))
    expect(problem).toMatchObject({ code: 'SESSION_ENDED', passing: false })
    expect(tokens.sessionEnded).toHaveBeenCalledOnce()
  })
})

describe('retries of reads', () => {
  const problem = (status: number): ApiProblem => ApiProblem.fromResponse(new Response(null, { status }), undefined)

  it('happen twice for what may pass', () => {
    expect([0, 1, 2].map((failures) => shouldRetry(failures, problem(503)))).toEqual([true, true, false])
    expect(shouldRetry(0, ApiProblem.network(new Error('offline')))).toBe(true)
  })

  it('do not happen for an answer or a bug', () => {
    for (const status of [400, 403, 404, 409, 422, 500]) expect(shouldRetry(0, problem(status))).toBe(false)
    expect(shouldRetry(0, ApiProblem.sessionEnded())).toBe(false)
    expect(shouldRetry(0, new TypeError('bug'))).toBe(false)
  })
})
