/** The field GF(2^m) in a polynomial basis, 32-bit limbs, lowest first. */

import type { Bytes } from "./bytes.ts";

export type Element = Uint32Array;

/** SPREAD[b] is the square of the 8-bit polynomial b: a zero between every two bits. */
const SPREAD = Uint16Array.from({ length: 256 }, (_, byte) => {
  let square = 0;
  for (let bit = 0; bit < 8; bit++) square |= ((byte >> bit) & 1) << (2 * bit);
  return square;
});

/** Where one limb above x^m is folded to: word distance and shift of one term of the polynomial. */
interface Fold {
  readonly words: number;
  readonly shift: number;
}

/**
 * x^m + x^k1 + ... + 1. Results are written to the first argument; arguments may be the same element.
 * Reduction in a single pass needs m - max(k) >= 32, which holds for every curve of DSTU 4145.
 */
export class Field {
  readonly words: number;
  readonly bytes: number;
  private readonly rowWords: number;
  private readonly rows: Int32Array;
  private readonly product: Int32Array;
  private readonly folds: Fold[];

  constructor(
    readonly m: number,
    readonly middle: readonly number[],
  ) {
    if (m % 2 === 0 || m < 97 || m > 1023 || middle.some((k) => k < 1 || m - k < 32)) {
      throw new RangeError(`unsupported field polynomial of degree ${m}`);
    }
    this.words = Math.ceil(m / 32);
    this.bytes = Math.ceil(m / 8);
    this.rowWords = Math.ceil((m + 3) / 32);
    this.rows = new Int32Array(16 * this.rowWords);
    this.product = new Int32Array(2 * this.words + 1);
    this.folds = [0, ...middle].map((k) => ({ words: (m - k) >> 5, shift: (m - k) & 31 }));
  }

  zero(): Element {
    return new Uint32Array(this.words);
  }

  one(): Element {
    const one = this.zero();
    one[0] = 1;
    return one;
  }

  /** Read a little-endian number; bits above m are dropped (DSTU 4145, conversion of a hash to a field element). */
  fromBytes(little: Uint8Array): Element {
    const element = this.zero();
    for (let i = 0; i < Math.min(little.length, this.bytes); i++) element[i >> 2] |= little[i] << (8 * (i & 3));
    this.dropAbove(element);
    return element;
  }

  /** Little-endian, ceil(m/8) bytes. */
  toBytes(a: Element): Bytes {
    return Uint8Array.from({ length: this.bytes }, (_, i) => a[i >> 2] >>> (8 * (i & 3)));
  }

  isZero(a: Element): boolean {
    return a.every((word) => word === 0);
  }

  equal(a: Element, b: Element): boolean {
    return a.every((word, i) => word === b[i]);
  }

  add(r: Element, a: Element, b: Element): void {
    for (let i = 0; i < this.words; i++) r[i] = a[i] ^ b[i];
  }

  /** Word by word of a, with a table of the sixteen multiples of b by polynomials of four bits. */
  mul(r: Element, a: Element, b: Element): void {
    const { words, rowWords, rows, product } = this;
    this.prepareRows(b);
    product.fill(0);
    for (let i = 0; i < words; i++) {
      const word = a[i];
      const n0 = word & 15,
        n1 = (word >>> 4) & 15,
        n2 = (word >>> 8) & 15,
        n3 = (word >>> 12) & 15;
      const n4 = (word >>> 16) & 15,
        n5 = (word >>> 20) & 15,
        n6 = (word >>> 24) & 15,
        n7 = word >>> 28;
      let carry = 0;
      for (let j = 0; j < rowWords; j++) {
        const row = j << 4;
        const r1 = rows[row | n1],
          r2 = rows[row | n2],
          r3 = rows[row | n3],
          r4 = rows[row | n4];
        const r5 = rows[row | n5],
          r6 = rows[row | n6],
          r7 = rows[row | n7];
        product[i + j] ^=
          carry ^
          rows[row | n0] ^
          (r1 << 4) ^
          (r2 << 8) ^
          (r3 << 12) ^
          (r4 << 16) ^
          (r5 << 20) ^
          (r6 << 24) ^
          (r7 << 28);
        carry = (r1 >>> 28) ^ (r2 >>> 24) ^ (r3 >>> 20) ^ (r4 >>> 16) ^ (r5 >>> 12) ^ (r6 >>> 8) ^ (r7 >>> 4);
      }
      product[i + rowWords] ^= carry;
    }
    this.reduce(r);
  }

