const RELOADED_AT = 'rotina.reloaded-at'
const PAUSE_MS = 60_000

/**
 * After an update of the installation an open page asks for chunks that are no longer there. Loading the page anew gets
 * the new ones; at most once a minute, so that a broken installation does not reload for ever.
 */
export function reloadWhenAssetsAreGone(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(window.sessionStorage.getItem(RELOADED_AT) ?? 0)
    if (Date.now() - last < PAUSE_MS) return
    window.sessionStorage.setItem(RELOADED_AT, String(Date.now()))
    event.preventDefault()
    window.location.reload()
  })
}
