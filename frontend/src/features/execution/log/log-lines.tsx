import { memo } from 'react'
import { useTranslation } from 'react-i18next'

import type { LogLine } from '@/lib/executions'
import { formatLogTime } from '@/lib/format'

import { fieldsText } from './log-text'
import classes from './log-view.module.css'

const Line = memo(function Line({ line }: { line: LogLine }) {
  const { t } = useTranslation()
  const fields = fieldsText(line.fields)
  return (
    <li className={classes.line} data-level={line.level}>
      <time className={classes.time} dateTime={line.at}>
        {formatLogTime(line.at)}
      </time>
      <span className={classes.level}>{t(`log.level.${line.level}`)}</span>
      <span className={classes.message}>
        {line.message}
        {fields !== '' && <span className={classes.fields}> {fields}</span>}
      </span>
    </li>
  )
})

/** Lines with a rule where another attempt begins. */
export function LogLines({ lines, before }: { lines: readonly LogLine[]; before: LogLine | null }) {
  const { t } = useTranslation()
  return (
    <ol className={classes.lines}>
      {lines.map((line, index) => {
        const previous = index === 0 ? before : lines[index - 1]
        return [
          line.attempt !== previous?.attempt && (
            <li key={`attempt-${line.attempt}`} className={classes.attempt}>
              {t('log.attempt', { attempt: line.attempt })}
            </li>
          ),
          <Line key={`${line.attempt}:${line.seq}`} line={line} />,
        ]
      })}
    </ol>
  )
}
