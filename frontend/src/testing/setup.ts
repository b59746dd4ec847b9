import '@testing-library/jest-dom/vitest'

import { notifications } from '@mantine/notifications'
import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'

import { changeLanguage, startTranslations } from '@/lib/i18n'

import { server } from './server'

// What jsdom lacks and Mantine asks for.
class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = NoResizeObserver
window.matchMedia = (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
})
window.scrollTo = () => undefined
Element.prototype.scrollIntoView = () => undefined

// Two slow cores run everything else beside these tests.
configure({ asyncUtilTimeout: 8_000, getElementError: (message) => new Error(message ?? 'not found') })

beforeAll(async () => {
  await startTranslations('pt-BR')
  // A request that no test foresaw is an error: nothing may leave the machine.
  server.listen({ onUnhandledFrame: 'error' })
})

afterEach(async () => {
  cleanup()
  notifications.clean()
  server.resetHandlers()
  vi.useRealTimers()
  window.localStorage.clear()
  window.sessionStorage.clear()
  await changeLanguage('pt-BR')
  window.localStorage.clear()
})

afterAll(() => server.close())
