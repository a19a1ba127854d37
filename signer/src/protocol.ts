/** What the page and the worker say to each other. */

import type { Bytes } from "./bytes.ts";
import type { Holder } from "./certificate.ts";
import type { Reason } from "./errors.ts";

/** Key and certificate files have a few kilobytes; anything bigger was chosen by mistake and is not read to its end. */
export const MAX_FILE_SIZE = 1 << 20;

export interface OpenRequest {
  readonly kind: "open";
  readonly file: Bytes;
  readonly password: string;
  /** A certificate file the person chose. */
  readonly certificates: Bytes | undefined;
  /** Address of ours that finds certificates by the identifiers of keys. */
  readonly directory: string | undefined;
}

/** After the last batch the key is wiped. */
export type Request = OpenRequest | { readonly kind: "sign"; readonly contents: Bytes[]; readonly isLast: boolean };

/** "unexpected" is a fault of this program, not of the person. */
export type FailureReason = Reason | "unexpected";

export type Reply =
  | { readonly kind: "progress"; readonly part: number }
  | { readonly kind: "opened"; readonly holder: Holder; readonly certificate: Bytes }
  | { readonly kind: "signed"; readonly signatures: Bytes[] }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly at: Date | undefined };
