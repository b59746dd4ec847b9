import type { ReactNode } from 'react'

import type { DisplayStatus } from '@/lib/executions'

import classes from './status.module.css'

const STROKE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75, strokeLinecap: 'round', strokeLinejoin: 'round' } as const
const CUT = { ...STROKE, stroke: 'var(--glyph-cut)' } as const

/** A silhouette of its own per status, so that the column reads without colour. */
const GLYPHS: Record<DisplayStatus, ReactNode> = {
  PENDING: <circle cx="8" cy="8" r="5.75" {...STROKE} />,
  QUEUED: (
    <>
      <circle cx="8" cy="8" r="5.75" {...STROKE} />
      <path d="M8 5v3.2l2 1.3" {...STROKE} />
    </>
  ),
  RUNNING: (
    <>
      <path d="M8 2.25A5.75 5.75 0 1 1 2.25 8" {...STROKE} strokeWidth={2} className={classes.spin} />
      <circle cx="8" cy="8" r="2" fill="currentColor" />
    </>
  ),
  SUCCEEDED: (
    <>
      <circle cx="8" cy="8" r="6.75" fill="currentColor" />
      <path d="m5.1 8.2 2 2 3.8-4.3" {...CUT} />
    </>
  ),
  WARNED: (
    <>
      <path d="M8 1.6 15 14H1Z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M8 6.2v3.4M8 11.9v.1" {...CUT} />
    </>
  ),
  FAILED: (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" rx="2.5" fill="currentColor" />
      <path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" {...CUT} />
    </>
  ),
  RECOVERY: (
    <>
      <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" {...STROKE} />
      <path d="M8 5.2v3.4M8 10.8v.1" {...STROKE} />
    </>
  ),
  CANCELLED: (
    <>
      <circle cx="8" cy="8" r="5.75" {...STROKE} />
      <path d="m4.2 11.8 7.6-7.6" {...STROKE} />
    </>
  ),
  SKIPPED: <path d="m3 4 4 4-4 4m5.5-8 4 4-4 4" {...STROKE} />,
}

const COLOURS: Record<DisplayStatus, string> = {
  PENDING: 'var(--status-waiting)',
  QUEUED: 'var(--status-waiting)',
  RUNNING: 'var(--status-running)',
  SUCCEEDED: 'var(--status-succeeded)',
  WARNED: 'var(--status-warned)',
  FAILED: 'var(--status-failed)',
  RECOVERY: 'var(--status-recovery)',
  CANCELLED: 'var(--status-off)',
  SKIPPED: 'var(--status-off)',
}

export function statusColour(status: DisplayStatus): string {
  return COLOURS[status]
}

export function StatusGlyph({ status, size = 16 }: { status: DisplayStatus; size?: number }) {
  return (
    <svg className={classes.glyph} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" style={{ color: COLOURS[status] }}>
      {GLYPHS[status]}
    </svg>
  )
}
