import { setupServer } from 'msw/node'

/** The network's edge in tests: each test says what the API answers; everything above it is the real app. */
export const server = setupServer()
