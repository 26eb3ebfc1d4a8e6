import { gainedStarsWords } from '../domain/stars.ts'
import { UserError } from '../platform/errors.ts'
import { writePrivate } from '../platform/private-file.ts'
import { type CommandContext, withLedger } from './context.ts'
import { describeStars } from './output/star-words.ts'

const SHOWN = 20

/** `stars`: shows which papers' code trends on GitHub. With `--export`, writes all stored readings for `eval`. */
export async function showStars({ export: file }: { export?: string }, context: CommandContext): Promise<number> {
  const { terminal } = context
  return withLedger(context, async ({ editions }, { github }) => {
    if (file !== undefined) {
      const readings = await editions.readAllStars()
      const lines = readings.map(({ id, day, stars }) => `${id},${day},${stars}\n`)
      writeTo(file, `id,day,stars\n${lines.join('')}`)
      terminal.err(`${readings.length} readings of stars are in ${file}.`)
      return 0
    }
    const state = await editions.readStarsState()
    for (const line of describeStars(state, github.token !== null)) terminal.out(line)
    for (const { paper, growth } of await editions.readTrendingCode(context.clock(), SHOWN))
      terminal.out(`${gainedStarsWords(growth).padEnd(34)}  ${paper.id.padEnd(12)}  ${paper.title}`)
    return 0
  })
}

function writeTo(file: string, text: string): void {
  try {
    writePrivate(file, text)
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${(error as Error).message}.`)
  }
}
