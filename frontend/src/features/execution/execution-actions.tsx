import { ActionIcon, Button, Group, Menu } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ConfirmDialog } from '@/components/confirm-dialog'
import { IconDots, IconPlay, IconRefresh, IconStop } from '@/components/icons'
import { useToasts } from '@/components/toasts'
import type { Execution } from '@/lib/executions'
import { formatDate } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { useMay } from '@/lib/me'

import { type ActionName, newIdempotencyKey, useExecutionAction } from './api/actions'

const ORDER: readonly ActionName[] = ['run_now', 'retry', 'run_again', 'cancel']

const ICONS = { run_now: IconPlay, retry: IconRefresh, run_again: IconRefresh, cancel: IconStop } as const

function useLabels() {
  const { t } = useTranslation()
  return {
    run_now: t('action.runNow'),
    retry: t('action.retry'),
    run_again: t('action.runAgain'),
    cancel: t('action.cancel'),
  } as const
}

function isPossible(action: ActionName, execution: Execution): boolean {
  // What has succeeded or was skipped is not opened again: its routine runs beside it.
  if (action === 'run_again') return execution.status === 'SUCCEEDED' || execution.status === 'SKIPPED'
  return execution.actions[action]
}

/** What the engine would accept now and the caller's role may ask for. */
export function useOffered(execution: Execution): ActionName[] {
  const mayOperate = useMay('operator')
  return mayOperate ? ORDER.filter((action) => isPossible(action, execution)) : []
}

function useTexts(execution: Execution) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { title } = execution
  const running = execution.status === 'RUNNING'
  return {
    run_now: { title: t('action.runNowTitle', { title }), text: t('action.runNowText'), confirm: t('action.runNow'), done: t('done.runNow', { title }) },
    run_again: {
      title: t('action.runAgainTitle', { title }),
      text: t('action.runAgainText', { date: formatDate(execution.business_date, language) }),
      confirm: t('action.runAgain'),
      done: t('done.runAgain', { title }),
    },
    retry: { title: t('action.retryTitle', { title }), text: t('action.retryText'), confirm: t('action.retry'), done: t('done.retry', { title }) },
    cancel: {
      title: t('action.cancelTitle', { title }),
      text: t(running ? 'action.cancelRunning' : 'action.cancelWaiting'),
      confirm: t('action.cancelConfirm'),
      done: t(running ? 'done.cancelAsked' : 'done.cancel', { title }),
    },
  } as const
}

interface DialogProps {
  execution: Execution
  action: ActionName
  onClose: () => void
}

function ActionDialog({ execution, action, onClose }: DialogProps) {
  const { t } = useTranslation()
  const toasts = useToasts()
  const mutation = useExecutionAction()
  // A second run of a success is usually meant for it alone.
  const [withDownstream, setWithDownstream] = useState(action !== 'run_again')
  const [key] = useState(newIdempotencyKey)
  const texts = useTexts(execution)[action]
  const option =
    action !== 'cancel'
      ? { label: t('action.withDownstream'), hint: t('action.withDownstreamHint'), checked: withDownstream, onChange: setWithDownstream }
      : undefined
  return (
    <ConfirmDialog
      opened
      title={texts.title}
      text={texts.text}
      confirm={texts.confirm}
      danger={action === 'cancel'}
      busy={mutation.isPending}
      option={option}
      onClose={onClose}
      onConfirm={() =>
        mutation.mutate(
          { action, execution, withDownstream, key },
          {
            onSuccess: () => {
              toasts.success(texts.done)
              onClose()
            },
            // The question stays open: what failed can be asked again, with the same key.
            onError: toasts.problem,
          },
        )
      }
    />
  )
}

/** Buttons side by side, for the execution's own page. */
export function ExecutionButtons({ execution }: { execution: Execution }) {
  const labels = useLabels()
  const offered = useOffered(execution)
  const [asking, setAsking] = useState<ActionName | null>(null)
  return (
    <Group gap="xs">
      {offered.map((action) => {
        const Icon = ICONS[action]
        return (
          <Button
            key={action}
            size="sm"
            variant={action === 'run_now' || action === 'retry' ? 'filled' : 'default'}
            leftSection={<Icon size={15} aria-hidden />}
            onClick={() => setAsking(action)}
          >
            {labels[action]}
          </Button>
        )
      })}
      {asking !== null && <ActionDialog execution={execution} action={asking} onClose={() => setAsking(null)} />}
    </Group>
  )
}

/** One menu per row: the column stays quiet and narrow. */
export function ExecutionMenu({ execution }: { execution: Execution }) {
  const { t } = useTranslation()
  const labels = useLabels()
  const offered = useOffered(execution)
  const [asking, setAsking] = useState<ActionName | null>(null)
  if (offered.length === 0 && asking === null) return null
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('action.more', { title: execution.title })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {offered.map((action) => {
            const Icon = ICONS[action]
            return (
              <Menu.Item key={action} leftSection={<Icon size={15} aria-hidden />} onClick={() => setAsking(action)}>
                {labels[action]}
              </Menu.Item>
            )
          })}
        </Menu.Dropdown>
      </Menu>
      {asking !== null && <ActionDialog execution={execution} action={asking} onClose={() => setAsking(null)} />}
    </>
  )
}
