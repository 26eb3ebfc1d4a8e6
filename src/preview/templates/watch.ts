import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { PREVIEW_CHANGE_SETTLE_MS } from '../../../config/limits-web.ts'

export interface Watcher {
  /** Calls back with a file's name after each burst of changes. Returns what ends it. */
  onChange(listener: (file: string) => void): () => void
  close(): void
}

/**
 * Watches a folder and the folders in it. Each folder is watched by itself: an editor that saves by renaming is seen
 * so, and Node 20 has no recursive watch on Linux that can be relied on.
 */
export function watchFolder(folder: string): Watcher {
  const listeners = new Set<(file: string) => void>()
  const watched = new Map<string, FSWatcher>()
  let settling: NodeJS.Timeout | undefined
  const tell = (file: string) => {
    clearTimeout(settling)
    settling = setTimeout(() => {
      follow()
      for (const listener of listeners) listener(file)
    }, PREVIEW_CHANGE_SETTLE_MS)
  }
  const follow = () => {
    for (const path of foldersIn(folder)) {
      if (watched.has(path)) continue
      const watcher = watch(path, { persistent: false }, (_, file) => tell(file ?? ''))
      // A folder that is deleted ends its own watch.
      watcher.on('error', () => {
        watcher.close()
        watched.delete(path)
      })
      watched.set(path, watcher)
    }
  }
  follow()
  return {
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      clearTimeout(settling)
      for (const watcher of watched.values()) watcher.close()
    },
  }
}

function foldersIn(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [folder, ...below.map(({ name }) => join(folder, name))]
}
