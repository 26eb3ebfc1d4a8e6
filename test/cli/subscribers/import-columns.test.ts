import { describe, expect, it } from '@jest/globals'
import type { ImportOptions } from '../../../src/cli/subscribers/import.ts'
import { openImports } from '../../support/imports.ts'

const { run, rowsOf } = await openImports()

describe('columns', () => {
  const text = 'Work mail,Topics,Team\nada@example.org,graphs;agents,red\n'
  const note = { consentNote: 'the fair' }

  it('are mapped and ignored as the options say', async () => {
    await run({ text }, { ...note, map: ['work mail=email', 'Topics=interests'], ignore: ['Team'] })
    expect(await rowsOf('select email, interests from subscribers')).toEqual([
      { email: 'ada@example.org', interests: ['graphs', 'agents'] },
    ])
  })

  it('of a known export can be mapped, too', async () => {
    await run({ file: 'subscribed_members_export_3f1.csv' }, { map: ['Research Field=interests'] })
    expect((await rowsOf('select interests from subscribers order by id'))[0]?.interests).toEqual(['graphs', 'agents'])
  })

  it.each<[ImportOptions, RegExp]>([
    [
      {},
      /no column “email”[\s\S]*not known: Work mail \(did you mean “email”\?\), Topics, Team[\s\S]*--map 'Work mail=email'/,
    ],
    [{ map: ['Wrok mail=email'] }, /--map: .*no column “wrok mail”; did you mean “work mail”\?/],
    [{ map: ['Work mail=emial'] }, /there is no field “emial”; did you mean “email”\?/],
    [{ map: ['Work mail=email', 'Work mail=consent'] }, /this column is mapped twice/],
    [{ map: ['Work mail=email', 'Team=email'] }, /another column becomes “email” already/],
    [{ map: ['Work mail'] }, /is not of the form 'COLUMN=FIELD'/],
    [{ map: ['Work mail=email'], ignore: ['Work mail'] }, /this column is mapped by --map/],
    [{ map: ['Work mail=email'], ignore: ['Topic', 'Team'] }, /--ignore: .*no column “topic”; did you mean “topics”\?/],
  ])('that are named wrongly stop the import before it starts: %j', async (options, words) => {
    await expect(run({ text }, { ...note, ...options })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(words),
    })
    expect(await rowsOf('select from subscribers')).toEqual([])
  })

  it.each<[ImportOptions, RegExp]>([
    [{ ignore: ['status'] }, /says who has unsubscribed, and must be read/],
    [{ map: ['tags=state'] }, /the state of a Kit export is read from its own columns/],
  ])('that contain the state cannot be ignored: %j', async (options, words) => {
    await expect(run({ file: 'kit.csv' }, options)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(words),
    })
  })
})

describe('a dry run', () => {
  it('shows the field of each column and the first ten rows within 80 columns', async () => {
    const people = Array.from({ length: 12 }, (_, at) => `subscriber${at}@example.org,${at + 7}:00,Weekly,paper form,x`)
    const { output } = await run(
      { text: ['email,hour,frequency,consent,"Shoe\u001b[31m size"', ...people].join('\n') },
      { dryRun: true, ignore: ['Shoe\u001b[31m size'] },
    )
    const lines = output.split('\n')
    expect(lines.slice(0, 6)).toEqual([
      'Column                          Becomes',
      'email                           email',
      'hour                            hour',
      'frequency                       frequency',
      'consent                         consent',
      'Shoe\\u001b[31m size             left out: you chose to leave it out',
    ])
    expect(lines).toContain('The first 10 lines would become:')
    expect(lines).toContain('subscriber3@example.org: active, weekly on Monday from 10:00 UTC')
    expect(lines).toContain('    consent: paper form')
    expect(lines.filter((line) => /^subscriber\d+@/.test(line))).toHaveLength(10)
    const counts = lines.findIndex((line) => line.startsWith('12 would be added'))
    expect(lines.slice(0, counts).filter((line) => line.length > 80)).toEqual([])
  })
})
