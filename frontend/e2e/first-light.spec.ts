import { expect, type Page, test } from '@playwright/test'

import { confirm, expectAccessible, fillLogin, goToLastSession, rowsOf, signIn, watch } from './app'
import { stack, user } from './stack'

const DOWNLOAD = 'b3-cotahist-download'
const LOAD = 'b3-cotahist-carga'
const DONE = /Concluída/
const RUN_DAY = /^Executar rotinas (de hoje|deste dia) agora$/

test('a wrong password is refused with a message', async ({ page }) => {
  await page.goto('/')
  await fillLogin(page, 'operator', 'not the password')
  await expect(page.getByText('Usuário ou senha incorretos.')).toBeVisible()
  expect(new URL(page.url()).origin).toBe(new URL(stack.oidc.issuer).origin)
})

async function expectLoaded(page: Page): Promise<void> {
  const download = rowsOf(page, DOWNLOAD).first()
  const load = rowsOf(page, LOAD).first()
  await expect(download).toContainText(DONE, { timeout: 60_000 })
  await expect(load).toContainText(DONE, { timeout: 60_000 })
  // Both know how many lines the session has, and agree.
  const counts = await Promise.all([download, load].map((row) => row.getByRole('cell').nth(4).innerText()))
  expect(counts[0]).toMatch(/^\d{1,3}(\.\d{3})*$/)
  expect(counts[1]).toBe(counts[0])
}

test('an operator runs the B3 download and watches download and load succeed', async ({ page }) => {
  const problems = watch(page)
  await signIn(page, 'operator')
  await expect(page.getByText('Ao vivo')).toBeVisible()
  await goToLastSession(page)

  await test.step('run the day', async () => {
    await page.getByRole('button', { name: RUN_DAY }).click()
    await confirm(page, 'Executar agora')
    await expectLoaded(page)
  })

  await test.step('run the download again from its row, and see it without a reload', async () => {
    const before = await rowsOf(page, DOWNLOAD).count()
    await rowsOf(page, DOWNLOAD).first().getByRole('button', { name: /Ações de/ }).click()
    await page.getByRole('menuitem', { name: 'Executar outra vez' }).click()
    await confirm(page, 'Executar outra vez')
    await expect(rowsOf(page, DOWNLOAD)).toHaveCount(before + 1)
    for (const row of await rowsOf(page, DOWNLOAD).all()) await expect(row).toContainText(DONE, { timeout: 60_000 })
  })

  await page.getByRole('button', { name: 'Fechar' }).first().click()
  await expect(page.getByText(/vai rodar outra vez/)).toHaveCount(0)
  await page.screenshot({ path: 'test-results/today.png' })
  const readme = process.env['README_SCREENSHOT']
  if (readme !== undefined && readme !== '') await page.screenshot({ path: '../.docs/images/today.png' })

  await test.step('open the log of the load', async () => {
    await rowsOf(page, LOAD).first().getByRole('link').click()
    const drawer = page.getByRole('dialog')
    const log = drawer.getByRole('region', { name: 'Log da execução' })
    await expect(log.getByRole('listitem').first()).toBeVisible()
    await expect(log).toContainText('loaded')
    await expect(drawer.getByText('Encerrado')).toBeVisible()
    await expect(drawer.getByRole('region', { name: 'Tentativas' })).toContainText(DONE)
    await page.screenshot({ path: 'test-results/execution-drawer.png' })
    await drawer.getByRole('button', { name: 'Fechar' }).click()
    await expect(drawer).toHaveCount(0)
  })
  expect(problems).toEqual([])
})

test('tokens stay in memory, and a reload needs no password', async ({ page }) => {
  const tokens = new Set<string>()
  page.on('request', (request) => {
    const authorization = request.headers()['authorization']
    if (authorization !== undefined) tokens.add(authorization.replace('Bearer ', ''))
  })
  await signIn(page, 'operator')
  await expect.poll(() => tokens.size).toBeGreaterThan(0)
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))
  for (const token of tokens) expect(stored).not.toContain(token)
  expect(stored).not.toContain('eyJ')
  expect(stored).not.toContain('refresh_token')
  await page.reload()
  await expect(page.getByRole('button', { name: `Menu de ${user('operator').name}` })).toBeVisible()
  expect(new URL(page.url()).origin).toBe(new URL(stack.url).origin)
})

