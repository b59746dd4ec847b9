import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { elapsedSeconds, type Execution } from '@/lib/executions'
import { formatDate, formatDuration, formatInstant, formatTicking } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { useNow } from '@/lib/use-now'

import classes from './execution.module.css'

function Fact({ name, mono = false, children }: { name: string; mono?: boolean; children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd className={mono ? 'mono' : 'numeric'}>{children}</dd>
    </div>
  )
}

function Elapsed({ execution }: { execution: Execution }) {
  const seconds = elapsedSeconds(execution, useNow()) ?? 0
  return <>{formatTicking(seconds, useLanguage())}</>
}

function Duration({ execution }: { execution: Execution }) {
  const language = useLanguage()
  if (execution.status === 'RUNNING') return <Elapsed execution={execution} />
  return execution.duration_seconds === null ? null : <>{formatDuration(execution.duration_seconds, language)}</>
}

const ORIGINS = ['schedule', 'manual', 'backfill', 'event', 'webhook'] as const

function originText(origin: string, t: TFunction): string {
  const known = ORIGINS.find((one) => one === origin)
  return known === undefined ? origin : t(`origin.${known}`)
}

/** The execution's facts. Those that do not apply are left out. */
export function Facts({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const instant = (value: string | null): string | null => (value === null ? null : formatInstant(value, language))
  const hasDuration = execution.status === 'RUNNING' || execution.duration_seconds !== null
  return (
    <dl className={classes.facts}>
      <Fact name={t('execution.businessDate')}>
        <Link to="/dia/$date" params={{ date: execution.business_date }} className={classes.link}>
          {formatDate(execution.business_date, language)}
        </Link>
      </Fact>
      <Fact name={t('execution.slot')}>{instant(execution.slot)}</Fact>
      {execution.due_at !== execution.slot && <Fact name={t('execution.due')}>{instant(execution.due_at)}</Fact>}
      <Fact name={t('execution.started')}>{instant(execution.started_at)}</Fact>
      <Fact name={t('execution.finished')}>{instant(execution.finished_at)}</Fact>
      {hasDuration && (
        <Fact name={t('execution.duration')}>
          <Duration execution={execution} />
        </Fact>
      )}
      {execution.attempt > 0 && <Fact name={t('execution.attempt')}>{execution.attempt}</Fact>}
      <Fact name={t('execution.failures')}>{t('execution.failuresOf', { failures: execution.failures, max: execution.max_attempts })}</Fact>
      {execution.recoveries > 0 && <Fact name={t('execution.recoveries')}>{execution.recoveries}</Fact>}
      <Fact name={t('execution.origin')}>{originText(execution.origin, t)}</Fact>
      <Fact name={t('execution.requestedBy')}>{execution.requested_by}</Fact>
      <Fact name={t('execution.priority')}>{execution.priority}</Fact>
      <Fact name={t('execution.job')} mono>
        {execution.job}
      </Fact>
      <Fact name={t('execution.pool')} mono>
        {execution.pool}
      </Fact>
      <Fact name={t('execution.dependsOn')} mono>
        {execution.depends_on.map((one) => one.name).join(', ')}
      </Fact>
      <Fact name={t('execution.worker')} mono>
        {execution.worker_id}
      </Fact>
      <Fact name={t('execution.id')} mono>
        {execution.id}
      </Fact>
    </dl>
  )
}
