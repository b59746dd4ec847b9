import '@fontsource-variable/ibm-plex-sans/wght.css'
import '@fontsource/ibm-plex-mono/400.css'
import '@fontsource/ibm-plex-mono/500.css'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './styles/global.css'

import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

import { StartFailed } from './features/session/start-failed'
import { authorisedFetch, createCoreApi } from './lib/api'
import { AuthSession } from './lib/auth'
import { loadConfig, type RuntimeConfig } from './lib/config'
import { reloadWhenAssetsAreGone } from './lib/fresh-assets'
import { initialLanguage, startTranslations, storedLanguage } from './lib/i18n'
import { createQueryClient } from './lib/query-client'
import { cssVariables, theme } from './lib/theme'
import { createAppRouter } from './router'

function Page({ children }: { children: ReactNode }) {
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <Notifications position="bottom-right" limit={4} />
        {children}
      </MantineProvider>
    </StrictMode>
  )
}

function appFor(config: RuntimeConfig): ReactNode {
  const auth = new AuthSession(config)
  const fetcher = authorisedFetch(auth)
  const services = { api: createCoreApi(fetcher), fetcher, signOut: () => auth.signOut() }
  const queryClient = createQueryClient()
  const router = createAppRouter({ auth, services, queryClient })
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}

async function start(container: HTMLElement): Promise<void> {
  await startTranslations(initialLanguage(storedLanguage(), navigator.languages))
  const root = createRoot(container)
  try {
    const config = await loadConfig()
    root.render(<Page>{appFor(config)}</Page>)
  } catch (error) {
    root.render(
      <Page>
        <StartFailed error={error} />
      </Page>,
    )
  }
}

reloadWhenAssetsAreGone()
const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no #root')
void start(container)
