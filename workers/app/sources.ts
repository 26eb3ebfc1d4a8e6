import type { Config } from '../../config/config.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { usageError } from '../../src/platform/errors.ts'
import { arxivSource } from '../../src/sources/arxiv/arxiv.ts'
import { fileSource } from '../../src/sources/file.ts'
import type { GithubDeps } from '../../src/sources/github/stars.ts'
import { huggingfaceSource } from '../../src/sources/huggingface.ts'
import { sampleSource } from '../../src/sources/sample.ts'
import type { Source } from '../../src/sources/source.ts'

/**
 * Opens the sources that `--source` or the configuration names: `huggingface`, `arxiv`, `sample` or `file:PATH`.
 * Throws a UserError (exit code 2) that lists all unknown names.
 */
export function openSources(names: readonly string[], config: Config, clock: Clock): Source[] {
  const faults: string[] = []
  const opened = names.flatMap((name): Source[] => {
    const source = openSource(name, config, clock)
    if (source === null) faults.push(`--source ${name} is not known. Use huggingface, arxiv, sample or file:PATH.`)
    return source === null ? [] : [source]
  })
  if (faults.length > 0) throw usageError(faults)
  return opened
}

/** Returns how requests to sources name this installation. */
export function userAgentOf(publicUrl: string): string {
  return `Paperround/0.1 (+${publicUrl})`
}

function openSource(name: string, config: Config, clock: Clock): Source | null {
  const userAgent = userAgentOf(config.publicUrl)
  if (name === 'huggingface') return huggingfaceSource({ baseUrl: config.sources.huggingfaceUrl, userAgent, clock })
  if (name === 'arxiv') {
    return arxivSource({
      baseUrl: config.sources.arxivUrl,
      feedUrl: config.sources.arxivFeedUrl ?? null,
      categories: config.sources.arxivCategories,
      userAgent,
      clock,
    })
  }
  if (name === 'sample') return sampleSource({ clock })
  if (name.startsWith('file:') && name.length > 'file:'.length)
    return fileSource({ path: name.slice('file:'.length), clock })
  return null
}

/** Returns how to reach GitHub. The token may be empty, and GitHub then refuses it. */
export function githubOf({ github, publicUrl }: Config, clock: Clock): GithubDeps {
  return { baseUrl: github.apiUrl, token: github.token ?? '', userAgent: userAgentOf(publicUrl), clock }
}
