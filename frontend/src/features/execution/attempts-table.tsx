import { useTranslation } from 'react-i18next'

import { StatusGlyph } from '@/components/status-glyph'
import type { Attempt, DisplayStatus } from '@/lib/executions'
import { formatDuration, formatInstant, formatTicking } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { useNow } from '@/lib/use-now'

import { useAttempts } from './api/execution'
import classes from './execution.module.css'

const OUTCOMES = {
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  TIMED_OUT: 'FAILED',
  CANCELLED: 'CANCELLED',
  LOST: 'RECOVERY',
  HANDED_BACK: 'SKIPPED',
} as const satisfies Record<string, DisplayStatus>

function isOutcome(outcome: string): outcome is keyof typeof OUTCOMES {
  return outcome in OUTCOMES
}

function Outcome({ outcome }: { outcome: string | null }) {
  const { t } = useTranslation()
  const known = outcome !== null && isOutcome(outcome)
  return (
    <span className={classes.outcome}>
      <StatusGlyph status={known ? OUTCOMES[outcome] : 'RUNNING'} size={14} />
      {outcome === null ? t('attempt.running') : known ? t(`attempt.${outcome}`) : outcome}
    </span>
  )
}

function Elapsed({ since }: { since: string }) {
  const now = useNow()
  return <>{formatTicking((now - Date.parse(since)) / 1000, useLanguage())}</>
}

function AttemptError({ error }: { error: NonNullable<Attempt['error']> }) {
  const { t } = useTranslation()
  return (
    <div className={classes.attemptError}>
      {error.message}
      {error.traceback !== null && (
        <details className={classes.disclosure}>
          <summary>{t('attempt.traceback')}</summary>
          <pre className={classes.traceback} tabIndex={0}>
            {error.traceback}
          </pre>
        </details>
      )}
    </div>
  )
}

function Row({ attempt }: { attempt: Attempt }) {
  const language = useLanguage()
  return (
    <tr>
      <td data-number>{attempt.attempt}</td>
      <td>
        <Outcome outcome={attempt.outcome} />
        {attempt.error !== null && <AttemptError error={attempt.error} />}
      </td>
      <td>{formatInstant(attempt.started_at, language)}</td>
      <td data-number>
        {attempt.duration_seconds === null ? <Elapsed since={attempt.started_at} /> : formatDuration(attempt.duration_seconds, language)}
      </td>
      <td className="mono">{attempt.worker_id}</td>
    </tr>
  )
}

/** Every try of the execution: where, when, for how long, and how it ended. */
export function AttemptsTable({ executionId }: { executionId: string }) {
  const { t } = useTranslation()
  const { data } = useAttempts(executionId)
  if (data === undefined) return null
  if (data.length === 0) return <p className={classes.quiet}>{t('execution.noAttempts')}</p>
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('execution.attempts')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" data-number>
              {t('attempt.number')}
            </th>
            <th scope="col">{t('attempt.outcome')}</th>
            <th scope="col">{t('attempt.started')}</th>
            <th scope="col" data-number>
              {t('attempt.duration')}
            </th>
            <th scope="col">{t('attempt.worker')}</th>
          </tr>
        </thead>
        <tbody>
          {data.map((attempt) => (
            <Row key={attempt.attempt} attempt={attempt} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
