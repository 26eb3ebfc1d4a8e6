/**
 * The rooms of the house, lowest first. A file imports only from its own room and from rooms above it in this list; types count.
 * ARCHITECTURE.md describes each room.
 */
const ROOMS = [
  'config/limits',
  'src/platform/',
  'src/language/',
  'src/domain/',
  'src/security/',
  'src/text/',
  'src/ranking/',
  'src/rendering/',
  'src/queue/',
  'src/sources/',
  'templates/',
  'src/mail/',
  'config/',
  'src/subscriptions/',
  'src/pipeline/',
  'src/doctor/',
  'src/ledger/',
  'src/preview/',
  'src/web/',
  'workers/',
  'src/cli/',
  'test/support/',
  '(bench|chaos|test)/',
]

/** The React form of a mail is loaded when it is first rendered, so rendering names the templates that it loads. */
const LOADS_TEMPLATES = '^src/rendering/registry\\.ts$'

const upward = ROOMS.slice(0, -1).map((room, place) => ({
  name: `not-above-${room.replace(/\W+/g, '-').replace(/-$/, '')}`,
  comment: `${room} may import only rooms that come before it in .dependency-cruiser.js. Pass what it needs as an argument.`,
  severity: 'error',
  from: {
    path: `^${room}`,
    pathNot: [
      LOADS_TEMPLATES,
      ...ROOMS.slice(0, place)
        .filter((lower) => lower.startsWith(room))
        .map((lower) => `^${lower}`),
    ],
  },
  to: {
    path: ROOMS.slice(place + 1).map((above) => `^${above}`),
    pathNot: ROOMS.slice(0, place + 1).map((below) => `^${below}`),
  },
}))

export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that import each other cannot be understood one at a time. Move what both need into a third.',
      severity: 'error',
      from: { pathNot: LOADS_TEMPLATES },
      to: { circular: true, viaOnly: { pathNot: LOADS_TEMPLATES } },
    },
    ...upward,
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    includeOnly: '^(src|workers|config|templates|bench|chaos|test)/',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
  },
}
