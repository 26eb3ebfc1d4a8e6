import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { VARIABLES } from '../../config/variables.ts'
import { hashTyped } from '../../src/cli/hash-password.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

const FILE = join(PACKAGE_ROOT, 'docker-compose.yml')
const LINTER = join(PACKAGE_ROOT, 'node_modules/dclint/bin/dclint.cjs')
/** Rules about the order of keys, and about single quotes. Here, a service reads from what it runs to what it needs. */
const LEFT_OUT = [
  'service-keys-order',
  'services-alphabetical-order',
  'top-level-properties-order',
  'require-quotes-in-ports',
]

interface Service {
  readonly build?: { readonly args: Readonly<Record<string, string>> }
  readonly image?: string
  readonly command?: readonly string[]
  readonly ports?: readonly string[]
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly environment: Readonly<Record<string, string>>
}

const text = readFileSync(FILE, 'utf8')
const services: Readonly<Record<string, Service>> = parse(text, { merge: true }).services
const own = Object.entries(services).filter(([, { build }]) => build !== undefined)

/** Checks a file against the Compose specification and the linter's rules. Returns what is wrong. */
function lint(file: string): string {
  try {
    const rules = LEFT_OUT.flatMap((rule) => ['--disable-rule', rule])
    execFileSync(process.execPath, [LINTER, file, '--max-warnings', '0', ...rules], { encoding: 'utf8' })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

describe('docker-compose.yml', () => {
  it('is as the Compose specification says, and a misspelt key is found', () => {
    expect(lint(FILE)).toBe('')
    const dir = mkdtempSync(join(tmpdir(), 'compose-'))
    writeFileSync(
      join(dir, 'docker-compose.yml'),
      text.replace('condition: service_healthy', 'conditon: service_healthy'),
    )
    expect(lint(join(dir, 'docker-compose.yml'))).toMatch(/conditon|depends_on/)
    rmSync(dir, { recursive: true })
  })

  it('opens no port of a database, and no port to other machines', () => {
    const ports = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))
    expect(ports.map(([name]) => name).sort()).toEqual(['mailpit', 'web'])
    for (const [, port] of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  it('starts a service when what it needs is healthy and the database is migrated', () => {
    expect(own.map(([name]) => name).sort()).toEqual(['migrate', 'scheduler', 'web', 'worker'])
    for (const [name, { depends_on = {} }] of own) {
      expect(depends_on).toMatchObject({
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      })
      if (name !== 'migrate') expect(depends_on.migrate?.condition).toBe('service_completed_successfully')
      for (const needed of Object.keys(depends_on))
        if (needed !== 'migrate') expect(services[needed]?.healthcheck?.test).toBeDefined()
    }
    // PostgreSQL listens on its socket while it is still creating the database.
    expect(services.postgres?.healthcheck?.test).toEqual(expect.arrayContaining(['--host', '127.0.0.1']))
  })

  it('sets no variable that the program does not know, and uses none that is not explained', () => {
    const known = VARIABLES.map(({ name }) => name)
    for (const [, { environment }] of own) expect(known).toEqual(expect.arrayContaining(Object.keys(environment)))
    const used = [...text.replace(/^ *#.*$/gm, '').matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1] ?? '')
    expect([...known, 'POSTGRES_PASSWORD', 'MAILPIT_PORT', 'PAPERROUND_COMMIT']).toEqual(expect.arrayContaining(used))
    // A lone $ would be expanded.
    expect(text.replace(/^ *#.*$/gm, '').match(/\$(?!\{[A-Z_]+(:[-?][^}]*)?\})/g)).toBeNull()
  })

  it('may be given every secret that the program makes, because none has a $', async () => {
    const said: string[] = []
    const out = (line: string) => void said.push(line)
    await hashTyped(Readable.from(['a sentence of mine\n']), { out })
    expect(said.join('')).toMatch(/^[\w.-]+$/)
    // For secrets of others, the file and the docs say what to do.
    for (const page of ['docker-compose.yml', 'docs/PRODUCTION.md'])
      expect(readFileSync(join(PACKAGE_ROOT, page), 'utf8')).toMatch(/`\$\$`/)
  })
})

describe('the Dockerfile', () => {
  it('has one version of Node, the one that the docs recommend', () => {
    const images = readFileSync(join(PACKAGE_ROOT, 'Dockerfile'), 'utf8').match(/^FROM node:\S+/gm)
    expect(new Set(images)).toEqual(new Set(['FROM node:24-bookworm-slim']))
    expect(readFileSync(join(PACKAGE_ROOT, 'docs/PRODUCTION.md'), 'utf8')).toContain('Node 24 is recommended')
  })

  it('builds with the commit of the build argument, which Compose passes on', () => {
    const { scripts } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'))
    expect(scripts.build).toMatch(/\$PAPERROUND_COMMIT$/)
    // A stage knows only the arguments that it names, and only after that.
    const [, build = ''] = readFileSync(join(PACKAGE_ROOT, 'Dockerfile'), 'utf8')
      .split(/^FROM /m)
      .slice(1)
    expect(build).toMatch(/^ARG PAPERROUND_COMMIT=""\nRUN npm run build$/m)
    for (const [, service] of own) expect(Object.keys(service.build?.args ?? {})).toEqual(['PAPERROUND_COMMIT'])
  })

  it('has every folder that the package has, and so has a release of the scripts', () => {
    const { files } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { files: string[] }
    const folders = [...new Set(files.map((path) => path.split('/')[0] ?? ''))].filter((folder) => folder !== 'dist')
    expect(folders).toEqual(expect.arrayContaining(['locales', 'src', 'templates']))
    const image = readFileSync(join(PACKAGE_ROOT, 'Dockerfile'), 'utf8').split('AS production')[1] ?? ''
    const release =
      /^PARTS=\((.+)\)$/m.exec(readFileSync(join(PACKAGE_ROOT, 'deploy/lib/release.sh'), 'utf8'))?.[1] ?? ''
    for (const folder of folders) {
      expect(image).toMatch(new RegExp(`^COPY .*\\b${folder} ${folder}$`, 'm'))
      expect(release.split(' ')).toContain(folder)
    }
  })
})
