/** Asking our own server for the certificates of keys: it asks the trust centres, which the page itself may not. */

import { type Bytes, toHex } from "./bytes.ts";

/** A file of certificates; nothing when none is found or the server does not answer: the person then adds the file. */
export async function findCertificates(address: string, identifiers: Bytes[]): Promise<Bytes | undefined> {
  if (identifiers.length === 0) return undefined;
  const response = await fetch(`${address}?keys=${identifiers.map(toHex).join(",")}`).catch(() => undefined);
  return response?.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
}
