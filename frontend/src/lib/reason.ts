import type { TFunction } from 'i18next'

import { type Execution, isStatus } from './executions'
import { formatTime } from './format'

/** Every reason that core-api gives (`ReasonCode` there); tests hold the translations to this list, and this list to core-api. */
export const REASON_CODES = [
  'NOT_DUE',
  'WAITING_RETRY',
  'WAITING_DEPENDENCY',
  'NO_CAPABLE_WORKER',
  'WAITING_POOL',
  'WAITING_KEY',
  'WAITING_INSTANCE',
  'WAITING_CAPACITY',
  'RATE_LIMIT',
  'PAUSED',
  'BACKFILL_PAUSED',
  'BACKFILL_CAP',
  'SCHEDULER_SILENT',
  'MISFIRED',
  'SUPERSEDED',
  'COALESCED',
  'UPSTREAM_FAILED',
  'UPSTREAM_SKIPPED',
  'UPSTREAM_NOT_PLANNED',
  'WORKER_LOST',
  'ATTEMPTS_USED_UP',
  'PERMANENT_ERROR',
  'CANCELLED',
] as const
export type ReasonCode = (typeof REASON_CODES)[number]

export type Reason = NonNullable<Execution['reason']>

export function isReasonCode(code: string): code is ReasonCode {
  return REASON_CODES.some((known) => known === code)
}

type Context = Record<string, unknown>

function textOf(context: Context, ...keys: string[]): string | null {
  for (const key of keys) {
    const value = context[key]
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return null
}

/** "b3-cotahist-download (pendente), outra (erro)". */
function upstreamText(context: Context, t: TFunction): string {
  const upstream = Array.isArray(context['upstream']) ? (context['upstream'] as Context[]) : []
  const names = upstream.map((one) => {
    const name = textOf(one, 'name') ?? t('upstreamUnknown')
    const status = textOf(one, 'status')
    const word = status !== null && isStatus(status) ? t(`status.${status}`) : t('upstreamAbsent')
    return t('upstream', { name, status: word.toLowerCase() })
  })
  return names.length === 0 ? t('upstreamUnknown') : names.join(', ')
}

/** Why an execution is where it is, in the person's words. */
export function reasonText(reason: Reason, execution: Pick<Execution, 'due_at' | 'job' | 'pool' | 'concurrency_key'>, t: TFunction, locale: string): string {
  const context: Context = reason.context
  // A reason that is newer than this page: core-api has words of its own.
  if (!isReasonCode(reason.code)) return reason.message
  return t(`reason.${reason.code}`, {
    time: formatTime(textOf(context, 'at') ?? execution.due_at, locale),
    upstream: upstreamText(context, t),
    pool: textOf(context, 'pool') ?? execution.pool ?? '',
    key: textOf(context, 'key') ?? execution.concurrency_key ?? '',
    holder: textOf(context, 'held_by') ?? t('upstreamUnknown'),
    job: textOf(context, 'job') ?? execution.job,
    by: textOf(context, 'by') ?? t('someone'),
  })
}
