const FIRST_SLOTS = 2 ** 12
/** 52 bits: as many as a double holds exactly, and one more would make two numbers of one slot. */
const DIGITS = 13

/**
 * Which addresses a file has named so far, at about 16 bytes each: a million of them in a JavaScript Set of texts would
 * take 150 MB. Two addresses are taken for one in a file of a million with a chance of 1 : 10,000, so it may colour a
 * report and must decide nothing.
 */
export class Fingerprints {
  private slots = new Float64Array(FIRST_SLOTS)
  private size = 0

  /** Whether a keyed hash in hexadecimal is remembered. */
  has(hash: string): boolean {
    const print = printOf(hash)
    let slot = print % this.slots.length
    while (this.slots[slot] !== 0) {
      if (this.slots[slot] === print) return true
      slot = (slot + 1) % this.slots.length
    }
    return false
  }

  /** Remembers a keyed hash in hexadecimal; false when it was there. */
  add(hash: string): boolean {
    const print = printOf(hash)
    if (!insert(this.slots, print)) return false
    this.size += 1
    if (this.size * 2 > this.slots.length) this.grow()
    return true
  }

  private grow(): void {
    const wider = new Float64Array(this.slots.length * 2)
    for (const print of this.slots) if (print !== 0) insert(wider, print)
    this.slots = wider
  }
}

function printOf(hash: string): number {
  return Number.parseInt(hash.slice(0, DIGITS), 16) + 1
}

/** Open addressing; a slot is 0 when it is free. */
function insert(slots: Float64Array, print: number): boolean {
  let slot = print % slots.length
  while (slots[slot] !== 0) {
    if (slots[slot] === print) return false
    slot = (slot + 1) % slots.length
  }
  slots[slot] = print
  return true
}
