// Keys and density of a list of papers. The list works without it.
const list = document.querySelector('.entries')
const dialog = document.querySelector('dialog.keys')
const density = document.querySelector('[data-density]')
const DENSITY_KEY = 'paperround.view'
let last = null

document.addEventListener('focusin', ({ target }) => {
  last = target.closest('.entry') ?? last
})
document.addEventListener('keydown', (event) => {
  const { target, key } = event
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  if (target.closest('input, textarea, select, dialog, [contenteditable]')) return
  const act = KEYS[key]
  if (act === undefined) return
  event.preventDefault()
  act()
})

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => titleOf(last)?.click(),
  a: () => {
    const abstract = last?.querySelector('details')
    if (abstract) abstract.open = !abstract.open
  },
  d: () => density?.click(),
  '/': search,
  '?': () => dialog?.showModal(),
}

function titleOf(entry) {
  return entry?.querySelector('h2 a')
}

function move(step) {
  const entries = [...document.querySelectorAll('.entry')]
  const at = entries.indexOf(last)
  const next = entries[at === -1 ? 0 : at + step]
  if (next === undefined) return
  titleOf(next).focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}

function search() {
  const field = document.querySelector('input[type="search"]')
  if (field) field.focus()
  else document.querySelector('nav .to-search')?.click()
}

for (const button of document.querySelectorAll('[data-keys]')) {
  button.hidden = false
  button.addEventListener('click', () => dialog?.showModal())
}

// The choice is kept in the browser, so that all visitors share one cached page.
if (list && density) {
  const asked = new URLSearchParams(location.search).has('view')
  if (!asked) show(stored() ?? list.dataset.view)
  density.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const view = list.dataset.view === 'dense' ? 'comfortable' : 'dense'
    show(view)
    try {
      localStorage.setItem(DENSITY_KEY, view)
    } catch {
      // A browser may forbid it. The choice then lasts for this page.
    }
  })
}

function show(view) {
  list.dataset.view = view
  // The server writes both labels, in the language of the page.
  density.textContent = view === 'dense' ? density.dataset.comfortable : density.dataset.density
}

function stored() {
  try {
    const view = localStorage.getItem(DENSITY_KEY)
    return view === 'dense' || view === 'comfortable' ? view : null
  } catch {
    return null
  }
}
