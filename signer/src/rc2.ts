/** RC2 (RFC 2268), decryption only: the certificates of old PKCS#12 files are protected with it. */

import { type Bytes, fromHex } from "./bytes.ts";
import { decryptCBC } from "./cbc.ts";

const PI = fromHex(
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32" +
    "bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a" +
    "961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e" +
    "c5f3db47e5a59c770aa62068fe7fc1ad",
);
const ROTATIONS = [1, 2, 3, 5];

/** @param bits effective bits of the key. @returns null when the padding says that the key is wrong. */
export function decryptRC2(key: Uint8Array, bits: number, iv: Uint8Array, data: Uint8Array): Bytes | null {
  const words = expand(key, bits);
  return decryptCBC((block) => decryptBlock(block, words), iv, data);
}

/** RFC 2268, 2. @returns 64 words. */
export function expand(key: Uint8Array, bits: number): Uint16Array {
  const l = new Uint8Array(128);
  l.set(key);
  for (let i = key.length; i < 128; i++) l[i] = PI[(l[i - 1] + l[i - key.length]) & 255];
  const length = (bits + 7) >> 3;
  l[128 - length] = PI[l[128 - length] & (255 >> (8 * length - bits))];
  for (let i = 127 - length; i >= 0; i--) l[i] = PI[l[i + 1] ^ l[i + length]];
  return Uint16Array.from({ length: 64 }, (_, i) => l[2 * i] | (l[2 * i + 1] << 8));
}

/** RFC 2268, 4: the rounds backwards, with two mashings among them. */
export function decryptBlock(block: Bytes, words: Uint16Array): void {
  const view = new DataView(block.buffer, block.byteOffset);
  const r = Uint16Array.from({ length: 4 }, (_, i) => view.getUint16(2 * i, true));
  for (let round = 15; round >= 0; round--) {
    for (let i = 3; i >= 0; i--) {
      const turned = (r[i] >>> ROTATIONS[i]) | (r[i] << (16 - ROTATIONS[i]));
      const [one, two, three] = [r[(i + 3) & 3], r[(i + 2) & 3], r[(i + 1) & 3]];
      r[i] = (turned & 0xffff) - words[4 * round + i] - (one & two) - (~one & three);
    }
    if (round === 5 || round === 11) for (let i = 3; i >= 0; i--) r[i] -= words[r[(i + 3) & 3] & 63];
  }
  r.forEach((word, i) => view.setUint16(2 * i, word, true));
}
