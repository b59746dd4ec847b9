import 'dayjs/locale/pt-br'
import '@mantine/dates/styles.layer.css'

import { DatePicker } from '@mantine/dates'
import { useTranslation } from 'react-i18next'

import { useLanguage } from '@/lib/i18n'

import classes from './calendar.module.css'

interface Props {
  value: string
  today: string
  onChoose: (date: string) => void
}

/** A month to choose a date from. Loaded only when it is opened. */
export function Calendar({ value, today, onChoose }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <DatePicker
      locale={language === 'pt-BR' ? 'pt-br' : 'en'}
      firstDayOfWeek={0}
      value={value}
      defaultDate={value}
      highlightToday
      classNames={{ day: classes.day ?? '' }}
      ariaLabels={{ previousMonth: t('date.previousMonth'), nextMonth: t('date.nextMonth') }}
      getDayProps={(date) => (date === today ? { 'aria-current': 'date' } : {})}
      onChange={(date) => {
        if (date !== null) onChoose(date)
      }}
    />
  )
}
