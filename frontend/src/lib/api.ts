import createClient, { type Client } from 'openapi-fetch'

import type { paths } from '@/client/core-api'

import { ApiProblem } from './api-problem'
import type { TokenSource } from './auth'

export type CoreApi = Client<paths>
export type AuthorisedFetch = (request: Request) => Promise<Response>

async function send(request: Request, token: string): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set('Authorization', `Bearer ${token}`)
  try {
    return await fetch(new Request(request, { headers }))
  } catch (error) {
    if (request.signal.aborted) throw error
    throw ApiProblem.network(error)
  }
}

/** `fetch` with the access token. A 401 renews the token once and repeats; if that fails too, the session is over. */
export function authorisedFetch(tokens: TokenSource): AuthorisedFetch {
  function end(): never {
    tokens.sessionEnded()
    throw ApiProblem.sessionEnded()
  }
  return async (request) => {
    const token = await tokens.token()
    if (token === null) return end()
    const response = await send(request.clone(), token)
    if (response.status !== 401) return response
    await response.body?.cancel()
    const renewed = await tokens.renew()
    if (renewed === null) return end()
    const second = await send(request, renewed)
    return second.status === 401 ? end() : second
  }
}

export function createCoreApi(fetcher: AuthorisedFetch, baseUrl: string = window.location.origin): CoreApi {
  return createClient<paths>({ baseUrl, fetch: fetcher })
}

interface Answer<Body> {
  data?: Body
  error?: unknown
  response: Response
}

async function envelope<Body>(call: Promise<Answer<Body>>): Promise<Body> {
  let answer: Answer<Body>
  try {
    answer = await call
  } catch (error) {
    if (error instanceof SyntaxError) throw ApiProblem.badAnswer(new Response(null), error)
    throw error
  }
  if (!answer.response.ok || answer.data === undefined) throw ApiProblem.fromResponse(answer.response, answer.error)
  return answer.data
}

/** The `data` of a success; a failure becomes an ApiProblem. */
export async function unwrap<Data>(call: Promise<Answer<{ data: Data }>>): Promise<Data> {
  return (await envelope(call)).data
}

/** A page of a list: `data` plus the cursor of the next page, null on the last one. */
export async function unwrapPage<Data>(
  call: Promise<Answer<{ data: Data[]; meta: { next_cursor: string | null } }>>,
): Promise<{ items: Data[]; nextCursor: string | null }> {
  const { data, meta } = await envelope(call)
  return { items: data, nextCursor: meta.next_cursor }
}
