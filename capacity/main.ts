import { writeFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { serversMissing } from '../chaos/setup/servers.ts'
import { UserError, usageError } from '../src/platform/errors.ts'
import { COSTS_FILE, readCosts } from './costs.ts'
import { measure, roundCosts } from './measure.ts'
import { writePage } from './page.ts'
import { planFor } from './plan.ts'
import { readPrices } from './prices.ts'
import { describePlan } from './print.ts'
import { type Options, readQuestion } from './question.ts'
import { tableFor } from './table.ts'

interface Flags extends Options {
  readonly json?: boolean
  readonly table?: boolean
  readonly measure?: boolean
  readonly page?: boolean
  readonly digests: string
}

/** `npm run capacity`: what a list of some size needs, by what was measured. Exit code 2 for wrong usage. */
const program = new Command('capacity')
  .description('what a list of some size needs: machines, rates, memory and money, and which limit binds first')
  .option('--subscribers <number>', 'readers on the list, such as 1e7', '1e6')
  .option('--window <time>', 'in which everybody’s digest is to go out, such as 2h, 90m or 600s', '2h')
  .option('--transport <name>', 'resend or smtp', 'resend')
  .option('--digest-kb <number>', 'of one letter on the wire', '55')
  .option('--retention-days <number>', 'how long deliveries are kept', '90')
  .option('--calls-per-second <number>', 'what the provider allows you')
  .option('--json', 'as JSON')
  .option('--table', 'the table of docs/SCALING.md')
  .option('--measure', 'measure the costs anew; writes capacity/costs.json and the tables of the page')
  .option('--page', 'renew the tables of docs/SCALING.md')
  .option('--digests <number>', 'how many are sent to measure', '20000')
  .exitOverride()
  .action(answer)

async function answer(flags: Flags): Promise<void> {
  if (flags.measure === true) return measureCosts(flags.digests)
  const question = readQuestion(flags)
  const costs = readCosts()
  const prices = readPrices()
  if (flags.page === true) return writePage(costs, prices)
  if (flags.table === true) {
    process.stdout.write(tableFor(question, costs, prices))
    return
  }
  const plan = planFor(question, costs, prices)
  process.stdout.write(flags.json === true ? `${JSON.stringify(plan, null, 2)}\n` : describePlan(plan, costs, prices))
}

async function measureCosts(digests: string): Promise<void> {
  const number = Number(digests)
  if (!Number.isInteger(number) || number < 1_000) throw usageError('--digests must be a whole number from 1000.')
  const missing = serversMissing()
  if (missing !== null) throw new UserError(missing)
  const command = `npm run capacity -- --measure --digests ${number}`
  const costs = await measure(number, command, (line) => process.stderr.write(`${line}\n`))
  writeFileSync(COSTS_FILE, `${JSON.stringify(roundCosts(costs), null, 2)}\n`)
  writePage(readCosts(), readPrices())
  process.stdout.write(`${COSTS_FILE} is written.\n`)
}

await program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
    return
  }
  if (!(error instanceof UserError)) throw error
  for (const finding of error.findings) process.stderr.write(`${finding}\n`)
  process.exitCode = error.exitCode
})
