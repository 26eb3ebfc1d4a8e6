/** The mail programs in the data of the npm package caniemail, by their maker. */
const PLATFORMS: Readonly<Record<string, readonly string[]>> = {
  'apple-mail': ['macos', 'ios'],
  gmail: ['desktop-webmail', 'ios', 'android', 'mobile-webmail'],
  outlook: ['windows', 'windows-mail', 'macos', 'ios', 'android'],
  yahoo: ['desktop-webmail', 'ios', 'android'],
  aol: ['desktop-webmail', 'ios', 'android'],
  fastmail: ['desktop-webmail'],
  hey: ['desktop-webmail'],
  laposte: ['desktop-webmail'],
  'mail-ru': ['desktop-webmail'],
  orange: ['desktop-webmail', 'ios', 'android'],
  protonmail: ['desktop-webmail', 'ios', 'android'],
  'samsung-email': ['android'],
  sfr: ['desktop-webmail', 'ios', 'android'],
  thunderbird: ['macos'],
}

export const MAIL_CLIENTS: readonly string[] = Object.entries(PLATFORMS).flatMap(([family, platforms]) =>
  platforms.map((platform) => `${family}.${platform}`),
)

/** The programs that most people read mail with, and the ones that other previews check. */
export const COMMON_CLIENTS: readonly string[] = MAIL_CLIENTS.filter((client) =>
  /^(apple-mail|gmail|outlook|yahoo)\./.test(client),
)

/** Reads a list such as `gmail.ios,outlook.windows`. Unknown names are ignored, and an empty list means all programs. */
export function readClients(text: string): readonly string[] {
  const names = new Set(text.split(','))
  const chosen = MAIL_CLIENTS.filter((client) => names.has(client))
  return chosen.length === 0 ? MAIL_CLIENTS : chosen
}

/** `outlook.windows-mail` → `Outlook, Windows Mail`. */
export function clientName(client: string): string {
  const { family, platform } = partsOf(client)
  return `${family}, ${platform}`
}

/** Groups names by maker: `Outlook` with `Windows`, `macOS` and so on. */
export function byFamily(
  clients: readonly string[],
): { readonly family: string; readonly members: readonly { readonly client: string; readonly platform: string }[] }[] {
  const groups = new Map<string, { client: string; platform: string }[]>()
  for (const client of clients) {
    const { family, platform } = partsOf(client)
    groups.set(family, [...(groups.get(family) ?? []), { client, platform }])
  }
  return [...groups].map(([family, members]) => ({ family, members }))
}

const TITLES: Readonly<Record<string, string>> = {
  'apple-mail': 'Apple Mail',
  aol: 'AOL',
  hey: 'HEY',
  laposte: 'La Poste',
  'mail-ru': 'Mail.ru',
  protonmail: 'Proton Mail',
  'samsung-email': 'Samsung Email',
  sfr: 'SFR',
  android: 'Android',
  ios: 'iOS',
  macos: 'macOS',
  windows: 'Windows',
  'windows-mail': 'Windows Mail',
}

function partsOf(client: string): { family: string; platform: string } {
  const [family = '', platform = ''] = client.split('.')
  return {
    family: TITLES[family] ?? family.replace(/^./, (first) => first.toUpperCase()),
    platform: TITLES[platform] ?? platform.replaceAll('-', ' '),
  }
}
