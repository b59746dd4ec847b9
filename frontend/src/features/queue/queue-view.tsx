import { Button, Loader, Skeleton, TextInput, CloseButton } from '@mantine/core'
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { IconSearch } from '@/components/icons'
import { ProblemView } from '@/components/problem-view'
import type { Execution, QueueStatus } from '@/lib/executions'
import { formatNumber } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { useMay } from '@/lib/me'

import { type QueueFilter, useQueue } from './api/queue'
import { useQueueStatus } from './api/queue-status'
import { DayHeading } from './day-heading'
import { EngineNotices, OfflineNotice, SessionNotice } from './notices'
import { QueueAnnouncer } from './queue-announcer'
import { QueueCards } from './queue-cards'
import { EmptyDay, EmptyFilter } from './queue-empty'
import { QueueTable } from './queue-table'
import classes from './queue-view.module.css'
import { StatusChips } from './status-chips'

const SEARCH_PAUSE_MS = 250

interface Props {
  /** A business date, or null for today. */
  date: string | null
  filter: QueueFilter
  selectedId: string | null
  onFilter: (filter: QueueFilter) => void
  renderActions: (execution: Execution) => ReactNode
}

function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const announce = useDebouncedCallback(onChange, SEARCH_PAUSE_MS)
  useEffect(() => {
    // Filters were cleared elsewhere; while the person types, their text is the newer one.
    if (document.activeElement !== input.current) setText(value)
  }, [value])
  function change(next: string): void {
    setText(next)
    announce(next.trim())
  }
  return (
    <TextInput
      ref={input}
      className={classes.search ?? ''}
      type="search"
      aria-label={t('filter.search')}
      placeholder={t('filter.searchPlaceholder')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={text === '' ? null : <CloseButton size="sm" aria-label={t('filter.clearSearch')} onClick={() => change('')} />}
      maxLength={100}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  )
}

function Loading() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('app.loading')} className={classes.loading}>
      {Array.from({ length: 6 }, (_, index) => (
        <Skeleton key={index} height={52} radius="sm" />
      ))}
    </div>
  )
}

function QueueList({ status, filter, onFilter, selectedId, renderActions }: Omit<Props, 'date'> & { status: QueueStatus }) {
  const { t } = useTranslation()
  const narrow = useMediaQuery('(max-width: 58em)', false, { getInitialValueInEffect: false })
  const withActions = useMay('operator')
  const language = useLanguage()
  const queue = useQueue(status.business_date, filter)
  if (queue.isPending) return <Loading />
  if (queue.data === undefined) return <ProblemView error={queue.error} onRetry={() => void queue.refetch()} />
  const executions = queue.data.pages.flatMap((page) => page.items)
  if (executions.length === 0) {
    return status.total === 0 ? <EmptyDay status={status} /> : <EmptyFilter onClear={() => onFilter({ statuses: [], text: '' })} />
  }
  const List = narrow ? QueueCards : QueueTable
  return (
    <>
      <div className={classes.list} data-stale={queue.isPlaceholderData || undefined}>
        <List
          date={status.business_date}
          executions={executions}
          selectedId={selectedId}
          withActions={withActions}
          renderActions={renderActions}
        />
      </div>
      {queue.hasNextPage && (
        <div className={classes.more}>
          <span>{t('queue.showing', { shown: formatNumber(executions.length, language) })}</span>
          <Button variant="default" loading={queue.isFetchingNextPage} onClick={() => void queue.fetchNextPage()}>
            {t('queue.loadMore')}
          </Button>
        </div>
      )}
    </>
  )
}

/** The day's queue: how it stands, what stands in its way, and every execution. */
export function QueueView(props: Props) {
  const { t } = useTranslation()
  const status = useQueueStatus(props.date)
  const { filter, onFilter } = props
  if (status.data === undefined) {
    if (status.error !== null) return <ProblemView error={status.error} onRetry={() => void status.refetch()} />
    return <Loader className={classes.loader ?? ''} aria-label={t('app.loading')} />
  }
  const problem = status.error ?? (status.failureCount > 0 ? status.failureReason : null)
  return (
    <div className={classes.view}>
      <QueueAnnouncer key={status.data.business_date} status={status.data} />
      <DayHeading status={status.data} />
      {problem !== null && <OfflineNotice error={problem} updatedAt={status.dataUpdatedAt} />}
      <EngineNotices status={status.data} />
      <SessionNotice status={status.data} />
      {(status.data.total > 0 || filter.statuses.length > 0 || filter.text !== '') && (
        <div className={classes.toolbar}>
          <StatusChips counts={status.data.counts} total={status.data.total} filter={filter} onChange={onFilter} />
          <SearchBox value={filter.text} onChange={(text) => onFilter({ ...filter, text })} />
        </div>
      )}
      <QueueList {...props} status={status.data} />
    </div>
  )
}
