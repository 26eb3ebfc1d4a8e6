import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PAGE_FILE, renewPage } from '../../bench/capacity/capacity.ts'
import { type Question, readCosts, readPrices, readQuestion } from '../../bench/capacity/inputs.ts'
import { planFor } from '../../bench/capacity/model.ts'
import { bindingOf, describePlan } from '../../bench/capacity/print.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

const costs = readCosts()
const prices = readPrices()
const plan = (question: Question) => planFor(question, costs, prices)

const question = fc.record({
  subscribers: fc.integer({ min: 1, max: 1e9 }),
  windowSeconds: fc.integer({ min: 60, max: 43_200 }),
  transport: fc.constantFrom('resend' as const, 'smtp' as const),
  digestBytes: fc.integer({ min: 10_000, max: 200_000 }),
  retentionDays: fc.integer({ min: 1, max: 400 }),
  callsPerSecond: fc.constant(null),
})

describe('the capacity model', () => {
  it('asks for no fewer machines, processes or money when the list is twice as long', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const once = plan(asked)
        const twice = plan({ ...asked, subscribers: asked.subscribers * 2 })
        const processes = ({ each, installations }: typeof once) => each.workers * installations
        expect(twice.fleet.machines).toBeGreaterThanOrEqual(once.fleet.machines)
        expect(twice.installations).toBeGreaterThanOrEqual(once.installations)
        expect(processes(twice)).toBeGreaterThanOrEqual(processes(once))
        if (once.bill.complete && twice.bill.complete)
          expect(twice.bill.perMonth).toBeGreaterThanOrEqual(once.bill.perMonth)
      }),
    )
  })

  it('doubles each rate when the window is half as long, and leaves what is stored as it is', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const long = plan({ ...asked, windowSeconds: asked.windowSeconds * 2 })
        const short = plan(asked)
        for (const name of Object.keys(long.rates) as (keyof typeof long.rates)[])
          expect(short.rates[name]).toBeCloseTo(long.rates[name] * 2, 6)
        expect(short.trafficTbPerMonth).toBe(long.trafficTbPerMonth)
        const growth = ({ each, installations }: typeof long) => each.postgres.growthBytesPerMonth * installations
        // Each installation is rounded up to a whole reader.
        expect(growth(short) / growth(long)).toBeCloseTo(1, 3)
      }),
    )
  })

  it('gives figures that add up, and machines that are large enough', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { fleet, bill, each, limits, installations } = plan(asked)
        const { postgres } = each
        expect(fleet.tiers.reduce((sum, tier) => sum + tier.machines, 0)).toBe(fleet.machines)
        expect(bill.lines.reduce((sum, { perMonth }) => sum + (perMonth ?? 0), 0)).toBe(bill.perMonth)
        expect(postgres.diskBytes).toBeCloseTo(
          (postgres.readersBytes + postgres.deliveriesBytes + postgres.eventsBytes) * prices.assumptions.diskHeadroom,
          0,
        )
        expect(each.workers * each.workerRate).toBeGreaterThanOrEqual(each.rates.digestsPerSecond)
        // Together the installations hold everybody, and none is over a limit of its own.
        expect(each.subscribers * installations).toBeGreaterThanOrEqual(asked.subscribers)
        for (const limit of limits.filter(({ whose }) => whose === 'ours'))
          expect(each.subscribers).toBeLessThanOrEqual(limit.subscribers)
        const database = fleet.tiers.find(({ name }) => name === 'PostgreSQL and standby' || name === 'everything')
        expect((database?.machine.memoryGb ?? 0) * 1e9).toBeGreaterThanOrEqual(postgres.memoryBytes)
      }),
    )
  })

  it('names the limit that binds, which is the lowest', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const answer = plan(asked)
        const lowest = [...answer.limits].sort((a, b) => a.subscribers - b.subscribers)[0]
        expect(bindingOf(answer)).toContain(lowest?.name)
        expect(bindingOf(answer)).toMatch(asked.subscribers > (lowest?.subscribers ?? 0) ? /^Binds:/ : /^Binds first/)
        expect(describePlan(answer, costs, prices)).toContain(bindingOf(answer))
      }),
      { numRuns: 30 },
    )
  })

  it('asks the provider where no published plan is large enough', () => {
    const small = plan(readQuestion({ ...ASKED, subscribers: '1000' }))
    const large = plan(readQuestion({ ...ASKED, subscribers: '1e7' }))
    expect(small.provider.plan?.mails).toBeGreaterThanOrEqual(small.provider.mailsPerMonth)
    expect(small.bill.complete).toBe(true)
    expect(large.provider.plan).toBe(null)
    expect(describePlan(large, costs, prices)).toContain('none is large enough: ask them')
  })
})

