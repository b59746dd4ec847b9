import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** Names the browser's tab after the page: "Hoje · Rotina". */
export function usePageTitle(page: string | null): void {
  const { t } = useTranslation()
  const title = page === null ? t('app.name') : t('app.pageTitle', { page })
  useEffect(() => {
    document.title = title
  }, [title])
}
