/** Elliptic curves y^2 + xy = x^3 + ax^2 + b over GF(2^m): the group arithmetic of DSTU 4145. */

import type { Bytes } from "./bytes.ts";
import { Comb } from "./comb.ts";
import { type Element, Field } from "./gf2m.ts";
import type { Group, Point } from "./point.ts";
import { Order } from "./scalar.ts";

/** Everything little-endian. */
export interface CurveParameters {
  readonly m: number;
  readonly middle: readonly number[];
  readonly a: 0 | 1;
  readonly b: Uint8Array;
  readonly n: Bytes;
  /** The base point, compressed. */
  readonly base: Uint8Array;
}

export class Curve implements Group {
  readonly field: Field;
  readonly order: Order;
  readonly base: Point;
  readonly b: Element;
  private readonly rootOfB: Element;
  private readonly scratch: Element;
  private comb: Comb | null = null;

  /** @throws RangeError when the field is not supported or the base point is not on the curve. */
  constructor(readonly parameters: CurveParameters) {
    this.field = new Field(parameters.m, parameters.middle);
    this.order = new Order(parameters.n);
    this.b = this.field.fromBytes(parameters.b);
    this.rootOfB = this.field.zero();
    this.scratch = this.field.zero();
    this.field.squareRoot(this.rootOfB, this.b);
    this.base = this.expand(parameters.base);
  }

  /** A point from its x, whose lowest bit was replaced by trace(y/x) (DSTU 4145, 6.9). @throws RangeError */
  expand(compressed: Uint8Array): Point {
    const { field, parameters } = this;
    const x = field.fromBytes(compressed);
    const bit = x[0] & 1;
    x[0] = (x[0] & ~1) >>> 0;
    if (field.trace(x) !== parameters.a) x[0] |= 1;
    if (field.isZero(x)) throw new RangeError("a point of order two is not a key");
    const w = field.zero();
    field.square(w, x);
    field.invert(w, w);
    field.mul(w, w, this.b);
    field.add(w, w, x);
    w[0] ^= parameters.a;
    const z = field.halfTrace(w);
    if (field.trace(z) !== bit) z[0] ^= 1;
    const y = field.zero();
    field.mul(y, x, z);
    const point = { x, y };
    if (!this.contains(point)) throw new RangeError("the point is not on the curve");
    return point;
  }

  compress({ x, y }: Point): Bytes {
    const { field } = this;
    const quotient = field.zero();
    field.invert(quotient, x);
    field.mul(quotient, quotient, y);
    const compressed = field.toBytes(x);
    compressed[0] = (compressed[0] & 0xfe) | field.trace(quotient);
    return compressed;
  }

  contains({ x, y }: Point): boolean {
    const { field } = this;
    const left = field.zero();
    const right = field.zero();
    field.add(left, x, y);
    field.mul(left, left, y);
    if (this.parameters.a) field.add(right, right, field.one());
    field.add(right, right, x);
    const squared = field.zero();
    field.square(squared, x);
    field.mul(right, right, squared);
    field.add(right, right, this.b);
    return field.equal(left, right);
  }

  negate({ x, y }: Point): Point {
    const sum = this.field.zero();
    this.field.add(sum, x, y);
    return { x, y: sum };
  }

  /** k * base for k below the order: the same operations for every k. null is the point at infinity. */
  multiplyBase(k: Bytes): Point | null {
    this.comb ??= new Comb(this, this.base);
    return this.comb.multiply(k);
  }

  /**
   * k * point by the Montgomery ladder of Lopez and Dahab: the same operations for every k of the order's length.
   * null is the point at infinity.
   */
  multiply(k: Bytes, point: Point): Point | null {
    const { field } = this;
    const low = { x: field.one(), z: field.zero() };
    const high = { x: Uint32Array.from(point.x), z: field.one() };
    let swapped = 0;
    for (let i = this.order.bitLength - 1; i >= 0; i--) {
      const bit = (k[i >> 3] >> (i & 7)) & 1;
      swapWhen(bit ^ swapped, low, high);
      swapped = bit;
      this.addDifference(high, low, point.x);
      this.double(low);
    }
    swapWhen(swapped, low, high);
    return this.recover(low, high, point);
  }

  add(p: Point, q: Point): Point {
    const { field } = this;
    const slope = field.zero();
    const run = field.zero();
    field.add(run, p.x, q.x);
    field.add(slope, p.y, q.y);
    const inverse = field.zero();
    field.invert(inverse, run);
    field.mul(slope, slope, inverse);
    const x = field.zero();
    field.square(x, slope);
    field.add(x, x, slope);
    field.add(x, x, run);
    x[0] ^= this.parameters.a;
    const y = field.zero();
    field.add(y, p.x, x);
    field.mul(y, y, slope);
    field.add(y, y, x);
    field.add(y, y, p.y);
    return { x, y };
  }

  /** p += q where q - p has the given x. */
  private addDifference(p: Projective, q: Projective, x: Element): void {
    const { field } = this;
    field.mul(p.x, p.x, q.z);
    field.mul(p.z, p.z, q.x);
    const { scratch: product } = this;
    field.mul(product, p.x, p.z);
    field.add(p.z, p.z, p.x);
    field.square(p.z, p.z);
    field.mul(p.x, p.z, x);
    field.add(p.x, p.x, product);
  }

  private double(p: Projective): void {
    const { field, scratch } = this;
    field.square(p.x, p.x);
    field.square(p.z, p.z);
    field.mul(scratch, p.z, this.rootOfB);
    field.mul(p.z, p.z, p.x);
    field.add(p.x, p.x, scratch);
    field.square(p.x, p.x);
  }

  /** The affine kP from the x of kP and of (k+1)P (Lopez and Dahab 1999, algorithm Mxy). */
  private recover(low: Projective, high: Projective, point: Point): Point | null {
    const { field } = this;
    if (field.isZero(low.z)) return null;
    if (field.isZero(high.z)) return this.negate(point);
    const both = field.zero();
    field.mul(both, low.z, high.z);
    const x = field.zero();
    const y = field.zero();
    const factor = field.zero();
    field.mul(factor, point.x, low.z);
    field.add(factor, factor, low.x);
    field.mul(y, point.x, high.z);
    field.add(y, y, high.x);
    field.mul(factor, factor, y);
    field.square(y, point.x);
    field.add(y, y, point.y);
    field.mul(y, y, both);
    field.add(factor, factor, y);
    field.mul(both, both, point.x);
    field.invert(both, both);
    field.mul(factor, factor, both);
    field.invert(x, low.z);
    field.mul(x, x, low.x);
    field.add(y, x, point.x);
    field.mul(y, y, factor);
    field.add(y, y, point.y);
    return { x, y };
  }
}

interface Projective {
  readonly x: Element;
  readonly z: Element;
}

function swapWhen(bit: number, p: Projective, q: Projective): void {
  const mask = -bit;
  for (let i = 0; i < p.x.length; i++) {
    const x = (p.x[i] ^ q.x[i]) & mask;
    const z = (p.z[i] ^ q.z[i]) & mask;
    p.x[i] ^= x;
    q.x[i] ^= x;
    p.z[i] ^= z;
    q.z[i] ^= z;
  }
}
