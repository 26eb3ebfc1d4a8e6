/** Names and writes cookies that scripts cannot read and other sites cannot send (RFC 6265bis §4.1.2). */
export interface CookieJar {
  readonly session: string
  readonly login: string
  /** Marks a browser in which an operator logged in before. */
  readonly device: string
  write(name: string, value: string, maxAgeSeconds: number): string
}

/** Returns the operator's cookies. Over HTTPS the prefix `__Host-` stops other hosts of the domain from setting them. */
export function createCookieJar(secure: boolean): CookieJar {
  const prefix = secure ? '__Host-' : ''
  return {
    session: `${prefix}paperround-session`,
    login: `${prefix}paperround-login`,
    device: `${prefix}paperround-device`,
    write: (name, value, maxAgeSeconds) =>
      [
        `${name}=${value}`,
        'Path=/',
        `Max-Age=${maxAgeSeconds}`,
        'HttpOnly',
        'SameSite=Strict',
        ...(secure ? ['Secure'] : []),
      ].join('; '),
  }
}

/** Returns the value of a cookie in a request header, or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key = '', ...rest] = pair.split('=')
    if (key.trim() === name) return rest.join('=').trim()
  }
  return null
}
