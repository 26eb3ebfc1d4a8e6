import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runProcess } from '../../../src/cli/processes.ts'
import { describeBuild } from '../../../src/platform/build-info.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { openInstallation, QUICKEST } from '../../support/app.ts'
import { commandContext, runHere } from '../../support/command.ts'
import { until } from '../../support/until.ts'

describe('`start` in a terminal', () => {
  it('greets with the site, admin, the outbox and the next edition, in place of the log', async () => {
    const place = await openInstallation(QUICKEST, {
      edition: { cron: '30 5 1 1 *', timezone: 'UTC', sources: ['sample'], approval: 'none', canaryPercent: 0 },
      publicUrl: 'https://papers.example.org/news/',
      logLevel: 'info',
    })
    const context = commandContext(place)
    let interrupt = () => {}
    const interrupted = new Promise<void>((resolve) => {
      interrupt = resolve
    })
    const terminal = { ...context.terminal, isInteractive: true }
    const ending = runProcess('start', { ...context, terminal, interrupted })
    await until('it greets', () => context.said.length > 4)
    interrupt()
    expect(await ending).toBe(0)
    await place.close()
    expect(context.said.slice(0, 5)).toEqual([
      `Paperround ${describeBuild()} is running. Ctrl+C ends it.`,
      expect.stringMatching(/^Site: +https:\/\/papers\.example\.org\/news \(listening on port \d+\)$/),
      expect.stringMatching(/^Admin: +not in use; to use it: paperround operators add EMAIL --name NAME --role owner$/),
      expect.stringContaining(`${place.outbox} (mails become files there)`),
      expect.stringMatching(/^Next edition: +20\d\d-01-01 05:30 UTC \(EDITION_CRON “30 5 1 1 \*” in UTC\)$/),
    ])
    expect(context.said.join('\n')).not.toContain('{"level"')
  }, 60_000)
})

describe('`--version`', () => {
  let dir = ''
  const build = (at: string, ...args: string[]) => {
    execFileSync(process.execPath, [join(at, 'dist/src/cli/write-build-info.js'), ...args])
    return describeBuild(at)
  }
  const git = (at: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: at })
      .toString()
      .trim()
  /** The files that the build of the version needs. */
  const unpackAt = (at: string) => {
    mkdirSync(join(at, 'dist/src/cli'), { recursive: true })
    for (const path of ['dist/src/cli/write-build-info.js', 'dist/src/platform'])
      cpSync(join(PACKAGE_ROOT, path), join(at, path), { recursive: true })
    writeFileSync(join(at, 'package.json'), '{"version":"1.2.3","type":"module"}\n')
  }
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'version-'))
    unpackAt(dir)
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('prints the version, and exits with 0', async () => {
    expect(await runHere(['--version'], {}, dir)).toEqual({ code: 0, out: `${describeBuild()}\n`, err: '' })
    expect(describeBuild()).toMatch(/^\d+\.\d+\.\d+( \(commit [0-9a-f]{12}(, with changes)?\))?$/)
  })

  it('names no commit in a copy without git, the given one in an image, and its own in a checkout', () => {
    expect(describeBuild(dir)).toBe('1.2.3')
    expect(build(dir)).toBe('1.2.3')
    expect(build(dir, '8c2c1a3f0a2bc0ffee')).toBe('1.2.3 (commit 8c2c1a3f0a2b)')
    git(dir, 'init', '-q')
    git(dir, 'add', 'package.json')
    git(dir, 'commit', '-qm', 'one')
    const commit = git(dir, 'rev-parse', '--short=12', 'HEAD')
    expect(build(dir)).toBe(`1.2.3 (commit ${commit})`)
    writeFileSync(join(dir, 'package.json'), '{"version":"1.2.4","type":"module"}\n')
    expect(build(dir)).toBe(`1.2.4 (commit ${commit}, with changes)`)
    const inside = join(dir, 'node_modules/paperround')
    unpackAt(inside)
    expect(build(inside)).toBe('1.2.3')
  })
})
