/** Choosing the key and the certificate, and the reasons to refuse. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Bytes } from "../src/bytes.ts";
import { octetString } from "../src/der.ts";
import { publicKey } from "../src/dstu4145.ts";
import { gost34311 } from "../src/gost34311.ts";
import { kupyna } from "../src/kupyna.ts";
import { isSamePerson } from "../src/drfo.ts";
import { Session } from "../src/session.ts";
import { textsFor } from "../src/texts.ts";
import numbers from "./numbers.json" with { type: "json" };
import { bundle, iit, jks, NOW, PASSWORD, pem, person, pfxAES } from "./make.ts";

const ENCRYPTION = 0x08;
const open = (file: Bytes, certificates?: Bytes) => Session.open({ file, password: PASSWORD, certificates }, NOW);
const refusal = (file: Bytes, reason: string, certificates?: Bytes) =>
  assert.rejects(open(file, certificates), { reason });

describe("opening", () => {
  const signer = person();
  const encryption = person({ curve: 9, usage: ENCRYPTION });

  it("tells the holder", async () => {
    const { holder } = await open(jks(signer.pkcs8, [signer.certificate]));
    assert.deepEqual(holder, {
      name: "Лисенко Марко Вигаданий",
      organization: "Клініка «Зразок»",
      drfo: "0000000001",
      edrpou: "00000002",
      validUntil: new Date("2027-12-31"),
    });
  });

  it("chooses the signing key among two", async () => {
    const session = await open(pfxAES([encryption.pkcs8, signer.pkcs8], [encryption.certificate, signer.certificate]));
    assert.deepEqual(session.certificate.bytes, signer.certificate);
  });

  it("chooses the newest valid certificate of the key", async () => {
    const newer = person({ d: signer.d, from: "2026-05-01" });
    const future = person({ d: signer.d, from: "2026-07-01" });
    const session = await open(pfxAES([signer.pkcs8], [signer.certificate, newer.certificate, future.certificate]));
    assert.deepEqual(session.certificate.bytes, newer.certificate);
  });

  it("takes the certificate from a file, from PEM and from a bundle", async () => {
    const file = iit(signer.pkcs8);
    const certificates = [
      signer.certificate,
      pem("CERTIFICATE", signer.certificate),
      bundle([encryption.certificate, signer.certificate]),
    ];
    for (const given of certificates) assert.deepEqual((await open(file, given)).certificate.bytes, signer.certificate);
  });
});

describe("a directory of certificates", () => {
  const signer = person();
  const encryption = person({ curve: 9, usage: ENCRYPTION });
  const file = iit(signer.pkcs8);
  const openWith = (find: (identifiers: Bytes[]) => Promise<Uint8Array | undefined>) =>
    Session.open({ file, password: PASSWORD, find }, NOW);

  it("is asked by both identifiers of the key when the file has no certificate", async () => {
    const asked: Bytes[][] = [];
    const session = await openWith(async (identifiers) => {
      asked.push(identifiers);
      return bundle([encryption.certificate, signer.certificate]);
    });
    assert.deepEqual(session.certificate.bytes, signer.certificate);
    const point = octetString(publicKey(signer.curve, signer.d));
    assert.deepEqual(asked, [[gost34311(point), kupyna(256, point)]]);
  });

  it("is not asked when the certificate is in the file", async () => {
    const find = () => assert.fail("asked");
    const store = jks(signer.pkcs8, [signer.certificate]);
    await Session.open({ file: store, password: PASSWORD, find }, NOW);
  });

  it("that knows nothing leaves the question for the certificate", () =>
    assert.rejects(
      openWith(async () => undefined),
      { reason: "no-certificate" },
    ));
});

describe("refusing", () => {
  const signer = person();
  const encryption = person({ curve: 9, usage: ENCRYPTION });
  const stranger = person();

  it("asks for a certificate when the file has none", () => refusal(iit(signer.pkcs8), "no-certificate"));

  it("asks for a certificate when the file has only another one", () => {
    return refusal(pfxAES([signer.pkcs8, encryption.pkcs8], [encryption.certificate]), "no-certificate");
  });

  it("says that the given certificate is of another key", () => {
    return refusal(iit(signer.pkcs8), "certificate-mismatch", stranger.certificate);
  });

  it("says that the given file is no certificate", () => refusal(iit(signer.pkcs8), "not-a-certificate", signer.pkcs8));

  it("says that the key is for encryption only", () => {
    return refusal(jks(encryption.pkcs8, [encryption.certificate]), "encryption-only");
  });

  it("says since when the certificate is expired", async () => {
    const old = person({ from: "2024-01-01", until: "2025-01-01" });
    await assert.rejects(open(jks(old.pkcs8, [old.certificate])), { reason: "expired", at: new Date("2025-01-01") });
  });

  it("says from when the certificate will be valid", async () => {
    const early = person({ from: "2027-01-01" });
    await assert.rejects(open(jks(early.pkcs8, [early.certificate])), {
      reason: "not-yet-valid",
      at: new Date("2027-01-01"),
    });
  });
});

describe("taxpayer numbers", () => {
  it("are compared without regard to the alphabet, the spaces and the hyphens of a passport", () => {
    for (const [one, other] of numbers.same) assert.ok(isSamePerson(one, other), `${one} ${other}`);
    for (const [one, other] of numbers.different) assert.ok(!isSamePerson(one, other), `${one} ${other}`);
  });
});

describe("texts", () => {
  it("are Ukrainian unless the page is English, and give the date", () => {
    const at = new Date("2025-01-02T12:00:00Z");
    assert.match(textsFor("uk").stopped.expired({ at }), /скінчився 02\.01\.2025/);
    assert.match(textsFor("").stopped.expired({ at }), /скінчився/);
    assert.match(textsFor("en-GB").stopped.expired({ at }), /expired on 02\/01\/2025/);
  });
});
