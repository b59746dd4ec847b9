import { parseQueueSearch, type QueueSearch } from '@/features/queue/queue-search'

/** The address of a day: the queue's view, and the execution that is open beside it. */
export interface DaySearch extends QueueSearch {
  execucao?: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function parseDaySearch(search: Record<string, unknown>): DaySearch {
  const opened = search['execucao']
  return { ...parseQueueSearch(search), ...(typeof opened === 'string' && UUID.test(opened) ? { execucao: opened } : {}) }
}
