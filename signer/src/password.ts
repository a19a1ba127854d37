/** Decryption with a password: PBES2 (GOST or AES), old PKCS#12, the old IIT container, the key protector of JKS. */

import { type Bytes, bytesOf, concat, equal, wipe } from "./bytes.ts";
import { type Node, TAG } from "./der.ts";
import { decryptTripleDES } from "./des.ts";
import { KEPError } from "./errors.ts";
import { GOST28147, Substitution, DEFAULT_DKE } from "./gost28147.ts";
import { hashRepeatedly, pbkdf2 } from "./gost34311.ts";
import { OID } from "./oids.ts";
import { decryptRC2 } from "./rc2.ts";
import { sha1 } from "./sha1.ts";

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
const SHA1_BLOCK = 64;
/** Purposes of derived bytes (RFC 7292, B.3). */
const FOR_KEY = 1;
const FOR_IV = 2;
const REPORT_EVERY = 4096;

type Decrypt = (key: Bytes, iv: Bytes, data: Uint8Array) => Bytes | null;

/** The last number of the scheme's identifier -> bytes of the key, cipher (RFC 7292, appendix C). */
const OLD_PKCS12: Record<string, [keyLength: number, decrypt: Decrypt]> = {
  "3": [24, decryptTripleDES],
  "4": [16, decryptTripleDES],
  "5": [16, (key, iv, data) => decryptRC2(key, 128, iv, data)],
  "6": [5, (key, iv, data) => decryptRC2(key, 40, iv, data)],
};

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

/** The schemes of PKCS#12 before PBES2. @throws KEPError unsupported-container, wrong-password */
export function decryptPKCS12(algorithm: Node, data: Uint8Array, password: string, progress: Progress): Bytes {
  const scheme = OLD_PKCS12[algorithm.at(0).oid().slice(OID.pkcs12Encryption.length)];
  const salt = algorithm.at(1, 0).octets();
  const rounds = algorithm.at(1, 1).number();
  if (!scheme || rounds < 1 || rounds > MAX_ROUNDS) throw new KEPError("unsupported-container");
  const [length, decrypt] = scheme;
  const secret = utf16(`${password}\0`);
  const key = derivePKCS12(FOR_KEY, length, salt, secret, rounds, progress);
  const iv = derivePKCS12(FOR_IV, 8, salt, secret, rounds, () => {});
  const plain = decrypt(key, iv, data);
  wipe(secret, key, iv);
  if (!plain) throw new KEPError("wrong-password");
  return plain;
}

/** RFC 7292, B.2, with SHA-1; a second block of bytes is needed only for a key of 24. */
function derivePKCS12(
  purpose: number,
  length: number,
  salt: Uint8Array,
  secret: Bytes,
  rounds: number,
  progress: Progress,
): Bytes {
  const input = concat(stretched(salt), stretched(secret));
  const blocks: Bytes[] = [];
  for (let count = Math.ceil(length / SHA1); blocks.length < count;) {
    let digest = sha1(concat(new Uint8Array(SHA1_BLOCK).fill(purpose), input));
    for (let i = 1; i < rounds; i++) {
      digest = sha1(digest);
      if (i % REPORT_EVERY === 0) progress((blocks.length + i / rounds) / count);
    }
    blocks.push(digest);
    for (let at = 0; at < input.length; at += SHA1_BLOCK) increase(input.subarray(at, at + SHA1_BLOCK), digest);
  }
  wipe(input);
  return concat(...blocks).slice(0, length);
}

/** Repeated to whole blocks. */
function stretched(source: Uint8Array): Bytes {
  const size = Math.ceil(source.length / SHA1_BLOCK) * SHA1_BLOCK;
  return Uint8Array.from({ length: size }, (_, i) => source[i % source.length]);
}

/** The block, a big-endian number, plus the repeated digest plus one. */
function increase(block: Uint8Array, digest: Uint8Array): void {
  for (let i = SHA1_BLOCK - 1, carry = 1; i >= 0; i--) {
    carry += block[i] + digest[i % SHA1];
    block[i] = carry;
    carry >>= 8;
  }
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
export function decryptSun(protectedKey: Uint8Array, password: Uint8Array): Bytes {
  const data = protectedKey.subarray(SHA1, -SHA1);
  let link = protectedKey.subarray(0, SHA1);
  const plain = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += SHA1) {
    link = sha1(concat(password, link));
    for (let i = 0; i < SHA1 && at + i < data.length; i++) plain[at + i] = data[at + i] ^ link[i];
  }
  if (!equal(sha1(concat(password, plain)), protectedKey.subarray(-SHA1))) throw new KEPError("wrong-password");
  return plain;
}

/** The bytes a password may stand for: UTF-8, and for Cyrillic ones also Windows-1251 (older Windows programs). */
export function passwordEncodings(password: string): Bytes[] {
  const unicode = new TextEncoder().encode(password) as Bytes;
  if (unicode.length === password.length) return [unicode];
  const table = new TextDecoder("windows-1251").decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  const codes = [...password].map((letter) => table.indexOf(letter));
  return codes.includes(-1) ? [unicode] : [unicode, Uint8Array.from(codes)];
}

/** JKS and PKCS#12 take two bytes for a letter, high byte first. */
export function utf16(password: string): Bytes {
  return Uint8Array.from([...Array(2 * password.length).keys()], (i) => password.charCodeAt(i >> 1) >> (i & 1 ? 0 : 8));
}
