import { useTranslation } from 'react-i18next'

import { displayStatus, type Execution } from '@/lib/executions'

import { StatusGlyph, statusColour } from './status-glyph'
import classes from './status.module.css'

interface Props {
  execution: Pick<Execution, 'status' | 'warnings'>
  size?: 'sm' | 'lg'
}

/** Shape, word and colour together. */
export function StatusBadge({ execution, size = 'sm' }: Props) {
  const { t } = useTranslation()
  const status = displayStatus(execution)
  return (
    <span className={classes.badge} data-size={size} data-status={status} style={{ color: statusColour(status) }}>
      <StatusGlyph status={status} size={size === 'lg' ? 20 : 16} />
      <span>{t(`status.${status}`)}</span>
    </span>
  )
}
