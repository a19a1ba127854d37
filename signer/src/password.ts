/** Decryption with a password: PBES2 (GOST or AES), the old IIT container and the key protector of JKS. */

import { type Bytes, bytesOf, concat, equal, wipe } from "./bytes.ts";
import { type Node, TAG } from "./der.ts";
import { KEPError } from "./errors.ts";
import { GOST28147, Substitution, DEFAULT_DKE } from "./gost28147.ts";
import { hashRepeatedly, pbkdf2 } from "./gost34311.ts";
import { OID } from "./oids.ts";

/** Told the part of the work done, 0..1. */
export type Progress = (part: number) => void;

const WEB_HASHES: Record<string, string> = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};
/** RFC 8018, B.1: HMAC-SHA-1 when the parameters name nothing. */
const DEFAULT_PRF = "1.2.840.113549.2.7";

/** AES-CBC -> bytes of the key; Chromium has no 192-bit AES. */
const AES_CBC: Record<string, number> = {
  "2.16.840.1.101.3.4.1.2": 16,
  "2.16.840.1.101.3.4.1.42": 32,
};

/** Far above what containers use (10 000 to 600 000): a hostile file must not hang the browser. */
const MAX_ROUNDS = 5_000_000;
const IIT_ROUNDS = 10_000;
const SHA1 = 20;

/**
 * PBES2 by an AlgorithmIdentifier. GOST gives rubbish for a wrong password, AES usually fails.
 * @throws KEPError unsupported-container, wrong-password
 */
export async function decryptPBES2(
  algorithm: Node,
  data: Uint8Array,
  password: Uint8Array,
  progress: Progress,
): Promise<Bytes> {
  if (algorithm.at(0).oid() !== OID.pbes2) throw new KEPError("unsupported-container");
  const [derivation, scheme] = algorithm.at(1).children;
  const name = scheme.at(0).oid();
  const length = name === OID.gost28147CFB ? 32 : AES_CBC[name];
  if (!length || derivation.at(0).oid() !== OID.pbkdf2) throw new KEPError("unsupported-container");
  const key = await deriveKey(derivation.at(1), password, length, progress);
  try {
    if (name !== OID.gost28147CFB) return await decryptAES(key, scheme.at(1).octets(), data);
    const dke = scheme.at(1).children[1]?.octets() ?? DEFAULT_DKE;
    const cipher = new GOST28147(Substitution.of(dke), key);
    const plain = cipher.decryptCFB(scheme.at(1, 0).octets(), data);
    cipher.wipe();
    return plain;
  } finally {
    wipe(key);
  }
}

/** PBKDF2-params: {salt, rounds, [length], [prf]}. */
async function deriveKey(parameters: Node, password: Uint8Array, length: number, progress: Progress): Promise<Bytes> {
  const salt = bytesOf(parameters.at(0).octets());
  const iterations = parameters.at(1).number();
  if (iterations < 1 || iterations > MAX_ROUNDS) throw new KEPError("unsupported-container");
  const prf = parameters.find(TAG.sequence)?.at(0).oid() ?? DEFAULT_PRF;
  if (prf === OID.hmacGOST34311) return pbkdf2(password, salt, iterations, progress).slice(0, length);
  const hash = WEB_HASHES[prf];
  if (!hash) throw new KEPError("unsupported-container");
  const secret = await crypto.subtle.importKey("raw", bytesOf(password), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations }, secret, 8 * length));
}

async function decryptAES(key: Bytes, iv: Uint8Array, data: Uint8Array): Promise<Bytes> {
  const secret = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["decrypt"]);
  const plain = crypto.subtle.decrypt({ name: "AES-CBC", iv: bytesOf(iv) }, secret, bytesOf(data));
  return new Uint8Array(
    await plain.catch(() => {
      throw new KEPError("wrong-password");
    }),
  );
}

/** Key-6.dat: {oid, {mac, padding}}, data; the code is over the padded plain text. @throws KEPError wrong-password */
export function decryptIIT(container: Node, password: Uint8Array): Bytes {
  const [mac, padding] = container.at(0, 1).children.map((child) => child.octets());
  const data = container.at(1).octets();
  const key = hashRepeatedly(password, IIT_ROUNDS);
  const cipher = new GOST28147(Substitution.of(DEFAULT_DKE), key);
  const padded = cipher.decryptECB(concat(data, padding ?? new Uint8Array()));
  const right = equal(cipher.mac(padded), mac);
  wipe(key);
  cipher.wipe();
  if (!right) throw new KEPError("wrong-password");
  return padded.slice(0, data.length);
}

/** Sun's protector: salt, data under a SHA-1 stream, SHA-1 of password and data. @throws KEPError wrong-password */
export async function decryptSun(protectedKey: Uint8Array, password: Uint8Array): Promise<Bytes> {
  const data = protectedKey.subarray(SHA1, -SHA1);
  let link = protectedKey.subarray(0, SHA1);
  const plain = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += SHA1) {
    link = await sha1(password, link);
    for (let i = 0; i < SHA1 && at + i < data.length; i++) plain[at + i] = data[at + i] ^ link[i];
  }
  if (!equal(await sha1(password, plain), protectedKey.subarray(-SHA1))) throw new KEPError("wrong-password");
  return plain;
}

async function sha1(...parts: Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", concat(...parts)));
}

/** The bytes a password may stand for: UTF-8, and for Cyrillic ones also Windows-1251 (older Windows programs). */
export function passwordEncodings(password: string): Bytes[] {
  const unicode = new TextEncoder().encode(password) as Bytes;
  if (unicode.length === password.length) return [unicode];
  const table = new TextDecoder("windows-1251").decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  const codes = [...password].map((letter) => table.indexOf(letter));
  return codes.includes(-1) ? [unicode] : [unicode, Uint8Array.from(codes)];
}

/** JKS takes two bytes for a letter, high byte first. */
export function utf16(password: string): Bytes {
  return Uint8Array.from([...Array(2 * password.length).keys()], (i) => password.charCodeAt(i >> 1) >> (i & 1 ? 0 : 8));
}
