import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { IconCalendar, IconSearch } from '@/components/icons'
import type { QueueStatus } from '@/lib/executions'
import { useMay } from '@/lib/me'

import classes from './queue-empty.module.css'
import { RunDayButton } from './run-day-button'

/** A day without executions: says when they come, and brings them now for those who may. */
export function EmptyDay({ status }: { status: QueueStatus }) {
  const { t } = useTranslation()
  const mayOperate = useMay('operator')
  const { business_date: date, today } = status
  const text = date === today ? 'queue.emptyToday' : date < today ? 'queue.emptyPast' : 'queue.emptyFuture'
  return (
    <div className={classes.empty}>
      <IconCalendar size={28} aria-hidden />
      <h2 className={classes.title}>{t('queue.emptyTitle')}</h2>
      <p className={classes.text}>
        {t(text)} {t(mayOperate ? 'queue.emptyYouMay' : 'queue.emptyAsk')}
      </p>
      {mayOperate && <RunDayButton date={date} isToday={date === today} />}
    </div>
  )
}

export function EmptyFilter({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.empty}>
      <IconSearch size={28} aria-hidden />
      <h2 className={classes.title}>{t('queue.emptyFilterTitle')}</h2>
      <p className={classes.text}>{t('queue.emptyFilterText')}</p>
      <Button variant="default" onClick={onClear}>
        {t('filter.clear')}
      </Button>
    </div>
  )
}
