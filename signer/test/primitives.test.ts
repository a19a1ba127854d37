/** The primitives against known answers. */

import assert from "node:assert/strict";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { bytesOf, concat, fromHex, toHex } from "../src/bytes.ts";
import { Curve } from "../src/curve.ts";
import { decryptTripleDES } from "../src/des.ts";
import { publicKey, publicPoint, sign, verify } from "../src/dstu4145.ts";
import { DEFAULT_DKE, GOST28147, Substitution } from "../src/gost28147.ts";
import { GOST34311, gost34311, hashRepeatedly, pbkdf2 } from "../src/gost34311.ts";
import { kupyna } from "../src/kupyna.ts";
import { namedCurve } from "../src/named-curves.ts";
import { decryptBlock, expand } from "../src/rc2.ts";
import { sha1 } from "../src/sha1.ts";
import * as known from "./known-answers.ts";

const message = (length: number) => Uint8Array.from({ length }, (_, i) => 7 * i + 3);
const counting = Uint8Array.from({ length: 32 }, (_, i) => i);
const text = (value: string) => new TextEncoder().encode(value);

describe("GOST 34.311", () => {
  for (const [length, digest] of Object.entries(known.GOST34311)) {
    it(`hashes ${length} bytes as known`, () => assert.equal(toHex(gost34311(message(Number(length)))), digest));
  }

  it("hashes nothing as known", () => assert.equal(toHex(gost34311(new Uint8Array())), known.GOST34311_EMPTY));

  it("hashes with another substitution as known", () => {
    assert.equal(toHex(gost34311(message(100), fromHex(known.OTHER_DKE.dke))), known.OTHER_DKE.digest);
  });

  it("hashes in pieces as in one", () => {
    const hash = new GOST34311(Substitution.of(DEFAULT_DKE));
    const whole = message(1000);
    for (let at = 0; at < whole.length; at += 37) hash.update(whole.subarray(at, at + 37));
    assert.equal(toHex(hash.finish()), known.GOST34311[1000]);
  });

  it("derives a key from a password as known", () => {
    assert.equal(toHex(pbkdf2(text("password"), counting, 100)), known.PBKDF2);
  });

  it("derives the key of an IIT container as known", () => {
    assert.equal(toHex(hashRepeatedly(text("tectfom"), 10000)), known.IIT_KEY);
  });
});

describe("GOST 28147", () => {
  const cipher = new GOST28147(Substitution.of(DEFAULT_DKE), counting);
  const { plain, ecb, iv, longPlain, cfb, mac } = known.GOST28147;

  it("substitutes blocks both ways", () => {
    assert.equal(toHex(cipher.encryptECB(fromHex(plain))), ecb);
    assert.equal(toHex(cipher.decryptECB(fromHex(ecb))), plain);
  });

  it("works with feedback both ways on a broken last block", () => {
    assert.equal(toHex(cipher.encryptCFB(fromHex(iv), fromHex(longPlain))), cfb);
    assert.equal(toHex(cipher.decryptCFB(fromHex(iv), fromHex(cfb))), longPlain);
  });

  it("authenticates", () => assert.equal(toHex(cipher.mac(message(24))), mac));
});

describe("Kupyna", () => {
  for (const [bits, length, digest] of known.KUPYNA) {
    it(`hashes ${length} bytes to ${bits} bits as known`, () => {
      assert.equal(toHex(kupyna(bits, message(length))), digest);
    });
  }
});

