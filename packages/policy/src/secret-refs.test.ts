import { expect, test } from "vitest";
import { findSecretRefs } from "./secret-refs.ts";

test("references are found in every string of nested arguments, keys included, each once and in order", () => {
  const args = {
    url: "https://a.example/SECRET_REF(b)",
    headers: { "x-SECRET_REF(key-name)": ["SECRET_REF(a)", { deep: "SECRET_REF(b)SECRET_REF(c_1)" }] },
    count: 3,
    none: null,
  };
  expect(findSecretRefs(args)).toEqual({ names: ["b", "key-name", "a", "c_1"], malformed: [] });
});

test.each([
  ["secret_ref(api_key)", "secret_ref(api_key)"],
  ["a SECRET_REF{API_KEY} b", "SECRET_REF{API_KEY}"],
  ["SECRET_REF( api_key )", "SECRET_REF( api_key )"],
  ["SECRET_REF (api_key)", "SECRET_REF (api_key)"],
  ["SECRET_REF[api_key]", "SECRET_REF[api_key]"],
  ["SECRET_REF<api_key>", "SECRET_REF<api_key>"],
  ['SECRET_REF("api_key")', 'SECRET_REF("api_key")'],
  ["SECRET_REF(API_KEY)", "SECRET_REF(API_KEY)"],
  ["SECRET_REF(1key)", "SECRET_REF(1key)"],
  ["SECRET_REF()", "SECRET_REF()"],
  ["SECRET_REF:api_key and more", "SECRET_REF:api_key and more"],
  ["SECRET-REF(api_key)", "SECRET-REF(api_key)"],
  ["SecretRef(api_key)", "SecretRef(api_key)"],
  ["SECRET_REF（api_key）", "SECRET_REF（api_key）"],
  ["$SECRET_REF_api_key!\nx", "$SECRET_REF_api_key!"],
  ["${SECRET_REF_api_key}", "${SECRET_REF_api_key}"],
  [`SECRET_REF(${"a".repeat(64)})`, `SECRET_REF(${"a".repeat(29)}`],
  ["SECRET_REF(ok)SECRET_REF[x]", "SECRET_REF[x]"],
])("a near miss is told from a reference and shown: %s", (text, shown) => {
  expect(findSecretRefs({ deep: [text] }).malformed).toEqual([shown]);
});

test.each([
  "grep -rn SECRET_REF .",
  "a secret reference (see below)",
  "the secret, ref. 12 (b)",
  "SECRET_REF_COUNT",
  '{"secret_ref": 1}',
  "secretRef:\n  name: x",
  "secret_ref {",
])("ordinary text is no near miss: %s", (text) => {
  expect(findSecretRefs(text)).toEqual({ names: [], malformed: [] });
});

test("two references around a piece of text do not make a third", () => {
  expect(findSecretRefs("SECRET_SECRET_REF(a)REF(b)").names).toEqual(["a"]);
});
