import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { describe, expect, it, vi } from 'vitest'

import { api, eventStream, failure, sse, success, world } from '@/testing/api'
import { seriousViolations } from '@/testing/axe'
import { DAY, executionData, executionId, succeededData } from '@/testing/data'
import { renderApp } from '@/testing/render-app'
import { server } from '@/testing/server'

const download = succeededData()
const load = executionData({
  id: executionId(2),
  routine_id: executionId(102),
  routine_name: 'b3-cotahist-carga',
  title: 'Carregar cotações da B3',
  priority: 15,
  band: 2,
  reason: { code: 'WAITING_DEPENDENCY', context: { upstream: [{ name: 'b3-cotahist-download', status: 'RUNNING' }] }, message: '' },
})
const failed = executionData({
  id: executionId(3),
  routine_name: 'cvm-download',
  title: 'Baixar informe da CVM',
  status: 'FAILED',
  reason: null,
  attempt: 3,
  duration_seconds: 72,
  error: { code: 'UPSTREAM', message: 'A CVM respondeu 503.', transient: true, detail: {} },
  actions: { cancel: false, retry: true, run_now: false },
})
const warned = succeededData({
  id: executionId(4),
  routine_name: 'conferencia',
  title: 'Conferir cotações',
  slot: '2026-11-20T10:15:00Z',
  warnings: [{ code: 'RESTATED', message: 'A B3 republicou o arquivo.', context: {} }],
})
const day = [download, load, failed, warned]

async function rowOf(title: string): Promise<HTMLElement> {
  return screen.findByRole('row', { name: new RegExp(title) })
}

