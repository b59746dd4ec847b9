import { createFileRoute } from '@tanstack/react-router'

import { QueuePage } from './-queue-page'
import { parseDaySearch } from './-day-search'

export const Route = createFileRoute('/_app/')({
  validateSearch: parseDaySearch,
  component: Today,
})

function Today() {
  return <QueuePage date={null} search={Route.useSearch()} />
}
