import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'

/** Lists the places that contain a text: tables as `schema.table`, and files below a folder but for those of the embedded database. */
export async function findTraces(pool: pg.Pool, dataDir: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  )
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`)
    if (rows.some(({ row }) => holds(row, texts))) found.push(name)
  }
  for (const file of filesIn(dataDir, 'db')) {
    if (holds(file, texts) || holds(readFileSync(join(dataDir, file), 'latin1'), texts)) found.push(file)
  }
  return found
}

function filesIn(dir: string, except: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((name) => !name.startsWith(`${except}/`))
}

/** Whether one of the texts is there, in whatever case, plain or as URLs, mails and databases write it. */
function holds(content: string, texts: readonly string[]): boolean {
  const whole = content.toLowerCase()
  const unwrapped = content.replace(/=?\r?\n/g, '')
  return texts.some(
    (text) =>
      [text, encodeURIComponent(text), text.replaceAll('@', '=40'), Buffer.from(text).toString('hex')].some(
        (form) => whole.includes(form.toLowerCase()) || unwrapped.toLowerCase().includes(form.toLowerCase()),
      ) || base64Forms(text).some((form) => unwrapped.includes(form) || unwrapped.includes(form.replaceAll('+', '-'))),
  )
}

/** A text inside a longer one begins at one of three places of base64’s groups; what its neighbours change is cut off. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from('\0'.repeat(shift) + text)
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(shift === 0 ? 0 : shift + 1, -1)
  })
}
