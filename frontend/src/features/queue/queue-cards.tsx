import { useTranslation } from 'react-i18next'

import { StatusBadge } from '@/components/status-badge'
import { type Execution, rowCount } from '@/lib/executions'
import { formatDate, formatNumber } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'

import { DetailCell, DurationCell, SlotCell, TitleCell, WarningsCell } from './queue-cells'
import { type QueueListProps, useOpenRow } from './queue-table'
import classes from './queue-table.module.css'

function Card({ execution, withActions, renderActions }: Pick<QueueListProps, 'withActions' | 'renderActions'> & { execution: Execution }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const open = useOpenRow()
  const rows = rowCount(execution.result)
  return (
    <li className={classes.card} data-routine={execution.routine_name} onClick={(event) => open(event, execution)}>
      <div className={classes.cardTop}>
        <StatusBadge execution={execution} />
        {withActions && renderActions(execution)}
      </div>
      <div>
        <TitleCell execution={execution} />
      </div>
      <div className={classes.cardFacts}>
        <SlotCell execution={execution} />
        {(execution.status === 'RUNNING' || execution.duration_seconds !== null) && (
          <span>
            <DurationCell execution={execution} />
          </span>
        )}
        {rows !== null && <span>{t('queue.rowCount', { rows: formatNumber(rows, language) })}</span>}
        <WarningsCell execution={execution} />
      </div>
      <div className={classes.cardDetail}>
        <DetailCell execution={execution} />
      </div>
    </li>
  )
}

/** The day's queue on a phone. */
export function QueueCards({ date, executions, withActions, renderActions }: QueueListProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <ul className={classes.cards} aria-label={t('queue.caption', { date: formatDate(date, language, 'long') })}>
      {executions.map((execution) => (
        <Card key={execution.id} execution={execution} withActions={withActions} renderActions={renderActions} />
      ))}
    </ul>
  )
}
