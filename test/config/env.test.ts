import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Environment, readEnv } from '../../config/env.ts'
import { VARIABLES } from '../../config/variables.ts'
import { UserError } from '../../src/platform/errors.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

const read = (env: Environment) => readEnv(env, { cwd: '/srv/paperround' })
const SECRET = '0123456789abcdef0123456789abcdef'

function faultsOf(env: Environment): readonly string[] {
  try {
    read(env)
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.findings
    throw error
  }
  return []
}

describe('the environment', () => {
  it('needs nothing at all: everything is embedded, mails go to the outbox', () => {
    const config = read({ PATH: '/bin', DATABASE_URL: '', SECRET: '  ' })
    expect(config).toMatchObject({
      databaseUrl: null,
      redisUrl: null,
      dataDir: '/srv/paperround/.paperround',
      runtimeDir: null,
      port: 3000,
      secret: null,
    })
    expect(config.mail).toMatchObject({ transports: ['outbox'], ratePerSecond: null, listId: 'digest.localhost' })
    expect(Object.isFrozen(config.mail.transports)).toBe(true)
  })

  it('is read whole in production', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const config = read({
      DATABASE_URL: 'postgres://u:p@db/paperround',
      REDIS_URL: 'redis://queue:6379',
      SECRET,
      XDG_RUNTIME_DIR: '/run/user/1000',
      OLD_SECRETS: `${SECRET}x, ${SECRET}y`,
      PUBLIC_URL: 'https://papers.example.org/',
      HSTS_SUBDOMAINS: 'on',
      MAIL_TRANSPORT: 'resend, smtp',
      MAIL_FROM: '"The Daily Papers" <digest@papers.example.org>',
      RESEND_API_KEY: 're_12345678',
      SMTP_URL: 'smtps://u:p@mail.example.org',
      DKIM_DOMAIN: 'example.org',
      DKIM_SELECTOR: 'pr1',
      DKIM_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
      EDITION_SOURCES: 'huggingface,arxiv',
    })
    expect(config).toMatchObject({ publicUrl: 'https://papers.example.org', runtimeDir: '/run/user/1000' })
    expect(config.hstsSubdomains).toBe(true)
    expect(config.mail).toMatchObject({
      transports: ['resend', 'smtp'],
      ratePerSecond: 10,
      from: { name: 'The Daily Papers', address: 'digest@papers.example.org' },
    })
    expect(config.smtp.dkim?.privateKey).toBe(privateKey)
    expect(config.oldSecrets).toHaveLength(2)
    expect(config.edition.sources).toEqual(['huggingface', 'arxiv'])
  })

  it('takes localhost and the port as the public address when none is set', () => {
    const urlOf = (env: Environment) => read(env).publicUrl
    expect([urlOf({}), urlOf({ PORT: '8080' }), urlOf({ PORT: '0' })]).toEqual([
      'http://localhost:3000',
      'http://localhost:8080',
      'http://localhost:3000',
    ])
    expect(urlOf({ PORT: '8080', PUBLIC_URL: 'http://papers.test' })).toBe('http://papers.test')
  })

  it('reads arXiv’s feeds beside arXiv’s own API, and not beside a mirror', () => {
    const feedOf = (env: Environment) => read(env).sources.arxivFeedUrl
    expect(feedOf({})).toBe('https://rss.arxiv.org')
    expect(feedOf({ ARXIV_BASE_URL: 'https://mirror.example.org' })).toBeNull()
    expect(feedOf({ ARXIV_BASE_URL: 'https://m.example', ARXIV_FEED_URL: 'https://f.example/' })).toBe(
      'https://f.example',
    )
  })

  it('reads no stars without a token, and sends the token to GitHub or to a host of one’s own', () => {
    expect(read({}).github).toEqual({ apiUrl: 'https://api.github.com', token: null })
    const mirror = { GITHUB_TOKEN: 'github_pat_1', GITHUB_API_URL: 'http://localhost:8080/' }
    expect(read(mirror).github).toEqual({ apiUrl: 'http://localhost:8080', token: 'github_pat_1' })
  })

  it('reads a file of synonyms, and names the file and each faulty line', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'synonyms-')), 'own.txt')
    const readFile = (text: string) => {
      writeFileSync(file, text)
      return { SYNONYMS_FILE: file }
    }
    expect(read(readFile('owl = strix\n')).synonyms).toEqual([{ kind: 'same', terms: ['owl', 'strix'] }])
    expect(read({}).synonyms).toEqual([])
    expect(faultsOf(readFile('# owls\nowl\nowl = strix\nbird >\n'))).toEqual([
      `SYNONYMS_FILE names ${file}. Its line 2 must have the form a = b or a > b, c.`,
      `SYNONYMS_FILE names ${file}. Its line 4 has an empty term.`,
    ])
    expect(faultsOf({ SYNONYMS_FILE: '/no/such/file' })).toEqual([
      'SYNONYMS_FILE must be the path of a text file of at most 200 KB. /no/such/file is not.',
    ])
  })

  it('reports every fault at once, each with the variable and what to do', () => {
    const faults = faultsOf({
      PORT: '99999',
      PUBLIC_URL: 'papers',
      EDITION_CRON: 'every morning',
      EDITION_TIMEZONE: 'Mars',
      MAIL_TRANSPORT: 'pigeon',
      LOG_LEVEL: 'loud',
    })
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'PUBLIC_URL',
      'PORT',
      'MAIL_TRANSPORT',
      'EDITION_CRON',
      'EDITION_TIMEZONE',
      'LOG_LEVEL',
    ])
    for (const fault of faults) expect(fault).toMatch(/must be .*\.$/)
  })

  it.each<[Environment, RegExp]>([
    [{ HSTS_SUBDOMAINS: 'yes' }, /^HSTS_SUBDOMAINS must be on or off/],
    [{ HSTS_SUBDOMAINS: 'on' }, /^HSTS_SUBDOMAINS is on, but PUBLIC_URL is not https/],
    [{ REDIS_URL: 'redis://q' }, /^REDIS_URL .*DATABASE_URL/],
    [{ REDIS_URL: 'redis://q:6379/jobs' }, /^REDIS_URL must end with the number of a database/],
    [{ PUBLIC_URL: 'https://example.org/my%20papers' }, /^PUBLIC_URL may only have a path of plain names/],
    [{ PUBLIC_URL: 'https://example.org/a/../b' }, /^PUBLIC_URL may only have a path of plain names/],
    [{ DATABASE_URL: 'postgres://db/x' }, /^SECRET is not set.*openssl/],
    [{ DATABASE_URL: 'mysql://db/x', SECRET }, /^DATABASE_URL must be a URL such as postgres:/],
    [{ MAIL_TRANSPORT: 'smtp', MAIL_FROM: 'a@x.org' }, /^SMTP_URL is not set/],
    [{ MAIL_TRANSPORT: 'resend', RESEND_API_KEY: 're_12345678' }, /^MAIL_FROM is not set/],
    [{ MAIL_TRANSPORT: 'resend', MAIL_FROM: 'a@x.org' }, /^RESEND_API_KEY is not set/],
    [{ BOUNCE_MAILBOX: 'maildir:/var/mail/bounces' }, /^BOUNCE_ADDRESS is not set/],
    [{ MAIL_TRANSPORT: 'outbox,outbox' }, /twice/],
    [{ MAIL_FROM: 'a@x.org, b@y.org' }, /^MAIL_FROM must be an address/],
    [{ MAIL_FROM: 'A\r\nBcc: b@y.org <a@x.org>' }, /^MAIL_FROM must be/],
    [{ DKIM_DOMAIN: 'example.org' }, /all three or none/],
    [{ DKIM_PRIVATE_KEY: '/no/such/file' }, /^DKIM_PRIVATE_KEY must be a private key/],
    [{ PARCEL_SIZE: '101' }, /from 1 to 100/],
    [{ GITHUB_TOKEN: 'a token of two lines\nx' }, /^GITHUB_TOKEN must be 10 or more ASCII characters/],
    [{ GITHUB_API_URL: 'http://github.example.org' }, /^GITHUB_API_URL must be https, because a token is sent there/],
    [{ HOST: '127.0.0.1:3000' }, /^HOST must be an address of this machine without a port/],
    [{ HOST: 'http://localhost' }, /^HOST must be an address of this machine/],
    [{ SMTP_CONNECTIONS: '0' }, /^SMTP_CONNECTIONS must be a whole number from 1 to 100/],
    [{ SMTP_CONNECTIONS: '101' }, /^SMTP_CONNECTIONS must be a whole number from 1 to 100/],
    [{ SEND_RATE_PER_SECOND: '0' }, /above 0/],
    [{ EDITION_CRON: '0 0 6 * * *' }, /five fields/],
    [{ EDITION_SOURCES: 'huggingface,reddit' }, /^EDITION_SOURCES must name/],
    [{ MAIL_TRANSPROT: 'smtp' }, /^MAIL_TRANSPROT is not known. Did you mean MAIL_TRANSPORT\?/],
  ])('%j is refused', (env, words) => {
    expect(faultsOf(env).some((fault) => words.test(fault))).toBe(true)
  })

  it('listens on every address unless HOST names one, as an address, in brackets or by name', () => {
    const hostOf = (env: Environment) => read(env).host
    expect([{}, { HOST: '127.0.0.1' }, { HOST: '[::1]' }, { HOST: 'localhost' }].map(hostOf)).toEqual([
      '0.0.0.0',
      '127.0.0.1',
      '::1',
      'localhost',
    ])
  })

  it('may put the website under a path of its host', () => {
    expect(read({ PUBLIC_URL: 'https://example.org/lab/papers/' }).publicUrl).toBe('https://example.org/lab/papers')
  })

  it('tells what is wrong together even when something else is wrong alone', () => {
    const faults = faultsOf({ DATABASE_URL: 'mysql://x', MAIL_TRANSPORT: 'smtp', PORT: 'many' })
    expect(faults.map((fault) => fault.split(' ')[0]).sort()).toEqual([
      'DATABASE_URL',
      'MAIL_FROM',
      'PORT',
      'SECRET',
      'SMTP_URL',
    ])
  })

  it('never repeats a secret', () => {
    const faults = faultsOf({
      DATABASE_URL: 'nonsense-with-hunter2',
      SECRET: 'hunter2',
      RESEND_API_KEY: 'hunter2',
      ADMIN_PASSWORD: 'hunter2',
      GITHUB_TOKEN: 'hunter2',
      DKIM_PRIVATE_KEY: 'hunter2',
    })
    expect(faults.length).toBeGreaterThanOrEqual(6)
    expect(faults.join('\n')).not.toContain('hunter2')
  })

  it('is documented variable by variable in .env.example, which knows no others', () => {
    const path = join(PACKAGE_ROOT, '.env.example')
    expect(existsSync(path)).toBe(true)
    const named = [...readFileSync(path, 'utf8').matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map((match) => match[1])
    expect([...new Set(named)].sort()).toEqual(VARIABLES.map(({ name }) => name).sort())
  })
})
