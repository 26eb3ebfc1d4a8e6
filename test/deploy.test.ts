import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { Registry } from 'prom-client'
import { parse, parseAllDocuments } from 'yaml'
import { readCosts } from '../bench/capacity/inputs.ts'
import { SHUTDOWN_GRACE_MS } from '../config/limits-processes.ts'
import { VARIABLES } from '../config/variables.ts'
import { createLogger } from '../src/platform/log/log.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { addHealth } from '../src/web/health.ts'

const ROOT = join(PACKAGE_ROOT, 'deploy/kubernetes')
const FOLDERS = ['base', 'keda', 'prometheus', 'example']
const PACKAGES: readonly (readonly [RegExp, string])[] = [
  [/^keda\.sh/, '@kubernetes-models/keda'],
  [/^monitoring\.coreos\.com/, '@kubernetes-models/prometheus-operator'],
  [/./, 'kubernetes-models'],
]

interface Container {
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
  readonly resources: { readonly requests: Record<string, string>; readonly limits: Record<string, string> }
  readonly securityContext: object
  readonly volumeMounts: readonly { readonly mountPath: string }[]
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } } | undefined
}

interface PodSpec {
  readonly enableServiceLinks: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly securityContext: { readonly runAsNonRoot: boolean }
  readonly containers: readonly Container[]
}

// biome-ignore lint/suspicious/noExplicitAny: each kind of manifest has its own shape, which the first test checks.
type Manifest = any

const manifests: readonly Manifest[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file !== 'kustomization.yaml')
    .flatMap((file) => parseAllDocuments(readFileSync(join(ROOT, folder, file), 'utf8')).map((each) => each.toJS())),
)
const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind)
const processes: readonly { readonly kind: string; readonly pod: PodSpec }[] = [...of('Deployment'), ...of('Job')].map(
  ({ kind, spec }) => ({ kind, pod: spec.template.spec }),
)
const config: Readonly<Record<string, string>> = of('ConfigMap')[0].data
const containers = processes.flatMap(({ pod }) => pod.containers)
const portsOf = new Map(containers.map(({ name, ports }) => [name, ports?.[0]]))

/** Health as the processes serve it, with one job that waits. */
function health() {
  const web = Fastify()
  addHealth(web, {
    readiness: async () => ({
      faults: [],
      progress: null,
      state: null,
      waiting: [],
      reports: [],
      notUnderstood: 0,
      starsReadAt: null,
      suppressions: [],
      queues: [{ name: 'send', waiting: 7, active: 0, delayed: 0 }],
    }),
    registry: new Registry(),
    metricsToken: 'a token of the tests',
    clock: () => new Date('2026-11-24T08:00:00Z'),
    log: createLogger('silent'),
  })
  return web
}

