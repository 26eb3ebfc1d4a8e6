import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Returns the network that limits count as one visitor: an IPv4 address, or the /64 of an IPv6 address, since every
 * household has at least one /64 (RFC 6177 §2). Invalid text, such as a forged header, counts as one visitor.
 */
export function networkOf(ip: string): string {
  const address = visitorOf(ip)
  if (address === null) return 'unknown'
  return address instanceof ipaddr.IPv4 ? address.toString() : `${prefixOf(address, 4)}::/64`
}

/**
 * Returns the wider network: the /24 of an IPv4 address, or the /48 of an IPv6 address. A site gets up to a /48
 * (RFC 6177 §2), which is 65,536 networks of `networkOf`, so limits count both. Only this part of an address is stored
 * for longer than a day.
 */
export function wideNetworkOf(ip: string): string {
  const address = visitorOf(ip)
  if (address === null) return 'unknown'
  return address instanceof ipaddr.IPv4
    ? `${address.octets.slice(0, 3).join('.')}.0/24`
    : `${prefixOf(address, 3)}::/48`
}

/** Returns an address for the database: without a zone, and an IPv4-mapped address as IPv4. Null when it is invalid. */
export function clientAddressOf(ip: string): string | null {
  const plain = ip.replace(/%.*$/s, '').toLowerCase()
  if (isIP(plain) === 0) return null
  const address = ipaddr.process(plain)
  return address instanceof ipaddr.IPv4 ? address.toString() : plain
}

/** Returns the address of a visitor. An IPv6 address of a translator (RFC 6052 §2.1) is the IPv4 address inside it. */
function visitorOf(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const plain = clientAddressOf(ip)
  if (plain === null) return null
  const address = ipaddr.parse(plain)
  const translated = address instanceof ipaddr.IPv6 && address.match(TRANSLATED)
  return translated ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address
}

const TRANSLATED = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

function prefixOf({ parts }: ipaddr.IPv6, groups: number): string {
  return parts
    .slice(0, groups)
    .map((part) => part.toString(16))
    .join(':')
}
