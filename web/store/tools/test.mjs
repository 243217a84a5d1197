// Run the *.test.ts files on any Node from 20 up: esbuild (which Vite brings) strips the types first.
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const folders = ['../shared', 'src/lib']
const entryPoints = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.test.ts')).map((name) => join(folder, name)))
const outdir = 'node_modules/.cache/tests'
rmSync(outdir, { recursive: true, force: true })
await build({ entryPoints, outdir, bundle: true, platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'error', alias: { '@shared': '../shared' } })
const files = readdirSync(outdir, { recursive: true }).filter((name) => name.endsWith('.mjs')).map((name) => join(outdir, name))
process.exit(spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' }).status ?? 1)
