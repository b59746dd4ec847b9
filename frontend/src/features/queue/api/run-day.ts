import { useMutation, useQueryClient } from '@tanstack/react-query'

import { unwrap } from '@/lib/api'
import { queryKeys } from '@/lib/query-keys'
import { useServices } from '@/lib/services'

/** Loads the day if needed and brings everything that is pending forward to now. */
export function useRunDay() {
  const { api } = useServices()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (businessDate: string) => unwrap(api.POST('/api/v1/scheduler/run', { body: { business_date: businessDate } })),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: queryKeys.queueStatus }),
        queryClient.invalidateQueries({ queryKey: queryKeys.queue }),
      ]),
  })
}
