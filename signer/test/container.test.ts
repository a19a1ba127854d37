/** Key files of every kind open, and what is wrong with a file is said precisely. */

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { type Bytes, bytesOf, concat, toHex } from "../src/bytes.ts";
import { readCertificates } from "../src/certificate.ts";
import { openContainer } from "../src/container.ts";
import { context, integer, octetString, oid, sequence, setOf, TAG, write } from "../src/der.ts";
import { matches, type PrivateKey } from "../src/keys.ts";
import { OID } from "../src/oids.ts";
import { ecBinary, iit, jks, pbes2GOST, PASSWORD, pem, person, pfxAES, pfxGOST } from "./make.ts";
import { vector, withoutVectors } from "./vectors.ts";

const open = (file: Bytes, password = PASSWORD) => openContainer(file, password, () => {});
const numbers = (keys: PrivateKey[]) => keys.map((key) => (key.kind === "dstu" ? toHex(key.d) : key.scheme));
const refusal = (file: Bytes, reason: string, password?: string) => assert.rejects(open(file, password), { reason });

describe("an invented key", () => {
  const signer = person();
  const other = person({ curve: 9, explicit: true });
  const d = toHex(signer.d);
  const kinds: Record<string, Bytes> = {
    JKS: jks(signer.pkcs8, [signer.certificate]),
    "PKCS#12 with AES": pfxAES([signer.pkcs8], [signer.certificate]),
    "PKCS#12 with GOST": pfxGOST([signer.pkcs8], [signer.certificate]),
    "PKCS#8 with GOST": pbes2GOST(signer.pkcs8),
    "PKCS#8 with GOST as PEM": pem("ENCRYPTED PRIVATE KEY", pbes2GOST(signer.pkcs8)),
    "Key-6.dat": iit(signer.pkcs8),
    "Key-6.dat behind a prefix": concat(Uint8Array.of(0x51, 1, 2, 3, 4, 5), iit(signer.pkcs8)),
  };

  for (const [kind, file] of Object.entries(kinds)) {
    it(`opens from ${kind}`, async () => assert.deepEqual(numbers((await open(file)).keys), [d]));
    it(`does not open from ${kind} with a wrong password`, () => refusal(file, "wrong-password", "wrong"));
    it(`does not open from a truncated ${kind}`, () => refusal(file.slice(0, file.length >> 1), "not-a-key"));
  }

  it("opens without encryption", async () => assert.deepEqual(numbers((await open(signer.pkcs8, "")).keys), [d]));

  it("opens with the certificates of its file", async () => {
    for (const kind of ["JKS", "PKCS#12 with AES", "PKCS#12 with GOST"]) {
      const [certificate] = (await open(kinds[kind])).certificates;
      assert.deepEqual(certificate.bytes, signer.certificate);
    }
  });

  it("opens as an RSA key of PKCS#1", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "der" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    assert.deepEqual(numbers((await open(bytesOf(Buffer.from(privateKey)), "")).keys), ["RSA"]);
  });

  it("opens next to another key on a spelled-out curve", async () => {
    const { keys } = await open(pfxAES([signer.pkcs8, other.pkcs8], []));
    assert.deepEqual(numbers(keys), [d, toHex(other.d)]);
  });

  it("opens with a Cyrillic password in UTF-8 and in Windows-1251", async () => {
    assert.deepEqual(numbers((await open(pfxAES([signer.pkcs8], [], "пароль"), "пароль")).keys), [d]);
    const windows = Buffer.from([0xef, 0xe0, 0xf0, 0xee, 0xeb, 0xfc]).toString("latin1");
    assert.deepEqual(numbers((await open(pbes2GOST(signer.pkcs8, windows), "пароль")).keys), [d]);
  });

  it("opens with the second key of an IIT attribute, its bits mirrored", async () => {
    const mirrored = other.d.map((byte) => parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2));
    const attribute = (name: string, value: Bytes) => sequence(oid(name), setOf(value));
    const second = context(
      0,
      attribute(OID.iitSecondCurve, sequence(ecBinary(other.curve))),
      attribute(OID.iitSecondKey, write(TAG.bits, Uint8Array.of(0), mirrored)),
    );
    const algorithm = sequence(oid(OID.dstu4145), sequence(oid(`${OID.namedCurve}6`)));
    const { keys } = await open(iit(sequence(integer(0), algorithm, octetString(signer.d), second)));
    assert.deepEqual(numbers(keys), [d, toHex(other.d)]);
  });

  it("reports progress that never goes back", async () => {
    const seen: number[] = [];
    await openContainer(pfxGOST([signer.pkcs8, signer.pkcs8], []), PASSWORD, (part) => seen.push(part));
    assert.ok(seen.length > 0);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    assert.ok(seen.every((part) => part >= 0 && part <= 1));
  });
});

