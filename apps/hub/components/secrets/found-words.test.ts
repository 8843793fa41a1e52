import { SecretName } from "@berth/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { heldWords, nameProblem } from "./found-words.ts";

test("a name is called wrong exactly where the vault would refuse it, and the words say what would be right", () => {
  expect(nameProblem("github_token-2")).toBeNull();
  expect(nameProblem("")).toBe("Give it a name.");
  expect(nameProblem("GitHub")).toContain("starts with a small letter");
  expect(nameProblem("2fa")).toContain("starts with a small letter");
  expect(nameProblem("my key")).toContain("small letters, digits, _ and - only");
  expect(nameProblem("a".repeat(64))).toContain("at most 63");
  const like = fc.stringMatching(/^[a-zA-Z0-9_ -]{0,70}$/);
  fc.assert(
    fc.property(like, (name) => {
      expect(nameProblem(name) === null).toBe(SecretName.safeParse(name).success);
    }),
  );
});

test("how long the value is held is said, and so is that it is gone", () => {
  const expiresAt = "2026-01-05T09:00:00.000Z";
  expect(heldWords({ expiresAt }, Date.parse(expiresAt) - 3_600_000)).toContain("(1 h left)");
  expect(heldWords({ expiresAt }, Date.parse(expiresAt))).toBe("Its time has run out");
});
