import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { LiveIndicator } from '@/components/live-indicator'
import { Logo } from '@/components/logo'

import classes from './app-shell.module.css'
import { UserMenu } from './user-menu'

/** Header and main landmark. `navigation` sits in the header's middle. */
export function AppShell({ navigation, children }: { navigation?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <>
      <a className={classes.skip} href="#content">
        {t('app.skipToContent')}
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/" className={classes.brand} aria-label={t('app.home')}>
            <Logo />
            <span className={classes.name}>{t('app.name')}</span>
          </Link>
          <div className={classes.navigation}>{navigation}</div>
          <div className={classes.tools}>
            <LiveIndicator />
            <UserMenu />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className={classes.main}>
        {children}
      </main>
    </>
  )
}
