// Computes the proof of work of the subscribe form (checked by src/security/proof-of-work.ts) in a worker. Its own
// SHA-256 is several times faster for single blocks than crypto.subtle, and works on pages without TLS.
self.onmessage = ({ data: { text, parts, bits } }) => {
  const challenge = digest(new TextEncoder().encode(text))
  const block = new Uint32Array(16)
  block.set(challenge)
  // 40 bytes: challenge, part, nonce. Then the padding of FIPS 180-4 §5.1.1.
  block[10] = 0x80000000
  block[15] = 40 * 8
  const limit = 2 ** (32 - bits)
  const nonces = []
  for (let part = 0; part < parts; part += 1) {
    block[8] = part
    let nonce = 0
    for (block[9] = 0; compress(INITIAL, block)[0] >= limit; block[9] = nonce) nonce += 1
    nonces.push(nonce)
    self.postMessage({ done: nonces.length, proof: nonces.length === parts ? nonces.join('.') : null })
  }
}

const PRIMES = firstPrimes(64)
const K = new Uint32Array(PRIMES.map((prime) => fraction(Math.cbrt(prime))))
const INITIAL = new Uint32Array(PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))))
const state = new Uint32Array(8)
const schedule = new Uint32Array(64)

function firstPrimes(count) {
  const primes = []
  for (let number = 2; primes.length < count; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number)
  }
  return primes
}

/** The first 32 bits of the fractional part. */
function fraction(number) {
  return ((number % 1) * 2 ** 32) >>> 0
}

/** Returns the SHA-256 of bytes as eight words. */
function digest(bytes) {
  const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64))
  for (const [at, byte] of bytes.entries()) padded.setUint8(at, byte)
  padded.setUint8(bytes.length, 0x80)
  padded.setUint32(padded.byteLength - 4, bytes.length * 8)
  const block = new Uint32Array(16)
  let hash = INITIAL
  for (let from = 0; from < padded.byteLength; from += 64) {
    for (let word = 0; word < 16; word += 1) block[word] = padded.getUint32(from + word * 4)
    hash = Uint32Array.from(compress(hash, block))
  }
  return hash
}

/** Compresses one block (FIPS 180-4 §6.2.2). The next call overwrites the result. */
function compress(from, block) {
  const w = schedule
  w.set(block)
  for (let t = 16; t < 64; t += 1) {
    const x = w[t - 15]
    const y = w[t - 2]
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[t] = w[t - 16] + s0 + w[t - 7] + s1
  }
  let a = from[0]
  let b = from[1]
  let c = from[2]
  let d = from[3]
  let e = from[4]
  let f = from[5]
  let g = from[6]
  let h = from[7]
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = from[0] + a
  state[1] = from[1] + b
  state[2] = from[2] + c
  state[3] = from[3] + d
  state[4] = from[4] + e
  state[5] = from[5] + f
  state[6] = from[6] + g
  state[7] = from[7] + h
  return state
}
