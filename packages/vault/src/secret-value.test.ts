import fc from "fast-check";
import { expect, test } from "vitest";
import { checkSecretValue } from "./secret-value.ts";

test.each([
  ["abc1234", "shorter than 8"],
  ["😀😀😀😀", "shorter than 8"],
  ["aaaaaaaaaaaa", "fewer than 4 different"],
  ["ababababababab", "fewer than 4 different"],
  ["abcabcabcabc", "fewer than 4 different"],
  ["abcdabcd", "again and again"],
  ["123412341", "again and again"],
  ["12345678", "plain run"],
  ["1234567890", "plain run"],
  ["98765432", "plain run"],
  ["abcdefghij", "plain run"],
  ["ZYXWVUTSR", "plain run"],
  ["abcdefgh\0ijk", "NUL"],
  ["abcdefg\ud800xyz", "not valid Unicode"],
  ["abcdx".repeat(4000), "longer than 16384"],
])("the value %j is refused with the reason, and not repeated", (value, reason) => {
  const attempt = () => checkSecretValue("api_key", value);
  expect(attempt).toThrowError(expect.objectContaining({ code: "invalid_input" }));
  expect(attempt).toThrowError(reason);
  expect(attempt).toThrowError('"api_key"');
  expect(attempt).not.toThrowError(value.slice(0, 64));
});

test.each([
  "hunter2-ok",
  "abcdefgi",
  "12345679",
  "-----BEGIN KEY-----\nabc\n",
  "pässwörd-😀",
  "abcdeabcde",
  "7f3a90c2",
])("the value %j is taken", (value) => {
  expect(() => checkSecretValue("api_key", value)).not.toThrow();
});

test("random tokens of 16 and more characters are never refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 64 }), (bytes) => {
      fc.pre(new Set(bytes).size > 6);
      expect(() => checkSecretValue("k", Buffer.from(bytes).toString("base64url"))).not.toThrow();
    }),
  );
});
