import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { MessagePage } from './message-page'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <MessagePage title={t('problem.notFoundTitle')} action={<Link to="/">{t('problem.goToday')}</Link>}>
      {t('problem.notFoundText')}
    </MessagePage>
  )
}
