import { ManualClock } from "@berth/platform";
import { expect, it } from "vitest";
import { SeenOnce } from "./seen-once.ts";
import { TokenBucket } from "./token-bucket.ts";

const takeAll = (bucket: TokenBucket): number => {
  let taken = 0;
  while (taken < 1000 && bucket.take()) taken += 1;
  return taken;
};

it("lets a burst through, refills with time and never beyond the burst", () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket({ burst: 5, perSecond: 2 }, clock);
  expect(takeAll(bucket)).toBe(5);
  clock.advance(1500);
  expect(takeAll(bucket)).toBe(3);
  clock.advance(3_600_000);
  expect(takeAll(bucket)).toBe(5);
  clock.advance(-10_000); // a clock that was set back gives nothing away
  expect(takeAll(bucket)).toBe(0);
});

it("knows a signature again for as long as it could be used, and forgets it then", () => {
  const clock = new ManualClock();
  const seen = new SeenOnce(1000, clock);
  expect([seen.first("a"), seen.first("b"), seen.first("a")]).toEqual([true, true, false]);
  clock.advance(1000);
  expect([seen.first("a"), seen.first("a")]).toEqual([true, false]);
});
