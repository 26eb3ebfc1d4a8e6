/** Time zones in the form's list. Any other IANA zone can be typed. */
export const COMMON_ZONES: readonly {
  readonly area: 'europe' | 'americas' | 'asia' | 'africa'
  readonly zones: readonly string[]
}[] = [
  {
    area: 'europe',
    zones: [
      'Europe/London',
      'Europe/Dublin',
      'Europe/Lisbon',
      'Europe/Madrid',
      'Europe/Paris',
      'Europe/Brussels',
      'Europe/Amsterdam',
      'Europe/Berlin',
      'Europe/Zurich',
      'Europe/Vienna',
      'Europe/Rome',
      'Europe/Prague',
      'Europe/Warsaw',
      'Europe/Stockholm',
      'Europe/Helsinki',
      'Europe/Athens',
      'Europe/Kyiv',
      'Europe/Istanbul',
    ],
  },
  {
    area: 'americas',
    zones: [
      'America/St_Johns',
      'America/Halifax',
      'America/New_York',
      'America/Toronto',
      'America/Chicago',
      'America/Denver',
      'America/Los_Angeles',
      'America/Vancouver',
      'America/Mexico_City',
      'America/Bogota',
      'America/Santiago',
      'America/Sao_Paulo',
      'America/Argentina/Buenos_Aires',
    ],
  },
  {
    area: 'asia',
    zones: [
      'Asia/Jerusalem',
      'Asia/Riyadh',
      'Asia/Tehran',
      'Asia/Dubai',
      'Asia/Karachi',
      'Asia/Kolkata',
      'Asia/Dhaka',
      'Asia/Bangkok',
      'Asia/Jakarta',
      'Asia/Singapore',
      'Asia/Hong_Kong',
      'Asia/Shanghai',
      'Asia/Taipei',
      'Asia/Seoul',
      'Asia/Tokyo',
      'Australia/Perth',
      'Australia/Sydney',
      'Pacific/Auckland',
    ],
  },
  {
    area: 'africa',
    zones: ['Africa/Casablanca', 'Africa/Lagos', 'Africa/Cairo', 'Africa/Nairobi', 'Africa/Johannesburg'],
  },
]

const NAMED = new Set(COMMON_ZONES.flatMap(({ zones }) => zones))

/** Whether the form's list holds this zone. */
export function isListedZone(zone: string): boolean {
  return zone === 'UTC' || NAMED.has(zone)
}
