// Loads the checks after the mail, stops the one that takes long, and keeps the choice of mail programs.
import { forget, recall, remember } from './remember.js'

const byId = (id) => document.getElementById(id)
const waiting = new WeakMap() // The content of a place while its check runs.
const axeResults = new Map() // Results of axe-core by colour scheme.
let loading = new AbortController()

export function prepareChecks() {
  // The checks of the page before end, so that the server can stop them.
  loading.abort()
  loading = new AbortController()
  axeResults.clear()
  for (const frame of document.querySelectorAll('iframe[data-src]')) frame.src = frame.dataset.src
  for (const place of document.querySelectorAll('[data-fill]')) fill(place)
}

async function fill(place) {
  const { signal } = loading
  const opened = [...place.querySelectorAll('details[open]')].map(nameOf)
  if (waiting.has(place)) place.innerHTML = waiting.get(place)
  else waiting.set(place, place.innerHTML)
  delete place.dataset.filled
  const url = new URL(place.dataset.fill, location.href)
  const clients = recall('clients')
  if (clients) url.searchParams.set('clients', clients)
  try {
    place.innerHTML = await (await fetch(url, { signal })).text()
    for (const details of place.querySelectorAll('details')) if (opened.includes(nameOf(details))) details.open = true
    place.dataset.filled = 'yes'
  } catch {
    if (!signal.aborted) place.textContent = 'The preview no longer responds.'
  }
}

// Opened details stay open when a check runs again.
const nameOf = (details) => details.dataset.check ?? details.className

addEventListener('click', ({ target }) => {
  if (target.closest?.('[data-refill]')) fill(target.closest('[data-fill]'))
})

addEventListener('submit', async (event) => {
  const form = event.target
  if (form.dataset.stop) {
    event.preventDefault()
    form.querySelector('button').disabled = true
    await fetch(form.action, { method: 'POST' })
  } else if (form.dataset.clients) {
    event.preventDefault()
    chooseClients(form, event.submitter)
  }
})

function chooseClients(form, button) {
  const boxes = [...form.elements.client]
  const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value)
  const list = button?.dataset.set ?? (chosen.length === boxes.length ? '' : chosen.join(','))
  form.querySelector('[role="alert"]').hidden = true
  if (button?.dataset.set === undefined && chosen.length === 0) {
    form.querySelector('[role="alert"]').hidden = false
    return
  }
  if (list) remember('clients', list)
  else forget('clients')
  fill(form.closest('[data-fill]'))
}

// Receives the results of axe-core from the light and the dark frame.
addEventListener('message', ({ origin, data }) => {
  if (origin !== location.origin || data?.source !== 'axe' || !byId('axe')) return
  axeResults.set(data.tone, data)
  if (axeResults.size === 2) showAxe()
})

function showAxe() {
  const absent = [...axeResults.values()].find((each) => each.absent)?.absent
  const find = (tone, contrast) =>
    axeResults.get(tone).violations.filter(({ id }) => id.startsWith('color-contrast') === contrast)
  byId('axe').replaceChildren(
    ...(absent
      ? [row('axe', 'axe-core, contrast', [], absent)]
      : [
          row('axe', 'Accessibility, by axe-core', find('light', false)),
          row('contrast-light', 'Contrast in light', find('light', true)),
          row('contrast-dark', 'Contrast in dark', find('dark', true)),
        ]),
  )
  byId('axe').dataset.filled = 'yes'
}

function row(id, title, violations, absent) {
  const box = document.createElement('details')
  box.dataset.check = id
  box.open = violations.length > 0 || absent !== undefined
  box.className = `check ${absent ? 'absent' : violations.length > 0 ? 'fault' : 'good'}`
  const mark = absent ? 'not checked' : violations.length > 0 ? String(violations.length) : 'good'
  box.append(element('summary', '', element('b', '', title), ' ', element('span', 'mark', mark)))
  if (absent) box.append(element('p', 'soft', absent))
  const list = element('ul', '')
  for (const { impact, help, where } of violations)
    list.append(
      element(
        'li',
        impact === 'minor' ? 'note' : 'fault',
        element('span', 'severity', impact),
        ` ${help}`,
        element('ul', 'where', ...where.slice(0, 8).map((each) => element('li', '', each))),
      ),
    )
  box.append(list)
  return box
}

function element(name, className, ...children) {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...children)
  return made
}
