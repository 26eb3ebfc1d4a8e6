import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readEnv } from '../../config/env.ts'
import { CONSENT_TEXTS } from '../../src/domain/consent.ts'
import { readCatalogue } from '../../src/language/catalogue.ts'
import { inLanguage, openLanguage, say } from '../../src/language/language.ts'
import { UserError } from '../../src/platform/errors.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { templateVersion } from '../../src/rendering/digest/compile.ts'

const messagesOf = (locale: string) =>
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'locales', `${locale}.json`), 'utf8')) as Record<string, string>
const english = messagesOf('en')
const folders: string[] = []

/** A folder of an operator with these files. */
function folderWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-locales-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return folder
}

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readEnv(env, { cwd: '/srv' })
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.findings
    throw error
  }
  return []
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

describe('the languages of the program', () => {
  const others = readdirSync(join(PACKAGE_ROOT, 'locales')).filter((file) => file !== 'en.json')

  it.each(others)('%s has each English text, with the same placeholders', (file) => {
    const locale = file.replace('.json', '')
    expect(readCatalogue(locale, null).faults).toEqual([])
    const missing = Object.keys(english).filter((key) => !(key in messagesOf(locale)))
    expect(missing).toEqual([])
  })

  it('has no text that no code says', () => {
    const code = ['src', 'templates']
      .flatMap((folder) =>
        readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(folder, file),
        ),
      )
      .filter((file) => /\.(?:tsx?|mjml|txt)$/.test(file))
      .map((file) => readFileSync(join(PACKAGE_ROOT, file), 'utf8'))
      .join('\n')
    // Some keys end with a value: say(`order.${order}`).
    const beginnings = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map(([, beginning = '']) => beginning)
    const unsaid = Object.keys(english).filter(
      (key) =>
        !key.startsWith('language.') &&
        !code.includes(`'${key}'`) &&
        !code.includes(`"${key}"`) &&
        !beginnings.some((beginning) => key.startsWith(beginning)),
    )
    expect(unsaid).toEqual([])
  })

  it('shows the consent text that a proof names', () => {
    for (const [version, text] of Object.entries(CONSENT_TEXTS)) expect(english[`consent.${version}`]).toBe(text)
  })

  it('uses typographic quotation marks in German, and addresses readers with “Sie”', () => {
    const german = Object.entries(messagesOf('de')).filter(([key]) => key !== 'topics.interestsHint')
    expect(german.filter(([, text]) => /["”]/.test(text) || /\b(?:du|dein\w*|dir|dich)\b/i.test(text))).toEqual([])
  })
})

describe('LOCALES_DIR', () => {
  it('replaces texts one by one, and adds a language that falls back to English', () => {
    const dir = folderWith({
      'en.json': { 'nav.today': 'Now' },
      'fr.json': { 'language.intl': 'fr', 'nav.topics': 'Sujets' },
    })
    const french = openLanguage('fr', dir)
    const shown = inLanguage(french, () => [say('nav.topics'), say('nav.today'), say('nav.week')])
    expect(shown).toEqual(['Sujets', 'Now', 'Week'])
    expect(french.number(1234.5)).toBe(new Intl.NumberFormat('fr').format(1234.5))
    expect(openLanguage('de', dir).say('nav.today')).toBe('Heute')
    expect(openLanguage('en', dir).say('nav.today')).toBe('Now')
  })

  it('names the version of the templates anew, because the bytes of mails change', () => {
    const dir = folderWith({ 'en.json': { 'mail.unsubscribe': 'Leave' } })
    const versions = [openLanguage('en'), openLanguage('en', dir), openLanguage('de')].map((each) =>
      templateVersion('mjml', each),
    )
    expect(new Set(versions).size).toBe(3)
    expect(templateVersion('mjml', openLanguage('en'))).toBe(versions[0])
  })

  it('reports each fault with its file, key and placeholder, and starts nothing', () => {
    const dir = folderWith({
      'de.json': {
        'mail.confirm.subject': 'Bestätigen',
        'nav.today': 'Heute {day}',
        'nav.tody': 'Heute',
        'nav.week': 7,
        'mail.confirm.text': '{brand} {address}',
        'count.papers': '{count, plural, one {# Paper}',
        'language.direction': 'down',
      },
    })
    const at = (key: string) =>
      faultsOf({ LOCALE: 'de', LOCALES_DIR: dir }).find((fault) => fault.includes(`de.json: ${key} `))
    expect(at('mail.confirm.subject')).toBe(`${join(dir, 'de.json')}: mail.confirm.subject lacks {name}.`)
    expect(at('nav.today')).toMatch(/has \{day\}, which the English message does not have/)
    expect(at('nav.tody')).toMatch(/is not a key of locales\/en\.json/)
    expect(at('nav.week')).toMatch(/must be a text/)
    expect(at('mail.confirm.text')).toMatch(/lacks <b>/)
    expect(at('count.papers')).toMatch(/is not a valid message: .* at character \d+/)
    expect(at('language.direction')).toMatch(/ltr or rtl/)
  })

  it.each([
    [{ LOCALE: 'fr' }, /LOCALE is fr, but there is no fr\.json\. There are de, en\./],
    [{ LOCALE: '../x' }, /LOCALE must be the name of a language/],
    [{ LOCALES_DIR: '/no/such' }, /LOCALES_DIR is \/no\/such, which is not a folder/],
  ])('refuses %j', (env, fault) => {
    expect(faultsOf(env).join('\n')).toMatch(fault)
  })

  it('refuses a file that is not JSON', () => {
    const dir = folderWith({ 'de.json': '{ "nav.today": ' })
    expect(faultsOf({ LOCALE: 'de', LOCALES_DIR: dir }).join()).toMatch(/de\.json is not valid JSON/)
  })
})
