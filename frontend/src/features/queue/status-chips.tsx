import { useTranslation } from 'react-i18next'

import { StatusGlyph } from '@/components/status-glyph'
import { useLanguage } from '@/lib/i18n'
import { formatNumber } from '@/lib/format'

import type { QueueFilter } from './api/queue'
import { countOf, isSelected, STATUS_GROUPS, toggleGroup } from './queue-search'
import classes from './status-chips.module.css'

interface Props {
  counts: Record<string, number>
  total: number
  filter: QueueFilter
  onChange: (filter: QueueFilter) => void
}

/** How many of each status there are; pressing one shows only those. */
export function StatusChips({ counts, total, filter, onChange }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const groups = STATUS_GROUPS.filter((group) => group.always || countOf(group, counts) > 0 || isSelected(group, filter))
  return (
    <div className={classes.chips} role="group" aria-label={t('filter.label')}>
      <button
        type="button"
        className={classes.chip}
        aria-pressed={filter.statuses.length === 0}
        onClick={() => onChange({ ...filter, statuses: [] })}
      >
        {t('filter.all')} <span className={classes.count}>{formatNumber(total, language)}</span>
      </button>
      {groups.map((group) => {
        const count = countOf(group, counts)
        return (
          <button
            key={group.name}
            type="button"
            className={classes.chip}
            data-empty={count === 0 || undefined}
            aria-pressed={isSelected(group, filter)}
            onClick={() => onChange(toggleGroup(group, filter))}
          >
            <StatusGlyph status={group.name} size={14} />
            {t(`filter.${group.name}`)} <span className={classes.count}>{formatNumber(count, language)}</span>
          </button>
        )
      })}
    </div>
  )
}
