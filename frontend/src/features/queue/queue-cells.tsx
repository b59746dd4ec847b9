import { Progress } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { StatusGlyph } from '@/components/status-glyph'
import { BUSINESS_ZONE } from '@/lib/dates'
import { elapsedSeconds, type Execution, rowCount } from '@/lib/executions'
import { formatDate, formatDuration, formatNumber, formatPercent, formatTicking, formatTime } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { errorTitle, outcomeText, warningText } from '@/lib/job-words'
import { reasonText } from '@/lib/reason'
import { useNow } from '@/lib/use-now'

import classes from './queue-table.module.css'

export function PriorityCell({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const band = execution.band === 1 || execution.band === 2 ? execution.band : 3
  return (
    <span className={classes.priority} title={t(`queue.band${band}`, { priority: execution.priority })}>
      {execution.priority}
    </span>
  )
}

/** The title opens the execution beside the queue; the whole row does the same for the mouse. */
export function TitleCell({ execution }: { execution: Execution }) {
  return (
    <>
      <Link to="." search={(before: object) => ({ ...before, execucao: execution.id })} className={classes.title} resetScroll={false}>
        {execution.title}
      </Link>
      <span className={classes.name}>{execution.routine_name}</span>
    </>
  )
}

const SLOT_DATE = new Intl.DateTimeFormat('en-CA', { timeZone: BUSINESS_ZONE })

/** The slot's local time; with its date where that is not the business date (a morning check of the day before). */
export function SlotCell({ execution }: { execution: Execution }) {
  const language = useLanguage()
  const date = SLOT_DATE.format(new Date(execution.slot))
  return (
    <time dateTime={execution.slot}>
      {date !== execution.business_date && <span className={classes.otherDay}>{formatDate(date, language, 'short')}</span>}
      {formatTime(execution.slot, language)}
    </time>
  )
}

function Ticking({ execution }: { execution: Execution }) {
  const now = useNow()
  return <>{formatTicking(elapsedSeconds(execution, now) ?? 0, useLanguage())}</>
}

export function DurationCell({ execution }: { execution: Execution }) {
  const language = useLanguage()
  if (execution.status === 'RUNNING') return <Ticking execution={execution} />
  if (execution.duration_seconds === null) return null
  return <>{formatDuration(execution.duration_seconds, language)}</>
}

export function RowsCell({ execution }: { execution: Execution }) {
  const language = useLanguage()
  const rows = rowCount(execution.result)
  return rows === null ? null : <>{formatNumber(rows, language)}</>
}

export function WarningsCell({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const count = execution.warnings.length
  if (count === 0) return null
  return (
    <span className={classes.warnings}>
      <StatusGlyph status="WARNED" size={13} />
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{t('queue.warningCount', { count })}</span>
    </span>
  )
}

function RunningDetail({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const language = useLanguage()
  if (execution.cancel_requested) return <>{t('execution.cancelRequested')}</>
  const { progress, progress_message: message } = execution
  if (progress === null) return <>{message}</>
  const percent = formatPercent(progress, language)
  return (
    <span className={classes.progress}>
      <Progress value={progress * 100} size={5} w={96} aria-label={`${execution.title}: ${percent}`} />
      <span className={classes.percent}>{percent}</span>
      <span className={classes.progressMessage}>{message}</span>
    </span>
  )
}

/** The one thing worth saying about the row: progress, the error, the reason for waiting, the first warning. */
export function DetailCell({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const language = useLanguage()
  if (execution.status === 'RUNNING') return <RunningDetail execution={execution} />
  if (execution.status === 'FAILED' && execution.error !== null) return <>{errorTitle(execution.error, t) ?? execution.error.message}</>
  const [warning] = execution.warnings
  if (execution.status === 'SUCCEEDED') return <>{warning === undefined ? outcomeText(execution.result, t) : warningText(warning, t, language)}</>
  const { failures, max_attempts: max } = execution
  const failed = failures > 0 && execution.status !== 'FAILED' ? t('queue.failures', { count: failures, max }) : null
  const reason = execution.reason === null ? null : reasonText(execution.reason, execution, t, language)
  return <>{[reason, failed].filter((part) => part !== null).join(' · ')}</>
}
