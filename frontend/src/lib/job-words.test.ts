import { getFixedT } from 'i18next'
import { describe, expect, it } from 'vitest'

import { adviceFor, errorTitle, fieldName, inReadingOrder, outcomeText, valueText, warningText, WORDS } from './job-words'

const pt = getFixedT('pt-BR')
const en = getFixedT('en')

describe('warnings', () => {
  const holiday = {
    code: 'NOT_A_SESSION',
    message: '2026-11-20 is not a session of B3',
    context: { day: '2026-11-20', next_session: '2026-11-23', note: null },
  }

  it('are said in the person’s language, with the context filled in', () => {
    expect(warningText(holiday, pt, 'pt-BR')).toBe('Não houve pregão em sex, 20 de nov de 2026; o próximo é seg, 23 de nov de 2026.')
    expect(warningText(holiday, en, 'en')).toBe('Fri, Nov 20, 2026 was not a session; the next one is Mon, Nov 23, 2026.')
    const few = { code: 'FEWER_ROWS_THAN_USUAL', message: '-', context: { rows: 1745, usual: 12_226 } }
    expect(warningText(few, pt, 'pt-BR')).toBe('1.745 linhas, bem menos que as 12.226 de costume.')
  })

  it('stand as the job wrote them when the code is unknown or the context is not what we expect', () => {
    expect(warningText({ code: 'NEW', message: 'as written', context: {} }, pt, 'pt-BR')).toBe('as written')
    expect(warningText({ ...holiday, context: { day: '2026-11-20' } }, pt, 'pt-BR')).toBe(holiday.message)
    expect(warningText({ code: 'NOT_A_SESSION', message: 'bare', context: {} }, pt, 'pt-BR')).toBe('bare')
  })
})

describe('errors', () => {
  it('have a title and advice of their own where the code is known', () => {
    expect(errorTitle({ code: 'BROKEN_FILE' }, pt)).toBe('O arquivo veio com defeito')
    expect(adviceFor({ code: 'BROKEN_FILE', transient: false }, pt)).toMatch(/nada foi carregado/)
  })

  it('fall back to whether it may pass by itself', () => {
    expect(errorTitle({ code: 'toString' }, pt)).toBeNull()
    expect(adviceFor({ code: 'X', transient: true }, pt)).toBe(WORDS['pt-BR'].advice.transient)
    expect(adviceFor({ code: 'X', transient: false }, en)).toBe(WORDS.en.advice.default)
  })
})

describe('values', () => {
  it.each([
    ['rows', 12_226, '12.226'],
    ['size_bytes', 482_133, '482,1 kB'],
    ['seconds', 0.123, '123 ms'],
    ['milliseconds', 1500, '1,5 s'],
    ['ok', true, 'Sim'],
    ['session', '2024-11-08', 'sex, 8 de nov de 2024'],
    ['outcome', 'got', 'Arquivo novo'],
    ['outcome', 'something_new', 'something_new'],
    ['volume', '123456789012345678.90', '123.456.789.012.345.678,90'],
    ['close', '36.1', '36,10'],
    ['version', '18.0', '18.0'],
    ['nothing', null, '—'],
    ['list', { a: 1 }, '{"a":1}'],
  ])('%s %s is %s', (key, value, text) => {
    expect(valueText(key, value, pt, 'pt-BR')).toBe(text)
  })

  it('come in reading order, the unknown ones last and as they came', () => {
    expect(inReadingOrder(['zeta', 'updated', 'rows', 'alpha', 'outcome'])).toEqual(['outcome', 'rows', 'updated', 'zeta', 'alpha'])
  })

  it('say what a success ended in', () => {
    expect(outcomeText({ outcome: 'unchanged' }, pt)).toBe('Sem mudança desde a última vez')
    expect(outcomeText({ outcome: 'own word' }, pt)).toBeNull()
    expect(outcomeText(null, pt)).toBeNull()
  })

  it('have names', () => {
    expect(fieldName('inserted', pt)).toBe('Inseridas')
    expect(fieldName('inserted', en)).toBe('Inserted')
    expect(fieldName('my_own_field', pt)).toBe('my_own_field')
  })
})
