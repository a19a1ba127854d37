/** Triple DES (FIPS 46-3), decryption only: old PKCS#12 files are protected with it. Plain and slow; files are small. */

import type { Bytes } from "./bytes.ts";
import { decryptCBC } from "./cbc.ts";

type Bits = readonly number[];

const range = (count: number) => [...Array(count).keys()];
const numbers = (text: string) => text.split(" ").map(Number);

// Tables of the standard, counted from zero.
const INITIAL = range(64).map((i) => 8 * (7 - (i % 8)) + [1, 3, 5, 7, 0, 2, 4, 6][i >> 3]);
const FINAL = range(64).map((i) => INITIAL.indexOf(i));
const EXPANSION = range(48).map((i) => (4 * Math.floor(i / 6) + (i % 6) + 31) % 32);
const PERMUTATION = numbers("15 6 19 20 28 11 27 16 0 14 22 25 4 17 30 9 1 7 23 13 31 26 2 8 18 12 29 5 21 10 3 24");
const CHOICE_1 = numbers(
  "56 48 40 32 24 16 8 0 57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 " +
    "62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 60 52 44 36 28 20 12 4 27 19 11 3",
);
const CHOICE_2 = numbers(
  "13 16 10 23 0 4 2 27 14 5 20 9 22 18 11 3 25 7 15 6 26 19 12 1 " +
    "40 51 30 36 46 54 29 39 50 44 32 47 43 48 38 55 33 52 45 41 49 35 28 31",
);
const SHIFTS = numbers("1 1 2 2 2 2 2 2 1 2 2 2 2 2 2 1");
/** Four rows of sixteen for each of the eight boxes. */
const BOXES = [
  "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
  "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
  "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
  "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
  "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
  "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
  "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
  "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b",
];

/** @param key 16 or 24 bytes. @returns null when the padding says that the key is wrong. */
export function decryptTripleDES(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Bytes | null {
  const [first, second, third] = [0, 8, 16 % key.length].map((at) => roundKeys(key.subarray(at, at + 8)));
  const decrypt = (block: Bytes) => {
    des(block, [...third].reverse());
    des(block, second);
    des(block, [...first].reverse());
  };
  return decryptCBC(decrypt, iv, data);
}

function roundKeys(key: Uint8Array): Bits[] {
  let bits = permuted(bitsOf(key), CHOICE_1);
  return SHIFTS.map((shift) => {
    const [c, d] = [bits.slice(0, 28), bits.slice(28)].map((half) => [...half.slice(shift), ...half.slice(0, shift)]);
    bits = [...c, ...d];
    return permuted(bits, CHOICE_2);
  });
}

function des(block: Bytes, keys: readonly Bits[]): void {
  const bits = permuted(bitsOf(block), INITIAL);
  let [left, right] = [bits.slice(0, 32), bits.slice(32)];
  for (const key of keys) {
    const mixed = mix(right, key);
    [left, right] = [right, left.map((bit, i) => bit ^ mixed[i])];
  }
  const out = permuted([...right, ...left], FINAL);
  for (let i = 0; i < 8; i++) block[i] = parseInt(out.slice(8 * i, 8 * i + 8).join(""), 2);
}

function mix(half: Bits, key: Bits): Bits {
  const wide = permuted(half, EXPANSION).map((bit, i) => bit ^ key[i]);
  const narrow = BOXES.flatMap((box, i) => {
    const [a, b, c, d, e, f] = wide.slice(6 * i, 6 * i + 6);
    const nibble = parseInt(box[32 * a + 16 * f + 8 * b + 4 * c + 2 * d + e], 16);
    return [nibble >> 3, (nibble >> 2) & 1, (nibble >> 1) & 1, nibble & 1];
  });
  return permuted(narrow, PERMUTATION);
}

function permuted(bits: Bits, table: readonly number[]): number[] {
  return table.map((from) => bits[from]);
}

function bitsOf(bytes: Uint8Array): number[] {
  return [...bytes].flatMap((byte) => range(8).map((i) => (byte >> (7 - i)) & 1));
}
