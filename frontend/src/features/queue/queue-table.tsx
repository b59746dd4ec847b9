import { useNavigate } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { StatusBadge } from '@/components/status-badge'
import type { Execution } from '@/lib/executions'
import { formatDate } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'

import { DetailCell, DurationCell, PriorityCell, RowsCell, SlotCell, TitleCell, WarningsCell } from './queue-cells'
import classes from './queue-table.module.css'

export interface QueueListProps {
  date: string
  executions: readonly Execution[]
  selectedId: string | null
  /** Whether the caller may act at all: without, there is no column of actions. */
  withActions: boolean
  renderActions: (execution: Execution) => ReactNode
}

/** Opens a row that was clicked beside its links and buttons. */
export function useOpenRow() {
  const navigate = useNavigate()
  return (event: MouseEvent, execution: Execution): void => {
    if (event.target instanceof Element && event.target.closest('a, button, [role="menuitem"], [role="dialog"]') !== null) return
    if (window.getSelection()?.isCollapsed === false) return
    void navigate({ to: '.', search: (before: object) => ({ ...before, execucao: execution.id }), resetScroll: false })
  }
}

function Row({ execution, selectedId, withActions, renderActions }: Omit<QueueListProps, 'executions' | 'date'> & { execution: Execution }) {
  const open = useOpenRow()
  return (
    <tr
      className={classes.row}
      data-selected={execution.id === selectedId || undefined}
      data-routine={execution.routine_name}
      onClick={(event) => open(event, execution)}
    >
      <td>
        <StatusBadge execution={execution} />
      </td>
      <td className={classes.centre}>
        <PriorityCell execution={execution} />
      </td>
      <th scope="row" className={classes.routine}>
        <TitleCell execution={execution} />
      </th>
      <td className={classes.number}>
        <SlotCell execution={execution} />
      </td>
      <td className={classes.number}>
        <DurationCell execution={execution} />
      </td>
      <td className={classes.number}>
        <RowsCell execution={execution} />
      </td>
      <td className={classes.centre}>
        <WarningsCell execution={execution} />
      </td>
      <td className={classes.detail}>
        <span className={classes.clamp}>
          <DetailCell execution={execution} />
        </span>
      </td>
      {withActions && <td className={classes.actions}>{renderActions(execution)}</td>}
    </tr>
  )
}

/** The day's queue on a wide screen. */
export function QueueTable({ date, executions, ...row }: QueueListProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <caption className="visually-hidden">{t('queue.caption', { date: formatDate(date, language, 'long') })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('queue.column.status')}</th>
            <th scope="col" className={classes.centre}>
              <abbr title={t('queue.column.priority')}>{t('queue.column.priorityShort')}</abbr>
            </th>
            <th scope="col">{t('queue.column.routine')}</th>
            <th scope="col" className={classes.number}>
              {t('queue.column.slot')}
            </th>
            <th scope="col" className={classes.number}>
              {t('queue.column.duration')}
            </th>
            <th scope="col" className={classes.number}>
              {t('queue.column.rows')}
            </th>
            <th scope="col" className={classes.centre}>
              {t('queue.column.warnings')}
            </th>
            <th scope="col">{t('queue.column.detail')}</th>
            {row.withActions && (
              <th scope="col">
                <span className="visually-hidden">{t('queue.column.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {executions.map((execution) => (
            <Row key={execution.id} execution={execution} {...row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
