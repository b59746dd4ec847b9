import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { IconAlert } from '@/components/icons'
import { MessagePage } from '@/components/message-page'

/** The installation's configuration could not be read: nobody can sign in yet. */
export function StartFailed({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <MessagePage
      icon={<IconAlert size={32} color="var(--status-failed)" aria-hidden />}
      title={t('session.configFailedTitle')}
      action={<Button onClick={() => window.location.reload()}>{t('action.tryAgain')}</Button>}
      detail={error instanceof Error ? error.message : String(error)}
    >
      {t('session.configFailedText')}
    </MessagePage>
  )
}
