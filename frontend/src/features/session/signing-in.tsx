import { Loader } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { MessagePage } from '@/components/message-page'

export function SigningIn() {
  const { t } = useTranslation()
  return <MessagePage icon={<Loader aria-hidden />} title={t('session.signingIn')} />
}
