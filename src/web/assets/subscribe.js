// Makes the subscribe form more comfortable: the browser's time zone, which of the newest papers match, the proof of work.
// The form is whole without it.
for (const form of document.querySelectorAll('form.subscribe')) {
  fillZone(form)
  matchInterests(form)
  if (form.dataset.work) bringWork(form, Number(form.dataset.work))
}

function fillZone(form) {
  const select = form.querySelector('select[name="timezone"]')
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  // What was chosen before stays.
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
    // An answer that was overtaken by a later letter says nothing any more.
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
  line.textContent =
    matching.matches === 0 ? 'None of the newest papers match; others will.' : `${count} among the newest:`
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

function bringWork(form, bits) {
  const progress = form.querySelector('[data-progress]')
  const say = (words) => {
    if (progress) progress.textContent = words
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const button = form.querySelector('button[type="submit"]')
    button.disabled = true
    if (!globalThis.crypto?.subtle) {
      say('This browser cannot do the sum on this connection. Please try again in an hour.')
      return
    }
    say('Your browser is working on it. This takes some seconds.')
    const field = (name) => form.elements.namedItem(name)
    field('nonce').value = await solve(`${field('form').value}\n${field('email').value}\n`, bits)
    form.submit()
  })
}

const HASHES_AT_ONCE = 512

async function solve(head, bits) {
  const text = new TextEncoder()
  for (let from = 0; ; from += HASHES_AT_ONCE) {
    const nonces = Array.from({ length: HASHES_AT_ONCE }, (_, index) => String(from + index))
    const hashes = await Promise.all(nonces.map((nonce) => crypto.subtle.digest('SHA-256', text.encode(head + nonce))))
    const found = hashes.findIndex((hash) => new DataView(hash).getUint32(0) < 2 ** (32 - bits))
    if (found >= 0) return nonces[found]
  }
}
