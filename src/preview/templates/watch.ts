import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { PREVIEW_CHANGE_SETTLE_MS } from '../../../config/limits-web.ts'

export interface Watcher {
  /** Calls the listener with a file's name after each burst of changes. Returns a function that removes it. */
  onChange(listener: (file: string) => void): () => void
  close(): void
}

/**
 * Watches a folder and its subfolders. Each folder has its own watcher, because that also detects editors that save by
 * renaming, and the recursive watch of Node 20 is unreliable on Linux.
 */
export function watchFolder(folder: string): Watcher {
  const listeners = new Set<(file: string) => void>()
  const watched = new Map<string, FSWatcher>()
  let settling: NodeJS.Timeout | undefined
  const schedule = (file: string) => {
    clearTimeout(settling)
    settling = setTimeout(() => {
      watchNewFolders()
      for (const listener of listeners) listener(file)
    }, PREVIEW_CHANGE_SETTLE_MS)
  }
  const watchNewFolders = () => {
    for (const path of foldersIn(folder)) {
      if (watched.has(path)) continue
      const watcher = watch(path, { persistent: false }, (_, file) => schedule(file ?? ''))
      // Fails when the folder is deleted.
      watcher.on('error', () => {
        watcher.close()
        watched.delete(path)
      })
      watched.set(path, watcher)
    }
  }
  watchNewFolders()
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
