/**
 * Takes the pictures of the README: one digest and the front page, in light and dark, of the sample papers.
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
const PICTURES = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
// Text on flat ground needs few colours, and a palette makes the files three times smaller.
const COLOURS = 64
const READER = 'ada@example.com'
const INTERESTS = ['sparse retrieval', 'question answering', 'agents']

const dataDir = mkdtempSync(join(tmpdir(), 'paperround-pictures-'))
const port = await freePort()
const env = { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn' }

try {
  sendSampleDigest()
  const site = spawn(process.execPath, [PROGRAM, 'web'], { env, stdio: 'inherit' })
  try {
    await untilReady()
    await takePictures()
  } finally {
    site.kill('SIGTERM')
    await new Promise((resolve) => site.once('exit', resolve))
  }
} finally {
  rmSync(dataDir, { recursive: true })
}

function sendSampleDigest() {
  const interests = INTERESTS.flatMap((interest) => ['--interest', interest])
  run('subscribers', 'add', READER, ...interests, '--format', 'sentences', '--consent-note', 'sample reader')
  run('run', '--source', 'sample', '--wait')
  run('digest', '--to', READER, '--out', dataDir)
}

function run(...args) {
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

async function takePictures() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ colorScheme, deviceScaleFactor: 1.5 })
      await page.setViewportSize({ width: 680, height: 900 })
      await page.setContent(readFileSync(join(dataDir, 'digest.html'), 'utf8'))
      await save(page, `digest-${colorScheme}.png`)
      await page.setViewportSize({ width: 900, height: 1200 })
      await page.goto(`http://127.0.0.1:${port}/`)
      await save(page, `site-${colorScheme}.png`)
      await page.close()
    }
  } finally {
    await browser.close()
  }
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
