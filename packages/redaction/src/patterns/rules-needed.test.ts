import { describe, expect, it } from "vitest";
import { indexRules } from "./compiled-rules.ts";
import { patternRules } from "./index.ts";
import { scanText } from "./scan-text.ts";

/** Rules that cover for others: structures, forms that several issuers share, and broad ones that are asked last. */
const shared = new Set(["joined-token", "azure-account-key", "hooks-path"]);
const generic = new Set(
  patternRules
    .filter((rule) => rule.kind === "structure" || shared.has(rule.id) || (rule.kind === "prefix" && rule.last))
    .map(({ id }) => id),
);

describe("each rule of a vendor", () => {
  it("says what no other vendor's rule says: without it its examples are found by a generic rule, or not at all", () => {
    for (const rule of patternRules) {
      if (rule.kind === "structure") continue;
      const rest = indexRules(patternRules.filter((other) => other !== rule));
      for (const example of rule.examples) {
        const text = example.replace(/[«»¦]/g, "");
        const vendors = scanText(text, rest).spans.filter((span) => !generic.has(span.rule));
        expect(vendors, `${rule.id}: ${text}`).toEqual([]);
      }
    }
  });
});
