/** The block cipher GOST 28147-89 (DSTU GOST 28147:2009): simple substitution, feedback and the authentication code. */

import { type Bytes, fromHex } from "./bytes.ts";

/** "ДКЕ № 1", the usual long-term key element: eight substitutions of sixteen nibbles, high nibble first. */
export const DEFAULT_DKE = fromHex(
  "a9d6eb45f13c708280c4967b231f5eadf658eba4c037291d38d96bf025ca4e17" +
    "f8e9720dc615b43a28975f0bc1dea36438b564ea2c179fd0123e6db8fac57904",
);

const BLOCK = 8;
/** Which eighth of the key each of 32 rounds uses: three times upwards, then downwards. */
const ROUND_KEYS = Uint8Array.from({ length: 32 }, (_, round) => (round < 24 ? round & 7 : 31 - round));

/** The substitutions of one long-term key element as four tables of 256 words, rotation by 11 bits included. */
export class Substitution {
  private static cached = new Map<string, Substitution>();
  readonly table = new Int32Array(1024);

  /** @param dke 64 bytes, the parameter `dke` of a key or of a container. @throws RangeError */
  static of(dke: Uint8Array): Substitution {
    const key = dke.join();
    const known = Substitution.cached.get(key) ?? new Substitution(dke);
    Substitution.cached.set(key, known);
    return known;
  }

  private constructor(dke: Uint8Array) {
    if (dke.length !== 64) throw new RangeError("a long-term key element has 64 bytes");
    const nibble = (row: number, column: number) => (dke[8 * row + (column >> 1)] >> (column & 1 ? 0 : 4)) & 15;
    for (let part = 0; part < 4; part++) {
      for (let byte = 0; byte < 256; byte++) {
        const out = nibble(2 * part, byte & 15) | (nibble(2 * part + 1, byte >> 4) << 4);
        const word = out << (8 * part);
        this.table[256 * part + byte] = (word << 11) | (word >>> 21);
      }
    }
  }
}

export class GOST28147 {
  private readonly key = new Int32Array(8);
  private readonly table: Int32Array;
  private readonly halves = new Int32Array(2);

  constructor(substitution: Substitution, key: Uint8Array) {
    this.table = substitution.table;
    this.setKey(key);
  }

  setKey(key: Uint8Array): void {
    for (let i = 0; i < 8; i++) this.key[i] = word(key, 4 * i);
  }

  encryptBlock(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
    this.rounds(source, from, 0, 32);
    this.put(target, to, 1);
  }

  decryptECB(cipherText: Uint8Array): Bytes {
    const plain = new Uint8Array(cipherText.length);
    for (let at = 0; at + BLOCK <= plain.length; at += BLOCK) {
      this.rounds(cipherText, at, 31, -1);
      this.put(plain, at, 1);
    }
    return plain;
  }

  encryptECB(plain: Uint8Array): Bytes {
    const cipherText = new Uint8Array(plain.length);
    for (let at = 0; at + BLOCK <= plain.length; at += BLOCK) this.encryptBlock(plain, at, cipherText, at);
    return cipherText;
  }

  encryptCFB(iv: Uint8Array, plain: Uint8Array): Bytes {
    return this.feedback(iv, plain, true);
  }

  decryptCFB(iv: Uint8Array, cipherText: Uint8Array): Bytes {
    return this.feedback(iv, cipherText, false);
  }

  /** The four-byte authentication code; the last block is filled up with zeros. */
  mac(message: Uint8Array): Bytes {
    const state = new Uint8Array(BLOCK);
    for (let at = 0; at < message.length; at += BLOCK) {
      for (let i = 0; i < BLOCK && at + i < message.length; i++) state[i] ^= message[at + i];
      this.rounds(state, 0, 0, 16);
      this.put(state, 0, 0);
    }
    return state.slice(0, 4);
  }

  wipe(): void {
    this.key.fill(0);
    this.halves.fill(0);
  }

  private feedback(iv: Uint8Array, source: Uint8Array, encrypt: boolean): Bytes {
    const target = new Uint8Array(source.length);
    const gamma = Uint8Array.from(iv.subarray(0, BLOCK));
    for (let at = 0; at < source.length; at += BLOCK) {
      this.encryptBlock(gamma, 0, gamma, 0);
      for (let i = 0; i < BLOCK && at + i < source.length; i++) {
        target[at + i] = source[at + i] ^ gamma[i];
        gamma[i] = encrypt ? target[at + i] : source[at + i];
      }
    }
    return target;
  }

  /** Rounds `first` up to, not including, `end`; two at a time, so that the halves need no exchange. */
  private rounds(source: Uint8Array, from: number, first: number, end: number): void {
    const { key, table } = this;
    const step = first < end ? 1 : -1;
    let low = word(source, from);
    let high = word(source, from + 4);
    for (let round = first; round !== end; round += 2 * step) {
      let sum = (low + key[ROUND_KEYS[round]]) | 0;
      high ^=
        table[sum & 255] ^
        table[256 + ((sum >>> 8) & 255)] ^
        table[512 + ((sum >>> 16) & 255)] ^
        table[768 + (sum >>> 24)];
      sum = (high + key[ROUND_KEYS[round + step]]) | 0;
      low ^=
        table[sum & 255] ^
        table[256 + ((sum >>> 8) & 255)] ^
        table[512 + ((sum >>> 16) & 255)] ^
        table[768 + (sum >>> 24)];
    }
    this.halves[0] = low;
    this.halves[1] = high;
  }

  private put(target: Uint8Array, to: number, exchanged: 0 | 1): void {
    for (let half = 0; half < 2; half++) {
      const value = this.halves[half ^ exchanged];
      for (let i = 0; i < 4; i++) target[to + 4 * half + i] = value >>> (8 * i);
    }
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
