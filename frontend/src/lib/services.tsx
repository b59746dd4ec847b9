import { createContext, use, type ReactNode } from 'react'

import type { AuthorisedFetch, CoreApi } from './api'

/** What features reach the outside world through; tests hand in their own. */
export interface Services {
  api: CoreApi
  fetcher: AuthorisedFetch
  signOut: () => Promise<void>
}

const ServicesContext = createContext<Services | null>(null)

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>
}

export function useServices(): Services {
  const services = use(ServicesContext)
  if (services === null) throw new Error('ServicesProvider is missing')
  return services
}
