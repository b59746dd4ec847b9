import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { IconAlert, IconCalendarOff, IconPlug } from '@/components/icons'
import type { QueueStatus } from '@/lib/executions'
import { formatDate, formatTimeWithSeconds } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { problemText } from '@/lib/problem-text'

import classes from './notices.module.css'

/** The calendar that the notices speak about: the product's first users live by B3's sessions. */
const SESSION_CALENDAR = 'B3'

interface NoticeProps {
  tone: 'calm' | 'warning' | 'error'
  icon: ReactNode
  title: string
  children: ReactNode
}

function Notice({ tone, icon, title, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'calm' ? 'note' : 'alert'}>
      <span className={classes.icon}>{icon}</span>
      <p className={classes.text}>
        <strong>{title}</strong> {children}
      </p>
    </div>
  )
}

/** Says that the exchange does not trade on this day, and leads to the last day on which it did. */
export function SessionNotice({ status }: { status: QueueStatus }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const calendar = status.calendars.find((one) => one.code === SESSION_CALENDAR)
  // Null means that the calendar does not reach this date: then nothing is claimed.
  if (calendar?.is_business_day !== false) return null
  const last = status.last_session[SESSION_CALENDAR]
  const isToday = status.business_date === status.today
  return (
    <Notice
      tone="calm"
      icon={<IconCalendarOff size={18} aria-hidden />}
      title={t(isToday ? 'notice.noSessionToday' : 'notice.noSession')}
    >
      {calendar.note !== null && `${t('notice.note', { note: calendar.note })} `}
      {t('notice.noSessionText')}{' '}
      {last !== undefined && last !== status.business_date && (
        <Link to="/dia/$date" params={{ date: last }} className={classes.link}>
          {t('notice.lastSession', { date: formatDate(last, language) })}
        </Link>
      )}
    </Notice>
  )
}

/** Says that nothing new will start, and why. */
export function EngineNotices({ status }: { status: QueueStatus }) {
  const { t } = useTranslation()
  return (
    <>
      {status.schedulers_alive === 0 && (
        <Notice tone="error" icon={<IconAlert size={18} aria-hidden />} title={`${t('notice.schedulerSilent')}.`}>
          {t('notice.schedulerSilentText')}
        </Notice>
      )}
      {status.workers_alive === 0 && (
        <Notice tone="warning" icon={<IconAlert size={18} aria-hidden />} title={`${t('notice.noWorkers')}.`}>
          {t('notice.noWorkersText')}
        </Notice>
      )}
    </>
  )
}

/** Says that what is on the screen may be old. It goes away by itself when an answer comes. */
export function OfflineNotice({ error, updatedAt }: { error: Error; updatedAt: number }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <Notice tone="warning" icon={<IconPlug size={18} aria-hidden />} title={`${t('notice.offline')}.`}>
      {problemText(error, t)}
      {updatedAt > 0 && ` ${t('notice.stale', { time: formatTimeWithSeconds(new Date(updatedAt).toISOString(), language) })}`}
    </Notice>
  )
}
