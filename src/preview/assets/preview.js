// Resizes frames to their mails, fetches the checks, listens for saved files, and handles keys.
// Every URL of the preview starts with the token, also the URL of this file.
const EVENTS = new URL('../events', document.currentScript.src)
const byId = (id) => document.getElementById(id)

const DESKTOP = 640
const axeResults = new Map() // Results of axe-core by colour scheme.

// Loads the checks after the mail.
async function prepare() {
  axeResults.clear()
  await Promise.all([...document.querySelectorAll('.pane iframe')].map(stretch))
  for (const frame of document.querySelectorAll('iframe[data-src]')) frame.src = frame.dataset.src
  for (const place of document.querySelectorAll('[data-fill]')) fill(place)
}

function stretch(frame) {
  return new Promise((resolve) => {
    frame.addEventListener('load', () => resolve(adapt(frame)))
    const there = frame.contentDocument
    if (there?.readyState === 'complete' && there.URL !== 'about:blank') resolve(adapt(frame))
  })
}

// A desktop view is 640 px wide. In less space it is scaled down, not narrowed.
function adapt(frame) {
  frame.removeAttribute('style')
  const room = frame.parentElement.clientWidth
  if (!frame.classList.contains('phone') && room < DESKTOP) {
    frame.style.width = `${DESKTOP}px`
    frame.style.maxWidth = 'none'
    frame.style.zoom = String(room / DESKTOP)
  }
  // A document is at least as tall as its window, so the frame is made small before measuring.
  frame.height = 120
  const body = frame.contentDocument?.documentElement
  if (body) frame.height = Math.max(120, body.scrollHeight)
}

addEventListener('resize', () => {
  for (const frame of document.querySelectorAll('.pane iframe')) adapt(frame)
})

async function fill(place) {
  try {
    place.innerHTML = await (await fetch(place.dataset.fill)).text()
    place.dataset.filled = 'yes'
  } catch {
    place.textContent = 'The preview no longer responds.'
  }
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

// Reloads the mail when a template is saved, unless props are being edited.
const live = document.querySelector('[data-live]')
const events = new EventSource(EVENTS)
events.addEventListener('open', () => live?.classList.add('on'))
events.addEventListener('error', () => {
  live?.classList.remove('on')
  if (live) live.textContent = 'The preview does not respond'
})
events.addEventListener('changed', ({ data }) => {
  const { file } = JSON.parse(data)
  const props = byId('props')
  if (props && props.value !== props.defaultValue)
    live.textContent = `${file} was saved. Press F5 when your props are done.`
  else refresh(file)
})

async function refresh(file) {
  const answer = await fetch(location.href)
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  document.title = next.title
  for (const part of ['main', '.sidebar', '.panel']) {
    const fresh = next.querySelector(part)
    if (fresh) document.querySelector(part)?.replaceWith(fresh)
  }
  if (live) live.textContent = `${file} was saved`
  prepare()
}

prepare()
addEventListener('pagehide', () => events.close())

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select')) return
  if (event.key === '?') {
    event.preventDefault()
    byId('keys').showModal()
    return
  }
  const target = [...document.querySelectorAll('[data-key]')].find(({ dataset }) => dataset.key === event.key)
  if (target && !byId('keys').open) {
    event.preventDefault()
    target.click()
  }
})
// Listens on the document, because a reload replaces the button.
addEventListener('click', ({ target }) => {
  if (target.closest?.('button[data-key="?"]')) byId('keys').showModal()
})
