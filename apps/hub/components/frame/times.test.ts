import { expect, test } from "vitest";
import { durationWords } from "./times.ts";

test.each([
  [-5, "under 1 s"],
  [999, "under 1 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [61_000, "1 min 1 s"],
  [3_600_000, "1 h"],
  [86_399_999, "23 h 59 min"],
  [90_000_000, "1 d 1 h"],
])("%d ms are %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});
