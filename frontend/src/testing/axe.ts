import axe from 'axe-core'

/** Serious and critical accessibility violations in the page. Contrast needs a real browser: the e2e tests measure it. */
export async function seriousViolations(): Promise<string[]> {
  const { violations } = await axe.run(document.documentElement, {
    rules: { 'color-contrast': { enabled: false } },
  })
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`)
}
