import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import { useLiveState } from '@/lib/live'

import classes from './live-indicator.module.css'

export function LiveIndicator() {
  const { t } = useTranslation()
  const live = useLiveState() === 'open'
  return (
    <Tooltip label={t(live ? 'live.liveHint' : 'live.reconnectingHint')} multiline maw={280} withArrow>
      <span className={classes.indicator} data-live={live || undefined} role="status" tabIndex={0}>
        <span className={classes.dot} aria-hidden="true" />
        <span className={classes.word}>{t(live ? 'live.live' : 'live.reconnecting')}</span>
      </span>
    </Tooltip>
  )
}
