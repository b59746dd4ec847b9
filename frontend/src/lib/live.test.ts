import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createRefresher, executionIdOf } from './live'
import { throttle } from './throttle'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('throttle', () => {
  it('acts at once, then once per period, and never forgets the last call', async () => {
    const action = vi.fn(() => Promise.resolve())
    const throttled = throttle(action, 500)
    for (let i = 0; i < 100; i += 1) throttled.call()
    expect(action).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(action).toHaveBeenCalledTimes(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(action).toHaveBeenCalledTimes(2)
  })

  it('waits for a slow action before the next one', async () => {
    const finish: (() => void)[] = []
    const action = vi.fn(() => new Promise<void>((done) => finish.push(done)))
    const throttled = throttle(action, 500)
    throttled.call()
    throttled.call()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(action).toHaveBeenCalledTimes(1)
    finish[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(action).toHaveBeenCalledTimes(2)
  })

  it('stops when told to', async () => {
    const action = vi.fn(() => Promise.resolve())
    const throttled = throttle(action, 500)
    throttled.call()
    throttled.call()
    throttled.cancel()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(action).toHaveBeenCalledTimes(1)
  })
})

describe('events', () => {
  it('refresh the day and the executions that changed, at most twice a second', async () => {
    const queryClient = new QueryClient()
    const invalidated = vi.spyOn(queryClient, 'invalidateQueries').mockResolvedValue()
    const refresher = createRefresher(queryClient, 500)
    for (let i = 0; i < 50; i += 1) refresher.onEvent({ type: 'execution.started', data: `{"execution_id":"e${i % 2}"}`, id: '' })
    await vi.advanceTimersByTimeAsync(499)
    expect(invalidated.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([['queue-status'], ['queue'], ['execution', 'e0']])
    await vi.advanceTimersByTimeAsync(1)
    expect(invalidated.mock.calls.slice(3).map(([filter]) => filter?.queryKey)).toEqual([
      ['queue-status'],
      ['queue'],
      ['execution', 'e1'],
      ['execution', 'e0'],
    ])
  })

  it('that were left out refresh everything', () => {
    const queryClient = new QueryClient()
    const invalidated = vi.spyOn(queryClient, 'invalidateQueries').mockResolvedValue()
    createRefresher(queryClient, 500).onEvent({ type: 'resync', data: '{}', id: '' })
    expect(invalidated.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([['queue-status'], ['queue'], ['execution']])
  })

  it.each([
    ['{"execution_id":"abc"}', 'abc'],
    ['{"worker_id":"w"}', null],
    ['[1]', null],
    ['not json', null],
    ['null', null],
  ])('%s is about %s', (data, id) => {
    expect(executionIdOf({ data })).toBe(id)
  })
})
