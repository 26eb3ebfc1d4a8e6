// Enhances the subscribe form and the preferences: fills in the time zone, previews matching papers and computes the
// proof of work. The forms work without it.
for (const form of document.querySelectorAll('form[data-preview]')) matchInterests(form)
for (const form of document.querySelectorAll('form.subscribe')) {
  fillZone(form)
  matchInterests(form)
  if (form.dataset.work) bringWork(form)
}

function fillZone(form) {
  const select = form.querySelector('select[name="timezone"]')
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const hidden = form.querySelector('[data-zone]')
  if (hidden && zone) hidden.value = zone
  // Keeps an earlier choice.
  if (!select || !zone || !('untouched' in select.dataset)) return
  if (![...select.options].some((option) => option.value === zone)) {
    select.add(new Option(zone.replaceAll('_', ' '), zone), 0)
  }
  select.value = zone
}

function matchInterests(form) {
  const place = form.querySelector('[data-matching]')
  const fields = ['interests', 'muted', 'authors']
    .map((name) => form.querySelector(`textarea[name="${name}"]`))
    .filter((field) => field)
  if (!place || fields.length === 0) return
  let timer
  let asked = 0
  const show = async () => {
    asked += 1
    const mine = asked
    if (fields.every((field) => field.value.trim() === '')) {
      place.hidden = true
      return
    }
    const body = new URLSearchParams(fields.map((field) => [field.name, field.value]))
    const answer = await fetch(place.dataset.live, { method: 'POST', body }).catch(() => null)
    const told = answer?.ok || answer?.status === 400 ? await answer.json() : {}
    // Ignores an answer that a newer request has overtaken.
    if (mine === asked) fillMatching(place, told, form)
  }
  for (const field of fields)
    field.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(show, 400)
    })
  if (place.hidden && fields.some((field) => field.value !== '')) show()
}

function fillMatching(place, { matching = null, fault = null }, form) {
  place.replaceChildren()
  place.hidden = matching === null && fault === null
  if (fault !== null) place.append(make('p', 'error', fault))
  if (matching === null) return
  place.append(make('p', 'hint', matching.words))
  const papers = matching.papers.map(({ title, url, interest }) => {
    const link = make('a', '', title)
    // The answer has addresses without the path that the site is served under.
    link.href = place.dataset.live.replace('/interests/matching', url)
    return item(link, ` · ${interest}`)
  })
  if (papers.length > 0) place.append(list('', papers))
  const notes = matching.notes.map(({ words, nearest }) => item(words, ...nearestOf(nearest, form, place)))
  if (notes.length > 0) place.append(list('notes', notes))
}

/** Makes a button for each interest that may be added. */
function nearestOf(nearest, form, place) {
  if (nearest.length === 0) return []
  const field = form.querySelector('textarea[name="interests"]')
  const buttons = nearest.map((interest) => {
    const button = make('button', 'quiet add', interest)
    button.type = 'button'
    button.addEventListener('click', () => {
      const separator = 'preview' in form.dataset ? '\n' : ', '
      field.value = field.value.trim() === '' ? interest : `${field.value.trim()}${separator}${interest}`
      field.dispatchEvent(new Event('input'))
      field.focus()
    })
    return button
  })
  const span = make('span', 'nearest', ` ${place.dataset.add} `)
  span.append(...buttons)
  return [span]
}

function make(tag, className, text) {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.textContent = text
  return element
}

function item(...content) {
  const element = document.createElement('li')
  element.dir = 'auto'
  element.append(...content)
  return element
}

function list(className, items) {
  const element = make('ul', className, '')
  element.append(...items)
  return element
}

const FORM_AGE_MS = 2_500 // The server rejects a form that is sent sooner.

/** Starts the proof of work at once, because the visitor has already pressed the button, and then submits the form. */
function bringWork(form) {
  const { work, parts, script } = form.dataset
  // The sentences, in the language of the page.
  const words = JSON.parse(form.dataset.words)
  const field = (name) => form.elements.namedItem(name)
  const button = form.querySelector('button[type="submit"]:not([name])')
  const status = form.querySelector('[data-progress]')
  const bar = form.querySelector('progress')
  let worker = null
  const stop = (message) => {
    worker?.terminate()
    worker = null
    button.disabled = false
    bar.hidden = true
    status.textContent = message
  }
  const start = () => {
    stop(words.running)
    button.disabled = true
    bar.hidden = false
    bar.value = 0
    worker = new Worker(script)
    worker.onerror = () => stop(words.failed)
    worker.onmessage = ({ data }) => {
      bar.value = data.done
      if (data.proof === null) return
      field('proof').value = data.proof
      setTimeout(() => form.submit(), Math.max(0, FORM_AGE_MS - performance.now()))
    }
    const text = `${field('form').value}\n${field('email').value}`
    worker.postMessage({ text, parts: Number(parts), bits: Number(work) - Math.log2(Number(parts)) })
  }
  // The proof is for one address: it starts again when the address changes.
  field('email').addEventListener('input', () => stop(words.again))
  form.addEventListener('submit', (event) => {
    if (event.submitter !== button) return
    event.preventDefault()
    start()
  })
  start()
}