  square(r: Element, a: Element): void {
    const { product } = this;
    for (let i = 0; i < this.words; i++) {
      const word = a[i];
      product[2 * i] = SPREAD[word & 255] | (SPREAD[(word >>> 8) & 255] << 16);
      product[2 * i + 1] = SPREAD[(word >>> 16) & 255] | (SPREAD[word >>> 24] << 16);
    }
    this.reduce(r);
  }

  /** a^(2^times). */
  squareMany(r: Element, a: Element, times: number): void {
    r.set(a);
    for (let i = 0; i < times; i++) this.square(r, r);
  }

  /** 1/a = a^(2^m - 2) by the addition chain of Itoh and Tsujii: no branch depends on a. The inverse of 0 is 0. */
  invert(r: Element, a: Element): void {
    const power = Uint32Array.from(a);
    const raised = this.zero();
    let exponent = 1;
    for (const bit of (this.m - 1).toString(2).slice(1)) {
      this.squareMany(raised, power, exponent);
      this.mul(power, power, raised);
      exponent *= 2;
      if (bit === "1") {
        this.square(power, power);
        this.mul(power, power, a);
        exponent += 1;
      }
    }
    this.square(r, power);
  }

  /** The square root: a^(2^(m-1)). */
  squareRoot(r: Element, a: Element): void {
    this.squareMany(r, a, this.m - 1);
  }

  trace(a: Element): 0 | 1 {
    const sum = Uint32Array.from(a);
    for (let i = 1; i < this.m; i++) {
      this.square(sum, sum);
      this.add(sum, sum, a);
    }
    return sum[0] === 1 ? 1 : 0;
  }

  /** The z with z^2 + z = a, when trace(a) = 0; m is odd. */
  halfTrace(a: Element): Element {
    const sum = Uint32Array.from(a);
    for (let i = 0; i < (this.m - 1) / 2; i++) {
      this.squareMany(sum, sum, 2);
      this.add(sum, sum, a);
    }
    return sum;
  }

  private dropAbove(a: Element): void {
    if (this.m & 31) a[this.words - 1] &= 0xffffffff >>> (32 - (this.m & 31));
  }

  /** rows[16 j + u] is word j of u * b, for every polynomial u of degree < 4. */
  private prepareRows(b: Element): void {
    const { rows, rowWords, words } = this;
    let below = 0;
    for (let j = 0; j < rowWords; j++) {
      const row = j << 4;
      const word = j < words ? b[j] : 0;
      const b1 = (word << 1) | (below >>> 31),
        b2 = (word << 2) | (below >>> 30),
        b3 = (word << 3) | (below >>> 29);
      const b01 = word ^ b1,
        b23 = b2 ^ b3;
      rows[row | 1] = word;
      rows[row | 2] = b1;
      rows[row | 3] = b01;
      rows[row | 4] = b2;
      rows[row | 5] = b2 ^ word;
      rows[row | 6] = b2 ^ b1;
      rows[row | 7] = b2 ^ b01;
      rows[row | 8] = b3;
      rows[row | 9] = b3 ^ word;
      rows[row | 10] = b3 ^ b1;
      rows[row | 11] = b3 ^ b01;
      rows[row | 12] = b23;
      rows[row | 13] = b23 ^ word;
      rows[row | 14] = b23 ^ b1;
      rows[row | 15] = b23 ^ b01;
      below = word;
    }
  }

  private reduce(r: Element): void {
    const { product, folds, words, m } = this;
    const top = m >> 5;
    for (let i = 2 * words - 1; i > top; i--) this.fold(i, product[i]);
    const above = m & 31 ? (product[top] >>> (m & 31)) << (m & 31) : product[top];
    for (const { words: distance, shift } of folds) {
      const at = top - distance;
      if (at >= 0) product[at] ^= above >>> shift;
      if (shift > 0 && at > 0) product[at - 1] ^= above << (32 - shift);
    }
    for (let i = 0; i < words; i++) r[i] = product[i];
    this.dropAbove(r);
  }

  private fold(i: number, word: number): void {
    const { product, folds } = this;
    for (let f = 0; f < folds.length; f++) {
      const { words, shift } = folds[f];
      product[i - words] ^= word >>> shift;
      if (shift > 0) product[i - words - 1] ^= word << (32 - shift);
    }
  }
}