describe('the Kubernetes manifests', () => {
  it('are of the shapes that Kubernetes, KEDA and the Prometheus Operator know, with no field that they do not', () => {
    const dir = join(PACKAGE_ROOT, 'dist/deploy-test')
    mkdirSync(dir, { recursive: true })
    const lines = manifests.map((manifest, at) => {
      const from = PACKAGES.find(([group]) => group.test(manifest.apiVersion))?.[1]
      return [
        `import type { I${manifest.kind} as T${at} } from '${from}/${manifest.apiVersion}/${manifest.kind}'`,
        `export const m${at}: T${at} = ${JSON.stringify(manifest)}`,
      ].join('\n')
    })
    const file = join(dir, 'manifests.ts')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const flags = '--ignoreConfig --noEmit --skipLibCheck --strict --module nodenext --target es2023 --types node'
    const compiler = join(PACKAGE_ROOT, 'node_modules/typescript/bin/tsc')
    expect(() => execFileSync(process.execPath, [compiler, ...flags.split(' '), file])).not.toThrow()
    expect(manifests.length).toBeGreaterThan(15)
  })

  it('are each named in a kustomization, and each kustomization names what is there', () => {
    for (const folder of FOLDERS) {
      const { resources = [], components = [] } = parse(readFileSync(join(ROOT, folder, 'kustomization.yaml'), 'utf8'))
      for (const path of [...resources, ...components]) expect(existsSync(join(ROOT, folder, path))).toBe(true)
      const files = readdirSync(join(ROOT, folder)).filter((file) => !/^kustomization|\.example\.yaml$/.test(file))
      expect(resources.filter((path: string) => path.endsWith('.yaml')).sort()).toEqual(files.sort())
    }
  })

  it('set no variable that the program does not know', () => {
    const names = [...Object.keys(config), ...Object.keys(of('Secret')[0].stringData)]
    expect(names.length).toBeGreaterThan(12)
    expect(VARIABLES.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    // Kubernetes makes variables from Service names. They must not look like our variables.
    expect(processes.map(({ pod }) => pod.enableServiceLinks)).toEqual(processes.map(() => false))
  })

  it('run commands that the program has', () => {
    const help = execFileSync(process.execPath, [join(PACKAGE_ROOT, 'dist/src/cli/main.js'), '--help']).toString()
    const commands = [...help.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1])
    expect(containers.flatMap(({ args }) => args).sort()).toEqual(['migrate', 'scheduler', 'web', 'worker'])
    expect(commands).toEqual(expect.arrayContaining(containers.flatMap(({ args }) => args)))
  })

  it('probe paths that are served, on the ports that the configuration names', async () => {
    const web = health()
    const probes = containers.flatMap((container) =>
      (['startupProbe', 'readinessProbe', 'livenessProbe'] as const).flatMap((name) => {
        const probe = container[name]
        return probe === undefined ? [] : [{ ...probe.httpGet, ports: container.ports }]
      }),
    )
    expect(probes.length).toBeGreaterThan(6)
    for (const { path, port, ports } of probes) {
      expect(ports?.map(({ name }) => name)).toContain(port)
      expect((await web.inject(path)).statusCode).toBe(200)
    }
    expect(portsOf.get('web')?.containerPort).toBe(Number(config.PORT))
    for (const name of ['worker', 'scheduler'])
      expect(portsOf.get(name)?.containerPort).toBe(Number(config.METRICS_PORT))
    await web.close()
  })

  it('give a process longer than it takes to finish what is in hand', () => {
    const graces = processes
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ pod }) => pod.terminationGracePeriodSeconds)
    expect(graces).toHaveLength(3)
    for (const grace of graces) expect(Number(grace) * 1_000).toBeGreaterThan(SHUTDOWN_GRACE_MS + 5_000)
  })

  it('run nothing as root, and write nowhere but to /data and /tmp', () => {
    for (const { pod } of processes) expect(pod.securityContext.runAsNonRoot).toBe(true)
    for (const { securityContext, volumeMounts } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(volumeMounts.map(({ mountPath }) => mountPath)).toEqual([config.DATA_DIR, '/tmp'])
    }
  })

  it('give a worker the memory that one was seen to need', () => {
    const limit = /^(\d+)Mi$/.exec(containers.find(({ name }) => name === 'worker')?.resources.limits.memory ?? '')?.[1]
    expect(Number(limit) * 1_024 * 1_024).toBeGreaterThan(readCosts().transports.resend.workerPeakBytes * 1.25)
  })

  it('scale workers by a metric that is there, and ask for it with the token', async () => {
    const { query } = of('ScaledObject')[0].spec.triggers[0].metadata
    const [, metric = ''] = /^max\((paperround_\w+\{[^}]+\})\)$/.exec(query) ?? []
    const web = health()
    const answer = await web.inject({ url: '/metrics', headers: { authorization: 'Bearer a token of the tests' } })
    expect(answer.body).toContain(`${metric} 7\n`)
    const [endpoint] = of('ServiceMonitor')[0].spec.endpoints
    const [pods] = of('PodMonitor')[0].spec.podMetricsEndpoints
    for (const { path, authorization } of [endpoint, pods]) {
      expect(path).toBe('/metrics')
      expect(Object.keys(of('Secret')[0].stringData)).toContain(authorization.credentials.key)
    }
    await web.close()
  })
})
