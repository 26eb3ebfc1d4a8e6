/** A text with line numbers. The address of line 12 ends in `#line-12`. */
export function NumberedLines({ text, here = null }: { readonly text: string; readonly here?: number | null }) {
  const lines = text.replace(/\n$/, '').split('\n')
  return (
    <ol className="source">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is identified by its number.
        <li key={index} id={`line-${index + 1}`} className={index + 1 === here ? 'here' : undefined}>
          <code>{line}</code>
        </li>
      ))}
    </ol>
  )
}
