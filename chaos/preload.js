// Loaded before the program, by NODE_OPTIONS=--import: moves its clock and changes its code, as CHAOS says.
import { register } from 'node:module'

const { offsetMs, changes } = JSON.parse(process.env.CHAOS ?? '{"offsetMs":0,"changes":[]}')

if (offsetMs !== 0) {
  const RealDate = Date
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