const ASKED = { subscribers: '1e6', window: '2h', transport: 'resend', digestKb: '55', retentionDays: '90' }

describe('what is asked of the model', () => {
  it.each([
    [{ subscribers: 'many' }, /--subscribers must be a whole number/],
    [{ subscribers: '0' }, /--subscribers/],
    [{ subscribers: '' }, /--subscribers/],
    [{ window: '2' }, /--window must be a time/],
    [{ window: '48h' }, /at most a day/],
    [{ window: '0.5s' }, /--window/],
    [{ transport: 'pigeon' }, /--transport must be resend or smtp/],
    [{ digestKb: '0' }, /--digest-kb/],
    [{ retentionDays: 'x' }, /--retention-days/],
    [{ callsPerSecond: '-1' }, /--calls-per-second/],
  ])('is refused with what it must be: %j', (wrong, message) => {
    expect(() => readQuestion({ ...ASKED, ...wrong })).toThrow(message)
  })

  it('is refused with every fault at once, as wrong usage', () => {
    expect(() => readQuestion({ ...ASKED, window: 'x', digestKb: '-' })).toThrow(
      expect.objectContaining({ exitCode: 2, findings: [expect.any(String), expect.any(String)] }),
    )
  })

  it('is refused when the prices cannot be, with the figure that is wrong', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'prices-')), 'prices.json')
    writeFileSync(file, JSON.stringify({ ...prices, assumptions: { ...prices.assumptions, useOfACore: 2 } }))
    expect(() => readPrices(file)).toThrow(/assumptions\.useOfACore/)
    writeFileSync(file, 'not JSON')
    expect(() => readPrices(file)).toThrow(expect.objectContaining({ exitCode: 2 }))
  })

  it('may be a number as people write it', () => {
    expect(readQuestion({ ...ASKED, subscribers: '2.5e5', window: '90m' })).toMatchObject({
      subscribers: 250_000,
      windowSeconds: 5_400,
    })
  })
})

describe('the answer', () => {
  // Uses fixed costs and prices, because those of the repository change. `UPDATE_GOLDEN=1` rewrites the file for review.
  const golden = (name: string) => join(PACKAGE_ROOT, 'test/golden', name)
  const frozen = JSON.parse(readFileSync(golden('capacity-costs.json'), 'utf8'))
  const then = readPrices(golden('capacity-prices.json'))

  it.each(['resend', 'smtp'])('is printed over %s as it was looked at', (transport) => {
    const asked = readQuestion({ ...ASKED, subscribers: '1e7', transport })
    const printed = describePlan(planFor(asked, frozen, then), frozen, then)
    const file = golden(`capacity-${transport}.txt`)
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, printed)
    expect(printed).toBe(readFileSync(file, 'utf8'))
  })

  it('is what docs/SCALING.md says: `npm run capacity -- --page` renews it', () => {
    const page = readFileSync(PAGE_FILE, 'utf8')
    expect(page.match(/<!-- capacity:\w+ -->/g)).toHaveLength(3)
    expect(renewPage(page, costs, prices)).toBe(page)
  })
})
