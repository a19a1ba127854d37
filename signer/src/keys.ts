/** Private and public keys of PKCS#8 and SubjectPublicKeyInfo: DSTU 4145 by own arithmetic, ECDSA and RSA by WebCrypto. */

import { type Bytes, bytesOf, equal, reversed, wipe } from "./bytes.ts";
import { Curve } from "./curve.ts";
import { integer, Node, octetString, oid, parse, sequence, TAG, write } from "./der.ts";
import { publicKey } from "./dstu4145.ts";
import { KEPError } from "./errors.ts";
import { DEFAULT_DKE } from "./gost28147.ts";
import { gost34311 } from "./gost34311.ts";
import { kupyna } from "./kupyna.ts";
import { curveOfField, namedCurve } from "./named-curves.ts";
import { OID } from "./oids.ts";

/** d is little-endian. */
export interface DSTUPrivateKey {
  readonly kind: "dstu";
  readonly curve: Curve;
  readonly d: Bytes;
}

/** A key that the browser's own cryptography keeps and signs with. */
export interface WebPrivateKey {
  readonly kind: "web";
  readonly scheme: Scheme;
  readonly key: CryptoKey;
}

export type PrivateKey = DSTUPrivateKey | WebPrivateKey;

/** `dke` is the substitution for GOST 34.311 that belongs to the key. */
export type PublicKey =
  | { readonly kind: "dstu"; readonly curve: Curve; readonly dke: Uint8Array; readonly compressed: Uint8Array }
  | { readonly kind: "web"; readonly scheme: Scheme; readonly spki: Bytes };

export type Scheme = "P-256" | "P-384" | "P-521" | "RSA";

const ECDSA_CURVES: Record<string, Scheme> = { [OID.p256]: "P-256", [OID.p384]: "P-384", [OID.p521]: "P-521" };

