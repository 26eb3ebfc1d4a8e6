import { cached } from '../../platform/cache.ts'

/** The time zones of one region, for a list. */
export interface ZoneGroup {
  readonly region: string
  readonly zones: readonly { readonly zone: string; readonly label: string }[]
}

const HOUR_MS = 3_600_000
/** Offsets change at most hourly. The list of all zones takes 20 ms. */
const groupsByHour = new Map<number, readonly ZoneGroup[]>()

/** Returns all IANA zones by region, each with its current offset: `Berlin (UTC+01:00)`. */
export function allZones(at: Date): readonly ZoneGroup[] {
  return cached(groupsByHour, Math.floor(at.getTime() / HOUR_MS), 1, () => {
    const groups = new Map<string, { zone: string; label: string }[]>()
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const region = zone.includes('/') ? (zone.split('/')[0] ?? zone) : 'Other'
      const known = groups.get(region)
      const each = { zone, label: zoneLabel(zone, at) }
      if (known === undefined) groups.set(region, [each])
      else known.push(each)
    }
    return [...groups].map(([region, zones]) => ({ region, zones }))
  })
}

/** `America/Argentina/Buenos_Aires` → `Argentina, Buenos Aires (UTC−03:00)`, or without the offset if no moment is given. */
export function zoneLabel(zone: string, at: Date | undefined): string {
  const places = zone.includes('/') ? zone.split('/').slice(1) : [zone]
  const name = places.join(', ').replaceAll('_', ' ')
  return at === undefined ? name : `${name} (${offsetOf(zone, at)})`
}

/** Returns the offset of a zone at a moment: `UTC+05:30`. */
function offsetOf(zone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
  return name === 'GMT' ? 'UTC' : name.replace('GMT', 'UTC').replace('-', '−')
}
