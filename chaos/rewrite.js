// Changes the text of built modules when they are loaded. Throws when a text is not found.
let changes = []

export function initialize(data) {
  changes = data
}

export async function load(url, context, next) {
  const loaded = await next(url, context)
  const ours = changes.filter(({ file }) => url.endsWith(file))
  if (ours.length === 0) return loaded
  let source = loaded.source.toString()
  for (const { from, to, file } of ours) {
    if (!source.includes(from)) throw new Error(`chaos: “${from}” is not in ${file}`)
    source = source.replaceAll(from, to)
  }
  return { ...loaded, source }
}
