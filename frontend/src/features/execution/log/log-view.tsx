import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core'
import { useLayoutEffect, useRef, useState, type UIEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { IconCheck, IconCopy, IconDownload, IconEnd } from '@/components/icons'
import type { Execution, LogLine } from '@/lib/executions'

import { LogLines } from './log-lines'
import { logText } from './log-text'
import classes from './log-view.module.css'
import { type LogStream, useLogStream } from './use-log-stream'

/** Drawing more than this at once is slow and nobody reads it; earlier lines come back on request. */
const WINDOW = 1_000
/** Closer to the end than this counts as being at the end. */
const END_PX = 32

function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

function StreamWord({ state }: { state: LogStream['state'] }) {
  const { t } = useTranslation()
  const word = state === 'open' ? 'live' : state === 'ended' ? 'ended' : 'waiting'
  return (
    <span className={classes.state} data-state={word}>
      {t(`log.${word}`)}
    </span>
  )
}

function Tools({ execution, lines, state }: { execution: Execution; lines: readonly LogLine[]; state: LogStream['state'] }) {
  const { t } = useTranslation()
  const fileName = t('log.fileName', { name: execution.routine_name, date: execution.business_date })
  return (
    <div className={classes.tools}>
      <StreamWord state={state} />
      <span className={classes.count}>{t('log.lines', { count: lines.length })}</span>
      <CopyButton value={lines.length === 0 ? '' : logText(lines)}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'action.copied' : 'action.copy')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t(copied ? 'action.copied' : 'action.copy')} disabled={lines.length === 0} onClick={copy}>
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
      <Tooltip label={t('action.download')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('action.download')}
          disabled={lines.length === 0}
          onClick={() => saveText(fileName, logText(lines))}
        >
          <IconDownload size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

/** Stays at the end while the person is there; scrolling up stops that, and the end is one press away. */
function useFollowing(lines: readonly LogLine[]) {
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState<number | null>(null)
  const following = seen === null
  useLayoutEffect(() => {
    const element = box.current
    if (following && element !== null) element.scrollTop = element.scrollHeight
  }, [lines, following])
  return {
    box,
    following,
    unseen: seen === null ? 0 : lines.length - seen,
    onScroll: (event: UIEvent<HTMLDivElement>): void => {
      const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
      const atEnd = scrollHeight - scrollTop - clientHeight < END_PX
      if (atEnd && seen !== null) setSeen(null)
      else if (!atEnd && seen === null) setSeen(lines.length)
    },
    follow: () => setSeen(null),
  }
}

/** The execution's log: from the first line, live, and readable while it grows. */
export function LogView({ execution, tall = false }: { execution: Execution; tall?: boolean }) {
  const { t } = useTranslation()
  const { lines, state } = useLogStream(execution.id, execution.attempt)
  const [windows, setWindows] = useState(1)
  const { box, following, unseen, onScroll, follow } = useFollowing(lines)
  const hidden = Math.max(0, lines.length - windows * WINDOW)
  const waiting = execution.status === 'PENDING' || execution.status === 'QUEUED'
  return (
    <section className={classes.log}>
      <div className={classes.head}>
        <h2 className={classes.heading}>{t('execution.log')}</h2>
        <Tools execution={execution} lines={lines} state={state} />
      </div>
      <div className={classes.frame}>
        <div ref={box} className={classes.box} data-tall={tall || undefined} tabIndex={0} role="region" aria-label={t('log.label')} onScroll={onScroll}>
          {lines.length === 0 && <p className={classes.empty}>{t(waiting ? 'log.emptyWaiting' : 'log.empty')}</p>}
          {hidden > 0 && (
            <Button className={classes.earlier ?? ''} size="compact-xs" variant="default" onClick={() => setWindows(windows + 1)}>
              {t('log.earlier', { count: Math.min(WINDOW, hidden) })}
            </Button>
          )}
          <LogLines lines={lines.slice(hidden)} before={lines[hidden - 1] ?? null} />
        </div>
        {!following && (
          <Button className={classes.follow ?? ''} size="compact-sm" leftSection={<IconEnd size={14} aria-hidden />} onClick={follow}>
            {unseen > 0 ? t('log.paused', { count: unseen }) : t('log.follow')}
          </Button>
        )}
      </div>
    </section>
  )
}
