import { changeLanguage as applyLanguage, use as withPlugin } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'

import en from './locales/en.json'
import ptBR from './locales/pt-BR.json'

export const LANGUAGES = ['pt-BR', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const STORAGE_KEY = 'rotina.language'

export function isLanguage(value: string | null): value is Language {
  return LANGUAGES.some((language) => language === value)
}

/** The language chosen earlier, else the browser's if it is English, else Portuguese. */
export function initialLanguage(stored: string | null, browser: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  const first = browser.find((tag) => /^(pt|en)\b/i.test(tag))
  return first !== undefined && /^en\b/i.test(first) ? 'en' : 'pt-BR'
}

export async function startTranslations(language: Language): Promise<void> {
  await withPlugin(initReactI18next).init({
    lng: language,
    fallbackLng: 'pt-BR',
    supportedLngs: LANGUAGES,
    resources: { 'pt-BR': { translation: ptBR }, en: { translation: en } },
    // Codes such as NOT_A_SESSION are keys: the usual "_" would cut them into contexts.
    contextSeparator: '|',
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = language
}

export async function changeLanguage(language: Language): Promise<void> {
  window.localStorage.setItem(STORAGE_KEY, language)
  await applyLanguage(language)
  document.documentElement.lang = language
}

export function storedLanguage(): string | null {
  return window.localStorage.getItem(STORAGE_KEY)
}

/** The current language, for Intl. */
export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return isLanguage(i18n.language) ? i18n.language : 'pt-BR'
}
