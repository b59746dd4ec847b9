import { type ExecutionStatus, isStatus } from '@/lib/executions'

import type { QueueFilter } from './api/queue'

/** What the address keeps of the queue's view, so that a link shows what its sender saw. */
export interface QueueSearch {
  situacao?: string
  busca?: string
}

const MAX_TEXT = 100

/** The router reads `busca=2024` as a number. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export function parseQueueSearch(search: Record<string, unknown>): QueueSearch {
  const statuses = textOf(search['situacao']).split(',').filter(isStatus)
  const text = textOf(search['busca']).slice(0, MAX_TEXT)
  return {
    ...(statuses.length > 0 ? { situacao: statuses.join(',') } : {}),
    ...(text === '' ? {} : { busca: text }),
  }
}

export function filterOf(search: QueueSearch): QueueFilter {
  return { statuses: (search.situacao ?? '').split(',').filter(isStatus), text: search.busca ?? '' }
}

export function searchOf(filter: QueueFilter): QueueSearch {
  return {
    ...(filter.statuses.length > 0 ? { situacao: filter.statuses.join(',') } : {}),
    ...(filter.text === '' ? {} : { busca: filter.text }),
  }
}

export interface StatusGroup {
  name: Exclude<ExecutionStatus, 'QUEUED'>
  statuses: readonly ExecutionStatus[]
  /** Shown also when it counts nothing: "no errors" is something a person wants to read. */
  always: boolean
}

/** The chips above the table. QUEUED is handed out but not started: to a person it is still pending. */
export const STATUS_GROUPS: readonly StatusGroup[] = [
  { name: 'FAILED', statuses: ['FAILED'], always: true },
  { name: 'RECOVERY', statuses: ['RECOVERY'], always: false },
  { name: 'RUNNING', statuses: ['RUNNING'], always: true },
  { name: 'PENDING', statuses: ['PENDING', 'QUEUED'], always: true },
  { name: 'SUCCEEDED', statuses: ['SUCCEEDED'], always: true },
  { name: 'SKIPPED', statuses: ['SKIPPED'], always: false },
  { name: 'CANCELLED', statuses: ['CANCELLED'], always: false },
]

export function countOf(group: StatusGroup, counts: Record<string, number>): number {
  return group.statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0)
}

export function isSelected(group: StatusGroup, filter: QueueFilter): boolean {
  return group.statuses.every((status) => filter.statuses.includes(status))
}

export function toggleGroup(group: StatusGroup, filter: QueueFilter): QueueFilter {
  const others = filter.statuses.filter((status) => !group.statuses.includes(status))
  return { ...filter, statuses: isSelected(group, filter) ? others : [...others, ...group.statuses] }
}
