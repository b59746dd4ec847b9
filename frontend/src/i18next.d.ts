import 'i18next'

import type ptBR from './lib/locales/pt-BR.json'

declare module 'i18next' {
  // Makes `t('…')` accept only keys that exist.
  interface CustomTypeOptions {
    resources: { translation: typeof ptBR }
    contextSeparator: '|'
  }
}
