import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileCore } from "../testing/compile-core.ts";

describe("the compiled scanner", () => {
  it("is what its sources give: `npm run build:redaction` after a change of core/", async () => {
    expect(readFileSync(new URL("core-binary.ts", import.meta.url), "utf8")).toBe(await compileCore());
  }, 120_000);
});
