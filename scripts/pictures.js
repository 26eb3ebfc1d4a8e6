/**
 * Takes the pictures of the README: one digest and the front page, in light and dark, of the sample papers. Then it takes those
 * of docs/CUSTOMIZE.md, with the files that are printed there, and the preview with them.
 *
 * Usage: npm run build && CHROMIUM_PATH=/usr/bin/chromium npm run pictures
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import png from 'upng-js'

const PROGRAM = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url))
const PAGE = fileURLToPath(new URL('../docs/CUSTOMIZE.md', import.meta.url))
const PICTURES = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
// Text on flat ground needs few colours, and a palette makes the files three times smaller.
const COLOURS = 64
const READER = 'ada@example.com'
const INTERESTS = ['sparse retrieval', 'question answering', 'agents']

const dataDir = mkdtempSync(join(tmpdir(), 'paperround-pictures-'))
const port = await freePort()
const env = { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn' }

try {
  addReader()
  run(env, 'run', '--source', 'sample', '--wait')
  await withSite(env, (browser) => takePictures(browser, ''))
  const branded = { ...env, ...writeOwnLook(join(dataDir, 'fernbank')) }
  await withSite(branded, (browser) => takePictures(browser, 'brand-'))
  await withPreview(branded, takePreview)
} finally {
  rmSync(dataDir, { recursive: true })
}

function addReader() {
  const interests = INTERESTS.flatMap((interest) => ['--interest', interest])
  run(env, 'subscribers', 'add', READER, ...interests, '--format', 'sentences', '--consent-note', 'sample reader')
}

/** Writes the files of docs/CUSTOMIZE.md into a folder, and returns the settings that name them. */
function writeOwnLook(folder) {
  const page = readFileSync(PAGE, 'utf8')
  // Each follows its name: “The first is `logo.svg`:”.
  const samples = Object.fromEntries(
    [...page.matchAll(/`([\w./-]+)`:\n\n```\w+\n(.*?)^```/gms)].map(([, name, text]) => [name, text]),
  )
  const templates = join(folder, 'templates')
  run(env, 'templates', 'copy', templates, 'digest', 'confirm')
  for (const name of ['logo.svg', 'brand.json']) writeFileSync(join(folder, name), samples[name])
  for (const name of ['confirm/confirm.mjml', 'confirm/confirm.txt'])
    writeFileSync(join(templates, name), samples[name])
  const digest = join(templates, 'digest/digest.mjml')
  const [line] = /^<mj-text .+\n/m.exec(page)
  writeFileSync(digest, readFileSync(digest, 'utf8').replace('<mj-table', `${line}<mj-table`))
  return { BRAND_FILE: join(folder, 'brand.json'), TEMPLATES_DIR: templates }
}

/** Composes the reader’s digest, and calls a function while the website runs. */
async function withSite(env, use) {
  run(env, 'digest', '--to', READER, '--out', dataDir)
  const site = spawn(process.execPath, [PROGRAM, 'web'], { env, stdio: 'inherit' })
  try {
    await untilReady()
    await withBrowser(use)
  } finally {
    await ended(site)
  }
}

/** Calls a function with a browser and the address of the preview. */
async function withPreview(env, use) {
  const preview = spawn(process.execPath, [PROGRAM, 'preview', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let out = ''
    for await (const chunk of preview.stdout) {
      out += chunk
      if (out.includes('/ ')) break
    }
    await withBrowser((browser) => use(browser, /http:\S+/.exec(out)[0]))
  } finally {
    await ended(preview)
  }
}

async function withBrowser(use) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    await use(browser)
  } finally {
    await browser.close()
  }
}

async function ended(child) {
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await exit
}

function run(env, ...args) {
  execFileSync(process.execPath, [PROGRAM, ...args], { env, stdio: 'inherit' })
}

async function untilReady() {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('The website is not ready after 60 s.')
}

async function takePictures(browser, prefix) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme, deviceScaleFactor: 1.5 })
    await page.setViewportSize({ width: 680, height: 900 })
    await page.setContent(readFileSync(join(dataDir, 'digest.html'), 'utf8'), { waitUntil: 'networkidle' })
    await save(page, `${prefix}digest-${colorScheme}.png`)
    await page.setViewportSize({ width: 900, height: 1200 })
    await page.goto(`http://127.0.0.1:${port}/`)
    await save(page, `${prefix}site-${colorScheme}.png`)
    await page.close()
  }
}

async function takePreview(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.25 })
  await page.goto(`${url}?scenario=transactional.confirm`)
  await page.waitForTimeout(2_000) // The checks of the mail arrive after the page.
  await save(page, 'brand-preview.png')
}

async function save(page, name) {
  const picture = png.decode(await page.screenshot())
  const pixels = png.toRGBA8(picture)
  writeFileSync(join(PICTURES, name), Buffer.from(png.encode(pixels, picture.width, picture.height, COLOURS)))
}

/** Returns a port that is free on the loopback address. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
