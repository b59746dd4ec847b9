/** Every query's key, in one place: the live stream invalidates by prefix. */
export const queryKeys = {
  me: ['me'] as const,
  queueStatus: ['queue-status'] as const,
  queueStatusOf: (date: string | null) => ['queue-status', date] as const,
  queue: ['queue'] as const,
  queueOf: (date: string, filter: { statuses: readonly string[]; text: string }) => ['queue', date, filter] as const,
  executions: ['execution'] as const,
  execution: (id: string) => ['execution', id] as const,
  attempts: (id: string) => ['execution', id, 'attempts'] as const,
}
