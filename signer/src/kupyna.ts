/** The hash function Kupyna (DSTU 7564:2014) with 256, 384 and 512 bits. */

import { type Bytes, fromBase64 } from "./bytes.ts";

/** The four substitutions of DSTU 7564:2014 (the same as in DSTU 7624), 256 bytes each. */
const SUBSTITUTIONS = fromBase64(
  "qENfBmt1bFlx34eVF/DYCW3zHcvJTSyveeCX/W9LRTk+3aNPtLaaDh+/FeFJ0pPGknKeYdFj+u70GdWtWKS7odzygzdC5HoynMyrSo9uBCcu" +
    "5+JalhYjK8JlZg+8qUdBNEj8t2qIpVOG+VvbOHvDHiIzJCg2x7I7jne69RSfCFWbTP5gXNoYRs19IbA/G4n/64RpOp3X03BnQLXeXTCRsXgR" +
    "AeUAaJigxQKmdC0Lonazvs69rumKMRzs8ZmUqvYmL+/ojDUD1H/7BcFekCA9gvfqCg1++FAaxAdXuDxi48isUmQQ0NkTDBIpUbnP1nONgVTA" +
    "7U5EpyqFJebKfItWgM6765LqyxPB6TrWstKQF/hCFVa0ZRyIQ8VcNrr1V2eNMfZkWJ70Iqp1DwKx321zTXwmLvcIXUQ+nxTIrlQQ2Lwaa2nz" +
    "vTOr+tGbaE4WlZHuTGOOW8w8GaGBSXvZbzdgyucrSP2WRfxBEg155YmM4yAw3LdsSrU/l9RiLQakpYNfKtrJAH6iVb8R1ZzPDgo9UX2TG/7E" +
    "RwmGC4+dage5sJgYMnFL7ztwoORA/8Op5nj5i0aAHjjhuKjgDCN2HSUkBfFulCiahOijT3fTheJS8oJQei90U7Nhrzk13s0fmaytcizd0Ie+" +
    "XqbsBMYDNPvbWbbCAfBa7admIX+KJ8fAKdeT2Zq1mCJF/Lpq3wKf3FFZShcrwpT0u6Ni5HHUzXAW4Uk8wNhcm62FU6F6yC3g0XKmLMTjdni3" +
    "tAk7DkFM3rKQJaXXAxEAwy6S704SnX3LNRDVT55NqVXG0HsYl9M25khWgY93zJy54qy4LxWkfNo4HgsF1hRubH5m/bHlYK9eM4fJ8F1tP4iN" +
    "x/cd6eztgCknz5moUA83JCgwldI+W0CDs2lXHwccirwg686Oq+4xonP5yjoa+w3B/vryb72W3UNStgjzrr4ZiTImsOpLZISCa/V5vwFfdWMb" +
    "Iz1oKmXokfb/E1jxRwp/xafnYVoGRkRCBKDbOYZUqow0IYv4DHRnaI3KTXNLTirUUiazVB4ZHyIDRj0tSlODE4q31SV59b1YLw0C7VGeEfI+" +
    "VV7RFjxmcF3zRUDM6JRWCM4aOtLh37U4bg7l9PmG6U/WhSPPMpkxFK7uyEjTMKGSQbEYxCxxckQV/Te+X6qbiNiriZz6YOq8YgwkpqjsZyDb" +
    "fCjdrFs0fhDxe49joAWaQ3chvycJw5+21ynC68Cki4wd+//Bspcu+GX2dQcESTPk2bnQQsdskACOb1ABxdpHP81pouJ6p8aTDwoG5iuWoxyv" +
    "ahKEOeewgvf+nYdcgTXetKX8gO/Lu2t2ulp9eAuV4610mDs2ZG3c8FmpTBd/kbjJVxvgYQ==",
);

/** First row of the circulant matrix over GF(2^8), polynomial x^8 + x^4 + x^3 + x^2 + 1. */
const MATRIX = [1, 1, 5, 1, 8, 6, 7, 4];

/** TABLE[512 * row + 2 * byte]: low and high half of the column that a byte of that row contributes. */
const TABLE = buildTable();

