import { execFile } from 'node:child_process'
import { connect, createServer, type Server } from 'node:net'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Address of the servers for the hosts, in the private network 10.77.0.0/24. */
export const SERVERS_ADDRESS = '10.77.0.1'

/** A network namespace with one cable to the bridge. */
export interface Host {
  readonly name: string
  /** Prefix of a command that runs in the namespace. */
  readonly enter: readonly string[]
  cut(): Promise<void>
  reset(): Promise<void>
}

export interface Network {
  readonly hosts: readonly Host[]
  /** Makes a port of 127.0.0.1 reachable for the hosts. Returns the new port. */
  relay(port: number): Promise<number>
  close(): Promise<void>
}

/** Returns why this machine has no network namespaces, or null. */
export async function namespacesMissing(): Promise<string | null> {
  const name = `paperround-${process.pid}-try`
  try {
    await ip('netns', 'add', name)
    await ip('netns', 'exec', name, 'true')
    return null
  } catch (error) {
    return `no network namespaces can be made here (${error instanceof Error ? error.message.split('\n')[0] : error})`
  } finally {
    await ip('netns', 'del', name).catch(() => {})
  }
}

/** Creates a bridge with hosts on it. */
export async function openNetwork(count: number): Promise<Network> {
  const bridge = `pr${process.pid}`
  const hosts: Host[] = []
  const relays: Server[] = []
  const close = async () => {
    for (const relay of relays) relay.close()
    for (const { enter } of hosts) await ip('netns', 'del', enter.at(-1) ?? '').catch(() => {})
    await ip('link', 'del', bridge).catch(() => {})
  }
  try {
    await ip('link', 'add', bridge, 'type', 'bridge')
    await ip('addr', 'add', `${SERVERS_ADDRESS}/24`, 'dev', bridge)
    await ip('link', 'set', bridge, 'up')
    for (let n = 1; n <= count; n += 1) hosts.push(await addHost(bridge, n))
  } catch (error) {
    await close()
    throw error
  }
  return {
    hosts,
    async relay(port) {
      const server = createServer((socket) => {
        const beyond = connect(port, '127.0.0.1')
        socket.pipe(beyond).pipe(socket)
        for (const [one, other] of [
          [socket, beyond],
          [beyond, socket],
        ] as const)
          one.on('error', () => {}).on('close', () => other.destroy())
      })
      relays.push(server)
      await new Promise<void>((resolve) => server.listen(0, SERVERS_ADDRESS, resolve))
      const bound = server.address()
      return typeof bound === 'object' && bound !== null ? bound.port : 0
    },
    close,
  }
}

async function addHost(bridge: string, n: number): Promise<Host> {
  const name = `paperround-${process.pid}-${n}`
  const cable = `${bridge}h${n}`
  const inside = ['netns', 'exec', name, 'ip'] as const
  await ip('netns', 'add', name)
  await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
  await ip('link', 'set', cable, 'master', bridge, 'up')
  await ip(...inside, 'addr', 'add', `10.77.0.${10 + n}/24`, 'dev', 'eth0')
  await ip(...inside, 'link', 'set', 'lo', 'up')
  await ip(...inside, 'link', 'set', 'eth0', 'up')
  return {
    name: `host ${n}`,
    enter: ['ip', 'netns', 'exec', name],
    cut: () => ip('link', 'set', cable, 'down'),
    reset: () => ip('link', 'set', cable, 'up'),
  }
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', [...args])
}
