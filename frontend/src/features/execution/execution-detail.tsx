import { Loader, Progress } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { MessagePage } from '@/components/message-page'
import { ProblemView } from '@/components/problem-view'
import { StatusBadge } from '@/components/status-badge'
import { StatusGlyph } from '@/components/status-glyph'
import { ApiProblem } from '@/lib/api-problem'
import type { Execution } from '@/lib/executions'
import { formatPercent } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { warningText } from '@/lib/job-words'
import { reasonText } from '@/lib/reason'

import { useExecution } from './api/execution'
import { AttemptsTable } from './attempts-table'
import { ErrorBox } from './error-box'
import { ExecutionButtons } from './execution-actions'
import classes from './execution.module.css'
import { Facts } from './facts'
import { LogView } from './log/log-view'
import { ResultTable } from './result-table'

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2 className={classes.heading}>{title}</h2>
      {children}
    </section>
  )
}

function State({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { reason, progress, progress_message: message } = execution
  return (
    <div className={classes.state}>
      <div className={classes.stateTop}>
        <StatusBadge execution={execution} size="lg" />
        <ExecutionButtons execution={execution} />
      </div>
      {execution.cancel_requested && <p className={classes.quiet}>{t('execution.cancelRequested')}</p>}
      {reason !== null && <p className={classes.quiet}>{reasonText(reason, execution, t, language)}</p>}
      {execution.status === 'RUNNING' && progress !== null && (
        <div className={classes.progress}>
          <Progress value={progress * 100} size={6} flex={1} aria-label={execution.title} />
          <span className="numeric">{formatPercent(progress, language)}</span>
        </div>
      )}
      {execution.status === 'RUNNING' && message !== null && <p className={classes.quiet}>{message}</p>}
    </div>
  )
}

function Warnings({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <ul className={classes.warnings}>
      {execution.warnings.map((warning, index) => (
        <li key={index} className={classes.warning}>
          <StatusGlyph status="WARNED" size={14} />
          <span>{warningText(warning, t, language)}</span>
        </li>
      ))}
    </ul>
  )
}

function Loaded({ execution, page }: { execution: Execution; page: boolean }) {
  const { t } = useTranslation()
  const { result } = execution
  return (
    <div className={classes.columns} data-page={page || undefined}>
      <div className={classes.detail}>
        <State execution={execution} />
        {execution.error !== null && <ErrorBox error={execution.error} />}
        {execution.warnings.length > 0 && (
          <Section title={t('execution.warnings')}>
            <Warnings execution={execution} />
          </Section>
        )}
        {result !== null && Object.keys(result).length > 0 && (
          <Section title={t('execution.result')}>
            <ResultTable result={result} />
          </Section>
        )}
        <LogView key={execution.id} execution={execution} tall={page} />
        <Section title={t('execution.attempts')}>
          <AttemptsTable executionId={execution.id} />
        </Section>
      </div>
      <Section title={t('execution.facts')}>
        <Facts execution={execution} />
      </Section>
    </div>
  )
}

function NotFound() {
  const { t } = useTranslation()
  return (
    <MessagePage
      title={t('execution.notFoundTitle')}
      action={
        <Link to="/" className={classes.link}>
          {t('execution.seeDay')}
        </Link>
      }
    >
      {t('execution.notFoundText')}
    </MessagePage>
  )
}

/** Everything about one execution. `page` is the wide form, without it the form for the drawer. */
export function ExecutionDetail({ id, page = false }: { id: string; page?: boolean }) {
  const { t } = useTranslation()
  const execution = useExecution(id)
  if (execution.data !== undefined) return <Loaded execution={execution.data} page={page} />
  if (execution.error === null) return <Loader className={classes.loader ?? ''} aria-label={t('app.loading')} />
  const missing = execution.error instanceof ApiProblem && (execution.error.status === 404 || execution.error.status === 422)
  return missing ? <NotFound /> : <ProblemView error={execution.error} onRetry={() => void execution.refetch()} />
}
