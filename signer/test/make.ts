/** Keys, certificates and key files of invented people; the files are written with the cryptography of others. */

import { createCipheriv, createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import gost89 from "gost89";
import { type Bytes, bytesOf, concat, reversed } from "../src/bytes.ts";
import type { Curve } from "../src/curve.ts";
import { context, integer, octetString, oid, sequence, setOf, TAG, time, write } from "../src/der.ts";
import { publicKey, sign } from "../src/dstu4145.ts";
import { DEFAULT_DKE } from "../src/gost28147.ts";
import { gost34311 } from "../src/gost34311.ts";
import { kupyna } from "../src/kupyna.ts";
import { namedCurve } from "../src/named-curves.ts";
import { OID } from "../src/oids.ts";

export const NOW = new Date("2026-06-01T12:00:00Z");
export const PASSWORD = "Passw0rd!";

interface Wishes {
  readonly curve: number;
  readonly explicit: boolean;
  readonly hash: "gost" | "kupyna";
  /** First byte of keyUsage. */
  readonly usage: number;
  readonly from: string;
  readonly until: string;
  readonly d?: Bytes;
  readonly serial: number;
  readonly dke: Bytes;
}

export interface Person {
  readonly curve: Curve;
  readonly d: Bytes;
  readonly pkcs8: Bytes;
  readonly certificate: Bytes;
}

const USUAL: Wishes = {
  curve: 6,
  explicit: false,
  hash: "gost",
  usage: 0xc0,
  from: "2026-01-01",
  until: "2027-12-31",
  serial: 0x1234,
  dke: DEFAULT_DKE,
};

export function person(wishes: Partial<Wishes> = {}): Person {
  const wish = { ...USUAL, ...wishes };
  const curve = namedCurve(wish.curve);
  const d = wish.d ?? curve.order.random();
  const algorithm = sequence(
    oid(OID.dstu4145),
    sequence(wish.explicit ? ecBinary(curve) : oid(OID.namedCurve + wish.curve), octetString(wish.dke)),
  );
  const pkcs8 = sequence(integer(0), algorithm, octetString(d));
  const key = write(TAG.bits, Uint8Array.of(0), octetString(publicKey(curve, d)));
  return { curve, d, pkcs8, certificate: certificate(wish, sequence(algorithm, key), curve, d) };
}

/** A self-signed certificate. */
function certificate(wish: Wishes, spki: Bytes, curve: Curve, d: Bytes): Bytes {
  const isGOST = wish.hash === "gost";
  const algorithm = sequence(oid(isGOST ? OID.dstu4145 : `${OID.dstu4145Kupyna}1.1`));
  const validity = sequence(time(new Date(wish.from)), time(new Date(wish.until)));
  const name = subject();
  const tbs = sequence(
    context(0, integer(2)),
    integer(wish.serial >> 8, wish.serial & 255),
    algorithm,
    name,
    validity,
    name,
    spki,
    context(3, sequence(...extensions(wish.usage))),
  );
  const signature = sign(curve, d, isGOST ? gost34311(tbs, wish.dke) : kupyna(256, tbs));
  return sequence(tbs, algorithm, write(TAG.bits, Uint8Array.of(0), octetString(signature)));
}

function subject(): Bytes {
  const names = [
    [OID.surname, "Лисенко"],
    [OID.givenName, "Марко Вигаданий"],
    [OID.commonName, "Лисенко Марко Вигаданий"],
    [OID.organization, "Клініка «Зразок»"],
    [OID.serialNumber, "TINUA-0000000001"],
  ];
  return sequence(...names.map(([type, value]) => setOf(sequence(oid(type), utf8(value)))));
}

function extensions(usage: number): Bytes[] {
  const attribute = (type: string, value: string) =>
    sequence(oid(type), setOf(write(0x13, new TextEncoder().encode(value))));
  const directory = sequence(attribute(OID.drfo, "0000000001"), attribute(OID.edrpou, "00000002"));
  return [
    sequence(oid(OID.keyUsage), write(0x01, Uint8Array.of(255)), octetString(write(TAG.bits, Uint8Array.of(3, usage)))),
    sequence(oid(OID.basicConstraints), octetString(sequence())),
    sequence(oid(OID.subjectDirectoryAttributes), octetString(directory)),
  ];
}

export function ecBinary(curve: Curve): Bytes {
  const { m, middle, a, b, n, base } = curve.parameters;
  const terms = middle.map((term) => integer(term));
  const padded = (bytes: Uint8Array) => concat(bytes, new Uint8Array(curve.field.bytes - bytes.length));
  return sequence(
    sequence(integer(m >> 8, m & 255), terms.length === 1 ? terms[0] : sequence(...terms)),
    integer(a),
    octetString(padded(b)),
    integer(...reversed(n)),
    octetString(padded(base)),
  );
}

export function jks(pkcs8: Uint8Array, certificates: Uint8Array[], password = PASSWORD): Bytes {
  const secret = Buffer.from(password, "utf16le").swap16();
  const chain = certificates.flatMap((bytes) => [javaText("X.509"), number(bytes.length), bytes]);
  const key = sequence(sequence(oid(OID.sunProtector), write(TAG.null)), octetString(sunProtected(pkcs8, secret)));
  const body = concat(
    number(0xfeedfeed),
    number(2),
    number(1),
    number(1),
    javaText("ключ"),
    number(0),
    number(0),
    number(key.length),
    key,
    number(certificates.length),
    ...chain,
  );
  return concat(body, sha1(secret, Buffer.from("Mighty Aphrodite"), body));
}

function sunProtected(plain: Uint8Array, secret: Uint8Array): Bytes {
  const salt = randomBytes(20);
  const masked = Uint8Array.from(plain);
  let link: Uint8Array = salt;
  for (let i = 0; i < masked.length; i++) {
    if (i % 20 === 0) link = sha1(secret, link);
    masked[i] ^= link[i % 20];
  }
  return concat(salt, masked, sha1(secret, plain));
}

/** PKCS#12 with PBES2 AES-256: certificates in an encrypted safe, keys shrouded. */
export function pfxAES(keys: Uint8Array[], certificates: Uint8Array[], password = PASSWORD): Bytes {
  const bags = certificates.map((bytes) => sequence(oid(OID.certificateBag), context(0, certificateValue(bytes))));
  const [algorithm, data] = aes(sequence(...bags), password);
  const hidden = sequence(
    oid(OID.encryptedData),
    context(0, sequence(integer(0), sequence(oid(OID.data), algorithm, write(0x80, data)))),
  );
  const shrouded = keys.map((key) => sequence(...aes(key, password).map((part, i) => (i ? octetString(part) : part))));
  return pfx([hidden, keySafe(shrouded)]);
}

/** PKCS#12 as Ukrainian providers make it: PBES2 with GOST, everything in one open safe. */
export function pfxGOST(keys: Uint8Array[], certificates: Uint8Array[], password = PASSWORD): Bytes {
  const bags = certificates.map((bytes) => sequence(oid(OID.certificateBag), context(0, certificateValue(bytes))));
  const safe = sequence(oid(OID.data), context(0, octetString(sequence(...bags))));
  return pfx([safe, keySafe(keys.map((key) => pbes2GOST(key, password)))]);
}

function certificateValue(bytes: Uint8Array): Bytes {
  return sequence(oid("1.2.840.113549.1.9.22.1"), context(0, octetString(bytes)));
}

function keySafe(shrouded: Uint8Array[]): Bytes {
  const bags = shrouded.map((key) => sequence(oid(OID.shroudedKeyBag), context(0, key)));
  return sequence(oid(OID.data), context(0, octetString(sequence(...bags))));
}

function pfx(safes: Uint8Array[]): Bytes {
  return sequence(integer(3), sequence(oid(OID.data), context(0, octetString(sequence(...safes)))));
}

function aes(plain: Uint8Array, password: string): [algorithm: Bytes, data: Bytes] {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const cipher = createCipheriv("aes-256-cbc", pbkdf2Sync(password, salt, 2000, 32, "sha256"), iv);
  const prf = sequence(oid("1.2.840.113549.2.9"), write(TAG.null));
  const derivation = sequence(oid(OID.pbkdf2), sequence(octetString(salt), integer(7, 208), prf));
  const scheme = sequence(oid("2.16.840.1.101.3.4.1.42"), octetString(iv));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return [sequence(oid(OID.pbes2), sequence(derivation, scheme)), bytesOf(data)];
}

/** EncryptedPrivateKeyInfo: 1 000 rounds of HMAC-GOST 34.311, GOST 28147 CFB. @param password its bytes as latin-1 */
export function pbes2GOST(pkcs8: Uint8Array, password = PASSWORD): Bytes {
  const [salt, iv] = [randomBytes(32), randomBytes(8)];
  const cipher = gost89.init();
  cipher.key(gost89.compat.convert_password({ format: "PBES2", salt, iters: 1000 }, password));
  const prf = sequence(oid(OID.hmacGOST34311), write(TAG.null));
  const derivation = sequence(oid(OID.pbkdf2), sequence(octetString(salt), integer(3, 232), prf));
  const scheme = sequence(oid(OID.gost28147CFB), sequence(octetString(iv), octetString(DEFAULT_DKE)));
  const data = cipher.crypt_cfb(iv, Buffer.from(pkcs8));
  return sequence(sequence(oid(OID.pbes2), sequence(derivation, scheme)), octetString(data));
}

/** Key-6.dat. */
export function iit(pkcs8: Uint8Array, password = PASSWORD): Bytes {
  const padded = Buffer.concat([pkcs8, Buffer.alloc((8 - (pkcs8.length % 8)) % 8)]);
  const cipher = gost89.init();
  cipher.key(gost89.compat.convert_password({ format: "IIT" }, password));
  const hidden = cipher.crypt(padded);
  const [data, padding] = [hidden.subarray(0, pkcs8.length), hidden.subarray(pkcs8.length)];
  const parameters = sequence(octetString(cipher.mac(32, padded)), octetString(padding));
  return sequence(sequence(oid(OID.iitContainer), parameters), octetString(data));
}

export function pem(label: string, der: Uint8Array): Bytes {
  const lines = Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n");
  return bytesOf(Buffer.from(`-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`));
}

/** A .p7b: SignedData with certificates only. */
export function bundle(certificates: Uint8Array[]): Bytes {
  const signed = sequence(integer(1), setOf(), sequence(oid(OID.data)), context(0, ...certificates), setOf());
  return sequence(oid(OID.signedData), context(0, signed));
}

function utf8(text: string): Bytes {
  return write(TAG.utf8, new TextEncoder().encode(text));
}

function javaText(text: string): Bytes {
  const bytes = Buffer.from(text);
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length), bytes);
}

function number(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function sha1(...parts: Uint8Array[]): Bytes {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return bytesOf(hash.digest());
}
