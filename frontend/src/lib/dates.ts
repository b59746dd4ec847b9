/** Rotina's business days are São Paulo's, wherever the browser is. */
export const BUSINESS_ZONE = 'America/Sao_Paulo'

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/** A calendar date as `YYYY-MM-DD`: never a Date, whose time zone would move it by a day. */
export function isIsoDate(value: string): boolean {
  const match = ISO_DATE.exec(value)
  if (match === null) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

export function addDays(isoDate: string, days: number): string {
  const date = new Date(`${isoDate}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
