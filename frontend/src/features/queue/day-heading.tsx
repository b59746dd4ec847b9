import { useTranslation } from 'react-i18next'

import type { QueueStatus } from '@/lib/executions'
import { formatDate, formatTime } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { useMay } from '@/lib/me'
import { usePageTitle } from '@/lib/use-page-title'

import classes from './day-heading.module.css'
import { RunDayButton } from './run-day-button'

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}

/** The day, how it stands in one line, and the day's one big action. */
export function DayHeading({ status }: { status: QueueStatus }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const mayOperate = useMay('operator')
  const isToday = status.business_date === status.today
  usePageTitle(isToday ? t('queue.titleToday') : formatDate(status.business_date, language))
  const facts = [
    t('queue.executions', { count: status.total }),
    status.next_due_at === null ? null : t('queue.nextDue', { time: formatTime(status.next_due_at, language) }),
    status.workers_alive === 0 ? null : t('queue.slots', { free: status.slots_free, total: status.slots }),
  ]
  return (
    <div className={classes.heading}>
      <div>
        <h1 className={classes.title}>
          {isToday && <span>{t('queue.titleToday')}</span>}
          <span data-quiet={isToday || undefined}>{capitalised(formatDate(status.business_date, language, 'long'))}</span>
        </h1>
        <p className={classes.facts}>{facts.filter((fact) => fact !== null).join(' · ')}</p>
      </div>
      {mayOperate && status.total > 0 && <RunDayButton date={status.business_date} isToday={isToday} />}
    </div>
  )
}
