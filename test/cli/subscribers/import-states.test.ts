import { describe, expect, it } from '@jest/globals'
import { moveSubscriber, suppress } from '../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { countsOf, IMPORTED_AT, openImports } from '../../support/imports.ts'

const { app, run, rowsOf, states } = await openImports()

describe('the states of an imported list', () => {
  it('end the subscription of a subscriber who left the other list, and count it', async () => {
    await addSubscribersFor(app, [{ email: 'cleo@example.org' }, { email: 'dora@example.org' }])
    const { output } = await run({ file: 'kit.csv' })
    expect(output).toContain('1 unsubscribed, 2 suppressed; 2 of them had a subscription here.')
    expect(await states()).toMatchObject({ cleo: 'unsubscribed', dora: 'suppressed: bounced' })
    expect(await rowsOf("select state from subscribers where email = 'dora@example.org'")).toEqual([
      { state: 'suppressed' },
    ])
  })

  it('activate nobody who has unsubscribed or is suppressed here', async () => {
    const [ada = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }, { email: 'cleo@example.org' }])
    await moveSubscriber(app.ledger.db, ada, 'unsubscribed', IMPORTED_AT, 'a test')
    await suppress(app.ledger.db, app.ledger.tokens.hashAddress('cleo@example.org'), 'operator', IMPORTED_AT)
    expect((await run({ file: 'substack.csv' })).output).toContain('1 added, 1 known already')
    expect(await states()).toEqual({ ada: 'unsubscribed', ben: 'active', cleo: 'suppressed: operator' })
  })

  it.each([
    [['active', 'cancelled'], 'unsubscribed'],
    [['cancelled', 'active'], 'unsubscribed'],
    [['active', 'bounced', 'active'], 'suppressed: bounced'],
    [['complained', 'active'], 'suppressed: complained'],
    [['bounced', 'complained'], 'suppressed: complained'],
    [['complained', 'bounced', 'cancelled', 'active'], 'suppressed: complained'],
  ])('%j of one address result in the strictest one', async (listed, state) => {
    const text = [
      'first_name,email,created_at,status',
      ...listed.map((each) => `A,ada@example.org,2024-01-15,${each}`),
    ].join('\n')
    const dryRun = await run({ text }, { dryRun: true })
    const done = await run({ text })
    expect(await states()).toEqual({ ada: state })
    expect(countsOf(dryRun.output)).toEqual(countsOf(done.output))
  })

  it('are in the file of rejected lines, so that a corrected line is not activated by mistake', async () => {
    const text =
      'first_name,email,created_at,status\nA,ada@,2024-01-15,bounced\nB,ben@example.org,2024-01-15,active,x\n'
    const { rejected } = await run({ text })
    const lines = rejected()
      .replace('ada@', 'ada@example.org')
      .replace(/"B,ben@.*?"/, 'ben@example.org')
    const again = await run({ text: lines }, { consentNote: 'the fair' })
    expect(await states()).toEqual({ ada: 'suppressed: bounced' })
    expect(again.output).toContain('ben@example.org: the state is “unknown”')
  })
})

describe('an import of a hostile list', () => {
  it('neutralizes formulas for spreadsheets and control characters for the terminal', async () => {
    const text =
      'first_name,email,created_at,status\n=1+1,\'=ada@example.org,2024-01-15,"=HYPERLINK(""x"")\u001b[2J\u202e"\n'
    const { output, rejected } = await run({ text })
    expect(output).toContain('line 2: =ada@example.org: the state is “=HYPERLINK("x")\\u001b[2J\\u202e”')
    // Newlines are the only control characters of the report.
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(rejected()).toContain(`"'=HYPERLINK(""x"")`)
    for (const cell of rejected().split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+@-]/)
  })

  it('rejects unusable files with a remedy, and imports nothing', async () => {
    for (const [text, words] of [
      [Buffer.from('504b030414000600', 'hex'), 'save the sheet as CSV'],
      ['', 'has no lines'],
      ['first_name,email,created_at,status\n', 'has no lines'],
      ['first_name,email,created_at,email,status\nA,a@x.org,2024,b@x.org,active\n', 'columns twice: email'],
    ] as const)
      await expect(run({ text })).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(words) })
    expect(await states()).toEqual({})
  })
})

describe('an import of our own export', () => {
  it('restores unsubscribed and suppressed addresses', async () => {
    await run({
      text: 'email,state,consent\nada@example.org,active,form\nben@example.org,unsubscribed,form\ncleo@example.org,suppressed,\ndora@example.org,pending,form\nemil@example.org,paused,form\n',
    })
    expect(await states()).toEqual({ ada: 'active', ben: 'unsubscribed', cleo: 'suppressed: provider' })
  })
})
