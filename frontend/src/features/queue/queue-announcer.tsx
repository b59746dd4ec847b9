import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { QueueStatus } from '@/lib/executions'

import { countOf, STATUS_GROUPS } from './queue-search'

const QUIET_MS = 10_000

function useSummary(status: QueueStatus): string {
  const { t } = useTranslation()
  const count = Object.fromEntries(STATUS_GROUPS.map((group) => [group.name, countOf(group, status.counts)]))
  return t('queue.updated', {
    running: count['RUNNING'],
    pending: count['PENDING'],
    succeeded: count['SUCCEEDED'],
    failed: count['FAILED'],
  })
}

/** Tells screen readers how the day stands when it changed, at most every ten seconds, and nothing at the first view. */
export function QueueAnnouncer({ status }: { status: QueueStatus }) {
  const summary = useSummary(status)
  const known = useRef(summary)
  const [spoken, setSpoken] = useState('')
  useEffect(() => {
    if (summary === known.current) return undefined
    const timer = setTimeout(() => {
      known.current = summary
      setSpoken(summary)
    }, spoken === '' ? 1_000 : QUIET_MS)
    return () => clearTimeout(timer)
  }, [summary, spoken])
  return (
    <div className="visually-hidden" aria-live="polite">
      {spoken}
    </div>
  )
}
