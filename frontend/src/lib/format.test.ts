import { describe, expect, it } from 'vitest'

import { addDays, isIsoDate } from './dates'
import { formatBytes, formatDate, formatDuration, formatInstant, formatLogTime, formatTicking, formatTime } from './format'

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.0004, '0 ms'],
    [0.085, '85 ms'],
    [0.9996, '1 s'],
    [1.94, '1,9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [184, '3 min 04 s'],
    [3599.6, '1 h 00 min'],
    [3720, '1 h 02 min'],
    [86_400 * 2 + 3 * 3600, '2 d 03 h'],
    [-1, '–'],
    [Number.NaN, '–'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds, 'pt-BR')).toBe(text)
  })

  it('follows the language', () => {
    expect(formatDuration(1.94, 'en')).toBe('1.9 s')
  })
})

describe('formatTicking', () => {
  it.each([
    [0, '0 s'],
    [0.9, '0 s'],
    [-3, '0 s'],
    [7.9, '7 s'],
    [61, '1 min 01 s'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatTicking(seconds, 'pt-BR')).toBe(text)
  })
})

describe('times', () => {
  it("are São Paulo's, wherever the browser is", () => {
    expect(formatTime('2026-11-19T23:45:00Z', 'pt-BR')).toBe('20:45')
    expect(formatTime('2026-11-20T02:59:59Z', 'en')).toBe('23:59')
    expect(formatInstant('2026-11-20T02:05:09Z', 'pt-BR')).toBe('19/11/2026, 23:05:09')
    expect(formatLogTime('2026-11-19T23:45:01.123Z')).toBe('20:45:01.123')
  })

  it('knew daylight saving time', () => {
    expect(formatTime('2018-12-03T12:00:00Z', 'pt-BR')).toBe('10:00')
  })
})

describe('business dates', () => {
  it('are not moved by any time zone', () => {
    expect(formatDate('2026-11-19', 'pt-BR', 'long')).toBe('quinta-feira, 19 de novembro de 2026')
    expect(formatDate('2026-01-01', 'en', 'long')).toBe('Thursday, January 1, 2026')
  })

  it('move over months and leap days', () => {
    expect(addDays('2026-11-30', 1)).toBe('2026-12-01')
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29')
  })

  it.each([
    ['2026-11-19', true],
    ['2026-02-30', false],
    ['2026-13-01', false],
    ['19/11/2026', false],
    ['2026-1-1', false],
  ])('%s: %s', (text, valid) => {
    expect(isIsoDate(text)).toBe(valid)
  })
})

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [482_133, '482,1 kB'],
    [12_000_000, '12 MB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes, 'pt-BR')).toBe(text)
  })
})
