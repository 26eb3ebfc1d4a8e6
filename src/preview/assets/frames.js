// Sizes each frame to its mail, and lets a person choose the width of the mail.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -50, PageUp: 50 }
const frames = () => [...document.querySelectorAll('.pane iframe')]
const field = () => document.querySelector('[data-width-form] input[name="width"]')

// Resolves when all mails are loaded and have their size.
export async function prepareFrames() {
  const first = document.querySelector('.pane iframe:not([data-fixed])')
  if (first && field()) first.after(makeHandle(Number(first.dataset.width)))
  await Promise.all(frames().map(stretch))
}

function stretch(frame) {
  return new Promise((resolve) => {
    frame.addEventListener('load', () => resolve(adapt(frame)))
    const there = frame.contentDocument
    if (there?.readyState === 'complete' && there.URL !== 'about:blank') resolve(adapt(frame))
  })
}

// The mail gets exactly its width. In less space it is scaled down, not narrowed.
function adapt(frame) {
  const width = Number(frame.dataset.width)
  frame.removeAttribute('style')
  const px = (element, property) => Number.parseFloat(getComputedStyle(element)[property])
  const edges = px(frame, 'borderLeftWidth') + px(frame, 'borderRightWidth')
  const beside = frame.nextElementSibling?.offsetWidth ?? px(frame, 'marginRight')
  const room = frame.parentElement.clientWidth - px(frame.parentElement, 'paddingLeft') - beside
  frame.style.width = `${width}px`
  if (room < width + edges) frame.style.zoom = String(room / (width + edges))
  // A document is at least as tall as its window, so the frame is made small before measuring.
  frame.height = 120
  const body = frame.contentDocument?.documentElement
  if (body) frame.height = Math.max(120, body.scrollHeight)
}

addEventListener('resize', () => frames().forEach(adapt))

// A handle on the right edge, for the mouse, the finger and the arrow keys.
function makeHandle(width) {
  const handle = document.createElement('div')
  handle.className = 'handle'
  handle.tabIndex = 0
  handle.title = 'Drag to change the width, or use the arrow keys'
  handle.setAttribute('role', 'separator')
  handle.setAttribute('aria-label', 'Width of the mail')
  handle.setAttribute('aria-orientation', 'vertical')
  handle.setAttribute('aria-valuemin', field().min)
  handle.setAttribute('aria-valuemax', field().max)
  tellWidth(handle, width)
  handle.addEventListener('pointerdown', (event) => startDrag(event, handle))
  handle.addEventListener('keydown', (event) => {
    const step = STEPS[event.key] * (event.shiftKey ? 10 : 1)
    const wanted = event.key === 'Home' ? field().min : event.key === 'End' ? field().max : widthNow() + step
    if (Number.isNaN(Number(wanted))) return
    event.preventDefault()
    keepWidth(setWidth(Number(wanted)))
  })
  return handle
}

const widthNow = () => Number(field().value)

function tellWidth(handle, width) {
  handle.setAttribute('aria-valuenow', width)
  handle.setAttribute('aria-valuetext', `${width} px`)
}

function startDrag(event, handle) {
  if (event.button !== 0) return
  event.preventDefault()
  handle.focus()
  handle.setPointerCapture(event.pointerId)
  document.body.classList.add('dragging')
  const frame = document.querySelector('.pane iframe:not([data-fixed])')
  const from = { x: event.clientX, width: widthNow(), zoom: Number(frame.style.zoom || 1) }
  let drawing = 0
  const move = ({ clientX }) => {
    cancelAnimationFrame(drawing)
    // The mail is centred, so its right edge moves by half of the change.
    drawing = requestAnimationFrame(() => setWidth(from.width + (2 * (clientX - from.x)) / from.zoom))
  }
  const end = ({ clientX }) => {
    cancelAnimationFrame(drawing)
    handle.removeEventListener('pointermove', move)
    document.body.classList.remove('dragging')
    if (clientX !== from.x) keepWidth(setWidth(from.width + (2 * (clientX - from.x)) / from.zoom))
  }
  handle.addEventListener('pointermove', move)
  handle.addEventListener('pointerup', end, { once: true })
}

// Shows a width within the limits, and returns it.
function setWidth(wanted) {
  const width = Math.round(Math.min(Number(field().max), Math.max(Number(field().min), wanted)))
  field().value = width
  for (const frame of frames())
    if (!frame.dataset.fixed) {
      frame.dataset.width = width
      adapt(frame)
    }
  const handle = document.querySelector('.handle')
  if (handle) tellWidth(handle, width)
  markPresets(width)
  return width
}

function markPresets(width) {
  const presets = [...document.querySelectorAll('[data-width-choice]')]
  const larger = presets.find(({ dataset }) => Number(dataset.widthChoice) > width)
  const smaller = presets.findLast(({ dataset }) => Number(dataset.widthChoice) < width)
  for (const preset of presets) {
    preset.toggleAttribute('aria-current', false)
    if (Number(preset.dataset.widthChoice) === width) preset.setAttribute('aria-current', 'true')
    delete preset.dataset.key
  }
  if (larger) larger.dataset.key = ']'
  if (smaller) smaller.dataset.key = '['
}

// Puts the width into the address of the page and into all links and forms that keep the settings.
function keepWidth(width) {
  history.replaceState(history.state, '', withWidth(location.href, width))
  for (const link of document.querySelectorAll('a[href*="scenario="]'))
    if (!link.dataset.widthChoice && !link.dataset.resetsWidth) link.href = withWidth(link.href, width)
  for (const form of document.querySelectorAll('form[action]')) {
    if (form.dataset.widthForm) continue
    if (form.action.includes('scenario=')) form.action = withWidth(form.action, width)
    else if (form.elements.scenario && form.elements.engine) keepInForm(form, width)
  }
}

function keepInForm(form, width) {
  const input = form.elements.width ?? document.createElement('input')
  Object.assign(input, { type: 'hidden', name: 'width', value: width })
  form.append(input)
}

function withWidth(address, width) {
  const url = new URL(address)
  if (!url.searchParams.has('scenario')) url.searchParams.set('scenario', 'typical')
  url.searchParams.set('width', width)
  return url.href
}

addEventListener('click', (event) => {
  const preset = event.target.closest?.('[data-width-choice]')
  if (!preset || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  keepWidth(setWidth(Number(preset.dataset.widthChoice)))
})
addEventListener('submit', (event) => {
  if (!event.target.dataset.widthForm) return
  event.preventDefault()
  keepWidth(setWidth(widthNow()))
})
