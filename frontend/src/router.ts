import { createRouter, type RouterHistory } from '@tanstack/react-router'

import { NotFoundPage } from './components/not-found-page'
import { RouteError } from './components/route-error'
import type { RouterContext } from './lib/router-context'
import { routeTree } from './routeTree.gen'

/** `history` is the browser's unless a test brings its own. */
export function createAppRouter({ history, ...context }: RouterContext & { history?: RouterHistory }) {
  return createRouter({
    routeTree,
    context,
    ...(history === undefined ? {} : { history }),
    defaultPreload: 'intent',
    // Queries decide what is fresh; the router must not keep copies.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFoundPage,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