test('a token that is refused is renewed without a word to the person', async ({ page }) => {
  const problems = watch(page)
  let renewals = 0
  page.on('request', (request) => {
    if (request.url() === `${stack.oidc.issuer.replace(/\/$/, '')}/token` && (request.postData() ?? '').includes('refresh_token')) renewals += 1
  })
  await signIn(page, 'operator')
  const seen = new Set<string>()
  await page.route('**/api/v1/scheduler/queue/status*', async (route) => {
    const authorization = route.request().headers()['authorization'] ?? ''
    const first = seen.size === 0
    seen.add(authorization)
    if (!first) return route.continue()
    const body = { status: 'error', code: 'UNAUTHENTICATED', message: 'expired', details: null, timestamp: '', request_id: 'x' }
    return route.fulfill({ status: 401, json: body })
  })
  await page.getByRole('button', { name: 'Dia anterior' }).click()
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText('Hoje')
  await expect.poll(() => seen.size).toBe(2)
  expect(renewals).toBe(1)
  // The browser writes the 401 to the console; nothing else may be there.
  expect(problems.filter((problem) => !problem.includes('401'))).toEqual([])
})

test('an address is kept through the sign-in', async ({ page }) => {
  await signIn(page, 'operator', '/dia/2024-11-08?situacao=FAILED')
  await expect(page).toHaveURL(`${stack.url}/dia/2024-11-08?situacao=FAILED`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sexta-feira, 8 de novembro de 2024')
})

test('a viewer sees the queue and no action, and the API refuses one', async ({ page, request }) => {
  let authorization = ''
  page.on('request', (one) => {
    authorization = one.headers()['authorization'] ?? authorization
  })
  await signIn(page, 'viewer')
  await goToLastSession(page)
  await expect(rowsOf(page, LOAD).first()).toContainText(DONE)
  await expect(page.getByText('Leitor', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: RUN_DAY })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /Ações de/ })).toHaveCount(0)
  await rowsOf(page, LOAD).first().getByRole('link').click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('region', { name: 'Log da execução' })).toContainText('loaded')
  await expect(drawer.getByRole('button', { name: /Executar|Cancelar|Tentar/ })).toHaveCount(0)
  const refused = await request.post('/api/v1/scheduler/run', { headers: { Authorization: authorization }, data: {} })
  expect(refused.status()).toBe(403)
  const anonymous = await request.post('/api/v1/scheduler/run', { data: {} })
  expect(anonymous.status()).toBe(401)
  expect(anonymous.headers()['www-authenticate']).toContain('Bearer')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious accessibility violation, ${colorScheme}, on a desktop and on a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await signIn(page, 'operator')
    await expectAccessible(page)
    await goToLastSession(page)
    await expect(rowsOf(page, LOAD).first()).toContainText(DONE)
    await expectAccessible(page)
    await page.screenshot({ path: `test-results/queue-${colorScheme}.png` })
    await rowsOf(page, LOAD).first().getByRole('link').click()
    await page.getByRole('dialog').getByRole('link', { name: 'Abrir em página inteira' }).click()
    await expect(page.getByRole('region', { name: 'Log da execução' })).toContainText('loaded')
    await expect(page.getByRole('region', { name: 'Tentativas' })).toBeVisible()
    await expectAccessible(page)
    await page.screenshot({ path: `test-results/execution-${colorScheme}.png`, fullPage: true })
    await page.setViewportSize({ width: 390, height: 844 })
    await expectAccessible(page)
    await page.goBack()
    await page.goBack()
    await expect(page.getByRole('listitem').first()).toBeVisible()
    await expectAccessible(page)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `test-results/phone-${colorScheme}.png` })
  })
}

test('the keyboard alone opens and closes an execution', async ({ page }) => {
  await signIn(page, 'operator')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Ir para o conteúdo' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await goToLastSession(page)
  await expect(rowsOf(page, LOAD).first()).toBeVisible()
  await rowsOf(page, LOAD).first().getByRole('link').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('a lost connection is said, and comes back by itself', async ({ page, context }) => {
  await signIn(page, 'operator')
  await expect(page.getByText('Ao vivo')).toBeVisible()
  await context.setOffline(true)
  await expect(page.getByText(/O servidor não respondeu/)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('table')).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText(/O servidor não respondeu/)).toHaveCount(0, { timeout: 30_000 })
  await expect(page.getByText('Ao vivo')).toBeVisible({ timeout: 30_000 })
})

test('language and theme are remembered', async ({ page }) => {
  await signIn(page, 'operator')
  await page.getByRole('button', { name: /^Menu de/ }).click()
  await page.getByText('English').click()
  await page.getByText('Dark', { exact: true }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Today')
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test('signing out ends the session at the provider too', async ({ page }) => {
  await signIn(page, 'operator')
  await page.getByRole('button', { name: /^Menu de/ }).click()
  await page.getByRole('menuitem', { name: 'Sair' }).click()
  await expect(page.getByRole('heading', { name: 'Você saiu' })).toBeVisible()
  await page.getByRole('button', { name: 'Entrar' }).click()
  await expect(page.getByLabel('Senha')).toBeVisible()
})
