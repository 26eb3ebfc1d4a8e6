// Loaded before the program, by NODE_OPTIONS=--import: moves its clock and changes its code, as CHAOS says.
import { readFileSync } from 'node:fs'
import { register } from 'node:module'

const CLOCK_READ_MS = 100

const { clock, changes } = JSON.parse(process.env.CHAOS ?? '{"clock":null,"changes":[]}')

if (clock !== null) {
  const RealDate = Date
  let offsetMs = Number(readFileSync(clock, 'utf8'))
  // The harness may put it on while we run. A file that is just being written reads as nothing.
  setInterval(() => {
    offsetMs = Number(readFileSync(clock, 'utf8')) || offsetMs
  }, CLOCK_READ_MS).unref()
  const now = () => RealDate.now() + offsetMs
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(now())
      else super(...given)
    }

    static now() {
      return now()
    }
  }
}

if (changes.length > 0) register('./rewrite.js', import.meta.url, { data: changes })
