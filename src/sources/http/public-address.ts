import ipaddr from 'ipaddr.js'

type Address = ReturnType<typeof ipaddr.parse>

// Networks of IPv6 addresses that contain an IPv4 address: NAT64 (RFC 6052 §2.1), 6to4 (RFC 3056 §2), IPv4-compatible (RFC 4291 §2.5.5.1).
const EMBEDDED: readonly (readonly [network: string, firstByte: number])[] = [
  ['64:ff9b::/96', 12],
  ['2002::/16', 2],
  ['::/96', 12],
]

/** The IPv6 addresses of the public internet (RFC 4291 §2.4). */
const GLOBAL_UNICAST = '2000::/3'

/**
 * Whether a text is a public IP address. Private, loopback, link-local, shared (CGNAT), multicast and reserved addresses are
 * not public. For an IPv6 address that contains an IPv4 address, the IPv4 address decides.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = embeddedIn(ipaddr.parse(text))
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR(GLOBAL_UNICAST))
}

function embeddedIn(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address
  if (address.isIPv4MappedAddress()) return address.toIPv4Address()
  const bytes = address.toByteArray()
  for (const [network, from] of EMBEDDED)
    if (address.match(ipaddr.parseCIDR(network))) return ipaddr.fromByteArray(bytes.slice(from, from + 4))
  return address
}

const PRIVATE_NAME = /^[^.]+$|\.(?:localhost|local|internal|lan|home\.arpa|test)$/

/**
 * Whether the host of a URL is visibly private: a private address, a name without a dot such as `localhost`, or a name under
 * a domain for private use (RFC 6761, RFC 6762, RFC 8375).
 */
export function isPrivateHost(host: string): boolean {
  const address = bareAddress(host)
  return address === null ? PRIVATE_NAME.test(host) : !isPublicAddress(address)
}

/** Returns the host of a URL as an IP address without IPv6's brackets; null when it is a name. */
export function bareAddress(host: string): string | null {
  const bare = host.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) ? bare : null
}
