/** A cookie that scripts cannot read and other sites cannot send (RFC 6265bis §4.1.2). */
export interface CookieJar {
  readonly session: string
  readonly login: string
  /** Of a browser in which an operator logged in before. */
  readonly device: string
  write(name: string, value: string, maxAgeSeconds: number): string
}

/** Names and attributes of the operator's cookies: over HTTPS they cannot be set by a neighbouring host (`__Host-`). */
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

/** The value of a cookie in a request's header, or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key = '', ...rest] = pair.split('=')
    if (key.trim() === name) return rest.join('=').trim()
  }
  return null
}
