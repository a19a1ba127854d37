/** Cipher block chaining of eight-byte blocks, decryption only. */

import type { Bytes } from "./bytes.ts";

const BLOCK = 8;

/**
 * @param decrypt changes one block in place.
 * @returns the plain bytes without their padding; null when the padding says that the key is wrong.
 */
export function decryptCBC(decrypt: (block: Bytes) => void, iv: Uint8Array, data: Uint8Array): Bytes | null {
  if (data.length === 0 || data.length % BLOCK) return null;
  const plain = Uint8Array.from(data);
  for (let at = 0, before = iv; at < data.length; at += BLOCK) {
    const block = plain.subarray(at, at + BLOCK);
    decrypt(block);
    for (let i = 0; i < BLOCK; i++) block[i] ^= before[i];
    before = data.subarray(at, at + BLOCK);
  }
  const pad = plain[plain.length - 1];
  const isPadded = pad > 0 && pad <= BLOCK && plain.subarray(-pad).every((byte) => byte === pad);
  return isPadded ? plain.slice(0, -pad) : null;
}
