import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface Option {
  label: string
  hint: string
  checked: boolean
  onChange: (checked: boolean) => void
}

interface Props {
  opened: boolean
  title: string
  text: string
  confirm: string
  danger?: boolean
  busy: boolean
  option?: Option | undefined
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something happens to the queue. Says what will happen, and the button repeats the verb. */
export function ConfirmDialog({ opened, title, text, confirm, danger = false, busy, option, onConfirm, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': t('action.close') }}>
      <Stack gap="md">
        <Text size="sm">{text}</Text>
        {option !== undefined && (
          <Checkbox
            label={option.label}
            description={option.hint}
            checked={option.checked}
            onChange={(event) => option.onChange(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('action.back')}
          </Button>
          <Button {...(danger ? { color: 'red.8' } : {})} loading={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
