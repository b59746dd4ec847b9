import { QueryClient } from '@tanstack/react-query'

import { ApiProblem } from './api-problem'

const MAX_RETRIES = 2

/** Reads are repeated only when the problem may pass by itself; a 404 or 403 is an answer. */
export function shouldRetry(failures: number, error: Error): boolean {
  return error instanceof ApiProblem && error.passing && failures < MAX_RETRIES
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: shouldRetry,
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 4_000),
        // The live stream says when something changed.
        staleTime: 10_000,
        // Being offline is shown as a state of its own; a paused query would hang without a word.
        networkMode: 'always',
      },
      // Runs, cancels and retries are never repeated without a person.
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
