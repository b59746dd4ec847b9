import type { TFunction } from 'i18next'

import { ApiProblem } from './api-problem'

const GATEWAY = new Set([502, 503, 504])

/** What a person reads: our words for what everybody meets, the API's message (which says what to do) for the rest. */
export function problemText(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiProblem)) return t('problem.unexpected')
  if (error.code === 'NETWORK') return t('problem.NETWORK')
  if (GATEWAY.has(error.status)) return t('problem.UNAVAILABLE')
  if (error.code === 'SESSION_ENDED') return t('problem.SESSION_ENDED')
  if (error.status === 403) return t('problem.FORBIDDEN')
  if (error.code === 'BAD_ANSWER') return t('problem.BAD_ANSWER')
  return error.message
}

export function requestIdOf(error: unknown): string | null {
  return error instanceof ApiProblem ? error.requestId : null
}
