import type { ReactNode } from 'react'

import classes from './message-page.module.css'

interface Props {
  title: string
  children?: ReactNode
  icon?: ReactNode
  action?: ReactNode
  detail?: ReactNode
}

/** A whole-page message: what happened, and what to do about it. */
export function MessagePage({ title, children, icon, action, detail }: Props) {
  return (
    <div className={classes.page}>
      {icon}
      <h1 className={classes.title}>{title}</h1>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
      {detail !== undefined && <div className={classes.detail}>{detail}</div>}
    </div>
  )
}
