const FIRST_SLOTS = 2 ** 12
/** 52 bits: a double stores them exactly, and with one more, two numbers would share a slot. */
const DIGITS = 13

/**
 * A set of the addresses seen in a file, at about 16 bytes each; a JavaScript Set of a million strings takes 150 MB. In
 * a file of a million addresses, two collide with a probability of 1 in 10,000, so it may only be used for reports.
 */
export class Fingerprints {
  private slots = new Float64Array(FIRST_SLOTS)
  private size = 0

  /** Returns whether a keyed hash (hexadecimal) was added. */
  has(hash: string): boolean {
    const print = printOf(hash)
    let slot = print % this.slots.length
    while (this.slots[slot] !== 0) {
      if (this.slots[slot] === print) return true
      slot = (slot + 1) % this.slots.length
    }
    return false
  }

  /** Adds a keyed hash (hexadecimal). Returns false when it was already there. */
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

/** Inserts by open addressing. A free slot is 0. */
function insert(slots: Float64Array, print: number): boolean {
  let slot = print % slots.length
  while (slots[slot] !== 0) {
    if (slots[slot] === print) return false
    slot = (slot + 1) % slots.length
  }
  slots[slot] = print
  return true
}
