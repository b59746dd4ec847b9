import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { IconExternal } from '@/components/icons'

import { useExecution } from './api/execution'
import { ExecutionDetail } from './execution-detail'
import classes from './execution.module.css'

function Heading({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data } = useExecution(id)
  if (data === undefined) return <>{t('execution.title')}</>
  return (
    <>
      {data.title}
      <span className={classes.name}>{data.routine_name}</span>
    </>
  )
}

/** An execution beside the queue. The address carries it, so the link can be shared and Back closes it. */
export function ExecutionDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={narrow ? '100%' : 'min(760px, 92vw)'}>
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content>
        <Drawer.Header className={classes.drawerHeader ?? ''}>
          <Drawer.Title className={classes.drawerTitle ?? ''}>
            <Heading id={id} />
          </Drawer.Title>
          <Link to="/execucao/$id" params={{ id }} className={classes.open} aria-label={t('action.openPage')} title={t('action.openPage')}>
            <IconExternal size={17} aria-hidden />
          </Link>
          <Drawer.CloseButton aria-label={t('action.close')} />
        </Drawer.Header>
        <Drawer.Body>
          <ExecutionDetail id={id} />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
