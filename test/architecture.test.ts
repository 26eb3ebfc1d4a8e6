import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { DELIVERY_STATES, statesBefore } from '../src/domain/delivery.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'

const page = readFileSync(join(PACKAGE_ROOT, 'ARCHITECTURE.md'), 'utf8')
const pictures = [...page.matchAll(/^```mermaid\n([\s\S]*?)^```/gm)].map(([, picture = '']) => picture)

/** The rooms of the dependency rule from the entry points down, without those outside the house. */
function roomsOfTheRule(): string[] {
  const rule = readFileSync(join(PACKAGE_ROOT, '.dependency-cruiser.js'), 'utf8')
  const [, list = ''] = /const ROOMS = \[([\s\S]*?)\]/.exec(rule) ?? []
  const rooms = [...list.matchAll(/'([^']+)'/g)].map(([, room = '']) => room)
  return rooms.filter((room) => !/^\(|^test\//.test(room)).reverse()
}

describe('ARCHITECTURE.md', () => {
  it('draws the rooms in the order of allowed imports, and says what each contains', () => {
    const rooms = roomsOfTheRule()
    expect(rooms.length).toBeGreaterThan(15)
    const [house = ''] = pictures
    expect([...house.matchAll(/\["([\w/.]+\/[\w.]*)"\]/g)].map(([, room]) => room)).toEqual(rooms)
    expect([...page.matchAll(/^- `([\w/.-]+\/(?:limits\.ts)?)`: /gm)].map(([, room]) => room)).toEqual(rooms)
  })

  it('draws every move of a delivery that the ledger allows, and no other', () => {
    const [, life = ''] = pictures
    const drawn = [...life.matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} → ${to}`)
    const allowed = DELIVERY_STATES.flatMap((to) => statesBefore(to).map((from) => `${from} → ${to}`))
    expect(drawn.sort()).toEqual(allowed.sort())
  })
})
