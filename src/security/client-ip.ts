import { isIP } from 'node:net'

/**
 * Returns the network that rate limits count as one visitor: an IPv4 address, or the /64 of an IPv6 address, because every
 * household gets at least a /64 (RFC 6177 §2). All invalid addresses, such as made-up headers, count as one visitor.
 */
export function networkOf(ip: string): string {
  const plain = visitorOf(ip)
  if (plain === null) return 'unknown'
  return isIP(plain) === 4 ? plain : `${prefixOf(plain, 4)}::/64`
}

/**
 * Returns the /24 of an IPv4 address, or the /48 of an IPv6 address. A site gets up to a /48 (RFC 6177 §2), which has
 * 65,536 networks of `networkOf`, so limits count both. Only this part of an address is stored for longer than a day.
 */
export function wideNetworkOf(ip: string): string {
  const plain = visitorOf(ip)
  if (plain === null) return 'unknown'
  return isIP(plain) === 4 ? `${plain.replace(/\.\d+$/, '')}.0/24` : `${prefixOf(plain, 3)}::/48`
}

/** Returns the address for the database, without a zone and with an IPv4-mapped address as IPv4; null when it is invalid. */
export function clientAddressOf(ip: string): string | null {
  const plain = ip.replace(/%.*$/s, '').toLowerCase()
  const version = isIP(plain)
  if (version !== 6) return version === 0 ? null : plain
  const groups = groupsOf(plain)
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  return mapped ? lastQuad(groups) : plain
}

/** Returns the address like `clientAddressOf`, and the IPv4 address of a NAT64 address (RFC 6052 §2.1). */
function visitorOf(ip: string): string | null {
  const plain = clientAddressOf(ip)
  if (plain === null || isIP(plain) === 4) return plain
  const groups = groupsOf(plain)
  const translated = groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0)
  return translated ? lastQuad(groups) : plain
}

function prefixOf(plain: string, count: number): string {
  return groupsOf(plain)
    .slice(0, count)
    .map((group) => group.toString(16))
    .join(':')
}

/** Returns the eight groups of a valid IPv6 address. */
function groupsOf(plain: string): number[] {
  const [head = '', tail] = plain.split('::')
  const left = readGroups(head)
  const right = readGroups(tail ?? '')
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

function readGroups(text: string): number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (!group.includes('.')) return [Number.parseInt(group, 16)]
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
      return [a * 256 + b, c * 256 + d]
    })
}

function lastQuad(groups: readonly number[]): string {
  const [high = 0, low = 0] = groups.slice(6)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
