import { expect, test } from "vitest";
import { deriveKey, fingerprintOf, hkdfSha256 } from "./derive-key.ts";

const hex = (text: string) => Buffer.from(text, "hex");

/** Project Wycheproof, testvectors_v1/hkdf_sha256_test.json; the first three are those of RFC 5869, appendix A. */
test.each([
  {
    tcId: 1,
    ikm: "0b".repeat(22),
    salt: "000102030405060708090a0b0c",
    info: "f0f1f2f3f4f5f6f7f8f9",
    okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  },
  {
    tcId: 2,
    ikm: "0b".repeat(22),
    salt: "",
    info: "",
    okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  },
  {
    tcId: 3,
    ikm: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
    salt: "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
    info: "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    okm: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  },
  {
    tcId: 8,
    ikm: "c181696a19ab1a32eb6e81b2925d8990",
    salt: "",
    info: "d8c8de92fe5422c9825996354db1821ba43a81ac",
    okm: "151ee737f049d18cdeb3010a0fbb606461875b22ac76487874498808248cf607e1cf7f3fc52b3a28ac64",
  },
  {
    tcId: 15,
    ikm: "7a00817689a3d79001825a864c69c120",
    salt: "08bc01c053a6406c7c4a667c9b9b3894",
    info: "967ccd75395be6e96a67759f070487c9e2107791",
    okm: "75f86fe05c43964bafd75bbfda18333abac649b8607e953826c2bad8d594621d9615521b2f4d56f63a185dd0670af7163fa96ea2dec620516158946ee83071b9",
  },
])("HKDF-SHA-256 gives what vector $tcId says", ({ ikm, salt, info, okm }) => {
  expect(hkdfSha256(hex(ikm), hex(salt), hex(info), okm.length / 2).toString("hex")).toBe(okm);
});

test("every purpose and every vault key has a key of its own, and the fingerprint is none of them", () => {
  const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const derived = [one, two].flatMap((key) => [deriveKey(key, "vault file"), deriveKey(key, "vault values")]);
  expect(new Set(derived.map((key) => key.toString("hex"))).size).toBe(4);
  expect(fingerprintOf(one)).toMatch(/^[0-9a-f]{16}$/);
  expect(derived.some((key) => key.toString("hex").includes(fingerprintOf(one)))).toBe(false);
  expect(fingerprintOf(one)).not.toBe(fingerprintOf(two));
});
