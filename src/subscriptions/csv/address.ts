import { type AddressCheck, checkAddress } from '../../domain/subscriber.ts'

/**
 * Checks the cell of an address. An address in the dress of a mail program counts as the address in it: `mailto:a@b.org`,
 * `Name <a@b.org>`, `a@b.org;`, also with invisible characters around it. Two addresses in a cell are refused.
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
