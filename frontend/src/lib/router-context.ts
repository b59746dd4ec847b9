import type { QueryClient } from '@tanstack/react-query'

import type { AuthSession } from './auth'
import type { Services } from './services'

/** What routes may use before they render: the session above all. */
export interface RouterContext {
  auth: Pick<AuthSession, 'signedIn' | 'signIn' | 'completeSignIn'>
  services: Services
  queryClient: QueryClient
}
