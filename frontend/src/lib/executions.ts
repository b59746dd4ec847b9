import type { components } from '@/client/core-api'

export type Execution = components['schemas']['ExecutionRead']
export type ExecutionStatus = Execution['status']
export type Attempt = components['schemas']['AttemptRead']
export type LogLine = components['schemas']['LogLineRead']
export type QueueStatus = components['schemas']['QueueStatus']

/** In the order in which a person wants to look: what needs a hand, what is alive, what waits, what is over. */
export const STATUSES = [
  'FAILED',
  'RECOVERY',
  'RUNNING',
  'QUEUED',
  'PENDING',
  'SUCCEEDED',
  'SKIPPED',
  'CANCELLED',
] as const satisfies readonly ExecutionStatus[]

/** What the screen shows: a success with warnings has a look of its own. */
export type DisplayStatus = ExecutionStatus | 'WARNED'

export function displayStatus(execution: Pick<Execution, 'status' | 'warnings'>): DisplayStatus {
  return execution.status === 'SUCCEEDED' && execution.warnings.length > 0 ? 'WARNED' : execution.status
}

export function isStatus(value: string): value is ExecutionStatus {
  return STATUSES.some((status) => status === value)
}

/** Seconds so far for a running execution, in total for a finished one, null before the start. */
export function elapsedSeconds(execution: Pick<Execution, 'status' | 'started_at' | 'duration_seconds'>, now: number): number | null {
  if (execution.status === 'RUNNING' && execution.started_at !== null) {
    return Math.max(0, (now - Date.parse(execution.started_at)) / 1000)
  }
  return execution.duration_seconds
}

/** Where jobs put the number of rows that they handled, most specific first. */
const ROW_COUNT_KEYS = ['rows', 'records', 'quotes']

export function rowCount(result: Record<string, unknown> | null): number | null {
  if (result === null) return null
  for (const key of ROW_COUNT_KEYS) {
    const value = result[key]
    if (typeof value === 'number') return value
  }
  return null
}
