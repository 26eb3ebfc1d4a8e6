import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { figuresOf, type Lines, whole } from '../figures.ts'
import { measureCosts } from '../sending/measure-costs.ts'
import { wholeNumber } from '../setup/temp-database.ts'
import { COSTS_FILE, type Costs, type Prices, readCosts, readPrices, readQuestion } from './inputs.ts'
import { planFor } from './model.ts'
import { bindingOf, describePlan, linesOf, NONE } from './print.ts'

export const PAGE_FILE = join(PACKAGE_ROOT, 'docs/SCALING.md')

type Flags = { readonly digests: string } & Readonly<Partial<Record<'json' | 'measure' | 'page', boolean>>>

/** Prints what a list of some size needs, or writes the measured costs and the tables of the page again. */
export async function answerCapacity(flags: Flags): Promise<void> {
  const question = readQuestion(flags)
  const prices = readPrices()
  const costs = flags.measure === true ? await measureCosts(wholeNumber(flags.digests, '--digests')) : readCosts()
  if (flags.measure === true) writeFileSync(COSTS_FILE, `${JSON.stringify(costs, null, 2)}\n`)
  if (flags.measure === true || flags.page === true) {
    writeFileSync(PAGE_FILE, renewPage(readFileSync(PAGE_FILE, 'utf8'), costs, prices))
    return
  }
  const plan = planFor(question, costs, prices)
  process.stdout.write(flags.json === true ? `${JSON.stringify(plan, null, 2)}\n` : describePlan(plan, costs, prices))
}

const SIZES = [1e5, 1e6, 1e7, 1e8]
/** The lines of a plan that the page shows. */
const SHOWN =
  /^(Rates: .* second$|Machines|.*: (cores|disk|growth per month)$|Redis.* memory|Provider: (?!traffic)|Money: all)/

/** Returns the page with new tables between its `capacity` comments. The text around them stays as it is. */
export function renewPage(page: string, costs: Costs, prices: Prices): string {
  return page.replace(
    /(<!-- capacity:(\w+) -->\n)[\s\S]*?(<!-- \/capacity -->)/g,
    (_all, begin: string, name: string, end: string) =>
      `${begin}\n${name === 'costs' ? costsTable(costs) : planTable(name, costs, prices)}\n${end}`,
  )
}

function planTable(transport: string, costs: Costs, prices: Prices): string {
  const plans = SIZES.map((subscribers) => planFor(readQuestion({ transport, subscribers }), costs, prices))
  const columns = plans.map((plan) =>
    Object.fromEntries(Object.entries(linesOf(plan)).filter(([name]) => SHOWN.test(name))),
  )
  return `${tableOf(SIZES.map(whole), columns)}\n${plans.slice(0, 1).map(bindingOf)}\n`
}

function costsTable({ transports: { resend, smtp }, event, measured, ...others }: Costs): string {
  const heads = ['of a digest over Resend', 'of a digest over SMTP', 'of a webhook event']
  const columns = [resend, smtp, event].map((costs) => figuresOf('', costs))
  const lines = Object.entries(figuresOf('', others)).map(([name, value]) => `${name} ${value}`)
  return `${tableOf(heads, columns)}
Other sizes: ${lines.join(', ')}.

Measured on ${measured.at} with \`${measured.command}\`, on ${measured.machine}.\n`
}

/** Returns a table with a row for each name that any of the columns has. */
function tableOf(heads: readonly string[], columns: readonly Lines[]): string {
  const names = new Set(columns.flatMap(Object.keys))
  const rows = [...names].map((name) => [name, ...columns.map((column) => column[name] ?? NONE)])
  return [['', ...heads], ['', ...heads].map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('')
}
