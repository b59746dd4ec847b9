import { describe, expect, it } from 'vitest'

import { violation } from './boundaries'

describe('imports', () => {
  it.each([
    ['routes/index.tsx', 'features/queue/queue-view'],
    ['features/queue/queue-view.tsx', 'components/status-badge'],
    ['features/queue/api/queue.ts', 'features/queue/queue-search'],
    ['components/status-badge.tsx', 'lib/executions'],
    ['lib/api.ts', 'client/core-api'],
    ['main.tsx', 'features/session/start-failed'],
    ['testing/render-app.tsx', 'router'],
  ])('%s may import %s', (from, to) => {
    expect(violation(from, to)).toBeNull()
  })

  it.each([
    ['features/queue/queue-view.tsx', 'features/execution/facts', 'may not import feature "execution"'],
    ['features/born-today/view.tsx', 'features/queue/queue-view', 'may not import feature "queue"'],
    ['components/logo.tsx', 'features/queue/queue-view', 'components may not import features'],
    ['lib/api.ts', 'components/logo', 'lib may not import components'],
    ['client/core-api.ts', 'lib/api', 'client may not import lib'],
    ['features/queue/queue-view.tsx', 'routes/index', 'features may not import routes'],
    ['lib/api.ts', 'router', 'only the entry files'],
  ])('%s may not import %s', (from, to, why) => {
    expect(violation(from, to)).toContain(why)
  })
})
