import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'

import { isIsoDate } from '@/lib/dates'
import { formatBytes, formatDate, formatDuration, formatInstant, formatNumber } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'

import classes from './execution.module.css'

type Fields = Record<string, unknown>

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A known field's name in the person's language, else the key as the job wrote it. */
export function fieldName(key: string, t: TFunction): string {
  return t(`field.${key}` as 'field.rows', { defaultValue: key })
}

/** One value of a result as text; the key's ending tells the unit. */
export function valueText(key: string, value: unknown, t: TFunction, locale: string): string {
  if (value === null || value === undefined) return t('common.none')
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  if (typeof value === 'number') {
    if (key.endsWith('_bytes')) return formatBytes(value, locale)
    if (key.endsWith('_seconds')) return formatDuration(value, locale)
    return formatNumber(value, locale)
  }
  if (typeof value !== 'string') return JSON.stringify(value)
  if (isIsoDate(value)) return formatDate(value, locale)
  return INSTANT.test(value) && !Number.isNaN(Date.parse(value)) ? formatInstant(value, locale) : value
}

function Rows({ rows }: { rows: readonly Fields[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('execution.result')}>
      <table className={classes.table}>
        <thead>
          <tr>
            {keys.map((key) => (
              <th key={key} scope="col" data-number={typeof rows[0]?.[key] === 'number' || undefined}>
                {fieldName(key, t)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {keys.map((key) => (
                <td key={key} data-number={typeof row[key] === 'number' || undefined}>
                  {valueText(key, row[key], t, language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Value({ name, value }: { name: string; value: unknown }) {
  const { t } = useTranslation()
  const language = useLanguage()
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isFields)) return <Rows rows={value} />
    return <>{value.length === 0 ? t('common.none') : value.map((one) => valueText(name, one, t, language)).join(', ')}</>
  }
  if (isFields(value)) return <ResultTable result={value} />
  const text = valueText(name, value, t, language)
  return typeof value === 'string' && /^[0-9a-f]{32,}$/.test(value) ? <span className="mono">{text}</span> : <>{text}</>
}

/** What a job reported, as a table whatever its shape. */
export function ResultTable({ result }: { result: Fields }) {
  const { t } = useTranslation()
  return (
    <dl className={classes.result}>
      {Object.entries(result).map(([key, value]) => (
        <div key={key} className={classes.resultRow} data-wide={(Array.isArray(value) && value.some(isFields)) || undefined}>
          <dt>{fieldName(key, t)}</dt>
          <dd className="numeric">
            <Value name={key} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
