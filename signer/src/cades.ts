/** CAdES-BES: CMS SignedData with the content inside, one certificate, and the signed attributes in DER order. */

import { type Bytes, bytesOf } from "./bytes.ts";
import type { Certificate } from "./certificate.ts";
import { context, integer, octetString, oid, sequence, setOf, TAG, time, write } from "./der.ts";
import { sign as signDSTU } from "./dstu4145.ts";
import { gost34311 } from "./gost34311.ts";
import { type PrivateKey, WEB_ALGORITHMS } from "./keys.ts";
import { kupyna } from "./kupyna.ts";
import { OID } from "./oids.ts";

export interface Signer {
  readonly key: PrivateKey;
  readonly certificate: Certificate;
}

interface Suite {
  readonly digestAlgorithm: string;
  /** Of the signature: an AlgorithmIdentifier, encoded. */
  readonly signatureAlgorithm: Bytes;
  digest(message: Uint8Array): Promise<Bytes>;
}

/** @param at the claimed signing time. */
export async function signCAdES(signer: Signer, content: Uint8Array, at: Date): Promise<Bytes> {
  const { certificate } = signer;
  const suite = suiteOf(certificate);
  const digestAlgorithm = sequence(oid(suite.digestAlgorithm));
  const attributes = setOf(
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octetString(await suite.digest(content))),
    attribute(OID.signingTime, time(at)),
    attribute(OID.signingCertificateV2, await namedOnce(certificate, suite)),
  );
  const signature = await signDigest(signer.key, await suite.digest(attributes), attributes);
  const signerInfo = sequence(
    integer(1),
    sequence(certificate.issuer, certificate.serial),
    digestAlgorithm,
    implicitSet(attributes),
    suite.signatureAlgorithm,
    octetString(signature),
  );
  const signedData = sequence(
    integer(1),
    setOf(digestAlgorithm),
    sequence(oid(OID.data), context(0, octetString(content))),
    context(0, certificate.bytes),
    setOf(signerInfo),
  );
  return sequence(oid(OID.signedData), context(0, signedData));
}

/** A certificate is hashed once, not for every document of a batch. */
const NAMED = new WeakMap<Certificate, Promise<Bytes>>();

function namedOnce(certificate: Certificate, suite: Suite): Promise<Bytes> {
  const named = NAMED.get(certificate) ?? signingCertificate(certificate, suite);
  NAMED.set(certificate, named);
  return named;
}

/** ESSCertIDv2 with issuer and serial number, as Ukrainian programs write it; SHA-256 is the default and left out. */
async function signingCertificate(certificate: Certificate, suite: Suite): Promise<Bytes> {
  const algorithm = suite.digestAlgorithm === OID.sha256 ? [] : [sequence(oid(suite.digestAlgorithm))];
  const issuerSerial = sequence(sequence(context(4, certificate.issuer)), certificate.serial);
  const hash = octetString(await suite.digest(certificate.bytes));
  return sequence(sequence(sequence(...algorithm, hash, issuerSerial)));
}

/**
 * The hash follows the certificate's signature algorithm: a Kupyna certificate keeps the key algorithm of the GOST days.
 * A DSTU key certified with another kind of signature uses Kupyna-256, which is the current standard.
 */
function suiteOf(certificate: Certificate): Suite {
  const { publicKey, signatureAlgorithm } = certificate;
  if (publicKey?.kind !== "dstu") return WEB_SUITES[publicKey?.scheme ?? "P-256"];
  const match = /\.3\.6\.([123])(\.1)?$/.exec(signatureAlgorithm);
  if (signatureAlgorithm.startsWith(OID.dstu4145Kupyna) && match) return kupynaSuite(Number(match[1]));
  if (!signatureAlgorithm.startsWith(OID.dstu4145)) return kupynaSuite(1);
  const { dke } = publicKey;
  return {
    digestAlgorithm: OID.gost34311,
    signatureAlgorithm: sequence(oid(OID.dstu4145)),
    digest: async (message) => gost34311(message, dke),
  };
}

/** @param size 1, 2, 3 for 256, 384, 512 bits. */
function kupynaSuite(size: number): Suite {
  return {
    digestAlgorithm: `${OID.kupyna}${size}`,
    signatureAlgorithm: sequence(oid(`${OID.dstu4145Kupyna}${size}.1`)),
    digest: async (message) => kupyna(128 + 128 * size, message),
  };
}

const WEB_SUITES = {
  "P-256": webSuite("SHA-256", OID.sha256, sequence(oid(OID.ecdsaSHA256))),
  "P-384": webSuite("SHA-384", OID.sha384, sequence(oid(OID.ecdsaSHA384))),
  "P-521": webSuite("SHA-512", OID.sha512, sequence(oid(OID.ecdsaSHA512))),
  // RFC 4055, 5: the parameters of RSA are NULL, and must be there.
  RSA: webSuite("SHA-256", OID.sha256, sequence(oid(OID.rsaSHA256), write(TAG.null))),
};

function webSuite(name: string, digestAlgorithm: string, signatureAlgorithm: Bytes): Suite {
  const digest = async (message: Uint8Array) => new Uint8Array(await crypto.subtle.digest(name, bytesOf(message)));
  return { digestAlgorithm, signatureAlgorithm, digest };
}

/** DSTU signs the digest; WebCrypto insists on hashing by itself and takes the attributes. */
async function signDigest(key: PrivateKey, digest: Bytes, attributes: Bytes): Promise<Bytes> {
  if (key.kind === "dstu") return signDSTU(key.curve, key.d, digest);
  const signature = new Uint8Array(await crypto.subtle.sign(WEB_ALGORITHMS[key.scheme], key.key, attributes));
  if (key.scheme === "RSA") return signature;
  const half = signature.length / 2;
  return sequence(integer(...signature.subarray(0, half)), integer(...signature.subarray(half)));
}

function attribute(type: string, value: Uint8Array): Bytes {
  return sequence(oid(type), setOf(value));
}

/** SignedAttrs go in as [0]; they are hashed as the SET they are (RFC 5652, 5.4). */
function implicitSet(set: Bytes): Bytes {
  return write(0xa0, set.subarray(set[1] < 0x80 ? 2 : 2 + (set[1] & 0x7f)));
}
