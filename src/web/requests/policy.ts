/** The site's Content-Security-Policy: only own resources, nothing inline. */
export const SITE_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  workerSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
}

/** Returns the site’s policy for a page that shows a mail of our own in a frame. */
export function withFrames(policy: string): string {
  return `${policy};frame-src 'self'`
}

/** Policy for a page that shows a message as sent: messages have inline styles, and no script may run in them. */
export const MAIL_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
