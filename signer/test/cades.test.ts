/** Signatures: their form, their truth by our own check, jkurwa and OpenSSL; and signatures of other programs. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import gost89 from "gost89";
import jkurwa from "jkurwa";
import { type Bytes, bytesOf, fromHex, toHex } from "../src/bytes.ts";
import { gost34311 } from "../src/gost34311.ts";
import { kupyna } from "../src/kupyna.ts";
import { OID } from "../src/oids.ts";
import { Session } from "../src/session.ts";
import { OTHER_DKE } from "./known-answers.ts";
import { jks, NOW, PASSWORD, person, pfxAES } from "./make.ts";
import { vector, withoutVectors } from "./vectors.ts";
import { attribute, isRight, readCMS } from "./verify-cms.ts";

const document = new TextEncoder().encode('{"діагноз": "здоровий"}') as Bytes;

async function signed(file: Bytes, content: Bytes = document, password = PASSWORD): Promise<Bytes> {
  const session = await Session.open({ file, password }, NOW);
  return session.sign(content, NOW);
}

describe("a signature with DSTU 4145 and GOST 34.311", () => {
  const signer = person();
  const file = jks(signer.pkcs8, [signer.certificate]);

  it("is right, holds the content and the certificate, and names the algorithms", async () => {
    const cms = readCMS(await signed(file));
    assert.ok(isRight(cms));
    assert.deepEqual(Uint8Array.from(cms.content), document);
    assert.deepEqual(cms.certificate.bytes, signer.certificate);
    assert.equal(cms.digestAlgorithm, OID.gost34311);
    assert.equal(cms.signatureAlgorithm, OID.dstu4145);
  });

  it("has its attributes in DER order with the time and the hash of the certificate", async () => {
    const cms = readCMS(await signed(file));
    const encoded = cms.attributes.children.map((child) => toHex(child.bytes));
    assert.deepEqual(encoded, [...encoded].sort());
    assert.equal(encoded.length, 4);
    assert.equal(attribute(cms, OID.signingTime).time().getTime(), NOW.getTime());
    const [algorithm, hash, issuerSerial] = attribute(cms, OID.signingCertificateV2).at(0, 0).children;
    assert.equal(algorithm.at(0).oid(), OID.gost34311);
    assert.equal(toHex(hash.octets()), toHex(gost34311(signer.certificate)));
    assert.deepEqual(issuerSerial.at(0, 0).content, cms.certificate.issuer);
    assert.deepEqual(issuerSerial.at(1).bytes, cms.certificate.serial);
  });

  it("is right for jkurwa, and wrong for it when the content is changed", async () => {
    const cms = Buffer.from(await signed(file));
    const { hash } = gost89.compat.algos();
    assert.ok(new jkurwa.models.Message(cms).verify(hash));
    cms[cms.indexOf(document)] ^= 1;
    assert.ok(!new jkurwa.models.Message(cms).verify(hash));
  });

  it("is right for nothing and for 100 kilobytes", async () => {
    for (const size of [0, 100_000]) assert.ok(isRight(readCMS(await signed(file, new Uint8Array(size)))));
  });

  it("differs every time", async () => {
    assert.notEqual(toHex(readCMS(await signed(file)).signature), toHex(readCMS(await signed(file)).signature));
  });

  it("is right on m = 431 spelled out, as long as the order asks", async () => {
    const big = person({ curve: 9, explicit: true });
    const cms = readCMS(await signed(jks(big.pkcs8, [big.certificate])));
    assert.ok(isRight(cms));
    assert.equal(cms.signature.length, 108);
  });
});

describe("a signature with another substitution", () => {
  it("hashes everything with the substitution of the signer's key", async () => {
    const dke = fromHex(OTHER_DKE.dke);
    const signer = person({ dke });
    const cms = readCMS(await signed(jks(signer.pkcs8, [signer.certificate])));
    assert.ok(isRight(cms));
    assert.equal(toHex(attribute(cms, OID.messageDigest).octets()), toHex(gost34311(document, dke)));
    assert.notEqual(toHex(gost34311(document, dke)), toHex(gost34311(document)));
  });
});

describe("a signature with DSTU 4145 and Kupyna", () => {
  it("follows the certificate's signature, not its key", async () => {
    const signer = person({ hash: "kupyna" });
    const cms = readCMS(await signed(jks(signer.pkcs8, [signer.certificate])));
    assert.ok(isRight(cms));
    assert.equal(cms.digestAlgorithm, `${OID.kupyna}1`);
    assert.equal(cms.signatureAlgorithm, `${OID.dstu4145Kupyna}1.1`);
    const [, hash] = attribute(cms, OID.signingCertificateV2).at(0, 0).children;
    assert.equal(toHex(hash.octets()), toHex(kupyna(256, signer.certificate)));
  });
});

describe("our check of signatures", { skip: withoutVectors }, () => {
  const good = [
    "uapki-bes-gost",
    "uapki-bes-k256pb",
    "uapki-bes-k384",
    "uapki-bes-k512",
    "tca-gost-CAdES-BES",
    "tca-kupyna-CAdES-BES",
    "jkurwa-bes",
  ];
  for (const name of good) {
    it(`accepts ${name}, made by another program`, () => assert.ok(isRight(readCMS(vector(`generated/${name}.p7s`)))));
  }
  for (const name of ["signature-bit", "content-changed", "signing-time-changed", "s-too-big", "r-zero"]) {
    it(`rejects ${name}`, () => assert.ok(!isRight(readCMS(vector(`negative/${name}.p7s`)))));
  }
});

describe(
  "a signature with ECDSA or RSA",
  { skip: spawnSync("openssl", ["version"]).status === 0 ? false : "no openssl" },
  () => {
    let folder = "";
    const path = (name: string) => join(folder, name);
    const openssl = (...args: string[]) =>
      assert.equal(spawnSync("openssl", args, { cwd: folder }).status, 0, args.join(" "));
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "signer-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    function makeKey(scheme: string, ...protection: string[]): void {
      const kind = scheme === "RSA" ? ["rsa:2048"] : ["ec", "-pkeyopt", `ec_paramgen_curve:${scheme}`];
      openssl(
        "req",
        "-x509",
        "-newkey",
        ...kind,
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-subj",
        "/CN=Invented",
        "-days",
        "3650",
        "-addext",
        "keyUsage=digitalSignature",
        "-addext",
        "basicConstraints=CA:false",
        "-set_serial",
        "200",
      );
      openssl(
        "pkcs12",
        "-export",
        "-inkey",
        "key.pem",
        "-in",
        "cert.pem",
        "-out",
        "key.p12",
        "-passout",
        `pass:${PASSWORD}`,
        ...protection,
      );
    }

    const old = (keys: string, certificates: string) => [
      "-legacy",
      "-keypbe",
      `PBE-SHA1-${keys}`,
      "-certpbe",
      `PBE-SHA1-${certificates}`,
    ];
    const kinds: [scheme: string, container: string, ...protection: string[]][] = [
      ["P-256", "PKCS#12"],
      ["P-384", "PKCS#12"],
      ["RSA", "PKCS#12"],
      ["P-256", "PKCS#12 with 3DES and RC2-40", ...old("3DES", "RC2-40")],
      ["RSA", "PKCS#12 with two-key 3DES and RC2-128", ...old("2DES", "RC2-128")],
    ];
    for (const [scheme, container, ...protection] of kinds) {
      it(`${scheme} from a ${container} of OpenSSL is right for OpenSSL`, async () => {
        makeKey(scheme, ...protection);
        const file = bytesOf(readFileSync(path("key.p12")));
        const session = await Session.open({ file, password: PASSWORD }, new Date());
        writeFileSync(path("signed.p7s"), await session.sign(document, new Date()));
        openssl(
          "cms",
          "-verify",
          "-cades",
          "-inform",
          "DER",
          "-in",
          "signed.p7s",
          "-CAfile",
          "cert.pem",
          "-purpose",
          "any",
          "-binary",
          "-out",
          "content",
        );
        assert.deepEqual(bytesOf(readFileSync(path("content"))), document);
      });
    }

    for (const protection of [[], old("3DES", "RC2-40")]) {
      it(`is not made with a wrong password ${protection.at(-1) ?? ""}`, async () => {
        makeKey("P-256", ...protection);
        await assert.rejects(signed(bytesOf(readFileSync(path("key.p12"))), document, "wrong"), {
          reason: "wrong-password",
        });
      });
    }

    it(
      "from a JKS of Java is right for OpenSSL",
      { skip: spawnSync("keytool", ["-help"]).error ? "no keytool" : false },
      async () => {
        makeKey("P-256");
        const imported = spawnSync(
          "keytool",
          [
            "-importkeystore",
            "-srckeystore",
            "key.p12",
            "-srcstoretype",
            "PKCS12",
            "-srcstorepass",
            PASSWORD,
            "-destkeystore",
            "key.jks",
            "-deststoretype",
            "JKS",
            "-deststorepass",
            PASSWORD,
          ],
          { cwd: folder },
        );
        assert.equal(imported.status, 0, String(imported.stdout));
        const session = await Session.open(
          { file: bytesOf(readFileSync(path("key.jks"))), password: PASSWORD },
          new Date(),
        );
        writeFileSync(path("signed.p7s"), await session.sign(document, new Date()));
        openssl(
          "cms",
          "-verify",
          "-inform",
          "DER",
          "-in",
          "signed.p7s",
          "-CAfile",
          "cert.pem",
          "-purpose",
          "any",
          "-binary",
          "-out",
          "content",
        );
      },
    );
  },
);

describe("a forgotten key", () => {
  it("signs no more", async () => {
    const signer = person();
    const session = await Session.open({ file: pfxAES([signer.pkcs8], [signer.certificate]), password: PASSWORD }, NOW);
    session.wipe();
    await assert.rejects(session.sign(document, NOW), /wiped/);
  });
});
