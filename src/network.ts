import { isIP } from 'node:net'

/**
 * What limits count as one visitor: an IPv4 address, or the /64 of an IPv6 one, of which every household has at
 * least one whole (RFC 6177 §2). Whatever is no address, such as a header that a client made up, is one visitor.
 */
export function networkOf(ip: string): string {
  const plain = addressOf(ip)
  if (plain === null) return 'unknown'
  if (isIP(plain) === 4) return plain
  const [head = '', tail] = plain.split('::')
  const left = head.split(':').filter((group) => group !== '')
  const right = (tail ?? '').split(':').filter((group) => group !== '')
  // A dotted quad at the end stands for two groups.
  const groups = left.length + right.length + ((right.at(-1) ?? left.at(-1) ?? '').includes('.') ? 1 : 0)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups)
  const whole = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return `${whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** The address as a database takes it: without a zone, an IPv4 address written as one. Null when it is none. */
export function addressOf(ip: string): string | null {
  const plain = ip.replace(/%.*$/s, '').toLowerCase()
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain)?.[1]
  if (mapped !== undefined && isIP(mapped) === 4) return mapped
  return isIP(plain) === 0 ? null : plain
}

/** The part of an address that is stored for longer than a day: the /24 of IPv4, the /48 of IPv6, which is a site's (RFC 6177 §2). */
export function shortNetworkOf(ip: string): string {
  const network = networkOf(ip)
  if (network === 'unknown') return network
  return isIP(network) === 4
    ? `${network.split('.').slice(0, 3).join('.')}.0/24`
    : `${network.split(':').slice(0, 3).join(':')}::/48`
}
