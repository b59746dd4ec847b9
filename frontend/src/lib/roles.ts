import type { components } from '@/client/core-api'

export type Me = components['schemas']['Me']
export type Role = Me['roles'][number]

const RANK: Record<Role, number> = { viewer: 1, operator: 2, admin: 3 }

/** Whether the caller has a role's rights. The API decides; this only hides what it would refuse. */
export function may(me: Me | undefined, role: Role): boolean {
  return me?.may.includes(role) ?? false
}

export function highestRole(me: Me): Role | null {
  return me.roles.toSorted((a, b) => RANK[b] - RANK[a])[0] ?? null
}
