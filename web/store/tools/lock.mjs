// Check package-lock.json: it must name no registry host, and no platform package may be missing (else `npm ci` refuses it).
import { readFileSync } from 'node:fs'

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const names = Object.keys(packages)
const faults = []
for (const [path, entry] of Object.entries(packages)) {
  if (entry.resolved) faults.push(`${path} names ${entry.resolved}`)
  for (const wanted of Object.keys(entry.optionalDependencies ?? {})) {
    if (!names.some((name) => name.endsWith(`node_modules/${wanted}`))) faults.push(`${path} lacks ${wanted}`)
  }
}
for (const fault of faults) console.error(fault)
console.log(`package-lock.json: ${names.length} packages, ${faults.length} faults`)
process.exit(faults.length ? 1 : 0)
