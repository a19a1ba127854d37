/** The hash function GOST 34.311-95, its HMAC and the password derivation built on it. */

import { type Bytes, concat, wipe } from "./bytes.ts";
import { DEFAULT_DKE, GOST28147, Substitution } from "./gost28147.ts";

const SIZE = 32;
/** The constant C3 of the standard, added when the third key is made; little-endian. */
const C3 = Uint8Array.from([
  0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0xff,
  0x00, 0xff, 0x00, 0x00, 0xff, 0xff, 0x00, 0x00, 0x00, 0xff, 0xff, 0x00, 0xff,
]);

/** An unfinished hash; cheap to copy, which makes the thousands of HMACs of a password derivation affordable. */
export class GOST34311 {
  private readonly cipher: GOST28147;
  private readonly state = new Uint8Array(SIZE);
  private readonly sum = new Uint8Array(SIZE);
  private readonly rest = new Uint8Array(SIZE);
  private length = 0;

  constructor(private readonly substitution: Substitution) {
    this.cipher = new GOST28147(substitution, this.state);
  }

  copyFrom(other: GOST34311): this {
    this.state.set(other.state);
    this.sum.set(other.sum);
    this.rest.set(other.rest);
    this.length = other.length;
    return this;
  }

  copy(): GOST34311 {
    return new GOST34311(this.substitution).copyFrom(this);
  }

  update(message: Uint8Array): this {
    for (let at = 0; at < message.length;) {
      const used = this.length % SIZE;
      const taken = message.subarray(at, at + SIZE - used);
      this.rest.set(taken, used);
      this.length += taken.length;
      at += taken.length;
      if (this.length % SIZE === 0) this.absorb();
    }
    return this;
  }

  finish(): Bytes {
    const bits = new Uint8Array(SIZE);
    new DataView(bits.buffer).setUint32(0, (this.length << 3) >>> 0, true);
    new DataView(bits.buffer).setUint32(4, Math.floor(this.length / 0x20000000), true);
    if (this.length % SIZE > 0) {
      this.rest.fill(0, this.length % SIZE);
      this.absorb();
    }
    this.step(bits);
    this.step(this.sum);
    return Uint8Array.from(this.state);
  }

  wipe(): void {
    wipe(this.state, this.sum, this.rest);
    this.cipher.wipe();
  }

  private absorb(): void {
    this.step(this.rest);
    let carry = 0;
    for (let i = 0; i < SIZE; i++) {
      carry += this.sum[i] + this.rest[i];
      this.sum[i] = carry;
      carry >>= 8;
    }
  }

  /** One step: four keys from state and block, each enciphers a quarter of the state, then the mixing. */
  private step(block: Uint8Array): void {
    U.set(this.state);
    V.set(block);
    for (let quarter = 0; quarter < 4; quarter++) {
      if (quarter > 0) {
        rotateXor(U);
        if (quarter === 2) for (let i = 0; i < SIZE; i++) U[i] ^= C3[i];
        rotateXor(V);
        rotateXor(V);
      }
      for (let i = 0; i < 4; i++) for (let j = 0; j < 8; j++) KEY[i + 4 * j] = U[8 * i + j] ^ V[8 * i + j];
      this.cipher.setKey(KEY);
      this.cipher.encryptBlock(this.state, 8 * quarter, S, 8 * quarter);
    }
    mix(this.state, block);
  }
}

const U = new Uint8Array(SIZE);
const V = new Uint8Array(SIZE);
const KEY = new Uint8Array(SIZE);
const S = new Uint8Array(SIZE);
const TAPE = new Uint16Array(16 + 12 + 1 + 61);

/** The transformation A: the eight-byte words move down, the top one becomes the xor of the two lowest. */
function rotateXor(words: Uint8Array): void {
  for (let i = 0; i < 8; i++) {
    const top = words[i] ^ words[i + 8];
    words[i] = words[i + 8];
    words[i + 8] = words[i + 16];
    words[i + 16] = words[i + 24];
    words[i + 24] = top;
  }
}

/** psi^61(H + psi(M + psi^12(S))): a shift register of 16-bit words, written along a tape instead of shifted. */
function mix(state: Uint8Array, block: Uint8Array): void {
  for (let i = 0; i < 16; i++) TAPE[i] = S[2 * i] | (S[2 * i + 1] << 8);
  shift(0, 12);
  for (let i = 0; i < 16; i++) TAPE[12 + i] ^= block[2 * i] | (block[2 * i + 1] << 8);
  shift(12, 13);
  for (let i = 0; i < 16; i++) TAPE[13 + i] ^= state[2 * i] | (state[2 * i + 1] << 8);
  shift(13, 74);
  for (let i = 0; i < 16; i++) {
    state[2 * i] = TAPE[74 + i];
    state[2 * i + 1] = TAPE[74 + i] >> 8;
  }
}

function shift(from: number, to: number): void {
  for (let i = from; i < to; i++) {
    TAPE[i + 16] = TAPE[i] ^ TAPE[i + 1] ^ TAPE[i + 2] ^ TAPE[i + 3] ^ TAPE[i + 12] ^ TAPE[i + 15];
  }
}

export function gost34311(message: Uint8Array, dke: Uint8Array = DEFAULT_DKE): Bytes {
  return new GOST34311(Substitution.of(dke)).update(message).finish();
}

/**
 * PBKDF2 (RFC 8018) with HMAC-GOST 34.311, one block of 32 bytes: what Ukrainian key containers use.
 * @param progress called now and then with the part done, 0..1.
 */
export function pbkdf2(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  progress?: (part: number) => void,
): Bytes {
  const [inner, outer] = keyedHashes(password);
  const innerWork = inner.copy();
  const outerWork = outer.copy();
  const hmac = (message: Uint8Array) => {
    const digest = innerWork.copyFrom(inner).update(message).finish();
    return outerWork.copyFrom(outer).update(digest).finish();
  };
  let link = hmac(concat(salt, Uint8Array.of(0, 0, 0, 1)));
  const key = Uint8Array.from(link);
  for (let round = 1; round < rounds; round++) {
    link = hmac(link);
    for (let i = 0; i < SIZE; i++) key[i] ^= link[i];
    if (round % 500 === 0) progress?.(round / rounds);
  }
  for (const hash of [inner, outer, innerWork, outerWork]) hash.wipe();
  return key;
}

/** The two halves of an HMAC after the block that depends on the key alone. */
function keyedHashes(password: Uint8Array): [GOST34311, GOST34311] {
  const key = new Uint8Array(SIZE);
  key.set(password.length > SIZE ? gost34311(password) : password);
  const substitution = Substitution.of(DEFAULT_DKE);
  const inner = new GOST34311(substitution).update(key.map((byte) => byte ^ 0x36));
  const outer = new GOST34311(substitution).update(key.map((byte) => byte ^ 0x5c));
  wipe(key);
  return [inner, outer];
}

/** The key of an old IIT container: the hash of the password, hashed again until `rounds` times in all. */
export function hashRepeatedly(password: Uint8Array, rounds: number): Bytes {
  let key = gost34311(password);
  for (let round = 1; round < rounds; round++) key = gost34311(key);
  return key;
}
