import { DomUtils } from 'htmlparser2'
import type { Message } from '../../mail/transport.ts'
import type { Check, CheckFinding } from './check.ts'
import { clientName, MAIL_CLIENTS } from './client-names.ts'
import { elementsOf, lineNumberOf, parseMail } from './markup.ts'

/** The features of a mail that one mail program does not support. */
export interface ClientReport {
  readonly client: string
  readonly lacks: readonly Lack[]
}

export interface Lack {
  readonly severity: 'warning' | 'note'
  readonly support: 'none' | 'partial'
  readonly feature: string
  /** The first lines of the HTML part that use it. */
  readonly lines: readonly number[]
  readonly notes: readonly string[]
}

export type Compatibility =
  | {
      readonly kind: 'done'
      /** The mail programs that were checked. */
      readonly chosen: readonly string[]
      readonly reports: readonly ClientReport[]
      readonly asOf: string
    }
  | { readonly kind: 'absent'; readonly reason: string }

/**
 * Features that the layout depends on. Without one of them, the mail looks broken. All others are refinements, such as
 * dark mode and rounded corners.
 */
const LAYOUT_FEATURES =
  /^(display:(flex|grid|inline-flex|inline-grid)|position|float|<(svg|video|audio|picture|form|input|link|script)> element|grid-|flex-|gap|object-fit|background-image|.*url\(\))/
const LINES_SHOWN = 5

type CheckedClients = Parameters<typeof import('caniemail').caniemail>[0]['clients']

/** Returns the unsupported features per chosen mail program, from the caniemail.com data in the npm package. */
export async function checkClients({ html }: Message, chosen = MAIL_CLIENTS): Promise<Compatibility> {
  try {
    const { caniemail, rawData } = await import('caniemail')
    fillGaps(rawData)
    const { digest, lines } = condense(html)
    const { issues } = caniemail({ clients: [...chosen] as CheckedClients, html: digest })
    const clients = new Map<string, Map<string, Lack>>()
    for (const [severity, found] of [
      ['warning', issues.errors],
      ['note', issues.warnings],
    ] as const)
      for (const [client, list] of found)
        for (const issue of list) {
          const lacks = clients.get(client) ?? new Map<string, Lack>()
          clients.set(client, lacks)
          const known = lacks.get(issue.title)
          const line = lines.get(issue.position?.start.line ?? 0)
          lacks.set(issue.title, {
            severity:
              known?.severity ?? (severity === 'warning' && LAYOUT_FEATURES.test(issue.title) ? 'warning' : 'note'),
            support: severity === 'warning' ? 'none' : (known?.support ?? 'partial'),
            feature: issue.title,
            lines: [...new Set([...(known?.lines ?? []), ...(line === undefined ? [] : [line])])].slice(0, LINES_SHOWN),
            notes: known?.notes ?? issue.notes.filter((note): note is string => typeof note === 'string'),
          })
        }
    const reports = [...clients].map(([client, lacks]) => ({ client, lacks: [...lacks.values()].sort(bySeverity) }))
    return { kind: 'done', chosen, reports: reports.sort(byClient), asOf: dateOf(rawData) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    return { kind: 'absent', reason: 'The npm package caniemail is a development dependency and is not installed.' }
  }
}

/** Returns the findings for the panel: one per feature that the layout needs, and one note for all refinements. */
export function clientCheck(compatibility: Compatibility): Check {
  const id = 'clients'
  const title = 'Mail programs'
  if (compatibility.kind === 'absent') return { id, title, kind: 'absent', reason: compatibility.reason }
  const broken = new Map<string, string[]>()
  for (const { client, lacks } of compatibility.reports)
    for (const { severity, feature } of lacks)
      if (severity === 'warning') broken.set(feature, [...(broken.get(feature) ?? []), clientName(client)])
  const findings = [...broken].map(
    ([feature, where]): CheckFinding => ({
      severity: 'warning',
      words: `${feature} is not supported by ${where.length} of ${compatibility.chosen.length} mail programs.`,
      where,
    }),
  )
  const summary = `caniemail.com as of ${compatibility.asOf}`
  return { id, title, kind: 'done', findings, summary }
}

/**
 * Keeps one element of each kind and style, each on its own line. A check then takes 20 ms instead of a second. `lines`
 * maps its lines to those of the mail.
 */
function condense(html: string): { digest: string; lines: ReadonlyMap<number, number> } {
  const document = parseMail(html)
  const seen = new Set<string>()
  const out: string[] = ['<!doctype html><html><body>']
  const lines = new Map<number, number>()
  for (const style of elementsOf(document, 'style'))
    out.push(`<style>${DomUtils.textContent(style).replace(/\s*\n\s*/g, ' ')}</style>`)
  for (const element of DomUtils.getElementsByTagName('*', document, true)) {
    if (['html', 'head', 'body', 'style', 'title'].includes(element.name)) continue
    const attributes = Object.entries(element.attribs)
      .filter(([name]) => /^[a-z-]+$/i.test(name))
      .map(
        ([name, value]) =>
          `${name}="${name === 'style' || name === 'type' || name === 'role' ? value.replaceAll('"', '&quot;') : ''}"`,
      )
    const kind = [element.name, ...attributes].join(' ')
    if (seen.has(kind)) continue
    seen.add(kind)
    out.push(`<${kind}></${element.name}>`)
    lines.set(out.length, lineNumberOf(html, element))
  }
  return { digest: [...out, '</body></html>'].join('\n'), lines }
}

type Stats = Record<string, Record<string, Record<string, string>>>

/**
 * Fills gaps in the data, because the package throws for untested pairs of feature and mail program. An untested feature
 * counts as supported.
 */
function fillGaps(data: unknown): void {
  const features = (data as { data: { stats: Stats }[] }).data
  const clients = new Map(
    features.flatMap(({ stats }) =>
      Object.entries(stats).flatMap(([family, platforms]) =>
        Object.keys(platforms).map((platform): [string, [string, string]] => [
          `${family}.${platform}`,
          [family, platform],
        ]),
      ),
    ),
  )
  for (const { stats } of features)
    for (const [family, platform] of clients.values()) {
      stats[family] ??= {}
      stats[family][platform] ??= { untried: 'y' }
    }
}

function bySeverity(a: Lack, b: Lack): number {
  return a.severity === b.severity ? a.feature.localeCompare(b.feature) : a.severity === 'warning' ? -1 : 1
}

function byClient(a: ClientReport, b: ClientReport): number {
  return weight(b) - weight(a) || a.client.localeCompare(b.client)
}

function weight({ lacks }: ClientReport): number {
  return lacks.reduce((sum, { severity }) => sum + (severity === 'warning' ? 100 : 1), 0)
}

function dateOf(data: unknown): string {
  const { last_update_date: at = '' } = data as { last_update_date?: string }
  return at.slice(0, 10)
}
