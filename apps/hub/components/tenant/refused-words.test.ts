import type { RefusedHost } from "@berth/contracts";
import { expect, it } from "vitest";
import { hostWords, lastRefusal, timesWords } from "./refused-words.ts";

const refused = (host: string, count = 1, lastAt = "2026-11-21T08:00:00.000Z"): RefusedHost => ({
  host,
  count,
  lastAt,
  client: "executor",
  reason: "not_listed",
});

it("names one or two hosts, and counts the rest", () => {
  expect(hostWords([refused("a.example")])).toBe("a.example");
  expect(hostWords([refused("a.example"), refused("b.example"), refused("a.example")])).toBe("a.example and b.example");
  expect(hostWords(["a", "b", "c", "d"].map((name) => refused(name)))).toBe("a and 3 more");
});

it("says how often", () => {
  expect(timesWords([refused("a")])).toBe("once");
  expect(timesWords([refused("a"), refused("b")])).toBe("twice");
  expect(timesWords([refused("a", 1200)])).toBe("1,200 times");
});

it("finds the newest, and none where nothing was refused", () => {
  const newest = "2026-11-21T09:00:00.000Z";
  expect(lastRefusal({ refusedTotal: 2, recent: [refused("a"), refused("b", 1, newest)] })).toBe(newest);
  expect(lastRefusal({ refusedTotal: 9, recent: [] })).toBeNull();
  expect(lastRefusal(null)).toBeNull();
});
