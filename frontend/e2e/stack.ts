import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** What the local stack writes about itself when it is ready (`make up`, `make e2e`). */
interface Stack {
  url: string
  oidc: { issuer: string }
  users: { username: string; password: string; name: string }[]
}

const path = resolve(process.env['ROTINA_STACK'] ?? '../.rotina/stack.json')

function readStack(): Stack {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stack
  } catch (error) {
    throw new Error(`no running stack in ${path}: start one with "make up", or let "make e2e" do it`, { cause: error })
  }
}

export const stack = readStack()

export interface User {
  username: string
  password: string
  name: string
}

export function user(username: string): User {
  const found = stack.users.find((one) => one.username === username)
  if (found === undefined) throw new Error(`the stack has no demo user "${username}"`)
  return found
}
