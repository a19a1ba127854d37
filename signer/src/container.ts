/** Key files of every kind in use: JKS, PKCS#12, PKCS#8 (plain or PBES2), IIT Key-6.dat; DER or PEM. */

import { type Bytes, wipe } from "./bytes.ts";
import { type Certificate, readableCertificates, readCertificates, unwrapPEM } from "./certificate.ts";
import { DERError, Node, parse, TAG } from "./der.ts";
import { KEPError } from "./errors.ts";
import { isJKS, readJKS } from "./jks.ts";
import { type PrivateKey, readable, readPrivateKeys } from "./keys.ts";
import { OID } from "./oids.ts";
import {
  decryptIIT,
  decryptPBES2,
  decryptPKCS12,
  decryptSun,
  passwordEncodings,
  type Progress,
  utf16,
} from "./password.ts";
import { MAX_FILE_SIZE } from "./protocol.ts";

export interface Container {
  readonly keys: PrivateKey[];
  readonly certificates: Certificate[];
}

/** Some tokens put six bytes, the first of them 51h, before an IIT container. */
const PREFIX = 0x51;
const PREFIX_LENGTH = 6;

/** @throws KEPError not-a-key, wrong-password, unsupported-container, unsupported-key */
export async function openContainer(file: Uint8Array, password: string, progress: Progress): Promise<Container> {
  if (file.length > MAX_FILE_SIZE) throw new KEPError("not-a-key");
  try {
    return isJKS(file) ? await openJKS(file, password) : await openWithAnyEncoding(file, password, progress);
  } catch (error) {
    throw understood(error, "not-a-key");
  }
}

async function openJKS(file: Uint8Array, password: string): Promise<Container> {
  const store = readJKS(file);
  const secret = utf16(password);
  try {
    const keys = await readable(store.keys.map((entry) => () => openEntry(entry, secret)));
    if (keys.length === 0) throw new KEPError("not-a-key");
    return { keys, certificates: readableCertificates(store.certificates) };
  } finally {
    wipe(secret);
  }
}

async function openEntry(entry: Uint8Array, secret: Bytes): Promise<PrivateKey[]> {
  const { algorithm, data } = encrypted(parse(entry));
  if (algorithm.at(0).oid() !== OID.sunProtector) throw new KEPError("unsupported-container");
  return readDecrypted(decryptSun(data, secret));
}

async function openWithAnyEncoding(file: Uint8Array, password: string, progress: Progress): Promise<Container> {
  const bare = file[0] === PREFIX ? file.subarray(PREFIX_LENGTH) : file;
  const roots = unwrapPEM(bare).map(parse);
  for (const encoded of passwordEncodings(password)) {
    try {
      return await openAll(roots, new Unlocking(password, encoded, progress));
    } catch (error) {
      if (!(error instanceof KEPError) || error.reason !== "wrong-password") throw error;
    } finally {
      wipe(encoded);
    }
  }
  throw new KEPError("wrong-password");
}

/** All pieces of a file; PEM has several. */
async function openAll(roots: readonly Node[], unlocking: Unlocking): Promise<Container> {
  const certificates: Certificate[] = [];
  const open = async (root: Node) => {
    if (isCertificates(root)) {
      certificates.push(...readCertificates(root.bytes));
      return [];
    }
    const container = await openDER(root, unlocking);
    certificates.push(...container.certificates);
    return container.keys;
  };
  // Curves stand before keys of openssl and are told with them.
  const pieces = roots.length === 1 ? roots : roots.filter((root) => root.is(TAG.sequence));
  const keys = await readable(pieces.map((root) => () => open(root)));
  if (keys.length === 0) throw new KEPError("not-a-key");
  return { keys, certificates };
}

/** A certificate ends with its signature, a bundle begins with its name; key files do neither. */
function isCertificates(root: Node): boolean {
  return root.is(TAG.sequence) && (root.at(0).is(TAG.oid) || root.children[2]?.is(TAG.bits) === true);
}

