import { Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { IconChevronDown, IconLogout } from '@/components/icons'
import { useToasts } from '@/components/toasts'
import { changeLanguage, isLanguage, useLanguage } from '@/lib/i18n'
import { useMe } from '@/lib/me'
import { highestRole } from '@/lib/roles'
import { useServices } from '@/lib/services'

import classes from './user-menu.module.css'

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter((word) => word !== '')
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
}

function ThemeChoice() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <div className={classes.choice}>
      <Text size="xs" c="dimmed" id="theme-label">
        {t('user.theme')}
      </Text>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby="theme-label"
        value={colorScheme}
        onChange={(value) => setColorScheme(value)}
        data={[
          { value: 'auto', label: t('user.themeAuto') },
          { value: 'light', label: t('user.themeLight') },
          { value: 'dark', label: t('user.themeDark') },
        ]}
      />
    </div>
  )
}

function LanguageChoice() {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <div className={classes.choice}>
      <Text size="xs" c="dimmed" id="language-label">
        {t('user.language')}
      </Text>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby="language-label"
        value={language}
        onChange={(value) => {
          if (isLanguage(value)) void changeLanguage(value)
        }}
        data={[
          { value: 'pt-BR', label: 'Português' },
          { value: 'en', label: 'English' },
        ]}
      />
    </div>
  )
}

function SignOutItem() {
  const { t } = useTranslation()
  const { signOut } = useServices()
  const toasts = useToasts()
  const [leaving, setLeaving] = useState(false)
  return (
    <Menu.Item
      leftSection={<IconLogout size={16} aria-hidden />}
      disabled={leaving}
      closeMenuOnClick={false}
      onClick={() => {
        setLeaving(true)
        signOut().catch((error: unknown) => {
          setLeaving(false)
          toasts.problem(error)
        })
      }}
    >
      {t('user.signOut')}
    </Menu.Item>
  )
}

export function UserMenu() {
  const { t } = useTranslation()
  const me = useMe()
  if (me === undefined) return null
  const { name } = me
  const role = t(`role.${highestRole(me) ?? 'none'}`)
  return (
    <Menu position="bottom-end" width={264} shadow="md" trapFocus={false}>
      <Menu.Target>
        <UnstyledButton className={classes.target}>
          <span className={classes.initials} aria-hidden="true">
            {initials(name)}
          </span>
          <span className={classes.who}>
            <span className={classes.name}>
              <span className="visually-hidden">{t('user.menuOf')}</span> {name}
            </span>{' '}
            <span className={classes.role}>{role}</span>
          </span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.identity}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            {me.email === null ? role : `${role} · ${me.email}`}
          </Text>
        </div>
        <Menu.Divider />
        <ThemeChoice />
        <LanguageChoice />
        <Menu.Divider />
        <SignOutItem />
      </Menu.Dropdown>
    </Menu>
  )
}
