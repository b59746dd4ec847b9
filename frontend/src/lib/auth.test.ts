import { describe, expect, it } from 'vitest'

import { safeReturnPath } from './auth'
import { ConfigError, parseConfig } from './config'
import { initialLanguage } from './i18n'

describe('the way back after sign-in', () => {
  it.each(['/', '/dia/2026-11-19?situacao=FAILED', '/execucao/x'])('may be %s', (path) => {
    expect(safeReturnPath(path)).toBe(path)
  })

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/auth/callback?code=1', '', null, undefined, 7])(
    'may not be %s',
    (path) => {
      expect(safeReturnPath(path)).toBe('/')
    },
  )
})

describe('config.json', () => {
  const good = { issuer: 'http://localhost:8081', client_id: 'rotina-spa', audience: 'rotina-api', scope: 'openid' }

  it('is read', () => {
    expect(parseConfig(good)).toEqual({ issuer: good.issuer, clientId: 'rotina-spa', audience: 'rotina-api', scope: 'openid' })
  })

  it.each(['issuer', 'client_id', 'audience', 'scope'])('needs %s', (key) => {
    expect(() => parseConfig({ ...good, [key]: '' })).toThrow(ConfigError)
  })

  it('must be an object', () => {
    expect(() => parseConfig('no')).toThrow(ConfigError)
  })
})

describe('the first language', () => {
  it.each([
    ['en', ['pt-BR'], 'en'],
    [null, ['pt-BR', 'en'], 'pt-BR'],
    [null, ['en-GB', 'pt'], 'en'],
    [null, ['fr', 'en-US'], 'en'],
    [null, ['fr'], 'pt-BR'],
    ['xx', [], 'pt-BR'],
  ])('stored %s, browser %s: %s', (stored, browser, language) => {
    expect(initialLanguage(stored, browser)).toBe(language)
  })
})
