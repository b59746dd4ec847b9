import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { Logo } from '@/components/logo'
import { MessagePage } from '@/components/message-page'
import { AuthSession } from '@/lib/auth'

export function SignedOut() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <MessagePage
      icon={<Logo size={44} />}
      title={t('session.signedOutTitle')}
      action={
        <Button
          onClick={() => {
            AuthSession.forgetSignOut()
            void navigate({ to: '/' })
          }}
        >
          {t('session.signIn')}
        </Button>
      }
    >
      {t(AuthSession.signedOut() === 'here' ? 'session.signedOutHereText' : 'session.signedOutText')}
    </MessagePage>
  )
}
