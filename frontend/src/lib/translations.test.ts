import { readFileSync } from 'node:fs'

import { getFixedT } from 'i18next'
import { describe, expect, it } from 'vitest'

import { executionData } from '@/testing/data'

import { LANGUAGES } from './i18n'
import en from './locales/en.json'
import ptBR from './locales/pt-BR.json'
import { REASON_CODES, reasonText } from './reason'

type Tree = { [key: string]: string | Tree }

function flatten(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flatten(value, `${path}${key}.`),
  )
}

const PLURAL = /_(zero|one|many|other)$/
const texts = { 'pt-BR': new Map(flatten(ptBR)), en: new Map(flatten(en)) }

function keysOf(language: keyof typeof texts): string[] {
  return [...new Set([...texts[language].keys()].map((key) => key.replace(PLURAL, '')))].toSorted()
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1] ?? ''))].toSorted()
}

describe('translations', () => {
  it('have the same keys in both languages', () => {
    expect(keysOf('en')).toEqual(keysOf('pt-BR'))
  })

  it('have every plural form that the language knows', () => {
    for (const language of LANGUAGES) {
      const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
      const counted = [...texts[language].keys()].filter((key) => key.endsWith('_other')).map((key) => key.replace(PLURAL, ''))
      expect(counted.length).toBeGreaterThan(0)
      for (const key of counted) for (const category of categories) expect(texts[language].has(`${key}_${category}`), `${language} ${key}_${category}`).toBe(true)
    }
  })

  it('are never empty and fill the same blanks', () => {
    for (const [key, text] of texts['pt-BR']) {
      expect(text.trim(), key).not.toBe('')
      // Portuguese has a plural form that English does not know.
      const other = texts.en.get(key) ?? texts.en.get(key.replace(PLURAL, '_other'))
      expect(placeholders(other ?? ''), key).toEqual(placeholders(text))
    }
  })
})

describe('reasons', () => {
  const waiting = executionData({ pool: 'b3', concurrency_key: 'fundos', due_at: '2026-11-19T23:45:00Z' })
  const context = {
    upstream: [{ routine_id: 'r', name: 'b3-cotahist-download', status: 'PENDING' }],
    at: '2026-11-20T00:10:00Z',
    by: 'Otávio',
  }

  it.each(LANGUAGES.flatMap((language) => REASON_CODES.map((code) => [language, code] as const)))('%s: %s has words', (language, code) => {
    const text = reasonText({ code, context, message: '' }, waiting, getFixedT(language), language)
    expect(text).not.toMatch(/reason\.|{{|undefined/)
    expect(text).not.toContain(code)
    expect(text.length).toBeGreaterThan(5)
  })

  const t = getFixedT('pt-BR')

  it('name what is waited for', () => {
    const text = (code: string, with_: Record<string, unknown> = {}): string => reasonText({ code, context: with_, message: '' }, waiting, t, 'pt-BR')
    expect(text('WAITING_DEPENDENCY', context)).toBe('Aguardando b3-cotahist-download (pendente)')
    expect(text('NOT_DUE')).toBe('Começa às 20:45')
    expect(text('WAITING_RETRY', context)).toBe('Nova tentativa às 21:10')
    expect(text('WAITING_POOL')).toBe('Aguardando vaga no pool b3')
    expect(text('NO_CAPABLE_WORKER')).toBe('Nenhum worker no ar sabe executar b3.cotahist.download')
  })

  it('are core-api\'s own words for a code that is not known yet', () => {
    expect(reasonText({ code: 'FULL_MOON', context: {}, message: 'É lua cheia.' }, waiting, t, 'pt-BR')).toBe('É lua cheia.')
  })
})

describe('the list of reasons', () => {
  it('is the one of core-api', () => {
    const source = readFileSync('../services/core-api/src/core_api/modules/executions/schemas.py', 'utf8')
    const [, body = ''] = /class ReasonCode\(StrEnum\):\n([\s\S]*?)\n\n\n/.exec(source) ?? []
    const codes = [...body.matchAll(/^ {4}([A-Z_]+) = "\1"$/gm)].map((match) => match[1])
    expect(codes.length).toBeGreaterThan(0)
    expect(new Set(codes)).toEqual(new Set(REASON_CODES))
  })
})
