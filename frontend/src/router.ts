import { createRouter } from '@tanstack/react-router'

import type { RouterContext } from './lib/router-context'
import { routeTree } from './routeTree.gen'

export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    // Queries decide what is fresh; the router must not keep copies.
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
