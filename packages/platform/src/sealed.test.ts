import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seal, sealBytes, unseal, unsealBytes } from "./index.ts";

interface Vector {
  tcId: number;
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
}

/** Of Project Wycheproof, testvectors_v1/aes_gcm_test.json: 256-bit keys, 96-bit nonces. */
const valid: Vector[] = [
  {
    tcId: 91,
    key: "92ace3e348cd821092cd921aa3546374299ab46209691bc28b8752d17f123c20",
    iv: "00112233445566778899aabb",
    aad: "00000000ffffffff",
    msg: "00010203040506070809",
    ct: "e27abdd2d2a53d2f136b",
    tag: "9a4a2579529301bcfb71c78d4060f52c",
  },
  {
    tcId: 92,
    key: "29d3a44f8723dc640239100c365423a312934ac80239212ac3df3421a2098123",
    iv: "00112233445566778899aabb",
    aad: "aabbccddeeff",
    msg: "",
    ct: "",
    tag: "2a7d77fa526b8250cb296078926b5020",
  },
  {
    tcId: 94,
    key: "cc56b680552eb75008f5484b4cb803fa5063ebd6eab91f6ab6aef4916a766273",
    iv: "99e23ec48985bccdeeab60f1",
    aad: "",
    msg: "2a",
    ct: "06",
    tag: "633c1e9703ef744ffffb40edf9d14355",
  },
  {
    tcId: 96,
    key: "67119627bd988eda906219e08c0d0d779a07d208ce8a4fe0709af755eeec6dcb",
    iv: "68ab7fdbf61901dad461d23c",
    aad: "",
    msg: "51f8c1f731ea14acdb210a6d973e07",
    ct: "43fc101bff4b32bfadd3daf57a590e",
    tag: "ec04aacb7148a8b8be44cb7eaf4efa69",
  },
  {
    tcId: 117,
    key: "2ce6b4c15f85fb2da5cc6c269491eef281980309181249ebf2832bd6d0732d0b",
    iv: "c064fae9173b173fd6f11f34",
    aad: "498d3075b09fed998280583d61bb36b6ce41f130063b80824d1586e143d349b126b16aa10fe57343ed223d6364ee602257fe313a7fc9bf9088f027795b8dc1d3",
    msg: "f8a27a4baf00dc0555d222f2fa4fb42dc666ea3c",
    ct: "aed58d8a252f740dba4bf6d36773bd5b41234bba",
    tag: "01f93d7456aa184ebb49bea472b6d65d",
  },
  {
    tcId: 128,
    key: "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f",
    iv: "000000000000000000000000",
    aad: "",
    msg: "561008fa07a68f5c61285cd013464eaf",
    ct: "23293e9b07ca7d1b0cae7cc489a973b3",
    tag: "ffffffffffffffffffffffffffffffff",
  },
  {
    tcId: 129,
    key: "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f",
    iv: "ffffffffffffffffffffffff",
    aad: "",
    msg: "c6152244cea1978d3e0bc274cf8c0b3b",
    ct: "7cb6fc7c6abc009efe9551a99f36a421",
    tag: "00000000000000000000000000000000",
  },
];
const modified = {
  key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  iv: "505152535455565758595a5b",
  aad: "",
  msg: "202122232425262728292a2b2c2d2e2f",
  ct: "b2061457c0759fc1749f174ee1ccadfa",
};
const modifiedTags: [number, string][] = [
  [130, "9de8fef6d8ab1bf1bf887232eab590dd"],
  [131, "9ee8fef6d8ab1bf1bf887232eab590dd"],
  [132, "1ce8fef6d8ab1bf1bf887232eab590dd"],
  [133, "9ce9fef6d8ab1bf1bf887232eab590dd"],
  [134, "9ce8fe76d8ab1bf1bf887232eab590dd"],
  [135, "9ce8fef6d9ab1bf1bf887232eab590dd"],
  [136, "9ce8fef6daab1bf1bf887232eab590dd"],
];

const open = ({ key, iv, aad, ct, tag }: Omit<Vector, "tcId" | "msg">) =>
  unsealBytes(Buffer.from(iv + ct + tag, "hex"), Buffer.from(key, "hex"), Buffer.from(aad, "hex")).toString("hex");

describe("AES-256-GCM against Project Wycheproof", () => {
  test.each(valid)("valid vector $tcId opens", (vector) => {
    expect(open(vector)).toBe(vector.msg);
  });

  test("with the tag that was not touched, the text of the modified ones opens", () => {
    expect(open({ ...modified, tag: "9ce8fef6d8ab1bf1bf887232eab590dd" })).toBe(modified.msg);
  });

  test.each(modifiedTags)("modified vector %i is refused", (_tcId, tag) => {
    expect(() => open({ ...modified, tag })).toThrowError(expect.objectContaining({ code: "internal" }));
  });
});

test("whatever is sealed opens again, and with any one bit changed it does not", () => {
  const key = randomBytes(32);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 40 }), fc.nat(), (text, aad, at) => {
      const sealed = sealBytes(text, key, aad);
      expect(unsealBytes(sealed, key, aad)).toEqual(Buffer.from(text));
      const bit = at % (sealed.length * 8);
      sealed[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unsealBytes(sealed, key, aad)).toThrow("did not open");
    }),
    { numRuns: 500 },
  );
});

test("what is cut short, down to nothing, does not open", () => {
  const key = randomBytes(32);
  const sealed = sealBytes(Buffer.from("text"), key, Buffer.from("place"));
  for (let length = 0; length < sealed.length; length += 1)
    expect(() => unsealBytes(sealed.subarray(0, length), key, Buffer.from("place"))).toThrow("did not open");
});

test("the same text sealed twice differs, and opens under no other key or place", () => {
  const key = randomBytes(32);
  const [first, second] = [seal("text", key, "row 1"), seal("text", key, "row 1")];
  expect(first).not.toBe(second);
  expect(unseal(first, key, "row 1")).toBe("text");
  expect(() => unseal(first, key, "row 2")).toThrow("did not open");
  expect(() => unseal(first, randomBytes(32), "row 1")).toThrow("did not open");
});
