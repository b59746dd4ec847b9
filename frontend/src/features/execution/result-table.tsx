import { useTranslation } from 'react-i18next'

import { useLanguage } from '@/lib/i18n'
import { fieldName, inReadingOrder, valueText } from '@/lib/job-words'

import classes from './execution.module.css'

type Fields = Record<string, unknown>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTable(value: unknown): value is Fields[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFields)
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
}

function Rows({ rows }: { rows: readonly Fields[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const keys = inReadingOrder([...new Set(rows.flatMap((row) => Object.keys(row)))])
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('execution.result')}>
      <table className={classes.table}>
        <thead>
          <tr>
            {keys.map((key) => (
              <th key={key} scope="col" data-number={isNumeric(rows[0]?.[key]) || undefined}>
                {fieldName(key, t)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {keys.map((key) => (
                <td key={key} data-number={isNumeric(row[key]) || undefined}>
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
    if (isTable(value)) return <Rows rows={value} />
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
      {inReadingOrder(Object.keys(result)).map((key) => (
        <div key={key} className={classes.resultRow} data-wide={isTable(result[key]) || undefined}>
          <dt>{fieldName(key, t)}</dt>
          <dd className="numeric">
            <Value name={key} value={result[key]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
