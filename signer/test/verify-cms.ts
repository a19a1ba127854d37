/** Checks a CMS of one DSTU signer: digest of the content, signature over the attributes, nothing of certificates. */

import { equal } from "../src/bytes.ts";
import { Certificate } from "../src/certificate.ts";
import { type Node, parse } from "../src/der.ts";
import { verify } from "../src/dstu4145.ts";
import { gost34311 } from "../src/gost34311.ts";
import { kupyna } from "../src/kupyna.ts";
import { OID } from "../src/oids.ts";

export interface CMS {
  readonly certificate: Certificate;
  readonly content: Uint8Array;
  readonly digestAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly attributes: Node;
  readonly signature: Uint8Array;
}

export function readCMS(bytes: Uint8Array): CMS {
  const signed = parse(bytes).at(1, 0);
  const info = signed.at(signed.children.length - 1, 0);
  const attributes = info.find(0xa0);
  if (!attributes) throw new Error("no signed attributes");
  return {
    certificate: new Certificate(signed.children.find((child) => child.tag === 0xa0)!.at(0).bytes),
    content: signed.at(2, 1, 0).octets(),
    digestAlgorithm: info.at(2, 0).oid(),
    signatureAlgorithm: info.at(4, 0).oid(),
    attributes,
    signature: info.at(5).octets(),
  };
}

export function isRight(cms: CMS): boolean {
  const key = cms.certificate.publicKey;
  if (key?.kind !== "dstu") throw new Error("not a DSTU key");
  const isGOST = cms.digestAlgorithm === OID.gost34311;
  const bits = 128 + 128 * Number(cms.digestAlgorithm.slice(-1));
  const digest = (message: Uint8Array) => (isGOST ? gost34311(message, key.dke) : kupyna(bits, message));
  const signedBytes = Uint8Array.from(cms.attributes.bytes);
  signedBytes[0] = 0x31;
  return (
    equal(digest(cms.content), attribute(cms, OID.messageDigest).octets()) &&
    verify(key.curve, key.curve.expand(key.compressed), digest(signedBytes), cms.signature)
  );
}

export function attribute(cms: CMS, type: string): Node {
  return cms.attributes.children.find((candidate) => candidate.at(0).oid() === type)!.at(1, 0);
}
