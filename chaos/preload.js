// NODE_OPTIONS=--import loads this file before the program. It moves the clock and changes the code as CHAOS says.
import { readFileSync } from 'node:fs'
import { register } from 'node:module'

const CLOCK_READ_MS = 100

const { clock, changes } = JSON.parse(process.env.CHAOS ?? '{"clock":null,"changes":[]}')

if (clock !== null) {
  const RealDate = Date
  let offsetMs = Number(readFileSync(clock, 'utf8'))
  // The harness may move the clock during the run. A file that is being written reads as empty.
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
