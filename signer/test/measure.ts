/**
 * Times the signer: `npm run measure`. Milliseconds of the processor, the best of ten rounds: other programs only ever
 * add to them.
 */

import type { Bytes } from "../src/bytes.ts";
import { openContainer } from "../src/container.ts";
import { gost34311, pbkdf2 } from "../src/gost34311.ts";
import { kupyna } from "../src/kupyna.ts";
import { Session } from "../src/session.ts";
import { iit, jks, NOW, PASSWORD, person } from "./make.ts";

async function measure(name: string, times: number, work: () => unknown): Promise<void> {
  const rounds: number[] = [];
  for (let round = 0; round < 10; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < times; i++) await work();
    const { user, system } = process.cpuUsage(start);
    rounds.push((user + system) / 1000 / times);
  }
  console.log(`${name.padEnd(44)} ${Math.min(...rounds).toFixed(2)}`);
}

const content = new Uint8Array(2000) as Bytes;
const large = new Uint8Array(100_000);
for (const [name, wishes] of Object.entries({
  "CAdES-BES, m = 257, GOST, 2 KB": {},
  "CAdES-BES, m = 257, Kupyna, 2 KB": { hash: "kupyna" },
  "CAdES-BES, m = 431, GOST, 2 KB": { curve: 9 },
} as const)) {
  const { pkcs8, certificate } = person(wishes);
  const file = jks(pkcs8, [certificate]);
  const session = await Session.open({ file, password: PASSWORD }, NOW);
  await measure(name, 50, () => session.sign(content, NOW));
}
const signer = person();
const store = jks(signer.pkcs8, [signer.certificate]);
const old = iit(signer.pkcs8);
await measure("opening JKS", 20, () => Session.open({ file: store, password: PASSWORD }, NOW));
await measure("opening Key-6.dat, 10 000 hashes", 3, () => openContainer(old, PASSWORD, () => {}));
await measure("PBKDF2 with HMAC-GOST 34.311, 10 000 rounds", 3, () =>
  pbkdf2(content.subarray(0, 8), content.subarray(0, 32), 10_000),
);
await measure("GOST 34.311, 100 KB", 10, () => gost34311(large));
await measure("Kupyna-256, 100 KB", 10, () => kupyna(256, large));
