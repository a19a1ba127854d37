/** Byte strings: joining, comparing, wiping, hexadecimal and base64. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** A view typed as plain memory; copies when the source may be shared. */
export function bytesOf(source: ArrayLike<number> | ArrayBuffer): Bytes {
  return source instanceof ArrayBuffer ? new Uint8Array(source) : Uint8Array.from(source);
}

export function concat(...parts: Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function reversed(source: Uint8Array): Bytes {
  return Uint8Array.from(source).reverse();
}

/** Overwrite secrets as soon as they are not needed. */
export function wipe(...secrets: (Uint8Array | Uint32Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}

export function fromHex(hex: string): Bytes {
  const pairs = hex.replace(/\s+/g, "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @throws DOMException when the text is not base64. */
export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text.replace(/\s+/g, "")), (char) => char.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}
