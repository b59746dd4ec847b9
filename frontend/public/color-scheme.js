// Runs before the first paint so that a dark screen never flashes white. A file, not an inline script: the content
// security policy allows scripts from this origin only. The key is Mantine's.
;(function () {
  var stored = null
  try {
    stored = window.localStorage.getItem('mantine-color-scheme-value')
  } catch {
    // Storage may be blocked by the browser's settings; the system's preference stands then.
    stored = null
  }
  var dark = stored === 'dark' || (stored !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