/** @param bits 256, 384 or 512. */
export function kupyna(bits: number, message: Uint8Array): Bytes {
  const columns = bits > 256 ? 16 : 8;
  const size = 8 * columns;
  const state = new Int32Array(2 * columns);
  state[0] = size;
  const whole = message.length - (message.length % size);
  for (let at = 0; at < whole; at += size) absorb(state, message.subarray(at, at + size));
  const tail = padded(message.subarray(whole), message.length, size);
  for (let at = 0; at < tail.length; at += size) absorb(state, tail.subarray(at, at + size));
  const last = Int32Array.from(state);
  permute(last, addXor);
  for (let i = 0; i < last.length; i++) state[i] ^= last[i];
  return Uint8Array.from(new Uint8Array(state.buffer).subarray(size - bits / 8));
}

/** A one bit, zeros, and the length in bits as 96-bit little-endian number. */
function padded(tail: Uint8Array, length: number, size: number): Bytes {
  const blocks = new Uint8Array(tail.length + 13 > size ? 2 * size : size);
  blocks.set(tail);
  blocks[tail.length] = 0x80;
  const view = new DataView(blocks.buffer, blocks.length - 12);
  view.setUint32(0, (length << 3) >>> 0, true);
  view.setUint32(4, Math.floor(length / 0x20000000), true);
  return blocks;
}

function absorb(state: Int32Array, block: Uint8Array): void {
  const words = new Int32Array(state.length);
  for (let i = 0; i < words.length; i++) {
    words[i] = block[4 * i] | (block[4 * i + 1] << 8) | (block[4 * i + 2] << 16) | (block[4 * i + 3] << 24);
  }
  const mixed = state.map((word, i) => word ^ words[i]);
  permute(mixed, addXor);
  permute(words, addModular);
  for (let i = 0; i < state.length; i++) state[i] ^= mixed[i] ^ words[i];
}

function permute(state: Int32Array, addConstant: (state: Int32Array, round: number) => void): void {
  const rounds = state.length === 16 ? 10 : 14;
  const source = new Int32Array(state.length);
  for (let round = 0; round < rounds; round++) {
    addConstant(state, round);
    source.set(state);
    substitute(state, source);
  }
}

/** Round constant of the permutation with xor. */
function addXor(state: Int32Array, round: number): void {
  for (let column = 0; 2 * column < state.length; column++) state[2 * column] ^= (column << 4) ^ round;
}

/** Round constant of the permutation with addition modulo 2^64. */
function addModular(state: Int32Array, round: number): void {
  const columns = state.length / 2;
  for (let column = 0; column < columns; column++) {
    const low = (state[2 * column] >>> 0) + 0xf0f0f0f3;
    const high = 0x00f0f0f0 + ((((columns - 1 - column) << 4) ^ round) << 24);
    state[2 * column] = low | 0;
    state[2 * column + 1] += high + (low > 0xffffffff ? 1 : 0);
  }
}

/** Rows shifted, bytes substituted, columns multiplied by the matrix: eight table look-ups for a column. */
function substitute(target: Int32Array, source: Int32Array): void {
  const columns = source.length / 2;
  for (let column = 0; column < columns; column++) {
    let low = 0;
    let high = 0;
    for (let row = 0; row < 8; row++) {
      const shift = row === 7 && columns === 16 ? 11 : row;
      const from = (column - shift) & (columns - 1);
      const byte = (source[2 * from + (row >> 2)] >>> (8 * (row & 3))) & 255;
      low ^= TABLE[512 * row + 2 * byte];
      high ^= TABLE[512 * row + 2 * byte + 1];
    }
    target[2 * column] = low;
    target[2 * column + 1] = high;
  }
}

function buildTable(): Int32Array {
  const table = new Int32Array(8 * 512);
  const column = new Uint8Array(8);
  const halves = new Int32Array(column.buffer);
  for (let row = 0; row < 8; row++) {
    for (let byte = 0; byte < 256; byte++) {
      const value = SUBSTITUTIONS[256 * (row & 3) + byte];
      for (let out = 0; out < 8; out++) column[out] = times(value, MATRIX[(row - out) & 7]);
      table.set(halves, 512 * row + 2 * byte);
    }
  }
  return table;
}

function times(value: number, factor: number): number {
  let product = 0;
  for (let bit = factor; bit > 0; bit >>= 1) {
    if (bit & 1) product ^= value;
    value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
  }
  return product;
}