/** PKCS#12 begins with the number 3, a plain PKCS#8 with 0 (or 1), the encrypted forms with a sequence. */
async function openDER(root: Node, unlocking: Unlocking): Promise<Container> {
  const first = root.expect(TAG.sequence).at(0);
  if (first.is(TAG.integer) && first.number() === 3) return openPFX(root, unlocking);
  if (first.is(TAG.integer)) return { keys: await readPrivateKeys(root.bytes), certificates: [] };
  const { algorithm, data } = encrypted(root);
  const isIIT = algorithm.at(0).oid() === OID.iitContainer;
  const plain = isIIT ? decryptIIT(root, unlocking.encoded) : await unlocking.decrypt(algorithm, data);
  return { keys: await readDecrypted(plain), certificates: [] };
}

/** PFX: {3, ContentInfo of a sequence of ContentInfos, MAC}. The certificate proves the key, so the MAC is not needed. */
async function openPFX(root: Node, unlocking: Unlocking): Promise<Container> {
  const safes = parse(root.at(1, 1, 0).octets()).children;
  const certificates: Uint8Array[] = [];
  unlocking.expect(safes.length);
  const openSafe = async (safe: Node) => openBags(await safeContents(safe, unlocking), certificates, unlocking);
  const keys = await readable(safes.map((safe) => () => openSafe(safe)));
  if (keys.length === 0) throw new KEPError("not-a-key");
  return { keys, certificates: readableCertificates(certificates) };
}

async function safeContents(safe: Node, unlocking: Unlocking): Promise<Node> {
  const name = safe.at(0).oid();
  if (name === OID.data) return parse(safe.at(1, 0).octets());
  if (name !== OID.encryptedData) throw new KEPError("unsupported-container");
  const content = safe.at(1, 0, 1);
  const plain = await unlocking.decrypt(content.at(1), content.at(2).octets());
  try {
    const bags = parse(plain).expect(TAG.sequence);
    for (const bag of bags.children) bag.at(0).oid();
    return bags;
  } catch (error) {
    throw understood(error, "wrong-password");
  }
}

/** The keys; certificates are put to the others. */
async function openBags(bags: Node, certificates: Uint8Array[], unlocking: Unlocking): Promise<PrivateKey[]> {
  unlocking.expect(bags.children.length);
  return readable(bags.children.map((bag) => () => openBag(bag, certificates, unlocking)));
}

async function openBag(bag: Node, certificates: Uint8Array[], unlocking: Unlocking): Promise<PrivateKey[]> {
  const name = bag.at(0).oid();
  const value = bag.at(1, 0);
  if (name === OID.keyBag) return readPrivateKeys(value.bytes);
  if (name === OID.certificateBag) certificates.push(value.at(1, 0).octets());
  if (name === OID.nestedBags) return openBags(value, certificates, unlocking);
  if (name !== OID.shroudedKeyBag) return [];
  const { algorithm, data } = encrypted(value);
  return readDecrypted(await unlocking.decrypt(algorithm, data));
}

/** One attempt with one password; spreads the progress over all that may have to be decrypted. */
class Unlocking {
  private expected = 1;
  private done = 0;

  constructor(
    private readonly password: string,
    readonly encoded: Bytes,
    private readonly progress: Progress,
  ) {}

  expect(count: number): void {
    this.expected = Math.max(this.expected, this.done + count);
  }

  async decrypt(algorithm: Node, data: Uint8Array): Promise<Bytes> {
    const progress = (part: number) => this.progress(Math.min(1, (this.done + part) / this.expected));
    const plain = algorithm.at(0).oid().startsWith(OID.pkcs12Encryption)
      ? decryptPKCS12(algorithm, data, this.password, progress)
      : await decryptPBES2(algorithm, data, this.encoded, progress);
    this.done += 1;
    return plain;
  }
}

/** EncryptedPrivateKeyInfo: {algorithm, data}. */
function encrypted(node: Node): { algorithm: Node; data: Uint8Array } {
  return { algorithm: node.at(0).expect(TAG.sequence), data: node.at(1).octets() };
}

/** What was decrypted with a wrong password is no PrivateKeyInfo. */
async function readDecrypted(pkcs8: Bytes): Promise<PrivateKey[]> {
  try {
    return await readPrivateKeys(pkcs8);
  } catch (error) {
    throw understood(error, "wrong-password");
  } finally {
    wipe(pkcs8);
  }
}

/** What is not the structure expected there has a reason a person understands. */
function understood(error: unknown, reason: "not-a-key" | "wrong-password"): unknown {
  return error instanceof DERError || error instanceof RangeError ? new KEPError(reason) : error;
}
