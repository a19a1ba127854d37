/** Where the tests find files that are not part of this folder; tests that need them are skipped without them. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesOf } from "../src/bytes.ts";

const root = process.env.ESOZ_KEP_VECTORS ?? "";

/** The `skip` option of a test that reads vectors. */
export const withoutVectors = root && existsSync(root) ? false : "no vectors: set ESOZ_KEP_VECTORS";

export const vector = (path: string) => bytesOf(readFileSync(join(root, path)));