describe("DSTU 4145", () => {
  it("repeats annex B of the standard", () => {
    const { hash, d, qx, qy, e, r, s } = known.ANNEX_B;
    const curve = annexB();
    const q = publicPoint(curve, fromHex(d));
    assert.equal(toHex(curve.field.toBytes(q.x)), qx);
    assert.equal(toHex(curve.field.toBytes(q.y)), qy);
    const signature = sign(curve, fromHex(d), fromHex(hash), () => fromHex(e));
    assert.equal(toHex(signature), r + s);
    assert.ok(verify(curve, q, fromHex(hash), signature));
  });

  it("signs on m = 257 as another implementation", () => {
    const curve = namedCurve(6);
    const { d, e, hash, signature } = known.M257;
    assert.equal(toHex(gost34311(text("abc"))), hash);
    assert.equal(toHex(publicKey(curve, fromHex(d))), known.M257.publicKey);
    assert.equal(toHex(sign(curve, fromHex(d), fromHex(hash), () => fromHex(e))), signature);
  });

  for (let number = 0; number < 10; number++) {
    const curve = namedCurve(number);
    it(`signs and verifies on named curve ${number} (m = ${curve.field.m})`, () => {
      const d = curve.order.random();
      const key = curve.expand(publicKey(curve, d));
      const signature = sign(curve, d, gost34311(d));
      assert.ok(verify(curve, key, gost34311(d), signature));
      assert.ok(!verify(curve, key, gost34311(signature), signature));
      signature[3] ^= 1;
      assert.ok(!verify(curve, key, gost34311(d), signature));
    });

    it(`has a base point of the stated order on named curve ${number}`, () => {
      const { x, y } = curve.negate(curve.base);
      const minusOne = Uint8Array.from(curve.order.n);
      minusOne[0] -= 1;
      assert.deepEqual(curve.multiply(minusOne, curve.base), { x, y });
      assert.deepEqual(curve.multiplyBase(minusOne), { x, y });
    });

    it(`multiplies the base point as by a ladder on named curve ${number}`, () => {
      const small = [1, 2, 3, 4, 31, 255].map((k) => new Uint8Array(curve.order.length).fill(k, 0, 1));
      for (const k of [...small, curve.order.random(), curve.order.random()]) {
        assert.deepEqual(curve.multiplyBase(k), curve.multiply(k, curve.base));
      }
      assert.equal(curve.multiplyBase(new Uint8Array(curve.order.length)), null);
    });
  }

  it("rejects zero and too big numbers in a signature", () => {
    const curve = namedCurve(6);
    const d = curve.order.random();
    const key = publicPoint(curve, d);
    const one = new Uint8Array(32).fill(1, 0, 1);
    for (const bad of [concat(new Uint8Array(32), one), concat(one, curve.order.n), one]) {
      assert.ok(!verify(curve, key, gost34311(d), bad));
    }
  });
});

/** The curve of annex B is the named curve 0 with another base point. */
function annexB(): Curve {
  const { field } = namedCurve(0);
  const curve = namedCurve(0);
  const base = curve.compress({
    x: field.fromBytes(fromHex(known.ANNEX_B.baseX)),
    y: field.fromBytes(fromHex(known.ANNEX_B.baseY)),
  });
  return new Curve({ ...curve.parameters, base });
}

describe("old ciphers", () => {
  const iv = new Uint8Array(8);

  it("SHA-1 equals Node's at every length around a block", () => {
    for (const length of [0, 3, 55, 56, 63, 64, 119, 120, 1000]) {
      const message = randomBytes(length);
      assert.equal(toHex(sha1(message)), createHash("sha1").update(message).digest("hex"));
    }
  });

  it("triple DES decrypts what Node encrypted", () => {
    for (const [name, size] of [
      ["des-ede3-cbc", 24],
      ["des-ede-cbc", 16],
    ] as const) {
      const key = randomBytes(size);
      const message = randomBytes(37);
      const cipher = createCipheriv(name, key, iv);
      const encrypted = Buffer.concat([cipher.update(message), cipher.final()]);
      assert.deepEqual(decryptTripleDES(key, iv, encrypted), bytesOf(message));
    }
  });

  // RFC 2268, 5.
  for (const [key, bits, plain, encrypted] of known.RC2_VECTORS) {
    it(`RC2 decrypts the RFC's block under ${key}, ${bits} bits`, () => {
      const block = fromHex(encrypted);
      decryptBlock(block, expand(fromHex(key), bits));
      assert.equal(toHex(block), plain);
    });
  }
});
