import { useTranslation } from 'react-i18next'

import { StatusGlyph } from '@/components/status-glyph'
import type { Execution } from '@/lib/executions'
import { adviceFor, errorTitle } from '@/lib/job-words'

import classes from './execution.module.css'
import { ResultTable } from './result-table'

/** What went wrong, whether trying again helps, and what to do. */
export function ErrorBox({ error }: { error: NonNullable<Execution['error']> }) {
  const { t } = useTranslation()
  const { detail } = error
  const title = errorTitle(error, t)
  return (
    <section className={classes.error} aria-label={t('execution.error')}>
      <p className={classes.errorMessage}>
        <StatusGlyph status="FAILED" size={16} />
        <span>{title ?? error.message}</span>
      </p>
      {title !== null && <p className={classes.quiet}>{error.message}</p>}
      <p className={classes.quiet}>
        <span className="mono">{error.code}</span> · {t(error.transient ? 'execution.transient' : 'execution.permanent')}
      </p>
      <p className={classes.advice}>
        <strong>{t('execution.whatToDo')}:</strong> {adviceFor(error, t)}
      </p>
      {Object.keys(detail).length > 0 && (
        <details className={classes.disclosure}>
          <summary>{t('execution.errorDetail')}</summary>
          <ResultTable result={detail} />
        </details>
      )}
    </section>
  )
}
