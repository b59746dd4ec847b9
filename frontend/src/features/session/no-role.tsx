import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { MessagePage } from '@/components/message-page'
import { useMe } from '@/lib/me'
import { may } from '@/lib/roles'

/** Stands in for the app when the person is known but may not see anything yet. */
export function NoRole({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const me = useMe()
  if (me === undefined || may(me, 'viewer')) return children
  return <MessagePage title={t('session.noRoleTitle')}>{t('session.noRoleText')}</MessagePage>
}
