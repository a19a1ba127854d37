/** Reading and writing DER; reading tolerates what Ukrainian centres really emit (BER lengths, odd strings). */

import { type Bytes, concat } from "./bytes.ts";

export const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

const CONSTRUCTED = 0x20;

export class DERError extends Error {}

/** One element: `bytes` is all of it exactly as received, `content` what is inside. */
export class Node {
  private parsed: Node[] | undefined;

  constructor(
    readonly tag: number,
    readonly bytes: Uint8Array,
    readonly content: Uint8Array,
  ) {}

  get children(): Node[] {
    return (this.parsed ??= this.tag & CONSTRUCTED ? parseAll(this.content) : []);
  }

  /** The element at a path of positions. @throws DERError */
  at(...path: number[]): Node {
    let node: Node = this;
    for (const position of path) {
      const child = node.children[position];
      if (!child) throw new DERError(`no element ${position}`);
      node = child;
    }
    return node;
  }

  find(tag: number): Node | undefined {
    return this.children.find((child) => child.tag === tag);
  }

  is(tag: number): boolean {
    return this.tag === tag;
  }

  /** @throws DERError when the element is not of that type. */
  expect(tag: number): this {
    if (this.tag !== tag) throw new DERError(`expected tag ${tag}, found ${this.tag}`);
    return this;
  }

  oid(): string {
    const { content } = this.expect(TAG.oid);
    const arcs: number[] = [];
    let arc = 0;
    for (const byte of content) {
      arc = arc * 128 + (byte & 127);
      if (byte & 128) continue;
      if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)));
      arcs.push(arcs.length === 1 ? arc - 40 * arcs[0] : arc);
      arc = 0;
    }
    return arcs.join(".");
  }

  /** A small whole number. @throws DERError when it needs more than six bytes. */
  number(): number {
    const { content } = this.expect(TAG.integer);
    if (content.length > 6) throw new DERError("the number is too big");
    return content.reduce((value, byte) => value * 256 + byte, 0);
  }

  /** The bytes of an OCTET STRING, primitive or in pieces. */
  octets(): Uint8Array {
    const primitive = this.tag & ~CONSTRUCTED;
    if (primitive !== TAG.octets && primitive !== 0x80) throw new DERError("expected an octet string");
    return this.tag & CONSTRUCTED ? concat(...this.children.map((piece) => piece.octets())) : this.content;
  }

  /** The bytes of a BIT STRING without the count of unused bits. */
  bits(): Uint8Array {
    return this.expect(TAG.bits).content.subarray(1);
  }

  text(): string {
    const encoding = this.tag === TAG.utf8 ? "utf-8" : this.tag === TAG.bmp ? "utf-16be" : "latin1";
    return new TextDecoder(encoding).decode(this.content);
  }

  /** @throws DERError when it is not a time. */
  time(): Date {
    const digits = /^(\d{12,14})Z$/.exec(this.text())?.[1];
    if (!digits) throw new DERError("expected a time");
    const century = this.tag === TAG.generalizedTime ? "" : Number(digits.slice(0, 2)) < 50 ? "20" : "19";
    const [year, month, day, hour, minute, second] =
      /^(\d{4})(..)(..)(..)(..)(..)$/.exec(century + digits)?.slice(1) ?? [];
    const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    if (Number.isNaN(date.getTime())) throw new DERError("expected a time");
    return date;
  }
}

/** The first element; bytes after it are ignored. @throws DERError */
export function parse(bytes: Uint8Array): Node {
  return parseOne(bytes)[0];
}

function parseAll(bytes: Uint8Array): Node[] {
  const nodes: Node[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const [node, after] = parseOne(rest);
    nodes.push(node);
    rest = after;
  }
  return nodes;
}

function parseOne(bytes: Uint8Array): [node: Node, rest: Uint8Array] {
  if (bytes.length < 2 || (bytes[0] & 0x1f) === 0x1f) throw new DERError("no element");
  const [header, length] = readLength(bytes);
  if (length === null) return parseIndefinite(bytes);
  const end = header + length;
  if (end > bytes.length) throw new DERError("the element is cut off");
  return [new Node(bytes[0], bytes.subarray(0, end), bytes.subarray(header, end)), bytes.subarray(end)];
}

/** BER of unknown length: elements up to two zero bytes. */
function parseIndefinite(bytes: Uint8Array): [Node, Uint8Array] {
  let rest = bytes.subarray(2);
  while (rest.length >= 2 && (rest[0] !== 0 || rest[1] !== 0)) rest = parseOne(rest)[1];
  if (rest.length < 2) throw new DERError("the element is not closed");
  const end = bytes.length - rest.length;
  return [new Node(bytes[0], bytes.subarray(0, end + 2), bytes.subarray(2, end)), rest.subarray(2)];
}

function readLength(bytes: Uint8Array): [header: number, length: number | null] {
  const first = bytes[1];
  if (first < 0x80) return [2, first];
  if (first === 0x80) return [2, null];
  const count = first & 0x7f;
  if (count > 4 || bytes.length < 2 + count) throw new DERError("bad length");
  return [2 + count, bytes.subarray(2, 2 + count).reduce((length, byte) => length * 256 + byte, 0)];
}

export function write(tag: number, ...parts: Uint8Array[]): Bytes {
  const content = concat(...parts);
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest >>>= 8) length.unshift(rest & 255);
  const header = content.length < 0x80 ? [content.length] : [0x80 | length.length, ...length];
  return concat(Uint8Array.of(tag, ...header), content);
}

export const sequence = (...parts: Uint8Array[]) => write(TAG.sequence, ...parts);
export const octetString = (content: Uint8Array) => write(TAG.octets, content);
/** A context tag [number] around elements. */
export const context = (number: number, ...parts: Uint8Array[]) => write(0xa0 | number, ...parts);

/** SET OF in the order that DER wants: by the encoded bytes. */
export function setOf(...parts: Uint8Array[]): Bytes {
  return write(TAG.set, ...[...parts].sort(compare));
}

/** A whole number that is not negative, from big-endian bytes. */
export function integer(...big: number[]): Bytes {
  const first = big.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? [0] : big.slice(first);
  return write(TAG.integer, Uint8Array.of(...(digits[0] & 0x80 ? [0, ...digits] : digits)));
}

export function oid(dotted: string): Bytes {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((arc) => {
    const digits = [arc & 127];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) digits.unshift((high & 127) | 128);
    return digits;
  });
  return write(TAG.oid, Uint8Array.from(bytes));
}

/** UTCTime up to 2049, GeneralizedTime after (RFC 5652, 11.3). */
export function time(date: Date): Bytes {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  const late = date.getUTCFullYear() > 2049;
  return write(late ? TAG.generalizedTime : TAG.utcTime, new TextEncoder().encode(late ? digits : digits.slice(2)));
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const different = a.findIndex((byte, i) => byte !== b[i]);
  return different < 0 ? a.length - b.length : a[different] - (b[different] ?? -1);
}
