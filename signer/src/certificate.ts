/** X.509 certificates as far as a signer needs them: whose, for what, until when, which key; and files of them. */

import { fromBase64 } from "./bytes.ts";
import { DERError, Node, parse, TAG } from "./der.ts";
import { KEPError } from "./errors.ts";
import { type PublicKey, readPublicKey } from "./keys.ts";
import { OID } from "./oids.ts";

/** Bits 0 and 1 of keyUsage: digitalSignature, nonRepudiation. */
const SIGNING_USAGE = 0xc0;

/** What the page shows about the owner of the key; empty when the certificate does not say. */
export interface Holder {
  readonly name: string;
  readonly organization: string;
  /** РНОКПП (ДРФО) of the person. */
  readonly drfo: string;
  /** Code of the organisation (ЄДРПОУ). */
  readonly edrpou: string;
  readonly validUntil: Date;
}

export class Certificate {
  /** The serial number and the issuer's name exactly as encoded. */
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly signatureAlgorithm: string;
  private readonly subject: Node;
  private readonly spki: Node;
  private readonly extensions: Map<string, Node>;
  private key: PublicKey | null = null;

  /** @throws DERError when the bytes are not a certificate. */
  constructor(readonly bytes: Uint8Array) {
    const root = parse(bytes).expect(TAG.sequence);
    const fields = root
      .at(0)
      .expect(TAG.sequence)
      .children.filter((field) => field.tag !== 0xa0);
    const [serial, , issuer, validity, subject, spki] = fields;
    if (!spki) throw new DERError("not a certificate");
    this.serial = serial.expect(TAG.integer).bytes;
    this.issuer = issuer.expect(TAG.sequence).bytes;
    this.notBefore = validity.at(0).time();
    this.notAfter = validity.at(1).time();
    this.subject = subject.expect(TAG.sequence);
    this.spki = spki.expect(TAG.sequence);
    this.signatureAlgorithm = root.at(1, 0).oid();
    this.extensions = readExtensions(root.at(0).find(0xa3));
  }

  /** null for a kind of key this signer does not know or cannot read. */
  get publicKey(): PublicKey | null {
    try {
      this.key ??= readPublicKey(this.spki);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
    return this.key;
  }

  /** RFC 5280, 4.2.1.3: without the extension a key may be used for anything. */
  get maySign(): boolean {
    const usage = this.extensions.get(OID.keyUsage);
    return usage === undefined || (usage.bits()[0] & SIGNING_USAGE) !== 0;
  }

  get isAuthority(): boolean {
    const flag = this.extensions.get(OID.basicConstraints)?.children[0];
    return flag !== undefined && flag.tag === 0x01 && flag.content[0] !== 0;
  }

  get holder(): Holder {
    const person = [this.name(OID.surname), this.name(OID.givenName)].filter(Boolean).join(" ");
    return {
      name: person || this.name(OID.commonName),
      organization: this.name(OID.organization),
      drfo: this.directory(OID.drfo) || after("TINUA-", this.name(OID.serialNumber)),
      edrpou: this.directory(OID.edrpou) || after("NTRUA-", this.name(OID.organizationIdentifier)),
      validUntil: this.notAfter,
    };
  }

  private name(type: string): string {
    const parts = this.subject.children.flatMap((set) => set.children);
    return (
      parts
        .find((part) => part.at(0).oid() === type)
        ?.at(1)
        .text()
        .trim() ?? ""
    );
  }

  private directory(type: string): string {
    const attributes = this.extensions.get(OID.subjectDirectoryAttributes)?.children ?? [];
    return (
      attributes
        .find((attribute) => attribute.at(0).oid() === type)
        ?.at(1, 0)
        .text()
        .trim() ?? ""
    );
  }
}

/** Those that are certificates; others in a key file are passed over. */
export function readableCertificates(files: readonly Uint8Array[]): Certificate[] {
  return files.flatMap((file) => {
    try {
      return [new Certificate(file)];
    } catch (error) {
      if (isUnreadable(error)) return [];
      throw error;
    }
  });
}

function isUnreadable(error: unknown): boolean {
  return error instanceof DERError || error instanceof RangeError || error instanceof KEPError;
}

/** Certificates of a .cer, .crt, .pem or .p7b file. @throws KEPError not-a-certificate */
export function readCertificates(file: Uint8Array): Certificate[] {
  try {
    return unwrapPEM(file).flatMap(readCertificateOrBundle);
  } catch (error) {
    if (error instanceof DERError) throw new KEPError("not-a-certificate");
    throw error;
  }
}

/** The binary blocks of a PEM file; a file that is not PEM is one block, perhaps in bare base64 (also that of addresses). */
export function unwrapPEM(file: Uint8Array): Uint8Array[] {
  const text = new TextDecoder("latin1").decode(file);
  const blocks = [...text.matchAll(/-----BEGIN [^-]+-----([A-Za-z0-9+/=\s]+)-----END/g)];
  if (blocks.length > 0) return blocks.map((block) => fromBase64(block[1]));
  const bare = text.replace(/^\u00ef\u00bb\u00bf/, "");
  if (!/^[A-Za-z0-9+/_=\s-]+$/.test(bare)) return [file];
  try {
    return [fromBase64(bare.replaceAll("-", "+").replaceAll("_", "/"))];
  } catch {
    return [file];
  }
}

function readCertificateOrBundle(block: Uint8Array): Certificate[] {
  const root = parse(block).expect(TAG.sequence);
  if (!root.at(0).is(TAG.oid)) return [new Certificate(root.bytes)];
  if (root.at(0).oid() !== OID.signedData) throw new DERError("not certificates");
  return (
    root
      .at(1, 0)
      .find(0xa0)
      ?.children.map((node) => new Certificate(node.bytes)) ?? []
  );
}

function readExtensions(wrapper: Node | undefined): Map<string, Node> {
  const read = new Map<string, Node>();
  const wanted: string[] = [OID.keyUsage, OID.basicConstraints, OID.subjectDirectoryAttributes];
  for (const extension of wrapper?.at(0).children ?? []) {
    const name = extension.at(0).oid();
    if (wanted.includes(name)) read.set(name, parse(extension.at(extension.children.length - 1).octets()));
  }
  return read;
}

function after(prefix: string, value: string): string {
  return value.startsWith(prefix) ? value.slice(prefix.length) : "";
}