describe('the queue of a day', () => {
  it('shows every execution with status, slot, duration, rows, warnings and the reason', async () => {
    world({ executions: day })
    renderApp(`/dia/${DAY}`)
    const first = await rowOf('Baixar cotações da B3')
    for (const text of ['Concluída', '5', '20:45', '1,9 s', '12.226']) expect(within(first).getByText(text)).toBeVisible()
    expect(within(await rowOf('Carregar cotações')).getByText('Aguardando b3-cotahist-download (executando)')).toBeVisible()
    expect(within(await rowOf('CVM')).getByText('A CVM respondeu 503.')).toBeVisible()
    const last = await rowOf('Conferir cotações')
    expect(within(last).getByText('Concluída com avisos')).toBeVisible()
    expect(within(last).getByText('1 aviso')).toBeInTheDocument()
    // A slot on the morning after its business date says so.
    expect(within(last).getByText('20/11')).toBeVisible()
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Quinta-feira, 19 de novembro de 2026')
  })

  it('is a table with a caption, column and row headers, and no serious accessibility problem', async () => {
    world({ executions: day })
    renderApp(`/dia/${DAY}`)
    await rowOf('CVM')
    const table = screen.getByRole('table', { name: /Execuções de quinta-feira, 19 de novembro/ })
    expect(within(table).getAllByRole('columnheader')).toHaveLength(9)
    expect(within(table).getAllByRole('rowheader')).toHaveLength(day.length)
    expect(screen.getByRole('main')).toContainElement(table)
    expect(screen.getByRole('banner')).toBeInTheDocument()
    expect(await seriousViolations()).toEqual([])
  })

  it('counts per status and filters by it, at the server and in the address', async () => {
    const asked = world({ executions: day })
    const { user, router } = renderApp(`/dia/${DAY}`)
    await rowOf('CVM')
    const chips = screen.getByRole('group', { name: 'Filtrar por situação' })
    expect(within(chips).getByRole('button', { name: /Concluídas 2/ })).toBeVisible()
    expect(within(chips).queryByRole('button', { name: /Ignoradas/ })).toBeNull()
    await user.click(within(chips).getByRole('button', { name: /Pendentes 1/ }))
    await waitFor(() => expect(screen.queryByText('Baixar informe da CVM')).toBeNull())
    expect(asked.at(-1)?.getAll('status')).toEqual(['PENDING', 'QUEUED'])
    expect(router.state.location.search).toEqual({ situacao: 'PENDING,QUEUED' })
    await user.click(within(chips).getByRole('button', { name: /Todas/ }))
    expect(await rowOf('CVM')).toBeVisible()
  })

  it('searches by text, and a search without a hit can be undone', async () => {
    const asked = world({ executions: day })
    const { user } = renderApp(`/dia/${DAY}`)
    await rowOf('CVM')
    await user.type(screen.getByRole('searchbox', { name: 'Buscar rotina' }), 'carga')
    await waitFor(() => expect(screen.queryByText('Baixar informe da CVM')).toBeNull())
    expect(asked.at(-1)?.get('q')).toBe('carga')
    await user.type(screen.getByRole('searchbox', { name: 'Buscar rotina' }), 'zzz')
    await user.click(await screen.findByRole('button', { name: 'Limpar filtros' }))
    expect(await rowOf('CVM')).toBeVisible()
  })

  it('opens with the filter that a link names', async () => {
    const asked = world({ executions: day })
    renderApp(`/dia/${DAY}?situacao=FAILED&busca=cvm`)
    await rowOf('CVM')
    expect(asked[0]?.getAll('status')).toEqual(['FAILED'])
    expect(asked[0]?.get('q')).toBe('cvm')
    expect(screen.getByRole('button', { name: /Erro 1/ })).toHaveAttribute('aria-pressed', 'true')
  })

  it('loads the next page on request', async () => {
    world({ executions: day })
    server.use(
      http.get(api('/executions'), ({ request }) => {
        const second = new URL(request.url).searchParams.get('cursor') === 'next'
        return success(second ? [failed] : [download], { limit: 1, has_more: !second, next_cursor: second ? null : 'next' })
      }),
    )
    const { user } = renderApp(`/dia/${DAY}`)
    await user.click(await screen.findByRole('button', { name: 'Carregar mais' }))
    expect(await rowOf('CVM')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Carregar mais' })).toBeNull()
  })

  it('is shown in English too', async () => {
    world({ executions: day })
    const { user } = renderApp(`/dia/${DAY}`)
    await rowOf('CVM')
    await user.click(screen.getByRole('button', { name: /^Menu de Otávio Operador/ }))
    await user.click(await screen.findByText('English'))
    expect(await screen.findByText('Waiting for b3-cotahist-download (running)')).toBeVisible()
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Thursday, November 19, 2026')
    expect(document.documentElement.lang).toBe('en')
  })
})

describe('roles', () => {
  it('an operator sees actions', async () => {
    world({ executions: day })
    renderApp(`/dia/${DAY}`)
    expect(await screen.findByRole('button', { name: 'Executar rotinas de hoje agora' })).toBeVisible()
    expect(within(await rowOf('CVM')).getByRole('button', { name: /Ações de/ })).toBeVisible()
  })

  it('a viewer sees none', async () => {
    world({ role: 'viewer', executions: day })
    renderApp(`/dia/${DAY}`)
    await rowOf('CVM')
    expect(await screen.findByText('Vera Leitora')).toBeVisible()
    expect(screen.queryByRole('button', { name: /Executar/ })).toBeNull()
    expect(screen.queryByRole('button', { name: /Ações de/ })).toBeNull()
    expect(screen.getAllByRole('columnheader')).toHaveLength(8)
  })

  it('a person without a role is told what to do', async () => {
    world({ me: { subject: 'x', name: 'Nina', email: null, roles: [], may: [] } })
    renderApp('/')
    expect(await screen.findByText(/Peça a quem administra/)).toBeVisible()
    expect(screen.queryByRole('table')).toBeNull()
  })
})

describe('running the day', () => {
  it('asks first, then tells the server and says what happened', async () => {
    world({ executions: day })
    const bodies: unknown[] = []
    server.use(
      http.post(api('/scheduler/run'), async ({ request }) => {
        bodies.push(await request.json())
        return success({ business_date: DAY, created: 0, already_there: 4, brought_forward: 3 })
      }),
    )
    const { user } = renderApp('/')
    await user.click(await screen.findByRole('button', { name: 'Executar rotinas de hoje agora' }))
    expect(bodies).toEqual([])
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Executar agora' }))
    expect(await screen.findByText(/3 execuções vêm para agora/)).toBeInTheDocument()
    expect(bodies).toEqual([{ business_date: DAY }])
  })

  it('shows a refusal with its request id', async () => {
    world({ executions: day })
    server.use(http.post(api('/scheduler/run'), () => failure(409, 'OUTSIDE_COVERAGE', 'O calendário B3 não cobre esta data.')))
    const { user } = renderApp('/')
    await user.click(await screen.findByRole('button', { name: 'Executar rotinas de hoje agora' }))
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Executar agora' }))
    const toast = await screen.findByText(/não cobre esta data/)
    expect(toast).toBeInTheDocument()
    expect(screen.getByText('Pedido req-bad-1')).toBeInTheDocument()
  })
})

describe('what stands in the way', () => {
  it('a holiday leads to the last session', async () => {
    world({
      executions: [],
      status: {
        today: DAY,
        calendars: [{ code: 'B3', is_business_day: false, note: 'Consciência Negra' }],
        last_session: { B3: '2026-11-18', ANBIMA: '2026-11-18' },
      },
    })
    const { user, router } = renderApp('/')
    expect(await screen.findByText(/Hoje não há pregão na B3/)).toBeVisible()
    expect(screen.getByText(/Consciência Negra/)).toBeVisible()
    expect(await screen.findByText('Nenhuma rotina nesta fila ainda')).toBeVisible()
    await user.click(screen.getByRole('link', { name: /Ver o último pregão/ }))
    expect(router.state.location.pathname).toBe('/dia/2026-11-18')
  })

  it('a silent scheduler and missing workers are said at once', async () => {
    world({ executions: day, status: { schedulers_alive: 0, workers_alive: 0, slots: 0, slots_free: 0 } })
    renderApp('/')
    expect(await screen.findByText(/O agendador está em silêncio/)).toBeVisible()
    expect(screen.getByText(/Nenhum worker está no ar/)).toBeVisible()
    expect(screen.getAllByRole('alert')).toHaveLength(2)
  })

  it('a server that is away is said, and the way back is offered', async () => {
    world({ executions: day })
    server.use(http.get(api('/scheduler/queue/status'), () => HttpResponse.html('Bad Gateway', { status: 502 })))
    const { user } = renderApp('/')
    expect(await screen.findByText(/Um serviço está fora do ar ou iniciando/)).toBeVisible()
    world({ executions: day })
    await user.click(screen.getByRole('button', { name: 'Tentar de novo' }))
    expect(await rowOf('CVM')).toBeVisible()
  })

  it('what is on the screen stays when the server goes away, and says how old it is', async () => {
    world({ executions: day })
    const { queryClient } = renderApp('/')
    await rowOf('CVM')
    server.use(http.get(api('/scheduler/queue/status'), () => HttpResponse.error()))
    await queryClient.invalidateQueries({ queryKey: ['queue-status'] })
    expect(await screen.findByText(/Última atualização às/)).toBeVisible()
    expect(await rowOf('CVM')).toBeVisible()
  })

  it('an answer that breaks the screen is shown as a problem, not as a white page', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    world({ executions: day })
    server.use(http.get(api('/executions'), () => success([{ id: 'half an execution' }], { limit: 200, has_more: false, next_cursor: null })))
    renderApp('/')
    expect(await screen.findByText(/Um erro inesperado interrompeu esta tela/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Tentar de novo' })).toBeVisible()
    expect(logged).toHaveBeenCalled()
  })

  it('an address that does not exist says so', async () => {
    world()
    renderApp('/nowhere')
    expect(await screen.findByText('Página não encontrada')).toBeVisible()
  })

  it('an address that is no date says so', async () => {
    world()
    renderApp('/dia/2026-02-30')
    expect(await screen.findByText(/“2026-02-30” não é uma data/)).toBeVisible()
  })
})

describe('live', () => {
  it('an event refreshes the row without a reload', async () => {
    world({ executions: [load] })
    let send: (text: string) => void = () => undefined
    server.use(
      http.get(api('/events/stream'), () => {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            send = (text) => controller.enqueue(new TextEncoder().encode(text))
            send(': hello\n\n')
          },
        })
        return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } })
      }),
    )
    renderApp('/')
    expect(within(await rowOf('Carregar cotações')).getByText('Pendente')).toBeVisible()
    expect(await screen.findByText('Ao vivo')).toBeInTheDocument()
    server.use(
      http.get(api('/executions'), () => success([{ ...load, status: 'SUCCEEDED', reason: null }], { limit: 200, has_more: false, next_cursor: null })),
    )
    send(sse('execution.succeeded', { execution_id: load.id }))
    expect(await within(await rowOf('Carregar cotações')).findByText('Concluída')).toBeVisible()
  })

  it('says when the stream is lost', async () => {
    world({ executions: [load] })
    server.use(http.get(api('/events/stream'), () => eventStream([], { open: false })))
    renderApp('/')
    expect(await screen.findByText('Reconectando')).toBeInTheDocument()
  })
})