/** What WebCrypto is told when a key is imported and used. */
export const WEB_ALGORITHMS: Record<Scheme, { name: string; hash: string; namedCurve?: string }> = {
  "P-256": { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" },
  "P-384": { name: "ECDSA", hash: "SHA-384", namedCurve: "P-384" },
  "P-521": { name: "ECDSA", hash: "SHA-512", namedCurve: "P-521" },
  RSA: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
};

/**
 * The keys of a PrivateKeyInfo: one, or two when an IIT container keeps the second in an attribute.
 * @throws KEPError unsupported-key; DERError, RangeError when it is not a PrivateKeyInfo.
 */
export async function readPrivateKeys(pkcs8: Uint8Array): Promise<PrivateKey[]> {
  const info = parse(pkcs8).expect(TAG.sequence);
  info.at(0).number();
  if (!info.at(1).is(TAG.sequence)) return readPrivateKeys(asPKCS8(info));
  const algorithm = info.at(1);
  const octets = info.at(2).octets();
  const name = algorithm.at(0).oid();
  if (name === OID.ecPublicKey || name === OID.rsa) return [await importWeb(algorithm, bytesOf(pkcs8))];
  if (!name.startsWith(OID.dstu4145)) throw new KEPError("unsupported-key");
  const attributes = info.find(0xa0);
  return readable([
    async () => [dstuKey(readDSTUParameters(algorithm.at(1)).curve, octets)],
    async () => (attributes ? readSecondKey(attributes) : []),
  ]);
}

/**
 * The keys of all pieces that can be read: one that cannot never hides another.
 * @throws what is wrong with the first piece when there is no key at all.
 */
export async function readable(pieces: readonly (() => Promise<PrivateKey[]>)[]): Promise<PrivateKey[]> {
  const keys: PrivateKey[] = [];
  const faults: unknown[] = [];
  for (const read of pieces)
    await read().then(
      (found) => keys.push(...found),
      (fault) => faults.push(fault),
    );
  if (keys.length === 0 && faults.length > 0) throw faults[0];
  return keys;
}

/** PKCS#1 (the modulus follows the version) and SEC1 (the secret follows it), as openssl writes keys, in a PrivateKeyInfo. */
function asPKCS8(key: Node): Bytes {
  const isRSA = key.at(1).is(TAG.integer);
  const curve = key.find(0xa0)?.at(0).bytes;
  if (!isRSA && !curve) throw new KEPError("unsupported-key");
  const algorithm = isRSA ? sequence(oid(OID.rsa), write(TAG.null)) : sequence(oid(OID.ecPublicKey), curve!);
  return sequence(integer(0), algorithm, octetString(key.bytes));
}

/** null for a kind of key this signer does not know. */
export function readPublicKey(spki: Node): PublicKey | null {
  const algorithm = spki.at(0);
  const name = algorithm.at(0).oid();
  if (name.startsWith(OID.dstu4145)) {
    const { curve, dke } = readDSTUParameters(algorithm.at(1));
    const packed = parse(spki.at(1).bits()).octets();
    const ends = name === OID.dstu4145BigEndian ? [reversed(packed), packed] : [packed, reversed(packed)];
    return { kind: "dstu", curve, dke, compressed: ends.find((compressed) => isPoint(curve, compressed)) ?? packed };
  }
  const scheme = schemeOf(algorithm);
  return scheme && { kind: "web", scheme, spki: bytesOf(spki.bytes) };
}

/** Whether the public key belongs to the private one. */
export async function matches(own: PrivateKey, other: PublicKey | null): Promise<boolean> {
  if (own.kind === "dstu") {
    return (
      other?.kind === "dstu" &&
      equal(own.curve.order.n, other.curve.order.n) &&
      equal(publicKey(own.curve, own.d), other.compressed)
    );
  }
  if (other?.kind !== "web" || other.scheme !== own.scheme) return false;
  const probe = crypto.getRandomValues(new Uint8Array(32));
  const algorithm = WEB_ALGORITHMS[own.scheme];
  const key = await crypto.subtle.importKey("spki", other.spki, algorithm, false, ["verify"]);
  return crypto.subtle.verify(algorithm, key, await crypto.subtle.sign(algorithm, own.key, probe), probe);
}

/** What centres may call the key by: GOST 34.311 or Kupyna-256 of its public point as an OCTET STRING. */
export function identifiers(key: PrivateKey): Bytes[] {
  if (key.kind !== "dstu") return [];
  const point = octetString(publicKey(key.curve, key.d));
  return [gost34311(point), kupyna(256, point)];
}

export function wipeKeys(keys: readonly PrivateKey[]): void {
  for (const key of keys) if (key.kind === "dstu") wipe(key.d);
}

async function importWeb(algorithm: Node, pkcs8: Bytes): Promise<WebPrivateKey> {
  const scheme = schemeOf(algorithm);
  if (!scheme) throw new KEPError("unsupported-key");
  const imported = crypto.subtle.importKey("pkcs8", pkcs8, WEB_ALGORITHMS[scheme], false, ["sign"]);
  const key = await imported.catch(() => {
    throw new KEPError("unsupported-key");
  });
  return { kind: "web", scheme, key };
}

function schemeOf(algorithm: Node): Scheme | null {
  if (algorithm.at(0).oid() === OID.rsa) return "RSA";
  const isEC = algorithm.at(0).oid() === OID.ecPublicKey && algorithm.at(1).is(TAG.oid);
  return (isEC && ECDSA_CURVES[algorithm.at(1).oid()]) || null;
}

function dstuKey(curve: Curve, little: Uint8Array): DSTUPrivateKey {
  const d = curve.order.read(little);
  if (!d) throw new RangeError("the private key is not below the order of the curve");
  return { kind: "dstu", curve, d };
}

/** IIT: the second key (usually for encryption) has the bits of every byte reversed. */
function readSecondKey(attributes: Node): PrivateKey[] {
  const value = (name: string) => attributes.children.find((attribute) => attribute.at(0).oid() === name)?.at(1, 0);
  const parameters = value(OID.iitSecondCurve);
  const bits = value(OID.iitSecondKey);
  return parameters && bits ? [dstuKey(readDSTUParameters(parameters).curve, bits.bits().map(mirrored))] : [];
}

function mirrored(byte: number): number {
  let mirror = 0;
  for (let bit = 0; bit < 8; bit++) mirror |= ((byte >> bit) & 1) << (7 - bit);
  return mirror;
}

/** DSTU4145Params: a curve, named or spelled out, and perhaps a substitution. */
function readDSTUParameters(parameters: Node): { curve: Curve; dke: Uint8Array } {
  const curve = parameters.at(0);
  const dke = parameters.children.find((child) => child.is(TAG.octets))?.content ?? DEFAULT_DKE;
  if (!curve.is(TAG.oid)) return { curve: readExplicit(curve), dke };
  const name = curve.oid();
  if (!name.startsWith(OID.namedCurve)) throw new KEPError("unsupported-key");
  return { curve: namedCurve(Number(name.slice(OID.namedCurve.length))), dke };
}

/**
 * ECBinary: {[0] version, {m, k or {k, j, l}}, a, b, n, base}. It must be a curve of the standard; b and the base point
 * stand in either byte order, because programs disagree, and the base point may be another one.
 */
function readExplicit(binary: Node): Curve {
  const [field, a, b, n, base] = binary.children.filter((child) => child.tag !== 0xa0);
  const terms = field.at(1);
  const middle = terms.is(TAG.integer) ? [terms.number()] : terms.children.map((term) => term.number());
  const order = trimmed(reversed(n.expect(TAG.integer).content));
  const usual = curveOfField(field.at(0).number());
  const { parameters } = usual;
  const ends = [b.octets(), reversed(b.octets())];
  const isStandard =
    [...middle].sort((one, other) => one - other).join() === parameters.middle.join() &&
    (a.number() === 0 ? 0 : 1) === parameters.a &&
    equal(order, parameters.n);
  const end = ends.findIndex((little) => equal(trimmed(little), trimmed(parameters.b)));
  if (!isStandard || end < 0) throw new KEPError("unsupported-key");
  return withBase(
    usual,
    end === 0 ? [base.octets(), reversed(base.octets())] : [reversed(base.octets()), base.octets()],
  );
}

/** The usual curve when one of the compressed points is its own, else the first that is a point. */
function withBase(usual: Curve, bases: readonly Uint8Array[]): Curve {
  const { parameters } = usual;
  const own = usual.compress(usual.base);
  if (bases.some((base) => equal(trimmed(base), trimmed(own)))) return usual;
  const base = bases.find((candidate) => isPoint(usual, candidate));
  if (!base) throw new KEPError("unsupported-key");
  return new Curve({ ...parameters, base });
}

function isPoint(curve: Curve, compressed: Uint8Array): boolean {
  try {
    curve.expand(compressed);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A little-endian number without the zeros above it. */
function trimmed(little: Uint8Array): Uint8Array {
  let length = little.length;
  while (length > 1 && little[length - 1] === 0) length -= 1;
  return little.subarray(0, length);
}
