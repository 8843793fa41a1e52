import { expect, test } from "vitest";
import { hourBars } from "./hour-bars.ts";

const now = Date.parse("2026-01-02T10:30:00Z");

test("shows every hour up to now, the empty ones too", () => {
  const bars = hourBars(
    [
      { hour: "2026-01-02T08:00:00Z", tokens: 50 },
      { hour: "2026-01-02T10:00:00.000Z", tokens: 100 },
    ],
    now,
    3,
  );
  expect(bars.map(({ tokens, height }) => [tokens, height])).toEqual([
    [50, 0.5],
    [0, 0],
    [100, 1],
  ]);
  expect(bars[2]?.hour).toBe("2026-01-02T10:00:00.000Z");
});

test("hours before the ones shown do not make them small, and no use is no bar", () => {
  const bars = hourBars([{ hour: "2025-12-01T00:00:00Z", tokens: 9 }], now, 2);
  expect(bars.map((bar) => bar.height)).toEqual([0, 0]);
});
