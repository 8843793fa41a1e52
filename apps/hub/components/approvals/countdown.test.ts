import { expect, test } from "vitest";
import { countdown } from "./countdown.ts";

const request = { createdAt: "2026-01-01T00:00:00Z", expiresAt: "2026-01-02T00:00:00Z" };
const at = (iso: string) => countdown(request, Date.parse(iso));

test("counts down to the moment of expiry and not past it", () => {
  expect(at("2026-01-01T00:00:01Z")).toEqual({ expired: false, urgent: false, words: "23 h 59 min left" });
  expect(at("2026-01-01T23:59:59Z")).toMatchObject({ expired: false, words: "1 s left" });
  expect(at("2026-01-02T00:00:00Z")).toMatchObject({ expired: true });
  expect(at("2026-01-09T00:00:00Z")).toMatchObject({ expired: true, urgent: false });
});

test("the last tenth of the time is urgent", () => {
  expect(at("2026-01-01T21:35:59Z").urgent).toBe(false);
  expect(at("2026-01-01T21:36:01Z").urgent).toBe(true);
});
