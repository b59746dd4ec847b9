export interface Throttled {
  call: () => void
  cancel: () => void
}

/**
 * Calls `action` at once, then again at most once per `milliseconds` and never before the last call's promise has
 * settled; calls that come in between end in one more call, so that the last one always takes effect.
 */
export function throttle(action: () => Promise<unknown>, milliseconds: number): Throttled {
  let busy = false
  let again = false
  let stopped = false
  async function run(): Promise<void> {
    busy = true
    again = false
    await Promise.allSettled([action(), new Promise((done) => setTimeout(done, milliseconds))])
    busy = false
    if (again && !stopped) void run()
  }
  return {
    call() {
      if (busy) again = true
      else if (!stopped) void run()
    },
    cancel() {
      stopped = true
    },
  }
}
