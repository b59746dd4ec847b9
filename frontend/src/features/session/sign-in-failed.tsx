import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { IconAlert } from '@/components/icons'
import { MessagePage } from '@/components/message-page'

/** The provider did not finish the sign-in, or cannot be reached. Starting over is always safe. */
export function SignInFailed({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <MessagePage
      icon={<IconAlert size={32} color="var(--status-failed)" aria-hidden />}
      title={t('session.signInFailedTitle')}
      action={<Button onClick={() => window.location.assign('/')}>{t('session.signInAgain')}</Button>}
      detail={error instanceof Error ? error.message : String(error)}
    >
      {t('session.signInFailedText')}
    </MessagePage>
  )
}
