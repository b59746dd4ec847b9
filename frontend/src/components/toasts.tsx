import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'

import { problemText, requestIdOf } from '@/lib/problem-text'

import { IconAlert, IconCheck } from './icons'
import classes from './toasts.module.css'

const SUCCESS_MS = 5_000
const PROBLEM_MS = 12_000

/** Short answers to what the person just did. A problem names its request id, to be quoted to whoever runs the place. */
export function useToasts() {
  const { t } = useTranslation()
  const closeButtonProps = { 'aria-label': t('action.close') }
  return {
    success: (message: string): void => {
      notifications.show({ message, icon: <IconCheck size={18} aria-hidden />, color: 'petrol', autoClose: SUCCESS_MS, closeButtonProps })
    },
    problem: (error: unknown): void => {
      const id = requestIdOf(error)
      notifications.show({
        title: t('problem.title'),
        message: (
          <>
            {problemText(error, t)}
            {id !== null && <span className={classes.id}>{t('problem.requestId', { id })}</span>}
          </>
        ),
        icon: <IconAlert size={18} aria-hidden />,
        color: 'red',
        role: 'alert',
        autoClose: PROBLEM_MS,
        closeButtonProps,
      })
    },
  }
}
