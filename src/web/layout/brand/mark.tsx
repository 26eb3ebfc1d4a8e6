/** The mark beside the name: one line that makes a round and forms a P. The same shapes are in assets/icon.svg. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M10 25.5V13.5a7 7 0 1 1 7 7" />
      <circle cx="17" cy="13.5" r="2.4" />
    </svg>
  )
}
