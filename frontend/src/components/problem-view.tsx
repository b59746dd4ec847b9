import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { problemText, requestIdOf } from '@/lib/problem-text'

import { IconAlert, IconRefresh } from './icons'
import { MessagePage } from './message-page'

/** What stands in for a screen that could not be shown. */
export function ProblemView({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation()
  const id = requestIdOf(error)
  return (
    <MessagePage
      icon={<IconAlert size={32} color="var(--status-failed)" aria-hidden />}
      title={t('problem.title')}
      action={
        <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={onRetry}>
          {t('action.tryAgain')}
        </Button>
      }
      {...(id === null ? {} : { detail: t('problem.requestId', { id }) })}
    >
      <div role="alert">{problemText(error, t)}</div>
    </MessagePage>
  )
}
