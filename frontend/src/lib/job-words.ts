import type { TFunction } from 'i18next'

import { isIsoDate } from './dates'
import type { Execution } from './executions'
import { formatBytes, formatDate, formatDecimal, formatDuration, formatInstant, formatNumber } from './format'
import en from './locales/en.json'
import ptBR from './locales/pt-BR.json'

/**
 * Jobs report codes with a context, and a message in English for logs and for codes that nobody has translated yet.
 * What is known here is said in the person's language; the rest as the job wrote it.
 */
type Warning = Execution['warnings'][number]
type JobError = NonNullable<Execution['error']>
type Words = typeof ptBR

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/
/** Amounts travel as text, so that no digit is lost. */
const DECIMALS = new Set(['volume', 'close'])

function isKey<Group extends object>(group: Group, key: string): key is Extract<keyof Group, string> {
  return Object.hasOwn(group, key)
}

const FIELD_ORDER = new Map(Object.keys(ptBR.field).map((key, place) => [key, place]))

function placeOf(key: string): number {
  return FIELD_ORDER.get(key) ?? FIELD_ORDER.size
}

/** Keys as people want to read them: the known ones in the order of the translations, then the rest as they came. */
export function inReadingOrder(keys: readonly string[]): string[] {
  return keys.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** What a success ended in ("unchanged since last time"), if the job said so in a word that we know. */
export function outcomeText(result: Record<string, unknown> | null, t: TFunction): string | null {
  const outcome = result?.['outcome']
  return typeof outcome === 'string' && isKey(ptBR.outcome, outcome) ? t(`outcome.${outcome}`) : null
}

export function fieldName(key: string, t: TFunction): string {
  return isKey(ptBR.field, key) ? t(`field.${key}`) : key
}

function numberText(key: string, value: number, locale: string): string {
  if (key.endsWith('_bytes')) return formatBytes(value, locale)
  if (key === 'seconds' || key.endsWith('_seconds')) return formatDuration(value, locale)
  if (key === 'milliseconds') return formatDuration(value / 1000, locale)
  return formatNumber(value, locale)
}

function stringText(key: string, value: string, t: TFunction, locale: string): string {
  if (key === 'outcome' && isKey(ptBR.outcome, value)) return t(`outcome.${value}`)
  if (DECIMALS.has(key) && /^-?\d+(\.\d+)?$/.test(value)) return formatDecimal(value, locale)
  if (isIsoDate(value)) return formatDate(value, locale)
  return INSTANT.test(value) && !Number.isNaN(Date.parse(value)) ? formatInstant(value, locale) : value
}

/** One value that a job reported, as text; the key tells the unit. */
export function valueText(key: string, value: unknown, t: TFunction, locale: string): string {
  if (value === null || value === undefined) return t('common.none')
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
  if (typeof value === 'number') return numberText(key, value, locale)
  return typeof value === 'string' ? stringText(key, value, t, locale) : JSON.stringify(value)
}

function blanksOf(text: string): string[] {
  return [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1] ?? '')
}

/** A warning in the person's language, if its code is known and its context fills every blank. */
export function warningText(warning: Warning, t: TFunction, locale: string): string {
  const { code, context } = warning
  if (!isKey(ptBR.warning, code)) return warning.message
  const blanks = blanksOf(ptBR.warning[code])
  if (blanks.some((blank) => context[blank] === undefined || context[blank] === null)) return warning.message
  const values = Object.fromEntries(blanks.map((blank) => [blank, valueText(blank, context[blank], t, locale)]))
  return t(`warning.${code}`, { ...values, defaultValue: warning.message })
}

/** What went wrong in a few words, null when the code is not known: then the job's own message stands alone. */
export function errorTitle(error: Pick<JobError, 'code'>, t: TFunction): string | null {
  return isKey(ptBR.errorTitle, error.code) ? t(`errorTitle.${error.code}`) : null
}

/** What a person can do about an error: by its code where we know it, else by whether it may pass by itself. */
export function adviceFor(error: Pick<JobError, 'code' | 'transient'>, t: TFunction): string {
  if (isKey(ptBR.advice, error.code)) return t(`advice.${error.code}`)
  return t(error.transient ? 'advice.transient' : 'advice.default')
}

// Both files are held to the same keys by a test; this holds them to the same groups at compile time.
export const WORDS: Record<'pt-BR' | 'en', Pick<Words, 'warning' | 'errorTitle' | 'advice' | 'outcome' | 'field'>> = { 'pt-BR': ptBR, en }
