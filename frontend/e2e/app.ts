import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'

import { stack, user } from './stack'

const OURS = new Set([new URL(stack.url).origin, new URL(stack.oidc.issuer).origin])

/** What a page did that it must not: requests to strangers, and errors in the console (a refused resource is one). */
export function watch(page: Page): string[] {
  const problems: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && !OURS.has(url.origin)) problems.push(`request to ${url.origin}`)
  })
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  return problems
}

export async function fillLogin(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('Usuário').fill(username)
  await page.getByLabel('Senha').fill(password)
  await page.getByRole('button', { name: 'Entrar' }).click()
}

/** Opens an address as a person who is not signed in yet: the app leads to the provider and back. */
export async function signIn(page: Page, username: string, path = '/'): Promise<void> {
  const { password, name } = user(username)
  await page.goto(path)
  await expect(page).toHaveURL(new RegExp(`^${new URL(stack.oidc.issuer).origin}`))
  await fillLogin(page, username, password)
  await expect(page.getByRole('button', { name: `Menu de ${name}` })).toBeVisible()
}

/** From today to the last day on which B3 traded: today itself, or the day that the notice leads to. */
export async function goToLastSession(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hoje')
  const holiday = page.getByRole('link', { name: /Ver o último pregão/ })
  if ((await holiday.count()) === 0) return
  await holiday.click()
  await expect(page).toHaveURL(/\/dia\/\d{4}-\d{2}-\d{2}$/)
}

export function rowsOf(page: Page, routine: string): Locator {
  return page.locator(`[data-routine="${routine}"]`)
}

export async function confirm(page: Page, label: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: label }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter((one) => one.impact === 'serious' || one.impact === 'critical')
  expect(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}
