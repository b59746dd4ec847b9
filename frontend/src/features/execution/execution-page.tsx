import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { IconChevronLeft } from '@/components/icons'
import { formatDate } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { usePageTitle } from '@/lib/use-page-title'

import { useExecution } from './api/execution'
import { ExecutionDetail } from './execution-detail'
import classes from './execution.module.css'

/** An execution on a page of its own. */
export function ExecutionPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { data } = useExecution(id)
  usePageTitle(data?.title ?? t('execution.title'))
  return (
    <div className={classes.page}>
      {data !== undefined && (
        <>
          <Link to="/dia/$date" params={{ date: data.business_date }} className={classes.back}>
            <IconChevronLeft size={16} aria-hidden />
            {t('execution.dayOf', { date: formatDate(data.business_date, language) })}
          </Link>
          <h1 className={classes.pageTitle}>
            {data.title}
            <span className={classes.name}>{data.routine_name}</span>
          </h1>
        </>
      )}
      <ExecutionDetail id={id} page />
    </div>
  )
}
