import { BUSINESS_ZONE } from './dates'

const MINUS_SIGN = '–'

const cache = new Map<string, Intl.DateTimeFormat>()

/** Intl formatters are slow to build and a table asks for hundreds. */
function dateFormat(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}/${name}`
  const found = cache.get(key)
  if (found !== undefined) return found
  const made = new Intl.DateTimeFormat(locale, options)
  cache.set(key, made)
  return made
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: BUSINESS_ZONE }

export function formatTime(instant: string, locale: string): string {
  return dateFormat(locale, 'time', TIME).format(new Date(instant))
}

export function formatTimeWithSeconds(instant: string, locale: string): string {
  return dateFormat(locale, 'seconds', { ...TIME, second: '2-digit' }).format(new Date(instant))
}

export function formatInstant(instant: string, locale: string): string {
  return dateFormat(locale, 'instant', { ...TIME, second: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric' }).format(
    new Date(instant),
  )
}

export type DateStyle = 'short' | 'compact' | 'medium' | 'long'

const DATE_STYLES: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  short: { day: '2-digit', month: '2-digit' },
  compact: { weekday: 'short', day: 'numeric', month: 'short' },
  medium: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
}

/** A business date (`YYYY-MM-DD`), which has no time zone: it is formatted as the UTC day it names. */
export function formatDate(isoDate: string, locale: string, style: DateStyle = 'medium'): string {
  const format = dateFormat(locale, `date-${style}`, { ...DATE_STYLES[style], timeZone: 'UTC' })
  return format.format(new Date(`${isoDate}T00:00:00Z`)).replaceAll('.', '')
}

export function formatNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value)
}

/** A decimal that travels as text: every digit of it is shown, two after the point at least. */
export function formatDecimal(value: string, locale: string): string {
  // Intl formats decimal strings exactly (ECMA-402, 16.5.2); TypeScript asks for the literal's type.
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 10 }).format(value as Intl.StringNumericLiteral)
}

export function formatPercent(fraction: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(fraction)
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

/** `85 ms`, `4,2 s`, `12 s`, `3 min 04 s`, `1 h 02 min`, `2 d 03 h`: two units at most, so that a column stays narrow. */
export function formatDuration(seconds: number, locale: string): string {
  if (!Number.isFinite(seconds) || seconds < 0) return MINUS_SIGN
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
  return `${Math.floor(minutes / 1440)} d ${pad(Math.floor((minutes % 1440) / 60))} h`
}

/** A running time counts in whole seconds: tenths that jump about every second would only distract. */
export function formatTicking(seconds: number, locale: string): string {
  return formatDuration(seconds < 60 ? Math.floor(Math.max(seconds, 0)) || 0 : seconds, locale).replace(/^0 ms$/, '0 s')
}

export function formatBytes(bytes: number, locale: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: unit === 0 ? 0 : 1 }).format(value)} ${units[unit] ?? ''}`
}

const LOG_TIME = new Intl.DateTimeFormat('pt-BR', { ...TIME, second: '2-digit', fractionalSecondDigits: 3 })

/** `20:45:01.123`, the same in every language: logs are read beside files. */
export function formatLogTime(instant: string): string {
  return LOG_TIME.format(new Date(instant)).replace(',', '.')
}
