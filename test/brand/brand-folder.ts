import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readEnv } from '../../config/env.ts'
import { UserError } from '../../src/platform/errors.ts'

/** A folder of an operator's, outside the program's. */
export interface BrandFolder {
  readonly path: string
  /** Writes files by their names. */
  write(files: Readonly<Record<string, string | object>>): void
  /** Reads the configuration with BRAND_FILE and TEMPLATES_DIR of the folder. */
  config(more?: Readonly<Record<string, string>>): Pick<ReturnType<typeof readEnv>, 'brand' | 'templatesDir'>
  /** Returns what is wrong with BRAND_FILE, or nothing. */
  faults(): readonly string[]
  remove(): void
}

export function createBrandFolder(): BrandFolder {
  const path = mkdtempSync(join(tmpdir(), 'own-look-'))
  const config: BrandFolder['config'] = (more = {}) => {
    const { brand, templatesDir } = readEnv({ BRAND_FILE: join(path, 'brand.json'), ...more }, { cwd: path })
    return { brand, templatesDir }
  }
  return {
    path,
    config,
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true })
        writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content))
      }
    },
    faults() {
      try {
        config()
        return []
      } catch (error) {
        if (error instanceof UserError) return error.findings
        throw error
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 30"><rect width="120" height="30" rx="6" fill="#14532d"/></svg>`

/** The dark green of an invented library. */
export const FERNBANK = {
  name: 'Fernbank Review',
  colours: {
    light: { accent: '#14532d', background: '#f6f1e6', ink: '#1c1a14' },
    dark: { accent: '#86d3a0', background: '#0d1711', ink: '#e9e6dc' },
  },
  logo: { file: 'logo.svg', alt: 'Fernbank', height: 30 },
  footer: {
    text: 'A service of the Fernbank Library.',
    links: [{ label: 'Fernbank Library', url: 'https://library.example.org/' }],
  },
  senders: { transactional: 'Fernbank Library' },
}
