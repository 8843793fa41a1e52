import { expect, test } from "vitest";
import { chooseServerType } from "./choose-server-type.ts";
import type { ServerType } from "./hetzner-schemas.ts";

const type = (name: string, gross: string, change: Partial<ServerType> = {}): ServerType => ({
  name,
  architecture: "x86",
  cores: 2,
  memory: 4,
  disk: 40,
  locations: [{ name: "fsn1", deprecation: null }],
  prices: [{ location: "fsn1", price_monthly: { gross } }],
  ...change,
});
const size = { cores: 2, memoryMb: 4096, diskGb: 40 };

test("the cheapest that is large enough in every way is chosen", () => {
  const types = [
    type("large", "20.5", { cores: 8, memory: 16, disk: 160 }),
    type("fitting", "9.5"),
    type("few-cores", "1", { cores: 1 }),
    type("little-memory", "1", { memory: 3.9 }),
    type("small-disk", "1", { disk: 39 }),
  ];
  expect(chooseServerType(types, size, "fsn1").name).toBe("fitting");
});

test("another architecture, another location and a type that is being retired are left out", () => {
  const types = [
    type("arm", "1", { architecture: "arm" }),
    type("elsewhere", "1", { locations: [{ name: "ash", deprecation: null }] }),
    type("retired", "1", { locations: [{ name: "fsn1", deprecation: { unavailable_after: "2026-01-01T00:00:00Z" } }] }),
  ];
  expect(() => chooseServerType(types, size, "fsn1")).toThrow(/no server of that size in fsn1/);
});
