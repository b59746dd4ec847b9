import type { LogLine } from '@/lib/executions'

function fieldsText(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}

/** One line as people know it from files: time in UTC, level, message, fields. */
export function lineText(line: LogLine): string {
  const fields = fieldsText(line.fields)
  return `${line.at} ${line.level.padEnd(7)} ${line.message}${fields === '' ? '' : ` ${fields}`}`
}

export function logText(lines: readonly LogLine[]): string {
  const parts: string[] = []
  let attempt: number | null = null
  for (const line of lines) {
    if (line.attempt !== attempt) parts.push(`--- ${line.attempt} ---`)
    attempt = line.attempt
    parts.push(lineText(line))
  }
  return `${parts.join('\n')}\n`
}

export { fieldsText }
