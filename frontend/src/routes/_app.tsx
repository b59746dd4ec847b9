import { createFileRoute, Outlet, redirect, useMatch, useParams } from '@tanstack/react-router'

import { SigningIn } from '@/features/session/signing-in'
import { SignInFailed } from '@/features/session/sign-in-failed'
import { NoRole } from '@/features/session/no-role'
import { AppShell } from '@/features/shell/app-shell'
import { DateNavigation } from '@/features/queue/date-navigation'
import { AuthSession } from '@/lib/auth'
import { isIsoDate } from '@/lib/dates'
import { LiveProvider } from '@/lib/live'
import { ServicesProvider } from '@/lib/services'

export const Route = createFileRoute('/_app')({
  // Everything below needs a session. After a reload the provider's own session brings it back without a password.
  beforeLoad: async ({ context, location }) => {
    if (await context.auth.signedIn()) return
    if (AuthSession.signedOut() !== null) throw redirect({ to: '/saida' })
    await context.auth.signIn(location.href)
    // The browser is leaving for the provider: nothing below may start.
    await new Promise<never>(() => undefined)
  },
  component: App,
  pendingComponent: SigningIn,
  pendingMs: 300,
  errorComponent: SignInFailed,
})

function Navigation() {
  const { date } = useParams({ strict: false })
  const onExecution = useMatch({ from: '/_app/execucao/$id', shouldThrow: false }) !== undefined
  if (onExecution) return null
  return <DateNavigation date={date !== undefined && isIsoDate(date) ? date : null} />
}

function App() {
  const { services } = Route.useRouteContext()
  return (
    <ServicesProvider services={services}>
      <LiveProvider>
        <AppShell navigation={<Navigation />}>
          <NoRole>
            <Outlet />
          </NoRole>
        </AppShell>
      </LiveProvider>
    </ServicesProvider>
  )
}
