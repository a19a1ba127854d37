/** One opened key: choosing the right key and certificate of a file, signing with it, forgetting it. */

import type { Bytes } from "./bytes.ts";
import { signCAdES, type Signer } from "./cades.ts";
import { Certificate, type Holder, readCertificates } from "./certificate.ts";
import { type Container, openContainer } from "./container.ts";
import { KEPError } from "./errors.ts";
import { identifiers, matches, type PrivateKey, wipeKeys } from "./keys.ts";
import type { Progress } from "./password.ts";

export interface KeyFile {
  readonly file: Uint8Array;
  readonly password: string;
  /** A certificate file the person chose, when the key file has none. */
  readonly certificates?: Uint8Array;
  /** Finds certificates elsewhere by the identifiers of keys; finds nothing rather than failing. */
  readonly find?: (identifiers: Bytes[]) => Promise<Uint8Array | undefined>;
}

export class Session {
  private constructor(private signer: Signer | null) {}

  /** @throws KEPError when the key cannot sign now; the reason says why. */
  static async open(source: KeyFile, now: Date, progress: Progress = () => {}): Promise<Session> {
    const given = source.certificates ? readCertificates(source.certificates) : [];
    const container = await openContainer(source.file, source.password, progress);
    try {
      const known = [...container.certificates, ...given];
      let pairs = await matchingPairs(container.keys, known);
      if (pairs.length === 0 && source.find)
        pairs = await matchingPairs(container.keys, await found(container, source));
      const signer = chooseSigner(pairs, container.keys, now, given.length > 0);
      wipeKeys(container.keys.filter((key) => key !== signer.key));
      return new Session(signer);
    } catch (error) {
      wipeKeys(container.keys);
      throw error;
    }
  }

  /** The certificate that goes into every signature. */
  get certificate(): Certificate {
    return this.open.certificate;
  }

  get holder(): Holder {
    return this.certificate.holder;
  }

  /** @returns CAdES-BES with the content inside, DER. */
  async sign(content: Uint8Array, now: Date): Promise<Bytes> {
    return signCAdES(this.open, content, now);
  }

  /** Overwrites the key; nothing can be signed after that. */
  wipe(): void {
    if (this.signer) wipeKeys([this.signer.key]);
    this.signer = null;
  }

  private get open(): Signer {
    if (!this.signer) throw new Error("the key is wiped");
    return this.signer;
  }
}

/** Certificates that the directory has for the keys of a file without any. */
async function found(container: Container, source: KeyFile): Promise<Certificate[]> {
  const file = await source.find?.(container.keys.flatMap(identifiers));
  return file ? readCertificates(file) : [];
}

async function matchingPairs(keys: readonly PrivateKey[], certificates: readonly Certificate[]): Promise<Signer[]> {
  const pairs: Signer[] = [];
  for (const certificate of certificates.filter((candidate) => !candidate.isAuthority)) {
    for (const key of keys) {
      if (await matches(key, certificate.publicKey)) pairs.push({ key, certificate });
    }
  }
  return pairs;
}

/** The valid signing certificate that began last; otherwise the reason why there is none. */
function chooseSigner(
  pairs: readonly Signer[],
  keys: readonly PrivateKey[],
  now: Date,
  certificatesGiven: boolean,
): Signer {
  const signing = pairs.filter(({ certificate }) => certificate.maySign);
  const newestFirst = [...signing].sort((a, b) => Number(b.certificate.notBefore) - Number(a.certificate.notBefore));
  const valid = newestFirst.find(({ certificate }) => certificate.notBefore <= now && now <= certificate.notAfter);
  if (valid) return valid;
  const [newest] = newestFirst;
  if (newest && newest.certificate.notAfter < now) throw new KEPError("expired", newest.certificate.notAfter);
  if (newest) throw new KEPError("not-yet-valid", newest.certificate.notBefore);
  const isPaired = (key: PrivateKey) => pairs.some((pair) => pair.key === key);
  if (keys.every(isPaired)) throw new KEPError("encryption-only");
  throw new KEPError(certificatesGiven ? "certificate-mismatch" : "no-certificate");
}
