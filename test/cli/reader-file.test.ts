import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assertFile, type Line, readLines } from '../../src/cli/reader-file.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'reader-file-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function linesOf(text: string | Buffer): Promise<Line[]> {
  const file = join(dir, 'readers.csv')
  writeFileSync(file, text)
  const lines: Line[] = []
  for await (const line of readLines(file, false)) lines.push(line)
  return lines.sort((a, b) => a.number - b.number)
}

describe('a file of readers', () => {
  it('keeps every line of it that has odd quotation marks or blanks', async () => {
    const lines = await linesOf(
      [
        '\ufeffEmail, "Interests" ,consent',
        'ann@example.org,the "best" papers,form',
        'ben@example.org,"a"b,form',
        ' "cleo@example.org" , "agents" , "form, 2026" ',
        'dora@example.org,"say ""hi""","two\nlines"',
        '',
        "'=emil@example.org,'@home,form",
        'fritz@example.org',
      ].join('\r\n'),
    )
    expect(lines.map(({ number, row, fault }) => [number, row.email, row.interests, row.consent, fault])).toEqual([
      [2, 'ann@example.org', 'the "best" papers', 'form', undefined],
      [3, 'ben@example.org', '"a"b', 'form', undefined],
      [4, 'cleo@example.org', 'agents', 'form, 2026', undefined],
      [6, 'dora@example.org', 'say "hi"', 'two\nlines', undefined],
      [8, '=emil@example.org', '@home', 'form', undefined],
      [9, 'fritz@example.org', undefined, undefined, undefined],
    ])
  })

  it.each([
    ['cleo@example.org,graphs, robots,form', /more cells than the header/],
    [Buffer.from('emil@example.org,agents,M\xfcnchen', 'latin1'), /save the file as UTF-8/],
  ])('names the line %j, and goes on after it', async (bad, fault) => {
    const head = Buffer.from('email,interests,consent\nada@example.org,,form\n')
    const lines = await linesOf(Buffer.concat([head, Buffer.from(bad), Buffer.from('\nzoe@example.org,,form\n')]))
    expect(lines.map(({ number, fault }) => [number, fault])).toEqual([
      [2, undefined],
      [3, expect.stringMatching(fault)],
      [4, undefined],
    ])
    expect(lines[2]?.row.email).toBe('zoe@example.org')
  })

  it.each([['\n'], ['']])(
    'names the line of a quotation mark that nothing closes (the file ends in %j)',
    async (end) => {
      const lines = await linesOf(
        `email,consent\nada@example.org,form\nben@example.org,"form\nzoe@example.org,form${end}`,
      )
      expect(lines.map(({ number, row, fault }) => [number, row.email, fault])).toEqual([
        [2, 'ada@example.org', undefined],
        [3, 'ben@example.org,"form\nzoe@example.org,form', expect.stringMatching(/never closed/)],
      ])
    },
  )

  it.each([
    ['email,consent,Email\na@example.org,form,b@example.org', /has columns twice: email/],
    ['email;consent\na@example.org;form', /has no column “email”/],
    ['email,consent\n', /holds no lines under a header/],
    ['', /holds no lines under a header/],
  ])('is refused whole when its header is of no use: %j', async (text, words) => {
    await expect(linesOf(text)).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(words) })
  })

  it('is a file', async () => {
    expect(() => assertFile(dir)).toThrow(/is a folder\. Name one CSV file/)
    await expect(readLines(dir, false).next()).rejects.toThrow(/cannot be read: EISDIR/)
  })
})
