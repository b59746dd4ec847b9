import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { vi } from 'vitest'

import { authorisedFetch, createCoreApi } from '@/lib/api'
import { createQueryClient } from '@/lib/query-client'
import { cssVariables, theme } from '@/lib/theme'
import { createAppRouter } from '@/router'

/** The real app at an address, signed in, with the network as its only stand-in. */
export function renderApp(address: string) {
  const signOut = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const sessionEnded = vi.fn<() => void>()
  const fetcher = authorisedFetch({
    token: () => Promise.resolve('token-1'),
    renew: () => Promise.resolve(null),
    sessionEnded,
  })
  const queryClient = createQueryClient()
  // Retries would only slow the tests down; the rule for them has a test of its own.
  queryClient.setDefaultOptions({ queries: { ...queryClient.getDefaultOptions().queries, retry: false } })
  const router = createAppRouter({
    auth: { signedIn: () => Promise.resolve(true), signIn: () => Promise.resolve(), completeSignIn: () => Promise.resolve('/') },
    services: { api: createCoreApi(fetcher), fetcher, signOut },
    queryClient,
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  const view = render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
      <Notifications />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  return { ...view, user: userEvent.setup(), router, queryClient, signOut, sessionEnded }
}
