import { createFileRoute, redirect } from '@tanstack/react-router'

import { SignInFailed } from '@/features/session/sign-in-failed'
import { SigningIn } from '@/features/session/signing-in'

/** Where the provider sends the browser back to, with a code that is good once. */
export const Route = createFileRoute('/auth/callback')({
  beforeLoad: async ({ context }) => {
    const returnTo = await context.auth.completeSignIn()
    throw redirect({ href: returnTo, replace: true })
  },
  pendingComponent: SigningIn,
  errorComponent: SignInFailed,
})
