import { createFileRoute } from '@tanstack/react-router'

import { ExecutionPage } from '@/features/execution/execution-page'

export const Route = createFileRoute('/_app/execucao/$id')({ component: Execution })

function Execution() {
  return <ExecutionPage id={Route.useParams().id} />
}
