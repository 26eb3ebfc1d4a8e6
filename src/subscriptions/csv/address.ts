import { type AddressCheck, checkAddress } from '../../domain/subscriber.ts'

/**
 * Checks a cell with an address. Accepts forms of mail programs such as `mailto:a@b.org`, `Name <a@b.org>` and
 * `a@b.org;`, also with invisible characters around them. Rejects a cell with two addresses.
 */
export function checkCell(cell: string): AddressCheck {
  const plain = checkAddress(cell)
  if (plain.ok) return plain
  const undressed = undress(cell)
  if (undressed === cell) return plain
  const checked = checkAddress(undressed)
  return checked.ok ? checked : plain
}

const AROUND = /^[\s\p{Cf}'"]+|[\s\p{Cf}'";,]+$/gu

function undress(cell: string): string {
  const bare = cell.replace(AROUND, '')
  const [, named] = /^[^<>@]*<([^<>]+)>$/.exec(bare) ?? []
  return (named ?? bare)
    .replace(AROUND, '')
    .replace(/^mailto:/i, '')
    .replace(/\?[^@]*$/, '')
    .replace(AROUND, '')
}
