/** One cause of a problem: `field` is a dotted path into the request, null when it concerns the whole. */
export interface ProblemDetail {
  field: string | null
  message: string
  type: string
}

interface ProblemFields {
  code: string
  message: string
  status: number
  details?: ProblemDetail[] | Record<string, unknown> | null
  requestId?: string | null
  cause?: unknown
}

interface ErrorEnvelope {
  status: 'error'
  code: string
  message: string
  details?: ProblemDetail[] | Record<string, unknown> | null
  request_id?: string
}

function isErrorEnvelope(body: unknown): body is ErrorEnvelope {
  if (typeof body !== 'object' || body === null) return false
  const fields = body as Record<string, unknown>
  return fields['status'] === 'error' && typeof fields['code'] === 'string' && typeof fields['message'] === 'string'
}

/** Answers that pass by themselves: a service is starting, the database is away, somebody asked too often. */
const PASSING = new Set([0, 429, 502, 503, 504])

/**
 * The one error that calls to the API throw. `code` is the envelope's stable code, or one of ours where there was no
 * envelope: NETWORK (no answer at all), SESSION_ENDED, HTTP_<status>, BAD_ANSWER.
 */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  readonly code: string
  readonly status: number
  readonly details: ProblemDetail[] | Record<string, unknown> | null
  readonly requestId: string | null

  constructor(fields: ProblemFields) {
    super(fields.message, { cause: fields.cause })
    this.code = fields.code
    this.status = fields.status
    this.details = fields.details ?? null
    this.requestId = fields.requestId ?? null
  }

  /** Whether the same call may work in a moment. */
  get passing(): boolean {
    return PASSING.has(this.status) && this.code !== 'SESSION_ENDED'
  }

  static network(cause: unknown): ApiProblem {
    return new ApiProblem({ code: 'NETWORK', message: 'No answer from the server', status: 0, cause })
  }

  static sessionEnded(): ApiProblem {
    return new ApiProblem({ code: 'SESSION_ENDED', message: 'The session has ended', status: 401 })
  }

  static badAnswer(response: Response, cause: unknown): ApiProblem {
    const requestId = response.headers.get('X-Request-ID')
    return new ApiProblem({ code: 'BAD_ANSWER', message: 'The answer is not JSON', status: response.status, requestId, cause })
  }

  static fromResponse(response: Response, body: unknown): ApiProblem {
    const headerId = response.headers.get('X-Request-ID')
    if (!isErrorEnvelope(body)) {
      const message = response.statusText === '' ? `HTTP ${response.status}` : response.statusText
      return new ApiProblem({ code: `HTTP_${response.status}`, message, status: response.status, requestId: headerId })
    }
    return new ApiProblem({
      code: body.code,
      message: body.message,
      status: response.status,
      details: body.details ?? null,
      requestId: body.request_id ?? headerId,
    })
  }
}
