// Enhances the subscribe form: fills in the time zone, previews matching papers and computes the proof of work. The
// form works without it.
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
  const field = form.querySelector('textarea[name="interests"]')
  const place = form.querySelector('[data-matching]')
  if (!field || !place) return
  let timer
  let asked = 0
  const show = async () => {
    const text = field.value.trim()
    asked += 1
    const mine = asked
    if (text === '') {
      place.hidden = true
      return
    }
    const answer = await fetch(new URL(`interests/matching?q=${encodeURIComponent(text)}`, form.action)).catch(
      () => null,
    )
    const matching = answer?.ok ? (await answer.json()).matching : null
    // Ignores an answer that a newer request has overtaken.
    if (mine === asked) fillMatching(place, matching)
  }
  field.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(show, 400)
  })
  if (field.value !== '') show()
}

function fillMatching(place, matching) {
  place.replaceChildren()
  place.hidden = matching === null
  if (matching === null) return
  const count = matching.matches === 1 ? '1 paper matches' : `${matching.matches} papers match`
  const line = document.createElement('p')
  line.className = 'hint'
  line.textContent = matching.matches === 0 ? 'None of the newest papers match yet.' : `${count} among the newest:`
  const list = document.createElement('ul')
  for (const { title, url, interest } of matching.papers) {
    const item = document.createElement('li')
    const link = document.createElement('a')
    link.href = url
    link.textContent = title
    item.append(link, ` · ${interest}`)
    list.append(item)
  }
  place.append(line, ...(matching.matches === 0 ? [] : [list]))
}

const FORM_AGE_MS = 2_500 // The server rejects a form that is sent sooner.

/** Starts the proof of work at once, because the visitor has already pressed the button, and then submits the form. */
function bringWork(form) {
  const { work, parts, script } = form.dataset
  const field = (name) => form.elements.namedItem(name)
  const button = form.querySelector('button[type="submit"]:not([name])')
  const status = form.querySelector('[data-progress]')
  const bar = form.querySelector('progress')
  let worker = null
  const stop = (words) => {
    worker?.terminate()
    worker = null
    button.disabled = false
    bar.hidden = true
    status.textContent = words
  }
  const start = () => {
    stop('Your browser is running the check. Please leave this page open; the form is sent automatically.')
    button.disabled = true
    bar.hidden = false
    bar.value = 0
    worker = new Worker(script)
    worker.onerror = () => stop('This browser cannot run the check. Please use the other button.')
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
  field('email').addEventListener('input', () => stop('Press Subscribe to run the check for this address.'))
  form.addEventListener('submit', (event) => {
    if (event.submitter !== button) return
    event.preventDefault()
    start()
  })
  start()
}
