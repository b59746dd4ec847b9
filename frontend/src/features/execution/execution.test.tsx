import { screen, waitFor, within } from '@testing-library/react'
import { http } from 'msw'
import { describe, expect, it } from 'vitest'

import type { Execution } from '@/lib/executions'
import { api, eventStream, failure, sse, success, world } from '@/testing/api'
import { seriousViolations } from '@/testing/axe'
import { attemptData, DAY, executionData, logLineData, succeededData } from '@/testing/data'
import { renderApp } from '@/testing/render-app'
import { server } from '@/testing/server'

const address = (execution: Execution): string => `/execucao/${execution.id}`

describe('an execution', () => {
  it('shows facts, result, warnings and attempts', async () => {
    const execution = succeededData({
      result: { rows: 12_226, outcome: 'got_it', size_bytes: 482_133, loaded: true, top: [{ codneg: 'PETR4', rows: 10 }] },
      warnings: [{ code: 'RESTATED', message: 'A B3 republicou o arquivo.', context: {} }],
    })
    const error = { code: 'WORKER_LOST', message: 'O worker silenciou.', transient: true, detail: {}, traceback: 'Traceback: linha 7' }
    const lost = attemptData({ outcome: 'LOST', worker_id: 'worker-b', error })
    world({ executions: [execution], attempts: [lost, attemptData({ attempt: 2 })] })
    renderApp(address(execution))
    expect(await screen.findByRole('heading', { level: 1, name: /Baixar cotações da B3/ })).toBeVisible()
    for (const text of ['Concluída com avisos', '12.226', '482,1 kB', 'PETR4', 'A B3 republicou o arquivo.', '0 de 3', 'Agenda']) {
      expect(await screen.findByText(text)).toBeVisible()
    }
    const attempts = screen.getByRole('region', { name: 'Tentativas' })
    expect(await within(attempts).findByText('Worker perdido')).toBeVisible()
    expect(within(attempts).getAllByRole('row')).toHaveLength(3)
    expect(within(attempts).getByText('O worker silenciou.')).toBeVisible()
    expect(within(attempts).getByText('Traceback: linha 7')).toBeInTheDocument()
    await waitFor(async () => expect(await seriousViolations()).toEqual([]))
  })

  it('says what went wrong and what to do', async () => {
    const execution = executionData({
      status: 'FAILED',
      attempt: 3,
      reason: { code: 'ATTEMPTS_USED_UP', context: {}, message: '' },
      error: { code: 'UPSTREAM_UNAVAILABLE', message: 'A CVM respondeu 503.', transient: true, detail: { status: 503 } },
    })
    world({ executions: [execution] })
    renderApp(address(execution))
    const box = await screen.findByRole('region', { name: 'Erro' })
    expect(within(box).getByText('A CVM respondeu 503.')).toBeVisible()
    expect(within(box).getByText(/Falha passageira/)).toBeVisible()
    expect(within(box).getByText(/O que fazer/)).toBeVisible()
    expect(screen.getByText('As tentativas acabaram')).toBeVisible()
  })

  it('that is not there leads back', async () => {
    world({ executions: [] })
    renderApp(address(executionData()))
    expect(await screen.findByText('Execução não encontrada')).toBeVisible()
  })

  it('opens beside the queue, from its title, and closes again', async () => {
    world({ executions: [succeededData()] })
    const { user, router } = renderApp(`/dia/${DAY}`)
    await user.click(await screen.findByRole('link', { name: 'Baixar cotações da B3' }))
    const dialog = await screen.findByRole('dialog')
    expect(await within(dialog).findByText('12.226')).toBeInTheDocument()
    expect(router.state.location.search).toEqual({ execucao: succeededData().id })
    await user.click(within(dialog).getByRole('button', { name: 'Fechar' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(router.state.location.search).toEqual({})
  })
})

describe('actions', () => {
  it('run now asks, offers what depends on it, and tells the server', async () => {
    const execution = executionData()
    world({ executions: [execution] })
    const bodies: unknown[] = []
    server.use(
      http.post(api('/executions/:id/run-now'), async ({ request }) => {
        bodies.push(await request.json())
        return success(execution)
      }),
    )
    const { user } = renderApp(address(execution))
    await user.click(await screen.findByRole('button', { name: 'Executar agora' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByRole('checkbox', { name: /Incluir o que depende dela/ })).toBeChecked()
    await user.click(within(dialog).getByRole('checkbox', { name: /Incluir o que depende dela/ }))
    await user.click(within(dialog).getByRole('button', { name: 'Executar agora' }))
    expect(await screen.findByText(/vem para agora/)).toBeInTheDocument()
    expect(bodies).toEqual([{ with_downstream: false }])
  })

  it('a success can run again, beside itself, once per question', async () => {
    const execution = succeededData()
    world({ executions: [execution] })
    const sent: { key: string | null; body: unknown }[] = []
    server.use(
      http.post(api(`/routines/${execution.routine_id}/run`), async ({ request }) => {
        sent.push({ key: request.headers.get('Idempotency-Key'), body: await request.json() })
        return sent.length === 1 ? failure(503, 'UNAVAILABLE', 'Later.') : success(execution)
      }),
    )
    const { user } = renderApp(address(execution))
    await user.click(await screen.findByRole('button', { name: 'Executar outra vez' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Executar outra vez' }))
    expect(await screen.findByText(/fora do ar ou iniciando/)).toBeInTheDocument()
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Executar outra vez' }))
    expect(await screen.findByText(/vai rodar outra vez/)).toBeInTheDocument()
    expect(sent[0]).toEqual({ key: expect.stringMatching(/^[0-9a-f]{32}$/), body: { business_date: DAY, params: {}, with_downstream: false, dry_run: false } })
    expect(sent[1]).toEqual(sent[0])
  })

  it('cancel can be thought over', async () => {
    const execution = executionData()
    world({ executions: [execution] })
    let cancelled = 0
    server.use(
      http.post(api('/executions/:id/cancel'), () => {
        cancelled += 1
        return success({ ...execution, status: 'CANCELLED' })
      }),
    )
    const { user } = renderApp(address(execution))
    await user.click(await screen.findByRole('button', { name: 'Cancelar' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Voltar' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(cancelled).toBe(0)
    await user.click(screen.getByRole('button', { name: 'Cancelar' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancelar execução' }))
    expect(await screen.findByText(/foi cancelada/)).toBeInTheDocument()
    expect(cancelled).toBe(1)
  })

  it('a refusal is shown with its request id', async () => {
    const execution = executionData({ status: 'FAILED', actions: { cancel: false, retry: true, run_now: false } })
    world({ executions: [execution] })
    server.use(http.post(api('/executions/:id/retry'), () => failure(409, 'EXECUTION_STATE', 'A execução já está na fila.')))
    const { user } = renderApp(address(execution))
    await user.click(await screen.findByRole('button', { name: 'Tentar de novo' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Tentar de novo' }))
    expect(await screen.findByText('A execução já está na fila.')).toBeInTheDocument()
    expect(screen.getByText('Pedido req-bad-1')).toBeInTheDocument()
  })

  it('are not offered to a viewer', async () => {
    const execution = executionData()
    world({ role: 'viewer', executions: [execution] })
    renderApp(address(execution))
    expect(await screen.findByText('Vera Leitora')).toBeVisible()
    expect(await screen.findByText('Começa às 20:45')).toBeVisible()
    for (const name of ['Executar agora', 'Cancelar', 'Tentar de novo']) expect(screen.queryByRole('button', { name })).toBeNull()
  })
})

describe('the log', () => {
  const lines = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => sse('line', logLineData(index + 1), `1:${index + 1}`))

  function streams(...answers: (() => Response)[]): string[] {
    const seen: string[] = []
    server.use(
      http.get(api('/executions/:id/logs/stream'), ({ request }) => {
        seen.push(request.headers.get('Last-Event-ID') ?? '')
        return (answers[seen.length - 1] ?? (() => eventStream([])))()
      }),
    )
    return seen
  }

  it('shows lines with level words, fields and attempts', async () => {
    const execution = succeededData()
    world({ executions: [execution] })
    const warning = logLineData(1, { attempt: 2, level: 'WARNING', message: 'sem ETag', fields: { lote: 3 } })
    streams(() => eventStream([...lines(2), sse('line', warning, '2:1'), sse('end', {})], { open: false }))
    renderApp(address(execution))
    const log = await screen.findByRole('region', { name: 'Log da execução' })
    expect(await within(log).findByText('linha 2')).toBeVisible()
    expect(within(log).getByText('AVISO')).toBeVisible()
    expect(within(log).getByText('lote=3')).toBeVisible()
    expect(within(log).getByText('Tentativa 2')).toBeVisible()
    expect(await screen.findByText('Encerrado')).toBeVisible()
    expect(screen.getByText('3 linhas')).toBeVisible()
  })

  it('goes on where it was after a loss, without repeating a line', async () => {
    const execution = executionData({ status: 'RUNNING', attempt: 1, reason: null, started_at: '2026-11-19T23:45:00Z' })
    world({ executions: [execution] })
    const seen = streams(
      () => eventStream(lines(2), { open: false }),
      () => eventStream([...lines(3), sse('end', {})], { open: false }),
    )
    renderApp(address(execution))
    expect(await screen.findByText('linha 3')).toBeInTheDocument()
    expect(screen.getAllByText('linha 2')).toHaveLength(1)
    expect(seen).toEqual(['', '1:2'])
  })

  it('draws a long log in windows and brings earlier lines back', async () => {
    const execution = succeededData()
    world({ executions: [execution] })
    streams(() => eventStream([...lines(1_200), sse('end', {})], { open: false }))
    const { user } = renderApp(address(execution))
    expect(await screen.findByText('linha 1200')).toBeInTheDocument()
    expect(screen.queryByText('linha 200')).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Carregar 200 linhas anteriores' }))
    expect(screen.getByText('linha 1')).toBeInTheDocument()
  })

  it('follows the status that the stream tells', async () => {
    const execution = executionData({ status: 'RUNNING', attempt: 1, reason: null, started_at: '2026-11-19T23:45:00Z' })
    world({ executions: [execution] })
    streams(() => eventStream([sse('status', succeededData()), sse('end', {})], { open: false }))
    renderApp(address(execution))
    expect(await screen.findByText('Concluída')).toBeVisible()
  })
})
