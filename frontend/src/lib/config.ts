/** What the app must know before it can sign anybody in. Served by the front door, so that one build fits every installation. */
export interface RuntimeConfig {
  issuer: string
  clientId: string
  audience: string
  scope: string
}

export class ConfigError extends Error {
  override name = 'ConfigError'
}

function text(source: Record<string, unknown>, key: string): string {
  const value = source[key]
  if (typeof value !== 'string' || value === '') throw new ConfigError(`/config.json: "${key}" must be a non-empty text`)
  return value
}

export function parseConfig(source: unknown): RuntimeConfig {
  if (typeof source !== 'object' || source === null) throw new ConfigError('/config.json is not an object')
  const fields = { ...source } as Record<string, unknown>
  return {
    issuer: text(fields, 'issuer'),
    clientId: text(fields, 'client_id'),
    audience: text(fields, 'audience'),
    scope: text(fields, 'scope'),
  }
}

export async function loadConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { cache: 'no-store', headers: { Accept: 'application/json' } })
  if (!response.ok) throw new ConfigError(`/config.json answered ${response.status}`)
  return parseConfig(await response.json())
}
