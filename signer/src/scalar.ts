/** Numbers modulo the order of a curve: little-endian bytes of one fixed length, no branch depends on a value. */

import type { Bytes } from "./bytes.ts";

export class Order {
  readonly length: number;
  private readonly reduced: Uint8Array;

  /** @param n the prime order, little-endian, highest byte not zero. */
  constructor(readonly n: Bytes) {
    this.length = n.length;
    this.reduced = new Uint8Array(n.length);
  }

  get bitLength(): number {
    return 8 * this.length - Math.clz32(this.n[this.length - 1]) + 24;
  }

  /** A number as long as the order; null when it is not in 1..n-1. */
  read(little: Uint8Array): Bytes | null {
    const scalar = new Uint8Array(this.length);
    scalar.set(little.subarray(0, this.length));
    const fits = little.subarray(this.length).every((byte) => byte === 0);
    const zero = scalar.every((byte) => byte === 0);
    const below = subtract(new Uint8Array(this.length), scalar, this.n) === 1;
    return fits && below && !zero ? scalar : null;
  }

  /** A uniformly random number in 1..n-1. */
  random(): Bytes {
    const mask = 0xff >> ((8 - (this.bitLength & 7)) & 7);
    for (;;) {
      const bytes = crypto.getRandomValues(new Uint8Array(this.length));
      bytes[this.length - 1] &= mask;
      const scalar = this.read(bytes);
      if (scalar) return scalar;
    }
  }

  /** (a * b + c) mod n; a and c below n. */
  multiplyAdd(a: Bytes, b: Bytes, c: Bytes): Bytes {
    const sum = new Uint8Array(this.length);
    const addend = new Uint8Array(this.length);
    for (let bit = 8 * this.length - 1; bit >= 0; bit--) {
      this.addReduced(sum, sum);
      const mask = -((b[bit >> 3] >> (bit & 7)) & 1);
      for (let i = 0; i < this.length; i++) addend[i] = a[i] & mask;
      this.addReduced(sum, addend);
    }
    this.addReduced(sum, c);
    return sum;
  }

  /** a += b, both below n. */
  private addReduced(a: Bytes, b: Bytes): void {
    let carry = 0;
    for (let i = 0; i < this.length; i++) {
      carry += a[i] + b[i];
      a[i] = carry;
      carry >>= 8;
    }
    const { reduced } = this;
    const borrow = subtract(reduced, a, this.n);
    const mask = -(carry | (borrow ^ 1));
    for (let i = 0; i < this.length; i++) a[i] = (reduced[i] & mask) | (a[i] & ~mask);
  }
}

/** r = a - b; the answer is the borrow, 1 when a < b. */
function subtract(r: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  let borrow = 0;
  for (let i = 0; i < r.length; i++) {
    const difference = a[i] - b[i] - borrow;
    r[i] = difference;
    borrow = (difference >> 31) & 1;
  }
  return borrow;
}
