import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { ExecutionMenu } from '@/features/execution/execution-actions'
import { filterOf, searchOf } from '@/features/queue/queue-search'
import { QueueView } from '@/features/queue/queue-view'

import type { DaySearch } from './-day-search'

const ExecutionDrawer = lazy(() =>
  import('@/features/execution/execution-drawer').then((module) => ({ default: module.ExecutionDrawer })),
)

/** The queue of a day with the execution that the address names opened beside it. */
export function QueuePage({ date, search }: { date: string | null; search: DaySearch }) {
  const navigate = useNavigate()
  const opened = search.execucao ?? null
  return (
    <>
      <QueueView
        date={date}
        filter={filterOf(search)}
        selectedId={opened}
        onFilter={(filter) =>
          void navigate({
            to: '.',
            search: opened === null ? searchOf(filter) : { ...searchOf(filter), execucao: opened },
            replace: true,
            resetScroll: false,
          })
        }
        renderActions={(execution) => <ExecutionMenu execution={execution} />}
      />
      {opened !== null && (
        <Suspense>
          <ExecutionDrawer
            key={opened}
            id={opened}
            onClose={() => void navigate({ to: '.', search: searchOf(filterOf(search)), resetScroll: false })}
          />
        </Suspense>
      )}
    </>
  )
}
