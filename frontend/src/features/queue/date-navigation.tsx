import { ActionIcon, Button, Popover } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { IconCalendar, IconChevronLeft, IconChevronRight } from '@/components/icons'
import { addDays, BUSINESS_ZONE } from '@/lib/dates'
import { formatDate } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'

import { useQueueStatus } from './api/queue-status'
import classes from './date-navigation.module.css'

const Calendar = lazy(() => import('@/components/calendar').then((module) => ({ default: module.Calendar })))

/** The filter stays, the opened execution does not: it belongs to the day that is left. */
function keepFilter(search: { situacao?: string; busca?: string }): { situacao?: string; busca?: string } {
  const { situacao, busca } = search
  return { ...(situacao === undefined ? {} : { situacao }), ...(busca === undefined ? {} : { busca }) }
}

const LOCAL_DATE = new Intl.DateTimeFormat('en-CA', { timeZone: BUSINESS_ZONE })

/** The server's today; until it has answered, São Paulo's by this machine's clock. */
function useToday(date: string | null): string {
  const [now] = useState(() => new Date())
  return useQueueStatus(date).data?.today ?? LOCAL_DATE.format(now)
}

/** Moves between business dates. `date` null stands for today, whose address has no date and moves on at midnight. */
export function DateNavigation({ date }: { date: string | null }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const navigate = useNavigate()
  const today = useToday(date)
  const [choosing, setChoosing] = useState(false)
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const shown = date ?? today
  function go(target: string): void {
    setChoosing(false)
    if (target === today) void navigate({ to: '/', search: keepFilter })
    else void navigate({ to: '/dia/$date', params: { date: target }, search: keepFilter })
  }
  return (
    <nav className={classes.navigation} aria-label={t('date.navigation')}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('date.previous')} onClick={() => go(addDays(shown, -1))}>
        <IconChevronLeft size={18} aria-hidden />
      </ActionIcon>
      <Popover opened={choosing} onChange={setChoosing} trapFocus returnFocus withArrow shadow="md">
        <Popover.Target>
          <Button
            variant="default"
            className={classes.day ?? ''}
            leftSection={<IconCalendar size={16} aria-hidden />}
            onClick={() => setChoosing((before) => !before)}
          >
            <span className="visually-hidden">{t('date.choose')}</span> {formatDate(shown, language, narrow ? 'compact' : 'medium')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Suspense fallback={<div className={classes.placeholder} />}>
            <Calendar value={shown} today={today} onChoose={go} />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('date.next')} onClick={() => go(addDays(shown, 1))}>
        <IconChevronRight size={18} aria-hidden />
      </ActionIcon>
      <Button variant="subtle" size="compact-sm" className={classes.today ?? ''} disabled={shown === today} onClick={() => go(today)}>
        {t('date.today')}
      </Button>
    </nav>
  )
}