describe('moving between days', () => {
  it('keeps the filter and closes what was open', async () => {
    world({ executions: day })
    const { user, router } = renderApp(`/dia/${DAY}?situacao=FAILED`)
    await rowOf('CVM')
    await user.click(screen.getByRole('button', { name: 'Dia anterior' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/dia/2026-11-18'))
    expect(router.state.location.search).toEqual({ situacao: 'FAILED' })
    await user.click(screen.getByRole('button', { name: 'Hoje' }))
    await waitFor(() => expect(router.state.location.pathname).toBe('/'))
  })
})

describe('the user menu', () => {
  it('shows who is signed in, switches the theme and signs out', async () => {
    world()
    const { user, signOut } = renderApp('/')
    await user.click(await screen.findByRole('button', { name: /^Menu de Otávio Operador/ }))
    expect(await screen.findByText('Operador · operator@rotina.local')).toBeInTheDocument()
    await user.click(screen.getByText('Escuro'))
    expect(document.documentElement).toHaveAttribute('data-mantine-color-scheme', 'dark')
    expect(window.localStorage.getItem('mantine-color-scheme-value')).toBe('dark')
    await user.click(screen.getByRole('menuitem', { name: 'Sair' }))
    expect(signOut).toHaveBeenCalledOnce()
  })
})
