import { useRouter } from '@tanstack/react-router'

import { ApiProblem } from '@/lib/api-problem'

import { ProblemView } from './problem-view'

/** What stands in for a route that threw. A problem of the network is tried again; for a bug only a fresh page helps. */
export function RouteError({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <ProblemView
      error={error}
      onRetry={() => {
        if (error instanceof ApiProblem) void router.invalidate()
        else window.location.reload()
      }}
    />
  )
}
