/**
 * Lint rule `rotina/boundaries`: imports go one way, routes → features → components → lib → client, and a feature never
 * imports another one. Zones are read from the path, so a new feature is protected from its first file.
 */
import { dirname, relative, resolve, sep } from 'node:path'

const ALLOWED: Record<string, readonly string[]> = {
  routes: ['features', 'components', 'lib', 'client'],
  features: ['components', 'lib', 'client'],
  components: ['lib', 'client'],
  lib: ['client'],
  client: [],
}

export interface Zone {
  layer: string
  feature: string | null
}

/** The zone of a file given by its path below `src`; null for the root files (main.tsx, router.tsx) and for tests' tools. */
export function zoneOf(path: string): Zone | null {
  const [layer = '', feature = ''] = path.split(/[\\/]/)
  if (!(layer in ALLOWED)) return null
  return { layer, feature: layer === 'features' ? feature : null }
}

/** Why `from` may not import `to` (both paths below `src`), or null when it may. */
export function violation(from: string, to: string): string | null {
  const source = zoneOf(from)
  const target = zoneOf(to)
  if (source === null) return null
  if (target === null) return `${source.layer} may not import ${to}: only the entry files stand above the layers.`
  if (source.layer === target.layer) {
    if (source.feature === target.feature) return null
    return `feature "${source.feature}" may not import feature "${target.feature}": join them in a route, or move what they share down.`
  }
  if (ALLOWED[source.layer]?.includes(target.layer)) return null
  return `${source.layer} may not import ${target.layer}: imports go routes → features → components → lib → client.`
}

function below(root: string, file: string): string | null {
  const path = relative(root, file)
  return path.startsWith('..') ? null : path
}

interface ImportNode {
  source: { value: unknown } | null
}

interface Context {
  filename: string
  cwd: string
  report: (problem: { node: unknown; message: string }) => void
}

function check(context: Context, node: ImportNode): void {
  const specifier = node.source?.value
  if (typeof specifier !== 'string') return
  const root = resolve(context.cwd, 'src')
  const from = below(root, context.filename)
  if (from === null || /\.test\.tsx?$/.test(from)) return
  const file = specifier.startsWith('@/')
    ? resolve(root, specifier.slice(2))
    : specifier.startsWith('.')
      ? resolve(dirname(context.filename), specifier)
      : null
  const to = file === null ? null : below(root, file)
  if (to === null) return
  const message = violation(from.split(sep).join('/'), to.split(sep).join('/'))
  if (message !== null) context.report({ node, message })
}

const plugin = {
  meta: { name: 'rotina' },
  rules: {
    boundaries: {
      create(context: Context) {
        const visit = (node: ImportNode): void => check(context, node)
        return {
          ImportDeclaration: visit,
          ImportExpression: visit,
          ExportNamedDeclaration: visit,
          ExportAllDeclaration: visit,
        }
      },
    },
  },
}

export default plugin
