import type { Attempt, Execution, LogLine, QueueStatus } from '@/lib/executions'
import type { Me, Role } from '@/lib/roles'

export const DAY = '2026-11-19'

const NAMES: Record<Role, string> = { viewer: 'Vera Leitora', operator: 'Otávio Operador', admin: 'Ada Administradora' }
const RISING: readonly Role[] = ['viewer', 'operator', 'admin']

export function meData(role: Role): Me {
  return {
    subject: role,
    name: NAMES[role],
    email: `${role}@rotina.local`,
    roles: [role],
    may: RISING.slice(0, RISING.indexOf(role) + 1),
  }
}

export function executionId(n: number): string {
  return `0192f000-0000-8000-8000-${String(n).padStart(12, '0')}`
}

export function executionData(changes: Partial<Execution> = {}): Execution {
  return {
    id: executionId(1),
    routine_id: executionId(101),
    routine_name: 'b3-cotahist-download',
    title: 'Baixar cotações da B3',
    job: 'b3.cotahist.download',
    backfill_id: null,
    cause: null,
    params: {},
    business_date: DAY,
    slot: '2026-11-19T23:45:00Z',
    origin: 'schedule',
    status: 'PENDING',
    reason: { code: 'NOT_DUE', context: {}, message: '' },
    priority: 5,
    band: 1,
    queue: 'default',
    pool: 'b3',
    concurrency_key: null,
    attempt: 0,
    failures: 0,
    max_attempts: 3,
    recoveries: 0,
    max_recoveries: 3,
    timeout_seconds: null,
    correlation_id: 'c0ffee00',
    updated_at: '2026-11-19T03:01:00Z',
    due_at: '2026-11-19T23:45:00Z',
    queued_at: null,
    started_at: null,
    finished_at: null,
    duration_seconds: null,
    worker_id: null,
    progress: null,
    progress_message: null,
    eta_at: null,
    result: null,
    warnings: [],
    error: null,
    depends_on: [],
    cancel_requested: false,
    requested_by: null,
    created_at: '2026-11-19T03:01:00Z',
    actions: { cancel: true, retry: false, run_now: true },
    ...changes,
  }
}

export function succeededData(changes: Partial<Execution> = {}): Execution {
  return executionData({
    status: 'SUCCEEDED',
    reason: null,
    attempt: 1,
    started_at: '2026-11-19T23:45:00Z',
    finished_at: '2026-11-19T23:45:01.900Z',
    duration_seconds: 1.9,
    worker_id: 'worker-a',
    result: { rows: 12_226 },
    actions: { cancel: false, retry: false, run_now: false },
    ...changes,
  })
}

export function attemptData(changes: Partial<Attempt> = {}): Attempt {
  return {
    attempt: 1,
    worker_id: 'worker-a',
    started_at: '2026-11-19T23:45:00Z',
    finished_at: '2026-11-19T23:45:01.900Z',
    outcome: 'SUCCEEDED',
    duration_seconds: 1.9,
    result: null,
    error: null,
    log_lines: 0,
    ...changes,
  }
}

export function logLineData(seq: number, changes: Partial<LogLine> = {}): LogLine {
  return { attempt: 1, seq, at: '2026-11-19T23:45:00.123Z', level: 'INFO', message: `linha ${seq}`, fields: {}, ...changes }
}

export function queueStatusData(): QueueStatus {
  return {
    business_date: DAY,
    today: DAY,
    counts: {},
    total: 0,
    calendars: [{ code: 'B3', is_business_day: true, note: null }],
    last_session: { B3: DAY, ANBIMA: DAY },
    next_due_at: null,
    schedulers_alive: 1,
    workers_alive: 1,
    slots: 4,
    slots_free: 4,
  }
}