describe("a file that is no key", () => {
  it("is refused when it is a certificate", () => refusal(person().certificate, "not-a-key"));
  it("is refused when it is empty", () => refusal(new Uint8Array(), "not-a-key"));
  it("is refused when it is text", () => refusal(new TextEncoder().encode("Добрий день"), "not-a-key"));
  it("is refused when it is too big", () => refusal(new Uint8Array(2 << 20), "not-a-key"));

  it("is refused when its encryption is unknown", () => {
    const old = sequence(oid("1.2.840.113549.1.12.1.1"), sequence(octetString(new Uint8Array(8)), integer(1)));
    return refusal(sequence(old, octetString(new Uint8Array(64))), "unsupported-container");
  });

  it("is refused when every byte in turn is damaged, never with another error", async () => {
    const file = pfxAES([person().pkcs8], []);
    for (let at = 0; at < file.length; at += 7) {
      const damaged = Uint8Array.from(file);
      damaged[at] ^= 0x55;
      const reason = await open(damaged).then(
        () => "opened",
        (error) => error.reason,
      );
      assert.ok(
        ["opened", "not-a-key", "wrong-password", "unsupported-container", "unsupported-key"].includes(reason),
        `${at}: ${reason}`,
      );
    }
  });
});

describe("a real file", { skip: withoutVectors }, () => {
  it("of Diia opens and its keys match their certificates", async () => {
    const { keys } = await open(vector("real/keys/test-diia.p12"), "testpassword");
    const names = ["diia-test-sign-7775603.cer", "diia-test-kep-7775604.cer"];
    const certificates = names.flatMap((name) => readCertificates(vector(`real/uapki/certs/${name}`)));
    for (const [i, key] of keys.entries()) {
      const matching = await Promise.all(certificates.map((certificate) => matches(key, certificate.publicKey)));
      assert.deepEqual(matching, [i === 0, i === 1]);
    }
  });

  it("of IIT opens", async () => {
    const { keys } = await open(vector("real/keys/pkcs12_by_iit.pfx"), "123456");
    assert.deepEqual(
      keys.map((key) => key.kind === "dstu" && key.curve.field.m),
      [257, 431],
    );
  });

  it("of jkurwa opens as DER and as PEM and holds the known key", async () => {
    const [known] = numbers((await open(vector("real/jkurwa/Key40A0.pem"), "")).keys);
    for (const name of ["STORE_A040.dat", "STORE_A040.pem"]) {
      assert.deepEqual(numbers((await open(vector(`real/jkurwa/${name}`), "password")).keys), [known]);
    }
  });

  it("with an RSA key opens, with a wrong password is refused by password", async () => {
    const { keys } = await open(vector("real/keys/test-rsa.jks"), "testpassword");
    assert.deepEqual(numbers(keys), ["RSA"]);
    await refusal(vector("real/keys/test-rsa.jks"), "wrong-password", "x");
  });

  it("that is a list of certificates is read", () => {
    assert.equal(readCertificates(vector("real/jkurwa/CAList.cer")).length, 4);
  });
});
