import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { IMPORT_LINE_BYTES_MAX } from '../../../config/limits-subscriptions.ts'
import { type CsvLine, readLines } from '../../../src/subscriptions/csv/lines.ts'

/** Returns the lines of a file that arrives in chunks of `size` bytes. */
async function linesOf(
  text: string | Buffer,
  { noteHint = 'give --consent-note' as string | null, size = 65_536 } = {},
): Promise<CsvLine[]> {
  const bytes = Buffer.from(text)
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const lines: CsvLine[] = []
  for await (const portion of readLines(chunks(), { file: 'readers.csv', noteHint })) lines.push(...portion)
  return lines
}

const ODD = [
  '\ufeffEmail, "Interests" ,consent',
  'ann@example.org,the "best" papers;graphs,form',
  'ben@example.org,"a"b,form',
  ' "cleo@example.org" , "agents" , "form, 2026" ',
  'dora@example.org,"say ""hi""","two\r\nlines"',
  '',
  "'=emil@example.org,'@home,form",
  'fritz@example.org',
]

describe('a file of subscribers', () => {
  it.each([['\r\n'], ['\n'], ['\r']])(
    'keeps every line of it that has odd quotation marks or blanks, by its number, when lines end in %j',
    async (end) => {
      for (const size of [1, 7, 65_536]) {
        const lines = await linesOf(ODD.join(end), { size })
        expect(lines.map(({ number, row, fault }) => [number, row.email, row.interests, row.consent, fault])).toEqual([
          [2, 'ann@example.org', ['the "best" papers', 'graphs'], 'form', undefined],
          [3, 'ben@example.org', ['"a"b'], 'form', undefined],
          [4, 'cleo@example.org', ['agents'], 'form, 2026', undefined],
          [5, 'dora@example.org', ['say "hi"'], 'two\nlines', undefined],
          [8, '=emil@example.org', ['@home'], 'form', undefined],
          [9, 'fritz@example.org', undefined, undefined, undefined],
        ])
      }
    },
  )

  it('numbers its lines like an editor, with any line breaks in earlier cells', async () => {
    const cell = fc.stringMatching(/^[a-z]?(\r\n|\n|\r){0,3}[a-z]$/)
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), async (cells, size) => {
        const text = ['email,consent', ...cells.map((each) => `a@example.org,"${each}"`), 'bad,form'].join('\r\n')
        const [last] = (await linesOf(text, { size })).slice(-1)
        const before = text.slice(0, text.indexOf('bad'))
        expect(last?.number).toBe(before.split(/\r\n|\n|\r/).length)
      }),
      { numRuns: 60 },
    )
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

  it.each([['\n'], ['']])('reports the line of an unclosed quotation mark (the file ends in %j)', async (end) => {
    const text = `email,consent\nada@example.org,form\n\nben@example.org,"form\nzoe@example.org,form${end}`
    for (const size of [5, 65_536]) {
      const lines = await linesOf(text, { size })
      expect(lines.map(({ number, row, fault }) => [number, row.email, fault])).toEqual([
        [2, 'ada@example.org', undefined],
        [4, 'ben@example.org,"form\nzoe@example.org,form', expect.stringMatching(/never closed/)],
      ])
    }
  })

  it('yields the lines before an endless cell, and then stops without reading the rest into memory', async () => {
    const text = `email,consent\nada@example.org,form\nben@example.org,"${'x\n'.repeat(IMPORT_LINE_BYTES_MAX)}`
    const given: string[] = []
    const reading = (async () => {
      const chunks = async function* () {
        yield Buffer.from(text)
      }
      for await (const portion of readLines(chunks(), { file: 'readers.csv', noteHint: 'give --consent-note "…"' }))
        given.push(...portion.map(({ row }) => row.email ?? ''))
    })()
    await expect(reading).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/unclosed quotation mark/),
    })
    expect(given).toEqual(['ada@example.org'])
  })

  it.each([
    ['first', ''],
    ['second', 'email,consent\n'],
  ])('is abandoned early if its %s line has 100 MB', async (_, before) => {
    let read = 0
    const chunks = async function* () {
      yield Buffer.from(before)
      for (; read < 100; read += 1) yield Buffer.alloc(1024 * 1024, 'x')
    }
    const reading = (async () => {
      for await (const _portion of readLines(chunks(), { file: 'readers.csv', noteHint: null }));
    })()
    await expect(reading).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/longer than 64 KB/) })
    expect(read).toBeLessThan(3)
  })

  it.each([
    ['E-Mail;Interests;Consent\nada@example.org;"a;b";form'],
    ['email\tinterests\tconsent\nada@example.org\ta;b\tform'],
    ['Email Address,Interests,Consent,,\nada@example.org,a;b,form,,'],
  ])('is read in the format of any program: %j', async (text) => {
    expect((await linesOf(text))[0]?.row).toMatchObject({
      email: 'ada@example.org',
      interests: ['a', 'b'],
      consent: 'form',
    })
  })

  const TABLE = 'email;interests;consent\r\nada@example.org;"a;b";form\r\n\r\nbad;;form\r\n'

  it.each([
    ['sep=; of Excel', Buffer.from(`sep=;\r\n${TABLE}`)],
    ['sep=; in quotation marks, with a byte order mark', Buffer.from(`\ufeff"sep=;"\r\n${TABLE}`)],
    ['sep=| of Excel', Buffer.from(`SEP=|\r\n${TABLE}`.replace(/;(?![b\r])/g, '|'))],
    ['UTF-16, little end first, with a mark', Buffer.from(`\ufeff\r\n${TABLE}`, 'utf16le')],
    ['UTF-16, little end first', Buffer.from(`\r\n${TABLE}`, 'utf16le')],
    ['UTF-16, big end first, with a mark', Buffer.from(`\ufeff\r\n${TABLE}`, 'utf16le').swap16()],
    ['UTF-16, big end first', Buffer.from(`\r\n${TABLE}`, 'utf16le').swap16()],
    ['UTF-8 with a mark', Buffer.from(`\ufeff\r\n${TABLE}`)],
  ])('is read as %s, with the numbers of its lines', async (_, bytes) => {
    for (const size of [1, 7, 65_536]) {
      const lines = await linesOf(bytes, { size })
      expect(lines.map(({ number, row, fault }) => [number, row.email, row.interests, fault])).toEqual([
        [3, 'ada@example.org', ['a', 'b'], undefined],
        [5, 'bad', [], undefined],
      ])
    }
  })

  it('of another program is read, whatever the ignored cells contain', async () => {
    const head = Buffer.from('first_name,email,created_at,status,first_name\n')
    const lines = await linesOf(
      Buffer.concat([head, Buffer.from('J\xfcrgen,a@example.org,2024-01-01,active,x\n', 'latin1')]),
    )
    expect(lines).toEqual([
      {
        number: 2,
        row: { email: 'a@example.org', state: 'active', consent: 'Kit: signed up 2024-01-01', timezone: '' },
      },
    ])
  })

  it('of another program may have 10,000 columns', async () => {
    const names = ['first_name', 'email', 'created_at', 'status', ...Array.from({ length: 9_996 }, (_, at) => `c${at}`)]
    const lines = await linesOf(`${names.join()}\nA,a@example.org,2024-01-01,active${','.repeat(9_996)}\n`)
    expect(lines.map(({ row }) => [row.email, row.state])).toEqual([['a@example.org', 'active']])
  })

  it('may be a plain list of addresses with a consent note for all', async () => {
    const lines = await linesOf('ada@example.org\nben@example.org\n', { noteHint: null })
    expect(lines.map(({ number, row }) => [number, row.email])).toEqual([
      [1, 'ada@example.org'],
      [2, 'ben@example.org'],
    ])
  })

  it.each([
    ['email,consent,Email\na@example.org,form,b@example.org', /has columns twice: email/],
    ['email,intrests,consent\na@example.org,b,form', /columns that are not known: intrests/],
    ['a@example.org,agents\nb@example.org,robots', /has a subscriber in its first line/],
    ['mail list\na@example.org', /has no column “email”/],
    ['email\na@example.org', /State where these subscribers agreed/],
    [Buffer.from('\ufeffemail,consent\n', 'utf16le'), /has no lines below a header/],
    [Buffer.from('PK\x03\x04\x14\0\x06\0', 'latin1'), /is a ZIP archive or an Excel workbook.*save the sheet as CSV/],
    [Buffer.from('d0cf11e0a1b11ae1', 'hex'), /is an Excel workbook\. Save the sheet as CSV/],
    [gzipSync('email,consent\nada@example.org,form\n'), /is compressed by gzip\. Unpack it with gunzip/],
    [Buffer.from([1, 0, 2, 3, 0, 0, 4, 0, 5, 6, 0, 7]), /is not a text file/],
    [
      Array.from({ length: 5_000 }, (_, at) => `column ${at}`).join(),
      /known: column 0, .*column 9 and 4990 more\. Known/,
    ],
    ['first_name,email,created_at,status,status\nA,a@example.org,2024-01-01,active,bounced', /columns twice: status/],
    ['email,consent\n', /has no lines below a header/],
    ['', /has no lines below a header/],
  ])('is rejected as a whole when its header is invalid: %j', async (text, words) => {
    await expect(linesOf(text)).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(words) })
  })
})
