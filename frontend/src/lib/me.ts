import { queryOptions, useQuery } from '@tanstack/react-query'

import { type CoreApi, unwrap } from './api'
import { queryKeys } from './query-keys'
import { type Me, may, type Role } from './roles'
import { useServices } from './services'

export function meQuery(api: CoreApi) {
  return queryOptions({
    queryKey: queryKeys.me,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/me', { signal })),
    staleTime: 5 * 60_000,
  })
}

/** The caller as the API sees them: the roles that count are those in the verified token. */
export function useMe(): Me | undefined {
  return useQuery(meQuery(useServices().api)).data
}

export function useMay(role: Role): boolean {
  return may(useMe(), role)
}
