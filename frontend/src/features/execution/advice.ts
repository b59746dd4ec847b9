import type { TFunction } from 'i18next'

import type { Execution } from '@/lib/executions'

/** What a person can do about an error: by its code where we know it, else by whether it may pass by itself. */
export function adviceFor(error: Pick<NonNullable<Execution['error']>, 'code' | 'transient'>, t: TFunction): string {
  const general = t(error.transient ? 'advice.transient' : 'advice.default')
  return t(`advice.${error.code}` as 'advice.default', { defaultValue: general })
}
