/** The Java key store, Sun's format: big-endian, entries of keys with their chains and of trusted certificates. */

import { DERError } from "./der.ts";

const MAGIC = 0xfeedfeed;
const KEY_ENTRY = 1;
const CERTIFICATE_ENTRY = 2;
const MAX_ENTRIES = 1000;

export interface KeyStore {
  /** EncryptedPrivateKeyInfo of every key entry. */
  readonly keys: Uint8Array[];
  readonly certificates: Uint8Array[];
}

export function isJKS(file: Uint8Array): boolean {
  return file.length > 12 && view(file).getUint32(0) === MAGIC;
}

/** @throws DERError when the store is damaged; RangeError when it is cut off. */
export function readJKS(file: Uint8Array): KeyStore {
  const reader = new Reader(file);
  reader.number();
  const version = reader.number();
  const count = reader.number();
  if (version < 1 || version > 2 || count > MAX_ENTRIES) throw new DERError("damaged key store");
  const store: KeyStore = { keys: [], certificates: [] };
  for (let i = 0; i < count; i++) readEntry(reader, version, store);
  return store;
}

function readEntry(reader: Reader, version: number, store: KeyStore): void {
  const kind = reader.number();
  if (kind !== KEY_ENTRY && kind !== CERTIFICATE_ENTRY) throw new DERError("damaged key store");
  reader.text();
  reader.skip(8);
  if (kind === KEY_ENTRY) store.keys.push(reader.block());
  const certificates = kind === KEY_ENTRY ? reader.number() : 1;
  if (certificates > MAX_ENTRIES) throw new DERError("damaged key store");
  for (let i = 0; i < certificates; i++) {
    if (version === 2) reader.text();
    store.certificates.push(reader.block());
  }
}

class Reader {
  private at = 0;

  constructor(private readonly file: Uint8Array) {}

  number(): number {
    const value = view(this.file).getUint32(this.at);
    this.at += 4;
    return value;
  }

  /** A name with its length in two bytes; no name matters here. */
  text(): void {
    this.skip(2 + view(this.file).getUint16(this.at));
  }

  block(): Uint8Array {
    const length = this.number();
    this.skip(length);
    return this.file.subarray(this.at - length, this.at);
  }

  skip(length: number): void {
    this.at += length;
    if (this.at > this.file.length) throw new DERError("the key store is cut off");
  }
}

function view(file: Uint8Array): DataView {
  return new DataView(file.buffer, file.byteOffset, file.byteLength);
}
