/** The table of key files that both cores open alike; the core in Python reads it too. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fromBase64, toHex } from "../src/bytes.ts";
import { openContainer } from "../src/container.ts";
import { publicKey } from "../src/dstu4145.ts";
import { matches, type PrivateKey } from "../src/keys.ts";

interface Row {
  readonly name: string;
  readonly file: string;
  readonly password: string;
  readonly keys: readonly string[];
  readonly certified: number;
}

const TABLE = "../tests/signature/foreign/key-files.json";
const rows: Row[] = JSON.parse(readFileSync(TABLE, "utf8"));
const half = (key: PrivateKey) => (key.kind === "dstu" ? toHex(publicKey(key.curve, key.d)) : key.scheme);

describe("a key file of the shared table", () => {
  for (const row of rows) {
    it(`opens: ${row.name}`, async () => {
      const { keys, certificates } = await openContainer(fromBase64(row.file), row.password, () => {});
      assert.deepEqual(keys.map(half), row.keys);
      const certified = async (key: PrivateKey) => {
        const found = await Promise.all(certificates.map((each) => matches(key, each.publicKey)));
        return found.some(Boolean);
      };
      assert.equal((await Promise.all(keys.map(certified))).filter(Boolean).length, row.certified);
    });
  }
});
