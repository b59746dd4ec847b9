import { createRootRouteWithContext, HeadContent, Outlet, useRouter } from '@tanstack/react-router'

import { NotFoundPage } from '@/components/not-found-page'
import { ProblemView } from '@/components/problem-view'
import type { RouterContext } from '@/lib/router-context'

export const Route = createRootRouteWithContext<RouterContext>()({
  component: Root,
  errorComponent: RootError,
  notFoundComponent: NotFoundPage,
})

function Root() {
  return (
    <>
      <HeadContent />
      <Outlet />
    </>
  )
}

function RootError({ error }: { error: unknown }) {
  const router = useRouter()
  return <ProblemView error={error} onRetry={() => void router.invalidate()} />
}
