/** Signatures by DSTU 4145-2002 over a ready digest; numbers and points travel little-endian. */

import { type Bytes, concat, equal, wipe } from "./bytes.ts";
import type { Curve } from "./curve.ts";
import type { Element } from "./gf2m.ts";
import type { Point } from "./point.ts";

/** The public key of d is -dP. */
export function publicPoint(curve: Curve, d: Bytes): Point {
  const point = curve.multiplyBase(d);
  if (!point) throw new RangeError("the private key is a multiple of the order");
  return curve.negate(point);
}

/** The public key as it stands in a certificate: the compressed point. */
export function publicKey(curve: Curve, d: Bytes): Bytes {
  return curve.compress(publicPoint(curve, d));
}

/**
 * @param random makes the one-time number; given only where an expected answer is known.
 * @returns r and s, each as long as the order.
 */
export function sign(curve: Curve, d: Bytes, digest: Uint8Array, random = () => curve.order.random()): Bytes {
  const hash = digestElement(curve, digest);
  for (;;) {
    const e = random();
    const r = truncatedProduct(curve, hash, curve.multiplyBase(e));
    const s = r && curve.order.multiplyAdd(d, r, e);
    wipe(e);
    if (r && s && s.some((byte) => byte !== 0)) return concat(r, s);
  }
}

export function verify(curve: Curve, key: Point, digest: Uint8Array, signature: Uint8Array): boolean {
  const half = signature.length / 2;
  const r = Number.isInteger(half) ? curve.order.read(signature.subarray(0, half)) : null;
  const s = Number.isInteger(half) ? curve.order.read(signature.subarray(half)) : null;
  if (!r || !s) return false;
  const left = curve.multiplyBase(s);
  const right = curve.multiply(r, key);
  if (!left || !right || curve.field.equal(left.x, right.x)) return false;
  const expected = truncatedProduct(curve, digestElement(curve, digest), curve.add(left, right));
  return expected !== null && equal(expected, r);
}

/** DSTU 4145, 5.9: the digest as a little-endian number, its low m bits, never zero. */
function digestElement(curve: Curve, digest: Uint8Array): Element {
  const element = curve.field.fromBytes(digest);
  return curve.field.isZero(element) ? curve.field.one() : element;
}

/** The low bits of hash * x, one bit fewer than the order has; null when they are zero. */
function truncatedProduct(curve: Curve, hash: Element, point: Point | null): Bytes | null {
  if (!point) return null;
  const product = curve.field.zero();
  curve.field.mul(product, hash, point.x);
  const bits = curve.order.bitLength - 1;
  const bytes = curve.field.toBytes(product).map((byte, i) => byte & mask(bits - 8 * i));
  return curve.order.read(bytes);
}

function mask(bits: number): number {
  return bits >= 8 ? 0xff : bits <= 0 ? 0 : (1 << bits) - 1;
}
