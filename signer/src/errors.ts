/** Why a key could not be opened or used: one code for every cause a person can act on. */

export type Reason =
  | "wrong-password"
  | "not-a-key"
  | "not-a-certificate"
  | "unsupported-container"
  | "unsupported-key"
  | "encryption-only"
  | "no-certificate"
  | "certificate-mismatch"
  | "expired"
  | "not-yet-valid"
  | "insecure-page";

/** `at` is the end of validity of an expired certificate, its beginning when it is not yet valid. */
export class KEPError extends Error {
  constructor(
    readonly reason: Reason,
    readonly at?: Date,
  ) {
    super(reason);
    this.name = "KEPError";
  }
}
