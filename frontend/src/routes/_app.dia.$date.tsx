import { createFileRoute, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { MessagePage } from '@/components/message-page'
import { isIsoDate } from '@/lib/dates'

import { parseDaySearch } from './-day-search'
import { QueuePage } from './-queue-page'

export const Route = createFileRoute('/_app/dia/$date')({
  validateSearch: parseDaySearch,
  component: Day,
})

function Day() {
  const { t } = useTranslation()
  const { date } = Route.useParams()
  const search = Route.useSearch()
  if (isIsoDate(date)) return <QueuePage date={date} search={search} />
  return (
    <MessagePage title={t('problem.notFoundTitle')} action={<Link to="/">{t('problem.goToday')}</Link>}>
      {t('problem.badDateText', { date })}
    </MessagePage>
  )
}
