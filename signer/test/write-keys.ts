/** Writes key files of invented people into the folder given, for the check in a real browser. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { iit, jks, person, pfxGOST } from "./make.ts";

const folder = process.argv[2];
const day = 24 * 60 * 60 * 1000;
const date = (days: number) => new Date(Date.now() + days * day).toISOString();
const validity = { from: date(-1), until: date(365) };

const gost = person(validity);
const kupyna = person({ ...validity, hash: "kupyna" });
const expired = person({ from: date(-400), until: date(-35) });
const files = {
  "gost.jks": jks(gost.pkcs8, [gost.certificate]),
  "kupyna.p12": pfxGOST([kupyna.pkcs8], [kupyna.certificate]),
  "kupyna.cer": kupyna.certificate,
  "Key-6.dat": iit(gost.pkcs8),
  "gost.cer": gost.certificate,
  "expired.jks": jks(expired.pkcs8, [expired.certificate]),
};
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
