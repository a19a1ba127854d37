/** What the page and the worker say to each other. */

import type { Bytes } from "./bytes.ts";
import type { Holder } from "./certificate.ts";
import type { Reason } from "./errors.ts";

/** Key and certificate files have a few kilobytes; anything bigger was chosen by mistake and is not read to its end. */
export const MAX_FILE_SIZE = 1 << 20;

export type Request =
  | { readonly kind: "open"; readonly file: Bytes; readonly password: string; readonly certificates: Bytes | undefined }
  | { readonly kind: "sign"; readonly contents: Bytes[] };

/** "unexpected" is a fault of this program, not of the person. */
export type FailureReason = Reason | "unexpected";

export type Reply =
  | { readonly kind: "progress"; readonly part: number }
  | { readonly kind: "opened"; readonly holder: Holder }
  | { readonly kind: "signed"; readonly signatures: Bytes[] }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly at: Date | undefined };
