import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ConfirmDialog } from '@/components/confirm-dialog'
import { IconRun } from '@/components/icons'
import { useToasts } from '@/components/toasts'
import { formatDate } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'

import { useRunDay } from './api/run-day'

/** "Run the day now": loads the day if it is not there and brings what is pending forward. */
export function RunDayButton({ date, isToday }: { date: string; isToday: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const toasts = useToasts()
  const run = useRunDay()
  const [asking, setAsking] = useState(false)
  function start(): void {
    run.mutate(date, {
      onSuccess: (done) => {
        setAsking(false)
        const nothing = done.created === 0 && done.brought_forward === 0
        toasts.success(
          nothing ? t('done.runDayNothing') : t('done.runDay', { count: done.brought_forward, created: done.created }),
        )
      },
      onError: toasts.problem,
    })
  }
  return (
    <>
      <Button leftSection={<IconRun size={16} aria-hidden />} onClick={() => setAsking(true)}>
        {t(isToday ? 'action.runDayToday' : 'action.runDay')}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={t('action.runDayTitle')}
        text={t('action.runDayText', { date: formatDate(date, language, 'long') })}
        confirm={t('action.runDayConfirm')}
        busy={run.isPending}
        onConfirm={start}
        onClose={() => setAsking(false)}
      />
    </>
  )
}
