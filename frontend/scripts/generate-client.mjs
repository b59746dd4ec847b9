// Writes src/client/<service>.ts from openapi/<service>.json. The output is committed and never edited by hand.
//
// openapi-typescript prints its output through the compiler API of TypeScript 5, which TypeScript 7 (our compiler) no
// longer has, so its import of "typescript" is answered with the copy installed as "typescript-5".
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'typescript' ? 'typescript-5' : specifier, context),
})
const { astToString, default: openapiTS } = await import('openapi-typescript')

const source = new URL('../openapi/', import.meta.url)
const target = new URL('../src/client/', import.meta.url)
const names = (await readdir(source)).filter((name) => name.endsWith('.json')).toSorted()
if (names.length === 0) {
  console.error('openapi/ holds no document: run "make client", which exports them from the services')
  process.exit(1)
}
for (const name of names) {
  const document = JSON.parse(await readFile(new URL(name, source), 'utf8'))
  const types = await openapiTS(document, { alphabetize: true })
  const header = `// Generated from openapi/${name} by "make client". Do not edit.\n\n`
  await writeFile(new URL(name.replace(/\.json$/, '.ts'), target), header + astToString(types))
  console.log(`src/client/${name.replace(/\.json$/, '.ts')}`)
}
